/* SPDX-License-Identifier: MIT */
/* What rules need to know of PostgreSQL: types, indexes, partitions, statements that mend. */
#include "audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lex.h"
#include "render.h"

/* ---- types ---------------------------------------------------------------------------------------------------------------- */

unsigned postgres_audit_type(const struct dara_object *column)
{
    static const struct {
        const char *name;
        unsigned type;
    } types[] = {{"smallint", DARA_TYPE_INTEGER | 16u << DARA_TYPE_BITS},
                 {"integer", DARA_TYPE_INTEGER | 32u << DARA_TYPE_BITS},
                 {"bigint", DARA_TYPE_INTEGER | 64u << DARA_TYPE_BITS},
                 {"real", DARA_TYPE_FLOAT},
                 {"double precision", DARA_TYPE_FLOAT},
                 {"numeric", DARA_TYPE_EXACT},
                 {"text", DARA_TYPE_STRING},
                 {"character varying", DARA_TYPE_STRING},
                 {"character", DARA_TYPE_STRING}};
    const char *type = dara_object_text(column, "type");
    size_t length = type ? strcspn(type, "(") : 0;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (length == strlen(types[i].name) && strncmp(type, types[i].name, length) == 0 && !strchr(type, '['))
            return types[i].type;
    return 0;
}

bool postgres_audit_follows(const struct dara_object *table)
{
    return postgres_is_partition(table);
}

/* ---- what an index is made of --------------------------------------------------------------------------------------------- */

struct parts {
    char **items;
    size_t count, room;
};

static void parts_done(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        free(parts->items[i]);
    free(parts->items);
}

static bool add_part(struct parts *parts, const char *start, const char *end)
{
    while (start < end && *start == ' ')
        start++;
    while (end > start && end[-1] == ' ')
        end--;
    if (parts->count == parts->room) {
        size_t room = parts->room ? parts->room * 2 : 8;
        char **items = realloc(parts->items, room * sizeof(*items));
        if (!items)
            return false;
        parts->items = items;
        parts->room = room;
    }
    parts->items[parts->count] = strndup(start, (size_t)(end - start));
    return parts->items[parts->count++] != NULL;
}

/* The parts between the parentheses that begin with `open`; `*ret_rest` is behind them. */
static bool cut_parts(struct postgres_lexer *lexer, const struct postgres_token *open, struct parts *parts,
                      const char **ret_rest)
{
    struct postgres_token token;
    const char *start = open->start + 1;
    for (size_t depth = 1; postgres_lex_next(lexer, &token) != POSTGRES_TOKEN_END;) {
        if (token.type == POSTGRES_TOKEN_BAD)
            return false;
        bool end = postgres_token_is(&token, ")") && depth == 1;
        if ((end || (depth == 1 && postgres_token_is(&token, ","))) && !add_part(parts, start, token.start))
            return false;
        if (depth == 1 && postgres_token_is(&token, ","))
            start = token.start + 1;
        depth += postgres_token_is(&token, "(") || postgres_token_is(&token, "[");
        depth -= postgres_token_is(&token, ")") || postgres_token_is(&token, "]");
        if (!depth) {
            *ret_rest = token.start + 1;
            return true;
        }
    }
    return false;
}

/* "CREATE INDEX name ON table USING method (parts) rest". */
static bool read_definition(const char *definition, char *method, size_t room, struct parts *parts,
                            const char **ret_rest)
{
    struct postgres_lexer lexer;
    struct postgres_token token;
    postgres_lex_begin(&lexer, definition, strlen(definition));
    bool on = false;
    while (postgres_lex_next(&lexer, &token) != POSTGRES_TOKEN_END && token.type != POSTGRES_TOKEN_BAD) {
        on = on || postgres_token_is(&token, "on");
        if (on && postgres_token_is(&token, "using"))
            break;
    }
    if (postgres_lex_next(&lexer, &token) == POSTGRES_TOKEN_END || token.length >= room)
        return false;
    snprintf(method, room, "%.*s", (int)token.length, token.start);
    if (postgres_lex_next(&lexer, &token) == POSTGRES_TOKEN_END || !postgres_token_is(&token, "("))
        return false;
    return cut_parts(&lexer, &token, parts, ret_rest);
}

/* The column that a part begins with, by its key; NULL for an expression, a collation or another operator class: it finds other
 * values for equal, or no equal ones. */
static const char *column_of(const struct dara_object *table, const char *part)
{
    const struct dara_object *column = NULL;
    char *plain = strdup(part), *end = plain;
    const char *found = NULL, *rest = part;
    if (!plain)
        return NULL;
    bool quoted = *part == '"';
    for (rest += quoted; *rest && (quoted ? *rest != '"' || rest[1] == '"' : *rest != ' '); rest++) {
        rest += quoted && *rest == '"';
        *end++ = *rest;
    }
    *end = '\0';
    rest += quoted && *rest;
    bool bare = !*rest || strncmp(rest, " DESC", 5) == 0 || strncmp(rest, " NULLS", 6) == 0;
    while (bare && !found && (column = dara_object_owned(table, "column", column)))
        if (strcmp(dara_object_key(column), plain) == 0)
            found = dara_object_key(column);
    free(plain);
    return found;
}

static void describe(const struct dara_object *object, const char *method, const char *rest, const struct parts *parts,
                     const char **columns, struct dara_index *index)
{
    static const char distinct[] = " NULLS NOT DISTINCT";
    char text[512];
    const char *nulls = strstr(rest, distinct);
    snprintf(text, sizeof(text), "%s%.*s%s", method, nulls ? (int)(nulls - rest) : (int)strlen(rest), rest,
             nulls ? nulls + strlen(distinct) : "");
    for (size_t i = 0; i < parts->count; i++)
        columns[i] = column_of(dara_object_owner(object), parts->items[i]);
    const struct dara_index_desc desc = {
        .size = sizeof(desc),
        .count = parts->count,
        .columns = columns,
        .parts = (const char *const *)parts->items,
        .rest = text,
        .unique = dara_object_bool(object, "unique", postgres_is(object, "constraint")),
        .partial = dara_object_has(object, "where") || !dara_object_bool(object, "valid", true),
        .ordered = strcmp(method, "btree") == 0 || (strcmp(method, "hash") == 0 && parts->count == 1),
        .nulls_equal = nulls != NULL,
    };
    dara_index_describe(index, &desc);
}

/* "PRIMARY KEY (a) INCLUDE (b) …": what a constraint's index has in common with others. */
static bool read_constraint(const char *definition, struct parts *parts, char *rest, size_t room)
{
    struct postgres_lexer lexer;
    struct postgres_token token;
    const char *behind = NULL;
    postgres_lex_begin(&lexer, definition, strlen(definition));
    while (postgres_lex_next(&lexer, &token) != POSTGRES_TOKEN_END && !postgres_token_is(&token, "("))
        continue;
    if (token.type == POSTGRES_TOKEN_END || !cut_parts(&lexer, &token, parts, &behind))
        return false;
    const char *include = strstr(behind, " INCLUDE (");
    snprintf(rest, room, "%s%s", include ? include : "",
             strstr(definition, " NULLS NOT DISTINCT") ? " NULLS NOT DISTINCT" : "");
    return true;
}

int postgres_audit_index(const struct dara_object *object, struct dara_index *index)
{
    const char *definition = dara_object_text(object, "definition"), *rest = "";
    struct parts parts = {.count = 0};
    char method[64] = "btree", tail[512] = "";
    bool constraint = postgres_is(object, "constraint"), read = definition != NULL;
    if (read && constraint)
        read = read_constraint(definition, &parts, tail, sizeof(tail));
    else if (read)
        read = read_definition(definition, method, sizeof(method), &parts, &rest);
    const char **columns = read ? calloc(parts.count + 1, sizeof(*columns)) : NULL;
    if (columns)
        describe(object, method, constraint ? tail : rest, &parts, columns, index);
    free(columns);
    parts_done(&parts);
    return 0;
}

/* ---- statements that mend ------------------------------------------------------------------------------------------------- */

static void add_qualified(const struct dara_object *object, struct dara_text *out)
{
    postgres_dialect_quote(NULL, postgres_space(object), out);
    dara_text_add(out, ".");
    postgres_dialect_quote(NULL, dara_object_name(object), out);
}

/* What has partitions can do neither concurrently. */
static const char *gently(const struct dara_object *table)
{
    return dara_object_has(table, "postgres.partition_key") ? "" : "CONCURRENTLY ";
}

static void add_index(const struct dara_object *key, struct dara_text *out)
{
    const struct dara_object *table = dara_object_owner(key);
    const char *const *columns;
    size_t count = dara_object_list(key, "columns", &columns);
    dara_text_add(out, "CREATE INDEX ");
    dara_text_add(out, gently(table));
    dara_text_add(out, "ON ");
    add_qualified(table, out);
    for (size_t i = 0; i < count; i++) {
        dara_text_add(out, i ? ", " : " (");
        postgres_dialect_quote(NULL, columns[i], out);
    }
    dara_text_add(out, ")");
}

int postgres_audit_fix(const char *rule, const struct dara_object *object, struct dara_text *out)
{
    if (strcmp(rule, "foreign-key-no-index") == 0)
        add_index(object, out);
    if (strcmp(rule, "duplicate-index") == 0 || strcmp(rule, "redundant-index") == 0) {
        dara_text_add(out, "DROP INDEX ");
        dara_text_add(out, gently(dara_object_owner(object)));
        add_qualified(object, out);
    }
    return 0;
}

/* ---- its own rules -------------------------------------------------------------------------------------------------------- */

void postgres_audit_find(struct dara_audit *audit, const char *rule, const struct dara_object *object, const char *fix,
                         const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    const struct dara_finding finding = {
        .size = sizeof(finding), .rule = rule, .object = object, .message = message, .fix = fix};
    dara_audit_finding(audit, &finding);
}

bool postgres_audit_lists(const struct dara_object *object, const char *property, const char *value)
{
    const char *const *values;
    size_t count = dara_object_list(object, property, &values);
    for (size_t i = 0; i < count; i++)
        if (strcmp(values[i], value) == 0)
            return true;
    return false;
}

int postgres_audit_schema(const struct dara_model *model, struct dara_audit *audit)
{
    int code = 0;
    for (size_t i = 0; !code && i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        code = postgres_audit_design(model, object, audit);
        if (!code)
            code = postgres_audit_security(model, object, audit);
    }
    return code;
}
