/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/error-keep.h"
#include "base/file.h"
#include "base/suggest.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "service/show.h"
#include "service/snapshot-parts.h"

/* ---- taking one ------------------------------------------------------------------------------------------------------- */

/* NULL-ended; NULL where the option was not given. */
static const char **read_names(const struct dara_call *call, const char *option)
{
    const char *const *values = NULL;
    size_t count = dara_call_values(call, option, &values);
    if (count == 0)
        return NULL;
    const char **names = dara_alloc((count + 1) * sizeof(*names));
    for (size_t i = 0; i < count; i++)
        names[i] = values[i];
    return names;
}

static void show_schemas(struct dara_report *report, const struct dara_snapshot *snapshot)
{
    DARA_TEXT_LOCAL names = DARA_TEXT_INIT;
    json_t *list = snapshot->spaces ? json_array() : json_null();
    for (size_t i = 0; snapshot->spaces && snapshot->spaces[i]; i++) {
        dara_text_add(&names, i ? ", " : "");
        dara_text_add_visible(&names, snapshot->spaces[i]);
        json_array_append_new(list, dara_report_string(snapshot->spaces[i]));
    }
    if (snapshot->spaces)
        dara_report_text(report, "schemas", "only schemas", dara_text_string(&names));
    dara_report_json(report, "schemas", list);
}

static void show_files(struct dara_report *report, const struct dara_snapshot *snapshot)
{
    DARA_FREE char *file = dara_file_shown(snapshot->text_path);
    DARA_FREE char *meta_file = dara_file_shown(snapshot->meta_path);
    DARA_FREE char *model_file = dara_file_shown(snapshot->model_path);
    dara_report_text(report, "id", "snapshot", snapshot->id);
    dara_report_text(report, "label", NULL, snapshot->label);
    dara_report_text(report, "purpose", snapshot->purpose ? "purpose" : NULL, snapshot->purpose);
    dara_report_text(report, "created_at", "taken", snapshot->created_at);
    dara_report_text(report, "engine", NULL, snapshot->engine);
    dara_report_text(report, "server", "server", snapshot->server);
    dara_report_text(report, "url", "from", snapshot->url);
    dara_report_bytes(report, "size_bytes", "size", snapshot->size);
    dara_report_text(report, "sha256", NULL, snapshot->sha256);
    dara_report_text(report, "fingerprint", NULL, snapshot->fingerprint);
    dara_report_bool(report, "has_data", NULL, snapshot->has_data);
    dara_report_bool(report, "keep", NULL, snapshot->keep);
    show_schemas(report, snapshot);
    dara_report_text(report, "file", "file", file);
    dara_report_text(report, "meta_file", NULL, meta_file);
    dara_report_text(report, "model_file", NULL, model_file);
}

static void show_rows(struct dara_report *report, const struct dara_snapshot *snapshot)
{
    struct dara_table *table = dara_report_table(report, "data", "Rows", NULL);
    dara_table_column(table, "kind", "kind", DARA_CELL_TEXT);
    dara_table_column(table, "space", "schema", DARA_CELL_TEXT);
    dara_table_column(table, "key", "name", DARA_CELL_TEXT);
    dara_table_column(table, "rows", "rows", DARA_CELL_INT);
    dara_table_column(table, "size_bytes", "size", DARA_CELL_BYTES);
    for (size_t i = 0; i < snapshot->rows_count; i++) {
        dara_table_row(table);
        dara_table_text(table, snapshot->rows[i].kind);
        dara_table_text(table, snapshot->rows[i].space);
        dara_table_text(table, snapshot->rows[i].key);
        dara_table_int(table, (int64_t)snapshot->rows[i].rows);
        dara_table_int(table, (int64_t)snapshot->rows[i].length);
    }
}

static void show_snapshot(struct dara_report *report, const struct dara_snapshot *snapshot,
                          const struct dara_model *model)
{
    show_files(report, snapshot);
    dara_show_counts(report, model);
    dara_show_snapshot_scope(report, snapshot, model);
    show_rows(report, snapshot);
    dara_show_unrepresented(report, model);
}

static int check_schemas(const struct dara_model *model, const char *const *schemas)
{
    for (; schemas && *schemas; schemas++) {
        if (dara_model_find(model, "namespace", NULL, NULL, *schemas))
            continue;
        DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
        dara_text_add_visible(&shown, *schemas);
        return dara_error_set(DARA_EUSAGE, "there is no schema '%s'", dara_text_string(&shown));
    }
    return 0;
}

static int write_one(struct dara_context *context, struct dara_session *session,
                     const struct dara_snapshot_request *request, struct dara_report *report)
{
    DARA_MODEL_LOCAL model = NULL;
    struct dara_snapshot *snapshot = NULL;
    int code = dara_session_read(session, &model);
    if (code || (code = check_schemas(model, request->spaces)) ||
        (code = dara_snapshot_write(context, session, model, request, &snapshot)))
        return code;
    show_snapshot(report, snapshot, model);
    dara_report_note(report, DARA_NOTE_OK, "written and read back");
    dara_snapshot_free(snapshot);
    return 0;
}

static int take(struct dara_call *call, struct dara_report *report)
{
    struct dara_context *context = dara_call_context(call);
    DARA_FREE const char **tables = read_names(call, "table");
    DARA_FREE const char **schemas = read_names(call, "schema");
    DARA_SESSION_LOCAL session = NULL;
    struct dara_snapshot_request request = {
        .label = dara_call_argument(call, 0),
        .purpose = dara_call_value(call, "purpose"),
        .data = dara_call_given(call, "data") || tables,
        .keep = dara_call_given(call, "keep"),
        .scope = context->scope,
        .unowned = dara_call_given(call, "no-owner"),
        .tables = tables,
        .spaces = schemas,
    };
    int code = request.unowned && (context->scope & DARA_SCOPE_OWNER)
                   ? dara_error_set(DARA_EUSAGE, "--owner and --no-owner exclude each other")
                   : dara_context_project(context);
    if (!code && schemas)
        code = dara_context_limit(context, schemas);
    if (code || (code = dara_context_open(context, DARA_MODE_READ, &session)))
        return code;
    bool transactions = dara_driver_has_group(dara_session_driver(session), "apply");
    if (transactions && (code = dara_session_begin(session, DARA_BEGIN_READ)))
        return code;
    code = write_one(context, session, &request, report);
    if (transactions) {
        struct dara_error *kept = code ? dara_error_keep() : NULL;
        (void)dara_session_rollback(session);
        if (kept)
            dara_error_restore(kept);
    }
    return code;
}

/* ---- list, show --------------------------------------------------------------------------------------------------------- */

static json_t *snapshot_json(const struct dara_snapshot *snapshot)
{
    DARA_FREE char *file = dara_file_shown(snapshot->text_path);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:b, s:b, s:o}", "id", dara_report_string(snapshot->id),
                     "label", dara_report_string(snapshot->label), "purpose", dara_report_string(snapshot->purpose),
                     "created_at", dara_report_string(snapshot->created_at), "fingerprint",
                     dara_report_string(snapshot->fingerprint), "objects", (json_int_t)snapshot->objects, "size_bytes",
                     (json_int_t)snapshot->size, "has_data", snapshot->has_data, "keep", snapshot->keep, "file",
                     dara_report_string(file));
}

/* The id begins with the time, so that is not said twice. */
static void list_as_table(struct dara_report *report, struct dara_snapshot **snapshots, size_t count)
{
    struct dara_table *table = dara_report_table(report, NULL, NULL, "no snapshots");
    dara_table_column(table, NULL, "id", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "objects", DARA_CELL_INT);
    dara_table_column(table, NULL, "size", DARA_CELL_BYTES);
    dara_table_column(table, NULL, "rows", DARA_CELL_BOOL);
    dara_table_column(table, NULL, "keep", DARA_CELL_BOOL);
    dara_table_column(table, NULL, "purpose", DARA_CELL_TEXT);
    for (size_t i = 0; i < count; i++) {
        dara_table_row(table);
        dara_table_text(table, snapshots[i]->id);
        dara_table_int(table, (int64_t)snapshots[i]->objects);
        dara_table_int(table, (int64_t)snapshots[i]->size);
        dara_table_bool(table, snapshots[i]->has_data);
        dara_table_bool(table, snapshots[i]->keep);
        dara_table_text(table, snapshots[i]->purpose);
    }
}

/* Name what killed runs left; `sweep` removes what no run can be at work on, `dry` only says so. */
static int unfinished(struct dara_call *call, struct dara_report *report, bool sweep, bool dry)
{
    struct dara_orphan *orphans;
    size_t count;
    int code = dara_snapshot_orphans(dara_call_context(call), &orphans, &count);
    if (code)
        return code;
    json_t *array = json_array();
    for (size_t i = 0; i < count && !code; i++) {
        bool goes = sweep && orphans[i].stale;
        DARA_FREE char *file = dara_file_shown(orphans[i].path);
        if (goes && !dry && (code = dara_snapshot_orphan_remove(&orphans[i])))
            break;
        json_array_append_new(array,
                              json_pack("{so, sb}", "file", dara_report_string(file), "removed", (int)(goes && !dry)));
        dara_report_note(
            report, goes ? DARA_NOTE_INFO : DARA_NOTE_WARN, "%s: part of a snapshot that was not finished%s", file,
            goes               ? (dry ? "; it would go" : "; removed")
            : orphans[i].stale ? "; 'dara snapshot prune' removes it"
                               : "; a run may be at work on it: after an hour 'dara snapshot prune' removes it");
    }
    dara_report_json(report, "unfinished", array);
    dara_snapshot_orphans_free(orphans, count);
    return code;
}

static int list(struct dara_call *call, struct dara_report *report)
{
    struct dara_snapshot **snapshots;
    size_t count;
    int code = dara_snapshot_list(dara_call_context(call), &snapshots, &count);
    if (code)
        return code;
    list_as_table(report, snapshots, count);
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, snapshot_json(snapshots[i]));
    dara_report_json(report, "snapshots", array);
    dara_snapshot_list_free(snapshots, count);
    return unfinished(call, report, false, false);
}

static int show(struct dara_call *call, struct dara_report *report)
{
    struct dara_snapshot *snapshot = NULL;
    DARA_MODEL_LOCAL model = NULL;
    int code = dara_snapshot_find(dara_call_context(call), dara_call_argument(call, 1), &snapshot);
    if (code)
        return code;
    code = dara_snapshot_model(snapshot, &model);
    if (!code)
        show_snapshot(report, snapshot, model);
    dara_snapshot_free(snapshot);
    return code;
}

/* ---- verify --------------------------------------------------------------------------------------------------------------- */

/* One row: "verified", or "damaged" with the reason. Returns 0, DARA_EDIFFERENT, or DARA_EINTERRUPTED. */
static int verify_one(struct dara_context *context, const struct dara_snapshot *snapshot, struct dara_table *table)
{
    DARA_MODEL_LOCAL model = NULL;
    const char *untried = NULL;
    int code = dara_snapshot_model(snapshot, &model);
    if (!code)
        code = dara_snapshot_restore_check(context, snapshot, &untried);
    if (code == DARA_EINTERRUPTED)
        return code;
    const struct dara_error *last = dara_error_last();
    dara_table_row(table);
    dara_table_text(table, snapshot->id);
    dara_table_text(table, code ? "damaged" : "verified");
    dara_table_bool(table, !code && !untried);
    dara_table_text(table, code && last ? last->message : untried);
    dara_error_clear();
    return code ? DARA_EDIFFERENT : 0;
}

static struct dara_table *verify_table(struct dara_report *report)
{
    struct dara_table *table = dara_report_table(report, "snapshots", NULL, "no snapshots");
    dara_table_column(table, "id", "id", DARA_CELL_TEXT);
    dara_table_column(table, "state", "state", DARA_CELL_STATUS);
    dara_table_column(table, "restored", "restored", DARA_CELL_BOOL);
    dara_table_column(table, "why", "why", DARA_CELL_TEXT);
    return table;
}

static int verify(struct dara_call *call, struct dara_report *report)
{
    struct dara_context *context = dara_call_context(call);
    const char *target = dara_call_argument(call, 1);
    struct dara_snapshot **snapshots = NULL;
    size_t count = 0;
    int code;
    if (target) {
        struct dara_snapshot *one = NULL;
        if ((code = dara_snapshot_find(context, target, &one)))
            return code;
        snapshots = dara_alloc(sizeof(struct dara_snapshot *));
        snapshots[count++] = one;
    } else if ((code = dara_snapshot_list(context, &snapshots, &count))) {
        return code;
    }
    struct dara_table *table = verify_table(report);
    int result = 0;
    for (size_t i = 0; i < count && result != DARA_EINTERRUPTED; i++) {
        code = verify_one(context, snapshots[i], table);
        result = code ? code : result;
    }
    dara_snapshot_list_free(snapshots, count);
    if (result == DARA_EDIFFERENT)
        dara_report_note(report, DARA_NOTE_ERROR, "a snapshot that is damaged must not be restored");
    return result;
}

/* ---- prune ---------------------------------------------------------------------------------------------------------------- */

static int prune_listed(struct dara_call *call, struct dara_snapshot **snapshots, size_t count,
                        const enum dara_prune_reason *reasons, struct dara_report *report)
{
    bool dry = dara_call_given(call, "dry-run");
    int64_t removed = 0;
    struct dara_table *table = dara_report_table(report, "snapshots", NULL, "no snapshots");
    dara_table_column(table, "id", "id", DARA_CELL_TEXT);
    dara_table_column(table, "removed", dry ? "would go" : "removed", DARA_CELL_BOOL);
    dara_table_column(table, "kept_as", "kept as", DARA_CELL_TEXT);
    for (size_t i = 0; i < count; i++) {
        bool go = reasons[i] == DARA_PRUNE_REMOVE;
        int code = go && !dry ? dara_snapshot_remove(snapshots[i]) : 0;
        if (code)
            return code;
        removed += go;
        dara_table_row(table);
        dara_table_text(table, snapshots[i]->id);
        dara_table_bool(table, go);
        dara_table_text(table, go ? NULL : dara_prune_reason_name(reasons[i]));
    }
    dara_report_bool(report, "dry_run", NULL, dry);
    dara_report_int(report, "removed", dry ? "would go" : "removed", removed);
    return dry ? 0 : dara_snapshot_sweep(dara_call_context(call));
}

static int prune(struct dara_call *call, struct dara_report *report)
{
    const char *const *values = NULL;
    size_t named = dara_call_values(call, "keep-label", &values), count;
    struct dara_prune policy = {.now = dara_clock_now()};
    struct dara_snapshot **snapshots;
    DARA_FREE const char **keep = dara_alloc((named + 1) * sizeof(*keep));
    for (size_t i = 0; i < named; i++)
        keep[i] = values[i];
    policy.keep = keep;
    int code = dara_call_number(call, "keep-days", 7, &policy.keep_days);
    if (code || (code = dara_snapshot_list(dara_call_context(call), &snapshots, &count)))
        return code;
    DARA_FREE enum dara_prune_reason *reasons = dara_alloc((count + 1) * sizeof(*reasons));
    dara_snapshot_prune_select(snapshots, count, &policy, reasons);
    code = prune_listed(call, snapshots, count, reasons, report);
    if (!code)
        code = unfinished(call, report, true, dara_call_given(call, "dry-run"));
    dara_snapshot_list_free(snapshots, count);
    return code;
}

/* ---- the command ------------------------------------------------------------------------------------------------------------ */

static const struct subcommand {
    const char *name;
    size_t min, max; /* words, the name included */
    int (*run)(struct dara_call *call, struct dara_report *report);
} subcommands[] = {{"list", 1, 1, list}, {"show", 2, 2, show}, {"verify", 1, 2, verify}, {"prune", 1, 1, prune}};

static bool means_label(const struct dara_call *call)
{
    return dara_call_given(call, "purpose") || dara_call_given(call, "data") || dara_call_given(call, "table") ||
           dara_call_given(call, "schema") || dara_call_given(call, "keep") || dara_call_given(call, "no-owner") ||
           call->context.scope;
}

static int run_subcommand(struct dara_call *call, struct dara_report *report, const struct subcommand *subcommand)
{
    size_t count = dara_call_count(call);
    if (subcommand->run == prune && dara_call_given(call, "keep")) {
        dara_error_set(DARA_EUSAGE, "'snapshot prune' has no option '--keep'");
        dara_error_hint("name what to keep with --keep-label NAME, once for each");
        return DARA_EUSAGE;
    }
    if (means_label(call)) {
        dara_error_set(DARA_EUSAGE, "'%s' cannot be the label of a snapshot: it is a subcommand", subcommand->name);
        dara_error_hint("choose another label");
        return DARA_EUSAGE;
    }
    if (count < subcommand->min || count > subcommand->max) {
        dara_error_set(DARA_EUSAGE, "'snapshot %s' takes %s", subcommand->name,
                       subcommand->max == 1   ? "no argument"
                       : subcommand->min == 2 ? "one snapshot"
                                              : "one snapshot or none");
        dara_error_hint("a snapshot is named by its id, its label, one of its files, or latest");
        return DARA_EUSAGE;
    }
    return subcommand->run(call, report);
}

/* A snapshot that nobody wanted does no harm, but it is not the list that somebody wanted. */
static int refuse_slip(const struct dara_call *call, const char *word)
{
    size_t count = dara_call_count(call);
    for (size_t i = 0; i < DARA_COUNT(subcommands) && !means_label(call); i++) {
        if (count > subcommands[i].max || dara_suggest_distance(word, subcommands[i].name) != 1)
            continue;
        int code = dara_error_set(DARA_EUSAGE, "'%s' may be '%s' with a slip", word, subcommands[i].name);
        if (count == 1)
            dara_error_hint("run 'dara snapshot %s', or say that it is a label: add --purpose TEXT",
                            subcommands[i].name);
        else
            dara_error_hint("did you mean 'dara snapshot %s'?", subcommands[i].name);
        return code;
    }
    return 0;
}

static int run(struct dara_call *call, struct dara_report *report)
{
    const char *word = dara_call_argument(call, 0);
    for (size_t i = 0; i < DARA_COUNT(subcommands); i++)
        if (!strcmp(word, subcommands[i].name))
            return run_subcommand(call, report, &subcommands[i]);
    int code = refuse_slip(call, word);
    if (code)
        return code;
    if (dara_call_count(call) > 1) {
        dara_error_set(DARA_EUSAGE, "a snapshot has one label");
        dara_error_hint("quote a label that holds spaces");
        return DARA_EUSAGE;
    }
    return take(call, report);
}

static const struct dara_option options[] = {
    {"purpose", 0, "TEXT", "why it is taken; kept in its meta", false, NULL},
    {"data", 0, NULL, "with the rows of all tables", false, NULL},
    {"table", 0, "NAME", "with the rows of this table only", true, NULL},
    {"schema", 0, "NAME", "only this schema, where the engine has schemas", true, NULL},
    DARA_OPTION_OWNER("write into the file who owns what"),
    {"no-owner", 0, NULL, "write no definers into the file: whoever loads it is the definer of all", false, NULL},
    DARA_OPTION_PRIVILEGES("write grants and default privileges into the file"),
    DARA_OPTION_SETTINGS("write settings of the database and of roles in it into the file"),
    {"keep", 0, NULL, "prune never removes it", false, NULL},
    {"keep-days", 0, "DAYS", "prune: keep all of so many days (7)", false, NULL},
    {"keep-label", 0, "NAME", "prune: keep what has this label, id or version", true, NULL},
    {"dry-run", 0, NULL, "prune: only say what would go", false, NULL},
    {0},
};

const struct dara_command dara_command_snapshot = {
    .name = "snapshot",
    .aliases = "create-snapshot",
    .group = "Migrate",
    .summary = "save the schema as a file that restores it; list, show, verify and prune such files",
    .arguments = "LABEL|list|show|verify|prune [ID]",
    .min = 1,
    .max = 2,
    .options = options,
    .description = "With a LABEL, writes three files to the project's snapshots folder: the statements that restore "
                   "the schema with the "
                   "engine's own client, the model as JSON, and last the meta that makes them a snapshot. What was "
                   "written is read back. "
                   "Two snapshots of one schema hold the same text.\n\n"
                   "list shows all of them. show ID tells what is in one. verify [ID] checks the hashes, loads the "
                   "model and, where the "
                   "engine has scratch databases, restores the text into one and compares.\n\n"
                   "prune keeps all of 7 days, the newest of each day for 30 days and of each month for a year, the "
                   "newest of all, and "
                   "what was made with --keep or is named by --keep-label; it removes the others, and texts and models "
                   "older than an hour that a killed run left without a meta.",
    .example = "dara snapshot before_release --purpose 'release 4.2' --keep\n"
               "dara snapshot list\n"
               "dara snapshot verify latest\n"
               "dara snapshot prune --dry-run",
    .complete = "list show verify prune",
    .complete_next = "snapshot",
    .run = run,
};
