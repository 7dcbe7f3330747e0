/* SPDX-License-Identifier: MIT */
/* What env-check tells about a server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pg.h"

static bool is_true(const PGresult *row, int column)
{
    return !strcmp(PQgetvalue(row, 0, column), "t");
}

static bool is_local(const char *host)
{
    return host && (!strcmp(host, "localhost") || !strncmp(host, "127.", 4) || !strcmp(host, "::1"));
}

/* How far the client library has looked at the server's certificate; the mode in force may come from the environment. */
static enum { TLS_UNSEEN, TLS_AUTHORITY, TLS_FULL } tls_verified(PGconn *pg)
{
    int verified = TLS_UNSEEN;
    PQconninfoOption *options = PQconninfo(pg);
    for (PQconninfoOption *option = options; option && option->keyword; option++)
        if (!strcmp(option->keyword, "sslmode") && option->val)
            verified = !strcmp(option->val, "verify-full") ? TLS_FULL
                       : !strcmp(option->val, "verify-ca") ? TLS_AUTHORITY
                                                           : TLS_UNSEEN;
    PQconninfoFree(options);
    return verified;
}

static void check_tls(struct dara_conn *conn, struct dara_checks *checks)
{
    static const char *const seen[] = {"certificate not verified", "certificate verified, host name not",
                                       "certificate and host name verified"};
    static const char advice[] = "give ?sslmode=verify-full with the authority's certificate as sslrootcert";
    const char *host = PQhost(conn->pg);
    enum dara_verdict lacking = is_local(host) ? DARA_VERDICT_INFO : DARA_VERDICT_WARN;
    char text[192];
    if (PQsslInUse(conn->pg)) {
        const char *protocol = PQsslAttribute(conn->pg, "protocol"), *cipher = PQsslAttribute(conn->pg, "cipher");
        int verified = tls_verified(conn->pg);
        snprintf(text, sizeof(text), "%s, %s, %s", protocol ? protocol : "on", cipher ? cipher : "cipher not told",
                 seen[verified]);
        dara_checks_add(checks, "TLS", verified == TLS_FULL ? DARA_VERDICT_OK : lacking, text,
                        verified == TLS_FULL || lacking == DARA_VERDICT_INFO ? NULL : advice);
    } else if (host && *host == '/') {
        dara_checks_add(checks, "TLS", DARA_VERDICT_OK, "not needed: a Unix socket of this machine", NULL);
    } else if (is_local(host)) {
        dara_checks_add(checks, "TLS", DARA_VERDICT_INFO, "off; the server is on this machine", NULL);
    } else {
        dara_checks_add(checks, "TLS", DARA_VERDICT_WARN, "off: whoever is on the way can read along", advice);
    }
    dara_checks_add(
        checks, "login", DARA_VERDICT_INFO,
        PQconnectionUsedPassword(conn->pg) ? "by password" : "without a password: trusted, peer or certificate", NULL);
    if (!conn->pooled) /* one that is there is told with the server */
        dara_checks_add(checks, "pooler", DARA_VERDICT_OK, "none: the session is this client's own", NULL);
}

static void check_role(const PGresult *row, struct dara_checks *checks)
{
    char text[320];
    snprintf(text, sizeof(text), "%s%s%s%s%s%s", PQgetvalue(row, 0, 0), is_true(row, 1) ? ", superuser" : "",
             is_true(row, 2) ? ", may create databases" : "", is_true(row, 13) ? ", may create roles" : "",
             is_true(row, 14) ? ", past row security" : "", is_true(row, 15) ? ", may replicate" : "");
    dara_checks_add(checks, "role", is_true(row, 1) ? DARA_VERDICT_INFO : DARA_VERDICT_OK, text,
                    is_true(row, 1) ? "a migration can do anything here: a role that owns its schemas is enough"
                                    : NULL);
    if (is_true(row, 3))
        dara_checks_add(checks, "create", DARA_VERDICT_OK, "may create in this database", NULL);
    else
        dara_checks_add(checks, "create", DARA_VERDICT_INFO, "may not create schemas in this database",
                        "GRANT CREATE ON DATABASE, if migrations are to make schemas or extensions");
    if (PQgetisnull(row, 0, 4))
        dara_checks_add(checks, "schema", DARA_VERDICT_WARN, "no schema of the search path takes a table",
                        "grant CREATE on a schema to this role, or set its search_path");
    else
        dara_checks_add(checks, "schema", DARA_VERDICT_OK, PQgetvalue(row, 0, 4), NULL);
}

static void check_server(const PGresult *row, struct dara_checks *checks)
{
    char text[160];
    if (is_true(row, 5))
        dara_checks_add(checks, "standby", DARA_VERDICT_WARN, "the server is a read-only standby",
                        "connect to the primary for what writes: ?target_session_attrs=read-write");
    else
        dara_checks_add(checks, "standby", DARA_VERDICT_OK, "no: it takes writes", NULL);
    long used = strtol(PQgetvalue(row, 0, 6), NULL, 10), most = strtol(PQgetvalue(row, 0, 7), NULL, 10);
    snprintf(text, sizeof(text), "%ld of %ld in use", used, most);
    dara_checks_add(checks, "connections", used * 10 >= most * 9 ? DARA_VERDICT_WARN : DARA_VERDICT_OK, text,
                    used * 10 >= most * 9 ? "end what is idle, or raise max_connections" : NULL);
    snprintf(text, sizeof(text), "lock_timeout %s, statement_timeout %s", PQgetvalue(row, 0, 8), PQgetvalue(row, 0, 9));
    dara_checks_add(checks, "timeouts", DARA_VERDICT_INFO, text, NULL);
    dara_checks_add(checks, "pg_stat_statements", DARA_VERDICT_INFO, is_true(row, 10) ? "there" : "not installed",
                    NULL);
    dara_checks_add(checks, "encoding", !strcmp(PQgetvalue(row, 0, 12), "UTF8") ? DARA_VERDICT_OK : DARA_VERDICT_WARN,
                    PQgetvalue(row, 0, 12),
                    !strcmp(PQgetvalue(row, 0, 12), "UTF8") ? NULL : "not every character can be stored here");
}

static void check_clock(const PGresult *row, struct dara_checks *checks)
{
    char text[64];
    double there = strtod(PQgetvalue(row, 0, 11), NULL);
    long skew = (long)(there - (double)time(NULL));
    snprintf(text, sizeof(text), "%ld s apart", skew < 0 ? -skew : skew);
    if (skew > 5 || skew < -5)
        dara_checks_add(checks, "clock skew", DARA_VERDICT_WARN, text,
                        "set the clocks of both machines: histories are read by time");
    else
        dara_checks_add(checks, "clock skew", DARA_VERDICT_OK, "as here", NULL);
}

static void check_lock(struct dara_conn *conn, struct dara_checks *checks)
{
    PGresult *row;
    if (postgres_query(conn, postgres_lock_holder_sql, 0, NULL, NULL, &row)) {
        dara_error_clear();
        return;
    }
    if (PQntuples(row) > 0 && !conn->lock_held)
        dara_checks_add(checks, "dara lock", DARA_VERDICT_WARN, PQgetvalue(row, 0, 0), "wait for that run to end");
    else
        dara_checks_add(checks, "dara lock", DARA_VERDICT_OK, "free", NULL);
    PQclear(row);
}

int postgres_session_diagnose(struct dara_conn *conn, struct dara_checks *checks)
{
    static const char sql[] =
        "SELECT current_user, r.rolsuper, r.rolcreatedb,"
        " pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),"
        " (SELECT s.name FROM pg_catalog.unnest(" POSTGRES_SCHEMAS ") WITH ORDINALITY AS s (name, place)"
        " WHERE pg_catalog.has_schema_privilege(s.name, 'CREATE') ORDER BY s.place LIMIT 1),"
        " pg_catalog.pg_is_in_recovery(),"
        " (SELECT pg_catalog.sum(numbackends) FROM pg_catalog.pg_stat_database),"
        " pg_catalog.current_setting('max_connections'), pg_catalog.current_setting('lock_timeout'),"
        " pg_catalog.current_setting('statement_timeout'),"
        " EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_stat_statements'),"
        " extract(epoch FROM pg_catalog.clock_timestamp()), pg_catalog.getdatabaseencoding(),"
        " r.rolcreaterole, r.rolbypassrls, r.rolreplication"
        " FROM pg_catalog.pg_roles r WHERE r.rolname = current_user";
    PGresult *row;
    int code = postgres_query(conn, sql, 0, NULL, "cannot ask the server for its state", &row);
    if (code)
        return code;
    check_tls(conn, checks);
    if (PQntuples(row) == 1) {
        check_role(row, checks);
        check_server(row, checks);
        check_clock(row, checks);
    }
    PQclear(row);
    check_lock(conn, checks);
    return 0;
}
