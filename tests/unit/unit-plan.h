/* SPDX-License-Identifier: MIT */
/* For the tests of plans, of whatever driver: their text, and what is still to do when two models should be equal. */
#ifndef DARA_TESTS_UNIT_PLAN_H
#define DARA_TESTS_UNIT_PLAN_H

#include "unit.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "driver/session.h"
#include "model/model.h"

/* "[DRFN] text" of every step, a line each; free(). */
DARA_UNUSED static char *plan_text(const struct dara_plan *plan)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        const struct dara_planned *step = dara_plan_at(plan, i);
        dara_text_format(&text, "[%s%s%s] %s\n", step->flags & DARA_STEP_DESTROYS ? "D" : "",
                         step->flags & DARA_STEP_REWRITES ? "R" : "", step->flags & DARA_STEP_MAY_FAIL ? "F" : "",
                         step->text);
    }
    return dara_text_steal(&text);
}

DARA_UNUSED static void tell_properties(struct dara_text *why, const struct dara_change *change)
{
    for (size_t p = 0; p < change->property_count; p++)
        dara_text_format(why, " %s: %s -> %s", change->properties[p]->name, change->properties[p]->before,
                         change->properties[p]->after);
}

/* Whether the models are equal; what differs is appended to `why`. */
DARA_UNUSED static bool same_model(const struct dara_model *here, const struct dara_model *there, struct dara_text *why)
{
    DARA_DIFF_LOCAL rest = NULL;
    assert_int_equal(dara_diff_new(here, there, &rest), 0);
    for (size_t i = 0; i < dara_diff_count(rest); i++) {
        const struct dara_change *change = dara_diff_at(rest, i);
        DARA_FREE char *what = dara_object_describe(change->after ? change->after : change->before);
        dara_text_format(why, "%s still differs (op %d)", what, change->op);
        tell_properties(why, change);
        for (size_t p = 0; p < change->part_count; p++) {
            const struct dara_change *part = change->parts[p];
            dara_text_format(why, " part %s op %d", dara_object_name(part->after ? part->after : part->before),
                             part->op);
            tell_properties(why, part);
        }
        dara_text_add(why, "\n");
    }
    return dara_diff_count(rest) == 0;
}

#endif
