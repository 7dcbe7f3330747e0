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

/* Whether a statement outside a transaction that did not get its locks may run again as if it had never run. */
static bool did_nothing(const struct dara_run *run, const struct dara_migration *migration, size_t i)
{
    const struct dara_statement *statement = &migration->script->statements[i];
    enum dara_outcome outcome = DARA_OUTCOME_DONE;
    if (!has(migration->facts[i], DARA_STATEMENT_SCHEMA) ||
        has(migration->facts[i], DARA_STATEMENT_DATA | DARA_STATEMENT_UNREAD))
        return false;
    struct dara_error *kept = dara_error_keep();
    int r = dara_session_settle(run->session, statement->text, statement->length, &outcome);
    dara_error_restore(kept);
    return r == 0 &&
           (outcome == DARA_OUTCOME_NOTHING ||
            (outcome == DARA_OUTCOME_UNKNOWN && !dara_session_feature(run->session, DARA_FEATURE_TRANSACTIONAL_DDL)));
}

static int run_patiently(struct progress *at, size_t i)
{
    struct dara_run *run = at->run;
    struct dara_retry retry;
    int r;
    dara_retry_begin(run, &retry);
    while ((r = dara_run_statements(run, at->index, i, i + 1)) == DARA_ELOCKED)
        if (!did_nothing(run, run->pending[at->index], i) || !dara_retry_piece(run, &retry, r))
            return r;
    dara_retry_show(run, &retry);
    return r;
}

static int run_alone(struct progress *at, size_t i)
{
    struct dara_run *run = at->run;
    const struct dara_migration *migration = run->pending[at->index];
    bool setting = is_setting(migration->facts[i]);
    size_t from = run->ran_count;
    int r = setting ? 0 : dara_journal_starts(&run->journal, migration, i);
    if (r < 0 || (r = run_patiently(at, i)) < 0)
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

/* Keeps the error that made it necessary. */
static int roll_back(struct dara_run *run)
{
    struct dara_error *kept = dara_error_keep();
    int r = dara_session_in_transaction(run->session) ? dara_session_rollback(run->session) : 0;
    dara_error_restore(kept);
    return r;
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
        if (!last_failed(run) || roll_back(run) < 0 || !dara_retry_piece(run, &retry, r))
            return r;
    }
    dara_retry_show(run, &retry);
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

/* The first statement of the next file is recorded as started where the last of this one is recorded as done, as within a file. */
static void begin_next(struct dara_run *run, size_t index)
{
    const struct dara_migration *migration = run->pending[index];
    const size_t count = run->pending[index - 1]->script->count;
    if (is_setting(migration->facts[0]) || dara_run_together(run->session, migration->facts[0]))
        return;
    run->journal.base += (unsigned)count;
    dara_journal_will_start(&run->journal, migration, 0);
    run->journal.base -= (unsigned)count;
}

/* Whole: the history gets it in the transaction that records its last statement. With the last file of the run its journal goes. */
static int record_whole(struct dara_run *run, size_t index, bool last)
{
    bool schema = dara_session_feature(run->session, DARA_FEATURE_TRANSACTIONAL_DDL);
    char hash[65];
    int r = dara_session_begin(run->session, schema ? DARA_BEGIN_SCHEMA : DARA_BEGIN_DATA);
    if (r < 0)
        return r;
    if (last) {
        run->after = dara_model_free(run->after);
        if ((r = dara_session_read(run->session, &run->after)) < 0)
            return r;
        dara_model_fingerprint(run->after, hash);
        dara_journal_drop(&run->journal);
        r = dara_session_journal_forget(run->session, run->journal.id);
    } else {
        begin_next(run, index + 1);
        r = dara_journal_flush(&run->journal);
    }
    if (r < 0 || (r = dara_run_record_as(run, index, index + 1, last ? hash : NULL)) < 0)
        return r;
    return dara_session_commit(run->session);
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
    if (r < 0) {
        dara_journal_will_not_start(&run->journal);
        return dara_run_stop(run, index, at.done);
    }
    run->journal.base += (unsigned)run->pending[index]->script->count;
    run->committed = index + 1;
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
