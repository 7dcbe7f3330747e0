/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "ddl-parser.h"

static struct sqlite_constraint *add(struct sqlite_parser *parser, struct sqlite_table *table,
                                     struct sqlite_column *column, const char *type, char *name)
{
    struct sqlite_constraint *constraint = sqlite_pool_alloc(parser->pool, sizeof(*constraint));
    constraint->type = type;
    constraint->name = name;
    constraint->column = column;
    struct sqlite_constraint **end = &table->constraints;
    while (*end)
        end = &(*end)->next;
    *end = constraint;
    return constraint;
}

static const char *take_one_of(struct sqlite_parser *parser, const char *const *words)
{
    for (; *words; words++)
        if (sqlite_parse_take(parser, *words))
            return *words;
    parser->failed = true;
    return NULL;
}

/* [ON CONFLICT …]; ABORT is what happens anyway. */
static const char *conflict_clause(struct sqlite_parser *parser)
{
    static const char *const words[] = {"rollback", "abort", "fail", "ignore", "replace", NULL};
    if (!sqlite_parse_is(parser, "on") || !sqlite_token_is(parser->at + 1, "conflict"))
        return NULL;
    parser->at += 2;
    const char *word = take_one_of(parser, words);
    return word && strcmp(word, "abort") != 0 ? word : NULL;
}

/* ( term, term … [AUTOINCREMENT] ) */
static void terms(struct sqlite_parser *parser, struct sqlite_table *table, struct sqlite_list *list)
{
    sqlite_parse_expect(parser, "(");
    do {
        struct sqlite_span span = sqlite_parse_until(parser, NULL, true);
        if (span.count > 1 && sqlite_token_is(&span.at[span.count - 1], "autoincrement")) {
            table->autoincrement = true;
            span.count--;
        }
        if (span.count)
            sqlite_list_add(parser->pool, list, sqlite_normal_term(parser->pool, span, &table->names));
        else
            parser->failed = true;
    } while (sqlite_parse_take(parser, ","));
    sqlite_parse_expect(parser, ")");
}

/* ( name, name … ), folded. SQLite reads COLLATE and a direction behind a name, and forgets them. */
static void names(struct sqlite_parser *parser, struct sqlite_list *list)
{
    sqlite_parse_expect(parser, "(");
    do {
        sqlite_list_add(parser->pool, list, sqlite_pool_fold(parser->pool, sqlite_parse_name(parser)));
        sqlite_parse_until(parser, NULL, true);
    } while (sqlite_parse_take(parser, ","));
    sqlite_parse_expect(parser, ")");
}

static const char *action(struct sqlite_parser *parser)
{
    if (sqlite_parse_take(parser, "cascade"))
        return "cascade";
    if (sqlite_parse_take(parser, "restrict"))
        return "restrict";
    if (sqlite_parse_take(parser, "no")) {
        sqlite_parse_expect(parser, "action");
        return NULL;
    }
    sqlite_parse_expect(parser, "set");
    if (sqlite_parse_take(parser, "null"))
        return "set null";
    sqlite_parse_expect(parser, "default");
    return "set default";
}

/* [NOT] DEFERRABLE [INITIALLY …]; only DEFERRABLE INITIALLY DEFERRED defers. False where none begins. */
static bool defer_clause(struct sqlite_parser *parser, struct sqlite_constraint *key)
{
    bool not = sqlite_parse_is(parser, "not") && sqlite_token_is(parser->at + 1, "deferrable");
    if (!not &&!sqlite_parse_is(parser, "deferrable"))
        return false;
    parser->at += not ? 2 : 1;
    bool deferred = false;
    if (sqlite_parse_take(parser, "initially")) {
        deferred = sqlite_parse_take(parser, "deferred");
        if (!deferred)
            sqlite_parse_expect(parser, "immediate");
    }
    if (key)
        key->deferred = deferred && !not ;
    return true;
}

static void references(struct sqlite_parser *parser, struct sqlite_constraint *key)
{
    key->parent = sqlite_parse_name(parser);
    if (sqlite_parse_is(parser, "("))
        names(parser, &key->parent_columns);
    for (;;) {
        if (sqlite_parse_take(parser, "match")) {
            key->match = sqlite_pool_fold(parser->pool, sqlite_parse_name(parser));
        } else if (sqlite_parse_take(parser, "on")) {
            if (sqlite_parse_take(parser, "delete"))
                key->on_delete = action(parser);
            else if (sqlite_parse_take(parser, "update"))
                key->on_update = action(parser);
            else if (sqlite_parse_take(parser, "insert"))
                action(parser); /* read and forgotten, as SQLite does */
            else
                parser->failed = true;
        } else if (parser->failed || !defer_clause(parser, key)) {
            return;
        }
    }
}

/* PRIMARY KEY and UNIQUE, behind a column or of the table. */
static void key_constraint(struct sqlite_parser *parser, struct sqlite_table *table, struct sqlite_column *column,
                           struct sqlite_constraint *key)
{
    if (!column) {
        terms(parser, table, &key->columns);
    } else {
        bool primary = key->type[0] == 'p';
        key->descends = primary && sqlite_parse_take(parser, "desc");
        if (primary && !key->descends)
            sqlite_parse_take(parser, "asc");
        struct sqlite_buffer term = {.pool = parser->pool};
        sqlite_buffer_add(&term, column->key);
        sqlite_buffer_add(&term, key->descends ? " desc" : "");
        sqlite_list_add(parser->pool, &key->columns, term.text);
    }
    key->conflict = conflict_clause(parser);
    if (column && key->type[0] == 'p' && sqlite_parse_take(parser, "autoincrement"))
        table->autoincrement = true;
}

static void check(struct sqlite_parser *parser, struct sqlite_constraint *constraint)
{
    constraint->check = sqlite_parse_parentheses(parser);
    constraint->conflict = conflict_clause(parser);
}

/* DEFAULT: in parentheses, or one token with or without a sign. */
static void default_clause(struct sqlite_parser *parser, struct sqlite_column *column)
{
    const struct sqlite_token *from = parser->at;
    if (sqlite_parse_is(parser, "(")) {
        sqlite_parse_parentheses(parser);
    } else {
        if (!sqlite_parse_take(parser, "-"))
            sqlite_parse_take(parser, "+");
        if (parser->at->type == SQLITE_TOKEN_END || parser->at->type == SQLITE_TOKEN_BAD)
            parser->failed = true;
        else
            parser->at++;
    }
    column->default_value = sqlite_parse_since(parser, from);
}

static void generated_clause(struct sqlite_parser *parser, struct sqlite_column *column)
{
    if (sqlite_parse_take(parser, "generated"))
        sqlite_parse_expect(parser, "always");
    sqlite_parse_expect(parser, "as");
    column->generated = sqlite_parse_parentheses(parser);
    column->stored = sqlite_parse_take(parser, "stored");
    if (!column->stored)
        sqlite_parse_take(parser, "virtual");
}

/* The foreign key a deferral behind a column speaks of. */
static struct sqlite_constraint *last_key(const struct sqlite_table *table, const struct sqlite_column *column)
{
    struct sqlite_constraint *last = NULL;
    for (struct sqlite_constraint *c = table->constraints; c; c = c->next)
        if (c->type[0] == 'f' && c->column == column)
            last = c;
    return last;
}

/* What only a column can have. False where none begins. */
static bool column_clause(struct sqlite_parser *parser, struct sqlite_table *table, struct sqlite_column *column)
{
    if (defer_clause(parser, last_key(table, column)))
        return true;
    if (sqlite_parse_take(parser, "not")) {
        sqlite_parse_expect(parser, "null");
        column->not_null = true;
        column->not_null_conflict = conflict_clause(parser);
    } else if (sqlite_parse_take(parser, "null")) {
        conflict_clause(parser);
    } else if (sqlite_parse_take(parser, "collate")) {
        column->collation = sqlite_pool_fold(parser->pool, sqlite_parse_name(parser));
    } else if (sqlite_parse_take(parser, "default")) {
        default_clause(parser, column);
    } else if (sqlite_parse_is(parser, "generated") || sqlite_parse_is(parser, "as")) {
        generated_clause(parser, column);
    } else {
        return false;
    }
    return true;
}

static bool table_constraint(struct sqlite_parser *parser, struct sqlite_table *table, struct sqlite_column *column,
                             char *name)
{
    if (sqlite_parse_take(parser, "primary")) {
        sqlite_parse_expect(parser, "key");
        key_constraint(parser, table, column, add(parser, table, column, "primary key", name));
    } else if (sqlite_parse_take(parser, "unique")) {
        key_constraint(parser, table, column, add(parser, table, column, "unique", name));
    } else if (sqlite_parse_take(parser, "check")) {
        check(parser, add(parser, table, column, "check", name));
    } else if (column && sqlite_parse_take(parser, "references")) {
        struct sqlite_constraint *key = add(parser, table, column, "foreign key", name);
        sqlite_list_add(parser->pool, &key->columns, column->key);
        references(parser, key);
    } else if (!column && sqlite_parse_take(parser, "foreign")) {
        struct sqlite_constraint *key = add(parser, table, column, "foreign key", name);
        sqlite_parse_expect(parser, "key");
        names(parser, &key->columns);
        sqlite_parse_expect(parser, "references");
        references(parser, key);
    } else {
        return false;
    }
    return true;
}

bool sqlite_parse_constraint(struct sqlite_parser *parser, struct sqlite_table *table, struct sqlite_column *column)
{
    if (parser->failed)
        return false;
    char *name = NULL;
    bool named = sqlite_parse_take(parser, "constraint");
    if (named)
        name = sqlite_parse_name(parser);
    /* a name without a constraint behind it is allowed, and says nothing */
    return table_constraint(parser, table, column, name) || (column && column_clause(parser, table, column)) || named;
}
