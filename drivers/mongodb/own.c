/* SPDX-License-Identifier: MIT */
#include "own.h"

int mongodb_own_ensure(struct dara_conn *conn, const char *name)
{
    enum { EXISTS = 48 };
    bson_t command = BSON_INITIALIZER;
    if (conn->mode != DARA_MODE_WRITE)
        return 0;
    BSON_APPEND_UTF8(&command, "create", name);
    int code = mongodb_run(conn, NULL, &command, MONGODB_RUN_WRITES | MONGODB_RUN_APART,
                           "cannot make dara's own collection", NULL);
    bson_destroy(&command);
    if (!code || mongodb_error_number() != EXISTS)
        return code;
    dara_error_clear(); /* there already */
    return 0;
}

const char *mongodb_own_text(const bson_t *document, const char *path)
{
    bson_iter_t at, value;
    bool there = bson_iter_init(&at, document) && bson_iter_find_descendant(&at, path, &value);
    return there && BSON_ITER_HOLDS_UTF8(&value) ? bson_iter_utf8(&value, NULL) : NULL;
}

int64_t mongodb_own_number(const bson_t *document, const char *path)
{
    bson_iter_t at, value;
    bool there = bson_iter_init(&at, document) && bson_iter_find_descendant(&at, path, &value);
    return there ? bson_iter_as_int64(&value) : 0;
}

int mongodb_own_largest(struct dara_conn *conn, const char *collection, const char *field, int64_t *ret_value)
{
    bson_t *command = BCON_NEW("find", BCON_UTF8(collection), "sort", "{", field, BCON_INT32(-1), "}", "limit",
                               BCON_INT32(1), "projection", "{", field, BCON_INT32(1), "}");
    mongoc_cursor_t *cursor = NULL;
    const bson_t *document = NULL;
    int64_t value = 0;
    int code = mongodb_cursor(conn, NULL, command, 0, "cannot read dara's own collection", &cursor);
    bson_destroy(command);
    if (code)
        return code;
    if (mongoc_cursor_next(cursor, &document))
        value = mongodb_own_number(document, field);
    code = mongodb_cursor_check(conn, cursor, "cannot read dara's own collection");
    mongoc_cursor_destroy(cursor);
    if (!code)
        *ret_value = value;
    return code;
}

void mongodb_own_append(bson_t *to, const char *key, const char *text)
{
    if (text)
        bson_append_utf8(to, key, -1, text, -1);
    else
        bson_append_null(to, key, -1);
}
