/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "service/compare.h"
#include "service/rename.h"
#include "service/show.h"
#include "service/target.h"

void dara_compare_comment(const struct dara_driver *driver, struct dara_text *out, const char *words)
{
    const char *begin = DARA_HAS(driver->dialect, comment) ? driver->dialect->comment : "-- ";

    if (*words)
        dara_text_add(out, begin);
    else
        dara_text_add_bytes(out, begin, strcspn(begin, " "));
    dara_text_add_visible(out, words);
    dara_text_add(out, "\n");
}

static const char *flag_words(unsigned flags)
{
    if (flags & DARA_STEP_DESTROYS)
        return "destroys rows or values";
    if (flags & DARA_STEP_NO_TRANSACTION)
        return "cannot run in a transaction";
    if (flags & DARA_STEP_MAY_FAIL)
        return "may fail, depending on the rows there";
    return flags & DARA_STEP_REWRITES ? "writes every row of the table again" : NULL;
}

/* A statement that looks dangerous and is not, because the plan brings the rows over: say so, or the gate of apply-migration
 * would stop at a file that dara wrote. What does destroy is left to the reader's consent. */
static void allow(const struct dara_planned *step, const struct dara_driver *driver, struct dara_text *out)
{
    const struct dara_statement statement = {.text = step->text, .length = strlen(step->text), .line = 1};
    DARA_FACTS_LOCAL facts = NULL;

    if (step->flags & DARA_STEP_DESTROYS)
        return;
    if (dara_dialect_classify(driver, &statement, &facts) < 0) {
        dara_error_clear(); /* no facts, nothing to allow */
        return;
    }
    for (size_t i = 0; i < facts->hazard_count; i++) {
        if (!facts->hazards[i].destroys)
            continue;
        DARA_FREE char *line =
            dara_format("dara:allow %s part of a rebuild that keeps the rows", facts->hazards[i].rule);
        dara_compare_comment(driver, out, line);
    }
}

int dara_compare_script(const struct dara_plan *plan, const struct dara_driver *driver, struct dara_text *out)
{
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        const struct dara_planned *step = dara_plan_at(plan, i);
        const char *words = flag_words(step->flags);
        if (words) {
            DARA_FREE char *line = dara_format("%s%s%s", words, step->note ? ": " : "", step->note ? step->note : "");
            dara_compare_comment(driver, out, line);
        }
        allow(step, driver, out);
        int code = dara_dialect_write(driver, step->text, out);
        if (code < 0)
            return code;
    }
    return 0;
}

static void add_unrepresented(const struct dara_model *model, const char *side, const struct dara_driver *driver,
                              struct dara_text *out)
{
    for (size_t i = 0; i < dara_model_unrepresented_count(model); i++) {
        const char *family, *name, *why;
        dara_model_unrepresented_at(model, i, &family, &name, &why);
        DARA_FREE char *line = dara_format("not represented %s: %s '%s': %s", side, family, name, why);
        dara_compare_comment(driver, out, line);
    }
}

void dara_compare_gaps(const struct dara_diff *diff, const struct dara_model *before, const struct dara_model *after,
                       const struct dara_driver *driver, struct dara_text *out)
{
    const char *const *families;
    size_t count = dara_diff_unknown(diff, &families);
    for (size_t i = 0; i < count; i++) {
        DARA_FREE char *line = dara_format("not compared: '%s' could not be read on one side", families[i]);
        dara_compare_comment(driver, out, line);
    }
    add_unrepresented(before, "before", driver, out);
    add_unrepresented(after, "after", driver, out);
}

void dara_compare_words(const struct dara_diff *diff, struct dara_text *out)
{
    static const char *const verbs[] = {[DARA_CHANGE_CREATE] = "create",
                                        [DARA_CHANGE_DROP] = "drop",
                                        [DARA_CHANGE_ALTER] = "alter",
                                        [DARA_CHANGE_RECREATE] = "make again"};

    for (size_t i = 0; i < dara_diff_count(diff); i++) {
        const struct dara_change *change = dara_diff_at(diff, i);
        DARA_FREE char *object = dara_object_describe(change->after ? change->after : change->before);
        dara_text_format(out, "%s%s %s", i ? ", " : "", verbs[change->op], object);
    }
}

int dara_compare_runnable(const struct dara_plan *plan, struct dara_report *report)
{
    size_t count = dara_plan_cannot_count(plan);

    if (count == 0)
        return 0;
    struct dara_table *table = dara_report_table(report, "cannot", "What the engine cannot do", NULL);
    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "why", "why", DARA_CELL_TEXT);
    for (size_t i = 0; i < count; i++) {
        const struct dara_cannot *cannot = dara_plan_cannot_at(plan, i);
        const struct dara_change *change = cannot->change;
        DARA_FREE char *object =
            change ? dara_object_describe(change->after ? change->after : change->before) : dara_strdup("the schema");
        dara_table_row(table);
        dara_table_text(table, object);
        dara_table_text(table, cannot->why);
    }
    return dara_plan_runnable(plan);
}

/* One of the two schemas: what it is, and what of it no comparison can see. */
static void show_side(struct dara_report *report, const char *name, const struct dara_target *target, bool sql)
{
    dara_report_section(report, name, NULL);
    dara_report_text(report, "schema", sql ? NULL : name, target->title);
    if (!sql)
        dara_show_unrepresented(report, target->model);
    dara_report_end(report);
}

static int show_sql(const struct dara_driver *driver, struct dara_diff *diff, const struct dara_target *before,
                    const struct dara_target *after, const struct dara_renames *renames, struct dara_report *report)
{
    DARA_PLAN_LOCAL plan = NULL;
    int code = dara_plan_new(driver, diff, &plan);
    if (code < 0)
        return code;
    dara_show_unknown(report, diff);
    code = dara_compare_runnable(plan, report);
    if (code < 0)
        return code;
    DARA_TEXT_LOCAL script = DARA_TEXT_INIT;
    dara_compare_gaps(diff, before->model, after->model, driver, &script);
    if (renames)
        dara_compare_script(renames->plan, driver, &script);
    dara_compare_script(plan, driver, &script);
    dara_report_block(report, "sql", NULL, driver->dialect->extension, dara_text_string(&script));
    return 0;
}

int dara_compare_schemas(struct dara_context *context, const char *before, const char *after, bool sql,
                         struct dara_report *report, bool *ret_different)
{
    const struct dara_driver *driver;
    DARA_TARGET_LOCAL left = NULL;
    DARA_TARGET_LOCAL right = NULL;
    DARA_RENAMES_LOCAL renames = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int code = dara_context_driver(context, &driver);

    if (code == 0)
        code = dara_target_limit(context, (const char *const[]){before, after}, 2);
    if (code == 0)
        code = dara_target_open(context, before, &left);
    if (code == 0)
        code = dara_target_open(context, after, &right);
    if (code == 0)
        code = dara_renames_new(context, left->model, right->model, &renames);
    if (code == 0)
        code = dara_diff_new_of(dara_renames_moved(renames, left->model), right->model, context->scope, &diff);
    if (code < 0)
        return code;

    bool different = dara_diff_count(diff) > 0 || renames;
    show_side(report, "from", left, sql);
    show_side(report, "to", right, sql);
    dara_report_bool(report, "different", NULL, different);
    if (!sql) {
        dara_renames_show(report, renames);
        dara_show_diff(report, "What differs", diff);
    } else {
        code = show_sql(driver, diff, left, right, renames, report);
    }
    if (code < 0)
        return code;
    dara_renames_hint(report, diff, renames, left->model);
    dara_show_beyond(report, diff);
    *ret_different = different;
    return 0;
}
