/* SPDX-License-Identifier: MIT */
/* What rules need to know of SQLite, and its own rules. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "lex.h"

#define ROW(symbol, rule_id, rule_level, rule_kinds, rule_title, rule_why, rule_fix) \
    static const struct dara_rule symbol = {.size = sizeof(symbol),                  \
                                            .id = rule_id,                           \
                                            .level = DARA_RULE_##rule_level,         \
                                            .flags = DARA_RULE_CATALOG,              \
                                            .kinds = rule_kinds,                     \
                                            .title = rule_title,                     \
                                            .why = rule_why,                         \
                                            .fix = rule_fix}

ROW(type_affinity, "type-affinity", WARN, "table column", "a type's name means another to SQLite",
    "SQLite looks for pieces of words: STRING makes a column numeric, so that '007' becomes 7, and FLOATING POINT "
    "makes it "
    "an integer, for the INT in it",
    "write TEXT, INTEGER, REAL, BLOB or NUMERIC, or make the table STRICT");
ROW(primary_key_null, "primary-key-null", WARN, "table column constraint", "a primary key takes NULL",
    "but for INTEGER PRIMARY KEY, SQLite lets NULL into the primary key of an ordinary table, and as often as you like",
    "declare the columns NOT NULL, or the table STRICT or WITHOUT ROWID");
ROW(autoincrement, "autoincrement", INFO, "table", "AUTOINCREMENT is seldom needed",
    "INTEGER PRIMARY KEY numbers rows by itself; AUTOINCREMENT only keeps numbers of deleted rows from coming again, "
    "for a "
    "write to another table with every insert",
    "leave it out, unless numbers must never come again");
ROW(not_strict, "not-strict", OFF, "table", "a table is not STRICT",
    "any column takes values of any type: a text in an integer column is kept as it is", "declare it STRICT");

const struct dara_rule *const sqlite_audit_rules[] = {&type_affinity, &primary_key_null, &autoincrement, &not_strict,
                                                      NULL};

/* ---- types ---------------------------------------------------------------------------------------------------------------- */

enum affinity { AFFINITY_NONE, AFFINITY_INTEGER, AFFINITY_TEXT, AFFINITY_REAL, AFFINITY_NUMERIC };

/* As SQLite finds it, in this order. Types are folded. */
static enum affinity affinity_of(const char *type)
{
    static const struct {
        const char *piece;
        enum affinity affinity;
    } pieces[] = {{"int", AFFINITY_INTEGER}, {"char", AFFINITY_TEXT}, {"clob", AFFINITY_TEXT}, {"text", AFFINITY_TEXT},
                  {"blob", AFFINITY_NONE},   {"real", AFFINITY_REAL}, {"floa", AFFINITY_REAL}, {"doub", AFFINITY_REAL}};
    for (size_t i = 0; type && i < sizeof(pieces) / sizeof(pieces[0]); i++)
        if (strstr(type, pieces[i].piece))
            return pieces[i].affinity;
    return type && *type ? AFFINITY_NUMERIC : AFFINITY_NONE;
}

unsigned sqlite_audit_type(const struct dara_object *column)
{
    switch (affinity_of(dara_object_text(column, "type"))) {
    case AFFINITY_INTEGER:
        return DARA_TYPE_INTEGER;
    case AFFINITY_TEXT:
        return DARA_TYPE_STRING;
    case AFFINITY_REAL:
        return DARA_TYPE_FLOAT;
    default:
        return 0;
    }
}

/* ---- what an index is made of --------------------------------------------------------------------------------------------- */

/* The column that a term begins with, by its key, or NULL for an expression. A direction may follow, a collation may not: it
 * finds other values for equal. */
static const char *column_of(const struct dara_object *table, const char *term)
{
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(table, "column", column))) {
        const char *key = dara_object_key(column), *rest;
        size_t length = strlen(key);
        if (strncmp(term, key, length) == 0)
            rest = term + length;
        else if (*term == '"' && strncmp(term + 1, key, length) == 0 && term[length + 1] == '"')
            rest = term + length + 2;
        else
            continue;
        if (!*rest || strcmp(rest, " desc") == 0)
            return key;
    }
    return NULL;
}

int sqlite_audit_index(const struct dara_object *object, struct dara_index *index)
{
    const struct dara_object *table = dara_object_owner(object);
    struct dara_index_desc desc = {.size = sizeof(desc), .ordered = true};
    desc.count = dara_object_list(object, "columns", &desc.parts);
    const char **columns = calloc(desc.count + 1, sizeof(*columns));
    if (!columns)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    for (size_t i = 0; i < desc.count; i++)
        columns[i] = column_of(table, desc.parts[i]);
    desc.columns = columns;
    desc.unique = dara_object_bool(object, "unique", dara_object_text(object, "type") != NULL);
    desc.rest = dara_object_text(object, "where");
    desc.partial = desc.rest != NULL;
    dara_index_describe(index, &desc);
    free(columns);
    return 0;
}

/* ---- statements that mend ------------------------------------------------------------------------------------------------- */

static void add_index(const struct dara_object *key, struct dara_text *out)
{
    const char *const *columns;
    const struct dara_object *table = dara_object_owner(key);
    size_t count = dara_object_list(key, "columns", &columns);
    char name[256];
    size_t length = (size_t)snprintf(name, sizeof(name), "%s", dara_object_name(table));
    for (size_t i = 0; i < count && length < sizeof(name); i++)
        length += (size_t)snprintf(name + length, sizeof(name) - length, "_%s", columns[i]);
    dara_text_add(out, "CREATE INDEX ");
    sqlite_quote(out, name);
    dara_text_add(out, " ON ");
    sqlite_quote(out, dara_object_name(table));
    for (size_t i = 0; i < count; i++) {
        dara_text_add(out, i ? ", " : " (");
        sqlite_quote(out, columns[i]);
    }
    dara_text_add(out, ")");
}

int sqlite_audit_fix(const char *rule, const struct dara_object *object, struct dara_text *out)
{
    if (strcmp(rule, "foreign-key-no-index") == 0)
        add_index(object, out);
    if (strcmp(rule, "duplicate-index") == 0 || strcmp(rule, "redundant-index") == 0) {
        dara_text_add(out, "DROP INDEX ");
        sqlite_quote(out, dara_object_name(object));
    }
    return 0;
}

/* ---- its own rules -------------------------------------------------------------------------------------------------------- */

static void find(struct dara_audit *audit, const struct dara_rule *rule, const struct dara_object *object,
                 const char *message)
{
    dara_audit_finding(
        audit, &(struct dara_finding){
                   .size = sizeof(struct dara_finding), .rule = rule->id, .object = object, .message = message});
}

/* Whether a word of the type begins with this. */
static bool has_word(const char *type, const char *word)
{
    for (const char *at = type; (at = strstr(at, word)); at++)
        if (at == type || !isalpha((unsigned char)at[-1]))
            return true;
    return false;
}

/* int, bigint, unsigned int, mediumint, int8: a word that ends in what means an integer, with what is put before it. */
static bool is_integer_word(const char *word, size_t length)
{
    static const char *const heads[] = {"unsigned", "signed", "tiny", "small", "medium", "big", "long"};
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        size_t head = strlen(heads[i]);
        if (length > head && strncmp(word, heads[i], head) == 0)
            return is_integer_word(word + head, length - head);
    }
    return (length == 3 && strncmp(word, "int", 3) == 0) || (length == 7 && strncmp(word, "integer", 7) == 0);
}

static bool means_integer(const char *type)
{
    for (const char *at = type; *at;) {
        size_t length = 0;
        while (isalpha((unsigned char)at[length]))
            length++;
        if (is_integer_word(at, length))
            return true;
        at += length ? length : 1;
    }
    return false;
}

static void judge_column(struct dara_audit *audit, const struct dara_object *column)
{
    const char *type = dara_object_text(column, "type");
    enum affinity affinity = affinity_of(type);
    if (affinity == AFFINITY_INTEGER && !means_integer(type))
        find(audit, &type_affinity, column, "is an integer column, for the letters INT in its type");
    if (affinity == AFFINITY_NUMERIC && has_word(type, "string"))
        find(audit, &type_affinity, column, "is a numeric column: SQLite knows no type STRING");
}

static void judge_primary_key(struct dara_audit *audit, const struct dara_object *table,
                              const struct dara_object *constraint)
{
    const char *const *terms;
    const char *type = dara_object_text(constraint, "type");
    size_t count = dara_object_list(constraint, "columns", &terms);
    if (!type || strcmp(type, "primary key") != 0 || dara_object_bool(constraint, "sqlite.rowid_alias", false))
        return;
    for (size_t i = 0; i < count; i++) {
        const struct dara_object *column = NULL;
        const char *key = column_of(table, terms[i]);
        while (key && (column = dara_object_owned(table, "column", column)))
            if (strcmp(dara_object_key(column), key) == 0 && !dara_object_bool(column, "not_null", false)) {
                find(audit, &primary_key_null, column, "is part of the primary key, and may be NULL");
                break;
            }
    }
}

static void judge_table(struct dara_audit *audit, const struct dara_object *table)
{
    const struct dara_object *part = NULL;
    bool strict = dara_object_bool(table, "sqlite.strict", false);
    if (!strict)
        find(audit, &not_strict, table, "is not STRICT");
    if (dara_object_bool(table, "sqlite.autoincrement", false))
        find(audit, &autoincrement, table, "has AUTOINCREMENT");
    while (!strict && (part = dara_object_owned(table, "column", part)))
        judge_column(audit, part);
    part = NULL;
    while (!strict && !dara_object_bool(table, "sqlite.without_rowid", false) &&
           (part = dara_object_owned(table, "constraint", part)))
        judge_primary_key(audit, table, part);
}

int sqlite_audit_schema(const struct dara_model *model, struct dara_audit *audit)
{
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        if (strcmp(dara_object_kind(object)->name, "table") == 0)
            judge_table(audit, object);
    }
    return 0;
}
