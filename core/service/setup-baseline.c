/* SPDX-License-Identifier: MIT */
/* What setting up writes to the database: the history, its baseline, and what another tool's history says. */
#include "service/setup-parts.h"

#include <string.h>

#include <dara/version.h>

#include "base/clock.h"
#include "service/show.h"
#include "service/snapshot.h"

#define BASELINE "baseline"

static bool has_baseline(const struct dara_setup *setup)
{
    for (size_t i = 0; i < setup->history->count; i++)
        if (!strcmp(setup->history->entries[i].kind, "baseline"))
            return true;
    return false;
}

static int record_baseline(struct dara_setup *setup, struct dara_session *session)
{
    char version[15], now[21], fingerprint[65];
    DARA_FREE char *who = dara_clock_whoami();
    time_t when = dara_clock_now();
    dara_clock_version(when, version);
    dara_clock_iso(when, now);
    dara_model_fingerprint(setup->model, fingerprint);
    return dara_session_history_record(session, &(struct dara_history_entry){.size = sizeof(struct dara_history_entry),
                                                                             .kind = "baseline",
                                                                             .version = version,
                                                                             .name = BASELINE,
                                                                             .state = "applied",
                                                                             .checksum = fingerprint,
                                                                             .fingerprint = fingerprint,
                                                                             .applied_at = now,
                                                                             .applied_by = who,
                                                                             .tool = "dara " DARA_VERSION});
}

static int write_snapshot(struct dara_setup *setup, struct dara_session *session)
{
    struct dara_snapshot *snapshot = NULL;
    struct dara_snapshot_request request = {
        .label = BASELINE, .purpose = "the schema that dara found when the project was set up", .keep = true};
    int code = dara_snapshot_write(setup->context, session, setup->model, &request, &snapshot);
    if (code)
        return code;
    dara_show_snapshot(setup->report, "snapshot", "snapshot", snapshot);
    dara_snapshot_free(snapshot);
    return 0;
}

/* The history tables of other tools: said, or taken over where --import names one. */
static int look_for_foreign(struct dara_setup *setup, const struct dara_foreign *found, size_t count,
                            const struct dara_foreign **ret_wanted)
{
    const char *wanted = setup->request->import;
    struct dara_table *table = dara_report_table(setup->report, "foreign_histories", "Histories of other tools", NULL);
    dara_table_column(table, "tool", "tool", DARA_CELL_TEXT);
    dara_table_column(table, "table", "table", DARA_CELL_TEXT);
    for (size_t i = 0; i < count; i++) {
        dara_table_row(table);
        dara_table_text(table, found[i].tool);
        dara_table_text(table, dara_object_name(found[i].table));
        if (wanted && !strcmp(wanted, found[i].tool))
            *ret_wanted = &found[i];
        if (!wanted)
            dara_report_note(setup->report, DARA_NOTE_HINT,
                             "the history of %s is here: --import %s records its versions as applied", found[i].tool,
                             found[i].tool);
    }
    if (!wanted || *ret_wanted)
        return 0;
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, wanted);
    dara_error_set(DARA_ECONFIG, "there is no history of '%s' in this database", dara_text_string(&shown));
    dara_error_hint("found: %s", count ? found[0].tool : "none");
    return DARA_ECONFIG;
}

static int import(struct dara_setup *setup, struct dara_session *session, const struct dara_foreign *foreign)
{
    size_t count = 0;
    int code = dara_foreign_import(setup->context, session, foreign, setup->history, &count);
    if (code)
        return code;
    dara_report_int(setup->report, "imported", "imported versions", (int64_t)count);
    if (dara_foreign_remark(foreign))
        dara_report_note(setup->report, DARA_NOTE_INFO, "%s: %s", foreign->tool, dara_foreign_remark(foreign));
    return 0;
}

static int write_history(struct dara_setup *setup, struct dara_session *session, const struct dara_foreign *foreign)
{
    int code = dara_session_begin(session, DARA_BEGIN_SCHEMA);
    if (code)
        return code;
    code = dara_session_history_ensure(session);
    if (!code && !has_baseline(setup))
        code = record_baseline(setup, session);
    if (!code && foreign)
        code = import(setup, session, foreign);
    if (!code)
        code = dara_session_commit(session);
    return code;
}

/* Under the lock: another run may have been faster, and what is recorded must be what is there. The model stays the one that
 * was read first, which others point into. */
static int look_again(struct dara_setup *setup, struct dara_session *session)
{
    DARA_MODEL_LOCAL now = NULL;
    struct dara_history_list *history = NULL;
    char before[65], after[65];
    int code = dara_session_begin(session, DARA_BEGIN_READ);
    if (!code)
        code = dara_session_read(session, &now);
    if (!code)
        code = dara_session_history_list(session, &history);
    if (code)
        return code;
    dara_history_list_free(setup->history);
    setup->history = history;
    if ((code = dara_session_rollback(session)))
        return code;
    dara_model_fingerprint(setup->model, before);
    dara_model_fingerprint(now, after);
    if (!strcmp(before, after))
        return 0;
    dara_error_set(DARA_EREFUSED, "the schema changed while the database was set up; nothing is recorded");
    dara_error_hint("run it again");
    return DARA_EREFUSED;
}

/* Everything that writes to the database. */
static int adopt(struct dara_setup *setup, const struct dara_foreign *foreign)
{
    DARA_SESSION_LOCAL session = NULL;
    DARA_FREE char *owner = dara_context_owner(setup->context);
    int code = dara_context_guard(setup->context);
    if (!code)
        code = dara_context_open(setup->context, DARA_MODE_WRITE, &session);
    if (!code)
        code = dara_session_lock(session, owner, setup->context->lock_timeout_ms);
    if (code || (code = look_again(setup, session)))
        return code;
    bool baseline = has_baseline(setup);
    if (baseline && !foreign) {
        dara_report_note(setup->report, DARA_NOTE_OK, "another run was faster: the baseline is recorded");
        return 0;
    }
    if (!setup->snapshot_there && !baseline)
        code = write_snapshot(setup, session);
    if (!code)
        code = write_history(setup, session, foreign);
    if (!code && !baseline)
        dara_report_note(setup->report, DARA_NOTE_OK, "the history table is made and the baseline recorded");
    return code;
}

static int find_snapshot(struct dara_setup *setup)
{
    struct dara_snapshot **list = NULL;
    size_t count = 0;
    int code = dara_snapshot_list(setup->context, &list, &count);
    if (code)
        return code;
    for (size_t i = 0; i < count; i++)
        setup->snapshot_there = setup->snapshot_there || !strcmp(list[i]->label, BASELINE);
    dara_snapshot_list_free(list, count);
    return 0;
}

static void say_intent(struct dara_setup *setup, const struct dara_foreign *wanted)
{
    if (!has_baseline(setup))
        dara_report_note(setup->report, DARA_NOTE_INFO, "would make the history table and record the baseline%s",
                         setup->snapshot_there ? "" : ", with the snapshot '" BASELINE "'");
    if (wanted)
        dara_report_note(setup->report, DARA_NOTE_INFO, "would record the versions in the history of %s", wanted->tool);
    dara_report_note(setup->report, DARA_NOTE_INFO, "nothing was made");
}

int dara_setup_settle(struct dara_setup *setup)
{
    struct dara_foreign *found = NULL;
    const struct dara_foreign *wanted = NULL;
    size_t count = dara_foreign_find(setup->model, &found);
    int code = look_for_foreign(setup, found, count, &wanted);
    if (!code)
        code = find_snapshot(setup);
    if (!code && setup->request->dry_run)
        say_intent(setup, wanted);
    else if (!code && (!has_baseline(setup) || wanted))
        code = adopt(setup, wanted);
    else if (!code && !setup->files.made)
        dara_report_note(setup->report, DARA_NOTE_OK, "everything is there; nothing was changed");
    dara_foreign_free(found, count);
    return code;
}
