/* SPDX-License-Identifier: MIT */
/* What the files classify*.c share: one statement as libpg_query read it, as JSON. */
#ifndef DARA_POSTGRES_CLASSIFY_H
#define DARA_POSTGRES_CLASSIFY_H

#include <jansson.h>

#include "pg.h"

struct postgres_statement {
    struct dara_facts *facts;
    const char *node;     /* the name of its node: "CreateStmt" */
    const json_t *tree;   /* and what is in it */
    const json_t *target; /* the RangeVar that was told already, or NULL */
    char kind[64];        /* in words */
    unsigned flags;       /* enum dara_statement_flag */
    bool related;         /* it names a relation */
};

/* The tree of the one statement of a text, its node's name and value in it; NULL where libpg_query does not read it. Free with
 * json_decref(). */
json_t *postgres_parse(const char *text, size_t length, const char **ret_node, const json_t **ret_tree);

/* Members of a node; NULL, false where they are absent. */
const char *postgres_json_text(const json_t *node, const char *name);
bool postgres_json_bool(const json_t *node, const char *name);
/* Whether an option of a list of DefElems is on: FULL, FULL true. */
bool postgres_json_option(const json_t *list, const char *name);
/* The text of a String node, or NULL. */
const char *postgres_json_string(const json_t *node);
/* A name in one or two parts (a list of String nodes): the last part, and the one before it or NULL. */
const char *postgres_json_name(const json_t *list, const char **ret_space);

void postgres_fact_hazard(struct postgres_statement *statement, const char *rule, bool destroys, const char *message);
/* Tell the object of a RangeVar, which no walk then tells again. */
void postgres_fact_relation(struct postgres_statement *statement, enum dara_role role, const char *kind,
                            const json_t *relation);
void postgres_fact_refuse(struct postgres_statement *statement, const char *why, const char *hint);

/* classify-lock.c: the strongest lock on what it names (lock-mode.c), or -1; whether it writes all rows again. */
int postgres_classify_lock(const struct postgres_statement *statement);
bool postgres_classify_rewrites(const struct postgres_statement *statement);

/* classify-schema.c: CREATE, ALTER, DROP. */
void postgres_classify_create(struct postgres_statement *statement);
void postgres_classify_drop(struct postgres_statement *statement);
void postgres_classify_alter_table(struct postgres_statement *statement);
void postgres_classify_rename(struct postgres_statement *statement);
/* classify-routine.c: the key of a routine that is made, as the server writes it; free(). NULL when it has no name. */
char *postgres_routine_key(const json_t *tree, const char **ret_space);
/* settle.c: the oid of the relation that a RangeVar means in the search path of the session, "0" for none; free(). */
int postgres_find_range(struct dara_conn *conn, const json_t *relation, char **ret_oid);
/* classify-unread.c: what can be told from the first words alone. */
void postgres_classify_unread(const char *text, size_t length, struct dara_facts *facts);

#endif
