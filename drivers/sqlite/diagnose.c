/* SPDX-License-Identifier: MIT */
/* What env-check says about the file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "driver.h"

/* Files up to this size are read through; larger ones would make env-check slow. */
#define CHECKED_BYTES (64LL * 1024 * 1024)

static void bytes_text(sqlite3_int64 bytes, char *ret, size_t room)
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
    size_t unit = 0;
    double value = (double)bytes;
    while (value >= 1024 && unit < 4) {
        value /= 1024;
        unit++;
    }
    snprintf(ret, room, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

/* The first column of a PRAGMA's first row, "" when there is none. */
static void pragma_text(struct dara_conn *conn, const char *sql, char *ret, size_t room)
{
    sqlite3_stmt *statement = NULL;
    snprintf(ret, room, "%s", "");
    if (sqlite3_prepare_v2(conn->db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW &&
        sqlite3_column_text(statement, 0))
        snprintf(ret, room, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
}

static void check_file(struct dara_conn *conn, struct dara_checks *checks)
{
    struct stat status;
    char size[32], text[128];
    if (stat(conn->path, &status)) {
        dara_checks_add(checks, "file", DARA_VERDICT_FAIL, strerror(errno), "the file went away: look at its folder");
        return;
    }
    bytes_text((sqlite3_int64)status.st_size, size, sizeof(size));
    snprintf(text, sizeof(text), "%s%s", size, status.st_size ? "" : ": a new, empty database");
    dara_checks_add(checks, "file", DARA_VERDICT_OK, text, NULL);
    snprintf(text, sizeof(text), "%04o", (unsigned)(status.st_mode & 07777));
    if (status.st_mode & 0002)
        dara_checks_add(checks, "file mode", DARA_VERDICT_WARN, text,
                        "everyone may write the database: chmod o-w FILE");
    else if (status.st_mode & 0004)
        dara_checks_add(checks, "file mode", DARA_VERDICT_WARN, text,
                        "everyone on this machine may read the database: chmod o-r FILE if it holds private data");
    else
        dara_checks_add(checks, "file mode", DARA_VERDICT_OK, text, NULL);
}

static void check_folder(struct dara_conn *conn, struct dara_checks *checks)
{
    char *folder = strdup(conn->path), size[32], text[64];
    struct statvfs space;
    if (!folder)
        return;
    char *slash = strrchr(folder, '/');
    slash[slash == folder] = '\0';
    if (access(conn->path, W_OK))
        dara_checks_add(checks, "writable", DARA_VERDICT_WARN, "this user may only read the file",
                        "commands that write need permission on the file");
    else if (access(folder, W_OK))
        dara_checks_add(checks, "writable", DARA_VERDICT_WARN, "this user may not write in the file's folder",
                        "SQLite keeps its journal, and dara its lock, beside the file: allow writing in the folder");
    else
        dara_checks_add(checks, "writable", DARA_VERDICT_OK, "the file and its folder", NULL);
    if (statvfs(folder, &space) == 0) {
        struct stat status;
        sqlite3_int64 available = (sqlite3_int64)space.f_bavail * (sqlite3_int64)space.f_frsize;
        bool tight = stat(conn->path, &status) == 0 && available < 2 * (sqlite3_int64)status.st_size;
        bytes_text(available, size, sizeof(size));
        snprintf(text, sizeof(text), "%s available", size);
        dara_checks_add(checks, "disk", tight ? DARA_VERDICT_WARN : DARA_VERDICT_OK, text,
                        tight ? "a rebuild of a large table may need twice the file's size: make room" : NULL);
    }
    free(folder);
}

static void check_side_file(struct dara_conn *conn, struct dara_checks *checks, const char *suffix, const char *name,
                            const char *meaning)
{
    size_t room = strlen(conn->path) + strlen(suffix) + 1;
    char *path = malloc(room), size[32], text[160];
    struct stat status;
    if (!path)
        return;
    snprintf(path, room, "%s%s", conn->path, suffix);
    if (stat(path, &status) == 0) {
        bytes_text((sqlite3_int64)status.st_size, size, sizeof(size));
        snprintf(text, sizeof(text), "%s, %s", size, meaning);
        dara_checks_add(checks, name, DARA_VERDICT_INFO, text, NULL);
    }
    free(path);
}

static void check_settings(struct dara_conn *conn, struct dara_checks *checks)
{
    static const struct {
        const char *name, *sql, *suffix;
    } settings[] = {
        {"journal mode", "PRAGMA main.journal_mode", ""}, {"encoding", "PRAGMA encoding", ""},
        {"page size", "PRAGMA main.page_size", " bytes"}, {"application_id", "PRAGMA main.application_id", ""},
        {"user_version", "PRAGMA main.user_version", ""},
    };
    char value[64], text[96];
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        pragma_text(conn, settings[i].sql, value, sizeof(value));
        snprintf(text, sizeof(text), "%s%s", value, settings[i].suffix);
        dara_checks_add(checks, settings[i].name, DARA_VERDICT_INFO, text, NULL);
    }
    dara_checks_add(checks, "foreign keys", DARA_VERDICT_INFO,
                    "off by default in SQLite; dara checks them before each commit",
                    "each program that writes must set PRAGMA foreign_keys = ON for itself");
}

static void check_integrity(struct dara_conn *conn, struct dara_checks *checks)
{
    struct stat status;
    char value[256], size[32], text[128];
    if (stat(conn->path, &status) == 0 && status.st_size > CHECKED_BYTES) {
        bytes_text(CHECKED_BYTES, size, sizeof(size));
        snprintf(text, sizeof(text), "not checked: the file is larger than %s", size);
        dara_checks_add(checks, "integrity", DARA_VERDICT_INFO, text,
                        "run `sqlite3 FILE 'PRAGMA quick_check'` at leisure");
        return;
    }
    pragma_text(conn, "PRAGMA main.quick_check(1)", value, sizeof(value));
    if (strcmp(value, "ok") == 0)
        dara_checks_add(checks, "integrity", DARA_VERDICT_OK, "quick_check: ok", NULL);
    else
        dara_checks_add(checks, "integrity", DARA_VERDICT_FAIL, *value ? value : sqlite3_errmsg(conn->db),
                        "restore the file from a copy, or save what can be read with `sqlite3 FILE .recover`");
}

/* Whether another connection is writing (holds RESERVED or more), without asking for a lock that would disturb it. A WAL
 * database does not tell. */
static bool is_reserved(struct dara_conn *conn)
{
    sqlite3_file *file = NULL;
    int reserved = 0;
    if (sqlite3_file_control(conn->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file &&
        file->pMethods && file->pMethods->xCheckReservedLock(file, &reserved) == SQLITE_OK)
        return reserved != 0;
    return false;
}

static void check_users(struct dara_conn *conn, struct dara_checks *checks)
{
    static const char hint[] = "end its transaction before a migration, or allow time with --lock-timeout";
    unsigned timeout = conn->lock_timeout_ms;
    sqlite3_int64 ignored = 0;
    if (conn->in_transaction)
        return;
    conn->lock_timeout_ms = 0;
    int code = sqlite_run_int(conn, "SELECT count(*) FROM sqlite_schema", 0, &ignored);
    conn->lock_timeout_ms = timeout;
    if (code == DARA_ELOCKED || is_reserved(conn))
        dara_checks_add(checks, "in use", DARA_VERDICT_WARN, "another program is writing to the file", hint);
    else if (code)
        dara_checks_add(checks, "in use", DARA_VERDICT_WARN, dara_error_last()->message, NULL);
    else
        dara_checks_add(checks, "in use", DARA_VERDICT_OK, "no other program is seen writing", NULL);
    dara_error_clear();
}

/* A run of dara on this file: the lock is only looked at. */
static void check_lock(struct dara_conn *conn, struct dara_checks *checks)
{
    size_t room = strlen(conn->path) + sizeof("-dara-lock");
    char *path = malloc(room), owner[256] = "";
    if (!path || conn->lock_fd >= 0) {
        free(path);
        return;
    }
    snprintf(path, room, "%s-dara-lock", conn->path);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    free(path);
    bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;
    if (held) {
        ssize_t length = read(fd, owner, sizeof(owner) - 1);
        owner[length > 0 ? length : 0] = '\0';
    }
    if (fd >= 0)
        close(fd);
    if (held)
        dara_checks_add(checks, "dara lock", DARA_VERDICT_WARN, *owner ? owner : "held by another run",
                        "wait for that run to end");
    else
        dara_checks_add(checks, "dara lock", DARA_VERDICT_OK, "free", NULL);
}

int sqlite_session_diagnose(struct dara_conn *conn, struct dara_checks *checks)
{
    if (!conn->path)
        return 0;
    check_file(conn, checks);
    check_folder(conn, checks);
    check_side_file(conn, checks, "-wal", "write-ahead log", "belongs to the database: copy and move them together");
    check_side_file(conn, checks, "-journal", "rollback journal",
                    "of a transaction under way, or of a run that was killed");
    check_settings(conn, checks);
    check_integrity(conn, checks);
    check_users(conn, checks);
    check_lock(conn, checks);
    return 0;
}
