/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "driver/session.h"

static json_t *strings_json(const char *const *strings)
{
    json_t *array = json_array();
    for (; strings && *strings; strings++)
        json_array_append_new(array, dara_report_string(*strings));
    return array;
}

static json_t *driver_json(const struct dara_found *found)
{
    json_t *object = json_object();
    const struct dara_driver *driver = found->driver;
    json_object_set_new(object, "name", dara_report_string(found->name));
    json_object_set_new(object, "path", dara_report_string(found->path));
    json_object_set_new(object, "loaded", json_boolean(driver != NULL));
    json_object_set_new(object, "refusal", dara_report_string(found->refusal));
    if (!driver)
        return object;
    json_object_set_new(object, "version", dara_report_string(driver->version));
    json_object_set_new(object, "description", dara_report_string(driver->description));
    json_object_set_new(object, "abi", json_sprintf("%u.%u", (unsigned)driver->abi_major, (unsigned)driver->abi_minor));
    json_object_set_new(object, "schemes", strings_json(driver->schemes));
    json_object_set_new(object, "url_help", dara_report_string(driver->url_help));
    json_t *groups = json_object();
    for (const char *const *g = dara_driver_groups; *g; g++)
        json_object_set_new(groups, *g, json_boolean(dara_driver_has_group(driver, *g)));
    json_object_set_new(object, "groups", groups);
    json_t *features = json_object();
    json_object_set_new(features, "transactional_ddl", json_boolean(driver->features & DARA_FEATURE_TRANSACTIONAL_DDL));
    json_object_set_new(features, "file", json_boolean(driver->features & DARA_FEATURE_FILE));
    json_object_set_new(features, "sampled", json_boolean(driver->features & DARA_FEATURE_SAMPLED));
    json_object_set_new(object, "features", features);
    return object;
}

/* One column for each driver that was loaded, one row for each group: read from left to right. */
static void add_matrix(struct dara_report *report, const struct dara_found *found, size_t count)
{
    struct dara_table *table = dara_report_table(report, NULL, "Capabilities", NULL);
    dara_table_column(table, NULL, "driver", DARA_CELL_TEXT);
    for (const char *const *g = dara_driver_groups; *g; g++)
        dara_table_column(table, NULL, *g, DARA_CELL_BOOL);
    dara_table_column(table, NULL, "transactional ddl", DARA_CELL_BOOL);
    for (size_t i = 0; i < count; i++) {
        const struct dara_driver *driver = found[i].driver;
        if (!driver)
            continue;
        dara_table_row(table);
        dara_table_text(table, driver->name);
        for (const char *const *g = dara_driver_groups; *g; g++)
            dara_table_bool(table, dara_driver_has_group(driver, *g));
        dara_table_bool(table, driver->features & DARA_FEATURE_TRANSACTIONAL_DDL);
    }
}

static void add_list(struct dara_report *report, const struct dara_found *found, size_t count)
{
    struct dara_table *table =
        dara_report_table(report, NULL, "Drivers", "no driver was found: set DARA_DRIVER_PATH, or install one");
    dara_table_column(table, NULL, "driver", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "state", DARA_CELL_STATUS);
    dara_table_column(table, NULL, "version", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "url", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "description", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "file", DARA_CELL_TEXT);
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct dara_driver *driver = found[i].driver;
        json_array_append_new(array, driver_json(&found[i]));
        dara_table_row(table);
        dara_table_text(table, found[i].name);
        dara_table_text(table, driver ? "loaded" : "refused");
        dara_table_text(table, driver ? driver->version : NULL);
        dara_table_text(table, driver ? driver->url_help : NULL);
        dara_table_text(table, driver ? driver->description : NULL);
        dara_table_text(table, found[i].path);
    }
    dara_report_json(report, "drivers", array);
}

static int run(DARA_UNUSED struct dara_call *call, struct dara_report *report)
{
    const struct dara_found *found = NULL;
    size_t count = 0;
    int code = dara_driver_scan(&found, &count);
    if (code)
        return code;
    dara_report_format(report, "abi", NULL, "%d.%d", DARA_DRIVER_ABI_MAJOR, DARA_DRIVER_ABI_MINOR);
    add_list(report, found, count);
    add_matrix(report, found, count);
    for (size_t i = 0; i < count; i++)
        if (!found[i].driver)
            dara_report_note(report, DARA_NOTE_WARN, "%s is refused: %s", found[i].name, found[i].refusal);
    return 0;
}

const struct dara_command dara_command_drivers = {
    .name = "drivers",
    .group = "Set-up",
    .summary = "show which drivers were found, what each can do, and why one was refused",
    .arguments = "",
    .flags = DARA_COMMAND_NO_PROJECT,
    .description =
        "Looks through the folders of drivers (those in the variable DARA_DRIVER_PATH, separated by colons, else the "
        "installed "
        "one), tries to load each, and shows what was found: loaded, or refused with the reason. The table of "
        "capabilities says "
        "which groups of operations each driver has; a command that needs one that is absent ends with exit status 4.",
    .example = "dara drivers\ndara drivers --format json",
    .run = run,
};
