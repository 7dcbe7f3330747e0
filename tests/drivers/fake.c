/* SPDX-License-Identifier: MIT */
/*
 * A driver for tests. Its database is a list of tables in the memory of the process, one for all connections, so that
 * what was committed can be seen by the next. Statements:
 *
 *   create table NAME · drop table NAME       change it
 *   rows N                                    gives N rows of two columns
 *   affect N                                  says that N rows changed
 *   notice                                    remarks the password
 *   fail TEXT · secret                        fails with TEXT, with the URL's password in message, detail and hint
 *   silent · code N · mute N                  fails without a message; returns N after a message; returns N without one
 *   wait                                      sleeps until it is cancelled
 *
 * With -DFAKE_EAGER it is the driver "eager", whose engine commits each change of the schema by itself.
 * With -DFAKE_BARE it is the driver "bare": session and introspect, and nothing else.
 */
#include <dara/dara.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_TABLES 64

struct tables {
    size_t count;
    char names[MAX_TABLES][64];
};

struct dara_conn {
    enum dara_mode mode;
    struct tables before; /* what a rollback goes back to */
    bool in_transaction;
    bool locked;
    char *password;
    volatile int cancelled;
};

static struct tables database;

#ifndef FAKE_BARE
static char lock_owner[256];
static size_t entry_count;
static struct {
    char kind[32], version[64], state[32];
} entries[MAX_TABLES];
#endif

/* ---- session ------------------------------------------------------------------------------------------------------------ */

static const char *option(const struct dara_url *url, const char *name)
{
    for (size_t i = 0; i < url->option_count; i++)
        if (strcmp(url->option_names[i], name) == 0)
            return url->option_values[i];
    return NULL;
}

static int fake_session_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    const char *fail = option(request->url, "open");
    if (fail && strcmp(fail, "fail") == 0)
        return dara_error_set(DARA_ECONNECT, "cannot log in with '%s' at '%s'", request->url->password,
                              request->url->text);
    if (fail && strcmp(fail, "nothing") == 0)
        return 0;
    struct dara_conn *conn = calloc(1, sizeof(*conn));
    if (!conn)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    conn->mode = request->mode;
    if (request->url->password)
        conn->password = strdup(request->url->password);
    *ret_conn = conn;
    return 0;
}

static void fake_session_close(struct dara_conn *conn)
{
    if (!conn)
        return;
    if (conn->in_transaction)
        abort(); /* dara promises to roll back first */
    free(conn->password);
    free(conn);
}

static int fake_session_describe(struct dara_conn *conn, struct dara_server *ret_server)
{
    (void)conn;
    ret_server->engine = "Fake";
    ret_server->version = "1";
    ret_server->database = "memory";
    return 0;
}

static int fake_session_ping(struct dara_conn *conn)
{
    (void)conn;
    return 0;
}

/* ---- introspect --------------------------------------------------------------------------------------------------------- */

static const struct dara_property table_properties[] = {
    {"sql", DARA_PROPERTY_INFO},
    {"note", DARA_PROPERTY_ALTER},
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind table_kind = {
    .size = sizeof(table_kind),
    .name = "table",
    .plural = "tables",
    .order = 10,
    .flags = DARA_KIND_ROWS,
    .properties = table_properties,
};
static const struct dara_kind *const fake_kinds[] = {&table_kind, NULL};

static int fake_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model)
{
    (void)conn, (void)request;
    for (size_t i = 0; i < database.count; i++) {
        struct dara_object_desc desc = {.size = sizeof(desc), .kind = "table", .name = database.names[i]};
        int code = dara_model_add(model, &desc, NULL);
        if (code)
            return code;
    }
    return dara_model_family(model, "table", DARA_FAMILY_READ, NULL);
}

static const struct dara_introspect_ops introspect = {
    .size = sizeof(introspect),
    .kinds = fake_kinds,
    .read = fake_introspect_read,
};

#ifdef FAKE_BARE

static const struct dara_session_ops session = {
    .size = sizeof(session),
    .open = fake_session_open,
    .close = fake_session_close,
    .describe = fake_session_describe,
    .ping = fake_session_ping,
};
static const char *const schemes[] = {"bare", NULL};

DARA_DRIVER_DEFINE(bare, .version = "1.0", .description = "a driver that only reads, for tests", .schemes = schemes,
                   .url_help = "bare:", .session = &session, .introspect = &introspect);

#else

static int fake_session_create(const struct dara_open *request, bool *ret_existed)
{
    (void)request;
    *ret_existed = true;
    return 0;
}

static void fake_session_cancel(struct dara_conn *conn)
{
    conn->cancelled = 1;
}

static int fake_session_diagnose(struct dara_conn *conn, struct dara_checks *checks)
{
    char detail[256];
    snprintf(detail, sizeof(detail), "logged in with %s", conn->password ? conn->password : "nothing");
    dara_checks_add(checks, "login", DARA_VERDICT_OK, detail, NULL);
    dara_checks_add(checks, "memory", DARA_VERDICT_WARN, "all is lost at the end", "use another driver");
    return 0;
}

static int fake_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows)
{
    (void)conn;
    *ret_rows = strlen(dara_object_name(object));
    return 0;
}

static const struct dara_introspect_ops counting = {
    .size = sizeof(counting),
    .kinds = fake_kinds,
    .read = fake_introspect_read,
    .count_rows = fake_introspect_count_rows,
};

/* ---- dialect ------------------------------------------------------------------------------------------------------------ */

static int fake_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out)
{
    (void)conn;
    dara_text_format(out, "<%s>", name);
    return 0;
}

static int fake_dialect_split(struct dara_conn *conn, const char *script, size_t length,
                              struct dara_statements *statements)
{
    (void)conn, (void)length;
    unsigned line = 1;
    for (const char *at = script; *at;) {
        for (; *at == ' ' || *at == '\n' || *at == ';'; at++)
            line += *at == '\n';
        size_t size = strcspn(at, ";");
        if (size && at[size] != ';') {
            dara_error_set(DARA_EFILE, "a statement has no end");
            dara_error_at(NULL, (long)line);
            return DARA_EFILE;
        }
        if (size)
            dara_statements_add(statements, at, size, line);
        for (; size; size--, at++)
            line += *at == '\n';
    }
    return 0;
}

static const char *word_after(const char *text, const char *start)
{
    size_t length = strlen(start);
    return strncmp(text, start, length) == 0 ? text + length : NULL;
}

static int fake_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts)
{
    (void)conn, (void)length;
    const char *name;
    if ((name = word_after(text, "create table ")) != NULL) {
        dara_facts_kind(facts, "create table", DARA_STATEMENT_SCHEMA);
        dara_facts_object(facts, DARA_ROLE_MAKES, "table", NULL, name);
    } else if ((name = word_after(text, "drop table ")) != NULL) {
        dara_facts_kind(facts, "drop table", DARA_STATEMENT_SCHEMA);
        dara_facts_object(facts, DARA_ROLE_DROPS, "table", NULL, name);
        dara_facts_hazard(facts, "drop-table", true, "the rows of the table are lost");
    } else if (strcmp(text, "wait") == 0) {
        dara_facts_refuse(facts, "waiting is not for migrations", "do not wait");
    }
    return 0;
}

static int fake_dialect_render(const struct dara_object *object, struct dara_text *out)
{
    dara_text_format(out, "create table %s;\n", dara_object_name(object));
    return 0;
}

static int fake_dialect_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan)
{
    (void)diff;
    char text[128];
    struct dara_step step = {.size = sizeof(step), .text = text, .change = change};
    switch (change->op) {
    case DARA_CHANGE_CREATE:
        snprintf(text, sizeof(text), "create table %s", dara_object_name(change->after));
        break;
    case DARA_CHANGE_DROP:
        snprintf(text, sizeof(text), "drop table %s", dara_object_name(change->before));
        step.flags = DARA_STEP_DESTROYS;
        break;
    default:
        dara_plan_cannot(plan, change, "a table of the fake driver does not change");
        return 0;
    }
    dara_plan_add(plan, &step);
    return 0;
}

/* ---- apply -------------------------------------------------------------------------------------------------------------- */

static int fake_apply_lock(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder)
{
    if (*lock_owner) {
        dara_text_add(holder, lock_owner);
        return dara_error_set(DARA_ELOCKED, "the lock is held by another run");
    }
    snprintf(lock_owner, sizeof(lock_owner), "%s", request->owner);
    conn->locked = true;
    return 0;
}

static int fake_apply_unlock(struct dara_conn *conn)
{
    if (conn->locked)
        lock_owner[0] = '\0';
    conn->locked = false;
    return 0;
}

static int fake_apply_begin(struct dara_conn *conn, enum dara_begin_purpose purpose)
{
    (void)purpose;
    conn->before = database;
    conn->in_transaction = true;
    return 0;
}

static int fake_apply_rollback(struct dara_conn *conn)
{
    if (conn->in_transaction)
        database = conn->before;
    conn->in_transaction = false;
    return 0;
}

static int fake_apply_commit(struct dara_conn *conn)
{
    if (conn->mode == DARA_MODE_REHEARSE)
        abort(); /* dara promises never to ask */
    conn->in_transaction = false;
    return 0;
}

static int fake_apply_validate(struct dara_conn *conn)
{
    (void)conn;
    for (size_t i = 0; i < database.count; i++)
        if (strcmp(database.names[i], "invalid") == 0)
            return dara_error_set(DARA_ESTATEMENT, "the table 'invalid' is not valid");
    return 0;
}

static int create_table(const char *name)
{
    if (database.count == MAX_TABLES)
        return dara_error_set(DARA_ESTATEMENT, "too many tables");
    snprintf(database.names[database.count++], sizeof(database.names[0]), "%s", name);
    return 0;
}

static int drop_table(const char *name)
{
    for (size_t i = 0; i < database.count; i++) {
        if (strcmp(database.names[i], name) != 0)
            continue;
        database.count--;
        memmove(database.names[i], database.names[i + 1], (database.count - i) * sizeof(database.names[0]));
        return 0;
    }
    return dara_error_set(DARA_ESTATEMENT, "there is no table '%s'", name);
}

static int give_rows(long count, struct dara_result *result)
{
    static const char *const names[] = {"number", "text"};
    dara_result_columns(result, 2, names);
    for (long i = 0; i < count; i++) {
        struct dara_value values[] = {{.type = DARA_INTEGER, .integer = i},
                                      {.type = DARA_TEXT, .bytes = "x", .length = 1}};
        if (dara_result_row(result, 2, values) != 0)
            return DARA_EINTERNAL; /* the reader's own code is what must come out */
    }
    return 0;
}

static int fail_secret(const struct dara_conn *conn)
{
    const char *secret = conn->password ? conn->password : "";
    dara_error_set(DARA_ESTATEMENT, "login failed for password '%s'", secret);
    dara_error_detail("tried %s twice", secret);
    dara_error_hint("do not use %s", secret);
    dara_error_native("%s", secret);
    return DARA_ESTATEMENT;
}

static int wait_for_cancel(struct dara_conn *conn)
{
    for (int i = 0; i < 1000 && !conn->cancelled; i++)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    return dara_error_set(DARA_ESTATEMENT, conn->cancelled ? "cancelled" : "nobody cancelled it");
}

static int fake_apply_execute(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result)
{
    (void)length;
    const char *rest;
    if ((rest = word_after(text, "create table ")) != NULL)
        return create_table(rest);
    if ((rest = word_after(text, "drop table ")) != NULL)
        return drop_table(rest);
    if ((rest = word_after(text, "rows ")) != NULL)
        return give_rows(strtol(rest, NULL, 10), result);
    if ((rest = word_after(text, "affect ")) != NULL) {
        dara_result_affected(result, strtoul(rest, NULL, 10));
        return 0;
    }
    if (strcmp(text, "notice") == 0) {
        dara_result_notice(result, "N1", conn->password);
        return 0;
    }
    if ((rest = word_after(text, "fail ")) != NULL)
        return dara_error_set(DARA_ESTATEMENT, "%s", rest);
    if ((rest = word_after(text, "code ")) != NULL) {
        dara_error_set(DARA_ESTATEMENT, "a message");
        return (int)strtol(rest, NULL, 10);
    }
    if ((rest = word_after(text, "mute ")) != NULL)
        return (int)strtol(rest, NULL, 10);
    if (strcmp(text, "secret") == 0)
        return fail_secret(conn);
    if (strcmp(text, "wait") == 0)
        return wait_for_cancel(conn);
    return dara_error_set(DARA_ESTATEMENT, "'%s' is no statement of the fake driver", text);
}

static int fake_apply_history_ensure(struct dara_conn *conn)
{
    (void)conn;
    return 0;
}

static int fake_apply_history_list(struct dara_conn *conn, struct dara_history *history)
{
    (void)conn;
    for (size_t i = 0; i < entry_count; i++) {
        /* On the stack, so that what dara does not copy is seen by the sanitizer. */
        char version[64];
        snprintf(version, sizeof(version), "%s", entries[i].version);
        struct dara_history_entry entry = {
            .size = sizeof(entry), .kind = entries[i].kind, .version = version, .state = entries[i].state};
        dara_history_add(history, &entry);
    }
    return 0;
}

static int fake_apply_history_record(struct dara_conn *conn, const struct dara_history_entry *entry)
{
    (void)conn;
    size_t i = 0;
    while (i < entry_count && strcmp(entries[i].version, entry->version) != 0)
        i++;
    if (i == MAX_TABLES)
        return dara_error_set(DARA_ESTATEMENT, "too many entries");
    entry_count += i == entry_count;
    snprintf(entries[i].kind, sizeof(entries[i].kind), "%s", entry->kind);
    snprintf(entries[i].version, sizeof(entries[i].version), "%s", entry->version);
    snprintf(entries[i].state, sizeof(entries[i].state), "%s", entry->state);
    return 0;
}

/* An item "forget" is done without a word; there is no reset. */
static int fake_apply_execute_all(struct dara_conn *conn, const struct dara_batch_item *items, size_t count,
                                  struct dara_result *result)
{
    int code = 0;
    for (size_t i = 0; i < count && !code; i++) {
        if (items[i].text && strcmp(items[i].text, "forget") == 0)
            continue;
        code = items[i].text ? fake_apply_execute(conn, items[i].text, items[i].length, result) : 0;
        if (!code)
            dara_result_next(result);
    }
    return code;
}

/* ---- bulk --------------------------------------------------------------------------------------------------------------- */

static int fake_bulk_export_rows(struct dara_conn *conn, const struct dara_object *object,
                                 int (*write)(void *context, const char *bytes, size_t length), void *context,
                                 uint64_t *ret_rows)
{
    (void)conn, (void)object;
    for (int i = 0; i < 3; i++)
        if (write(context, "row\n", 4) != 0)
            return DARA_EINTERNAL;
    *ret_rows = 3;
    return 0;
}

static const struct dara_session_ops session = {
    .size = sizeof(session),
    .open = fake_session_open,
    .close = fake_session_close,
    .describe = fake_session_describe,
    .ping = fake_session_ping,
    .create = fake_session_create,
    .cancel = fake_session_cancel,
    .diagnose = fake_session_diagnose,
};
static const struct dara_dialect_ops dialect = {
    .size = sizeof(dialect),
    .extension = "fake",
    .delimiter = ";\n",
    .quote = fake_dialect_quote,
    .split = fake_dialect_split,
    .classify = fake_dialect_classify,
    .render = fake_dialect_render,
    .change = fake_dialect_change,
};
static const struct dara_apply_ops apply = {
    .size = sizeof(apply),
    .lock = fake_apply_lock,
    .unlock = fake_apply_unlock,
    .begin = fake_apply_begin,
    .execute = fake_apply_execute,
    .commit = fake_apply_commit,
    .rollback = fake_apply_rollback,
    .history_ensure = fake_apply_history_ensure,
    .history_list = fake_apply_history_list,
    .history_record = fake_apply_history_record,
    .validate = fake_apply_validate,
    .execute_all = fake_apply_execute_all,
};
static const struct dara_bulk_ops bulk = {.size = sizeof(bulk), .export_rows = fake_bulk_export_rows};
#ifdef FAKE_EAGER
static const char *const schemes[] = {"eager", NULL};

DARA_DRIVER_DEFINE(eager, .version = "1.0", .description = "cannot take back schema changes, for tests",
                   .schemes = schemes, .url_help = "eager:ANYTHING", .session = &session, .introspect = &counting,
                   .dialect = &dialect, .apply = &apply, .bulk = &bulk);
#else
static const char *const schemes[] = {"fake", "pretend", "fake+tls", NULL};

DARA_DRIVER_DEFINE(fake, .version = "1.0", .description = "a database in memory, for tests", .schemes = schemes,
                   .url_help = "fake:ANYTHING", .features = DARA_FEATURE_TRANSACTIONAL_DDL, .session = &session,
                   .introspect = &counting, .dialect = &dialect, .apply = &apply, .bulk = &bulk);
#endif

#endif
