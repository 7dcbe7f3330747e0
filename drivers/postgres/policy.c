/* SPDX-License-Identifier: MIT */
/* Who may be acted as, and acting. */
#include "policy.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define USUAL_MOST 8

/* ---- finding ------------------------------------------------------------------------------------------------------------------- */

static bool is_setting(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return false;
    for (const char *at = name; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '_' && (*at != '.' || !at[1] || at[1] == '.'))
            return false;
    return strchr(name, '.') != NULL;
}

static int check_settings(const struct dara_actor *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!wanted[i].setting || is_setting(wanted[i].setting))
            continue;
        dara_error_set(DARA_EUSAGE, "'%s' is not the name of a setting of one's own", wanted[i].setting);
        dara_error_hint("such names have a dot: app.user_id");
        return DARA_EUSAGE;
    }
    return 0;
}

static char *dump_wanted(const struct dara_actor *wanted, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s?, s:s?, s:s?, s:s?}", "name", wanted[i].name, "role",
                                              wanted[i].role, "user", wanted[i].user, "claims", wanted[i].claims,
                                              "setting", wanted[i].setting));
    char *text = list ? json_dumps(list, JSON_COMPACT) : NULL;
    json_decref(list);
    if (!text)
        dara_error_set(DARA_EINTERNAL, "out of memory");
    return text;
}

/* The hint names roles that could have been meant. */
static int fail_role(struct dara_conn *conn, const char *name, const char *role)
{
    static const char sql[] =
        "SELECT string_agg(rolname, ', ' ORDER BY rolname) FROM (SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'"
        " AND pg_has_role(session_user, oid, 'MEMBER') ORDER BY rolname LIMIT 16) r";
    PGresult *result = NULL;
    int code = postgres_query(conn, sql, 0, NULL, "cannot list the roles", &result);
    if (code)
        return code;
    dara_error_set(DARA_EUSAGE, "there is no role '%s'", role);
    dara_error_hint("roles that this connection may be: %s%s", PQgetvalue(result, 0, 0),
                    strcmp(name, role) ? "" : "; with --role ROLE, the user is told by a setting or by claims");
    PQclear(result);
    return DARA_EUSAGE;
}

static int fail_user(const char *name)
{
    dara_error_set(DARA_EUSAGE, "there is no user or role '%s'", name);
    dara_error_hint("name a role, or a user by its id or e-mail address; an id of nobody is taken for a made-up user");
    return DARA_EUSAGE;
}

static const char *text_at(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

static bool bool_at(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column)[0] == 't';
}

static int take_actor(struct dara_conn *conn, const PGresult *result, int row, struct dara_actors *actors)
{
    const struct dara_actor actor = {.size = sizeof(actor),
                                     .name = text_at(result, row, 0),
                                     .role = text_at(result, row, 1),
                                     .unbound = bool_at(result, row, 3),
                                     .user = text_at(result, row, 5),
                                     .claims = text_at(result, row, 6),
                                     .setting = text_at(result, row, 7),
                                     .note = text_at(result, row, 8)};
    if (bool_at(result, row, 9))
        return fail_user(actor.name);
    if (!bool_at(result, row, 2))
        return fail_role(conn, actor.name, actor.role);
    if (!bool_at(result, row, 4)) {
        dara_error_set(DARA_EUSAGE, "'%s' may not become the role '%s'", conn->user ? conn->user : "this role",
                       actor.role);
        dara_error_hint("connect as a superuser, or as a member of it (GRANT … TO …)");
        return DARA_EUSAGE;
    }
    dara_actors_add(actors, &actor);
    return 0;
}

int postgres_policy_find_by(struct dara_conn *conn, const char *sql, const struct dara_actor *wanted, size_t count,
                            struct dara_actors *actors)
{
    PGresult *result = NULL;
    int code = check_settings(wanted, count);
    char *text = code ? NULL : dump_wanted(wanted, count);
    if (!text)
        return code ? code : DARA_EINTERNAL;
    const char *const values[] = {text, conn->version >= 160000 ? "SET" : "MEMBER"};
    code = postgres_query(conn, sql, 2, values, "cannot find out who that is", &result);
    free(text);
    for (int row = 0; !code && row < PQntuples(result); row++)
        code = take_actor(conn, result, row, actors);
    PQclear(result);
    return code;
}

/* A name is a role, or with a role beside it, a user that policies know by a setting. */
static const char find_sql[] =
    "SELECT w.name, w.role, r.oid IS NOT NULL, coalesce(r.rolsuper OR r.rolbypassrls, false)"
    ", coalesce(pg_has_role(session_user, r.oid, $2), false), w.who, w.claims"
    ", CASE WHEN w.who IS NOT NULL THEN coalesce(w.setting, 'app.user_id') END, NULL, false"
    " FROM (SELECT i.place, i.value ->> 'name' AS name, i.value ->> 'claims' AS claims, i.value ->> 'setting' AS "
    "setting"
    ", coalesce(i.value ->> 'role', (i.value ->> 'claims')::jsonb ->> 'role', i.value ->> 'name') AS role"
    ", coalesce(i.value ->> 'user', CASE WHEN coalesce(i.value ->> 'role', (i.value ->> 'claims')::jsonb ->> 'role')"
    " <> i.value ->> 'name' THEN i.value ->> 'name' END) AS who"
    " FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY i (value, place)) w LEFT JOIN pg_roles r ON r.rolname = "
    "w.role"
    " ORDER BY w.place";

/* Who has rights on tables without being above all policies or their owner. */
static const char usual_sql[] =
    "SELECT DISTINCT r.rolname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a"
    " JOIN pg_roles r ON r.oid = a.grantee WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_'"
    " AND n.nspname <> 'information_schema' AND r.oid <> c.relowner AND NOT r.rolsuper AND NOT r.rolbypassrls"
    " AND pg_has_role(session_user, r.oid, $1) ORDER BY 1";

static int find_usual(struct dara_conn *conn, struct dara_actors *actors)
{
    struct dara_actor wanted[USUAL_MOST];
    const char *const values[] = {conn->version >= 160000 ? "SET" : "MEMBER"};
    PGresult *result = NULL;
    int code = postgres_query(conn, usual_sql, 1, values, "cannot list the roles", &result);
    if (code)
        return code;
    size_t count = 0;
    for (int row = 0; row < PQntuples(result) && count < USUAL_MOST; row++)
        wanted[count++] = (struct dara_actor){.size = sizeof(*wanted), .name = PQgetvalue(result, row, 0)};
    code = postgres_policy_find_by(conn, find_sql, wanted, count, actors);
    PQclear(result);
    return code;
}

int postgres_policy_find(struct dara_conn *conn, const struct dara_actor *wanted, size_t count,
                         struct dara_actors *actors)
{
    return count ? postgres_policy_find_by(conn, find_sql, wanted, count, actors) : find_usual(conn, actors);
}

/* ---- acting -------------------------------------------------------------------------------------------------------------------- */

char *postgres_policy_settings(const struct dara_actor *actor)
{
    json_t *settings = json_object();
    if (actor->claims)
        json_object_set_new(settings, POSTGRES_CLAIMS, json_string(actor->claims));
    if (actor->setting && actor->user)
        json_object_set_new(settings, actor->setting, json_string(actor->user));
    char *text = settings ? json_dumps(settings, JSON_COMPACT) : NULL;
    json_decref(settings);
    if (!text)
        dara_error_set(DARA_EINTERNAL, "out of memory");
    return text;
}

int postgres_policy_act(struct dara_conn *conn, const struct dara_actor *actor)
{
    static const char sql[] = "SELECT count(set_config(key, value, true)), (SELECT set_config('role', $2, true))"
                              " FROM jsonb_each_text($1::jsonb)";
    PGresult *result = NULL;
    char *settings = postgres_policy_settings(actor);
    if (!settings)
        return DARA_EINTERNAL;
    const char *const values[] = {settings, actor->role};
    int code = postgres_query(conn, sql, 2, values, "cannot act as another user", &result);
    free(settings);
    PQclear(result);
    return code;
}
