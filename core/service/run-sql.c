/* SPDX-License-Identifier: MIT */
#include "service/run-sql.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "service/run-sql-source.h"

#define INPUT_LIMIT (1024u * 1024u * 1024u)

struct run {
    struct dara_context *context;
    const struct dara_run_sql_request *request;
    struct dara_report *report;
    const struct dara_driver *driver;
    struct dara_source *source;
    struct dara_run_sql_rows *rows;
    json_t *results;
    uint64_t affected;
    bool writes;
};

static void run_done(struct run *run)
{
    dara_source_free(run->source);
    dara_run_sql_rows_free(run->rows);
    json_decref(run->results);
}

/* ---- the script ------------------------------------------------------------------------------------------------------- */

static int read_input(FILE *input, struct dara_text *text)
{
    char room[65536];
    size_t length;
    while ((length = fread(room, 1, sizeof(room), input)) > 0) {
        if (text->length + length > INPUT_LIMIT)
            return dara_error_set(DARA_EFILE, "standard input is larger than 1 GiB");
        dara_text_add_bytes(text, room, length);
    }
    return ferror(input) ? dara_error_set(DARA_EFILE, "cannot read standard input") : 0;
}

static int read_script(struct run *run)
{
    const char *script = run->request->script;
    struct stat info;
    if (!strcmp(script, "-")) {
        DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
        int code = read_input(run->request->input, &text);
        return code ? code
                    : dara_source_take(run->driver, "standard input", dara_text_string(&text), text.length,
                                       &run->source);
    }
    if (stat(script, &info) == 0)
        return dara_source_read(run->driver, script, &run->source);
    int code = dara_source_take(run->driver, NULL, script, strlen(script), &run->source);
    /* One word is more likely a file that is not there than a statement. */
    if (!code && !strpbrk(script, " \t\n") && (dara_source_flags(run->source) & DARA_STATEMENT_UNREAD)) {
        DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
        dara_text_add_visible(&shown, script);
        code = dara_error_set(DARA_EFILE, "there is no file '%s', and it is no statement", dara_text_string(&shown));
    }
    return code;
}

/* What may stand in a script of people: anything that works in one transaction, or one statement that works in none. */
static int check_script(struct run *run)
{
    unsigned forbidden = DARA_STATEMENT_REFUSED | DARA_STATEMENT_TRANSACTION;
    if (run->source->script->count > 1 || run->request->rollback)
        forbidden |= DARA_STATEMENT_NO_TRANSACTION | DARA_STATEMENT_BEFORE_TRANSACTION;
    int code = dara_source_check(run->source, forbidden);
    for (size_t i = 0; i < run->source->script->count; i++)
        if (!(run->source->facts[i]->flags & DARA_STATEMENT_READS) ||
            (run->source->facts[i]->flags & (DARA_STATEMENT_SCHEMA | DARA_STATEMENT_DATA | DARA_STATEMENT_UNREAD)))
            run->writes = true;
    return code;
}

static bool outside_transaction(const struct run *run)
{
    return dara_source_flags(run->source) & (DARA_STATEMENT_NO_TRANSACTION | DARA_STATEMENT_BEFORE_TRANSACTION);
}

/* ---- consent ------------------------------------------------------------------------------------------------------------ */

static void show_hazards(struct run *run)
{
    for (size_t i = 0; i < run->source->script->count; i++) {
        const struct dara_statement_facts *facts = run->source->facts[i];
        for (size_t j = 0; j < facts->hazard_count; j++)
            if (!run->request->csv)
                dara_report_note(run->report, DARA_NOTE_WARN, "line %u: %s (%s)",
                                 run->source->script->statements[i].line, facts->hazards[j].message,
                                 facts->hazards[j].rule);
    }
}

static int consent(struct run *run)
{
    int code = dara_context_guard(run->context);
    if (code || run->request->rollback || run->request->write)
        return code;
    DARA_TEXT_LOCAL question = DARA_TEXT_INIT;
    for (size_t i = 0; i < run->source->script->count; i++)
        for (size_t j = 0; j < run->source->facts[i]->hazard_count; j++)
            dara_text_format(&question, "line %u: %s\n", run->source->script->statements[i].line,
                             run->source->facts[i]->hazards[j].message);
    dara_text_format(&question, "this writes to %s; run it?", run->context->url->redacted);
    code = dara_context_ask(run->context, dara_text_string(&question));
    if (code == DARA_EREFUSED)
        dara_error_hint("give --write to agree beforehand, or --rollback to try it and take it back");
    return code;
}

/* ---- running ------------------------------------------------------------------------------------------------------------ */

static char *heading_of(const struct run *run, size_t index)
{
    const struct dara_statement_facts *facts = run->source->facts[index];
    if (run->source->script->count == 1)
        return NULL;
    return dara_format("Line %u: %s", run->source->script->statements[index].line,
                       facts->kind ? facts->kind : "statement");
}

static int run_statement(struct run *run, struct dara_session *session, size_t index)
{
    const struct dara_statement *statement = &run->source->script->statements[index];
    const struct dara_statement_facts *facts = run->source->facts[index];
    struct dara_reader reader = dara_run_sql_reader(run->rows);
    uint64_t affected = 0;
    int code = dara_session_execute(session, statement->text, statement->length, &reader, &affected);
    if (code)
        return code == DARA_ESTATEMENT ? dara_source_at(run->source, index, code) : code;
    DARA_FREE char *heading = heading_of(run, index);
    json_t *json = json_pack("{s:i, s:s?}", "line", (int)statement->line, "kind", facts->kind);
    code = dara_run_sql_rows_report(run->rows, run->report, heading, json);
    if (facts->flags & DARA_STATEMENT_DATA) {
        json_object_set_new(json, "affected", json_integer((json_int_t)affected));
        run->affected += affected;
    }
    json_array_append_new(run->results, json);
    return code;
}

static int run_all(struct run *run, struct dara_session *session)
{
    int code = 0;
    for (size_t i = 0; !code && i < run->source->script->count; i++)
        code = run_statement(run, session, i);
    return code;
}

static int run_reading(struct run *run)
{
    DARA_SESSION_LOCAL session = NULL;
    int code = dara_context_open(run->context, DARA_MODE_READ, &session);
    bool transaction = !code && dara_driver_has_group(run->driver, "apply") && !outside_transaction(run);
    if (!code && transaction)
        code = dara_session_begin(session, DARA_BEGIN_READ);
    if (!code)
        code = run_all(run, session);
    if (!code && transaction)
        code = dara_session_rollback(session);
    return code;
}

/* Closing the session rolls back what is not committed. */
static int run_writing(struct run *run)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_FREE char *owner = dara_context_owner(run->context);
    bool schema = dara_source_flags(run->source) & DARA_STATEMENT_SCHEMA;
    int code = consent(run);
    if (!code)
        code = dara_context_open(run->context, run->request->rollback ? DARA_MODE_REHEARSE : DARA_MODE_WRITE, &session);
    if (!code)
        code = dara_session_lock(session, owner, run->context->lock_timeout_ms);
    if (code || outside_transaction(run))
        return code ? code : run_all(run, session);
    code = dara_session_begin(session, schema ? DARA_BEGIN_SCHEMA : DARA_BEGIN_DATA);
    if (!code)
        code = run_all(run, session);
    if (!code && run->request->rollback)
        code = dara_session_validate(session);
    if (code)
        return code;
    return run->request->rollback ? dara_session_rollback(session) : dara_session_commit(session);
}

static void conclude(struct run *run)
{
    if (run->request->csv)
        return;
    dara_report_bool(run->report, "writes", NULL, run->writes);
    dara_report_bool(run->report, "rolled_back", NULL, run->request->rollback);
    dara_report_int(run->report, "affected", NULL, (int64_t)run->affected);
    dara_report_json(run->report, "statements", json_incref(run->results));
    if (!run->writes)
        return;
    const char *rows = run->affected == 1 ? "row" : "rows";
    if (run->request->rollback)
        dara_report_note(run->report, DARA_NOTE_OK, "%llu %s would be changed; taken back, nothing is changed",
                         (unsigned long long)run->affected, rows);
    else
        dara_report_note(run->report, DARA_NOTE_OK, "%llu %s changed", (unsigned long long)run->affected, rows);
}

int dara_run_sql(struct dara_context *context, const struct dara_run_sql_request *request, struct dara_report *report)
{
    DARA_CLEANUP(run_done) struct run run = {.context = context, .request = request, .report = report};
    int code = dara_context_url(context);
    if (!code)
        code = dara_context_driver(context, &run.driver);
    if (!code)
        code = read_script(&run);
    if (!code)
        code = check_script(&run);
    if (code)
        return code;
    run.results = json_array();
    run.rows = dara_run_sql_rows_new(request);
    show_hazards(&run);
    code = run.writes ? run_writing(&run) : run_reading(&run);
    if (!code)
        conclude(&run);
    return code;
}
