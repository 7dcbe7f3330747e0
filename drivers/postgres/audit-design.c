/* SPDX-License-Identifier: MIT */
/* Rules about types and about the state of objects. */
#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "render.h"

static const struct {
    const char *type; /* the type's name, or how it begins where it ends in '(' */
    const char *rule, *message;
} types[] = {
    {"regcollation", "reg-type", "is regcollation"},
    {"regconfig", "reg-type", "is regconfig"},
    {"regdictionary", "reg-type", "is regdictionary"},
    {"regnamespace", "reg-type", "is regnamespace"},
    {"regoper", "reg-type", "is regoper"},
    {"regoperator", "reg-type", "is regoperator"},
    {"regproc", "reg-type", "is regproc"},
    {"regprocedure", "reg-type", "is regprocedure"},
    {"character(", "char-type", "is filled up with spaces"},
    {"timestamp without time zone", "timestamp-no-zone", "does not say which time zone it means"},
    {"timestamp(", "timestamp-no-zone", "does not say which time zone it means"},
    {"json", "json-not-jsonb", "is json"},
    {"money", "money-type", "is money"},
};

static bool is_of_type(const char *type, const char *wanted)
{
    size_t length = strlen(wanted);
    if (wanted[length - 1] != '(')
        return strcmp(type, wanted) == 0;
    return strncmp(type, wanted, length) == 0 && !strstr(type, "with time zone");
}

static void judge_column(struct dara_audit *audit, const struct dara_object *column)
{
    const char *type = dara_object_text(column, "type"), *value = dara_object_text(column, "default");
    if (postgres_is_inherited(column) || postgres_is_partition(dara_object_owner(column)))
        return;
    /* One character is as long as it is. */
    for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++)
        if (is_of_type(type, types[i].type) && strcmp(type, "character(1)") != 0)
            postgres_audit_find(audit, types[i].rule, column, NULL, "%s", types[i].message);
    if (value && strncmp(value, "nextval(", 8) == 0)
        postgres_audit_find(audit, "serial-column", column, NULL, "is numbered by %s", value);
}

/* "schema.table.column" of a sequence, as the column's own words for itself. */
static bool belongs(const struct dara_object *sequence, const struct dara_object *column)
{
    const char *owned = dara_object_text(sequence, "owned_by"), *value = dara_object_text(column, "default");
    if (!owned || !value || strncmp(value, "nextval(", 8) != 0)
        return false;
    const char *name = dara_object_name(column);
    size_t length = strlen(owned), tail = strlen(name);
    return length > tail && owned[length - tail - 1] == '.' && strcmp(owned + length - tail, name) == 0 &&
           strstr(owned, dara_object_name(dara_object_owner(column)));
}

static void judge_sequence(const struct dara_model *model, struct dara_audit *audit, const struct dara_object *sequence)
{
    const char *type = dara_object_text(sequence, "type"), *owned = dara_object_text(sequence, "owned_by");
    if (!owned || !type || strcmp(type, "bigint") == 0)
        return;
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *column = dara_model_at(model, i);
        if (postgres_is(column, "column") && belongs(sequence, column) && postgres_has_text(column, "type", "bigint"))
            postgres_audit_find(audit, "sequence-smaller", sequence, NULL, "is %s, and numbers a column that is bigint",
                                type);
    }
}

static void judge_table(struct dara_audit *audit, const struct dara_object *table)
{
    static const char *const off[] = {"autovacuum_enabled=false", "autovacuum_enabled=off", "autovacuum_enabled=0",
                                      "autovacuum_enabled=no"};
    for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
        if (postgres_audit_lists(table, "postgres.options", off[i]))
            postgres_audit_find(audit, "autovacuum-off", table, NULL, "has %s", off[i]);
    if (postgres_is_unlogged(table))
        postgres_audit_find(audit, "unlogged-table", table, NULL, "is unlogged");
}

int postgres_audit_design(const struct dara_model *model, const struct dara_object *object, struct dara_audit *audit)
{
    if (postgres_is(object, "column"))
        judge_column(audit, object);
    else if (postgres_is(object, "table"))
        judge_table(audit, object);
    else if (postgres_is(object, "sequence"))
        judge_sequence(model, audit, object);
    else if (postgres_is(object, "index") && !dara_object_bool(object, "valid", true))
        postgres_audit_find(audit, "invalid-index", object, NULL, "is invalid");
    else if (postgres_is(object, "constraint") && !dara_object_bool(object, "validated", true) &&
             !postgres_is_inherited(object))
        postgres_audit_find(audit, "constraint-not-validated", object, NULL, "is NOT VALID");
    else if (postgres_is(object, "trigger") && postgres_has_text(object, "enabled", "disabled"))
        postgres_audit_find(audit, "trigger-disabled", object, NULL, "is disabled");
    else if (postgres_is(object, "rule"))
        postgres_audit_find(audit, "rewrite-rule", object, NULL, "rewrites queries");
    return 0;
}
