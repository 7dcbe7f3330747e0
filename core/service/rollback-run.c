/* SPDX-License-Identifier: MIT */
#include "service/rollback-run.h"

#include <string.h>

#include "base/clock.h"
#include "service/compare.h"
#include "service/restore.h"

bool dara_rollback_is_journaled(const struct dara_session *session)
{
    return !dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL) && dara_session_has_journal(session);
}

/* ---- what there is to do ------------------------------------------------------------------------------------------ */

static struct dara_rollback_item *add(struct dara_rollback_run *run, const char *kind, const char *name,
                                      const char *text)
{
    DARA_GROW(run->items, run->count, run->room);
    struct dara_rollback_item *item = &run->items[run->count++];
    *item = (struct dara_rollback_item){.kind = kind, .name = name, .text = text};
    return item;
}

static const char *describe(struct dara_rollback_run *run, const struct dara_object *object)
{
    DARA_FREE char *words = dara_object_describe(object);
    return dara_arena_strdup(run->arena, words);
}

static void add_renames(struct dara_rollback_run *run, const struct dara_renames *renames)
{
    size_t step = 0;
    for (size_t i = 0; renames && i < renames->move_count; i++)
        for (size_t end = step + renames->moves[i].steps; step < end; step++)
            add(run, "rename", renames->moves[i].option, dara_plan_at(renames->plan, step)->text);
}

/* What fills an object that is made begins, in the journal, with the making: so a run that is killed between the two leaves word of it. */
static void add_rows(struct dara_rollback_run *run, const struct dara_object *object)
{
    const struct dara_snapshot_rows *rows = object && run->snapshot ? dara_restore_find(run->snapshot, object) : NULL;
    if (!rows)
        return;
    const struct dara_change *change = run->count ? run->items[run->count - 1].step->change : NULL;
    size_t first = run->count;
    while (first > 0 && run->items[first - 1].step && run->items[first - 1].step->change == change)
        first--;
    run->items[first].rows_item = run->count;
    struct dara_rollback_item *item = add(run, "rows", describe(run, object), run->snapshot->id);
    item->object = object;
    item->rows = rows;
}

static void add_stage(struct dara_rollback_run *run, const struct dara_plan *plan, const char *kind)
{
    for (size_t i = 0; i < dara_plan_count(plan); i++) {
        const struct dara_planned *step = dara_plan_at(plan, i);
        const struct dara_change *change = step->change;
        const char *name = change ? describe(run, change->after ? change->after : change->before) : "";
        add(run, kind, name, step->text)->step = step;
        add_rows(run, dara_rollback_made_at(plan, i));
    }
}

static void add_pending(struct dara_rollback_run *run)
{
    for (size_t i = 0; i < run->pending_count; i++) {
        const struct dara_snapshot_rows *rows = dara_restore_find(run->snapshot, run->pending[i]);
        struct dara_rollback_item *item = add(run, "rows", describe(run, run->pending[i]), run->snapshot->id);
        item->object = run->pending[i];
        item->rows = rows;
    }
}

static void add_file(struct dara_rollback_run *run)
{
    for (size_t i = run->first; i < run->file->script->count; i++)
        add(run, "file", run->file->facts[i]->kind, run->file->script->statements[i].text)->facts = run->file->facts[i];
    run->failed = run->count;
}

static void add_all(struct dara_rollback_run *run)
{
    const struct dara_rollback_way *way = run->way;
    run->arena = dara_arena_new();
    if (run->file) {
        add_file(run);
        return;
    }
    add_pending(run);
    add_renames(run, way->renames);
    for (size_t i = 0; i < way->stage_count; i++)
        add_stage(run, way->stages[i].plan, i + 1 < way->stage_count ? "rebuild" : "rollback");
    run->failed = run->count;
}

void dara_rollback_run_done(struct dara_rollback_run *run)
{
    dara_journal_done_with(&run->journal);
    dara_attempts_done(&run->attempts);
    if (run->arena)
        dara_arena_free(run->arena);
    free(run->pending);
    free(run->items);
    run->arena = NULL;
    run->pending = NULL;
    run->items = NULL;
}

/* ---- one step ----------------------------------------------------------------------------------------------------- */

static struct dara_journal_statement statement_of(const struct dara_rollback_run *run, size_t index)
{
    const struct dara_rollback_item *item = &run->items[index];
    return (struct dara_journal_statement){.kind = item->kind,
                                           .version = run->aim->snapshot,
                                           .name = item->name,
                                           .text = item->text,
                                           .length = strlen(item->text),
                                           .statement = (unsigned)(run->first + index) + 1,
                                           .total = (unsigned)(run->done_before + run->count),
                                           .cut = item->facts && dara_facts_only_rows(item->facts)};
}

static void starts(struct dara_rollback_run *run, size_t index)
{
    const struct dara_journal_statement statement = statement_of(run, index);
    dara_journal_add_start(&run->journal, &statement);
}

static void ends(struct dara_rollback_run *run, size_t index, const char *started_at, int64_t since_us, uint64_t rows,
                 bool text)
{
    const struct dara_journal_statement statement = statement_of(run, index);
    dara_journal_add_end(&run->journal, &statement,
                         &(struct dara_journal_outcome){.started_at = started_at,
                                                        .rows = rows,
                                                        .duration_us = dara_clock_monotonic_us() - since_us},
                         text);
}

/* Whether a statement that did not get its locks may run again. A plan has none that write rows. */
static bool did_nothing(struct dara_rollback_run *run, const struct dara_rollback_item *item)
{
    unsigned flags = item->facts ? item->facts->flags : DARA_STATEMENT_SCHEMA;
    return (flags & DARA_STATEMENT_SCHEMA) && !(flags & (DARA_STATEMENT_DATA | DARA_STATEMENT_UNREAD)) &&
           dara_attempts_did_nothing(run->session, item->text, strlen(item->text));
}

static int run_patiently(struct dara_rollback_run *run, const struct dara_rollback_item *item)
{
    int code;
    dara_attempts_begin(&run->attempts, run->context);
    while ((code = dara_attempts_execute(&run->attempts, run->session, item->text, strlen(item->text), NULL)) < 0)
        if (!dara_attempts_worth(run->session, code) || !did_nothing(run, item) ||
            !dara_attempts_again(&run->attempts, run->session, "", code))
            return code;
    dara_attempts_show(&run->attempts, run->report);
    return 0;
}

static int run_statement(struct dara_rollback_run *run, size_t index)
{
    char at[21];
    const struct dara_rollback_item *item = &run->items[index];
    dara_clock_iso(dara_clock_now(), at);
    starts(run, index);
    if (item->rows_item)
        starts(run, item->rows_item);
    int code = dara_journal_flush(&run->journal);
    if (code < 0)
        return code;
    int64_t since_us = dara_clock_monotonic_us();
    code = run_patiently(run, item);
    if (code == 0)
        ends(run, index, at, since_us, 0, false);
    return code;
}

static int try_writes(struct dara_rollback_run *run, size_t index)
{
    char at[21];
    struct dara_rollback_item *item = &run->items[index];
    int64_t since_us = dara_clock_monotonic_us();
    dara_clock_iso(dara_clock_now(), at);
    int code = dara_session_begin(run->session, DARA_BEGIN_DATA);
    if (code == 0)
        code = dara_attempts_execute(&run->attempts, run->session, item->text, strlen(item->text), &item->affected);
    if (code < 0)
        return code;
    ends(run, index, at, since_us, item->affected, true);
    code = dara_journal_flush(&run->journal);
    if (code == 0)
        code = dara_session_commit(run->session);
    if (code < 0)
        dara_journal_drop(&run->journal);
    return code;
}

/* Rows that a file writes: in a transaction with their record, so that they are never in doubt. */
static int run_writes(struct dara_rollback_run *run, size_t index)
{
    int code = dara_journal_flush(&run->journal);
    bool lasts = run->items[index].facts && dara_facts_last(run->items[index].facts);
    dara_attempts_begin(&run->attempts, run->context);
    if (code < 0)
        return code;
    while ((code = try_writes(run, index)) < 0)
        if (lasts || !dara_attempts_worth(run->session, code) || !dara_attempts_roll_back(run->session) ||
            !dara_attempts_again(&run->attempts, run->session, "", code))
            return code;
    dara_attempts_show(&run->attempts, run->report);
    return code;
}

struct filled {
    struct dara_rollback_run *run;
    size_t index;
    char at[21];
    int64_t since_us;
};

/* The last of the transaction that the rows are in. */
static int record_rows(void *context)
{
    struct filled *filled = context;
    struct dara_rollback_run *run = filled->run;
    ends(run, filled->index, filled->at, filled->since_us, run->items[filled->index].rows->rows, false);
    return dara_journal_flush(&run->journal);
}

static int check_empty(struct dara_rollback_run *run, const struct dara_object *object)
{
    uint64_t rows = 0;
    int code = dara_session_count_rows(run->session, object, &rows);
    if (code < 0 || rows == 0 || !run->resumed)
        return code;
    DARA_FREE char *name = dara_object_describe(object);
    code = dara_error_set(DARA_EPARTIAL, "%s was to get its rows back, and has %llu already", name,
                          (unsigned long long)rows);
    dara_error_hint("somebody wrote them, or its engine knows no transactions: save and delete them, then go on");
    return code;
}

static int run_rows(struct dara_rollback_run *run, size_t index)
{
    const struct dara_rollback_item *item = &run->items[index];
    struct filled filled = {.run = run, .index = index, .since_us = dara_clock_monotonic_us()};
    dara_clock_iso(dara_clock_now(), filled.at);
    starts(run, index);
    int code = dara_journal_flush(&run->journal);
    if (code == 0)
        code = check_empty(run, item->object);
    if (code == 0)
        code = dara_restore_rows_apart(run->session, run->snapshot, item->rows, record_rows, &filled);
    if (code == 0)
        run->restored += item->rows->rows;
    else
        dara_journal_drop(&run->journal);
    return code;
}

static int run_item(struct dara_rollback_run *run, size_t index)
{
    const struct dara_rollback_item *item = &run->items[index];
    if (item->rows)
        return run_rows(run, index);
    return item->facts && dara_facts_only_rows(item->facts) ? run_writes(run, index) : run_statement(run, index);
}

static int run_items(struct dara_rollback_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        run->failed = i;
        int code = run_item(run, i);
        if (code < 0)
            return code;
        run->done = i + 1;
    }
    run->failed = run->count;
    return 0;
}

/* ---- the end ------------------------------------------------------------------------------------------------------ */

static int check_result(struct dara_rollback_run *run, const struct dara_model *after)
{
    DARA_DIFF_LOCAL diff = NULL;
    int code = dara_diff_new_of(after, run->target, run->aim->scope, &diff);
    if (code < 0 || dara_diff_count(diff) == 0)
        return code;
    DARA_TEXT_LOCAL words = DARA_TEXT_INIT;
    dara_compare_words(diff, &words);
    code = dara_error_set(DARA_ESTATEMENT, "the result does not equal the target");
    dara_error_detail("still to do: %s", dara_text_string(&words));
    return code;
}

/* History and journal together: the run is over, or it is not. */
static int finish(struct dara_rollback_run *run, struct dara_model **ret_after)
{
    DARA_MODEL_LOCAL after = NULL;
    char fingerprint[65];
    int code = dara_journal_flush(&run->journal);
    if (code == 0)
        code = dara_session_reset(run->session);
    if (code == 0)
        code = dara_session_begin(run->session, DARA_BEGIN_DATA);
    if (code == 0)
        code = dara_session_read(run->session, &after);
    if (code == 0)
        code = check_result(run, after);
    if (code < 0)
        return code;
    dara_model_fingerprint(after, fingerprint);
    code = dara_rollback_marks_record(run->session, run->marks, fingerprint);
    if (code == 0)
        code = dara_session_journal_forget(run->session, run->journal.id);
    if (code == 0)
        code = dara_session_commit(run->session);
    if (code < 0)
        return code;
    *ret_after = after;
    after = NULL;
    return 0;
}

int dara_rollback_run_journaled(struct dara_rollback_run *run, struct dara_model **ret_after)
{
    add_all(run);
    int code = run_items(run);
    if (code == 0)
        code = finish(run, ret_after);
    return code < 0 ? dara_rollback_stop(run) : 0;
}
