/* SPDX-License-Identifier: MIT */
/* Files that no transaction holds: statement by statement, each recorded before and after. */
#include <string.h>

#include "base/error-keep.h"
#include "service/run.h"

static bool has(const struct dara_statement_facts *facts, unsigned flags)
{
    return (facts->flags & flags) != 0;
}

bool dara_run_together(const struct dara_session *session, const struct dara_statement_facts *facts)
{
    if (has(facts, DARA_STATEMENT_NO_TRANSACTION | DARA_STATEMENT_BEFORE_TRANSACTION))
        return false;
    if (dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL))
        return true;
    return dara_facts_only_rows(facts);
}

/* A setting of the session ends with it: there is nothing to be in doubt about. */
static bool is_setting(const struct dara_statement_facts *facts)
{
    return has(facts, DARA_STATEMENT_SESSION | DARA_STATEMENT_BEFORE_TRANSACTION);
}

/* ---- one file ----------------------------------------------------------------------------------------------------- */

/* Where a file stands. */
struct progress {
    struct dara_run *run;
    size_t index; /* of the pending file */
    size_t done;  /* statements whose effect is there and recorded, or about to be with the next record */
};

static void note_done(struct progress *at, size_t ran_from, bool text)
{
    struct dara_run *run = at->run;
    for (size_t i = ran_from; i < run->ran_count; i++) {
        const struct dara_ran *ran = &run->ran[i];
        dara_journal_ends(&run->journal, run->pending[at->index], ran->statement,
                          &(struct dara_journal_outcome){
                              .started_at = ran->started_at, .rows = ran->rows, .duration_us = ran->duration_us},
                          text);
    }
}

/* Whether a statement outside a transaction that did not get its locks may run again. */
static bool did_nothing(const struct dara_run *run, const struct dara_migration *migration, size_t i)
{
    const struct dara_statement *statement = &migration->script->statements[i];
    return has(migration->facts[i], DARA_STATEMENT_SCHEMA) &&
           !has(migration->facts[i], DARA_STATEMENT_DATA | DARA_STATEMENT_UNREAD) &&
           dara_attempts_did_nothing(run->session, statement->text, statement->length);
}

static int run_patiently(struct progress *at, size_t i)
{
    struct dara_run *run = at->run;
    struct dara_retry retry;
    int r;
    dara_retry_begin(run, &retry);
    while ((r = dara_run_statements(run, at->index, i, i + 1)) == DARA_ELOCKED) {
        if ((run->step && !run->recorded) || !did_nothing(run, run->pending[at->index], i) ||
            !dara_retry_piece(run, &retry, r))
            return r;
        run->step = NULL; /* the records are made */
    }
    dara_retry_show(run);
    return r;
}

/* With all that waits to be recorded, its own beginning last. What could not be recorded waits on, but for that. */
static int run_step(struct progress *at, size_t i)
{
    struct dara_run *run = at->run;
    struct dara_journal_run *journal = &run->journal;
    const struct dara_statement *statement = &run->pending[at->index]->script->statements[i];
    dara_journal_starts(journal, run->pending[at->index], i);
    const struct dara_journal_step step = {
        .size = sizeof(step),
        .entries = journal->entries,
        .count = journal->waiting,
        .history = run->whole ? dara_run_entries(run, at->index - 1, at->index, NULL, journal->arena) : NULL,
        .text = statement->text,
        .length = statement->length,
    };
    run->step = &step;
    run->recorded = false;
    int r = run_patiently(at, i);
    run->step = NULL;
    if (!run->recorded) {
        run->ran_count -= r != DARA_EINTERRUPTED; /* by which a run stops at the statement */
        journal->waiting--;
        return r;
    }
    dara_journal_drop(journal);
    if (run->whole)
        run->committed = at->index;
    run->whole = false;
    return r;
}

static int run_alone(struct progress *at, size_t i)
{
    struct dara_run *run = at->run;
    bool setting = is_setting(run->pending[at->index]->facts[i]);
    size_t from = run->ran_count;
    int r = setting ? run_patiently(at, i) : run_step(at, i);
    if (r < 0)
        return r;
    note_done(at, from, setting);
    at->done = i + 1;
    return 0;
}

static int commit_stretch(struct progress *at, size_t from, size_t to)
{
    struct dara_run *run = at->run;
    bool schema = dara_session_feature(run->session, DARA_FEATURE_TRANSACTIONAL_DDL);
    size_t ran_from = run->ran_count;
    int r = dara_session_begin(run->session, schema ? DARA_BEGIN_SCHEMA : DARA_BEGIN_DATA);
    if (r < 0 || (r = dara_run_statements(run, at->index, from, to)) < 0)
        return r;
    note_done(at, ran_from, true);
    return (r = dara_journal_flush(&run->journal)) < 0 ? r : dara_session_commit(run->session);
}

/* Not what came behind the statements: that dara's own lock is lost is nothing to try again. */
static bool last_failed(const struct dara_run *run)
{
    return run->ran_count && run->ran[run->ran_count - 1].failed;
}

/* What waits is recorded before: a stretch that is rolled back must not take it along. */
static int run_together(struct progress *at, size_t from, size_t to)
{
    struct dara_run *run = at->run;
    struct dara_retry retry;
    int r = dara_journal_flush(&run->journal);
    if (r < 0)
        return r;
    dara_retry_begin(run, &retry);
    while ((r = commit_stretch(at, from, to)) < 0) {
        dara_journal_drop(&run->journal);
        if (!last_failed(run) || !dara_attempts_roll_back(run->session) || !dara_retry_piece(run, &retry, r))
            return r;
    }
    dara_retry_show(run);
    at->done = to;
    return 0;
}

static int run_statements(struct progress *at)
{
    const struct dara_migration *migration = at->run->pending[at->index];
    size_t count = migration->script->count;
    int r = 0;
    for (size_t i = at->done, end; r == 0 && i < count; i = end) {
        end = i;
        while (end < count && dara_run_together(at->run->session, migration->facts[end]))
            end++;
        if (end > i)
            r = run_together(at, i, end);
        else
            r = run_alone(at, end++);
    }
    return r;
}

/* The history gets it with what records its last statement as done: where the next file begins with a statement outside a transaction,
 * with that one's beginning, as within a file. */
static bool waits_for_next(const struct dara_run *run, size_t index)
{
    const struct dara_statement_facts *next = run->pending[index + 1]->facts[0];
    return !is_setting(next) && !dara_run_together(run->session, next);
}

static int record_history(struct dara_run *run, size_t index, const char *fingerprint)
{
    int r = dara_journal_flush(&run->journal);
    if (r < 0 || (r = dara_run_record_as(run, index, index + 1, fingerprint)) < 0 ||
        (r = dara_session_commit(run->session)) < 0)
        return r;
    run->committed = index + 1;
    run->whole = false;
    return 0;
}

static int begin_record(struct dara_run *run)
{
    bool schema = dara_session_feature(run->session, DARA_FEATURE_TRANSACTIONAL_DDL);
    return dara_session_begin(run->session, schema ? DARA_BEGIN_SCHEMA : DARA_BEGIN_DATA);
}

/* With the last file of the run its journal goes. */
static int record_last(struct dara_run *run, size_t index)
{
    char hash[65];
    int r = begin_record(run);
    run->after = dara_model_free(run->after);
    if (r < 0 || (r = dara_run_read(run, &run->after)) < 0)
        return r;
    dara_model_fingerprint(run->after, hash);
    dara_journal_drop(&run->journal);
    r = dara_session_journal_forget(run->session, run->journal.id);
    return r < 0 ? r : record_history(run, index, hash);
}

static int record_whole(struct dara_run *run, size_t index, bool last)
{
    if (last)
        return record_last(run, index);
    run->whole = waits_for_next(run, index);
    int r = run->whole ? 0 : begin_record(run);
    return r < 0 || run->whole ? r : record_history(run, index, NULL);
}

/* A resumed run has another session: what its file had set is set again. */
static int set_again(struct dara_run *run, size_t index, size_t done)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < done; i++)
        if (is_setting(run->pending[index]->facts[i]))
            r = dara_run_statements(run, index, i, i + 1);
    return r;
}

/* The file before is whole, and what should have recorded it was not made: by a signal, say, and then it can be. */
static int stop_between(struct dara_run *run, size_t index)
{
    struct dara_error *kept = dara_error_keep();
    int r = begin_record(run);
    if (r == 0)
        r = record_history(run, index - 1, NULL);
    dara_error_restore(kept);
    if (r == 0)
        return dara_run_stop(run, index, 0);
    const size_t done = run->pending[index - 1]->script->count;
    run->whole = false;
    run->journal.base -= (unsigned)done;
    return dara_run_stop(run, index - 1, done);
}

static int run_file(struct dara_run *run, size_t index, bool last)
{
    struct progress at = {.run = run, .index = index, .done = index == 0 ? run->resume_from : 0};
    int r = set_again(run, index, at.done);
    if (r == 0)
        r = run_statements(&at);
    if (r == 0)
        r = dara_session_reset(run->session);
    if (r == 0)
        r = record_whole(run, index, last);
    if (r < 0)
        return run->whole ? stop_between(run, index) : dara_run_stop(run, index, at.done);
    run->journal.base += (unsigned)run->pending[index]->script->count;
    return 0;
}

/* ---- the run ------------------------------------------------------------------------------------------------------ */

/* Through a transaction pooler the session is another for each statement, so that a setting would hold for whoever comes next. */
static int check_settings(const struct dara_run *run, size_t first, size_t end)
{
    struct dara_server server = {.size = sizeof(server)};
    int r = dara_session_describe(run->session, &server);
    if (r < 0 || !server.pooler || strcmp(server.pooler, "transaction") != 0)
        return r;
    for (size_t i = first; i < end; i++)
        for (size_t k = 0; k < run->pending[i]->script->count; k++) {
            if (!is_setting(run->pending[i]->facts[k]))
                continue;
            dara_error_set(DARA_EUNSUPPORTED,
                           "a setting of the session does not hold through a transaction pooler, and this file has a "
                           "statement that runs outside a transaction");
            dara_error_hint("connect to the server itself, or move the settings into a migration of their own");
            dara_error_at(run->pending[i]->path, (long)run->pending[i]->script->statements[k].line);
            return DARA_EUNSUPPORTED;
        }
    return 0;
}

static int open_run(struct dara_run *run, size_t first)
{
    const struct dara_model *before = run->committed > 0 ? run->after : run->before;
    if (run->journal.id[0] && run->resumed && first == 0)
        return 0;
    int r = dara_session_history_ensure(run->session);
    return r < 0 ? r : dara_journal_open(&run->journal, run->context, run->session, before, run->pending[first]);
}

int dara_run_journaled(struct dara_run *run, size_t first, size_t end)
{
    int r;
    if ((r = dara_run_start_apart(run)) < 0 || (r = check_settings(run, first, end)) < 0 ||
        (r = open_run(run, first)) < 0)
        return r;
    for (size_t i = first; r == 0 && i < end; i++)
        r = run_file(run, i, i + 1 == end);
    if (r == 0)
        run->journal.id[0] = '\0';
    return r;
}
