/* SPDX-License-Identifier: MIT */
/* What a run has to do: files against history. */
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "service/run.h"

void dara_run_done(struct dara_run *run)
{
    dara_journal_done_with(&run->journal);
    dara_session_close(run->session);
    dara_migrations_free(run->migrations);
    dara_history_list_free(run->history);
    free(run->pending);
    free(run->shapes);
    free(run->durations_us);
    dara_model_free(run->before);
    dara_model_free(run->after);
    dara_snapshot_free(run->pre);
    dara_snapshot_free(run->post);
    free(run->ran);
    free(run->who);
    dara_observed_free(run->observed);
    dara_sizes_free(run->sizes);
    dara_searches_free(run->searches);
    dara_attempts_done(&run->attempts);
    dara_rls_gate_free(run->rls_gate);
}

/* One that another tool has applied since stands behind it without a time, and one of a run that was killed between two files without
 * a fingerprint: what that left is not known. Seeds leave the schema as it is. */
const struct dara_history_entry *dara_run_last_state(const struct dara_history_list *history)
{
    for (size_t i = history->count; i-- > 0;) {
        const struct dara_history_entry *entry = &history->entries[i];
        if (!dara_history_is_applied(entry))
            continue;
        if (entry->fingerprint && *entry->fingerprint)
            return entry;
        if (!entry->applied_at || strcmp(entry->kind, "seed") != 0)
            return NULL;
    }
    return NULL;
}

static const char *highest_applied(const struct dara_history_list *history)
{
    const char *highest = "";
    for (size_t i = 0; i < history->count; i++) {
        const struct dara_history_entry *entry = &history->entries[i];
        if (!strcmp(entry->kind, "migration") && dara_history_is_applied(entry) && strcmp(entry->version, highest) > 0)
            highest = entry->version;
    }
    return highest;
}

static int refuse_edited(const struct dara_migration *migration, const struct dara_history_entry *entry)
{
    dara_error_set(DARA_EREFUSED, "the migration was edited after it was applied on %s",
                   entry->applied_at ? entry->applied_at : "an unknown day");
    dara_error_hint("take the edit back and write a new migration, or give --allow edited to leave it as applied");
    dara_error_at(migration->path, 0);
    return DARA_EREFUSED;
}

static int refuse_order(const struct dara_migration *migration, const char *highest)
{
    dara_error_set(DARA_EREFUSED, "version '%s' comes before '%s', which is applied", migration->version, highest);
    dara_error_hint("give the file a newer number, or --out-of-order to apply it all the same");
    dara_error_at(migration->path, 0);
    return DARA_EREFUSED;
}

static int compare_entries(const void *left, const void *right)
{
    const struct dara_history_entry *a = *(const struct dara_history_entry *const *)left,
                                    *b = *(const struct dara_history_entry *const *)right;
    return strcmp(a->version, b->version);
}

/* The migration entries sorted by version, so that looking one up does not cost a walk. */
static const struct dara_history_entry **sort_entries(const struct dara_history_list *history, size_t *ret_count)
{
    const struct dara_history_entry **sorted = dara_alloc((history->count + 1) * sizeof(*sorted));
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++)
        if (!strcmp(history->entries[i].kind, "migration"))
            sorted[count++] = &history->entries[i];
    qsort(sorted, count, sizeof(*sorted), compare_entries);
    *ret_count = count;
    return sorted;
}

static const struct dara_history_entry *look_up(const struct dara_history_entry **sorted, size_t count,
                                                const char *version)
{
    struct dara_history_entry key = {.version = version};
    const struct dara_history_entry *wanted = &key;
    const struct dara_history_entry **found = bsearch(&wanted, sorted, count, sizeof(*sorted), compare_entries);
    return found ? *found : NULL;
}

static int take(struct dara_run *run, const struct dara_migration *migration)
{
    enum dara_gate_journal journal = DARA_GATE_NO_JOURNAL;
    if (dara_session_has_journal(run->session))
        journal = dara_session_feature(run->session, DARA_FEATURE_TRANSACTIONAL_DDL) ? DARA_GATE_JOURNAL
                                                                                     : DARA_GATE_ALL_JOURNALED;
    int r = dara_gate_shape(migration, journal, &run->shapes[run->pending_count]);
    if (r == 0)
        run->pending[run->pending_count++] = migration;
    return r;
}

/* What of the migrations has to run, by the history. DARA_EREFUSED: edited since, out of order. */
static int find_pending(struct dara_run *run)
{
    const char *highest = highest_applied(run->history);
    size_t room = run->migrations->count + 1, entry_count;
    run->pending = dara_realloc_array(run->pending, room, sizeof(*run->pending));
    run->shapes = dara_realloc_array(run->shapes, room, sizeof(*run->shapes));
    run->durations_us = dara_realloc_array(run->durations_us, room, sizeof(*run->durations_us));
    memset(run->durations_us, 0, room * sizeof(*run->durations_us));
    run->pending_count = 0;
    DARA_FREE const struct dara_history_entry **entries = sort_entries(run->history, &entry_count);
    for (size_t i = 0; i < run->migrations->count; i++) {
        const struct dara_migration *migration = &run->migrations->items[i];
        const struct dara_history_entry *entry = look_up(entries, entry_count, migration->version);
        int r = 0;
        if (!dara_history_is_applied(entry)) {
            if (strcmp(migration->version, highest) < 0 && !run->options->out_of_order)
                r = refuse_order(migration, highest);
            else
                r = take(run, migration);
        } else if (entry->checksum && *entry->checksum && strcmp(entry->checksum, migration->checksum) &&
                   !dara_gate_listed(run->options->allow, "edited")) {
            r = refuse_edited(migration, entry);
        }
        if (r < 0)
            return r;
    }
    return 0;
}

static int read_history(struct dara_run *run)
{
    run->history = dara_history_list_free(run->history);
    int r = dara_session_history_list(run->session, &run->history);
    return r < 0 ? r : find_pending(run);
}

static int read_files(struct dara_run *run)
{
    const struct dara_driver *driver;
    DARA_FREE char *own = NULL;
    struct stat status;
    int r = dara_context_driver(run->context, &driver);
    if (r < 0)
        return r;
    const char *path = run->options->path;
    if (!path) {
        if ((r = dara_context_project(run->context)) < 0)
            return r;
        path = own = dara_project_path(run->context->project, "migrations");
    }
    run->single = !(stat(path, &status) == 0 && S_ISDIR(status.st_mode));
    return dara_migrations_read(driver, path, &run->migrations);
}

static int require_transactions(const struct dara_session *session)
{
    int r = dara_session_require(session, "apply", "run migrations");
    if (r < 0 || dara_session_feature(session, DARA_FEATURE_TRANSACTIONAL_DDL) || dara_session_has_journal(session))
        return r;
    dara_error_set(DARA_EUNSUPPORTED,
                   "the engine '%s' commits each change of the schema by itself, and its driver keeps no journal to go "
                   "on from after a failure",
                   dara_session_driver(session)->name);
    dara_error_hint("run the file with the engine's own client, after 'dara snapshot'");
    return DARA_EUNSUPPORTED;
}

int dara_run_open(struct dara_run *run, enum dara_mode mode)
{
    int r;
    run->started_us = dara_clock_monotonic_us();
    dara_attempts_begin(&run->attempts, run->context);
    if (mode == DARA_MODE_WRITE)
        dara_attempts_step(run->context);
    if ((r = read_files(run)) < 0 || (r = dara_context_url(run->context)) < 0 ||
        (r = dara_context_guard(run->context)) < 0 || (r = dara_context_open(run->context, mode, &run->session)) < 0 ||
        (r = require_transactions(run->session)) < 0)
        return r;
    r = run->options->resume ? 0 : dara_interrupted_refuse(run->session, "anything else is applied");
    run->open_seen = r == DARA_EPARTIAL && mode != DARA_MODE_READ;
    if (run->open_seen) {
        /* It may be going on just now: the lock tells. */
        dara_error_clear();
        r = 0;
    }
    return r < 0 ? r : read_history(run);
}

int dara_run_lock(struct dara_run *run)
{
    DARA_FREE char *owner = dara_context_owner(run->context);
    int r = dara_session_lock(run->session, owner, run->context->lock_timeout_ms);
    if (r < 0)
        return r;
    run->locked = true;
    if (!run->options->resume && (r = dara_interrupted_refuse(run->session, "anything else is applied")) < 0)
        return r;
    return (r = read_history(run)) < 0 ? r : dara_run_resume(run);
}
