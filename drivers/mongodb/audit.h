/* SPDX-License-Identifier: MIT */
#ifndef DARA_MONGODB_AUDIT_H
#define DARA_MONGODB_AUDIT_H

#include <dara/dara.h>

extern const struct dara_rule *const mongodb_audit_rules[];
int mongodb_audit_index(const struct dara_object *object, struct dara_index *index);

#endif
