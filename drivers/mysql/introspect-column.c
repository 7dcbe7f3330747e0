/* SPDX-License-Identifier: MIT */
/* One column of SHOW CREATE TABLE. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "introspect.h"

struct column {
    char *name, *type_word, *charset, *collation, *comment;
    struct mysql_slice collate; /* the clause */
    struct mysql_slice type_arguments, generated, initial, on_update, check;
    const char *generated_row; /* "ROW START", "ROW END" */
    bool is_unsigned, zerofill, not_null, stored, auto_increment, invisible;
    int64_t srid; /* -1 = none */
    struct mysql_buffer other;
};

static void clear(struct column *column)
{
    free(column->name);
    free(column->type_word);
    free(column->charset);
    free(column->collation);
    free(column->comment);
    mysql_buffer_free(&column->other);
}

/* ---- reading ---------------------------------------------------------------------------------------------------------------- */

/* Where a default ends. */
static bool ends_value(const struct mysql_walk *walk)
{
    static const char *const words[] = {"on",
                                        "auto_increment",
                                        "comment",
                                        "invisible",
                                        "check",
                                        "generated",
                                        "srid",
                                        "column_format",
                                        "storage",
                                        "without",
                                        "engine_attribute",
                                        "not",
                                        "null",
                                        "compressed",
                                        "versioned"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mysql_walk_is(walk, words[i]))
            return true;
    return mysql_walk_ended(walk);
}

static struct mysql_slice take_value(struct mysql_walk *walk)
{
    const char *start = walk->token.start;
    struct mysql_slice ignored;
    do
        if (!mysql_walk_group(walk, &ignored))
            mysql_walk_next(walk);
    while (!ends_value(walk));
    return (struct mysql_slice){start, (size_t)(walk->passed - start)};
}

static void take_text(struct mysql_walk *walk, char **to)
{
    free(*to);
    *to = mysql_walk_text(walk);
}

static void take_generated(struct mysql_walk *walk, struct column *column)
{
    if (mysql_walk_group(walk, &column->generated))
        return;
    mysql_walk_take(walk, "row");
    column->generated_row = mysql_walk_take(walk, "start") ? "ROW START" : "ROW END";
    mysql_walk_take(walk, "end");
}

/* What only one word says. */
static bool take_flag(struct mysql_walk *walk, struct column *column)
{
    const struct {
        const char *word;
        bool *flag;
    } flags[] = {
        {"unsigned", &column->is_unsigned},
        {"zerofill", &column->zerofill},
        {"stored", &column->stored},
        {"persistent", &column->stored},
        {"auto_increment", &column->auto_increment},
        {"invisible", &column->invisible},
    };
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        if (mysql_walk_take(walk, flags[i].word)) {
            *flags[i].flag = true;
            return true;
        }
    return mysql_walk_take(walk, "virtual") || mysql_walk_take(walk, "null");
}

static bool take_srid(struct mysql_walk *walk, struct column *column)
{
    if (!mysql_walk_take(walk, "srid") && !mysql_walk_take2(walk, "ref_system_id", "="))
        return false;
    column->srid = strtoll(walk->token.start, NULL, 10);
    mysql_walk_next(walk);
    return true;
}

static void take_attribute(struct mysql_walk *walk, struct column *column)
{
    if (take_flag(walk, column) || take_srid(walk, column))
        return;
    if (mysql_walk_take2(walk, "character", "set")) {
        take_text(walk, &column->charset);
    } else if (mysql_walk_is(walk, "collate")) {
        const char *start = walk->passed;
        mysql_walk_next(walk);
        take_text(walk, &column->collation);
        column->collate = (struct mysql_slice){start, (size_t)(walk->passed - start)};
    } else if (mysql_walk_take2(walk, "generated", "always")) {
        mysql_walk_take(walk, "as");
        take_generated(walk, column);
    } else if (mysql_walk_take2(walk, "not", "null")) {
        column->not_null = true;
    } else if (mysql_walk_take(walk, "default")) {
        column->initial = take_value(walk);
    } else if (mysql_walk_take2(walk, "on", "update")) {
        column->on_update = take_value(walk);
    } else if (mysql_walk_take(walk, "comment")) {
        take_text(walk, &column->comment);
    } else if (mysql_walk_take(walk, "check")) {
        if (!mysql_walk_group(walk, &column->check))
            mysql_walk_next(walk);
    } else {
        mysql_buffer_add(&column->other, column->other.length ? " " : "");
        mysql_buffer_add_bytes(&column->other, walk->token.start, walk->token.length);
        mysql_walk_next(walk);
    }
}

static int parse(struct mysql_slice line, struct column *column)
{
    struct mysql_walk walk;
    mysql_walk_begin(&walk, line, 0);
    column->srid = -1;
    column->name = mysql_walk_text(&walk);
    column->type_word = mysql_walk_text(&walk);
    struct mysql_slice inside;
    if (mysql_walk_group(&walk, &inside))
        column->type_arguments = (struct mysql_slice){inside.start - 1, inside.length + 2};
    while (!mysql_walk_ended(&walk))
        take_attribute(&walk, column);
    return column->name && column->type_word ? mysql_buffer_check(&column->other) : mysql_out_of_memory();
}

/* ---- defaults ----------------------------------------------------------------------------------------------------------------- */

/* A number, which MySQL prints in quotes and MariaDB does not. */
static bool is_number(const char *text)
{
    return strspn(text, "0123456789.+-eE") == strlen(text) && strpbrk(text, "0123456789") && *text != 'e' &&
           *text != 'E';
}

static bool is_now(const char *text)
{
    return strncmp(text, "current_timestamp", strlen("current_timestamp")) == 0 || strncmp(text, "now(", 4) == 0;
}

static void add_now(struct mysql_buffer *out, const char *text)
{
    const char *digits = strchr(text, '(');
    mysql_buffer_add(out, "CURRENT_TIMESTAMP");
    if (digits && digits[1] >= '1' && digits[1] <= '6')
        mysql_buffer_format(out, "(%c)", digits[1]);
}

/* The only token, if it is a string. */
static bool add_only_string(struct mysql_buffer *out, const char *text)
{
    struct mysql_walk walk;
    mysql_walk_begin(&walk, mysql_slice_of(text), 0);
    struct mysql_token token = walk.token;
    mysql_walk_next(&walk);
    if (token.type != MYSQL_TOKEN_STRING || walk.token.type != MYSQL_TOKEN_END)
        return false;
    char *value = mysql_token_text(&token, 0);
    if (value)
        mysql_buffer_add_string(out, value, strlen(value));
    else
        out->failed = true;
    free(value);
    return true;
}

static bool is_bits(const char *text)
{
    return (*text == 'b' || *text == 'x') && text[1] == '\'';
}

static void add_default(const struct mysql_reading *reading, struct mysql_buffer *out, struct mysql_slice value)
{
    struct mysql_buffer text = {0};
    if (value.length == 4 && strncasecmp(value.start, "NULL", 4) == 0)
        return;
    mysql_normal_expression(&text, value.start, value.length, reading->database);
    const char *normal = mysql_buffer_get(&text);
    if (add_only_string(out, normal))
        ;
    else if (is_number(normal))
        mysql_buffer_format(out, "'%s'", normal);
    else if (is_now(normal))
        add_now(out, normal);
    else if (is_bits(normal))
        mysql_buffer_add(out, normal);
    else
        mysql_buffer_format(out, "(%s)", normal);
    out->failed = out->failed || text.failed;
    mysql_buffer_free(&text);
}

/* ---- setting ------------------------------------------------------------------------------------------------------------------ */

static bool has_text(const char *type)
{
    static const char *const types[] = {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (strcasecmp(type, types[i]) == 0)
            return true;
    return false;
}

/* What counts for the column, whoever says it. */
static const char *effective_collation(const struct mysql_reading *reading, const struct mysql_table *table,
                                       const struct column *column)
{
    if (column->collation)
        return column->collation;
    const char *own = column->charset ? mysql_reading_collation(reading, column->charset) : NULL;
    return own ? own : table->collation;
}

/* MariaDB's JSON: a text with a check of its own. */
static bool is_json(const struct mysql_reading *reading, const struct column *column, const char *collation,
                    const char *check)
{
    struct mysql_buffer wanted = {0};
    if (!reading->conn->mariadb || strcasecmp(column->type_word, "longtext") != 0 ||
        strcmp(collation, "utf8mb4_bin") != 0)
        return false;
    mysql_buffer_add(&wanted, "json_valid(");
    mysql_buffer_add_name(&wanted, column->name);
    mysql_buffer_add(&wanted, ")");
    bool same = strcmp(mysql_buffer_get(&wanted), check) == 0;
    mysql_buffer_free(&wanted);
    return same;
}

static int set_type(struct mysql_reading *reading, const struct mysql_table *table, const struct column *column,
                    struct dara_object *object)
{
    struct mysql_buffer buffer = {0}, check = {0}, arguments = {0}, collation = {0};
    const char *effective = effective_collation(reading, table, column);
    mysql_normal_charset(&collation, effective, strlen(effective));
    mysql_buffer_add_bytes(&arguments, column->type_arguments.start, column->type_arguments.length);
    if (column->check.start)
        mysql_normal_expression(&check, column->check.start, column->check.length, reading->database);
    bool json = is_json(reading, column, mysql_buffer_get(&collation), mysql_buffer_get(&check));
    mysql_normal_type(&buffer, json ? "json" : column->type_word, mysql_buffer_get(&arguments), column->is_unsigned,
                      column->zerofill);
    int code = mysql_set_buffer(object, "type", &buffer);
    if (!code && !json)
        code = mysql_set_buffer(object, "mysql.check", &check);
    if (!code && !json && has_text(column->type_word))
        code = mysql_set_buffer(object, "collation", &collation);
    mysql_buffer_free(&buffer);
    mysql_buffer_free(&check);
    mysql_buffer_free(&arguments);
    mysql_buffer_free(&collation);
    return code;
}

static int set_values(struct mysql_reading *reading, const struct column *column, struct dara_object *object)
{
    struct mysql_buffer buffer = {0};
    int code = dara_object_set_bool(object, "not_null", column->not_null);
    if (!code && column->initial.start) {
        add_default(reading, &buffer, column->initial);
        code = mysql_set_buffer(object, "default", &buffer);
    }
    if (!code && column->on_update.start) {
        add_default(reading, &buffer, column->on_update);
        code = mysql_set_buffer(object, "mysql.on_update", &buffer);
    }
    if (!code && column->generated.start) {
        mysql_normal_expression(&buffer, column->generated.start, column->generated.length, reading->database);
        code = mysql_set_buffer(object, "generated", &buffer);
    }
    if (!code && column->generated_row)
        code = dara_object_set_text(object, "generated", column->generated_row);
    if (!code && column->generated.start)
        code = dara_object_set_text(object, "generated_kind", column->stored ? "stored" : "virtual");
    mysql_buffer_free(&buffer);
    return code;
}

/* MySQL prints the collation of a column that has it from its table; made from that print the column would have its own. */
static int set_sql(const struct mysql_reading *reading, const struct mysql_table *table, const struct column *column,
                   struct dara_object *object, struct mysql_slice line)
{
    struct mysql_buffer text = {0};
    if (!column->collation || column->charset || strcmp(column->collation, table->collation) != 0)
        return mysql_set_line(reading, object, line);
    const char *after = column->collate.start + column->collate.length;
    mysql_buffer_add_bytes(&text, line.start, (size_t)(column->collate.start - line.start));
    mysql_buffer_add_bytes(&text, after, (size_t)(line.start + line.length - after));
    int code = mysql_buffer_check(&text);
    code = code ? code : mysql_set_line(reading, object, (struct mysql_slice){text.bytes, text.length});
    mysql_buffer_free(&text);
    return code;
}

static int set_rest(struct column *column, struct dara_object *object)
{
    int code = 0;
    if (column->auto_increment)
        code = dara_object_set_bool(object, "mysql.auto_increment", true);
    if (!code && column->invisible)
        code = dara_object_set_bool(object, "mysql.invisible", true);
    if (!code && column->srid >= 0)
        code = dara_object_set_int(object, "mysql.srid", column->srid);
    return code ? code : mysql_set_buffer(object, "mysql.other", &column->other);
}

int mysql_read_column(struct mysql_reading *reading, const struct mysql_table *table, struct mysql_slice line)
{
    struct column column = {0};
    int code = parse(line, &column);
    char *key = code ? NULL : mysql_fold(column.name);
    struct dara_object *object = NULL;
    if (!code)
        code = key ? 0 : DARA_EINTERNAL;
    struct dara_object_desc desc = {.size = sizeof(desc),
                                    .kind = "column",
                                    .name = column.name,
                                    .key = key,
                                    .owner = table->object,
                                    .comment = column.comment && *column.comment ? column.comment : NULL};
    code = code ? code : dara_model_add(reading->model, &desc, &object);
    code = code ? code : set_type(reading, table, &column, object);
    code = code ? code : set_values(reading, &column, object);
    code = code ? code : set_rest(&column, object);
    code = code ? code : set_sql(reading, table, &column, object, line);
    free(key);
    clear(&column);
    return code;
}
