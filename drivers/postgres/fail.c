/* SPDX-License-Identifier: MIT */
/* Errors of the server and of the client library in dara's words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pg.h"

char *postgres_strdup(const char *string)
{
    char *copy = strdup(string);
    if (!copy)
        dara_error_set(DARA_EINTERNAL, "out of memory");
    return copy;
}

char *postgres_quoted(struct dara_conn *conn, const char *space, const char *name)
{
    char *first = space ? PQescapeIdentifier(conn->pg, space, strlen(space)) : NULL;
    char *last = PQescapeIdentifier(conn->pg, name, strlen(name)), *quoted = NULL;
    size_t size = (first ? strlen(first) : 0) + (last ? strlen(last) : 0) + 2;
    if (last && (first || !space) && (quoted = malloc(size)))
        snprintf(quoted, size, "%s%s%s", first ? first : "", first ? "." : "", last);
    PQfreemem(first);
    PQfreemem(last);
    if (!quoted)
        dara_error_set(DARA_EINTERNAL, "out of memory");
    return quoted;
}

/* libpq's messages end in a newline, and some take several lines, indented by a tab. */
static char *trimmed(const char *message)
{
    size_t length = strlen(message);
    while (length > 0 && (message[length - 1] == '\n' || message[length - 1] == ' '))
        length--;
    char *copy = strndup(message, length);
    for (char *c = copy; c && *c; c++)
        if (*c == '\t')
            *c = ' ';
    return copy;
}

/* ---- statements ------------------------------------------------------------------------------------------------------------ */

/* What a SQLSTATE means: the whole code, or its class. */
struct meaning {
    const char *state;
    int code;
    const char *hint;
};

static const struct meaning meanings[] = {
    {"55P03", DARA_ELOCKED, "see who holds it with env-check, or wait longer with --lock-timeout"},
    {"40P01", DARA_ELOCKED, "two sessions waited for each other: run it again"},
    {"40001", DARA_ELOCKED, "another session changed the same rows: run it again"},
    {"57014", DARA_ESTATEMENT, "give it more time with --statement-timeout"},
    {"57P01", DARA_ECONNECT, "the server ended the session: see its log, then run the command again"},
    {"57P02", DARA_ECONNECT, "the server ended the session: see its log, then run the command again"},
    {"57P03", DARA_ECONNECT, "the server is starting or stopping: try again"},
    {"53100", DARA_ESTATEMENT, "make room on the server's disk and run it again"},
    {"53300", DARA_ECONNECT, "the server has no connection left: end one, or raise max_connections"},
    {"42501", DARA_ESTATEMENT, "connect as a role that may, or grant the right"},
    {"55P04", DARA_ESTATEMENT,
     "put ALTER TYPE … ADD VALUE into a file of its own before this one, and run with --transaction each"},
    {"22021", DARA_ESTATEMENT,
     "bytes are stored or written there that are no text of the encoding: mend them where they are"},
    {"22P05", DARA_ESTATEMENT, "the encoding of the database has no such character: write the text without it"},
    {"08", DARA_ECONNECT, NULL},
    {"28", DARA_ECONNECT, NULL},
    {"3D", DARA_ECONNECT, NULL},
};

static const struct meaning *find_meaning(const char *state)
{
    static const struct meaning statement = {"", DARA_ESTATEMENT, NULL};
    for (size_t i = 0; state && i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (!strncmp(state, meanings[i].state, strlen(meanings[i].state)))
            return &meanings[i];
    return &statement;
}

/* Positions count characters from 1, lines count from 1. */
static long line_at(const char *statement, const char *position)
{
    long at = strtol(position, NULL, 10), line = 1;
    for (const char *c = statement; *c && at > 1; c++) {
        if (((unsigned char)*c & 0xc0u) != 0x80u)
            at--;
        line += *c == '\n';
    }
    return line;
}

static void add_detail(const PGresult *result)
{
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    if (context && strncmp(context, "unnamed portal", 14) == 0)
        context = NULL; /* parameters, as far as the server's log may have them: nothing that helps here */
    if (detail && context)
        dara_error_detail("%s\n%s", detail, context);
    else if (detail || context)
        dara_error_detail("%s", detail ? detail : context);
}

static void add_hint(struct dara_conn *conn, const PGresult *result, const char *state, const struct meaning *meaning)
{
    const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state && !strcmp(state, "42704") && message && !strncmp(message, "role \"", 6))
        dara_error_hint("roles belong to the server, not to a database: create it there first");
    else if (hint && meaning->hint)
        dara_error_hint("%s; %s", hint, meaning->hint);
    else if (hint || meaning->hint)
        dara_error_hint("%s", hint ? hint : meaning->hint);
    else if (state && !strcmp(state, "25006") && conn->mode == DARA_MODE_READ)
        dara_error_hint("this command only reads: the server keeps its transactions read-only");
}

static int fail_lost(struct dara_conn *conn, const char *doing)
{
    char *message = trimmed(PQerrorMessage(conn->pg));
    dara_error_set(DARA_ECONNECT, "%s%sthe connection to the server was lost", doing ? doing : "", doing ? ": " : "");
    if (message && *message)
        dara_error_detail("%s", message);
    dara_error_hint("the server rolls back what was not committed; run the command again once it can be reached");
    free(message);
    return DARA_ECONNECT;
}

static int fail_message(struct dara_conn *conn, int code, const char *doing)
{
    char *message = trimmed(PQerrorMessage(conn->pg));
    code = code ? code : DARA_ESTATEMENT;
    dara_error_set(code, "%s%s%s", doing ? doing : "", doing ? ": " : "",
                   message && *message ? message : "the client library gave no reason");
    free(message);
    return code;
}

int postgres_fail(struct dara_conn *conn, PGresult *result, int code, const char *doing, const char *statement)
{
    const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const struct meaning *meaning = find_meaning(state);
    if (!message) {
        code = PQstatus(conn->pg) == CONNECTION_BAD ? fail_lost(conn, doing) : fail_message(conn, code, doing);
        PQclear(result);
        return code;
    }
    if (state && !strcmp(state, "57014") && conn->cancelled) {
        PQclear(result);
        conn->cancelled = false;
        dara_error_set(DARA_EINTERRUPTED, "interrupted");
        dara_error_native("57014");
        return DARA_EINTERRUPTED;
    }
    if (!code || meaning->code != DARA_ESTATEMENT)
        code = meaning->code;
    dara_error_set(code, "%s%s%s", doing ? doing : "", doing ? ": " : "", message);
    add_detail(result);
    add_hint(conn, result, state, meaning);
    if (state)
        dara_error_native("%s", state);
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    if (position && statement)
        dara_error_at(NULL, line_at(statement, position));
    PQclear(result);
    return code;
}

int postgres_check_alive(struct dara_conn *conn, const char *doing)
{
    return PQstatus(conn->pg) == CONNECTION_OK ? 0 : fail_lost(conn, doing);
}

/* ---- connections ------------------------------------------------------------------------------------------------------------- */

/* The client library tells why only in words, and a server that speaks another language in that: then its words alone have to do. */
struct refusal {
    const char *part, *words, *hint;
};

static const struct refusal refusals[] = {
    {"password authentication failed", "the server refuses the user name or the password",
     "check user and password of the URL, PGPASSWORD and .pgpass"},
    {"no password supplied", "the server wants a password, and none was given",
     "put it into the URL of .env, into PGPASSWORD or into .pgpass"},
    {"Peer authentication failed", "the server accepts this user only from the account of the same name",
     "connect over TCP (host=localhost), or as that account"},
    {"no pg_hba.conf entry", "the server does not let this user in from here",
     "have a line for it added to the server's pg_hba.conf, or turn TLS on with ?sslmode=require"},
    {"certificate", "TLS: the certificate is not accepted",
     "give the authority with ?sslrootcert=FILE, and the host name that the certificate has"},
    {"does not support SSL", "TLS is asked for, and the server has none",
     "turn it on at the server, or give ?sslmode=prefer"},
    {"could not translate host name", "there is no such host", "check the host name of the URL, and the network"},
    {"Connection refused", "nobody listens there: the server is not running, or has another port",
     "check host and port of the URL, and that the server runs"},
    {"No such file or directory", "there is no server at this socket",
     "check host and port of the URL, and that the server runs"},
    {"timeout expired", "the server does not answer",
     "check host, port and firewalls; ?connect_timeout=SECONDS waits longer"},
    {"too many clients", "the server has no connection left", "end one, or raise max_connections"},
    {"starting up", "the server is starting", "try again in a moment"},
    {"role \"", "there is no such role", "check the user of the URL, or create the role"},
    {"database \"", "there is no such database",
     "check the name, or create it with 'dara setup-database TYPE --create'"},
    {"invalid URI query parameter", "the URL has an option that the client library does not know",
     "take it out; options are those of libpq: sslmode, connect_timeout, application_name, options …"},
};

int postgres_fail_connect(PGconn *pg, const struct dara_url *url)
{
    if (!pg)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    char *message = trimmed(PQerrorMessage(pg));
    const struct refusal *found = NULL;
    for (size_t i = 0; message && !found && i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (strstr(message, refusals[i].part))
            found = &refusals[i];
    if (found && strchr(found->part, '"') && !strstr(message, "does not exist"))
        found = NULL;
    dara_error_set(DARA_ECONNECT, "cannot connect to '%s': %s", url->redacted,
                   found     ? found->words
                   : message ? message
                             : "no reason given");
    if (found)
        dara_error_detail("%s", message);
    dara_error_hint("%s", found ? found->hint : "check the URL, and that the server runs and can be reached");
    free(message);
    return DARA_ECONNECT;
}
