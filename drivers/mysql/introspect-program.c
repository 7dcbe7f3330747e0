/* SPDX-License-Identifier: MIT */
/* What has a body: routines, packages, events, triggers; and views. The server prints each as its author wrote it, but for the head. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "introspect.h"

/* ---- what is common ------------------------------------------------------------------------------------------------------------ */

/* How text that was made under a sql_mode is to be read. */
static unsigned modes_of(const char *sql_mode)
{
    unsigned modes = 0;
    if (sql_mode && strstr(sql_mode, "ANSI_QUOTES"))
        modes |= MYSQL_MODE_ANSI_QUOTES;
    if (sql_mode && strstr(sql_mode, "NO_BACKSLASH_ESCAPES"))
        modes |= MYSQL_MODE_NO_BACKSLASH_ESCAPES;
    return modes;
}

/* NO_AUTO_CREATE_USER means nothing any more, and only MariaDB knows it, which has it on by itself. */
static int set_sql_mode(struct dara_object *object, const char *sql_mode)
{
    static const char gone[] = "NO_AUTO_CREATE_USER";
    struct mysql_buffer kept = {0};
    bool had = false;
    for (const char *at = sql_mode ? sql_mode : ""; *at;) {
        size_t length = strcspn(at, ",");
        if (length != sizeof(gone) - 1 || memcmp(at, gone, length) != 0) {
            mysql_buffer_add(&kept, kept.length ? "," : "");
            mysql_buffer_add_bytes(&kept, at, length);
        } else {
            had = true;
        }
        at += length + (at[length] == ',');
    }
    int code = mysql_set_buffer(object, "mysql.sql_mode", &kept);
    if (!code && had)
        code = dara_object_set_bool(object, "mysql.no_auto_create_user", true);
    mysql_buffer_free(&kept);
    return code;
}

/* A definer whose account was dropped: the object is there, and whoever uses it is refused. A role has no host. */
static int check_definer(const struct mysql_reading *reading, const struct dara_object *object, const char *definer)
{
    struct mysql_buffer why = {0};
    size_t length = definer ? strlen(definer) : 0;
    MYSQL_ROW row;
    if (!definer || !reading->accounts)
        return 0;
    mysql_data_seek(reading->accounts, 0);
    while ((row = mysql_fetch_row(reading->accounts)))
        if (row[0] &&
            (strcmp(row[0], definer) == 0 || (!strncmp(row[0], definer, length) && !strcmp(row[0] + length, "@"))))
            return 0;
    mysql_buffer_format(&why, "its definer '%s' is no account of this server: whoever uses it is refused", definer);
    int code = mysql_buffer_check(&why);
    code = code ? code
                : dara_model_unrepresented(reading->model, dara_object_kind(object)->name, dara_object_name(object),
                                           mysql_buffer_get(&why));
    mysql_buffer_free(&why);
    return code;
}

static int set_made_under(const struct mysql_reading *reading, struct dara_object *object,
                          const struct mysql_made_under *made, const char *definer)
{
    int code = check_definer(reading, object, definer);
    code = code ? code : dara_object_set_text(object, "definer", definer);
    code = code ? code : dara_object_set_text(object, "mysql.character_set_client", made->client);
    code = code ? code : dara_object_set_text(object, "mysql.collation_connection", made->connection);
    return code ? code : dara_object_set_text(object, "sql", made->sql);
}

static int unread(struct mysql_reading *reading, const char *family, const char *name)
{
    return dara_model_unrepresented(reading->model, family, name, "its definition could not be read");
}

/* ---- routines and packages --------------------------------------------------------------------------------------------------------- */

/* A type as in a column, with the collation it has by itself or is given. */
static int set_returns(struct mysql_reading *reading, struct dara_object *object, struct mysql_slice text)
{
    struct mysql_walk walk;
    struct mysql_buffer type = {0}, arguments = {0};
    struct mysql_slice inside;
    bool is_unsigned = false, zerofill = false;
    char *charset = NULL, *collation = NULL;
    mysql_walk_begin(&walk, text, 0);
    char *word = mysql_walk_text(&walk);
    if (mysql_walk_group(&walk, &inside))
        mysql_buffer_add_bytes(&arguments, inside.start - 1, inside.length + 2);
    while (!mysql_walk_ended(&walk)) {
        if (mysql_walk_take(&walk, "unsigned"))
            is_unsigned = true;
        else if (mysql_walk_take(&walk, "zerofill"))
            zerofill = true;
        else if (mysql_walk_take(&walk, "charset"))
            charset = charset ? charset : mysql_walk_text(&walk);
        else if (mysql_walk_take(&walk, "collate"))
            collation = collation ? collation : mysql_walk_text(&walk);
        else
            mysql_walk_next(&walk);
    }
    mysql_normal_type(&type, word ? word : "", mysql_buffer_get(&arguments), is_unsigned, zerofill);
    const char *effective = collation ? collation : charset ? mysql_reading_collation(reading, charset) : NULL;
    if (effective) {
        mysql_buffer_add(&type, " collate ");
        mysql_normal_charset(&type, effective, strlen(effective));
    }
    int code = mysql_set_buffer(object, "mysql.returns", &type);
    free(word);
    free(charset);
    free(collation);
    mysql_buffer_free(&type);
    mysql_buffer_free(&arguments);
    return code;
}

/* Parameters, RETURNS on a line of its own, characteristics and body. In ORACLE mode the author's text is not cut. */
static int set_routine(struct mysql_reading *reading, struct dara_object *object, struct mysql_walk *walk, bool oracle)
{
    struct mysql_slice inside;
    int code = 0;
    if (!oracle && mysql_walk_group(walk, &inside))
        code = mysql_set_slice(object, "mysql.parameters", mysql_slice_trim(inside));
    if (!code && !oracle && mysql_walk_take(walk, "returns")) {
        struct mysql_slice rest = mysql_walk_rest(walk);
        const char *end = memchr(rest.start, '\n', rest.length);
        size_t length = end ? (size_t)(end - rest.start) : rest.length;
        code = set_returns(reading, object, (struct mysql_slice){rest.start, length});
        rest = (struct mysql_slice){rest.start + length, rest.length - length};
        return code ? code : mysql_set_slice(object, "definition", mysql_slice_trim(rest));
    }
    return code ? code : mysql_set_slice(object, "definition", mysql_slice_trim(mysql_walk_rest(walk)));
}

static int add_routine(struct mysql_reading *reading, const char *type, const char *name,
                       struct dara_object **ret_object)
{
    struct mysql_buffer key = {0};
    bool package = strncmp(type, "package", 7) == 0, body = strcmp(type, "package body") == 0;
    char *folded = mysql_fold(name);
    if (!folded)
        return DARA_EINTERNAL;
    mysql_buffer_format(&key, "%s %s", body ? "package" : type, folded);
    struct mysql_known *known = mysql_known_find(reading->routines, reading->routine_count, mysql_buffer_get(&key));
    struct dara_object_desc desc = {.size = sizeof(desc),
                                    .kind = body      ? "package_body"
                                            : package ? "package"
                                                      : "routine",
                                    .name = name,
                                    .key = package ? folded : key.bytes,
                                    .owner = body && known ? known->object : NULL};
    int code = mysql_buffer_check(&key);
    code = code ? code : dara_model_add(reading->model, &desc, ret_object);
    if (!code && !package)
        code = dara_object_set_text(*ret_object, "type", type);
    if (!code && known && !body)
        known->object = *ret_object;
    mysql_buffer_free(&key);
    free(folded);
    return code;
}

int mysql_read_routine(struct mysql_reading *reading, const char *type, const char *name,
                       const struct mysql_made_under *made)
{
    struct mysql_walk walk;
    struct dara_object *object = NULL;
    const char *kind = strcmp(type, "package body") ? type[1] == 'a' ? "package" : "routine" : "package_body";
    mysql_walk_begin(&walk, mysql_slice_of(made->sql), modes_of(made->sql_mode));
    mysql_walk_take(&walk, "create");
    char *definer = mysql_walk_definer(&walk);
    bool aggregate = mysql_walk_take(&walk, "aggregate");
    while (walk.token.type == MYSQL_TOKEN_WORD) /* FUNCTION, PACKAGE BODY */
        mysql_walk_next(&walk);
    mysql_walk_next(&walk); /* the name */
    int code = mysql_walk_ended(&walk) ? unread(reading, kind, name) : add_routine(reading, type, name, &object);
    if (!code && object) {
        bool oracle = made->sql_mode && strstr(made->sql_mode, "ORACLE");
        code = set_routine(reading, object, &walk, oracle || strcmp(kind, "routine") != 0);
        if (!code && aggregate)
            code = dara_object_set_text(object, "type", "aggregate function");
        code = code ? code : mysql_read_grants(reading, object, type, name);
        code = code ? code : set_sql_mode(object, made->sql_mode);
        code = code ? code : set_made_under(reading, object, made, definer);
    }
    free(definer);
    return code;
}

/* ---- events -------------------------------------------------------------------------------------------------------------------------- */

static int set_event_state(struct mysql_walk *walk, struct dara_object *object)
{
    int code = 0;
    bool not = mysql_walk_take(walk, "not");
    if (mysql_walk_take(walk, "preserve") && !not )
        code = dara_object_set_bool(object, "mysql.preserve", true);
    bool enabled = mysql_walk_take(walk, "enable"), disabled = !enabled && mysql_walk_take(walk, "disable");
    bool replica = mysql_walk_take2(walk, "on", "slave") || mysql_walk_take2(walk, "on", "replica");
    if (!code && disabled)
        code = dara_object_set_text(object, "status", replica ? "replica" : "disabled");
    if (mysql_walk_take(walk, "comment"))
        mysql_walk_next(walk);
    mysql_walk_take(walk, "do");
    return code ? code : mysql_set_slice(object, "definition", mysql_slice_trim(mysql_walk_rest(walk)));
}

/* The comment, which an object has to have from the beginning. */
static char *find_comment(struct mysql_walk walk)
{
    while (!mysql_walk_ended(&walk) && !mysql_walk_is(&walk, "do") && !mysql_walk_is(&walk, "comment"))
        mysql_walk_next(&walk);
    return mysql_walk_take(&walk, "comment") ? mysql_walk_text(&walk) : NULL;
}

int mysql_read_event(struct mysql_reading *reading, const char *name, const char *time_zone,
                     const struct mysql_made_under *made)
{
    struct mysql_walk walk;
    struct dara_object *object = NULL;
    mysql_walk_begin(&walk, mysql_slice_of(made->sql), modes_of(made->sql_mode));
    mysql_walk_take(&walk, "create");
    char *definer = mysql_walk_definer(&walk), *key = mysql_fold(name), *comment = find_comment(walk);
    mysql_walk_take(&walk, "event");
    mysql_walk_next(&walk); /* the name */
    bool good = mysql_walk_take2(&walk, "on", "schedule");
    const char *start = walk.token.start;
    while (!mysql_walk_ended(&walk) && !(mysql_walk_is(&walk, "on")))
        mysql_walk_next(&walk);
    struct mysql_slice schedule = {start, (size_t)(walk.passed - start)};
    struct dara_object_desc desc = {
        .size = sizeof(desc), .kind = "event", .name = name, .key = key, .comment = comment};
    int code = !key ? DARA_EINTERNAL : 0;
    if (!code && (!good || !mysql_walk_take2(&walk, "on", "completion")))
        code = unread(reading, "event", name);
    else if (!code)
        code = dara_model_add(reading->model, &desc, &object);
    if (!code && object) {
        code = mysql_set_slice(object, "schedule", schedule);
        code = code ? code : set_event_state(&walk, object);
        code = code ? code : dara_object_set_text(object, "mysql.time_zone", time_zone);
        code = code ? code : set_sql_mode(object, made->sql_mode);
        code = code ? code : set_made_under(reading, object, made, definer);
    }
    free(definer);
    free(key);
    free(comment);
    return code;
}

/* ---- triggers ------------------------------------------------------------------------------------------------------------------------ */

/* MariaDB keeps the author's text, and where that names the database it would not load into another one. */
static int set_trigger_sql(struct dara_object *object, struct mysql_walk walk, const char *sql)
{
    struct mysql_buffer text = {0};
    const char *kept = sql;
    while (!mysql_walk_ended(&walk) && !mysql_walk_is(&walk, "for")) {
        const char *start = walk.token.start;
        mysql_walk_next(&walk);
        if (!mysql_walk_take(&walk, "."))
            continue;
        mysql_buffer_add_bytes(&text, kept, (size_t)(start - kept));
        kept = walk.token.start;
    }
    mysql_buffer_add(&text, kept);
    int code = mysql_set_buffer(object, "sql", &text);
    mysql_buffer_free(&text);
    return code;
}

int mysql_read_trigger(struct mysql_reading *reading, const struct mysql_trigger *trigger,
                       const struct mysql_made_under *made)
{
    struct mysql_walk walk;
    struct dara_object *object = NULL;
    const struct mysql_known *table = mysql_known_find(reading->relations, reading->relation_count, trigger->table);
    if (!table || !table->object)
        return unread(reading, "trigger", trigger->name);
    struct dara_object_desc desc = {
        .size = sizeof(desc), .kind = "trigger", .name = trigger->name, .owner = table->object};
    int code = dara_model_add(reading->model, &desc, &object);
    if (code)
        return code;
    mysql_walk_begin(&walk, mysql_slice_of(made->sql), modes_of(made->sql_mode));
    mysql_walk_take(&walk, "create");
    char *definer = mysql_walk_definer(&walk), *timing = mysql_fold(trigger->timing),
         *event = mysql_fold(trigger->event);
    code = timing && event ? dara_object_set_text(object, "timing", timing) : DARA_EINTERNAL;
    code = code ? code : dara_object_set_text(object, "event", event);
    code = code ? code : dara_object_set_int(object, "mysql.order", strtoll(trigger->order, NULL, 10));
    code = code ? code : dara_object_set_text(object, "definition", trigger->body);
    code = code ? code : set_sql_mode(object, made->sql_mode);
    code = code ? code : set_made_under(reading, object, made, definer);
    code = code ? code : set_trigger_sql(object, walk, made->sql);
    if (!code && trigger->before)
        code = dara_object_depend(object, "trigger", NULL, trigger->before);
    free(definer);
    free(timing);
    free(event);
    return code;
}

/* ---- views --------------------------------------------------------------------------------------------------------------------------- */

/* Tables stand behind FROM and JOIN, inside any number of parentheses; functions before one. */
static int add_needs(const struct mysql_reading *reading, struct dara_object *object, struct mysql_slice query)
{
    struct mysql_walk walk;
    bool source = false;
    int code = 0;
    for (mysql_walk_begin(&walk, query, 0); !code && !mysql_walk_ended(&walk); mysql_walk_next(&walk)) {
        if (walk.token.type == MYSQL_TOKEN_WORD) {
            source =
                mysql_walk_is(&walk, "from") || mysql_walk_is(&walk, "join") || mysql_walk_is(&walk, "straight_join");
        } else if (walk.token.type == MYSQL_TOKEN_QUOTED) {
            char *name = mysql_token_text(&walk.token, 0), *folded = name ? mysql_fold(name) : NULL;
            bool called = walk.lexer.at < walk.lexer.end && *walk.lexer.at == '(';
            struct mysql_buffer key = {0};
            mysql_buffer_format(&key, "function %s", folded ? folded : "");
            if (!folded)
                code = DARA_EINTERNAL;
            else if (called && mysql_known_find(reading->routines, reading->routine_count, mysql_buffer_get(&key)))
                code = dara_object_depend(object, "routine", NULL, mysql_buffer_get(&key));
            else if (source && mysql_known_find(reading->relations, reading->relation_count, name))
                code = dara_object_depend(object, NULL, NULL, name);
            mysql_buffer_free(&key);
            free(folded);
            free(name);
            source = false;
        } else {
            source = source && mysql_walk_is(&walk, "(");
        }
    }
    return code;
}

/* WITH … CHECK OPTION at the end belongs to the view, not to its query. */
static struct mysql_slice cut_check(struct mysql_slice query, const char **ret_check)
{
    static const struct {
        const char *text, *check;
    } ends[] = {{" WITH CASCADED CHECK OPTION", "cascaded"}, {" WITH LOCAL CHECK OPTION", "local"}};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t length = strlen(ends[i].text);
        if (query.length > length && strncasecmp(query.start + query.length - length, ends[i].text, length) == 0) {
            *ret_check = ends[i].check;
            query.length -= length;
        }
    }
    return query;
}

static int set_columns(struct mysql_walk *walk, struct dara_object *object)
{
    const char *names[4096];
    size_t count = 0;
    if (!mysql_walk_take(walk, "("))
        return 0;
    while (!mysql_walk_ended(walk) && !mysql_walk_is(walk, ")") && count < sizeof(names) / sizeof(names[0])) {
        char *name = mysql_walk_text(walk);
        if (name)
            names[count++] = name;
        mysql_walk_take(walk, ",");
    }
    mysql_walk_take(walk, ")");
    int code = dara_object_set_list(object, "columns", names, count);
    for (size_t i = 0; i < count; i++)
        free((char *)(uintptr_t)names[i]);
    return code;
}

static int set_query(const struct mysql_reading *reading, struct dara_object *object, struct mysql_walk *walk)
{
    struct mysql_buffer query = {0};
    const char *check = NULL;
    struct mysql_slice text = cut_check(mysql_slice_trim(mysql_walk_rest(walk)), &check);
    mysql_normal_home(&query, text.start, text.length, reading->database, false);
    int code = query.failed ? mysql_out_of_memory()
                            : add_needs(reading, object, (struct mysql_slice){mysql_buffer_get(&query), query.length});
    code = code ? code : dara_object_set_text(object, "mysql.check_option", check);
    code = code ? code : mysql_set_buffer(object, "sql", &query);
    mysql_normal_query(&query, text.start, text.length, reading->database);
    code = code ? code : mysql_set_buffer(object, "definition", &query);
    mysql_buffer_free(&query);
    return code;
}

/* ALGORITHM=… DEFINER=… SQL SECURITY … VIEW has to be read before there is an object. */
struct head {
    char *definer;
    const char *algorithm;
    bool invoker, duality;
};

static void take_head(struct mysql_walk *walk, struct head *head)
{
    mysql_walk_take(walk, "create");
    if (mysql_walk_take2(walk, "algorithm", "=")) {
        head->algorithm = mysql_walk_is(walk, "merge")       ? "merge"
                          : mysql_walk_is(walk, "temptable") ? "temptable"
                                                             : NULL;
        mysql_walk_next(walk);
    }
    head->definer = mysql_walk_definer(walk);
    if (mysql_walk_take2(walk, "sql", "security")) {
        head->invoker = mysql_walk_is(walk, "invoker");
        mysql_walk_next(walk);
    }
    if (mysql_walk_take2(walk, "json", "relational"))
        head->duality = mysql_walk_take(walk, "duality");
}

/* It stays in the model, for it is there, and is whole again when what it refers to comes back. */
static int set_broken(struct mysql_reading *reading, struct dara_object *object, const char *why)
{
    struct mysql_buffer words = {0};
    if (!why)
        return 0;
    mysql_buffer_format(&words, "no server makes it again, so a file has it as a comment: %s", why);
    int code = mysql_buffer_check(&words);
    code = code ? code : dara_object_set_bool(object, "mysql.broken", true);
    code = code ? code
                : dara_model_unrepresented(reading->model, "view", dara_object_name(object), mysql_buffer_get(&words));
    mysql_buffer_free(&words);
    return code;
}

int mysql_read_view(struct mysql_reading *reading, const char *name, const struct mysql_made_under *made)
{
    struct mysql_walk walk;
    struct dara_object *object = NULL;
    struct head head = {0};
    struct mysql_made_under kept = *made;
    struct dara_object_desc desc = {.size = sizeof(desc), .kind = "view", .name = name};
    mysql_walk_begin(&walk, mysql_slice_of(made->sql), 0);
    take_head(&walk, &head);
    int code = 0;
    if (!mysql_walk_take(&walk, "view"))
        code = unread(reading, "view", name);
    else
        code = dara_model_add(reading->model, &desc, &object);
    if (!code && object) {
        mysql_walk_next(&walk); /* the name, which another database's may stand before */
        while (mysql_walk_take(&walk, "."))
            mysql_walk_next(&walk);
        code = set_columns(&walk, object);
        mysql_walk_take(&walk, "as");
        kept.sql = NULL; /* the query alone: the rest is in the properties */
        code = code ? code : set_made_under(reading, object, &kept, head.definer);
        code = code ? code : set_query(reading, object, &walk);
        code = code ? code : dara_object_set_text(object, "mysql.algorithm", head.algorithm);
        code = code ? code : dara_object_set_text(object, "mysql.security", head.invoker ? "invoker" : NULL);
        code = code ? code : dara_object_set_text(object, "type", head.duality ? "json duality" : NULL);
        code = code ? code : set_broken(reading, object, made->broken);
    }
    free(head.definer);
    return code;
}
