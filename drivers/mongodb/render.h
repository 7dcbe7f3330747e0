/* SPDX-License-Identifier: MIT */
#ifndef DARA_MONGODB_RENDER_H
#define DARA_MONGODB_RENDER_H

#include <bson/bson.h>
#include <dara/dara.h>

/* The command that makes an object, appended to an empty document. */
int mongodb_render_command(const struct dara_object *object, bson_t *to);

int mongodb_dialect_render(const struct dara_object *object, struct dara_text *out);
int mongodb_dialect_begin_snapshot(const struct dara_model *model, struct dara_text *out);
int mongodb_dialect_prepare(struct dara_diff *diff);
int mongodb_dialect_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan);
int mongodb_dialect_rename(const struct dara_object *object, const char *space, const char *name,
                           struct dara_plan *plan);

#endif
