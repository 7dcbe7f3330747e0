/* SPDX-License-Identifier: MIT */
/*
 * Extended JSON, read and written.
 *
 * Read is the canonical and the relaxed form of version 2, with comments between any two tokens (those of C: from two slashes to the end of the line, or
 * from slash-star to star-slash). Of the old forms only what mongoexport still writes: {"$date": 12}, {"$binary": "…", "$type": "00"}, {"$uuid": "…"}.
 * {"$regex": …} stays what it is, an operator of queries: a definition must come back as it was written.
 *
 * Written is a form between the two that reads back as exactly the same bytes and is still good to read: 32-bit integers and
 * finite doubles are bare (a double always has a '.' or an exponent), everything else is canonical.
 */
#ifndef DARA_MONGODB_JSON_H
#define DARA_MONGODB_JSON_H

#include <bson/bson.h>
#include <stdbool.h>

#include "buffer.h"

/* A whole document as its bytes, in base64: {"$daraBson": "…"}. dara's own, for what Extended JSON cannot say. */
#define MONGODB_JSON_RAW "$daraBson"

enum { MONGODB_JSON_DEPTH = 180, MONGODB_DOCUMENT_MAX = 16 * 1024 * 1024 };

struct mongodb_reader {
    const char *at, *end;
    unsigned line;  /* of `at`, from 1 */
    unsigned depth; /* documents and arrays around `at` */
};

/* `text[length]` is NUL. */
void mongodb_json_begin(struct mongodb_reader *reader, const char *text, size_t length);

/* Go to the next token, over white space and comments; `*ret_end` tells that there is none. DARA_EFILE with the line: a comment that is
 * not closed. */
int mongodb_json_skip(struct mongodb_reader *reader, bool *ret_end);

/* Read one document that begins at the next token, its '{' included. bson_destroy() it. DARA_EFILE with the line. */
int mongodb_json_read(struct mongodb_reader *reader, bson_t **ret_document);

/* The only document of a text. DARA_EFILE also where there is none, or something behind it. */
int mongodb_json_parse(const char *text, size_t length, bson_t **ret_document);

/* Append a document. `indent` < 0: on one line. Else what is too long for a line is broken, and its lines begin with `indent` more than two
 * spaces for each level. */
void mongodb_json_write(const bson_t *document, int indent, struct mongodb_buffer *out);
/* The same for an array's document, in brackets. */
void mongodb_json_write_array(const bson_t *array, int indent, struct mongodb_buffer *out);
/* A string in its quotes. */
void mongodb_json_write_string(const char *bytes, size_t length, struct mongodb_buffer *out);
/* One value, on one line. */
void mongodb_json_write_value(const bson_iter_t *value, struct mongodb_buffer *out);

/* ---- between the files of this module ---- */

/* Set and return DARA_EFILE, "malformed JSON: " with the words as by printf, at the line that is read. */
int mongodb_json_fail(const struct mongodb_reader *reader, const char *format, ...) DARA_PRINTF(2, 3);
/* The string at the next token, unescaped; may hold NUL. mongodb_buffer_free() it. */
int mongodb_json_read_string(struct mongodb_reader *reader, struct mongodb_buffer *out);
/* What `document`, the content of {"$word": …}, stands for: appended to `to` under `key`; `*ret_is` false: an ordinary document.
 * DARA_EFILE: it looks like a value and is none. */
int mongodb_json_wrapped(const struct mongodb_reader *reader, const bson_t *document, bson_t *to, const char *key,
                         int key_length, bool *ret_is);

#endif
