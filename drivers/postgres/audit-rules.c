/* SPDX-License-Identifier: MIT */
/* PostgreSQL's own rules, as data. */
#include "audit.h"
#include "lint-rules.h"

#define ROW_OF(rule_flags, symbol, rule_id, rule_level, rule_kinds, rule_title, rule_why, rule_fix, rule_since, \
               rule_peers)                                                                                      \
    static const struct dara_rule symbol = {.size = sizeof(symbol),                                             \
                                            .id = rule_id,                                                      \
                                            .level = DARA_RULE_##rule_level,                                    \
                                            .flags = rule_flags,                                                \
                                            .kinds = rule_kinds,                                                \
                                            .title = rule_title,                                                \
                                            .why = rule_why,                                                    \
                                            .fix = rule_fix,                                                    \
                                            .since = rule_since,                                                \
                                            .peers = rule_peers}

#define ROW(...)  ROW_OF(DARA_RULE_CATALOG, __VA_ARGS__)
#define BOTH(...) ROW_OF(DARA_RULE_CATALOG | DARA_RULE_FILE, __VA_ARGS__) /* and of a column that a statement makes */

/* rights and row-level security */
ROW(policy_without_rls, "policy-without-rls", ERROR, "table policy",
    "policies stand on a table without row-level security",
    "no policy is in force: every role with rights on the table sees all of its rows",
    "ALTER TABLE … ENABLE ROW LEVEL SECURITY, or drop the policies", NULL, "splinter 0007, pgrls SEC001");
ROW(rls_without_policy, "rls-without-policy", INFO, "table policy", "row-level security is on without a policy",
    "nobody but the owner and roles that bypass it sees a row: that may be meant",
    "make policies, or a comment that it is meant", NULL, "splinter 0008, pgrls SEC002");
ROW(policy_always_true, "policy-always-true", WARN, "policy", "a policy lets everybody write every row",
    "its condition is true for each row, and it is for public: row-level security looks on without doing anything",
    "write the condition that is meant, or name the role that may", NULL, "splinter 0024");
ROW(several_policies, "several-permissive-policies", INFO, "policy",
    "several permissive policies hold for one role and command",
    "every one of them is tried for each row, and what one allows no other can refuse",
    "join them into one, or make those that limit RESTRICTIVE", NULL, "splinter 0006");
ROW(definer_search_path, "definer-search-path", WARN, "routine",
    "a SECURITY DEFINER routine takes the caller's search path",
    "it runs with its owner's rights, and who calls it can put functions and tables of his own in the way",
    "ALTER FUNCTION … SET search_path = pg_catalog, and qualify what is named in its body", NULL, "splinter 0011");
ROW(definer_for_all, "definer-for-everybody", INFO, "routine privilege",
    "everybody may call a SECURITY DEFINER routine",
    "PUBLIC may execute each routine unless that is taken back, and this one has its owner's rights",
    "REVOKE EXECUTE … FROM PUBLIC and grant it to whom it is for", NULL, "splinter 0028, splinter 0029");
ROW(view_skips_rls, "view-skips-rls", WARN, "view materialized_view table privilege",
    "a view shows rows that row-level security hides",
    "it reads its tables with the rights of its owner, whose policies are not those of who asks",
    "ALTER VIEW … SET (security_invoker = true); take a materialized view's rights back", "15",
    "splinter 0010, splinter 0016");
ROW(writable_by_public, "writable-by-public", WARN, "privilege", "everybody may write to a table",
    "PUBLIC is every role there is and every one to come", "revoke it, and grant it to the roles that need it", NULL,
    NULL);
ROW(readable_by_public, "readable-by-public", INFO, "privilege", "everybody may read a table",
    "PUBLIC is every role there is and every one to come", "revoke it, and grant it to the roles that need it", NULL,
    NULL);
ROW(default_for_public, "default-for-public", WARN, "default_privilege",
    "what is made from now on is open to everybody",
    "a default privilege gives PUBLIC rights on each table, sequence or schema that the role makes",
    "ALTER DEFAULT PRIVILEGES … REVOKE … FROM PUBLIC", NULL, NULL);
ROW(sensitive_column, "sensitive-column", WARN, "table column privilege",
    "a column with a telling name can be read by everybody",
    "its name speaks of a secret, PUBLIC may read it, and no row-level security is on",
    "revoke SELECT from PUBLIC, and grant the columns that are needed", NULL, "splinter 0023");
ROW(extension_in_public, "extension-in-public", INFO, "extension", "an extension is in the schema public",
    "its functions and types lie among your own, and in the way of names you choose",
    "put it into a schema of its own: ALTER EXTENSION … SET SCHEMA", NULL, "splinter 0014");
/* types */
ROW(reg_type, "reg-type", WARN, "column", "a column holds an OID by a reg… type",
    "pg_upgrade refuses a database that has one: the numbers are others after it", "keep the name as text", NULL,
    "splinter 0018");
BOTH(char_type, "char-type", INFO, "column", "a column is of type character(n)",
     "it is filled up with spaces, which comparisons pass over and others do not; it is no faster",
     "use text, with a check of the length where it matters", NULL, "squawk ban-char-field");
BOTH(timestamp_type, "timestamp-no-zone", INFO, "column", "a time is kept without its time zone",
     "what moment it means depends on who wrote it", "use timestamp with time zone", NULL,
     "squawk prefer-timestamp-tz");
BOTH(json_type, "json-not-jsonb", INFO, "column", "a column is json, not jsonb",
     "it has no equality, so that DISTINCT and GROUP BY fail, and is parsed anew each time",
     "use jsonb, unless the text must stay as it was", NULL, "strong_migrations add_column_json, eugene E3");
BOTH(money_type, "money-type", WARN, "column", "a column is of type money",
     "how it is read and shown depends on lc_monetary, and so does where the decimal point is", "use numeric", NULL,
     NULL);
BOTH(serial, "serial-column", INFO, "column", "a column is numbered by a default, not as an identity",
     "the sequence has rights of its own, and INSERT can put in any number beside it",
     "use GENERATED … AS IDENTITY in new tables", NULL, "squawk prefer-identity");
ROW(small_sequence, "sequence-smaller", WARN, "sequence column", "a sequence ends before its column does",
    "it was made for a smaller type: inserts fail at its end, though the column could go on",
    "ALTER SEQUENCE … AS bigint", NULL, NULL);
/* state */
ROW(invalid_index, "invalid-index", WARN, "index", "an index is invalid",
    "a CREATE INDEX CONCURRENTLY failed: it is written with every row and used by no query",
    "drop it and make it again", NULL, "splinter 0030");
ROW(unvalidated, "constraint-not-validated", INFO, "constraint", "a constraint was never validated",
    "rows from before it may break it, and the planner does not rely on it", "ALTER TABLE … VALIDATE CONSTRAINT", NULL,
    NULL);
ROW(autovacuum_off, "autovacuum-off", WARN, "table", "autovacuum is off for a table",
    "dead rows stay, statistics age, and one day the wraparound stops writing",
    "ALTER TABLE … RESET (autovacuum_enabled)", NULL, "splinter 0030");
ROW(trigger_disabled, "trigger-disabled", WARN, "trigger", "a trigger is disabled",
    "what it keeps up is not kept up, and nobody is told", "enable it, or drop it", NULL, NULL);
ROW(unlogged, "unlogged-table", INFO, "table", "a table is unlogged",
    "it is empty after a crash, and standbys have none of its rows", "ALTER TABLE … SET LOGGED, if its rows matter",
    NULL, NULL);
ROW(rewrite_rule, "rewrite-rule", INFO, "rule", "a rule rewrites queries of a table",
    "RETURNING, row counts and volatile functions behave unlike they look", "use a trigger", NULL, NULL);

#define LINT(symbol, rule_id, rule_level, rule_flags, rule_title, rule_why, rule_fix, rule_peers) \
    static const struct dara_rule symbol = {.size = sizeof(struct dara_rule),                     \
                                            .id = rule_id,                                        \
                                            .level = DARA_RULE_##rule_level,                      \
                                            .flags = rule_flags,                                  \
                                            .title = rule_title,                                  \
                                            .why = rule_why,                                      \
                                            .fix = rule_fix,                                      \
                                            .peers = rule_peers};
#define POINT(symbol, rule_id, rule_level, rule_flags, rule_title, rule_why, rule_fix, rule_peers) &symbol,
POSTGRES_LINT_RULES(LINT)

const struct dara_rule *const postgres_audit_rules[] = {
    &policy_without_rls,
    &rls_without_policy,
    &policy_always_true,
    &several_policies,
    &definer_search_path,
    &definer_for_all,
    &view_skips_rls,
    &writable_by_public,
    &readable_by_public,
    &default_for_public,
    &sensitive_column,
    &extension_in_public,
    &reg_type,
    &char_type,
    &timestamp_type,
    &json_type,
    &money_type,
    &serial,
    &small_sequence,
    &invalid_index,
    &unvalidated,
    &autovacuum_off,
    &trigger_disabled,
    &unlogged,
    &rewrite_rule,
    POSTGRES_LINT_RULES(POINT) NULL,
};
