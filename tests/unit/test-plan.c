/* SPDX-License-Identifier: MIT */
/* Plans: ordered by core, worded by the driver of tests/drivers/fake.c. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "driver/session.h"

static void message_is(const char *message)
{
    assert_non_null(dara_error_last());
    assert_string_equal(dara_error_last()->message, message);
}

static struct dara_model *model_of(const struct dara_driver *driver, const char *const *names, const char *note)
{
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("fake", driver->introspect->kinds, &model), 0);
    for (; *names; names++) {
        struct dara_object_desc desc = {.size = sizeof(desc), .kind = "table", .name = *names};
        struct dara_object *object = NULL;
        assert_int_equal(dara_model_add(model, &desc, &object), 0);
        assert_int_equal(dara_object_set_text(object, "note", note), 0);
    }
    assert_int_equal(dara_model_family(model, "table", DARA_FAMILY_READ, NULL), 0);
    assert_int_equal(dara_model_finish(model), 0);
    return model;
}

static void test_plan(void **state)
{
    (void)state;
    const struct dara_driver *driver;
    assert_int_equal(dara_driver_load("fake", &driver), 0);
    DARA_MODEL_LOCAL before = model_of(driver, (const char *const[]){"a", "b", NULL}, NULL);
    DARA_MODEL_LOCAL after = model_of(driver, (const char *const[]){"b", "c", NULL}, NULL);
    DARA_MODEL_LOCAL noted = model_of(driver, (const char *const[]){"a", "b", NULL}, "x");
    {
        DARA_DIFF_LOCAL diff = NULL;
        DARA_PLAN_LOCAL plan = NULL;
        assert_int_equal(dara_diff_new(before, after, &diff), 0);
        assert_int_equal(dara_plan_new(driver, diff, &plan), 0);
        assert_int_equal(dara_plan_count(plan), 2);
        assert_int_equal(dara_plan_at(plan, 0)->flags, DARA_STEP_DESTROYS);
        assert_int_equal(dara_plan_runnable(plan), 0);
        DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
        dara_plan_write(plan, driver, &text);
        assert_string_equal(dara_text_string(&text), "drop table a;\ncreate table c;\n");
    }
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    assert_int_equal(dara_diff_new(before, noted, &diff), 0);
    assert_int_equal(dara_plan_new(driver, diff, &plan), 0);
    assert_int_equal(dara_plan_count(plan), 0);
    assert_int_equal(dara_plan_cannot_count(plan), 2);
    assert_int_equal(dara_plan_runnable(plan), DARA_EUNSUPPORTED);
    message_is("the engine cannot make this change: table 'a': a table of the fake driver does not change");
    assert_string_equal(dara_error_last()->detail, "nor these: table 'b': a table of the fake driver does not change");
    dara_error_clear();
}

static int use_test_drivers(void **state)
{
    (void)state;
    char path[1024];
    const char *build = getenv("builddir");
    snprintf(path, sizeof(path), "%s/tests/drivers/good", build ? build : ".");
    return setenv("DARA_DRIVER_PATH", path, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan),
    };
    return cmocka_run_group_tests(tests, use_test_drivers, NULL);
}
