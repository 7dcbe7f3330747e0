/* SPDX-License-Identifier: MIT */
/*
 * The driver interface of dara, ABI major 1.
 *
 * A driver is one shared object, <name>.so in a folder drivers-1, that exports one function, made by DARA_DRIVER_DEFINE.
 * The function returns a const descriptor: a head that never moves, then pointers to groups of operations. What a driver
 * cannot do it leaves out: a NULL group, or a NULL member marked "may", is an absent capability, and dara says so to the
 * user in the same words for every engine. Never fake one.
 *
 * How to write one: docs/DRIVERS.md; a complete example that builds outside this tree: docs/examples/.
 *
 * Rules of the boundary
 *   - Everything a driver hands over is borrowed by dara for the length of the call and copied. Everything dara hands to a
 *     driver is borrowed likewise. Nothing allocated on one side is freed on the other.
 *   - Operations return 0 or a code of <dara/error.h> after dara_error_set(). No longjmp or exception crosses.
 *   - Strings are UTF-8. Identifiers are quoted by the driver; values are bound or quoted by the client library.
 *   - A driver writes nothing to stdout or stderr, installs no signal handler, and never exits.
 *   - A connection is used by one thread at a time; only `cancel` may be called at any moment, even from a signal handler.
 *   - Passwords stay out of every error and every description.
 *
 * Growth: each table begins with its size. New members go to the end, with a comment "since 1.N"; dara looks at a member
 * only if the driver's table is long enough to have it. A driver made for another major is refused; one made for a newer
 * minor is accepted and what dara does not know of it is not used.
 */
#ifndef DARA_DRIVER_H
#define DARA_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <dara/error.h>
#include <dara/model.h>
#include <dara/policy.h>
#include <dara/text.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DARA_DRIVER_ABI_MAJOR 1
#define DARA_DRIVER_ABI_MINOR 1

/* A connection. Each driver defines the struct for itself. */
struct dara_conn;

/* ---- connection URLs -------------------------------------------------------------------------------------------- */

/* A parsed URL. Every string is decoded, owned by dara and lent for the call; absent parts are NULL, never "". */
struct dara_url {
    size_t size;
    const char *scheme;
    const char *user;
    const char *password;
    const char *host;
    const char *port;
    const char *path;     /* what follows the authority without its leading '/', or the whole rest of `scheme:rest` */
    const char *redacted; /* the only form that may be printed */
    size_t option_count;  /* the query: ?name=value&… in the order given */
    const char *const *option_names;
    const char *const *option_values;
    const char *text; /* the URL as given, secrets and all: for client libraries that read URLs themselves */
    const char *base; /* folder that relative paths start from (the project's) */
};

enum dara_mode {
    DARA_MODE_READ = 1,     /* the server must refuse writes */
    DARA_MODE_REHEARSE = 2, /* may write inside a transaction; dara refuses to commit it */
    DARA_MODE_WRITE = 3,
};

struct dara_open {
    size_t size;
    const struct dara_url *url;
    enum dara_mode mode;
    unsigned lock_timeout_ms;      /* how long a statement waits for the engine's own locks; 0 = do not wait */
    unsigned statement_timeout_ms; /* 0 = no limit */
    const char *application;       /* what to call ourselves on the server, "dara apply-migration" */
    /* Since 1.1: how long a statement in a transaction waits at once, never more than lock_timeout_ms: dara then rolls back and tries
     * the transaction again (DARA_FEATURE_LOCK_QUEUE). An engine without that feature waits lock_timeout_ms. */
    unsigned lock_step_ms;
};

struct dara_server {
    size_t size;
    const char *engine;   /* "PostgreSQL", "SQLite" */
    const char *version;  /* of the server */
    const char *client;   /* name and version of the client library */
    const char *database; /* the database's name; a file's path */
    const char *user;     /* NULL where the engine has no users */
    const char *pooler;   /* "transaction", "session", or NULL: none seen */
};

/* ---- collectors: owned by dara, filled by drivers -------------------------------------------------------------------- */

struct dara_checks;     /* what env-check reports */
struct dara_statements; /* a script, split */
struct dara_facts;      /* what is known of one statement */
struct dara_plan;       /* ordered statements that turn one model into another */
struct dara_result;     /* rows and counts of an executed statement */
struct dara_history;    /* entries of the history table */
struct dara_observed;   /* what a rehearsal does to others */
struct dara_sizes;      /* how large objects are */
struct dara_audit;      /* since 1.1: what rules found */
struct dara_probes;     /* since 1.1: what to ask a database */
struct dara_index;      /* since 1.1: what an index is made of, for rules */
struct dara_searches;   /* what to look for in rows before a change */

enum dara_verdict { DARA_VERDICT_OK = 0, DARA_VERDICT_INFO = 1, DARA_VERDICT_WARN = 2, DARA_VERDICT_FAIL = 3 };

/* One line of env-check. `name` is short ("file mode"); `hint` says what to do, or NULL. */
void dara_checks_add(struct dara_checks *checks, const char *name, enum dara_verdict verdict, const char *detail,
                     const char *hint);

/* One statement of a script: its text (`length` bytes, without the closing delimiter), and the line (from 1) on which its
 * first word stands. */
void dara_statements_add(struct dara_statements *statements, const char *text, size_t length, unsigned line);

enum dara_statement_flag {
    DARA_STATEMENT_READS = 1u << 0,              /* only reads */
    DARA_STATEMENT_SCHEMA = 1u << 1,             /* changes the schema */
    DARA_STATEMENT_DATA = 1u << 2,               /* changes rows */
    DARA_STATEMENT_TRANSACTION = 1u << 3,        /* begins, ends or nests a transaction: not for migration files */
    DARA_STATEMENT_NO_TRANSACTION = 1u << 4,     /* the engine refuses it inside a transaction */
    DARA_STATEMENT_BEFORE_TRANSACTION = 1u << 5, /* a session setting that works only before the transaction begins */
    DARA_STATEMENT_REFUSED = 1u << 6,            /* not for migrations at all; see dara_facts_refuse */
    DARA_STATEMENT_UNREAD = 1u << 7,   /* could not be read: run, and said to be unread; never taken for clean */
    DARA_STATEMENT_REWRITES = 1u << 8, /* every row of the object it changes is written again */
    DARA_STATEMENT_SESSION =
        1u << 9, /* since 1.1: only sets something of the session: a resumed run executes it again */
    DARA_STATEMENT_ELSEWHERE =
        1u
        << 10, /* since 1.1: its effect is not in the database alone (accounts of the server): never run on scratch */
    DARA_STATEMENT_WEIGHED =
        1u << 11, /* since 1.1: what it destroys depends on the schema that is there: see `weigh` */
};

enum dara_role {
    DARA_ROLE_MAKES = 1,
    DARA_ROLE_USES = 2,
    DARA_ROLE_CHANGES = 3,
    DARA_ROLE_DROPS = 4,
    DARA_ROLE_MAKES_IF_ABSENT = 5, /* CREATE … IF NOT EXISTS */
    DARA_ROLE_DROPS_IF_THERE = 6,  /* DROP … IF EXISTS */
};

/* What the statement is, in the engine's words ("create table"), and its flags. */
void dara_facts_kind(struct dara_facts *facts, const char *kind, unsigned flags);

/* An object the statement makes, uses, changes or drops. `kind` may be NULL where the text does not tell a table from a
 * view. `key` is folded as in the model. */
void dara_facts_object(struct dara_facts *facts, enum dara_role role, const char *kind, const char *space,
                       const char *key);

/* Since 1.1: the same for an object whose name is unique only on its owner (a trigger of a table); it falls with the owner, which has
 * the namespace. */
void dara_facts_owned(struct dara_facts *facts, enum dara_role role, const char *kind, const char *space,
                      const char *owner, const char *key);

/* A danger: `rule` is the stable id a user allows it by ("drop-table"), `message` says what it does. `destroys` is set
 * where rows or values are lost: such a statement needs the user's consent. */
void dara_facts_hazard(struct dara_facts *facts, const char *rule, bool destroys, const char *message);

/* Since 1.1: something about how the statement is written, which only rules tell (audit group): it stands for what the file makes itself,
 * too. `rule` and `message` as above. */
void dara_facts_remark(struct dara_facts *facts, const char *rule, const char *message);

/* Since 1.1: a hazard of this rule that was told is none, in view of the statements before it. */
void dara_facts_withdraw(struct dara_facts *facts, const char *rule);

/* Since 1.1: the strongest lock that the statement takes on what it names, as far as its text tells: in the engine's words, and what it
 * does to others ("SHARE", "blocks writes"). */
void dara_facts_lock(struct dara_facts *facts, const char *mode, const char *effect);

/* Since 1.1: something the statement does that no rollback takes back ("the sequence's numbers"): a rehearsal names it, and a
 * run that did it is not tried again. `numbers` is set where nothing but numbers of a sequence are used up. */
void dara_facts_lasting(struct dara_facts *facts, bool numbers, const char *what);

/* Why a statement flagged REFUSED is refused, and what to do instead. */
void dara_facts_refuse(struct dara_facts *facts, const char *why, const char *hint);

enum dara_step_flag {
    DARA_STEP_DESTROYS = 1u << 0,       /* rows or values are lost */
    DARA_STEP_REWRITES = 1u << 1,       /* every row of the table is written again */
    DARA_STEP_NO_TRANSACTION = 1u << 2, /* cannot run inside a transaction */
    DARA_STEP_MAY_FAIL = 1u << 3,       /* depends on the rows there (NULLs for NOT NULL, duplicates for unique) */
};

struct dara_step {
    size_t size;
    const char *text;                 /* must: one statement, without delimiter */
    unsigned flags;                   /* enum dara_step_flag */
    const struct dara_change *change; /* the change it serves, or NULL */
    const char *note;                 /* for people: why, or what is at stake; may be NULL */
};

/* Append a statement to the plan. */
void dara_plan_add(struct dara_plan *plan, const struct dara_step *step);

/* Say that the engine cannot make a change (with the reason): the plan as a whole is then refused, exit 4. */
void dara_plan_cannot(struct dara_plan *plan, const struct dara_change *change, const char *why);

/* Frozen: passed in arrays. */
enum dara_value_type { DARA_NULL = 0, DARA_INTEGER, DARA_REAL, DARA_TEXT, DARA_BYTES };
struct dara_value {
    enum dara_value_type type;
    int64_t integer;
    double real;
    const char *bytes; /* DARA_TEXT and DARA_BYTES: `length` bytes, not necessarily ended by NUL */
    size_t length;
};

/* Rows of a statement that returns some. Call columns once, then row for each. row() returns 0, or a negative code when
 * the reader wants no more: return that code. `result` may be NULL: both then do nothing and return 0. */
void dara_result_columns(struct dara_result *result, size_t count, const char *const *names);
int dara_result_row(struct dara_result *result, size_t count, const struct dara_value *values);
/* Rows inserted, updated or deleted. */
void dara_result_affected(struct dara_result *result, uint64_t rows);
/* What the server remarks without failing: a notice, a warning. `native` is its code, or NULL. */
void dara_result_notice(struct dara_result *result, const char *native, const char *message);
/* Since 1.1: in `execute_all`, an item is done. What is told from now on is of the next one. */
void dara_result_next(struct dara_result *result);

/* Since 1.1: another session of the engine, as far as it may be seen. Never the text of its statement, which may hold secrets. */
struct dara_other {
    size_t size;
    const char *id;          /* must: what the engine calls it: "4711" */
    const char *user;        /* NULL: not known, as all that follow */
    const char *application; /* what the session calls itself */
    const char *state;       /* in the engine's words: "idle in transaction" */
    const char *since;       /* when its transaction began, UTC */
    const char *mode;        /* the lock that it holds or waits for, in the engine's words */
};

/* Since 1.1: the running statement waits for another session. `object` is what it wants to lock, `mode` in which mode; both may be
 * NULL. May be told again while the wait lasts, once for each session. */
void dara_result_waits(struct dara_result *result, const struct dara_other *other, const char *object,
                       const char *mode);

/* Since 1.1: how far the running statement is: `what` in the engine's words ("building index: scanning table"), `done` of `total` of
 * it; 0 of 0 where that is not known. May be told again and again, about once a second. */
void dara_result_progress(struct dara_result *result, const char *what, uint64_t done, uint64_t total);

/* Since 1.1: what a rehearsal saw of the statement that ran last. An object is told by kind, namespace and key as in the model. */
void dara_observed_lock(struct dara_observed *observed, const char *kind, const char *space, const char *key,
                        const char *mode, const char *effect); /* "ACCESS EXCLUSIVE", "blocks reads and writes" */
/* Its rows were written to a new place; `bytes` of it, -1 = not known. */
void dara_observed_rewritten(struct dara_observed *observed, const char *kind, const char *space, const char *key,
                             int64_t bytes);
/* A session that the lock on this object stops: `waits` tells that it waits for it now, else it used the object in a way that the
 * lock would stop when the rehearsal began. */
void dara_observed_stopped(struct dara_observed *observed, const char *kind, const char *space, const char *key,
                           const struct dara_other *other, bool waits);
/* What the rollback will not take back. */
void dara_observed_lasting(struct dara_observed *observed, const char *what);
/* Since 1.1: the way in which the engine carries out a statement, where it has several: `method` and `lock` in its words ("INPLACE",
 * "SHARED"), what the lock does to others in words (all three may be NULL: not known), and what becomes of the object's rows. */
enum dara_work {
    DARA_WORK_NOTHING = 0, /* they are neither read nor written: its time does not depend on them */
    DARA_WORK_INDEX = 1,   /* they are read, and an index is built */
    DARA_WORK_TABLE = 2,   /* all of them are written to a new place, with every index */
    DARA_WORK_UNKNOWN = 3,
};
void dara_observed_way(struct dara_observed *observed, const char *kind, const char *space, const char *key,
                       const char *method, const char *lock, const char *effect, enum dara_work work);

/* Since 1.1: rows on which a change would fail: NULLs for a column that takes none, duplicates for a unique key. */
struct dara_search {
    size_t size;
    const struct dara_object *object; /* must: whose rows */
    const char *what;                 /* must: what is looked for, for people and without a value: "NULLs in 'email'" */
    const char *text; /* reads, and gives one row of one number: how many there are, counted up to the limit; NULL: no
                                       * statement finds them */
    const char *why;  /* then: why not */
    bool passes; /* with the settings of the session the change goes through all the same, and keeps or bends them */
};
struct dara_search_limits {
    size_t size;
    uint64_t rows;       /* count no further */
    unsigned timeout_ms; /* of each statement */
};
void dara_searches_add(struct dara_searches *searches, const struct dara_search *search);

/* Since 1.1: how large an object is, as the engine's catalog has it; -1 = not known. `bytes` includes its indexes. */
void dara_sizes_add(struct dara_sizes *sizes, const char *kind, const char *space, const char *key, int64_t rows,
                    int64_t bytes);

/* One entry of the history. `kind` and `version` together are unique. Times are UTC, "2026-11-20T09:30:00Z". */
struct dara_history_entry {
    size_t size;
    const char *kind;    /* "migration", "baseline", "seed" */
    const char *version; /* 14 digits for migrations, a checksum for seeds */
    const char *name;
    const char *state;       /* "applied", "rolled back" */
    const char *checksum;    /* sha-256 of the file, hex */
    const char *fingerprint; /* sha-256 of the canonical model after the run, hex, or NULL */
    const char *applied_at;
    const char *applied_by; /* user@host */
    const char *tool;       /* "dara 0.1.0" */
    int64_t duration_ms;
    /* Since 1.1: what a migration ran, where dara knows it; a driver that keeps none leaves them alone. */
    const char *const *statements;
    size_t statement_count;
};
void dara_history_add(struct dara_history *history, const struct dara_history_entry *entry);

/* The journal: what a run does that no transaction can take back as a whole, statement by statement. docs/DRIVERS.md tells the
 * course of a run. An entry is the run itself (`place` 0) or one of its statements. A run of kind "rollback" goes to a snapshot, its `version`;
 * the `name` of its statements tells what they serve, and its `text` where it goes. */
#define DARA_JOURNAL_TEXT_MAX 262144 /* bytes of `text` in one entry; what is longer comes in pieces */

struct dara_journal; /* entries of the journal table */

struct dara_journal_entry {
    size_t size;
    const char *run;      /* its run: 1 to 40 letters, digits and '-' */
    unsigned place;       /* 0 = the run itself; from 1 its statements in the order they run, through all its files */
    unsigned piece;       /* 0 = the entry; from 1 more of its text: then only run, place, piece and text are set */
    const char *kind;     /* "migration": with `version` and `name` as in the history */
    const char *version;  /* of the file; of the run: of its first file */
    const char *name;     /* likewise */
    unsigned statement;   /* from 1, in that file; 0 = the run itself */
    unsigned total;       /* statements of that file; 0 = the run itself */
    const char *checksum; /* sha-256 of the statement's text, hex; of the run: fingerprint of the model before it */
    const char *text;     /* UTF-8: the statement; of the run: the model before it, all of it in pieces. May be NULL */
    const char *state;    /* "started", "done", "failed", "taken back"; a run: "started", "taking back", "taken back" */
    const char *error;    /* why it failed, or NULL */
    const char *started_at;  /* UTC, "2026-11-20T09:30:00Z" */
    const char *finished_at; /* or NULL */
    const char *owner;       /* as that of the lock */
    const char *tool;        /* "dara 0.1.0" */
    int64_t rows;            /* inserted, updated or deleted; -1 = not known */
    int64_t duration_us;
};
void dara_journal_add(struct dara_journal *journal, const struct dara_journal_entry *entry);

/* One statement outside a transaction, with what is recorded before it: the end of the one before, its own beginning, and in the history
 * the file that ended before it. */
struct dara_journal_step {
    size_t size;
    const struct dara_journal_entry *entries; /* none has a `piece` above 0 */
    size_t count;
    const struct dara_history_entry *history; /* or NULL */
    const char *text;                         /* text[length] is NUL */
    size_t length;
};

/* What became of a statement whose run was killed under it, or that failed. */
enum dara_outcome {
    DARA_OUTCOME_UNKNOWN = 0, /* the catalog alone does not tell */
    DARA_OUTCOME_NOTHING = 1, /* as if it had never run: it may run again */
    DARA_OUTCOME_DONE = 2,    /* it took effect */
};

/* ---- group: session (must) ------------------------------------------------------------------------------------------- */

struct dara_session_ops {
    size_t size;
    /* must. Open in one of three modes; READ must be enforced by the server or the client library, not by good will. Where
     * an engine has nothing of the kind, the driver lets through only what it knows to read. */
    int (*open)(const struct dara_open *request, struct dara_conn **ret_conn);
    /* must. Accepts NULL. Rolls back what is not committed, frees locks. */
    void (*close)(struct dara_conn *conn);
    /* must. Strings stay valid until the next call on `conn`. `ret_server->size` is set by the caller. */
    int (*describe)(struct dara_conn *conn, struct dara_server *ret_server);
    /* must. One cheap round trip. */
    int (*ping)(struct dara_conn *conn);
    /* may; if absent, dara does not offer to create a database. Creates the database or file the URL names; one that is
     * there already is left alone and reported by `*ret_existed`. */
    int (*create)(const struct dara_open *request, bool *ret_existed);
    /* may; if absent, Ctrl-C takes effect between statements only. Async-signal-safe. */
    void (*cancel)(struct dara_conn *conn);
    /* may; if absent, env-check reports only what `describe` tells. Engine-specific checks, each with what to do. */
    int (*diagnose)(struct dara_conn *conn, struct dara_checks *checks);
};

/* ---- group: introspect (must) ------------------------------------------------------------------------------------------ */

struct dara_read {
    size_t size;
    const char *const *spaces; /* namespaces wanted, NULL-ended; NULL = all that are the user's */
};

struct dara_introspect_ops {
    size_t size;
    /* must. The driver's kinds, NULL-ended, for as long as the driver is loaded. */
    const struct dara_kind *const *kinds;
    /* must. Read every family into the model: one consistent state, a number of round trips that does not grow with the
     * number of objects, and dara_model_family() for each family. Reads what the connection sees, so inside a transaction
     * it reads the uncommitted schema. dara's own tables (history, journal) are left out. */
    int (*read)(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model);
    /* may; if absent, row counts are "not known". Exact number of rows of an object whose kind holds rows. */
    int (*count_rows)(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows);
    /* since 1.1: may; if absent, sizes are "not known". dara_sizes_add() for every object whose kind holds rows, as the catalog
     * estimates it: one round trip, and no look at the rows. */
    int (*sizes)(struct dara_conn *conn, struct dara_sizes *sizes);
};

/* ---- group: dialect ------------------------------------------------------------------------------------------------------ */
/* if absent: no snapshot text, no plan, no scripts. `conn` may be NULL in quote, split and classify: take the defaults. */

struct dara_dialect_ops {
    size_t size;
    /* must. How migration and snapshot files end: "sql", "json". */
    const char *extension;
    /* must. What ends a statement in a file, newline included: ";\n". */
    const char *delimiter;
    /* must. Append `name` as an identifier, whatever it holds. */
    int (*quote)(struct dara_conn *conn, const char *name, struct dara_text *out);
    /* must. Split a script into statements. `script[length]` is NUL, and NULs inside are an error. Malformed text (an open
     * quote, an unknown client command) is DARA_EFILE with the line, dara_error_at(NULL, line). Text that only holds
     * white space and comments gives no statement. */
    int (*split)(struct dara_conn *conn, const char *script, size_t length, struct dara_statements *statements);
    /* must. Tell what one statement is. Never fails for strange SQL: flag it UNREAD. */
    int (*classify)(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts);
    /* must. Append the whole definition of a finished object that is not a part, as one or more statements each closed by
     * `delimiter`. The author's text is kept where the model has it. */
    int (*render)(const struct dara_object *object, struct dara_text *out);
    /* must. Append to the plan what makes one change. dara calls it for each change in an order that runs: drops first, in
     * reverse order; then changes and creations in dependency order. CREATE and DROP of objects that come or fall with
     * their owner are left out by dara where the owner itself is dropped. A RECREATE comes as two calls: a DROP and a
     * CREATE. The driver may merge (one ALTER per table) and expand (a rebuild, which must then make again the equal
     * indexes and triggers of the table: dara_diff_of() tells which are equal). */
    int (*change)(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan);
    /* may; if absent, nothing more is made again than what differs. Called once before ordering: dara_diff_recreate() for
     * objects that stand in the way. */
    int (*prepare)(struct dara_diff *diff);
    /* may; if absent, nothing is added. Text before the first and after the last object of a snapshot file. */
    int (*begin_snapshot)(const struct dara_model *model, struct dara_text *out);
    int (*end_snapshot)(const struct dara_model *model, struct dara_text *out);
    /* may; if absent, "-- ". What begins a comment line in a file of the dialect. */
    const char *comment;
    /* may; if absent, nothing is added. Called once before the first and once after the last `change` of a plan, for what
     * cannot be done in the order of the changes: constraints between tables that refer to each other are taken off before
     * and put on at the end. A step that serves no single change has `change` NULL; rows are put back
     * into a table behind the steps that make it and stand together, and before those of end_plan that serve it. */
    int (*begin_plan)(const struct dara_diff *diff, struct dara_plan *plan);
    int (*end_plan)(const struct dara_diff *diff, struct dara_plan *plan);
    /* since 1.1: may; if absent, a snapshot file has neither owners nor privileges. What `scope` (enum dara_scope) adds to a
     * snapshot file for an object: of a kind flagged PRIVILEGE or SESSION its whole definition, for which `render` is not
     * called then; of any other kind, with DARA_SCOPE_OWNER, the statement that gives it its owner, or nothing where it has
     * none. Called behind all objects and before end_snapshot: first for all that can be owned, then for the others. */
    int (*render_asked)(const struct dara_object *object, unsigned scope, struct dara_text *out);
    /* since 1.1: may; if absent, nothing is renamed. Append what gives an object (a part, too) another name, and another namespace
     * where `space` is not its own; rows and whatever mentions it stay, under the new name where the engine does that by itself.
     * DARA_EUNSUPPORTED for kinds that the engine cannot rename. */
    int (*rename)(const struct dara_object *object, const char *space, const char *name, struct dara_plan *plan);
    /* since 1.1: may; if absent, histories of other tools cannot be imported. Append one statement that gives the values of these
     * fields, in this order, of all rows of an object, sorted by the first field. */
    int (*read_rows)(const struct dara_object *object, const char *const *fields, size_t count, struct dara_text *out);
    /* since 1.1: may; if absent, seeds cannot empty what they fill (--truncate). Append one statement that deletes all rows of an object,
     * and that a transaction can take back where the engine has such. */
    int (*delete_rows)(const struct dara_object *object, struct dara_text *out);
    /* since 1.1: may; if absent, what `render` writes names no owners. The same as `render` without the clause that says whose the
     * object is (a definer): it becomes whoever loads it. */
    int (*render_unowned)(const struct dara_object *object, struct dara_text *out);
    /* since 1.1: may; if absent, the text and `delimiter`. Append a statement of a plan as it stands in a file that the engine's own client
     * takes. `text[length]` is NUL. */
    int (*write)(const char *text, size_t length, struct dara_text *out);
};

/* ---- group: apply ---------------------------------------------------------------------------------------------------------- */
/* if absent: a read-only driver. */

struct dara_lock {
    size_t size;
    const char *owner;   /* "user@host pid 4711, dara apply-migration, since 2026-11-20T09:30:00Z" */
    unsigned timeout_ms; /* since 1.1 always 0: one try. dara polls, so that Ctrl-C ends the wait */
    bool again;          /* since 1.1: another try follows: who holds it need not be found out */
};

enum dara_begin_purpose {
    DARA_BEGIN_SCHEMA = 1, /* a migration: constraints between tables may be checked once, at commit */
    DARA_BEGIN_DATA = 2,   /* a seed, run-sql: every constraint holds at every statement */
    DARA_BEGIN_READ = 3,   /* a consistent view for reading */
};

/* One of many statements that are handed over together. It has no size: it never grows. */
struct dara_batch_item {
    const char *text; /* text[length] is NUL; NULL: what `reset` does comes here */
    size_t length;
};

struct dara_apply_ops {
    size_t size;
    /* must. Hold the project's lock on this database, until unlock, close or the death of the process. When it is held by
     * another: DARA_ELOCKED at once, and its owner's text appended to `holder`. Where an engine holds locks only
     * inside a transaction (behind a pooler), remember the request and take it in every begin. A READ connection is never
     * asked. */
    int (*lock)(struct dara_conn *conn, const struct dara_lock *request, struct dara_text *holder);
    /* must. Accepts a connection that holds none. */
    int (*unlock)(struct dara_conn *conn);
    /* must. In REHEARSE mode nothing may reach other connections, and nothing may be left behind by a later rollback or by
     * the death of the process; where the engine cannot keep that for this purpose, DARA_EUNSUPPORTED. Without
     * DARA_FEATURE_TRANSACTIONAL_DDL, schema changes of a WRITE connection take effect as they are executed, and rollback
     * takes back what the engine still can. */
    int (*begin)(struct dara_conn *conn, enum dara_begin_purpose purpose);
    /* must. One statement. `result` may be NULL. A failure is DARA_ESTATEMENT with the engine's message and native code;
     * where the engine tells the place, dara_error_at(NULL, line within the statement, from 1). */
    int (*execute)(struct dara_conn *conn, const char *text, size_t length, struct dara_result *result);
    /* must. DARA_ECONNECT when the connection is lost on the way: the history, which is in the same transaction, tells the
     * next run whether it was committed. */
    int (*commit)(struct dara_conn *conn);
    /* must. Accepts a connection without a transaction. */
    int (*rollback)(struct dara_conn *conn);
    /* must. Make the history table, inside the running transaction, if it is not there. */
    int (*history_ensure)(struct dara_conn *conn);
    /* must. All entries in the order they were recorded; none when the table does not exist. */
    int (*history_list)(struct dara_conn *conn, struct dara_history *history);
    /* must. Insert an entry, or replace the one with the same kind and version. */
    int (*history_record)(struct dara_conn *conn, const struct dara_history_entry *entry);
    /* may; if absent, commit alone tells. What commit would refuse (deferred constraints), as DARA_ESTATEMENT with the
     * rows concerned in the detail. Called before every commit, and at the end of a dry-run. */
    int (*validate)(struct dara_conn *conn);
    /* may, all three or none; if absent, a statement that fails ends the transaction. */
    int (*savepoint)(struct dara_conn *conn, const char *name);
    int (*release)(struct dara_conn *conn, const char *name);
    int (*rollback_to)(struct dara_conn *conn, const char *name);
    /* may; if absent, what one file sets holds for the files after it. Take back the settings of the session that executed
     * statements made: each file of a run is to find what it would find alone. Called after each file, in its transaction
     * and once more outside it; what cannot be taken back inside a transaction is left for the second call. */
    int (*reset)(struct dara_conn *conn);
    /* since 1.1: may, all four or none; if absent, what a transaction cannot take back as a whole is refused. The journal
     * table, dara_journal: unique by run, place and piece. Make it if it is not there; called outside a transaction. */
    int (*journal_ensure)(struct dara_conn *conn);
    /* All entries by run (in the order they were first recorded), place, piece; none when there is no table. `pieces` false
     * leaves those with a piece above 0 out. READ connections, too. */
    int (*journal_list)(struct dara_conn *conn, bool pieces, struct dara_journal *journal);
    /* Insert the entries, or replace those with the same run, place and piece; a NULL text leaves the text that is there. In
     * one round trip where the engine can. Part of the running transaction; outside of one, durable when it returns. */
    int (*journal_record)(struct dara_conn *conn, const struct dara_journal_entry *entries, size_t count);
    /* Delete all entries of a run, in the running transaction if there is one. None there is no error. */
    int (*journal_forget)(struct dara_conn *conn, const char *run);
    /* since 1.1: may; if absent, dara compares schemas. Ask the catalog what became of a statement that ran outside a
     * transaction, was killed or failed, and take away what it left half done (an index left invalid). Called outside a
     * transaction, under the lock. `text[length]` is NUL. UNKNOWN is a fair answer. */
    int (*settle)(struct dara_conn *conn, const char *text, size_t length, enum dara_outcome *ret_outcome);
    /* since 1.1: may; if absent, a rehearsal does not tell locks, nor whom they stop. Called in a REHEARSE transaction: once before
     * the first statement (nothing is told then: it is what was there already), and after each that succeeded, to tell what that
     * one newly locked, wrote anew, and whom it stops. Round trips should not grow with the number of objects, and `execute` may
     * fetch along what the next call tells. Where files are rehearsed on a scratch database it is called likewise, with that
     * connection: there is nobody else there, and what can be told is the way in which each statement is carried out. */
    int (*observe)(struct dara_conn *conn, struct dara_observed *observed);
    /* since 1.1: may; if absent, history_record is called for each. Many entries, in this order, in one round trip where the engine
     * can: a run writes those of all its files at its end. */
    int (*history_record_all)(struct dara_conn *conn, const struct dara_history_entry *entries, size_t count);
    /* since 1.1: may; if absent, `execute` and `reset` are called for each. The items in this order inside the running transaction, in as
     * few round trips as the engine allows; dara_result_next() after each that is done. Stops at the first that fails, with what
     * `execute` or `reset` would say of that one; the engine may not do any that stands behind it. */
    int (*execute_all)(struct dara_conn *conn, const struct dara_batch_item *items, size_t count,
                       struct dara_result *result);
    /* since 1.1: may; if absent, rows are not looked at before a migration. dara_searches_add() for all that the change of an object
     * with rows would fail on: statements for the database that `diff` has before, to be run in a session that reads. `conn` is the
     * scratch database where statements made the change, with the settings that they made: they decide what `passes`. */
    int (*search)(struct dara_conn *conn, const struct dara_diff *diff, const struct dara_change *change,
                  const struct dara_search_limits *limits, struct dara_searches *searches);
    /* since 1.1: may; if absent, a statement is known by its text alone. For one flagged WEIGHED: add the hazards that the schema as it is
     * tells (dara_facts_hazard()); objects that are not there are no error, an earlier statement may make them. Only reads; called
     * before a run begins its transaction. */
    int (*weigh)(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts);
    /* since 1.1: may; if absent, the records are made in a transaction, and `execute` follows. Both in one round trip where the engine
     * can: the records as journal_record and history_record make them, all or none, durable before the statement begins; then the
     * statement as `execute` runs it. Where they cannot be made, or the lock is lost, the statement does not run, and the error is about
     * the records. `*recorded` becomes true as soon as they are made, whatever comes of the statement. Outside a transaction, in a WRITE
     * session, under the lock. */
    int (*journal_step)(struct dara_conn *conn, const struct dara_journal_step *step, struct dara_result *result,
                        bool *recorded);
};

/* ---- group: scratch ----------------------------------------------------------------------------------------------------------- */
/* if absent: no replay of migrations, and a dry-run only inside a transaction. */

struct dara_scratch_ops {
    size_t size;
    /* must. A private, empty database that nobody else uses, as a WRITE connection; `url` tells where (and as whom) it may be
     * made. `close` of it leaves nothing; what a killed run left is swept by the next one. */
    int (*open)(const struct dara_open *request, struct dara_conn **ret_conn);
};

/* ---- group: bulk ---------------------------------------------------------------------------------------------------------------- */
/* if absent: snapshots carry no rows. */

struct dara_bulk_ops {
    size_t size;
    /* must. Append-style export of all rows of `object` as statements of the dialect that restore them exactly (every type,
     * every byte, row identifiers where they can be seen). Calls `write` with pieces of any size; a non-zero return is
     * passed on. Constant memory. */
    int (*export_rows)(struct dara_conn *conn, const struct dara_object *object,
                       int (*write)(void *context, const char *bytes, size_t length), void *context,
                       uint64_t *ret_rows);
    /* since 1.1: may; if absent, nothing has to be set. Set the session to what statements of export_rows were written for (the
     * engine's idea of a time zone, of dates, of the number 0), or back (`begins` false) to what it was. Inside a transaction or
     * outside; a transaction that is running stays. */
    int (*restoring)(struct dara_conn *conn, bool begins);
};

/* ---- group: audit ---------------------------------------------------------------------------------------------------------------- */
/* since 1.1; if absent: only the rules that dara itself has for every engine. Nothing here needs a connection. */

enum dara_rule_level { DARA_RULE_OFF = 0, DARA_RULE_INFO = 1, DARA_RULE_WARN = 2, DARA_RULE_ERROR = 3 };

enum dara_rule_flag {
    DARA_RULE_FILE = 1u << 0,    /* judged from the text of a statement: lint, dry-run, the gate of apply-migration */
    DARA_RULE_CATALOG = 1u << 1, /* judged from the model: security-audit, of a database or of a snapshot */
    DARA_RULE_ROWS =
        1u
        << 2, /* since 1.1, with FILE: it matters by the rows that are there (they are read, written again, or may not
                                    fit): of an empty table it is only worth a word */
};

/* A rule, as data. Texts are lowercase, without a final stop. */
struct dara_rule {
    size_t size;
    const char *id;             /* must: stable, words with hyphens: what --allow, dara.yaml and comments call it */
    enum dara_rule_level level; /* unless dara.yaml says otherwise; OFF: only where dara.yaml turns it on */
    unsigned flags;             /* enum dara_rule_flag */
    const char
        *kinds; /* CATALOG: kinds it looks at, separated by spaces: where one could not be read it is not evaluated */
    const char *title; /* must: what is wrong, in one line */
    const char *why;   /* must: why that matters */
    const char *fix;   /* must: what to do, in words */
    const char *since; /* the version of the server from which it holds; NULL = all */
    const char *peers; /* what others call it: "squawk ban-char-field, splinter 0018"; or NULL */
};

struct dara_finding {
    size_t size;
    const char *rule;                 /* must: its id */
    const struct dara_object *object; /* must: what it is about */
    const char *message; /* must: what is wrong with it, completing "table 'a' …": "has no primary key" */
    const char *fix;     /* the statement that mends it, without delimiter; or NULL */
    const char
        *mark; /* tells it from other findings of the rule on the same object, in whatever order they come; or NULL */
};
/* One about an object that is given is dropped. */
void dara_audit_finding(struct dara_audit *audit, const struct dara_finding *finding);
/* A rule could not be evaluated, and why ("the server does not tell …"). */
void dara_audit_unknown(struct dara_audit *audit, const char *rule, const char *why);

/* What a column's type is, for the rules of all engines; 0 = something else. Behind it the number of bits of an integer, and 0 where
 * it has no limit that matters: `DARA_TYPE_INTEGER | 32u << DARA_TYPE_BITS`. */
enum dara_type {
    DARA_TYPE_INTEGER = 1u << 0,
    DARA_TYPE_UNSIGNED = 1u << 1,
    DARA_TYPE_FLOAT = 1u << 2, /* binary floating point */
    DARA_TYPE_EXACT = 1u << 3, /* decimal */
    DARA_TYPE_STRING = 1u << 4,
    DARA_TYPE_TIME = 1u << 5,
    DARA_TYPE_BITS = 8, /* shift, no flag */
};

/* What an index, or a key constraint, is made of. */
struct dara_index_desc {
    size_t size;
    size_t count;
    const char *const
        *columns; /* the column of each part by its key; NULL where it is an expression, or a piece of a value */
    const char *const *parts; /* each part in full: equal texts mean the same; NULL = `columns` */
    const char *rest; /* what else two of them must have in common to be the same: method, predicate …; or NULL */
    bool unique;
    bool partial;     /* not all rows are in it */
    bool ordered;     /* rows are found by its first parts alone */
    bool nulls_equal; /* unique: two NULLs are the same value to it */
};
void dara_index_describe(struct dara_index *index, const struct dara_index_desc *desc);

/* A statement of a file that is judged: `length` bytes, without the closing delimiter; the driver adds to its facts. */
struct dara_lint_statement {
    const char *text;
    size_t length;
    struct dara_facts *facts;
};

/* Since 1.1: a question to the live database that tells whether one thing of it is as it should be: smoke-test asks it. */
struct dara_probe {
    size_t size;
    const char *test; /* must: one of dara's tests: "readable", "references", "sequences", "storage", "valid" */
    const struct dara_object *object; /* must: what it is about */
    const char *text;                 /* must: a statement that reads */
    /* NULL: that it runs is the proof, whatever it gives. Else it gives one row of one number, and this says what is counted that should
     * not be there: "rows without their row in 'orders'" */
    const char *what;
};
void dara_probes_add(struct dara_probes *probes, const struct dara_probe *probe);

struct dara_audit_ops {
    size_t size;
    /* must. The driver's own rules, NULL-ended, for as long as it is loaded; hazards that `classify`, `statement` or `file` tell among them.
     * An id that dara has itself (docs/RULES.md) is left to dara. */
    const struct dara_rule *const *rules;
    /* may; if absent, no rule of its own is CATALOG. Judge a finished model. */
    int (*schema)(const struct dara_model *model, struct dara_audit *audit);
    /* may; if absent, `classify` tells all hazards. Tell hazards of one statement that no run needs to know of, only lint: conn
     * may be NULL. Never fails for strange SQL. */
    int (*statement)(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts);
    /* may; if absent, rules about types are not evaluated. What the column's type is: enum dara_type. */
    unsigned (*type)(const struct dara_object *column);
    /* may; if absent: "columns", "unique" and "where" of the object tell, and it is ordered. Say what an index, or a constraint that
     * is a primary key or unique, is made of: dara_index_describe(). */
    int (*index)(const struct dara_object *object, struct dara_index *index);
    /* may; if absent, findings of dara's own rules have words and no statement. Append the statement that mends a finding. */
    int (*fix)(const char *rule, const struct dara_object *object, struct dara_text *out);
    /* may; if absent, none does. Whether a table only follows another one (a partition), and is not judged by itself. */
    bool (*follows)(const struct dara_object *table);
    /* may; if absent, no hazard hangs on other statements. `statement` for all statements of a file in their order, with what hangs on
     * those before. Never fails for strange SQL. */
    int (*file)(const struct dara_lint_statement *statements, size_t count);
    /* may; if absent, smoke-test says of these tests that they were not evaluated. dara_probes_add() for whatever of a finished model can
     * be asked in a session that reads; questions whose answer the engine guarantees are left out. */
    int (*probe)(const struct dara_model *model, struct dara_probes *probes);
};

/* ---- groups whose members come with the engines that need them (NULL in 1.0; docs/DRIVERS.md has their plan) --------------------- */

struct dara_explain_ops;
struct dara_stats_ops;

/* ---- the descriptor ---------------------------------------------------------------------------------------------------------------- */

/* Facts that no table can show. */
enum dara_feature {
    DARA_FEATURE_TRANSACTIONAL_DDL = 1u << 0, /* schema changes roll back */
    DARA_FEATURE_FILE = 1u << 1,              /* the database is a local file: no network, no login */
    DARA_FEATURE_SAMPLED = 1u << 2,           /* part of the schema is observed in samples, not declared */
    DARA_FEATURE_LOCK_QUEUE = 1u << 3, /* since 1.1: who waits for a lock makes those wait who come after it: dara
                                                 waits a short while, lets go of all, and tries again */
};

struct dara_driver {
    /* The head never moves, in any version. */
    uint32_t abi_major;
    uint32_t abi_minor;
    size_t size; /* sizeof(struct dara_driver) */
    /* ABI major 1 */
    const char *name;        /* must: equal to the file's name; [a-z][a-z0-9]* */
    const char *version;     /* must: of the driver */
    const char *description; /* must: one line */
    /* must: URL schemes, NULL-ended; the first is the usual one. [a-z][a-z0-9+.-]* */
    const char *const *schemes;
    const char *url_help;     /* must: the form of its URLs, "sqlite:PATH" */
    const char *url_variable; /* may: an environment variable of its own that holds a URL, asked before DATABASE_URL */
    uint64_t features;        /* enum dara_feature */
    const struct dara_session_ops *session;       /* must */
    const struct dara_introspect_ops *introspect; /* must */
    const struct dara_dialect_ops *dialect;
    const struct dara_apply_ops *apply;
    const struct dara_scratch_ops *scratch;
    const struct dara_bulk_ops *bulk;
    const struct dara_policy_ops *policy;
    const struct dara_explain_ops *explain;
    const struct dara_stats_ops *stats;
    /* Since 1.1 */
    const struct dara_audit_ops *audit;
    const char *directory; /* may; if absent, "db". The folder of a new project's migrations and snapshots */
    /* may: variables of its own that hold a URL: asked before url_variable by what applies (a way past poolers), and the one that
     * the environment "local" of a new project names */
    const char *direct_variable, *local_variable;
    /* may: NULL-ended. Whose URLs another driver's are, by the end of the host's name: "HOST-END DRIVER" (".example.com other"). That
     * driver has this one's schemes among its own, and is taken where it can be loaded */
    const char *const *kin;
    /* may; where the engine has no row-level security: what a user can do with it instead. A hint, without a final stop */
    const char *policy_instead;
};

#if defined(__GNUC__)
#define DARA_EXPORT __attribute__((visibility("default")))
#else
#define DARA_EXPORT
#endif

/* Define the one function a driver exports. `name` is the driver's name without quotes; what follows are the members of
 * the descriptor after its head:
 *
 *   DARA_DRIVER_DEFINE(hello, .version = "1.0", .description = "…", .schemes = hello_schemes, …)
 */
#define DARA_DRIVER_DEFINE(driver_name, ...)                                              \
    DARA_EXPORT const struct dara_driver *driver_name##_LTX_dara_driver(void);            \
    const struct dara_driver *driver_name##_LTX_dara_driver(void)                         \
    {                                                                                     \
        static const struct dara_driver descriptor = {.abi_major = DARA_DRIVER_ABI_MAJOR, \
                                                      .abi_minor = DARA_DRIVER_ABI_MINOR, \
                                                      .size = sizeof(struct dara_driver), \
                                                      .name = #driver_name,               \
                                                      __VA_ARGS__};                       \
        return &descriptor;                                                               \
    }                                                                                     \
    struct dara_driver /* lets the macro end in a semicolon */

/* Whether a table is long enough to have a member, and the member is there. */
#define DARA_HAS(ops, member) \
    ((ops) != NULL && (ops)->size >= offsetof(__typeof__(*(ops)), member) + sizeof((ops)->member) && (ops)->member)

#ifdef __cplusplus
}
#endif
#endif
