/* SPDX-License-Identifier: MIT */
/* CREATE, DROP, RENAME and ALTER, but for ALTER TABLE. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify.h"

#define SCHEMA DARA_STATEMENT_SCHEMA
#define DATA   DARA_STATEMENT_DATA
#define SERVER DARA_STATEMENT_ELSEWHERE

/* ---- kinds of objects --------------------------------------------------------------------------------------------------- */

enum noun_id {
    TABLE,
    VIEW,
    INDEX,
    TRIGGER,
    PROCEDURE,
    FUNCTION,
    EVENT,
    SEQUENCE,
    PACKAGE_BODY,
    PACKAGE,
    DATABASE,
    OTHER
};

/* What may follow CREATE, ALTER and DROP: the words, the kind in the model (NULL: none), the rule of its DROP. */
static const struct noun {
    const char *words;
    enum noun_id id;
    const char *kind, *rule, *message;
    bool destroys;
} nouns[] = {
    {"table", TABLE, "table", "drop-table", "DROP TABLE destroys the table's rows", true},
    {"tables", TABLE, "table", "drop-table", "DROP TABLE destroys the table's rows", true},
    {"view", VIEW, "view", "drop-view", "what reads the view fails afterwards", false},
    {"index", INDEX, NULL, "drop-index", "queries may become slow without the index", false},
    {"trigger", TRIGGER, "trigger", "drop-trigger", "what the trigger kept up is no longer kept up", false},
    {"procedure", PROCEDURE, "routine", "drop-function", "what calls the routine fails afterwards", false},
    {"function", FUNCTION, "routine", "drop-function", "what calls the routine fails afterwards", false},
    {"event", EVENT, "event", "drop-event", "what the event did is no longer done", false},
    {"sequence", SEQUENCE, "sequence", "drop-sequence", "where the numbers stood is lost", false},
    {"package body", PACKAGE_BODY, "package_body", "drop-function", "what calls the package fails afterwards", false},
    {"package", PACKAGE, "package", "drop-function", "what calls the package fails afterwards", false},
    {"database", DATABASE, NULL, "drop-schema", "DROP DATABASE destroys everything in it", true},
    {"schema", DATABASE, NULL, "drop-schema", "DROP DATABASE destroys everything in it", true},
    {"user", OTHER, NULL, "drop-user", "who logs in with the account no longer can", false},
    {"role", OTHER, NULL, "drop-user", "who had rights by the role has them no longer", false},
    {"server", OTHER, NULL, NULL, NULL, false},
    {"tablespace", OTHER, NULL, NULL, NULL, false},
    {"undo tablespace", OTHER, NULL, NULL, NULL, false},
    {"logfile group", OTHER, NULL, NULL, NULL, false},
    {"resource group", OTHER, NULL, NULL, NULL, false},
    {"spatial reference system", OTHER, NULL, NULL, NULL, false},
    {"library", OTHER, NULL, NULL, NULL, false},
    {"instance", OTHER, NULL, NULL, NULL, false},
};

static const struct noun *accept_noun(struct mysql_reading *reading)
{
    for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++)
        if (mysql_reading_accept(reading, nouns[i].words))
            return &nouns[i];
    return NULL;
}

/* Accounts, tablespaces and the like are the server's. */
static unsigned flags_of(const struct noun *noun)
{
    return noun->id == OTHER ? SCHEMA | SERVER : SCHEMA;
}

/* "drop table"; the words of all of them are constants. */
static const char *kind_words(const char *verb, const struct noun *noun)
{
    static const struct {
        enum noun_id id;
        const char *create, *alter, *drop;
    } words[] = {{TABLE, "create table", "alter table", "drop table"},
                 {VIEW, "create view", "alter view", "drop view"},
                 {INDEX, "create index", "alter index", "drop index"},
                 {TRIGGER, "create trigger", "alter trigger", "drop trigger"},
                 {PROCEDURE, "create procedure", "alter procedure", "drop procedure"},
                 {FUNCTION, "create function", "alter function", "drop function"},
                 {EVENT, "create event", "alter event", "drop event"},
                 {SEQUENCE, "create sequence", "alter sequence", "drop sequence"},
                 {PACKAGE_BODY, "create package body", "alter package body", "drop package body"},
                 {PACKAGE, "create package", "alter package", "drop package"},
                 {DATABASE, "create database", "alter database", "drop database"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].id == noun->id)
            return *verb == 'c' ? words[i].create : *verb == 'a' ? words[i].alter : words[i].drop;
    return verb;
}

static void fold(char *key)
{
    for (; key && *key; key++)
        if (*key >= 'A' && *key <= 'Z')
            *key = (char)(*key - 'A' + 'a');
}

/* The name as the model's key: kinds.c says how they are written. */
static struct mysql_name read_key(struct mysql_reading *reading, const struct noun *noun)
{
    struct mysql_name name = mysql_reading_name(reading);
    if (!name.key)
        return name;
    if (noun->id == PROCEDURE || noun->id == FUNCTION) {
        size_t size = strlen(noun->words) + strlen(name.key) + 2;
        char *key = malloc(size);
        if (!key) {
            reading->failed = true;
            return name;
        }
        snprintf(key, size, "%s %s", noun->words, name.key);
        free(name.key);
        name.key = key;
    }
    if (noun->id == PROCEDURE || noun->id == FUNCTION || noun->id == EVENT || noun->id == PACKAGE ||
        noun->id == PACKAGE_BODY)
        fold(name.key);
    return name;
}

static void tell(struct mysql_reading *reading, enum dara_role role, const struct noun *noun, const char *kind)
{
    struct mysql_name name = read_key(reading, noun);
    mysql_reading_object(reading, role, kind, &name);
    mysql_name_free(&name);
}

static void tell_table(struct mysql_reading *reading, enum dara_role role)
{
    struct mysql_name name = mysql_reading_name(reading);
    mysql_reading_object(reading, role, role == DARA_ROLE_USES ? NULL : "table", &name);
    mysql_name_free(&name);
}

/* ---- CREATE ------------------------------------------------------------------------------------------------------------- */

static void create_table(struct mysql_reading *reading, bool temporary, bool replaces)
{
    if (temporary) {
        /* Seen by this session alone, and it commits nothing. */
        reading->kind = "create temporary table";
        reading->flags = DATA;
        mysql_reading_accept(reading, "if not exists");
        struct mysql_name name = mysql_reading_name(reading);
        mysql_reading_hide(reading, &name);
        mysql_name_free(&name);
    } else {
        bool mild = mysql_reading_accept(reading, "if not exists");
        tell_table(reading, mild ? DARA_ROLE_MAKES_IF_ABSENT : DARA_ROLE_MAKES);
    }
    if (replaces && !temporary)
        mysql_reading_hazard(reading, "drop-table", true, "OR REPLACE destroys the rows of the table that was there");
    if (mysql_reading_accept(reading, "like") || mysql_reading_accept(reading, "( like")) {
        tell_table(reading, DARA_ROLE_USES);
        return;
    }
    if (mysql_reading_finds(reading, "select") || mysql_reading_finds(reading, "as"))
        reading->flags |= DATA;
    mysql_reading_uses(reading);
}

static void create_index(struct mysql_reading *reading)
{
    if (mysql_reading_skip_to(reading, "on"))
        tell_table(reading, DARA_ROLE_CHANGES);
}

/* What a body names is looked for when it runs, not when it is made. */
static void create_named(struct mysql_reading *reading, const struct noun *noun, bool replaces)
{
    bool mild = mysql_reading_accept(reading, "if not exists") || replaces;
    tell(reading, mild ? DARA_ROLE_MAKES_IF_ABSENT : DARA_ROLE_MAKES, noun, noun->kind);
    if (noun->id == FUNCTION && mysql_reading_finds(reading, "soname"))
        mysql_reading_refuse(reading, "it loads code into the server", "use the tools of the server");
    if (noun->id == TRIGGER && mysql_reading_skip_to(reading, "on"))
        tell_table(reading, DARA_ROLE_USES);
    if (noun->id == VIEW)
        mysql_reading_uses(reading);
}

/* DEFINER = `user`@`host`, or CURRENT_USER(). */
static void skip_definer(struct mysql_reading *reading)
{
    if (!mysql_reading_accept(reading, "definer"))
        return;
    mysql_reading_accept(reading, "=");
    mysql_reading_advance(reading);
    if (mysql_reading_is(reading, "("))
        mysql_reading_skip_parens(reading);
    if (mysql_reading_accept(reading, "@"))
        mysql_reading_advance(reading);
}

/* What may stand between CREATE and the kind of object. */
static void skip_prefixes(struct mysql_reading *reading)
{
    if (mysql_reading_accept(reading, "algorithm")) {
        mysql_reading_accept(reading, "=");
        mysql_reading_advance(reading);
    }
    skip_definer(reading);
    if (mysql_reading_accept(reading, "sql security"))
        mysql_reading_advance(reading);
    if (!mysql_reading_accept(reading, "aggregate") && !mysql_reading_accept(reading, "unique") &&
        !mysql_reading_accept(reading, "fulltext"))
        (void)(mysql_token_is(mysql_reading_peek(reading, 1), "index") && mysql_reading_accept(reading, "spatial"));
}

static void refuse_database(struct mysql_reading *reading)
{
    mysql_reading_refuse(reading, "it makes or drops a database, and a migration works inside one",
                         "use the tools of the server, or `dara bootstrap` to make the database of the project");
}

void mysql_classify_create(struct mysql_reading *reading)
{
    bool replaces = mysql_reading_accept(reading, "or replace");
    bool temporary = mysql_reading_accept(reading, "temporary");
    skip_prefixes(reading);
    const struct noun *noun = accept_noun(reading);
    if (!noun)
        return;
    reading->flags = flags_of(noun);
    reading->kind = kind_words("create", noun);
    if (noun->id == DATABASE)
        refuse_database(reading);
    else if (noun->id == TABLE)
        create_table(reading, temporary, replaces);
    else if (noun->id == INDEX)
        create_index(reading);
    else if (noun->id != OTHER)
        create_named(reading, noun, replaces);
}

/* ---- DROP --------------------------------------------------------------------------------------------------------------- */

static void drop_names(struct mysql_reading *reading, const struct noun *noun)
{
    bool mild = mysql_reading_accept(reading, "if exists");
    do
        tell(reading, mild ? DARA_ROLE_DROPS_IF_THERE : DARA_ROLE_DROPS, noun, noun->kind);
    while (mysql_reading_accept(reading, ","));
}

void mysql_classify_drop(struct mysql_reading *reading)
{
    if (mysql_reading_accept(reading, "prepare")) {
        reading->kind = "deallocate";
        reading->flags = DARA_STATEMENT_SESSION;
        return;
    }
    bool temporary = mysql_reading_accept(reading, "temporary");
    const struct noun *noun = accept_noun(reading);
    if (!noun)
        return;
    reading->flags = temporary ? DATA : flags_of(noun);
    reading->kind = temporary ? "drop temporary table" : kind_words("drop", noun);
    if (temporary)
        return;
    if (noun->id == INDEX)
        create_index(reading);
    else if (noun->id == DATABASE)
        refuse_database(reading);
    else if (noun->kind)
        drop_names(reading, noun);
    if (noun->rule)
        mysql_reading_hazard(reading, noun->rule, noun->destroys, noun->message);
}

/* ---- RENAME ------------------------------------------------------------------------------------------------------------- */

void mysql_classify_rename(struct mysql_reading *reading)
{
    if (mysql_reading_accept(reading, "user")) {
        reading->kind = "rename user";
        reading->flags = SCHEMA | SERVER;
        return;
    }
    if (!mysql_reading_accept(reading, "table") && !mysql_reading_accept(reading, "tables"))
        return;
    reading->kind = "rename table";
    reading->flags = SCHEMA;
    mysql_reading_accept(reading, "if exists");
    do {
        tell_table(reading, DARA_ROLE_DROPS);
        while (!mysql_reading_ends(reading) && !mysql_reading_accept(reading, "to"))
            mysql_reading_advance(reading); /* WAIT 5, NOWAIT */
        tell_table(reading, DARA_ROLE_MAKES);
    } while (mysql_reading_accept(reading, ","));
    mysql_reading_hazard(reading, "rename-table", false,
                         "programs that name the old table fail until they are changed");
}

/* ---- ALTER -------------------------------------------------------------------------------------------------------------- */

void mysql_classify_alter(struct mysql_reading *reading)
{
    mysql_reading_accept(reading, "online");
    mysql_reading_accept(reading, "ignore");
    skip_prefixes(reading);
    const struct noun *noun = accept_noun(reading);
    if (!noun)
        return;
    reading->flags = flags_of(noun);
    reading->kind = kind_words("alter", noun);
    if (noun->id == TABLE) {
        mysql_classify_alter_table(reading);
    } else if (noun->kind) {
        mysql_reading_accept(reading, "if exists");
        tell(reading, DARA_ROLE_CHANGES, noun, noun->kind);
        if (noun->id == VIEW)
            mysql_reading_uses(reading);
    } else if (strcmp(noun->words, "instance") == 0) {
        mysql_reading_refuse(reading, "it concerns the whole server", "use the tools of the server");
    }
}
