/* SPDX-License-Identifier: MIT */
/* CREATE TABLE from the properties of a model that has no text. */
#include <string.h>

#include "render.h"

static void add_text(struct sqlite_buffer *out, const char *before, const struct dara_object *object,
                     const char *property, const char *after)
{
    const char *text = dara_object_text(object, property);
    if (!text)
        return;
    sqlite_buffer_add(out, before);
    sqlite_buffer_add(out, text);
    sqlite_buffer_add(out, after);
}

static void add_type(struct sqlite_buffer *out, const struct dara_object *column)
{
    const char *declared = dara_object_text(column, "declared");
    const char *type = declared ? declared : dara_object_text(column, "type");
    if (!type)
        return;
    sqlite_buffer_add(out, " ");
    sqlite_buffer_add(out, type);
}

static void add_column(struct sqlite_buffer *out, const struct dara_object *column)
{
    const char *collation = dara_object_text(column, "collation");
    sqlite_buffer_quote(out, dara_object_name(column));
    add_type(out, column);
    if (dara_object_bool(column, "not_null", false)) {
        sqlite_buffer_add(out, " NOT NULL");
        add_text(out, " ON CONFLICT ", column, "sqlite.not_null_conflict", "");
    }
    add_text(out, " DEFAULT ", column, "default", "");
    if (collation) {
        sqlite_buffer_add(out, " COLLATE ");
        sqlite_buffer_quote(out, collation);
    }
    if (dara_object_has(column, "generated")) {
        add_text(out, " GENERATED ALWAYS AS (", column, "generated", ")");
        sqlite_buffer_add(out, dara_object_bool(column, "sqlite.generated_stored", false) ? " STORED" : " VIRTUAL");
    }
}

static void add_list(struct sqlite_buffer *out, const struct dara_object *object, const char *property, bool quote)
{
    const char *const *values = NULL;
    size_t count = dara_object_list(object, property, &values);
    for (size_t i = 0; i < count; i++) {
        sqlite_buffer_add(out, i ? ", " : "(");
        if (quote)
            sqlite_buffer_quote(out, values[i]);
        else
            sqlite_buffer_add(out, values[i]);
    }
}

static void add_foreign_key(struct sqlite_buffer *out, const struct dara_object *key)
{
    const char *parent = dara_object_text(key, "references");
    sqlite_buffer_add(out, "FOREIGN KEY");
    add_list(out, key, "columns", true);
    sqlite_buffer_add(out, ") REFERENCES ");
    sqlite_buffer_quote(out, parent ? parent : "");
    if (dara_object_has(key, "referenced_columns")) {
        add_list(out, key, "referenced_columns", true);
        sqlite_buffer_add(out, ")");
    }
    add_text(out, " ON DELETE ", key, "on_delete", "");
    add_text(out, " ON UPDATE ", key, "on_update", "");
    const char *match = dara_object_text(key, "sqlite.match");
    if (match) {
        sqlite_buffer_add(out, " MATCH ");
        sqlite_buffer_quote(out, match);
    }
    add_text(out, " DEFERRABLE ", key, "deferrable", "");
}

static void add_constraint(struct sqlite_buffer *out, const struct dara_object *constraint, bool autoincrement)
{
    const char *type = dara_object_text(constraint, "type");
    if (dara_object_bool(constraint, "sqlite.named", false)) {
        sqlite_buffer_add(out, "CONSTRAINT ");
        sqlite_buffer_quote(out, dara_object_name(constraint));
        sqlite_buffer_add(out, " ");
    }
    if (type && strcmp(type, "foreign key") == 0) {
        add_foreign_key(out, constraint);
        return;
    }
    if (type && strcmp(type, "check") == 0) {
        add_text(out, "CHECK (", constraint, "expression", ")");
    } else {
        bool primary = type && strcmp(type, "primary key") == 0;
        sqlite_buffer_add(out, primary ? "PRIMARY KEY" : "UNIQUE");
        add_list(out, constraint, "columns", false);
        sqlite_buffer_add(out, primary && autoincrement ? " AUTOINCREMENT)" : ")");
    }
    add_text(out, " ON CONFLICT ", constraint, "sqlite.conflict", "");
}

char *sqlite_render_table(struct sqlite_pool *pool, const struct dara_object *object)
{
    struct sqlite_buffer out = {.pool = pool};
    const char *separator = " (\n  ";
    bool strict = dara_object_bool(object, "sqlite.strict", false);
    bool without_rowid = dara_object_bool(object, "sqlite.without_rowid", false);
    bool autoincrement = dara_object_bool(object, "sqlite.autoincrement", false);
    sqlite_buffer_add(&out, "CREATE TABLE ");
    sqlite_buffer_quote(&out, dara_object_name(object));
    const struct dara_object *part = NULL;
    while ((part = dara_object_owned(object, "column", part))) {
        sqlite_buffer_add(&out, separator);
        add_column(&out, part);
        separator = ",\n  ";
    }
    while ((part = dara_object_owned(object, "constraint", part))) {
        sqlite_buffer_add(&out, separator);
        add_constraint(&out, part, autoincrement);
    }
    sqlite_buffer_add(&out, "\n)");
    sqlite_buffer_add(&out, without_rowid ? " WITHOUT ROWID" : "");
    sqlite_buffer_add(&out, strict ? without_rowid ? ", STRICT" : " STRICT" : "");
    return out.text;
}
