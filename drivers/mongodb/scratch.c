/* SPDX-License-Identifier: MIT */
/*
 * Private databases. Each is named after the process that made it and holds the lease of itself, as a run holds that of a database: one whose
 * lease is dead was left by a run that died, and is swept by the next one. A database of the name without a lease is not dara's, and stays.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "apply.h"
#include "own.h"

#define PREFIX "dara_scratch_"

static int drop(struct dara_conn *conn, const char *database)
{
    bson_t command = BSON_INITIALIZER;
    BSON_APPEND_INT32(&command, "dropDatabase", 1);
    int code = mongodb_run(conn, database, &command, MONGODB_RUN_WRITES | MONGODB_RUN_APART,
                           "cannot drop a scratch database", NULL);
    bson_destroy(&command);
    return code;
}

void mongodb_scratch_drop(struct dara_conn *conn)
{
    if (!conn->scratch || !conn->client)
        return;
    if (drop(conn, conn->database))
        dara_error_clear(); /* the next one sweeps it */
}

/* ---- what was left ------------------------------------------------------------------------------------------------------------------ */

static int sweep_one(struct dara_conn *conn, const char *database)
{
    bool dead = false;
    int code = mongodb_lease_is_dead(conn, database, &dead);
    return !code && dead ? drop(conn, database) : code;
}

/* Who may not list databases sweeps none. */
static void sweep(struct dara_conn *conn)
{
    bson_t reply, *command = BCON_NEW("listDatabases", BCON_INT32(1), "nameOnly", BCON_BOOL(true));
    bson_iter_t list, item, name;
    int code = mongodb_run(conn, "admin", command, MONGODB_RUN_APART, NULL, &reply);
    bson_destroy(command);
    bool any = !code && bson_iter_init_find(&list, &reply, "databases") && BSON_ITER_HOLDS_ARRAY(&list) &&
               bson_iter_recurse(&list, &item);
    while (any && bson_iter_next(&item)) {
        if (!bson_iter_recurse(&item, &name) || !bson_iter_find(&name, "name") || !BSON_ITER_HOLDS_UTF8(&name))
            continue;
        const char *database = bson_iter_utf8(&name, NULL);
        if (strncmp(database, PREFIX, strlen(PREFIX)) == 0 && sweep_one(conn, database))
            dara_error_clear(); /* another one's, or it went meanwhile */
    }
    if (code)
        dara_error_clear();
    bson_destroy(&reply);
}

/* ---- a new one ---------------------------------------------------------------------------------------------------------------------- */

int mongodb_scratch_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    struct dara_open writing = *request;
    struct dara_conn *conn = NULL;
    char name[60];
    uint32_t random = 0;
    writing.mode = DARA_MODE_WRITE;
    if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return dara_error_set(DARA_EINTERNAL, "the system gives no random number");
    snprintf(name, sizeof(name), PREFIX "%ld_%08x", (long)getpid(), random);
    int code = mongodb_attach(&writing, name, &conn);
    if (code)
        return code;
    sweep(conn);
    conn->scratch_home = mongodb_copy(request->url->path ? request->url->path : "");
    code = conn->scratch_home ? mongodb_lease_take(conn, request->application, NULL) : DARA_EINTERNAL;
    conn->scratch = code == 0;
    if (code) {
        mongodb_session_close(conn);
        return code;
    }
    *ret_conn = conn;
    return 0;
}
