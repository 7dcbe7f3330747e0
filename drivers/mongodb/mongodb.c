/* SPDX-License-Identifier: MIT */
/* The driver for MongoDB: its descriptor and tables. */
#include "apply.h"
#include "audit.h"
#include "command.h"
#include "mg.h"
#include "render.h"

static const char *const schemes[] = {"mongodb", "mongodb+srv", NULL};

static const struct dara_session_ops session = {
    .size = sizeof(session),
    .open = mongodb_session_open,
    .close = mongodb_session_close,
    .describe = mongodb_session_describe,
    .ping = mongodb_session_ping,
    .cancel = mongodb_session_cancel,
    .diagnose = mongodb_session_diagnose,
};

static const struct dara_introspect_ops introspect = {
    .size = sizeof(introspect),
    .kinds = mongodb_kinds,
    .read = mongodb_introspect_read,
    .count_rows = mongodb_introspect_count_rows,
};

static const struct dara_dialect_ops dialect = {
    .size = sizeof(dialect),
    .extension = "json",
    .delimiter = "\n",
    .quote = mongodb_dialect_quote,
    .split = mongodb_dialect_split,
    .classify = mongodb_dialect_classify,
    .render = mongodb_dialect_render,
    .change = mongodb_dialect_change,
    .prepare = mongodb_dialect_prepare,
    .begin_snapshot = mongodb_dialect_begin_snapshot,
    .comment = "// ",
    .rename = mongodb_dialect_rename,
    .delete_rows = mongodb_dialect_delete_rows,
};

static const struct dara_apply_ops apply = {
    .size = sizeof(apply),
    .lock = mongodb_apply_lock,
    .unlock = mongodb_apply_unlock,
    .begin = mongodb_apply_begin,
    .execute = mongodb_apply_execute,
    .commit = mongodb_apply_commit,
    .rollback = mongodb_apply_rollback,
    .history_ensure = mongodb_apply_history_ensure,
    .history_list = mongodb_apply_history_list,
    .history_record = mongodb_apply_history_record,
    .reset = mongodb_apply_reset,
    .journal_ensure = mongodb_apply_journal_ensure,
    .journal_list = mongodb_apply_journal_list,
    .journal_record = mongodb_apply_journal_record,
    .journal_forget = mongodb_apply_journal_forget,
    .history_record_all = mongodb_apply_history_record_all,
};

static const struct dara_scratch_ops scratch = {
    .size = sizeof(scratch),
    .open = mongodb_scratch_open,
};

static const struct dara_bulk_ops bulk = {
    .size = sizeof(bulk),
    .export_rows = mongodb_bulk_export_rows,
};

static const struct dara_audit_ops audit = {
    .size = sizeof(audit),
    .rules = mongodb_audit_rules,
    .index = mongodb_audit_index,
};

static const char policy_instead[] =
    "MongoDB has no row-level security: give a role (createRole) rights on a view whose pipeline keeps to $match or "
    "$redact, and none on the collection itself";

DARA_DRIVER_DEFINE(mongodb, .version = DARA_VERSION, .description = "MongoDB 4.4 and newer", .schemes = schemes,
                   .url_help = "mongodb://USER@HOST/DATABASE", .session = &session, .introspect = &introspect,
                   .dialect = &dialect, .apply = &apply, .scratch = &scratch, .bulk = &bulk, .audit = &audit,
                   .policy_instead = policy_instead);
