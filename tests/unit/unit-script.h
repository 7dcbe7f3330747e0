/* SPDX-License-Identifier: MIT */
/* For the tests of scripts, of whatever driver: statements with their lines, errors with theirs, facts as one line of text. */
#ifndef DARA_TESTS_UNIT_SCRIPT_H
#define DARA_TESTS_UNIT_SCRIPT_H

#include "unit.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "driver/session.h"

struct cut {
    const char *script;
    const char *statements; /* "line:text|" for each */
};

DARA_UNUSED static void check_cuts(const struct dara_driver *driver, const struct cut *cuts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        DARA_SCRIPT_LOCAL script = NULL;
        DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
        if (dara_dialect_split(driver, cuts[i].script, strlen(cuts[i].script), &script))
            fail_msg("%s: %s", cuts[i].script, dara_error_last()->message);
        for (size_t s = 0; s < script->count; s++)
            dara_text_format(&text, "%u:%s|", script->statements[s].line, script->statements[s].text);
        assert_string_equal(dara_text_string(&text), cuts[i].statements);
    }
}

struct malformed {
    const char *script;
    long line;
    const char *message;
};

DARA_UNUSED static void check_malformed(const struct dara_driver *driver, const struct malformed *bad, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        DARA_SCRIPT_LOCAL script = NULL;
        if (!dara_dialect_split(driver, bad[i].script, strlen(bad[i].script), &script))
            fail_msg("no error: %s", bad[i].script);
        assert_int_equal(dara_error_last()->code, DARA_EFILE);
        assert_string_equal(dara_error_last()->message, bad[i].message);
        assert_int_equal(dara_error_last()->line, bad[i].line);
    }
}

struct told {
    const char *text;
    const char *facts; /* kind, flags in letters, then objects "M table s.key", then hazards "!rule" ("!!" destroys) */
};

DARA_UNUSED static void write_facts(struct dara_text *text, const struct dara_statement_facts *facts)
{
    static const struct {
        unsigned flag;
        char letter;
    } letters[] = {{DARA_STATEMENT_READS, 'R'},
                   {DARA_STATEMENT_SCHEMA, 'S'},
                   {DARA_STATEMENT_DATA, 'D'},
                   {DARA_STATEMENT_TRANSACTION, 'T'},
                   {DARA_STATEMENT_NO_TRANSACTION, 'N'},
                   {DARA_STATEMENT_REFUSED, 'X'},
                   {DARA_STATEMENT_BEFORE_TRANSACTION, 'B'},
                   {DARA_STATEMENT_SESSION, 'V'},
                   {DARA_STATEMENT_UNREAD, '?'}};
    dara_text_format(text, "%s ", facts->kind);
    for (size_t i = 0; i < DARA_COUNT(letters); i++)
        if (facts->flags & letters[i].flag)
            dara_text_format(text, "%c", letters[i].letter);
    dara_text_add(text, facts->flags ? "" : "-");
    for (size_t i = 0; i < facts->object_count; i++) {
        const struct dara_fact_object *object = &facts->objects[i];
        dara_text_format(text, "; %c %s%s%s%s%s%s%s", " MUCDmd"[object->role], object -> kind ? object -> kind : "",
                         object->kind ? " " : "", object->space ? object->space : "", object->space ? "." : "",
                         object->owner ? object->owner : "", object->owner ? "." : "", object->key);
    }
    for (size_t i = 0; i < facts->hazard_count; i++)
        dara_text_format(text, "; %s%s", facts->hazards[i].destroys ? "!!" : "!", facts->hazards[i].rule);
}

DARA_UNUSED static void check_facts(const struct dara_driver *driver, const struct told *tellings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct dara_statement statement = {
            .text = (char *)(uintptr_t)tellings[i].text, .length = strlen(tellings[i].text), .line = 1};
        DARA_FACTS_LOCAL facts = NULL;
        DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
        assert_int_equal(dara_dialect_classify(driver, &statement, &facts), 0);
        write_facts(&text, facts);
        if (strcmp(dara_text_string(&text), tellings[i].facts) != 0)
            print_message("# %s\n", tellings[i].text);
        assert_string_equal(dara_text_string(&text), tellings[i].facts);
        assert_true(!facts->refusal == !(facts->flags & DARA_STATEMENT_REFUSED));
    }
}

#endif
