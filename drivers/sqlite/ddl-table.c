/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "ddl-parser.h"

/* Words that end a type: those that no name can be without quotes. */
static bool ends_type(const struct sqlite_parser *parser)
{
    static const char *const words[] = {"constraint", "primary",    "not", "null",       "unique", "check",
                                        "default",    "references", "as",  "deferrable", "collate"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sqlite_parse_is(parser, words[i]))
            return true;
    return false;
}

static void type(struct sqlite_parser *parser, struct sqlite_column *column)
{
    const struct sqlite_token *from = parser->at;
    while (sqlite_parse_is_name(parser) && !ends_type(parser)) {
        if (sqlite_parse_is(parser, "generated") && sqlite_token_is(parser->at + 1, "always") &&
            sqlite_token_is(parser->at + 2, "as"))
            break;
        parser->at++;
    }
    if (parser->at > from && sqlite_parse_is(parser, "("))
        sqlite_parse_parentheses(parser);
    column->type = sqlite_parse_since(parser, from);
}

static void column(struct sqlite_parser *parser, struct sqlite_table *table, struct sqlite_column ***end)
{
    struct sqlite_column *added = sqlite_pool_alloc(parser->pool, sizeof(*added));
    const struct sqlite_token *from = parser->at;
    added->name = sqlite_parse_name(parser);
    added->key = sqlite_pool_fold(parser->pool, added->name);
    type(parser, added);
    while (sqlite_parse_constraint(parser, table, added))
        ;
    added->text = sqlite_parse_since(parser, from);
    sqlite_names_add(parser->pool, &table->names, added->key, added);
    **end = added;
    *end = &added->next;
}

static bool begins_constraint(const struct sqlite_parser *parser)
{
    return sqlite_parse_is(parser, "constraint") || sqlite_parse_is(parser, "primary") ||
           sqlite_parse_is(parser, "unique") || sqlite_parse_is(parser, "check") || sqlite_parse_is(parser, "foreign");
}

static void options(struct sqlite_parser *parser, struct sqlite_table *table)
{
    if (!sqlite_parse_is_name(parser))
        return;
    do {
        if (sqlite_parse_take(parser, "strict")) {
            table->strict = true;
        } else {
            sqlite_parse_expect(parser, "without");
            sqlite_parse_expect(parser, "rowid");
            table->without_rowid = true;
        }
    } while (sqlite_parse_take(parser, ","));
}

/* A column INTEGER PRIMARY KEY is the rowid; behind a column, but not in a constraint of the table, DESC prevents it. */
static void mark_rowid_alias(struct sqlite_pool *pool, struct sqlite_table *table, struct sqlite_constraint *key)
{
    if (key->type[0] != 'p' || key->columns.count != 1 || table->without_rowid || key->descends)
        return;
    const char *term = key->columns.values[0];
    struct sqlite_column *named = key->column;
    for (struct sqlite_column *c = table->columns; c && !named; c = c->next) {
        struct sqlite_span name = {.at = c->text.at, .count = 1};
        const char *normal = sqlite_normal_term(pool, name, &table->names);
        size_t length = strlen(normal);
        if (strncmp(term, normal, length) == 0 && (term[length] == '\0' || term[length] == ' '))
            named = c;
    }
    const char *declared = named ? sqlite_normal_type(pool, named->type) : NULL;
    if (declared && strcmp(declared, "integer") == 0)
        key->rowid_alias = named;
}

/* The identity of a constraint that has no name is what it says. */
static void name_constraint(struct sqlite_pool *pool, struct sqlite_table *table, struct sqlite_constraint *constraint,
                            struct sqlite_names *taken)
{
    constraint->expression = sqlite_normal(pool, constraint->check, &table->names);
    struct sqlite_buffer text = {.pool = pool};
    bool check = constraint->type[0] == 'c';
    const char *what = check ? constraint->expression : sqlite_list_join(pool, &constraint->columns);
    sqlite_buffer_add(&text, constraint->type);
    sqlite_buffer_add(&text, check ? ":" : "(");
    sqlite_buffer_add(&text, what ? what : "");
    sqlite_buffer_add(&text, check ? "" : ")");
    constraint->text = text.text;
    char *base = constraint->name ? sqlite_pool_fold(pool, constraint->name) : constraint->text;
    constraint->key = base;
    for (unsigned i = 2; sqlite_names_find(taken, constraint->key); i++)
        constraint->key = sqlite_pool_format(pool, "%s#%u", base, i);
    if (!constraint->name)
        constraint->text = constraint->key;
    sqlite_names_add(pool, taken, constraint->key, constraint);
}

bool sqlite_ddl_table(struct sqlite_pool *pool, const char *text, struct sqlite_table *ret_table)
{
    struct sqlite_parser parser;
    struct sqlite_table table = {.columns = NULL};
    struct sqlite_column **end = &table.columns;
    sqlite_parse_begin(&parser, pool, text);
    table.name = sqlite_parse_create(&parser, "table");
    table.name_token = (struct sqlite_span){.at = parser.at - 1, .count = 1};
    sqlite_parse_expect(&parser, "(");
    do
        column(&parser, &table, &end);
    while (!parser.failed && sqlite_parse_take(&parser, ",") && !begins_constraint(&parser));
    while (!parser.failed && begins_constraint(&parser)) {
        sqlite_parse_constraint(&parser, &table, NULL);
        sqlite_parse_take(&parser, ","); /* SQLite does without */
    }
    sqlite_parse_expect(&parser, ")");
    options(&parser, &table);
    if (!sqlite_parse_ended(&parser))
        return false;
    struct sqlite_names taken = {.count = 0};
    for (struct sqlite_constraint *c = table.constraints; c; c = c->next) {
        mark_rowid_alias(pool, &table, c);
        name_constraint(pool, &table, c, &taken);
    }
    *ret_table = table;
    return true;
}

struct sqlite_column *sqlite_ddl_column(const struct sqlite_table *table, const char *key)
{
    const struct sqlite_name_slot *slot = sqlite_names_find(&table->names, key);
    return slot ? slot->value : NULL;
}

struct sqlite_column *sqlite_ddl_rowid_alias(const struct sqlite_table *table)
{
    for (const struct sqlite_constraint *key = table->constraints; key; key = key->next)
        if (key->rowid_alias)
            return key->rowid_alias;
    return NULL;
}
