/* SPDX-License-Identifier: MIT */
/* The PostgreSQL driver: its descriptor and tables. */
#include "pg.h"

static const char *const schemes[] = {"postgres", "postgresql", NULL};

static const struct dara_session_ops session = {
    .size = sizeof(session),
    .open = postgres_session_open,
    .close = postgres_session_close,
    .describe = postgres_session_describe,
    .ping = postgres_session_ping,
    .create = postgres_session_create,
    .cancel = postgres_session_cancel,
    .diagnose = postgres_session_diagnose,
};

static const struct dara_introspect_ops introspect = {
    .size = sizeof(introspect),
    .kinds = postgres_kinds,
    .read = postgres_introspect_read,
    .count_rows = postgres_introspect_count_rows,
};

static const struct dara_dialect_ops dialect = {
    .size = sizeof(dialect),
    .extension = "sql",
    .delimiter = ";\n",
    .quote = postgres_dialect_quote,
    .split = postgres_dialect_split,
    .classify = postgres_dialect_classify,
    .render = postgres_dialect_render,
    .change = postgres_dialect_change,
    .prepare = postgres_dialect_prepare,
    .begin_snapshot = postgres_dialect_begin_snapshot,
    .end_snapshot = postgres_dialect_end_snapshot,
    .begin_plan = postgres_dialect_begin_plan,
    .end_plan = postgres_dialect_end_plan,
    .render_asked = postgres_dialect_render_asked,
    .rename = postgres_dialect_rename,
};

static const struct dara_apply_ops apply = {
    .size = sizeof(apply),
    .lock = postgres_apply_lock,
    .unlock = postgres_apply_unlock,
    .begin = postgres_apply_begin,
    .execute = postgres_apply_execute,
    .execute_all = postgres_apply_execute_all,
    .commit = postgres_apply_commit,
    .rollback = postgres_apply_rollback,
    .history_ensure = postgres_apply_history_ensure,
    .history_list = postgres_apply_history_list,
    .history_record = postgres_apply_history_record,
    .history_record_all = postgres_apply_history_record_all,
    .validate = postgres_apply_validate,
    .savepoint = postgres_apply_savepoint,
    .release = postgres_apply_release,
    .rollback_to = postgres_apply_rollback_to,
    .reset = postgres_apply_reset,
    .observe = postgres_apply_observe,
    .journal_ensure = postgres_apply_journal_ensure,
    .journal_list = postgres_apply_journal_list,
    .journal_record = postgres_apply_journal_record,
    .journal_forget = postgres_apply_journal_forget,
    .settle = postgres_apply_settle,
};

static const struct dara_scratch_ops scratch = {
    .size = sizeof(scratch),
    .open = postgres_scratch_open,
};

static const struct dara_bulk_ops bulk = {
    .size = sizeof(bulk),
    .export_rows = postgres_bulk_export_rows,
};

DARA_DRIVER_DEFINE(postgres, .version = DARA_VERSION, .description = "PostgreSQL 13 and newer", .schemes = schemes,
                   .url_help = "postgres://USER@HOST/DATABASE",
                   .features = DARA_FEATURE_TRANSACTIONAL_DDL | DARA_FEATURE_LOCK_QUEUE, .session = &session,
                   .introspect = &introspect, .dialect = &dialect, .apply = &apply, .scratch = &scratch, .bulk = &bulk);
