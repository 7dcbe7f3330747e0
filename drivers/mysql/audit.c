/* SPDX-License-Identifier: MIT */
/* What rules need to know of MySQL and MariaDB, and their own rules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "my.h"
#include "quote.h"

#define ROW(symbol, rule_id, rule_level, rule_kinds, rule_title, rule_why, rule_fix, rule_peers) \
    static const struct dara_rule symbol = {.size = sizeof(symbol),                              \
                                            .id = rule_id,                                       \
                                            .level = DARA_RULE_##rule_level,                     \
                                            .flags = DARA_RULE_CATALOG,                          \
                                            .kinds = rule_kinds,                                 \
                                            .title = rule_title,                                 \
                                            .why = rule_why,                                     \
                                            .fix = rule_fix,                                     \
                                            .peers = rule_peers}

ROW(table_engine, "table-engine", WARN, "table", "a table's engine has no transactions",
    "a change that fails half-way stays half done, foreign keys are not kept, and a crash can damage the table",
    "ALTER TABLE … ENGINE = InnoDB", "bytebase engine.mysql.use-innodb, skeema engine");
ROW(charset, "charset-not-utf8mb4", WARN, "table column", "texts are not kept as utf8mb4",
    "characters that the character set has not, such as emoji in utf8mb3, are refused or lost",
    "ALTER TABLE … CONVERT TO CHARACTER SET utf8mb4", "bytebase system.charset.allowlist, skeema charset");
ROW(enum_type, "enum-type", INFO, "column", "a column is an enum or a set",
    "a value that is taken out or put in between writes the table again, and the order is not that of the words",
    "use a table of the values and a foreign key, where they change", "skeema has-enum");
ROW(zero_date, "zero-date", WARN, "column", "a default is a date that does not exist",
    "0000-00-00 is refused in strict mode and by most programs", "use NULL, or a date", "skeema zero-date");
ROW(timestamp_end, "timestamp-2038", INFO, "column", "a column is a TIMESTAMP",
    "it ends in January 2038 on MySQL and on MariaDB before 11.5", "use DATETIME for what can be later",
    "skeema has-time");
ROW(definer_root, "definer-root", INFO, "routine view trigger event", "a program runs with root's rights",
    "who may call it, or write to the table of the trigger, acts as root within it",
    "make it with a definer that has only the rights it needs, or SQL SECURITY INVOKER", "skeema definer");
ROW(not_enforced, "check-not-enforced", INFO, "constraint", "a check is not enforced", "rows that break it come in",
    "ALTER TABLE … ALTER CHECK … ENFORCED", NULL);
ROW(invisible_index, "invisible-index", INFO, "index", "an index is invisible",
    "it is written with every row and used by no query", "drop it when nothing has missed it", NULL);
ROW(not_strict, "program-not-strict", INFO, "routine trigger event", "a program does not run in strict mode",
    "values that do not fit are cut and stored with a warning that nobody reads",
    "make it again with STRICT_TRANS_TABLES in sql_mode", NULL);

const struct dara_rule *const mysql_audit_rules[] = {&table_engine,  &charset,      &enum_type,    &zero_date,
                                                     &timestamp_end, &definer_root, &not_enforced, &invisible_index,
                                                     &not_strict,    NULL};

static bool is(const struct dara_object *object, const char *kind)
{
    return strcmp(dara_object_kind(object)->name, kind) == 0;
}

static bool begins(const char *text, const char *with)
{
    return text && strncmp(text, with, strlen(with)) == 0;
}

/* ---- types ---------------------------------------------------------------------------------------------------------------- */

unsigned mysql_audit_type(const struct dara_object *column)
{
    static const struct {
        const char *name;
        unsigned type;
    } types[] = {{"tinyint", DARA_TYPE_INTEGER | 8u << DARA_TYPE_BITS},
                 {"smallint", DARA_TYPE_INTEGER | 16u << DARA_TYPE_BITS},
                 {"mediumint", DARA_TYPE_INTEGER | 24u << DARA_TYPE_BITS},
                 {"int", DARA_TYPE_INTEGER | 32u << DARA_TYPE_BITS},
                 {"bigint", DARA_TYPE_INTEGER | 64u << DARA_TYPE_BITS},
                 {"float", DARA_TYPE_FLOAT},
                 {"double", DARA_TYPE_FLOAT},
                 {"decimal", DARA_TYPE_EXACT},
                 {"char", DARA_TYPE_STRING},
                 {"varchar", DARA_TYPE_STRING},
                 {"tinytext", DARA_TYPE_STRING},
                 {"text", DARA_TYPE_STRING},
                 {"mediumtext", DARA_TYPE_STRING},
                 {"longtext", DARA_TYPE_STRING}};
    const char *type = dara_object_text(column, "type");
    size_t length = type ? strcspn(type, "( ") : 0;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (length == strlen(types[i].name) && strncmp(type, types[i].name, length) == 0)
            return types[i].type |
                   (types[i].type & DARA_TYPE_INTEGER && strstr(type, "unsigned") ? DARA_TYPE_UNSIGNED : 0u);
    return 0;
}

/* ---- what an index is made of --------------------------------------------------------------------------------------------- */

/* A part that is the whole column, whichever way it goes. */
static bool is_whole(const char *column, const char *part)
{
    return *column != '(' && (!part || (begins(part, column) && part[strlen(column)] != '('));
}

int mysql_audit_index(const struct dara_object *object, struct dara_index *index)
{
    const char *const *names, *const *parts = NULL;
    size_t count = dara_object_list(object, "columns", &names);
    size_t part_count = dara_object_list(object, "mysql.key_parts", &parts);
    const char *type = dara_object_text(object, "mysql.type"), *method = dara_object_text(object, "mysql.using");
    const char **columns = calloc(count + 1, sizeof(*columns));
    char rest[128];
    if (!columns)
        return mysql_out_of_memory();
    for (size_t i = 0; i < count; i++)
        columns[i] = is_whole(names[i], part_count == count ? parts[i] : NULL) ? names[i] : NULL;
    snprintf(rest, sizeof(rest), "%s %s", type ? type : "", method ? method : "");
    const struct dara_index_desc desc = {.size = sizeof(desc),
                                         .count = count,
                                         .columns = columns,
                                         .parts = part_count == count ? parts : names,
                                         .rest = rest,
                                         .unique = dara_object_bool(object, "unique", is(object, "constraint")),
                                         .ordered = !type};
    dara_index_describe(index, &desc);
    free(columns);
    return 0;
}

int mysql_audit_fix(const char *rule, const struct dara_object *object, struct dara_text *out)
{
    if (strcmp(rule, "duplicate-index") != 0 && strcmp(rule, "redundant-index") != 0)
        return 0;
    dara_text_add(out, "ALTER TABLE ");
    mysql_quote_name(out, dara_object_name(dara_object_owner(object)));
    dara_text_add(out, " DROP INDEX ");
    mysql_quote_name(out, dara_object_name(object));
    return 0;
}

/* ---- its own rules -------------------------------------------------------------------------------------------------------- */

static void find(struct dara_audit *audit, const struct dara_rule *rule, const struct dara_object *object,
                 const char *format, ...) DARA_PRINTF(4, 5);
static void find(struct dara_audit *audit, const struct dara_rule *rule, const struct dara_object *object,
                 const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    const struct dara_finding finding = {
        .size = sizeof(finding), .rule = rule->id, .object = object, .message = message};
    dara_audit_finding(audit, &finding);
}

/* What loses no character that people write, or holds none. */
static bool is_wide(const char *collation)
{
    static const char *const wide[] = {"utf8mb4", "binary", "ascii", "utf16", "utf32", "uca1400"};
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
        if (begins(collation, wide[i]))
            return true;
    return !collation;
}

static void judge_table(struct dara_audit *audit, const struct dara_object *table)
{
    static const char *const engines[] = {"myisam", "memory",     "csv",   "archive",
                                          "aria",   "mrg_myisam", "merge", "blackhole"};
    const char *engine = dara_object_text(table, "mysql.engine"),
               *collation = dara_object_text(table, "mysql.collation");
    for (size_t i = 0; engine && i < sizeof(engines) / sizeof(engines[0]); i++)
        if (strcasecmp(engine, engines[i]) == 0)
            find(audit, &table_engine, table, "is of the engine %s", engine);
    if (!is_wide(collation))
        find(audit, &charset, table, "has the collation %s", collation);
}

static void judge_column(struct dara_audit *audit, const struct dara_object *column)
{
    const char *type = dara_object_text(column, "type"), *value = dara_object_text(column, "default");
    const char *collation = dara_object_text(column, "collation");
    const char *table = dara_object_text(dara_object_owner(column), "mysql.collation");
    if (begins(type, "enum(") || begins(type, "set("))
        find(audit, &enum_type, column, "is %.*s", (int)strcspn(type, "("), type);
    if (begins(type, "timestamp"))
        find(audit, &timestamp_end, column, "is a TIMESTAMP");
    if (begins(value, "'0000-00-00"))
        find(audit, &zero_date, column, "has the default %s", value);
    if (!is_wide(collation) && (!table || strcmp(table, collation) != 0))
        find(audit, &charset, column, "has the collation %s", collation);
}

static bool runs_as_caller(const struct dara_object *program)
{
    const char *security = dara_object_text(program, "mysql.security"),
               *definition = dara_object_text(program, "definition");
    return (security && strcmp(security, "invoker") == 0) ||
           (is(program, "routine") && definition && strstr(definition, "SQL SECURITY INVOKER"));
}

static void judge_program(struct dara_audit *audit, const struct dara_object *program)
{
    const char *definer = dara_object_text(program, "definer"), *mode = dara_object_text(program, "mysql.sql_mode");
    if (begins(definer, "root@") && !runs_as_caller(program))
        find(audit, &definer_root, program, "runs as %s", definer);
    mode = mode ? mode : "";
    if (!is(program, "view") && !strstr(mode, "STRICT_TRANS_TABLES") && !strstr(mode, "STRICT_ALL_TABLES") &&
        !strstr(mode, "TRADITIONAL"))
        find(audit, &not_strict, program, "runs without strict mode");
}

int mysql_audit_schema(const struct dara_model *model, struct dara_audit *audit)
{
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        if (is(object, "table"))
            judge_table(audit, object);
        else if (is(object, "column"))
            judge_column(audit, object);
        else if (is(object, "routine") || is(object, "view") || is(object, "trigger") || is(object, "event"))
            judge_program(audit, object);
        else if (is(object, "constraint") && dara_object_bool(object, "mysql.not_enforced", false))
            find(audit, &not_enforced, object, "is not enforced");
        else if (is(object, "index") && dara_object_bool(object, "mysql.invisible", false))
            find(audit, &invisible_index, object, "is invisible");
    }
    return 0;
}
