/* SPDX-License-Identifier: MIT */
/* CREATE, DROP and ALTER. */
#include <stdlib.h>
#include <string.h>

#include "classify.h"

static void kind(struct sqlite_reading *reading, const char *words)
{
    dara_facts_kind(reading->facts, words, DARA_STATEMENT_SCHEMA);
}

static void unread(struct sqlite_reading *reading, const char *words)
{
    dara_facts_kind(reading->facts, words, DARA_STATEMENT_SCHEMA | DARA_STATEMENT_UNREAD);
}

/* ---- CREATE --------------------------------------------------------------------------------------------------------------- */

static enum dara_role accept_if_not_exists(struct sqlite_reading *reading)
{
    if (!sqlite_reading_is(reading, "if") || !sqlite_token_is(sqlite_reading_peek(reading, 1), "not"))
        return DARA_ROLE_MAKES;
    reading->at += 2;
    sqlite_reading_accept(reading, "exists");
    return DARA_ROLE_MAKES_IF_ABSENT;
}

/* The name being made: told, and from then on no use of something else. */
static void read_made(struct sqlite_reading *reading, const char *object_kind, bool hides)
{
    enum dara_role role = accept_if_not_exists(reading);
    char *key = sqlite_reading_name(reading);
    sqlite_reading_object(reading, role, object_kind, key);
    if (hides)
        sqlite_reading_hide(reading, key);
    free(key);
}

static void read_used(struct sqlite_reading *reading, const char *object_kind)
{
    char *key = sqlite_reading_name(reading);
    sqlite_reading_use(reading, object_kind, key);
    free(key);
}

static void skip_to(struct sqlite_reading *reading, const char *word)
{
    while (sqlite_reading_peek(reading, 0)->type != SQLITE_TOKEN_END && !sqlite_reading_accept(reading, word))
        reading->at++;
}

static void read_create_index(struct sqlite_reading *reading)
{
    kind(reading, "create index");
    read_made(reading, "index", false);
    skip_to(reading, "on");
    read_used(reading, "table");
}

static void read_create_trigger(struct sqlite_reading *reading)
{
    kind(reading, "create trigger");
    read_made(reading, "trigger", false);
    skip_to(reading, "on");
    read_used(reading, NULL);
    sqlite_reading_uses(reading);
}

/* content='posts' of a full-text table names the table that keeps the text. */
static void read_create_virtual(struct sqlite_reading *reading)
{
    kind(reading, "create virtual table");
    sqlite_reading_accept(reading, "table");
    read_made(reading, "virtual_table", true);
    for (; sqlite_reading_peek(reading, 0)->type != SQLITE_TOKEN_END; reading->at++) {
        if (!sqlite_reading_is(reading, "content") || !sqlite_token_is(sqlite_reading_peek(reading, 1), "="))
            continue;
        reading->at += 2;
        if (sqlite_reading_at_name(reading) && sqlite_reading_peek(reading, 0)->length > 2)
            read_used(reading, NULL);
        if (sqlite_reading_peek(reading, 0)->type == SQLITE_TOKEN_END)
            break;
    }
}

void sqlite_classify_create(struct sqlite_reading *reading)
{
    if (!sqlite_reading_accept(reading, "temp"))
        sqlite_reading_accept(reading, "temporary");
    if (sqlite_reading_accept(reading, "table")) {
        kind(reading, "create table");
        read_made(reading, "table", true);
        sqlite_reading_uses(reading);
    } else if (sqlite_reading_accept(reading, "view")) {
        kind(reading, "create view");
        read_made(reading, "view", false);
        sqlite_reading_uses(reading);
    } else if (sqlite_reading_accept(reading, "virtual")) {
        read_create_virtual(reading);
    } else if (sqlite_reading_accept(reading, "trigger")) {
        read_create_trigger(reading);
    } else {
        sqlite_reading_accept(reading, "unique");
        if (sqlite_reading_accept(reading, "index"))
            read_create_index(reading);
        else
            unread(reading, "create");
    }
}

/* ---- DROP --------------------------------------------------------------------------------------------------------------------- */

static const struct droppable {
    const char *word;
    const char *words;
    const char *object_kind; /* NULL: DROP TABLE drops virtual tables, too */
    const char *rule;
    bool destroys;
    const char *message;
} droppables[] = {
    {"table", "drop table", NULL, "drop-table", true, "DROP TABLE destroys the table's rows"},
    {"index", "drop index", "index", "drop-index", false, "queries may become slow without the index"},
    {"view", "drop view", "view", "drop-view", false, "what reads the view fails afterwards"},
    {"trigger", "drop trigger", "trigger", "drop-trigger", false, "what the trigger kept up is no longer kept up"},
};

void sqlite_classify_drop(struct sqlite_reading *reading)
{
    for (size_t i = 0; i < sizeof(droppables) / sizeof(droppables[0]); i++) {
        const struct droppable *it = &droppables[i];
        if (!sqlite_reading_accept(reading, it->word))
            continue;
        enum dara_role role = DARA_ROLE_DROPS;
        if (sqlite_reading_is(reading, "if") && sqlite_token_is(sqlite_reading_peek(reading, 1), "exists")) {
            reading->at += 2;
            role = DARA_ROLE_DROPS_IF_THERE;
        }
        char *key = sqlite_reading_name(reading);
        kind(reading, it->words);
        sqlite_reading_object(reading, role, it->object_kind, key);
        dara_facts_hazard(reading->facts, it->rule, it->destroys, it->message);
        free(key);
        return;
    }
    unread(reading, "drop");
}

/* ---- ALTER TABLE ---------------------------------------------------------------------------------------------------------------- */

static void read_rename(struct sqlite_reading *reading, const char *table)
{
    if (!sqlite_reading_is(reading, "to") || sqlite_reading_peek(reading, 2)->type != SQLITE_TOKEN_END) {
        sqlite_reading_object(reading, DARA_ROLE_CHANGES, NULL, table);
        dara_facts_hazard(reading->facts, "rename-column", false,
                          "programs that name the old column fail until they are changed");
        return;
    }
    sqlite_reading_accept(reading, "to");
    char *key = sqlite_reading_name(reading);
    sqlite_reading_object(reading, DARA_ROLE_DROPS, NULL, table);
    sqlite_reading_object(reading, DARA_ROLE_MAKES, "table", key);
    dara_facts_hazard(reading->facts, "rename-table", false,
                      "programs that name the old table fail until they are changed");
    free(key);
}

/* NOT NULL needs a default that is not NULL, or SQLite refuses the column on a table with rows. */
static bool is_required(struct sqlite_reading *reading)
{
    bool not_null = false, has_default = false;
    while (sqlite_reading_peek(reading, 0)->type != SQLITE_TOKEN_END) {
        if (sqlite_reading_is(reading, "(")) {
            sqlite_reading_skip_parens(reading);
            continue;
        }
        const struct sqlite_token *next = sqlite_reading_peek(reading, 1);
        if (sqlite_reading_is(reading, "not") && sqlite_token_is(next, "null"))
            not_null = true;
        if (sqlite_reading_is(reading, "default") && !sqlite_token_is(next, "null"))
            has_default = true;
        if (sqlite_reading_is(reading, "generated") || sqlite_reading_is(reading, "as"))
            has_default = true; /* a generated column has its value */
        reading->at++;
    }
    return not_null && !has_default;
}

static void read_add(struct sqlite_reading *reading, const char *table)
{
    sqlite_reading_accept(reading, "column");
    sqlite_reading_object(reading, DARA_ROLE_CHANGES, NULL, table);
    sqlite_reading_hide(reading, table);
    size_t start = reading->at;
    sqlite_reading_uses(reading);
    reading->at = start;
    char *column = sqlite_reading_name(reading); /* a column may be called "default" */
    free(column);
    if (is_required(reading))
        dara_facts_hazard(reading->facts, "add-required-column", false,
                          "a NOT NULL column without a default cannot be added to a table that has rows");
}

void sqlite_classify_alter(struct sqlite_reading *reading)
{
    if (!sqlite_reading_accept(reading, "table")) {
        unread(reading, "alter");
        return;
    }
    kind(reading, "alter table");
    char *table = sqlite_reading_name(reading);
    if (sqlite_reading_accept(reading, "rename")) {
        read_rename(reading, table);
    } else if (sqlite_reading_accept(reading, "add")) {
        read_add(reading, table);
    } else if (sqlite_reading_accept(reading, "drop")) {
        dara_facts_kind(reading->facts, "alter table", DARA_STATEMENT_SCHEMA | DARA_STATEMENT_REWRITES);
        sqlite_reading_object(reading, DARA_ROLE_CHANGES, NULL, table);
        dara_facts_hazard(reading->facts, "drop-column", true, "DROP COLUMN destroys the column's values");
    } else {
        unread(reading, "alter table");
        sqlite_reading_object(reading, DARA_ROLE_CHANGES, NULL, table);
    }
    free(table);
}
