/* SPDX-License-Identifier: MIT */
/* SHOW CREATE TABLE: a list of columns, keys and constraints, then options, then partitions. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "introspect.h"

enum { OPTIONS_MOST = 64 };

struct options {
    char *engine, *charset, *collation, *row_format, *comment, *auto_increment;
    char *others[OPTIONS_MOST];
    size_t other_count;
    struct mysql_slice partitions;
    bool versioned, failed, secret; /* secret: a password was left out */
    struct mysql_buffer tail;       /* the whole, without AUTO_INCREMENT */
};

static void options_free(struct options *options)
{
    free(options->engine);
    free(options->charset);
    free(options->collation);
    free(options->row_format);
    free(options->comment);
    free(options->auto_increment);
    for (size_t i = 0; i < options->other_count; i++)
        free(options->others[i]);
    mysql_buffer_free(&options->tail);
}

/* ---- options -------------------------------------------------------------------------------------------------------------------- */

static void take_text(struct mysql_walk *walk, char **to)
{
    mysql_walk_take(walk, "=");
    free(*to);
    *to = mysql_walk_text(walk);
}

/* NAME=value, `name`=value, DATA DIRECTORY='…', TABLESPACE `name`: as it stands. */
static void take_other(struct mysql_walk *walk, struct options *options)
{
    const char *start = walk->token.start;
    struct mysql_slice inside;
    bool two = mysql_walk_is(walk, "data") || mysql_walk_is(walk, "index");
    mysql_walk_next(walk);
    if (two || walk->token.type == MYSQL_TOKEN_QUOTED)
        mysql_walk_next(walk);
    if (mysql_walk_take(walk, "=") && !mysql_walk_group(walk, &inside))
        mysql_walk_next(walk);
    size_t length = (size_t)(walk->passed - start);
    if (options->other_count == OPTIONS_MOST || !(options->others[options->other_count] = strndup(start, length)))
        options->failed = true;
    else
        options->other_count++;
}

static void take_option(struct mysql_walk *walk, struct options *options)
{
    mysql_walk_take(walk, "default");
    if (mysql_walk_take(walk, "engine"))
        take_text(walk, &options->engine);
    else if (mysql_walk_take(walk, "charset") || mysql_walk_take2(walk, "character", "set"))
        take_text(walk, &options->charset);
    else if (mysql_walk_take(walk, "collate"))
        take_text(walk, &options->collation);
    else if (mysql_walk_take(walk, "row_format"))
        take_text(walk, &options->row_format);
    else if (mysql_walk_take(walk, "comment"))
        take_text(walk, &options->comment);
    else if (mysql_walk_take2(walk, "with", "system"))
        options->versioned = mysql_walk_take(walk, "versioning");
    else
        take_other(walk, options);
}

/* A table of another server may name its login as "scheme://user:password@host/…": a password has no place in a model. */
static bool add_connection(struct mysql_buffer *out, const char *value)
{
    const char *login = strstr(value, "://"), *at = login ? strrchr(login, '@') : NULL;
    const char *colon = at ? memchr(login + 3, ':', (size_t)(at - login - 3)) : NULL;
    struct mysql_buffer text = {0};
    mysql_buffer_add_bytes(&text, value, colon ? (size_t)(colon - value) : strlen(value));
    mysql_buffer_add(&text, colon ? ":***" : "");
    mysql_buffer_add(&text, colon ? at : "");
    mysql_buffer_add(out, "CONNECTION=");
    mysql_buffer_add_string(out, mysql_buffer_get(&text), text.length);
    out->failed = out->failed || text.failed;
    mysql_buffer_free(&text);
    return colon != NULL;
}

static void take_connection(struct mysql_walk *walk, struct options *options)
{
    struct mysql_buffer text = {0};
    char *value = NULL;
    take_text(walk, &value);
    options->secret = add_connection(&text, value ? value : "") || options->secret;
    mysql_buffer_add(&options->tail, mysql_buffer_get(&text));
    if (text.failed || !value || options->other_count == OPTIONS_MOST)
        options->failed = true;
    else if (!(options->others[options->other_count] = strdup(mysql_buffer_get(&text))))
        options->failed = true;
    else
        options->other_count++;
    mysql_buffer_free(&text);
    free(value);
}

static void take_options(struct mysql_walk *walk, struct options *options)
{
    /* From behind the parenthesis on: the first option may stand in a comment, which begins before its first word. */
    struct mysql_slice rest = mysql_walk_rest(walk);
    rest = mysql_slice_trim((struct mysql_slice){walk->passed, (size_t)(rest.start + rest.length - walk->passed)});
    const char *kept = rest.start;
    while (!mysql_walk_ended(walk)) {
        const char *start = walk->token.start;
        if (mysql_walk_take(walk, "auto_increment")) {
            mysql_buffer_add_bytes(&options->tail, kept, (size_t)(start - kept));
            take_text(walk, &options->auto_increment);
            kept = walk->passed + (*walk->passed == ' ');
        } else if (mysql_walk_take(walk, "connection")) {
            mysql_buffer_add_bytes(&options->tail, kept, (size_t)(start - kept));
            take_connection(walk, options);
            kept = walk->passed;
        } else if (mysql_walk_is(walk, "partition")) {
            while (!mysql_walk_ended(walk)) /* to before the end of the comment that it may stand in */
                mysql_walk_next(walk);
            options->partitions = (struct mysql_slice){start, (size_t)(walk->passed - start)};
        } else {
            take_option(walk, options);
        }
    }
    mysql_buffer_add_bytes(&options->tail, kept, (size_t)(rest.start + rest.length - kept));
    options->failed = options->failed || options->tail.failed;
}

/* ---- partitions ------------------------------------------------------------------------------------------------------------------- */

/* Whether a word is a name here: behind PARTITION and SUBPARTITION, and in the list behind COLUMNS and KEY, which MySQL does not quote. */
struct naming {
    bool next, list;
};

static bool is_name(struct naming *naming, const struct mysql_walk *walk)
{
    bool name = naming->next || naming->list;
    if (mysql_walk_is(walk, ")"))
        naming->list = false;
    naming->next = mysql_walk_is(walk, "partition") || mysql_walk_is(walk, "subpartition");
    if (mysql_walk_is(walk, "columns") || mysql_walk_is(walk, "key"))
        naming->list = true;
    return name && walk->token.type == MYSQL_TOKEN_WORD && !mysql_walk_is(walk, "by") && !naming->next;
}

/* The clause in one form: names quoted, one space, words as they are, without the engine, which is the table's. */
static void add_partitions(struct mysql_buffer *out, struct mysql_slice text)
{
    struct mysql_walk walk;
    struct naming naming = {0};
    for (mysql_walk_begin(&walk, text, 0); !mysql_walk_ended(&walk);) {
        bool tight = mysql_walk_is(&walk, "(") || mysql_walk_is(&walk, ")") || mysql_walk_is(&walk, ",");
        if (mysql_walk_take2(&walk, "engine", "=")) {
            mysql_walk_next(&walk);
            continue;
        }
        if (walk.token.start > walk.passed && out->length && !tight)
            mysql_buffer_add(out, " ");
        char *name = is_name(&naming, &walk) ? mysql_token_text(&walk.token, 0) : NULL;
        if (name)
            mysql_buffer_add_name(out, name);
        else
            mysql_buffer_add_bytes(out, walk.token.start, walk.token.length);
        free(name);
        mysql_walk_next(&walk);
    }
}

/* ---- the table ---------------------------------------------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int set_collation(struct dara_object *object, const char *collation)
{
    struct mysql_buffer buffer = {0};
    mysql_normal_charset(&buffer, collation, strlen(collation));
    int code = mysql_set_buffer(object, "mysql.collation", &buffer);
    mysql_buffer_free(&buffer);
    return code;
}

static int set_options(struct options *options, const char *collation, struct dara_object *object)
{
    struct mysql_buffer partitions = {0};
    int code = dara_object_set_text(object, "mysql.engine", options->engine);
    code = code ? code : set_collation(object, collation);
    code = code ? code : dara_object_set_text(object, "mysql.row_format", options->row_format);
    if (options->other_count)
        qsort(options->others, options->other_count, sizeof(options->others[0]), by_text);
    if (!code && options->other_count)
        code =
            dara_object_set_list(object, "mysql.options", (const char *const *)options->others, options->other_count);
    if (!code && options->partitions.start) {
        add_partitions(&partitions, options->partitions);
        code = mysql_set_buffer(object, "mysql.partitioning", &partitions);
    }
    if (!code && options->versioned)
        code = dara_object_set_bool(object, "mysql.system_versioned", true);
    if (!code && options->auto_increment)
        code = dara_object_set_int(object, "mysql.auto_increment", strtoll(options->auto_increment, NULL, 10));
    mysql_buffer_free(&partitions);
    return code ? code : mysql_set_buffer(object, "sql", &options->tail);
}

/* Lines that are neither column nor key: PERIOD FOR … (MariaDB). */
struct periods {
    char *texts[4];
    size_t count;
};

static int read_line(struct mysql_reading *reading, const struct mysql_table *table, struct mysql_slice line,
                     int position, struct periods *periods)
{
    bool known = true;
    if (*line.start == '`')
        return mysql_read_column(reading, table, line);
    int code = mysql_read_key(reading, table, line, position, &known);
    if (code || known)
        return code;
    if (periods->count == sizeof(periods->texts) / sizeof(periods->texts[0]) ||
        !(periods->texts[periods->count] = strndup(line.start, line.length)))
        return mysql_out_of_memory();
    periods->count++;
    return 0;
}

/* The lines between the outer parentheses, cut before any of them is read: what they mean depends on the options behind them. */
struct lines {
    struct mysql_slice *list;
    size_t count, room;
};

static int cut_lines(struct mysql_walk *walk, struct lines *lines)
{
    while (!mysql_walk_ended(walk) && !mysql_walk_is(walk, ")")) {
        if (lines->count == lines->room) {
            size_t room = lines->room ? lines->room * 2 : 32;
            struct mysql_slice *list = realloc(lines->list, room * sizeof(*list));
            if (!list)
                return mysql_out_of_memory();
            lines->list = list;
            lines->room = room;
        }
        lines->list[lines->count++] = mysql_walk_item(walk);
        mysql_walk_take(walk, ",");
    }
    return 0;
}

static int read_lines(struct mysql_reading *reading, const struct mysql_table *table, const struct lines *lines)
{
    struct periods periods = {0};
    int code = 0;
    for (size_t i = 0; !code && i < lines->count; i++)
        code = read_line(reading, table, lines->list[i], (int)i + 1, &periods);
    if (!code && periods.count)
        code = dara_object_set_list(table->object, "mysql.periods", (const char *const *)periods.texts, periods.count);
    for (size_t i = 0; i < periods.count; i++)
        free(periods.texts[i]);
    return code;
}

static const char *table_collation(const struct mysql_reading *reading, const struct options *options)
{
    const char *own = options->collation;
    if (!own && options->charset)
        own = mysql_reading_collation(reading, options->charset);
    return own ? own : reading->collation;
}

/* What stands behind the lines, and what is known of the table before they are read. */
static int add_table(struct mysql_reading *reading, const char *name, const struct options *options,
                     struct mysql_table *table)
{
    struct mysql_known *known = mysql_known_find(reading->relations, reading->relation_count, name);
    struct dara_object_desc desc = {.size = sizeof(desc),
                                    .kind = "table",
                                    .name = name,
                                    .comment = options->comment && *options->comment ? options->comment : NULL};
    *table =
        (struct mysql_table){.name = name, .engine = options->engine, .collation = table_collation(reading, options)};
    int code = options->failed ? mysql_out_of_memory() : dara_model_add(reading->model, &desc, &table->object);
    if (!code && known)
        known->object = table->object;
    return code;
}

int mysql_read_table(struct mysql_reading *reading, const char *name, const char *sql)
{
    struct mysql_walk walk;
    struct mysql_table table;
    struct lines lines = {0};
    struct options options = {0};
    mysql_walk_begin(&walk, mysql_slice_of(sql), 0);
    while (!mysql_walk_ended(&walk) && !mysql_walk_is(&walk, "("))
        mysql_walk_next(&walk);
    mysql_walk_next(&walk);
    int code = cut_lines(&walk, &lines);
    if (!code && !mysql_walk_take(&walk, ")")) {
        free(lines.list);
        return dara_model_unrepresented(reading->model, "table", name, "its definition could not be read");
    }
    take_options(&walk, &options);
    code = code ? code : add_table(reading, name, &options, &table);
    code = code ? code : read_lines(reading, &table, &lines);
    code = code ? code : set_options(&options, table.collation, table.object);
    if (!code && options.secret)
        code = dara_model_unrepresented(reading->model, "table", name,
                                        "the password of its CONNECTION is left out: set it after a restore");
    free(lines.list);
    options_free(&options);
    return code;
}

/* ---- sequences (MariaDB) -------------------------------------------------------------------------------------------------------------- */

static int take_number(struct mysql_walk *walk, struct dara_object *object, const char *property)
{
    bool negative = mysql_walk_take(walk, "-");
    char *text = mysql_walk_text(walk);
    struct mysql_buffer number = {0};
    mysql_buffer_format(&number, "%s%s", negative ? "-" : "", text ? text : "");
    free(text);
    int code = mysql_set_buffer(object, property, &number);
    mysql_buffer_free(&number);
    return code;
}

static int read_sequence_words(struct mysql_walk *walk, struct dara_object *object)
{
    int code = 0;
    while (!code && !mysql_walk_ended(walk)) {
        if (mysql_walk_take2(walk, "start", "with"))
            code = take_number(walk, object, "start");
        else if (mysql_walk_take(walk, "minvalue"))
            code = take_number(walk, object, "minimum");
        else if (mysql_walk_take(walk, "maxvalue"))
            code = take_number(walk, object, "maximum");
        else if (mysql_walk_take2(walk, "increment", "by"))
            code = take_number(walk, object, "increment");
        else if (mysql_walk_take(walk, "cache"))
            code = take_number(walk, object, "cache");
        else if (mysql_walk_take(walk, "cycle"))
            code = dara_object_set_bool(object, "cycle", true);
        else if (mysql_walk_take(walk, "as"))
            code = mysql_set_slice(object, "type", (struct mysql_slice){walk->token.start, walk->token.length});
        else if (mysql_walk_take2(walk, "engine", "="))
            code = mysql_set_slice(object, "mysql.engine", (struct mysql_slice){walk->token.start, walk->token.length});
        else
            mysql_walk_next(walk);
    }
    return code;
}

int mysql_read_sequence(struct mysql_reading *reading, const char *name, const char *sql)
{
    struct mysql_walk walk;
    struct dara_object *object = NULL;
    struct dara_object_desc desc = {.size = sizeof(desc), .kind = "sequence", .name = name};
    int code = dara_model_add(reading->model, &desc, &object);
    mysql_walk_begin(&walk, mysql_slice_of(sql), 0);
    code = code ? code : read_sequence_words(&walk, object);
    return code ? code : dara_object_set_text(object, "sql", sql);
}
