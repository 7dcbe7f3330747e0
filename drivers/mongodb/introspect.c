/* SPDX-License-Identifier: MIT */
/* Reading the schema: what the server lists becomes a model. */
#include <stdlib.h>
#include <string.h>

#include "introspect.h"

enum { UNAUTHORIZED = 13, ATTEMPTS = 5 };

static int family_all(struct dara_model *model, enum dara_family_state state, const char *why)
{
    static const char *const names[] = {"collection", "field", "index", "view"};
    int code = 0;
    for (size_t i = 0; !code && i < sizeof(names) / sizeof(names[0]); i++)
        code = dara_model_family(model, names[i], state, why);
    return code;
}

/* Who may not list collections is told so: what is there is then not known. */
static int tell_denied(struct dara_model *model)
{
    char why[512];
    const struct dara_error *error = dara_error_last();
    snprintf(why, sizeof(why), "%s", error ? error->message : "the server refuses it");
    dara_error_clear();
    return family_all(model, DARA_FAMILY_DENIED, why);
}

static bool is_view(const struct mongodb_found *found)
{
    return strcmp(found->type, "view") == 0;
}

static int add_indexes(struct dara_model *model, const struct mongodb_sweep *sweep)
{
    const char *denied = NULL;
    int code = 0;
    for (size_t i = 0; !code && i < sweep->count; i++) {
        const struct mongodb_found *found = &sweep->items[i];
        denied = found->denied ? found->denied : denied;
        for (size_t k = 0; !code && k < found->index_count; k++)
            code = mongodb_add_index(model, found, found->indexes[k]);
    }
    if (!code && denied)
        code = dara_model_family(model, "index", DARA_FAMILY_DENIED, denied);
    return code;
}

static int add_all(struct dara_model *model, struct mongodb_sweep *sweep)
{
    int code = family_all(model, DARA_FAMILY_READ, NULL);
    for (size_t i = 0; !code && i < sweep->count; i++)
        if (!is_view(&sweep->items[i]))
            code = mongodb_add_collection(model, &sweep->items[i]);
    code = code ? code : add_indexes(model, sweep);
    for (size_t i = 0; !code && i < sweep->count; i++)
        if (is_view(&sweep->items[i]))
            code = mongodb_add_view(model, &sweep->items[i]);
    return code;
}

/* The catalog has no view that stands still: where a collection went while its indexes were asked for, all is read again. */
static bool is_torn(const struct mongodb_sweep *sweep)
{
    for (size_t i = 0; i < sweep->count; i++)
        if (sweep->items[i].gone)
            return true;
    return false;
}

static int sweep_once(struct dara_conn *conn, struct mongodb_sweep *sweep, bool *ret_denied)
{
    int code = mongodb_sweep_collections(conn, sweep, ret_denied);
    return code ? code : mongodb_sweep_indexes(conn, sweep);
}

int mongodb_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model)
{
    struct mongodb_sweep sweep = {0};
    bool denied = false;
    (void)request; /* there is one namespace: the database */
    int code = sweep_once(conn, &sweep, &denied);
    for (int i = 1; !code && is_torn(&sweep) && i < ATTEMPTS; i++) {
        mongodb_sweep_free(&sweep);
        code = sweep_once(conn, &sweep, &denied);
    }
    if (!code && is_torn(&sweep)) {
        code = dara_error_set(DARA_ESTATEMENT, "the schema changes while it is read");
        dara_error_hint("run it again when nobody creates or drops collections");
    }
    if (code && denied)
        code = tell_denied(model);
    else if (!code)
        code = add_all(model, &sweep);
    mongodb_sweep_free(&sweep);
    return code;
}

int mongodb_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows)
{
    bson_t *command = BCON_NEW("aggregate", BCON_UTF8(dara_object_key(object)), "pipeline", "[", "{", "$count",
                               BCON_UTF8("n"), "}", "]", "cursor", "{", "}");
    mongoc_cursor_t *cursor = NULL;
    const bson_t *row = NULL;
    bson_iter_t value;
    uint64_t rows = 0;
    int code = mongodb_cursor(conn, NULL, command, MONGODB_RUN_LIMITED, "cannot count the documents", &cursor);
    bson_destroy(command);
    if (code)
        return code;
    while (mongoc_cursor_next(cursor, &row))
        if (bson_iter_init_find(&value, row, "n"))
            rows = (uint64_t)bson_iter_as_int64(&value);
    code = mongodb_cursor_check(conn, cursor, "cannot count the documents");
    mongoc_cursor_destroy(cursor);
    if (!code)
        *ret_rows = rows;
    return code;
}
