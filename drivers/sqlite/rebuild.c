/* SPDX-License-Identifier: MIT */
/*
 * A change that ALTER TABLE cannot make: the table is made again, its rows move, and what belongs to it comes back.
 *
 * SQLite's manual makes the new table under another name and renames it in the end. Here the old table steps aside first,
 * and the new one is made under the final name with the author's own statement, so that the text in sqlite_schema is that
 * statement to the byte (a rename would write the name into it in quotes). The rename is done with legacy_alter_table = ON and
 * foreign_keys = OFF (apply's begin sees to the latter): SQLite then changes the renamed table and its indexes and triggers
 * only, and no view, trigger or foreign key that names the table, which all mean the new one a moment later. The indexes and
 * triggers of the table fall with the old one, and those that are equal in both models are made again at the end; until then
 * no trigger can fire for the rows that move.
 */
#include <string.h>

#include "change.h"

/* A name no table, view, index or trigger of either model has. */
static bool is_taken(const struct dara_model *model, const char *name)
{
    static const char *const kinds[] = {"table", "virtual_table", "view", "index", "trigger"};
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
            if (strcmp(dara_object_kind(object)->name, kinds[k]) == 0 && strcmp(dara_object_key(object), name) == 0)
                return true;
    }
    return false;
}

static char *free_name(struct sqlite_planning *planning)
{
    const char *key = dara_object_key(planning->change->before);
    char *name = sqlite_pool_format(planning->pool, "dara_old_%s", key);
    for (unsigned i = 2;
         is_taken(dara_diff_before(planning->diff), name) || is_taken(dara_diff_after(planning->diff), name); i++)
        name = sqlite_pool_format(planning->pool, "dara_old_%s_%u", key, i);
    return name;
}

static const struct dara_object *column_of(const struct dara_object *table, const char *key)
{
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(table, "column", column)))
        if (strcmp(dara_object_key(column), key) == 0)
            return column;
    return NULL;
}

/* A name by which the rowid can be reached: one that no column has. NULL where the table has no rowid, or hides it. */
static const char *rowid_name(const struct dara_object *table)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    if (dara_object_bool(table, "sqlite.without_rowid", false))
        return NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (!column_of(table, names[i]))
            return names[i];
    return NULL;
}

/* The column that is the table's rowid, or NULL. */
static const struct dara_object *rowid_column(struct sqlite_pool *pool, const struct dara_object *table)
{
    const struct dara_object *constraint = NULL;
    while ((constraint = dara_object_owned(table, "constraint", constraint))) {
        const char *const *terms = NULL;
        if (!dara_object_bool(constraint, "sqlite.rowid_alias", false) ||
            dara_object_list(constraint, "columns", &terms) != 1)
            continue;
        struct sqlite_span term = sqlite_span_read(pool, terms[0], strlen(terms[0]));
        return term.count ? column_of(table, sqlite_pool_fold(pool, sqlite_pool_name(pool, term.at))) : NULL;
    }
    return NULL;
}

struct copied {
    struct sqlite_buffer into, from; /* lists of columns */
    size_t count;
};

static void copy_column(struct copied *copied, const char *into, const char *from, bool quote_into, bool quote_from)
{
    struct sqlite_buffer *lists[] = {&copied->into, &copied->from};
    const char *names[] = {into, from};
    bool quote[] = {quote_into, quote_from};
    for (size_t i = 0; i < 2; i++) {
        sqlite_buffer_add(lists[i], copied->count ? ", " : "");
        if (quote[i])
            sqlite_buffer_quote(lists[i], names[i]);
        else
            sqlite_buffer_add(lists[i], names[i]);
    }
    copied->count++;
}

/* The rowid goes along, under whatever names it has; a column that is the rowid and was there before brings it itself. */
static void copy_rowid(struct sqlite_pool *pool, struct copied *copied, const struct dara_object *before,
                       const struct dara_object *after)
{
    const struct dara_object *alias = rowid_column(pool, after), *old_alias = rowid_column(pool, before);
    const char *from = rowid_name(before), *into = rowid_name(after);
    bool quote_from = !from && old_alias;
    if (alias && column_of(before, dara_object_key(alias)))
        return;
    if (quote_from)
        from = dara_object_name(old_alias);
    if (from && alias)
        copy_column(copied, dara_object_name(alias), from, true, quote_from);
    else if (from && into)
        copy_column(copied, into, from, false, quote_from);
}

/* OR ABORT: a constraint's own ON CONFLICT REPLACE or IGNORE must not drop rows on the way. */
static void plan_copy(struct sqlite_planning *planning, const char *old)
{
    const struct dara_change *change = planning->change;
    struct copied copied = {.into.pool = planning->pool, .from.pool = planning->pool};
    copy_rowid(planning->pool, &copied, change->before, change->after);
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(change->after, "column", column))) {
        const struct dara_object *same = column_of(change->before, dara_object_key(column));
        if (same && !dara_object_has(column, "generated"))
            copy_column(&copied, dara_object_name(column), dara_object_name(same), true, true);
    }
    if (!copied.count)
        return; /* nothing of a row is left */
    struct sqlite_buffer text = {.pool = planning->pool};
    sqlite_buffer_add(&text, "INSERT OR ABORT INTO ");
    sqlite_buffer_quote(&text, dara_object_name(change->after));
    sqlite_buffer_add(&text,
                      sqlite_pool_format(planning->pool, " (%s) SELECT %s FROM ", copied.into.text, copied.from.text));
    sqlite_buffer_quote(&text, old);
    const char *risks = sqlite_rebuild_risks(planning->pool, change);
    sqlite_plan_step(planning, text.text, DARA_STEP_REWRITES | (risks ? DARA_STEP_MAY_FAIL : 0), risks);
}

/* The counter of AUTOINCREMENT goes on where it was, even where it is beyond the highest rowid: the row that moving the rows
 * made for the new table gives way to the old table's. */
static void plan_sequence(struct sqlite_planning *planning, const char *old)
{
    const struct dara_object *before = planning->change->before, *after = planning->change->after;
    if (!dara_object_bool(before, "sqlite.autoincrement", false) ||
        !dara_object_bool(after, "sqlite.autoincrement", false))
        return;
    struct sqlite_buffer text = {.pool = planning->pool};
    sqlite_buffer_add(&text, "DELETE FROM sqlite_sequence WHERE name = ");
    sqlite_buffer_string(&text, dara_object_name(after));
    sqlite_plan_step(planning, text.text, 0, NULL);
    text = (struct sqlite_buffer){.pool = planning->pool};
    sqlite_buffer_add(&text, "UPDATE sqlite_sequence SET name = ");
    sqlite_buffer_string(&text, dara_object_name(after));
    sqlite_buffer_add(&text, " WHERE name = ");
    sqlite_buffer_string(&text, old);
    sqlite_plan_step(planning, text.text, 0, "the counter of AUTOINCREMENT is kept");
}

static void plan_owned(struct sqlite_planning *planning, const char *kind)
{
    const struct dara_object *object = NULL;
    while ((object = dara_object_owned(planning->change->after, kind, object)))
        if (!dara_diff_of(planning->diff, object))
            sqlite_plan_step(planning, sqlite_render_object(planning->pool, object), 0, "made again with its table");
}

void sqlite_plan_rebuild(struct sqlite_planning *planning)
{
    const struct dara_change *change = planning->change;
    char *old = free_name(planning);
    struct sqlite_buffer text = {.pool = planning->pool};
    sqlite_buffer_add(&text, "ALTER TABLE ");
    sqlite_buffer_quote(&text, dara_object_name(change->before));
    sqlite_buffer_add(&text, " RENAME TO ");
    sqlite_buffer_quote(&text, old);
    sqlite_plan_step(planning, "PRAGMA legacy_alter_table = ON", 0, NULL);
    sqlite_plan_step(planning, text.text, 0, "the table is made again: SQLite cannot alter it in place");
    sqlite_plan_step(planning, "PRAGMA legacy_alter_table = OFF", 0, NULL);
    sqlite_plan_step(planning, sqlite_render_object(planning->pool, change->after), 0, NULL);
    plan_copy(planning, old);
    plan_sequence(planning, old);
    const char *losses = sqlite_rebuild_losses(planning->pool, change);
    text = (struct sqlite_buffer){.pool = planning->pool};
    sqlite_buffer_add(&text, "DROP TABLE ");
    sqlite_buffer_quote(&text, old);
    sqlite_plan_step(planning, text.text, losses ? DARA_STEP_DESTROYS : 0,
                     losses ? losses : "its rows are in the new table");
    plan_owned(planning, "index");
    plan_owned(planning, "trigger");
}
