/* SPDX-License-Identifier: MIT */
/*
 * Anything that has a schema, as a finished model: the two sides of compare-schemas, the aim of create-migration --to and of
 * rollback.
 *
 *   live         the database of the call
 *   empty        a database with nothing in it
 *   migrations   the project's files replayed on a scratch database (after the snapshot `baseline`, where there is one)
 *   env:NAME     the database of an environment of dara.yaml
 *   scheme:…     the database of a URL
 *   FILE.<ext>   a schema file, run on a scratch database
 *   otherwise    a snapshot: id, label, path of any of its files, or `latest`
 */
#ifndef DARA_SERVICE_TARGET_H
#define DARA_SERVICE_TARGET_H

#include "service/context.h"
#include "service/snapshot.h"

enum dara_target_type {
    DARA_TARGET_LIVE = 1,
    DARA_TARGET_EMPTY,
    DARA_TARGET_MIGRATIONS,
    DARA_TARGET_URL, /* also env:NAME */
    DARA_TARGET_FILE,
    DARA_TARGET_SNAPSHOT,
};

struct dara_target {
    enum dara_target_type type;
    char *title; /* for people, on one line: "live", "snapshot 20261120_093001_pre_add_orders", "file schema.sql" */
    struct dara_model *model;
    struct dara_snapshot *snapshot; /* SNAPSHOT only, else NULL */
};

/* What an operand is, by its form and by what is on disk; nothing is connected to. */
enum dara_target_type dara_target_type(const struct dara_driver *driver, const char *operand);

/* Where a snapshot among the operands holds some namespaces only, read no others of whatever it is compared with: before any of them is
 * opened. DARA_EUSAGE where two snapshots do not go together. */
int dara_target_limit(struct dara_context *context, const char *const *operands, size_t count);
/* Turn an operand into a model. `*ret_target` is freed with dara_target_free(). A statement of a file that fails on the scratch
 * database is DARA_ESTATEMENT with file and line. */
int dara_target_open(struct dara_context *context, const char *operand, struct dara_target **ret_target);
struct dara_target *dara_target_free(struct dara_target *target); /* accepts NULL, returns NULL */
static inline void dara_target_free_local(struct dara_target **target)
{
    dara_target_free(*target);
}
#define DARA_TARGET_LOCAL DARA_CLEANUP(dara_target_free_local) struct dara_target *

/* The parts of dara_target_open() that run files; each opens a scratch database, runs, reads and closes. */
int dara_target_replay_file(struct dara_context *context, const char *path, struct dara_model **ret_model);
int dara_target_replay_migrations(struct dara_context *context, struct dara_model **ret_model);
/* What a plan makes of a model, tried on a scratch database. */
int dara_target_changed(struct dara_context *context, const struct dara_model *model, const struct dara_plan *plan,
                        struct dara_model **ret_model);
/* A database with nothing in it, read like any other; where the engine has no scratch, a model without objects. */
int dara_target_empty(struct dara_context *context, struct dara_model **ret_model);

/* A scratch database beside that of the call; make there what a model describes (leaves a transaction open); run one statement of a
 * file there as a replay does: in the open transaction, or outside where it must be. `path` is for the error. */
int dara_target_scratch(struct dara_context *context, struct dara_session **ret_session);
int dara_target_make(struct dara_session *session, const struct dara_model *model);
/* The same with what `scope` (enum dara_scope) covers. */
int dara_target_make_of(struct dara_session *session, const struct dara_model *model, unsigned scope);
int dara_target_replay_statement(struct dara_session *session, const char *path, const struct dara_statement *statement,
                                 const struct dara_statement_facts *facts);

/* Read the model of one moment: in the transaction that is running, else in one for reading, which stays open. */
int dara_target_read(struct dara_session *session, struct dara_model **ret_model);
/* Outside a transaction: in one for reading, which is ended. */
int dara_target_look(struct dara_session *session, struct dara_model **ret_model);

/* Run all statements of a plan in order on a session that is in a transaction (or is scratch). Errors carry the statement. */
int dara_target_run_plan(struct dara_session *session, const struct dara_plan *plan);

#endif
