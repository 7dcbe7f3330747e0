/* SPDX-License-Identifier: MIT */
/* A rollback that no transaction holds: step by step, each recorded in the journal before and after. */
#ifndef DARA_SERVICE_ROLLBACK_RUN_H
#define DARA_SERVICE_ROLLBACK_RUN_H

#include "service/rollback-aim.h"

/* One step: a statement, or rows that are put back. */
struct dara_rollback_item {
    const char
        *kind; /* in the journal: "rename", "rebuild" (all goes before it is made again), "rollback", "rows", "file" */
    const char *name;                 /* what it serves, for people; of a rename: its option; of rows: their object */
    const char *text;                 /* of rows: the id of the snapshot */
    const struct dara_planned *step;  /* NULL: rows, or a rename */
    const struct dara_object *object; /* rows: of what */
    const struct dara_snapshot_rows *rows;    /* rows: from where */
    const struct dara_statement_facts *facts; /* of a file's statement, else NULL */
    uint64_t affected;                        /* likewise: rows that it wrote */
    size_t rows_item; /* the first of those that make an object whose rows come back: where they do, else 0 */
};

/* Begin with zeros; what is borrowed must outlive it. */
struct dara_rollback_run {
    struct dara_context *context;
    struct dara_report *report;
    struct dara_session *session; /* in WRITE mode, with the lock, outside a transaction */
    const struct dara_rollback_aim *aim;
    const struct dara_rollback_way *way;
    const struct dara_model *target;         /* where it goes: the aim, or (abandoned) what was before it */
    const struct dara_snapshot *snapshot;    /* that has the rows which come back, or NULL */
    const struct dara_rollback_marks *marks; /* the history at its end */
    const struct dara_migration *file;       /* its statements are the steps; NULL: those of the way's plan are */
    size_t first;                            /* of the file's statements: what is done in earlier tries */
    bool abandons;                           /* it goes back to what was before */
    bool resumed;                            /* an earlier try was interrupted */
    struct dara_journal_run journal;         /* owned */
    size_t done_before;                      /* steps that are done, in earlier tries */
    size_t pending_count, pending_room;      /* objects of the live model that were made and not filled */
    const struct dara_object **pending;      /* owned */
    size_t count, room;
    struct dara_rollback_item *items; /* owned */
    struct dara_arena *arena;
    size_t done;                   /* items */
    size_t failed;                 /* the item that failed; `count` where none did */
    uint64_t restored;             /* rows put back */
    struct dara_attempts attempts; /* at the step that runs */
};

/* Whether a way to a snapshot is such a run on this engine: it keeps a journal, and no transaction that holds changes of the schema. */
bool dara_rollback_is_journaled(const struct dara_session *session);
/* Carry it out: the steps, a look at the result, and in one transaction the history and the end of the journal. `run->journal` must be open.
 * On failure what dara_rollback_stop() makes of it. */
int dara_rollback_run_journaled(struct dara_rollback_run *run, struct dara_model **ret_after);
/* Free what it owns. */
void dara_rollback_run_done(struct dara_rollback_run *run);

/* ---- rollback-start.c --------------------------------------------------------------------------------------------- */

/* A rollback to a snapshot, as it was asked for; borrowed. */
struct dara_rollback_call {
    struct dara_context *context;
    const struct dara_rollback_request *request;
    struct dara_report *report;
    const struct dara_target *target;
    const struct dara_model *empty; /* rebuild only */
    struct dara_rollback_rows rows; /* of the target */
};
/* Whether the schema is that of the target already. */
bool dara_rollback_is_there(const struct dara_rollback_call *call, const struct dara_rollback_way *way);
/* Write down where the run goes, once all of it is known. */
int dara_rollback_open_journal(struct dara_rollback_run *run);
/* Under the lock: look again, save, open the journal, and carry it out. `shown` is what the user agreed to. */
int dara_rollback_change_journaled(const struct dara_rollback_call *call, const struct dara_rollback_way *shown,
                                   struct dara_session *session, struct dara_model **ret_after);

/* ---- rollback-stop.c ---------------------------------------------------------------------------------------------- */

/* It failed at a step, or at the end: back to the schema before it where that destroys nothing (the code of the error), else stopped and
 * known (DARA_EPARTIAL). Takes the last error as the reason. */
int dara_rollback_stop(struct dara_rollback_run *run);

/* ---- rollback-resume.c -------------------------------------------------------------------------------------------- */

/* --resume and --abandon. */
int dara_rollback_resume(struct dara_context *context, const struct dara_rollback_request *request,
                         struct dara_report *report);

/* ---- rollback-file-apart.c ---------------------------------------------------------------------------------------- */

/* Back by a file of rollback/, statement by statement. */
int dara_rollback_file_apart(struct dara_context *context, const struct dara_rollback_request *request,
                             const struct dara_migration *file, struct dara_report *report);
/* An interrupted one: read its file, find where it stands in `run` (file, first), and set again what it had set. What ran must be what the
 * file has (DARA_EREFUSED); a statement in doubt of which nothing tells is DARA_EPARTIAL. Outside a transaction. */
int dara_rollback_file_reopen(struct dara_rollback_run *run, const struct dara_interrupted *interrupted,
                              struct dara_migrations **ret_files);
/* What statements from `first` on may lose, as losses of the way. */
void dara_rollback_file_losses(struct dara_rollback_way *way, const struct dara_migration *file, size_t first);

/* ---- rollback-rehearse.c ------------------------------------------------------------------------------------------ */

/* Go the way on a scratch database with the schema of the real one, and compare the result with the target. DARA_ESTATEMENT where it
 * fails, or leads elsewhere. `*ret_tried` is false where there can be no such copy; the report then says why. */
/* A scratch database with the schema of the real one. */
int dara_rollback_copy(struct dara_context *context, const struct dara_model *live, struct dara_session **ret_scratch);
int dara_rollback_rehearse_scratch(struct dara_context *context, const struct dara_rollback_way *way,
                                   const struct dara_model *target, struct dara_report *report, bool *ret_tried);

#endif
