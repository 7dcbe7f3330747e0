/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "introspect.h"

/* Owners before what they own; dependencies when all is known. */
static const struct postgres_query *const queries[] = {
    &postgres_query_namespace,
    &postgres_query_extension,
    &postgres_query_type,
    &postgres_query_base_type,
    &postgres_query_domain_constraint,
    &postgres_query_collation,
    &postgres_query_conversion,
    &postgres_query_sequence,
    &postgres_query_parser,
    &postgres_query_template,
    &postgres_query_dictionary,
    &postgres_query_configuration,
    &postgres_query_routine,
    &postgres_query_language,
    &postgres_query_access_method,
    &postgres_query_operator,
    &postgres_query_operator_family,
    &postgres_query_operator_class,
    &postgres_query_cast,
    &postgres_query_transform,
    &postgres_query_wrapper,
    &postgres_query_server,
    &postgres_query_user_mapping,
    &postgres_query_table,
    &postgres_query_foreign_table,
    &postgres_query_column,
    &postgres_query_constraint,
    &postgres_query_view,
    &postgres_query_materialized_view,
    &postgres_query_index,
    &postgres_query_partition_index,
    &postgres_query_attribute,
    &postgres_query_rule,
    &postgres_query_trigger,
    &postgres_query_policy,
    &postgres_query_statistics,
    &postgres_query_event_trigger,
    &postgres_query_publication,
    &postgres_query_subscription,
    &postgres_query_schema_privilege,
    &postgres_query_privilege,
    &postgres_query_default_privilege,
    &postgres_query_system_privilege,
    &postgres_query_setting,
    &postgres_query_security_label,
    &postgres_query_extension_dependence,
    &postgres_query_depend,
    &postgres_query_unrepresented,
    NULL,
};
_Static_assert(sizeof(queries) / sizeof(queries[0]) <= POSTGRES_QUERY_COUNT + 1, "all results have a place");

static int families(struct dara_model *model)
{
    static const struct {
        const char *family;
        enum dara_family_state state;
        const char *why;
    } others[] = {
        {"collection", DARA_FAMILY_UNSUPPORTED, "PostgreSQL has none"},
        {"field", DARA_FAMILY_UNSUPPORTED, "PostgreSQL has none"},
        {"role", DARA_FAMILY_SKIPPED, "roles belong to the server, not to a database"},
    };
    int code = 0;
    for (size_t i = 0; !code && i < sizeof(others) / sizeof(others[0]); i++)
        code = dara_model_family(model, others[i].family, others[i].state, others[i].why);
    return code;
}

/* What belongs to no schema is no part of some of them. */
static bool is_outside(const struct postgres_reading *reading, const char *kind)
{
    static const char *const outside[] = {
        "extension",      "language",     "access_method", "cast",        "transform",    "foreign_data_wrapper",
        "foreign_server", "user_mapping", "event_trigger", "publication", "subscription", "system_privilege",
        "setting"};
    for (size_t i = 0; reading->request && reading->request->spaces && i < sizeof(outside) / sizeof(outside[0]); i++)
        if (strcmp(outside[i], kind) == 0)
            return true;
    return false;
}

static int read_result(struct postgres_reading *reading, const struct postgres_query *query, const PGresult *result,
                       const char *denied)
{
    if (is_outside(reading, query->kind))
        return dara_model_family(reading->model, query->kind, DARA_FAMILY_SKIPPED, "it belongs to no schema");
    if (denied)
        return dara_model_family(reading->model, query->kind, DARA_FAMILY_DENIED, denied);
    if (!result)
        return dara_model_family(reading->model, query->kind, DARA_FAMILY_READ, NULL);
    if (query == &postgres_query_depend)
        return postgres_rows_depend(reading, result);
    if (query == &postgres_query_unrepresented)
        return postgres_rows_unrepresented(reading, result);
    const char *hidden = postgres_rows_hidden(result);
    if (hidden)
        return dara_model_family(reading->model, query->kind, DARA_FAMILY_DENIED, hidden);
    int code = dara_model_family(reading->model, query->kind, DARA_FAMILY_READ, NULL);
    if (!code && (strcmp(query->kind, "privilege") == 0 || query == &postgres_query_system_privilege ||
                  query == &postgres_query_security_label || query == &postgres_query_extension_dependence))
        return postgres_rows_attached(reading, query, result);
    return code ? code : postgres_rows_objects(reading, query, result);
}

int postgres_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model)
{
    struct postgres_fetched fetched = {0};
    struct postgres_reading reading = {
        .request = request, .platform = conn->platform, .user = conn->user, .model = model};
    int code = postgres_fetch(conn, queries, &fetched);
    if (!code)
        code = families(model);
    for (size_t i = 0; !code && queries[i]; i++) {
        code = read_result(&reading, queries[i], fetched.results[i], fetched.denied[i]);
        PQclear(fetched.results[i]); /* the model has it: not both in memory */
        fetched.results[i] = NULL;
    }
    postgres_reading_clear(&reading);
    postgres_fetched_clear(&fetched);
    return code;
}

/* ---- rows ---- */

static int query_number(struct dara_conn *conn, const char *sql, int count, const char *const *values,
                        uint64_t *ret_number)
{
    PGresult *result = NULL;
    int code = postgres_query(conn, sql, count, values, "counting rows", &result);
    if (code)
        return code;
    *ret_number = PQntuples(result) == 1 ? strtoull(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    PQclear(result);
    return 0;
}

/* One that was never filled cannot be read at all, and an error would end the caller's transaction. */
static int is_filled(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_filled)
{
    const char *values[] = {dara_object_space(object), dara_object_name(object)};
    return query_number(conn,
                        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        " WHERE n.nspname = $1 AND c.relname = $2 AND c.relispopulated",
                        2, values, ret_filled);
}

int postgres_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows)
{
    uint64_t filled = 1;
    int code = 0;
    if (strcmp(dara_object_kind(object)->name, "materialized_view") == 0)
        code = is_filled(conn, object, &filled);
    if (code)
        return code;
    if (!filled) {
        *ret_rows = 0;
        return 0;
    }
    char *name = postgres_quoted(conn, dara_object_space(object), dara_object_name(object));
    char sql[320]; /* a qualified name with every character doubled, and some words */
    if (!name)
        return DARA_EINTERNAL;
    /* ONLY: rows of tables that inherit from it are theirs. A partitioned table has none of its own. */
    snprintf(sql, sizeof(sql), "SELECT pg_catalog.count(*) FROM %s%s",
             dara_object_has(object, "postgres.partition_key") ? "" : "ONLY ", name);
    code = query_number(conn, sql, 0, NULL, ret_rows);
    free(name);
    return code;
}
