/* SPDX-License-Identifier: MIT */
/* The proof that a snapshot restores: its text run on a scratch database gives the same fingerprint. */
#include <string.h>

#include "base/file.h"
#include "service/snapshot-parts.h"
#include "service/target.h"

static int run_statement(struct dara_session *scratch, const struct dara_snapshot *snapshot,
                         const struct dara_statement *statement)
{
    DARA_FACTS_LOCAL facts = NULL;
    int r = dara_dialect_classify(dara_session_driver(scratch), statement, &facts);
    if (r < 0)
        return r;
    bool before = (facts->flags & DARA_STATEMENT_BEFORE_TRANSACTION) != 0;
    /* The text brings its own transaction for the engine's client; here the session's takes its place. */
    if ((facts->flags & DARA_STATEMENT_TRANSACTION) || (before && dara_session_in_transaction(scratch)))
        return 0;
    if (!before && !dara_session_in_transaction(scratch) && (r = dara_session_begin(scratch, DARA_BEGIN_SCHEMA)) < 0)
        return r;
    r = dara_session_execute(scratch, statement->text, statement->length, NULL, NULL);
    if (r == 0 || r == DARA_EINTERRUPTED)
        return r;
    DARA_FREE char *why = dara_strdup(dara_error_last()->message);
    dara_error_set(DARA_EFILE, "snapshot '%s' does not restore: %s", snapshot->id, why);
    dara_error_at(snapshot->text_path, (long)statement->line);
    return DARA_EFILE;
}

static int run_text(struct dara_session *scratch, const struct dara_snapshot *snapshot)
{
    DARA_FREE char *text = NULL;
    size_t length;
    DARA_SCRIPT_LOCAL script = NULL;
    int r = dara_file_read(snapshot->text_path, &text, &length);
    if (r < 0)
        return r;
    if ((r = dara_dialect_split(dara_session_driver(scratch), text, length, &script)) < 0) {
        dara_error_at(snapshot->text_path, 0);
        return r;
    }
    for (size_t i = 0; i < script->count; i++)
        if ((r = run_statement(scratch, snapshot, &script->statements[i])) < 0)
            return r;
    return 0;
}

int dara_snapshot_restore_check(struct dara_context *context, const struct dara_snapshot *snapshot,
                                const char **ret_why)
{
    const struct dara_driver *driver;
    int r;
    *ret_why = NULL;
    if (dara_context_url(context) < 0 || dara_context_driver(context, &driver) < 0) {
        dara_error_clear();
        *ret_why = "no connection is configured";
        return 0;
    }
    if (strcmp(driver->name, snapshot->engine)) {
        *ret_why = "it was taken from another engine";
        return 0;
    }
    if (!dara_driver_has_group(driver, "scratch") || !dara_driver_has_group(driver, "dialect")) {
        *ret_why = "this engine has no scratch databases";
        return 0;
    }
    DARA_SESSION_LOCAL scratch = NULL;
    DARA_MODEL_LOCAL model = NULL;
    DARA_MODEL_LOCAL written = NULL;
    char hash[65], wanted[65];
    r = dara_target_scratch(context, &scratch);
    if (r == DARA_EUNSUPPORTED || r == DARA_ECONNECT) { /* that says nothing of the snapshot */
        *ret_why = r == DARA_ECONNECT ? "the server cannot be reached" : "no scratch database can be made as this user";
        dara_error_clear();
        return 0;
    }
    if (r < 0 || (r = run_text(scratch, snapshot)) < 0)
        return r;
    dara_session_limit(scratch, snapshot->spaces);
    if ((r = dara_session_read(scratch, &model)) < 0)
        return r;
    if ((r = dara_snapshot_model(snapshot, &written)) < 0)
        return r;
    dara_model_fingerprint_of(written, snapshot->scope, wanted);
    dara_model_fingerprint_of(model, snapshot->scope, hash);
    if (strcmp(hash, wanted))
        return dara_error_set(DARA_EDIFFERENT, "snapshot '%s' restores to another schema than its model says",
                              snapshot->id);
    return 0;
}
