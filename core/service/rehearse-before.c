/* SPDX-License-Identifier: MIT */
/*
 * apply-migration where the engine cannot take schema changes back: the files are rehearsed on a scratch copy first when they change a table
 * that is large. Of a small one a failure costs little: what was done is taken back, or made again, in seconds.
 */
#include <string.h>

#include "base/error-keep.h"
#include "service/run.h"
#include "service/stake.h"

/* What one statement may change, by its text: the largest of it. One that could not be read may change anything. */
static const struct dara_size *largest_of(const struct dara_run *run, const struct dara_statement_facts *facts)
{
    const struct dara_size *largest = NULL;
    if (facts->flags & DARA_STATEMENT_UNREAD)
        return dara_sizes_largest(run->sizes);
    for (size_t i = 0; facts->flags & DARA_STATEMENT_SCHEMA && i < facts->object_count; i++) {
        const struct dara_fact_object *object = &facts->objects[i];
        const struct dara_size *size =
            object->role == DARA_ROLE_CHANGES ? dara_sizes_find(run->sizes, NULL, object->space, object->key) : NULL;
        if (size && (!largest || size->bytes > largest->bytes))
            largest = size;
    }
    return largest;
}

static const struct dara_size *find_large(const struct dara_run *run, int64_t above)
{
    const struct dara_size *largest = NULL;
    for (size_t i = 0; i < run->pending_count; i++) {
        for (size_t k = 0; k < run->pending[i]->script->count; k++) {
            const struct dara_size *size = largest_of(run, run->pending[i]->facts[k]);
            if (size && size->bytes >= above && (!largest || size->bytes > largest->bytes))
                largest = size;
        }
    }
    return largest;
}

static int64_t limit(const struct dara_run *run)
{
    const struct dara_project *project = run->context->project;
    if (run->options->rehearse_above != DARA_REHEARSE_UNSET)
        return run->options->rehearse_above;
    return project && project->rehearse_above != DARA_REHEARSE_UNSET ? project->rehearse_above : DARA_REHEARSE_DEFAULT;
}

static bool is_wanted(struct dara_run *run, int64_t above, int *code)
{
    const struct dara_driver *driver = dara_session_driver(run->session);
    if (run->options->resume || above == DARA_REHEARSE_NEVER ||
        dara_session_feature(run->session, DARA_FEATURE_TRANSACTIONAL_DDL) || !dara_driver_has_group(driver, "scratch"))
        return false;
    if ((*code = dara_session_sizes(run->session, &run->sizes)) < 0)
        return false;
    const struct dara_size *large = find_large(run, above);
    if (!large && above != DARA_REHEARSE_ALWAYS)
        return false;
    DARA_TEXT_LOCAL why = DARA_TEXT_INIT;
    if (large && large->bytes >= 0) {
        dara_text_add(&why, ": '");
        dara_text_add_visible(&why, large->key);
        dara_text_add(&why, "' has ");
        dara_report_add_size(&why, large->bytes);
    }
    dara_context_say(run->context, "rehearsing on a scratch copy first%s", dara_text_string(&why));
    return true;
}

/* The same files in a run of their own, with a session that only reads. What is lent to it is taken back before it ends. */
static int rehearse(struct dara_run *run)
{
    DARA_FREE int64_t *durations = dara_alloc((run->pending_count + 1) * sizeof(*durations));
    struct dara_run copy = {.context = run->context,
                            .options = run->options,
                            .report = run->report,
                            .pending = run->pending,
                            .pending_count = run->pending_count,
                            .shapes = run->shapes,
                            .durations_us = durations,
                            .beforehand = true};
    int r = dara_context_open(run->context, DARA_MODE_READ, &copy.session);
    r = r < 0 ? r : dara_rehearse_scratch(&copy);
    struct dara_error *kept = r < 0 ? dara_error_keep() : NULL;
    dara_rehearse_show(&copy);
    copy.pending = NULL;
    copy.shapes = NULL;
    copy.durations_us = NULL;
    dara_run_done(&copy);
    return kept ? dara_error_restore(kept) : 0;
}

static int say_way_on(int code)
{
    const struct dara_error *last = dara_error_last();
    DARA_FREE char *hint = last->hint ? dara_strdup(last->hint) : NULL;
    if (code == DARA_EINTERRUPTED)
        return code;
    dara_error_hint("%s%s--rehearse never goes on without the rehearsal", hint ? hint : "", hint ? "; or " : "");
    return code;
}

int dara_rehearse_before(struct dara_run *run)
{
    int r = 0;
    if (!is_wanted(run, limit(run), &r))
        return r;
    r = rehearse(run);
    return r < 0 ? say_way_on(r) : 0;
}
