/* SPDX-License-Identifier: MIT */
#include "ddl-parser.h"

static void folded_names(struct sqlite_parser *parser, struct sqlite_list *list)
{
    do
        sqlite_list_add(parser->pool, list, sqlite_pool_fold(parser->pool, sqlite_parse_name(parser)));
    while (sqlite_parse_take(parser, ","));
}

bool sqlite_ddl_index(struct sqlite_pool *pool, const char *text, const struct sqlite_names *known,
                      struct sqlite_index *ret_index)
{
    struct sqlite_parser parser;
    struct sqlite_index index = {.unique = false};
    sqlite_parse_begin(&parser, pool, text);
    /* UNIQUE stands between the words that begin every other statement */
    if (sqlite_parse_is(&parser, "create") && sqlite_token_is(parser.at + 1, "unique")) {
        index.unique = true;
        parser.at += 2;
        index.name = sqlite_parse_made(&parser, "index");
    } else {
        index.name = sqlite_parse_create(&parser, "index");
    }
    sqlite_parse_expect(&parser, "on");
    index.table = sqlite_parse_name(&parser);
    sqlite_parse_expect(&parser, "(");
    do {
        struct sqlite_span term = sqlite_parse_until(&parser, NULL, true);
        if (!term.count)
            return false;
        sqlite_list_add(pool, &index.columns, sqlite_normal_term(pool, term, known));
    } while (sqlite_parse_take(&parser, ","));
    sqlite_parse_expect(&parser, ")");
    if (sqlite_parse_take(&parser, "where"))
        index.where = sqlite_parse_until(&parser, ";", false);
    if (!sqlite_parse_ended(&parser))
        return false;
    *ret_index = index;
    return true;
}

bool sqlite_ddl_view(struct sqlite_pool *pool, const char *text, struct sqlite_view *ret_view)
{
    struct sqlite_parser parser;
    struct sqlite_view view = {.name = NULL};
    sqlite_parse_begin(&parser, pool, text);
    view.name = sqlite_parse_create(&parser, "view");
    if (sqlite_parse_take(&parser, "(")) {
        folded_names(&parser, &view.columns);
        sqlite_parse_expect(&parser, ")");
    }
    sqlite_parse_expect(&parser, "as");
    view.select = sqlite_parse_until(&parser, ";", false);
    if (!sqlite_parse_ended(&parser) || !view.select.count)
        return false;
    *ret_view = view;
    return true;
}

static void trigger_head(struct sqlite_parser *parser, struct sqlite_trigger *trigger)
{
    trigger->timing = "before"; /* what SQLite takes where nothing is said */
    if (sqlite_parse_take(parser, "after")) {
        trigger->timing = "after";
    } else if (sqlite_parse_take(parser, "instead")) {
        sqlite_parse_expect(parser, "of");
        trigger->timing = "instead of";
    } else {
        sqlite_parse_take(parser, "before");
    }
    if (sqlite_parse_take(parser, "insert")) {
        trigger->event = "insert";
    } else if (sqlite_parse_take(parser, "delete")) {
        trigger->event = "delete";
    } else {
        sqlite_parse_expect(parser, "update");
        trigger->event = "update";
        if (sqlite_parse_take(parser, "of"))
            folded_names(parser, &trigger->of);
    }
    sqlite_parse_expect(parser, "on");
    trigger->table = sqlite_parse_name(parser);
    if (sqlite_parse_take(parser, ".")) /* with its schema */
        trigger->table = sqlite_parse_name(parser);
    if (sqlite_parse_take(parser, "for")) {
        sqlite_parse_expect(parser, "each");
        sqlite_parse_expect(parser, "row");
    }
}

bool sqlite_ddl_trigger(struct sqlite_pool *pool, const char *text, struct sqlite_trigger *ret_trigger)
{
    struct sqlite_parser parser;
    struct sqlite_trigger trigger = {.name = NULL};
    sqlite_parse_begin(&parser, pool, text);
    trigger.name = sqlite_parse_create(&parser, "trigger");
    trigger_head(&parser, &trigger);
    if (sqlite_parse_take(&parser, "when"))
        trigger.when = sqlite_parse_until(&parser, "begin", false);
    sqlite_parse_expect(&parser, "begin");
    const struct sqlite_token *from = parser.at;
    const struct sqlite_token *end = NULL; /* the last END; those before it close a CASE */
    for (; parser.at->type != SQLITE_TOKEN_END && parser.at->type != SQLITE_TOKEN_BAD; parser.at++)
        if (sqlite_parse_is(&parser, "end"))
            end = parser.at;
    if (parser.failed || !end || parser.at->type == SQLITE_TOKEN_BAD)
        return false;
    trigger.body = (struct sqlite_span){.at = from, .count = (size_t)(end - from)};
    *ret_trigger = trigger;
    return true;
}

bool sqlite_ddl_virtual(struct sqlite_pool *pool, const char *text, struct sqlite_virtual *ret_virtual)
{
    struct sqlite_parser parser;
    struct sqlite_virtual table = {.name = NULL};
    sqlite_parse_begin(&parser, pool, text);
    if (!sqlite_parse_is(&parser, "create") || !sqlite_token_is(parser.at + 1, "virtual"))
        return false;
    parser.at += 2;
    table.name = sqlite_parse_made(&parser, "table");
    sqlite_parse_expect(&parser, "using");
    table.module = sqlite_pool_fold(pool, sqlite_parse_name(&parser));
    const struct sqlite_token *from = parser.at;
    if (sqlite_parse_take(&parser, "(")) {
        do {
            struct sqlite_span argument = sqlite_parse_until(&parser, NULL, true);
            if (argument.count)
                sqlite_list_add(pool, &table.arguments, sqlite_normal_spacing(pool, argument));
        } while (sqlite_parse_take(&parser, ","));
        sqlite_parse_expect(&parser, ")");
    }
    table.text = sqlite_parse_since(&parser, from);
    if (!sqlite_parse_ended(&parser))
        return false;
    *ret_virtual = table;
    return true;
}
