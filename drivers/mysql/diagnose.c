/* SPDX-License-Identifier: MIT */
/* What env-check tells about a server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apply.h"
#include "login.h"

/* MariaDB's library looks at the name, too, wherever it looks at the authority. */
static bool sees_name(const struct mysql_login *login)
{
#ifdef MYSQL_LIBRARY_HAS_SSL_MODE
    return login->tls == MYSQL_TLS_VERIFY_IDENTITY;
#else
    return login->tls >= MYSQL_TLS_VERIFY_CA;
#endif
}

static void check_certificate(struct dara_conn *conn, const char *cipher, struct dara_checks *checks)
{
    const struct mysql_login *login = conn->login;
    bool safe = sees_name(login), local = mysql_login_is_local(login);
    char text[256];
    snprintf(text, sizeof(text), "%s, %s", cipher,
             safe                                ? "certificate and host name verified"
             : login->tls >= MYSQL_TLS_VERIFY_CA ? "certificate verified, host name not"
                                                 : "certificate not verified");
    dara_checks_add(checks, "TLS",
                    safe    ? DARA_VERDICT_OK
                    : local ? DARA_VERDICT_INFO
                            : DARA_VERDICT_WARN,
                    text,
                    safe || local ? NULL : "give ?ssl-mode=verify-identity with the authority's certificate as ssl-ca");
}

static void check_tls(struct dara_conn *conn, struct dara_checks *checks)
{
    const char *cipher = mysql_get_ssl_cipher(conn->mysql);
    const char *host = mysql_get_host_info(conn->mysql);
    if (cipher)
        check_certificate(conn, cipher, checks);
    else if (host && strstr(host, "socket"))
        dara_checks_add(checks, "TLS", DARA_VERDICT_OK, "not needed: a Unix socket of this machine", NULL);
    else if (mysql_login_is_local(conn->login))
        dara_checks_add(checks, "TLS", DARA_VERDICT_INFO, "off; the server is on this machine", NULL);
    else
        dara_checks_add(checks, "TLS", DARA_VERDICT_WARN, "off: whoever is on the way can read along",
                        "give ?ssl-mode=verify-identity with the authority's certificate as ssl-ca");
}

static void check_server(MYSQL_ROW row, struct dara_checks *checks)
{
    char text[160];
    if (*row[0] != '0')
        dara_checks_add(checks, "read-only", DARA_VERDICT_WARN, "the server takes no writes (read_only)",
                        "connect to the primary for what writes");
    else
        dara_checks_add(checks, "read-only", DARA_VERDICT_OK, "no: it takes writes", NULL);
    dara_checks_add(checks, "database", !strncmp(row[1], "utf8mb4", 7) ? DARA_VERDICT_OK : DARA_VERDICT_WARN, row[1],
                    !strncmp(row[1], "utf8mb4", 7)
                        ? NULL
                        : "new tables cannot hold every character: ALTER DATABASE … CHARACTER SET utf8mb4");
    dara_checks_add(checks, "sql_mode", DARA_VERDICT_INFO, *row[2] ? row[2] : "(empty)", NULL);
    snprintf(text, sizeof(text), "innodb_lock_wait_timeout %s s, lock_wait_timeout %s s", row[3], row[4]);
    dara_checks_add(checks, "timeouts", DARA_VERDICT_INFO, text, NULL);
    snprintf(text, sizeof(text), "%s bytes", row[5]);
    dara_checks_add(checks, "max_allowed_packet",
                    strtoull(row[5], NULL, 10) < (1u << 20) ? DARA_VERDICT_WARN : DARA_VERDICT_OK, text,
                    strtoull(row[5], NULL, 10) < (1u << 20) ? "raise it: long statements are refused" : NULL);
    dara_checks_add(checks, "event scheduler", DARA_VERDICT_INFO, row[6], NULL);
    if (*row[7] != '0')
        dara_checks_add(checks, "table names", DARA_VERDICT_INFO, "case does not count (lower_case_table_names)", NULL);
}

static void check_clock(MYSQL_ROW row, struct dara_checks *checks)
{
    char text[64];
    long skew = (long)(strtod(row[8], NULL) - (double)time(NULL));
    snprintf(text, sizeof(text), "%ld s apart", skew < 0 ? -skew : skew);
    if (skew > 5 || skew < -5)
        dara_checks_add(checks, "clock", DARA_VERDICT_WARN, text,
                        "set the clocks of both machines: histories are read by time");
    else
        dara_checks_add(checks, "clock", DARA_VERDICT_OK, "as here", NULL);
}

/* Whether the user may make databases decides whether migrations can be rehearsed. */
static int check_grants(struct dara_conn *conn, struct dara_checks *checks)
{
    MYSQL_RES *result;
    int code =
        mysql_rows(conn, "SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = 'CREATE'",
                   "cannot ask for the user's rights", &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    bool may = row && row[0] && *row[0] != '0';
    mysql_free_result(result);
    if (may)
        dara_checks_add(checks, "create", DARA_VERDICT_OK, "may create databases: migrations can be rehearsed", NULL);
    else
        dara_checks_add(checks, "create", DARA_VERDICT_INFO, "may not create any database",
                        "grant CREATE and DROP on `dara_scratch%`.*, to have migrations rehearsed");
    return 0;
}

/* What keeps two runs apart here. */
static int check_lock(struct dara_conn *conn, struct dara_checks *checks)
{
    char text[160];
    bool holds = false;
    int code = mysql_lock_look(conn, &holds);
    if (code)
        return code;
    if (conn->pooled)
        dara_checks_add(checks, "proxy", DARA_VERDICT_WARN, "a proxy stands between this machine and the server",
                        "connect to the server itself for what writes");
    if (conn->cluster)
        dara_checks_add(checks, "cluster", DARA_VERDICT_INFO,
                        "several servers take writes, and each knows only locks of its own", NULL);
    if (holds)
        return 0;
    snprintf(text, sizeof(text),
             "a lease of %u s in the table " MYSQL_LEASE_TABLE ": that of a killed run ends by time",
             conn->login->lease_ms / 1000);
    dara_checks_add(checks, "lock kind", DARA_VERDICT_INFO, text, NULL);
    return 0;
}

int mysql_session_diagnose(struct dara_conn *conn, struct dara_checks *checks)
{
    MYSQL_RES *result;
    int code = mysql_rows(conn,
                          "SELECT @@GLOBAL.read_only, @@collation_database, @@sql_mode, @@innodb_lock_wait_timeout,"
                          " @@lock_wait_timeout, @@max_allowed_packet, @@event_scheduler, @@lower_case_table_names,"
                          " UNIX_TIMESTAMP(NOW(6))",
                          "cannot ask the server for its state", &result);
    if (code)
        return code;
    check_tls(conn, checks);
    MYSQL_ROW row = mysql_fetch_row(result);
    if (row) {
        check_server(row, checks);
        check_clock(row, checks);
    }
    mysql_free_result(result);
    code = check_lock(conn, checks);
    return code ? code : check_grants(conn, checks);
}
