/* SPDX-License-Identifier: MIT */
/* From a change to statements: what change.c and rebuild*.c share. */
#ifndef DARA_SQLITE_CHANGE_H
#define DARA_SQLITE_CHANGE_H

#include "ddl.h"
#include "driver.h"
#include "render.h"

struct sqlite_planning {
    struct sqlite_pool *pool;
    const struct dara_diff *diff;
    const struct dara_change *change;
    struct dara_plan *plan;
};

/* Append a statement. `note` may be NULL. */
void sqlite_plan_step(struct sqlite_planning *planning, const char *text, unsigned flags, const char *note);

/* change-column.c: if the change is nothing but columns that ALTER TABLE … ADD COLUMN accepts, plan that. */
bool sqlite_plan_add_columns(struct sqlite_planning *planning);
/* rebuild.c: make the table again and move its rows. */
void sqlite_plan_rebuild(struct sqlite_planning *planning);
/* rebuild-risk.c: what the rows there may make fail, in words; NULL for nothing. */
char *sqlite_rebuild_risks(struct sqlite_pool *pool, const struct dara_change *change);
/* The columns whose values are lost, in words; NULL for none. */
char *sqlite_rebuild_losses(struct sqlite_pool *pool, const struct dara_change *change);

#endif
