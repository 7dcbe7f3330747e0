/* SPDX-License-Identifier: MIT */
#include "service/rename.h"

#include <string.h>

#include "base/arena.h"
#include "service/target.h"

struct dara_renames *dara_renames_free(struct dara_renames *renames)
{
    if (!renames)
        return NULL;
    dara_plan_free(renames->plan);
    dara_model_free(renames->moved);
    dara_arena_free(renames->arena);
    free(renames->items);
    free(renames->moves);
    free(renames);
    return NULL;
}

static struct dara_renames *begin(size_t count)
{
    struct dara_renames *renames = dara_alloc(sizeof(*renames));
    *renames = (struct dara_renames){.arena = dara_arena_new(), .items = dara_alloc(count * sizeof(*renames->items))};
    return renames;
}

/* ---- what becomes of a name ---------------------------------------------------------------------------------------- */

static const struct dara_rename *rename_of(const struct dara_renames *renames, const struct dara_object *object)
{
    for (size_t i = 0; renames && i < renames->count; i++)
        if (renames->items[i].object == object)
            return &renames->items[i];
    return NULL;
}

/* The namespace an object has when all is done: its own may be renamed. */
static const char *space_after(const struct dara_renames *renames, const struct dara_object *object)
{
    const struct dara_rename *item = rename_of(renames, object);
    const char *space = item ? item->space : dara_object_space(object);
    for (size_t i = 0; renames && space && i < renames->count; i++)
        if (!strcmp(dara_object_kind(renames->items[i].object)->name, "namespace") &&
            !strcmp(dara_object_name(renames->items[i].object), space))
            return renames->items[i].name;
    return space;
}

/* Whether `object`, of a model after the renames, is what they make of `origin`. */
static bool becomes(const struct dara_renames *renames, const struct dara_object *origin,
                    const struct dara_object *object)
{
    const struct dara_rename *item = rename_of(renames, origin);
    const struct dara_object *owner = dara_object_owner(origin), *other = dara_object_owner(object);
    if (strcmp(dara_object_kind(origin)->name, dara_object_kind(object)->name) != 0 || !owner != !other)
        return false;
    if (strcmp(item ? item->name : dara_object_name(origin), dara_object_name(object)) != 0)
        return false;
    /* Behind the name, a key tells those of one name apart. */
    if (strcmp(dara_object_key(origin) + (item ? strlen(dara_object_name(origin)) : 0),
               dara_object_key(object) + (item ? strlen(dara_object_name(object)) : 0)) != 0 &&
        strlen(dara_object_key(origin)) > strlen(dara_object_name(origin)))
        return false;
    return owner ? becomes(renames, owner, other)
                 : dara_string_same(space_after(renames, origin), dara_object_space(object));
}

const struct dara_object *dara_renames_origin(const struct dara_renames *renames, const struct dara_model *before,
                                              const struct dara_object *object)
{
    if (!renames)
        return object;
    for (size_t i = 0; i < dara_model_count(before); i++)
        if (becomes(renames, dara_model_at(before, i), object))
            return dara_model_at(before, i);
    return NULL;
}

static const struct dara_object *find_after(const struct dara_renames *renames, const struct dara_model *after,
                                            const struct dara_object *origin)
{
    for (size_t i = 0; i < dara_model_count(after); i++)
        if (becomes(renames, origin, dara_model_at(after, i)))
            return dara_model_at(after, i);
    return NULL;
}

const struct dara_model *dara_renames_moved(const struct dara_renames *renames, const struct dara_model *before)
{
    return renames ? renames->moved : before;
}

/* ---- reading the options --------------------------------------------------------------------------------------------- */

static int fail(const char *option, const char *format, const char *what)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    DARA_FREE char *why = dara_format("%s '%s'", format, what);
    dara_text_add_visible(&shown, option);
    return dara_error_set(DARA_EUSAGE, "--rename '%s': %s", dara_text_string(&shown), why);
}

/* Another name for what an earlier option gives a name: one rename, by way of that name where it has to be. */
static struct dara_rename *find_between(struct dara_renames *renames, const struct dara_path *old)
{
    for (size_t i = 0; i < renames->count; i++) {
        struct dara_rename *item = &renames->items[i];
        const struct dara_object *object =
            dara_object_as(renames->arena, item->object, dara_object_owner(item->object), item->space, item->name);
        if (dara_path_matches(old, object))
            return item;
    }
    return NULL;
}

static void set_name(struct dara_rename *item, const struct dara_path *new, const char *option)
{
    item->option = option;
    item->name = new->parts[new->count - 1];
    if (!dara_object_owner(item->object) && new->count > 1)
        item->space = new->parts[new->count - 2];
}

static int read_option(struct dara_renames *renames, const struct dara_model *before, const char *option)
{
    struct dara_path old, new;
    const struct dara_object *object = NULL;
    int code = dara_path_split(renames->arena, option, &old, &new);
    if (code == 0)
        code = dara_path_find(before, &old, option, &object);
    struct dara_rename *between = code < 0 && !object ? find_between(renames, &old) : NULL;
    if (between) {
        dara_error_clear(); /* it will have that name */
        between->via = between->name;
        set_name(between, &new, dara_rename_option(renames->arena, between->object, between->space, &new));
        return 0;
    }
    if (code < 0)
        return code;
    if (rename_of(renames, object))
        return fail(option, "it is renamed twice: the", dara_object_name(object));
    struct dara_rename *item = &renames->items[renames->count++];
    *item = (struct dara_rename){.object = object, .space = dara_object_space(object)};
    set_name(item, &new, option);
    return 0;
}

/* A namespace that is renamed has its old name until then: a new one stands for it. */
static void settle_spaces(struct dara_renames *renames)
{
    for (size_t i = 0; i < renames->count; i++) {
        struct dara_rename *item = &renames->items[i];
        for (size_t k = 0; item->space && k < renames->count; k++) {
            const struct dara_rename *space = &renames->items[k];
            if (strcmp(dara_object_kind(space->object)->name, "namespace") != 0 ||
                strcmp(space->name, item->space) != 0)
                continue;
            item->space = dara_object_name(space->object);
            break;
        }
    }
}

/* A new name that the schema after has not is a slip of the pen. */
static int check_after(const struct dara_renames *renames, const struct dara_model *after, size_t index,
                       const char *option)
{
    const struct dara_object *object = renames->items[index].object;
    if (find_after(renames, after, object))
        return 0;
    DARA_FREE char *what = dara_format("the schema after has no %s of the new name", dara_object_kind(object)->name);
    int code = fail(option, what, renames->items[index].name);
    dara_error_hint("both sides are looked up: OLD in the schema before, NEW in the one after");
    return code;
}

/* ---- what comes of it ---------------------------------------------------------------------------------------------------- */

/* What was not read would be missing on scratch, and a plan would make it. */
static int check_readable(const struct dara_model *before)
{
    for (size_t i = 0; i < dara_model_family_count(before); i++) {
        enum dara_family_state state;
        const char *why, *family = dara_model_family_at(before, i, &state, &why);
        if (state == DARA_FAMILY_DENIED)
            return dara_error_set(DARA_EUNSUPPORTED, "renaming needs the whole schema, and '%s' could not be read: %s",
                                  family, why ? why : "no reason given");
    }
    return 0;
}

static int finish(struct dara_context *context, struct dara_renames *renames, const struct dara_model *before)
{
    const struct dara_driver *driver;
    int code = dara_context_driver(context, &driver);
    dara_renames_order(renames, before);
    if (code == 0)
        code = check_readable(before);
    if (code == 0)
        code = dara_driver_require(driver, "scratch", "try out renames");
    for (size_t i = 0; code == 0 && i < renames->move_count; i++) {
        struct dara_rename_move *move = &renames->moves[i];
        size_t steps = renames->plan ? dara_plan_count(renames->plan) : 0;
        code = dara_plan_rename(driver, move->object, move->space, move->name, &renames->plan);
        move->steps = code == 0 ? dara_plan_count(renames->plan) - steps : 0;
    }
    return code < 0 ? code : dara_target_changed(context, before, renames->plan, &renames->moved);
}

int dara_renames_new(struct dara_context *context, const struct dara_model *before, const struct dara_model *after,
                     struct dara_renames **ret_renames)
{
    int code = 0;
    if (!context->rename_count) {
        *ret_renames = NULL;
        return 0;
    }
    DARA_RENAMES_LOCAL renames = begin(context->rename_count);
    for (size_t i = 0; code == 0 && i < context->rename_count; i++)
        code = read_option(renames, before, context->renames[i]);
    settle_spaces(renames);
    for (size_t i = 0; code == 0 && i < renames->count; i++)
        code = check_after(renames, after, i, renames->items[i].option);
    if (code == 0)
        code = finish(context, renames, before);
    if (code < 0)
        return code;
    *ret_renames = renames;
    renames = NULL;
    return 0;
}

int dara_renames_back(struct dara_context *context, const struct dara_renames *renames, const struct dara_model *after,
                      struct dara_renames **ret_back)
{
    if (!renames) {
        *ret_back = NULL;
        return 0;
    }
    DARA_RENAMES_LOCAL back = begin(renames->count);
    for (size_t i = 0; i < renames->count; i++) {
        const struct dara_object *old = renames->items[i].object;
        back->items[back->count++] = (struct dara_rename){
            .object = find_after(renames, after, old), .space = dara_object_space(old), .name = dara_object_name(old)};
    }
    settle_spaces(back);
    int code = finish(context, back, after);
    if (code < 0)
        return code;
    *ret_back = back;
    back = NULL;
    return 0;
}

/* ---- showing ------------------------------------------------------------------------------------------------------------- */

void dara_renames_show(struct dara_report *report, const struct dara_renames *renames)
{
    if (!renames)
        return;
    struct dara_table *table = dara_report_table(report, "renamed", "Renamed", NULL);
    dara_table_column(table, "kind", "kind", DARA_CELL_TEXT);
    dara_table_column(table, "from", "from", DARA_CELL_TEXT);
    dara_table_column(table, "to", "to", DARA_CELL_TEXT);
    for (size_t i = 0; i < renames->count; i++) {
        const struct dara_rename *item = &renames->items[i];
        DARA_TEXT_LOCAL from = DARA_TEXT_INIT;
        dara_path_add(item->object, &from);
        const char *space = space_after(renames, item->object);
        DARA_FREE char *to = space && !dara_object_owner(item->object) ? dara_format("%s.%s", space, item->name)
                                                                       : dara_strdup(item->name);
        dara_table_row(table);
        dara_table_text(table, dara_object_kind(item->object)->name);
        dara_table_text(table, dara_text_string(&from));
        dara_table_text(table, to);
    }
}
