/* SPDX-License-Identifier: MIT */
/*
 * The schema is read in two packets: the names of everything, then SHOW CREATE of everything; where a view has warnings, a third asks for
 * them. A third look at the names, at the end of the
 * second packet, tells whether somebody changed the schema meanwhile: these servers have no view of the catalog that stands still.
 */
#define _GNU_SOURCE /* memmem */
#include "introspect.h"
#include "apply.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char doing[] = "reading the schema";
enum { ATTEMPTS = 6 };

/* ---- helpers of all files ---------------------------------------------------------------------------------------------------------- */

char *mysql_fold(const char *name)
{
    char *folded = mysql_copy(name);
    for (char *at = folded; at && *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return folded;
}

int mysql_set_buffer(struct dara_object *object, const char *property, struct mysql_buffer *buffer)
{
    int code = mysql_buffer_check(buffer);
    if (!code && buffer->length)
        code = dara_object_set_text(object, property, buffer->bytes);
    mysql_buffer_clear(buffer);
    return code;
}

int mysql_set_slice(struct dara_object *object, const char *property, struct mysql_slice slice)
{
    char *text = strndup(slice.start, slice.length);
    int code = text ? dara_object_set_text(object, property, text) : mysql_out_of_memory();
    free(text);
    return code;
}

/* Whether there is anything to take out: most lines have none of it. */
static bool is_at_home(const struct mysql_reading *reading, struct mysql_slice line)
{
    static const char introducer[] = "_utf8mb4'";
    size_t length = strlen(reading->database);
    for (const char *at = memchr(line.start, '.', line.length); at;
         at = memchr(at + 1, '.', (size_t)(line.start + line.length - at - 1)))
        if ((size_t)(at - line.start) > length && at[-1] == '`')
            return false;
    return !memmem(line.start, line.length, introducer, sizeof(introducer) - 1);
}

int mysql_set_line(const struct mysql_reading *reading, struct dara_object *object, struct mysql_slice line)
{
    if (is_at_home(reading, line))
        return mysql_set_slice(object, "sql", line);
    struct mysql_buffer text = {0};
    mysql_normal_home(&text, line.start, line.length, reading->database, true);
    int code = mysql_set_buffer(object, "sql", &text);
    mysql_buffer_free(&text);
    return code;
}

const char *mysql_reading_collation(const struct mysql_reading *reading, const char *charset)
{
    MYSQL_ROW row;
    if (!reading->charsets)
        return NULL;
    /* "utf8" here and "utf8mb3" there, or the other way round: MySQL before 8.0.28 and MariaDB before 10.6 list the old name. */
    bool three = strcmp(charset, "utf8") == 0 || strcmp(charset, "utf8mb3") == 0;
    mysql_data_seek(reading->charsets, 0);
    while ((row = mysql_fetch_row(reading->charsets)))
        if (strcmp(row[0], charset) == 0 || (three && (!strcmp(row[0], "utf8") || !strcmp(row[0], "utf8mb3"))))
            return row[1];
    return NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct mysql_known *)a)->name, ((const struct mysql_known *)b)->name);
}

struct mysql_known *mysql_known_find(struct mysql_known *list, size_t count, const char *name)
{
    struct mysql_known key = {(char *)(uintptr_t)name, NULL};
    return count ? bsearch(&key, list, count, sizeof(*list), by_name) : NULL;
}

/* ---- the first packet: names ------------------------------------------------------------------------------------------------------- */

#define NOT_OWN(column) column " NOT IN ('" MYSQL_HISTORY_TABLE "', '" MYSQL_JOURNAL_TABLE "', '" MYSQL_LEASE_TABLE "')"
#define HERE(column)    column " = DATABASE()"

enum { SETTINGS, MODE, CHARSETS, NAMES, ROUTINES, TRIGGERS, EVENTS, LIBRARIES, RIGHTS, LIST_COUNT };

static const char names_sql[] = "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE " HERE(
    "TABLE_SCHEMA") " AND " NOT_OWN("TABLE_NAME") " ORDER BY BINARY TABLE_NAME";

static const char *const lists[LIST_COUNT] = {
    [SETTINGS] = "SELECT @@collation_database, @@sql_mode",
    [MODE] = "SET SESSION sql_mode = '', sql_quote_show_create = 1",
    [CHARSETS] = "SELECT CHARACTER_SET_NAME, DEFAULT_COLLATE_NAME FROM information_schema.CHARACTER_SETS",
    [NAMES] = names_sql,
    [ROUTINES] = "SELECT LOWER(ROUTINE_TYPE), ROUTINE_NAME FROM information_schema.ROUTINES WHERE " HERE(
        "ROUTINE_SCHEMA") " ORDER BY 1, 2",
    [TRIGGERS] =
        "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, ACTION_STATEMENT"
        " FROM information_schema.TRIGGERS WHERE " HERE("TRIGGER_SCHEMA") " AND " NOT_OWN(
            "EVENT_OBJECT_TABLE") " ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER",
    [EVENTS] = "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE " HERE("EVENT_SCHEMA") " ORDER BY 1",
    [LIBRARIES] = "SELECT LIBRARY_NAME FROM information_schema.LIBRARIES WHERE " HERE("LIBRARY_SCHEMA") " ORDER BY 1",
    [RIGHTS] =
        "SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES WHERE GRANTEE = CONCAT('''',"
        " SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')"
        " UNION SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES WHERE DATABASE() LIKE TABLE_SCHEMA"
        " AND GRANTEE = CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''',"
        " SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')",
};

/* MySQL's libraries for routines in JavaScript, since 9.2. */
static bool has_libraries(const struct dara_conn *conn)
{
    return !conn->mariadb && conn->version >= 90200;
}

static int fetch_lists(struct dara_conn *conn, struct mysql_batch *batch)
{
    int code = 0;
    for (size_t i = 0; !code && i < LIST_COUNT; i++)
        code = mysql_batch_add(batch,
                               i != LIBRARIES || has_libraries(conn) ? lists[i] : "SELECT '' FROM DUAL WHERE 1 = 0");
    code = code ? code : mysql_batch_run(conn, batch, doing);
    for (size_t i = 0; !code && i < LIST_COUNT; i++)
        if (batch->answers[i].error)
            code = dara_error_set(DARA_ESTATEMENT, "%s: %s", doing, batch->answers[i].message);
    return code;
}

/* ---- the second packet: definitions -------------------------------------------------------------------------------------------------- */

static int add_show(struct mysql_batch *batch, const char *what, const char *name)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_format(&sql, "SHOW CREATE %s ", what);
    mysql_buffer_add_name(&sql, name);
    int code = mysql_buffer_check(&sql);
    code = code ? code : mysql_batch_add(batch, sql.bytes);
    mysql_buffer_free(&sql);
    return code;
}

static const char *relation_kind(const char *table_type)
{
    return strstr(table_type, "VIEW") ? "VIEW" : !strcmp(table_type, "SEQUENCE") ? "SEQUENCE" : "TABLE";
}

static int add_shows(struct mysql_batch *batch, const struct mysql_batch *names)
{
    MYSQL_ROW row;
    int code = 0;
    while (!code && (row = mysql_fetch_row(names->answers[NAMES].result)))
        code = add_show(batch, relation_kind(row[1]), row[0]);
    while (!code && (row = mysql_fetch_row(names->answers[ROUTINES].result)))
        code = add_show(batch, row[0], row[1]);
    while (!code && (row = mysql_fetch_row(names->answers[TRIGGERS].result)))
        code = add_show(batch, "TRIGGER", row[0]);
    while (!code && (row = mysql_fetch_row(names->answers[EVENTS].result)))
        code = add_show(batch, "EVENT", row[0]);
    return code;
}

static bool same_rows(MYSQL_RES *one, MYSQL_RES *two)
{
    MYSQL_ROW a = NULL, b = NULL;
    bool same = one && two && mysql_num_rows(one) == mysql_num_rows(two);
    if (!same)
        return false;
    mysql_data_seek(one, 0);
    while (same && (a = mysql_fetch_row(one)) && (b = mysql_fetch_row(two)))
        same = strcmp(a[0], b[0]) == 0 && strcmp(a[1], b[1]) == 0;
    return same;
}

/* What was there when the names were read and is not any more. */
static bool is_gone(unsigned error)
{
    static const unsigned gone[] = {1146, 1305, 1360, 1539, 1347, 4091};
    for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
        if (error == gone[i])
            return true;
    return false;
}

/* `*ret_changed`: the schema was changed on the way. */
static int fetch_definitions(struct dara_conn *conn, const struct mysql_batch *names, struct mysql_batch *batch,
                             bool *ret_changed)
{
    MYSQL_ROW settings = mysql_fetch_row(names->answers[SETTINGS].result);
    struct mysql_buffer restore = {0};
    bool changed = false;
    int code = add_shows(batch, names);
    /* Of definers: who may not see the accounts is told nothing of them. */
    code = code ? code : mysql_batch_add(batch, "SELECT CONCAT(User, '@', Host) FROM mysql.user");
    /* Likewise of rights on routines, which fall with them. */
    code = code
               ? code
               : mysql_batch_add(batch,
                                 "SELECT LOWER(Routine_type), Routine_name, User, Host, Proc_priv FROM mysql.procs_priv"
                                 " WHERE Db = DATABASE() ORDER BY 1, 2, 3, 4");
    code = code ? code : mysql_batch_add(batch, names_sql);
    mysql_buffer_add(&restore, "SET SESSION sql_mode = ");
    mysql_buffer_add_string(&restore, settings[1], strlen(settings[1]));
    code = code ? code : mysql_buffer_check(&restore);
    code = code ? code : mysql_batch_add(batch, restore.bytes);
    code = code ? code : mysql_batch_run(conn, batch, doing);
    mysql_buffer_free(&restore);
    for (size_t i = 0; !code && i + 4 < batch->count; i++)
        changed = changed || is_gone(batch->answers[i].error);
    if (!code)
        *ret_changed = changed || !same_rows(names->answers[NAMES].result, batch->answers[batch->count - 2].result);
    return code;
}

/* ---- the third packet, where a view has warnings ---------------------------------------------------------------------------------------- */

enum { VIEW_IS_BROKEN = 1356 };

/* A view over what is gone is printed all the same, and no server makes it again: the answer has rows, and words beside them. */
static int take_warnings(struct mysql_answer *view, MYSQL_RES *warnings)
{
    MYSQL_ROW row;
    while (warnings && (row = mysql_fetch_row(warnings))) {
        if (!row[1] || strtoul(row[1], NULL, 10) != VIEW_IS_BROKEN || view->message)
            continue;
        view->message = mysql_copy(row[2] ? row[2] : "it refers to what is gone");
        if (!view->message)
            return DARA_EINTERNAL;
    }
    return 0;
}

static bool is_doubtful(const struct mysql_answer *answer, MYSQL_ROW row)
{
    return answer->warnings && strstr(row[1], "VIEW") != NULL;
}

static int find_broken_views(struct dara_conn *conn, const struct mysql_batch *names, struct mysql_batch *definitions)
{
    struct mysql_batch again = {0};
    MYSQL_RES *relations = names->answers[NAMES].result;
    MYSQL_ROW row;
    int code = 0;
    mysql_data_seek(relations, 0);
    for (size_t at = 0; !code && (row = mysql_fetch_row(relations)); at++)
        if (is_doubtful(&definitions->answers[at], row)) {
            code = add_show(&again, "VIEW", row[0]);
            code = code ? code : mysql_batch_add(&again, "SHOW WARNINGS");
        }
    if (!code && again.count)
        code = mysql_batch_run(conn, &again, doing);
    mysql_data_seek(relations, 0);
    for (size_t at = 0, answer = 1; !code && again.count && (row = mysql_fetch_row(relations)); at++)
        if (is_doubtful(&definitions->answers[at], row)) {
            code = take_warnings(&definitions->answers[at], again.answers[answer].result);
            answer += 2;
        }
    mysql_batch_free(&again);
    return code;
}

/* ---- rows into the model ------------------------------------------------------------------------------------------------------------- */

static void known_free(struct mysql_known *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(list[i].name);
    free(list);
}

/* The names of the rows' column `at`, folded and behind another column where `prefix` is one. */
static int know(MYSQL_RES *rows, int prefix, unsigned at, struct mysql_known **ret_list, size_t *ret_count)
{
    size_t count = 0;
    struct mysql_known *list = calloc((size_t)mysql_num_rows(rows) + 1, sizeof(*list));
    MYSQL_ROW row;
    if (!list)
        return mysql_out_of_memory();
    mysql_data_seek(rows, 0);
    while ((row = mysql_fetch_row(rows))) {
        struct mysql_buffer key = {0};
        char *folded = prefix >= 0 ? mysql_fold(row[at]) : NULL;
        mysql_buffer_format(&key, "%s%s%s", prefix >= 0 ? row[prefix] : "", prefix >= 0 ? " " : "",
                            folded ? folded : row[at]);
        free(folded);
        list[count++].name = key.bytes;
        if (!key.bytes) {
            known_free(list, count);
            return mysql_out_of_memory();
        }
    }
    if (count)
        qsort(list, count, sizeof(*list), by_name);
    *ret_list = list;
    *ret_count = count;
    return 0;
}

/* The one row of a SHOW CREATE; NULL after it was said why there is none. */
static int show_row(struct mysql_reading *reading, const struct mysql_answer *answer, const char *family,
                    const char *name, unsigned column, MYSQL_ROW *ret_row)
{
    MYSQL_ROW row = answer->result ? mysql_fetch_row(answer->result) : NULL;
    *ret_row = NULL;
    if (row && mysql_num_fields(answer->result) > column && row[column]) {
        *ret_row = row;
        return 0;
    }
    return dara_model_unrepresented(reading->model, family, name,
                                    answer->message ? answer->message : "this user may not see its definition");
}

static int read_relation(struct mysql_reading *reading, const char *name, const char *kind,
                         const struct mysql_answer *answer)
{
    static const char *const families[] = {"view", "sequence", "table"};
    const char *family = families[*kind == 'V' ? 0 : *kind == 'S' ? 1 : 2];
    MYSQL_ROW row;
    int code = show_row(reading, answer, family, name, 1, &row);
    if (code || !row)
        return code;
    if (*kind == 'S')
        return mysql_read_sequence(reading, name, row[1]);
    if (*kind == 'T')
        return mysql_read_table(reading, name, row[1]);
    struct mysql_made_under made = {.sql = row[1], .client = row[2], .connection = row[3], .broken = answer->message};
    return mysql_read_view(reading, name, &made);
}

static int read_relations(struct mysql_reading *reading, const struct mysql_batch *names,
                          const struct mysql_batch *batch, size_t *at)
{
    MYSQL_ROW row;
    int code = 0;
    mysql_data_seek(names->answers[NAMES].result, 0);
    while (!code && (row = mysql_fetch_row(names->answers[NAMES].result)))
        code = read_relation(reading, row[0], relation_kind(row[1]), &batch->answers[(*at)++]);
    return code;
}

/* SHOW CREATE of a routine: name, sql_mode, text, character_set_client, collation_connection, collation of the database. */
static int read_routines(struct mysql_reading *reading, const struct mysql_batch *names,
                         const struct mysql_batch *batch, size_t *at)
{
    MYSQL_ROW row, show;
    int code = 0;
    mysql_data_seek(names->answers[ROUTINES].result, 0);
    while (!code && (row = mysql_fetch_row(names->answers[ROUTINES].result))) {
        const char *family = strncmp(row[0], "package", 7) ? "routine" : row[0][7] ? "package_body" : "package";
        code = show_row(reading, &batch->answers[(*at)++], family, row[1], 2, &show);
        if (code || !show)
            continue;
        struct mysql_made_under made = {.sql = show[2], .sql_mode = show[1], .client = show[3], .connection = show[4]};
        code = mysql_read_routine(reading, row[0], row[1], &made);
    }
    return code;
}

static int read_triggers(struct mysql_reading *reading, const struct mysql_batch *names,
                         const struct mysql_batch *batch, size_t *at)
{
    MYSQL_ROW row, show, last = NULL;
    int code = 0;
    mysql_data_seek(names->answers[TRIGGERS].result, 0);
    while (!code && (row = mysql_fetch_row(names->answers[TRIGGERS].result))) {
        bool follows = last && !strcmp(last[1], row[1]) && !strcmp(last[2], row[2]) && !strcmp(last[3], row[3]);
        struct mysql_trigger trigger = {row[0], row[1], row[2], row[3], row[4], row[5], follows ? last[0] : NULL};
        last = row;
        code = show_row(reading, &batch->answers[(*at)++], "trigger", row[0], 2, &show);
        if (code || !show)
            continue;
        struct mysql_made_under made = {.sql = show[2], .sql_mode = show[1], .client = show[3], .connection = show[4]};
        code = mysql_read_trigger(reading, &trigger, &made);
    }
    return code;
}

/* SHOW CREATE EVENT: name, sql_mode, time zone, text, character_set_client, collation_connection. */
static int read_events(struct mysql_reading *reading, const struct mysql_batch *names, const struct mysql_batch *batch,
                       size_t *at)
{
    MYSQL_ROW row, show;
    int code = 0;
    mysql_data_seek(names->answers[EVENTS].result, 0);
    while (!code && (row = mysql_fetch_row(names->answers[EVENTS].result))) {
        code = show_row(reading, &batch->answers[(*at)++], "event", row[0], 3, &show);
        if (code || !show)
            continue;
        struct mysql_made_under made = {.sql = show[3], .sql_mode = show[1], .client = show[4], .connection = show[5]};
        code = mysql_read_event(reading, row[0], show[2], &made);
    }
    return code;
}

static int read_settings(struct mysql_reading *reading)
{
    struct dara_object *object = NULL;
    struct dara_object_desc desc = {.size = sizeof(desc), .kind = "setting", .name = "collation"};
    struct mysql_buffer value = {0};
    mysql_normal_charset(&value, reading->collation, strlen(reading->collation));
    int code = dara_model_add(reading->model, &desc, &object);
    code = code ? code : mysql_set_buffer(object, "value", &value);
    mysql_buffer_free(&value);
    return code;
}

/* ---- families ------------------------------------------------------------------------------------------------------------------------- */

static bool may(MYSQL_RES *rights, const char *right)
{
    MYSQL_ROW row;
    mysql_data_seek(rights, 0);
    while ((row = mysql_fetch_row(rights)))
        if (strcmp(row[0], right) == 0 || strcmp(row[0], "ALL PRIVILEGES") == 0)
            return true;
    return false;
}

/* Without a right these servers show nothing, and do not say so. */
static int hidden(struct mysql_reading *reading, const char *family, MYSQL_RES *rights, const char *right,
                  MYSQL_RES *seen)
{
    if (mysql_num_rows(seen) || may(rights, right))
        return dara_model_family(reading->model, family, DARA_FAMILY_READ, NULL);
    struct mysql_buffer why = {0};
    mysql_buffer_format(&why, "the user has not the right %s on the database, and none is seen without it", right);
    int code = dara_model_family(reading->model, family, DARA_FAMILY_DENIED, mysql_buffer_get(&why));
    mysql_buffer_free(&why);
    return code;
}

static int name_libraries(struct mysql_reading *reading, MYSQL_RES *libraries)
{
    MYSQL_ROW row;
    int code = 0;
    while (!code && (row = mysql_fetch_row(libraries)))
        code = dara_model_unrepresented(reading->model, "library", row[0],
                                        "libraries are not in the model: make it before what uses it");
    return code;
}

static int families(struct mysql_reading *reading, const struct mysql_batch *names)
{
    static const char *const always[] = {"setting", "table", "column", "constraint", "index", "view"};
    static const char *const mariadb[] = {"sequence", "package", "package_body"};
    MYSQL_RES *rights = names->answers[RIGHTS].result;
    struct dara_model *model = reading->model;
    int code = 0;
    for (size_t i = 0; !code && i < sizeof(always) / sizeof(always[0]); i++)
        code = dara_model_family(model, always[i], DARA_FAMILY_READ, NULL);
    for (size_t i = 0; !code && i < sizeof(mariadb) / sizeof(mariadb[0]); i++)
        code = dara_model_family(model, mariadb[i], reading->conn->mariadb ? DARA_FAMILY_READ : DARA_FAMILY_UNSUPPORTED,
                                 reading->conn->mariadb ? NULL : "MySQL has none");
    code = code ? code : hidden(reading, "trigger", rights, "TRIGGER", names->answers[TRIGGERS].result);
    code = code ? code : hidden(reading, "event", rights, "EVENT", names->answers[EVENTS].result);
    code = code ? code : hidden(reading, "routine", rights, "EXECUTE", names->answers[ROUTINES].result);
    code = code ? code : dara_model_family(model, "privilege", DARA_FAMILY_SKIPPED, "grants are not in the model yet");
    code = code ? code : name_libraries(reading, names->answers[LIBRARIES].result);
    if (!code && !may(rights, "SELECT"))
        code = dara_model_unrepresented(model, "table", reading->database,
                                        "this user sees no tables but those that it has a right to");
    return code;
}

/* ---- the whole -------------------------------------------------------------------------------------------------------------------------- */

static int read_all(struct mysql_reading *reading, const struct mysql_batch *names, const struct mysql_batch *batch)
{
    size_t at = 0;
    MYSQL_RES *settings = names->answers[SETTINGS].result;
    mysql_data_seek(settings, 0);
    reading->collation = mysql_fetch_row(settings)[0];
    reading->charsets = names->answers[CHARSETS].result;
    reading->accounts = batch->answers[batch->count - 4].result;
    reading->grants = batch->answers[batch->count - 3].result;
    int code = know(names->answers[NAMES].result, -1, 0, &reading->relations, &reading->relation_count);
    code = code ? code : know(names->answers[ROUTINES].result, 0, 1, &reading->routines, &reading->routine_count);
    code = code ? code : families(reading, names);
    code = code ? code : read_settings(reading);
    code = code ? code : read_relations(reading, names, batch, &at);
    code = code ? code : read_routines(reading, names, batch, &at);
    code = code ? code : read_triggers(reading, names, batch, &at);
    code = code ? code : read_events(reading, names, batch, &at);
    known_free(reading->relations, reading->relation_count);
    known_free(reading->routines, reading->routine_count);
    return code;
}

/* Both packets, again while the schema changes under them. */
static int fetch(struct dara_conn *conn, struct mysql_batch *names, struct mysql_batch *definitions)
{
    bool changed = true;
    int code = 0;
    for (int i = 0; !code && changed && i < ATTEMPTS; i++) {
        struct timespec pause = {.tv_nsec = i ? 2000000L << i : 0};
        nanosleep(&pause, NULL);
        mysql_batch_free(names);
        mysql_batch_free(definitions);
        code = fetch_lists(conn, names);
        code = code ? code : fetch_definitions(conn, names, definitions, &changed);
    }
    if (!code && changed) {
        dara_error_set(DARA_ESTATEMENT, "%s: it changes all the time", doing);
        dara_error_hint("try again when nobody else changes the schema");
        code = DARA_ESTATEMENT;
    }
    return code;
}

int mysql_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model)
{
    struct mysql_batch names = {0}, definitions = {0};
    struct mysql_reading reading = {.conn = conn, .model = model, .database = conn->database};
    (void)request; /* there is one space */
    int code = fetch(conn, &names, &definitions);
    code = code ? code : find_broken_views(conn, &names, &definitions);
    code = code ? code : read_all(&reading, &names, &definitions);
    mysql_batch_free(&names);
    mysql_batch_free(&definitions);
    return code;
}

/* ---- rows ---- */

int mysql_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows)
{
    struct mysql_buffer sql = {0};
    MYSQL_RES *result = NULL;
    if (strcmp(dara_object_kind(object)->name, "sequence") == 0) {
        *ret_rows = 1;
        return 0;
    }
    mysql_buffer_add(&sql, "SELECT COUNT(*) FROM ");
    mysql_buffer_add_name(&sql, dara_object_name(object));
    int code = mysql_buffer_rows(conn, &sql, "counting rows", &result);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    *ret_rows = row && row[0] ? strtoull(row[0], NULL, 10) : 0;
    mysql_free_result(result);
    return 0;
}
