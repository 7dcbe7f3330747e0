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

/* ---- written anew --------------------------------------------------------------------------------------------------- */

/* How the statement makes the engine write all rows of an object again, as its text tells it; NULL where it does not. */
static const char *rewrites(const struct dara_run *run, const struct dara_statement_facts *facts,
                            const struct dara_fact_object *object)
{
    if (object->owner)
        return NULL;
    if (object->role == DARA_ROLE_CHANGES && facts->flags & DARA_STATEMENT_REWRITES && !run->observed)
        return "the engine writes its rows again";
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
    dara_table_text(table, "the engine wrote it again");
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

static void show_rewritten(const struct dara_run *run)
{
    struct dara_table *table = begin_table(run, "rewritten", "Rewritten");
    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "how", "how", DARA_CELL_TEXT);
    if (run->observed)
        dara_table_column(table, "size_bytes", "size", DARA_CELL_BYTES);
    each(run, DARA_SIGHT_REWRITTEN, table, show_seen);
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
    if (run->observed) {
        show_locks(run);
        show_sessions(run);
    }
    show_rewritten(run);
    show_lasting(run);
}
