/* SPDX-License-Identifier: MIT */
/*
 * What a rehearsal does to others. The relations that are there and the locks of other sessions are read once, before the first
 * statement. From then on each statement is sent together with one question about the locks this session holds now: what is new in
 * the answer is that statement's. Relations that the rehearsal itself made are nobody else's, and are left out: the server leaves out
 * those whose number is above all that were there, so that the answer does not grow with what is made.
 */
#include "observe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct relation {
    unsigned long oid, file;
    uint8_t held; /* a bit for each mode */
};

struct postgres_observer {
    PGresult *names;            /* of relations, row by row */
    PGresult *others;           /* locks of other sessions when the rehearsal began */
    PGresult *latest;           /* the answer that came with the last statement, or NULL */
    struct relation *relations; /* by oid */
    int count;
    bool *told; /* by row of others */
    char highest[24];
};

/* Members of extensions are as good as any; temporary relations and the catalogs are not. */
static const char relations_sql[] =
    "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relfilenode FROM pg_catalog.pg_class c"
    " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'v', 'f', 'S', 'i', 'I') AND n.nspname !~ '^pg_' ORDER BY "
    "c.oid";

#define LOCKS                                                                                                    \
    "WITH l AS MATERIALIZED (SELECT pid, relation, mode, granted FROM pg_catalog.pg_locks"                       \
    " WHERE locktype OPERATOR(pg_catalog.=) 'relation' AND relation OPERATOR(pg_catalog.>=) 16384 AND relation " \
    "OPERATOR(pg_catalog.<=) $1::pg_catalog.oid AND database OPERATOR(pg_catalog.=)"                             \
    " (SELECT oid FROM pg_catalog.pg_database WHERE datname OPERATOR(pg_catalog.=) pg_catalog.current_database()))"
#define OWN     "l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()"
#define FOREIGN " FROM l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid OPERATOR(pg_catalog.=) l.pid WHERE NOT " OWN

/* relation, mode, file, size | process, user, application, state, since */
static const char held_sql[] =
    LOCKS " SELECT relation, mode, pg_catalog.pg_relation_filenode(relation),"
          " CASE WHEN mode OPERATOR(pg_catalog.=) 'AccessExclusiveLock' THEN pg_catalog.pg_table_size(relation) END,"
          " NULL::pg_catalog.int4, NULL::pg_catalog.name, NULL::pg_catalog.text, NULL::pg_catalog.text,"
          " NULL::pg_catalog.text FROM l WHERE " OWN " AND granted"
          " UNION ALL SELECT relation, mode, NULL, NULL, l.pid," POSTGRES_OTHER_COLUMNS FOREIGN
          " AND NOT granted AND relation OPERATOR(pg_catalog.=) ANY (SELECT relation FROM l WHERE " OWN ")";

/* relation, mode, process, user, application, state, since */
static const char others_sql[] = LOCKS " SELECT relation, mode, l.pid," POSTGRES_OTHER_COLUMNS FOREIGN;

/* Inside a transaction the server shows other sessions as they were when it was first asked, unless it is told to forget. */
static const char forget_sql[] = "SELECT pg_catalog.pg_stat_clear_snapshot()";

/* ---- the beginning ---------------------------------------------------------------------------------------------------------- */

void postgres_observe_end(struct dara_conn *conn)
{
    struct postgres_observer *observer = conn->observer;
    if (!observer)
        return;
    PQclear(observer->names);
    PQclear(observer->others);
    PQclear(observer->latest);
    free(observer->relations);
    free(observer->told);
    free(observer);
    conn->observer = NULL;
}

static int keep_relations(struct postgres_observer *observer)
{
    observer->count = PQntuples(observer->names);
    observer->relations = calloc((size_t)observer->count + 1, sizeof(*observer->relations));
    if (!observer->relations)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    for (int i = 0; i < observer->count; i++) {
        observer->relations[i].oid = strtoul(PQgetvalue(observer->names, i, 0), NULL, 10);
        observer->relations[i].file = strtoul(PQgetvalue(observer->names, i, 4), NULL, 10);
    }
    snprintf(observer->highest, sizeof(observer->highest), "%lu",
             observer->count ? observer->relations[observer->count - 1].oid : 16384);
    return 0;
}

static int compare_oids(const void *left, const void *right)
{
    const struct relation *a = left, *b = right;
    return (a->oid > b->oid) - (a->oid < b->oid);
}

static struct relation *find(struct postgres_observer *observer, const char *oid)
{
    const struct relation wanted = {.oid = strtoul(oid, NULL, 10)};
    return bsearch(&wanted, observer->relations, (size_t)observer->count, sizeof(wanted), compare_oids);
}

/* What the transaction holds already is not the first statement's. */
static int begin(struct dara_conn *conn)
{
    PGresult *result;
    struct postgres_observer *observer = conn->observer = calloc(1, sizeof(*observer));
    if (!observer)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    int code = postgres_query(conn, relations_sql, 0, NULL, "cannot see the relations", &observer->names);
    if (!code)
        code = keep_relations(observer);
    const char *const values[] = {observer->highest};
    if (!code)
        code = postgres_query(conn, others_sql, 1, values, "cannot see the locks", &observer->others);
    if (!code)
        code = postgres_query(conn, held_sql, 1, values, "cannot see the locks", &result);
    if (code)
        return code;
    for (int i = 0; i < PQntuples(result); i++) {
        struct relation *relation = find(observer, PQgetvalue(result, i, 0));
        int mode = postgres_lock_mode(PQgetvalue(result, i, 1));
        if (relation && mode >= 0 && PQgetisnull(result, i, 4))
            relation->held |= (uint8_t)(1u << mode);
    }
    PQclear(result);
    observer->told = calloc((size_t)PQntuples(observer->others) + 1, sizeof(*observer->told));
    if (!observer->told)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    return postgres_run(conn, forget_sql, "cannot see other sessions");
}

/* ---- along with a statement --------------------------------------------------------------------------------------------------- */

bool postgres_observe_send(struct dara_conn *conn)
{
    const char *const values[] = {conn->observer->highest};
    return PQsendQueryParams(conn->pg, held_sql, 1, NULL, values, NULL, NULL, 0) &&
           PQsendQueryParams(conn->pg, forget_sql, 0, NULL, NULL, NULL, NULL, 0);
}

void postgres_observe_take(struct dara_conn *conn, PGresult *result)
{
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQnfields(result) > 1) {
        PQclear(conn->observer->latest);
        conn->observer->latest = result;
    } else {
        PQclear(result);
    }
}

/* ---- telling ---------------------------------------------------------------------------------------------------------------- */

/* A relation in the words of the model. */
struct named {
    const char *kind, *space, *key;
    char letter;
};

static struct named name_of(const struct postgres_observer *observer, const struct relation *relation)
{
    static const char letters[] = "rpmvfSiI";
    static const char *const kinds[] = {"table", "table", "materialized_view", "view", "foreign_table", "sequence",
                                        "index", "index"};
    int row = (int)(relation - observer->relations);
    char letter = *PQgetvalue(observer->names, row, 3);
    const char *at = strchr(letters, letter);
    return (struct named){at ? kinds[at - letters] : "table", PQgetvalue(observer->names, row, 1),
                          PQgetvalue(observer->names, row, 2), letter};
}

void postgres_watch_read(const PGresult *result, int row, int column, struct dara_other *ret_other)
{
    const char *texts[5];
    for (int i = 0; i < 5; i++)
        texts[i] = PQgetisnull(result, row, column + i) ? NULL : PQgetvalue(result, row, column + i);
    *ret_other = (struct dara_other){.size = sizeof(*ret_other),
                                     .id = texts[0] ? texts[0] : "?",
                                     .user = texts[1],
                                     .application = texts[2],
                                     .state = texts[3],
                                     .since = texts[4]};
}

/* Sessions that had a lock when the rehearsal began with which the new one is at odds. */
static void tell_users(struct postgres_observer *observer, const struct relation *relation, const struct named *named,
                       int mode, struct dara_observed *observed)
{
    struct dara_other other;
    for (int i = 0; i < PQntuples(observer->others); i++) {
        int theirs = postgres_lock_mode(PQgetvalue(observer->others, i, 1));
        if (observer->told[i] || theirs < 0 || !postgres_lock_conflicts(mode, theirs) ||
            strtoul(PQgetvalue(observer->others, i, 0), NULL, 10) != relation->oid)
            continue;
        observer->told[i] = true;
        postgres_watch_read(observer->others, i, 2, &other);
        other.mode = postgres_lock_name(theirs);
        dara_observed_stopped(observed, named->kind, named->space, named->key, &other, false);
    }
}

static void tell_lock(struct postgres_observer *observer, struct relation *relation, int mode,
                      struct dara_observed *observed)
{
    struct named named = name_of(observer, relation);
    bool weaker = relation->held >> mode != 0; /* it, or one that is stronger, is held already */
    relation->held |= (uint8_t)(1u << mode);
    if (weaker)
        return;
    if (named.letter == 'S' &&
        mode == 2) { /* nextval and setval take this one; currval does as well, which changes nothing */
        char what[256];
        snprintf(what, sizeof(what), "numbers of the sequence '%.63s.%.63s' that were used up", named.space, named.key);
        dara_observed_lasting(observed, what);
        return;
    }
    if (named.letter == 'i' || named.letter == 'I')
        return; /* what is to be said of it is said of its table */
    dara_observed_lock(observed, named.kind, named.space, named.key, postgres_lock_name(mode),
                       postgres_lock_effect(mode));
    tell_users(observer, relation, &named, mode, observed);
}

/* A lock of this session: where it stands in the answer. */
struct held {
    struct relation *relation;
    int row, mode;
};

/* The strongest of several new locks on one relation is told, and the answer has no order. */
static int compare_held(const void *left, const void *right)
{
    const struct held *a = left, *b = right;
    return a->mode != b->mode ? b->mode - a->mode : compare_oids(a->relation, b->relation);
}

/* Whether it was told. Indexes follow their table without a word. */
static bool tell_file(struct postgres_observer *observer, const PGresult *result, const struct held *held, bool indexes,
                      struct dara_observed *observed)
{
    unsigned long file = PQgetisnull(result, held->row, 2) ? 0 : strtoul(PQgetvalue(result, held->row, 2), NULL, 10);
    struct named named = name_of(observer, held->relation);
    if (!file || file == held->relation->file || named.letter == 'S' || (named.letter == 'i') != indexes)
        return false;
    held->relation->file = file;
    long long bytes = PQgetisnull(result, held->row, 3) ? -1 : strtoll(PQgetvalue(result, held->row, 3), NULL, 10);
    dara_observed_rewritten(observed, named.kind, named.space, named.key, bytes);
    return true;
}

static void tell_files(struct postgres_observer *observer, const PGresult *result, const struct held *held, size_t own,
                       struct dara_observed *observed)
{
    bool tables = false;
    for (size_t i = 0; i < own; i++)
        tables |= tell_file(observer, result, &held[i], false, observed);
    for (size_t i = 0; i < own; i++)
        if (!tables)
            tell_file(observer, result, &held[i], true, observed);
        else if (!PQgetisnull(result, held[i].row, 2))
            held[i].relation->file = strtoul(PQgetvalue(result, held[i].row, 2), NULL, 10);
}

static int tell_held(struct postgres_observer *observer, const PGresult *result, struct dara_observed *observed)
{
    int count = PQntuples(result);
    size_t own = 0;
    struct held *held = calloc((size_t)count + 1, sizeof(*held));
    if (!held)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    for (int i = 0; i < count; i++) {
        held[own] =
            (struct held){find(observer, PQgetvalue(result, i, 0)), i, postgres_lock_mode(PQgetvalue(result, i, 1))};
        own += PQgetisnull(result, i, 4) && held[own].mode >= 0 && held[own].relation;
    }
    qsort(held, own, sizeof(*held), compare_held);
    for (size_t i = 0; i < own; i++)
        tell_lock(observer, held[i].relation, held[i].mode, observed);
    tell_files(observer, result, held, own, observed);
    free(held);
    return 0;
}

static void tell_waiting(struct postgres_observer *observer, const PGresult *result, struct dara_observed *observed)
{
    struct dara_other other;
    for (int i = 0; i < PQntuples(result); i++) {
        int mode = postgres_lock_mode(PQgetvalue(result, i, 1));
        const struct relation *relation = find(observer, PQgetvalue(result, i, 0));
        if (PQgetisnull(result, i, 4) || !relation || mode < 0)
            continue;
        struct named named = name_of(observer, relation);
        postgres_watch_read(result, i, 4, &other);
        other.mode = postgres_lock_name(mode);
        dara_observed_stopped(observed, named.kind, named.space, named.key, &other, true);
    }
}

int postgres_apply_observe(struct dara_conn *conn, struct dara_observed *observed)
{
    if (!conn->observer)
        return begin(conn);
    PGresult *result = conn->observer->latest;
    const char *const values[] = {conn->observer->highest};
    conn->observer->latest = NULL;
    int code = result ? 0 : postgres_run(conn, forget_sql, "cannot see other sessions");
    if (code)
        return code;
    code = result ? 0 : postgres_query(conn, held_sql, 1, values, "cannot see the locks", &result);
    if (code)
        return code;
    code = tell_held(conn->observer, result, observed);
    if (!code)
        tell_waiting(conn->observer, result, observed);
    PQclear(result);
    return code;
}
