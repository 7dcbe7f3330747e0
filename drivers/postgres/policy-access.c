/* SPDX-License-Identifier: MIT */
/* What actors may do: the request for the server, and what it found. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

static const char doing[] = "cannot try what others may do";

/* ---- the request --------------------------------------------------------------------------------------------------------------- */

static json_t *list_of(const char *const *names)
{
    json_t *list = names ? json_array() : json_null();
    for (size_t i = 0; names && names[i]; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}

static json_t *actors_of(const struct dara_access_request *request)
{
    json_t *list = json_array();
    for (size_t i = 0; i < request->actor_count; i++) {
        char *text = postgres_policy_settings(&request->actors[i]);
        json_t *settings = text ? json_loads(text, 0, NULL) : NULL;
        free(text);
        json_array_append_new(list, json_pack("{s:s, s:o}", "role", request->actors[i].role, "settings", settings));
    }
    return list;
}

static char *dump_request(const struct dara_conn *conn, const struct dara_access_request *request)
{
    static const char *const own[] = {POSTGRES_HISTORY_TABLE, POSTGRES_JOURNAL_TABLE, NULL};
    static const char *const none[] = {NULL};
    json_t *object = json_pack(
        "{s:I, s:b, s:b, s:o, s:o, s:o, s:o, s:o}", "rows", (json_int_t)request->rows, "writes", !request->reads,
        "fire", request->fires, "tables", list_of(request->tables), "spaces", list_of(request->spaces), "hidden",
        list_of(conn->platform ? conn->platform->schemas : none), "own", list_of(own), "actors", actors_of(request));
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!text)
        dara_error_set(DARA_EINTERNAL, "out of memory");
    return text;
}

/* ---- the answer ---------------------------------------------------------------------------------------------------------------- */

static const char answer_sql[] =
    "SELECT a.kind, a.space, a.name, a.actor, a.command, a.enabled, a.restricted, a.granted, a.opened, a.refused"
    ", a.least, a.sampled, a.allowed, a.total, a.policies, a.limits, a.state, a.why"
    " FROM jsonb_to_recordset(current_setting('dara.access')::jsonb) AS a (kind text, space text, name text, actor int"
    ", command text, enabled bool, restricted bool, granted bool, opened bool, refused bool, least bool, sampled bool"
    ", allowed bigint, total bigint, policies jsonb, limits jsonb, state text, why text)";

enum {
    KIND,
    SPACE,
    NAME,
    ACTOR,
    COMMAND,
    ENABLED,
    RESTRICTED,
    GRANTED,
    OPENED,
    REFUSED,
    LEAST,
    SAMPLED,
    ALLOWED,
    TOTAL,
    POLICIES,
    LIMITS,
    STATE,
    WHY
};

/* Names out of a JSON array that lives as long as they do; NULL-ended, free(). */
static const char **names_of(const json_t *list)
{
    const char **names = calloc(json_array_size(list) + 1, sizeof(*names));
    for (size_t i = 0; names && i < json_array_size(list); i++)
        names[i] = json_string_value(json_array_get(list, i));
    return names;
}

static enum dara_access_command command_of(const char *text)
{
    return *text == 'S'   ? DARA_ACCESS_SELECT
           : *text == 'I' ? DARA_ACCESS_INSERT
           : *text == 'U' ? DARA_ACCESS_UPDATE
                          : DARA_ACCESS_DELETE;
}

static const char *kind_of(const char *text)
{
    return *text == 'v' ? "view" : *text == 'm' ? "materialized_view" : "table";
}

static void fill_cell(const PGresult *result, int row, struct dara_access_cell *cell)
{
#define BOOL(column)   (PQgetvalue(result, row, column)[0] == 't')
#define NUMBER(column) (PQgetisnull(result, row, column) ? -1 : strtoll(PQgetvalue(result, row, column), NULL, 10))
#define TEXT(column)   (PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column))
    *cell = (struct dara_access_cell){.size = sizeof(*cell),
                                      .kind = kind_of(PQgetvalue(result, row, KIND)),
                                      .space = TEXT(SPACE),
                                      .key = TEXT(NAME),
                                      .actor = (size_t)NUMBER(ACTOR) - 1,
                                      .command = command_of(PQgetvalue(result, row, COMMAND)),
                                      .enabled = BOOL(ENABLED),
                                      .restricted = BOOL(RESTRICTED),
                                      .granted = BOOL(GRANTED),
                                      .open = BOOL(OPENED),
                                      .refused = BOOL(REFUSED),
                                      .least = BOOL(LEAST),
                                      .sampled = BOOL(SAMPLED),
                                      .allowed = NUMBER(ALLOWED),
                                      .rows = NUMBER(TOTAL),
                                      .native = TEXT(STATE),
                                      .why = TEXT(WHY)};
#undef BOOL
#undef NUMBER
#undef TEXT
}

static int take_cell(const PGresult *result, int row, struct dara_access *access)
{
    struct dara_access_cell cell;
    json_t *policies = json_loads(PQgetvalue(result, row, POLICIES), 0, NULL);
    json_t *limits = json_loads(PQgetvalue(result, row, LIMITS), 0, NULL);
    const char **policy_names = names_of(policies), **limit_names = names_of(limits);
    bool good = policy_names && limit_names;
    fill_cell(result, row, &cell);
    cell.policies = policy_names;
    cell.limits = limit_names;
    if (good)
        dara_access_add(access, &cell);
    free(policy_names);
    free(limit_names);
    json_decref(policies);
    json_decref(limits);
    return good ? 0 : dara_error_set(DARA_EINTERNAL, "out of memory");
}

/* ---- asking -------------------------------------------------------------------------------------------------------------------- */

static int try_all(struct dara_conn *conn, const char *request, struct dara_access *access)
{
    const char *const values[] = {request};
    PGresult *result = NULL;
    int code = postgres_query(conn, "SELECT set_config('dara.request', $1, true)", 1, values, doing, &result);
    PQclear(result);
    code = code ? code : postgres_write_own(conn, postgres_policy_access_sql, 0, NULL, doing);
    result = NULL;
    code = code ? code : postgres_query(conn, answer_sql, 0, NULL, doing, &result);
    for (int row = 0; !code && row < PQntuples(result); row++)
        code = take_cell(result, row, access);
    PQclear(result);
    return code;
}

/* What was tried is taken back by the statement itself; the savepoint takes back its settings, and an error. */
int postgres_policy_access(struct dara_conn *conn, const struct dara_access_request *request,
                           struct dara_access *access)
{
    char *text = dump_request(conn, request);
    if (!text)
        return DARA_EINTERNAL;
    int code = postgres_run(conn, "SAVEPOINT dara_access", doing);
    code = code ? code : try_all(conn, text, access);
    free(text);
    if (PQtransactionStatus(conn->pg) != PQTRANS_INTRANS && PQtransactionStatus(conn->pg) != PQTRANS_INERROR)
        return code;
    if (code) { /* its error is the one to tell */
        PQclear(PQexec(conn->pg, "ROLLBACK TO SAVEPOINT dara_access"));
        return code;
    }
    return postgres_run(conn, "ROLLBACK TO SAVEPOINT dara_access; RELEASE SAVEPOINT dara_access", doing);
}
