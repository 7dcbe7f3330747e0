/* SPDX-License-Identifier: MIT */
/* PostgreSQL's own rules. */
#ifndef DARA_POSTGRES_AUDIT_H
#define DARA_POSTGRES_AUDIT_H

#include "pg.h"

/* Tell a finding; the message is printf's. `fix` may be NULL. */
void postgres_audit_find(struct dara_audit *audit, const char *rule, const struct dara_object *object, const char *fix,
                         const char *format, ...) DARA_PRINTF(5, 6);
/* Whether a list of the object has this value. */
bool postgres_audit_lists(const struct dara_object *object, const char *property, const char *value);

/* audit-design.c, audit-security.c: what one object shows. */
int postgres_audit_design(const struct dara_model *model, const struct dara_object *object, struct dara_audit *audit);
int postgres_audit_security(const struct dara_model *model, const struct dara_object *object, struct dara_audit *audit);

#endif
