/* SPDX-License-Identifier: MIT */
/*
 * What a change would fail on is looked for in the real rows while the files are rehearsed on a copy that has none. The driver is shown the
 * difference between the database as it is and the copy behind a statement, and writes what to look for; it runs in a session that only reads.
 */
#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "service/run.h"
#include "service/stake.h"

#define ROWS_MAX   1000  /* counted: more is "at least" */
#define TIMEOUT_MS 10000 /* of each search, where no --statement-timeout says less */

/* ---- whose rows ----------------------------------------------------------------------------------------------------- */

/* Whether the statement may change an object with rows that is really there. */
static bool concerns_rows(const struct dara_run *run, const struct dara_statement_facts *facts)
{
    if (facts->flags & DARA_STATEMENT_UNREAD)
        return true;
    for (size_t i = 0; i < facts->object_count; i++)
        if (dara_stake_find(run->before, &facts->objects[i]))
            return true;
    return false;
}

/* Whether statements of rows that stand before this one name the object: what is there now need not be what it meets. */
static bool is_written_before(const struct dara_run *run, const struct dara_searched *item)
{
    for (size_t i = 0; i < item->statement; i++) {
        const struct dara_statement_facts *facts = run->ran[i].migration->facts[run->ran[i].statement];
        if (facts->flags & DARA_STATEMENT_UNREAD)
            return true;
        for (size_t k = 0; facts->flags & DARA_STATEMENT_DATA && k < facts->object_count; k++)
            if (strcmp(facts->objects[k].key, item->key) == 0)
                return true;
    }
    return false;
}

/* ---- looking -------------------------------------------------------------------------------------------------------- */

static int take_number(void *context, size_t count, const struct dara_value *values)
{
    struct dara_searched *item = context;
    if (count == 1 && values[0].type == DARA_INTEGER && values[0].integer >= 0) {
        item->found = (uint64_t)values[0].integer;
        item->ran = true;
    }
    return 0;
}

/* One that does not come to its end has found nothing out, and stops nobody. */
static int look(struct dara_run *run, size_t at)
{
    struct dara_searched *item = dara_searches_at(run->searches, at);
    const struct dara_reader reader = {.context = item, .row = take_number};
    item->doubtful = is_written_before(run, item);
    if (!item->text)
        return 0;
    dara_context_say(run->context, "looking for %s", item->what);
    int r = dara_session_execute(run->real, item->text, strlen(item->text), &reader, NULL);
    if (r != DARA_ESTATEMENT && r != DARA_ELOCKED)
        return r;
    dara_searches_fail(run->searches, at, dara_error_last()->message);
    dara_error_clear();
    return 0;
}

static int ask_of(struct dara_run *run, const struct dara_diff *diff, const struct dara_change *change)
{
    unsigned timeout_ms = run->context->statement_timeout_ms;
    const struct dara_search_limits limits = {.size = sizeof(limits),
                                              .rows = ROWS_MAX,
                                              .timeout_ms =
                                                  timeout_ms && timeout_ms < TIMEOUT_MS ? timeout_ms : TIMEOUT_MS};
    size_t known = dara_searches_count(run->searches);
    int r = dara_session_search(run->session, diff, change, &limits, run->ran_count - 1, run->searches);
    for (size_t i = known; r == 0 && i < dara_searches_count(run->searches); i++)
        r = look(run, i);
    return r;
}

int dara_rehearse_search(struct dara_run *run, size_t index, size_t statement)
{
    DARA_MODEL_LOCAL after = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    int r;
    if (!dara_session_can_search(run->session) || dara_facts_only_rows(run->pending[index]->facts[statement]) ||
        !concerns_rows(run, run->pending[index]->facts[statement]))
        return 0;
    run->searches = run->searches ? run->searches : dara_searches_new();
    if ((r = dara_session_read(run->session, &after)) < 0 || (r = dara_diff_new(run->before, after, &diff)) < 0)
        return r;
    for (size_t i = 0; r == 0 && i < dara_diff_count(diff); i++) {
        const struct dara_change *change = dara_diff_at(diff, i);
        if (change->op == DARA_CHANGE_ALTER && dara_object_kind(change->before)->flags & DARA_KIND_ROWS)
            r = ask_of(run, diff, change);
    }
    return r;
}

/* ---- what came of it ------------------------------------------------------------------------------------------------- */

static bool would_fail(const struct dara_searched *item)
{
    return item->ran && item->found > 0 && !item->passes && !item->doubtful;
}

static void add_finding(const struct dara_searched *item, struct dara_text *out)
{
    dara_text_add_visible(out, item->what);
    dara_text_add(out, " of '");
    dara_text_add_visible(out, item->key);
    dara_text_format(out, "': %s%" PRIu64, item->found >= ROWS_MAX ? "at least " : "", item->found);
}

int dara_rehearse_judge(const struct dara_run *run)
{
    DARA_TEXT_LOCAL all = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL first = DARA_TEXT_INIT;
    const struct dara_ran *ran = NULL;
    unsigned line = 0;
    for (size_t i = 0; run->searches && i < dara_searches_count(run->searches); i++) {
        const struct dara_searched *item = dara_searches_at(run->searches, i);
        if (!would_fail(item))
            continue;
        const struct dara_ran *at = &run->ran[item->statement];
        unsigned at_line = at->migration->script->statements[at->statement].line;
        dara_text_format(&all, "%s%s:%u: ", all.length ? "\n" : "", dara_file_base(at->migration->path), at_line);
        add_finding(item, &all);
        if (!ran)
            add_finding(item, &first);
        line = ran ? line : at_line;
        ran = ran ? ran : at;
    }
    if (!ran)
        return 0;
    dara_error_set(DARA_ESTATEMENT, "it would fail on the rows that are there: %s", dara_text_string(&first));
    dara_error_detail("%s", dara_text_string(&all));
    dara_error_hint("mend the rows first, in a migration before it or by hand");
    dara_error_at(ran->migration->path, (long)line);
    return DARA_ESTATEMENT;
}

static const char *remark(const struct dara_searched *item)
{
    if (!item->ran)
        return item->why ? item->why : "it gave no number";
    if (item->found && item->doubtful)
        return "statements before it write rows there";
    return item->found && item->passes ? "the engine lets it pass" : NULL;
}

void dara_rehearse_show_search(const struct dara_run *run)
{
    if (!run->searches)
        return;
    struct dara_table *table = dara_report_table(run->report, "searches", "Looked for in the rows", NULL);
    dara_table_column(table, "file", "file", DARA_CELL_TEXT);
    dara_table_column(table, "line", "line", DARA_CELL_INT);
    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "what", "what", DARA_CELL_TEXT);
    dara_table_column(table, "found", "found", DARA_CELL_INT);
    dara_table_column(table, "fails", "fails", DARA_CELL_BOOL);
    dara_table_column(table, "remark", "remark", DARA_CELL_TEXT);
    for (size_t i = 0; i < dara_searches_count(run->searches); i++) {
        const struct dara_searched *item = dara_searches_at(run->searches, i);
        const struct dara_ran *ran = &run->ran[item->statement];
        dara_table_row(table);
        dara_table_text(table, dara_file_base(ran->migration->path));
        dara_table_int(table, ran->migration->script->statements[ran->statement].line);
        dara_table_text(table, item->key);
        dara_table_text(table, item->what);
        if (item->ran)
            dara_table_int(table, (int64_t)item->found);
        else
            dara_table_text(table, NULL);
        dara_table_bool(table, would_fail(item));
        dara_table_text(table, remark(item));
    }
}
