/* SPDX-License-Identifier: MIT */
/*
 * What smoke-test asks PostgreSQL. Foreign keys hold by themselves where they are validated; a disabled trigger is a finding of the audit.
 */
#include <string.h>

#include "audit.h"
#include "render.h"
#include "write.h"

static void ask(struct dara_probes *probes, const struct dara_object *object, const char *test,
                struct postgres_writer *writer, const char *what)
{
    const struct dara_probe probe = {
        .size = sizeof(probe), .test = test, .object = object, .text = writer->text, .what = what};
    dara_probes_add(probes, &probe);
    postgres_writer_free(writer);
}

static void ask_rows(struct dara_probes *probes, const struct dara_object *object)
{
    struct postgres_writer writer = {0};
    postgres_write(&writer, "SELECT * FROM ");
    postgres_write_qualified(&writer, dara_object_space(object), dara_object_name(object));
    postgres_write(&writer, " LIMIT 1");
    ask(probes, object, "readable", &writer, NULL);
}

/* "schema"."table" as a string constant, for regclass. */
static void write_relation(struct postgres_writer *writer, const struct dara_object *object)
{
    struct postgres_writer name = {0};
    postgres_write_qualified(&name, dara_object_space(object), dara_object_name(object));
    postgres_write_literal(writer, name.text);
    postgres_writer_free(&name);
}

/* The sequence that the column owns: its next number must be free. Those that count down are left alone. */
static void ask_sequence(struct dara_probes *probes, const struct dara_object *table, const struct dara_object *column)
{
    struct postgres_writer writer = {0};
    postgres_write(&writer, "SELECT count(*) FROM (SELECT max(");
    postgres_write_name(&writer, dara_object_name(column));
    postgres_write(&writer, ") AS top FROM ");
    postgres_write_qualified(&writer, dara_object_space(table), dara_object_name(table));
    postgres_write(&writer,
                   ") AS r, pg_catalog.pg_sequence AS q WHERE q.seqrelid = pg_catalog.pg_get_serial_sequence(");
    write_relation(&writer, table);
    postgres_write(&writer, ", ");
    postgres_write_literal(&writer, dara_object_name(column));
    postgres_write(&writer, ")::pg_catalog.regclass AND q.seqincrement > 0 AND r.top >= coalesce("
                            "pg_catalog.pg_sequence_last_value(q.seqrelid) + q.seqincrement, q.seqstart)");
    ask(probes, column, "sequences", &writer, "next numbers that are taken already");
}

static void ask_columns(struct dara_probes *probes, const struct dara_object *table)
{
    const struct dara_object *column = NULL;
    while ((column = dara_object_owned(table, "column", column))) {
        const char *value = dara_object_text(column, "default");
        if (dara_object_has(column, "identity") || (value && strncmp(value, "nextval(", 8) == 0))
            ask_sequence(probes, table, column);
    }
}

static void ask_index(struct dara_probes *probes, const struct dara_object *index)
{
    struct postgres_writer writer = {0};
    postgres_write(&writer, "SELECT count(*) FROM pg_catalog.pg_index WHERE NOT indisvalid AND indexrelid = ");
    write_relation(&writer, index);
    postgres_write(&writer, "::pg_catalog.regclass");
    ask(probes, index, "valid", &writer, "indexes that were not finished, and that no query uses");
}

static void ask_constraint(struct dara_probes *probes, const struct dara_object *constraint)
{
    struct postgres_writer writer = {0};
    postgres_write(&writer, "SELECT count(*) FROM pg_catalog.pg_constraint WHERE NOT convalidated AND conname = ");
    postgres_write_literal(&writer, dara_object_name(constraint));
    postgres_write(&writer, " AND conrelid = ");
    write_relation(&writer, dara_object_owner(constraint));
    postgres_write(&writer, "::pg_catalog.regclass");
    ask(probes, constraint, "valid", &writer,
        "constraints that were not validated, and that rows from before may break");
}

int postgres_audit_probe(const struct dara_model *model, struct dara_probes *probes)
{
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        bool table = postgres_is(object, "table");
        if (table || postgres_is(object, "view") || postgres_is(object, "materialized_view"))
            ask_rows(probes, object);
        if (table)
            ask_columns(probes, object);
        if (postgres_is(object, "index") && !dara_object_bool(object, "valid", true))
            ask_index(probes, object);
        if (postgres_is(object, "constraint") && !dara_object_bool(object, "validated", true))
            ask_constraint(probes, object);
    }
    return 0;
}
