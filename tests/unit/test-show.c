/* SPDX-License-Identifier: MIT */
/* Differences as people read them. */
#include "unit.h"

#include <string.h>

#include "model/model.h"
#include "report/report.h"
#include "service/show.h"

static const struct dara_property table_properties[] = {{NULL, 0}};
static const struct dara_property column_properties[] = {
    {"type", DARA_PROPERTY_ALTER}, {"position", DARA_PROPERTY_INFO}, {NULL, 0}};
static const struct dara_property constraint_properties[] = {{"type", DARA_PROPERTY_RECREATE},
                                                             {"definition", DARA_PROPERTY_RECREATE},
                                                             {"deferred", DARA_PROPERTY_ALTER},
                                                             {"validated", DARA_PROPERTY_ALTER},
                                                             {NULL, 0}};
static const struct dara_property view_properties[] = {
    {"definition", DARA_PROPERTY_REPLACE}, {"enabled", DARA_PROPERTY_ALTER}, {NULL, 0}};

#define KIND(symbol, name, plural, owner, order, flags, properties) \
    static const struct dara_kind symbol = {sizeof(symbol), name, plural, owner, order, flags, properties}
KIND(kind_table, "table", "tables", NULL, 20, DARA_KIND_ROWS, table_properties);
KIND(kind_column, "column", "columns", "table", 21, DARA_KIND_PART | DARA_KIND_VALUES, column_properties);
KIND(kind_constraint, "constraint", "constraints", "table", 22, DARA_KIND_PART, constraint_properties);
KIND(kind_index, "index", "indexes", "table", 30, 0, view_properties);
KIND(kind_view, "view", "views", NULL, 40, 0, view_properties);
static const struct dara_kind *const kinds[] = {&kind_table, &kind_column, &kind_constraint,
                                                &kind_index, &kind_view,   NULL};

static struct dara_object *add(struct dara_model *model, const char *kind, const char *name, struct dara_object *owner)
{
    struct dara_object *object = NULL;
    const struct dara_object_desc desc = {.size = sizeof(desc), .kind = kind, .name = name, .owner = owner};
    assert_int_equal(dara_model_add(model, &desc, &object), 0);
    return object;
}

static void set(struct dara_object *object, const char *property, const char *value)
{
    assert_int_equal(dara_object_set_text(object, property, value), 0);
}

static struct dara_model *new_model(void)
{
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("fake", kinds, &model), 0);
    return model;
}

static void column(struct dara_model *model, struct dara_object *table, const char *name, int64_t position)
{
    struct dara_object *object = add(model, "column", name, table);
    set(object, "type", "text");
    assert_int_equal(dara_object_set_int(object, "position", position), 0);
}

static void shows(struct dara_model *before, struct dara_model *after, const char *wanted)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    struct dara_diff *diff = NULL;
    struct dara_report *report = dara_report_new("compare-schemas");
    assert_int_equal(dara_model_finish(before), 0);
    assert_int_equal(dara_model_finish(after), 0);
    assert_int_equal(dara_diff_new(before, after, &diff), 0);
    dara_show_diff(report, NULL, diff);
    dara_report_render(report, DARA_FORMAT_TEXT, NULL, 0, &out);
    assert_string_equal(dara_text_string(&out), wanted);
    dara_report_free(report);
    dara_diff_free(diff);
    dara_model_free(before);
    dara_model_free(after);
}

static void columns_stand_in_their_order(void **state)
{
    (void)state;
    struct dara_model *after = new_model();
    struct dara_object *table = add(after, "table", "t", NULL);
    column(after, table, "a", 3);
    column(after, table, "b", 1);
    column(after, table, "c", 2);
    set(add(after, "constraint", "a_key", table), "definition", "UNIQUE (a)");
    shows(
        new_model(), after,
        "+ table t\n    + column b text\n    + column c text\n    + column a text\n    + constraint a_key UNIQUE (a)\n"
        "\n1 created, 0 altered, 0 dropped\n");
}

static void what_a_definition_does_not_say_is_beside_it(void **state)
{
    (void)state;
    struct dara_model *after = new_model();
    struct dara_object *table = add(after, "table", "t", NULL);
    struct dara_object *check = add(after, "constraint", "c", table);
    set(check, "type", "check");
    set(check, "definition", "CHECK (a > 0)");
    assert_int_equal(dara_object_set_bool(check, "deferred", true), 0);
    assert_int_equal(dara_object_set_bool(check, "validated", false), 0);
    struct dara_object *index = add(after, "index", "i", table);
    set(index, "definition", "CREATE INDEX i ON t (a)");
    set(index, "enabled", "never");
    shows(new_model(), after,
          "+ table t\n    + constraint c CHECK (a > 0) not validated\n"
          "+ index i on t: CREATE INDEX i ON t (a) enabled never\n\n2 created, 0 altered, 0 dropped\n");
}

static void long_definitions_are_compared_by_line(void **state)
{
    (void)state;
    struct dara_model *before = new_model(), *after = new_model();
    struct dara_object *old = add(before, "view", "v", NULL), *new = add(after, "view", "v", NULL);
    set(old, "definition", "SELECT a\nFROM t\nWHERE a > 1");
    set(new, "definition", "SELECT a\nFROM t\nWHERE a > 2");
    set(new, "enabled", "always");
    set(add(before, "view", "w", NULL), "definition", "SELECT 1");
    set(add(after, "view", "w", NULL), "definition", "SELECT 2");
    shows(before, after,
          "~ view v: enabled none -> always\n  definition:\n      FROM t\n    - WHERE a > 1\n    + WHERE a > 2\n"
          "~ view w: definition SELECT 1 -> SELECT 2\n\n0 created, 2 altered, 0 dropped\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_stand_in_their_order),
        cmocka_unit_test(what_a_definition_does_not_say_is_beside_it),
        cmocka_unit_test(long_definitions_are_compared_by_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
