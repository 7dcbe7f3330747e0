/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "introspect.h"

static int set_list(struct dara_object *object, const char *property, const struct sqlite_list *list)
{
    return list->count ? dara_object_set_list(object, property, list->values, list->count) : 0;
}

static int add_column(struct sqlite_reading *reading, struct dara_object *table, const struct sqlite_table *read,
                      const struct sqlite_column *column)
{
    struct dara_object_desc desc = {
        .size = sizeof(desc), .kind = "column", .name = column->name, .key = column->key, .owner = table};
    struct dara_object *object = NULL;
    struct sqlite_pool *pool = reading->pool;
    int code = dara_model_add(reading->model, &desc, &object);
    if (!code)
        code = dara_object_set_text(object, "type", sqlite_normal_type(pool, column->type));
    if (!code)
        code = dara_object_set_text(object, "declared", sqlite_span_text(pool, column->type));
    if (!code && column->not_null)
        code = dara_object_set_bool(object, "not_null", true);
    if (!code)
        code = dara_object_set_text(object, "sqlite.not_null_conflict", column->not_null_conflict);
    if (!code)
        code = dara_object_set_text(object, "default", sqlite_normal_default(pool, column->default_value));
    if (!code)
        code = dara_object_set_text(object, "generated", sqlite_normal(pool, column->generated, &read->names));
    if (!code && column->stored)
        code = dara_object_set_bool(object, "sqlite.generated_stored", true);
    /* BINARY is what every column has anyway */
    if (!code && column->collation && strcmp(column->collation, "binary") != 0)
        code = dara_object_set_text(object, "collation", column->collation);
    return code;
}

static int add_foreign_key(struct sqlite_reading *reading, struct dara_object *table, struct dara_object *object,
                           const struct sqlite_constraint *key)
{
    char *parent = sqlite_pool_fold(reading->pool, key->parent);
    int code = dara_object_set_text(object, "references", parent);
    if (!code)
        code = set_list(object, "referenced_columns", &key->parent_columns);
    if (!code)
        code = dara_object_set_text(object, "on_delete", key->on_delete);
    if (!code)
        code = dara_object_set_text(object, "on_update", key->on_update);
    if (!code)
        code = dara_object_set_text(object, "sqlite.match", key->match);
    if (!code && key->deferred)
        code = dara_object_set_text(object, "deferrable", "initially deferred");
    /* SQLite does not ask for it; it makes an order that reads well */
    if (!code && strcmp(parent, dara_object_key(table)) != 0)
        code = dara_object_depend(table, "table", NULL, parent);
    return code;
}

static int add_constraint(struct sqlite_reading *reading, struct dara_object *table,
                          const struct sqlite_constraint *constraint)
{
    struct dara_object_desc desc = {.size = sizeof(desc),
                                    .kind = "constraint",
                                    .name = constraint->name ? constraint->name : constraint->text,
                                    .key = constraint->key,
                                    .owner = table};
    struct dara_object *object = NULL;
    int code = dara_model_add(reading->model, &desc, &object);
    if (!code)
        code = dara_object_set_text(object, "type", constraint->type);
    if (!code && constraint->name)
        code = dara_object_set_bool(object, "sqlite.named", true);
    if (!code)
        code = set_list(object, "columns", &constraint->columns);
    if (!code)
        code = dara_object_set_text(object, "sqlite.conflict", constraint->conflict);
    if (!code)
        code = dara_object_set_text(object, "expression", constraint->expression);
    if (!code && constraint->rowid_alias)
        code = dara_object_set_bool(object, "sqlite.rowid_alias", true);
    if (!code && constraint->parent)
        code = add_foreign_key(reading, table, object, constraint);
    return code;
}

static int add_parts(struct sqlite_reading *reading, struct dara_object *table, const struct sqlite_table *read)
{
    int code = 0;
    if (read->strict)
        code = dara_object_set_bool(table, "sqlite.strict", true);
    if (!code && read->without_rowid)
        code = dara_object_set_bool(table, "sqlite.without_rowid", true);
    if (!code && read->autoincrement)
        code = dara_object_set_bool(table, "sqlite.autoincrement", true);
    for (const struct sqlite_column *c = read->columns; !code && c; c = c->next)
        code = add_column(reading, table, read, c);
    for (const struct sqlite_constraint *c = read->constraints; !code && c; c = c->next)
        code = add_constraint(reading, table, c);
    return code;
}

/* One row of PRAGMA table_xinfo: cid, name, type, notnull, dflt_value, pk, hidden. */
static int add_reported_column(struct sqlite_reading *reading, struct dara_object *table)
{
    sqlite3_stmt *row = reading->statement;
    const char *name = (const char *)sqlite3_column_text(row, 1);
    struct dara_object_desc desc = {.size = sizeof(desc), .kind = "column", .name = name ? name : "", .owner = table};
    desc.key = sqlite_pool_fold(reading->pool, desc.name);
    struct dara_object *object = NULL;
    int code = dara_model_add(reading->model, &desc, &object);
    const char *type = (const char *)sqlite3_column_text(row, 2);
    if (!code && type && *type)
        code = dara_object_set_text(object, "type", sqlite_pool_fold(reading->pool, type));
    if (!code && sqlite3_column_int(row, 3))
        code = dara_object_set_bool(object, "not_null", true);
    if (!code)
        code = dara_object_set_text(object, "default", (const char *)sqlite3_column_text(row, 4));
    if (!code && sqlite3_column_int(row, 6) >= 2)
        code = dara_object_set_text(object, "generated", "(not read)");
    return code;
}

/* The text is beyond us: take what SQLite reports, compare the text as a whole, and say so. */
static int add_reported_parts(struct sqlite_reading *reading, struct sqlite_row *row)
{
    struct sqlite_span text = sqlite_span_read(reading->pool, row->sql, strlen(row->sql));
    struct sqlite_buffer query = {.pool = reading->pool};
    sqlite_buffer_add(&query, "PRAGMA main.table_xinfo(");
    sqlite_buffer_quote(&query, row->name);
    sqlite_buffer_add(&query, ")");
    int code = dara_object_set_text(row->object, "definition", sqlite_normal(reading->pool, text, NULL));
    if (!code)
        code = dara_model_unrepresented(reading->model, "constraint", row->name,
                                        "the definition of this table was not understood: its constraints are not "
                                        "in the model, its text is");
    if (!code)
        code = sqlite_reading_query(reading, query.text);
    if (code)
        return code;
    while ((code = sqlite_reading_step(reading)) == SQLITE_ROW) {
        int failed = add_reported_column(reading, row->object);
        if (failed)
            return failed;
    }
    return code == SQLITE_DONE ? 0 : code;
}

/* The names of the columns, for the views, indexes and triggers that are read later. */
static void keep_columns(struct sqlite_reading *reading, struct sqlite_row *row, const struct sqlite_table *read)
{
    row->columns = sqlite_pool_alloc(reading->kept, sizeof(*row->columns));
    for (const struct sqlite_column *c = read->columns; c; c = c->next)
        sqlite_names_add(reading->kept, row->columns, sqlite_pool_copy(reading->kept, c->key, strlen(c->key)), NULL);
}

int sqlite_reading_table(struct sqlite_reading *reading, struct sqlite_row *row)
{
    struct dara_object_desc desc = {.size = sizeof(desc), .kind = "table", .name = row->name, .key = row->key};
    int code = dara_model_add(reading->model, &desc, &row->object);
    if (!code)
        code = dara_object_set_text(row->object, "sql", row->sql);
    if (code)
        return code;
    struct sqlite_table read;
    if (!sqlite_ddl_table(reading->pool, row->sql, &read))
        return add_reported_parts(reading, row);
    keep_columns(reading, row, &read);
    return add_parts(reading, row->object, &read);
}
