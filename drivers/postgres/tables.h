/* SPDX-License-Identifier: MIT */
/* Members of the tables of operations that a driver composed from this one has in common with it. */
#ifndef DARA_POSTGRES_TABLES_H
#define DARA_POSTGRES_TABLES_H

#include "pg.h"

/* clang-format off */
/* All but open, describe and create. */
#define POSTGRES_SESSION_OPS            \
    .close = postgres_session_close,    \
    .ping = postgres_session_ping,      \
    .cancel = postgres_session_cancel,  \
    .diagnose = postgres_session_diagnose

#define POSTGRES_INTROSPECT_OPS             \
    .kinds = postgres_kinds,                \
    .read = postgres_introspect_read,       \
    .count_rows = postgres_introspect_count_rows

/* All but render. */
#define POSTGRES_DIALECT_OPS                            \
    .extension = "sql",                                 \
    .delimiter = ";\n",                                 \
    .quote = postgres_dialect_quote,                    \
    .split = postgres_dialect_split,                    \
    .classify = postgres_dialect_classify,              \
    .change = postgres_dialect_change,                  \
    .prepare = postgres_dialect_prepare,                \
    .begin_snapshot = postgres_dialect_begin_snapshot,  \
    .end_snapshot = postgres_dialect_end_snapshot,      \
    .begin_plan = postgres_dialect_begin_plan,          \
    .end_plan = postgres_dialect_end_plan,              \
    .render_asked = postgres_dialect_render_asked,      \
    .read_rows = postgres_dialect_read_rows,            \
    .delete_rows = postgres_dialect_delete_rows,        \
    .rename = postgres_dialect_rename

/* All but the history and making the journal. */
#define POSTGRES_APPLY_OPS                              \
    .lock = postgres_apply_lock,                        \
    .unlock = postgres_apply_unlock,                    \
    .begin = postgres_apply_begin,                      \
    .execute = postgres_apply_execute,                  \
    .execute_all = postgres_apply_execute_all,          \
    .commit = postgres_apply_commit,                    \
    .rollback = postgres_apply_rollback,                \
    .validate = postgres_apply_validate,                \
    .savepoint = postgres_apply_savepoint,              \
    .release = postgres_apply_release,                  \
    .rollback_to = postgres_apply_rollback_to,          \
    .reset = postgres_apply_reset,                      \
    .observe = postgres_apply_observe,                  \
    .weigh = postgres_apply_weigh,                      \
    .journal_list = postgres_apply_journal_list,        \
    .journal_record = postgres_apply_journal_record,    \
    .journal_forget = postgres_apply_journal_forget,    \
    .settle = postgres_apply_settle

#define POSTGRES_BULK_OPS .export_rows = postgres_bulk_export_rows
#define POSTGRES_AUDIT_OPS .rules = postgres_audit_rules, .schema = postgres_audit_schema, .file = postgres_audit_file, .type = postgres_audit_type, \
 .index = postgres_audit_index, .fix = postgres_audit_fix, .follows = postgres_audit_follows, .probe = postgres_audit_probe
/* All but find. */
#define POSTGRES_POLICY_OPS .act = postgres_policy_act, .access = postgres_policy_access, .install = postgres_policy_install, .prove = postgres_policy_prove
/* clang-format on */

#endif
