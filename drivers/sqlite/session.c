/* SPDX-License-Identifier: MIT */
/* The life of a connection, and small helpers to run statements of the driver's own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "violations.h"

int sqlite_run(struct dara_conn *conn, const char *sql, const char *doing)
{
    conn->internal++;
    int result = sqlite3_exec(conn->db, sql, NULL, NULL, NULL);
    conn->internal--;
    return result == SQLITE_OK ? 0 : sqlite_fail(conn, 0, doing);
}

int sqlite_run_int(struct dara_conn *conn, const char *sql, sqlite3_int64 fallback, sqlite3_int64 *ret_value)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_int64 value = fallback;
    conn->internal++;
    if (sqlite3_prepare_v2(conn->db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    bool failed = sqlite3_errcode(conn->db) != SQLITE_OK && sqlite3_errcode(conn->db) != SQLITE_ROW &&
                  sqlite3_errcode(conn->db) != SQLITE_DONE;
    int code = failed ? sqlite_fail(conn, 0, NULL) : 0;
    sqlite3_finalize(statement);
    conn->internal--;
    if (!code)
        *ret_value = value;
    return code;
}

void sqlite_session_close(struct dara_conn *conn)
{
    if (!conn)
        return;
    if (conn->db && !sqlite3_get_autocommit(conn->db)) {
        conn->internal++;
        sqlite3_exec(conn->db, "ROLLBACK", NULL, NULL, NULL);
        conn->internal--;
    }
    sqlite_violations_close(conn);
    /* The file first, then the lock: whoever takes the lock next finds the file let go. */
    sqlite3_finalize(conn->record);
    sqlite3_close_v2(conn->db);
    conn->db = NULL;
    sqlite_apply_unlock(conn);
    free(conn->path);
    free(conn->lock_path);
    free(conn->version);
    free(conn->client);
    free(conn);
}

int sqlite_session_describe(struct dara_conn *conn, struct dara_server *ret_server)
{
    if (!conn->client) {
        char client[64];
        snprintf(client, sizeof(client), "SQLite %s", sqlite3_libversion());
        conn->client = sqlite_strdup(client);
        if (!conn->client)
            return DARA_EINTERNAL;
    }
    size_t size = ret_server->size;
    *ret_server = (struct dara_server){
        .size = size,
        .engine = "SQLite",
        .version = sqlite3_libversion(), /* the library is the server */
        .client = conn->client,
        .database = conn->path ? conn->path : ":memory:",
    };
    return 0;
}

int sqlite_session_ping(struct dara_conn *conn)
{
    sqlite3_int64 ignored = 0;
    return sqlite_run_int(conn, "SELECT count(*) FROM sqlite_schema", 0, &ignored);
}

int sqlite_session_create(const struct dara_open *request, bool *ret_existed)
{
    char *path = NULL;
    bool read_only = false;
    int code = sqlite_open_path(request->url, &path, &read_only);
    if (code)
        return code;
    /* An empty file is an empty database. O_EXCL: two runs at once do not both make it, and nothing there is touched. */
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd >= 0) {
        close(fd);
        *ret_existed = false;
    } else if (errno == EEXIST) {
        *ret_existed = true;
    } else {
        int number = errno;
        code = dara_error_set(DARA_ECONNECT, "cannot create the database file '%s': %s", path, strerror(number));
        if (number == ENOENT)
            dara_error_hint("make the folder first");
    }
    free(path);
    return code;
}

void sqlite_session_cancel(struct dara_conn *conn)
{
    conn->cancelled = 1;
    sqlite3_interrupt(conn->db);
}
