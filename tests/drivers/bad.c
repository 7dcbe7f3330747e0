/* SPDX-License-Identifier: MIT */
/* A driver with one fault, chosen by -DBAD_…; its name by -DBAD_NAME. Compiled once for each (local.mk). */
#include <dara/dara.h>

#ifndef BAD_MEMBER
static int bad_session_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    (void)request, (void)ret_conn;
    return dara_error_set(DARA_ECONNECT, "a bad driver opens nothing");
}
#endif

static void bad_session_close(struct dara_conn *conn)
{
    (void)conn;
}

static int bad_session_describe(struct dara_conn *conn, struct dara_server *ret_server)
{
    (void)conn, (void)ret_server;
    return 0;
}

#ifdef BAD_SYMBOL
int dara_function_of_another_world(void);
#endif

static int bad_session_ping(struct dara_conn *conn)
{
    (void)conn;
#ifdef BAD_SYMBOL
    return dara_function_of_another_world();
#else
    return 0;
#endif
}

static int bad_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model)
{
    (void)conn, (void)request, (void)model;
    return 0;
}

#ifdef BAD_SAVEPOINT
static int any(struct dara_conn *conn)
{
    (void)conn;
    return 0;
}

static int bad_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    (void)conn, (void)request, (void)holder;
    return 0;
}

static int bad_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose)
{
    (void)conn, (void)purpose;
    return 0;
}

static int bad_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result)
{
    (void)conn, (void)text, (void)length, (void)result;
    return 0;
}

static int bad_apply_history_list(struct dara_conn *conn, struct dara_history *history)
{
    (void)conn, (void)history;
    return 0;
}

static int bad_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry)
{
    (void)conn, (void)entry;
    return 0;
}

static int bad_apply_savepoint(struct dara_conn *conn, const char *name)
{
    (void)conn, (void)name;
    return 0;
}

static const struct dara_apply_ops apply = {
    .size = sizeof(apply),
    .lock = bad_apply_lock,
    .unlock = any,
    .begin = bad_apply_begin,
    .execute = bad_apply_execute,
    .commit = any,
    .rollback = any,
    .history_ensure = any,
    .history_list = bad_apply_history_list,
    .history_record = bad_apply_history_record,
    .savepoint = bad_apply_savepoint,
};
#define APPLY .apply = &apply,
#else
#define APPLY
#endif

static const struct dara_property properties[] = {{NULL, DARA_PROPERTY_INFO}};
static const struct dara_kind kind = {
    .size = sizeof(kind), .name = "table", .plural = "tables", .order = 1, .properties = properties};
#ifdef BAD_KINDS
static const struct dara_kind *const kinds[] = {&kind, &kind, NULL};
#else
static const struct dara_kind *const kinds[] = {&kind, NULL};
#endif

#ifdef BAD_TABLE
#define SESSION_SIZE offsetof(struct dara_session_ops, ping)
#else
#define SESSION_SIZE sizeof(struct dara_session_ops)
#endif

static const struct dara_session_ops session = {
    .size = SESSION_SIZE,
#ifndef BAD_MEMBER
    .open = bad_session_open,
#endif
    .close = bad_session_close,
    .describe = bad_session_describe,
    .ping = bad_session_ping,
};
static const struct dara_introspect_ops introspect = {
    .size = sizeof(introspect),
    .kinds = kinds,
    .read = bad_introspect_read,
};
#ifdef BAD_SCHEME
static const char *const schemes[] = {"Bad Scheme", NULL};
#elif defined(BAD_NO_SCHEME)
static const char *const schemes[] = {NULL};
#else
static const char *const schemes[] = {"bad", NULL};
#endif

#define TEXT_(text) #text
#define TEXT(text)  TEXT_(text)
#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)

#ifndef BAD_MAJOR
#define BAD_MAJOR DARA_DRIVER_ABI_MAJOR
#endif
#ifndef BAD_MINOR
#define BAD_MINOR DARA_DRIVER_ABI_MINOR
#endif
#ifndef BAD_SIZE
#define BAD_SIZE sizeof(descriptor)
#endif
#ifndef BAD_SELF
#define BAD_SELF TEXT(BAD_NAME)
#endif
#ifndef BAD_ENTRY
#define BAD_ENTRY JOIN(BAD_NAME, _LTX_dara_driver)
#endif

/* What a driver of a later minor looks like: more after what this header knows. */
static const struct {
    struct dara_driver known;
    const void *later[4];
} descriptor = {
    .known = {.abi_major = BAD_MAJOR,
              .abi_minor = BAD_MINOR,
              .size = BAD_SIZE,
              .name = BAD_SELF,
              .version = "1",
              .description = "a driver with one fault",
              .schemes = schemes,
              .url_help = "bad:",
#ifndef BAD_GROUP
              .session = &session,
#endif
              .introspect = &introspect,
              APPLY},
    .later = {&session, &session, &session, &session},
};

DARA_EXPORT const void *BAD_ENTRY(void);
const void *BAD_ENTRY(void)
{
#ifdef BAD_NULL
    return NULL;
#elif defined(BAD_GROUP)
    (void)&session;
    return &descriptor;
#else
    return &descriptor;
#endif
}
