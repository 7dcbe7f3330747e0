/* SPDX-License-Identifier: MIT */
/* A reader of CSV as RFC 4180 has it: fields in quotes may hold commas, line ends and doubled quotes. */
#ifndef CSV_H
#define CSV_H

struct csv;

enum csv_item {
    CSV_FIELD,  /* csv_text() has it */
    CSV_RECORD, /* the record ends; a file without a last line end gives this too */
    CSV_END,
    CSV_BAD, /* csv_problem() says what */
};

struct csv *csv_open(const char *path); /* NULL with errno */
void csv_close(struct csv *csv);        /* accepts NULL */
enum csv_item csv_next(struct csv *csv);
const char *csv_text(const struct csv *csv); /* valid until the next item */
const char *csv_problem(const struct csv *csv);
long csv_line(const struct csv *csv); /* from 1 */

#endif
