/* SPDX-License-Identifier: MIT */
#include "csv.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct csv {
    FILE *file;
    char *text;
    size_t length, room;
    long line;
    bool in_record; /* a field of this record was given */
    bool more;      /* a comma promised another field */
    const char *problem;
};

struct csv *csv_open(const char *path)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    if (fstat(fileno(file), &about) == 0 && !S_ISREG(about.st_mode)) {
        fclose(file);
        errno = EINVAL;
        return NULL;
    }
    struct csv *csv = calloc(1, sizeof(*csv));
    if (!csv) {
        fclose(file);
        errno = ENOMEM;
        return NULL;
    }
    csv->file = file;
    csv->line = 1;
    /* The mark that some programs put before UTF-8. */
    char mark[3];
    if (fread(mark, 1, 3, file) != 3 || memcmp(mark, "\xef\xbb\xbf", 3) != 0)
        rewind(file);
    return csv;
}

void csv_close(struct csv *csv)
{
    if (!csv)
        return;
    fclose(csv->file);
    free(csv->text);
    free(csv);
}

const char *csv_text(const struct csv *csv)
{
    return csv->text ? csv->text : "";
}

const char *csv_problem(const struct csv *csv)
{
    return csv->problem;
}

long csv_line(const struct csv *csv)
{
    return csv->line;
}

static enum csv_item bad(struct csv *csv, const char *problem)
{
    csv->problem = problem;
    return CSV_BAD;
}

static bool keep(struct csv *csv, int c)
{
    if (csv->length + 1 >= csv->room) {
        size_t room = csv->room ? csv->room * 2 : 64;
        char *text = realloc(csv->text, room);
        if (!text)
            return false;
        csv->text = text;
        csv->room = room;
    }
    csv->text[csv->length++] = (char)c;
    csv->text[csv->length] = '\0';
    return true;
}

static int peek(struct csv *csv)
{
    return ungetc(getc(csv->file), csv->file);
}

/* "\r\n" counts as one. */
static int get(struct csv *csv)
{
    int c = getc(csv->file);
    if (c == '\r' && peek(csv) == '\n')
        c = getc(csv->file);
    csv->line += c == '\n';
    return c;
}

/* The rest of a field in quotes, up to the comma or line end after it. */
static enum csv_item quoted(struct csv *csv)
{
    for (int c = get(csv); c != EOF; c = get(csv)) {
        if (c == '"' && peek(csv) != '"')
            return CSV_FIELD;
        if (c == '"')
            get(csv);
        if (c == '\0')
            return bad(csv, "it holds a NUL byte");
        if (!keep(csv, c))
            return bad(csv, "out of memory");
    }
    return bad(csv, "a quote is not closed");
}

static enum csv_item plain(struct csv *csv)
{
    for (int c = peek(csv); c != EOF && c != ',' && c != '\n' && c != '\r'; c = peek(csv)) {
        get(csv);
        if (c == '\0')
            return bad(csv, "it holds a NUL byte");
        if (!keep(csv, c))
            return bad(csv, "out of memory");
    }
    return CSV_FIELD;
}

enum csv_item csv_next(struct csv *csv)
{
    if (csv->problem)
        return CSV_BAD;
    int c = peek(csv);
    if (csv->in_record && !csv->more) {
        /* After a field, a record ends: commas are taken with the field before them. */
        csv->in_record = false;
        get(csv);
        return CSV_RECORD;
    }
    if (c == EOF && !csv->more)
        return ferror(csv->file) ? bad(csv, "it cannot be read to its end") : CSV_END;
    csv->length = 0;
    if (csv->text)
        *csv->text = '\0';
    csv->in_record = true;
    csv->more = false;
    enum csv_item item;
    if (c == '"') {
        get(csv);
        item = quoted(csv);
    } else {
        item = plain(csv);
    }
    if (item != CSV_FIELD)
        return item;
    c = peek(csv);
    if (c == ',') {
        get(csv);
        csv->more = true;
    } else if (c != EOF && c != '\n' && c != '\r') {
        return bad(csv, "text follows a closing quote");
    }
    return CSV_FIELD;
}
