/* SPDX-License-Identifier: MIT */
/* What the files of the Supabase driver share. It is the PostgreSQL driver with tables of its own: where an operation is not named here, it is
 * that of drivers/postgres. */
#ifndef DARA_SUPABASE_SUPA_H
#define DARA_SUPABASE_SUPA_H

#include "postgres/pg.h"

/* The schema of the command-line tool's history and of dara's own tables. */
#define SUPABASE_HISTORY_SCHEMA "supabase_migrations"

extern const struct postgres_platform supabase_platform;

/* address.c: the URL as libpq reads it: its scheme is PostgreSQL's, the database is "postgres" where none is named, and a host that is not this
 * machine gets sslmode=require where nothing else is said. To be freed; NULL when out of memory. */
char *supabase_address_text(const struct dara_url *url);
/* DARA_ECONNECT for what cannot work: a pooler without a project in the user's name. */
int supabase_address_check(const struct dara_url *url);
/* After a failed attempt to connect: a better hint, where the address tells one. */
void supabase_address_advise(const struct dara_url *url);

int supabase_session_open(const struct dara_open *request, struct dara_conn **ret_conn);
int supabase_session_describe(struct dara_conn *conn, struct dara_server *ret_server);
int supabase_dialect_render(const struct dara_object *object, struct dara_text *out);
int supabase_apply_history_ensure(struct dara_conn *conn);
int supabase_apply_history_list(struct dara_conn *conn, struct dara_history *history);
int supabase_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry);
int supabase_apply_history_record_all(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count);
int supabase_apply_journal_ensure(struct dara_conn *conn);
int supabase_policy_find(struct dara_conn *conn, const struct dara_actor *wanted, size_t count,
                         struct dara_actors *actors);

#endif
