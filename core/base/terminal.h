/* SPDX-License-Identifier: MIT */
/* What is known of the terminal. Asked once, at start. */
#ifndef DARA_BASE_TERMINAL_H
#define DARA_BASE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

enum dara_colour { DARA_PLAIN = 0, DARA_BOLD, DARA_DIM, DARA_RED, DARA_GREEN, DARA_YELLOW, DARA_BLUE, DARA_CYAN };

/* Whether stdout may be coloured: it is a terminal, NO_COLOR is unset or empty, TERM is not "dumb". */
bool dara_terminal_colour(void);
/* --no-color. */
void dara_terminal_set_colour(bool on);
/* The escape sequence for a colour, "" where colour is off. DARA_PLAIN ends it. */
const char *dara_terminal_escape(enum dara_colour colour);
/* Columns of the terminal, COLUMNS, or 0 when stdout is none (do not wrap). */
size_t dara_terminal_width(void);
/* Whether a question can be asked: stdin and stderr are terminals. */
bool dara_terminal_interactive(void);
/* Ask on stderr, read a line from stdin (without newline, free()); NULL at end of input. */
char *dara_terminal_ask(const char *question);

#endif
