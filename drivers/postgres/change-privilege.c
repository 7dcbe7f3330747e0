/* SPDX-License-Identifier: MIT */
/*
 * Changes of owners, rights, settings and labels. Drops come first, while the owner is still the old one; owners change with their objects; rights
 * are given last, by the new owner. What the plan makes (again) has the rights that default privileges gave it at that moment, and belongs to
 * whoever runs the plan: both are set right at once.
 */
#include "privilege.h"

#include <stdlib.h>
#include <string.h>

#include "change.h"

/* ---- whose it is -------------------------------------------------------------------------------------------------------- */

static const struct dara_object *whole(const struct dara_object *object)
{
    while (postgres_is(object, "column"))
        object = dara_object_owner(object);
    return object;
}

/* Who owns an object, of either side, once the plan has changed or made it; NULL: whoever runs the plan. */
static const char *owner_then(const struct dara_diff *diff, const struct dara_object *object)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(diff), object);
    const struct dara_object *after = dara_model_same(dara_diff_after(diff), object);
    if (dara_diff_scope(diff) & DARA_SCOPE_OWNER)
        return after ? dara_object_text(after, "owner") : NULL;
    return before ? dara_object_text(before, "owner") : NULL;
}

static bool covers_rights(const struct dara_diff *diff)
{
    return (dara_diff_scope(diff) & DARA_SCOPE_PRIVILEGES) != 0;
}

/* ---- what is made ------------------------------------------------------------------------------------------------------- */

/* What default privileges call objects like this one; NULL: they give nothing on it. */
static const char *objects_like(const struct dara_object *object)
{
    static const struct {
        const char *kind, *objects;
    } like[] = {{"table", "tables"},         {"view", "tables"},        {"materialized_view", "tables"},
                {"foreign_table", "tables"}, {"sequence", "sequences"}, {"routine", "routines"},
                {"type", "types"},           {"namespace", "schemas"}};
    for (size_t i = 0; i < sizeof(like) / sizeof(like[0]); i++)
        if (postgres_is(object, like[i].kind))
            return like[i].objects;
    return NULL;
}

static bool has_right(const struct dara_object *object, const struct postgres_right *right)
{
    const struct dara_object *other = NULL;
    while ((other = dara_object_owned(object, "privilege", other))) {
        struct postgres_right held = postgres_right_of(other, NULL);
        if (!held.grantor && !held.column && (held.what != NULL) == (right->what != NULL) &&
            strcmp(held.grantee, right->grantee) == 0 &&
            (!right->role || !held.role || strcmp(held.role, right->role) == 0))
            return true;
    }
    return false;
}

/* Take back what a default privilege may have given; who has a right of his own gets it later. `what` is the sequence of an identity column
 * that was made, else NULL. */
static void take_back(struct postgres_planning *planning, const struct dara_object *made, const char *what,
                      const struct dara_object *given)
{
    const struct postgres_right right = {.on = made,
                                         .what = what,
                                         .grantee = dara_object_text(given, "grantee"),
                                         .role = dara_object_text(given, "role")};
    if (strcmp(right.grantee, "role") == 0 || (strcmp(right.grantee, "public") == 0 && !has_right(made, &right)))
        postgres_render_usual(planning->writer, &right);
}

/* Whether anything was taken back. */
static bool take_back_all(struct postgres_planning *planning, const struct dara_object *made, const char *what)
{
    const struct dara_model *before = dara_diff_before(planning->diff);
    const char *objects = what ? "sequences" : objects_like(made);
    bool any = false;
    for (size_t i = 0; objects && i < dara_model_count(before); i++) {
        const struct dara_object *given = dara_model_at(before, i);
        const char *space = dara_object_space(given);
        if (!postgres_is(given, "default_privilege") || !postgres_has_text(given, "objects", objects) ||
            (space && strcmp(space, postgres_space(made) ? postgres_space(made) : "") != 0))
            continue;
        take_back(planning, made, what, given);
        any = true;
    }
    return any;
}

/* Not all default privileges were in effect, and one that was not may name the owner: he gets back what he has by himself. */
static void clear_rights(struct postgres_planning *planning, const struct dara_object *made, const char *what)
{
    const struct postgres_right owner = {
        .on = made, .what = what, .grantee = "owner", .role = owner_then(planning->diff, whole(made))};
    if (take_back_all(planning, made, what) && !has_right(made, &owner))
        postgres_render_usual(planning->writer, &owner);
}

/* The name of an identity column's sequence, behind the word. One that is too long for a name is cut by the server in its own way. */
static void clear_identity(struct postgres_planning *planning, const struct dara_object *column)
{
    static const char unusual[] = "SEQUENCE NAME ";
    const struct dara_object *table = dara_object_owner(column);
    const char *const *options = NULL;
    size_t count = dara_object_list(column, "identity_options", &options);
    struct postgres_writer what = {.text = NULL}, name = {.text = NULL};
    postgres_write_format(&name, "%s_%s_seq", dara_object_name(table), dara_object_name(column));
    postgres_write(&what, "SEQUENCE ");
    if (count && strncmp(options[0], unusual, sizeof(unusual) - 1) == 0)
        postgres_write(&what, options[0] + sizeof(unusual) - 1);
    else
        postgres_write_qualified(&what, postgres_space(table), name.text);
    if (name.length < 64)
        clear_rights(planning, column, what.text);
    postgres_writer_free(&what);
    postgres_writer_free(&name);
}

/* The sequences of identity columns that are new; where rights are not covered, of those that were there before. */
static void clear_identities(struct postgres_planning *planning, const struct dara_object *table)
{
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(table, "column", column))) {
        const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), column);
        bool was = before && dara_object_has(before, "identity");
        bool stays = was && postgres_stays(planning->diff, dara_object_owner(before)) &&
                     postgres_column_fate(planning->diff, before) != POSTGRES_LOST;
        if (dara_object_has(column, "identity") && !stays && (was || covers_rights(planning->diff)))
            clear_identity(planning, column);
    }
}

void postgres_plan_made(struct postgres_planning *planning, const struct dara_object *made)
{
    const struct dara_object *before = dara_model_same(dara_diff_before(planning->diff), made);
    if (dara_object_has(made, "owner"))
        postgres_render_owner(planning->writer, made, owner_then(planning->diff, made));
    if (before || covers_rights(planning->diff))
        clear_rights(planning, made, NULL);
    clear_identities(planning, made);
}

void postgres_plan_owner(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    const char *owner = dara_object_text(change->after, "owner"), *link = dara_object_text(change->after, "owned_by");
    /* The owner of a sequence that stays with its column changes with the table's. */
    bool follows = link && postgres_has_text(change->before, "owned_by", link);
    if (postgres_changed(change, "owner") && !follows)
        postgres_render_owner(planning->writer, change->after, owner);
    clear_identities(planning, change->after);
}

/* ---- rights ------------------------------------------------------------------------------------------------------------- */

/* Those of `list` that `other` does not hold. Free with free(). */
static const char **without(const struct dara_object *list, const struct dara_object *other, const char *property,
                            size_t *ret_count)
{
    const char *const *items = NULL, *const *others = NULL;
    size_t count = dara_object_list(list, property, &items), other_count = dara_object_list(other, property, &others);
    const char **left = calloc(count + 1, sizeof(*left));
    if (!left)
        dara_error_out_of_memory();
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        bool held = false;
        for (size_t k = 0; k < other_count && !held; k++)
            held = strcmp(items[i], others[k]) == 0;
        if (!held)
            left[(*ret_count)++] = items[i];
    }
    return left;
}

static void plan_right(struct postgres_planning *planning)
{
    const struct dara_object *before = planning->change->before, *after = planning->change->after;
    const struct dara_object *owned = dara_object_owner(after);
    const struct postgres_right right =
        postgres_right_of(after, owned ? owner_then(planning->diff, whole(owned)) : NULL);
    size_t lost, less, more, option;
    const char **revoke = without(before, after, "privileges", &lost);
    const char **revoke_option = without(before, after, "grantable", &less);
    const char **grant = without(after, before, "privileges", &more);
    const char **grant_option = without(after, before, "grantable", &option);
    postgres_render_revoke(planning->writer, &right, revoke, lost, false);
    postgres_render_grant(planning->writer, &right, grant, more, false);
    postgres_render_revoke(planning->writer, &right, revoke_option, less, true);
    postgres_render_grant(planning->writer, &right, grant_option, option, true);
    free(revoke);
    free(revoke_option);
    free(grant);
    free(grant_option);
}

static void plan_made_right(struct postgres_planning *planning)
{
    const struct dara_object *after = planning->change->after, *owned = dara_object_owner(after);
    postgres_render_privilege(planning->writer, after, owned ? owner_then(planning->diff, whole(owned)) : NULL);
}

static void plan_lost_right(struct postgres_planning *planning)
{
    const struct dara_object *before = planning->change->before;
    const struct postgres_right right = postgres_right_of(before, dara_object_text(before, "role"));
    if (postgres_is(before, "system_privilege"))
        postgres_render_initial(planning->writer, before);
    else
        postgres_render_usual(planning->writer, &right);
}

static void plan_label(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    const struct dara_object *label = change->after ? change->after : change->before;
    postgres_render_label(planning->writer, label, change->after ? dara_object_text(label, "label") : NULL);
}

bool postgres_is_attached(const struct dara_object *object)
{
    return postgres_is(object, "privilege") || postgres_is(object, "security_label") ||
           postgres_is(object, "extension_dependence");
}

bool postgres_plan_attached(struct postgres_planning *planning)
{
    const struct dara_change *change = planning->change;
    const struct dara_object *object = change->after ? change->after : change->before;
    bool right = (dara_object_kind(object)->flags & DARA_KIND_PRIVILEGE) != 0;
    if (right && change->op == DARA_CHANGE_CREATE)
        plan_made_right(planning);
    else if (right && change->op == DARA_CHANGE_DROP)
        plan_lost_right(planning);
    else if (right)
        plan_right(planning);
    else if (postgres_is(object, "setting"))
        postgres_render_setting(planning->writer, object, change->after != NULL);
    else if (postgres_is(object, "security_label"))
        plan_label(planning);
    else if (postgres_is(object, "extension_dependence"))
        postgres_render_dependence(planning->writer, object, change->after != NULL);
    else
        return false;
    return true;
}

/* ---- what falls on the way ---------------------------------------------------------------------------------------------- */

/* REVOKE on a table takes the same rights on its columns along. */
static bool is_swept(const struct dara_diff *diff, const struct dara_object *right)
{
    const struct dara_object *column = dara_object_owner(right), *other = NULL;
    const struct dara_object *table = column ? whole(column) : NULL;
    const char *role = dara_object_text(right, "role"), *grantee = dara_object_text(right, "grantee");
    if (!table || (table == column && !dara_object_has(right, "column")))
        return false;
    while ((other = dara_object_owned(table, "privilege", other))) {
        const struct dara_change *change = postgres_change_of(diff, other);
        if (change && !dara_object_has(other, "column") && postgres_has_text(other, "grantee", grantee) &&
            (!role || postgres_has_text(other, "role", role)))
            return true;
    }
    return false;
}

static bool falls_on_the_way(const struct dara_diff *diff, const struct dara_object *object)
{
    const struct dara_object *owner = dara_object_owner(object);
    if (postgres_is(object, "privilege") && is_swept(diff, object))
        return true;
    return owner && postgres_is(owner, "column") && postgres_stays(diff, whole(owner)) &&
           dara_model_same(dara_diff_after(diff), owner) && postgres_column_fate(diff, owner) == POSTGRES_LOST;
}

int postgres_prepare_attached(struct dara_diff *diff)
{
    const struct dara_model *before = dara_diff_before(diff);
    int code = 0;
    for (size_t i = 0; !code && i < dara_model_count(before); i++) {
        const struct dara_object *object = dara_model_at(before, i);
        bool covered =
            !(dara_object_kind(object)->flags & DARA_KIND_PRIVILEGE) || (dara_diff_scope(diff) & DARA_SCOPE_PRIVILEGES);
        if (!postgres_is_attached(object) || (covered && !dara_model_same(dara_diff_after(diff), object)))
            continue;
        const struct dara_change *change = postgres_change_of(diff, object);
        if ((!change || change->op == DARA_CHANGE_ALTER) && falls_on_the_way(diff, object))
            code = dara_diff_recreate(diff, object, "it falls with what changes");
    }
    return code;
}
