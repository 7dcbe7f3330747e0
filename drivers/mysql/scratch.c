/* SPDX-License-Identifier: MIT */
/*
 * Private databases. Each is named after the process that made it, and its connection holds a lock of that name as long as it lives: one
 * whose lock is free was left by a run that died. The table dara_lock in it marks it as dara's, and its comment says whose, of which command
 * and since when.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "apply.h"

#define PREFIX "dara_scratch_"
#define MARK   "scratch database of dara: "

static int run_on(struct dara_conn *conn, const char *words, const char *name, const char *rest, const char *doing)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_add(&sql, words);
    mysql_buffer_add_name(&sql, name);
    mysql_buffer_add(&sql, rest);
    return mysql_buffer_run(conn, &sql, doing);
}

static int try_lock(struct dara_conn *conn, const char *name, bool *ret_got)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    mysql_buffer_add(&sql, "SELECT GET_LOCK(");
    mysql_value_add(conn, &sql, name);
    mysql_buffer_add(&sql, ", 0)");
    int code = mysql_buffer_rows(conn, &sql, "cannot lock a scratch database", &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    *ret_got = row && row[0] && strcmp(row[0], "1") == 0;
    mysql_free_result(result);
    return 0;
}

/* ---- what dead runs left ----------------------------------------------------------------------------------------------------- */

/* What a database of such a name is. */
enum leaving {
    OTHERS,    /* somebody else's: it has tables, and no mark */
    EMPTY,     /* its maker died, or is, between two statements */
    LEFT,      /* marked */
    LEFT_LONG, /* marked more than a day ago */
};

static int look_at(struct dara_conn *conn, const char *name, enum leaving *ret_leaving)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    mysql_buffer_add(&sql, "SELECT COUNT(*), (SELECT IF(TABLE_COMMENT LIKE '" MARK
                           "%', 1 + (CREATE_TIME < NOW() - INTERVAL 1 DAY), 0) FROM information_schema.TABLES"
                           " WHERE TABLE_NAME = '" MYSQL_LEASE_TABLE "' AND TABLE_SCHEMA = ");
    mysql_value_add(conn, &sql, name);
    mysql_buffer_add(&sql, ") FROM information_schema.TABLES WHERE TABLE_SCHEMA = ");
    mysql_value_add(conn, &sql, name);
    int code = mysql_buffer_rows(conn, &sql, NULL, &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    const char *count = row && row[0] ? row[0] : "1", *mark = row && row[1] ? row[1] : "0";
    *ret_leaving = *mark == '2' ? LEFT_LONG : *mark == '1' ? LEFT : strcmp(count, "0") == 0 ? EMPTY : OTHERS;
    mysql_free_result(result);
    return 0;
}

/* Whether a lock that is free tells that nobody has it. */
static bool trusts_locks(struct dara_conn *conn)
{
    bool holds = false;
    return mysql_lock_look(conn, &holds) == 0 && holds;
}

static void sweep_one(struct dara_conn *conn, const char *name)
{
    struct mysql_buffer sql = {0};
    enum leaving leaving = OTHERS;
    bool got = false;
    if (try_lock(conn, name, &got) || !got)
        return;
    /* No rehearsal lasts a day: what is older is in nobody's hands, whatever the locks are worth. */
    if (look_at(conn, name, &leaving) == 0 && leaving != OTHERS && (leaving == LEFT_LONG || trusts_locks(conn)))
        (void)run_on(conn, "DROP DATABASE IF EXISTS ", name, "", NULL);
    mysql_buffer_add(&sql, "DO RELEASE_LOCK(");
    mysql_value_add(conn, &sql, name);
    mysql_buffer_add(&sql, ")");
    (void)mysql_buffer_run(conn, &sql, NULL);
}

/* Databases named as dara names them. One that cannot be dropped stays: it is in nobody's way. */
static void sweep(struct dara_conn *conn)
{
    static const char list_sql[] =
        "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME REGEXP '^" PREFIX "[0-9]+_[0-9a-f]{8}$'";
    MYSQL_RES *names = NULL;
    MYSQL_ROW row;
    if (mysql_rows(conn, list_sql, NULL, &names) == 0) {
        while ((row = mysql_fetch_row(names)))
            sweep_one(conn, row[0]);
        mysql_free_result(names);
    }
    dara_error_clear();
}

/* ---- made, dropped --------------------------------------------------------------------------------------------------------------- */

static int make_name(char *name, size_t size)
{
    unsigned random = 0;
    if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return dara_error_set(DARA_EINTERNAL, "no random number can be had");
    snprintf(name, size, PREFIX "%ld_%08x", (long)getpid(), random);
    return 0;
}

static int fail_create(struct dara_conn *conn, int code)
{
    unsigned number = mysql_errno(conn->mysql);
    if (number != 1044 && number != 1142 && number != 1227)
        return code;
    dara_error_set(DARA_EUNSUPPORTED, "the user '%s' may not create databases, so there is no scratch database",
                   conn->user);
    dara_error_hint("GRANT ALL ON `" PREFIX "%%`.* TO that user, or run without what needs one");
    dara_error_native("%u %s", number, mysql_sqlstate(conn->mysql));
    return DARA_EUNSUPPORTED;
}

/* As the database of the URL is: its character set and collation decide what text compares as. */
static int read_shape(struct dara_conn *conn, const char *like, struct mysql_buffer *shape)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    mysql_buffer_add(&sql, "SELECT CONCAT(' CHARACTER SET ', DEFAULT_CHARACTER_SET_NAME, ' COLLATE ',"
                           " DEFAULT_COLLATION_NAME) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ");
    mysql_value_add(conn, &sql, like);
    int code = mysql_buffer_rows(conn, &sql, "cannot read the shape of the database", &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    mysql_buffer_add(shape, row && row[0] ? row[0] : " CHARACTER SET utf8mb4");
    mysql_free_result(result);
    return mysql_buffer_check(shape);
}

static int create(struct dara_conn *conn, const char *like, const char *name)
{
    struct mysql_buffer shape = {0};
    bool got = false;
    int code = try_lock(conn, name, &got);
    code = code ? code : read_shape(conn, like, &shape);
    if (!code) {
        code = run_on(conn, "CREATE DATABASE ", name, mysql_buffer_get(&shape), "cannot create a scratch database");
        code = code ? fail_create(conn, code) : 0;
    }
    mysql_buffer_free(&shape);
    return code;
}

/* "scratch database of dara: anna@build7 pid 4711, dara dry-run, since 2026-11-20T09:30:00Z" */
static int mark(struct dara_conn *conn, const char *application)
{
    struct mysql_buffer sql = {0};
    char host[256] = "", since[32] = "", words[1024];
    const char *user = getenv("USER");
    const time_t now = time(NULL);
    struct tm parts;
    (void)gethostname(host, sizeof(host) - 1);
    if (gmtime_r(&now, &parts))
        strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &parts);
    user = user && *user ? user : conn->user;
    snprintf(words, sizeof(words), MARK "%.*s@%s pid %ld, %.128s, since %s", (int)strcspn(user, "@"), user, host,
             (long)getpid(), application ? application : "dara", since);
    mysql_buffer_add(&sql, "CREATE TABLE " MYSQL_LEASE_TABLE " (made int PRIMARY KEY) ENGINE=InnoDB COMMENT ");
    mysql_value_add(conn, &sql, words);
    return mysql_buffer_run(conn, &sql, "cannot mark the scratch database");
}

static int settle(struct dara_conn *conn, const char *name, const char *application)
{
    char *scratch = mysql_copy(name), *database = mysql_copy(name);
    if (!scratch || !database) {
        free(scratch);
        free(database);
        return DARA_EINTERNAL;
    }
    conn->scratch_database = scratch;
    free(conn->database);
    conn->database = database;
    if (mysql_select_db(conn->mysql, name))
        return mysql_fail(conn, 0, "cannot use the scratch database");
    return mark(conn, application);
}

void mysql_scratch_drop(struct dara_conn *conn)
{
    if (!conn->scratch_database || !conn->mysql)
        return;
    /* What a statement that was cut off left in the pipe would keep the drop from being sent. */
    if (run_on(conn, "DROP DATABASE IF EXISTS ", conn->scratch_database, "", NULL))
        dara_error_clear();
}

int mysql_scratch_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    char name[64];
    struct dara_open writing = *request;
    struct dara_conn *conn = NULL;
    writing.mode = DARA_MODE_WRITE;
    int code = make_name(name, sizeof(name));
    code = code ? code : mysql_session_attach(&writing, NULL, &conn);
    if (code)
        return code;
    sweep(conn);
    code = create(conn, request->url->path ? request->url->path : "", name);
    code = code ? code : settle(conn, name, request->application);
    code = code ? code : mysql_confine_begin(conn, request->url->path ? request->url->path : "");
    if (code) {
        mysql_session_close(conn);
        return code;
    }
    *ret_conn = conn;
    return 0;
}
