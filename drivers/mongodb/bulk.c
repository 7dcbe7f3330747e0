/* SPDX-License-Identifier: MIT */
/* Documents as commands that put them in again. */
#include <string.h>

#include "apply.h"
#include "base64.h"
#include "json.h"

/* Of one command. */
enum { DOCUMENTS = 1000, BYTES = 4 * 1024 * 1024 };

struct export
{
    int (*write)(void *context, const char *bytes, size_t length);
    void *context;
    struct mongodb_buffer text;
    const char *collection;
    size_t documents, bytes; /* in the command that is being written */
    uint64_t rows;
};

static int flush(struct export *export)
{
    if (!export->text.length)
        return 0;
    int code = export->write(export->context, export->text.bytes, export->text.length);
    mongodb_buffer_cut(&export->text, 0);
    return code;
}

static void begin_command(struct export *export)
{
    mongodb_buffer_add(&export->text, "{\"insert\": ");
    mongodb_json_write_string(export->collection, strlen(export->collection), &export->text);
    mongodb_buffer_add(&export->text, ", \"documents\": [\n");
}

static int end_command(struct export *export)
{
    if (!export->documents)
        return 0;
    mongodb_buffer_add(&export->text, "\n]}\n");
    export->documents = export->bytes = 0;
    return flush(export);
}

/* A document that Extended JSON would not give back as it is (a field that is called like a type, a text that is no UTF-8) goes as its bytes. */
static void write_document(const bson_t *document, struct mongodb_buffer *out)
{
    size_t before = out->length;
    bson_t *again = NULL;
    mongodb_json_write(document, -1, out);
    bool good = mongodb_json_parse(out->bytes + before, out->length - before, &again) == 0;
    bool same = good && bson_equal(document, again);
    if (good)
        bson_destroy(again);
    else
        dara_error_clear();
    if (same)
        return;
    mongodb_buffer_cut(out, before);
    mongodb_buffer_add(out, "{\"" MONGODB_JSON_RAW "\": \"");
    mongodb_base64_add(out, bson_get_data(document), document->len);
    mongodb_buffer_add(out, "\"}");
}

static int add_document(struct export *export, const bson_t *document)
{
    int code = 0;
    if (export->documents >= DOCUMENTS || (export->documents && export->bytes + document->len > BYTES))
        code = end_command(export);
    if (code)
        return code;
    if (export->documents)
        mongodb_buffer_add(&export->text, ",\n");
    else
        begin_command(export);
    write_document(document, &export->text);
    export->documents++;
    export->bytes += document->len;
    export->rows++;
    return export->text.length > BYTES ? flush(export) : 0;
}

int mongodb_bulk_export_rows(struct dara_conn *conn, const struct dara_object *object,
                             int (*write)(void *context, const char *bytes, size_t length), void *context,
                             uint64_t *ret_rows)
{
    static const char doing[] = "cannot read the documents";
    struct export export = {.write = write, .context = context, .collection = dara_object_name(object)};
    bson_t *command = BCON_NEW("find", BCON_UTF8(export.collection), "noCursorTimeout", BCON_BOOL(true));
    mongoc_cursor_t *cursor = NULL;
    const bson_t *document = NULL;
    int code = mongodb_cursor(conn, NULL, command, 0, doing, &cursor);
    bson_destroy(command);
    if (code)
        return code;
    while (!code && !conn->cancelled && mongoc_cursor_next(cursor, &document))
        code = add_document(&export, document);
    code = code ? code : mongodb_cursor_check(conn, cursor, doing);
    if (!code && conn->cancelled)
        code = dara_error_set(DARA_EINTERRUPTED, "interrupted");
    code = code ? code : end_command(&export);
    mongoc_cursor_destroy(cursor);
    mongodb_buffer_free(&export.text);
    if (!code)
        *ret_rows = export.rows;
    return code;
}
