/* SPDX-License-Identifier: MIT */
/* Histories that other tools keep, known by the names of their tables and columns. */
#include <string.h>

#include <dara/version.h>

#include "base/clock.h"
#include "base/file.h"
#include "service/setup.h"

struct dara_foreign_form {
    const char *tool;  /* NULL: the name of the namespace before `space` */
    const char *space; /* what the namespace ends with; NULL = any */
    const char *table;
    const char *columns[4]; /* all must be there */
    size_t count;           /* and no more than these, where `exact` */
    bool exact;
    const char *version; /* column that holds the version */
    const char *name;    /* column that holds a name, or NULL */
    const char *state;   /* column that tells whether it went well, or NULL */
    bool bad;            /* the value of `state` that means it did not */
    const char *remark;  /* what the user should know, or NULL */
};

static const struct dara_foreign_form forms[] = {
    {.space = "_migrations",
     .table = "schema_migrations",
     .columns = {"version", "statements", "name"},
     .count = 3,
     .version = "version",
     .name = "name"},
    {.tool = "golang-migrate",
     .table = "schema_migrations",
     .columns = {"version", "dirty"},
     .count = 2,
     .exact = true,
     .version = "version",
     .state = "dirty",
     .bad = true,
     .remark = "it keeps only the newest version: older files are not recorded"},
    {.tool = "dbmate",
     .table = "schema_migrations",
     .columns = {"version"},
     .count = 1,
     .exact = true,
     .version = "version"},
    {.tool = "flyway",
     .table = "flyway_schema_history",
     .columns = {"installed_rank", "version", "script", "success"},
     .count = 4,
     .version = "version",
     .name = "description",
     .state = "success",
     .bad = false,
     .remark = "repeatable migrations have no version and are left out"},
    {.tool = "sqitch",
     .table = "changes",
     .columns = {"change_id", "change", "project", "committed_at"},
     .count = 4,
     .version = "change_id",
     .name = "change",
     .remark = "its versions are ids, which have no order of their own"},
    {.tool = "alembic",
     .table = "alembic_version",
     .columns = {"version_num"},
     .count = 1,
     .exact = true,
     .version = "version_num",
     .remark = "it keeps only the newest revision: older ones are not recorded"},
};

static bool same_word(const char *a, const char *b)
{
    return !strcmp(a, b);
}

static bool has_columns(const struct dara_object *table, const struct dara_foreign_form *form)
{
    size_t columns = 0, matched = 0;
    for (const struct dara_object *part = dara_object_owned(table, "column", NULL); part;
         part = dara_object_owned(table, "column", part)) {
        columns++;
        for (size_t i = 0; i < form->count; i++)
            matched += same_word(dara_object_key(part), form->columns[i]);
    }
    return matched == form->count && (!form->exact || columns == form->count);
}

/* What stands before the end is the tool's name. */
static bool is_named_after_tool(const char *space, const char *end)
{
    size_t length = strlen(end);
    return strlen(space) > length && dara_string_ends(space, end, length);
}

static const struct dara_foreign_form *form_of(const struct dara_object *table)
{
    const char *space = dara_object_space(table);
    for (size_t i = 0; i < DARA_COUNT(forms); i++)
        if (same_word(dara_object_key(table), forms[i].table) &&
            (!forms[i].space || (space && is_named_after_tool(space, forms[i].space))) && has_columns(table, &forms[i]))
            return &forms[i];
    return NULL;
}

size_t dara_foreign_find(const struct dara_model *model, struct dara_foreign **ret_found)
{
    struct dara_foreign *found = NULL;
    size_t count = 0, room = 0;
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        const struct dara_foreign_form *form =
            dara_object_kind(object)->flags & DARA_KIND_ROWS ? form_of(object) : NULL;
        if (!form)
            continue;
        DARA_GROW(found, count, room);
        found[count] = (struct dara_foreign){.tool = form->tool, .table = object, .form = form};
        if (!form->tool) {
            const char *space = dara_object_space(object);
            found[count].tool = found[count].name = dara_strndup(space, strlen(space) - strlen(form->space));
        }
        count++;
    }
    *ret_found = found;
    return count;
}

void dara_foreign_free(struct dara_foreign *found, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(found[i].name);
    free(found);
}

/* ---- import --------------------------------------------------------------------------------------------------------- */

struct entry {
    char *version;
    char *name;
};

struct import {
    const struct dara_foreign *foreign;
    struct entry *entries;
    size_t count, room;
    char *broken; /* version of a run that did not end well */
};

static void import_done(struct import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        free(import->entries[i].version);
        free(import->entries[i].name);
    }
    free(import->entries);
    free(import->broken);
}

static char *value_text(const struct dara_value *value)
{
    if (value->type == DARA_INTEGER)
        return dara_format("%lld", (long long)value->integer);
    if ((value->type == DARA_TEXT || value->type == DARA_BYTES) && value->length)
        return dara_strndup(value->bytes, value->length);
    return NULL;
}

static bool value_true(const struct dara_value *value)
{
    if (value->type == DARA_INTEGER)
        return value->integer != 0;
    return value->type == DARA_TEXT && value->length && strchr("tTyY1", *value->bytes);
}

static int take_row(void *context, size_t count, const struct dara_value *values)
{
    struct import *import = context;
    const struct dara_foreign_form *form = import->foreign->form;
    size_t state = form->name ? 2 : 1;
    char *version = value_text(&values[0]);
    if (!version)
        return 0;
    if (form->state && count > state && value_true(&values[state]) == form->bad) {
        free(import->broken);
        import->broken = version;
        return 0;
    }
    DARA_GROW(import->entries, import->count, import->room);
    import->entries[import->count++] =
        (struct entry){.version = version, .name = form->name ? value_text(&values[1]) : NULL};
    return 0;
}

static int read_entries(struct dara_session *session, struct import *import)
{
    const struct dara_foreign_form *form = import->foreign->form;
    const struct dara_object *table = import->foreign->table;
    const char *fields[3] = {form->version};
    size_t count = 1;
    if (form->name)
        fields[count++] = form->name;
    if (form->state)
        fields[count++] = form->state;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    int code = dara_dialect_read_rows(dara_session_driver(session), table, fields, count, &text);
    struct dara_reader reader = {.row = take_row, .context = import};
    return code ? code : dara_session_execute(session, dara_text_string(&text), text.length, &reader, NULL);
}

static bool in_history(const struct dara_history_list *history, const char *version)
{
    for (size_t i = 0; history && i < history->count; i++)
        if (!strcmp(history->entries[i].kind, "migration") && !strcmp(history->entries[i].version, version))
            return true;
    return false;
}

/* The sha-256 of the project's file of that version, so that it does not count as edited; "" when there is none. */
static void checksum_of(const struct dara_context *context, const char *version, char ret_checksum[65])
{
    DARA_FREE char *folder = dara_project_path(context->project, "migrations");
    char **names = NULL;
    size_t count = 0, length = strlen(version);
    *ret_checksum = '\0';
    if (dara_file_names(folder, &names, &count)) {
        dara_error_clear();
        return;
    }
    for (size_t i = 0; i < count; i++) {
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        if (!strncmp(names[i], version, length) && names[i][length] == '_' &&
            dara_sha256_file(path, ret_checksum, NULL))
            dara_error_clear();
    }
    dara_file_names_free(names);
}

static int record(struct dara_context *context, struct dara_session *session, const struct import *import,
                  const struct entry *entry)
{
    char now[21], checksum[65];
    DARA_FREE char *who = dara_clock_whoami();
    dara_clock_iso(dara_clock_now(), now);
    checksum_of(context, entry->version, checksum);
    return dara_session_history_record(
        session, &(struct dara_history_entry){.size = sizeof(struct dara_history_entry),
                                              .kind = "migration",
                                              .version = entry->version,
                                              .name = entry->name ? entry->name : import->foreign->tool,
                                              .state = "applied",
                                              .checksum = checksum,
                                              .applied_at = now,
                                              .applied_by = who,
                                              .tool = "dara " DARA_VERSION});
}

int dara_foreign_import(struct dara_context *context, struct dara_session *session, const struct dara_foreign *foreign,
                        const struct dara_history_list *history, size_t *ret_count)
{
    DARA_CLEANUP(import_done) struct import import = {.foreign = foreign};
    size_t recorded = 0;
    int code = read_entries(session, &import);
    if (!code && import.broken) {
        DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
        dara_text_add_visible(&shown, import.broken);
        code = dara_error_set(DARA_ECONFIG, "the history of %s says that version '%s' did not end well", foreign->tool,
                              dara_text_string(&shown));
        dara_error_hint("put it right with %s first, then import again", foreign->tool);
    }
    for (size_t i = 0; !code && i < import.count; i++) {
        if (in_history(history, import.entries[i].version))
            continue;
        code = record(context, session, &import, &import.entries[i]);
        recorded++;
    }
    if (!code)
        *ret_count = recorded;
    return code;
}

const char *dara_foreign_remark(const struct dara_foreign *foreign)
{
    return foreign->form->remark;
}
