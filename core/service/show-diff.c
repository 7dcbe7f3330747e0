/* SPDX-License-Identifier: MIT */
/* Differences of models in words. */
#include <string.h>

#include "base/line-diff.h"
#include "service/show.h"

#define SHORT       160 /* characters of a definition that is shown whole */
#define PART_INDENT "    "

/* The engine that a peculiarity belongs to is left out: "x.strict" is "strict" to people. */
static const char *plain(const char *property)
{
    const char *dot = strrchr(property, '.');
    return dot ? dot + 1 : property;
}

static void add_name(struct dara_text *out, const struct dara_object *object)
{
    dara_text_add_words(out, dara_object_kind(object)->name);
    dara_text_add(out, " ");
    if (dara_object_space(object)) {
        dara_text_add_visible(out, dara_object_space(object));
        dara_text_add(out, ".");
    }
    dara_text_add_visible(out, dara_object_name(object));
}

/* The definition, where it fits behind the name; one with lines of its own is left to the plan. */
static const char *short_definition(const struct dara_object *object)
{
    const char *definition = dara_object_text(object, "definition");
    return definition && !strchr(definition, '\n') && strlen(definition) <= SHORT ? definition : NULL;
}

static void add_property(struct dara_text *out, const struct dara_object *object, const char *name)
{
    const char *const *values;
    const char *text = dara_object_text(object, name);
    DARA_FREE char *shown = dara_object_property_text(object, name);
    if (dara_object_list(object, name, &values) > 0) {
        dara_text_add(out, " (");
        dara_text_add_visible(out, shown);
        dara_text_add(out, ")");
    } else if (text && !strcmp(name, "type")) {
        dara_text_add(out, " ");
        dara_text_add_visible(out, text);
    } else if (dara_object_bool(object, name, false)) {
        dara_text_add(out, " ");
        dara_text_add_words(out, plain(name));
    } else if (shown && (text || dara_object_int(object, name, 0) != 0)) {
        dara_text_add(out, " ");
        dara_text_add_words(out, plain(name));
        dara_text_add(out, " ");
        dara_text_add_visible(out, shown);
    }
}

/* What a definition does not say: that something about the object is not as usual. */
static bool is_beside_definition(const struct dara_object *object, const char *name)
{
    return strcmp(name, "type") != 0 && !dara_object_bool(object, name, false);
}

/* Property values on one line: "text not null default 0", "foreign key (a) references t (b)", or a definition. */
static void add_properties(struct dara_text *out, const struct dara_object *object)
{
    const char *definition = short_definition(object);
    if (definition) {
        dara_text_add(out, dara_object_kind(object)->flags & DARA_KIND_PART ? " " : ": ");
        dara_text_add_visible(out, definition);
    }
    for (const struct dara_property *property = dara_object_kind(object)->properties; property && property->name;
         property++) {
        if (property->mode == DARA_PROPERTY_INFO || property->mode == DARA_PROPERTY_OWNER ||
            !dara_object_has(object, property->name) || !strcmp(property->name, "definition") ||
            (definition && !is_beside_definition(object, property->name)))
            continue;
        if (definition && !dara_object_bool(object, property->name, true)) {
            dara_text_add(out, " not ");
            dara_text_add_words(out, plain(property->name));
        }
        add_property(out, object, property->name);
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

/* A value with lines of its own is compared line by line, below. */
static bool has_lines(const struct dara_property_change *property)
{
    return property->before && property->after && (strchr(property->before, '\n') || strchr(property->after, '\n'));
}

static void add_line_changes(struct dara_text *out, const struct dara_change *change, const char *indent)
{
    for (size_t i = 0; i < change->property_count; i++) {
        const struct dara_property_change *property = change->properties[i];
        if (property->mode == DARA_PROPERTY_INFO || !has_lines(property))
            continue;
        dara_text_format(out, "%s  ", indent);
        dara_text_add_words(out, plain(property->name));
        dara_text_add(out, ":\n");
        DARA_FREE char *deeper = dara_format("%s    ", indent);
        dara_line_diff(property->before, property->after, deeper, out);
    }
}

/* The rest of the line of a changed object, and what stands below it. */
static void add_property_changes(struct dara_text *out, const struct dara_change *change, const char *indent)
{
    const char *between = ": ";
    for (size_t i = 0; i < change->property_count; i++) {
        const struct dara_property_change *property = change->properties[i];
        if (property->mode == DARA_PROPERTY_INFO || has_lines(property))
            continue;
        dara_text_add(out, between);
        dara_text_add_words(out, plain(property->name));
        dara_text_add(out, " ");
        add_value(out, property->before);
        dara_text_add(out, " -> ");
        add_value(out, property->after);
        between = ", ";
    }
    if (change->reason) {
        dara_text_add(out, ": ");
        dara_text_add_visible(out, change->reason);
    }
    dara_text_add(out, "\n");
    add_line_changes(out, change, indent);
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
        dara_text_add_words(out, dara_object_kind(part)->name);
    else
        add_name(out, part);
}

static void add_part(struct dara_text *out, char sign, const struct dara_object *part)
{
    dara_text_format(out, PART_INDENT "%c ", sign);
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
    dara_text_add(out, PART_INDENT "~ ");
    add_name(out, part->after);
    add_property_changes(out, part, PART_INDENT);
}

/* ---- parts in the order in which people know them ---- */

struct listed {
    const struct dara_object *part;
    const struct dara_change *change; /* NULL: the part of an object that is made as a whole */
    size_t index;
};

static int listed_compare(const void *a, const void *b)
{
    const struct listed *left = a, *right = b;
    const struct dara_kind *kind = dara_object_kind(left->part);
    int order = kind->order, other = dara_object_kind(right->part)->order;
    int64_t position = dara_object_int(left->part, "position", 0);
    int64_t other_position = dara_object_int(right->part, "position", 0);
    if (order != other)
        return order < other ? -1 : 1;
    if (position != other_position)
        return position < other_position ? -1 : 1;
    return left->index < right->index ? -1 : 1;
}

static size_t list_parts(const struct dara_change *change, const struct dara_object *object, struct listed **ret_list)
{
    struct listed *list = NULL;
    size_t count = 0, room = 0;
    for (; count < change->part_count; count++) {
        const struct dara_change *part = change->parts[count];
        DARA_GROW(list, count, room);
        list[count] = (struct listed){part->after ? part->after : part->before, part, count};
    }
    for (const struct dara_object *part = NULL;
         change->op == DARA_CHANGE_CREATE && (part = dara_object_owned(object, NULL, part));)
        if (dara_object_kind(part)->flags & DARA_KIND_PART) {
            DARA_GROW(list, count, room);
            list[count] = (struct listed){part, NULL, count};
            count++;
        }
    if (count)
        qsort(list, count, sizeof(*list), listed_compare);
    *ret_list = list;
    return count;
}

static void add_change(struct dara_text *out, const struct dara_change *change)
{
    const struct dara_object *object = change->after ? change->after : change->before;
    DARA_FREE struct listed *parts = NULL;
    size_t count = list_parts(change, object, &parts);
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
    if (change->op == DARA_CHANGE_CREATE || change->op == DARA_CHANGE_DROP)
        dara_text_add(out, "\n");
    else
        add_property_changes(out, change, "");
    for (size_t i = 0; i < count; i++) {
        if (parts[i].change)
            add_part_change(out, parts[i].change);
        else
            add_part(out, '+', parts[i].part);
    }
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
