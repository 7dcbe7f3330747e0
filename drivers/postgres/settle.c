/* SPDX-License-Identifier: MIT */
/*
 * What became of a statement that ran outside a transaction and did not come to its end. CREATE INDEX CONCURRENTLY and its kin
 * work in several transactions: in between the catalog shows an index that is not valid, or a partition that is half detached.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "classify.h"

#define POLL_NS 100000000L

static bool is(const char *left, const char *right)
{
    return left && strcmp(left, right) == 0;
}

/* The relation that a name of the statement means in the search path of its session, "0" when there is none; the caller frees it. Only
 * this is asked while that path is in force: everything else sees pg_catalog alone, so nobody's operators are met. */
static int find(struct dara_conn *conn, const char *space, const char *name, char **ret_oid)
{
    static const char sql[] = "SELECT pg_catalog.to_regclass($1)::pg_catalog.oid";
    char *quoted = postgres_quoted(conn, space, name ? name : "");
    const char *const values[] = {quoted};
    PGresult *result;
    int code =
        quoted ? postgres_query_open(conn, sql, 1, values, "cannot look for the relation", &result) : DARA_EINTERNAL;
    free(quoted);
    if (code)
        return code;
    char *oid = postgres_strdup(PQgetisnull(result, 0, 0) ? "0" : PQgetvalue(result, 0, 0));
    PQclear(result);
    if (!oid)
        return DARA_EINTERNAL;
    *ret_oid = oid;
    return 0;
}

int postgres_find_range(struct dara_conn *conn, const json_t *relation, char **ret_oid)
{
    return find(conn, postgres_json_text(relation, "schemaname"), postgres_json_text(relation, "relname"), ret_oid);
}

/* ---- indexes ------------------------------------------------------------------------------------------------------------ */

/* A killed client leaves its server process at work for a while; what it builds is no leftover yet. */
static int wait_for_builder(struct dara_conn *conn, const char *index)
{
    static const char sql[] = "SELECT pid FROM pg_catalog.pg_stat_progress_create_index WHERE index_relid ="
                              " $1::pg_catalog.oid AND pid <> pg_catalog.pg_backend_pid()";
    const struct timespec nap = {.tv_nsec = POLL_NS};
    const char *const values[] = {index};
    for (long long waited = 0;; waited += POLL_NS / 1000000) {
        PGresult *result;
        int code = postgres_query(conn, sql, 1, values, "cannot see who builds the index", &result);
        if (code)
            return code;
        bool busy = PQntuples(result) > 0;
        if (busy && (conn->cancelled || waited >= conn->lock_timeout_ms)) {
            dara_error_set(DARA_ELOCKED, "server process %s still builds the index", PQgetvalue(result, 0, 0));
            dara_error_hint("wait for it to end, or end it with pg_cancel_backend(%s)", PQgetvalue(result, 0, 0));
            code = DARA_ELOCKED;
        }
        PQclear(result);
        if (!busy || code)
            return code;
        nanosleep(&nap, NULL);
    }
}

static int drop_index(struct dara_conn *conn, const char *oid, const char *name)
{
    char sql[512];
    int code = wait_for_builder(conn, oid);
    if (code)
        return code;
    int length = snprintf(sql, sizeof(sql), "DROP INDEX CONCURRENTLY IF EXISTS %s", name);
    if (length < 0 || (size_t)length >= sizeof(sql))
        return dara_error_set(DARA_EINTERNAL, "the name of an index is too long");
    return postgres_run(conn, sql, "cannot drop the index that was left invalid");
}

/* Drop the indexes that a query finds: oid and qualified name, quoted. */
static int drop_found(struct dara_conn *conn, const char *sql, int count, const char *const *values, int *ret_count)
{
    PGresult *result;
    int code = postgres_query(conn, sql, count, values, "cannot look for indexes left invalid", &result);
    if (code)
        return code;
    int found = PQntuples(result);
    for (int row = 0; !code && row < found; row++)
        code = drop_index(conn, PQgetvalue(result, row, 0), PQgetvalue(result, row, 1));
    PQclear(result);
    if (!code)
        *ret_count = found;
    return code;
}

#define INVALID                                                                                 \
    "SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_index i" \
    " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n"        \
    " ON n.oid = c.relnamespace AND n.nspname NOT LIKE 'pg\\_%' WHERE c.relkind = 'i'"          \
    " AND NOT (i.indisvalid AND i.indisready AND i.indislive)"

/* The state of the index of this name beside that table: "t" valid, "f" not, no row: not there. */
static const char state_sql[] =
    "SELECT i.indisvalid AND i.indisready AND i.indislive FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c"
    " ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = $1::pg_catalog.oid"
    " AND c.relnamespace = t.relnamespace WHERE c.relname = $2";
static const char named_sql[] = INVALID " AND c.relname = $2 AND c.relnamespace = (SELECT relnamespace FROM"
                                        " pg_catalog.pg_class WHERE oid = $1::pg_catalog.oid)";
/* The server named it itself: after the table, ending in idx and perhaps a number. */
static const char unnamed_sql[] = INVALID " AND i.indrelid = $1::pg_catalog.oid AND c.relname ~ '_idx[0-9]*$'";
static const char rebuilt_sql[] = INVALID " AND c.relname ~ '_cc(new|old)[0-9]*$'";

static int settle_named(struct dara_conn *conn, const char *const *values, enum dara_outcome *ret_outcome)
{
    PGresult *result;
    int dropped, code = postgres_query(conn, state_sql, 2, values, "cannot look for the index", &result);
    if (code)
        return code;
    bool valid = PQntuples(result) > 0 && is(PQgetvalue(result, 0, 0), "t");
    bool there = PQntuples(result) > 0;
    PQclear(result);
    if (there && !valid)
        code = drop_found(conn, named_sql, 2, values, &dropped);
    if (!code)
        *ret_outcome = valid ? DARA_OUTCOME_DONE : DARA_OUTCOME_NOTHING;
    return code;
}

static int settle_create_index(struct dara_conn *conn, const json_t *tree, enum dara_outcome *ret_outcome)
{
    const json_t *relation = json_object_get(tree, "relation");
    char *table = NULL;
    int dropped = 0, code;
    code = postgres_find_range(
        conn, json_object_get(relation, "relname") ? relation : json_object_get(relation, "RangeVar"), &table);
    const char *const values[] = {table, postgres_json_text(tree, "idxname")};
    if (!code && values[1]) {
        code = settle_named(conn, values, ret_outcome);
    } else if (!code) {
        code = drop_found(conn, unnamed_sql, 1, values, &dropped);
        if (!code && dropped)
            *ret_outcome = DARA_OUTCOME_NOTHING;
    }
    free(table);
    return code;
}

/* The old index serves until the new one is there: to rebuild again is as good as never to have begun. */
static int settle_reindex(struct dara_conn *conn, enum dara_outcome *ret_outcome)
{
    int dropped, code = drop_found(conn, rebuilt_sql, 0, NULL, &dropped);
    if (!code)
        *ret_outcome = DARA_OUTCOME_NOTHING;
    return code;
}

static int exists(struct dara_conn *conn, const char *sql, const char *value, bool *ret_there)
{
    PGresult *result;
    int code = postgres_query(conn, sql, 1, &value, "cannot look into the catalog", &result);
    if (code)
        return code;
    *ret_there = PQntuples(result) > 0;
    PQclear(result);
    return 0;
}

static int settle_drop_index(struct dara_conn *conn, const json_t *tree, enum dara_outcome *ret_outcome)
{
    const json_t *list =
        json_object_get(json_object_get(json_array_get(json_object_get(tree, "objects"), 0), "List"), "items");
    const char *space = NULL, *name = postgres_json_name(list, &space);
    char *oid = NULL;
    int code = find(conn, space, name, &oid);
    if (code)
        return code;
    *ret_outcome = is(oid, "0") ? DARA_OUTCOME_DONE : DARA_OUTCOME_NOTHING;
    free(oid);
    return 0;
}

/* ---- partitions --------------------------------------------------------------------------------------------------------- */

static int finalize(struct dara_conn *conn, const char *table, const char *partition)
{
    char sql[1024];
    int length = snprintf(sql, sizeof(sql), "ALTER TABLE %s DETACH PARTITION %s FINALIZE", table, partition);
    if (length < 0 || (size_t)length >= sizeof(sql))
        return dara_error_set(DARA_EINTERNAL, "the name of a partition is too long");
    return postgres_run(conn, sql, "cannot finish detaching the partition");
}

/* Half detached it can only go on. */
static int settle_detach(struct dara_conn *conn, const char *table, const char *partition,
                         enum dara_outcome *ret_outcome)
{
    static const char sql[] =
        "SELECT i.inhdetachpending, pg_catalog.format('%I.%I', tn.nspname, t.relname),"
        " pg_catalog.format('%I.%I', pn.nspname, p.relname) FROM pg_catalog.pg_inherits i"
        " JOIN pg_catalog.pg_class t ON t.oid = i.inhparent JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace"
        " JOIN pg_catalog.pg_class p ON p.oid = i.inhrelid JOIN pg_catalog.pg_namespace pn"
        " ON pn.oid = p.relnamespace WHERE t.oid = $1::pg_catalog.oid AND p.oid = $2::pg_catalog.oid";
    const char *const values[] = {table, partition};
    PGresult *result;
    int code = postgres_query(conn, sql, 2, values, "cannot look for the partition", &result);
    if (code)
        return code;
    bool there = PQntuples(result) > 0, pending = there && is(PQgetvalue(result, 0, 0), "t");
    if (pending)
        code = finalize(conn, PQgetvalue(result, 0, 1), PQgetvalue(result, 0, 2));
    PQclear(result);
    if (!code)
        *ret_outcome = there && !pending ? DARA_OUTCOME_NOTHING : DARA_OUTCOME_DONE;
    return code;
}

static int settle_alter_table(struct dara_conn *conn, const json_t *tree, enum dara_outcome *ret_outcome)
{
    const json_t *command = json_object_get(json_array_get(json_object_get(tree, "cmds"), 0), "AlterTableCmd");
    const json_t *definition = json_object_get(json_object_get(command, "def"), "PartitionCmd");
    if (!is(postgres_json_text(command, "subtype"), "AT_DetachPartition") || !definition)
        return 0;
    char *table = NULL, *partition = NULL;
    int code = postgres_find_range(conn, json_object_get(tree, "relation"), &table);
    if (!code)
        code = postgres_find_range(conn, json_object_get(definition, "name"), &partition);
    if (!code)
        code = settle_detach(conn, table, partition, ret_outcome);
    free(table);
    free(partition);
    return code;
}

/* ---- others ------------------------------------------------------------------------------------------------------------- */

/* Made or dropped as a whole: its name is there or it is not. */
static int settle_whole(struct dara_conn *conn, const char *sql, const char *name, bool makes,
                        enum dara_outcome *ret_outcome)
{
    bool there = false;
    int code = name ? exists(conn, sql, name, &there) : 0;
    if (!code && name)
        *ret_outcome = there == makes ? DARA_OUTCOME_DONE : DARA_OUTCOME_NOTHING;
    return code;
}

static int settle_tree(struct dara_conn *conn, const char *node, const json_t *tree, enum dara_outcome *ret_outcome)
{
    static const char space_sql[] = "SELECT 1 FROM pg_catalog.pg_tablespace WHERE spcname = $1";
    static const char subscription_sql[] =
        "SELECT 1 FROM pg_catalog.pg_subscription WHERE subname = $1 AND subdbid = (SELECT oid FROM"
        " pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";
    if (is(node, "IndexStmt"))
        return settle_create_index(conn, tree, ret_outcome);
    if (is(node, "ReindexStmt"))
        return settle_reindex(conn, ret_outcome);
    if (is(node, "DropStmt") && is(postgres_json_text(tree, "removeType"), "OBJECT_INDEX"))
        return settle_drop_index(conn, tree, ret_outcome);
    if (is(node, "AlterTableStmt"))
        return settle_alter_table(conn, tree, ret_outcome);
    if (is(node, "CreateTableSpaceStmt") || is(node, "DropTableSpaceStmt"))
        return settle_whole(conn, space_sql, postgres_json_text(tree, "tablespacename"), *node == 'C', ret_outcome);
    if (is(node, "CreateSubscriptionStmt") || is(node, "DropSubscriptionStmt"))
        return settle_whole(conn, subscription_sql, postgres_json_text(tree, "subname"), *node == 'C', ret_outcome);
    if (is(node, "VacuumStmt") || is(node, "ClusterStmt") || is(node, "DiscardStmt"))
        *ret_outcome = DARA_OUTCOME_NOTHING; /* upkeep: to do it again is as good */
    return 0;
}

int postgres_apply_settle(struct dara_conn *conn, const char *text, size_t length, enum dara_outcome *ret_outcome)
{
    const char *node;
    const json_t *value;
    enum dara_outcome outcome = DARA_OUTCOME_UNKNOWN;
    json_t *tree = postgres_parse(text, length, &node, &value);
    int code = tree ? settle_tree(conn, node, value, &outcome) : 0;
    json_decref(tree);
    if (!code)
        *ret_outcome = outcome;
    return code;
}
