/* SPDX-License-Identifier: MIT */
/* Kinds of an engine that does not exist, and short ways to build models of them, for the tests of core/model. */
#ifndef DARA_TESTS_KINDS_H
#define DARA_TESTS_KINDS_H

#include "unit.h"

#include "model/model.h"

static const struct dara_property table_properties[] = {{"sql", DARA_PROPERTY_INFO},
                                                        {"strict", DARA_PROPERTY_ALTER},
                                                        {"engine", DARA_PROPERTY_RECREATE},
                                                        {"page", DARA_PROPERTY_FIXED},
                                                        {NULL, 0}};
static const struct dara_property column_properties[] = {{"type", DARA_PROPERTY_ALTER},
                                                         {"not_null", DARA_PROPERTY_ALTER},
                                                         {"length", DARA_PROPERTY_ALTER},
                                                         {"generated", DARA_PROPERTY_RECREATE},
                                                         {"values", DARA_PROPERTY_ALTER},
                                                         {"seen", DARA_PROPERTY_INFO},
                                                         {NULL, 0}};
static const struct dara_property view_properties[] = {
    {"definition", DARA_PROPERTY_REPLACE}, {"columns", DARA_PROPERTY_RECREATE}, {NULL, 0}};

#define KIND(symbol, name, plural, owner, order, flags, properties) \
    static const struct dara_kind symbol = {sizeof(symbol), name, plural, owner, order, flags, properties}
KIND(kind_table, "table", "tables", NULL, 20, DARA_KIND_ROWS, table_properties);
KIND(kind_column, "column", "columns", "table|view", 1, DARA_KIND_PART | DARA_KIND_ORDERED | DARA_KIND_VALUES,
     column_properties);
KIND(kind_constraint, "constraint", "constraints", "table", 2, DARA_KIND_PART | DARA_KIND_LATER, column_properties);
KIND(kind_index, "index", "indexes", "table", 30, 0, view_properties);
KIND(kind_view, "view", "views", NULL, 40, 0, view_properties);
KIND(kind_trigger, "trigger", "triggers", "table|view", 50, 0, view_properties);
KIND(kind_routine, "routine", "routines", NULL, 10, 0, view_properties);
KIND(kind_setting, "setting", "settings", NULL, 5, DARA_KIND_SETTING, column_properties);

static const struct dara_kind *const kinds[] = {&kind_trigger,    &kind_view,    &kind_index,
                                                &kind_constraint, &kind_column,  &kind_table,
                                                &kind_routine,    &kind_setting, NULL};

static inline struct dara_model *new_model(void)
{
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("fake", kinds, &model), 0);
    return model;
}

static inline struct dara_object *add_in(struct dara_model *model, const char *kind, const char *space,
                                         const char *name, struct dara_object *owner)
{
    struct dara_object *object = NULL;
    const struct dara_object_desc desc = {
        .size = sizeof(desc), .kind = kind, .name = name, .space = space, .owner = owner};
    assert_int_equal(dara_model_add(model, &desc, &object), 0);
    return object;
}

static inline struct dara_object *add(struct dara_model *model, const char *kind, const char *name,
                                      struct dara_object *owner)
{
    return add_in(model, kind, NULL, name, owner);
}

/* A column with a type. */
static inline struct dara_object *add_column(struct dara_model *model, struct dara_object *owner, const char *name,
                                             const char *type)
{
    struct dara_object *column = add(model, "column", name, owner);
    assert_int_equal(dara_object_set_text(column, "type", type), 0);
    return column;
}

static inline struct dara_model *finished(struct dara_model *model)
{
    assert_int_equal(dara_model_finish(model), 0);
    return model;
}

#endif
