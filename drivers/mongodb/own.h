/* SPDX-License-Identifier: MIT */
/* dara's own collections. */
#ifndef DARA_MONGODB_OWN_H
#define DARA_MONGODB_OWN_H

#include "mg.h"

/* Make the collection where it is not there, outside any transaction. A rehearsal makes none. */
int mongodb_own_ensure(struct dara_conn *conn, const char *name);
/* The text of a field, or NULL. */
const char *mongodb_own_text(const bson_t *document, const char *path);
int64_t mongodb_own_number(const bson_t *document, const char *path);
/* The largest number in a field of any document; 0 where there is none. */
int mongodb_own_largest(struct dara_conn *conn, const char *collection, const char *field, int64_t *ret_value);
/* A text, or null. */
void mongodb_own_append(bson_t *to, const char *key, const char *text);

#endif
