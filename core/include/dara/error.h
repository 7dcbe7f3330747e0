/* SPDX-License-Identifier: MIT */
/*
 * Errors of libdara and of its drivers.
 *
 * A function that can fail returns 0 or one of the negative codes below, and leaves what happened in a record of the
 * calling thread: message, detail, hint, the engine's own code, file and line. Whoever finds the error words it, once,
 * where most is known; callers pass the code up and may add what they know (dara_error_at, dara_error_hint), but do not
 * write over a sharper message.
 *
 * Wording: lowercase, no final stop, names and values in single quotes, the hint is something the user can do. Never a
 * password: a URL is only ever printed through its redacted form.
 */
#ifndef DARA_ERROR_H
#define DARA_ERROR_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DARA_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define DARA_NORETURN          __attribute__((noreturn))
#else
#define DARA_PRINTF(fmt, args)
#define DARA_NORETURN
#endif

/*
 * X(suffix, code, exit status of the command line, name in JSON output)
 * Codes and names are an interface: they are only ever added to.
 */
#define DARA_ERROR_TABLE(X)                                                                              \
    X(DIFFERENT, -1, 1, "different")      /* findings, differences, a failed test */                     \
    X(USAGE, -2, 2, "usage")              /* the command line, or an argument of an API call */          \
    X(CONNECT, -3, 3, "connect")          /* no connection: name, network, TLS, login, not a database */ \
    X(UNSUPPORTED, -4, 4, "unsupported")  /* the engine lacks this capability */                         \
    X(LOCKED, -5, 5, "locked")            /* the lock is held by another run */                          \
    X(STATEMENT, -6, 6, "statement")      /* a statement failed; rolled back or taken back */            \
    X(PARTIAL, -7, 7, "partial")          /* stopped part-way; --resume goes on */                       \
    X(REFUSED, -8, 8, "refused")          /* a confirmation is missing */                                \
    X(FILE, -9, 9, "file")                /* a file could not be read or written, or is malformed */     \
    X(CONFIG, -10, 9, "config")           /* dara.yaml, .env or an environment variable */               \
    X(DRIVER, -11, 9, "driver")           /* a driver is missing, refused, or broke its contract */      \
    X(INTERRUPTED, -12, 6, "interrupted") /* Ctrl-C or SIGTERM; what was under way is rolled back */     \
    X(INTERNAL, -70, 70, "internal")      /* a bug in dara */

enum dara_error_code {
    DARA_OK = 0,
#define DARA_ERROR_ENUM(suffix, code, status, name) DARA_E##suffix = (code),
    DARA_ERROR_TABLE(DARA_ERROR_ENUM)
#undef DARA_ERROR_ENUM
};

/* The last error of this thread. Every string is owned by the library and valid until the next call that sets or
 * clears the error; every string but `message` may be NULL. `line` counts from 1; 0 where there is none. */
struct dara_error {
    int code;
    const char *message;
    const char *detail;
    const char *hint;
    const char *native; /* the engine's own code: SQLSTATE, SQLITE_BUSY, errno name, error label */
    const char *file;
    long line;
};

/* Begin a new error record with `code` and a formatted message. Returns `code`, so that
 * `return dara_error_set(DARA_EFILE, "cannot read '%s'", path);` is one line. */
int dara_error_set(int code, const char *format, ...) DARA_PRINTF(2, 3);

/* Add to the record begun last; each replaces what the same call added before. */
void dara_error_detail(const char *format, ...) DARA_PRINTF(1, 2);
void dara_error_hint(const char *format, ...) DARA_PRINTF(1, 2);
void dara_error_native(const char *format, ...) DARA_PRINTF(1, 2);

/* Say where: `file` may be NULL (keep what is there), `line` 0 likewise. */
void dara_error_at(const char *file, long line);

/* The last error of this thread, or NULL when none is set. Borrowed, see struct dara_error. */
const struct dara_error *dara_error_last(void);

/* Forget the last error. */
void dara_error_clear(void);

/* Memory has run out, and there is no way on: what the library does itself then (docs/ARCHITECTURE.md, "Memory"). One line to
 * standard error, and the process ends with status 70; the engine rolls back. For drivers that build structures of many
 * small pieces; one that can give up in order returns DARA_EINTERNAL instead. */
DARA_NORETURN void dara_error_out_of_memory(void);

/* The exit status for a code (0 for 0, 70 for a code not in the table). */
int dara_error_status(int code);

/* The stable name of a code for JSON output ("ok" for 0, "internal" for a code not in the table). */
const char *dara_error_name(int code);

#ifdef __cplusplus
}
#endif
#endif
