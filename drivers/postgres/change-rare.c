/* SPDX-License-Identifier: MIT */
/* Changes of the kinds of kinds-rare.c that PostgreSQL can alter. */
#include "change.h"

#include <string.h>

static void begin_alter(struct postgres_planning *planning, const char *words)
{
    postgres_write_alter(planning->writer, planning->change->after, false);
    postgres_write(planning->writer, words);
}

static bool has_item(const struct dara_object *object, const char *property, const char *item)
{
    const char *const *items = NULL;
    size_t count = dara_object_list(object, property, &items);
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i], item) == 0)
            return true;
    return false;
}

/* The item that begins like another, up to one of `ends`; NULL = none. */
static const char *find_item(const struct dara_object *object, const char *property, const char *item, const char *ends)
{
    const char *const *items = NULL;
    size_t count = dara_object_list(object, property, &items), length = strcspn(item, ends);
    for (size_t i = 0; i < count; i++)
        if (strcspn(items[i], ends) == length && strncmp(items[i], item, length) == 0)
            return items[i];
    return NULL;
}

/* ---- operators ---------------------------------------------------------------------------------------------------------- */

static void plan_operator(struct postgres_planning *planning)
{
    static const char *const properties[] = {"restrict", "join"};
    static const char *const words[] = {"RESTRICT = ", "JOIN = "};
    const char *separator = " SET (";
    for (size_t i = 0; i < 2; i++) {
        const char *value = dara_object_text(planning->change->after, properties[i]);
        if (!postgres_changed(planning->change, properties[i]))
            continue;
        if (*separator == ' ')
            begin_alter(planning, "");
        postgres_write_format(planning->writer, "%s%s%s", separator, words[i], value ? value : "NONE");
        separator = ", ";
    }
    if (*separator == ' ')
        return;
    postgres_write(planning->writer, ")");
    postgres_step(planning, 0, NULL);
}

/* "OPERATOR 3 k.=(integer,k.num) FOR ORDER BY …" is dropped as "OPERATOR 3 (integer,k.num)", "FUNCTION 1 (a, b) f(a,b)" as "FUNCTION 1 (a, b)". */
static void write_member_name(struct postgres_writer *writer, const char *member)
{
    size_t head = strcspn(member, " ");
    head += 1 + strcspn(member + head + 1, " ");
    const char *open = strchr(member + head, '('), *close = open ? strchr(open, ')') : NULL;
    postgres_write_format(writer, "%.*s %.*s", (int)head, member, close ? (int)(close + 1 - open) : 0,
                          open ? open : "");
}

static void plan_members(struct postgres_planning *planning, const struct dara_object *from,
                         const struct dara_object *to, bool drop)
{
    const char *const *members = NULL;
    size_t count = dara_object_list(from, "members", &members);
    for (size_t i = 0; i < count; i++) {
        if (has_item(to, "members", members[i]))
            continue;
        begin_alter(planning, drop ? " DROP " : " ADD ");
        if (drop)
            write_member_name(planning->writer, members[i]);
        else
            postgres_write(planning->writer, members[i]);
        postgres_step(planning, 0, NULL);
    }
}

static void plan_family(struct postgres_planning *planning)
{
    plan_members(planning, planning->change->before, planning->change->after, true);
    plan_members(planning, planning->change->after, planning->change->before, false);
}

/* ---- text search -------------------------------------------------------------------------------------------------------- */

/* The end of an option "name = 'value'" of a dictionary. */
static const char *option_end(const char *at)
{
    char quote = 0;
    for (; *at && (quote || *at != ','); at++) {
        if (quote ? *at == quote : *at == '\'' || *at == '"')
            quote = quote ? 0 : *at;
        else if (quote == '\'' && *at == '\\' && at[1])
            at++;
    }
    return at;
}

static size_t option_name(const char *option)
{
    if (*option != '"')
        return strcspn(option, " =");
    const char *at = option + 1;
    while (*at && !(*at == '"' && at[1] != '"'))
        at += *at == '"' ? 2 : 1;
    return (size_t)(at + 1 - option);
}

/* What is not given keeps its value: an option that goes is named without one. */
static void plan_dictionary(struct postgres_planning *planning)
{
    const char *before = dara_object_text(planning->change->before, "options");
    const char *after = dara_object_text(planning->change->after, "options");
    const char *separator = "";
    if (!postgres_changed(planning->change, "options"))
        return;
    begin_alter(planning, " (");
    for (const char *at = before; at && *at;) {
        const char *end = option_end(at);
        size_t length = option_name(at);
        bool stays = false;
        for (const char *other = after; other && *other && !stays;) {
            const char *other_end = option_end(other);
            stays = option_name(other) == length && strncmp(at, other, length) == 0;
            other = *other_end ? other_end + 2 : other_end;
        }
        if (!stays) {
            postgres_write_format(planning->writer, "%s%.*s", separator, (int)length, at);
            separator = ", ";
        }
        at = *end ? end + 2 : end;
    }
    postgres_write_format(planning->writer, "%s%s)", after ? separator : "", after ? after : "");
    postgres_step(planning, 0, NULL);
}

static void plan_configuration(struct postgres_planning *planning)
{
    const struct dara_object *before = planning->change->before, *after = planning->change->after;
    const char *const *mappings = NULL;
    size_t count = dara_object_list(before, "mappings", &mappings);
    for (size_t i = 0; i < count; i++) {
        if (find_item(after, "mappings", mappings[i], " "))
            continue;
        begin_alter(planning, "");
        postgres_write_format(planning->writer, " DROP MAPPING FOR %.*s", (int)strcspn(mappings[i], " "), mappings[i]);
        postgres_step(planning, 0, NULL);
    }
    count = dara_object_list(after, "mappings", &mappings);
    for (size_t i = 0; i < count; i++) {
        if (has_item(before, "mappings", mappings[i]))
            continue;
        begin_alter(planning, "");
        postgres_write_format(planning->writer, " %s MAPPING FOR %s",
                              find_item(before, "mappings", mappings[i], " ") ? "ALTER" : "ADD", mappings[i]);
        postgres_step(planning, 0, NULL);
    }
}

/* ---- foreign data ------------------------------------------------------------------------------------------------------- */

bool postgres_write_foreign_changes(struct postgres_writer *writer, const struct dara_change *change,
                                    const char *property)
{
    const char *const *options = NULL;
    const char *separator = " OPTIONS (";
    if (!postgres_changed(change, property))
        return false;
    size_t count = dara_object_list(change->before, property, &options);
    for (size_t i = 0; i < count; i++) {
        struct postgres_writer name = {.text = NULL};
        if (find_item(change->after, property, options[i], "="))
            continue;
        postgres_write_format(&name, "%.*s", (int)strcspn(options[i], "="), options[i]);
        postgres_write_format(writer, "%sDROP ", separator);
        postgres_write_name(writer, name.text);
        postgres_writer_free(&name);
        separator = ", ";
    }
    count = dara_object_list(change->after, property, &options);
    for (size_t i = 0; i < count; i++) {
        if (has_item(change->before, property, options[i]))
            continue;
        postgres_write_format(writer, "%s%s ", separator,
                              find_item(change->before, property, options[i], "=") ? "SET" : "ADD");
        postgres_write_foreign_option(writer, options[i]);
        separator = ", ";
    }
    postgres_write(writer, ")");
    return true;
}

static void plan_wrapper(struct postgres_planning *planning)
{
    static const char *const properties[] = {"handler", "validator"};
    static const char *const words[] = {"HANDLER", "VALIDATOR"};
    for (size_t i = 0; i < 2; i++) {
        const char *function = dara_object_text(planning->change->after, properties[i]);
        if (!postgres_changed(planning->change, properties[i]))
            continue;
        begin_alter(planning, function ? " " : " NO ");
        postgres_write_format(planning->writer, "%s %s", words[i], function ? function : "");
        postgres_step(planning, 0, NULL);
    }
    if (!postgres_changed(planning->change, "options"))
        return;
    begin_alter(planning, "");
    postgres_write_foreign_changes(planning->writer, planning->change, "options");
    postgres_step(planning, 0, NULL);
}

static void plan_server(struct postgres_planning *planning)
{
    bool version = postgres_changed(planning->change, "version") != NULL;
    if (!version && !postgres_changed(planning->change, "options"))
        return;
    begin_alter(planning, "");
    if (version) {
        postgres_write(planning->writer, " VERSION ");
        postgres_write_literal(planning->writer, dara_object_text(planning->change->after, "version"));
    }
    postgres_write_foreign_changes(planning->writer, planning->change, "options");
    postgres_step(planning, 0, NULL);
}

static void plan_user_mapping(struct postgres_planning *planning)
{
    if (!postgres_changed(planning->change, "options"))
        return;
    begin_alter(planning, "");
    postgres_write_foreign_changes(planning->writer, planning->change, "options");
    postgres_step(planning, 0, NULL);
}

/* ---- replication -------------------------------------------------------------------------------------------------------- */

static void plan_publication(struct postgres_planning *planning)
{
    static const char *const properties[] = {"publish", "via_root", "generated_columns"};
    bool changed = false;
    for (size_t i = 0; i < 3; i++)
        changed = changed || postgres_changed(planning->change, properties[i]);
    if (!changed)
        return;
    begin_alter(planning, " SET (");
    postgres_write_publication_options(planning->writer, planning->change->after, true);
    if (postgres_changed(planning->change, "generated_columns") &&
        !dara_object_has(planning->change->after, "generated_columns"))
        postgres_write(planning->writer, ", publish_generated_columns = none");
    postgres_write(planning->writer, ")");
    postgres_step(planning, 0, NULL);
}

/* The option of a subscription as it is when nobody says anything. */
static const char *usual_option(const char *name)
{
    if (strncmp(name, "synchronous_commit", 18) == 0)
        return "off";
    if (strncmp(name, "origin", 6) == 0)
        return "any";
    return strncmp(name, "password_required", 17) == 0 ? "true" : "false";
}

static void plan_subscription_options(struct postgres_planning *planning)
{
    const struct dara_object *before = planning->change->before, *after = planning->change->after;
    const char *const *options = NULL, *separator = " SET (";
    size_t count = dara_object_list(after, "options", &options);
    begin_alter(planning, "");
    for (size_t i = 0; i < count; i++) {
        if (has_item(before, "options", options[i]))
            continue;
        postgres_write_format(planning->writer, "%s%s", separator, options[i]);
        separator = ", ";
    }
    count = dara_object_list(before, "options", &options);
    for (size_t i = 0; i < count; i++) {
        if (find_item(after, "options", options[i], "="))
            continue;
        postgres_write_format(planning->writer, "%s%.*s= %s", separator, (int)strcspn(options[i], "="), options[i],
                              usual_option(options[i]));
        separator = ", ";
    }
    postgres_write(planning->writer, ")");
    postgres_step(planning, 0, NULL);
}

static bool is_two_phase(const struct dara_object *subscription)
{
    return has_item(subscription, "options", "two_phase = on");
}

static void plan_subscription(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    const char *slot = dara_object_text(change->after, "slot");
    if (is_two_phase(change->before) != is_two_phase(change->after)) {
        dara_plan_cannot(planning->plan, change, "two_phase of a subscription can be set only when it is made");
        return;
    }
    if (postgres_changed(change, "connection")) {
        begin_alter(planning, " CONNECTION ");
        postgres_write_literal(planning->writer, dara_object_text(change->after, "connection"));
        postgres_step(planning, 0, "a password that the connection had is not in the new one");
    }
    if (postgres_changed(change, "publications")) {
        begin_alter(planning, " SET PUBLICATION ");
        postgres_write_publications(planning->writer, change->after);
        postgres_write(planning->writer, " WITH (refresh = false)");
        postgres_step(planning, 0, "REFRESH PUBLICATION makes it take them");
    }
    if (postgres_changed(change, "slot")) {
        begin_alter(planning, " SET (slot_name = ");
        if (slot)
            postgres_write_literal(planning->writer, slot);
        else
            postgres_write(planning->writer, "NONE");
        postgres_write(planning->writer, ")");
        postgres_step(planning, 0, NULL);
    }
    if (postgres_changed(change, "options"))
        plan_subscription_options(planning);
}

/* With its slot, a subscription can be dropped only outside a transaction, and only if the other server answers. */
void postgres_plan_drop_subscription(struct postgres_planning *planning, const struct dara_object *subscription)
{
    postgres_write_alter(planning->writer, subscription, false);
    postgres_write(planning->writer, " DISABLE");
    postgres_step(planning, 0, NULL);
    if (dara_object_has(subscription, "slot")) {
        postgres_write_alter(planning->writer, subscription, false);
        postgres_write(planning->writer, " SET (slot_name = NONE)");
        postgres_step(planning, 0, "the slot at the other server stays and has to be dropped there");
    }
}

/* ---- all ---------------------------------------------------------------------------------------------------------------- */

void postgres_plan_rare(struct postgres_planning *planning)
{
    static const struct {
        const char *kind;
        void (*plan)(struct postgres_planning *planning);
    } planners[] = {
        {"operator", plan_operator},
        {"operator_family", plan_family},
        {"text_search_dictionary", plan_dictionary},
        {"text_search_configuration", plan_configuration},
        {"foreign_data_wrapper", plan_wrapper},
        {"foreign_server", plan_server},
        {"user_mapping", plan_user_mapping},
        {"publication", plan_publication},
        {"subscription", plan_subscription},
    };
    for (size_t i = 0; i < sizeof(planners) / sizeof(planners[0]); i++)
        if (postgres_is(planning->change->after, planners[i].kind))
            planners[i].plan(planning);
}
