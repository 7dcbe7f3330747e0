/* SPDX-License-Identifier: MIT */
/*
 * Private databases. Each is named after the machine and the process that made it, and holds an advisory lock in the maintenance
 * database as long as that lives: one whose lock is free was left by a run that died.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "pg.h"

#define PREFIX "dara_scratch_"
#define CLASS  "1684107874" /* not that of lock.c; the second number is the hash of the name */

static int run_quoted(struct dara_conn *conn, const char *format, const char *name, const char *doing)
{
    char sql[512], *quoted = PQescapeIdentifier(conn->pg, name, strlen(name));
    if (!quoted)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    int length = snprintf(sql, sizeof(sql), "%s %s", format, quoted);
    PQfreemem(quoted);
    if (length < 0 || (size_t)length >= sizeof(sql))
        return dara_error_set(DARA_EINTERNAL, "the name of a database is too long");
    return postgres_run(conn, sql, doing);
}

/* ---- what dead runs left ----------------------------------------------------------------------------------------------------- */

/* A database of this machine's dara without a live owner. Where one cannot be dropped it stays: it is in nobody's way. */
static void sweep(struct dara_conn *conn)
{
    static const char list_sql[] = "SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE 'dara\\_scratch\\_%'"
                                   " AND pg_catalog.pg_has_role(datdba, 'USAGE')";
    static const char try_sql[] = "SELECT pg_catalog.pg_try_advisory_lock(" CLASS ", pg_catalog.hashtext($1))";
    static const char free_sql[] = "SELECT pg_catalog.pg_advisory_unlock(" CLASS ", pg_catalog.hashtext($1))";
    PGresult *names, *got;
    if (postgres_query(conn, list_sql, 0, NULL, NULL, &names)) {
        dara_error_clear();
        return;
    }
    for (int i = 0; i < PQntuples(names); i++) {
        const char *const values[] = {PQgetvalue(names, i, 0)};
        if (postgres_query(conn, try_sql, 1, values, NULL, &got))
            continue;
        bool dead = !strcmp(PQgetvalue(got, 0, 0), "t");
        PQclear(got);
        if (!dead)
            continue;
        (void)run_quoted(conn, "DROP DATABASE IF EXISTS", values[0], NULL);
        if (!postgres_query(conn, free_sql, 1, values, NULL, &got))
            PQclear(got);
    }
    dara_error_clear();
    PQclear(names);
}

/* ---- made, dropped --------------------------------------------------------------------------------------------------------------- */

static int make_name(char *name, size_t size)
{
    unsigned random = 0;
    if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return dara_error_set(DARA_EINTERNAL, "no random number can be had");
    snprintf(name, size, PREFIX "%ld_%08x", (long)getpid(), random);
    return 0;
}

static int fail_create(int code)
{
    const char *native = dara_error_last()->native;
    if (!native || strcmp(native, "42501") != 0)
        return code;
    dara_error_set(DARA_EUNSUPPORTED, "this role may not create databases, so there is no scratch database");
    dara_error_hint("ALTER ROLE … CREATEDB, or run without what needs one");
    dara_error_native("42501");
    return DARA_EUNSUPPORTED;
}

/* As the database of the URL is: its encoding and its collation decide what text compares as. */
static int create(struct dara_conn *conn, const char *like, const char *name)
{
    static const char shape_sql[] = "SELECT pg_catalog.format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L "
                                    "LC_COLLATE %L LC_CTYPE %L', $1::text,"
                                    " pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype)"
                                    " FROM pg_catalog.pg_database WHERE datname = $2";
    static const char lock_sql[] = "SELECT pg_catalog.pg_advisory_lock(" CLASS ", pg_catalog.hashtext($1))";
    const char *const values[] = {name, like};
    PGresult *result;
    int code = postgres_query(conn, lock_sql, 1, values, "cannot lock a scratch database", &result);
    if (code)
        return code;
    PQclear(result);
    code = postgres_query(conn, shape_sql, 2, values, "cannot read the shape of the database", &result);
    if (code)
        return code;
    if (PQntuples(result) == 1)
        code = postgres_run(conn, PQgetvalue(result, 0, 0), "cannot create a scratch database");
    else
        code = run_quoted(conn, "CREATE DATABASE", name, "cannot create a scratch database");
    PQclear(result);
    return code ? fail_create(code) : 0;
}

void postgres_scratch_drop(struct dara_conn *conn)
{
    if (!conn->scratch_database || !conn->maintenance)
        return;
    struct dara_conn keeper = {.pg = conn->maintenance, .mode = DARA_MODE_WRITE};
    /* First ours, then the database. */
    PQfinish(conn->pg);
    conn->pg = NULL;
    if (run_quoted(&keeper, "DROP DATABASE IF EXISTS", conn->scratch_database, NULL))
        dara_error_clear();
    PQfinish(conn->maintenance);
    conn->maintenance = NULL;
}

static int attach(const struct dara_open *request, PGconn *keeper, const char *name, struct dara_conn **ret_conn)
{
    struct dara_open writing = *request;
    struct dara_conn *conn = NULL;
    PGconn *pg = NULL;
    writing.mode = DARA_MODE_WRITE;
    int code = postgres_connect(&writing, name, &pg);
    if (!code)
        code = postgres_session_attach(&writing, pg, &conn);
    if (code)
        return code;
    conn->scratch_database = postgres_strdup(name);
    if (!conn->scratch_database) {
        postgres_session_close(conn);
        return DARA_EINTERNAL;
    }
    conn->maintenance = keeper;
    *ret_conn = conn;
    return 0;
}

int postgres_scratch_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    char name[64];
    struct dara_conn keeper = {.mode = DARA_MODE_WRITE};
    int code = make_name(name, sizeof(name));
    if (!code)
        code = postgres_session_maintenance(request, &keeper.pg);
    if (code)
        return code;
    sweep(&keeper);
    code = create(&keeper, request->url->path ? request->url->path : "", name);
    if (!code) {
        code = attach(request, keeper.pg, name, ret_conn);
        if (code)
            (void)run_quoted(&keeper, "DROP DATABASE IF EXISTS", name, NULL);
    }
    if (code)
        PQfinish(keeper.pg);
    return code;
}
