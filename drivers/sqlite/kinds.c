/* SPDX-License-Identifier: MIT */
/* The kinds of objects of SQLite, as data. A table is never made anew: what ALTER TABLE cannot do, the rebuild does. */
#include "driver.h"

static const struct dara_property setting_properties[] = {
    {"value", DARA_PROPERTY_ALTER},         /* user_version, application_id */
    {"fixed_value", DARA_PROPERTY_FIXED},   /* encoding */
    {"observed_value", DARA_PROPERTY_INFO}, /* page_size, auto_vacuum: how the file is kept, not what is in it */
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind setting = {
    .size = sizeof(struct dara_kind),
    .name = "setting",
    .plural = "settings",
    .order = 5,
    .flags = DARA_KIND_SETTING,
    .properties = setting_properties,
};

static const struct dara_property table_properties[] = {
    {"sqlite.strict", DARA_PROPERTY_ALTER},
    {"sqlite.without_rowid", DARA_PROPERTY_ALTER},
    {"sqlite.autoincrement", DARA_PROPERTY_ALTER},
    {"definition", DARA_PROPERTY_ALTER}, /* only where the text could not be read */
    {"sql", DARA_PROPERTY_INFO},
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind table = {
    .size = sizeof(struct dara_kind),
    .name = "table",
    .plural = "tables",
    .order = 10,
    .flags = DARA_KIND_ROWS,
    .properties = table_properties,
};

static const struct dara_property column_properties[] = {
    {"type", DARA_PROPERTY_ALTER},
    {"not_null", DARA_PROPERTY_ALTER},
    {"sqlite.not_null_conflict", DARA_PROPERTY_ALTER},
    {"default", DARA_PROPERTY_ALTER},
    {"generated", DARA_PROPERTY_ALTER},
    {"sqlite.generated_stored", DARA_PROPERTY_ALTER},
    {"collation", DARA_PROPERTY_ALTER},
    {"declared", DARA_PROPERTY_INFO}, /* the type as the author wrote it */
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind column = {
    .size = sizeof(struct dara_kind),
    .name = "column",
    .plural = "columns",
    .owner = "table",
    .order = 11,
    .flags = DARA_KIND_PART | DARA_KIND_ORDERED | DARA_KIND_VALUES,
    .properties = column_properties,
};

static const struct dara_property constraint_properties[] = {
    {"type", DARA_PROPERTY_ALTER},
    {"columns", DARA_PROPERTY_ALTER},
    {"sqlite.conflict", DARA_PROPERTY_ALTER},
    {"expression", DARA_PROPERTY_ALTER},
    {"references", DARA_PROPERTY_ALTER},
    {"referenced_columns", DARA_PROPERTY_ALTER},
    {"on_delete", DARA_PROPERTY_ALTER},
    {"on_update", DARA_PROPERTY_ALTER},
    {"sqlite.match", DARA_PROPERTY_ALTER},
    {"deferrable", DARA_PROPERTY_ALTER},
    {"sqlite.rowid_alias", DARA_PROPERTY_ALTER},
    {"sqlite.named", DARA_PROPERTY_INFO}, /* whether the name is the author's */
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind constraint = {
    .size = sizeof(struct dara_kind),
    .name = "constraint",
    .plural = "constraints",
    .owner = "table",
    .order = 12,
    .flags = DARA_KIND_PART,
    .properties = constraint_properties,
};

static const struct dara_property virtual_table_properties[] = {
    {"module", DARA_PROPERTY_RECREATE},
    {"arguments", DARA_PROPERTY_RECREATE},
    {"sql", DARA_PROPERTY_INFO},
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind virtual_table = {
    .size = sizeof(struct dara_kind),
    .name = "virtual_table",
    .plural = "virtual tables",
    .order = 20,
    .flags = DARA_KIND_ROWS,
    .properties = virtual_table_properties,
};

static const struct dara_property index_properties[] = {
    {"table", DARA_PROPERTY_INFO},
    {"unique", DARA_PROPERTY_RECREATE},
    {"columns", DARA_PROPERTY_RECREATE},
    {"where", DARA_PROPERTY_RECREATE},
    {"definition", DARA_PROPERTY_RECREATE}, /* only where the text could not be read */
    {"sql", DARA_PROPERTY_INFO},
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind index_kind = {
    .size = sizeof(struct dara_kind),
    .name = "index",
    .plural = "indexes",
    .owner = "table",
    .order = 30,
    .properties = index_properties,
};

static const struct dara_property view_properties[] = {
    {"columns", DARA_PROPERTY_RECREATE},
    {"definition", DARA_PROPERTY_RECREATE},
    {"sql", DARA_PROPERTY_INFO},
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind view = {
    .size = sizeof(struct dara_kind),
    .name = "view",
    .plural = "views",
    .order = 40,
    .properties = view_properties,
};

static const struct dara_property trigger_properties[] = {
    {"timing", DARA_PROPERTY_RECREATE},
    {"event", DARA_PROPERTY_RECREATE},
    {"update_of", DARA_PROPERTY_RECREATE},
    {"when", DARA_PROPERTY_RECREATE},
    {"definition", DARA_PROPERTY_RECREATE}, /* the statements between BEGIN and END */
    {"sql", DARA_PROPERTY_INFO},
    {NULL, DARA_PROPERTY_INFO},
};
static const struct dara_kind trigger = {
    .size = sizeof(struct dara_kind),
    .name = "trigger",
    .plural = "triggers",
    .owner = "table|view",
    .order = 50,
    .properties = trigger_properties,
};

const struct dara_kind *const sqlite_kinds[] = {
    &setting, &table, &column, &constraint, &virtual_table, &index_kind, &view, &trigger, NULL,
};
