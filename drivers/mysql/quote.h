/* SPDX-License-Identifier: MIT */
/* Names and strings as text. */
#ifndef DARA_MYSQL_QUOTE_H
#define DARA_MYSQL_QUOTE_H

#include <dara/dara.h>

/* Append `name` in back quotes. */
void mysql_quote_name(struct dara_text *out, const char *name);
/* Append a string literal, for any sql_mode without NO_BACKSLASH_ESCAPES. */
void mysql_quote_string(struct dara_text *out, const char *string);
int mysql_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out);
int mysql_dialect_read_rows(const struct dara_object *object, const char *const *fields, size_t count,
                            struct dara_text *out);
int mysql_dialect_delete_rows(const struct dara_object *object, struct dara_text *out);

#endif
