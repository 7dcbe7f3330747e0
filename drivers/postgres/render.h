/* SPDX-License-Identifier: MIT */
/* Definitions of objects, for render, snapshots and plans. How the values of properties are written: kinds.c. */
#ifndef DARA_POSTGRES_RENDER_H
#define DARA_POSTGRES_RENDER_H

#include "pg.h"
#include "write.h"

/* ---- reading properties (render-read.c) ---- */

bool postgres_is(const struct dara_object *object, const char *kind);
/* A table of this or of a foreign server. */
bool postgres_is_table(const struct dara_object *object);
/* Whether the property holds this text. */
bool postgres_has_text(const struct dara_object *object, const char *property, const char *value);
/* The schema of an object, or of what owns it. */
const char *postgres_space(const struct dara_object *object);
bool postgres_is_foreign_key(const struct dara_object *object);
/* Whether a part comes from a parent table; in a partition everything that does is written all the same, as pg_dump does. */
bool postgres_is_inherited(const struct dara_object *part);
bool postgres_is_partition(const struct dara_object *table);
bool postgres_is_unlogged(const struct dara_object *object);
/* Columns in the order they stand; `ret_columns` is freed with free(). */
size_t postgres_columns(const struct dara_object *table, const struct dara_object ***ret_columns);

/* ---- pieces of statements ---- */

/* An object's qualified name; a routine's with its arguments; an index's in its table's schema. */
void postgres_write_object(struct postgres_writer *writer, const struct dara_object *object);
/* "ALTER TABLE q", "ALTER TABLE ONLY q" (or the word of another kind). */
void postgres_write_alter(struct postgres_writer *writer, const struct dara_object *object, bool only);
/* "ALTER TABLE ONLY q ALTER COLUMN c " */
void postgres_write_alter_column(struct postgres_writer *writer, const struct dara_object *column, bool only);
/* `before` and the name; nothing where there is no name. */
void postgres_write_optional_name(struct postgres_writer *writer, const char *before, const char *name);
/* Text without the white space and semicolons at its end. */
void postgres_write_trimmed(struct postgres_writer *writer, const char *text);
/* Values joined by ", ". */
void postgres_write_list(struct postgres_writer *writer, const struct dara_object *object, const char *property);
/* A property that is a text or a number. */
void postgres_write_value(struct postgres_writer *writer, const struct dara_object *object, const char *property);
/* "(name='value', …)" of a list of "name=value", in the order of the property "…_written" where there is one; nothing where there is none. */
void postgres_write_options(struct postgres_writer *writer, const char *before, const struct dara_object *object,
                            const char *property);
/* "TABLE", "VIEW", "TYPE": the word behind ALTER, DROP and COMMENT ON. */
const char *postgres_word(const struct dara_object *object);

/* ---- whole statements ---- */

/* "ALTER VIEW q ALTER COLUMN c": of what is no table. */
void postgres_begin_attribute(struct postgres_writer *writer, const struct dara_object *attribute);
/* COMMENT ON object IS comment (NULL removes it). */
void postgres_render_comment(struct postgres_writer *writer, const struct dara_object *object, const char *comment);
/* Everything that makes an object but what postgres_render_late() writes. */
void postgres_render_object(struct postgres_writer *writer, const struct dara_object *object);
void postgres_render_table(struct postgres_writer *writer, const struct dara_object *table);
/* What waits until all objects are there: foreign keys, who owns a sequence, the replica identity and the cluster mark. */
void postgres_render_late(struct postgres_writer *writer, const struct dara_object *object);

/* A column as it stands in CREATE TABLE and ADD COLUMN; what those cannot say follows with postgres_render_column_rest(). */
void postgres_write_column(struct postgres_writer *writer, const struct dara_object *column);
void postgres_render_column_rest(struct postgres_writer *writer, const struct dara_object *column);
/* Whether a parent demands NOT NULL of the column, and whether its own constraint is more than that: since 18. */
bool postgres_inherits_not_null(const struct dara_object *column);
bool postgres_is_special_not_null(const struct dara_object *column);
/* The NOT NULL constraint of a column, which has a name since 18: that name, ADD CONSTRAINT, COMMENT ON CONSTRAINT. */
void postgres_write_not_null_name(struct postgres_writer *writer, const struct dara_object *column);
void postgres_render_not_null(struct postgres_writer *writer, const struct dara_object *column);
void postgres_render_not_null_comment(struct postgres_writer *writer, const struct dara_object *column);
/* ALTER TABLE … ADD CONSTRAINT …, with its comment. */
void postgres_render_constraint(struct postgres_writer *writer, const struct dara_object *constraint);
/* COMMENT ON INDEX of the index behind a key. */
void postgres_render_index_comment(struct postgres_writer *writer, const struct dara_object *constraint);
void postgres_render_replica_identity(struct postgres_writer *writer, const struct dara_object *table);
void postgres_render_cluster(struct postgres_writer *writer, const struct dara_object *table);
void postgres_render_owned_by(struct postgres_writer *writer, const struct dara_object *sequence);
/* ALTER TABLE … ENABLE|DISABLE … TRIGGER|RULE, ALTER EVENT TRIGGER …; `always` also for the usual state. */
void postgres_render_enabled(struct postgres_writer *writer, const struct dara_object *object, bool always);
/* " ENABLE REPLICA" and so on, as the object is. */
void postgres_write_enabled(struct postgres_writer *writer, const struct dara_object *object);
/* The name of a role, or PUBLIC. */
void postgres_write_role(struct postgres_writer *writer, const char *role);
/* " AS type INCREMENT BY …" */
void postgres_write_sequence_options(struct postgres_writer *writer, const struct dara_object *sequence);
/* " TO roles"; " USING (…) WITH CHECK (…)" */
void postgres_write_policy_roles(struct postgres_writer *writer, const struct dara_object *policy);
void postgres_write_policy_expressions(struct postgres_writer *writer, const struct dara_object *policy);
/* ---- names of partitions' indexes (render-partition.c) ---- */

/* Give the index this name, whatever it is called by now. */
void postgres_render_partition_index_name(struct postgres_writer *writer, const struct dara_object *object,
                                          const char *name);
void postgres_render_partition_index(struct postgres_writer *writer, const struct dara_object *object);

/* ---- circles (render-circle.c) ---- */

/* Whether a view is needed by something that it needs itself. */
bool postgres_is_in_circle(const struct dara_object *view);
/* Whether a column's default or a check needs a routine that needs the table. */
bool postgres_is_postponed(const struct dara_object *part);
/* A view with its columns and no query; `create`: "CREATE VIEW" or "CREATE OR REPLACE VIEW". */
void postgres_render_stub(struct postgres_writer *writer, const struct dara_object *view, const char *create);
/* ALTER TABLE … ALTER COLUMN … SET DEFAULT … */
void postgres_render_default(struct postgres_writer *writer, const struct dara_object *column);
/* CREATE OR REPLACE VIEW with all it has. */
void postgres_render_replacement(struct postgres_writer *writer, const struct dara_object *view);

/* ---- kinds that few databases have (render-rare.c) ---- */

/* Write what makes the object; false where it is of another kind. */
bool postgres_render_rare(struct postgres_writer *writer, const struct dara_object *object);
/* "name 'value'" of a text "name=value"; " OPTIONS (…)" of a list of them, in the order of the property `written` where there is one. */
void postgres_write_foreign_option(struct postgres_writer *writer, const char *option);
void postgres_write_foreign_options(struct postgres_writer *writer, const struct dara_object *object,
                                    const char *property, const char *written);
/* "publish = …"; `all`: also what is as usual. */
void postgres_write_publication_options(struct postgres_writer *writer, const struct dara_object *object, bool all);
/* ALTER PUBLICATION … ADD|DROP TABLE ONLY|TABLES IN SCHEMA member */
void postgres_render_publication_member(struct postgres_writer *writer, const struct dara_object *publication,
                                        const char *verb, bool schema, const char *member);
/* The names of the publications that it takes. */
void postgres_write_publications(struct postgres_writer *writer, const struct dara_object *subscription);

/* ALTER DOMAIN … ADD CONSTRAINT …, with its comment; ALTER STATISTICS … SET STATISTICS … */
void postgres_render_domain_constraint(struct postgres_writer *writer, const struct dara_object *constraint);
void postgres_render_statistics_target(struct postgres_writer *writer, const struct dara_object *object);

#endif
