/* SPDX-License-Identifier: MIT */
/*
 * The journal of a run that no transaction holds: what is recorded before and after each statement, and what a run that was
 * interrupted left. The course of a run is in docs/ARCHITECTURE.md.
 */
#ifndef DARA_SERVICE_JOURNAL_H
#define DARA_SERVICE_JOURNAL_H

#include "base/arena.h"
#include "service/migration.h"

/* A run as it writes. Begin with zeros. */
struct dara_journal_run {
    struct dara_session *session; /* borrowed */
    struct dara_arena *arena;     /* what entries that wait point to */
    char id[41];                  /* "" = not open */
    char *owner;
    const char *kind;           /* "migration", "rollback" */
    const char *version, *name; /* its first file, or the snapshot that it goes back to; in the arena */
    char fingerprint[65];       /* of the model before it */
    unsigned base;              /* statements of the files before the current one */
    size_t waiting, room;       /* entries that go with the next ones recorded */
    struct dara_journal_entry *entries;
    char started_at[21];
};

/* Begin a run of migrations before which the schema is `before`: durable on return. Closed runs of before are cleared. Outside a
 * transaction, under the lock. */
int dara_journal_open(struct dara_journal_run *journal, struct dara_context *context, struct dara_session *session,
                      const struct dara_model *before, const struct dara_migration *first);
/* The same for a run of another kind. */
struct dara_journal_begin {
    const char *kind, *version, *name;
    const char *fingerprint; /* of the model before it */
    const char *text;        /* what is needed to go on with it, or back */
};
int dara_journal_open_as(struct dara_journal_run *journal, struct dara_context *context, struct dara_session *session,
                         const struct dara_journal_begin *begin);
/* Go on with a run that was left open; `entry` is its own (place 0), and is copied. */
void dara_journal_reopen(struct dara_journal_run *journal, struct dara_context *context, struct dara_session *session,
                         const struct dara_journal_entry *entry);
/* Free what it holds; in the database nothing changes. */
void dara_journal_done_with(struct dara_journal_run *journal);

/* What is recorded of a statement that ran. */
struct dara_journal_outcome {
    const char *started_at;
    uint64_t rows;
    int64_t duration_us;
    const char *error; /* NULL: it is done */
};

/* A statement that is in no migration. Strings are borrowed until it is recorded. */
struct dara_journal_statement {
    const char *kind, *version, *name;
    const char *text;
    size_t length;
    unsigned statement, total; /* from 1, behind journal->base */
    bool cut;                  /* of a long text the beginning is enough */
};
/* As _starts and _ends below; what starts is recorded with the next flush. */
void dara_journal_add_start(struct dara_journal_run *journal, const struct dara_journal_statement *statement);
void dara_journal_add_end(struct dara_journal_run *journal, const struct dara_journal_statement *statement,
                          const struct dara_journal_outcome *outcome, bool text);

/* Statement `index` of a file is about to run: recorded with whatever is recorded next, which must be before it runs. */
void dara_journal_starts(struct dara_journal_run *journal, const struct dara_migration *migration, size_t index);
/* It is done, or failed: recorded with whatever is recorded next. `text`: the entry is new, nothing said that it starts. */
void dara_journal_ends(struct dara_journal_run *journal, const struct dara_migration *migration, size_t index,
                       const struct dara_journal_outcome *outcome, bool text);
/* Record what waits, in the running transaction or durable on return. */
int dara_journal_flush(struct dara_journal_run *journal);
/* Leave out what waits: its transaction was rolled back. */
void dara_journal_drop(struct dara_journal_run *journal);
/* The run goes back ("taking back"), durable on return; or went back ("taken back"): then it is closed, and without its model. */
int dara_journal_mark(struct dara_journal_run *journal, const char *state);
int dara_journal_close_taken_back(struct dara_journal_run *journal);

/* ---- what was left ------------------------------------------------------------------------------------------------ */

/* A run that is open: it was interrupted. Entries are borrowed from the list. */
struct dara_interrupted {
    struct dara_journal_list *list; /* owned */
    const struct dara_journal_entry *run;
    size_t count; /* its statements, by place */
    const struct dara_journal_entry *statements;
    bool going_back; /* it was on its way back */
};
void dara_interrupted_done(struct dara_interrupted *interrupted);
#define DARA_INTERRUPTED_LOCAL DARA_CLEANUP(dara_interrupted_done) struct dara_interrupted

/* Whether it is a rollback: `run->version` is then the snapshot that it goes to. */
bool dara_interrupted_is_rollback(const struct dara_interrupted *interrupted);
/* DARA_EPARTIAL: it is there, and the command that was given does not go on with it. `what` completes "finish it before …". */
int dara_interrupted_say(const struct dara_interrupted *interrupted, const char *what);

/* Look; `run` is NULL where nothing is open. `texts`: with the model and long texts. */
int dara_interrupted_find(struct dara_session *session, bool texts, struct dara_interrupted *ret_interrupted);
/* DARA_EPARTIAL with the version, how far it got and what to do, where a run is open. `what` completes "finish it before …". */
int dara_interrupted_refuse(struct dara_session *session, const char *what);
/* How many statements of the version are done, and how many the file has. */
void dara_interrupted_count(const struct dara_interrupted *interrupted, const char *version, size_t *ret_done,
                            size_t *ret_total);
/* The version that is part-way: that of the last statement which the history has not as applied; NULL where the run ended
 * between two files. */
const char *dara_interrupted_version(const struct dara_interrupted *interrupted,
                                     const struct dara_history_list *history);

#endif
