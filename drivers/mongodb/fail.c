/* SPDX-License-Identifier: MIT */
/* Errors of the server and of the client library in dara's words. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "mg.h"

int mongodb_out_of_memory(void)
{
    return dara_error_set(DARA_EINTERNAL, "out of memory");
}

char *mongodb_copy(const char *string)
{
    char *copy = string ? strdup(string) : NULL;
    if (string && !copy)
        mongodb_out_of_memory();
    return copy;
}

/* ---- commands ----------------------------------------------------------------------------------------------------------------------- */

struct meaning {
    unsigned number;
    const char *name;
    int code;
    const char *hint;
};

#define AGAIN "the server keeps what was committed; run the command again once it can be reached"
#define GRANT "connect as a user that may, or have the right granted"

static const struct meaning meanings[] = {
    {2, "BadValue", DARA_ESTATEMENT, NULL},
    {9, "FailedToParse", DARA_ESTATEMENT, NULL},
    {11, "UserNotFound", DARA_ESTATEMENT, NULL},
    {13, "Unauthorized", DARA_ESTATEMENT, GRANT},
    {14, "TypeMismatch", DARA_ESTATEMENT, NULL},
    {20, "IllegalOperation", DARA_ESTATEMENT, NULL},
    {24, "LockTimeout", DARA_ELOCKED, "another session holds a lock: run it again, or wait longer with --lock-timeout"},
    {26, "NamespaceNotFound", DARA_ESTATEMENT, NULL},
    {27, "IndexNotFound", DARA_ESTATEMENT, NULL},
    {46, "LockBusy", DARA_ELOCKED, "another session holds a lock: run it again"},
    {48, "NamespaceExists", DARA_ESTATEMENT, NULL},
    {50, "MaxTimeMSExpired", DARA_ESTATEMENT, "give it more time with --statement-timeout"},
    {59, "CommandNotFound", DARA_ESTATEMENT,
     "the server has no such command: look at its name, and at the server's version"},
    {67, "CannotCreateIndex", DARA_ESTATEMENT, NULL},
    {72, "InvalidOptions", DARA_ESTATEMENT, NULL},
    {85, "IndexOptionsConflict", DARA_ESTATEMENT, "drop the index that is there first, or give this one its options"},
    {86, "IndexKeySpecsConflict", DARA_ESTATEMENT, "drop the index that is there first, or give this one another name"},
    {89, "NetworkTimeout", DARA_ECONNECT, AGAIN},
    {91, "ShutdownInProgress", DARA_ECONNECT, "the server is stopping: run the command again once it is back"},
    {112, "WriteConflict", DARA_ELOCKED, "two sessions wrote the same documents: run it again"},
    {115, "CommandNotSupported", DARA_ESTATEMENT, NULL},
    {121, "DocumentValidationFailure", DARA_ESTATEMENT, NULL},
    {166, "CommandNotSupportedOnView", DARA_ESTATEMENT, NULL},
    {189, "PrimarySteppedDown", DARA_ECONNECT, AGAIN},
    {251, "NoSuchTransaction", DARA_ESTATEMENT,
     "the server ended the transaction: see its transactionLifetimeLimitSeconds"},
    {263, "OperationNotSupportedInTransaction", DARA_ESTATEMENT, NULL},
    {290, "TransactionExceededLifetimeLimitSeconds", DARA_ESTATEMENT,
     "make the file smaller, or raise the server's transactionLifetimeLimitSeconds"},
    {10107, "NotWritablePrimary", DARA_ECONNECT,
     "give all members and replicaSet=NAME in the URL, so that the primary is found"},
    {10334, "BSONObjectTooLarge", DARA_ESTATEMENT, "no document may be larger than 16 MiB"},
    {11000, "DuplicateKey", DARA_ESTATEMENT, NULL},
    {11600, "InterruptedAtShutdown", DARA_ECONNECT, "the server is stopping: run the command again once it is back"},
    {11602, "InterruptedDueToReplStateChange", DARA_ECONNECT, AGAIN},
    {13435, "NotPrimaryNoSecondaryOk", DARA_ECONNECT,
     "give all members and replicaSet=NAME in the URL, so that the primary is found"},
};

static const struct meaning *find_meaning(unsigned number)
{
    static const struct meaning other = {0, NULL, DARA_ESTATEMENT, NULL};
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (meanings[i].number == number)
            return &meanings[i];
    return &other;
}

static bool is_lost(const bson_error_t *error)
{
    bool stream = error->domain == MONGOC_ERROR_STREAM || error->domain == MONGOC_ERROR_SERVER_SELECTION ||
                  error->domain == MONGOC_ERROR_PROTOCOL;
    return stream || (error->domain == MONGOC_ERROR_CLIENT && error->code == MONGOC_ERROR_CLIENT_NOT_READY);
}

/* The details that a server gives of a write that failed: which rule of a validator, which key of an index. */
static void tell_details(const bson_t *reply)
{
    static const char *const paths[] = {"writeErrors.0.errInfo", "writeErrors.0.keyValue", "errInfo", "keyValue"};
    bson_iter_t at, value;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        if (!bson_iter_init(&at, reply) || !bson_iter_find_descendant(&at, paths[i], &value))
            continue;
        struct mongodb_buffer text = {0};
        mongodb_json_write_value(&value, &text);
        dara_error_detail("%.2000s", mongodb_buffer_get(&text));
        mongodb_buffer_free(&text);
        return;
    }
}

static const char *code_name(const bson_t *reply, const struct meaning *meaning)
{
    bson_iter_t value;
    if (reply && bson_iter_init_find(&value, reply, "codeName") && BSON_ITER_HOLDS_UTF8(&value))
        return bson_iter_utf8(&value, NULL);
    return meaning->name ? meaning->name : "";
}

static int fail_interrupted(struct dara_conn *conn, const bson_error_t *error)
{
    conn->cancelled = false;
    dara_error_set(DARA_EINTERRUPTED, "interrupted");
    dara_error_native("%u", error->code);
    return DARA_EINTERRUPTED;
}

int mongodb_fail(struct dara_conn *conn, int code, const char *doing, const bson_error_t *error, const bson_t *reply)
{
    bool lost = is_lost(error);
    const struct meaning *meaning = find_meaning(lost ? 0 : error->code);
    if (conn && conn->cancelled && (lost || error->code == 11601))
        return fail_interrupted(conn, error);
    if (lost)
        code = DARA_ECONNECT;
    else if (!code || meaning->code != DARA_ESTATEMENT)
        code = meaning->code;
    dara_error_set(code, "%s%s%s", doing ? doing : "", doing ? ": " : "",
                   *error->message ? error->message : "the server gave no reason");
    const char *name = code_name(reply, meaning);
    dara_error_native("%u%s%s", error->code, *name ? " " : "", name);
    if (lost)
        dara_error_hint(AGAIN);
    else if (meaning->hint)
        dara_error_hint("%s", meaning->hint);
    if (reply)
        tell_details(reply);
    return code;
}

int mongodb_error_number(void)
{
    const struct dara_error *error = dara_error_last();
    return error && error->native ? (int)strtol(error->native, NULL, 10) : 0;
}

/* ---- connections -------------------------------------------------------------------------------------------------------------------- */

static const struct refusal {
    const char *sign; /* part of what the library says */
    const char *words, *hint;
} refusals[] = {
    {"Authentication failed", "the server refuses the user name or the password",
     "check user and password of the URL, and authSource: the database that knows the user"},
    {"authentication", "the server refuses the user name or the password",
     "check user and password of the URL, and authSource: the database that knows the user"},
    {"connection refused", "nobody listens there: the server is not running, or has another port",
     "check host and port of the URL, and that the server runs"},
    {"Failed to resolve", "there is no such host", "check the host name of the URL, and the network"},
    {"SRV", "the name has no SRV record", "check the host of the URL: mongodb+srv:// takes the name of a cluster"},
    {"TLS handshake failed", "TLS failed", "check the URL's tls, tlsCAFile and tlsCertificateKeyFile"},
    {"not a member of replica set", "the server is in another replica set, or in none", "check replicaSet in the URL"},
    {"connection timeout", "the server does not answer in time",
     "check the host, and that nothing between here and there drops the traffic"},
    {"connection closed", "the server closes the connection: it may want TLS, or be no MongoDB server",
     "give ?tls=true, or check host and port"},
    {"No suitable servers", "no server of the kind that is wanted can be reached",
     "check hosts, ports, replicaSet and readPreference of the URL"},
};

int mongodb_fail_connect(const struct dara_url *url, const bson_error_t *error)
{
    const struct refusal *found = NULL;
    for (size_t i = 0; !found && i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (strstr(error->message, refusals[i].sign))
            found = &refusals[i];
    if (error->code == 18 || (error->domain == MONGOC_ERROR_CLIENT && error->code == MONGOC_ERROR_CLIENT_AUTHENTICATE))
        found = &refusals[0];
    dara_error_set(DARA_ECONNECT, "cannot connect to '%s': %s", url->redacted, found ? found->words : error->message);
    if (found)
        dara_error_detail("%s", error->message);
    dara_error_native("%u", error->code);
    dara_error_hint("%s", found ? found->hint : "check the URL, and that the server runs and can be reached");
    return DARA_ECONNECT;
}
