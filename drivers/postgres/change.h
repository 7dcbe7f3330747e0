/* SPDX-License-Identifier: MIT */
/*
 * Planning. A plan has three parts:
 *   begin    what stands in the way of the drops is taken off: foreign keys and other constraints that go or change, partitions that move,
 *            defaults that need what is made again
 *   changes  one by one, as dara orders them
 *   end      what needs all of them: constraints put (back) on, owners of sequences; and the drops of types, routines, sequences,
 *            extensions and schemas, which nothing uses any more by then
 */
#ifndef DARA_POSTGRES_CHANGE_H
#define DARA_POSTGRES_CHANGE_H

#include "render.h"

struct postgres_planning {
    const struct dara_diff *diff;
    const struct dara_change *change;
    struct postgres_writer *writer;
    struct dara_plan *plan;
};

/* ---- asking the diff (change-ask.c) ---- */

const struct dara_property_change *postgres_changed(const struct dara_change *change, const char *property);
/* The change of an object or part, of either side; NULL where it is equal. */
const struct dara_change *postgres_change_of(const struct dara_diff *diff, const struct dara_object *object);
/* Whether a table, or what else is no part, is in both models and not dropped in between. */
bool postgres_stays(const struct dara_diff *diff, const struct dara_object *before);
/* Whether the object is dropped and made again, or, a type, made anew beside its old self. */
bool postgres_is_remade(const struct dara_diff *diff, const struct dara_object *before);
/* Whether the type or collation keeps its name, but not its self: the new one is made beside it and the columns are converted. */
bool postgres_is_swapped(const struct dara_diff *diff, const struct dara_object *before);
/* A type that functions belong to, so that it cannot be made anew beside its old self: a range, a base type or its shell. */
bool postgres_is_bound_type(const struct dara_object *type);
/* Whether the drop of this object waits for the end of the plan. */
bool postgres_drops_late(const struct dara_diff *diff, const struct dara_object *before);
/* Whether something that the object or part needs is remade, or dropped before the end. */
bool postgres_needs_lost(const struct dara_diff *diff, const struct dara_object *before);
/* What becomes of a column that is there before, in a table that stays. */
enum postgres_fate { POSTGRES_KEPT, POSTGRES_RETYPED, POSTGRES_LOST /* dropped, or dropped and made again */ };
enum postgres_fate postgres_column_fate(const struct dara_diff *diff, const struct dara_object *column);
/* Whether the text names the column. */
bool postgres_mentions(const char *text, const char *name);
/* Whether the constraint (before; of a table that stays) is taken off at the begin of the plan. */
bool postgres_is_taken_off(const struct dara_diff *diff, const struct dara_object *constraint);
/* Whether what a foreign key stands on is lost: a key or a unique index of the other table, or the types of the columns. */
bool postgres_loses_key(const struct dara_diff *diff, const struct dara_object *foreign);
/* Whether a column's default is taken off because what it needs is remade. */
bool postgres_is_default_taken_off(const struct dara_diff *diff, const struct dara_object *column);
/* The table (or other relation) that a qualified name ready for SQL names, with or without a column behind it; NULL = none.
 * `ret_column` (may be NULL) is the column's name, to be freed with free(). */
const struct dara_object *postgres_find_relation(const struct dara_model *model, const char *words, char **ret_column);
/* The first part of a qualified name ready for SQL, unquoted, to be freed with free(); `*words` moves to the next part. */
char *postgres_next_name(const char **words);
const struct dara_object *postgres_find_part(const struct dara_object *table, const char *kind, const char *key);

/* Whether an owned sequence falls with the column that owns it. */
bool postgres_falls(const struct dara_diff *diff, const struct dara_object *sequence);

/* ---- planning ---- */

void postgres_step(struct postgres_planning *planning, unsigned flags, const char *note);
void postgres_plan_table(struct postgres_planning *planning);
/* The columns of a table that stays: those that go, those that change, those that come. */
void postgres_plan_columns(struct postgres_planning *planning);
/* A column that begins, ends or goes on to number its rows. */
void postgres_plan_identity(struct postgres_planning *planning, const struct dara_change *part);
void postgres_plan_type(struct postgres_planning *planning);
/* Make the type beside its old self, and convert the columns. */
void postgres_plan_swap(struct postgres_planning *planning, const struct dara_object *before,
                        const struct dara_object *after);
/* The name that the old self has in the meantime. */
void postgres_write_old_type(struct postgres_writer *writer, const struct dara_diff *diff,
                             const struct dara_object *before);
/* Whether a table whose parents change stays with this one. */
bool postgres_keeps_parent(const struct dara_change *change, const char *parent);
/* change-shell.c: operators that nobody made, where they hold what goes. */
void postgres_plan_shells(struct postgres_planning *planning);
/* DROP of one object. */
void postgres_plan_drop(struct postgres_planning *planning, const struct dara_object *object);
/* Before its limits change: move a sequence (an expression of type regclass) to a number inside them. */
void postgres_plan_clamp(struct postgres_planning *planning, const char *sequence, const char *start,
                         const char *minimum, const char *maximum);
/* Whether limits (numbers as text) leave out numbers that old ones allowed. */
bool postgres_is_narrower(const char *minimum, const char *maximum, const char *old_minimum, const char *old_maximum);
/* Settings of columns of what is no table (change-attribute.c). */
void postgres_plan_attributes(struct postgres_planning *planning);
/* Changes of kinds that few databases have (change-rare.c). */
void postgres_plan_rare(struct postgres_planning *planning);
/* Before its DROP: what lets a subscription be dropped inside a transaction. */
void postgres_plan_drop_subscription(struct postgres_planning *planning, const struct dara_object *subscription);
/* " OPTIONS (ADD …, SET …, DROP …)" for what differs; false where nothing does. */
bool postgres_write_foreign_changes(struct postgres_writer *writer, const struct dara_change *change,
                                    const char *property);
/* change-publication.c: what goes out at the begin of the plan and comes in at its end; nothing for other kinds. */
void postgres_plan_publication_begin(struct postgres_planning *planning, const struct dara_object *before);
void postgres_plan_publication_end(struct postgres_planning *planning, const struct dara_object *after);
/* ALTER … SET and RESET (options) for the difference between two lists of "name=value". */
void postgres_plan_options(struct postgres_planning *planning, const char *property);

/* change-privilege.c: who owns what was just made (again), and what default privileges gave away of it. */
void postgres_plan_made(struct postgres_planning *planning, const struct dara_object *made);
/* The owner of what is altered. */
void postgres_plan_owner(struct postgres_planning *planning);
/* Whether an object is a right or a label: it goes without a statement when what it is on goes. */
bool postgres_is_attached(const struct dara_object *object);
/* The change of a right, a setting or a label; false: it is of something else. */
bool postgres_plan_attached(struct postgres_planning *planning);
/* Rights and labels that fall when something else changes: they are made again. */
int postgres_prepare_attached(struct dara_diff *diff);

/* cast.c: what a change of type means. */
struct postgres_cast {
    bool using;         /* the assignment cast does not do: USING is needed */
    bool text;          /* by way of text */
    bool lossless;      /* every value is kept */
    const char *loss;   /* what values lose without an error, in words; NULL = nothing */
    const char *target; /* what USING casts to, where that is not the new type itself */
    bool rewrites;      /* every row is written again */
};
struct postgres_cast postgres_cast_find(const char *from, const char *to);
/* What values lose when a statement of the user's casts them: an explicit cast (USING) cuts off what is too long, an assignment refuses it. NULL:
 * nothing, or the server refuses. */
const char *postgres_cast_loss(const char *from, const char *to, bool explicitly);

#endif
