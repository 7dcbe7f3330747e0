/* SPDX-License-Identifier: MIT */
/* What env-check tells about a server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mg.h"

static bool is_local(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0 || *host == '/';
}

static void check_tls(struct dara_conn *conn, struct dara_checks *checks)
{
    bool local = true;
    for (const mongoc_host_list_t *host = mongoc_uri_get_hosts(conn->uri); host; host = host->next)
        local = local && is_local(host->host);
    bool lax = mongoc_uri_get_option_as_bool(conn->uri, MONGOC_URI_TLSINSECURE, false) ||
               mongoc_uri_get_option_as_bool(conn->uri, MONGOC_URI_TLSALLOWINVALIDCERTIFICATES, false) ||
               mongoc_uri_get_option_as_bool(conn->uri, MONGOC_URI_TLSALLOWINVALIDHOSTNAMES, false);
    if (mongoc_uri_get_tls(conn->uri) && lax)
        dara_checks_add(checks, "TLS", local ? DARA_VERDICT_INFO : DARA_VERDICT_WARN, "on, and not all is checked",
                        "take tlsInsecure and tlsAllowInvalid… out of the URL, and give tlsCAFile");
    else if (mongoc_uri_get_tls(conn->uri))
        dara_checks_add(checks, "TLS", DARA_VERDICT_OK, "on; the server's certificate is checked", NULL);
    else if (local)
        dara_checks_add(checks, "TLS", DARA_VERDICT_INFO, "off; the server is on this machine", NULL);
    else
        dara_checks_add(checks, "TLS", DARA_VERDICT_WARN, "off: whoever is on the way can read along",
                        "give ?tls=true, with the authority's certificate as tlsCAFile");
}

static void check_topology(struct dara_conn *conn, struct dara_checks *checks)
{
    if (conn->sharded)
        dara_checks_add(checks, "topology", DARA_VERDICT_OK, "a mongos of a sharded cluster", NULL);
    else if (conn->replica_set)
        dara_checks_add(checks, "topology", conn->primary ? DARA_VERDICT_OK : DARA_VERDICT_WARN,
                        conn->primary ? "the primary of a replica set" : "a secondary of a replica set: it only reads",
                        conn->primary ? NULL : "give all members and replicaSet=NAME in the URL");
    else
        dara_checks_add(checks, "topology", DARA_VERDICT_WARN, "a server alone, which has no transactions",
                        "make it a replica set of one member (rs.initiate()), to have migrations applied");
}

static void check_clock(const bson_t *hello, struct dara_checks *checks)
{
    bson_iter_t value;
    char text[80];
    if (!bson_iter_init_find(&value, hello, "localTime") || !BSON_ITER_HOLDS_DATE_TIME(&value))
        return;
    long skew = (long)(bson_iter_date_time(&value) / 1000 - (int64_t)time(NULL));
    snprintf(text, sizeof(text), "%ld s apart", labs(skew));
    if (labs(skew) > 5)
        dara_checks_add(checks, "clock", DARA_VERDICT_WARN, text,
                        "set the clocks of both machines: histories are read by time");
    else
        dara_checks_add(checks, "clock", DARA_VERDICT_OK, "as here", NULL);
}

int mongodb_session_diagnose(struct dara_conn *conn, struct dara_checks *checks)
{
    bson_t command = BSON_INITIALIZER, hello;
    BSON_APPEND_INT32(&command, "hello", 1);
    int code = mongodb_run(conn, "admin", &command, MONGODB_RUN_APART, "cannot ask the server for its state", &hello);
    bson_destroy(&command);
    if (!code) {
        check_tls(conn, checks);
        check_topology(conn, checks);
        check_clock(&hello, checks);
    }
    bson_destroy(&hello);
    return code;
}
