/* SPDX-License-Identifier: MIT */
/* Definitions of objects, for snapshots and plans. */
#ifndef DARA_MYSQL_RENDER_H
#define DARA_MYSQL_RENDER_H

#include "buffer.h"
#include "my.h"

/* Whether the object is of this kind; whether the property holds this text. */
bool mysql_is(const struct dara_object *object, const char *kind);
bool mysql_has_text(const struct dara_object *object, const char *property, const char *value);

/* Whether it is a view over what is gone: no server makes it. */
bool mysql_is_broken(const struct dara_object *object);

/* The statement that makes an object, without delimiter. A table is made with its keys and constraints; its foreign keys are left out
 * where `foreign_keys` is false. A setting is altered. `whose`: the object that has the definer it gets, mostly itself; NULL: none is named, and whoever runs
 * the statement is it. */
void mysql_render_create(struct mysql_buffer *out, const struct dara_object *object, bool foreign_keys,
                         const struct dara_object *whose);
/* Keys and constraints of a table in the order of its text (sorted by position); free() the list. NULL without memory. */
const struct dara_object **mysql_render_keys(const struct dara_object *table, size_t *ret_count);
/* The settings of the session that an object is to be made under, as one SET statement without delimiter; false where it needs none. */
bool mysql_render_made_under(struct mysql_buffer *out, const struct dara_object *object);
/* Append a statement with a delimiter behind it, under one that does not occur in it where it has a body. */
void mysql_render_in_file(struct dara_text *out, const char *statement, bool body);
/* A delimiter that does not occur in a statement: ";" where that will do. */
const char *mysql_render_delimiter(const char *statement);

#endif
