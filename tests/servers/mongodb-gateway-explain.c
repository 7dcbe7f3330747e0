/* SPDX-License-Identifier: MIT */
/* explain: PostgreSQL's plan, told in the stages of MongoDB. What is executed is what a find, count, distinct or aggregate reads; never a write. */
#include "mongodb-gateway.h"

#include <string.h>

/* Sums over all stages. */
struct sums {
    int64_t keys;
    int64_t documents;
};

struct context {
    PGconn *pg;
    const struct command *command;
    const char *collection;
    bool executed;
    struct sums sums;
};

static double number(const bson_t *node, const char *field)
{
    bson_iter_t iter;
    return bson_iter_init_find(&iter, node, field) && BSON_ITER_HOLDS_NUMBER(&iter) ? bson_iter_as_double(&iter) : 0;
}

static const char *text(const bson_t *node, const char *field)
{
    bson_iter_t iter;
    return bson_iter_init_find(&iter, node, field) && BSON_ITER_HOLDS_UTF8(&iter) ? bson_iter_utf8(&iter, NULL) : "";
}

static bool document(bson_iter_t *at, bson_t *ret_document)
{
    const uint8_t *data;
    uint32_t size;
    if (!BSON_ITER_HOLDS_DOCUMENT(at))
        return false;
    bson_iter_document(at, &size, &data);
    return bson_init_static(ret_document, data, size);
}

/* The first plan below this one. */
static bool below(const bson_t *node, bson_t *ret_child)
{
    bson_iter_t iter, at;
    return bson_iter_init(&iter, node) && bson_iter_find_descendant(&iter, "Plans.0", &at) && document(&at, ret_child);
}

static void add_key(const struct context *context, const char *index, bson_t *stage)
{
    bson_t key;
    PGresult *result = server_index_key(context->pg, context->command->database, context->collection, index);
    if (result != NULL && server_document(result, 0, &key))
        BSON_APPEND_DOCUMENT(stage, "keyPattern", &key);
    PQclear(result);
}

static void add_stage(struct context *context, const bson_t *node, bson_t *stage);

static void add_name(const struct context *context, const char *name, const bson_t *node, bson_t *stage)
{
    BSON_APPEND_UTF8(stage, "stage", name);
    if (!context->executed)
        return;
    BSON_APPEND_INT64(stage, "nReturned", (int64_t)(number(node, "Actual Rows") * number(node, "Actual Loops") + 0.5));
    BSON_APPEND_INT64(stage, "executionTimeMillisEstimate", (int64_t)number(node, "Actual Total Time"));
}

static void add_input(struct context *context, const bson_t *node, bson_t *stage)
{
    bson_t child, input;
    if (!below(node, &child))
        return;
    BSON_APPEND_DOCUMENT_BEGIN(stage, "inputStage", &input);
    add_stage(context, &child, &input);
    bson_append_document_end(stage, &input);
}

static void add_index(struct context *context, const bson_t *node, bson_t *stage)
{
    const int64_t keys = (int64_t)(number(node, "Actual Rows") * number(node, "Actual Loops") + 0.5);
    add_name(context, "IXSCAN", node, stage);
    add_key(context, text(node, "Index Name"), stage);
    BSON_APPEND_UTF8(stage, "indexName", text(node, "Index Name"));
    BSON_APPEND_UTF8(stage, "direction",
                     strcmp(text(node, "Scan Direction"), "Backward") == 0 ? "backward" : "forward");
    if (context->executed)
        BSON_APPEND_INT64(stage, "keysExamined", keys);
    context->sums.keys += keys;
}

/* What a scan looked at: what it returned, and what it threw away. */
static int64_t examined(const bson_t *node)
{
    const double rows = number(node, "Actual Rows") + number(node, "Rows Removed by Filter") +
                        number(node, "Rows Removed by Index Recheck");
    return (int64_t)(rows * number(node, "Actual Loops") + 0.5);
}

static void add_fetch(struct context *context, const bson_t *node, bool index_below, bson_t *stage)
{
    bson_t input;
    context->sums.documents += examined(node);
    add_name(context, "FETCH", node, stage);
    if (context->executed)
        BSON_APPEND_INT64(stage, "docsExamined", examined(node));
    if (index_below) {
        add_input(context, node, stage);
        return;
    }
    BSON_APPEND_DOCUMENT_BEGIN(stage, "inputStage", &input);
    add_index(context, node, &input);
    bson_append_document_end(stage, &input);
}

static void add_scan(struct context *context, const bson_t *node, bson_t *stage)
{
    context->sums.documents += examined(node);
    add_name(context, "COLLSCAN", node, stage);
    BSON_APPEND_UTF8(stage, "direction", "forward");
    if (context->executed)
        BSON_APPEND_INT64(stage, "docsExamined", examined(node));
}

/* DocumentDB reads a whole collection by the index on _id: that is none to MongoDB. */
static bool whole_collection(const bson_t *node)
{
    bson_t index = *node;
    if (strcmp(text(node, "Node Type"), "Bitmap Heap Scan") == 0 && !below(node, &index))
        return false;
    return strcmp(text(&index, "Index Name"), "_id_") == 0 && strstr(text(&index, "Index Cond"), "object_id") == NULL;
}

static void add_stage(struct context *context, const bson_t *node, bson_t *stage)
{
    static const struct {
        const char *type, *stage;
    } passing[] = {
        {"Sort", "SORT"}, {"Incremental Sort", "SORT"}, {"Limit", "LIMIT"}, {"Aggregate", "GROUP"}, {"Append", "OR"}};
    const char *type = text(node, "Node Type");
    bson_t child;
    if (strcmp(type, "Seq Scan") == 0 || strcmp(type, "Sample Scan") == 0 || whole_collection(node)) {
        add_scan(context, node, stage);
    } else if (strcmp(type, "Bitmap Heap Scan") == 0) {
        add_fetch(context, node, true, stage);
    } else if (strcmp(type, "Index Scan") == 0 || strcmp(type, "Index Only Scan") == 0) {
        add_fetch(context, node, false, stage);
    } else if (strcmp(type, "Bitmap Index Scan") == 0) {
        add_index(context, node, stage);
    } else {
        for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
            if (strcmp(type, passing[i].type) != 0)
                continue;
            add_name(context, passing[i].stage, node, stage);
            add_input(context, node, stage);
            return;
        }
        /* What only hands on has no stage of its own. */
        if (below(node, &child))
            add_stage(context, &child, stage);
        else
            add_name(context, "EOF", node, stage);
    }
}

static void add_planner(struct context *context, const bson_t *plan, const char *write, bson_t *reply)
{
    char space[1024];
    bson_t planner, stage, input, none = BSON_INITIALIZER;
    snprintf(space, sizeof space, "%s.%s", context->command->database, context->collection);
    BSON_APPEND_DOCUMENT_BEGIN(reply, "queryPlanner", &planner);
    BSON_APPEND_UTF8(&planner, "namespace", space);
    BSON_APPEND_BOOL(&planner, "indexFilterSet", false);
    BSON_APPEND_DOCUMENT_BEGIN(&planner, "winningPlan", &stage);
    const bool executed = context->executed;
    context->executed = false;
    if (write != NULL) {
        BSON_APPEND_UTF8(&stage, "stage", write);
        BSON_APPEND_DOCUMENT_BEGIN(&stage, "inputStage", &input);
        add_stage(context, plan, &input);
        bson_append_document_end(&stage, &input);
    } else {
        add_stage(context, plan, &stage);
    }
    context->executed = executed;
    bson_append_document_end(&planner, &stage);
    BSON_APPEND_ARRAY(&planner, "rejectedPlans", &none);
    bson_append_document_end(reply, &planner);
    bson_destroy(&none);
}

static void add_execution(struct context *context, const bson_t *whole, const bson_t *plan, bson_t *reply)
{
    bson_t statistics, stages = BSON_INITIALIZER;
    context->sums = (struct sums){.keys = 0};
    add_stage(context, plan, &stages);
    BSON_APPEND_DOCUMENT_BEGIN(reply, "executionStats", &statistics);
    BSON_APPEND_BOOL(&statistics, "executionSuccess", true);
    BSON_APPEND_INT64(&statistics, "nReturned", (int64_t)(number(plan, "Actual Rows") + 0.5));
    BSON_APPEND_INT64(&statistics, "executionTimeMillis", (int64_t)number(whole, "Execution Time"));
    BSON_APPEND_INT64(&statistics, "totalKeysExamined", context->sums.keys);
    BSON_APPEND_INT64(&statistics, "totalDocsExamined", context->sums.documents);
    BSON_APPEND_DOCUMENT(&statistics, "executionStages", &stages);
    bson_append_document_end(reply, &statistics);
    bson_destroy(&stages);
}

/* PostgreSQL's plan as JSON in a document: {"v": [{"Plan": …}]}. NULL: `reply` says why there is none. */
static bson_t *plan_of(const struct context *context, const char *function, const bson_t *spec, bson_t *reply)
{
    char sql[256];
    bson_error_t error;
    snprintf(
        sql, sizeof sql,
        "EXPLAIN (%sFORMAT JSON) SELECT document FROM documentdb_api_catalog.%s($1::text, $2::documentdb_core.bson)",
        context->executed ? "ANALYZE, BUFFERS off, " : "", function);
    const struct value values[] = {value_text(context->command->database), value_bson(spec)};
    PGresult *result = server_query(context->pg, sql, 2, values, reply);
    if (result == NULL)
        return NULL;
    const char *json = PQgetvalue(result, 0, 0);
    char *wrapped = bson_strdup_printf("{\"v\": %s}", json);
    bson_t *plan = bson_new_from_json((const uint8_t *)wrapped, -1, &error);
    if (plan == NULL)
        reply_fail(reply, 1, "the plan could not be read");
    bson_free(wrapped);
    PQclear(result);
    return plan;
}

/* A find with the condition of a write's first statement. */
static bool reading(const bson_t *inner, const char *list, bson_t *spec)
{
    bson_iter_t iter, at;
    bson_t query;
    char path[32];
    snprintf(path, sizeof path, "%s.0.q", list);
    BSON_APPEND_UTF8(spec, "find", text(inner, strcmp(list, "updates") == 0 ? "update" : "delete"));
    if (!bson_iter_init(&iter, inner) || !bson_iter_find_descendant(&iter, path, &at) || !document(&at, &query))
        return false;
    BSON_APPEND_DOCUMENT(spec, "filter", &query);
    return true;
}

static const struct {
    const char *name, *function, *write, *list;
} explained[] = {
    {"find", "bson_aggregation_find", NULL, NULL},
    {"aggregate", "bson_aggregation_pipeline", NULL, NULL},
    {"count", "bson_aggregation_count", NULL, NULL},
    {"distinct", "bson_aggregation_distinct", NULL, NULL},
    {"update", "bson_aggregation_find", "UPDATE", "updates"},
    {"delete", "bson_aggregation_find", "DELETE", "deletes"},
};

static void explain_as(struct context *context, size_t as, const bson_t *inner, bson_t *reply)
{
    bson_t spec = BSON_INITIALIZER, plan;
    bson_iter_t iter, at;
    if (explained[as].write == NULL)
        bson_copy_to_excluding_noinit(inner, &spec, "$db", "explain", NULL);
    else if (!reading(inner, explained[as].list, &spec))
        reply_fail(reply, 9, "the write to explain has no condition");
    context->executed = context->executed && explained[as].write == NULL;
    bson_t *whole = bson_empty(reply) ? plan_of(context, explained[as].function, &spec, reply) : NULL;
    bson_t top;
    if (whole != NULL && bson_iter_init(&iter, whole) && bson_iter_find_descendant(&iter, "v.0", &at) &&
        document(&at, &top) && bson_iter_init_find(&iter, &top, "Plan") && document(&iter, &plan)) {
        BSON_APPEND_UTF8(reply, "explainVersion", "1");
        add_planner(context, &plan, explained[as].write, reply);
        if (context->executed)
            add_execution(context, &top, &plan, reply);
        BSON_APPEND_DOCUMENT(reply, "command", inner);
        reply_ok(reply);
    }
    if (whole != NULL)
        bson_destroy(whole);
    bson_destroy(&spec);
}

void explain(struct client *client, const struct command *command, bson_t *reply)
{
    bson_iter_t iter;
    bson_t inner;
    if (!bson_iter_init_find(&iter, &command->body, "explain") || !document(&iter, &inner) ||
        !bson_iter_init(&iter, &inner) || !bson_iter_next(&iter)) {
        reply_fail(reply, 9, "explain wants a command");
        return;
    }
    const char *verbosity = text(&command->body, "verbosity");
    struct context context = {.pg = server_for(client, command),
                              .command = command,
                              .collection =
                                  BSON_ITER_HOLDS_UTF8(&iter) ? bson_iter_utf8(&iter, NULL) : "$cmd.aggregate",
                              .executed = strcmp(verbosity, "queryPlanner") != 0};
    for (size_t i = 0; i < sizeof explained / sizeof *explained; i++) {
        if (strcmp(explained[i].name, bson_iter_key(&iter)) == 0) {
            explain_as(&context, i, &inner, reply);
            return;
        }
    }
    reply_fail(reply, 59, "Explain failed due to unknown command: %s", bson_iter_key(&iter));
}
