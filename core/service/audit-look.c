/* SPDX-License-Identifier: MIT */
#include "service/audit-look.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "model/model.h"

/* ---- columns -------------------------------------------------------------------------------------------------------------- */

static int by_position(const void *a, const void *b)
{
    const struct dara_object *const *left = a, *const *right = b;
    int64_t first = dara_object_int(*left, "position", 0), second = dara_object_int(*right, "position", 0);
    return first < second ? -1 : first > second;
}

static void take_columns(struct dara_look *look, struct dara_look_table *table)
{
    size_t count = 0;
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(table->object, "column", column)))
        count++;
    table->columns = dara_arena_alloc(look->arena, (count + 1) * sizeof(*table->columns));
    bool placed = false;
    while ((column = dara_object_owned(table->object, "column", column))) {
        table->columns[table->column_count++] = column;
        placed = placed || dara_object_has(column, "position");
    }
    if (placed)
        qsort(table->columns, count, sizeof(*table->columns), by_position);
}

const struct dara_object *dara_look_column(const struct dara_look_table *table, const char *key)
{
    for (size_t i = 0; key && i < table->column_count; i++)
        if (strcmp(dara_object_key(table->columns[i]), key) == 0)
            return table->columns[i];
    return NULL;
}

/* Lists of columns have names where the engine folds keys. */
static const char *const *keys_of(struct dara_look *look, const struct dara_look_table *table, const char *const *names,
                                  size_t count)
{
    const char **keys = dara_arena_alloc(look->arena, (count + 1) * sizeof(*keys));
    for (size_t i = 0; i < count; i++) {
        keys[i] = names[i];
        for (size_t k = 0; names[i] && !dara_look_column(table, names[i]) && k < table->column_count; k++)
            if (strcmp(dara_object_name(table->columns[k]), names[i]) == 0)
                keys[i] = dara_object_key(table->columns[k]);
    }
    return keys;
}

bool dara_look_is_required(const struct dara_look_table *table, const struct dara_object *column)
{
    const char *key = dara_object_key(column);
    for (size_t i = 0; table->primary && i < table->primary->desc.count; i++)
        if (dara_string_same(table->primary->desc.columns[i], key))
            return true;
    return dara_object_bool(column, "not_null", false);
}

/* ---- keys ----------------------------------------------------------------------------------------------------------------- */

static bool is_key(const struct dara_object *object, bool *ret_primary)
{
    const char *kind = dara_object_kind(object)->name, *type = dara_object_text(object, "type");
    *ret_primary = strcmp(kind, "constraint") == 0 && dara_string_same(type, "primary key");
    return strcmp(kind, "index") == 0 || *ret_primary ||
           (strcmp(kind, "constraint") == 0 && dara_string_same(type, "unique"));
}

static int take_keys(struct dara_look *look, struct dara_look_table *table)
{
    size_t count = 0;
    bool primary;
    const struct dara_object *object = NULL;
    while ((object = dara_object_owned(table->object, NULL, object)))
        count += is_key(object, &primary);
    table->keys = dara_arena_alloc(look->arena, (count + 1) * sizeof(*table->keys));
    while ((object = dara_object_owned(table->object, NULL, object))) {
        if (!is_key(object, &primary))
            continue;
        struct dara_look_key *key = &table->keys[table->key_count++];
        *key = (struct dara_look_key){.object = object, .primary = primary};
        key->constraint = strcmp(dara_object_kind(object)->name, "constraint") == 0;
        int code = dara_audit_index(look->driver, object, look->arena, &key->desc);
        if (code)
            return code;
        key->desc.columns = keys_of(look, table, key->desc.columns, key->desc.count);
        if (primary)
            table->primary = key;
    }
    return 0;
}

/* ---- foreign keys --------------------------------------------------------------------------------------------------------- */

/* The part of a name "a"."b" that begins at `*at`, without its quotes; `*at` is behind it and its dot, NULL at the end. */
static char *next_part(struct dara_arena *arena, const char **at)
{
    char *part = dara_arena_strdup(arena, *at), *end = part;
    const char *from = *at;
    bool quoted = *from == '"';
    from += quoted;
    for (; *from; from++) {
        if (quoted && *from == '"' && from[1] != '"')
            break;
        if (!quoted && *from == '.')
            break;
        from += quoted && *from == '"';
        *end++ = *from;
    }
    *end = '\0';
    from += quoted && *from == '"';
    *at = *from == '.' ? from + 1 : NULL;
    return part;
}

/* The table that a foreign key refers to: by its key as it is, else as a name in parts. */
static const struct dara_object *find_parent(struct dara_look *look, const struct dara_object *child,
                                             struct dara_look_link *link)
{
    const char *at = link->parent_name;
    const struct dara_object *found = dara_model_find(look->model, "table", dara_object_space(child), NULL, at);
    if (found || !dara_object_space(child))
        return found;
    const char *space = next_part(look->arena, &at), *key = at ? next_part(look->arena, &at) : NULL;
    link->elsewhere = !dara_model_find(look->model, "namespace", NULL, NULL, space);
    return key && !at ? dara_model_find(look->model, "table", space, NULL, key) : NULL;
}

static int by_object(const void *key, const void *element)
{
    size_t place = *(const size_t *)key, other = dara_object_index(((const struct dara_look_table *)element)->object);
    return place < other ? -1 : place > other;
}

static struct dara_look_table *table_of(const struct dara_look *look, const struct dara_object *object)
{
    size_t place = object ? dara_object_index(object) : 0;
    return object ? bsearch(&place, look->tables, look->count, sizeof(*look->tables), by_object) : NULL;
}

static void take_link(struct dara_look *look, struct dara_look_table *table, const struct dara_object *object)
{
    struct dara_look_link *link = &table->links[table->link_count++];
    *link = (struct dara_look_link){.object = object, .parent_name = dara_object_text(object, "references")};
    link->count = dara_object_list(object, "columns", &link->columns);
    link->columns = keys_of(look, table, link->columns, link->count);
    if (!link->parent_name)
        return;
    struct dara_look_table *parent = table_of(look, find_parent(look, table->object, link));
    size_t named = dara_object_list(object, "referenced_columns", &link->referenced);
    if (parent)
        link->referenced = keys_of(look, parent, link->referenced, named);
    if (parent && !named && parent->primary) {
        link->referenced = parent->primary->desc.columns;
        named = parent->primary->desc.count;
    }
    if (named != link->count)
        link->referenced = NULL;
    link->parent = parent;
    if (parent)
        parent->incoming++;
}

static void take_links(struct dara_look *look, struct dara_look_table *table)
{
    size_t count = 0;
    const struct dara_object *object = NULL;
    while ((object = dara_object_owned(table->object, "constraint", object)))
        count += dara_string_same(dara_object_text(object, "type"), "foreign key");
    table->links = dara_arena_alloc(look->arena, (count + 1) * sizeof(*table->links));
    while ((object = dara_object_owned(table->object, "constraint", object)))
        if (dara_string_same(dara_object_text(object, "type"), "foreign key"))
            take_link(look, table, object);
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------ */

int dara_look_begin(struct dara_look *look, const struct dara_driver *driver, const struct dara_model *model,
                    struct dara_audit *audit)
{
    *look = (struct dara_look){.driver = driver, .model = model, .audit = audit, .arena = dara_arena_new()};
    look->tables =
        dara_arena_alloc(look->arena, (dara_model_count_of(model, "table") + 1) * sizeof(struct dara_look_table));
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        if (strcmp(dara_object_kind(object)->name, "table") != 0 || dara_object_is_given(object))
            continue;
        struct dara_look_table *table = &look->tables[look->count++];
        table->object = object;
        table->follows = dara_audit_follows(driver, object);
        take_columns(look, table);
        int code = take_keys(look, table);
        if (code)
            return code;
    }
    for (size_t i = 0; i < look->count; i++)
        take_links(look, &look->tables[i]);
    return 0;
}

void dara_look_done(struct dara_look *look)
{
    look->arena = dara_arena_free(look->arena);
}

void dara_look_find(const struct dara_look *look, const char *rule, const struct dara_object *object, const char *mark,
                    const char *format, ...)
{
    char *message = NULL;
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    message = dara_alloc((size_t)(length < 0 ? 0 : length) + 1);
    vsnprintf(message, (size_t)(length < 0 ? 0 : length) + 1, format, arguments);
    va_end(arguments);
    DARA_TEXT_LOCAL fix = DARA_TEXT_INIT;
    bool mended = dara_audit_fix(look->driver, rule, object, &fix) == 0 && fix.length;
    const struct dara_finding finding = {.size = sizeof(finding),
                                         .rule = rule,
                                         .object = object,
                                         .message = message,
                                         .fix = mended ? dara_text_string(&fix) : NULL,
                                         .mark = mark};
    dara_audit_finding(look->audit, &finding);
    free(message);
}
