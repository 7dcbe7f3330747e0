/* SPDX-License-Identifier: MIT */
/* Sessions with a transaction: each has a connection of its own, so that it outlives the client's. */
#include "mongodb-gateway.h"

#include <stdlib.h>
#include <string.h>

enum state { STATE_STARTED, STATE_COMMITTED, STATE_ABORTED };

struct session {
    uint8_t id[16];
    int64_t number;
    enum state state;
    PGconn *pg;
    struct session *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct session *sessions;

PGconn *session_server(const struct session *session)
{
    return session->pg;
}

static bool session_id(const bson_t *holder, const char *path, const uint8_t **ret_id)
{
    bson_iter_t iter, at;
    uint32_t size;
    bson_subtype_t subtype;
    if (!bson_iter_init(&iter, holder) || !bson_iter_find_descendant(&iter, path, &at) || !BSON_ITER_HOLDS_BINARY(&at))
        return false;
    bson_iter_binary(&at, &subtype, &size, ret_id);
    return size == 16;
}

static struct session *find(const uint8_t *id, bool make)
{
    pthread_mutex_lock(&lock);
    struct session *session = sessions;
    while (session != NULL && memcmp(session->id, id, 16) != 0)
        session = session->next;
    if (session == NULL && make && (session = calloc(1, sizeof *session)) != NULL) {
        memcpy(session->id, id, 16);
        session->number = -1;
        session->state = STATE_ABORTED;
        session->next = sessions;
        sessions = session;
    }
    pthread_mutex_unlock(&lock);
    return session;
}

/* End it by COMMIT or ROLLBACK; false: `reply` says why it could not be. */
static bool end(struct session *session, const char *sql, bson_t *reply)
{
    PGresult *result = server_query(session->pg, sql, 0, NULL, reply);
    PQclear(result);
    PQfinish(session->pg);
    session->pg = NULL;
    return result != NULL;
}

static void give_up(struct session *session)
{
    bson_t ignored = BSON_INITIALIZER;
    if (session->state == STATE_STARTED)
        end(session, "ROLLBACK", &ignored);
    session->state = STATE_ABORTED;
    bson_destroy(&ignored);
}

/* A write meets another's: MongoDB does not wait for that. It ends a transaction of more than a minute. */
static const char *const beginning[] = {
    "BEGIN ISOLATION LEVEL REPEATABLE READ",
    "SELECT set_config('lock_timeout', '100ms', true)",
    "SELECT set_config('transaction_timeout', '60s', true)",
};

static bool begin(struct session *session, const char *user, int64_t number, bson_t *reply)
{
    give_up(session);
    session->pg = server_connect(user, reply);
    if (session->pg == NULL)
        return false;
    session->number = number;
    session->state = STATE_STARTED;
    for (size_t i = 0; i < sizeof beginning / sizeof *beginning; i++) {
        PGresult *result = server_query(session->pg, beginning[i], 0, NULL, reply);
        PQclear(result);
        if (result == NULL)
            return false;
    }
    return true;
}

static bool no_such(int64_t number, bson_t *reply)
{
    reply_fail(reply, 251, "Given transaction number %lld does not match any in-progress transactions.",
               (long long)number);
    reply_label(reply, "TransientTransactionError");
    return false;
}

static bool field_is(const struct command *command, const char *field, bool value)
{
    bson_iter_t iter;
    return bson_iter_init_find(&iter, &command->body, field) && bson_iter_as_bool(&iter) == value;
}

bool session_enter(const struct client *client, struct command *command, bson_t *reply)
{
    const uint8_t *id;
    const int64_t number = command_number(command, "txnNumber", -1);
    if (number < 0 || !session_id(&command->body, "lsid.id", &id))
        return true;
    if (!field_is(command, "autocommit", false)) {
        for (int i = 0; i < 16; i++)
            snprintf(command->retry + 2 * i, 3, "%02x", id[i]);
        snprintf(command->retry + 32, sizeof command->retry - 32, ":%lld", (long long)number);
        return true;
    }
    if (strcmp(command->name, "commitTransaction") == 0 || strcmp(command->name, "abortTransaction") == 0)
        return true;
    struct session *session = find(id, true);
    if (session == NULL)
        return no_such(number, reply);
    if (field_is(command, "startTransaction", true)) {
        if (number <= session->number) {
            reply_fail(reply, 225, "Cannot start transaction %lld: a newer one, %lld, has already begun",
                       (long long)number, (long long)session->number);
            return false;
        }
        if (!begin(session, client->user, number, reply))
            return false;
    }
    if (session->number != number || session->state != STATE_STARTED)
        return no_such(number, reply);
    command->session = session;
    return true;
}

/* The code of what failed: the command's, or that of the first write. 0: nothing did. */
static int failure(const bson_t *reply)
{
    bson_iter_t iter, at;
    if (!bson_iter_init(&iter, reply))
        return 0;
    if (bson_iter_find_descendant(&iter, "writeErrors.0.code", &at))
        return (int)bson_iter_as_int64(&at);
    if (!reply_failed(reply))
        return 0;
    return bson_iter_init_find(&iter, reply, "code") ? (int)bson_iter_as_int64(&iter) : 8;
}

void session_leave(const struct command *command, bson_t *reply)
{
    struct session *session = command->session;
    const int code = failure(reply);
    if (session == NULL || code == 0)
        return;
    const bool gone = PQstatus(session->pg) != CONNECTION_OK;
    give_up(session);
    if (gone)
        no_such(session->number, reply);
    else if (code == 112)
        reply_fail(reply, 112, "Write conflict during the transaction; it was rolled back");
    if (code == 112)
        reply_label(reply, "TransientTransactionError");
}

void session_commit(struct client *client, const struct command *command, bson_t *reply)
{
    const uint8_t *id;
    const int64_t number = command_number(command, "txnNumber", -1);
    struct session *session = session_id(&command->body, "lsid.id", &id) ? find(id, false) : NULL;
    (void)client;
    if (session == NULL || session->number != number || session->state == STATE_ABORTED) {
        no_such(number, reply);
        return;
    }
    if (session->state == STATE_STARTED && !end(session, "COMMIT", reply)) {
        session->state = STATE_ABORTED;
        no_such(number, reply);
        return;
    }
    session->state = STATE_COMMITTED;
    reply_ok(reply);
}

void session_abort(struct client *client, const struct command *command, bson_t *reply)
{
    const uint8_t *id;
    const int64_t number = command_number(command, "txnNumber", -1);
    struct session *session = session_id(&command->body, "lsid.id", &id) ? find(id, false) : NULL;
    (void)client;
    if (session == NULL || session->number != number || session->state == STATE_ABORTED) {
        no_such(number, reply);
    } else if (session->state == STATE_COMMITTED) {
        reply_fail(reply, 256, "Transaction %lld has been committed.", (long long)number);
    } else {
        give_up(session);
        reply_ok(reply);
    }
}

void session_end(struct client *client, const struct command *command, bson_t *reply)
{
    bson_iter_t iter, each;
    (void)client;
    if (bson_iter_init_find(&iter, &command->body, "endSessions") && BSON_ITER_HOLDS_ARRAY(&iter) &&
        bson_iter_recurse(&iter, &each)) {
        while (bson_iter_next(&each)) {
            const uint8_t *data, *id;
            uint32_t size;
            bson_t holder;
            if (!BSON_ITER_HOLDS_DOCUMENT(&each))
                continue;
            bson_iter_document(&each, &size, &data);
            struct session *session =
                bson_init_static(&holder, data, size) && session_id(&holder, "id", &id) ? find(id, false) : NULL;
            if (session != NULL)
                give_up(session);
        }
    }
    reply_ok(reply);
}
