/* SPDX-License-Identifier: MIT */
/*
 * A proxy of the MySQL protocol for the tests, which shares few connections of a server among many clients: each command goes to the next
 * connection that is free, but for a transaction, which keeps its own. It does what such proxies do to a session: the database, whether a
 * packet may hold several statements and whether transactions only read follow a client; a lock of the connection does not, and stays behind.
 *
 *   mysql-pooler PORT SERVER-PORT CONNECTIONS [relay]     root without a password, on 127.0.0.1; ends with SIGTERM, or with who started it
 *
 * With `relay` a client is greeted with the number of the connection that its first command goes to.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 256, BACKENDS = 32, NAME = 256 };
enum { IN_TRANS = 1, MORE = 8 };
enum { QUIT = 1, INIT_DB = 2, QUERY = 3, SET_OPTION = 27 };
/* LONG_PASSWORD, LONG_FLAG, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, MULTI_*, PLUGIN_AUTH */
#define ABILITIES (1u | 4u | 8u | 0x200u | 0x2000u | 0x8000u | 0x10000u | 0x20000u | 0x80000u)

struct bytes {
    unsigned char *data;
    size_t length, room;
};

struct session {
    char database[NAME];
    bool multi, reads;
};

struct backend {
    int fd;
    uint32_t id;
    struct session session;
    struct client *client; /* whose command, or transaction, it has */
};

struct client {
    int fd;
    bool greeted, busy; /* busy: its command runs */
    struct bytes in;
    struct session session;
    struct backend *backend, *first;
    unsigned char command;
    char wanted[NAME]; /* the database that the running command asks for */
    enum { HEAD, COLUMNS, ROWS } part;
    unsigned status;
    struct bytes out; /* of the server, not yet a whole packet */
};

static struct backend backends[BACKENDS];
static struct client clients[CLIENTS];
static int backend_count, next_backend, server_port;
static char version[128], plugin[64];
static bool relay;

/* ---- bytes --------------------------------------------------------------------------------------------------------------------------- */

static void append(struct bytes *bytes, const void *data, size_t length)
{
    if (bytes->length + length > bytes->room) {
        bytes->room = (bytes->length + length) * 2;
        bytes->data = realloc(bytes->data, bytes->room);
        if (!bytes->data)
            exit(70);
    }
    memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
}

static void cut(struct bytes *bytes, size_t length)
{
    memmove(bytes->data, bytes->data + length, bytes->length - length);
    bytes->length -= length;
}

/* The length of the first packet with its head; 0: it is not whole yet. */
static size_t whole(const struct bytes *bytes)
{
    if (bytes->length < 4)
        return 0;
    size_t length = 4 + (bytes->data[0] | (size_t)bytes->data[1] << 8 | (size_t)bytes->data[2] << 16);
    return bytes->length >= length ? length : 0;
}

static bool write_all(int fd, const void *data, size_t length)
{
    for (const char *at = data; length;) {
        ssize_t written = send(fd, at, length, MSG_NOSIGNAL);
        if (written <= 0)
            return false;
        at += written;
        length -= (size_t)written;
    }
    return true;
}

static bool read_some(int fd, struct bytes *bytes)
{
    char piece[65536];
    ssize_t got = recv(fd, piece, sizeof(piece), 0);
    if (got <= 0)
        return false;
    append(bytes, piece, (size_t)got);
    return true;
}

static bool send_packet(int fd, unsigned number, const void *data, size_t length)
{
    struct bytes packet = {0};
    const unsigned char head[4] = {(unsigned char)length, (unsigned char)(length >> 8), (unsigned char)(length >> 16),
                                   (unsigned char)number};
    append(&packet, head, sizeof(head));
    append(&packet, data, length);
    bool sent = write_all(fd, packet.data, packet.length);
    free(packet.data);
    return sent;
}

/* The next packet, waited for; `bytes` is emptied of it first where it held one. */
static bool take_packet(int fd, struct bytes *bytes)
{
    bytes->length = 0;
    while (!whole(bytes))
        if (!read_some(fd, bytes))
            return false;
    return true;
}

/* ---- the server's side ------------------------------------------------------------------------------------------------------------------ */

static bool log_in(struct backend *backend)
{
    struct bytes packet = {0}, answer = {0};
    bool in = false;
    if (!take_packet(backend->fd, &packet))
        return false;
    append(&packet, "", 1);
    const unsigned char *at = packet.data + 5;
    size_t text = strlen((const char *)at);
    snprintf(version, sizeof(version), "%s", (const char *)at);
    at += text + 1;
    backend->id = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    unsigned scramble = at[4 + 8 + 1 + 2 + 1 + 2 + 2];
    const unsigned char *rest = at + 4 + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10;
    snprintf(plugin, sizeof(plugin), "%s", (const char *)rest + (scramble > 21 ? scramble - 8 : 13));
    const uint32_t head[2] = {ABILITIES, 1u << 24};
    const unsigned char charset[24] = {45};
    append(&answer, head, sizeof(head));
    append(&answer, charset, sizeof(charset));
    append(&answer, "root\0", 6); /* its end, and no answer to the scramble */
    append(&answer, "", 1);       /* no database */
    append(&answer, plugin, strlen(plugin) + 1);
    answer.data[8 + 24 + 5] = 0;
    send_packet(backend->fd, 1, answer.data, answer.length);
    while (take_packet(backend->fd, &packet)) {
        if (packet.data[4] == 0xfe)
            send_packet(backend->fd, packet.data[3] + 1u, "", 0);
        else if (packet.data[4] != 1) {
            in = packet.data[4] == 0;
            break;
        }
    }
    free(packet.data);
    free(answer.data);
    return in;
}

static bool open_backend(struct backend *backend)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)server_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    *backend = (struct backend){.fd = socket(AF_INET, SOCK_STREAM, 0), .session.multi = true};
    setsockopt(backend->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(backend->fd, (const struct sockaddr *)&address, sizeof(address)) == 0 && log_in(backend))
        return true;
    close(backend->fd);
    backend->fd = -1;
    return false;
}

/* A command of the proxy's own, with an answer of one packet. */
static bool command(struct backend *backend, unsigned char what, const void *data, size_t length)
{
    struct bytes text = {0}, answer = {0};
    append(&text, &what, 1);
    append(&text, data, length);
    bool done = send_packet(backend->fd, 0, text.data, text.length) && take_packet(backend->fd, &answer) &&
                answer.data[4] != 0xff;
    free(text.data);
    free(answer.data);
    return done;
}

static bool query(struct backend *backend, const char *sql)
{
    return command(backend, QUERY, sql, strlen(sql));
}

static void follow(struct backend *backend, const struct session *session)
{
    if (*session->database && strcmp(backend->session.database, session->database) != 0)
        command(backend, INIT_DB, session->database, strlen(session->database));
    if (backend->session.multi != session->multi)
        command(backend, SET_OPTION, session->multi ? "\0\0" : "\1\0", 2);
    if (backend->session.reads != session->reads)
        query(backend, session->reads ? "SET SESSION TRANSACTION READ ONLY" : "SET SESSION TRANSACTION READ WRITE");
    backend->session = *session;
}

static struct backend *free_backend(struct client *client)
{
    struct backend *first = client->first;
    if (first && !first->client) {
        client->first = NULL;
        return first;
    }
    for (int i = 0; i < backend_count && !first; i++) {
        struct backend *backend = &backends[(next_backend + i) % backend_count];
        if (backend->client || (backend->fd < 0 && !open_backend(backend)))
            continue;
        next_backend = (int)(backend - backends + 1) % backend_count;
        return backend;
    }
    return NULL;
}

/* ---- the client's side ------------------------------------------------------------------------------------------------------------------ */

static bool greet(struct client *client)
{
    static uint32_t number = 1000000;
    struct bytes text = {0};
    const uint32_t abilities = ABILITIES;
    const unsigned char *low = (const unsigned char *)&abilities;
    uint32_t id = ++number;
    if (relay && (client->first = free_backend(client)))
        id = client->first->id;
    append(&text, "\12", 1);
    append(&text, version, strlen(version) + 1);
    append(&text, &id, 4);
    append(&text, "12345678", 9);
    append(&text, low, 2);
    append(&text, "\55\2\0", 3);
    append(&text, low + 2, 2);
    append(&text, "\25\0\0\0\0\0\0\0\0\0\0", 11);
    append(&text, "123456789012", 13);
    append(&text, "mysql_native_password", 22);
    bool sent = send_packet(client->fd, 0, text.data, text.length);
    free(text.data);
    return sent;
}

static void take_greeting(struct client *client, size_t length)
{
    const unsigned char *at = client->in.data + 4;
    uint32_t abilities = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    at += 32;
    at += strlen((const char *)at) + 1;
    at += *at + 1;
    if (abilities & 8)
        snprintf(client->session.database, NAME, "%s", (const char *)at);
    client->session.multi = (abilities & 0x10000) != 0;
    client->greeted = true;
    send_packet(client->fd, client->in.data[3] + 1u, "\0\0\0\2\0\0\0", 7);
    cut(&client->in, length);
}

static void let_go(struct client *client)
{
    if (client->backend)
        client->backend->client = NULL;
    client->backend = NULL;
}

/* What a client that is gone began goes with it. */
static void drop(struct client *client)
{
    if (client->backend && client->busy) {
        close(client->backend->fd);
        client->backend->fd = -1;
    } else if (client->backend) {
        query(client->backend, "ROLLBACK");
    }
    let_go(client);
    close(client->fd);
    free(client->in.data);
    free(client->out.data);
    *client = (struct client){.fd = -1};
}

/* What of a command changes the session, as the proxy follows it. */
static void note(struct client *client, const unsigned char *data, size_t length)
{
    client->command = data[0];
    if (data[0] == INIT_DB)
        snprintf(client->wanted, NAME, "%.*s", (int)(length - 1), (const char *)data + 1);
    if (data[0] == SET_OPTION)
        client->session.multi = data[1] == 0;
    if (data[0] == QUERY && memmem(data, length, "SET SESSION TRANSACTION READ ONLY", 33))
        client->session.reads = true;
}

static void begin(struct client *client, size_t length)
{
    if (client->in.data[4] == QUIT) {
        drop(client);
        return;
    }
    if (!client->backend) {
        client->backend = free_backend(client);
        if (!client->backend)
            return; /* until one is free */
        client->backend->client = client;
        follow(client->backend, &client->session);
    }
    note(client, client->in.data + 4, length - 4);
    client->backend->session = client->session;
    client->busy = true;
    client->part = HEAD;
    if (!write_all(client->backend->fd, client->in.data, length)) {
        drop(client);
        return;
    }
    cut(&client->in, length);
}

static const unsigned char *skip_number(const unsigned char *at)
{
    return at + (*at == 0xfe ? 9 : *at == 0xfd ? 4 : *at == 0xfc ? 3 : 1);
}

/* Whether the answer ends with this packet. */
static bool ends(struct client *client, const unsigned char *data, size_t length)
{
    bool eof = data[0] == 0xfe && length < 9;
    if (data[0] == 0xff)
        return true;
    if (client->part == HEAD && data[0] == 0) {
        const unsigned char *at = skip_number(skip_number(data + 1));
        client->status = at[0] | (unsigned)at[1] << 8;
        return !(client->status & MORE);
    }
    if (client->part == HEAD && !eof) {
        client->part = COLUMNS;
        return false;
    }
    if (!eof)
        return false;
    client->status = data[3] | (unsigned)data[4] << 8;
    if (client->part == COLUMNS) {
        client->part = ROWS;
        return false;
    }
    client->part = HEAD;
    return !(client->status & MORE);
}

static void finish(struct client *client, bool failed)
{
    client->busy = false;
    if (client->command == INIT_DB && !failed) {
        memcpy(client->session.database, client->wanted, NAME);
        memcpy(client->backend->session.database, client->wanted, NAME);
    }
    /* An error tells no status: the transaction, if there was one, is kept. */
    if (!(client->status & IN_TRANS))
        let_go(client);
}

static void answer(struct client *client)
{
    size_t length;
    if (!read_some(client->backend->fd, &client->out)) {
        drop(client);
        return;
    }
    while (client->busy && (length = whole(&client->out))) {
        bool failed = client->out.data[4] == 0xff;
        bool last = ends(client, client->out.data + 4, length - 4);
        if (!write_all(client->fd, client->out.data, length)) {
            drop(client);
            return;
        }
        cut(&client->out, length);
        if (last)
            finish(client, failed);
    }
}

static void hear(struct client *client)
{
    if (!read_some(client->fd, &client->in)) {
        drop(client);
        return;
    }
    size_t length = whole(&client->in);
    if (length && !client->greeted)
        take_greeting(client, length);
}

/* ---- the whole --------------------------------------------------------------------------------------------------------------------------- */

static void welcome(int listener)
{
    int fd = accept(listener, NULL, NULL);
    const int on = 1;
    for (size_t i = 0; fd >= 0 && i < CLIENTS; i++)
        if (clients[i].fd < 0) {
            clients[i] = (struct client){.fd = fd};
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
            if (!greet(&clients[i]))
                drop(&clients[i]);
            return;
        }
    close(fd);
}

static void turn(int listener)
{
    struct pollfd polled[1 + 2 * CLIENTS] = {{.fd = listener, .events = POLLIN}};
    for (size_t i = 0; i < CLIENTS; i++) {
        bool busy = clients[i].fd >= 0 && clients[i].busy;
        polled[1 + 2 * i] = (struct pollfd){.fd = clients[i].fd, .events = POLLIN};
        polled[2 + 2 * i] = (struct pollfd){.fd = busy ? clients[i].backend->fd : -1, .events = POLLIN};
    }
    if (poll(polled, 1 + 2 * CLIENTS, 1000) <= 0)
        return;
    for (size_t i = 0; i < CLIENTS; i++) {
        if (polled[2 + 2 * i].revents)
            answer(&clients[i]);
        if (clients[i].fd >= 0 && polled[1 + 2 * i].revents)
            hear(&clients[i]);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        size_t length = clients[i].fd >= 0 && clients[i].greeted && !clients[i].busy ? whole(&clients[i].in) : 0;
        if (length)
            begin(&clients[i], length);
    }
    if (polled[0].revents)
        welcome(listener);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: %s PORT SERVER-PORT CONNECTIONS [relay]\n", argv[0]);
        return 2;
    }
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10)),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    server_port = (int)strtol(argv[2], NULL, 10);
    backend_count = (int)strtol(argv[3], NULL, 10);
    relay = argc > 4;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    for (size_t i = 0; i < CLIENTS; i++)
        clients[i].fd = -1;
    for (int i = 0; i < backend_count && i < BACKENDS; i++)
        if (!open_backend(&backends[i])) {
            fprintf(stderr, "the server does not let the proxy in\n");
            return 1;
        }
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(listener, (const struct sockaddr *)&address, sizeof(address)) || listen(listener, CLIENTS)) {
        fprintf(stderr, "port %s cannot be had\n", argv[1]);
        return 1;
    }
    for (;;)
        turn(listener);
}
