/* SPDX-License-Identifier: MIT */
/* A part of the driver interface (<dara/driver.h>, which includes it): the group policy. */
#ifndef DARA_POLICY_H
#define DARA_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct dara_conn;
struct dara_plan;
struct dara_checks;
struct dara_actors; /* who may be acted as */
struct dara_access; /* what actors may do with rows */

/* ---- group: policy ------------------------------------------------------------------------------------------------------------ */
/* since 1.1; if absent: the engine has no row-level security (exit 4, with the descriptor's `policy_instead` as the hint). Policies are
 * objects of the model; the group is for finding out what they do, and for installing them. */

/* Somebody to be. What the user said of it goes into `find`; what comes out of it is complete, and `act` and `access` take that. */
struct dara_actor {
    size_t size;
    const char *name;    /* must: what the user calls it, and what it is called in reports */
    const char *role;    /* the engine's role; NULL: the driver finds it by the name or the claims */
    const char *user;    /* who it is to the policies; NULL: nobody */
    const char *claims;  /* what a token says of it: a JSON object; NULL: none */
    const char *setting; /* the setting that tells policies who asks; NULL: the engine's usual one */
    bool unbound;        /* told by `find`: no policy is ever in force for it */
    const char *note;    /* told by `find`: what to know of it ("made up"); or NULL */
};
void dara_actors_add(struct dara_actors *actors, const struct dara_actor *actor);

enum dara_access_command {
    DARA_ACCESS_SELECT = 0,
    DARA_ACCESS_INSERT = 1,
    DARA_ACCESS_UPDATE = 2,
    DARA_ACCESS_DELETE = 3,
};

/* What one actor may do by one command with the rows of one object. For INSERT the rows are copies of those that are there, each written as
 * by the actor; one row of defaults where there are none. */
struct dara_access_cell {
    size_t size;
    const char *kind, *space, *key; /* must: the object, as in the model */
    size_t actor;                   /* which of the request's */
    enum dara_access_command command;
    bool enabled;    /* row-level security is on for the object */
    bool restricted; /* and in force for this actor */
    bool granted;    /* it has the right to the command at all */
    bool open;       /* by the text of the policies every row passes */
    bool refused;    /* a row was refused by an error, not left out in silence */
    bool least;      /* `allowed` may be more */
    bool sampled;    /* there are more rows than were tried */
    int64_t allowed; /* rows that the command reached; -1 = not known: it was not tried, or failed */
    int64_t rows;    /* rows that were tried; -1 = not known */
    const char *const
        *policies; /* NULL-ended, may be NULL: the names of those that decide; any of them lets a row pass */
    const char *const *limits; /* the same: those that a row must pass besides */
    const char *native;        /* the engine's code of the error with which it failed; or NULL */
    const char *why;           /* of that error, free of values of rows; or why it was not tried; or NULL */
};
void dara_access_add(struct dara_access *access, const struct dara_access_cell *cell);

struct dara_access_request {
    size_t size;
    size_t actor_count;
    const struct dara_actor *actors; /* complete, as `find` told them */
    const char *const
        *tables; /* only these, as "name" or "namespace.name"; NULL-ended; NULL = all that are the user's */
    const char *const *spaces; /* only these namespaces; NULL-ended; NULL = all that are the user's */
    uint64_t rows;             /* try so many rows of each object */
    bool reads;                /* SELECT alone */
    bool fires;                /* also where a trigger reaches out of the database */
};

/* Policies that a table is to have: whose a row is, who sees it. */
struct dara_policy_request {
    size_t size;
    const char *table; /* must: "name" or "namespace.name" */
    bool granular;     /* one policy for each command, else one for all */
    bool force;        /* also for the owner of the table */
    bool by_role;      /* who asks is told by the role */
    const char *const *
        owners; /* columns that hold the owner, any of them; NULL-ended; NULL = found by what they refer to, and their names */
    const char *role;      /* whom the policies are for; NULL = the engine's usual */
    const char *via;       /* a table of memberships, which has the owner in place of this one; or NULL */
    const char *tenant;    /* a column that equals `claim`; or NULL */
    const char *claim;     /* a name in the claims, dots between levels */
    const char *condition; /* the condition in full (USING), in place of all that; or NULL */
    const char *check;     /* that of new rows (WITH CHECK); NULL = the same */
    const char *setting;   /* the setting that tells policies who asks; NULL: the engine's usual way */
};

struct dara_policy_ops {
    size_t size;
    /* must. Complete what is wanted: dara_actors_add() for each, in this order. Only reads. DARA_EUSAGE where there is no such role, user or
     * setting, or this connection may not be it: with what there is in the hint. Without any: the usual ones to look at. */
    int (*find)(struct dara_conn *conn, const struct dara_actor *wanted, size_t count, struct dara_actors *actors);
    /* must. Inside a REHEARSE transaction: be this actor until it is rolled back. */
    int (*act)(struct dara_conn *conn, const struct dara_actor *actor);
    /* must. dara_access_add() for each object that holds or shows rows, sorted by namespace and name, for each actor, in the order of
     * enum dara_access_command. Called inside a transaction that may write; tries commands on real rows, as the actor, and takes each of
     * them back before it returns, whatever comes of it. The number of round trips does not grow. Never tells a value. */
    int (*access)(struct dara_conn *conn, const struct dara_access_request *request, struct dara_access *access);
    /* may; if absent, policies are only looked at. dara_plan_add() the statements that give a table these policies, and an index that they need;
     * those made by the same request before are replaced. DARA_EUSAGE: the request does not fit the table. Inside the transaction in which they
     * run, and `prove` after them. */
    int (*install)(struct dara_conn *conn, const struct dara_policy_request *request, struct dara_plan *plan);
    /* may, with install. What two made-up users can do with each other's rows: dara_checks_add() for each thing tried, DARA_VERDICT_FAIL
     * where it is not as it should be. Leaves the transaction as it was. */
    int (*prove)(struct dara_conn *conn, const struct dara_policy_request *request, struct dara_checks *checks);
};

#ifdef __cplusplus
}
#endif
#endif
