/* SPDX-License-Identifier: MIT */
/* Statements for the PostgreSQL server with DocumentDB. */
#include "mongodb-gateway.h"

#include <stdlib.h>
#include <string.h>

static const char *where;

void server_where(const char *conninfo)
{
    where = conninfo;
}

struct value value_text(const char *text)
{
    return (struct value){.data = text, .size = strlen(text), .binary = false};
}

struct value value_bson(const bson_t *bson)
{
    return value_bytes(bson_get_data(bson), bson->len);
}

struct value value_bytes(const void *data, size_t size)
{
    return (struct value){.data = data, .size = size, .binary = true};
}

static void fail_from(const PGconn *pg, const PGresult *result, bson_t *reply)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (PQstatus(pg) != CONNECTION_OK || state == NULL) {
        reply_fail(reply, 6, "the server behind the gateway is gone");
        return;
    }
    reply_fail(reply, error_code(state).code, "%s", message != NULL ? message : state);
}

PGresult *server_query(PGconn *pg, const char *sql, size_t count, const struct value *values, bson_t *reply)
{
    const char *data[8] = {NULL};
    int sizes[8] = {0}, formats[8] = {0};
    for (size_t i = 0; i < count; i++) {
        data[i] = values[i].data;
        sizes[i] = (int)values[i].size;
        formats[i] = values[i].binary;
    }
    PGresult *result = PQexecParams(pg, sql, (int)count, NULL, data, sizes, formats, 1);
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return result;
    fail_from(pg, result, reply);
    PQclear(result);
    return NULL;
}

bool server_document(const PGresult *result, int column, bson_t *ret_document)
{
    if (PQntuples(result) == 0 || PQgetisnull(result, 0, column))
        return false;
    return bson_init_static(ret_document, (const uint8_t *)PQgetvalue(result, 0, column),
                            (size_t)PQgetlength(result, 0, column));
}

static void quiet(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

PGconn *server_connect(const char *user, bson_t *reply)
{
    PGconn *pg = PQconnectdb(where);
    if (PQstatus(pg) != CONNECTION_OK) {
        reply_fail(reply, 6, "the server behind the gateway does not answer");
        PQfinish(pg);
        return NULL;
    }
    PQsetNoticeReceiver(pg, quiet, NULL);
    if (user[0] == '\0')
        return pg;
    const struct value values[] = {value_text(user)};
    PGresult *result = server_query(pg, "SELECT set_config('role', $1::text, false)", 1, values, reply);
    if (result == NULL) {
        PQfinish(pg);
        return NULL;
    }
    PQclear(result);
    return pg;
}

PGconn *server_for(const struct client *client, const struct command *command)
{
    return command->session != NULL ? session_server(command->session) : client->pg;
}

PGresult *server_index_key(PGconn *pg, const char *database, const char *collection, const char *index)
{
    bson_t ignored = BSON_INITIALIZER;
    const struct value values[] = {value_text(database), value_text(collection), value_text(index)};
    PGresult *result = server_query(
        pg,
        "SELECT (i.index_spec).index_key FROM documentdb_api_catalog.collections c JOIN "
        "documentdb_api_catalog.collection_indexes i USING (collection_id) WHERE c.database_name = $1::text AND "
        "c.collection_name = $2::text AND (i.index_spec).index_name = $3::text",
        3, values, &ignored);
    bson_destroy(&ignored);
    return result;
}
