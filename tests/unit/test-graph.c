/* SPDX-License-Identifier: MIT */
/* What needs what, and the order that is proposed. */
#include "unit.h"

#include <string.h>

#include "base/text.h"
#include "service/graph.h"

/* A statement as "+a ?b *c -d": makes, uses, changes, drops; '|' is "if not there", '~' is "if there". */
static void add(struct dara_graph *graph, unsigned line, const char *text)
{
    static const struct {
        char sign;
        enum dara_role role;
    } roles[] = {{'+', DARA_ROLE_MAKES},           {'?', DARA_ROLE_USES},
                 {'*', DARA_ROLE_CHANGES},         {'-', DARA_ROLE_DROPS},
                 {'|', DARA_ROLE_MAKES_IF_ABSENT}, {'~', DARA_ROLE_DROPS_IF_THERE}};
    struct dara_fact_object objects[8];
    char names[8][2];
    struct dara_statement_facts facts = {.objects = objects};
    for (; *text; text += text[2] ? 3 : 2) {
        names[facts.object_count][0] = text[1];
        names[facts.object_count][1] = '\0';
        objects[facts.object_count] = (struct dara_fact_object){.key = names[facts.object_count]};
        for (size_t i = 0; i < DARA_COUNT(roles); i++)
            if (roles[i].sign == *text)
                objects[facts.object_count].role = roles[i].role;
        facts.object_count++;
    }
    dara_graph_statement(graph, line, &facts);
}

struct example {
    const char *units[6]; /* statements of a unit are separated by ';' */
    const char *findings; /* "rule unit:line" */
    const char *order;    /* units, as proposed */
    const char *live;     /* what is there; NULL: not known */
};

static void add_unit(struct dara_graph *graph, const char *text)
{
    dara_graph_unit(graph, "f");
    for (unsigned line = 1; *text; line++) {
        size_t length = strcspn(text, ";");
        DARA_FREE char *statement = dara_strndup(text, length);
        add(graph, line, statement);
        text += length + (text[length] == ';');
    }
}

static void check(const struct example *example, size_t number)
{
    struct dara_graph *graph = dara_graph_new();
    DARA_TEXT_LOCAL findings = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL order = DARA_TEXT_INIT;
    for (const char *c = example->live; c && *c; c++)
        dara_graph_exists(graph, "table", NULL, (char[]){*c, '\0'});
    for (size_t i = 0; i < DARA_COUNT(example->units) && example->units[i]; i++)
        add_unit(graph, example->units[i]);
    dara_graph_solve(graph, example->live != NULL);
    for (size_t i = 0; i < dara_graph_finding_count(graph); i++) {
        const struct dara_graph_finding *finding = dara_graph_finding_at(graph, i);
        dara_text_format(&findings, "%s%s %zu:%u", i ? ", " : "", finding->rule, finding->unit, finding->line);
    }
    for (size_t i = 0; i < dara_graph_unit_count(graph); i++)
        dara_text_format(&order, "%zu", dara_graph_order_at(graph, i));
    if (strcmp(dara_text_string(&findings), example->findings) || strcmp(dara_text_string(&order), example->order))
        fail_msg("example %zu: '%s', order %s", number, dara_text_string(&findings), dara_text_string(&order));
    dara_graph_free(graph);
}

static void examples(void **state)
{
    static const struct example rows[] = {
        {{"+a", "+b ?a"}, "", "01", NULL},
        {{"+b ?a", "+a"}, "used-before-made 0:1", "10", NULL},
        {{"+a ?a"}, "", "0", NULL},
        {{"+a", "+a"}, "made-twice 1:1", "01", NULL},
        {{"+a", "|a"}, "", "01", NULL},
        {{"+a", "-a", "+a"}, "", "012", NULL},
        {{"+a", "-a", "?a"}, "dropped-while-needed 1:1", "021", NULL},
        {{"+a", "-a", "?a", "*a"}, "dropped-while-needed 1:1", "0231", NULL},
        {{"~a", "+a"}, "", "01", NULL},
        {{"-a", "-a"}, "missing 1:1", "01", NULL},
        {{"?x"}, "", "0", NULL},
        {{"?x"}, "missing 0:1", "0", ""},
        {{"?x"}, "", "0", "x"},
        {{"+x"}, "already-there 0:1", "0", "x"},
        {{"-x", "?x"}, "dropped-while-needed 0:1", "10", "x"},
        {{"-x"}, "missing 0:1", "0", ""},
        /* what need not move stays */
        {{"+p", "+b ?a", "+q", "+a", "+r"}, "used-before-made 1:1", "03124", NULL},
        /* a chain that stands on its head */
        {{"+d ?c", "+c ?b", "+b ?a", "+a"},
         "used-before-made 0:1, used-before-made 1:1, used-before-made 2:1",
         "3210",
         NULL},
        {{"+a ?b", "+b ?a"}, "cycle 0:0, used-before-made 0:1", "10", NULL},
        {{"+a ?b", "+b ?c", "+c ?a"}, "cycle 0:0, used-before-made 0:1, used-before-made 1:1", "210", NULL},
        /* units of several statements: their insides are not moved */
        {{"+a;+b ?a", "+c ?b"}, "", "01", NULL},
        {{"?b;+a", "+b ?a"}, "cycle 0:0, used-before-made 0:1", "10", NULL},
        /* changes keep their order among themselves, and readers between them */
        {{"+a", "*a", "?a", "*a"}, "", "0123", NULL},
        {{"*a", "?a", "+a"}, "used-before-made 0:1, used-before-made 1:1", "201", NULL},
        {{""}, "", "0", NULL},
    };
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(rows); i++)
        check(&rows[i], i);
}

static void a_path_is_named(void **state)
{
    (void)state;
    struct dara_graph *graph = dara_graph_new();
    add_unit(graph, "+a ?b");
    add_unit(graph, "+b ?c");
    add_unit(graph, "+c ?a");
    dara_graph_solve(graph, false);
    assert_string_equal(dara_graph_finding_at(graph, 0)->object, "a → b → c → a");
    assert_null(dara_graph_free(graph));
}

/* A name that could be a table or an index is told apart by its kind, where the statement has one. */
static void kinds_tell_apart(void **state)
{
    (void)state;
    struct dara_fact_object table = {DARA_ROLE_MAKES, "table", NULL, "x", NULL},
                            index = {DARA_ROLE_MAKES, "index", NULL, "x", NULL},
                            any = {DARA_ROLE_USES, NULL, NULL, "x", NULL},
                            other = {DARA_ROLE_USES, "table", "s", "x\n", NULL};
    struct dara_graph *graph = dara_graph_new();
    struct dara_fact_object *all[] = {&table, &index, &any, &other};
    for (unsigned i = 0; i < DARA_COUNT(all); i++) {
        dara_graph_unit(graph, "f");
        dara_graph_statement(graph, i + 1, &(struct dara_statement_facts){.object_count = 1, .objects = all[i]});
    }
    dara_graph_solve(graph, false);
    assert_int_equal(dara_graph_finding_count(graph), 0);
    assert_int_equal(dara_graph_object_count(graph), 3);
    assert_string_equal(dara_graph_object_at(graph, 2)->name, "table s.x\\n");
    dara_graph_free(graph);
}

/* Two tables may have a trigger of one name, and it falls with its table. */
static void owned_by_a_table(void **state)
{
    (void)state;
    struct dara_fact_object all[] = {{DARA_ROLE_MAKES, "trigger", NULL, "g", "a"},
                                     {DARA_ROLE_MAKES, "trigger", NULL, "g", "b"},
                                     {DARA_ROLE_DROPS, "table", NULL, "a", NULL},
                                     {DARA_ROLE_MAKES, "trigger", NULL, "g", "a"},
                                     {DARA_ROLE_MAKES, "trigger", NULL, "g", "b"}};
    struct dara_graph *graph = dara_graph_new();
    for (unsigned i = 0; i < DARA_COUNT(all); i++) {
        dara_graph_unit(graph, "f");
        dara_graph_statement(graph, i + 1, &(struct dara_statement_facts){.object_count = 1, .objects = &all[i]});
    }
    dara_graph_solve(graph, false);
    assert_int_equal(dara_graph_finding_count(graph), 1);
    assert_int_equal(dara_graph_finding_at(graph, 0)->line, 5);
    assert_string_equal(dara_graph_finding_at(graph, 0)->object, "trigger b.g");
    dara_graph_free(graph);
}

/* Fifty thousand units in a chain on its head: no recursion, no square. */
static void a_long_chain(void **state)
{
    const size_t count = 50000;
    (void)state;
    struct dara_graph *graph = dara_graph_new();
    for (size_t i = 0; i < count; i++) {
        DARA_FREE char *made = dara_format("t%zu", count - i);
        DARA_FREE char *used = dara_format("t%zu", count - i - 1);
        struct dara_fact_object objects[] = {{DARA_ROLE_MAKES, NULL, NULL, made, NULL},
                                             {DARA_ROLE_USES, NULL, NULL, used, NULL}};
        dara_graph_unit(graph, "f");
        dara_graph_statement(graph, (unsigned)i + 1,
                             &(struct dara_statement_facts){.object_count = 2, .objects = objects});
    }
    dara_graph_solve(graph, false);
    assert_int_equal(dara_graph_finding_count(graph), count - 1);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(dara_graph_order_at(graph, i), count - 1 - i);
    dara_graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples),         cmocka_unit_test(a_path_is_named), cmocka_unit_test(kinds_tell_apart),
        cmocka_unit_test(owned_by_a_table), cmocka_unit_test(a_long_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
