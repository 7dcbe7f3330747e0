/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <dara/version.h>

#include "base/clock.h"
#include "base/file.h"
#include "service/rollback-way.h"

static bool is_among(char *const *versions, size_t count, const char *version)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(versions[i], version) == 0)
            return true;
    }
    return false;
}

static const struct dara_history_entry *find(const struct dara_history_list *list, const char *version)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->entries[i].version, version) == 0 && strcmp(list->entries[i].kind, "migration") == 0)
            return &list->entries[i];
    }
    return NULL;
}

int dara_rollback_marks_none(struct dara_session *session, struct dara_rollback_marks **ret_marks)
{
    DARA_ROLLBACK_MARKS_LOCAL marks = dara_alloc(sizeof(*marks));
    int code = dara_session_history_list(session, &marks->list);

    if (code < 0)
        return code;
    marks->arena = dara_arena_new();
    *ret_marks = marks;
    marks = NULL;
    return 0;
}

/* Add an entry with a new state, done now and by us. */
static struct dara_history_entry *mark(struct dara_rollback_marks *marks, const struct dara_history_entry *from,
                                       const char *state)
{
    char now[21];
    DARA_FREE char *us = dara_clock_whoami();

    dara_clock_iso(dara_clock_now(), now);
    DARA_GROW(marks->entries, marks->count, marks->room);
    struct dara_history_entry *entry = &marks->entries[marks->count++];
    *entry = *from;
    entry->state = state;
    entry->applied_at = dara_arena_strdup(marks->arena, now);
    entry->applied_by = dara_arena_strdup(marks->arena, us);
    entry->tool = "dara " DARA_VERSION;
    return entry;
}

/* A version the history has never seen (the snapshot is restored into another database): its file tells name and checksum. */
static int mark_unseen(struct dara_context *context, struct dara_rollback_marks *marks, const char *version)
{
    struct dara_history_entry entry = {
        .size = sizeof(entry), .kind = "migration", .version = version, .name = "", .checksum = ""};
    DARA_FREE char *folder = dara_project_path(context->project, "migrations");
    char **names = NULL;
    size_t count = 0, length = strlen(version);
    char hash[65];

    mark(marks, &entry, "applied");
    if (dara_file_names(folder, &names, &count) < 0) {
        dara_error_clear(); /* the folder is not needed: the version alone tells what is applied */
        return 0;
    }
    struct dara_history_entry *last = &marks->entries[marks->count - 1];
    for (size_t i = 0; i < count; i++) {
        if (strncmp(names[i], version, length) != 0 || names[i][length] != '_')
            continue;
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        const char *name = names[i] + length + 1;
        last->name = dara_arena_strndup(marks->arena, name, strcspn(name, "."));
        if (dara_sha256_file(path, hash, NULL) == 0)
            last->checksum = dara_arena_strdup(marks->arena, hash);
    }
    dara_file_names_free(names);
    return 0;
}

int dara_rollback_marks_of(struct dara_context *context, struct dara_session *session, char *const *versions,
                           size_t count, struct dara_rollback_marks **ret_marks)
{
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    int code = dara_rollback_marks_none(session, &marks);

    if (code < 0)
        return code;
    for (size_t i = 0; i < marks->list->count; i++) {
        const struct dara_history_entry *entry = &marks->list->entries[i];
        if (strcmp(entry->kind, "migration") == 0 && dara_history_is_applied(entry) &&
            !is_among(versions, count, entry->version))
            mark(marks, entry, "rolled back");
    }
    for (size_t i = 0; code == 0 && i < count; i++) {
        const char *version = versions[i];
        const struct dara_history_entry *entry = find(marks->list, version);
        if (dara_history_is_applied(entry))
            continue;
        if (entry)
            mark(marks, entry, "applied");
        else
            code = mark_unseen(context, marks, version);
    }
    if (code < 0)
        return code;
    *ret_marks = marks;
    marks = NULL;
    return 0;
}

int dara_rollback_marks_version(struct dara_session *session, const char *version,
                                struct dara_rollback_marks **ret_marks)
{
    DARA_ROLLBACK_MARKS_LOCAL marks = NULL;
    int code = dara_rollback_marks_none(session, &marks);

    if (code < 0)
        return code;
    const struct dara_history_entry *entry = find(marks->list, version);
    if (!dara_history_is_applied(entry)) {
        code = dara_error_set(DARA_EUSAGE, "migration '%s' is not applied: there is nothing to take back", version);
        dara_error_hint("see what is applied: dara status");
        return code;
    }
    mark(marks, entry, "rolled back");
    *ret_marks = marks;
    marks = NULL;
    return 0;
}

/* The entry that tells what the schema is now: the newest that is applied. */
static const struct dara_history_entry *last_applied(const struct dara_history_list *list)
{
    for (size_t i = list->count; i > 0; i--) {
        const struct dara_history_entry *entry = &list->entries[i - 1];
        if (dara_history_is_applied(entry) && (entry->fingerprint || strcmp(entry->kind, "seed") != 0))
            return entry;
    }
    return NULL;
}

/* Drift is told by the fingerprint of the newest applied entry, so it must be that of the schema gone back to. */
static int record_fingerprint(struct dara_session *session, const char *fingerprint)
{
    DARA_HISTORY_LOCAL list = NULL;
    int code = dara_session_history_list(session, &list);
    const struct dara_history_entry *last = code == 0 ? last_applied(list) : NULL;

    if (!last || (last->fingerprint && strcmp(last->fingerprint, fingerprint) == 0))
        return code;
    struct dara_history_entry entry = *last;
    entry.fingerprint = fingerprint;
    return dara_session_history_record(session, &entry);
}

int dara_rollback_marks_record(struct dara_session *session, const struct dara_rollback_marks *marks,
                               const char *fingerprint)
{
    int code = dara_session_history_ensure(session);

    for (size_t i = 0; code == 0 && i < marks->count; i++)
        code = dara_session_history_record(session, &marks->entries[i]);
    return code < 0 ? code : record_fingerprint(session, fingerprint);
}

struct dara_rollback_marks *dara_rollback_marks_free(struct dara_rollback_marks *marks)
{
    if (!marks)
        return NULL;
    dara_history_list_free(marks->list);
    dara_arena_free(marks->arena);
    free(marks->entries);
    free(marks);
    return NULL;
}
