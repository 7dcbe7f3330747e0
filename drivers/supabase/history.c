/* SPDX-License-Identifier: MIT */
/*
 * Two tables in one schema. schema_migrations is the history of the platform's command-line tool, in its own form: whatever it lists is
 * applied, whoever applied it; what it does not list is not. dara_migrations beside it has what dara knows besides (checksum, fingerprint,
 * when and by whom), baselines and seeds. Where the two disagree the tool's table is right: its `repair` writes there alone.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "supa.h"

#define TOOLS        SUPABASE_HISTORY_SCHEMA ".schema_migrations"
#define OWN          SUPABASE_HISTORY_SCHEMA "." POSTGRES_HISTORY_TABLE
#define TOOL         "Supabase CLI"
#define OWN_IS_THERE "SELECT to_regclass('" OWN "') IS NOT NULL"

static int look(struct dara_conn *conn, const char *sql, bool *ret_answer)
{
    PGresult *result = NULL;
    int code = postgres_query(conn, sql, 0, NULL, "cannot look for the history", &result);
    if (code)
        return code;
    *ret_answer = PQntuples(result) > 0 && PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    return 0;
}

/* ---- making ------------------------------------------------------------------------------------------------------------ */

/* What is there is not touched, as that would take locks and rights. */
static int ensure_schema(struct dara_conn *conn)
{
    bool there = false;
    int code = look(conn, "SELECT to_regnamespace('" SUPABASE_HISTORY_SCHEMA "') IS NOT NULL", &there);
    return code || there ? code
                         : postgres_write_own(conn, "CREATE SCHEMA IF NOT EXISTS " SUPABASE_HISTORY_SCHEMA, 0, NULL,
                                              "cannot make the schema of the history");
}

/* As the tool makes it; one of its early forms had the version alone. */
static int ensure_tools(struct dara_conn *conn)
{
    static const char doing[] = "cannot make the history table";
    bool there = false;
    int code = look(conn,
                    "SELECT count(*) = 3 FROM pg_attribute WHERE attrelid = to_regclass('" TOOLS
                    "') AND attname IN ('version', 'statements', 'name') AND NOT attisdropped",
                    &there);
    if (code || there)
        return code;
    code = postgres_write_own(
        conn, "CREATE TABLE IF NOT EXISTS " TOOLS " (version text NOT NULL PRIMARY KEY, statements text[], name text)",
        0, NULL, doing);
    return code ? code
                : postgres_write_own(conn,
                                     "ALTER TABLE " TOOLS " ADD COLUMN IF NOT EXISTS statements text[],"
                                     " ADD COLUMN IF NOT EXISTS name text",
                                     0, NULL, doing);
}

/* What the tool has applied so far comes before whatever dara records next. */
static int take_over(struct dara_conn *conn)
{
    static const char sql[] =
        "INSERT INTO " OWN " (kind, version, name, state, checksum, applied_at, applied_by, tool, duration_ms, place)"
        " SELECT 'migration', s.version, coalesce(s.name, ''), 'applied', '', '', '', '" TOOL "', 0"
        ", (SELECT coalesce(max(place), 0) FROM " OWN ") + row_number() OVER (ORDER BY s.version)"
        " FROM " TOOLS " s WHERE NOT EXISTS (SELECT FROM " OWN
        " d WHERE d.kind = 'migration' AND d.version = s.version)";
    return postgres_write_own(conn, sql, 0, NULL, "cannot take over the history");
}

int supabase_apply_history_ensure(struct dara_conn *conn)
{
    bool there = false;
    int code = look(conn, OWN_IS_THERE, &there);
    code = code ? code : ensure_schema(conn);
    code = code ? code : ensure_tools(conn);
    code = code ? code : postgres_apply_history_ensure(conn);
    return code || there ? code : take_over(conn);
}

int supabase_apply_journal_ensure(struct dara_conn *conn)
{
    int code = ensure_schema(conn);
    return code ? code : postgres_apply_journal_ensure(conn);
}

/* ---- listing ----------------------------------------------------------------------------------------------------------- */

/* What the tool alone knows stands behind all that dara knows: no column says when it was applied. */
#define OF_TOOL                                                                                          \
    "SELECT 'migration', s.version, coalesce(to_jsonb(s) ->> 'name', ''), 'applied', '', NULL, NULL, ''" \
    ", '" TOOL "', 0, NULL::bigint FROM " TOOLS " s"
static const char tools_sql[] = OF_TOOL " ORDER BY 2";
static const char both_sql[] =
    "SELECT d.kind, d.version, d.name, CASE WHEN d.kind <> 'migration' THEN d.state WHEN s.version IS NOT NULL THEN "
    "'applied'"
    " WHEN d.state = 'applied' THEN 'reverted' ELSE d.state END, d.checksum, d.fingerprint, "
    "nullif(d.applied_at, ''), "
    "d.applied_by, d.tool"
    ", d.duration_ms, d.place FROM " OWN " d LEFT JOIN " TOOLS " s ON s.version = d.version AND d.kind = 'migration'"
    " UNION ALL " OF_TOOL " WHERE NOT EXISTS (SELECT FROM " OWN
    " d WHERE d.kind = 'migration' AND d.version = s.version)"
    " ORDER BY 11 NULLS LAST, 1, 2";

int supabase_apply_history_list(struct dara_conn *conn, struct dara_history *history)
{
    bool tools = false, own = false;
    PGresult *result = NULL;
    int code = look(conn, "SELECT to_regclass('" TOOLS "') IS NOT NULL", &tools);
    code = code ? code : look(conn, OWN_IS_THERE, &own);
    if (code || !tools)
        return code ? code : postgres_apply_history_list(conn, history);
    code = postgres_query(conn, own ? both_sql : tools_sql, 0, NULL, "cannot read the history", &result);
    if (code)
        return code;
    postgres_history_add_rows(result, history);
    PQclear(result);
    return 0;
}

/* ---- recording --------------------------------------------------------------------------------------------------------- */

static bool has_statements(const struct dara_history_entry *entry)
{
    return entry->size >= offsetof(struct dara_history_entry, statement_count) + sizeof(entry->statement_count) &&
           entry->statement_count;
}

static json_t *statements_of(const struct dara_history_entry *entry)
{
    if (!has_statements(entry))
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < entry->statement_count; i++)
        json_array_append_new(list, json_string(entry->statements[i]));
    return list;
}

/* The migrations whose state is applied, or is not, as one document; "[]" for none. NULL when out of memory. free(). */
static char *document_of(const struct dara_history_entry *entries, size_t count, bool applied)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct dara_history_entry *entry = &entries[i];
        if (strcmp(entry->kind, "migration") == 0 && (strcmp(entry->state, "applied") == 0) == applied)
            json_array_append_new(list, json_pack("{s:s, s:s?, s:o}", "version", entry->version, "name", entry->name,
                                                  "statements", statements_of(entry)));
    }
    char *text = list ? json_dumps(list, JSON_COMPACT) : NULL;
    json_decref(list);
    if (!text)
        dara_error_set(DARA_EINTERNAL, "out of memory");
    return text;
}

/* All of one state in one statement. A version that is applied already keeps what the tool wrote of it. */
static int record_for_tool(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count, bool applied)
{
    static const char add_sql[] =
        "INSERT INTO " TOOLS " (version, name, statements) SELECT e ->> 'version', e ->> 'name'"
        ", CASE jsonb_typeof(e -> 'statements') WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(e -> "
        "'statements')) END"
        " FROM jsonb_array_elements($1::jsonb) e ON CONFLICT (version) DO NOTHING";
    static const char remove_sql[] =
        "DELETE FROM " TOOLS " WHERE version IN (SELECT e ->> 'version' FROM jsonb_array_elements($1::jsonb) e)";
    char *text = document_of(entries, count, applied);
    if (!text)
        return DARA_EINTERNAL;
    const char *const values[] = {text};
    int code = strcmp(text, "[]") == 0
                   ? 0
                   : postgres_write_own(conn, applied ? add_sql : remove_sql, 1, values, "cannot write the history");
    free(text);
    return code;
}

static bool tells_state(const struct dara_history_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (entries[i].fingerprint)
            return true;
    return false;
}

int supabase_apply_history_record_all(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count)
{
    int code = tells_state(entries, count) ? take_over(conn) : 0;
    code = code ? code : postgres_apply_history_record_all(conn, entries, count);
    code = code ? code : record_for_tool(conn, entries, count, true);
    return code ? code : record_for_tool(conn, entries, count, false);
}

int supabase_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry)
{
    return supabase_apply_history_record_all(conn, entry, 1);
}
