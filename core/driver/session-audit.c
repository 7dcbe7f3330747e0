/* SPDX-License-Identifier: MIT */
/* Rules: what a driver knows of its engine's. Needs no connection. */
#include "driver/internal.h"

struct dara_audit {
    struct dara_arena *arena;
    struct dara_judged *items;
    size_t count, room;
};

/* ---- collecting ----------------------------------------------------------------------------------------------------------- */

struct dara_audit *dara_audit_new(void)
{
    struct dara_audit *audit = dara_alloc(sizeof(*audit));
    audit->arena = dara_arena_new();
    return audit;
}

struct dara_audit *dara_audit_free(struct dara_audit *audit)
{
    if (!audit)
        return NULL;
    dara_arena_free(audit->arena);
    free(audit->items);
    free(audit);
    return NULL;
}

size_t dara_audit_count(const struct dara_audit *audit)
{
    return audit->count;
}

const struct dara_judged *dara_audit_at(const struct dara_audit *audit, size_t index)
{
    return &audit->items[index];
}

static struct dara_judged *add(struct dara_audit *audit, const char *rule, const char *message)
{
    DARA_GROW(audit->items, audit->count, audit->room);
    struct dara_judged *judged = &audit->items[audit->count++];
    *judged = (struct dara_judged){.rule = dara_arena_strdup(audit->arena, rule),
                                   .message = dara_arena_strdup(audit->arena, message ? message : "")};
    return judged;
}

void dara_audit_finding(struct dara_audit *audit, const struct dara_finding *finding)
{
    if (!finding->rule || !finding->object || dara_object_is_given(finding->object))
        return; /* what is given is nobody's to mend */
    struct dara_judged *judged = add(audit, finding->rule, finding->message);
    judged->object = finding->object;
    judged->fix = dara_arena_strdup(audit->arena, finding->fix);
    judged->mark = dara_arena_strdup(audit->arena, finding->mark);
}

void dara_audit_unknown(struct dara_audit *audit, const char *rule, const char *why)
{
    if (rule)
        add(audit, rule, why);
}

/* ---- asking --------------------------------------------------------------------------------------------------------------- */

static const struct dara_audit_ops *ops_of(const struct dara_driver *driver)
{
    return dara_driver_has_group(driver, "audit") ? driver->audit : NULL;
}

static void begin_call(const struct dara_driver *driver, struct dara_dispatch *call, const char *member)
{
    dara_dispatch_begin(call, driver, NULL, "audit", member);
}

const struct dara_rule *const *dara_audit_rules(const struct dara_driver *driver)
{
    static const struct dara_rule *const none[] = {NULL};
    const struct dara_audit_ops *ops = ops_of(driver);
    return ops ? ops->rules : none;
}

int dara_audit_schema(const struct dara_driver *driver, const struct dara_model *model, struct dara_audit *audit)
{
    const struct dara_audit_ops *ops = ops_of(driver);
    struct dara_dispatch call;
    if (!DARA_HAS(ops, schema))
        return 0;
    begin_call(driver, &call, "schema");
    return dara_dispatch_end(&call, ops->schema(model, audit));
}

unsigned dara_audit_type(const struct dara_driver *driver, const struct dara_object *column, bool *ret_known)
{
    const struct dara_audit_ops *ops = ops_of(driver);
    *ret_known = DARA_HAS(ops, type);
    return *ret_known ? ops->type(column) : 0;
}

bool dara_audit_follows(const struct dara_driver *driver, const struct dara_object *table)
{
    const struct dara_audit_ops *ops = ops_of(driver);
    return DARA_HAS(ops, follows) && ops->follows(table);
}

int dara_audit_fix(const struct dara_driver *driver, const char *rule, const struct dara_object *object,
                   struct dara_text *out)
{
    const struct dara_audit_ops *ops = ops_of(driver);
    struct dara_dispatch call;
    if (!DARA_HAS(ops, fix))
        return 0;
    begin_call(driver, &call, "fix");
    return dara_dispatch_end(&call, ops->fix(rule, object, out));
}

/* ---- what an index is made of --------------------------------------------------------------------------------------------- */

struct dara_index {
    struct dara_arena *arena;
    struct dara_index_desc desc;
};

static const char *const *copy_list(struct dara_arena *arena, const char *const *list, size_t count)
{
    const char **copy = dara_arena_alloc(arena, (count + 1) * sizeof(*copy));
    for (size_t i = 0; list && i < count; i++)
        copy[i] = dara_arena_strdup(arena, list[i]);
    return copy;
}

void dara_index_describe(struct dara_index *index, const struct dara_index_desc *desc)
{
    index->desc = *desc;
    index->desc.columns = copy_list(index->arena, desc->columns, desc->count);
    index->desc.parts = desc->parts ? copy_list(index->arena, desc->parts, desc->count) : index->desc.columns;
    index->desc.rest = dara_arena_strdup(index->arena, desc->rest);
}

/* What the well-known properties say. */
static void describe_plain(const struct dara_object *object, struct dara_index *index)
{
    struct dara_index_desc desc = {.size = sizeof(desc), .ordered = true};
    const char *type = dara_object_text(object, "type");
    desc.count = dara_object_list(object, "columns", &desc.columns);
    desc.unique = dara_object_bool(object, "unique", type != NULL);
    desc.rest = dara_object_text(object, "where");
    desc.partial = desc.rest != NULL;
    dara_index_describe(index, &desc);
}

int dara_audit_index(const struct dara_driver *driver, const struct dara_object *object, struct dara_arena *arena,
                     struct dara_index_desc *ret_desc)
{
    const struct dara_audit_ops *ops = ops_of(driver);
    struct dara_index index = {.arena = arena, .desc = {.size = sizeof(index.desc)}};
    struct dara_dispatch call;
    int code = 0;
    if (DARA_HAS(ops, index)) {
        begin_call(driver, &call, "index");
        code = dara_dispatch_end(&call, ops->index(object, &index));
    } else {
        describe_plain(object, &index);
    }
    if (!code)
        *ret_desc = index.desc;
    return code;
}
