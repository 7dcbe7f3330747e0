/* SPDX-License-Identifier: MIT */
/* A statement as it is written, and where it goes: into a file, or into a plan. Running out of memory ends the process, as in
 * the library's own texts (dara_error_out_of_memory). */
#ifndef DARA_POSTGRES_WRITE_H
#define DARA_POSTGRES_WRITE_H

#include <dara/dara.h>

struct postgres_writer {
    char *text; /* the statement so far; NULL = nothing */
    size_t length, room;
    struct dara_text *out;            /* finished statements go here, each closed by ";\n" … */
    struct dara_plan *plan;           /* … or here */
    const struct dara_change *change; /* what the steps of the plan serve; may be NULL */
};

/* Whether a name needs no quotes. */
bool postgres_name_is_plain(const char *name);

/* Append text; NULL appends nothing. */
void postgres_write(struct postgres_writer *writer, const char *text);
void postgres_write_format(struct postgres_writer *writer, const char *format, ...) DARA_PRINTF(2, 3);
/* Append a name, quoted where it needs quotes; behind its schema where it has one. Without a name, "schema." alone. */
void postgres_write_name(struct postgres_writer *writer, const char *name);
void postgres_write_qualified(struct postgres_writer *writer, const char *space, const char *name);
/* Append a string constant; NULL is written NULL. */
void postgres_write_literal(struct postgres_writer *writer, const char *value);
/* respell.c: a statement in which what the server would read as something else than it printed is spelled otherwise; NULL where nothing is
 * to be done. Free with free(). */
char *postgres_respell(const char *text);
/* The statement is complete: hand it over with the flags (enum dara_step_flag) and note (may be NULL) of a step. */
void postgres_write_end(struct postgres_writer *writer, unsigned flags, const char *note);
/* Free what the writer holds; always returns NULL. */
void *postgres_writer_free(struct postgres_writer *writer);

#endif
