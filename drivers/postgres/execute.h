/* SPDX-License-Identifier: MIT */
/* Statements on their way to the server and back: one by one (execute.c), or many in a pipeline (execute-all.c). */
#ifndef DARA_POSTGRES_EXECUTE_H
#define DARA_POSTGRES_EXECUTE_H

#include "pg.h"

/* The text of a statement for the server, and where COPY's data are. */
struct postgres_sent {
    const char *sql;  /* borrowed */
    const char *data; /* NULL: none */
    size_t data_length;
    bool copies;
};

/* Read all that the server answers to one statement that was sent: rows, counts and waits go to `reader`. Returns 0 or the error of the
 * statement; the connection is ready for what comes next, whatever it is. */
int postgres_execute_take(struct dara_conn *conn, const struct postgres_sent *sent, struct dara_result *reader);

/* apply.c: what takes back the settings of a script inside or outside a transaction: statements with ';' between them, and none in one. */
#define POSTGRES_RESET_MAX 768
void postgres_reset_text(const struct dara_conn *conn, bool inside, char ret_sql[POSTGRES_RESET_MAX]);
/* What of the error says what was being done. */
extern const char postgres_reset_doing[];

#endif
