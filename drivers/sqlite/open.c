/* SPDX-License-Identifier: MIT */
/* Opening the file: which one, in what mode, and with what held back. */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "driver.h"

sqlite3_int64 sqlite_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (sqlite3_int64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- which file ---------------------------------------------------------------------------------------------------- */

static int check_options(const struct dara_url *url, bool *ret_read_only)
{
    *ret_read_only = false;
    for (size_t i = 0; i < url->option_count; i++) {
        const char *name = url->option_names[i], *value = url->option_values[i] ? url->option_values[i] : "";
        if (strcmp(name, "mode") != 0) {
            dara_error_set(DARA_EUSAGE, "the option '%s' is not known in the URL of a SQLite file", name);
            dara_error_hint("the only option is mode=ro or mode=rw");
            return DARA_EUSAGE;
        }
        if (strcmp(value, "ro") != 0 && strcmp(value, "rw") != 0) {
            dara_error_set(DARA_EUSAGE, "mode is 'ro' or 'rw' in the URL of a SQLite file, not '%s'", value);
            if (strcmp(value, "rwc") == 0)
                dara_error_hint("a database is made by `dara setup-database sqlite`");
            return DARA_EUSAGE;
        }
        *ret_read_only = strcmp(value, "ro") == 0;
    }
    return 0;
}

/* Whether the URL has an authority, "sqlite://…": its path is then absolute, as in file:///path. */
static bool has_authority(const struct dara_url *url)
{
    const char *colon = url->text ? strchr(url->text, ':') : NULL;
    return colon && strncmp(colon, "://", 3) == 0;
}

static int join(const char *folder, const char *name, char **ret_path)
{
    size_t length = strlen(folder), room = length + strlen(name) + 2;
    char *path = malloc(room);
    if (!path)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    snprintf(path, room, "%s%s%s", folder, length && folder[length - 1] == '/' ? "" : "/", name);
    *ret_path = path;
    return 0;
}

static int join_current(const char *name, char **ret_path)
{
    char folder[PATH_MAX];
    if (!getcwd(folder, sizeof(folder)))
        return dara_error_set(DARA_ECONNECT, "cannot tell the current folder: %s", strerror(errno));
    return join(folder, name, ret_path);
}

static int resolve(const struct dara_url *url, const char *path, char **ret_path)
{
    if (has_authority(url) && *path != '/')
        return join("/", path, ret_path);
    if (*path == '/') {
        char *copy = sqlite_strdup(path);
        if (!copy)
            return DARA_EINTERNAL;
        *ret_path = copy;
        return 0;
    }
    if (!url->base || !*url->base)
        return join_current(path, ret_path);
    char *joined = NULL;
    int code = join(url->base, path, &joined);
    if (code || *joined == '/') {
        if (!code)
            *ret_path = joined;
        return code;
    }
    code = join_current(joined, ret_path);
    free(joined);
    return code;
}

int sqlite_open_path(const struct dara_url *url, char **ret_path, bool *ret_read_only)
{
    int code = check_options(url, ret_read_only);
    if (code)
        return code;
    if (url->host && strcasecmp(url->host, "localhost") != 0) {
        dara_error_set(DARA_EUSAGE, "the URL of a SQLite file has no host, but '%s' stands in its place", url->host);
        dara_error_hint("write sqlite:FOLDER/FILE for a relative path, sqlite:///FOLDER/FILE for an absolute one");
        return DARA_EUSAGE;
    }
    if (!url->path || !*url->path) {
        dara_error_set(DARA_EUSAGE, "the URL '%s' names no file", url->redacted ? url->redacted : "sqlite:");
        dara_error_hint("write sqlite:PATH");
        return DARA_EUSAGE;
    }
    if (strcmp(url->path, ":memory:") == 0) {
        dara_error_set(DARA_EUSAGE, "a database in memory is gone when dara ends");
        dara_error_hint("name a file: sqlite:PATH");
        return DARA_EUSAGE;
    }
    return resolve(url, url->path, ret_path);
}

/* ---- what it is, before SQLite looks ----------------------------------------------------------------------------------- */

static const char *errno_name(int number)
{
    switch (number) {
    case ENOENT:
        return "ENOENT";
    case EACCES:
        return "EACCES";
    case ENOTDIR:
        return "ENOTDIR";
    case ELOOP:
        return "ELOOP";
    case ENAMETOOLONG:
        return "ENAMETOOLONG";
    default:
        return "errno";
    }
}

static int fail_path(const char *path, int number)
{
    if (number == ENOENT || number == ENOTDIR) {
        dara_error_set(DARA_ECONNECT, "there is no database file '%s'", path);
        dara_error_hint("create it with `dara setup-database sqlite`, or correct the path");
    } else {
        dara_error_set(DARA_ECONNECT, "cannot open '%s': %s", path, strerror(number));
    }
    dara_error_native("%s", errno_name(number));
    return DARA_ECONNECT;
}

/* The file is never opened here: closing a second descriptor would drop the locks SQLite holds through the first. */
static int check_file(const char *path)
{
    struct stat status;
    if (stat(path, &status))
        return fail_path(path, errno);
    if (S_ISDIR(status.st_mode)) {
        dara_error_set(DARA_ECONNECT, "'%s' is a directory, not a database file", path);
        dara_error_native("EISDIR");
        return DARA_ECONNECT;
    }
    if (!S_ISREG(status.st_mode))
        return dara_error_set(DARA_ECONNECT, "'%s' is not a regular file", path);
    if (access(path, R_OK)) {
        int number = errno;
        dara_error_set(DARA_ECONNECT, "cannot read '%s': %s", path, strerror(number));
        dara_error_hint("give this user permission to read the file");
        dara_error_native("%s", errno_name(number));
        return DARA_ECONNECT;
    }
    return 0;
}

/* ---- what is held back -------------------------------------------------------------------------------------------------- */

/* SQLite asks here while it compiles a statement. ATTACH reaches other files (VACUUM makes a nameless one for itself);
 * transactions are dara's, so that a script can neither commit a rehearsal nor end the run that carries it. */
static int authorize(void *context, int action, const char *first, const char *second, const char *database,
                     const char *trigger)
{
    struct dara_conn *conn = context;
    (void)database;
    (void)trigger;
    conn->denied = NULL;
    if (action == SQLITE_ATTACH && (!first || *first)) {
        conn->denied = "dara works on one file: a statement that attaches or writes another is refused";
    } else if ((action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT) && conn->scripted) {
        conn->denied = "transactions are begun and ended by dara: BEGIN, COMMIT, ROLLBACK and SAVEPOINT are refused";
    } else if (action == SQLITE_FUNCTION && second && strcasecmp(second, "load_extension") == 0) {
        conn->denied = "loading code into the process is refused: load_extension()";
    } else if (action == SQLITE_PRAGMA && first && second &&
               (strcasecmp(first, "writable_schema") == 0 || strcasecmp(first, "temp_store_directory") == 0 ||
                strcasecmp(first, "data_store_directory") == 0)) {
        conn->denied = "this PRAGMA is refused: it can damage the database or reach other folders";
    } else if (action == SQLITE_PRAGMA && first && second && conn->scripted) {
        conn->settings_made = true;
        if (!conn->in_transaction && strcasecmp(first, "foreign_keys") == 0)
            conn->foreign_keys_asked = true;
    }
    return conn->denied ? SQLITE_DENY : SQLITE_OK;
}

/* Wait for another program's locks in short naps, so that Ctrl-C ends the wait. */
static int wait_busy(void *context, int count)
{
    struct dara_conn *conn = context;
    const unsigned nap_ms = 10;
    if (conn->cancelled || (sqlite3_uint64)count * nap_ms >= conn->lock_timeout_ms)
        return 0;
    struct timespec nap = {.tv_nsec = (long)nap_ms * 1000000};
    nanosleep(&nap, NULL);
    return 1;
}

static int watch_progress(void *context)
{
    struct dara_conn *conn = context;
    if (conn->cancelled && !conn->internal)
        return 1;
    conn->timed_out = conn->deadline_ms && sqlite_clock_ms() >= conn->deadline_ms;
    return conn->timed_out;
}

void sqlite_open_patience(struct dara_conn *conn)
{
    sqlite3_busy_handler(conn->db, wait_busy, conn);
}

int sqlite_open_configure(struct dara_conn *conn)
{
    sqlite3_extended_result_codes(conn->db, 1);
    sqlite_open_patience(conn);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, -1, &conn->trusted_schema);
    sqlite3_progress_handler(conn->db, 1000, watch_progress, conn);
    sqlite3_set_authorizer(conn->db, authorize, conn);
    /* Zero attached files; execute lifts it to the one that VACUUM needs for its copy. trusted_schema keeps its default:
     * dara adds no functions and loads no code, so a schema cannot reach outside its file, and a migration must find the
     * same views and triggers that work in its author's program. */
    sqlite3_limit(conn->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(conn->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    if (conn->mode == DARA_MODE_READ)
        return sqlite_run(conn, "PRAGMA query_only = ON", "cannot prepare the connection");
    return 0;
}

/* A rehearsal keeps every changed page and its journal in memory: the file and its folder are not touched even when the
 * process dies. A WAL database is left in its mode (leaving it would write the file); there unspilled pages never reach
 * the log either. */
static int keep_in_memory(struct dara_conn *conn)
{
    int code = sqlite_run(conn, "PRAGMA cache_spill = OFF", "cannot prepare the rehearsal");
    if (code)
        return code;
    sqlite3_stmt *statement = NULL;
    bool wal = false;
    if (sqlite3_prepare_v2(conn->db, "PRAGMA main.journal_mode", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        wal = strcmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
    if (sqlite3_finalize(statement) != SQLITE_OK)
        return sqlite_fail(conn, 0, "cannot read the journal mode");
    return wal ? 0 : sqlite_run(conn, "PRAGMA main.journal_mode = MEMORY", "cannot prepare the rehearsal");
}

/* ---- the file ------------------------------------------------------------------------------------------------------------- */

static int read_schema(struct dara_conn *conn)
{
    return sqlite3_exec(conn->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
}

/* A run that was killed left a journal that the next one to open the file plays back; a read-only connection may not. */
static bool needs_recovery(int result)
{
    return result == SQLITE_READONLY_ROLLBACK || result == SQLITE_READONLY_RECOVERY;
}

static int recover(const char *path)
{
    sqlite3 *db = NULL;
    int result = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
    if (result == SQLITE_OK) {
        sqlite3_busy_timeout(db, 2000);
        result = sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    }
    sqlite3_close(db);
    return result;
}

static int fail_open(struct dara_conn *conn, const char *path)
{
    int result = sqlite3_extended_errcode(conn->db), primary = result & 0xff;
    char doing[PATH_MAX + 32];
    snprintf(doing, sizeof(doing), "cannot open '%s'", path);
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
        return sqlite_fail(conn, DARA_ELOCKED, doing);
    int code = sqlite_fail(conn, primary == SQLITE_NOMEM ? 0 : DARA_ECONNECT, doing);
    if (needs_recovery(result))
        dara_error_hint("a run that was killed left a journal beside the file: open it once as a user who may write");
    else if (conn->mode == DARA_MODE_READ && (primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY))
        dara_error_hint(
            "a database in WAL mode can be read only where its -shm file is there or its folder is writable");
    return code;
}

static int open_file(struct dara_conn *conn, const char *path, bool read_only)
{
    bool reading = conn->mode == DARA_MODE_READ;
    int flags = (reading ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
    if (!reading && read_only) {
        dara_error_set(DARA_EREFUSED, "the URL opens '%s' with mode=ro, and this command writes", path);
        dara_error_hint("leave mode=ro out of the URL");
        return DARA_EREFUSED;
    }
    int result = sqlite3_open_v2(path, &conn->db, flags, NULL);
    if (!conn->db)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    sqlite3_extended_result_codes(conn->db, 1);
    if (result != SQLITE_OK)
        return fail_open(conn, path);
    sqlite3_busy_handler(conn->db, wait_busy, conn);
    result = read_schema(conn);
    if (reading && needs_recovery(result) && recover(path) == SQLITE_OK)
        result = read_schema(conn);
    if (result != SQLITE_OK)
        return fail_open(conn, path);
    /* SQLite falls back to reading by itself when it may not write. */
    if (!reading && sqlite3_db_readonly(conn->db, "main") == 1) {
        dara_error_set(DARA_ECONNECT, "cannot write to '%s': the file or its file system is read-only for this user",
                       path);
        dara_error_native("SQLITE_READONLY");
        return DARA_ECONNECT;
    }
    return 0;
}

static struct dara_conn *new_conn(const struct dara_open *request, enum dara_mode mode)
{
    struct dara_conn *conn = calloc(1, sizeof(*conn));
    if (!conn) {
        dara_error_set(DARA_EINTERNAL, "out of memory");
        return NULL;
    }
    conn->mode = mode;
    conn->lock_fd = -1;
    conn->violations_now = -1;
    conn->lock_timeout_ms = request->lock_timeout_ms;
    conn->statement_timeout_ms = request->statement_timeout_ms;
    return conn;
}

static int open_in(struct dara_conn *conn, const struct dara_url *url)
{
    char *path = NULL;
    bool read_only = false;
    int code = sqlite_open_path(url, &path, &read_only);
    if (!code)
        code = check_file(path);
    if (!code) {
        /* One name for one file, whatever symbolic links lead to it: the lock's name comes from it. */
        conn->path = realpath(path, NULL);
        if (!conn->path)
            code = fail_path(path, errno);
    }
    if (!code)
        code = open_file(conn, conn->path, read_only);
    if (!code)
        code = sqlite_open_configure(conn);
    if (!code && conn->mode == DARA_MODE_REHEARSE)
        code = keep_in_memory(conn);
    free(path);
    return code;
}

/* Nobody asks how much memory SQLite takes, and counting it costs a lock at each allocation: a tenth of the time to open a large
 * schema. Where something else in the process started SQLite before, this changes nothing. */
static void set_up_library(void)
{
    static atomic_flag done = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&done))
        (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int sqlite_session_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    set_up_library();
    struct dara_conn *conn = new_conn(request, request->mode);
    if (!conn)
        return DARA_EINTERNAL;
    int code = open_in(conn, request->url);
    if (code)
        sqlite_session_close(conn);
    else
        *ret_conn = conn;
    return code;
}

/* ---- scratch ---------------------------------------------------------------------------------------------------------------- */

/* The encoding of the file the URL names, where there is one: a replay of migrations is compared with it. */
static int copy_encoding(struct dara_conn *scratch, const struct dara_open *request)
{
    struct dara_open reading = *request;
    struct dara_conn *conn = NULL;
    reading.mode = DARA_MODE_READ;
    if (sqlite_session_open(&reading, &conn)) {
        dara_error_clear();
        return 0;
    }
    sqlite3_stmt *statement = NULL;
    char sql[64] = "";
    if (sqlite3_prepare_v2(conn->db, "PRAGMA encoding", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        snprintf(sql, sizeof(sql), "PRAGMA encoding = '%s'", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite_session_close(conn);
    return *sql ? sqlite_run(scratch, sql, "cannot prepare the scratch database") : 0;
}

int sqlite_scratch_open(const struct dara_open *request, struct dara_conn **ret_conn)
{
    set_up_library();
    struct dara_conn *conn = new_conn(request, DARA_MODE_WRITE);
    if (!conn)
        return DARA_EINTERNAL;
    int code = 0;
    if (sqlite3_open_v2(":memory:", &conn->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        code = dara_error_set(DARA_EINTERNAL, "cannot open a database in memory");
    if (!code)
        code = sqlite_open_configure(conn);
    if (!code && request->url)
        code = copy_encoding(conn, request);
    if (code)
        sqlite_session_close(conn);
    else
        *ret_conn = conn;
    return code;
}
