/* SPDX-License-Identifier: MIT */
/*
 * apply-migration --rls-gate: what users reach is found out twice inside the transaction, before the first statement and behind the last, and
 * where it has become wider nothing is committed.
 */
#include "service/access.h"
#include "service/run.h"

#define ROWS 100 /* tried of each table, as by test-as-user */

struct dara_rls_gate {
    struct dara_actors *actors;
    json_t *before;
};

struct dara_rls_gate *dara_rls_gate_free(struct dara_rls_gate *gate)
{
    if (!gate)
        return NULL;
    dara_actors_free(gate->actors);
    json_decref(gate->before);
    free(gate);
    return NULL;
}

int dara_rls_gate_check(const struct dara_run *run, bool together)
{
    const struct dara_driver *driver = dara_session_driver(run->session);
    if (!run->options->rls_gate)
        return 0;
    int code = dara_driver_require(driver, "policy", "compare what users reach");
    if (code || together)
        return code;
    dara_error_set(DARA_EUNSUPPORTED,
                   "what users reach is compared inside one transaction, and these files take several");
    dara_error_hint("apply them one by one; a file whose statements cannot stand in a transaction, without --rls-gate");
    return DARA_EUNSUPPORTED;
}

static int look(struct dara_run *run, json_t **ret_document)
{
    DARA_ACCESS_LOCAL access = dara_access_new();
    const struct dara_actors *actors = run->rls_gate->actors;
    const struct dara_access_request request = {.size = sizeof(request),
                                                .actor_count = dara_actors_count(actors),
                                                .actors = dara_actors_at(actors, 0),
                                                .spaces = (const char *const *)run->context->spaces,
                                                .rows = ROWS};
    int code = dara_session_access(run->session, &request, access);
    if (!code)
        *ret_document = dara_access_document(actors, access);
    return code;
}

int dara_rls_gate_begin(struct dara_run *run)
{
    if (!run->options->rls_gate)
        return 0;
    dara_rls_gate_free(run->rls_gate); /* of an attempt before this one */
    run->rls_gate = dara_alloc(sizeof(*run->rls_gate));
    run->rls_gate->actors = dara_actors_new();
    int code = dara_session_find_actors(run->session, NULL, 0, run->rls_gate->actors);
    if (!code && dara_actors_count(run->rls_gate->actors) == 0) {
        code =
            dara_error_set(DARA_EUNSUPPORTED, "there is nobody to look for: this server has no role but superusers'");
        dara_error_hint("make the roles that your users come as, or leave --rls-gate out");
    }
    return code ? code : look(run, &run->rls_gate->before);
}

int dara_rls_gate_end(struct dara_run *run)
{
    json_t *after = NULL;
    if (!run->options->rls_gate)
        return 0;
    int code = look(run, &after);
    if (!code)
        code = dara_access_compare(run->rls_gate->before, after, run->options->allow, run->report);
    json_decref(after);
    if (code != DARA_EDIFFERENT)
        return code;
    dara_error_set(DARA_EREFUSED, "users would reach more than before, and that was not allowed");
    dara_error_hint("where it is meant, allow it by name: --allow 'USER:COMMAND:SCHEMA.TABLE', '*' standing for any");
    return DARA_EREFUSED;
}
