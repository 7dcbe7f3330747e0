/* SPDX-License-Identifier: MIT */
/* Statements that make objects. */
#ifndef DARA_SQLITE_RENDER_H
#define DARA_SQLITE_RENDER_H

#include "driver.h"
#include "normal.h"

/* The statement that makes an object that is not a part, without delimiter: the author's text, or where the model has none,
 * one made from the properties. NULL where there is nothing to make (a setting that is as SQLite sets it). */
char *sqlite_render_object(struct sqlite_pool *pool, const struct dara_object *object);
/* render-table.c: CREATE TABLE from the properties. */
char *sqlite_render_table(struct sqlite_pool *pool, const struct dara_object *object);
/* The statement that gives a setting its value; NULL for settings no statement can change. */
char *sqlite_render_setting(struct sqlite_pool *pool, const struct dara_object *object);

#endif
