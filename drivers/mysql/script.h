/* SPDX-License-Identifier: MIT */
/* What a script does to the reading of what follows it: SET sql_mode. */
#ifndef DARA_MYSQL_SCRIPT_H
#define DARA_MYSQL_SCRIPT_H

#include <dara/dara.h>

#include "lex.h"

#define MYSQL_MODES_KEPT 8 /* user variables that hold a sql_mode; a ninth takes the place of the first */

struct mysql_modes {
    unsigned now; /* enum mysql_mode */
    struct {
        char *name; /* of the variable, without '@' */
        unsigned modes;
    } kept[MYSQL_MODES_KEPT];
    size_t next;
};

/* Follow a statement: SET [SESSION] sql_mode = '…', = @variable, = CONCAT(@@sql_mode, …), and SET @variable = @@sql_mode. */
int mysql_modes_follow(struct mysql_modes *modes, const char *text, size_t length);
void mysql_modes_free(struct mysql_modes *modes);
/* The modes that a value of sql_mode names: "ANSI_QUOTES,STRICT_TRANS_TABLES"; also the groups ANSI, ORACLE, … */
unsigned mysql_modes_of(const char *names);

int mysql_dialect_split(struct dara_conn *conn, const char *script, size_t length, struct dara_statements *statements);

#endif
