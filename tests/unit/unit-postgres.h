/* SPDX-License-Identifier: MIT */
/* For the tests of the PostgreSQL driver that link its convenience library: models out of a server's transaction, and plans. */
#ifndef DARA_TESTS_UNIT_POSTGRES_H
#define DARA_TESTS_UNIT_POSTGRES_H

#include "unit-plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../drivers/postgres/pg.h"
#include "base/alloc.h"
#include "base/text.h"
#include "driver/session.h"
#include "model/model.h"

static const struct dara_dialect_ops test_dialect = {
    .size = sizeof(test_dialect),
    .extension = "sql",
    .delimiter = ";\n",
    .quote = postgres_dialect_quote,
    .split = postgres_dialect_split,
    .classify = postgres_dialect_classify,
    .render = postgres_dialect_render,
    .change = postgres_dialect_change,
    .prepare = postgres_dialect_prepare,
    .begin_snapshot = postgres_dialect_begin_snapshot,
    .end_snapshot = postgres_dialect_end_snapshot,
    .begin_plan = postgres_dialect_begin_plan,
    .end_plan = postgres_dialect_end_plan,
    .render_asked = postgres_dialect_render_asked,
};
DARA_UNUSED static const struct dara_driver test_driver = {
    .abi_major = DARA_DRIVER_ABI_MAJOR,
    .size = sizeof(test_driver),
    .name = "postgres",
    .dialect = &test_dialect,
};

/* The model as a script that makes it, with what `scope` asks for. free(). */
DARA_UNUSED static char *scoped_snapshot(const struct dara_model *model, unsigned scope)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    const struct dara_object **objects = NULL;
    size_t count = 0;
    assert_int_equal(postgres_dialect_begin_snapshot(model, &text), 0);
    assert_int_equal(dara_model_order(model, &objects, &count), 0);
    for (size_t i = 0; i < count; i++)
        if (!dara_model_scope(objects[i]))
            assert_int_equal(postgres_dialect_render(objects[i], &text), 0);
    for (int asked = 0; scope && asked < 2; asked++)
        for (size_t i = 0; i < count; i++)
            if ((dara_model_scope(objects[i]) != 0) == asked && !(dara_model_scope(objects[i]) & ~scope))
                assert_int_equal(postgres_dialect_render_asked(objects[i], scope, &text), 0);
    free(objects);
    assert_int_equal(postgres_dialect_end_snapshot(model, &text), 0);
    return dara_text_steal(&text);
}

DARA_UNUSED static char *snapshot(const struct dara_model *model)
{
    return scoped_snapshot(model, 0);
}

#endif
