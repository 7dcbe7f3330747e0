/* SPDX-License-Identifier: MIT */
/*
 * dry-run where the engine cannot take back what a migration does to the schema: on a scratch database with the schema of the
 * real one and none of its rows.
 */
#include <string.h>

#include "base/error-keep.h"
#include "base/file.h"
#include "service/compare.h"
#include "service/run.h"
#include "service/show.h"
#include "service/target.h"

static const char failed_why[] = "not told: it fails where its rows are not";
static const char refused_why[] = "not rehearsed: its effect is not in the copy alone";
static const char lacking_why[] = "not told: it fails where a statement before it was not run";

/* What the copy does not have is shown as missing from it, and never as a change by the file. */
static int use_copy(struct dara_run *run, struct dara_session *scratch)
{
    DARA_MODEL_LOCAL copy = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int r = dara_target_make(scratch, run->before);
    if (r == 0 && dara_session_in_transaction(scratch))
        r = dara_session_commit(scratch);
    if (r < 0 || (r = dara_session_read(scratch, &copy)) < 0 || (r = dara_diff_new(run->before, copy, &diff)) < 0)
        return r;
    if (dara_diff_count(diff)) {
        DARA_TEXT_LOCAL words = DARA_TEXT_INIT;
        dara_compare_words(diff, &words);
        dara_report_note(run->report, DARA_NOTE_WARN, "the copy is not quite the schema that is there: %s",
                         dara_text_string(&words));
    }
    dara_model_free(run->before);
    run->before = copy;
    copy = NULL;
    return 0;
}

/* What the copy is not for, or what fails there for want of something, is told and left out. */
static int leave_out(struct dara_run *run, const struct dara_migration *migration, size_t statement, const char *what,
                     const char *why)
{
    dara_report_note(run->report, DARA_NOTE_WARN, "%s:%u: %s: %s", dara_file_base(migration->path),
                     migration->script->statements[statement].line, what, dara_error_last()->message);
    dara_error_clear();
    run->ran[run->ran_count - 1].failed = false;
    run->ran[run->ran_count - 1].skipped = why;
    return 0;
}

static int rehearse_statement(struct dara_run *run, size_t index, size_t statement, bool *incomplete)
{
    const struct dara_migration *migration = run->pending[index];
    int r = dara_run_statements(run, index, statement, statement + 1);
    if (r == DARA_EUNSUPPORTED) {
        bool lacks = !(migration->facts[statement]->flags & DARA_STATEMENT_ELSEWHERE);
        *incomplete = *incomplete || lacks; /* what follows may need what it would have done */
        return leave_out(run, migration, statement, "not rehearsed", refused_why);
    }
    if (r != DARA_ESTATEMENT)
        return r;
    if (*incomplete)
        return leave_out(run, migration, statement, "where a statement before it was not rehearsed it fails",
                         lacking_why);
    if (dara_facts_only_rows(migration->facts[statement]))
        return leave_out(run, migration, statement, "over rows that the copy does not have it fails", failed_why);
    return r;
}

static int rehearse_files(struct dara_run *run)
{
    bool incomplete = false;
    int r = 0;
    for (size_t i = 0; r == 0 && i < run->pending_count; i++) {
        for (size_t k = 0; r == 0 && k < run->pending[i]->script->count; k++) {
            r = rehearse_statement(run, i, k, &incomplete);
            if (r == 0 && !run->ran[run->ran_count - 1].skipped)
                r = dara_rehearse_search(run, i, k);
        }
        if (r == 0)
            r = dara_session_reset(run->session);
    }
    return r < 0 ? r : dara_session_read(run->session, &run->after);
}

/* The error tells the statement; this tells that nobody need worry. */
static int say_untouched(int code)
{
    const struct dara_error *last = dara_error_last();
    DARA_TEXT_LOCAL detail = DARA_TEXT_INIT;
    if (last->detail)
        dara_text_format(&detail, "%s\n", last->detail);
    dara_text_add(&detail, "it failed on the scratch copy: the database itself was not touched");
    dara_error_detail("%s", dara_text_string(&detail));
    return code;
}

static void say_how(const struct dara_run *run)
{
    if (dara_session_can_search(run->session))
        dara_report_note(run->report, DARA_NOTE_INFO,
                         "rehearsed on a scratch copy of the schema, which has no rows; the real ones were only "
                         "searched for what a change would fail on");
    else
        dara_report_note(
            run->report, DARA_NOTE_WARN,
            "rehearsed on a scratch copy of the schema, without rows: what depends on rows (duplicates, NULLs, "
            "values out of range, orphans, and the time it takes) is not found there");
}

int dara_rehearse_scratch(struct dara_run *run)
{
    DARA_SESSION_LOCAL scratch = NULL;
    struct dara_session *real = run->session;
    int r;
    if ((r = dara_target_look(run->session, &run->before)) < 0)
        return r;
    if (!run->beforehand)
        dara_run_warn_drift(run);
    if ((r = dara_target_scratch(run->context, &scratch)) < 0 || (r = use_copy(run, scratch)) < 0)
        return r;
    if ((r = dara_session_sizes(real, &run->sizes)) < 0)
        return r;
    run->session = scratch;
    run->real = real;
    run->copied = true;
    r = dara_run_observe(run);
    r = r < 0 ? r : rehearse_files(run);
    run->session = real;
    run->real = NULL;
    say_how(run);
    return r < 0 ? say_untouched(r) : dara_rehearse_judge(run);
}
