/* SPDX-License-Identifier: MIT */
/*
 * An operator that others name as theirs (COMMUTATOR, NEGATOR) and nobody has made is a shell. It comes with those who name it, and stays when they
 * go: nothing shows it, and yet its schema, and the types that it is for, cannot be dropped.
 */
#include <string.h>

#include "change.h"

/* Whether an operator of the schema after names it: "s.>>> (point, point)" is named as "OPERATOR(s.>>>)". */
static bool is_named(const struct dara_model *after, const char *shell)
{
    struct postgres_writer name = {.text = NULL};
    bool named = false;
    postgres_write_format(&name, "OPERATOR(%.*s)", (int)strcspn(shell, " "), shell);
    for (size_t i = 0; i < dara_model_count(after) && !named; i++) {
        const struct dara_object *object = dara_model_at(after, i);
        const char *definition = postgres_is(object, "operator") ? dara_object_text(object, "definition") : NULL;
        named = definition && strstr(definition, name.text);
    }
    postgres_writer_free(&name);
    return named;
}

/* Whether something goes that a shell may hold. */
static bool is_in_the_way(const struct dara_diff *diff)
{
    for (size_t i = 0; i < dara_diff_count(diff); i++) {
        const struct dara_change *change = dara_diff_at(diff, i);
        bool goes = change->op == DARA_CHANGE_DROP || change->op == DARA_CHANGE_RECREATE;
        if (goes && (postgres_is(change->before, "namespace") || postgres_is(change->before, "type")))
            return true;
    }
    return false;
}

void postgres_plan_shells(struct postgres_planning *planning)
{
    const struct dara_model *before = dara_diff_before(planning->diff), *after = dara_diff_after(planning->diff);
    if (!is_in_the_way(planning->diff))
        return;
    for (size_t i = 0; i < dara_model_count(before); i++) {
        const struct dara_object *space = dara_model_at(before, i);
        const char *const *shells = NULL;
        size_t count = postgres_is(space, "namespace") ? dara_object_list(space, "shells", &shells) : 0;
        for (size_t k = 0; k < count; k++) {
            if (is_named(after, shells[k]))
                continue;
            planning->writer->change = postgres_change_of(planning->diff, space);
            postgres_write_format(planning->writer, "DROP OPERATOR %s", shells[k]);
            postgres_step(planning, 0, NULL);
        }
    }
}
