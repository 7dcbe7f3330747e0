/* SPDX-License-Identifier: MIT */
/* What the files of the driver layer share: one way into a driver's tables, and one way out. */
#ifndef DARA_DRIVER_INTERNAL_H
#define DARA_DRIVER_INTERNAL_H

#include "base/arena.h"
#include "base/error-keep.h"
#include "driver/session.h"

struct dara_session {
    const struct dara_driver *driver;
    const struct dara_url *url; /* borrowed */
    struct dara_conn *conn;
    enum dara_mode mode;
    bool in_transaction;
    bool locked;
    bool scratch;              /* a scratch database of its own */
    const char *const *spaces; /* namespaces that are read; NULL = all. Borrowed */
};

/* ---- dispatch.c ------------------------------------------------------------------------------------------------------ */

/* A call into a driver, from before to after. */
struct dara_dispatch {
    const struct dara_driver *driver;
    const struct dara_url *url; /* whose secrets are scrubbed from the error; NULL: none are known */
    const char *group;
    const char *member;
    int64_t started_us;
    struct dara_error *earlier; /* the error that stood before, put back when this call succeeds */
};

/* Before the driver is called: notes the time and the error record, and clears it. `url` and the names are borrowed until the end. */
void dara_dispatch_begin(struct dara_dispatch *call, const struct dara_driver *driver, const struct dara_url *url,
                         const char *group, const char *member);
/* Takes what the driver returned; returns 0, or a code of the table with its record set, free of secrets. A successful call
 * leaves the error record as it was, so that cleaning up after a failure does not hide it. */
int dara_dispatch_end(struct dara_dispatch *call, int code);

/* DARA_EUNSUPPORTED in the one wording. `member` NULL: the whole group is missing. `purpose` completes "cannot …". */
int dara_dispatch_absent(const struct dara_driver *driver, const char *group, const char *member, const char *purpose);

/* ---- loader.c -------------------------------------------------------------------------------------------------------- */

/* Open one file (`.so` or `.la`) for good and check its descriptor. `*ret_driver` lives as long as the process. On failure
 * DARA_EDRIVER with the true reason, as a sentence without the path. */
int dara_loader_open(const char *path, const char *name, const struct dara_driver **ret_driver);

/* Whether the file is a libtool archive that says itself that it has no shared object: a part of something, as lies in build
 * folders, and no driver that failed. */
bool dara_loader_is_static(const char *path);

/* ---- check.c --------------------------------------------------------------------------------------------------------- */

/* [a-z][a-z0-9]*: what may become part of a path. */
bool dara_driver_name_valid(const char *name);
/* A name, or one with '+', '-' and '.' after its first letter. */
bool dara_driver_scheme_valid(const char *scheme);

/* ---- session-apply.c ------------------------------------------------------------------------------------------------- */

/* Presence of the group `apply`, and mode: `writes` is refused to a READ session. `what` completes "a read session cannot …". */
int dara_session_gate(const struct dara_session *session, bool writes, const char *what);
/* Before an operation of `apply` is called; dara_dispatch_end() after it. */
void dara_session_begin_call(struct dara_session *session, struct dara_dispatch *call, const char *member);
/* Call an operation of `apply` that takes the connection and nothing else. */
int dara_session_run_plain(struct dara_session *session, const char *member, int (*operation)(struct dara_conn *conn));

/* ---- collectors ------------------------------------------------------------------------------------------------------ */

struct dara_checks {
    struct dara_arena *arena;
    const struct dara_url *url; /* set while a driver fills it: its secrets are scrubbed */
    struct dara_check *items;
    size_t count, room;
};

struct dara_result {
    const struct dara_reader *reader; /* may be NULL */
    const struct dara_url *url;       /* whose secrets are scrubbed from notices */
    uint64_t affected;
    int stopped; /* the code with which the reader wanted no more */
    size_t done; /* of many items */
};

struct dara_history {
    struct dara_arena *arena;
    struct dara_history_entry *items;
    size_t count, room;
};

struct dara_plan {
    struct dara_arena *arena;
    struct dara_planned *steps;
    size_t count, room;
    struct dara_cannot *cannots;
    size_t cannot_count, cannot_room;
    bool broken; /* the driver handed over a step without text */
};

/* ---- session-dialect.c, for plan.c ------------------------------------------------------------------------------------ */

/* What the driver says of a diff and of one change: codes as of dara_dispatch_end(). A driver without `prepare` needs no preparing. */
int dara_dialect_prepare(const struct dara_driver *driver, struct dara_diff *diff);
int dara_dialect_change(const struct dara_driver *driver, const struct dara_diff *diff,
                        const struct dara_change *change, struct dara_plan *plan);
int dara_dialect_begin_plan(const struct dara_driver *driver, const struct dara_diff *diff, struct dara_plan *plan);
int dara_dialect_end_plan(const struct dara_driver *driver, const struct dara_diff *diff, struct dara_plan *plan);

#endif
