/* SPDX-License-Identifier: MIT */
/* The PostgreSQL driver: its descriptor and tables. */
#include "tables.h"

static const char *const schemes[] = {"postgres", "postgresql", NULL};

static const char *const kin[] = {".supabase.co supabase", ".supabase.com supabase", NULL};

static const struct dara_session_ops session = {
    .size = sizeof(session),
    POSTGRES_SESSION_OPS,
    .open = postgres_session_open,
    .describe = postgres_session_describe,
    .create = postgres_session_create,
};

static const struct dara_introspect_ops introspect = {.size = sizeof(introspect), POSTGRES_INTROSPECT_OPS};

static const struct dara_dialect_ops dialect = {
    .size = sizeof(dialect),
    POSTGRES_DIALECT_OPS,
    .render = postgres_dialect_render,
};

static const struct dara_apply_ops apply = {
    .size = sizeof(apply),
    POSTGRES_APPLY_OPS,
    .history_ensure = postgres_apply_history_ensure,
    .history_list = postgres_apply_history_list,
    .history_record = postgres_apply_history_record,
    .history_record_all = postgres_apply_history_record_all,
    .journal_ensure = postgres_apply_journal_ensure,
};

static const struct dara_scratch_ops scratch = {
    .size = sizeof(scratch),
    .open = postgres_scratch_open,
};

static const struct dara_bulk_ops bulk = {.size = sizeof(bulk), POSTGRES_BULK_OPS};

static const struct dara_audit_ops audit = {.size = sizeof(audit), POSTGRES_AUDIT_OPS};

static const struct dara_policy_ops policy = {
    .size = sizeof(policy),
    POSTGRES_POLICY_OPS,
    .find = postgres_policy_find,
};

DARA_DRIVER_DEFINE(postgres, .version = DARA_VERSION, .description = "PostgreSQL 13 and newer", .schemes = schemes,
                   .url_help = "postgres://USER@HOST/DATABASE",
                   .features = DARA_FEATURE_TRANSACTIONAL_DDL | DARA_FEATURE_LOCK_QUEUE, .session = &session,
                   .introspect = &introspect, .dialect = &dialect, .apply = &apply, .scratch = &scratch, .bulk = &bulk,
                   .kin = kin, .audit = &audit, .policy = &policy);
