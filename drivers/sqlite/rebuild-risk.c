/* SPDX-License-Identifier: MIT */
/* What a rebuild can stumble over, and what it loses, in words. */
#include <string.h>

#include "change.h"

static bool is_kind(const struct dara_change *part, const char *kind)
{
    return strcmp(dara_object_kind(part->after ? part->after : part->before)->name, kind) == 0;
}

static bool changes(const struct dara_change *change, const char *property)
{
    for (size_t i = 0; i < change->property_count; i++)
        if (strcmp(change->properties[i]->name, property) == 0)
            return true;
    return false;
}

#define TEXT_TO_NUMBER "text that reads as a number becomes one ('007' becomes 7)"

enum affinity { AFFINITY_BLOB, AFFINITY_TEXT, AFFINITY_NUMERIC, AFFINITY_INTEGER, AFFINITY_REAL };

/* The affinity of a declared type (https://www.sqlite.org/datatype3.html, 3.1); `type` is folded, or NULL. */
static enum affinity affinity_of(const char *type, bool strict)
{
    if (type && strstr(type, "int"))
        return AFFINITY_INTEGER;
    if (type && (strstr(type, "char") || strstr(type, "clob") || strstr(type, "text")))
        return AFFINITY_TEXT;
    if (!type || strstr(type, "blob") || (strict && strcmp(type, "any") == 0))
        return AFFINITY_BLOB;
    if (strstr(type, "real") || strstr(type, "floa") || strstr(type, "doub"))
        return AFFINITY_REAL;
    return AFFINITY_NUMERIC;
}

/* What moving the values into a column of another type does to them beyond the way they are stored; NULL for nothing. */
static const char *conversion(const struct dara_change *table, const struct dara_change *part)
{
    if (part->op == DARA_CHANGE_CREATE || part->op == DARA_CHANGE_DROP || !is_kind(part, "column"))
        return NULL;
    enum affinity before =
        affinity_of(dara_object_text(part->before, "type"), dara_object_bool(table->before, "sqlite.strict", false));
    enum affinity after =
        affinity_of(dara_object_text(part->after, "type"), dara_object_bool(table->after, "sqlite.strict", false));
    if (before <= AFFINITY_TEXT && after >= AFFINITY_NUMERIC)
        return TEXT_TO_NUMBER;
    if (before != AFFINITY_REAL && after == AFFINITY_REAL)
        return "integers become floating point, exact up to 2^53";
    if (before != AFFINITY_TEXT && before != AFFINITY_INTEGER && after == AFFINITY_TEXT)
        return "floating point becomes text of 15 digits";
    return NULL;
}

/* Values that a constraint keeps apart may become equal. */
static void equality_risks(struct sqlite_pool *pool, struct sqlite_list *risks, const struct dara_change *table,
                           const struct dara_change *part)
{
    if (part->op != DARA_CHANGE_CREATE && part->after && is_kind(part, "column") &&
        (changes(part, "collation") || conversion(table, part)))
        sqlite_list_add(pool, risks,
                        sqlite_pool_format(pool, "fails if values of column '%s' become equal where they must not",
                                           dara_object_name(part->after)));
}

static void column_risks(struct sqlite_pool *pool, struct sqlite_list *risks, const struct dara_change *part,
                         bool strict)
{
    if (!part->after || !is_kind(part, "column"))
        return;
    const char *name = dara_object_name(part->after);
    bool not_null = dara_object_bool(part->after, "not_null", false);
    if (part->op == DARA_CHANGE_CREATE) {
        if (not_null && !dara_object_has(part->after, "default") && !dara_object_has(part->after, "generated"))
            sqlite_list_add(
                pool, risks,
                sqlite_pool_format(pool, "fails if there are rows: column '%s' is NOT NULL without a default", name));
        return;
    }
    if (not_null && changes(part, "not_null"))
        sqlite_list_add(pool, risks, sqlite_pool_format(pool, "fails if column '%s' holds NULL", name));
    if (strict && changes(part, "type"))
        sqlite_list_add(pool, risks,
                        sqlite_pool_format(pool, "fails if column '%s' holds values of another type", name));
}

static void constraint_risks(struct sqlite_pool *pool, struct sqlite_list *risks, const struct dara_change *part)
{
    if (!part->after || !is_kind(part, "constraint"))
        return;
    const char *type = dara_object_text(part->after, "type"), *name = dara_object_name(part->after);
    if (type && strcmp(type, "check") == 0)
        sqlite_list_add(pool, risks, sqlite_pool_format(pool, "fails if rows do not satisfy '%s'", name));
    else if (type && strcmp(type, "foreign key") == 0)
        sqlite_list_add(pool, risks, sqlite_pool_format(pool, "fails at commit if rows violate '%s'", name));
    else
        sqlite_list_add(pool, risks, sqlite_pool_format(pool, "fails if rows have equal values for '%s'", name));
}

static char *sentences(struct sqlite_pool *pool, const struct sqlite_list *list)
{
    struct sqlite_buffer out = {.pool = pool};
    for (size_t i = 0; i < list->count; i++) {
        sqlite_buffer_add(&out, i ? "; " : "");
        sqlite_buffer_add(&out, list->values[i]);
    }
    return out.text;
}

char *sqlite_rebuild_risks(struct sqlite_pool *pool, const struct dara_change *change)
{
    struct sqlite_list risks = {.count = 0};
    bool strict = dara_object_bool(change->after, "sqlite.strict", false);
    if (strict && changes(change, "sqlite.strict"))
        sqlite_list_add(pool, &risks, "fails if a column holds values of another type: the table becomes STRICT");
    if (dara_object_bool(change->after, "sqlite.without_rowid", false) && changes(change, "sqlite.without_rowid"))
        sqlite_list_add(pool, &risks, "fails if a column of the primary key holds NULL");
    for (size_t i = 0; i < change->part_count; i++) {
        column_risks(pool, &risks, change->parts[i], strict);
        constraint_risks(pool, &risks, change->parts[i]);
        equality_risks(pool, &risks, change, change->parts[i]);
    }
    return sentences(pool, &risks);
}

static bool has_part(const struct dara_change *change, const struct dara_object *after)
{
    for (size_t i = 0; i < change->part_count; i++)
        if (change->parts[i]->after == after)
            return true;
    return false;
}

/* ANY keeps every value as it is in a STRICT table, and means NUMERIC in others: the column itself does not differ. */
static void strict_losses(struct sqlite_pool *pool, struct sqlite_list *losses, const struct dara_change *change)
{
    const struct dara_object *column = NULL;
    if (!changes(change, "sqlite.strict") || dara_object_bool(change->after, "sqlite.strict", false))
        return;
    while ((column = dara_object_owned(change->after, "column", column))) {
        const char *type = dara_object_text(column, "type");
        if (type && strcmp(type, "any") == 0 && !has_part(change, column) && !dara_object_has(column, "generated"))
            sqlite_list_add(pool, losses,
                            sqlite_pool_format(pool, "column '%s': %s", dara_object_name(column), TEXT_TO_NUMBER));
    }
}

char *sqlite_rebuild_losses(struct sqlite_pool *pool, const struct dara_change *change)
{
    struct sqlite_list losses = {.count = 0};
    strict_losses(pool, &losses, change);
    for (size_t i = 0; i < change->part_count; i++) {
        const struct dara_change *part = change->parts[i];
        if (!is_kind(part, "column"))
            continue;
        /* values of a generated column can be computed again; values that give way to an expression cannot */
        bool was_generated = part->before && dara_object_has(part->before, "generated");
        bool becomes_generated = part->after && dara_object_has(part->after, "generated");
        const char *converted = was_generated || becomes_generated ? NULL : conversion(change, part);
        if (converted)
            sqlite_list_add(pool, &losses,
                            sqlite_pool_format(pool, "column '%s': %s", dara_object_name(part->before), converted));
        if (part->before && !was_generated && (!part->after || becomes_generated))
            sqlite_list_add(
                pool, &losses,
                sqlite_pool_format(pool, "the values of column '%s' are lost", dara_object_name(part->before)));
    }
    return sentences(pool, &losses);
}
