/* SPDX-License-Identifier: MIT */
#include "service/policy-apply.h"

#include <dara/version.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "service/journal.h"
#include "service/run.h"
#include "service/show.h"

struct apply {
    struct dara_context *context;
    const struct dara_policy_apply_request *request;
    struct dara_report *report;
    const struct dara_driver *driver;
    struct dara_session *session;
    struct dara_model *before, *after;
    struct dara_plan *plan;
    struct dara_diff *diff;
    bool shown;
};

static void round_done(struct apply *apply)
{
    apply->diff = dara_diff_free(apply->diff);
    apply->plan = dara_plan_free(apply->plan);
    apply->before = dara_model_free(apply->before);
    apply->after = dara_model_free(apply->after);
    apply->session = dara_session_close(apply->session);
}

/* ---- one round: in a session that cannot commit, or in the real one ----------------------------------------------------- */

static int begin(struct apply *apply, enum dara_mode mode)
{
    DARA_FREE char *owner = dara_context_owner(apply->context);
    int code = dara_context_open(apply->context, mode, &apply->session);
    if (!code)
        code = dara_session_lock(apply->session, owner, apply->context->lock_timeout_ms);
    if (!code)
        code = dara_interrupted_refuse(apply->session, "policies are changed");
    if (!code)
        code = dara_session_begin(apply->session, DARA_BEGIN_SCHEMA);
    return code ? code : dara_session_read(apply->session, &apply->before);
}

static int install(struct apply *apply)
{
    int code = dara_session_install(apply->session, &apply->request->policy, &apply->plan);
    for (size_t i = 0; !code && i < dara_plan_count(apply->plan); i++) {
        const char *text = dara_plan_at(apply->plan, i)->text;
        code = dara_session_execute(apply->session, text, strlen(text), NULL, NULL);
        if (code == DARA_ESTATEMENT)
            dara_error_detail("the statement was: %s", text);
    }
    if (!code)
        code = dara_session_read(apply->session, &apply->after);
    return code ? code : dara_diff_new(apply->before, apply->after, &apply->diff);
}

static void show(struct apply *apply)
{
    DARA_TEXT_LOCAL sql = DARA_TEXT_INIT;
    if (apply->shown)
        return;
    apply->shown = true;
    dara_plan_write(apply->plan, apply->driver, &sql);
    dara_report_block(apply->report, "sql", "Statements", "sql", dara_text_string(&sql));
    dara_show_diff(apply->report, "What changes", apply->diff);
}

static int check_all(struct apply *apply, const struct dara_checks *checks)
{
    struct dara_table *table = dara_report_table(apply->report, "proof", "Proof", NULL);
    const struct dara_check *failed = NULL;
    dara_table_column(table, "name", "tried", DARA_CELL_TEXT);
    dara_table_column(table, "verdict", "verdict", DARA_CELL_STATUS);
    dara_table_column(table, "detail", "what came of it", DARA_CELL_TEXT);
    for (size_t i = 0; i < dara_checks_count(checks); i++) {
        const struct dara_check *check = dara_checks_at(checks, i);
        bool fails = check->verdict == DARA_VERDICT_FAIL;
        dara_table_row(table);
        dara_table_text(table, check->name);
        dara_table_text(table, fails ? "failed" : check->verdict == DARA_VERDICT_OK ? "ok" : "not told");
        dara_table_text(table, check->detail);
        failed = failed || !fails ? failed : check;
    }
    if (!failed)
        return 0;
    dara_error_set(DARA_EDIFFERENT, "the proof failed, so nothing was kept: '%s' is not so: %s", failed->name,
                   failed->detail);
    dara_error_hint("look for another policy on the table that lets it through, or for a right that is missing");
    return DARA_EDIFFERENT;
}

static int prove(struct apply *apply)
{
    struct dara_checks *checks = dara_checks_new();
    int code = dara_session_prove(apply->session, &apply->request->policy, checks);
    if (!code)
        code = check_all(apply, checks);
    dara_checks_free(checks);
    return code;
}

/* ---- keeping it --------------------------------------------------------------------------------------------------------- */

static int snapshot(struct apply *apply)
{
    struct dara_snapshot *taken = NULL;
    if (apply->request->no_snapshot)
        return 0;
    int code = dara_context_project(apply->context);
    if (code && !apply->context->url_text)
        return code;
    if (code) { /* a URL and no project: there is no place for one */
        dara_error_clear();
        dara_report_note(apply->report, DARA_NOTE_WARN, "no snapshot was taken: there is no project here");
        return 0;
    }
    DARA_FREE char *label = dara_format("pre_policy_%s", apply->request->policy.table);
    const struct dara_snapshot_request request = {.label = label, .purpose = "taken by policy-apply"};
    code = dara_snapshot_write(apply->context, apply->session, apply->before, &request, &taken);
    if (!code)
        dara_show_snapshot(apply->report, "snapshot_before", "snapshot before", taken);
    dara_snapshot_free(taken);
    return code;
}

/* Where the schema was known before, it is known after; a drift stays one. */
static int record(struct apply *apply)
{
    DARA_HISTORY_LOCAL history = NULL;
    DARA_TEXT_LOCAL sql = DARA_TEXT_INIT;
    DARA_FREE char *who = dara_clock_whoami();
    const struct dara_history_entry *last = NULL;
    char now[21], checksum[65], version[65 + 21], fingerprint[65];
    int code = dara_session_history_ensure(apply->session);
    code = code ? code : dara_session_history_list(apply->session, &history);
    if (code)
        return code;
    bool drifted = dara_run_drifted(history, apply->before, &last);
    dara_clock_iso(dara_clock_now(), now);
    dara_plan_write(apply->plan, apply->driver, &sql);
    dara_sha256(dara_text_string(&sql), sql.length, checksum);
    snprintf(version, sizeof(version), "%s %.16s", now, checksum);
    dara_model_fingerprint(apply->after, fingerprint);
    return dara_session_history_record(
        apply->session, &(struct dara_history_entry){.size = sizeof(struct dara_history_entry),
                                                     .kind = "policy",
                                                     .version = version,
                                                     .name = apply->request->policy.table,
                                                     .state = "applied",
                                                     .checksum = checksum,
                                                     .fingerprint = last && !drifted ? fingerprint : NULL,
                                                     .applied_at = now,
                                                     .applied_by = who,
                                                     .tool = "dara " DARA_VERSION});
}

static int ask(struct apply *apply)
{
    DARA_TEXT_LOCAL question = DARA_TEXT_INIT;
    dara_plan_write(apply->plan, apply->driver, &question);
    dara_text_format(&question, "run this on %s, where the proof succeeded?", apply->context->url->redacted);
    return dara_context_ask(apply->context, dara_text_string(&question));
}

/* ---- all of it ---------------------------------------------------------------------------------------------------------- */

/* `*ret_done`: there is nothing to do. */
static int try_it(struct apply *apply, enum dara_mode mode, bool *ret_done)
{
    int code = begin(apply, mode);
    if (!code)
        code = install(apply);
    if (code)
        return code;
    *ret_done = dara_diff_count(apply->diff) == 0;
    show(apply);
    return 0;
}

static int rehearse(struct apply *apply, bool *ret_done)
{
    int code = try_it(apply, DARA_MODE_REHEARSE, ret_done);
    if (!code)
        code = prove(apply);
    if (!code && !*ret_done && !apply->request->dry_run)
        code = ask(apply);
    round_done(apply);
    return code;
}

/* What was proved in the rehearsal is proved again: what is committed is what was tried. */
static int run(struct apply *apply, bool proved)
{
    bool done = false;
    int code = try_it(apply, DARA_MODE_WRITE, &done);
    if (!code && !done)
        code = snapshot(apply);
    if (!code && !proved)
        code = prove(apply);
    if (!code && !done)
        code = record(apply);
    if (!code && !done)
        code = dara_session_commit(apply->session);
    round_done(apply);
    if (!code)
        dara_report_note(apply->report, DARA_NOTE_OK,
                         done ? "the table has these policies already: nothing is changed" : "applied");
    return code;
}

int dara_policy_apply(struct dara_context *context, const struct dara_policy_apply_request *request,
                      struct dara_report *report)
{
    struct apply apply = {.context = context, .request = request, .report = report};
    bool ahead = request->dry_run || !context->yes, done = false;
    int code = dara_context_driver(context, &apply.driver);
    if (!code)
        code = dara_driver_require(apply.driver, "policy", "install row-level security");
    if (!code)
        code = dara_context_url(context);
    if (!code)
        code = dara_context_guard(context);
    if (!code && ahead)
        code = rehearse(&apply, &done);
    dara_report_bool(report, "dry_run", NULL, request->dry_run);
    if (!code && (done || request->dry_run))
        dara_report_note(report, DARA_NOTE_OK,
                         done ? "the table has these policies already: nothing is changed"
                              : "it works; taken back, nothing is changed");
    else if (!code)
        code = run(&apply, ahead);
    round_done(&apply);
    return code;
}
