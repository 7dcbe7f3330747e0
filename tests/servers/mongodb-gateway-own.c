/* SPDX-License-Identifier: MIT */
/* Commands whose answer is the gateway's own. */
#include "mongodb-gateway.h"

#include <string.h>
#include <time.h>

/* The protocol of MongoDB 7.0. */
enum { WIRE_MIN = 0, WIRE_MAX = 21 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void hello_topology(const struct client *client, enum topology topology, bson_t *reply)
{
    char me[64];
    bson_t hosts = BSON_INITIALIZER;
    const bool primary = topology != TOPOLOGY_SECONDARY;
    BSON_APPEND_BOOL(reply, "helloOk", true);
    BSON_APPEND_BOOL(reply, "isWritablePrimary", primary);
    BSON_APPEND_BOOL(reply, "ismaster", primary);
    if (topology == TOPOLOGY_MONGOS)
        BSON_APPEND_UTF8(reply, "msg", "isdbgrid");
    if (topology == TOPOLOGY_REPLICA || topology == TOPOLOGY_SECONDARY) {
        snprintf(me, sizeof me, "127.0.0.1:%d", client->port->number);
        BSON_APPEND_UTF8(&hosts, "0", me);
        BSON_APPEND_ARRAY(reply, "hosts", &hosts);
        BSON_APPEND_UTF8(reply, "setName", "rs0");
        BSON_APPEND_INT32(reply, "setVersion", 1);
        BSON_APPEND_BOOL(reply, "secondary", !primary);
        if (primary)
            BSON_APPEND_UTF8(reply, "primary", me);
        BSON_APPEND_UTF8(reply, "me", me);
    }
    bson_destroy(&hosts);
}

/* Which ways a user can log in, where that is asked. */
static void hello_mechanisms(const struct command *command, bson_t *reply)
{
    bson_t list = BSON_INITIALIZER;
    if (!bson_has_field(&command->body, "saslSupportedMechs"))
        return;
    BSON_APPEND_UTF8(&list, "0", "SCRAM-SHA-256");
    BSON_APPEND_ARRAY(reply, "saslSupportedMechs", &list);
    bson_destroy(&list);
}

void own_name(struct client *client, const struct command *command)
{
    bson_iter_t iter, name;
    if (client->application[0] == '\0' && bson_iter_init(&iter, &command->body) &&
        bson_iter_find_descendant(&iter, "client.application.name", &name) && BSON_ITER_HOLDS_UTF8(&name))
        snprintf(client->application, sizeof client->application, "%s", bson_iter_utf8(&name, NULL));
}

void own_hello(struct client *client, const struct command *command, bson_t *reply)
{
    const enum topology topology = client->port->topology;
    hello_topology(client, topology, reply);
    hello_mechanisms(command, reply);
    BSON_APPEND_INT32(reply, "maxBsonObjectSize", 16777216);
    BSON_APPEND_INT32(reply, "maxMessageSizeBytes", 48000000);
    BSON_APPEND_INT32(reply, "maxWriteBatchSize", 100000);
    BSON_APPEND_DATE_TIME(reply, "localTime", now_ms());
    if (topology != TOPOLOGY_STANDALONE)
        BSON_APPEND_INT32(reply, "logicalSessionTimeoutMinutes", 30);
    BSON_APPEND_INT32(reply, "connectionId", (int32_t)client->id);
    BSON_APPEND_INT32(reply, "minWireVersion", WIRE_MIN);
    BSON_APPEND_INT32(reply, "maxWireVersion", WIRE_MAX);
    BSON_APPEND_BOOL(reply, "readOnly", false);
    reply_ok(reply);
    control_hello(client, reply);
}

void own_build_info(struct client *client, const struct command *command, bson_t *reply)
{
    bson_t version = BSON_INITIALIZER, modules = BSON_INITIALIZER;
    (void)client;
    (void)command;
    BSON_APPEND_INT32(&version, "0", 7);
    for (int i = 1; i < 4; i++)
        bson_append_int32(&version, (const char[]){(char)('0' + i), 0}, 1, 0);
    BSON_APPEND_UTF8(reply, "version", "7.0.0");
    BSON_APPEND_UTF8(reply, "gitVersion", "dara's gateway for tests, before DocumentDB");
    BSON_APPEND_ARRAY(reply, "versionArray", &version);
    BSON_APPEND_ARRAY(reply, "modules", &modules);
    BSON_APPEND_INT32(reply, "bits", 64);
    BSON_APPEND_BOOL(reply, "debug", false);
    BSON_APPEND_INT32(reply, "maxBsonObjectSize", 16777216);
    reply_ok(reply);
    bson_destroy(&version);
    bson_destroy(&modules);
}

void own_ok(struct client *client, const struct command *command, bson_t *reply)
{
    (void)client;
    (void)command;
    reply_ok(reply);
}

void own_parameter(struct client *client, const struct command *command, bson_t *reply)
{
    bson_t version = BSON_INITIALIZER;
    (void)client;
    if (!bson_has_field(&command->body, "featureCompatibilityVersion")) {
        reply_fail(reply, 72, "no option found to get");
    } else {
        BSON_APPEND_UTF8(&version, "version", "7.0");
        BSON_APPEND_DOCUMENT(reply, "featureCompatibilityVersion", &version);
        reply_ok(reply);
    }
    bson_destroy(&version);
}

void own_status(struct client *client, const struct command *command, bson_t *reply)
{
    char host[64];
    (void)command;
    snprintf(host, sizeof host, "127.0.0.1:%d", client->port->number);
    BSON_APPEND_UTF8(reply, "host", host);
    BSON_APPEND_UTF8(reply, "version", "7.0.0");
    BSON_APPEND_UTF8(reply, "process", client->port->topology == TOPOLOGY_MONGOS ? "mongos" : "mongod");
    BSON_APPEND_DATE_TIME(reply, "localTime", now_ms());
    reply_ok(reply);
}
