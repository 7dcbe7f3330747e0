/* SPDX-License-Identifier: MIT */
/* A script as commands: documents one behind the other, with or without commas between them, or arrays of documents. */
#include "command.h"
#include "json.h"
#include "mg.h"

/* One document; its text is the statement. */
static int add_document(struct mongodb_reader *reader, struct dara_statements *statements)
{
    const char *from = reader->at;
    unsigned line = reader->line;
    bson_t *document = NULL;
    bson_iter_t first;
    int code = mongodb_json_read(reader, &document);
    if (code)
        return code;
    if (!bson_iter_init(&first, document) || !bson_iter_next(&first)) {
        dara_error_set(DARA_EFILE, "a document without fields is no command");
        dara_error_hint("begin it with the name of a database command: {\"create\": \"users\"}");
        dara_error_at(NULL, (long)line);
        code = DARA_EFILE;
    }
    if (!code)
        dara_statements_add(statements, from, (size_t)(reader->at - from), line);
    bson_destroy(document);
    return code;
}

static int fail_token(const struct mongodb_reader *reader, const char *where)
{
    int code = mongodb_json_fail(reader, "a command is a document, which begins with '{'%s", where);
    dara_error_hint("a migration of this engine is database commands in Extended JSON: {\"create\": \"users\"}");
    return code;
}

/* From '[' to behind its ']'. */
static int add_array(struct mongodb_reader *reader, struct dara_statements *statements)
{
    bool ended = false, wants = true; /* a document may come next */
    int code = 0;
    reader->at++;
    while (!(code = mongodb_json_skip(reader, &ended)) && !ended) {
        char c = *reader->at;
        if (c == ']') {
            reader->at++;
            return 0;
        }
        if (c == ',' && !wants) {
            reader->at++;
            wants = true;
            continue;
        }
        if (c != '{' || !wants)
            return c == '{' ? mongodb_json_fail(reader, "no ',' between two documents")
                            : fail_token(reader, ", or ']'");
        code = add_document(reader, statements);
        wants = false;
        if (code)
            return code;
    }
    return code ? code : mongodb_json_fail(reader, "an array that is not closed");
}

int mongodb_dialect_split(struct dara_conn *conn, const char *script, size_t length, struct dara_statements *statements)
{
    struct mongodb_reader reader;
    bool ended = false, between = false; /* behind a document, where one ',' or ';' may stand */
    (void)conn;
    mongodb_json_begin(&reader, script, length);
    int code = 0;
    while (!code && !(code = mongodb_json_skip(&reader, &ended)) && !ended) {
        char c = *reader.at;
        if (between && (c == ',' || c == ';')) {
            reader.at++;
            between = false;
            continue;
        }
        if (c != '{' && c != '[')
            return fail_token(&reader, "");
        code = c == '{' ? add_document(&reader, statements) : add_array(&reader, statements);
        between = true;
    }
    return code;
}
