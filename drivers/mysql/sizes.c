/* SPDX-License-Identifier: MIT */
/*
 * How large the tables are: as the catalog estimates them, and as InnoDB's files are. The estimate of a table that was filled a moment ago
 * is that of an empty one. Files tell at once, to those who have the right PROCESS.
 */
#include <stdlib.h>
#include <string.h>

#include "my.h"

struct file {
    char *name; /* of the table */
    int64_t size;
};
struct files {
    struct file *list;
    size_t count;
};

/* MySQL keeps what it once found for a day, unless it is told not to. */
static int ask(struct dara_conn *conn, MYSQL_RES **ret_result)
{
    static const char sql[] =
        "SELECT TABLE_NAME, TABLE_ROWS, DATA_LENGTH + IFNULL(INDEX_LENGTH, 0) FROM information_schema.TABLES"
        " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE LIKE '%TABLE'";
    int code =
        conn->mariadb ? 0 : mysql_run(conn, "SET SESSION information_schema_stats_expiry = 0", "cannot ask for sizes");
    return code ? code : mysql_rows(conn, sql, "cannot read how large the tables are", ret_result);
}

static int64_t number(const char *text)
{
    return text ? (int64_t)strtoll(text, NULL, 10) : -1;
}

/* ---- files ----------------------------------------------------------------------------------------------------------------------------- */

/* "table#p#part" is one of the table's; MariaDB writes all but letters, digits and '_' as "@" and four hexadecimal digits. What it
 * writes in other ways stays as it is, and is no table's name. */
static char *table_of(const char *name)
{
    char *table = strndup(name, strcspn(name, "#")), *to = table;
    for (const char *from = table; from && *from; from++) {
        char digits[5] = {0}, *end = NULL;
        unsigned long letter = 0;
        if (*from == '@' && strlen(from) > 4) {
            memcpy(digits, from + 1, 4);
            letter = strtoul(digits, &end, 16);
        }
        bool coded = end == digits + 4 && letter && letter < 0x80;
        *to++ = coded ? (char)letter : *from;
        from += coded ? 4 : 0;
    }
    if (table)
        *to = '\0';
    return table;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static void files_free(struct files *files)
{
    while (files->count)
        free(files->list[--files->count].name);
    free(files->list);
}

static int take_files(MYSQL_RES *result, struct files *files)
{
    MYSQL_ROW row;
    files->list = calloc((size_t)mysql_num_rows(result) + 1, sizeof(*files->list));
    if (!files->list)
        return mysql_out_of_memory();
    while ((row = mysql_fetch_row(result))) {
        char *name = table_of(row[0]);
        if (!name)
            return mysql_out_of_memory();
        files->list[files->count++] = (struct file){name, number(row[1])};
    }
    if (files->count)
        qsort(files->list, files->count, sizeof(*files->list), by_name);
    return 0;
}

/* Without the right to see them there are none. */
static int read_files(struct dara_conn *conn, struct files *files)
{
    MYSQL_RES *result = NULL;
    const char *sql = conn->mariadb ? "SELECT SUBSTRING(NAME, CHAR_LENGTH(DATABASE()) + 2), FILE_SIZE"
                                      " FROM information_schema.INNODB_SYS_TABLESPACES"
                                      " WHERE LEFT(NAME, CHAR_LENGTH(DATABASE()) + 1) = CONCAT(DATABASE(), '/')"
                                    : "SELECT SUBSTRING(NAME, CHAR_LENGTH(DATABASE()) + 2), FILE_SIZE"
                                      " FROM information_schema.INNODB_TABLESPACES"
                                      " WHERE LEFT(NAME, CHAR_LENGTH(DATABASE()) + 1) = CONCAT(DATABASE(), '/')";
    if (mysql_rows(conn, sql, NULL, &result)) {
        dara_error_clear();
        return 0;
    }
    int code = take_files(result, files);
    mysql_free_result(result);
    return code;
}

/* All parts together; 0: there is no file of it. */
static int64_t size_of(const struct files *files, const char *name)
{
    const struct file key = {.name = (char *)(uintptr_t)name};
    const struct file *found =
        files->count ? bsearch(&key, files->list, files->count, sizeof(*files->list), by_name) : NULL;
    int64_t size = 0;
    if (!found)
        return 0;
    while (found > files->list && by_name(found - 1, &key) == 0)
        found--;
    for (; found < files->list + files->count && by_name(found, &key) == 0; found++)
        size += found->size;
    return size;
}

/* ---- the operation --------------------------------------------------------------------------------------------------------------------- */

/* An empty table has a file of some pages, which would make a small one seem larger than it is. */
enum { PAGES_OF_NOTHING = 256 * 1024 };

static int64_t larger(int64_t estimate, int64_t file)
{
    return file > PAGES_OF_NOTHING && file > estimate ? file : estimate;
}

int mysql_introspect_sizes(struct dara_conn *conn, struct dara_sizes *sizes)
{
    struct files files = {0};
    MYSQL_RES *result = NULL;
    MYSQL_ROW row;
    int code = ask(conn, &result);
    if (code)
        return code;
    code = read_files(conn, &files);
    while (!code && (row = mysql_fetch_row(result)))
        dara_sizes_add(sizes, "table", NULL, row[0], number(row[1]), larger(number(row[2]), size_of(&files, row[0])));
    files_free(&files);
    mysql_free_result(result);
    return code;
}
