/* SPDX-License-Identifier: MIT */
/* The engine under apply-migration and dry-run: what is pending, the state it starts from, the statements one by one. */
#ifndef DARA_SERVICE_RUN_H
#define DARA_SERVICE_RUN_H

#include <stdint.h>

#include "service/attempt.h"
#include "service/gate.h"
#include "service/journal.h"
#include "service/migrate.h"
#include "service/snapshot.h"

/* One statement that was run, or was left out. */
struct dara_ran {
    const struct dara_migration *migration;
    size_t statement;
    int64_t duration_us;
    uint64_t rows;
    const char *skipped; /* why it was left out; NULL when it ran */
    bool failed;
    char started_at[21];
};

struct dara_run {
    struct dara_context *context;
    const struct dara_migrate_options *options;
    struct dara_report *report;
    struct dara_session *session;
    struct dara_migrations *migrations;
    struct dara_history_list *history;
    bool single; /* PATH is a file */
    size_t pending_count;
    const struct dara_migration **pending; /* by version */
    struct dara_gate_shape *shapes;        /* of each pending */
    int64_t *durations_us;                 /* of each pending */
    struct dara_model *before, *after;     /* before the first statement, after the last one so far */
    struct dara_snapshot *pre, *post;
    size_t committed; /* pending migrations whose transaction is committed */
    bool unread;      /* the schema that they left has not been read, and the history does not say what it is */
    int64_t read_us, read_at_us; /* how long the last reading took, and when it ended */
    size_t ran_count, ran_room;
    struct dara_ran *ran;
    bool locked;
    bool open_seen; /* the journal had a run that is not done, when nobody held the lock for us yet */
    int64_t started_us;
    struct dara_observed *observed;  /* what a rehearsal does to others; NULL: not looked at */
    bool beforehand;                 /* a rehearsal that apply-migration makes first */
    bool copied;                     /* it is on a scratch copy, where there are no others */
    struct dara_sizes *sizes;        /* of the real objects; NULL: not looked at */
    struct dara_session *real;       /* while `session` is a scratch copy: that of the database */
    struct dara_searches *searches;  /* in the real rows; NULL: not looked at */
    struct dara_attempts attempts;   /* at the transaction or statement that runs */
    struct dara_journal_run journal; /* of files that no transaction holds */
    size_t resume_from;              /* statements of the first pending file that are done already */
    bool whole;                      /* the file before the current one is whole, and waits for being recorded so */
    const struct dara_journal_step *step; /* what is recorded before the statement that runs next; NULL: nothing */
    bool recorded;                        /* that it was */
    char *who;                            /* for the history; NULL until it is asked */
    bool resumed;
    struct dara_rls_gate *rls_gate; /* what users reached before the first statement; NULL: nobody asked */
};

/* Close and free what the run holds; `run` itself is the caller's. */
void dara_run_done(struct dara_run *run);

/* ---- run-pending.c ------------------------------------------------------------------------------------------------ */

/* Read the files (nothing is touched yet), open the session in `mode`, and find what is pending. */
int dara_run_open(struct dara_run *run, enum dara_mode mode);
/* Take the lock, then look again at what is pending: another run may have been faster. */
int dara_run_lock(struct dara_run *run);

/* The newest entry that says what the schema was after it, or NULL. */
const struct dara_history_entry *dara_run_last_state(const struct dara_history_list *history);

/* ---- run-drift.c -------------------------------------------------------------------------------------------------- */

/* Whether `live` is what the history says; `*ret_entry` gets the entry it was compared with (NULL: none has a fingerprint). */
bool dara_run_drifted(const struct dara_history_list *history, const struct dara_model *live,
                      const struct dara_history_entry **ret_entry);
/* Whether the live schema differs, in what the options ask for beyond the schema itself (context->scope), from the newest snapshot of
 * what was recorded. Where there is none the report says so, and `*ret_drifted` is left as it is. */
int dara_run_drifted_asked(struct dara_context *context, const struct dara_history_entry *entry,
                           const struct dara_model *live, struct dara_report *report, bool *ret_drifted);
/* Put the difference into the report, section "drift", where a snapshot of that state is there. */
int dara_run_show_drift(struct dara_context *context, const struct dara_history_entry *entry,
                        const struct dara_model *live, struct dara_report *report);

/* ---- run-execute.c ------------------------------------------------------------------------------------------------ */

/* Run statements [from, to) of a pending migration. On failure the error has file, line and first line of the statement. */
int dara_run_statements(struct dara_run *run, size_t index, size_t from, size_t to);
/* Run what the pending [first, end) hold between their leading and trailing settings, in the running transaction, handed to the driver
 * together; the settings of each file are taken back behind it. Failures as above. */
int dara_run_files(struct dara_run *run, size_t first, size_t end);
/* Read the schema into `*model`, in place of what it holds. */
int dara_run_read(struct dara_run *run, struct dara_model **model);
/* Record the pending [from, to) as applied, in the running transaction. The schema is read into `run->after` and its
 * fingerprint goes with the last of them, where a reading is due: behind the last file, before those of a journal, and where the
 * files since the last one took so long that it does not matter. Else `run->after` is NULL and the run is unread. */
int dara_run_record(struct dara_run *run, size_t from, size_t to);
/* Where the run is unread: read the schema after all, in a transaction of its own, and record what it is. */
int dara_run_settle(struct dara_run *run);
/* Note a statement as left out. */
void dara_run_skip(struct dara_run *run, size_t index, size_t statement, const char *why);
/* The same without reading the schema: `fingerprint` goes with the last of them, and may be NULL. */
int dara_run_record_as(struct dara_run *run, size_t from, size_t to, const char *fingerprint);
/* What is recorded of [from, to), in the arena. */
struct dara_history_entry *dara_run_entries(struct dara_run *run, size_t from, size_t to, const char *fingerprint,
                                            struct dara_arena *arena);
/* Roll back, keeping the error that made it necessary and adding what became of the run. Returns that error's code. */
int dara_run_roll_back(struct dara_run *run);

/* ---- run-retry.c -------------------------------------------------------------------------------------------------- */

/* What there was before the first attempt at one transaction. */
struct dara_retry {
    size_t ran_count;
    bool knew_before;
};
void dara_retry_begin(struct dara_run *run, struct dara_retry *ret_retry);
/* After an attempt at the pending [first, end) failed with `code` and was rolled back: whether to try again (dara_attempts_again). Only where
 * nothing was done that lasts. */
bool dara_retry_again(struct dara_run *run, struct dara_retry *retry, size_t first, size_t end, int code);
/* The same for a piece of a journaled file that did nothing, or was rolled back: one statement, or a stretch of them. */
bool dara_retry_piece(struct dara_run *run, struct dara_retry *retry, int code);
/* Note in the report that it took more than one attempt. */
void dara_retry_show(const struct dara_run *run);

/* ---- migrate-rehearse.c, rehearse-scratch.c ----------------------------------------------------------------------- */

/* Say that apply-migration will refuse, where the schema is not what the history says. */
void dara_run_warn_drift(struct dara_run *run);
/* The pending files on a scratch copy of the schema; `run->before` and `run->after` are models of the copy afterwards. */
int dara_rehearse_scratch(struct dara_run *run);

/* Begin to look at what the statements of a rehearsal do: what is there before the first is none of their doing. An engine that cannot
 * tell leaves `run->observed` NULL. */
int dara_run_observe(struct dara_run *run);

/* ---- rehearse-before.c -------------------------------------------------------------------------------------------- */

/* Before apply-migration runs anything, under its lock: rehearse what is pending on a scratch copy where that is wanted. What is found
 * there, or in the rows, is the error, and nothing was touched. */
int dara_rehearse_before(struct dara_run *run);

/* ---- rehearse-search.c -------------------------------------------------------------------------------------------- */

/* After a statement of a pending file ran on the copy: look in the real rows for what it would fail on. */
int dara_rehearse_search(struct dara_run *run, size_t index, size_t statement);
/* DARA_ESTATEMENT with file and line of the first statement that would fail on the rows there, all of them in the detail. */
int dara_rehearse_judge(const struct dara_run *run);
/* Put into the report what was looked for. */
void dara_rehearse_show_search(const struct dara_run *run);

/* ---- rehearse-show.c ---------------------------------------------------------------------------------------------- */

/* Put into the report what the rehearsal did to others. */
void dara_rehearse_show(const struct dara_run *run);

/* ---- run-start.c -------------------------------------------------------------------------------------------------- */

/* The state the run starts from: read once, compared with the history, saved. Inside a transaction. */
int dara_run_start(struct dara_run *run);
/* The same in a transaction of its own, which only reads. */
int dara_run_start_apart(struct dara_run *run);
/* A snapshot "pre" or "post" a migration. `tables` NULL: rows as the options say, else those of these. */
int dara_run_snapshot(struct dara_run *run, const char *when, const struct dara_migration *migration,
                      const struct dara_model *model, const char *const *tables, struct dara_snapshot **ret_snapshot);

/* ---- run-journal.c ------------------------------------------------------------------------------------------------ */

/* Run the pending [first, end) statement by statement through the journal, and record each when it is whole. */
int dara_run_journaled(struct dara_run *run, size_t first, size_t end);
/* Whether a statement runs in a transaction with its neighbours. */
bool dara_run_together(const struct dara_session *session, const struct dara_statement_facts *facts);

/* ---- run-stop.c --------------------------------------------------------------------------------------------------- */

/* A journaled file failed, `done` of its statements being done: go back where that destroys nothing (DARA_ESTATEMENT, or what the
 * error was), else stop known (DARA_EPARTIAL). Takes the last error as the reason. */
int dara_run_stop(struct dara_run *run, size_t index, size_t done);

/* ---- run-resume.c ------------------------------------------------------------------------------------------------- */

/* Under the lock: with --resume, find out where the interrupted run is and set up `run` to go on from there; else refuse while one is
 * open. */
int dara_run_resume(struct dara_run *run);

/* ---- rls-gate.c: all of it does nothing unless it is asked for (options->rls_gate) -------------------------------------- */

/* Whether it can be: `together` tells whether all files share a transaction. DARA_EUNSUPPORTED. */
int dara_rls_gate_check(const struct dara_run *run, bool together);
/* In the transaction, before its first statement, and behind its last: DARA_EREFUSED where users reach more and options->allow does not name
 * it; the report tells what. */
int dara_rls_gate_begin(struct dara_run *run);
int dara_rls_gate_end(struct dara_run *run);
struct dara_rls_gate *dara_rls_gate_free(struct dara_rls_gate *gate); /* accepts NULL, returns NULL */

#endif
