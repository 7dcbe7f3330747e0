/* SPDX-License-Identifier: MIT */
/* The server's own text is written where the model has it: it makes the object as it was, word for word. */
#include "render.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "change.h"
#include "walk.h"

bool mysql_is(const struct dara_object *object, const char *kind)
{
    return strcmp(dara_object_kind(object)->name, kind) == 0;
}

bool mysql_has_text(const struct dara_object *object, const char *property, const char *value)
{
    const char *text = dara_object_text(object, property);
    return text && strcmp(text, value) == 0;
}

bool mysql_is_broken(const struct dara_object *object)
{
    return mysql_is(object, "view") && dara_object_bool(object, "mysql.broken", false);
}

/* ---- tables ------------------------------------------------------------------------------------------------------------------------- */

static int by_position(const void *a, const void *b)
{
    int64_t left = dara_object_int(*(const struct dara_object *const *)a, "position", 0);
    int64_t right = dara_object_int(*(const struct dara_object *const *)b, "position", 0);
    return (left > right) - (left < right);
}

const struct dara_object **mysql_render_keys(const struct dara_object *table, size_t *ret_count)
{
    size_t count = 0, room = 0;
    const struct dara_object **list = NULL, *part = NULL;
    while ((part = dara_object_owned(table, NULL, part)))
        room++;
    list = malloc((room + 1) * sizeof(*list));
    if (!list)
        return NULL;
    while ((part = dara_object_owned(table, NULL, part)))
        if (mysql_is(part, "constraint") || mysql_is(part, "index"))
            list[count++] = part;
    if (count)
        qsort(list, count, sizeof(*list), by_position);
    *ret_count = count;
    return list;
}

static void add_line(struct mysql_buffer *out, const char *text, bool *first)
{
    mysql_buffer_add(out, *first ? "\n  " : ",\n  ");
    mysql_buffer_add(out, text);
    *first = false;
}

static void add_keys(struct mysql_buffer *out, const struct dara_object *table, bool foreign_keys, bool *first)
{
    size_t count = 0;
    const struct dara_object **list = mysql_render_keys(table, &count);
    out->failed = out->failed || !list;
    for (size_t i = 0; i < count; i++)
        if (foreign_keys || !mysql_has_text(list[i], "type", "foreign key"))
            add_line(out, dara_object_text(list[i], "sql"), first);
    free(list);
}

static void create_table(struct mysql_buffer *out, const struct dara_object *table, bool foreign_keys)
{
    const char *const *periods = NULL;
    const struct dara_object *column = NULL;
    bool first = true;
    mysql_buffer_add(out, "CREATE TABLE ");
    mysql_buffer_add_name(out, dara_object_name(table));
    mysql_buffer_add(out, " (");
    while ((column = dara_object_owned(table, "column", column)))
        add_line(out, dara_object_text(column, "sql"), &first);
    add_keys(out, table, foreign_keys, &first);
    size_t count = dara_object_list(table, "mysql.periods", &periods);
    for (size_t i = 0; i < count; i++)
        add_line(out, periods[i], &first);
    mysql_buffer_format(out, "\n) %s", dara_object_text(table, "sql") ? dara_object_text(table, "sql") : "");
}

/* ---- what has a definer --------------------------------------------------------------------------------------------------------------- */

/* DEFINER=`user`@`host` and a space; nothing where there is no object, or it has none. */
static void add_definer(struct mysql_buffer *out, const struct dara_object *whose)
{
    const char *definer = whose ? dara_object_text(whose, "definer") : NULL;
    const char *at = definer ? strrchr(definer, '@') : NULL;
    char *user = definer ? strndup(definer, at ? (size_t)(at - definer) : strlen(definer)) : NULL;
    if (!definer)
        return;
    mysql_buffer_add(out, "DEFINER=");
    mysql_buffer_add_name(out, user ? user : "");
    if (at) {
        mysql_buffer_add(out, "@");
        mysql_buffer_add_name(out, at + 1);
    }
    mysql_buffer_add(out, " ");
    out->failed = out->failed || !user;
    free(user);
}

/* The server's text of a program, which names the definer that it had. */
static void add_sql(struct mysql_buffer *out, const char *sql, const struct dara_object *whose)
{
    struct mysql_walk walk;
    mysql_walk_begin(&walk, mysql_slice_of(sql), 0);
    if (mysql_walk_take(&walk, "create")) {
        mysql_buffer_add(out, "CREATE ");
        add_definer(out, whose);
        free(mysql_walk_definer(&walk));
        sql = walk.token.start;
    }
    mysql_buffer_add(out, sql);
}

static void create_view(struct mysql_buffer *out, const struct dara_object *view, const struct dara_object *whose)
{
    const char *algorithm = dara_object_text(view, "mysql.algorithm"),
               *check = dara_object_text(view, "mysql.check_option");
    const char *const *columns = NULL;
    size_t count = dara_object_list(view, "columns", &columns);
    mysql_buffer_format(out, "CREATE ALGORITHM=%s ",
                        !algorithm                   ? "UNDEFINED"
                        : strcmp(algorithm, "merge") ? "TEMPTABLE"
                                                     : "MERGE");
    add_definer(out, whose);
    mysql_buffer_format(out, "SQL SECURITY %s %sVIEW ",
                        mysql_has_text(view, "mysql.security", "invoker") ? "INVOKER" : "DEFINER",
                        mysql_has_text(view, "type", "json duality") ? "JSON RELATIONAL DUALITY " : "");
    mysql_buffer_add_name(out, dara_object_name(view));
    for (size_t i = 0; i < count; i++) {
        mysql_buffer_add(out, i ? "," : " (");
        mysql_buffer_add_name(out, columns[i]);
    }
    const char *query = dara_object_text(view, "sql");
    mysql_buffer_format(out, "%s AS %s", count ? ")" : "", query ? query : dara_object_text(view, "definition"));
    if (check)
        mysql_buffer_format(out, " WITH %s CHECK OPTION", strcmp(check, "local") ? "CASCADED" : "LOCAL");
}

/* Only where the author had named the database: with its name the text would not load into another one. */
static void create_trigger(struct mysql_buffer *out, const struct dara_object *trigger, const struct dara_object *whose)
{
    mysql_buffer_add(out, "CREATE ");
    add_definer(out, whose);
    mysql_buffer_add(out, "TRIGGER ");
    mysql_buffer_add_name(out, dara_object_name(trigger));
    mysql_buffer_format(out, " %s %s ON ", dara_object_text(trigger, "timing"), dara_object_text(trigger, "event"));
    mysql_buffer_add_name(out, dara_object_name(dara_object_owner(trigger)));
    mysql_buffer_format(out, " FOR EACH ROW %s", dara_object_text(trigger, "definition"));
}

void mysql_render_create(struct mysql_buffer *out, const struct dara_object *object, bool foreign_keys,
                         const struct dara_object *whose)
{
    const char *sql = dara_object_text(object, "sql");
    if (mysql_is(object, "setting"))
        mysql_buffer_format(out, "ALTER DATABASE COLLATE %s", dara_object_text(object, "value"));
    else if (mysql_is(object, "table"))
        create_table(out, object, foreign_keys);
    else if (mysql_is(object, "view"))
        create_view(out, object, whose);
    else if (!sql && mysql_is(object, "trigger"))
        create_trigger(out, object, whose);
    else if (sql)
        add_sql(out, sql, whose);
}

/* ---- files ------------------------------------------------------------------------------------------------------------------------------ */

const char *mysql_render_delimiter(const char *statement)
{
    static const char *const delimiters[] = {";;", "$$", "//", "||", "@@", "%%", "!!", "##"};
    if (!strchr(statement, ';'))
        return ";";
    for (size_t i = 0; i < sizeof(delimiters) / sizeof(delimiters[0]); i++)
        if (!strstr(statement, delimiters[i]))
            return delimiters[i];
    return "$dara$";
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

/* The file is UTF-8: under another character set its bytes would be other characters. */
static bool fits_utf8(const char *charset, const char *text)
{
    return strncmp(charset, "utf8", 4) == 0 ||
           (is_ascii(text) && strncmp(charset, "utf", 3) != 0 && strcmp(charset, "ucs2") != 0);
}

/* A word that only MariaDB takes stands where only MariaDB reads it. */
static void add_sql_mode(struct mysql_buffer *out, const struct dara_object *object)
{
    const char *mode = dara_object_text(object, "mysql.sql_mode");
    bool more = dara_object_bool(object, "mysql.no_auto_create_user", false);
    mysql_buffer_add(out, more ? "sql_mode = CONCAT(" : "sql_mode = ");
    mysql_buffer_add_string(out, mode ? mode : "", mode ? strlen(mode) : 0);
    if (more)
        mysql_buffer_format(out, "/*M! , '%sNO_AUTO_CREATE_USER'*/)", mode ? "," : "");
    mysql_buffer_add(out, ", ");
}

bool mysql_render_made_under(struct mysql_buffer *out, const struct dara_object *object)
{
    const char *client = dara_object_text(object, "mysql.character_set_client"), *sql = dara_object_text(object, "sql");
    const char *connection = dara_object_text(object, "mysql.collation_connection");
    const char *zone = dara_object_text(object, "mysql.time_zone");
    if (!client)
        return false;
    mysql_buffer_add(out, "SET SESSION ");
    if (!mysql_is(object, "view"))
        add_sql_mode(out, object);
    if (zone) {
        mysql_buffer_add(out, "time_zone = ");
        mysql_buffer_add_string(out, zone, strlen(zone));
        mysql_buffer_add(out, ", ");
    }
    mysql_buffer_format(out, "character_set_client = %s, collation_connection = %s",
                        sql && fits_utf8(client, sql) ? client : "utf8mb4", connection);
    return true;
}

/* Its text for people, not for the server: behind "-- " on each line. */
static int render_broken(const struct dara_object *view, const struct dara_object *whose, struct dara_text *out)
{
    struct mysql_buffer text = {0};
    mysql_render_create(&text, view, true, whose);
    dara_text_add(out, "-- a view over what is gone, which no server makes again:\n-- ");
    for (const char *at = mysql_buffer_get(&text); *at; at++) {
        dara_text_add_bytes(out, at, 1);
        if (*at == '\n' || *at == '\r')
            dara_text_add(out, "-- ");
    }
    dara_text_add(out, "\n");
    int code = mysql_buffer_check(&text);
    mysql_buffer_free(&text);
    return code;
}

/* What begin_snapshot sets, and what an object's own settings are taken back to. */
#define MODE "sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00'"

void mysql_render_in_file(struct dara_text *out, const char *statement, bool body)
{
    const char *delimiter = body ? mysql_render_delimiter(statement) : ";";
    bool other = strcmp(delimiter, ";") != 0;
    if (other)
        dara_text_format(out, "DELIMITER %s\n", delimiter);
    dara_text_add(out, statement);
    dara_text_add(out, delimiter);
    dara_text_add(out, "\n");
    if (other)
        dara_text_add(out, "DELIMITER ;\n");
}

/* CREATE [DEFINER = …] PROCEDURE and the like. */
int mysql_dialect_write(const char *text, size_t length, struct dara_text *out)
{
    static const char *const programs[] = {"procedure", "function", "trigger", "event", "package", "aggregate"};
    struct mysql_walk walk;
    bool body = false;
    mysql_walk_begin(&walk, (struct mysql_slice){text, length}, 0);
    if (mysql_walk_take(&walk, "create")) {
        free(mysql_walk_definer(&walk));
        for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
            body = body || mysql_walk_is(&walk, programs[i]);
    }
    mysql_render_in_file(out, text, body);
    return 0;
}

static int render(const struct dara_object *object, const struct dara_object *whose, struct dara_text *out)
{
    struct mysql_buffer statement = {0}, settings = {0};
    if (mysql_is_broken(object))
        return render_broken(object, whose, out);
    bool set = mysql_render_made_under(&settings, object);
    mysql_render_create(&statement, object, true, whose);
    /* What has no body has its semicolons inside quotes, which clients see. */
    bool body = dara_object_has(object, "mysql.character_set_client") && !mysql_is(object, "view");
    if (set)
        dara_text_format(out, "%s;\n", mysql_buffer_get(&settings));
    mysql_render_in_file(out, mysql_buffer_get(&statement), body);
    if (set)
        dara_text_add(out, "SET NAMES utf8mb4;\nSET SESSION " MODE ";\n");
    int code = mysql_buffer_check(settings.failed ? &settings : &statement);
    mysql_buffer_free(&statement);
    mysql_buffer_free(&settings);
    return code;
}

int mysql_dialect_render(const struct dara_object *object, struct dara_text *out)
{
    return render(object, object, out);
}

int mysql_dialect_render_unowned(const struct dara_object *object, struct dara_text *out)
{
    return render(object, NULL, out);
}

/* Definers are part of each definition. */
int mysql_dialect_render_asked(const struct dara_object *object, unsigned scope, struct dara_text *out)
{
    (void)object, (void)scope, (void)out;
    return 0;
}

/* Comments inside routines are taken out by the client unless it is told to leave them. */
int mysql_dialect_begin_snapshot(const struct dara_model *model, struct dara_text *out)
{
    dara_text_add(out,
                  "-- schema of a MySQL or MariaDB database, written by dara; load it into an empty database with\n"
                  "-- mysql --comments --binary-mode DATABASE, or mariadb likewise\n"
                  "SET NAMES utf8mb4;\n"
                  "SET SESSION " MODE ";\n"
                  "SET SESSION foreign_key_checks = 0, unique_checks = 0;\n");
    mysql_render_loose_keys(model, out);
    return 0;
}

int mysql_dialect_end_snapshot(const struct dara_model *model, struct dara_text *out)
{
    (void)model;
    dara_text_add(out, "SET SESSION foreign_key_checks = 1, unique_checks = 1;\n");
    return 0;
}
