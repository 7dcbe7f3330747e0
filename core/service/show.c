/* SPDX-License-Identifier: MIT */
/* Differences and counts of models in words. */
#include "service/show.h"

#include <string.h>

#include "base/file.h"

/* The engine that a peculiarity belongs to is left out: "x.strict" is "strict" to people. */
static const char *plain(const char *property)
{
    const char *dot = strrchr(property, '.');
    return dot ? dot + 1 : property;
}

static void add_words(struct dara_text *out, const char *name)
{
    for (; *name; name++)
        dara_text_add_bytes(out, *name == '_' ? " " : name, 1);
}

static void add_name(struct dara_text *out, const struct dara_object *object)
{
    dara_text_format(out, "%s ", dara_object_kind(object)->name);
    if (dara_object_space(object)) {
        dara_text_add_visible(out, dara_object_space(object));
        dara_text_add(out, ".");
    }
    dara_text_add_visible(out, dara_object_name(object));
}

/* Property values on one line: "text not null default 0", "foreign key (a) references t (b)"; a definition has lines of its
 * own and is left to the plan. */
static void add_properties(struct dara_text *out, const struct dara_object *object)
{
    for (const struct dara_property *property = dara_object_kind(object)->properties; property && property->name;
         property++) {
        if (property->mode == DARA_PROPERTY_INFO || !dara_object_has(object, property->name) ||
            !strcmp(property->name, "definition"))
            continue;
        const char *const *values;
        const char *text = dara_object_text(object, property->name);
        DARA_FREE char *shown = dara_object_property_text(object, property->name);
        if (!shown)
            continue;
        if (dara_object_list(object, property->name, &values) > 0) {
            dara_text_add(out, " (");
            dara_text_add_visible(out, shown);
            dara_text_add(out, ")");
        } else if (text && !strcmp(property->name, "type")) {
            dara_text_add(out, " ");
            dara_text_add_visible(out, text);
        } else if (dara_object_bool(object, property->name, false)) {
            dara_text_add(out, " ");
            add_words(out, plain(property->name));
        } else if (text || dara_object_int(object, property->name, 0) != 0) {
            dara_text_add(out, " ");
            add_words(out, plain(property->name));
            dara_text_add(out, " ");
            dara_text_add_visible(out, shown);
        }
    }
}

static void add_value(struct dara_text *out, const char *value)
{
    if (!value)
        dara_text_add(out, "none");
    else if (!*value)
        dara_text_add(out, "''");
    else
        dara_text_add_visible(out, value);
}

static void add_property_changes(struct dara_text *out, const struct dara_change *change)
{
    for (size_t i = 0; i < change->property_count; i++) {
        const struct dara_property_change *property = change->properties[i];
        if (property->mode == DARA_PROPERTY_INFO)
            continue;
        dara_text_add(out, i ? ", " : ": ");
        add_words(out, plain(property->name));
        dara_text_add(out, " ");
        add_value(out, property->before);
        dara_text_add(out, " -> ");
        add_value(out, property->after);
    }
}

static char sign_of(enum dara_change_op op)
{
    return op == DARA_CHANGE_CREATE ? '+' : op == DARA_CHANGE_DROP ? '-' : '~';
}

/* A part without a name of its own is called by its type: that is said once. */
static void add_part_name(struct dara_text *out, const struct dara_object *part)
{
    const char *type = dara_object_text(part, "type");
    if (type && *type && !strncmp(dara_object_name(part), type, strlen(type)))
        dara_text_add(out, dara_object_kind(part)->name);
    else
        add_name(out, part);
}

static void add_part(struct dara_text *out, char sign, const struct dara_object *part)
{
    dara_text_format(out, "    %c ", sign);
    add_part_name(out, part);
    add_properties(out, part);
    dara_text_add(out, "\n");
}

static void add_part_change(struct dara_text *out, const struct dara_change *part)
{
    if (part->op == DARA_CHANGE_CREATE || part->op == DARA_CHANGE_DROP) {
        add_part(out, sign_of(part->op), part->after ? part->after : part->before);
        return;
    }
    dara_text_add(out, "    ~ ");
    add_name(out, part->after);
    add_property_changes(out, part);
    dara_text_add(out, "\n");
}

static void add_change(struct dara_text *out, const struct dara_change *change)
{
    const struct dara_object *object = change->after ? change->after : change->before;
    dara_text_format(out, "%c ", sign_of(change->op));
    add_name(out, object);
    if (dara_object_owner(object)) {
        dara_text_add(out, " on ");
        dara_text_add_visible(out, dara_object_name(dara_object_owner(object)));
    }
    if (change->op == DARA_CHANGE_CREATE)
        add_properties(out, object);
    if (change->op == DARA_CHANGE_RECREATE)
        dara_text_add(out, " (made again)");
    if (change->op == DARA_CHANGE_ALTER || change->op == DARA_CHANGE_RECREATE)
        add_property_changes(out, change);
    if (change->reason) {
        dara_text_add(out, ": ");
        dara_text_add_visible(out, change->reason);
    }
    dara_text_add(out, "\n");
    for (size_t i = 0; i < change->part_count; i++)
        add_part_change(out, change->parts[i]);
    if (change->op != DARA_CHANGE_CREATE)
        return;
    for (const struct dara_object *part = dara_object_owned(object, NULL, NULL); part;
         part = dara_object_owned(object, NULL, part))
        if (dara_object_kind(part)->flags & DARA_KIND_PART)
            add_part(out, '+', part);
}

static const char *op_name(enum dara_change_op op)
{
    switch (op) {
    case DARA_CHANGE_CREATE:
        return "create";
    case DARA_CHANGE_DROP:
        return "drop";
    case DARA_CHANGE_ALTER:
        return "alter";
    default:
        return "recreate";
    }
}

static json_t *change_json(const struct dara_change *change)
{
    const struct dara_object *object = change->after ? change->after : change->before;
    json_t *properties = json_array(), *parts = json_array();
    for (size_t i = 0; i < change->property_count; i++) {
        const struct dara_property_change *property = change->properties[i];
        json_array_append_new(properties, json_pack("{s:s, s:o, s:o}", "name", property->name, "before",
                                                    dara_report_string(property->before), "after",
                                                    dara_report_string(property->after)));
    }
    for (size_t i = 0; i < change->part_count; i++)
        json_array_append_new(parts, change_json(change->parts[i]));
    const struct dara_object *owner = dara_object_owner(object);
    return json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "op", op_name(change->op), "kind",
                     dara_object_kind(object)->name, "space", dara_report_string(dara_object_space(object)), "owner",
                     dara_report_string(owner ? dara_object_name(owner) : NULL), "name", dara_object_name(object),
                     "reason", dara_report_string(change->reason), "properties", properties, "parts", parts);
}

void dara_show_unknown(struct dara_report *report, const struct dara_diff *diff)
{
    const char *const *families;
    size_t count = dara_diff_unknown(diff, &families);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(families[i]));
    dara_report_json(report, "unknown", list);
}

static void warn_of_unknown(struct dara_report *report, const struct dara_diff *diff)
{
    const char *const *families;
    size_t count = dara_diff_unknown(diff, &families);
    for (size_t i = 0; i < count; i++)
        dara_report_note(report, DARA_NOTE_WARN, "not compared: '%s' could not be read on one side", families[i]);
}

void dara_show_diff(struct dara_report *report, const char *heading, const struct dara_diff *diff)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    json_t *changes = json_array();
    int64_t created = 0, altered = 0, dropped = 0;
    for (size_t i = 0; i < dara_diff_count(diff); i++) {
        const struct dara_change *change = dara_diff_at(diff, i);
        created += change->op == DARA_CHANGE_CREATE;
        dropped += change->op == DARA_CHANGE_DROP;
        altered += change->op == DARA_CHANGE_ALTER || change->op == DARA_CHANGE_RECREATE;
        add_change(&text, change);
        json_array_append_new(changes, change_json(change));
    }
    if (dara_diff_count(diff) == 0)
        dara_text_add(&text, "no difference\n");
    else
        dara_text_format(&text, "\n%lld created, %lld altered, %lld dropped\n", (long long)created, (long long)altered,
                         (long long)dropped);
    dara_report_int(report, "created", NULL, created);
    dara_report_int(report, "altered", NULL, altered);
    dara_report_int(report, "dropped", NULL, dropped);
    dara_report_json(report, "changes", changes);
    dara_report_block(report, "diff", heading, "diff", dara_text_string(&text));
    dara_show_unknown(report, diff);
    warn_of_unknown(report, diff);
}

void dara_show_snapshot(struct dara_report *report, const char *json, const char *label,
                        const struct dara_snapshot *snapshot)
{
    DARA_FREE char *file = dara_file_shown(snapshot->text_path);
    dara_report_section(report, json, NULL);
    dara_report_text(report, "id", label, snapshot->id);
    dara_report_text(report, "file", NULL, file);
    dara_report_end(report);
}

void dara_show_counts(struct dara_report *report, const struct dara_model *model)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    json_t *counts = json_object();
    for (size_t i = 0; i < dara_model_kind_count(model); i++) {
        const struct dara_kind *kind = dara_model_kind_at(model, i);
        size_t count = dara_model_count_of(model, kind->name);
        json_object_set_new(counts, kind->name, json_integer((json_int_t)count));
        if (count == 0 || (kind->flags & DARA_KIND_SETTING))
            continue;
        dara_text_format(&text, "%s%zu %s", text.length ? ", " : "", count, count == 1 ? kind->name : kind->plural);
    }
    dara_report_json(report, "counts", counts);
    dara_report_text(report, "objects", "objects", text.length ? dara_text_string(&text) : "none");
}

void dara_show_unrepresented(struct dara_report *report, const struct dara_model *model)
{
    json_t *families = json_array();
    for (size_t i = 0; i < dara_model_family_count(model); i++) {
        enum dara_family_state state;
        const char *why;
        const char *family = dara_model_family_at(model, i, &state, &why);
        json_array_append_new(families, json_pack("{s:s, s:s, s:o}", "family", family, "state", dara_state_name(state),
                                                  "why", dara_report_string(why)));
        if (state == DARA_FAMILY_DENIED)
            dara_report_note(report, DARA_NOTE_WARN, "could not read '%s': %s", family, why ? why : "no reason given");
    }
    dara_report_json(report, "families", families);
    struct dara_table *table = dara_report_table(report, "unrepresented", "Not represented", NULL);
    dara_table_column(table, "family", "family", DARA_CELL_TEXT);
    dara_table_column(table, "name", "name", DARA_CELL_TEXT);
    dara_table_column(table, "why", "why", DARA_CELL_TEXT);
    for (size_t i = 0; i < dara_model_unrepresented_count(model); i++) {
        const char *family, *name, *why;
        dara_model_unrepresented_at(model, i, &family, &name, &why);
        dara_table_row(table);
        dara_table_text(table, family);
        dara_table_text(table, name);
        dara_table_text(table, why);
    }
}
