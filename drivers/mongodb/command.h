/* SPDX-License-Identifier: MIT */
/* What a database command is, as far as its document tells. */
#ifndef DARA_MONGODB_COMMAND_H
#define DARA_MONGODB_COMMAND_H

#include <bson/bson.h>
#include <dara/dara.h>

/* The step of a file that says how those behind it run: {"dara": {"writeConcern": …}}. */
#define MONGODB_OPTIONS_STEP "dara"

struct mongodb_command {
    const bson_t *document;
    bson_iter_t first;      /* the field that names it */
    const char *name;       /* "createIndexes" */
    const char *kind;       /* in words: "create index" */
    unsigned flags;         /* enum dara_statement_flag */
    const char *why, *hint; /* where it is refused */
    bool admin;             /* runs on the database "admin" */
};

/* Look at a command. Facts may be NULL; whatever is not known is flagged UNREAD. */
void mongodb_command_look(const bson_t *document, struct dara_facts *facts, struct mongodb_command *ret_command);

/* The collection that it is about, or NULL: of {"find": "users"} "users". */
const char *mongodb_command_target(const struct mongodb_command *command);

int mongodb_dialect_classify(struct dara_conn *conn, const char *text, size_t length, struct dara_facts *facts);
int mongodb_dialect_split(struct dara_conn *conn, const char *script, size_t length,
                          struct dara_statements *statements);
int mongodb_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out);
int mongodb_dialect_delete_rows(const struct dara_object *object, struct dara_text *out);

/* ---- classify.c: the commands whose document is looked into ---- */
struct mongodb_look {
    struct mongodb_command *command;
    struct dara_facts *facts; /* may be NULL */
};
void mongodb_look_create(struct mongodb_look *look);
void mongodb_look_change(struct mongodb_look *look);
void mongodb_look_indexes(struct mongodb_look *look);
void mongodb_look_drop_indexes(struct mongodb_look *look);
void mongodb_look_drop(struct mongodb_look *look);
void mongodb_look_rename(struct mongodb_look *look);
void mongodb_look_insert(struct mongodb_look *look);
void mongodb_look_update(struct mongodb_look *look);
void mongodb_look_delete(struct mongodb_look *look);
void mongodb_look_modify(struct mongodb_look *look);
void mongodb_look_bulk(struct mongodb_look *look);
void mongodb_look_aggregate(struct mongodb_look *look);
void mongodb_look_reduce(struct mongodb_look *look);
void mongodb_look_explain(struct mongodb_look *look);
void mongodb_look_validate(struct mongodb_look *look);
void mongodb_look_reads(struct mongodb_look *look);

#endif
