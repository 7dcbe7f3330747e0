/* SPDX-License-Identifier: MIT */
#include "service/verify-order.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "service/graph.h"
#include "service/migration.h"
#include "service/run-sql-source.h"

struct verify {
    struct dara_context *context;
    const struct dara_verify_order_request *request;
    struct dara_report *report;
    const struct dara_driver *driver;
    struct dara_graph *graph;
    struct dara_source *source;         /* of a file */
    struct dara_migrations *migrations; /* of a folder */
    size_t *items;                      /* of each unit: its statement, its migration */
    struct dara_history_list *history;  /* NULL without a connection */
    bool live;
    size_t skipped; /* migrations that are applied */
};

static void verify_done(struct verify *verify)
{
    dara_graph_free(verify->graph);
    dara_source_free(verify->source);
    dara_migrations_free(verify->migrations);
    dara_history_list_free(verify->history);
    free(verify->items);
}

/* ---- the database --------------------------------------------------------------------------------------------------------- */

static int read_catalog(struct verify *verify)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_MODEL_LOCAL model = NULL;
    int code = dara_context_open(verify->context, DARA_MODE_READ, &session);
    bool transaction = dara_driver_has_group(verify->driver, "apply");
    if (!code && transaction)
        code = dara_session_begin(session, DARA_BEGIN_READ);
    if (!code)
        code = dara_session_read(session, &model);
    if (!code && transaction)
        code = dara_session_history_list(session, &verify->history);
    if (code) {
        if (dara_error_last() && !dara_error_last()->hint)
            dara_error_hint("--offline looks at the files only");
        return code;
    }
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        if (!(dara_object_kind(object)->flags & (DARA_KIND_PART | DARA_KIND_SETTING)))
            dara_graph_exists(verify->graph, dara_object_kind(object)->name, dara_object_space(object),
                              dara_object_key(object));
        if (dara_object_owner(object) && !(dara_object_kind(object)->flags & DARA_KIND_PART))
            dara_graph_exists_owned(verify->graph, dara_object_kind(object)->name, dara_object_space(object),
                                    dara_object_key(dara_object_owner(object)), dara_object_key(object));
    }
    verify->live = true;
    return 0;
}

/* A connection that was asked for must work; one that merely could be there need not be set. */
static int look_at_database(struct verify *verify)
{
    struct dara_context *context = verify->context;
    int code = verify->request->offline ? 0 : dara_context_url(context);
    if (code == DARA_ECONFIG && !context->url_text && !context->environment) {
        dara_error_clear();
        dara_report_note(verify->report, DARA_NOTE_INFO, "no connection is configured: only the files were read");
        return 0;
    }
    return code || verify->request->offline ? code : read_catalog(verify);
}

/* ---- the files ------------------------------------------------------------------------------------------------------------ */

static int read_path(struct verify *verify)
{
    struct stat info;
    if (stat(verify->request->path, &info) == 0 && S_ISDIR(info.st_mode)) {
        if (verify->request->output)
            return dara_error_set(DARA_EUSAGE, "--output takes a file, and '%s' is a folder", verify->request->path);
        return dara_migrations_read(verify->driver, verify->request->path, &verify->migrations);
    }
    return dara_source_read(verify->driver, verify->request->path, &verify->source);
}

static void add_migrations(struct verify *verify)
{
    verify->items = dara_alloc((verify->migrations->count + 1) * sizeof(size_t));
    for (size_t i = 0; i < verify->migrations->count; i++) {
        const struct dara_migration *migration = &verify->migrations->items[i];
        if (dara_history_has_applied(verify->history, migration->version)) {
            verify->skipped++;
            continue;
        }
        verify->items[dara_graph_unit(verify->graph, dara_file_base(migration->path))] = i;
        for (size_t j = 0; j < migration->script->count; j++)
            dara_graph_statement(verify->graph, migration->script->statements[j].line, migration->facts[j]);
    }
}

static void add_statements(struct verify *verify)
{
    const char *base = dara_file_base(verify->source->path);
    DARA_FREE char *version = dara_strndup(base, strspn(base, "0123456789"));
    verify->items = dara_alloc((verify->source->script->count + 1) * sizeof(size_t));
    if (dara_history_has_applied(verify->history, version)) {
        verify->skipped++;
        return;
    }
    for (size_t i = 0; i < verify->source->script->count; i++) {
        verify->items[dara_graph_unit(verify->graph, base)] = i;
        dara_graph_statement(verify->graph, verify->source->script->statements[i].line, verify->source->facts[i]);
    }
}

static const char *file_of(const struct verify *verify, size_t unit)
{
    return dara_file_base(verify->source ? verify->source->path : verify->migrations->items[verify->items[unit]].path);
}

/* ---- the proposed order, written ------------------------------------------------------------------------------------------- */

/* From the end of the statement before to the end of this one: with the comments that stand before it. */
struct piece {
    const char *text;
    size_t length;
};

static void cut_pieces(const struct verify *verify, struct piece *pieces)
{
    const char *at = verify->source->text;
    const char *delimiter = verify->driver->dialect->delimiter;
    size_t mark = strcspn(delimiter, " \r\n");
    for (size_t i = 0; i < verify->source->script->count; i++) {
        const struct dara_statement *statement = &verify->source->script->statements[i];
        const char *found = strstr(at, statement->text);
        if (!found) { /* the splitter changed the text: take what it gave */
            pieces[i] = (struct piece){statement->text, statement->length};
            continue;
        }
        while (isspace((unsigned char)*at))
            at++;
        pieces[i] = (struct piece){at, (size_t)(found - at) + statement->length};
        at = found + statement->length;
        while (isspace((unsigned char)*at))
            at++;
        if (mark && !strncmp(at, delimiter, mark))
            at += mark;
    }
}

static int write_order(struct verify *verify)
{
    const char *output = verify->request->output;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    if (!output)
        return 0;
    if (dara_file_exists(output)) {
        dara_error_set(DARA_EFILE, "the file is there already");
        dara_error_at(output, 0);
        dara_error_hint("name one that is not there");
        return DARA_EFILE;
    }
    DARA_FREE struct piece *pieces = dara_alloc((verify->source->script->count + 1) * sizeof(*pieces));
    cut_pieces(verify, pieces);
    for (size_t i = 0; i < dara_graph_unit_count(verify->graph); i++) {
        const struct piece *piece = &pieces[verify->items[dara_graph_order_at(verify->graph, i)]];
        dara_text_add_bytes(&text, piece->text, piece->length);
        dara_text_add(&text, verify->driver->dialect->delimiter);
    }
    int code = dara_file_write(output, dara_text_string(&text), text.length, 0644);
    if (!code)
        dara_report_text(verify->report, "output", "written", output);
    return code;
}

/* ---- report ---------------------------------------------------------------------------------------------------------------- */

static void report_objects(const struct verify *verify)
{
    struct dara_table *table = dara_report_table(verify->report, "objects", "Objects", NULL);
    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "made", "made", DARA_CELL_INT);
    dara_table_column(table, "changed", "changed", DARA_CELL_INT);
    dara_table_column(table, "used", "used", DARA_CELL_INT);
    dara_table_column(table, "dropped", "dropped", DARA_CELL_INT);
    for (size_t i = 0; i < dara_graph_object_count(verify->graph); i++) {
        const struct dara_graph_object *object = dara_graph_object_at(verify->graph, i);
        if (!object->made && !object->changed && !object->used && !object->dropped)
            continue;
        dara_table_row(table);
        dara_table_text(table, object->name);
        dara_table_int(table, (int64_t)object->made);
        dara_table_int(table, (int64_t)object->changed);
        dara_table_int(table, (int64_t)object->used);
        dara_table_int(table, (int64_t)object->dropped);
    }
}

static void report_findings(const struct verify *verify)
{
    struct dara_table *table = dara_report_table(verify->report, "findings", "Findings", NULL);
    dara_table_column(table, "file", "file", DARA_CELL_TEXT);
    dara_table_column(table, "line", "line", DARA_CELL_INT);
    dara_table_column(table, "rule", "rule", DARA_CELL_TEXT);
    dara_table_column(table, "message", "what", DARA_CELL_TEXT);
    for (size_t i = 0; i < dara_graph_finding_count(verify->graph); i++) {
        const struct dara_graph_finding *finding = dara_graph_finding_at(verify->graph, i);
        dara_table_row(table);
        dara_table_text(table, file_of(verify, finding->unit));
        if (finding->line)
            dara_table_int(table, finding->line);
        else
            dara_table_text(table, NULL);
        dara_table_text(table, finding->rule);
        dara_table_text(table, finding->message);
    }
}

static bool has_cycle(const struct verify *verify)
{
    for (size_t i = 0; i < dara_graph_finding_count(verify->graph); i++)
        if (!strcmp(dara_graph_finding_at(verify->graph, i)->rule, "cycle"))
            return true;
    return false;
}

static void report_order(const struct verify *verify)
{
    bool moved = dara_graph_moved(verify->graph);
    dara_report_bool(verify->report, "moved", NULL, moved);
    if (!moved)
        return;
    struct dara_table *table =
        dara_report_table(verify->report, "order",
                          has_cycle(verify) ? "The nearest order: the circle stays" : "An order that works", NULL);
    dara_table_column(table, "file", "file", DARA_CELL_TEXT);
    dara_table_column(table, "line", "line", DARA_CELL_INT);
    dara_table_column(table, "statement", "statement", DARA_CELL_TEXT);
    dara_table_column(table, "from", "stood at", DARA_CELL_INT);
    for (size_t i = 0; i < dara_graph_unit_count(verify->graph); i++) {
        size_t unit = dara_graph_order_at(verify->graph, i), item = verify->items[unit];
        dara_table_row(table);
        dara_table_text(table, file_of(verify, unit));
        if (verify->source) {
            dara_table_int(table, verify->source->script->statements[item].line);
            dara_table_text(table, verify->source->facts[item]->kind);
        } else {
            dara_table_text(table, NULL);
            dara_table_text(table, NULL);
        }
        dara_table_int(table, (int64_t)unit + 1);
    }
}

static void report_rest(const struct verify *verify)
{
    bool clean = !dara_graph_finding_count(verify->graph);
    DARA_TEXT_LOCAL outside = DARA_TEXT_INIT;
    for (size_t i = 0; i < dara_graph_object_count(verify->graph); i++) {
        const struct dara_graph_object *object = dara_graph_object_at(verify->graph, i);
        if (object->outside && !verify->live)
            dara_text_format(&outside, "%s%s", outside.length ? ", " : "", object->name);
    }
    if (outside.length)
        dara_report_note(verify->report, DARA_NOTE_INFO, "needed, but made elsewhere: %s", dara_text_string(&outside));
    if (verify->skipped)
        dara_report_note(verify->report, DARA_NOTE_INFO, "applied already and left out: %zu", verify->skipped);
    if (clean)
        dara_report_note(verify->report, DARA_NOTE_OK, "the order works");
    else if (verify->source && dara_graph_moved(verify->graph) && !verify->request->output)
        dara_report_note(verify->report, DARA_NOTE_HINT, "--output FILE writes the statements in that order");
}

static void report_unread(const struct verify *verify)
{
    for (size_t i = 0; i < dara_graph_unit_count(verify->graph); i++) {
        const struct dara_migration *migration =
            verify->migrations ? &verify->migrations->items[verify->items[i]] : NULL;
        size_t count = migration ? migration->script->count : 1;
        for (size_t j = 0; j < count; j++) {
            size_t at = migration ? j : verify->items[i];
            const struct dara_statement_facts *facts = migration ? migration->facts[at] : verify->source->facts[at];
            const struct dara_script *script = migration ? migration->script : verify->source->script;
            if (facts->flags & DARA_STATEMENT_UNREAD)
                dara_report_note(verify->report, DARA_NOTE_WARN, "%s:%u could not be read: what it needs is not known",
                                 file_of(verify, i), script->statements[at].line);
        }
    }
}

int dara_verify_order(struct dara_context *context, const struct dara_verify_order_request *request,
                      struct dara_report *report)
{
    DARA_CLEANUP(verify_done)
    struct verify verify = {.context = context, .request = request, .report = report, .graph = dara_graph_new()};
    int code = dara_context_driver(context, &verify.driver);
    if (!code)
        code = read_path(&verify);
    if (!code)
        code = look_at_database(&verify);
    if (code)
        return code;
    if (verify.source)
        add_statements(&verify);
    else
        add_migrations(&verify);
    dara_graph_solve(verify.graph, verify.live);
    dara_report_text(report, "catalog", NULL, verify.live ? "live" : "none");
    report_objects(&verify);
    report_findings(&verify);
    report_order(&verify);
    report_unread(&verify);
    report_rest(&verify);
    code = write_order(&verify);
    return !code && dara_graph_finding_count(verify.graph) ? DARA_EDIFFERENT : code;
}
