/* SPDX-License-Identifier: MIT */
/* --abandon: back to the schema before the migration that was interrupted, under the guards of rollback. */
#include <string.h>

#include "service/compare.h"
#include "service/replay.h"
#include "service/rollback-way.h"
#include "service/run.h"
#include "service/take-back.h"

struct abandon {
    struct dara_context *context;
    const struct dara_migrate_options *options;
    struct dara_report *report;
    struct dara_session *session;
    struct dara_interrupted interrupted;
    const char *version; /* NULL: the run ended between two files */
};

/* Rows that were written stay: no plan of a schema takes them back. */
static int say_rows(const struct abandon *abandon)
{
    DARA_TEXT_LOCAL list = DARA_TEXT_INIT;
    for (size_t i = 0; i < abandon->interrupted.count; i++) {
        const struct dara_journal_entry *entry = &abandon->interrupted.statements[i];
        if (!entry->version || strcmp(entry->version, abandon->version) != 0 || strcmp(entry->state, "done") != 0 ||
            entry->rows == 0 || !entry->text)
            continue;
        DARA_FACTS_LOCAL facts = NULL;
        const struct dara_statement statement = {.text = entry->text, .length = strlen(entry->text), .line = 1};
        int r = dara_dialect_classify(dara_session_driver(abandon->session), &statement, &facts);
        if (r < 0)
            return r;
        if (facts->flags & DARA_STATEMENT_DATA && !(facts->flags & DARA_STATEMENT_NO_TRANSACTION))
            dara_text_format(&list, "%s%u", list.length ? ", " : "", entry->statement);
    }
    if (list.length)
        dara_report_note(abandon->report, DARA_NOTE_WARN, "rows that these statements wrote stay as they are: %s",
                         dara_text_string(&list));
    return 0;
}

/* In the transaction that ends the way back. */
static int close_run(void *context, const struct dara_model *live)
{
    const struct abandon *abandon = context;
    return dara_take_back_close(abandon->session, abandon->interrupted.run->run, live);
}

/* Look, show, ask, save: nothing is changed yet. */
static int prepare(struct abandon *abandon, const struct dara_model *before, unsigned scope,
                   struct dara_rollback_way **ret_way)
{
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    struct dara_rollback_marks marks = {.count = 0};
    int r = dara_session_begin(abandon->session, DARA_BEGIN_READ);
    if (r < 0 || (r = dara_rollback_way_new(abandon->context, abandon->session, scope, before, NULL, &way)) < 0 ||
        (r = dara_compare_runnable(way->stages[0].plan, abandon->report)) < 0)
        return r;
    dara_rollback_losses_count(way, abandon->session);
    DARA_FREE char *title = dara_format("the schema before migration %s", abandon->version);
    if (dara_diff_count(way->diff) > 0) {
        r = dara_rollback_confirm(abandon->context, abandon->report, way, NULL, &marks, title);
        if (r == 0)
            r = dara_rollback_save(abandon->context, abandon->session, way, !abandon->options->snapshots,
                                   abandon->report, NULL);
    }
    if (r < 0 || (r = dara_session_rollback(abandon->session)) < 0)
        return r;
    *ret_way = way;
    way = NULL;
    return 0;
}

static int go_back(struct abandon *abandon)
{
    DARA_MODEL_LOCAL before = NULL;
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    struct dara_journal_run journal = {.session = NULL};
    unsigned scope;
    int r = dara_replay_before(abandon->context, &abandon->interrupted, abandon->version, &before, &scope);
    if (r < 0 || (r = prepare(abandon, before, scope, &way)) < 0)
        return r;
    dara_journal_reopen(&journal, abandon->context, abandon->session, abandon->interrupted.run);
    r = dara_journal_mark(&journal, "taking back");
    if (r == 0)
        r = dara_take_back_run(abandon->session, way->stages[0].plan, before, scope, close_run, abandon);
    dara_journal_done_with(&journal);
    if (r < 0) {
        dara_error_hint(
            "nothing is lost that was not shown: 'dara apply-migration --abandon' goes the rest of the way");
        return r;
    }
    dara_report_bool(abandon->report, "done", NULL, true);
    dara_report_note(abandon->report, DARA_NOTE_OK, "abandoned: the schema is what it was before migration '%s'",
                     abandon->version);
    return say_rows(abandon);
}

static int abandon_found(struct abandon *abandon)
{
    DARA_HISTORY_LOCAL history = NULL;
    int r = dara_session_history_list(abandon->session, &history);
    if (r < 0)
        return r;
    dara_report_text(abandon->report, "url", "database", abandon->context->url->redacted);
    dara_report_text(abandon->report, "run", NULL, abandon->interrupted.run->run);
    abandon->version = dara_interrupted_version(&abandon->interrupted, history);
    dara_report_text(abandon->report, "version", NULL, abandon->version);
    if (abandon->version)
        return go_back(abandon);
    dara_report_bool(abandon->report, "done", NULL, true);
    dara_report_note(abandon->report, DARA_NOTE_OK,
                     "the run was interrupted between two migrations: nothing is part-way, and what is applied stays");
    return dara_session_journal_forget(abandon->session, abandon->interrupted.run->run);
}

static int run(struct abandon *abandon)
{
    DARA_FREE char *owner = dara_context_owner(abandon->context);
    int r;
    if ((r = dara_context_url(abandon->context)) < 0 ||
        (abandon->options->snapshots && (r = dara_context_project(abandon->context)) < 0) ||
        (r = dara_context_guard(abandon->context)) < 0 ||
        (r = dara_context_open(abandon->context, DARA_MODE_WRITE, &abandon->session)) < 0 ||
        (r = dara_session_lock(abandon->session, owner, abandon->context->lock_timeout_ms)) < 0 ||
        (r = dara_interrupted_find(abandon->session, true, &abandon->interrupted)) < 0)
        return r;
    if (dara_interrupted_is_rollback(&abandon->interrupted))
        return dara_interrupted_say(&abandon->interrupted, "a migration is abandoned");
    if (abandon->interrupted.run)
        return abandon_found(abandon);
    dara_report_bool(abandon->report, "done", NULL, false);
    dara_report_note(abandon->report, DARA_NOTE_OK, "there is nothing to abandon: no run was interrupted");
    return 0;
}

int dara_migrate_abandon(struct dara_context *context, const struct dara_migrate_options *options,
                         struct dara_report *report)
{
    struct abandon abandon = {.context = context, .options = options, .report = report};
    int r = run(&abandon);
    dara_interrupted_done(&abandon.interrupted);
    dara_session_close(abandon.session);
    return r;
}
