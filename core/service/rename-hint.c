/* SPDX-License-Identifier: MIT */
/* What looks like a rename is said, and never done by itself. */
#include <string.h>

#include "service/rename.h"

/* Equal but for the objects' own names, which a definition may hold. */
static bool same_but_name(const char *left, const char *left_name, const char *right, const char *right_name)
{
    size_t left_length = strlen(left_name), right_length = strlen(right_name);
    while (*left || *right) {
        if (!strncmp(left, left_name, left_length) && !strncmp(right, right_name, right_length)) {
            left += left_length;
            right += right_length;
        } else if (*left++ != *right++) {
            return false;
        }
    }
    return true;
}

static bool same_property(const struct dara_object *left, const struct dara_object *right, const char *name)
{
    DARA_FREE char *before = dara_object_property_text(left, name), *after = dara_object_property_text(right, name);
    if (!before || !after)
        return before == after;
    return same_but_name(before, dara_object_name(left), after, dara_object_name(right));
}

static bool same_properties(const struct dara_object *left, const struct dara_object *right)
{
    size_t told = 0;
    for (const struct dara_property *at = dara_object_kind(left)->properties; at && at->name; at++) {
        if (at->mode == DARA_PROPERTY_INFO || at->mode == DARA_PROPERTY_OWNER)
            continue;
        if (!same_property(left, right, at->name))
            return false;
        told += dara_object_has(left, at->name);
    }
    return told > 0;
}

/* Whether each part with values of the one is in the other, with the same type. */
static bool has_columns_of(const struct dara_object *left, const struct dara_object *right, size_t *ret_count)
{
    const struct dara_object *part = NULL;
    *ret_count = 0;
    while ((part = dara_object_owned(left, NULL, part))) {
        const struct dara_object *other = NULL;
        if (!(dara_object_kind(part)->flags & DARA_KIND_VALUES))
            continue;
        while ((other = dara_object_owned(right, dara_object_kind(part)->name, other)))
            if (!strcmp(dara_object_key(other), dara_object_key(part)))
                break;
        if (!other || !dara_string_same(dara_object_text(part, "type"), dara_object_text(other, "type")))
            return false;
        ++*ret_count;
    }
    return true;
}

static bool same_shape(const struct dara_object *left, const struct dara_object *right)
{
    size_t count, other;
    unsigned flags = dara_object_kind(left)->flags;
    if (strcmp(dara_object_kind(left)->name, dara_object_kind(right)->name) != 0 || dara_model_scope(left))
        return false; /* a right is for one role, and what is for another is another */
    if (flags & DARA_KIND_VALUES)
        return dara_string_same(dara_object_text(left, "type"), dara_object_text(right, "type"));
    if (flags & DARA_KIND_ROWS)
        return has_columns_of(left, right, &count) && has_columns_of(right, left, &other) &&
               (count > 0 || same_properties(left, right));
    return same_properties(left, right);
}

/* ---- pairs --------------------------------------------------------------------------------------------------------- */

/* Changes of one level: those of the diff, or those of the parts of one object. */
struct level {
    const struct dara_renames *renames; /* that were made before the diff; may be NULL */
    const struct dara_model *before;    /* what they began with */
    size_t count;
    const struct dara_change *(*at)(const void *from, size_t index);
    const void *from;
};

static const struct dara_change *change_at(const void *from, size_t index)
{
    return dara_diff_at(from, index);
}

static const struct dara_change *part_at(const void *from, size_t index)
{
    return ((const struct dara_change *)from)->parts[index];
}

static bool same_owner(const struct dara_object *left, const struct dara_object *right)
{
    const struct dara_object *a = dara_object_owner(left), *b = dara_object_owner(right);
    if (!a || !b)
        return a == b;
    return dara_string_same(dara_object_space(a), dara_object_space(b)) &&
           !strcmp(dara_object_key(a), dara_object_key(b));
}

/* The only one of the other side with its shape, or NULL. */
static const struct dara_object *counterpart(const struct level *level, const struct dara_object *object,
                                             enum dara_change_op op)
{
    const struct dara_object *found = NULL;
    for (size_t i = 0; i < level->count; i++) {
        const struct dara_change *change = level->at(level->from, i);
        const struct dara_object *other = op == DARA_CHANGE_DROP ? change->before : change->after;
        bool left = op == DARA_CHANGE_CREATE;
        if (change->op != op || !same_owner(object, other) ||
            !(left ? same_shape(object, other) : same_shape(other, object)))
            continue;
        if (found)
            return NULL;
        found = other;
    }
    return found;
}

/* Where nothing comes, nothing is renamed: a large schema may go as a whole. */
static bool has_creations(const struct level *level)
{
    for (size_t i = 0; i < level->count; i++)
        if (level->at(level->from, i)->op == DARA_CHANGE_CREATE)
            return true;
    return false;
}

static void hint_level(struct dara_report *report, const struct level *level)
{
    for (size_t i = 0; i < level->count && (i || has_creations(level)); i++) {
        const struct dara_change *change = level->at(level->from, i);
        if (change->op != DARA_CHANGE_DROP)
            continue;
        const struct dara_object *after = counterpart(level, change->before, DARA_CHANGE_CREATE);
        if (!after || counterpart(level, after, DARA_CHANGE_DROP) != change->before)
            continue;
        DARA_TEXT_LOCAL option = DARA_TEXT_INIT;
        DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
        const struct dara_object *old = dara_renames_origin(level->renames, level->before, change->before);
        dara_path_add(old ? old : change->before, &option);
        dara_text_add(&option, "=");
        dara_path_add(after, &option);
        dara_text_add_visible(&shown, dara_text_string(&option));
        dara_report_note(report, DARA_NOTE_HINT, "%s goes and one of the same shape comes: did you mean --rename '%s'?",
                         dara_object_kind(change->before)->name, dara_text_string(&shown));
    }
}

void dara_renames_hint(struct dara_report *report, const struct dara_diff *diff, const struct dara_renames *renames,
                       const struct dara_model *before)
{
    hint_level(report, &(struct level){renames, before, dara_diff_count(diff), change_at, diff});
    for (size_t i = 0; i < dara_diff_count(diff); i++) {
        const struct dara_change *change = dara_diff_at(diff, i);
        if (change->part_count)
            hint_level(report, &(struct level){renames, before, change->part_count, part_at, change});
    }
}
