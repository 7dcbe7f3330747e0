/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "render.h"

int sqlite_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out)
{
    (void)conn;
    sqlite_quote(out, name);
    return 0;
}

int sqlite_dialect_read_rows(const struct dara_object *object, const char *const *fields, size_t count,
                             struct dara_text *out)
{
    for (size_t i = 0; i < count; i++) {
        dara_text_add(out, i ? ", " : "SELECT ");
        sqlite_quote(out, fields[i]);
    }
    dara_text_add(out, " FROM ");
    sqlite_quote(out, dara_object_name(object));
    dara_text_add(out, " ORDER BY ");
    sqlite_quote(out, fields[0]);
    return 0;
}

int sqlite_dialect_delete_rows(const struct dara_object *object, struct dara_text *out)
{
    dara_text_add(out, "DELETE FROM ");
    sqlite_quote(out, dara_object_name(object));
    return 0;
}

/* A list property, joined by ", "; NULL where it is absent. */
static char *joined(struct sqlite_pool *pool, const struct dara_object *object, const char *property)
{
    const char *const *values = NULL;
    struct sqlite_list list = {.count = 0};
    size_t count = dara_object_list(object, property, &values);
    for (size_t i = 0; i < count; i++)
        sqlite_list_add(pool, &list, values[i]);
    return count ? sqlite_list_join(pool, &list) : NULL;
}

static void begin(struct sqlite_buffer *out, const char *what, const struct dara_object *object)
{
    sqlite_buffer_add(out, what);
    sqlite_buffer_quote(out, dara_object_name(object));
}

static void add_optional(struct sqlite_buffer *out, const char *before, const char *text, const char *after)
{
    if (!text)
        return;
    sqlite_buffer_add(out, before);
    sqlite_buffer_add(out, text);
    sqlite_buffer_add(out, after);
}

static char *render_index(struct sqlite_pool *pool, const struct dara_object *object)
{
    struct sqlite_buffer out = {.pool = pool};
    begin(&out, dara_object_bool(object, "unique", false) ? "CREATE UNIQUE INDEX " : "CREATE INDEX ", object);
    sqlite_buffer_add(&out, " ON ");
    sqlite_buffer_quote(&out, dara_object_name(dara_object_owner(object)));
    add_optional(&out, "(", joined(pool, object, "columns"), ")");
    add_optional(&out, " WHERE ", dara_object_text(object, "where"), "");
    return out.text;
}

static char *render_view(struct sqlite_pool *pool, const struct dara_object *object)
{
    const char *const *columns = NULL;
    size_t count = dara_object_list(object, "columns", &columns);
    struct sqlite_buffer out = {.pool = pool};
    begin(&out, "CREATE VIEW ", object);
    for (size_t i = 0; i < count; i++) {
        sqlite_buffer_add(&out, i ? ", " : "(");
        sqlite_buffer_quote(&out, columns[i]);
    }
    add_optional(&out, count ? ") AS " : " AS ", dara_object_text(object, "definition"), "");
    return out.text;
}

static char *render_trigger(struct sqlite_pool *pool, const struct dara_object *object)
{
    const char *const *columns = NULL;
    size_t count = dara_object_list(object, "update_of", &columns);
    struct sqlite_buffer out = {.pool = pool};
    begin(&out, "CREATE TRIGGER ", object);
    add_optional(&out, " ", dara_object_text(object, "timing"), "");
    add_optional(&out, " ", dara_object_text(object, "event"), "");
    for (size_t i = 0; i < count; i++) {
        sqlite_buffer_add(&out, i ? ", " : " of ");
        sqlite_buffer_quote(&out, columns[i]);
    }
    sqlite_buffer_add(&out, " ON ");
    sqlite_buffer_quote(&out, dara_object_name(dara_object_owner(object)));
    add_optional(&out, " WHEN ", dara_object_text(object, "when"), "");
    add_optional(&out, " BEGIN ", dara_object_text(object, "definition"), " END");
    return out.text;
}

static char *render_virtual(struct sqlite_pool *pool, const struct dara_object *object)
{
    struct sqlite_buffer out = {.pool = pool};
    begin(&out, "CREATE VIRTUAL TABLE ", object);
    sqlite_buffer_add(&out, " USING ");
    const char *module = dara_object_text(object, "module");
    sqlite_buffer_quote(&out, module ? module : "");
    add_optional(&out, "(", joined(pool, object, "arguments"), ")");
    return out.text;
}

char *sqlite_render_setting(struct sqlite_pool *pool, const struct dara_object *object)
{
    if (!dara_object_has(object, "value"))
        return NULL;
    return sqlite_pool_format(pool, "PRAGMA %s = %" PRId64, dara_object_name(object),
                              dara_object_int(object, "value", 0));
}

/* Whether a line comment may be open at the end of the text; almost never, so that reading the text is saved. */
static bool may_end_in_comment(const char *sql)
{
    const char *newline = strrchr(sql, '\n');
    return strstr(newline ? newline : sql, "--") != NULL;
}

/* SQLite keeps a comment behind the last word of an index; a line comment would swallow the delimiter. */
static char *author_text(struct sqlite_pool *pool, const char *sql)
{
    if (!may_end_in_comment(sql))
        return sqlite_pool_copy(pool, sql, strlen(sql));
    struct sqlite_span span = sqlite_span_read(pool, sql, strlen(sql));
    const struct sqlite_token *last = span.count ? &span.at[span.count - 1] : NULL;
    const char *comment = last ? strstr(last->start + last->length, "--") : NULL;
    const char *newline = comment ? strrchr(sql, '\n') : NULL;
    bool open = comment && (!newline || newline < comment);
    return sqlite_pool_format(pool, "%s%s", sql, open ? "\n" : "");
}

char *sqlite_render_object(struct sqlite_pool *pool, const struct dara_object *object)
{
    static const struct {
        const char *kind;
        char *(*render)(struct sqlite_pool *pool, const struct dara_object *object);
    } renderers[] = {
        {"table", sqlite_render_table}, {"virtual_table", render_virtual}, {"index", render_index},
        {"view", render_view},          {"trigger", render_trigger},
    };
    const char *kind = dara_object_kind(object)->name, *sql = dara_object_text(object, "sql");
    if (sql)
        return author_text(pool, sql);
    if (strcmp(kind, "setting") == 0)
        return dara_object_int(object, "value", 0) ? sqlite_render_setting(pool, object) : NULL;
    for (size_t i = 0; i < sizeof(renderers) / sizeof(renderers[0]); i++)
        if (strcmp(renderers[i].kind, kind) == 0)
            return renderers[i].render(pool, object);
    return NULL;
}

struct rendering {
    const struct dara_object *object;
    struct dara_text *out;
};

static int render(struct sqlite_pool *pool, void *context)
{
    struct rendering *rendering = context;
    char *text = sqlite_render_object(pool, rendering->object);
    if (!text)
        return 0;
    dara_text_add(rendering->out, text);
    dara_text_add(rendering->out, ";\n");
    return 0;
}

int sqlite_dialect_render(const struct dara_object *object, struct dara_text *out)
{
    struct rendering rendering = {.object = object, .out = out};
    const char *sql = dara_object_text(object, "sql");
    if (!sql || may_end_in_comment(sql))
        return sqlite_pool_run(render, &rendering);
    dara_text_add(out, sql);
    dara_text_add(out, ";\n");
    return 0;
}

/* Encoding and auto_vacuum are set while the file is empty, before any transaction. */
int sqlite_dialect_begin_snapshot(const struct dara_model *model, struct dara_text *out)
{
    const struct dara_object *encoding = dara_model_find(model, "setting", NULL, NULL, "encoding");
    const struct dara_object *vacuum = dara_model_find(model, "setting", NULL, NULL, "auto_vacuum");
    const char *value = encoding ? dara_object_text(encoding, "fixed_value") : NULL;
    dara_text_add(out, "-- schema of an SQLite database, written by dara; load it into an empty file with sqlite3\n");
    if (value)
        dara_text_format(out, "PRAGMA encoding = '%s';\n", value);
    value = vacuum ? dara_object_text(vacuum, "observed_value") : NULL;
    if (value && strcmp(value, "none") != 0)
        dara_text_format(out, "PRAGMA auto_vacuum = %s;\n", value);
    dara_text_add(out, "PRAGMA foreign_keys = OFF;\nBEGIN TRANSACTION;\n");
    return 0;
}

int sqlite_dialect_end_snapshot(const struct dara_model *model, struct dara_text *out)
{
    (void)model;
    dara_text_add(out, "COMMIT;\n");
    return 0;
}
