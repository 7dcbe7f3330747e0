/* SPDX-License-Identifier: MIT */
/* Giving a table policies, and proving them. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"

static const char doing[] = "cannot give the table policies";

/* ---- the request --------------------------------------------------------------------------------------------------------------- */

static json_t *owners_of(const struct dara_policy_request *request)
{
    json_t *list = request->owners ? json_array() : json_null();
    for (size_t i = 0; request->owners && request->owners[i]; i++)
        json_array_append_new(list, json_string(request->owners[i]));
    return list;
}

static char *dump_request(const struct dara_conn *conn, const struct dara_policy_request *request)
{
    const struct postgres_platform *platform = conn->platform;
    const char *by = request->by_role                                   ? "role"
                     : platform && platform->users && !request->setting ? "claims"
                                                                        : "setting";
    json_t *object =
        json_pack("{s:s, s:b, s:b, s:s, s:o, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s, s:s?, s:s?, s:s?}", "table",
                  request->table, "granular", request->granular, "force", request->force, "by", by, "owners",
                  owners_of(request), "role", request->role, "via", request->via, "tenant", request->tenant, "claim",
                  request->claim, "using", request->condition, "check", request->check, "setting",
                  request->setting ? request->setting : "app.user_id", "users", platform ? platform->users : NULL,
                  "usual", platform ? platform->user_role : NULL, "nobody", platform ? platform->nobody_role : NULL);
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!text)
        dara_error_set(DARA_EINTERNAL, "out of memory");
    return text;
}

/* What the user has to mend is raised with a code of its own. */
static int fail(struct dara_conn *conn, PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!state || strcmp(state, "DARA1") != 0)
        return postgres_fail(conn, result, 0, doing, NULL);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    dara_error_set(DARA_EUSAGE, "%s", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    if (detail)
        dara_error_detail("%s", detail);
    if (hint)
        dara_error_hint("%s", hint);
    PQclear(result);
    return DARA_EUSAGE;
}

/* Run one of the blocks with the request; `*ret_answer` is the JSON that it left in a setting, to be freed with json_decref(). */
static int run_block(struct dara_conn *conn, const struct dara_policy_request *request, const char *sql,
                     const char *setting, json_t **ret_answer)
{
    PGresult *result = NULL;
    char *text = dump_request(conn, request);
    const char *const values[] = {text}, *const names[] = {setting};
    if (!text)
        return DARA_EINTERNAL;
    int code = postgres_query(conn, "SELECT set_config('dara.request', $1, true)", 1, values, doing, &result);
    PQclear(result);
    free(text);
    if (code)
        return code;
    result = postgres_ask(conn->pg, sql, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return fail(conn, result);
    PQclear(result);
    code = postgres_query(conn, "SELECT current_setting($1)", 1, names, doing, &result);
    if (code)
        return code;
    *ret_answer = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
    PQclear(result);
    return *ret_answer ? 0 : dara_error_set(DARA_EINTERNAL, "out of memory");
}

/* ---- both ---------------------------------------------------------------------------------------------------------------------- */

int postgres_policy_install(struct dara_conn *conn, const struct dara_policy_request *request, struct dara_plan *plan)
{
    json_t *steps = NULL, *step;
    size_t i;
    int code = run_block(conn, request, postgres_policy_install_sql, "dara.steps", &steps);
    json_array_foreach(steps, i, step)
        dara_plan_add(plan, &(struct dara_step){.size = sizeof(struct dara_step), .text = json_string_value(step)});
    json_decref(steps);
    return code;
}

static void add_check(struct dara_checks *checks, const json_t *check)
{
    const char *verdict = json_string_value(json_array_get(check, 1));
    dara_checks_add(checks, json_string_value(json_array_get(check, 0)),
                    !strcmp(verdict, "ok")     ? DARA_VERDICT_OK
                    : !strcmp(verdict, "info") ? DARA_VERDICT_INFO
                                               : DARA_VERDICT_FAIL,
                    json_string_value(json_array_get(check, 2)), NULL);
}

int postgres_policy_prove(struct dara_conn *conn, const struct dara_policy_request *request, struct dara_checks *checks)
{
    json_t *answer = NULL, *check;
    size_t i;
    int code = postgres_run(conn, "SAVEPOINT dara_prove", doing);
    if (code)
        return code;
    code = run_block(conn, request, postgres_policy_prove_sql, "dara.checks", &answer);
    json_array_foreach(answer, i, check) add_check(checks, check);
    json_decref(answer);
    if (code) { /* its error is the one to tell */
        PQclear(PQexec(conn->pg, "ROLLBACK TO SAVEPOINT dara_prove"));
        return code;
    }
    return postgres_run(conn, "ROLLBACK TO SAVEPOINT dara_prove; RELEASE SAVEPOINT dara_prove", doing);
}
