/* SPDX-License-Identifier: MIT */
/* Names of objects in options. */
#include <string.h>

#include "base/arena.h"
#include "service/rename.h"

#define SPECIAL ".=:\""

static int fail(const char *text, const char *why)
{
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, text);
    dara_error_set(DARA_EUSAGE, "--rename '%s': %s", dara_text_string(&shown), why);
    dara_error_hint("give OLD=NEW: 'users=people', 'app.users.mail=email'; a name with a dot stands in \"quotes\"");
    return DARA_EUSAGE;
}

/* One part: up to the next of . = : or the end; NULL where a quote stays open or it is empty. */
static const char *read_part(struct dara_arena *arena, const char **at)
{
    DARA_TEXT_LOCAL part = DARA_TEXT_INIT;
    bool quoted = **at == '"';
    for (*at += quoted; **at; (*at)++) {
        if (quoted && **at == '"' && (*at)[1] != '"')
            break;
        if (!quoted && strchr(SPECIAL, **at))
            break;
        *at += quoted && **at == '"';
        dara_text_add_bytes(&part, *at, 1);
    }
    if (quoted && *(*at)++ != '"')
        return NULL;
    return part.length ? dara_arena_strdup(arena, dara_text_string(&part)) : NULL;
}

static int read_path(struct dara_arena *arena, const char *text, const char **at, char end, struct dara_path *path)
{
    *path = (struct dara_path){.count = 0};
    for (;;) {
        const char *part = path->count < DARA_COUNT(path->parts) ? read_part(arena, at) : NULL;
        if (!part)
            return fail(text, "a name is empty, has too many parts, or its quotes stay open");
        path->parts[path->count++] = part;
        if (**at == ':' && path->count == 1 && !path->kind) {
            path->kind = part;
            path->count = 0;
        } else if (**at == end) {
            *at += end != '\0';
            return 0;
        } else if (**at != '.') {
            return fail(text, end ? "there is no '='" : "something follows behind the new name");
        }
        (*at)++;
    }
}

int dara_path_split(struct dara_arena *arena, const char *text, struct dara_path *ret_old, struct dara_path *ret_new)
{
    const char *at = text;
    int code = read_path(arena, text, &at, '=', ret_old);
    return code < 0 ? code : read_path(arena, text, &at, '\0', ret_new);
}

/* ---- finding ------------------------------------------------------------------------------------------------------ */

/* From the name outwards: name, owner, owner's owner, namespace. */
bool dara_path_matches(const struct dara_path *path, const struct dara_object *object)
{
    const struct dara_object *at = object;
    const char *space = NULL;
    if (path->kind && strcmp(path->kind, dara_object_kind(object)->name) != 0)
        return false;
    for (size_t i = path->count; i-- > 0;) {
        const char *name = at ? dara_object_name(at) : space;
        if (!name || (strcmp(name, path->parts[i]) != 0 && (!at || strcmp(dara_object_key(at), path->parts[i]) != 0)))
            return false;
        if (!at)
            return i == 0;
        space = dara_object_space(at);
        at = dara_object_owner(at);
    }
    return true;
}

static int fail_many(const char *option, const struct dara_object *one, const struct dara_object *other)
{
    DARA_FREE char *first = dara_object_describe(one), *second = dara_object_describe(other);
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, option);
    dara_error_set(DARA_EUSAGE, "--rename '%s': the old name may be the %s or the %s", dara_text_string(&shown), first,
                   second);
    dara_error_hint("put the namespace or the owner before it ('app.users.mail'), or the kind ('index:users_mail')");
    return DARA_EUSAGE;
}

int dara_path_find(const struct dara_model *model, const struct dara_path *path, const char *option,
                   const struct dara_object **ret_object)
{
    const struct dara_object *found[2] = {NULL, NULL}, *other[2] = {NULL, NULL}; /* by whether they have an owner */
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        size_t owned = dara_object_owner(object) != NULL;
        if (!dara_path_matches(path, object))
            continue;
        other[owned] = found[owned];
        found[owned] = object;
    }
    /* What stands by itself comes before the column of the same name. */
    size_t sort = found[0] ? 0 : 1;
    if (!found[sort])
        return fail(option, "there is nothing of the old name in the schema before");
    if (other[sort])
        return fail_many(option, other[sort], found[sort]);
    *ret_object = found[sort];
    return 0;
}

/* ---- writing ------------------------------------------------------------------------------------------------------ */

static void add_part(const char *part, struct dara_text *out)
{
    if (*part && !strpbrk(part, SPECIAL)) {
        dara_text_add(out, part);
        return;
    }
    dara_text_add(out, "\"");
    for (const char *at = part; *at; at++)
        dara_text_format(out, *at == '"' ? "\"\"" : "%c", *at);
    dara_text_add(out, "\"");
}

void dara_path_add(const struct dara_object *object, struct dara_text *out)
{
    if (dara_object_owner(object)) {
        dara_path_add(dara_object_owner(object), out);
        dara_text_add(out, ".");
    } else if (dara_object_space(object)) {
        add_part(dara_object_space(object), out);
        dara_text_add(out, ".");
    }
    add_part(dara_object_name(object), out);
}

const char *dara_rename_option(struct dara_arena *arena, const struct dara_object *object, const char *space,
                               const struct dara_path *new)
{
    DARA_TEXT_LOCAL option = DARA_TEXT_INIT;
    dara_text_format(&option, "%s:", dara_object_kind(object)->name);
    dara_path_add(object, &option);
    dara_text_add(&option, "=");
    if (!dara_object_owner(object) && space) {
        add_part(space, &option);
        dara_text_add(&option, ".");
    }
    add_part(new->parts[new->count - 1], &option);
    return dara_arena_strdup(arena, dara_text_string(&option));
}
