/* SPDX-License-Identifier: MIT */
/* The Supabase driver: its descriptor and tables. */
#include "postgres/tables.h"
#include "supa.h"

/* What the platform brings along, by the schemas that its own tools leave out. */
static const char *const schemas[] = {"auth",
                                      "cron",
                                      "extensions",
                                      "graphql",
                                      "graphql_public",
                                      "net",
                                      "pgbouncer",
                                      "pgmq",
                                      "pgsodium",
                                      "pgsodium_masks",
                                      "realtime",
                                      "_realtime",
                                      "storage",
                                      "supabase_functions",
                                      "supabase_migrations",
                                      "_analytics",
                                      "_supavisor",
                                      "vault",
                                      NULL};
const struct postgres_platform supabase_platform = {.schemas = schemas,
                                                    .own_schema = SUPABASE_HISTORY_SCHEMA,
                                                    .users = "auth.users",
                                                    .user_role = "authenticated",
                                                    .nobody_role = "anon"};

static const char *const schemes[] = {"supabase", "postgres", "postgresql", NULL};

static const struct dara_session_ops session = {
    .size = sizeof(session),
    POSTGRES_SESSION_OPS,
    .open = supabase_session_open,
    .describe = supabase_session_describe,
};

static const struct dara_introspect_ops introspect = {.size = sizeof(introspect), POSTGRES_INTROSPECT_OPS};

static const struct dara_dialect_ops dialect = {
    .size = sizeof(dialect),
    POSTGRES_DIALECT_OPS,
    .render = supabase_dialect_render,
};

static const struct dara_apply_ops apply = {
    .size = sizeof(apply),
    POSTGRES_APPLY_OPS,
    .history_ensure = supabase_apply_history_ensure,
    .history_list = supabase_apply_history_list,
    .history_record = supabase_apply_history_record,
    .history_record_all = supabase_apply_history_record_all,
    .journal_ensure = supabase_apply_journal_ensure,
};

static const struct dara_bulk_ops bulk = {.size = sizeof(bulk), POSTGRES_BULK_OPS};

static const struct dara_audit_ops audit = {.size = sizeof(audit), POSTGRES_AUDIT_OPS};

static const struct dara_policy_ops policy = {
    .size = sizeof(policy),
    POSTGRES_POLICY_OPS,
    .find = supabase_policy_find,
};

/* No scratch database: a new database of the same server has none of what the platform brings along. */
DARA_DRIVER_DEFINE(supabase, .version = DARA_VERSION, .description = "Supabase, on PostgreSQL 15 and newer",
                   .schemes = schemes, .url_help = "supabase://postgres.PROJECT@HOST:PORT/postgres",
                   .url_variable = "SUPABASE_DB_URL",
                   .features = DARA_FEATURE_TRANSACTIONAL_DDL | DARA_FEATURE_LOCK_QUEUE, .session = &session,
                   .introspect = &introspect, .dialect = &dialect, .apply = &apply, .bulk = &bulk, .audit = &audit,
                   .directory = "supabase", .direct_variable = "SUPABASE_DB_URL_DIRECT",
                   .local_variable = "SUPABASE_LOCAL_DB_URL", .policy = &policy);
