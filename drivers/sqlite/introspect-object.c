/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "introspect.h"

static int add(struct sqlite_reading *reading, struct sqlite_row *row, struct dara_object *owner)
{
    struct dara_object_desc desc = {
        .size = sizeof(desc), .kind = row->kind, .name = row->name, .key = row->key, .owner = owner};
    int code = dara_model_add(reading->model, &desc, &row->object);
    return code ? code : dara_object_set_text(row->object, "sql", row->sql);
}

static int set_list(struct dara_object *object, const char *property, const struct sqlite_list *list)
{
    return list->count ? dara_object_set_list(object, property, list->values, list->count) : 0;
}

/* The text as a whole, where its parts were not understood. */
static int set_unread(struct sqlite_reading *reading, struct sqlite_row *row, const char *property)
{
    struct sqlite_span text = sqlite_span_read(reading->pool, row->sql, strlen(row->sql));
    char *normal = sqlite_normal_spacing(reading->pool, text);
    int code = dara_object_set_text(row->object, property, normal ? normal : row->sql);
    return code ? code
                : dara_model_unrepresented(reading->model, row->kind, row->name,
                                           "its definition was not understood: it is compared as text");
}

static void add_columns(struct sqlite_reading *reading, struct sqlite_names *known, const struct sqlite_row *row)
{
    for (size_t i = 0; row->columns && i < row->columns->room; i++)
        if (row->columns->slots[i].key)
            sqlite_names_add(reading->pool, known, row->columns->slots[i].key, NULL);
    for (size_t i = 0; row->view && i < row->view->columns.count; i++)
        sqlite_names_add(reading->pool, known, row->view->columns.values[i], NULL);
}

/* Tables and views that the text names become dependencies; their names and columns become known names. */
static int scan(struct sqlite_reading *reading, struct sqlite_row *row, struct sqlite_span span,
                struct sqlite_names *known)
{
    struct sqlite_names seen = {.count = 0};
    int code = 0;
    for (size_t i = 0; !code && i < span.count; i++) {
        if (span.at[i].type != SQLITE_TOKEN_WORD && span.at[i].type != SQLITE_TOKEN_QUOTED)
            continue;
        char *key = sqlite_pool_fold(reading->pool, sqlite_pool_name(reading->pool, &span.at[i]));
        const struct sqlite_name_slot *slot = sqlite_names_find(&reading->tables, key);
        struct sqlite_row *named = slot ? slot->value : NULL;
        if (!named || named == row || named->left_out || sqlite_names_find(&seen, key))
            continue;
        sqlite_names_add(reading->pool, &seen, key, NULL);
        sqlite_names_add(reading->pool, known, key, NULL);
        add_columns(reading, known, named);
        code = dara_object_depend(row->object, named->kind, NULL, key);
    }
    return code;
}

int sqlite_reading_virtual(struct sqlite_reading *reading, struct sqlite_row *row)
{
    struct sqlite_names known = {.count = 0};
    int code = add(reading, row, NULL);
    if (code)
        return code;
    if (!row->virtual_table)
        return set_unread(reading, row, "module");
    code = dara_object_set_text(row->object, "module", row->virtual_table->module);
    if (!code)
        code = set_list(row->object, "arguments", &row->virtual_table->arguments);
    return code ? code : scan(reading, row, row->virtual_table->text, &known);
}

int sqlite_reading_view(struct sqlite_reading *reading, struct sqlite_row *row)
{
    struct sqlite_names known = {.count = 0};
    int code = add(reading, row, NULL);
    if (code)
        return code;
    if (!row->view)
        return set_unread(reading, row, "definition");
    code = scan(reading, row, row->view->select, &known);
    if (!code)
        code = set_list(row->object, "columns", &row->view->columns);
    if (code)
        return code;
    return dara_object_set_text(row->object, "definition", sqlite_normal(reading->pool, row->view->select, &known));
}

static struct sqlite_row *owner_of(struct sqlite_reading *reading, const struct sqlite_row *row)
{
    return sqlite_names_find(&reading->tables, row->table)->value; /* checked when the rows were loaded */
}

int sqlite_reading_index(struct sqlite_reading *reading, struct sqlite_row *row)
{
    struct sqlite_row *owner = owner_of(reading, row);
    const struct sqlite_names *known = owner->columns;
    struct sqlite_index read;
    int code = add(reading, row, owner->object);
    if (!code)
        code = dara_object_set_text(row->object, "table", owner->key);
    if (code)
        return code;
    if (!sqlite_ddl_index(reading->pool, row->sql, known, &read))
        return set_unread(reading, row, "definition");
    code = dara_object_set_bool(row->object, "unique", read.unique);
    if (!code)
        code = set_list(row->object, "columns", &read.columns);
    return code ? code : dara_object_set_text(row->object, "where", sqlite_normal(reading->pool, read.where, known));
}

int sqlite_reading_trigger(struct sqlite_reading *reading, struct sqlite_row *row)
{
    struct sqlite_row *owner = owner_of(reading, row);
    struct sqlite_names known = {.count = 0};
    struct sqlite_trigger read;
    int code = add(reading, row, owner->object);
    if (code)
        return code;
    if (!sqlite_ddl_trigger(reading->pool, row->sql, &read))
        return set_unread(reading, row, "definition");
    add_columns(reading, &known, owner);
    code = scan(reading, row, read.when, &known);
    if (!code)
        code = scan(reading, row, read.body, &known);
    if (!code)
        code = dara_object_set_text(row->object, "timing", read.timing);
    if (!code)
        code = dara_object_set_text(row->object, "event", read.event);
    if (!code)
        code = set_list(row->object, "update_of", &read.of);
    if (!code)
        code = dara_object_set_text(row->object, "when", sqlite_normal(reading->pool, read.when, &known));
    if (!code)
        code = dara_object_set_text(row->object, "definition", sqlite_normal(reading->pool, read.body, &known));
    return code;
}

static int add_setting(struct sqlite_reading *reading, const char *name, const char *property, bool text)
{
    static const char *const vacuum[] = {"none", "full", "incremental"};
    struct dara_object_desc desc = {.size = sizeof(desc), .kind = "setting", .name = name};
    struct dara_object *object = NULL;
    int code = sqlite_reading_query(reading, sqlite_pool_format(reading->pool, "PRAGMA main.%s", name));
    if (code)
        return code;
    int step = sqlite_reading_step(reading);
    if (step != SQLITE_ROW)
        return step == SQLITE_DONE ? 0 : step;
    code = dara_model_add(reading->model, &desc, &object);
    if (code)
        return code;
    sqlite3_int64 value = sqlite3_column_int64(reading->statement, 0);
    if (text)
        return dara_object_set_text(object, property, (const char *)sqlite3_column_text(reading->statement, 0));
    if (strcmp(name, "auto_vacuum") == 0 && value >= 0 && value <= 2)
        return dara_object_set_text(object, property, vacuum[value]);
    return dara_object_set_int(object, property, value);
}

int sqlite_reading_settings(struct sqlite_reading *reading)
{
    int code = add_setting(reading, "encoding", "fixed_value", true);
    if (!code)
        code = add_setting(reading, "auto_vacuum", "observed_value", false);
    if (!code)
        code = add_setting(reading, "page_size", "observed_value", false);
    if (!code)
        code = add_setting(reading, "user_version", "value", false);
    if (!code)
        code = add_setting(reading, "application_id", "value", false);
    return code;
}
