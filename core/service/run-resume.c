/* SPDX-License-Identifier: MIT */
/* --resume: where the interrupted run is, whether its file is still what ran, and what became of the statement in doubt. */
#include <string.h>

#include "base/file.h"
#include "base/line-diff.h"
#include "service/doubt.h"
#include "service/replay.h"
#include "service/rollback-way.h"
#include "service/run.h"
#include "service/take-back.h"

struct resume {
    struct dara_run *run;
    struct dara_interrupted interrupted;
    const char *version;
    const struct dara_migration *migration;
    const struct dara_journal_entry *first; /* its first statement in the journal, or NULL */
    size_t count;                           /* of its statements there */
};

/* ---- the file ----------------------------------------------------------------------------------------------------- */

/* Its place in the run is the first: what waited behind it waits on. */
static int find_file(struct resume *resume)
{
    struct dara_run *run = resume->run;
    size_t at = 0;
    while (at < run->pending_count && strcmp(run->pending[at]->version, resume->version) != 0)
        at++;
    if (at == run->pending_count) {
        dara_error_set(DARA_EREFUSED, "the file of the interrupted migration '%s' is not there", resume->version);
        dara_error_hint("give the folder it is in, or go back with 'dara apply-migration --abandon'");
        return DARA_EREFUSED;
    }
    const struct dara_migration *migration = run->pending[at];
    struct dara_gate_shape shape = {.journaled = true};
    memmove(run->pending + 1, run->pending, at * sizeof(*run->pending));
    memmove(run->shapes + 1, run->shapes, at * sizeof(*run->shapes));
    run->pending[0] = migration;
    run->shapes[0] = shape;
    resume->migration = migration;
    return 0;
}

static void find_entries(struct resume *resume)
{
    const struct dara_interrupted *interrupted = &resume->interrupted;
    for (size_t i = 0; i < interrupted->count; i++) {
        const struct dara_journal_entry *entry = &interrupted->statements[i];
        if (!entry->version || strcmp(entry->version, resume->version) != 0)
            continue;
        resume->first = resume->first ? resume->first : entry;
        resume->count++;
    }
}

/* ---- edits -------------------------------------------------------------------------------------------------------- */

static bool is_same(const struct resume *resume, const struct dara_journal_entry *entry)
{
    char hash[65];
    const struct dara_script *script = resume->migration->script;
    if (entry->statement == 0 || entry->statement > script->count)
        return false;
    const struct dara_statement *statement = &script->statements[entry->statement - 1];
    dara_sha256(statement->text, statement->length, hash);
    return entry->checksum && !strcmp(hash, entry->checksum);
}

static void add_edit(const struct resume *resume, const struct dara_journal_entry *entry, struct dara_text *out)
{
    const struct dara_script *script = resume->migration->script;
    bool there = entry->statement > 0 && entry->statement <= script->count;
    dara_text_format(out, "statement %u, %s\n", entry->statement, entry->state);
    dara_line_diff(entry->text ? entry->text : "", there ? script->statements[entry->statement - 1].text : "", "", out);
}

/* What ran must be what the file has; what did not may be mended. */
static int check_edits(const struct resume *resume)
{
    DARA_TEXT_LOCAL edits = DARA_TEXT_INIT;
    const struct dara_journal_entry *ran = NULL;
    for (size_t i = 0; i < resume->count; i++) {
        const struct dara_journal_entry *entry = &resume->first[i];
        if (is_same(resume, entry))
            continue;
        add_edit(resume, entry, &edits);
        if (strcmp(entry->state, "failed") != 0 && !ran)
            ran = entry;
    }
    if (!edits.length)
        return 0;
    dara_report_block(resume->run->report, "edited", "Edited since the run", "diff", dara_text_string(&edits));
    if (!ran)
        return 0;
    dara_error_set(DARA_EREFUSED, "statement %u of the interrupted migration was edited after it ran", ran->statement);
    dara_error_hint("take the edit back (only statements that have not run may change), or go back with 'dara "
                    "apply-migration --abandon'");
    const struct dara_script *script = resume->migration->script;
    dara_error_at(resume->migration->path,
                  ran->statement <= script->count ? (long)script->statements[ran->statement - 1].line : 0);
    return DARA_EREFUSED;
}

/* ---- the statement in doubt --------------------------------------------------------------------------------------- */

static int fail_doubt(const struct resume *resume, const struct dara_journal_entry *entry)
{
    dara_error_set(DARA_EPARTIAL, "whether statement %u took effect cannot be told", entry->statement);
    dara_error_detail("%.400s", entry->text ? entry->text : "");
    dara_error_hint("look, then give --doubt done (it did) or --doubt again (it did not: run it)");
    dara_error_at(resume->migration->path, (long)resume->migration->script->statements[entry->statement - 1].line);
    return DARA_EPARTIAL;
}

static int settle(struct resume *resume, const struct dara_journal_entry *entry, bool *ret_done)
{
    struct dara_run *run = resume->run;
    enum dara_outcome outcome;
    int r = dara_doubt_settle(run->context, run->session, &resume->interrupted, entry, &outcome);
    if (r < 0)
        return r;
    const char *word = run->options->doubt;
    if (outcome == DARA_OUTCOME_UNKNOWN && !word)
        return fail_doubt(resume, entry);
    bool done = outcome == DARA_OUTCOME_UNKNOWN ? !strcmp(word, "done") : outcome == DARA_OUTCOME_DONE;
    dara_report_note(run->report, DARA_NOTE_INFO, "statement %u was in doubt: %s", entry->statement,
                     done ? "it took effect" : "it did not take effect and runs again");
    *ret_done = done;
    return 0;
}

static int find_start(struct resume *resume)
{
    struct dara_run *run = resume->run;
    size_t done = 0;
    while (done < resume->count && !strcmp(resume->first[done].state, "done"))
        done++;
    if (done < resume->count && !strcmp(resume->first[done].state, "started")) {
        bool took = false;
        const struct dara_journal_entry *entry = &resume->first[done];
        int r = settle(resume, entry, &took);
        if (r < 0)
            return r;
        if (took) {
            dara_journal_ends(&run->journal, resume->migration, done,
                              &(struct dara_journal_outcome){.started_at = entry->started_at}, false);
            done++;
        }
    }
    run->resume_from = done;
    return dara_journal_flush(&run->journal);
}

/* ---- on the way back ---------------------------------------------------------------------------------------------- */

static int close_run(void *context, const struct dara_model *live)
{
    const struct resume *resume = context;
    return dara_take_back_close(resume->run->session, resume->interrupted.run->run, live);
}

/* It was killed while it went back, which had been found to destroy nothing: it goes the rest, if that still holds. */
static int finish_going_back(struct resume *resume)
{
    struct dara_session *session = resume->run->session;
    DARA_MODEL_LOCAL before = NULL;
    DARA_ROLLBACK_WAY_LOCAL way = NULL;
    unsigned scope;
    int r = dara_replay_before(resume->run->context, &resume->interrupted, resume->version, &before, &scope);
    if (r < 0 || (r = dara_rollback_way_new(resume->run->context, session, scope, before, NULL, &way)) < 0)
        return r;
    for (size_t i = 0; i < way->loss_count; i++) {
        dara_rollback_losses_count(way, session);
        if (way->losses[i].counted && way->losses[i].rows == 0)
            continue;
        DARA_FREE char *name = dara_object_describe(way->losses[i].object);
        dara_error_set(DARA_EPARTIAL, "the run was on its way back, and the rest of it would destroy %s", name);
        dara_error_hint("'dara apply-migration --abandon' shows what is lost, saves it and goes the rest");
        return DARA_EPARTIAL;
    }
    r = dara_take_back_run(session, way->stages[0].plan, before, scope, close_run, resume);
    if (r == 0)
        dara_report_note(resume->run->report, DARA_NOTE_INFO,
                         "the way back from the interrupted run was finished first");
    return r;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

static int go_on(struct resume *resume)
{
    struct dara_run *run = resume->run;
    int r = find_file(resume);
    if (r < 0)
        return r;
    find_entries(resume);
    if ((r = check_edits(resume)) < 0)
        return r;
    dara_journal_reopen(&run->journal, run->context, run->session, resume->interrupted.run);
    run->journal.base = resume->first ? resume->first->place - 1 : 0;
    if (!resume->first && resume->interrupted.count)
        run->journal.base = resume->interrupted.statements[resume->interrupted.count - 1].place;
    if ((r = find_start(resume)) < 0)
        return r;
    run->resumed = true;
    dara_report_note(run->report, DARA_NOTE_INFO, "going on with migration '%s' after %zu of %zu statements",
                     resume->version, run->resume_from, resume->migration->script->count);
    return 0;
}

static int resume_found(struct resume *resume)
{
    struct dara_run *run = resume->run;
    resume->version = dara_interrupted_version(&resume->interrupted, run->history);
    if (resume->interrupted.going_back)
        return finish_going_back(resume);
    if (resume->version)
        return go_on(resume);
    /* Between two files: nothing is part-way. */
    run->resumed = true;
    return dara_session_journal_forget(run->session, resume->interrupted.run->run);
}

int dara_run_resume(struct dara_run *run)
{
    struct resume resume = {.run = run};
    if (!run->options->resume)
        return dara_interrupted_refuse(run->session, "anything else is applied");
    int r = dara_interrupted_find(run->session, true, &resume.interrupted);
    if (r == 0 && dara_interrupted_is_rollback(&resume.interrupted))
        r = dara_interrupted_say(&resume.interrupted, "a migration is resumed");
    else if (r == 0 && resume.interrupted.run)
        r = resume_found(&resume);
    else if (r == 0)
        dara_report_note(run->report, DARA_NOTE_INFO, "there is nothing to resume: no run was interrupted");
    dara_interrupted_done(&resume.interrupted);
    return r;
}
