/* SPDX-License-Identifier: MIT */
/* SCRAM-SHA-256: DocumentDB keeps the users and checks the proof, the gateway carries the messages. */
#include "mongodb-gateway.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct login {
    char user[256];
    char first[512];  /* the client's first message without its header */
    char server[512]; /* the server's first message */
    char nonce[256];
};

/* The payload as text; false: it is none, or too long. */
static bool payload(const struct command *command, char *ret_text, size_t room)
{
    bson_iter_t iter;
    const uint8_t *data;
    uint32_t size;
    bson_subtype_t subtype;
    if (!bson_iter_init_find(&iter, &command->body, "payload") || !BSON_ITER_HOLDS_BINARY(&iter))
        return false;
    bson_iter_binary(&iter, &subtype, &size, &data);
    if (size >= room)
        return false;
    memcpy(ret_text, data, size);
    ret_text[size] = '\0';
    return strlen(ret_text) == size;
}

/* The value of `letter=` in a message of such parts. */
static bool part(const char *message, char letter, char *ret_value, size_t room)
{
    for (const char *at = message; at != NULL; at = strchr(at, ',') != NULL ? strchr(at, ',') + 1 : NULL) {
        if (at[0] != letter || at[1] != '=')
            continue;
        const size_t size = strcspn(at + 2, ",");
        if (size >= room)
            return false;
        memcpy(ret_value, at + 2, size);
        ret_value[size] = '\0';
        return true;
    }
    return false;
}

static void failed(bson_t *reply)
{
    reply_fail(reply, 18, "Authentication failed.");
}

static void answer(const char *text, bool done, bson_t *reply)
{
    BSON_APPEND_INT32(reply, "conversationId", 1);
    BSON_APPEND_BOOL(reply, "done", done);
    BSON_APPEND_BINARY(reply, "payload", BSON_SUBTYPE_BINARY, (const uint8_t *)text, (uint32_t)strlen(text));
    reply_ok(reply);
}

/* A user's salt and iterations; false: there is no such user. */
static bool salt_of(const struct client *client, struct login *login)
{
    bson_t reason = BSON_INITIALIZER, document;
    bson_iter_t iter;
    const struct value values[] = {value_text(login->user)};
    PGresult *result =
        server_query(client->pg, "SELECT documentdb_api_internal.scram_sha256_get_salt_and_iterations($1::text)", 1,
                     values, &reason);
    const bool known = result != NULL && server_document(result, 0, &document) && !reply_failed(&document) &&
                       bson_iter_init_find(&iter, &document, "salt");
    if (known) {
        const char *salt = bson_iter_utf8(&iter, NULL);
        bson_iter_init_find(&iter, &document, "iterations");
        snprintf(login->server, sizeof login->server, "r=%s,s=%s,i=%lld", login->nonce, salt,
                 (long long)bson_iter_as_int64(&iter));
    }
    PQclear(result);
    bson_destroy(&reason);
    return known;
}

void login_start(struct client *client, const struct command *command, bson_t *reply)
{
    char message[512], theirs[128];
    unsigned char random[18];
    bson_iter_t iter;
    if (!bson_iter_init_find(&iter, &command->body, "mechanism") || !BSON_ITER_HOLDS_UTF8(&iter) ||
        strcmp(bson_iter_utf8(&iter, NULL), "SCRAM-SHA-256") != 0) {
        reply_fail(reply, 334, "Mechanism is not enabled: SCRAM-SHA-256 is");
        return;
    }
    struct login *login = client->login != NULL ? client->login : calloc(1, sizeof *login);
    if (login == NULL || !payload(command, message, sizeof message) || strncmp(message, "n,,", 3) != 0 ||
        getrandom(random, sizeof random, 0) != sizeof random) {
        client->login = login;
        failed(reply);
        return;
    }
    client->login = login;
    snprintf(login->first, sizeof login->first, "%s", message + 3);
    if (!part(login->first, 'n', login->user, sizeof login->user) || !part(login->first, 'r', theirs, sizeof theirs)) {
        failed(reply);
        return;
    }
    int used = snprintf(login->nonce, sizeof login->nonce, "%s", theirs);
    for (size_t i = 0; i < sizeof random; i++)
        used += snprintf(login->nonce + used, 3, "%02x", random[i]);
    if (salt_of(client, login))
        answer(login->server, false, reply);
    else
        failed(reply);
}

/* From now on the client's connection is that user's. */
static void let_in(struct client *client, const char *user, const char *signature, bson_t *reply)
{
    char text[256];
    PGconn *pg = server_connect(user, reply);
    if (pg == NULL)
        return;
    PQfinish(client->pg);
    client->pg = pg;
    snprintf(client->user, sizeof client->user, "%s", user);
    snprintf(text, sizeof text, "v=%s", signature);
    answer(text, true, reply);
}

void login_continue(struct client *client, const struct command *command, bson_t *reply)
{
    char message[512], proof[128], nonce[256], whole[2048];
    bson_t document;
    bson_iter_t iter;
    struct login *login = client->login;
    if (login != NULL && client->user[0] != '\0') {
        answer("", true, reply); /* the empty exchange of clients that did not skip it */
        return;
    }
    if (login == NULL || !payload(command, message, sizeof message) || !part(message, 'p', proof, sizeof proof) ||
        !part(message, 'r', nonce, sizeof nonce) || strcmp(nonce, login->nonce) != 0) {
        failed(reply);
        return;
    }
    snprintf(whole, sizeof whole, "%s,%s,%.*s", login->first, login->server, (int)(strstr(message, ",p=") - message),
             message);
    const struct value values[] = {value_text(login->user), value_text(whole), value_text(proof)};
    PGresult *result = server_query(
        client->pg, "SELECT documentdb_api_internal.authenticate_with_scram_sha256($1::text, $2::text, $3::text)", 3,
        values, reply);
    if (result != NULL && server_document(result, 0, &document) && !reply_failed(&document) &&
        bson_iter_init_find(&iter, &document, "ServerSignature"))
        let_in(client, login->user, bson_iter_utf8(&iter, NULL), reply);
    else
        failed(reply);
    PQclear(result);
}

void login_status(struct client *client, const struct command *command, bson_t *reply)
{
    bson_t info = BSON_INITIALIZER, users = BSON_INITIALIZER, roles = BSON_INITIALIZER, user;
    (void)command;
    if (client->user[0] != '\0') {
        BSON_APPEND_DOCUMENT_BEGIN(&users, "0", &user);
        BSON_APPEND_UTF8(&user, "user", client->user);
        BSON_APPEND_UTF8(&user, "db", "admin");
        bson_append_document_end(&users, &user);
    }
    BSON_APPEND_ARRAY(&info, "authenticatedUsers", &users);
    BSON_APPEND_ARRAY(&info, "authenticatedUserRoles", &roles);
    BSON_APPEND_DOCUMENT(reply, "authInfo", &info);
    reply_ok(reply);
    bson_destroy(&info);
    bson_destroy(&users);
    bson_destroy(&roles);
}
