/* SPDX-License-Identifier: MIT */
/* What the tests of MongoDB's test server share: each file has a list of tests. JSON here has ' where it means ". */
#ifndef DARA_TESTS_GATEWAY_H
#define DARA_TESTS_GATEWAY_H

#include "../unit/unit.h"
#include <mongoc/mongoc.h>

#define DATABASE              "dara_gateway"
/* What the clients of the tests call themselves. */
#define NAME                  "gateway-test"
/* A test that wants this variable of the environment. */
#define NEEDS(variable, test) cmocka_unit_test_prestate(test, (char *)variable)
#define COUNT(array)          (sizeof(array) / sizeof *(array))

extern const struct CMUnitTest command_tests[], session_tests[], fault_tests[], wire_tests[], corpora_tests[];
extern const size_t command_test_count, session_test_count, fault_test_count, wire_test_count, corpora_test_count;

/* The connection most tests share. */
extern mongoc_client_t *shared;

mongoc_client_t *connect_to(const char *uri);
bson_t *parse(const char *json);
/* A command's reply, whether it succeeded or not. NULL with an empty reply: the connection broke. */
bson_t *reply_of(mongoc_client_t *client, const char *database, const char *json);
/* Its reply is that one, all of it, value for value. */
void says_to(mongoc_client_t *client, const char *json, const char *reply);
void says(const char *json, const char *reply);
/* It succeeds, and that part of its reply is this. */
void part_is(const char *json, const char *path, const char *value);
/* It fails with this code. */
void fails_for(mongoc_client_t *client, const char *json, int code);
void fails(const char *json, int code);
void runs(const char *json);
/* A part of a document as JSON, with ' for ". The text is valid until the next call. */
const char *part(const bson_t *document, const char *path);
/* Write the control file of the tests' clients. */
void control(const char *lines);
/* How many lines of the clients' log have this text. */
int logged(const char *text);

#endif
