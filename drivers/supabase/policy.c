/* SPDX-License-Identifier: MIT */
/* Users of Supabase: a row of auth.users, known to policies by the claims of its token. */
#include <string.h>

#include "postgres/policy.h"
#include "supa.h"

#define STRANGER "00000000-0000-4000-8000-000000000000"

/* A name is a role, or a user by id or e-mail address. Of a user's claims those are made that a token of the platform has; what was given
 * goes before. auth.users is read as JSON, since not every version has the same columns. */
static const char find_sql[] =
    "SELECT w.name, w.role, r.oid IS NOT NULL, coalesce(r.rolsuper OR r.rolbypassrls, false)"
    ", coalesce(pg_has_role(session_user, r.oid, $2), false), w.id"
    ", (jsonb_strip_nulls(CASE WHEN w.id IS NULL THEN jsonb_build_object('role', w.role) ELSE jsonb_build_object("
    "'sub', w.id, 'role', w.role, 'aud', 'authenticated', 'email', u.row ->> 'email', 'is_anonymous'"
    ", coalesce((u.row ->> 'is_anonymous')::boolean, false)) END)"
    " || CASE WHEN w.id IS NULL THEN '{}' ELSE jsonb_build_object('app_metadata'"
    ", coalesce(nullif(u.row -> 'raw_app_meta_data', 'null'), '{}'), 'user_metadata'"
    ", coalesce(nullif(u.row -> 'raw_user_meta_data', 'null'), '{}')) END || coalesce(w.claims, '{}'))::text"
    ", w.setting, CASE WHEN w.id IS NOT NULL AND u.row IS NULL THEN 'made up: auth.users has no such user' END"
    ", w.id IS NULL AND w.named IS DISTINCT FROM w.name AND w.claims IS NULL"
    " FROM (SELECT v.*, CASE WHEN v.named = v.name THEN NULL WHEN v.claims ? 'sub' THEN v.claims ->> 'sub'"
    " ELSE coalesce((SELECT a.id::text FROM auth.users a WHERE a.id::text = lower(v.name) OR lower(a.email) = "
    "lower(v.name)"
    " ORDER BY 1 LIMIT 1), CASE WHEN v.name ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN lower(v.name) END) "
    "END AS id"
    " FROM (SELECT i.place, i.value ->> 'name' AS name, (i.value ->> 'claims')::jsonb AS claims"
    ", i.value ->> 'setting' AS setting, coalesce(i.value ->> 'role', (i.value ->> 'claims')::jsonb ->> 'role', "
    "n.rolname) AS named"
    ", coalesce(i.value ->> 'role', (i.value ->> 'claims')::jsonb ->> 'role', n.rolname, 'authenticated') AS role"
    " FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY i (value, place)"
    " LEFT JOIN pg_roles n ON n.rolname = i.value ->> 'name') v) w"
    " LEFT JOIN pg_roles r ON r.rolname = w.role"
    " LEFT JOIN LATERAL (SELECT to_jsonb(a) AS row FROM auth.users a WHERE a.id::text = w.id) u ON true ORDER BY "
    "w.place";

/* Nobody, the first user, and somebody who has nothing. */
static int find_usual(struct dara_conn *conn, struct dara_actors *actors)
{
    struct dara_actor wanted[3] = {{.size = sizeof(*wanted), .name = "anon"},
                                   {.size = sizeof(*wanted), .name = STRANGER},
                                   {.size = sizeof(*wanted)}};
    PGresult *result = NULL;
    int code = postgres_query(conn, "SELECT id::text FROM auth.users ORDER BY created_at, id LIMIT 1", 0, NULL,
                              "cannot read the users", &result);
    if (code)
        return code;
    bool any = PQntuples(result) > 0;
    if (any)
        wanted[2].name = PQgetvalue(result, 0, 0);
    code = postgres_policy_find_by(conn, find_sql, wanted, any ? 3 : 2, actors);
    PQclear(result);
    return code;
}

int supabase_policy_find(struct dara_conn *conn, const struct dara_actor *wanted, size_t count,
                         struct dara_actors *actors)
{
    return count ? postgres_policy_find_by(conn, find_sql, wanted, count, actors) : find_usual(conn, actors);
}
