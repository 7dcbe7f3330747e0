/* SPDX-License-Identifier: MIT */
/*
 * Drivers and sessions: the only place that calls a driver's tables. Each call here traces (at -v -v), checks the mode,
 * checks that the operation is there, and says which driver and which operation failed where the error does not tell.
 */
#ifndef DARA_DRIVER_SESSION_H
#define DARA_DRIVER_SESSION_H

#include <dara/driver.h>

#include "base/text.h"
#include "base/url.h"
#include "model/model.h"

/* One line on stderr for each call of a driver's operation: its name, what came of it and how long it took. Off, unless the
 * environment says DARA_TRACE=1. */
void dara_trace_enable(bool on);

/* ---- registry ------------------------------------------------------------------------------------------------------- */

/* A driver found in one of the folders searched: DARA_DRIVER_PATH (colon-separated), else the installed folder. */
struct dara_found {
    const char *name; /* from the file's name */
    const char *path;
    const struct dara_driver *driver; /* NULL when refused */
    const char *refusal;              /* why, in words; NULL when loaded */
};

/* Look through the folders and try each driver once. O(files); only `dara drivers` needs it. Entries live as long as the
 * process. */
int dara_driver_scan(const struct dara_found **ret_found, size_t *ret_count);

/* The driver for a URL scheme or by name, loading as few files as possible: the file of that name first, then (an alias)
 * the others. DARA_EDRIVER says whether none was found, or which was refused and why. */
int dara_driver_load(const char *scheme, const struct dara_driver **ret_driver);
/* Which driver a URL is for, where several take its scheme: the one that is named (`engine`, of the project; may be NULL), else the one that its
 * host belongs to. The URL gets that driver's own scheme; its text stays as it was given. Where that driver does not take the scheme, or
 * cannot be loaded, nothing changes. Errors: those of dara_driver_load(). */
int dara_driver_adopt(struct dara_url *url, const char *engine);

/* Check a descriptor against this header; the reason goes to the error record (DARA_EDRIVER). `file_name` is the name the
 * file promises. */
int dara_driver_check(const struct dara_driver *driver, const char *file_name);

/* The groups by name, for the matrix of `dara drivers`. */
extern const char *const dara_driver_groups[]; /* NULL-ended */
bool dara_driver_has_group(const struct dara_driver *driver, const char *group);
/* DARA_EUNSUPPORTED in the one wording unless the driver has the group. `purpose` completes "the driver cannot …". */
int dara_driver_require(const struct dara_driver *driver, const char *group, const char *purpose);

/* ---- opening ---------------------------------------------------------------------------------------------------------- */

struct dara_session;

struct dara_session_options {
    enum dara_mode mode;
    unsigned lock_timeout_ms;
    unsigned lock_step_ms; /* 0 = lock_timeout_ms */
    unsigned statement_timeout_ms;
    const char *application;
};

/* Open. `url` is borrowed for the life of the session. Every message of the driver is scrubbed of the URL's secrets. */
int dara_session_open(const struct dara_url *url, const struct dara_session_options *options,
                      struct dara_session **ret_session);
struct dara_session *dara_session_close(struct dara_session *session); /* accepts NULL, returns NULL */
static inline void dara_session_close_local(struct dara_session **session)
{
    dara_session_close(*session);
}
#define DARA_SESSION_LOCAL DARA_CLEANUP(dara_session_close_local) struct dara_session *

/* Make the database the URL names. */
int dara_session_create_database(const struct dara_url *url, bool *ret_existed);
/* A private, empty database of the same engine, made from `url`. In WRITE mode, needs no lock. `application` says what for; may be
 * NULL. */
int dara_session_open_scratch(const struct dara_url *url, const char *application, struct dara_session **ret_session);

/* Whose it is, how it was opened, and whether the driver has a feature. The driver lives as long as the process. */
const struct dara_driver *dara_session_driver(const struct dara_session *session);
enum dara_mode dara_session_mode(const struct dara_session *session);
bool dara_session_feature(const struct dara_session *session, enum dara_feature feature);
/* DARA_EUNSUPPORTED unless the kinds of the driver's objects have something of each part of `scope` (enum dara_scope). */
int dara_driver_require_scope(const struct dara_driver *driver, unsigned scope);
/* The same as dara_driver_require() for the driver of a session. */
int dara_session_require(const struct dara_session *session, const char *group, const char *purpose);

/* Wrap the members of the same name (driver.h): server, version and user; whether the server answers; checks with what to do,
 * DARA_EUNSUPPORTED where the driver has none. What `ret_server` points to is borrowed from the session. */
int dara_session_describe(struct dara_session *session, struct dara_server *ret_server);
int dara_session_ping(struct dara_session *session);
int dara_session_diagnose(struct dara_session *session, struct dara_checks *checks);

/* ---- schema ------------------------------------------------------------------------------------------------------------- */

/* From now on read nothing but these namespaces (NULL-ended; NULL = all): for an engine that has any. Borrowed. */
void dara_session_limit(struct dara_session *session, const char *const *spaces);
/* Read and finish the model. Inside a transaction it shows the uncommitted schema. */
int dara_session_read(struct dara_session *session, struct dara_model **ret_model);
int dara_session_count_rows(struct dara_session *session, const struct dara_object *object, uint64_t *ret_rows);
/* How large an object is; -1 = not known. */
struct dara_size {
    const char *kind, *space, *key;
    int64_t rows, bytes;
};
/* The sizes of all objects with rows, by kind, namespace and key; none where the driver cannot tell. Free them. */
int dara_session_sizes(struct dara_session *session, struct dara_sizes **ret_sizes);
struct dara_sizes *dara_sizes_free(struct dara_sizes *sizes); /* accepts NULL, returns NULL */
/* The size of one of them, or NULL; `kind` NULL stands for any, and `sizes` may be NULL. */
const struct dara_size *dara_sizes_find(const struct dara_sizes *sizes, const char *kind, const char *space,
                                        const char *key);
/* The one with the most bytes, or NULL; `sizes` may be NULL. */
const struct dara_size *dara_sizes_largest(const struct dara_sizes *sizes);
static inline void dara_sizes_free_local(struct dara_sizes **sizes)
{
    dara_sizes_free(*sizes);
}
#define DARA_SIZES_LOCAL DARA_CLEANUP(dara_sizes_free_local) struct dara_sizes *
int dara_session_export_rows(struct dara_session *session, const struct dara_object *object,
                             int (*write)(void *context, const char *bytes, size_t length), void *context,
                             uint64_t *ret_rows);
/* Set the session to what exported rows were written for, or back; nothing where the driver has no need of it. */
int dara_session_restoring(struct dara_session *session, bool begins);

/* ---- dialect: by driver, so that files can be read without a connection ------------------------------------------------------ */

struct dara_statement {
    const char *text; /* ends in NUL */
    size_t length;
    unsigned line; /* from 1, in the file */
};
struct dara_script {
    size_t count;
    struct dara_statement *statements;
};

struct dara_fact_object {
    enum dara_role role;
    const char *kind;  /* may be NULL */
    const char *space; /* may be NULL */
    const char *key;
    const char *owner; /* NULL where the name stands by itself */
};
struct dara_fact_lasting {
    const char *what;
    bool numbers; /* numbers of a sequence are used up, nothing else */
};
struct dara_fact_hazard {
    const char *rule;
    const char *message;
    bool destroys;
    bool remark; /* it is about how the statement is written: never fresh */
    bool fresh;  /* it is about what the file itself made (service/fresh.c): nothing is lost, and nobody is stopped */
};
struct dara_statement_facts {
    const char *kind;
    unsigned flags;
    size_t object_count;
    struct dara_fact_object *objects;
    size_t hazard_count;
    struct dara_fact_hazard *hazards;
    const char *refusal; /* NULL unless REFUSED */
    const char *refusal_hint;
    const char *lock, *lock_effect; /* NULL: its text does not tell */
    size_t lasting_count;
    struct dara_fact_lasting *lasting; /* what no rollback takes back */
};

/* Split; on error the line is in the error record, the caller adds the file. */
int dara_dialect_split(const struct dara_driver *driver, const char *text, size_t length,
                       struct dara_script **ret_script);
struct dara_script *dara_script_free(struct dara_script *script); /* accepts NULL, returns NULL */
int dara_dialect_classify(const struct dara_driver *driver, const struct dara_statement *statement,
                          struct dara_statement_facts **ret_facts);
/* What the schema that is there tells of a statement besides: adds hazards to its facts, once. Nothing where the driver cannot tell. */
int dara_session_weigh(struct dara_session *session, const struct dara_statement *statement,
                       struct dara_statement_facts *facts);
struct dara_statement_facts *dara_facts_free(struct dara_statement_facts *facts); /* accepts NULL, returns NULL */
/* Whether a statement is over rows alone: it changes no schema, and could be read. */
bool dara_facts_only_rows(const struct dara_statement_facts *facts);
/* Whether it does something that no rollback takes back; numbers that are only used up do not count. */
bool dara_facts_last(const struct dara_statement_facts *facts);
int dara_dialect_quote(const struct dara_driver *driver, const char *name, struct dara_text *out);
int dara_dialect_render(const struct dara_driver *driver, const struct dara_object *object, struct dara_text *out);
/* Without a clause that says whose the object is; as dara_dialect_render() where the dialect writes none. */
int dara_dialect_render_unowned(const struct dara_driver *driver, const struct dara_object *object,
                                struct dara_text *out);
/* A statement as it stands in a file, its delimiter behind it. */
int dara_dialect_write(const struct dara_driver *driver, const char *text, struct dara_text *out);
/* Whether what dara_dialect_render() writes says whose an object is. */
bool dara_dialect_names_owners(const struct dara_driver *driver);
int dara_dialect_render_asked(const struct dara_driver *driver, const struct dara_object *object, unsigned scope,
                              struct dara_text *out);
/* Append the statement that gives fields of all rows, sorted by the first, or that deletes all rows. DARA_EUNSUPPORTED, naming the
 * operation, where the driver writes none. */
int dara_dialect_read_rows(const struct dara_driver *driver, const struct dara_object *object,
                           const char *const *fields, size_t count, struct dara_text *out);
int dara_dialect_delete_rows(const struct dara_driver *driver, const struct dara_object *object, struct dara_text *out);
int dara_dialect_begin_snapshot(const struct dara_driver *driver, const struct dara_model *model,
                                struct dara_text *out);
int dara_dialect_end_snapshot(const struct dara_driver *driver, const struct dara_model *model, struct dara_text *out);
static inline void dara_script_free_local(struct dara_script **script)
{
    dara_script_free(*script);
}
static inline void dara_facts_free_local(struct dara_statement_facts **facts)
{
    dara_facts_free(*facts);
}
#define DARA_SCRIPT_LOCAL DARA_CLEANUP(dara_script_free_local) struct dara_script *
#define DARA_FACTS_LOCAL  DARA_CLEANUP(dara_facts_free_local) struct dara_statement_facts *

/* ---- plan ------------------------------------------------------------------------------------------------------------------- */

struct dara_planned {
    const char *text;
    unsigned flags; /* enum dara_step_flag */
    const struct dara_change *change;
    const char *note; /* may be NULL */
};
/* What the engine cannot do, when there is any. */
struct dara_cannot {
    const struct dara_change *change;
    const char *why;
};

/* The statements that turn `diff`'s before into its after. The diff must outlive the plan. A plan with cannots is returned,
 * for showing; dara_plan_runnable() turns it into DARA_EUNSUPPORTED. */
int dara_plan_new(const struct dara_driver *driver, struct dara_diff *diff, struct dara_plan **ret_plan);
/* Append the renaming of an object to a plan, which is made where `*plan` is NULL. DARA_EUNSUPPORTED. */
int dara_plan_rename(const struct dara_driver *driver, const struct dara_object *object, const char *space,
                     const char *name, struct dara_plan **plan);
struct dara_plan *dara_plan_free(struct dara_plan *plan); /* accepts NULL, returns NULL */
static inline void dara_plan_free_local(struct dara_plan **plan)
{
    dara_plan_free(*plan);
}
#define DARA_PLAN_LOCAL DARA_CLEANUP(dara_plan_free_local) struct dara_plan *
size_t dara_plan_count(const struct dara_plan *plan);
const struct dara_planned *dara_plan_at(const struct dara_plan *plan, size_t index);
size_t dara_plan_cannot_count(const struct dara_plan *plan);
const struct dara_cannot *dara_plan_cannot_at(const struct dara_plan *plan, size_t index);
int dara_plan_runnable(const struct dara_plan *plan);
/* As a script of the dialect. */
void dara_plan_write(const struct dara_plan *plan, const struct dara_driver *driver, struct dara_text *out);

/* ---- apply: DARA_EREFUSED... each needs the mode it says -------------------------------------------------------------------- */

/* Receives rows; any member may be NULL. row() returns 0 to go on. */
struct dara_reader {
    void (*columns)(void *context, size_t count, const char *const *names);
    int (*row)(void *context, size_t count, const struct dara_value *values);
    void *context;
    void (*notice)(void *context, const char *native, const char *message); /* `native` may be NULL; free of secrets */
    /* The statement waits: for whom, to lock what, and how; the last two may be NULL. */
    void (*waits)(void *context, const struct dara_other *other, const char *object, const char *mode);
    /* How far it is: `done` of `total`, 0 of 0 where that is not known. */
    void (*progress)(void *context, const char *what, uint64_t done, uint64_t total);
    /* Of many items one is done; `affected` rows of it. */
    void (*next)(void *context, uint64_t affected);
};

/* REHEARSE and WRITE. `holder` gets the owner's text when it is DARA_ELOCKED. The error already names the holder. */
int dara_session_lock(struct dara_session *session, const char *owner, unsigned timeout_ms);
int dara_session_unlock(struct dara_session *session);
/* All modes; in READ mode only with DARA_BEGIN_READ. Nested begin is DARA_EINTERNAL. */
int dara_session_begin(struct dara_session *session, enum dara_begin_purpose purpose);
bool dara_session_in_transaction(const struct dara_session *session);
/* All modes (the server refuses writes in READ). `reader` and `ret_affected` may be NULL. Ctrl-C: DARA_EINTERRUPTED. */
int dara_session_execute(struct dara_session *session, const char *text, size_t length,
                         const struct dara_reader *reader, uint64_t *ret_affected);
/* Statements, and resets between them (text NULL), in this order and in as few round trips as the driver can; `reader->next` after each.
 * Stops at the first that fails, with what dara_session_execute() or dara_session_reset() says of it. */
int dara_session_execute_all(struct dara_session *session, const struct dara_batch_item *items, size_t count,
                             const struct dara_reader *reader);
/* WRITE only: in REHEARSE it is refused here, whatever the driver would do. Validates first. */
int dara_session_commit(struct dara_session *session);
int dara_session_rollback(struct dara_session *session);
int dara_session_validate(struct dara_session *session);
int dara_session_savepoint(struct dara_session *session, const char *name);
int dara_session_release(struct dara_session *session, const char *name);
int dara_session_rollback_to(struct dara_session *session, const char *name);
/* Take back the settings that the statements of one file made, so that the next one does not run with them. */
int dara_session_reset(struct dara_session *session);

enum dara_sight { DARA_SIGHT_LOCK, DARA_SIGHT_REWRITTEN, DARA_SIGHT_STOPPED, DARA_SIGHT_LASTING, DARA_SIGHT_WAY };
/* One thing that a rehearsal saw; which members are set is told by the function of driver.h that tells it. */
struct dara_sighting {
    enum dara_sight what;
    size_t statement; /* as the caller counts them */
    const char *kind, *space, *key;
    const char *mode, *effect; /* of a lock */
    const char *method;
    enum dara_work work;
    int64_t bytes;
    struct dara_other other;
    bool waits;
    const char *text;
};
struct dara_observed *dara_observed_new(void);
struct dara_observed *dara_observed_free(struct dara_observed *observed); /* accepts NULL, returns NULL */
size_t dara_observed_count(const struct dara_observed *observed);
const struct dara_sighting *dara_observed_at(const struct dara_observed *observed, size_t index);
/* REHEARSE, and on a scratch database. The first call after begin tells nothing: it is what there was before. The others tell what `statement` did, which
 * is the one that ran last. Where the driver cannot look, `*ret_known` is false and nothing is told. */
int dara_session_observe(struct dara_session *session, size_t statement, struct dara_observed *observed,
                         bool *ret_known);
/* One search in the rows, and what came of it. */
struct dara_searched {
    size_t statement;              /* as the caller counts them */
    const char *space, *key;       /* whose rows */
    const char *what, *text, *why; /* as in struct dara_search */
    bool passes;
    bool ran;      /* `found` tells */
    bool doubtful; /* statements before it write rows there */
    uint64_t found;
};
struct dara_searches *dara_searches_new(void);
struct dara_searches *dara_searches_free(struct dara_searches *searches); /* accepts NULL, returns NULL */
size_t dara_searches_count(const struct dara_searches *searches);
struct dara_searched *dara_searches_at(struct dara_searches *searches, size_t index);
/* Why a search did not run to its end; copied. */
void dara_searches_fail(struct dara_searches *searches, size_t index, const char *why);
/* Whether the driver can tell what to look for. */
bool dara_session_can_search(const struct dara_session *session);
/* On a scratch database: ask what to look for before `change`, which `statement` has made. What is in `searches` already is not added
 * again. */
int dara_session_search(struct dara_session *session, const struct dara_diff *diff, const struct dara_change *change,
                        const struct dara_search_limits *limits, size_t statement, struct dara_searches *searches);

/* "session 4711 (psql, user anna, idle in transaction since …)": safe to print. */
void dara_other_add(const struct dara_other *other, struct dara_text *out);

struct dara_history_list {
    size_t count;
    struct dara_history_entry *entries;
};
/* Make the history where it is not there yet (WRITE and REHEARSE), and read it, oldest first; it is empty where there is none.
 * Free the list. */
int dara_session_history_ensure(struct dara_session *session);
int dara_session_history_list(struct dara_session *session, struct dara_history_list **ret_list);
struct dara_history_list *dara_history_list_free(struct dara_history_list *list); /* accepts NULL, returns NULL */
static inline void dara_history_list_free_local(struct dara_history_list **list)
{
    dara_history_list_free(*list);
}
/* Whether a migration is applied, by its entry (which may be NULL), or by its version (the list may be NULL). */
bool dara_history_is_applied(const struct dara_history_entry *entry);
bool dara_history_has_applied(const struct dara_history_list *list, const char *version);
#define DARA_HISTORY_LOCAL DARA_CLEANUP(dara_history_list_free_local) struct dara_history_list *
int dara_session_history_record(struct dara_session *session, const struct dara_history_entry *entry);
/* Many, in their order, in as few round trips as the driver can. */
int dara_session_history_record_all(struct dara_session *session, const struct dara_history_entry *entries,
                                    size_t count);

/* ---- journal: of runs that no transaction holds --------------------------------------------------------------------------- */

struct dara_journal_list {
    size_t count;
    struct dara_journal_entry *entries; /* texts are whole, `piece` is 0 */
};
/* Whether the driver keeps a journal. */
bool dara_session_has_journal(const struct dara_session *session);
/* Make the journal where it is not there yet: WRITE, outside a transaction. */
int dara_session_journal_ensure(struct dara_session *session);
/* Read it: by run, then place; empty where there is none. `texts` false leaves out the models of runs, and what is long of
 * statements. Free the list. */
int dara_session_journal_list(struct dara_session *session, bool texts, struct dara_journal_list **ret_list);
struct dara_journal_list *dara_journal_list_free(struct dara_journal_list *list); /* accepts NULL, returns NULL */
static inline void dara_journal_list_free_local(struct dara_journal_list **list)
{
    dara_journal_list_free(*list);
}
#define DARA_JOURNAL_LOCAL DARA_CLEANUP(dara_journal_list_free_local) struct dara_journal_list *
/* Record entries with texts of any length, in the running transaction if there is one. A text that becomes shorter needs a
 * transaction with forget first. */
int dara_session_journal_record(struct dara_session *session, const struct dara_journal_entry *entries, size_t count);
int dara_session_journal_forget(struct dara_session *session, const char *run);
/* Record, then run a statement as dara_session_execute() does: outside a transaction, in one round trip where the driver can.
 * `*recorded` becomes true once the records are made; a failure before that is theirs, and the statement did not run. */
int dara_session_journal_step(struct dara_session *session, const struct dara_journal_step *step,
                              const struct dara_reader *reader, bool *recorded, uint64_t *ret_affected);
/* What became of a statement in doubt, with what it left half done removed; UNKNOWN where the driver has no way to tell. */
int dara_session_settle(struct dara_session *session, const char *text, size_t length, enum dara_outcome *ret_outcome);

/* ---- policy: being somebody else --------------------------------------------------------------------------------------------- */

/* Empty ones, to be filled by the calls below; free them. */
struct dara_actors *dara_actors_new(void);
struct dara_actors *dara_actors_free(struct dara_actors *actors); /* accepts NULL, returns NULL */
static inline void dara_actors_free_local(struct dara_actors **actors)
{
    dara_actors_free(*actors);
}
#define DARA_ACTORS_LOCAL DARA_CLEANUP(dara_actors_free_local) struct dara_actors *
size_t dara_actors_count(const struct dara_actors *actors);
const struct dara_actor *dara_actors_at(const struct dara_actors *actors, size_t index);

/* None yet; free it. */
struct dara_access *dara_access_new(void);
struct dara_access *dara_access_free(struct dara_access *access); /* accepts NULL, returns NULL */
static inline void dara_access_free_local(struct dara_access **access)
{
    dara_access_free(*access);
}
#define DARA_ACCESS_LOCAL DARA_CLEANUP(dara_access_free_local) struct dara_access *
size_t dara_access_count(const struct dara_access *access);
const struct dara_access_cell *dara_access_at(const struct dara_access *access, size_t index);

/* Complete actors; without any wanted, the usual ones. All modes. DARA_EUNSUPPORTED where the engine has no row-level security, here and
 * below. */
int dara_session_find_actors(struct dara_session *session, const struct dara_actor *wanted, size_t count,
                             struct dara_actors *actors);
/* REHEARSE, in a transaction: whatever runs until its end runs as this actor. */
int dara_session_act(struct dara_session *session, const struct dara_actor *actor);
/* REHEARSE and WRITE, in a transaction, which is afterwards as before: what actors may do with rows. */
int dara_session_access(struct dara_session *session, const struct dara_access_request *request,
                        struct dara_access *access);

/* REHEARSE and WRITE, in a transaction: the statements that give a table policies (free the plan), and, when they have run, what two made-up users can do
 * with each other's rows. */
int dara_session_install(struct dara_session *session, const struct dara_policy_request *request,
                         struct dara_plan **ret_plan);
int dara_session_prove(struct dara_session *session, const struct dara_policy_request *request,
                       struct dara_checks *checks);

/* ---- audit: rules, by driver ------------------------------------------------------------------------------------------------- */

/* What a rule found, or that it could not be evaluated: then `object` is NULL and `message` says why. */
struct dara_judged {
    const char *rule;
    const struct dara_object *object;
    const char *message;
    const char *fix;  /* may be NULL */
    const char *mark; /* may be NULL */
};
struct dara_audit *dara_audit_new(void);
struct dara_audit *dara_audit_free(struct dara_audit *audit); /* accepts NULL, returns NULL */
static inline void dara_audit_free_local(struct dara_audit **audit)
{
    dara_audit_free(*audit);
}
#define DARA_AUDIT_LOCAL DARA_CLEANUP(dara_audit_free_local) struct dara_audit *
size_t dara_audit_count(const struct dara_audit *audit);
const struct dara_judged *dara_audit_at(const struct dara_audit *audit, size_t index);

/* The driver's own rules, NULL-ended; never NULL. */
const struct dara_rule *const *dara_audit_rules(const struct dara_driver *driver);
/* The driver's judgement of a model; nothing where it has none. */
int dara_audit_schema(const struct dara_driver *driver, const struct dara_model *model, struct dara_audit *audit);
/* What smoke-test asks: objects are borrowed from the model. */
struct dara_probed {
    const char *test;
    const struct dara_object *object;
    const char *text, *what; /* what: NULL = that it runs */
};
struct dara_probes *dara_probes_new(void);
struct dara_probes *dara_probes_free(struct dara_probes *probes); /* accepts NULL, returns NULL */
static inline void dara_probes_free_local(struct dara_probes **probes)
{
    dara_probes_free(*probes);
}
#define DARA_PROBES_LOCAL DARA_CLEANUP(dara_probes_free_local) struct dara_probes *
size_t dara_probes_count(const struct dara_probes *probes);
const struct dara_probed *dara_probes_at(const struct dara_probes *probes, size_t index);
/* Whether the driver has questions at all; what it would ask about a model. */
bool dara_audit_can_probe(const struct dara_driver *driver);
int dara_audit_probe(const struct dara_driver *driver, const struct dara_model *model, struct dara_probes *probes);
/* Add to the facts of a file's statements what only lint wants to know. */
int dara_audit_file(const struct dara_driver *driver, const struct dara_script *script,
                    struct dara_statement_facts *const *facts);
/* What the type of a column is (enum dara_type); `*ret_known` is false where the driver does not tell. */
unsigned dara_audit_type(const struct dara_driver *driver, const struct dara_object *column, bool *ret_known);
bool dara_audit_follows(const struct dara_driver *driver, const struct dara_object *table);
/* What an index or a key is made of; strings are the arena's. */
struct dara_arena;
int dara_audit_index(const struct dara_driver *driver, const struct dara_object *object, struct dara_arena *arena,
                     struct dara_index_desc *ret_desc);
/* The statement that mends a finding, appended; nothing where the driver has none. */
int dara_audit_fix(const struct dara_driver *driver, const char *rule, const struct dara_object *object,
                   struct dara_text *out);

/* ---- checks --------------------------------------------------------------------------------------------------------------------- */

struct dara_check {
    const char *name;
    enum dara_verdict verdict;
    const char *detail;
    const char *hint; /* may be NULL */
};
struct dara_checks *dara_checks_new(void);
struct dara_checks *dara_checks_free(struct dara_checks *checks); /* accepts NULL, returns NULL */
size_t dara_checks_count(const struct dara_checks *checks);
const struct dara_check *dara_checks_at(const struct dara_checks *checks, size_t index);

#endif
