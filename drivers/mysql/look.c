/* SPDX-License-Identifier: MIT */
/* A table before and after a statement: what became of its rows. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ask-parts.h"
#include "batch.h"

void mysql_look_free(struct mysql_look *look)
{
    free(look->create);
    *look = (struct mysql_look){0};
}

static int write_questions(struct dara_conn *conn, struct mysql_batch *batch)
{
    struct mysql_buffer show = {0}, number = {0};
    mysql_buffer_add(&show, "SHOW CREATE TABLE ");
    mysql_buffer_add_name(&show, conn->ask->table);
    mysql_buffer_format(&number,
                        "SELECT MAX(TABLE_ID) FROM information_schema.INNODB_TABLES WHERE NAME LIKE '%s/%%'"
                        " AND NAME NOT LIKE '%%/fts\\_%%'",
                        conn->scratch_database);
    int code = mysql_batch_add(batch, mysql_buffer_get(&show));
    code = code ? code : mysql_batch_add(batch, "SELECT @@old_alter_table");
    if (!code && !conn->mariadb)
        code = mysql_batch_add(batch, mysql_buffer_get(&number));
    mysql_buffer_free(&show);
    mysql_buffer_free(&number);
    return code;
}

static const char *answer(struct mysql_batch *batch, size_t index, unsigned column)
{
    MYSQL_RES *result = index < batch->count ? batch->answers[index].result : NULL;
    MYSQL_ROW row = result && mysql_num_fields(result) > column ? mysql_fetch_row(result) : NULL;
    return row ? row[column] : NULL;
}

/* None of the questions need be answered: the table may be gone, the account may not see, a variable may not be there. */
int mysql_look_take(struct dara_conn *conn, struct mysql_look *ret_look)
{
    struct mysql_batch batch = {0};
    struct mysql_look look = {0};
    int code = write_questions(conn, &batch);
    code = code ? code : mysql_batch_run(conn, &batch, "cannot look at the table");
    if (!code) {
        const char *create = answer(&batch, 0, 1), *copies = answer(&batch, 1, 0), *newest = answer(&batch, 2, 0);
        conn->ask->copies =
            copies && (!strcmp(copies, "1") || !strcasecmp(copies, "ON") || !strcasecmp(copies, "COPY"));
        look.numbered = newest != NULL;
        look.newest = newest ? strtoull(newest, NULL, 10) : 0;
        look.create = mysql_copy(create ? create : "");
        code = look.create ? 0 : DARA_EINTERNAL;
    }
    mysql_batch_free(&batch);
    if (!code)
        *ret_look = look;
    return code;
}

static const char *find(const char *text, size_t length, const char *wanted, size_t size)
{
    for (size_t i = 0; i + size <= length; i++)
        if (memcmp(text + i, wanted, size) == 0)
            return text + i;
    return NULL;
}

/* An index, without its name: what stands before KEY ("UNIQUE "), and what it is on. */
struct index {
    const char *sort, *parts;
    size_t sort_length, parts_length;
};

/* Read a line of SHOW CREATE TABLE; false where it defines no index. */
static bool read_index(const char *line, struct index *ret_index)
{
    size_t length = strcspn(line, "\n");
    const char *key = find(line, length, "KEY ", 4), *parts = key ? find(line, length, " (", 2) : NULL;
    if (!parts || strspn(line, " ") != 2 || line[2] == '`' || strncmp(line + 2, "CONSTRAINT", 10) == 0)
        return false;
    size_t rest = length - (size_t)(parts - line);
    *ret_index = (struct index){.sort = line,
                                .sort_length = (size_t)(key - line),
                                .parts = parts,
                                .parts_length = rest - (parts[rest - 1] == ',')};
    return true;
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n');
}

static bool has_index(const char *create, const struct index *wanted)
{
    struct index index;
    for (const char *line = create; *line; line = next_line(line))
        if (read_index(line, &index) && index.sort_length == wanted->sort_length &&
            index.parts_length == wanted->parts_length && !memcmp(index.sort, wanted->sort, index.sort_length) &&
            !memcmp(index.parts, wanted->parts, index.parts_length))
            return true;
    return false;
}

/* Whether `after` has an index that `before` has not, whatever it is called. */
static bool builds_index(const char *before, const char *after)
{
    struct index index;
    for (const char *line = after; *line; line = next_line(line))
        if (read_index(line, &index) && !has_index(before, &index))
            return true;
    return false;
}

/* Whether anything but indexes and foreign keys differs: lines of columns, the primary key, options. */
static bool changes_rows(const char *one, const char *other)
{
    struct index index;
    for (const char *line = one; *line; line = next_line(line)) {
        size_t size = strcspn(line, "\n"), bare = size - (size && line[size - 1] == ',');
        bool apart =
            (read_index(line, &index) && !find(line, size, "PRIMARY", 7)) || !strncmp(line, "  CONSTRAINT", 12);
        if (!apart && !find(other, strlen(other), line, bare))
            return true;
    }
    return false;
}

/* What is written in place: the number of the table tells it, and where that may not be seen its definition. */
static bool makes_anew(const struct mysql_ask *ask, const struct mysql_look *after)
{
    if (ask->before.numbered && after->numbered)
        return after->newest > ask->before.newest;
    return ask->flags & DARA_STATEMENT_REWRITES || changes_rows(ask->before.create, after->create) ||
           changes_rows(after->create, ask->before.create);
}

enum dara_work mysql_look_work(const struct dara_conn *conn, const struct mysql_look *after)
{
    const struct mysql_ask *ask = conn->ask;
    const char *method = ask->method ? ask->method : "";
    if (ask->work != DARA_WORK_UNKNOWN) /* a new partition is a table with a number of its own */
        return ask->work;
    if (strcmp(method, "INSTANT") == 0)
        return DARA_WORK_NOTHING;
    if (strcmp(method, "COPY") == 0)
        return DARA_WORK_TABLE;
    if (strcmp(method, "NOCOPY") != 0 && strcmp(method, "INPLACE") != 0)
        return DARA_WORK_UNKNOWN;
    if (strcmp(method, "INPLACE") == 0 && (conn->mariadb ? !ask->named : makes_anew(ask, after)))
        return DARA_WORK_TABLE;
    return builds_index(ask->before.create, after->create) ? DARA_WORK_INDEX : DARA_WORK_NOTHING;
}
