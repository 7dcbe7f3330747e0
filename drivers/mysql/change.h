/* SPDX-License-Identifier: MIT */
/* What the files that plan changes share. */
#ifndef DARA_MYSQL_CHANGE_H
#define DARA_MYSQL_CHANGE_H

#include "buffer.h"
#include "render.h"

struct mysql_planning {
    const struct dara_diff *diff;
    const struct dara_change *change; /* what the steps serve; may be NULL */
    struct dara_plan *plan;
    struct mysql_buffer sql; /* of the step that is being written */
    bool failed;             /* out of memory */
};

/* The step is complete: flags of enum dara_step_flag, a note or NULL. */
void mysql_plan_step(struct mysql_planning *planning, unsigned flags, const char *note);
/* Free what it holds; 0, or DARA_EINTERNAL where memory ran out. */
int mysql_planning_end(struct mysql_planning *planning);

/* Whether an object of either model is neither dropped nor made again. */
bool mysql_stays(const struct dara_diff *diff, const struct dara_object *object);
/* The change of a property, or NULL. */
const struct dara_property_change *mysql_changed(const struct dara_change *change, const char *property);
/* The change of a part of a table, or NULL where it is equal; `part` is from either model. */
const struct dara_change *mysql_part_change(const struct dara_diff *diff, const struct dara_object *part);

/* A table with a default of a zero date is made and altered under modes that take it; steps before and after it. */
bool mysql_begin_zero_dates(struct mysql_planning *planning, const struct dara_object *table);
void mysql_end_zero_dates(struct mysql_planning *planning);

/* ---- change-table.c, change-option.c ---- */
/* One ALTER TABLE for all that changes in a table but its foreign keys. */
void mysql_plan_table(struct mysql_planning *planning);
/* Clauses of an ALTER TABLE: each begins behind a comma, the first behind the table's name. */
struct mysql_alter {
    struct mysql_planning *planning;
    size_t clauses;
    unsigned flags;
    struct mysql_buffer note;
};
/* Begin a clause: append to planning->sql. */
struct mysql_buffer *mysql_alter_clause(struct mysql_alter *alter);
/* Add flags, and words for the note. */
void mysql_alter_risk(struct mysql_alter *alter, unsigned flags, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void mysql_alter_options(struct mysql_alter *alter);
/* The partitions stand behind all clauses, without a comma. */
void mysql_alter_partitions(struct mysql_alter *alter);

/* ---- change-column.c ---- */
/* Drops, then what is added, changed or moved, in the order of the table to be. */
void mysql_alter_drop_columns(struct mysql_alter *alter);
void mysql_alter_columns(struct mysql_alter *alter);
/* Whether the column must be dropped and made again, as nothing alters it into what it is to be. */
bool mysql_column_is_remade(const struct dara_change *change);

/* ---- change-type.c ---- */
/* What a change of type means for the values: enum dara_step_flag. */
unsigned mysql_type_risk(const char *before, const char *after);

/* ---- change-key.c ---- */
/* Foreign keys that go or stand in the way are dropped before all else, and made when everything else is. */
void mysql_plan_drop_keys(struct mysql_planning *planning);
void mysql_plan_add_keys(struct mysql_planning *planning);
/* Whether a table that is made can have its foreign keys at once. */
bool mysql_keys_at_once(const struct dara_diff *diff, const struct dara_object *table);
bool mysql_is_foreign_key(const struct dara_object *object);
/* Whether the plan makes this foreign key of the model after. */
bool mysql_makes_key(const struct dara_diff *diff, const struct dara_object *key);

/* ---- loose-key.c ---- */
/* Where the plan makes foreign keys to what is no unique key: the setting under which MySQL takes them, and back. */
void mysql_plan_loose_keys(struct mysql_planning *planning, bool begins);
/* The same for a file that makes the whole model. */
void mysql_render_loose_keys(const struct dara_model *model, struct dara_text *out);

int mysql_dialect_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan);
int mysql_dialect_prepare(struct dara_diff *diff);
int mysql_dialect_begin_plan(const struct dara_diff *diff, struct dara_plan *plan);
int mysql_dialect_end_plan(const struct dara_diff *diff, struct dara_plan *plan);

/* ---- rename.c ---- */
int mysql_dialect_rename(const struct dara_object *object, const char *space, const char *name, struct dara_plan *plan);

#endif
