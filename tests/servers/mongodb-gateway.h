/* SPDX-License-Identifier: MIT */
/*
 * A gateway for tests: it speaks MongoDB's wire protocol on loopback and passes each command to the DocumentDB extension of a PostgreSQL
 * server. It is not mongod and does not stand for it: what it answers is DocumentDB's answer, in MongoDB's form.
 */
#ifndef MONGODB_GATEWAY_H
#define MONGODB_GATEWAY_H

#include <bson/bson.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What a port answers to hello. */
enum topology { TOPOLOGY_REPLICA, TOPOLOGY_MONGOS, TOPOLOGY_STANDALONE, TOPOLOGY_SECONDARY };

/* A port that is listened on. */
struct port {
    int fd;
    int number;
    enum topology topology;
    bool login; /* nothing but a greeting without a login */
};

/* One client's connection: a thread, and a connection to the server. */
struct client {
    const struct port *port;
    int fd;
    int64_t id;
    PGconn *pg;
    char user[256];        /* who logged in; empty: nobody */
    char application[128]; /* what it calls itself */
    struct login *login;   /* a login under way */
    /* Under the lock of mongodb-gateway-operations.c: */
    const struct command *running;
    int32_t operation;
    int64_t since; /* microseconds */
    bool killed;
    struct client *next;
};

/* Documents that came beside a command's body, one after another. */
struct sequence {
    const char *name;
    const uint8_t *data;
    size_t size;
};

/* A command as it came in; all of it lies in the message. */
struct command {
    bson_t body;
    const char *name;
    char database[128];
    char collection[512]; /* the value of the command's own field, where that is text; else empty */
    struct sequence sequences[4];
    size_t sequence_count;
    struct session *session; /* of the transaction it belongs to, else NULL */
    char retry[96];          /* what a write is known by when it is sent again; empty: it is not to be */
};

typedef void (*handler)(struct client *client, const struct command *command, bson_t *reply);

/* mongodb-gateway-wire.c: messages. Each returns false when the connection has ended or the message is malformed. */
struct message {
    uint8_t *data;
    size_t size;
    int32_t id;
    int32_t operation;
    uint32_t flags;
    struct command command;
};
bool message_read(int fd, struct message *ret_message);
void message_free(struct message *message);
/* Whether an answer is wanted. */
bool message_answered(const struct message *message);
bool message_reply(int fd, const struct message *message, const bson_t *reply);

/* mongodb-gateway-server.c: the PostgreSQL server. */
struct value {
    const void *data; /* NULL: SQL's NULL */
    size_t size;
    bool binary;
};
struct value value_text(const char *text);
struct value value_bson(const bson_t *bson);
struct value value_bytes(const void *data, size_t size);
/* Connect once more, as this user if it is not empty; NULL: `reply` says why. */
PGconn *server_connect(const char *user, bson_t *reply);
void server_where(const char *conninfo);
/* Run one statement with binary results. NULL: `reply` is the error, as MongoDB would say it. */
PGresult *server_query(PGconn *pg, const char *sql, size_t count, const struct value *values, bson_t *reply);
/* A column of the first row as a document over its bytes; false: it is NULL or there is no row. */
bool server_document(const PGresult *result, int column, bson_t *ret_document);
/* The key of an index by its name, as the first column of the first row, for PQclear; NULL: it cannot be read. */
PGresult *server_index_key(PGconn *pg, const char *database, const char *collection, const char *index);
/* The connection a command runs on: that of its transaction, or the client's. */
PGconn *server_for(const struct client *client, const struct command *command);

/* mongodb-gateway-errors.c */
struct error_code {
    int code;
    const char *name;
};
/* MongoDB's code for an SQLSTATE. */
struct error_code error_code(const char *state);
const char *error_name(int code);
/* The SQLSTATE that an integer stands for. */
void error_unpack(int64_t packed, char ret_state[6]);
void reply_fail(bson_t *reply, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
void reply_ok(bson_t *reply);
void reply_label(bson_t *reply, const char *label);
bool reply_failed(const bson_t *reply);

/* mongodb-gateway-commands.c: the table of commands. */
void command_run(struct client *client, const struct command *command, bson_t *reply);
/* Take the name that a client gives itself with its greeting. */
void own_name(struct client *client, const struct command *command);
/* The command's body without what belongs to its session. */
void command_spec(const struct command *command, bson_t *ret_spec);
/* A field of the body as a number; `other` where there is none. */
int64_t command_number(const struct command *command, const char *field, int64_t other);

/* mongodb-gateway-own.c: what is the gateway's own. */
void own_hello(struct client *client, const struct command *command, bson_t *reply);
void own_build_info(struct client *client, const struct command *command, bson_t *reply);
void own_ok(struct client *client, const struct command *command, bson_t *reply);
void own_parameter(struct client *client, const struct command *command, bson_t *reply);
void own_status(struct client *client, const struct command *command, bson_t *reply);

/* mongodb-gateway-write.c */
void write_documents(struct client *client, const struct command *command, bson_t *reply);
void write_find_and_modify(struct client *client, const struct command *command, bson_t *reply);

/* mongodb-gateway-cursor.c */
void cursor_first(struct client *client, const struct command *command, bson_t *reply);
void cursor_more(struct client *client, const struct command *command, bson_t *reply);
void cursor_kill(struct client *client, const struct command *command, bson_t *reply);

/* mongodb-gateway-shape.c: make an answer look as MongoDB's does. */
void shape_reply(const struct client *client, const struct command *command, bson_t *reply);

/* mongodb-gateway-keep.c: options of collections that only the gateway knows. */
/* Take them out of what is passed on, if the control file wants that; without one the result is empty. */
void keep_create(const struct client *client, const struct command *command, bson_t *spec, bson_t *ret_options);
void keep_remember(const struct command *command, const bson_t *options);
void keep_modify(const struct command *command, bson_t *spec);
/* After a command that succeeded. */
void keep_follow(const struct command *command);
void keep_options(const char *database, const char *collection, bson_t *ret_options);

/* mongodb-gateway-login.c */
void login_start(struct client *client, const struct command *command, bson_t *reply);
void login_continue(struct client *client, const struct command *command, bson_t *reply);
void login_status(struct client *client, const struct command *command, bson_t *reply);

/* mongodb-gateway-explain.c */
void explain(struct client *client, const struct command *command, bson_t *reply);

/* mongodb-gateway-operations.c: who is at work, and at what. */
void operations_enter(struct client *client);
void operations_leave(struct client *client);
void operations_begin(struct client *client, const struct command *command);
void operations_end(struct client *client);
void operations_current(struct client *client, const struct command *command, bson_t *reply);
/* An aggregation whose first stage is $currentOp; false: it is another. */
bool operations_aggregate(struct client *client, const struct command *command, bson_t *reply);
void operations_kill(struct client *client, const struct command *command, bson_t *reply);

/* mongodb-gateway-session.c: transactions. */
/* Find or begin the transaction a command belongs to; false: `reply` says why not. */
bool session_enter(const struct client *client, struct command *command, bson_t *reply);
/* After a command: an error ends its transaction. */
void session_leave(const struct command *command, bson_t *reply);
void session_commit(struct client *client, const struct command *command, bson_t *reply);
void session_abort(struct client *client, const struct command *command, bson_t *reply);
void session_end(struct client *client, const struct command *command, bson_t *reply);
PGconn *session_server(const struct session *session);

/* mongodb-gateway-control.c: for clients that give themselves a name (appName=NAME in their URL) a log of their commands, a file of that name in
 * one folder, and what is to go wrong, a file of that name in another: one JSON document a line, read again when it changes. So tests that run at
 * the same time do not meet.
 *   {"command": "insert", "nth": 3, "cut": "before"}   the connection is cut at the third insert since then, and it is not done
 *   {"command": "insert", "cut": "after"}              each insert is done, but not answered
 *   {"command": "*", "delay": 200}                     milliseconds before anything but a hello
 *   {"command": "profile", "match": {"profile": -1}, "reply": {…}}   that answer; fields may be paths, null is any value
 *   {"hello": {"maxWireVersion": 3}}                   what hello says besides, or instead
 *   {"refuse": true}                                   a connection is cut at its greeting
 *   {"keep": true}                                     options of collections that DocumentDB has not are kept and shown, without effect
 */
enum fault { FAULT_NONE, FAULT_BEFORE, FAULT_AFTER, FAULT_ANSWERED };
/* The folders; NULL: none. */
void control_where(const char *log, const char *control);
void control_log(const struct client *client, const struct command *command);
/* What is to happen to this command; FAULT_ANSWERED: `reply` is filled. */
enum fault control_fault(const struct client *client, const struct command *command, bson_t *reply);
bool control_keeps(const struct client *client);
/* Fields of hello that are to be said instead. */
void control_hello(const struct client *client, bson_t *reply);

#endif
