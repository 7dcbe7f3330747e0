/* SPDX-License-Identifier: MIT */
/* What rollback's files share: the way from the live schema to the target, what is lost on it, and the history after it. */
#ifndef DARA_SERVICE_ROLLBACK_WAY_H
#define DARA_SERVICE_ROLLBACK_WAY_H

#include "base/arena.h"
#include "service/attempt.h"
#include "service/rename.h"
#include "service/rollback.h"
#include "service/target.h"

/* Something that holds rows or values and goes. Objects belong to the way's live model. */
struct dara_rollback_loss {
    const struct dara_object *object; /* a table, or a column */
    const struct dara_object *holder; /* whose rows are saved: the table */
    const char *note;                 /* why, where the kind of change does not tell; may be NULL */
    bool may_survive;                 /* a statement of the schema names it, so it may still be there afterwards */
    bool counted;
    uint64_t rows; /* of the holder */
};

/* From one model to the next. A rebuild has two: to nothing, and from nothing. */
struct dara_rollback_stage {
    struct dara_diff *diff;
    struct dara_plan *plan;
};

struct dara_rollback_way {
    struct dara_model *live;
    struct dara_renames *renames; /* that come first; NULL: none */
    unsigned scope;               /* enum dara_scope: what the way covers */
    char fingerprint[65];         /* of live, within the scope */
    struct dara_diff *diff;       /* live (once renamed) → target */
    size_t stage_count;
    struct dara_rollback_stage stages[2];
    size_t loss_count, loss_room;
    struct dara_rollback_loss *losses;
};

/* Read the live model from `session` and plan the way to `target`. `empty` is NULL, or (for a rebuild) the model to go through.
 * `target` and `empty` must outlive the way. */
int dara_rollback_way_new(struct dara_context *context, struct dara_session *session, unsigned scope,
                          const struct dara_model *target, const struct dara_model *empty,
                          struct dara_rollback_way **ret_way);
struct dara_rollback_way *dara_rollback_way_free(struct dara_rollback_way *way); /* accepts NULL, returns NULL */
static inline void dara_rollback_way_free_local(struct dara_rollback_way **way)
{
    dara_rollback_way_free(*way);
}
#define DARA_ROLLBACK_WAY_LOCAL DARA_CLEANUP(dara_rollback_way_free_local) struct dara_rollback_way *

/* DARA_EUNSUPPORTED, with the list in the report, where a change cannot be made, or a statement neither in one transaction nor by the
 * journal. */
int dara_rollback_way_runnable(const struct dara_rollback_way *way, const struct dara_session *session,
                               struct dara_report *report);

/* Losses: from a diff; one by one (an object that is there already is left as it is; the result is valid until the next); their
 * rows. */
void dara_rollback_losses_of(struct dara_rollback_way *way, const struct dara_diff *diff);
struct dara_rollback_loss *dara_rollback_loss_add(struct dara_rollback_way *way, const struct dara_object *object,
                                                  const char *note);
void dara_rollback_losses_count(struct dara_rollback_way *way, struct dara_session *session);
/* Whether an object of the live model, or what holds it, is among the losses and held rows, or may have. */
bool dara_rollback_losses_hold(const struct dara_rollback_way *way, const struct dara_object *object);
/* What step `index` of a plan finishes making and may get rows back, or NULL: behind the statements that make it stand together, before
 * those that the end of a plan adds (a foreign key between tables). */
const struct dara_object *dara_rollback_made_at(const struct dara_plan *plan, size_t index);

/* History entries that change: all strings in the arena or the list they came from. */
struct dara_rollback_marks {
    struct dara_arena *arena;
    struct dara_history_list *list; /* as read */
    size_t count, room;
    struct dara_history_entry *entries; /* with their new state */
};
/* What brings the history in line with a snapshot, by the versions that were applied when it was taken. */
int dara_rollback_marks_of(struct dara_context *context, struct dara_session *session, char *const *versions,
                           size_t count, struct dara_rollback_marks **ret_marks);
/* What leaves it as it is. */
int dara_rollback_marks_none(struct dara_session *session, struct dara_rollback_marks **ret_marks);
/* The one entry of a version that is applied; DARA_EUSAGE where it is not. */
int dara_rollback_marks_version(struct dara_session *session, const char *version,
                                struct dara_rollback_marks **ret_marks);
/* Record them; the newest entry that is applied afterwards gets `fingerprint`. Inside a transaction. */
int dara_rollback_marks_record(struct dara_session *session, const struct dara_rollback_marks *marks,
                               const char *fingerprint);
struct dara_rollback_marks *dara_rollback_marks_free(struct dara_rollback_marks *marks);
static inline void dara_rollback_marks_free_local(struct dara_rollback_marks **marks)
{
    dara_rollback_marks_free(*marks);
}
#define DARA_ROLLBACK_MARKS_LOCAL DARA_CLEANUP(dara_rollback_marks_free_local) struct dara_rollback_marks *

/* What the snapshot that is gone back to has rows of. */
struct dara_rollback_rows {
    const struct dara_snapshot_rows *items;
    size_t count;
};
/* Show. `rows` is NULL for a file. */
void dara_rollback_show(struct dara_report *report, const struct dara_rollback_way *way,
                        const struct dara_rollback_rows *rows, const struct dara_rollback_marks *marks);

/* How many rows came back. */
void dara_rollback_say_restored(struct dara_report *report, uint64_t rows);

/* Guard a production environment, show the way, and ask for the word. Where it is typed at a terminal the way is shown there, and
 * in `report` for programs only. */
int dara_rollback_confirm(struct dara_context *context, struct dara_report *report, const struct dara_rollback_way *way,
                          const struct dara_rollback_rows *rows, const struct dara_rollback_marks *marks,
                          const char *title);

/* Take the snapshot before: with the rows of everything that goes, or (nothing goes) of the schema alone unless not wanted. Says
 * in the report where it is. `*ret_emergency` (may be NULL) gets the one with rows, or NULL. */
int dara_rollback_save(struct dara_context *context, struct dara_session *session, const struct dara_rollback_way *way,
                       bool no_snapshot, struct dara_report *report, struct dara_snapshot **ret_emergency);
/* Without a report: `*ret_emergency` gets whichever it is, and this says where it is. */
void dara_rollback_say_saved(struct dara_report *report, const struct dara_snapshot *snapshot);
/* Make attempts at what is one transaction (begin to its end; service/attempt.h) until one goes through or it is given up; `once`: one only. The
 * session has the lock. `*saved` (`saved` may be NULL) is the snapshot that the attempt took: that of one before the last is removed. */
int dara_rollback_patiently(struct dara_attempts *attempts, struct dara_session *session, int (*attempt)(void *context),
                            void *context, bool once, struct dara_snapshot **saved);
/* Take the snapshot after. */
int dara_rollback_save_after(struct dara_context *context, struct dara_session *session, const struct dara_model *model,
                             struct dara_report *report);

/* DARA_EREFUSED unless `now` has the fingerprint of what was shown. */
int dara_rollback_unchanged(const struct dara_rollback_way *shown, const struct dara_model *now);

/* Lock, and refuse while a run is open in the journal; the lock falls with the session. */
int dara_rollback_lock(struct dara_context *context, struct dara_session *session);
/* For a look without the lock: where the journal of `session` shows a run that is not done, it may be at work just now. Another session finds
 * out: DARA_ELOCKED with its holder, or DARA_EPARTIAL where nobody is at it; 0 where there is none, or no more. */
int dara_rollback_look_past(struct dara_context *context, struct dara_session *session);
/* The same as the lock, and begin. */
int dara_rollback_begin(struct dara_context *context, struct dara_session *session);

/* The target in rollback/ that `operand` means: `*ret_path` is NULL where it means none. DARA_EFILE for a version without a file. */
int dara_rollback_file_find(struct dara_context *context, const struct dara_driver *driver, const char *operand,
                            char **ret_path);
int dara_rollback_file(struct dara_context *context, const struct dara_rollback_request *request, const char *path,
                       struct dara_report *report);

#endif
