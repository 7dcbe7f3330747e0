/* SPDX-License-Identifier: MIT */
/* The rows of sqlite_schema, and which of them are not the user's objects. */
#include <stdio.h>
#include <string.h>

#include "introspect.h"

/* Whether the bytes are UTF-8 without surrogates; SQLite keeps any bytes, a model does not. */
static bool is_utf8(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    while (*c) {
        size_t more = *c < 0x80 ? 0 : *c >= 0xc2 && *c < 0xe0 ? 1 : *c >= 0xe0 && *c < 0xf0 ? 2 : *c < 0xf5 ? 3 : 4;
        if (more == 4 || (*c >= 0x80 && *c < 0xc2))
            return false;
        if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] >= 0xa0) || (*c == 0xf0 && c[1] < 0x90) ||
            (*c == 0xf4 && c[1] >= 0x90))
            return false;
        for (size_t i = 1; i <= more; i++)
            if ((c[i] & 0xc0) != 0x80)
                return false;
        c += more + 1;
    }
    return true;
}

/* The name with every byte that is not plain ASCII as \xNN. */
static char *escaped(struct sqlite_pool *pool, const char *name)
{
    struct sqlite_buffer out = {.pool = pool};
    sqlite_buffer_add(&out, "");
    for (const char *c = name; *c; c++) {
        if (*c >= ' ' && *c < 0x7f)
            sqlite_buffer_add_bytes(&out, c, 1);
        else
            sqlite_buffer_add(&out, sqlite_pool_format(pool, "\\x%02x", (unsigned)(unsigned char)*c));
    }
    return out.text;
}

static char *column_text(struct sqlite_reading *reading, int column)
{
    const unsigned char *text = sqlite3_column_text(reading->statement, column);
    return text ? sqlite_pool_copy(reading->pool, (const char *)text, strlen((const char *)text)) : NULL;
}

/* Whether a folded name is `table`_`suffix` of a virtual table of a module that keeps its rows in such tables. */
static bool has_shadow_suffix(const char *module, const char *suffix)
{
    static const struct {
        const char *module, *suffixes;
    } modules[] = {
        {"fts3", " content segments segdir docsize stat "},
        {"fts4", " content segments segdir docsize stat "},
        {"fts5", " data idx content docsize config "},
        {"rtree", " node rowid parent "},
        {"rtree_i32", " node rowid parent "},
        {"geopoly", " node rowid parent "},
    };
    size_t length = strlen(suffix);
    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
        if (strcmp(modules[i].module, module) != 0)
            continue;
        for (const char *at = modules[i].suffixes; (at = strstr(at, suffix)); at++)
            if (at > modules[i].suffixes && at[-1] == ' ' && at[length] == ' ')
                return true;
    }
    return false;
}

static void mark_shadow(struct sqlite_reading *reading, struct sqlite_row *row)
{
    const char *underscore = strrchr(row->key, '_');
    if (!underscore || row->virtual_table || strcmp(row->kind, "table") != 0)
        return;
    char *owner = sqlite_pool_copy(reading->pool, row->key, (size_t)(underscore - row->key));
    const struct sqlite_name_slot *slot = sqlite_names_find(&reading->tables, owner);
    const struct sqlite_row *virtual_row = slot ? slot->value : NULL;
    if (virtual_row && virtual_row->virtual_table &&
        has_shadow_suffix(virtual_row->virtual_table->module, underscore + 1))
        row->left_out = row->mute = true;
}

/* Ask SQLite (3.37 and later; before, there is no such pragma and no row) for shadow tables of modules we do not know. */
static int mark_reported_shadows(struct sqlite_reading *reading)
{
    int code = sqlite_reading_query(reading, "PRAGMA main.table_list");
    if (code)
        return code;
    while ((code = sqlite_reading_step(reading)) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(reading->statement, 2);
        char *name = column_text(reading, 1);
        if (!name || !type || strcmp(type, "shadow") != 0)
            continue;
        const struct sqlite_name_slot *slot =
            sqlite_names_find(&reading->tables, sqlite_pool_fold(reading->pool, name));
        if (slot)
            ((struct sqlite_row *)slot->value)->left_out = ((struct sqlite_row *)slot->value)->mute = true;
    }
    return code == SQLITE_DONE ? 0 : code;
}

static int mark_shadows(struct sqlite_reading *reading)
{
    bool unknown_module = false;
    for (size_t i = 0; i < reading->count; i++) {
        struct sqlite_row *row = &reading->rows[i];
        mark_shadow(reading, row);
        if (strcmp(row->kind, "virtual_table") == 0 &&
            (!row->virtual_table || (strncmp(row->virtual_table->module, "fts", 3) != 0 &&
                                     strncmp(row->virtual_table->module, "rtree", 5) != 0)))
            unknown_module = true;
    }
    return unknown_module ? mark_reported_shadows(reading) : 0;
}

static void classify(struct sqlite_reading *reading, struct sqlite_row *row)
{
    struct sqlite_virtual virtual_table;
    struct sqlite_view view;
    row->kind = row->type;
    if (strcmp(row->type, "view") == 0 && row->sql && sqlite_ddl_view(reading->pool, row->sql, &view)) {
        row->view = sqlite_pool_alloc(reading->pool, sizeof(view));
        *row->view = view;
    }
    if (strcmp(row->type, "table") != 0 || !row->sql)
        return;
    struct sqlite_lexer lexer;
    struct sqlite_token token;
    sqlite_lex_begin(&lexer, row->sql, strlen(row->sql));
    if (sqlite_lex_next(&lexer, &token) == SQLITE_TOKEN_BAD || sqlite_lex_next(&lexer, &token) == SQLITE_TOKEN_BAD ||
        !sqlite_token_is(&token, "virtual"))
        return;
    row->kind = "virtual_table";
    if (sqlite_ddl_virtual(reading->pool, row->sql, &virtual_table)) {
        row->virtual_table = sqlite_pool_alloc(reading->pool, sizeof(virtual_table));
        *row->virtual_table = virtual_table;
    }
}

static int load_row(struct sqlite_reading *reading, struct sqlite_row *row)
{
    char *type = column_text(reading, 0), *name = column_text(reading, 1), *table = column_text(reading, 2);
    *row = (struct sqlite_row){.sql = column_text(reading, 3)};
    row->type = type ? type : sqlite_pool_copy(reading->pool, "", 0);
    row->name = name ? name : sqlite_pool_copy(reading->pool, "", 0);
    row->table = sqlite_pool_fold(reading->pool, table ? table : "");
    row->key = sqlite_pool_fold(reading->pool, row->name);
    classify(reading, row);
    /* automatic indexes belong to a constraint; dara's own table is no part of the schema */
    row->left_out = row->mute =
        !row->sql || strncmp(row->key, "sqlite_", 7) == 0 || strcmp(row->table, SQLITE_HISTORY_TABLE) == 0;
    if (strncmp(row->key, "sqlite_stat", 11) == 0)
        return dara_model_unrepresented(reading->model, "statistics", row->name, "ANALYZE makes them again");
    if (!row->left_out && (!is_utf8(row->name) || !is_utf8(row->sql))) {
        row->left_out = true;
        return dara_model_unrepresented(reading->model, row->kind, escaped(reading->pool, row->name),
                                        "its text is not UTF-8");
    }
    return 0;
}

/* What belongs to something left out is left out with it. */
static int leave_out_owned(struct sqlite_reading *reading)
{
    int code = 0;
    for (size_t i = 0; !code && i < reading->count; i++) {
        struct sqlite_row *row = &reading->rows[i];
        if (row->left_out || (strcmp(row->kind, "index") != 0 && strcmp(row->kind, "trigger") != 0))
            continue;
        const struct sqlite_name_slot *slot = sqlite_names_find(&reading->tables, row->table);
        const struct sqlite_row *owner = slot ? slot->value : NULL;
        if (owner && !owner->left_out && strcmp(owner->kind, "virtual_table") != 0)
            continue;
        row->left_out = true;
        code = dara_model_unrepresented(reading->model, row->kind, row->name,
                                        "it belongs to a table that is not in the model");
    }
    return code;
}

int sqlite_reading_load(struct sqlite_reading *reading)
{
    size_t room = 0;
    int code = sqlite_reading_query(reading, "SELECT type, name, tbl_name, sql FROM main.sqlite_schema ORDER BY rowid");
    if (code)
        return code;
    while ((code = sqlite_reading_step(reading)) == SQLITE_ROW) {
        if (reading->count == room) {
            size_t more = room ? room * 2 : 64, size = sizeof(*reading->rows);
            reading->rows = sqlite_pool_resize(reading->pool, reading->rows, room * size, more * size);
            room = more;
        }
        int failed = load_row(reading, &reading->rows[reading->count]);
        if (failed)
            return failed;
        reading->count++;
    }
    if (code != SQLITE_DONE)
        return code;
    for (size_t i = 0; i < reading->count; i++)
        if (strcmp(reading->rows[i].kind, "index") != 0 && strcmp(reading->rows[i].kind, "trigger") != 0)
            sqlite_names_add(reading->pool, &reading->tables, reading->rows[i].key, &reading->rows[i]);
    code = mark_shadows(reading);
    return code ? code : leave_out_owned(reading);
}
