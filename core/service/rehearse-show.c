/* SPDX-License-Identifier: MIT */
/* What a rehearsal does to others: locks, whom they stop, what was written anew, what no rollback takes back. */
#include <string.h>

#include "base/file.h"
#include "service/run.h"
#include "service/show.h"
#include "service/stake.h"

/* ---- rows ------------------------------------------------------------------------------------------------------- */

static void begin_row(struct dara_table *table, const struct dara_ran *ran)
{
    dara_table_row(table);
    dara_table_text(table, dara_file_base(ran->migration->path));
    dara_table_int(table, ran->migration->script->statements[ran->statement].line);
}

static struct dara_table *begin_table(const struct dara_run *run, const char *json, const char *heading)
{
    struct dara_table *table = dara_report_table(run->report, json, heading, NULL);
    dara_table_column(table, "file", "file", DARA_CELL_TEXT);
    dara_table_column(table, "line", "line", DARA_CELL_INT);
    return table;
}

static void add_object(struct dara_table *table, const struct dara_sighting *sighting)
{
    DARA_FREE char *name = sighting->space ? dara_format("%s.%s", sighting->space, sighting->key) : NULL;
    dara_table_text(table, name ? name : sighting->key);
}

/* Call `show` for each sighting of one sort; the statement that it belongs to is one that ran. */
static void each(const struct dara_run *run, enum dara_sight what, struct dara_table *table,
                 void (*show)(struct dara_table *table, const struct dara_ran *ran,
                              const struct dara_sighting *sighting))
{
    for (size_t i = 0; run->observed && i < dara_observed_count(run->observed); i++) {
        const struct dara_sighting *sighting = dara_observed_at(run->observed, i);
        if (sighting->what == what && sighting->statement < run->ran_count)
            show(table, &run->ran[sighting->statement], sighting);
    }
}

/* ---- locks, sessions ---------------------------------------------------------------------------------------------- */

static void show_lock(struct dara_table *table, const struct dara_ran *ran, const struct dara_sighting *sighting)
{
    begin_row(table, ran);
    add_object(table, sighting);
    dara_table_text(table, sighting->mode);
    dara_table_text(table, sighting->effect);
}

static void show_locks(const struct dara_run *run)
{
    struct dara_table *table = begin_table(run, "locks", "Locks");
    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "mode", "lock", DARA_CELL_TEXT);
    dara_table_column(table, "effect", "until the end of the transaction", DARA_CELL_TEXT);
    each(run, DARA_SIGHT_LOCK, table, show_lock);
}

static void show_session(struct dara_table *table, const struct dara_ran *ran, const struct dara_sighting *sighting)
{
    const struct dara_other *other = &sighting->other;
    begin_row(table, ran);
    add_object(table, sighting);
    dara_table_text(table, other->id);
    dara_table_text(table, other->user);
    dara_table_text(table, other->application);
    dara_table_text(table, other->state);
    dara_table_text(table, other->since);
    dara_table_text(table, other->mode);
    dara_table_bool(table, sighting->waits);
}

static void show_sessions(const struct dara_run *run)
{
    struct dara_table *table = begin_table(run, "stopped", "Sessions that would wait");
    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "session", "session", DARA_CELL_TEXT);
    dara_table_column(table, "user", "user", DARA_CELL_TEXT);
    dara_table_column(table, "application", "application", DARA_CELL_TEXT);
    dara_table_column(table, "state", "state", DARA_CELL_TEXT);
    dara_table_column(table, "since", "in a transaction since", DARA_CELL_TEXT);
    dara_table_column(table, "mode", "its lock", DARA_CELL_TEXT);
    dara_table_column(table, "waited", "waited for dara", DARA_CELL_BOOL);
    each(run, DARA_SIGHT_STOPPED, table, show_session);
}

/* ---- ways, on a copy --------------------------------------------------------------------------------------------------- */

/* What a table of this size takes, at some 20 MB written or 100 MB read in a second, which is little: what is short ends before people
 * and programs that wait give up. */
#define SHORT_WRITTEN ((int64_t)64 << 20)
#define SHORT_READ    ((int64_t)256 << 20)

static const char *time_class(enum dara_work work, const struct dara_size *size)
{
    if (work == DARA_WORK_NOTHING)
        return "instant";
    if (work == DARA_WORK_UNKNOWN || !size || size->bytes < 0)
        return NULL;
    return size->bytes <= (work == DARA_WORK_INDEX ? SHORT_READ : SHORT_WRITTEN) ? "short" : "long";
}

static const char *work_words(enum dara_work work)
{
    static const char *const words[] = {"nothing", "index", "table"};
    return (size_t)work < DARA_COUNT(words) ? words[work] : NULL;
}

/* Of an object that is really there: one that the files make themselves holds no rows of anybody. */
static bool is_way(const struct dara_run *run, const struct dara_sighting *sighting)
{
    return sighting->what == DARA_SIGHT_WAY &&
           dara_model_find(run->before, sighting->kind, sighting->space, NULL, sighting->key);
}

static void show_way(struct dara_table *table, const struct dara_run *run, const struct dara_sighting *sighting)
{
    const struct dara_size *size = dara_sizes_find(run->sizes, sighting->kind, sighting->space, sighting->key);
    begin_row(table, &run->ran[sighting->statement]);
    add_object(table, sighting);
    dara_table_text(table, sighting->method);
    dara_table_text(table, sighting->mode);
    dara_table_text(table, sighting->effect);
    dara_table_text(table, work_words(sighting->work));
    if (size && size->rows >= 0)
        dara_table_int(table, size->rows);
    else
        dara_table_text(table, NULL);
    if (size && size->bytes >= 0)
        dara_table_int(table, size->bytes);
    else
        dara_table_text(table, NULL);
    dara_table_text(table, time_class(sighting->work, size));
}

static void show_ways(const struct dara_run *run)
{
    struct dara_table *table = begin_table(run, "ways", "How the engine does it");
    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "method", "algorithm", DARA_CELL_TEXT);
    dara_table_column(table, "lock", "lock", DARA_CELL_TEXT);
    dara_table_column(table, "effect", "meanwhile", DARA_CELL_TEXT);
    dara_table_column(table, "work", "written", DARA_CELL_TEXT);
    dara_table_column(table, "rows", "rows, about", DARA_CELL_INT);
    dara_table_column(table, "size_bytes", "size", DARA_CELL_BYTES);
    dara_table_column(table, "time", "takes", DARA_CELL_TEXT);
    for (size_t i = 0; i < dara_observed_count(run->observed); i++)
        if (is_way(run, dara_observed_at(run->observed, i)))
            show_way(table, run, dara_observed_at(run->observed, i));
}

/* ---- written anew --------------------------------------------------------------------------------------------------- */

static const char rewrites_why[] = "the engine writes its rows again";

/* How the statement makes the engine write all rows of an object again, as its text tells it; NULL where it does not. */
static const char *rewrites(const struct dara_run *run, const struct dara_statement_facts *facts,
                            const struct dara_fact_object *object)
{
    if (object->owner)
        return NULL;
    if (object->role == DARA_ROLE_CHANGES && facts->flags & DARA_STATEMENT_REWRITES && !run->observed)
        return rewrites_why;
    if ((object->role != DARA_ROLE_DROPS && object->role != DARA_ROLE_DROPS_IF_THERE) || !run->after)
        return NULL;
    for (size_t i = 0; i < facts->object_count; i++)
        if (facts->objects[i].role == DARA_ROLE_MAKES)
            return NULL; /* a rename */
    const struct dara_object *before = dara_stake_find(run->before, object);
    return before && dara_model_same(run->after, before) ? "dropped and made again" : NULL;
}

static void show_seen(struct dara_table *table, const struct dara_ran *ran, const struct dara_sighting *sighting)
{
    begin_row(table, ran);
    add_object(table, sighting);
    dara_table_text(table, sighting->what == DARA_SIGHT_WAY ? rewrites_why : "the engine wrote it again");
    if (sighting->bytes >= 0)
        dara_table_int(table, sighting->bytes);
    else
        dara_table_text(table, NULL);
}

static void show_told(const struct dara_run *run, struct dara_table *table, const struct dara_ran *ran)
{
    const struct dara_statement_facts *facts = ran->migration->facts[ran->statement];
    for (size_t k = 0; k < facts->object_count && !ran->skipped && !ran->failed; k++) {
        const char *how = rewrites(run, facts, &facts->objects[k]);
        if (!how)
            continue;
        begin_row(table, ran);
        dara_table_text(table, facts->objects[k].key);
        dara_table_text(table, how);
        if (run->observed)
            dara_table_text(table, NULL);
    }
}

/* On a copy: the way told it, and the size is that of the real one. */
static void show_written(const struct dara_run *run, struct dara_table *table)
{
    for (size_t i = 0; run->observed && i < dara_observed_count(run->observed); i++) {
        const struct dara_sighting *sighting = dara_observed_at(run->observed, i);
        const struct dara_size *size = dara_sizes_find(run->sizes, sighting->kind, sighting->space, sighting->key);
        if (!is_way(run, sighting) || sighting->work != DARA_WORK_TABLE)
            continue;
        struct dara_sighting seen = *sighting;
        seen.bytes = size ? size->bytes : -1;
        show_seen(table, &run->ran[sighting->statement], &seen);
    }
}

static void show_rewritten(const struct dara_run *run)
{
    struct dara_table *table = begin_table(run, "rewritten", "Rewritten");
    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "how", "how", DARA_CELL_TEXT);
    if (run->observed)
        dara_table_column(table, "size_bytes", "size", DARA_CELL_BYTES);
    each(run, DARA_SIGHT_REWRITTEN, table, show_seen);
    show_written(run, table);
    for (size_t i = 0; i < run->ran_count; i++)
        show_told(run, table, &run->ran[i]);
}

/* ---- what lasts ------------------------------------------------------------------------------------------------------ */

static void add_lasting(struct dara_table *table, const struct dara_ran *ran, const char *what)
{
    begin_row(table, ran);
    dara_table_text(table, what);
}

static void show_lasting_seen(struct dara_table *table, const struct dara_ran *ran,
                              const struct dara_sighting *sighting)
{
    add_lasting(table, ran, sighting->text);
}

static void show_lasting(const struct dara_run *run)
{
    struct dara_table *table = begin_table(run, "lasting", "Not taken back by the rollback");
    dara_table_column(table, "what", "what", DARA_CELL_TEXT);
    each(run, DARA_SIGHT_LASTING, table, show_lasting_seen);
    for (size_t i = 0; i < run->ran_count; i++) {
        const struct dara_ran *ran = &run->ran[i];
        const struct dara_statement_facts *facts = ran->migration->facts[ran->statement];
        for (size_t k = 0; k < facts->lasting_count && !ran->skipped; k++)
            if (!facts->lasting[k].numbers || !run->observed) /* which numbers were used up was seen */
                add_lasting(table, ran, facts->lasting[k].what);
    }
}

void dara_rehearse_show(const struct dara_run *run)
{
    if (run->observed && run->copied)
        show_ways(run);
    if (run->observed && !run->copied) {
        show_locks(run);
        show_sessions(run);
    }
    if (!run->beforehand) {
        show_rewritten(run);
        show_lasting(run);
    }
    dara_rehearse_show_search(run);
}
