#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A TCP proxy that delays every byte by so many milliseconds each way, as a long line does: what is sent in one go arrives in one go,
and any number of bytes may be under way. Prints the port it listens on; for each connection that ends, appends to FILE how often the
direction changed from client to server: its round trips.
Usage: proxy.py HOST PORT MILLISECONDS FILE"""
import asyncio
import sys

host, port, delay, log = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]) / 1000, sys.argv[4]


async def carry(reader, writer, note):
    """Each piece leaves `delay` after it came, in order; reading never waits for writing."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue()

    async def deliver():
        while True:
            due, piece = await queue.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if piece is None:
                break
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    sender = asyncio.create_task(deliver())
    try:
        while piece := await reader.read(1 << 20):
            note()
            queue.put_nowait((loop.time() + delay, piece))
    except ConnectionError:
        pass
    queue.put_nowait((loop.time() + delay, None))
    try:
        await sender
    except ConnectionError:
        pass


async def serve(client_reader, client_writer):
    server_reader, server_writer = await asyncio.open_connection(host, port)
    state = {"last": None, "trips": 0}

    def note(side):
        def seen():
            if side == "client" and state["last"] != "client":
                state["trips"] += 1
            state["last"] = side
        return seen

    await asyncio.gather(carry(client_reader, server_writer, note("client")), carry(server_reader, client_writer, note("server")))
    for writer in (client_writer, server_writer):
        writer.close()
    with open(log, "a", encoding="ascii") as file:
        file.write(f"{state['trips']}\n")


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
