/* SPDX-License-Identifier: MIT */
/* Rules about row-level security and rights. */
#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "render.h"

static bool has_rls(const struct dara_object *table)
{
    return dara_object_bool(table, "postgres.row_security", false);
}

/* ---- rights --------------------------------------------------------------------------------------------------------------- */

/* Whether PUBLIC was given this right on the object, or anybody but its owner with `role` "". */
static bool may(const struct dara_object *object, const char *grantee, const char *right)
{
    const struct dara_object *privilege = NULL;
    while ((privilege = dara_object_owned(object, "privilege", privilege))) {
        bool meant = *grantee ? postgres_has_text(privilege, "grantee", grantee)
                              : !postgres_has_text(privilege, "grantee", "owner");
        if (meant && postgres_audit_lists(privilege, "privileges", right))
            return true;
    }
    return false;
}

static bool holds_rows(const struct dara_object *object)
{
    static const char *const kinds[] = {"table", "foreign_table", "view", "materialized_view"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (postgres_is(object, kinds[i]))
            return true;
    return false;
}

static void judge_open(struct dara_audit *audit, const struct dara_object *object)
{
    static const char *const writing[] = {"INSERT", "UPDATE", "DELETE", "TRUNCATE"};
    for (size_t i = 0; i < sizeof(writing) / sizeof(writing[0]); i++) {
        if (!may(object, "public", writing[i]) || has_rls(object))
            continue;
        postgres_audit_find(audit, "writable-by-public", object, NULL, "lets PUBLIC %s", writing[i]);
        break;
    }
    if (may(object, "public", "SELECT") && !has_rls(object))
        postgres_audit_find(audit, "readable-by-public", object, NULL, "lets PUBLIC read");
}

static void judge_default(struct dara_audit *audit, const struct dara_object *privilege)
{
    const char *objects = dara_object_text(privilege, "objects");
    const char *const *rights;
    if (!postgres_has_text(privilege, "grantee", "public") || !dara_object_list(privilege, "privileges", &rights) ||
        !objects || strcmp(objects, "routines") == 0 || strcmp(objects, "types") == 0)
        return;
    postgres_audit_find(audit, "default-for-public", privilege, NULL, "opens %s to PUBLIC", objects);
}

/* ---- columns with telling names ------------------------------------------------------------------------------------------- */

static bool is_sensitive(const char *name)
{
    static const char *const names[] = {"password",
                                        "passwd",
                                        "password_hash",
                                        "hashed_password",
                                        "secret",
                                        "client_secret",
                                        "api_key",
                                        "apikey",
                                        "access_token",
                                        "refresh_token",
                                        "auth_token",
                                        "session_token",
                                        "private_key",
                                        "ssh_key",
                                        "secret_key",
                                        "jwt",
                                        "otp",
                                        "otp_secret",
                                        "totp_secret",
                                        "two_factor_secret",
                                        "ssn",
                                        "social_security_number",
                                        "tax_id",
                                        "passport_number",
                                        "drivers_license",
                                        "credit_card",
                                        "credit_card_number",
                                        "card_number",
                                        "cvv",
                                        "cvc",
                                        "iban",
                                        "bank_account",
                                        "account_number",
                                        "routing_number",
                                        "medical_record",
                                        "health_record",
                                        "date_of_birth",
                                        "mother_maiden_name",
                                        "biometric_data",
                                        "fingerprint"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static void judge_columns(struct dara_audit *audit, const struct dara_object *table)
{
    const struct dara_object *column = NULL;
    bool open = may(table, "public", "SELECT");
    while (!has_rls(table) && (column = dara_object_owned(table, "column", column)))
        if (is_sensitive(dara_object_name(column)) && (open || may(column, "public", "SELECT")))
            postgres_audit_find(audit, "sensitive-column", column, NULL, "can be read by PUBLIC");
}

/* ---- row-level security --------------------------------------------------------------------------------------------------- */

static bool is_true(const char *expression)
{
    return expression && (strcmp(expression, "true") == 0 || strcmp(expression, "(1 = 1)") == 0);
}

/* SELECT for everybody is what many mean; a change for everybody is not. */
static bool lets_all_write(const struct dara_object *policy)
{
    const char *command = dara_object_text(policy, "command"), *check = dara_object_text(policy, "check");
    bool all = is_true(dara_object_text(policy, "using"));
    if (!command || strcmp(command, "SELECT") == 0 || !dara_object_bool(policy, "permissive", true))
        return false;
    if (strcmp(command, "INSERT") == 0)
        return !check || is_true(check);
    return all && (strcmp(command, "DELETE") == 0 || !check || is_true(check));
}

static bool share_role(const struct dara_object *left, const struct dara_object *right)
{
    const char *const *roles;
    size_t count = dara_object_list(left, "roles", &roles);
    for (size_t i = 0; i < count; i++)
        if (postgres_audit_lists(right, "roles", roles[i]))
            return true;
    return false;
}

static bool share_command(const struct dara_object *left, const struct dara_object *right)
{
    const char *one = dara_object_text(left, "command"), *other = dara_object_text(right, "command");
    return one && other && (strcmp(one, other) == 0 || strcmp(one, "ALL") == 0 || strcmp(other, "ALL") == 0);
}

static void judge_pairs(struct dara_audit *audit, const struct dara_object *table)
{
    const struct dara_object *policy = NULL;
    while ((policy = dara_object_owned(table, "policy", policy))) {
        const struct dara_object *other = policy;
        while (dara_object_bool(policy, "permissive", true) && (other = dara_object_owned(table, "policy", other))) {
            if (!dara_object_bool(other, "permissive", true) || !share_role(policy, other) ||
                !share_command(policy, other))
                continue;
            postgres_audit_find(audit, "several-permissive-policies", policy, NULL, "holds for the same as '%s'",
                                dara_object_name(other));
            break;
        }
    }
}

static void judge_table(struct dara_audit *audit, const struct dara_object *table)
{
    const struct dara_object *policy = NULL;
    bool any = dara_object_owned(table, "policy", NULL) != NULL;
    if (any && !has_rls(table))
        postgres_audit_find(audit, "policy-without-rls", table, NULL, "has policies, and row-level security is off");
    if (!any && has_rls(table))
        postgres_audit_find(audit, "rls-without-policy", table, NULL, "has row-level security on, and no policy");
    while (has_rls(table) && (policy = dara_object_owned(table, "policy", policy)))
        if (lets_all_write(policy) && postgres_audit_lists(policy, "roles", "public"))
            postgres_audit_find(audit, "policy-always-true", policy, NULL, "lets everybody %s every row",
                                dara_object_text(policy, "command"));
    if (has_rls(table))
        judge_pairs(audit, table);
    judge_columns(audit, table);
}

/* ---- routines and views --------------------------------------------------------------------------------------------------- */

/* What stands before the body. */
static bool head_has(const struct dara_object *routine, const char *words)
{
    const char *definition = dara_object_text(routine, "definition");
    const char *found = definition ? strstr(definition, words) : NULL;
    const char *body = definition ? strstr(definition, "\nAS ") : NULL;
    return found && (!body || found < body);
}

static void judge_routine(struct dara_audit *audit, const struct dara_object *routine)
{
    if (!head_has(routine, " SECURITY DEFINER"))
        return;
    if (!head_has(routine, "\n SET search_path "))
        postgres_audit_find(audit, "definer-search-path", routine, NULL,
                            "is SECURITY DEFINER and has no search path of its own");
    const struct dara_object *privilege = NULL;
    bool revoked = false;
    while ((privilege = dara_object_owned(routine, "privilege", privilege)))
        revoked = revoked || (postgres_has_text(privilege, "grantee", "public") &&
                              !postgres_audit_lists(privilege, "privileges", "EXECUTE"));
    if (!revoked && !head_has(routine, "RETURNS trigger") && !head_has(routine, "RETURNS event_trigger"))
        postgres_audit_find(audit, "definer-for-everybody", routine, NULL,
                            "is SECURITY DEFINER, and PUBLIC may execute it");
}

static bool is_invoker(const struct dara_object *view)
{
    return postgres_audit_lists(view, "options", "security_invoker=true") ||
           postgres_audit_lists(view, "options", "security_invoker=on") ||
           postgres_audit_lists(view, "options", "security_invoker=1") ||
           postgres_audit_lists(view, "options", "security_invoker=yes");
}

/* Of a view that others may read: the table whose rows it shows past the policies. */
static void judge_view(struct dara_audit *audit, const struct dara_object *view)
{
    const struct dara_object *const *needs;
    size_t count = dara_object_depends(view, &needs);
    if (is_invoker(view) || !may(view, "", "SELECT"))
        return;
    for (size_t i = 0; i < count; i++) {
        const struct dara_object *table = postgres_is(needs[i], "column") ? dara_object_owner(needs[i]) : needs[i];
        if (!postgres_is(table, "table") || !has_rls(table))
            continue;
        postgres_audit_find(audit, "view-skips-rls", view, NULL, "shows rows of table '%s' by its owner's rights",
                            dara_object_name(table));
        return;
    }
}

int postgres_audit_security(const struct dara_model *model, const struct dara_object *object, struct dara_audit *audit)
{
    (void)model;
    if (holds_rows(object))
        judge_open(audit, object);
    if (postgres_is(object, "table"))
        judge_table(audit, object);
    else if (postgres_is(object, "routine"))
        judge_routine(audit, object);
    else if (postgres_is(object, "view") || postgres_is(object, "materialized_view"))
        judge_view(audit, object);
    else if (postgres_is(object, "default_privilege"))
        judge_default(audit, object);
    else if (postgres_is(object, "extension") && postgres_has_text(object, "schema", "public") &&
             strcmp(dara_object_name(object), "plpgsql") != 0)
        postgres_audit_find(audit, "extension-in-public", object, NULL, "is in the schema public");
    return 0;
}
