/* SPDX-License-Identifier: MIT */
/* Runs that were left open. */
#include <string.h>

#include "service/journal.h"

void dara_interrupted_done(struct dara_interrupted *interrupted)
{
    interrupted->list = dara_journal_list_free(interrupted->list);
}

static bool is_open(const struct dara_journal_entry *entry)
{
    return entry->place == 0 && strcmp(entry->state, "taken back") != 0;
}

int dara_interrupted_find(struct dara_session *session, bool texts, struct dara_interrupted *ret_interrupted)
{
    struct dara_interrupted found = {.list = NULL};
    int r = dara_session_journal_list(session, texts, &found.list);
    if (r < 0)
        return r;
    const struct dara_journal_entry *entries = found.list->entries;
    for (size_t i = 0; i < found.list->count && !found.run; i++) {
        if (!is_open(&entries[i]))
            continue;
        found.run = &entries[i];
        found.going_back = !strcmp(entries[i].state, "taking back");
        found.statements = &entries[i + 1];
        while (i + 1 + found.count < found.list->count && !strcmp(entries[i + 1 + found.count].run, found.run->run))
            found.count++;
    }
    *ret_interrupted = found;
    return 0;
}

void dara_interrupted_count(const struct dara_interrupted *interrupted, const char *version, size_t *ret_done,
                            size_t *ret_total)
{
    *ret_done = *ret_total = 0;
    for (size_t i = 0; i < interrupted->count; i++) {
        const struct dara_journal_entry *entry = &interrupted->statements[i];
        if (!version || !entry->version || strcmp(entry->version, version) != 0)
            continue;
        *ret_done += !strcmp(entry->state, "done");
        *ret_total = entry->total;
    }
}

bool dara_interrupted_is_rollback(const struct dara_interrupted *interrupted)
{
    return interrupted->run && dara_string_same(interrupted->run->kind, "rollback");
}

const char *dara_interrupted_version(const struct dara_interrupted *interrupted,
                                     const struct dara_history_list *history)
{
    if (!interrupted->run || dara_interrupted_is_rollback(interrupted))
        return NULL;
    const struct dara_journal_entry *last =
        interrupted->count ? &interrupted->statements[interrupted->count - 1] : interrupted->run;
    return last->version && !dara_history_has_applied(history, last->version) ? last->version : NULL;
}

/* By a file of rollback/, it takes back a version; else it goes to a snapshot, whose id is no mere number. */
static const char *way_of(const struct dara_interrupted *interrupted)
{
    const char *version = interrupted->run->version;
    return version[strspn(version, "0123456789")] ? "to" : "of migration";
}

static void say_rollback(const struct dara_interrupted *interrupted, const char *what)
{
    size_t done, total;
    dara_interrupted_count(interrupted, interrupted->run->version, &done, &total);
    if (interrupted->going_back)
        dara_error_set(DARA_EPARTIAL, "a rollback %s '%s' is being abandoned, and that was interrupted",
                       way_of(interrupted), interrupted->run->version);
    else
        dara_error_set(DARA_EPARTIAL, "a rollback %s '%s' was interrupted after %zu of %zu statements",
                       way_of(interrupted), interrupted->run->version, done, total);
    dara_error_hint("finish it before %s: 'dara rollback --resume' goes on, 'dara rollback --abandon' goes back to the "
                    "schema before it",
                    what);
}

static void say_migration(const struct dara_interrupted *interrupted, const char *what)
{
    size_t done, total;
    const struct dara_journal_entry *last =
        interrupted->count ? &interrupted->statements[interrupted->count - 1] : interrupted->run;
    dara_interrupted_count(interrupted, last->version, &done, &total);
    if (interrupted->going_back)
        dara_error_set(DARA_EPARTIAL, "a run was interrupted on its way back from migration '%s'", last->version);
    else if (total)
        dara_error_set(DARA_EPARTIAL, "a run was interrupted in migration '%s' after %zu of %zu statements",
                       last->version, done, total);
    else
        dara_error_set(DARA_EPARTIAL, "a run was interrupted before the first statement of migration '%s'",
                       last->version);
    dara_error_hint("finish it before %s: 'dara apply-migration --resume' goes on, 'dara apply-migration --abandon' "
                    "goes back",
                    what);
}

int dara_interrupted_say(const struct dara_interrupted *interrupted, const char *what)
{
    if (dara_interrupted_is_rollback(interrupted))
        say_rollback(interrupted, what);
    else
        say_migration(interrupted, what);
    dara_error_detail("by %s", interrupted->run->owner ? interrupted->run->owner : "an unknown owner");
    return DARA_EPARTIAL;
}

int dara_interrupted_refuse(struct dara_session *session, const char *what)
{
    DARA_INTERRUPTED_LOCAL interrupted = {.list = NULL};
    int r = dara_interrupted_find(session, false, &interrupted);
    return r < 0 || !interrupted.run ? r : dara_interrupted_say(&interrupted, what);
}
