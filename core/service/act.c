/* SPDX-License-Identifier: MIT */
#include "service/act.h"

#include <string.h>
#include <sys/stat.h>

#include "service/access.h"
#include "service/run-sql-source.h"
#include "service/run-sql.h"

struct act {
    struct dara_context *context;
    const struct dara_act_request *request;
    struct dara_report *report;
    const struct dara_driver *driver;
    struct dara_claims claims;
    struct dara_actor *wanted; /* the user first */
    size_t count, room;
    char *others; /* cut into pieces that `wanted` points to */
    struct dara_actors *actors;
};

static void act_done(struct act *act)
{
    dara_claims_done(&act->claims);
    free(act->wanted);
    free(act->others);
    dara_actors_free(act->actors);
}

/* ---- who ---------------------------------------------------------------------------------------------------------------- */

static void want(struct act *act, const struct dara_actor *actor)
{
    DARA_GROW(act->wanted, act->count, act->room);
    act->wanted[act->count] = *actor;
    act->wanted[act->count++].size = sizeof(*actor);
}

static int read_claims(struct act *act)
{
    const struct dara_act_request *request = act->request;
    if (!request->claims.text)
        return request->claims.secret_env ? dara_error_set(DARA_EUSAGE, "--jwt-secret-env needs a token in --claims")
                                          : 0;
    int code = dara_claims_read(&request->claims, &act->claims);
    if (code)
        return code;
    if (act->claims.token && !act->claims.verified)
        dara_report_note(act->report, DARA_NOTE_INFO, "the token's signature was not checked (--jwt-secret-env)");
    if (act->claims.expired)
        dara_report_note(act->report, DARA_NOTE_WARN, "the token expired at %s", act->claims.expired);
    return 0;
}

/* "NAME" or "ROLE=USER", with commas between them. */
static int want_others(struct act *act)
{
    char *rest = act->others = dara_strdup(act->request->others), *name;
    while (rest && (name = strsep(&rest, ","))) {
        char *user = strchr(name, '=');
        if (user)
            *user++ = '\0';
        if (!*name || (user && !*user))
            return dara_error_set(DARA_EUSAGE,
                                  "--matrix takes names with commas between them, and ROLE=USER for users");
        want(act, &(struct dara_actor){
                      .name = user ? user : name, .role = user ? name : NULL, .setting = act->request->setting});
    }
    return 0;
}

static int check_names(const struct act *act)
{
    for (size_t i = 0; i < act->count; i++)
        for (size_t j = 0; j < i; j++)
            if (!strcmp(act->wanted[i].name, act->wanted[j].name))
                return dara_error_set(DARA_EUSAGE, "'%s' is named twice", act->wanted[i].name);
    return 0;
}

static int find(struct act *act, struct dara_session *session)
{
    act->actors = dara_actors_new();
    int code = dara_session_find_actors(session, act->wanted, act->count, act->actors);
    if (!code && dara_actors_count(act->actors) != act->count)
        code = dara_error_set(DARA_EDRIVER, "the '%s' driver told of %zu actors, not %zu", act->driver->name,
                              dara_actors_count(act->actors), act->count);
    return code;
}

/* ---- a script of the user's --------------------------------------------------------------------------------------------- */

static int read_script(struct act *act, struct dara_source **ret_source)
{
    struct stat info;
    const char *script = act->request->sql;
    int code = stat(script, &info) == 0 ? dara_source_read(act->driver, script, ret_source)
                                        : dara_source_take(act->driver, NULL, script, strlen(script), ret_source);
    return code ? code
                : dara_source_check(*ret_source, DARA_STATEMENT_REFUSED | DARA_STATEMENT_TRANSACTION |
                                                     DARA_STATEMENT_NO_TRANSACTION | DARA_STATEMENT_BEFORE_TRANSACTION);
}

static int run_statement(struct act *act, struct dara_session *session, struct dara_source *source, size_t index,
                         json_t *results)
{
    const struct dara_statement *statement = &source->script->statements[index];
    const struct dara_run_sql_request look = {.limit = act->request->limit};
    struct dara_run_sql_rows *rows = dara_run_sql_rows_new(&look);
    struct dara_reader reader = dara_run_sql_reader(rows);
    uint64_t affected = 0;
    int code = dara_session_execute(session, statement->text, statement->length, &reader, &affected);
    if (code == DARA_ESTATEMENT)
        dara_source_at(source, index, code);
    if (!code) {
        json_t *json = json_pack("{s:i, s:s?}", "line", (int)statement->line, "kind", source->facts[index]->kind);
        code = dara_run_sql_rows_report(rows, act->report, NULL, json);
        if (source->facts[index]->flags & DARA_STATEMENT_DATA) {
            json_object_set_new(json, "affected", json_integer((json_int_t)affected));
            dara_report_note(act->report, DARA_NOTE_INFO, "line %u: %llu row%s", statement->line,
                             (unsigned long long)affected, affected == 1 ? "" : "s");
        }
        json_array_append_new(results, json);
    }
    dara_run_sql_rows_free(rows);
    return code;
}

static int run_script(struct act *act, struct dara_session *session)
{
    DARA_SOURCE_LOCAL source = NULL;
    json_t *results = json_array();
    const struct dara_actor *actor = dara_actors_at(act->actors, 0);
    int code = read_script(act, &source);
    dara_report_text(act->report, "user", NULL, actor->user);
    dara_report_text(act->report, "role", NULL, actor->role);
    if (!code)
        code = dara_session_act(session, actor);
    for (size_t i = 0; !code && i < source->script->count; i++)
        code = run_statement(act, session, source, i, results);
    dara_report_json(act->report, "statements", results);
    return code;
}

/* ---- the matrix --------------------------------------------------------------------------------------------------------- */

static int keep(struct act *act, const struct dara_access *access)
{
    json_t *document = dara_access_document(act->actors, access), *before = NULL;
    int code = act->request->against ? dara_access_load(act->request->against, &before) : 0;
    if (!code && act->request->save)
        code = dara_access_save(document, act->request->save);
    if (!code && before)
        code = dara_access_compare(before, document, NULL, act->report);
    json_decref(document);
    json_decref(before);
    return code;
}

static int find_matrix(struct act *act, struct dara_session *session)
{
    DARA_ACCESS_LOCAL access = dara_access_new();
    const struct dara_access_request request = {.size = sizeof(request),
                                                .actor_count = act->count,
                                                .actors = dara_actors_at(act->actors, 0),
                                                .tables = act->request->tables,
                                                .spaces = (const char *const *)act->context->spaces,
                                                .rows = act->request->rows,
                                                .reads = act->request->reads,
                                                .fires = act->request->fires};
    int code = dara_session_access(session, &request, access);
    if (code)
        return code;
    if (act->request->tables && act->request->tables[0] && !dara_access_count(access)) {
        code = dara_error_set(DARA_EUSAGE, "there is no table '%s'", act->request->tables[0]);
        dara_error_hint("name it as it is, or as 'schema.table'");
        return code;
    }
    dara_access_show(act->actors, access, act->report);
    return keep(act, access);
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------- */

static int run(struct act *act)
{
    DARA_SESSION_LOCAL session = NULL;
    int code = dara_context_open(act->context, DARA_MODE_REHEARSE, &session);
    if (!code)
        code = find(act, session);
    if (!code)
        code = dara_session_begin(session, DARA_BEGIN_DATA);
    if (!code)
        code = act->request->sql ? run_script(act, session) : find_matrix(act, session);
    if (session && dara_session_in_transaction(session)) {
        int ended = dara_session_rollback(session);
        code = code ? code : ended;
    }
    if (!code || code == DARA_EDIFFERENT)
        dara_report_note(act->report, DARA_NOTE_OK, "all of it was taken back: nothing is changed");
    return code;
}

int dara_test_as_user(struct dara_context *context, const struct dara_act_request *request, struct dara_report *report)
{
    DARA_CLEANUP(act_done) struct act act = {.context = context, .request = request, .report = report};
    int code = dara_context_driver(context, &act.driver);
    if (!code)
        code = dara_driver_require(act.driver, "policy", "act as another user");
    if (!code)
        code = dara_context_url(context);
    if (!code)
        code = read_claims(&act);
    if (code)
        return code;
    want(&act,
         &(struct dara_actor){
             .name = request->user, .role = request->role, .claims = act.claims.json, .setting = request->setting});
    code = want_others(&act);
    if (!code)
        code = check_names(&act);
    if (!code && !request->reads)
        code = dara_context_guard(context);
    return code ? code : run(&act);
}
