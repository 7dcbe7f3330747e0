/* SPDX-License-Identifier: MIT */
/* Errors of the engine in dara's words. */
#include <stdlib.h>
#include <string.h>

#include "driver.h"

struct code_name {
    int code;
    const char *name;
};

#define CODE(name)  \
    {               \
        name, #name \
    }

static const struct code_name code_names[] = {
    CODE(SQLITE_OK),
    CODE(SQLITE_ERROR),
    CODE(SQLITE_INTERNAL),
    CODE(SQLITE_PERM),
    CODE(SQLITE_ABORT),
    CODE(SQLITE_BUSY),
    CODE(SQLITE_LOCKED),
    CODE(SQLITE_NOMEM),
    CODE(SQLITE_READONLY),
    CODE(SQLITE_INTERRUPT),
    CODE(SQLITE_IOERR),
    CODE(SQLITE_CORRUPT),
    CODE(SQLITE_NOTFOUND),
    CODE(SQLITE_FULL),
    CODE(SQLITE_CANTOPEN),
    CODE(SQLITE_PROTOCOL),
    CODE(SQLITE_EMPTY),
    CODE(SQLITE_SCHEMA),
    CODE(SQLITE_TOOBIG),
    CODE(SQLITE_CONSTRAINT),
    CODE(SQLITE_MISMATCH),
    CODE(SQLITE_MISUSE),
    CODE(SQLITE_NOLFS),
    CODE(SQLITE_AUTH),
    CODE(SQLITE_FORMAT),
    CODE(SQLITE_RANGE),
    CODE(SQLITE_NOTADB),
    CODE(SQLITE_ROW),
    CODE(SQLITE_DONE),
    CODE(SQLITE_ERROR_MISSING_COLLSEQ),
    CODE(SQLITE_ERROR_RETRY),
    CODE(SQLITE_ERROR_SNAPSHOT),
    CODE(SQLITE_IOERR_READ),
    CODE(SQLITE_IOERR_SHORT_READ),
    CODE(SQLITE_IOERR_WRITE),
    CODE(SQLITE_IOERR_FSYNC),
    CODE(SQLITE_IOERR_DIR_FSYNC),
    CODE(SQLITE_IOERR_TRUNCATE),
    CODE(SQLITE_IOERR_FSTAT),
    CODE(SQLITE_IOERR_UNLOCK),
    CODE(SQLITE_IOERR_RDLOCK),
    CODE(SQLITE_IOERR_DELETE),
    CODE(SQLITE_IOERR_NOMEM),
    CODE(SQLITE_IOERR_ACCESS),
    CODE(SQLITE_IOERR_CHECKRESERVEDLOCK),
    CODE(SQLITE_IOERR_LOCK),
    CODE(SQLITE_IOERR_CLOSE),
    CODE(SQLITE_IOERR_SHMOPEN),
    CODE(SQLITE_IOERR_SHMSIZE),
    CODE(SQLITE_IOERR_SHMLOCK),
    CODE(SQLITE_IOERR_SHMMAP),
    CODE(SQLITE_IOERR_SEEK),
    CODE(SQLITE_IOERR_DELETE_NOENT),
    CODE(SQLITE_IOERR_MMAP),
    CODE(SQLITE_IOERR_GETTEMPPATH),
    CODE(SQLITE_IOERR_VNODE),
    CODE(SQLITE_IOERR_AUTH),
    CODE(SQLITE_IOERR_BEGIN_ATOMIC),
    CODE(SQLITE_IOERR_COMMIT_ATOMIC),
    CODE(SQLITE_IOERR_ROLLBACK_ATOMIC),
    CODE(SQLITE_IOERR_DATA),
    CODE(SQLITE_IOERR_CORRUPTFS),
    CODE(SQLITE_LOCKED_SHAREDCACHE),
    CODE(SQLITE_LOCKED_VTAB),
    CODE(SQLITE_BUSY_RECOVERY),
    CODE(SQLITE_BUSY_SNAPSHOT),
    CODE(SQLITE_BUSY_TIMEOUT),
    CODE(SQLITE_CANTOPEN_NOTEMPDIR),
    CODE(SQLITE_CANTOPEN_ISDIR),
    CODE(SQLITE_CANTOPEN_FULLPATH),
    CODE(SQLITE_CANTOPEN_SYMLINK),
    CODE(SQLITE_CORRUPT_VTAB),
    CODE(SQLITE_CORRUPT_SEQUENCE),
    CODE(SQLITE_CORRUPT_INDEX),
    CODE(SQLITE_READONLY_RECOVERY),
    CODE(SQLITE_READONLY_CANTLOCK),
    CODE(SQLITE_READONLY_ROLLBACK),
    CODE(SQLITE_READONLY_DBMOVED),
    CODE(SQLITE_READONLY_CANTINIT),
    CODE(SQLITE_READONLY_DIRECTORY),
    CODE(SQLITE_ABORT_ROLLBACK),
    CODE(SQLITE_CONSTRAINT_CHECK),
    CODE(SQLITE_CONSTRAINT_COMMITHOOK),
    CODE(SQLITE_CONSTRAINT_FOREIGNKEY),
    CODE(SQLITE_CONSTRAINT_FUNCTION),
    CODE(SQLITE_CONSTRAINT_NOTNULL),
    CODE(SQLITE_CONSTRAINT_PRIMARYKEY),
    CODE(SQLITE_CONSTRAINT_TRIGGER),
    CODE(SQLITE_CONSTRAINT_UNIQUE),
    CODE(SQLITE_CONSTRAINT_VTAB),
    CODE(SQLITE_CONSTRAINT_ROWID),
    CODE(SQLITE_CONSTRAINT_PINNED),
#ifdef SQLITE_CONSTRAINT_DATATYPE
    CODE(SQLITE_CONSTRAINT_DATATYPE),
#endif
};

static const char *find_code(int code)
{
    for (size_t i = 0; i < sizeof(code_names) / sizeof(code_names[0]); i++)
        if (code_names[i].code == code)
            return code_names[i].name;
    return NULL;
}

const char *sqlite_code_name(int extended)
{
    const char *name = find_code(extended);
    if (!name)
        name = find_code(extended & 0xff);
    return name ? name : "SQLITE_UNKNOWN";
}

char *sqlite_strdup(const char *string)
{
    char *copy = strdup(string);
    if (!copy)
        dara_error_set(DARA_EINTERNAL, "out of memory");
    return copy;
}

/* What a result means: the code, words that replace SQLite's own where those tell too little, and what to do. */
struct meaning {
    int result;
    int code;
    const char *words; /* NULL: SQLite's message */
    const char *hint;
};

static const struct meaning meanings[] = {
    {SQLITE_BUSY, DARA_ELOCKED, "another program is using the database file",
     "end the other program's transaction, or wait longer with --lock-timeout"},
    {SQLITE_LOCKED, DARA_ELOCKED, NULL, NULL},
    {SQLITE_NOTADB, DARA_ECONNECT, "the file is not a SQLite database (or it is encrypted)",
     "check the path; the file was not touched"},
    {SQLITE_CORRUPT, DARA_ECONNECT, "the database file is damaged",
     "restore it from a copy, or save what can be read with `sqlite3 FILE .recover`"},
    {SQLITE_CANTOPEN, DARA_ECONNECT, NULL, NULL},
    {SQLITE_PERM, DARA_ECONNECT, NULL, NULL},
    {SQLITE_PROTOCOL, DARA_ELOCKED, NULL, "too many programs start on this WAL database at once: try again"},
    {SQLITE_NOLFS, DARA_ECONNECT, NULL, NULL},
    {SQLITE_FULL, DARA_ESTATEMENT, "the disk is full", "make room on the file system of the database and run it again"},
    {SQLITE_IOERR, DARA_ESTATEMENT, NULL, "look at the file system of the database: full, damaged or gone"},
    {SQLITE_NOMEM, DARA_EINTERNAL, "out of memory", NULL},
    {SQLITE_MISUSE, DARA_EINTERNAL, NULL, NULL},
};

static const struct meaning *find_meaning(int result)
{
    static const struct meaning statement = {SQLITE_ERROR, DARA_ESTATEMENT, NULL, NULL};
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (meanings[i].result == result)
            return &meanings[i];
    return &statement;
}

static int fail_interrupted(struct dara_conn *conn)
{
    if (!conn->timed_out)
        return dara_error_set(DARA_EINTERRUPTED, "interrupted");
    dara_error_set(DARA_ESTATEMENT, "the statement took longer than %u ms", conn->statement_timeout_ms);
    dara_error_hint("give it more time with --statement-timeout");
    dara_error_native("SQLITE_INTERRUPT");
    return DARA_ESTATEMENT;
}

static int fail_denied(struct dara_conn *conn)
{
    dara_error_set(DARA_ESTATEMENT, "%s", conn->denied);
    dara_error_native("SQLITE_AUTH");
    conn->denied = NULL;
    return DARA_ESTATEMENT;
}

int sqlite_fail(struct dara_conn *conn, int code, const char *doing)
{
    int extended = sqlite3_extended_errcode(conn->db), result = extended & 0xff;
    if (result == SQLITE_INTERRUPT)
        return fail_interrupted(conn);
    if (conn->denied && (result == SQLITE_AUTH || result == SQLITE_ERROR))
        return fail_denied(conn);
    const struct meaning *meaning = find_meaning(result);
    const char *words = meaning->words ? meaning->words : sqlite3_errmsg(conn->db);
    if (code == 0)
        code = meaning->code;
    if (doing)
        dara_error_set(code, "%s: %s", doing, words);
    else
        dara_error_set(code, "%s", words);
    if (meaning->words && result != SQLITE_NOMEM)
        dara_error_detail("%s", sqlite3_errmsg(conn->db));
    if (meaning->hint)
        dara_error_hint("%s", meaning->hint);
    else if (result == SQLITE_READONLY && conn->mode == DARA_MODE_READ)
        dara_error_hint("this command only reads: the connection is held read-only by SQLite");
    dara_error_native("%s", sqlite_code_name(extended));
    return code;
}
