/* SPDX-License-Identifier: MIT */
/* One key or constraint of SHOW CREATE TABLE. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "introspect.h"

enum { PARTS_MOST = 64 }; /* no server takes more columns in a key than 32 */

/* ---- parts of keys ------------------------------------------------------------------------------------------------------------ */

struct parts {
    char *columns[PARTS_MOST], *texts[PARTS_MOST];
    size_t count;
    bool plain; /* columns alone tell everything */
};

static void parts_free(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        free(parts->columns[i]);
        free(parts->texts[i]);
    }
}

/* "`name`(10) DESC", "(`a` + 1)": the column (or expression), and the whole. */
static int take_part(struct mysql_reading *reading, struct parts *parts, struct mysql_slice text)
{
    struct mysql_walk walk;
    struct mysql_buffer whole = {0};
    struct mysql_slice inside;
    char *column;
    mysql_walk_begin(&walk, text, 0);
    if (mysql_walk_group(&walk, &inside)) {
        mysql_buffer_add(&whole, "(");
        mysql_normal_expression(&whole, inside.start, inside.length, reading->database);
        mysql_buffer_add(&whole, ")");
        column = strdup(mysql_buffer_get(&whole));
    } else {
        column = mysql_walk_text(&walk);
        mysql_buffer_add(&whole, column ? column : "");
    }
    if (mysql_walk_group(&walk, &inside)) {
        parts->plain = false;
        mysql_buffer_add_bytes(&whole, inside.start - 1, inside.length + 2);
    }
    while (!mysql_walk_ended(&walk)) {
        bool up = mysql_walk_is(&walk, "asc");
        parts->plain = parts->plain && up;
        mysql_buffer_add(&whole, up ? "" : " ");
        mysql_buffer_add_bytes(&whole, up ? "" : walk.token.start, up ? 0 : walk.token.length);
        mysql_walk_next(&walk);
    }
    parts->columns[parts->count] = column;
    parts->texts[parts->count++] = whole.failed ? NULL : whole.bytes;
    return column && !whole.failed ? 0 : mysql_out_of_memory();
}

static int take_parts(struct mysql_reading *reading, struct mysql_walk *walk, struct parts *parts)
{
    int code = 0;
    parts->plain = true;
    if (!mysql_walk_take(walk, "("))
        return 0;
    while (!code && !mysql_walk_ended(walk) && !mysql_walk_is(walk, ")") && parts->count < PARTS_MOST) {
        code = take_part(reading, parts, mysql_walk_item(walk));
        mysql_walk_take(walk, ",");
    }
    mysql_walk_take(walk, ")");
    return code;
}

static int set_parts(struct dara_object *object, const struct parts *parts)
{
    int code = dara_object_set_list(object, "columns", (const char *const *)parts->columns, parts->count);
    if (!code && !parts->plain)
        code = dara_object_set_list(object, "mysql.key_parts", (const char *const *)parts->texts, parts->count);
    return code;
}

/* ---- what follows them ------------------------------------------------------------------------------------------------------------ */

struct options {
    char *using, *comment, *parser;
    bool invisible;
    struct mysql_buffer other;
};

static void options_free(struct options *options)
{
    free(options->using);
    free(options->comment);
    free(options->parser);
    mysql_buffer_free(&options->other);
}

/* InnoDB has blocks of one size for a whole table and takes no notice of a key's own, which MariaDB prints where they once were another's. */
static bool take_block_size(struct mysql_walk *walk, const struct mysql_table *table)
{
    if (!table->engine || strcasecmp(table->engine, "InnoDB") != 0 || !mysql_walk_take2(walk, "key_block_size", "="))
        return false;
    mysql_walk_next(walk);
    return true;
}

static void take_options(struct mysql_walk *walk, const struct mysql_table *table, struct options *options)
{
    while (!mysql_walk_ended(walk) && !mysql_walk_is(walk, "(")) {
        if (mysql_walk_take(walk, "using")) {
            free(options->using);
            options->using = mysql_walk_text(walk);
        } else if (mysql_walk_take(walk, "comment")) {
            free(options->comment);
            options->comment = mysql_walk_text(walk);
        } else if (mysql_walk_take2(walk, "with", "parser")) {
            free(options->parser);
            options->parser = mysql_walk_text(walk);
        } else if (mysql_walk_take(walk, "invisible") || mysql_walk_take(walk, "ignored")) {
            options->invisible = true;
        } else if (!take_block_size(walk, table)) {
            bool glued = walk->token.start == walk->passed;
            mysql_buffer_add(&options->other, options->other.length && !glued ? " " : "");
            mysql_buffer_add_bytes(&options->other, walk->token.start, walk->token.length);
            mysql_walk_next(walk);
        }
    }
}

/* BTREE is what there is without a word, but in memory. */
static int set_using(struct dara_object *object, const struct mysql_table *table, const char *using)
{
    bool memory = table->engine && (!strcasecmp(table->engine, "MEMORY") || !strcasecmp(table->engine, "HEAP"));
    if (!using || (!strcasecmp(using, "btree") && !memory) || (!strcasecmp(using, "hash") && memory))
        return 0;
    return dara_object_set_text(object, "mysql.using", !strcasecmp(using, "btree") ? "btree" : "hash");
}

/* ---- objects ---------------------------------------------------------------------------------------------------------------------- */

struct line {
    struct mysql_slice text;
    int position;
};

static int add(struct mysql_reading *reading, const struct mysql_table *table, const char *kind, const char *name,
               const char *comment, const struct line *line, struct dara_object **ret_object)
{
    struct dara_object *object = NULL;
    char *key = name ? mysql_fold(name) : NULL;
    if (!key)
        return mysql_out_of_memory();
    struct dara_object_desc desc = {.size = sizeof(desc),
                                    .kind = kind,
                                    .name = name,
                                    .key = key,
                                    .owner = table->object,
                                    .comment = comment && *comment ? comment : NULL};
    int code = dara_model_add(reading->model, &desc, &object);
    free(key);
    code = code ? code : dara_object_set_int(object, "position", line->position);
    code = code ? code : mysql_set_line(reading, object, line->text);
    if (!code)
        *ret_object = object;
    return code;
}

/* [UNIQUE|FULLTEXT|SPATIAL|VECTOR|PRIMARY] KEY has been passed over. */
static int read_index(struct mysql_reading *reading, const struct mysql_table *table, struct mysql_walk *walk,
                      const char *type, const struct line *line)
{
    struct parts parts = {0};
    struct options options = {0};
    struct dara_object *object = NULL;
    bool primary = !strcmp(type, "primary"), unique = !strcmp(type, "unique");
    char *name = primary ? strdup("PRIMARY") : mysql_walk_text(walk);
    take_options(walk, table, &options); /* USING may stand before the columns */
    int code = take_parts(reading, walk, &parts);
    take_options(walk, table, &options);
    code = code ? code : add(reading, table, primary ? "constraint" : "index", name, options.comment, line, &object);
    code = code ? code : set_parts(object, &parts);
    code = code ? code : set_using(object, table, options.using);
    if (!code && primary)
        code = dara_object_set_text(object, "type", "primary key");
    else if (!code)
        code = dara_object_set_bool(object, "unique", unique);
    if (!code && !primary && !unique && *type)
        code = dara_object_set_text(object, "mysql.type", type);
    if (!code && options.parser)
        code = dara_object_set_text(object, "mysql.parser", options.parser);
    if (!code && options.invisible && !primary)
        code = dara_object_set_bool(object, "mysql.invisible", true);
    code = code ? code : mysql_set_buffer(object, "mysql.other", &options.other);
    free(name);
    parts_free(&parts);
    options_free(&options);
    return code;
}

static int read_check(struct mysql_reading *reading, const struct mysql_table *table, struct mysql_walk *walk,
                      const char *name, const struct line *line)
{
    struct mysql_slice inside = {"", 0};
    struct mysql_buffer expression = {0};
    struct dara_object *object = NULL;
    mysql_walk_group(walk, &inside);
    int code = add(reading, table, "constraint", name, NULL, line, &object);
    code = code ? code : dara_object_set_text(object, "type", "check");
    mysql_normal_expression(&expression, inside.start, inside.length, reading->database);
    code = code ? code : mysql_set_buffer(object, "expression", &expression);
    if (!code && mysql_walk_take2(walk, "not", "enforced"))
        code = dara_object_set_bool(object, "mysql.not_enforced", true);
    mysql_buffer_free(&expression);
    return code;
}

/* NO ACTION and RESTRICT are the same here, and the same as nothing. */
static const char *take_action(struct mysql_walk *walk)
{
    if (mysql_walk_take(walk, "cascade"))
        return "cascade";
    if (mysql_walk_take2(walk, "set", "null"))
        return "set null";
    if (mysql_walk_take2(walk, "set", "default"))
        return "set default";
    if (!mysql_walk_take(walk, "restrict"))
        mysql_walk_take2(walk, "no", "action");
    return NULL;
}

static char *take_referenced(struct mysql_walk *walk)
{
    char *name = mysql_walk_text(walk), *second = NULL, *both = NULL;
    if (!mysql_walk_take(walk, "."))
        return name;
    second = mysql_walk_text(walk);
    if (name && second && (both = malloc(strlen(name) + strlen(second) + 2))) {
        memcpy(both, name, strlen(name));
        both[strlen(name)] = '.';
        memcpy(both + strlen(name) + 1, second, strlen(second) + 1);
    }
    free(name);
    free(second);
    return both;
}

static int read_foreign_key(struct mysql_reading *reading, const struct mysql_table *table, struct mysql_walk *walk,
                            const char *name, const struct line *line)
{
    struct parts parts = {0}, referenced = {0};
    struct dara_object *object = NULL;
    int code = add(reading, table, "constraint", name, NULL, line, &object);
    code = code ? code : dara_object_set_text(object, "type", "foreign key");
    code = code ? code : take_parts(reading, walk, &parts);
    code = code ? code : set_parts(object, &parts);
    mysql_walk_take(walk, "references");
    char *references = take_referenced(walk);
    if (!code)
        code = references ? dara_object_set_text(object, "references", references) : mysql_out_of_memory();
    code = code ? code : take_parts(reading, walk, &referenced);
    if (!code)
        code = dara_object_set_list(object, "referenced_columns", (const char *const *)referenced.columns,
                                    referenced.count);
    while (!code && !mysql_walk_ended(walk)) {
        if (mysql_walk_take2(walk, "on", "delete"))
            code = dara_object_set_text(object, "on_delete", take_action(walk));
        else if (mysql_walk_take2(walk, "on", "update"))
            code = dara_object_set_text(object, "on_update", take_action(walk));
        else
            mysql_walk_next(walk);
    }
    code = code ? code : dara_object_depend(object, "table", NULL, references);
    free(references);
    parts_free(&parts);
    parts_free(&referenced);
    return code;
}

int mysql_read_key(struct mysql_reading *reading, const struct mysql_table *table, struct mysql_slice text,
                   int position, bool *ret_known)
{
    static const char *const types[] = {"primary", "unique", "fulltext", "spatial", "vector"};
    struct line line = {text, position};
    struct mysql_walk walk;
    mysql_walk_begin(&walk, text, 0);
    *ret_known = true;
    if (mysql_walk_take(&walk, "key"))
        return read_index(reading, table, &walk, "", &line);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (mysql_walk_take2(&walk, types[i], "key"))
            return read_index(reading, table, &walk, types[i], &line);
    char *name = mysql_walk_take(&walk, "constraint") ? mysql_walk_text(&walk) : NULL;
    int code = 0;
    if (name && mysql_walk_take2(&walk, "foreign", "key"))
        code = read_foreign_key(reading, table, &walk, name, &line);
    else if (name && mysql_walk_take(&walk, "check"))
        code = read_check(reading, table, &walk, name, &line);
    else
        *ret_known = false;
    free(name);
    return code;
}
