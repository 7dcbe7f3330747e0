/* SPDX-License-Identifier: MIT */
/* The SQLite driver: its descriptor and tables. */
#include "driver.h"

static const char *const schemes[] = {"sqlite", "sqlite3", "file", NULL};

static const struct dara_session_ops session = {
    .size = sizeof(session),
    .open = sqlite_session_open,
    .close = sqlite_session_close,
    .describe = sqlite_session_describe,
    .ping = sqlite_session_ping,
    .create = sqlite_session_create,
    .cancel = sqlite_session_cancel,
    .diagnose = sqlite_session_diagnose,
};

static const struct dara_introspect_ops introspect = {
    .size = sizeof(introspect),
    .kinds = sqlite_kinds,
    .read = sqlite_introspect_read,
    .count_rows = sqlite_introspect_count_rows,
};

static const struct dara_dialect_ops dialect = {
    .size = sizeof(dialect),
    .extension = "sql",
    .delimiter = ";\n",
    .quote = sqlite_dialect_quote,
    .split = sqlite_dialect_split,
    .classify = sqlite_dialect_classify,
    .render = sqlite_dialect_render,
    .change = sqlite_dialect_change,
    .prepare = sqlite_dialect_prepare,
    .begin_snapshot = sqlite_dialect_begin_snapshot,
    .end_snapshot = sqlite_dialect_end_snapshot,
    .read_rows = sqlite_dialect_read_rows,
    .delete_rows = sqlite_dialect_delete_rows,
    .rename = sqlite_dialect_rename,
};

static const struct dara_apply_ops apply = {
    .size = sizeof(apply),
    .lock = sqlite_apply_lock,
    .unlock = sqlite_apply_unlock,
    .begin = sqlite_apply_begin,
    .execute = sqlite_apply_execute,
    .commit = sqlite_apply_commit,
    .rollback = sqlite_apply_rollback,
    .history_ensure = sqlite_apply_history_ensure,
    .history_list = sqlite_apply_history_list,
    .history_record = sqlite_apply_history_record,
    .validate = sqlite_apply_validate,
    .savepoint = sqlite_apply_savepoint,
    .release = sqlite_apply_release,
    .rollback_to = sqlite_apply_rollback_to,
    .reset = sqlite_apply_reset,
};

static const struct dara_scratch_ops scratch = {
    .size = sizeof(scratch),
    .open = sqlite_scratch_open,
};

static const struct dara_bulk_ops bulk = {
    .size = sizeof(bulk),
    .export_rows = sqlite_bulk_export_rows,
};

static const struct dara_audit_ops audit = {
    .size = sizeof(audit),
    .rules = sqlite_audit_rules,
    .schema = sqlite_audit_schema,
    .type = sqlite_audit_type,
    .index = sqlite_audit_index,
    .fix = sqlite_audit_fix,
    .probe = sqlite_audit_probe,
};

DARA_DRIVER_DEFINE(sqlite, .version = DARA_VERSION, .description = "SQLite database files", .schemes = schemes,
                   .url_help = "sqlite:PATH", .features = DARA_FEATURE_TRANSACTIONAL_DDL | DARA_FEATURE_FILE,
                   .session = &session, .introspect = &introspect, .dialect = &dialect, .apply = &apply,
                   .scratch = &scratch, .bulk = &bulk, .audit = &audit,
                   .policy_instead = "SQLite has no users: give each owner of rows a database file of their own");
