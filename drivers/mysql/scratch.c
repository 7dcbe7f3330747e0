/* SPDX-License-Identifier: MIT */
/*
 * Private databases. Each is named after the process that made it, and its connection holds a lock of that name as long as it lives: one
 * whose lock is free was left by a run that died. The table dara_lock in it marks it as dara's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "apply.h"

#define PREFIX "dara_scratch_"

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
    int code = mysql_buffer_check(&sql);
    code = code ? code : mysql_rows(conn, mysql_buffer_get(&sql), "cannot lock a scratch database", &result);
    mysql_buffer_free(&sql);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    *ret_got = row && row[0] && strcmp(row[0], "1") == 0;
    mysql_free_result(result);
    return 0;
}

/* ---- what dead runs left ----------------------------------------------------------------------------------------------------- */

static void sweep_one(struct dara_conn *conn, const char *name)
{
    struct mysql_buffer sql = {0};
    bool got = false;
    if (try_lock(conn, name, &got) || !got)
        return;
    (void)run_on(conn, "DROP DATABASE IF EXISTS ", name, "", NULL);
    mysql_buffer_add(&sql, "DO RELEASE_LOCK(");
    mysql_value_add(conn, &sql, name);
    mysql_buffer_add(&sql, ")");
    (void)mysql_buffer_run(conn, &sql, NULL);
}

/* Databases named as dara names them that hold its mark, or nothing yet. One that cannot be dropped stays: it is in nobody's way. */
static void sweep(struct dara_conn *conn)
{
    static const char list_sql[] =
        "SELECT s.SCHEMA_NAME FROM information_schema.SCHEMATA s WHERE s.SCHEMA_NAME REGEXP '^" PREFIX
        "[0-9]+_[0-9a-f]{8}$'"
        " AND (NOT EXISTS (SELECT 1 FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = s.SCHEMA_NAME)"
        " OR EXISTS (SELECT 1 FROM information_schema.TABLES m WHERE m.TABLE_SCHEMA = s.SCHEMA_NAME"
        " AND m.TABLE_NAME = '" MYSQL_LEASE_TABLE "'))";
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
    int code = mysql_buffer_check(&sql);
    code = code ? code : mysql_rows(conn, mysql_buffer_get(&sql), "cannot read the shape of the database", &result);
    mysql_buffer_free(&sql);
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

static int settle(struct dara_conn *conn, const char *name)
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
    return mysql_run(conn, "CREATE TABLE " MYSQL_LEASE_TABLE " (made int) ENGINE=InnoDB",
                     "cannot mark the scratch database");
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
    code = code ? code : settle(conn, name);
    code = code ? code : mysql_confine_begin(conn, request->url->path ? request->url->path : "");
    if (code) {
        mysql_session_close(conn);
        return code;
    }
    *ret_conn = conn;
    return 0;
}
