/* SPDX-License-Identifier: MIT */
/* Row-level security: being somebody else, and what that one may do. */
#ifndef DARA_POSTGRES_POLICY_H
#define DARA_POSTGRES_POLICY_H

#include "pg.h"

/* The setting in which a token's claims are, as the API in front of the database sets it. */
#define POSTGRES_CLAIMS "request.jwt.claims"

/* policy-access-sql.c */
extern const char postgres_policy_access_sql[];
/* policy-install-sql.c, policy-prove-sql.c */
extern const char postgres_policy_install_sql[], postgres_policy_prove_sql[];

/* Settings that make an actor known to policies: a JSON object of names and values, dumped; free(). NULL: out of memory, error set. */
char *postgres_policy_settings(const struct dara_actor *actor);

/* Complete actors with a query of $1, a JSON array of what is wanted (name, role, user, claims, setting), and $2, the right that a role needs to
 * become another. Rows in the order wanted: name, role, whether the role exists, whether no policy is in force for it, whether we may become it, user (or
 * NULL), claims, setting, note, whether the user is not known. */
int postgres_policy_find_by(struct dara_conn *conn, const char *sql, const struct dara_actor *wanted, size_t count,
                            struct dara_actors *actors);

#endif
