/* SPDX-License-Identifier: MIT */
#include "service/status.h"

#include <string.h>

#include "base/file.h"
#include "service/journal.h"
#include "service/run.h"
#include "service/target.h"

const char *dara_status_name(enum dara_status_state state)
{
    static const char *const names[] = {"applied",      "pending",     "edited",     "missing",
                                        "out of order", "rolled back", "interrupted"};
    return (size_t)state < DARA_COUNT(names) ? names[state] : "unknown";
}

enum dara_status_state dara_status_of(const struct dara_history_entry *entry, const struct dara_migration *migration,
                                      const char *highest)
{
    if (dara_history_is_applied(entry)) {
        if (!migration)
            return DARA_STATUS_MISSING;
        bool same = !entry->checksum || !*entry->checksum || !strcmp(entry->checksum, migration->checksum);
        return same ? DARA_STATUS_APPLIED : DARA_STATUS_EDITED;
    }
    if (migration && strcmp(migration->version, highest) < 0)
        return DARA_STATUS_OUT_OF_ORDER;
    return entry ? DARA_STATUS_ROLLED_BACK : DARA_STATUS_PENDING;
}

/* ---- the table: files and history merged by version ---------------------------------------------------------------- */

struct line {
    const char *version;
    const struct dara_history_entry *entry;
    const struct dara_migration *migration;
};

static int by_version(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    int order = strcmp(a->version, b->version);
    return order ? order : (a->migration != NULL) - (b->migration != NULL);
}

/* Lines of history and of files side by side after sorting, then joined. Returns their number. */
static size_t merge(const struct dara_migrations *migrations, const struct dara_history_list *history,
                    struct line **ret_lines)
{
    struct line *lines = dara_alloc((migrations->count + history->count + 1) * sizeof(*lines));
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < history->count; i++)
        if (!strcmp(history->entries[i].kind, "migration"))
            lines[count++] = (struct line){history->entries[i].version, &history->entries[i], NULL};
    for (size_t i = 0; i < migrations->count; i++)
        lines[count++] = (struct line){migrations->items[i].version, NULL, &migrations->items[i]};
    qsort(lines, count, sizeof(*lines), by_version);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && !strcmp(lines[kept - 1].version, lines[i].version)) {
            lines[kept - 1].migration = lines[i].migration;
            continue;
        }
        lines[kept++] = lines[i];
    }
    *ret_lines = lines;
    return kept;
}

static void add_columns(struct dara_table *table)
{
    dara_table_column(table, "version", "version", DARA_CELL_TEXT);
    dara_table_column(table, "name", "name", DARA_CELL_TEXT);
    dara_table_column(table, "state", "state", DARA_CELL_STATUS);
    dara_table_column(table, "applied_at", "applied at", DARA_CELL_TEXT);
    dara_table_column(table, "applied_by", "by", DARA_CELL_TEXT);
}

static void add_line(struct dara_table *table, const struct line *line, enum dara_status_state state)
{
    bool applied = dara_history_is_applied(line->entry);
    dara_table_row(table);
    dara_table_text(table, line->version);
    dara_table_text(table, line->migration ? line->migration->name : line->entry->name);
    dara_table_text(table, dara_status_name(state));
    dara_table_text(table, applied ? line->entry->applied_at : NULL);
    dara_table_text(table, applied ? line->entry->applied_by : NULL);
}

static const char *highest_of(const struct line *lines, size_t count)
{
    const char *highest = "";
    for (size_t i = 0; i < count; i++)
        if (dara_history_is_applied(lines[i].entry))
            highest = lines[i].version;
    return highest;
}

static void show_baseline(struct dara_report *report, const struct dara_history_list *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (!strcmp(history->entries[i].kind, "baseline")) {
            dara_report_format(report, "baseline", "baseline", "%s, taken %s", history->entries[i].version,
                               history->entries[i].applied_at ? history->entries[i].applied_at : "at an unknown time");
            return;
        }
    dara_report_text(report, "baseline", NULL, NULL);
}

/* Returns whether something is wrong that a run does not mend. */
static bool show_migrations(struct dara_report *report, const struct dara_migrations *migrations,
                            const struct dara_history_list *history, const char *interrupted)
{
    static const char *const names[] = {"applied",      "pending",     "edited",     "missing",
                                        "out_of_order", "rolled_back", "interrupted"};
    int64_t counts[DARA_COUNT(names)] = {0};
    DARA_FREE struct line *lines = NULL;
    size_t count = merge(migrations, history, &lines);
    const char *highest = highest_of(lines, count);
    struct dara_table *table = dara_report_table(report, "migrations", NULL, "no migrations");
    add_columns(table);
    for (size_t i = 0; i < count; i++) {
        enum dara_status_state state = dara_status_of(lines[i].entry, lines[i].migration, highest);
        if (interrupted && !strcmp(lines[i].version, interrupted))
            state = DARA_STATUS_INTERRUPTED;
        /* A rolled back version whose file is gone is history, nothing to do. */
        if (state == DARA_STATUS_ROLLED_BACK && !lines[i].migration)
            continue;
        counts[state]++;
        add_line(table, &lines[i], state);
    }
    show_baseline(report, history);
    dara_report_section(report, "counts", NULL);
    for (size_t i = 0; i < DARA_COUNT(names); i++)
        dara_report_int(report, names[i], i < 2 || counts[i] ? dara_status_name((enum dara_status_state)i) : NULL,
                        counts[i]);
    dara_report_end(report);
    return counts[DARA_STATUS_EDITED] || counts[DARA_STATUS_MISSING];
}

static void show_error(struct dara_report *report, const struct dara_interrupted *interrupted)
{
    const struct dara_journal_entry *failed = NULL;
    for (size_t i = 0; i < interrupted->count; i++)
        if (!strcmp(interrupted->statements[i].state, "failed"))
            failed = &interrupted->statements[i];
    if (failed)
        dara_report_format(report, "error", "error", "statement %u: %s", failed->statement,
                           failed->error ? failed->error : "failed");
}

static const char *hint_of(const struct dara_interrupted *interrupted)
{
    return dara_interrupted_is_rollback(interrupted)
               ? "unless that process is still at work, 'dara rollback --resume' goes on, 'dara rollback --abandon' "
                 "goes "
                 "back to the schema before it"
               : "unless that process is still at work, 'dara apply-migration --resume' goes on, 'dara apply-migration "
                 "--abandon' goes back";
}

/* The run that is open in the journal: who, how far, and what to do. */
static void show_interrupted(struct dara_report *report, const struct dara_interrupted *interrupted,
                             const char *version)
{
    size_t done, total;
    if (!interrupted->run)
        return;
    bool rollback = dara_interrupted_is_rollback(interrupted);
    dara_interrupted_count(interrupted, rollback ? interrupted->run->version : version, &done, &total);
    dara_report_section(report, "interrupted", "Interrupted");
    dara_report_text(report, "version", rollback ? NULL : "migration", version);
    if (rollback)
        dara_report_text(report, "rollback", "rollback to", interrupted->run->version);
    dara_report_int(report, "done", NULL, (int64_t)done);
    dara_report_int(report, "total", NULL, (int64_t)total);
    dara_report_bool(report, "going_back", rollback && interrupted->going_back ? "being abandoned" : NULL,
                     interrupted->going_back);
    if (total)
        dara_report_format(report, NULL, "statements done", "%zu of %zu", done, total);
    dara_report_text(report, "started_at", "since", interrupted->run->started_at);
    dara_report_text(report, "owner", "by", interrupted->run->owner);
    show_error(report, interrupted);
    dara_report_note(report, DARA_NOTE_HINT, "%s", hint_of(interrupted));
    dara_report_end(report);
}

/* Why there is nothing to compare with. */
static void say_unknown(const struct dara_history_list *history, struct dara_report *report)
{
    for (size_t i = history->count; i-- > 0;) {
        const struct dara_history_entry *entry = &history->entries[i];
        if (!dara_history_is_applied(entry) || (entry->applied_at && strcmp(entry->kind, "migration") != 0))
            continue;
        dara_report_note(report, DARA_NOTE_INFO,
                         entry->applied_at
                             ? "the schema that '%s' left is not recorded, and cannot be compared with"
                             : "another tool applied '%s' since: what it left is not recorded, and cannot be "
                               "compared with",
                         entry->version);
        return;
    }
    dara_report_note(report, DARA_NOTE_INFO, "nothing is recorded yet that the schema could be compared with");
}

static int show_drift(struct dara_context *context, struct dara_session *session,
                      const struct dara_history_list *history, struct dara_report *report, bool *ret_drifted)
{
    DARA_MODEL_LOCAL live = NULL;
    const struct dara_history_entry *entry;
    int r;
    if ((r = dara_target_look(session, &live)) < 0)
        return r;
    *ret_drifted = dara_run_drifted(history, live, &entry);
    if (entry && !*ret_drifted && context->scope &&
        (r = dara_run_drifted_asked(context, entry, live, report, ret_drifted)) < 0)
        return r;
    dara_report_bool(report, "drifted", NULL, *ret_drifted);
    if (!entry)
        say_unknown(history, report);
    else if (!*ret_drifted)
        dara_report_note(report, DARA_NOTE_OK, "no drift: the schema is what was left on %s", entry->applied_at);
    else {
        r = dara_run_show_drift(context, entry, live, report);
        dara_report_note(report, DARA_NOTE_ERROR, "drift: the schema is not what was left on %s", entry->applied_at);
    }
    return r;
}

static int read_files(struct dara_context *context, const char *path, struct dara_migrations **ret_migrations)
{
    const struct dara_driver *driver;
    DARA_FREE char *own = NULL;
    int r = dara_context_driver(context, &driver);
    if (r < 0)
        return r;
    if (!path) {
        if ((r = dara_context_project(context)) < 0)
            return r;
        path = own = dara_project_path(context->project, "migrations");
    }
    return dara_migrations_read(driver, path, ret_migrations);
}

int dara_status(struct dara_context *context, const char *path, bool drift, struct dara_report *report)
{
    DARA_MIGRATIONS_LOCAL migrations = NULL;
    DARA_SESSION_LOCAL session = NULL;
    DARA_HISTORY_LOCAL history = NULL;
    DARA_INTERRUPTED_LOCAL interrupted = {.list = NULL};
    bool drifted = false;
    int r;
    if ((r = read_files(context, path, &migrations)) < 0 ||
        (r = dara_context_open(context, DARA_MODE_READ, &session)) < 0 ||
        (r = dara_session_require(session, "apply", "keep a history of migrations")) < 0 ||
        (r = dara_session_history_list(session, &history)) < 0 ||
        (r = dara_interrupted_find(session, false, &interrupted)) < 0)
        return r;
    const char *version = dara_interrupted_version(&interrupted, history);
    dara_report_text(report, "url", "database", context->url->redacted);
    bool wrong = show_migrations(report, migrations, history, version);
    show_interrupted(report, &interrupted, version);
    if (drift && (r = show_drift(context, session, history, report, &drifted)) < 0)
        return r;
    return wrong || drifted || interrupted.run ? DARA_EDIFFERENT : 0;
}
