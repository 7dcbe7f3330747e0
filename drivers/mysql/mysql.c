/* SPDX-License-Identifier: MIT */
/* The driver for MySQL and MariaDB: its descriptor and tables. */
#include "apply.h"
#include "ask.h"
#include "change.h"
#include "classify.h"
#include "quote.h"
#include "script.h"
#include "search.h"

static const char *const schemes[] = {"mysql", "mariadb", NULL};

static const struct dara_session_ops session = {
    .size = sizeof(session),
    .open = mysql_session_open,
    .close = mysql_session_close,
    .describe = mysql_session_describe,
    .ping = mysql_session_ping,
    .create = mysql_session_create,
    .cancel = mysql_session_cancel,
    .diagnose = mysql_session_diagnose,
};

static const struct dara_introspect_ops introspect = {
    .size = sizeof(introspect),
    .kinds = mysql_kinds,
    .read = mysql_introspect_read,
    .count_rows = mysql_introspect_count_rows,
    .sizes = mysql_introspect_sizes,
};

static const struct dara_dialect_ops dialect = {
    .size = sizeof(dialect),
    .extension = "sql",
    .delimiter = ";\n",
    .quote = mysql_dialect_quote,
    .split = mysql_dialect_split,
    .classify = mysql_dialect_classify,
    .render = mysql_dialect_render,
    .change = mysql_dialect_change,
    .prepare = mysql_dialect_prepare,
    .begin_snapshot = mysql_dialect_begin_snapshot,
    .end_snapshot = mysql_dialect_end_snapshot,
    .read_rows = mysql_dialect_read_rows,
    .delete_rows = mysql_dialect_delete_rows,
    .begin_plan = mysql_dialect_begin_plan,
    .end_plan = mysql_dialect_end_plan,
    .rename = mysql_dialect_rename,
    .render_asked = mysql_dialect_render_asked,
    .render_unowned = mysql_dialect_render_unowned,
    .write = mysql_dialect_write,
};

static const struct dara_apply_ops apply = {
    .size = sizeof(apply),
    .lock = mysql_apply_lock,
    .unlock = mysql_apply_unlock,
    .begin = mysql_apply_begin,
    .execute = mysql_apply_execute,
    .commit = mysql_apply_commit,
    .rollback = mysql_apply_rollback,
    .history_ensure = mysql_apply_history_ensure,
    .history_list = mysql_apply_history_list,
    .history_record = mysql_apply_history_record,
    .savepoint = mysql_apply_savepoint,
    .release = mysql_apply_release,
    .rollback_to = mysql_apply_rollback_to,
    .reset = mysql_apply_reset,
    .journal_ensure = mysql_apply_journal_ensure,
    .journal_list = mysql_apply_journal_list,
    .journal_record = mysql_apply_journal_record,
    .journal_forget = mysql_apply_journal_forget,
    .journal_step = mysql_apply_journal_step,
    .observe = mysql_apply_observe,
    .search = mysql_apply_search,
};

static const struct dara_scratch_ops scratch = {
    .size = sizeof(scratch),
    .open = mysql_scratch_open,
};

static const struct dara_bulk_ops bulk = {
    .size = sizeof(bulk),
    .export_rows = mysql_bulk_export_rows,
    .restoring = mysql_bulk_restoring,
};

static const struct dara_audit_ops audit = {
    .size = sizeof(audit),
    .rules = mysql_audit_rules,
    .schema = mysql_audit_schema,
    .type = mysql_audit_type,
    .index = mysql_audit_index,
    .fix = mysql_audit_fix,
    .probe = mysql_audit_probe,
};

static const char policy_instead[] =
    "MySQL and MariaDB have no row-level security: give a role (CREATE ROLE, GRANT) rights on a view with SQL SECURITY "
    "DEFINER and a WHERE over USER(), or on routines, and none on the table itself";

DARA_DRIVER_DEFINE(mysql, .version = DARA_VERSION, .description = "MySQL 8.0, MariaDB 10.5 and newer",
                   .features = DARA_FEATURE_LOCK_QUEUE, .schemes = schemes, .url_help = "mysql://USER@HOST/DATABASE",
                   .session = &session, .introspect = &introspect, .dialect = &dialect, .apply = &apply,
                   .scratch = &scratch, .bulk = &bulk, .audit = &audit, .policy_instead = policy_instead);
