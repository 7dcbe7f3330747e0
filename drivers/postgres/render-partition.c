/* SPDX-License-Identifier: MIT */
/*
 * Names of indexes of partitions. PostgreSQL makes such an index, with a name of its own choice, when the partitioned table gets one or the
 * partition is attached; it is found by what it is a partition of, and changes names with whatever else has its name.
 */
#include "render.h"

static void write_body(struct postgres_writer *body, const struct dara_object *object, const char *name)
{
    struct postgres_writer table = {.text = NULL}, wanted = {.text = NULL};
    const char *space = postgres_space(object);
    postgres_write_object(&table, dara_object_owner(object));
    postgres_write_qualified(&wanted, space, name);
    postgres_write(body,
                   "DECLARE own oid := (SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_index x"
                   " ON x.indexrelid OPERATOR(pg_catalog.=) i.inhrelid WHERE i.inhparent OPERATOR(pg_catalog.=) ");
    postgres_write_literal(body, dara_object_key(object));
    postgres_write(body, "::pg_catalog.regclass AND x.indrelid OPERATOR(pg_catalog.=) ");
    postgres_write_literal(body, table.text);
    postgres_write(body, "::pg_catalog.regclass);\n other oid := pg_catalog.to_regclass(");
    postgres_write_literal(body, wanted.text);
    postgres_write(
        body, ");\n old name := (SELECT relname FROM pg_catalog.pg_class WHERE oid OPERATOR(pg_catalog.=) own);\n"
              "BEGIN\n IF other OPERATOR(pg_catalog.=) own THEN RETURN; END IF;\n IF other IS NOT NULL THEN"
              " EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO dara_other', other::pg_catalog.regclass); END IF;\n"
              " EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', own::pg_catalog.regclass, ");
    postgres_write_literal(body, name);
    postgres_write(body, ");\n IF other IS NOT NULL THEN EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I',"
                         " other::pg_catalog.regclass, old); END IF;\nEND");
    postgres_writer_free(&table);
    postgres_writer_free(&wanted);
}

void postgres_render_partition_index_name(struct postgres_writer *writer, const struct dara_object *object,
                                          const char *name)
{
    struct postgres_writer body = {.text = NULL};
    write_body(&body, object, name);
    postgres_write(writer, "DO ");
    postgres_write_literal(writer, body.text);
    postgres_writer_free(&body);
    postgres_write_end(writer, 0, NULL);
}

void postgres_render_partition_index(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_render_partition_index_name(writer, object, dara_object_name(object));
    if (dara_object_comment(object))
        postgres_render_comment(writer, object, dara_object_comment(object));
}
