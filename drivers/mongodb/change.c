/* SPDX-License-Identifier: MIT */
/* The commands that make one change. */
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "mg.h"
#include "options.h"
#include "render.h"

/* ---- steps -------------------------------------------------------------------------------------------------------------------------- */

/* Hand over a command as a step, and destroy it. */
static void add_step(struct dara_plan *plan, const struct dara_change *change, bson_t *command, unsigned flags,
                     const char *note)
{
    struct mongodb_buffer text = {0};
    mongodb_json_write(command, 0, &text);
    dara_plan_add(plan, &(struct dara_step){.size = sizeof(struct dara_step),
                                            .text = mongodb_buffer_get(&text),
                                            .flags = flags,
                                            .change = change,
                                            .note = note});
    mongodb_buffer_free(&text);
    bson_destroy(command);
}

static bool is_kind(const struct dara_object *object, const char *kind)
{
    return strcmp(dara_object_kind(object)->name, kind) == 0;
}

static int create(const struct dara_change *change, struct dara_plan *plan)
{
    bson_t command = BSON_INITIALIZER;
    int code = mongodb_render_command(change->after, &command);
    if (code) {
        bson_destroy(&command);
        return code;
    }
    bool unique = is_kind(change->after, "index") && dara_object_bool(change->after, "unique", false);
    add_step(plan, change, &command, unique ? DARA_STEP_MAY_FAIL : 0,
             unique ? "fails where two documents have the same values" : NULL);
    return 0;
}

static int drop(const struct dara_change *change, struct dara_plan *plan)
{
    const struct dara_object *object = change->before;
    bson_t command = BSON_INITIALIZER;
    if (is_kind(object, "index")) {
        BSON_APPEND_UTF8(&command, "dropIndexes", dara_object_key(dara_object_owner(object)));
        BSON_APPEND_UTF8(&command, "index", dara_object_name(object));
    } else {
        BSON_APPEND_UTF8(&command, "drop", dara_object_name(object));
    }
    bool rows = is_kind(object, "collection");
    add_step(plan, change, &command, rows ? DARA_STEP_DESTROYS : 0, rows ? "its documents are lost" : NULL);
    return 0;
}

/* ---- collections -------------------------------------------------------------------------------------------------------------------- */

static bool changes(const struct dara_change *change, const char *property)
{
    for (size_t i = 0; i < change->property_count; i++)
        if (strcmp(change->properties[i]->name, property) == 0)
            return true;
    return false;
}

static const struct mongodb_option *option_named(const struct mongodb_option *options, const char *name)
{
    while (strcmp(options->name, name) != 0)
        options++;
    return options;
}

/* An option as it is to be, or as it is where nobody says anything: JSON text. */
static int give_or(const struct dara_object *object, const char *name, const char *otherwise, bson_t *to)
{
    const struct mongodb_option *option = option_named(mongodb_collection_options, name);
    return dara_object_has(object, option->property) ? mongodb_option_give(object, option, to)
                                                     : mongodb_json_give(otherwise, name, to);
}

static int give_changed(const struct dara_change *change, const char *name, const char *otherwise, bson_t *to)
{
    const struct mongodb_option *option = option_named(mongodb_collection_options, name);
    return changes(change, option->property) ? give_or(change->after, name, otherwise, to) : 0;
}

/* Level and action go with the validator: a server may set both anew when it gets one. */
static int give_validation(const struct dara_change *change, bson_t *to)
{
    if (!changes(change, "mongodb.validator") && !changes(change, "mongodb.validation_level") &&
        !changes(change, "mongodb.validation_action"))
        return 0;
    int code = give_or(change->after, "validator", "{}", to);
    code = code ? code : give_or(change->after, "validationLevel", "\"strict\"", to);
    return code ? code : give_or(change->after, "validationAction", "\"error\"", to);
}

static int alter_collection(const struct dara_change *change, struct dara_plan *plan)
{
    bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "collMod", dara_object_key(change->after));
    int code = give_validation(change, &command);
    code = code ? code : give_changed(change, "expireAfterSeconds", "\"off\"", &command);
    code = code ? code : give_changed(change, "changeStreamPreAndPostImages", "{\"enabled\": false}", &command);
    if (!code && changes(change, "mongodb.size"))
        BSON_APPEND_INT64(&command, "cappedSize", dara_object_int(change->after, "mongodb.size", 0));
    if (!code && changes(change, "mongodb.max"))
        BSON_APPEND_INT64(&command, "cappedMax", dara_object_int(change->after, "mongodb.max", 0));
    if (code || bson_count_keys(&command) == 1) { /* fields alone: they are in the validator */
        bson_destroy(&command);
        return code;
    }
    add_step(plan, change, &command, 0, NULL);
    return 0;
}

/* ---- views and indexes -------------------------------------------------------------------------------------------------------------- */

static int alter_view(const struct dara_change *change, struct dara_plan *plan)
{
    bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "collMod", dara_object_key(change->after));
    int code = mongodb_option_give(change->after, option_named(mongodb_view_options, "viewOn"), &command);
    code = code ? code : mongodb_option_give(change->after, option_named(mongodb_view_options, "pipeline"), &command);
    if (code) {
        bson_destroy(&command);
        return code;
    }
    add_step(plan, change, &command, 0, NULL);
    return 0;
}

static int alter_index(const struct dara_change *change, struct dara_plan *plan)
{
    bson_t command = BSON_INITIALIZER, index;
    BSON_APPEND_UTF8(&command, "collMod", dara_object_key(dara_object_owner(change->after)));
    BSON_APPEND_DOCUMENT_BEGIN(&command, "index", &index);
    BSON_APPEND_UTF8(&index, "name", dara_object_name(change->after));
    if (changes(change, "mongodb.hidden"))
        BSON_APPEND_BOOL(&index, "hidden", dara_object_bool(change->after, "mongodb.hidden", false));
    if (changes(change, "mongodb.prepare_unique"))
        BSON_APPEND_BOOL(&index, "prepareUnique", dara_object_bool(change->after, "mongodb.prepare_unique", false));
    if (changes(change, "mongodb.expire_after_seconds"))
        BSON_APPEND_INT64(&index, "expireAfterSeconds",
                          dara_object_int(change->after, "mongodb.expire_after_seconds", 0));
    bson_append_document_end(&command, &index);
    add_step(plan, change, &command, 0, NULL);
    return 0;
}

int mongodb_dialect_change(const struct dara_diff *diff, const struct dara_change *change, struct dara_plan *plan)
{
    (void)diff;
    if (change->op == DARA_CHANGE_CREATE)
        return create(change, plan);
    if (change->op == DARA_CHANGE_DROP)
        return drop(change, plan);
    if (is_kind(change->after, "collection"))
        return alter_collection(change, plan);
    return is_kind(change->after, "view") ? alter_view(change, plan) : alter_index(change, plan);
}

/* ---- what no command alters --------------------------------------------------------------------------------------------------------- */

/* An index can be given another time of expiry, but that it has one at all is part of its making. */
static int prepare_index(struct dara_diff *diff, const struct dara_change *change)
{
    static const char property[] = "mongodb.expire_after_seconds";
    bool expires = change->before && dara_object_has(change->before, property);
    if (change->op != DARA_CHANGE_ALTER || !changes(change, property) ||
        expires == dara_object_has(change->after, property))
        return 0;
    return dara_diff_recreate(diff, change->before, "whether an index expires is decided when it is made");
}

int mongodb_dialect_prepare(struct dara_diff *diff)
{
    int code = 0;
    for (size_t i = 0; !code && i < dara_diff_count(diff); i++) {
        const struct dara_change *change = dara_diff_at(diff, i);
        const struct dara_object *object = change->before ? change->before : change->after;
        if (is_kind(object, "index"))
            code = prepare_index(diff, change);
    }
    return code;
}

int mongodb_dialect_rename(const struct dara_object *object, const char *space, const char *name,
                           struct dara_plan *plan)
{
    bson_t command = BSON_INITIALIZER;
    (void)space;
    if (!is_kind(object, "collection")) {
        bson_destroy(&command);
        dara_error_set(DARA_EUNSUPPORTED, "the server renames collections alone, and '%s' is a %s",
                       dara_object_name(object), dara_object_kind(object)->name);
        dara_error_hint("make it anew under the new name, and drop the old one");
        return DARA_EUNSUPPORTED;
    }
    BSON_APPEND_UTF8(&command, "renameCollection", dara_object_name(object));
    BSON_APPEND_UTF8(&command, "to", name);
    add_step(plan, NULL, &command, 0, NULL);
    return 0;
}
