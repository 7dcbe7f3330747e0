/* SPDX-License-Identifier: MIT */
/*
 * What kind of pooler it is. Both kinds show themselves alike: another process answers than was announced at login. A session pooler
 * keeps one process for each client until it leaves; a transaction pooler gives a client any process for each transaction, often the same
 * one, so that one client alone cannot tell. Two new clients that ask in turn can: where each is answered by one process of its own, however
 * they take turns, it is a session pooler. Whatever is in doubt counts as the other kind, with which everything works as well.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pg.h"

/* A pooler without a free process lets a client wait. */
#define PATIENCE_MS 1000

static long long now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* The process that answers, or 0: none in time. */
static long ask(PGconn *pg)
{
    long process = 0, left;
    const long long until = now_ms() + PATIENCE_MS;
    PGresult *result;
    if (!PQsendQuery(pg, "SELECT pg_catalog.pg_backend_pid()"))
        return 0;
    while (PQisBusy(pg)) {
        struct pollfd wait = {.fd = PQsocket(pg), .events = POLLIN};
        left = (long)(until - now_ms());
        if (left <= 0 || (poll(&wait, 1, (int)left) < 0 && errno != EINTR) || (wait.revents && !PQconsumeInput(pg)))
            return 0;
    }
    while ((result = PQgetResult(pg))) {
        if (PQresultStatus(result) == PGRES_TUPLES_OK)
            process = strtol(PQgetvalue(result, 0, 0), NULL, 10);
        PQclear(result);
    }
    return process;
}

/* In no rhythm: a pooler that goes round its processes would keep to one. */
static bool keeps_processes(PGconn *const clients[2])
{
    static const char turns[] = "0110100110";
    long processes[2] = {0, 0};
    for (const char *turn = turns; *turn; turn++) {
        int client = *turn - '0';
        long process = ask(clients[client]);
        if (!process || (processes[client] && process != processes[client]) || process == processes[1 - client])
            return false;
        processes[client] = process;
    }
    return true;
}

void postgres_pooler_find(struct dara_conn *conn)
{
    PGconn *clients[2] = {NULL, NULL};
    if (!conn->pooled || conn->pooler_known)
        return;
    if (!postgres_connect_again(conn->pg, &clients[0]) && !postgres_connect_again(conn->pg, &clients[1]))
        conn->pooler_session = keeps_processes(clients);
    else
        dara_error_clear(); /* it stays in doubt */
    PQfinish(clients[0]);
    PQfinish(clients[1]);
    conn->pooler_known = true;
}
