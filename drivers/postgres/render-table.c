/* SPDX-License-Identifier: MIT */
/* Tables with their columns and constraints. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "render.h"

/* ---- columns ------------------------------------------------------------------------------------------------------------ */

/* The column of the same name of a table that this one needs: its parent's. */
static const struct dara_object *find_inherited(const struct dara_object *column)
{
    const struct dara_object *const *needs = NULL, *part = NULL;
    size_t count = dara_object_depends(dara_object_owner(column), &needs);
    for (size_t i = 0; i < count; i++)
        for (part = NULL; postgres_is_table(needs[i]) && (part = dara_object_owned(needs[i], "column", part));)
            if (strcmp(dara_object_key(part), dara_object_key(column)) == 0)
                return part;
    return NULL;
}

bool postgres_inherits_not_null(const struct dara_object *column)
{
    const struct dara_object *parent = find_inherited(column);
    return parent && dara_object_bool(parent, "not_null", false) &&
           !dara_object_bool(parent, "not_null_no_inherit", false);
}

bool postgres_is_special_not_null(const struct dara_object *column)
{
    return dara_object_has(column, "not_null_name") || dara_object_bool(column, "not_null_no_inherit", false) ||
           dara_object_bool(column, "not_null_unvalidated", false);
}

static void write_default(struct postgres_writer *writer, const struct dara_object *column)
{
    const char *identity = dara_object_text(column, "identity"), *generated = dara_object_text(column, "generated");
    const char *const *options = NULL;
    if (identity) {
        size_t count = dara_object_list(column, "identity_options", &options);
        bool always = strcasecmp(identity, "always") == 0;
        postgres_write_format(writer, " GENERATED %s AS IDENTITY", always ? "ALWAYS" : "BY DEFAULT");
        for (size_t i = 0; i < count; i++)
            postgres_write_format(writer, "%s%s%s", i ? " " : " (", options[i], i + 1 == count ? ")" : "");
    } else if (generated) {
        postgres_write_format(writer, " GENERATED ALWAYS AS (%s)%s", generated,
                              postgres_has_text(column, "generated_kind", "virtual") ? " VIRTUAL" : " STORED");
    } else if (dara_object_has(column, "default") && !postgres_is_postponed(column)) {
        postgres_write_format(writer, " DEFAULT %s", dara_object_text(column, "default"));
    } else if (dara_object_has(dara_object_owner(column), "postgres.inherits") && !postgres_is_inherited(column)) {
        const struct dara_object *parent = find_inherited(column); /* whose default it would take */
        postgres_write(writer, parent && dara_object_has(parent, "default") ? " DEFAULT NULL" : "");
    }
}

static void write_not_null(struct postgres_writer *writer, const struct dara_object *column)
{
    postgres_write_optional_name(writer, " CONSTRAINT ", dara_object_text(column, "not_null_name"));
    postgres_write_format(writer, " NOT NULL%s",
                          dara_object_bool(column, "not_null_no_inherit", false) ? " NO INHERIT" : "");
}

void postgres_write_not_null_name(struct postgres_writer *writer, const struct dara_object *column)
{
    const char *name = dara_object_text(column, "not_null_name");
    struct postgres_writer usual = {.text = NULL};
    postgres_write_format(&usual, "%s_%s_not_null", dara_object_name(dara_object_owner(column)),
                          dara_object_name(column));
    postgres_write_name(writer, name ? name : usual.text);
    postgres_writer_free(&usual);
}

void postgres_render_not_null(struct postgres_writer *writer, const struct dara_object *column)
{
    bool unvalidated = dara_object_bool(column, "not_null_unvalidated", false);
    postgres_write_alter(writer, dara_object_owner(column), true);
    postgres_write(writer, " ADD CONSTRAINT ");
    postgres_write_not_null_name(writer, column);
    postgres_write(writer, " NOT NULL ");
    postgres_write_name(writer, dara_object_name(column));
    postgres_write_format(writer, "%s%s", dara_object_bool(column, "not_null_no_inherit", false) ? " NO INHERIT" : "",
                          unvalidated ? " NOT VALID" : "");
    postgres_write_end(writer, unvalidated || writer->out ? 0 : DARA_STEP_MAY_FAIL,
                       unvalidated || writer->out ? NULL : "fails if a row has NULL there");
}

void postgres_render_not_null_comment(struct postgres_writer *writer, const struct dara_object *column)
{
    postgres_write(writer, "COMMENT ON CONSTRAINT ");
    postgres_write_not_null_name(writer, column);
    postgres_write(writer, " ON ");
    postgres_write_object(writer, dara_object_owner(column));
    postgres_write(writer, " IS ");
    postgres_write_literal(writer, dara_object_text(column, "not_null_comment"));
    postgres_write_end(writer, 0, NULL);
}

void postgres_write_column(struct postgres_writer *writer, const struct dara_object *column)
{
    const char *collation = dara_object_text(column, "collation");
    postgres_write_name(writer, dara_object_name(column));
    if (!dara_object_has(dara_object_owner(column), "postgres.of_type")) {
        postgres_write(writer, " ");
        postgres_write(writer, dara_object_text(column, "type"));
        postgres_write_foreign_options(writer, column, "foreign_options", "foreign_options_written");
        if (collation)
            postgres_write_format(writer, " COLLATE %s", collation);
    } else {
        postgres_write(writer, " WITH OPTIONS");
    }
    write_default(writer, column);
    if (dara_object_bool(column, "not_null", false) && !dara_object_bool(column, "not_null_unvalidated", false) &&
        dara_object_bool(column, "not_null_local", true))
        write_not_null(writer, column);
}

void postgres_write_alter_column(struct postgres_writer *writer, const struct dara_object *column, bool only)
{
    postgres_write_alter(writer, dara_object_owner(column), only);
    postgres_write(writer, " ALTER COLUMN ");
    postgres_write_name(writer, dara_object_name(column));
    postgres_write(writer, " ");
}

void postgres_render_default(struct postgres_writer *writer, const struct dara_object *column)
{
    postgres_write_alter_column(writer, column, true);
    postgres_write_format(writer, "SET DEFAULT %s", dara_object_text(column, "default"));
    postgres_write_end(writer, 0, NULL);
}

void postgres_render_column_rest(struct postgres_writer *writer, const struct dara_object *column)
{
    bool child = postgres_is_inherited(column) && !postgres_is_partition(dara_object_owner(column));
    if (dara_object_bool(column, "not_null_unvalidated", false) && !child)
        postgres_render_not_null(writer, column);
    if (dara_object_has(column, "not_null_comment"))
        postgres_render_not_null_comment(writer, column);
    static const char *const properties[] = {"storage", "compression", "statistics"};
    static const char *const words[] = {"STORAGE", "COMPRESSION", "STATISTICS"};
    for (size_t i = 0; i < 3; i++) {
        if (!dara_object_has(column, properties[i]))
            continue;
        postgres_write_alter_column(writer, column, true);
        postgres_write_format(writer, "SET %s ", words[i]);
        postgres_write_value(writer, column, properties[i]);
        postgres_write_end(writer, 0, NULL);
    }
    if (dara_object_list(column, "options", &(const char *const *){NULL})) {
        postgres_write_alter_column(writer, column, true);
        postgres_write_options(writer, "SET ", column, "options");
        postgres_write_end(writer, 0, NULL);
    }
    if (dara_object_comment(column))
        postgres_render_comment(writer, column, dara_object_comment(column));
}

/* ---- constraints -------------------------------------------------------------------------------------------------------- */

static bool is_validated(const struct dara_object *constraint)
{
    return dara_object_bool(constraint, "validated", true);
}

void postgres_render_index_comment(struct postgres_writer *writer, const struct dara_object *constraint)
{
    postgres_write(writer, "COMMENT ON INDEX ");
    postgres_write_qualified(writer, postgres_space(constraint), dara_object_name(constraint));
    postgres_write(writer, " IS ");
    postgres_write_literal(writer, dara_object_text(constraint, "index_comment"));
    postgres_write_end(writer, 0, NULL);
}

static void render_comments(struct postgres_writer *writer, const struct dara_object *constraint)
{
    if (dara_object_comment(constraint))
        postgres_render_comment(writer, constraint, dara_object_comment(constraint));
    if (dara_object_has(constraint, "index_comment"))
        postgres_render_index_comment(writer, constraint);
}

void postgres_render_constraint(struct postgres_writer *writer, const struct dara_object *constraint)
{
    const struct dara_object *table = dara_object_owner(constraint);
    const struct dara_object *before = writer->change ? writer->change->before : NULL;
    bool checks = is_validated(constraint) && before;
    /* a foreign key of a partitioned table cannot be added to ONLY it */
    bool only = !dara_object_has(table, "postgres.partition_key") && !postgres_has_text(constraint, "type", "check");
    postgres_write_alter(writer, table, only);
    postgres_write(writer, " ADD CONSTRAINT ");
    postgres_write_name(writer, dara_object_name(constraint));
    postgres_write_format(writer, " %s%s", dara_object_text(constraint, "definition"),
                          is_validated(constraint) ? "" : " NOT VALID");
    postgres_write_end(writer, checks ? DARA_STEP_MAY_FAIL : 0,
                       checks ? "fails if rows do not satisfy the constraint" : NULL);
    render_comments(writer, constraint);
}

static bool stands_in_table(const struct dara_object *part)
{
    return !postgres_is_inherited(part) || postgres_is_partition(dara_object_owner(part));
}

/* ---- the table ---------------------------------------------------------------------------------------------------------- */

/* What a parent demands of the column and the child demands by itself too, under a name of its own. */
static void write_own_not_null(struct postgres_writer *writer, const struct dara_object *column, const char **separator)
{
    bool own = dara_object_has(column, "not_null_name") || dara_object_bool(column, "not_null_local", false);
    if (stands_in_table(column) || !own || !postgres_inherits_not_null(column))
        return;
    postgres_write_format(writer, "%sCONSTRAINT ", *separator);
    postgres_write_not_null_name(writer, column);
    postgres_write(writer, " NOT NULL ");
    postgres_write_name(writer, dara_object_name(column));
    *separator = ",\n    ";
}

static void write_elements(struct postgres_writer *writer, const struct dara_object *table)
{
    const struct dara_object **columns = NULL, *constraint = NULL;
    size_t count = postgres_columns(table, &columns);
    const char *separator = "\n    ";
    bool typed = dara_object_has(table, "postgres.of_type");
    struct postgres_writer elements = {.text = NULL};
    for (size_t i = 0; i < count; i++) {
        bool plain = !dara_object_has(columns[i], "default") && !dara_object_has(columns[i], "generated") &&
                     !dara_object_has(columns[i], "identity") && !dara_object_bool(columns[i], "not_null", false);
        if (!stands_in_table(columns[i]) || (typed && plain))
            continue;
        postgres_write(&elements, separator);
        postgres_write_column(&elements, columns[i]);
        separator = ",\n    ";
    }
    for (size_t i = 0; i < count; i++)
        write_own_not_null(&elements, columns[i], &separator);
    while ((constraint = dara_object_owned(table, "constraint", constraint))) {
        if (!stands_in_table(constraint) || postgres_is_foreign_key(constraint) || !is_validated(constraint) ||
            postgres_is_postponed(constraint))
            continue;
        postgres_write(&elements, separator);
        postgres_write(&elements, "CONSTRAINT ");
        postgres_write_name(&elements, dara_object_name(constraint));
        postgres_write_format(&elements, " %s", dara_object_text(constraint, "definition"));
        separator = ",\n    ";
    }
    if (elements.length || !typed)
        postgres_write_format(writer, " (%s%s)", elements.length ? elements.text : "", elements.length ? "\n" : "");
    postgres_writer_free(&elements);
    free(columns);
}

static void write_create(struct postgres_writer *writer, const struct dara_object *table)
{
    const char *of = dara_object_text(table, "postgres.of_type"),
               *am = dara_object_text(table, "postgres.access_method");
    postgres_write_format(writer, "CREATE %s%s ", postgres_is_unlogged(table) ? "UNLOGGED " : "", postgres_word(table));
    postgres_write_object(writer, table);
    if (of)
        postgres_write_format(writer, " OF %s", of);
    write_elements(writer, table);
    if (dara_object_has(table, "postgres.inherits")) {
        postgres_write(writer, "\nINHERITS (");
        postgres_write_list(writer, table, "postgres.inherits");
        postgres_write(writer, ")");
    }
    if (dara_object_has(table, "postgres.partition_key"))
        postgres_write_format(writer, "\nPARTITION BY %s", dara_object_text(table, "postgres.partition_key"));
    postgres_write_optional_name(writer, "\nUSING ", am);
    postgres_write_options(writer, "\nWITH ", table, "postgres.options");
    postgres_write_optional_name(writer, "\nTABLESPACE ", dara_object_text(table, "postgres.tablespace"));
    postgres_write_optional_name(writer, "\nSERVER ", dara_object_text(table, "server"));
    postgres_write_foreign_options(writer, table, "foreign_options", "foreign_options_written");
    postgres_write_end(writer, 0, NULL);
}

static void render_attach(struct postgres_writer *writer, const struct dara_object *table)
{
    if (!postgres_is_partition(table))
        return;
    postgres_write_format(writer, "ALTER TABLE ONLY %s ATTACH PARTITION ",
                          dara_object_text(table, "postgres.partition_of"));
    postgres_write_object(writer, table);
    postgres_write_format(writer, " %s", dara_object_text(table, "postgres.partition_bound"));
    postgres_write_end(writer, 0, NULL);
}

/* Where an inherited column differs from the parent's. */
static void render_override(struct postgres_writer *writer, const struct dara_object *column)
{
    const struct dara_object *parent = find_inherited(column);
    const char *value = dara_object_text(column, "default");
    const char *inherited = parent ? dara_object_text(parent, "default") : NULL;
    if ((value || inherited) && !(value && inherited && strcmp(value, inherited) == 0)) {
        postgres_write_alter_column(writer, column, true);
        postgres_write(writer, value ? "SET DEFAULT " : "DROP DEFAULT");
        postgres_write(writer, value);
        postgres_write_end(writer, 0, NULL);
    }
    bool given = postgres_inherits_not_null(column), wanted = dara_object_bool(column, "not_null", false);
    if (wanted && !given && postgres_is_special_not_null(column)) {
        postgres_render_not_null(writer, column);
    } else if (wanted != given) { /* before 18 a child could go without what its parent demands */
        postgres_write_alter_column(writer, column, true);
        postgres_write(writer, wanted ? "SET NOT NULL" : "DROP NOT NULL");
        postgres_write_end(writer, 0, NULL);
    }
}

static void render_overrides(struct postgres_writer *writer, const struct dara_object *table)
{
    const struct dara_object *column = NULL;
    while (dara_object_has(table, "postgres.inherits") && (column = dara_object_owned(table, "column", column)))
        if (postgres_is_inherited(column))
            render_override(writer, column);
}

void postgres_render_table(struct postgres_writer *writer, const struct dara_object *table)
{
    const struct dara_object *part = NULL;
    write_create(writer, table);
    render_overrides(writer, table);
    while ((part = dara_object_owned(table, "column", part)))
        postgres_render_column_rest(writer, part);
    while ((part = dara_object_owned(table, "constraint", part))) {
        if (postgres_is_foreign_key(part) || postgres_is_postponed(part))
            continue;
        if (stands_in_table(part) && !is_validated(part))
            postgres_render_constraint(writer, part);
        else
            render_comments(writer, part);
    }
    render_attach(writer, table);
    if (dara_object_bool(table, "postgres.row_security", false)) {
        postgres_write_alter(writer, table, false);
        postgres_write(writer, " ENABLE ROW LEVEL SECURITY");
        postgres_write_end(writer, 0, NULL);
    }
    if (dara_object_bool(table, "postgres.force_row_security", false)) {
        postgres_write_alter(writer, table, true);
        postgres_write(writer, " FORCE ROW LEVEL SECURITY");
        postgres_write_end(writer, 0, NULL);
    }
}

/* ---- what waits for other objects --------------------------------------------------------------------------------------- */

/* Absent: the default; else FULL, NOTHING, or USING INDEX name. */
void postgres_render_replica_identity(struct postgres_writer *writer, const struct dara_object *table)
{
    const char *identity = dara_object_text(table, "postgres.replica_identity");
    postgres_write_alter(writer, table, true);
    postgres_write_format(writer, " REPLICA IDENTITY %s", identity ? identity : "DEFAULT");
    postgres_write_end(writer, 0, NULL);
}

void postgres_render_cluster(struct postgres_writer *writer, const struct dara_object *table)
{
    const char *index = dara_object_text(table, "postgres.cluster_on");
    postgres_write_alter(writer, table, false);
    postgres_write(writer, index ? " CLUSTER ON " : " SET WITHOUT CLUSTER");
    if (index)
        postgres_write_name(writer, index);
    postgres_write_end(writer, 0, NULL);
}

void postgres_render_owned_by(struct postgres_writer *writer, const struct dara_object *sequence)
{
    const char *owner = dara_object_text(sequence, "owned_by");
    postgres_write_alter(writer, sequence, false);
    postgres_write_format(writer, " OWNED BY %s", owner ? owner : "NONE");
    postgres_write_end(writer, 0, NULL);
}

void postgres_render_late(struct postgres_writer *writer, const struct dara_object *object)
{
    const struct dara_object *constraint = NULL;
    if (postgres_is(object, "sequence") && dara_object_has(object, "owned_by"))
        postgres_render_owned_by(writer, object);
    if (postgres_is(object, "materialized_view") && dara_object_has(object, "postgres.cluster_on"))
        postgres_render_cluster(writer, object);
    if (postgres_is_in_circle(object))
        postgres_render_replacement(writer, object);
    if (!postgres_is_table(object))
        return;
    while ((constraint = dara_object_owned(object, "column", constraint)))
        if (postgres_is_postponed(constraint) && !dara_object_has(constraint, "generated"))
            postgres_render_default(writer, constraint);
    while ((constraint = dara_object_owned(object, "constraint", constraint)))
        if ((postgres_is_foreign_key(constraint) && !postgres_is_inherited(constraint)) ||
            postgres_is_postponed(constraint))
            postgres_render_constraint(writer, constraint);
    if (dara_object_has(object, "postgres.replica_identity"))
        postgres_render_replica_identity(writer, object);
    if (dara_object_has(object, "postgres.cluster_on"))
        postgres_render_cluster(writer, object);
}
