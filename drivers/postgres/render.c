/* SPDX-License-Identifier: MIT */
/* Definitions of everything but tables, and snapshots. */
#include <string.h>

#include "privilege.h"

/* ---- comments ----------------------------------------------------------------------------------------------------------- */

void postgres_render_comment(struct postgres_writer *writer, const struct dara_object *object, const char *comment)
{
    static const char *const on_owner[] = {"constraint", "rule", "trigger", "policy"};
    const struct dara_object *owner = dara_object_owner(object);
    bool placed = false;
    postgres_write_format(writer, "COMMENT ON %s ", postgres_word(object));
    if (postgres_is(object, "column") || postgres_is(object, "attribute")) {
        postgres_write_object(writer, owner);
        postgres_write(writer, ".");
        postgres_write_name(writer, dara_object_name(object));
        placed = true;
    }
    for (size_t i = 0; i < sizeof(on_owner) / sizeof(on_owner[0]); i++) {
        if (!postgres_is(object, on_owner[i]))
            continue;
        postgres_write_name(writer, dara_object_name(object));
        postgres_write(writer, " ON ");
        postgres_write_object(writer, owner);
        placed = true;
    }
    if (postgres_is(object, "domain_constraint")) {
        postgres_write_name(writer, dara_object_name(object));
        postgres_write(writer, " ON DOMAIN ");
        postgres_write_object(writer, owner);
    } else if (!placed) {
        postgres_write_object(writer, object);
    }
    postgres_write(writer, " IS ");
    postgres_write_literal(writer, comment);
    postgres_write_end(writer, 0, NULL);
}

/* ---- columns of what is no table ---------------------------------------------------------------------------------------- */

void postgres_begin_attribute(struct postgres_writer *writer, const struct dara_object *attribute)
{
    postgres_write_alter(writer, dara_object_owner(attribute), false);
    postgres_write(writer, " ALTER COLUMN ");
    if (postgres_is(dara_object_owner(attribute), "index"))
        postgres_write(writer, dara_object_name(attribute));
    else
        postgres_write_name(writer, dara_object_name(attribute));
}

static void render_attribute(struct postgres_writer *writer, const struct dara_object *attribute)
{
    static const char *const properties[] = {"default", "storage", "compression", "statistics"};
    static const char *const words[] = {"DEFAULT", "STORAGE", "COMPRESSION", "STATISTICS"};
    for (size_t i = 0; i < 4; i++) {
        if (!dara_object_has(attribute, properties[i]))
            continue;
        postgres_begin_attribute(writer, attribute);
        postgres_write_format(writer, " SET %s ", words[i]);
        postgres_write_value(writer, attribute, properties[i]);
        postgres_write_end(writer, 0, NULL);
    }
    if (dara_object_has(attribute, "options")) {
        postgres_begin_attribute(writer, attribute);
        postgres_write_options(writer, " SET ", attribute, "options");
        postgres_write_end(writer, 0, NULL);
    }
    if (dara_object_comment(attribute))
        postgres_render_comment(writer, attribute, dara_object_comment(attribute));
}

static void render_attributes(struct postgres_writer *writer, const struct dara_object *object)
{
    const struct dara_object *attribute = NULL;
    while ((attribute = dara_object_owned(object, "attribute", attribute)))
        render_attribute(writer, attribute);
}

static void end_with_comment(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write_end(writer, 0, NULL);
    if (dara_object_comment(object))
        postgres_render_comment(writer, object, dara_object_comment(object));
}

/* ---- kinds -------------------------------------------------------------------------------------------------------------- */

/* Every new database has the schema public, with this comment. */
static void render_namespace(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *comment = dara_object_comment(object);
    if (strcmp(dara_object_name(object), "public") != 0) {
        postgres_write(writer, "CREATE SCHEMA ");
        postgres_write_name(writer, dara_object_name(object));
        end_with_comment(writer, object);
        return;
    }
    postgres_write(writer, "CREATE SCHEMA IF NOT EXISTS public");
    postgres_write_end(writer, 0, NULL);
    if (!comment || strcmp(comment, "standard public schema") != 0)
        postgres_render_comment(writer, object, comment);
}

/* In a file the version is left to the server, as pg_dump does: the text must load where another one is installed. */
static void render_extension(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write(writer, "CREATE EXTENSION IF NOT EXISTS ");
    postgres_write_name(writer, dara_object_name(object));
    postgres_write_optional_name(writer, " WITH SCHEMA ", dara_object_text(object, "schema"));
    if (writer->plan && dara_object_has(object, "version")) {
        postgres_write(writer, " VERSION ");
        postgres_write_literal(writer, dara_object_text(object, "version"));
    }
    postgres_write_end(writer, 0, NULL);
}

static void write_domain(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *collation = dara_object_text(object, "collation"), *value = dara_object_text(object, "default");
    postgres_write_format(writer, " AS %s", dara_object_text(object, "base"));
    if (collation)
        postgres_write_format(writer, " COLLATE %s", collation);
    if (value)
        postgres_write_format(writer, " DEFAULT %s", value);
    if (dara_object_bool(object, "not_null", false))
        postgres_write(writer, " NOT NULL");
}

static void write_labels(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *const *labels = NULL;
    size_t count = dara_object_list(object, "labels", &labels);
    postgres_write(writer, " AS ENUM (");
    for (size_t i = 0; i < count; i++) {
        postgres_write(writer, i ? ", " : "");
        postgres_write_literal(writer, labels[i]);
    }
    postgres_write(writer, ")");
}

void postgres_render_domain_constraint(struct postgres_writer *writer, const struct dara_object *constraint)
{
    bool validated = dara_object_bool(constraint, "validated", true);
    bool old = writer->change && writer->change->before;
    postgres_write_alter(writer, dara_object_owner(constraint), false);
    postgres_write(writer, " ADD CONSTRAINT ");
    postgres_write_name(writer, dara_object_name(constraint));
    postgres_write_format(writer, " %s%s", dara_object_text(constraint, "definition"), validated ? "" : " NOT VALID");
    postgres_write_end(writer, validated && old ? DARA_STEP_MAY_FAIL : 0,
                       validated && old ? "fails if rows hold values that do not satisfy the constraint" : NULL);
    if (dara_object_comment(constraint))
        postgres_render_comment(writer, constraint, dara_object_comment(constraint));
}

static void render_type(struct postgres_writer *writer, const struct dara_object *object)
{
    const struct dara_object *constraint = NULL;
    const char *type = dara_object_text(object, "type");
    postgres_write_format(writer, "CREATE %s ", postgres_word(object));
    postgres_write_object(writer, object);
    if (type && strcmp(type, "enum") == 0) {
        write_labels(writer, object);
    } else if (type && strcmp(type, "domain") == 0) {
        write_domain(writer, object);
    } else if (type && strcmp(type, "composite") == 0) {
        postgres_write(writer, " AS (");
        postgres_write_list(writer, object, "attributes");
        postgres_write(writer, ")");
    } else if (type && strcmp(type, "base") == 0) {
        postgres_write_format(writer, " %s", dara_object_text(object, "definition"));
    } else if (dara_object_has(object, "definition")) {
        postgres_write_format(writer, " AS %s", dara_object_text(object, "definition"));
    }
    end_with_comment(writer, object);
    while ((constraint = dara_object_owned(object, "domain_constraint", constraint)))
        postgres_render_domain_constraint(writer, constraint);
}

void postgres_write_sequence_options(struct postgres_writer *writer, const struct dara_object *sequence)
{
    static const struct {
        const char *property, *words;
    } options[] = {{"type", " AS "},          {"increment", " INCREMENT BY "}, {"minimum", " MINVALUE "},
                   {"maximum", " MAXVALUE "}, {"start", " START WITH "},       {"cache", " CACHE "}};
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (!dara_object_has(sequence, options[i].property))
            continue;
        postgres_write(writer, options[i].words);
        postgres_write_value(writer, sequence, options[i].property);
    }
    if (dara_object_has(sequence, "cycle"))
        postgres_write(writer, dara_object_bool(sequence, "cycle", false) ? " CYCLE" : " NO CYCLE");
}

static void render_sequence(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write(writer, postgres_is_unlogged(object) ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ");
    postgres_write_object(writer, object);
    postgres_write_sequence_options(writer, object);
    end_with_comment(writer, object);
}

static void render_definition(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write_trimmed(writer, dara_object_text(object, "definition"));
    end_with_comment(writer, object);
}

/* A function that takes the range which it makes canonical comes before that range. */
static void render_routine(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *shell = dara_object_text(object, "shell");
    if (shell) {
        postgres_write_format(writer, "CREATE TYPE %s", shell);
        postgres_write_end(writer, 0, NULL);
    }
    render_definition(writer, object);
}

void postgres_write_enabled(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *state = dara_object_text(object, "enabled");
    postgres_write_format(writer, " %s", state && strcmp(state, "disabled") == 0 ? "DISABLE" : "ENABLE");
    if (state && strcmp(state, "replica") == 0)
        postgres_write(writer, " REPLICA");
    else if (state && strcmp(state, "always") == 0)
        postgres_write(writer, " ALWAYS");
}

void postgres_render_enabled(struct postgres_writer *writer, const struct dara_object *object, bool always)
{
    bool event = postgres_is(object, "event_trigger");
    if (!dara_object_has(object, "enabled") && !always)
        return;
    postgres_write_alter(writer, event ? object : dara_object_owner(object), false);
    postgres_write_enabled(writer, object);
    if (!event) {
        postgres_write_format(writer, " %s ", postgres_word(object));
        postgres_write_name(writer, dara_object_name(object));
    }
    postgres_write_end(writer, 0, NULL);
}

static void render_enabled_definition(struct postgres_writer *writer, const struct dara_object *object)
{
    bool own = dara_object_has(object, "definition");
    if (own)
        render_definition(writer, object);
    postgres_render_enabled(writer, object, !own);
}

static void write_view(struct postgres_writer *writer, const struct dara_object *object, const char *create)
{
    postgres_write_format(writer, "%s ", create);
    postgres_write_object(writer, object);
    postgres_write_options(writer, " WITH ", object, "options");
    postgres_write(writer, " AS\n");
    postgres_write_trimmed(writer, dara_object_text(object, "definition"));
}

void postgres_render_replacement(struct postgres_writer *writer, const struct dara_object *view)
{
    write_view(writer, view, "CREATE OR REPLACE VIEW");
    postgres_write_end(writer, 0, NULL);
}

static void render_view(struct postgres_writer *writer, const struct dara_object *object)
{
    if (postgres_is_in_circle(object))
        postgres_render_stub(writer, object, "CREATE VIEW");
    else
        write_view(writer, object, "CREATE VIEW");
    end_with_comment(writer, object);
}

static void render_materialized_view(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write(writer, "CREATE MATERIALIZED VIEW ");
    postgres_write_object(writer, object);
    postgres_write_optional_name(writer, " USING ", dara_object_text(object, "postgres.access_method"));
    postgres_write_options(writer, " WITH ", object, "options");
    postgres_write_optional_name(writer, " TABLESPACE ", dara_object_text(object, "postgres.tablespace"));
    postgres_write(writer, " AS\n");
    postgres_write_trimmed(writer, dara_object_text(object, "definition"));
    end_with_comment(writer, object);
}

void postgres_write_policy_roles(struct postgres_writer *writer, const struct dara_object *policy)
{
    const char *const *roles = NULL;
    size_t count = dara_object_list(policy, "roles", &roles);
    postgres_write(writer, count ? " TO " : " TO PUBLIC");
    for (size_t i = 0; i < count; i++) {
        postgres_write(writer, i ? ", " : "");
        postgres_write_role(writer, roles[i]);
    }
}

void postgres_write_policy_expressions(struct postgres_writer *writer, const struct dara_object *policy)
{
    if (dara_object_has(policy, "using"))
        postgres_write_format(writer, " USING (%s)", dara_object_text(policy, "using"));
    if (dara_object_has(policy, "check"))
        postgres_write_format(writer, " WITH CHECK (%s)", dara_object_text(policy, "check"));
}

static void render_policy(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *command = dara_object_text(object, "command");
    postgres_write(writer, "CREATE POLICY ");
    postgres_write_name(writer, dara_object_name(object));
    postgres_write(writer, " ON ");
    postgres_write_object(writer, dara_object_owner(object));
    postgres_write_format(writer, " AS %s FOR %s",
                          dara_object_bool(object, "permissive", true) ? "PERMISSIVE" : "RESTRICTIVE",
                          command ? command : "ALL");
    postgres_write_policy_roles(writer, object);
    postgres_write_policy_expressions(writer, object);
    end_with_comment(writer, object);
}

void postgres_render_statistics_target(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write_alter(writer, object, false);
    postgres_write(writer, " SET STATISTICS ");
    if (dara_object_has(object, "target"))
        postgres_write_value(writer, object, "target");
    else
        postgres_write(writer, "-1");
    postgres_write_end(writer, 0, NULL);
}

static void render_statistics(struct postgres_writer *writer, const struct dara_object *object)
{
    render_definition(writer, object);
    if (dara_object_has(object, "target"))
        postgres_render_statistics_target(writer, object);
}

static void render_table(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_render_table(writer, object);
    if (dara_object_comment(object))
        postgres_render_comment(writer, object, dara_object_comment(object));
}

static void render_dependence(struct postgres_writer *writer, const struct dara_object *dependence)
{
    postgres_render_dependence(writer, dependence, true);
}

static void render_label(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_render_label(writer, object, dara_object_text(object, "label"));
}

void postgres_render_object(struct postgres_writer *writer, const struct dara_object *object)
{
    static const struct {
        const char *kind;
        void (*render)(struct postgres_writer *writer, const struct dara_object *object);
    } renderers[] = {
        {"namespace", render_namespace},
        {"extension", render_extension},
        {"type", render_type},
        {"sequence", render_sequence},
        {"routine", render_routine},
        {"table", render_table},
        {"foreign_table", render_table},
        {"view", render_view},
        {"materialized_view", render_materialized_view},
        {"index", render_definition},
        {"partition_index", postgres_render_partition_index},
        {"rule", render_enabled_definition},
        {"trigger", render_enabled_definition},
        {"policy", render_policy},
        {"statistics", render_statistics},
        {"event_trigger", render_enabled_definition},
        {"security_label", render_label},
        {"extension_dependence", render_dependence},
    };
    if (postgres_render_rare(writer, object))
        return;
    for (size_t i = 0; i < sizeof(renderers) / sizeof(renderers[0]); i++)
        if (postgres_is(object, renderers[i].kind))
            renderers[i].render(writer, object);
    render_attributes(writer, object);
}

int postgres_dialect_render(const struct dara_object *object, struct dara_text *out)
{
    struct postgres_writer writer = {.out = out};
    postgres_render_object(&writer, object);
    postgres_writer_free(&writer);
    return 0;
}

/* ---- snapshots ---------------------------------------------------------------------------------------------------------- */

/* Bodies of functions name what comes later in the file; all names outside them are qualified. */
int postgres_dialect_begin_snapshot(const struct dara_model *model, struct dara_text *out)
{
    (void)model;
    dara_text_add(out, "-- schema of a PostgreSQL database, written by dara; load it into an empty database with psql\n"
                       "BEGIN;\n"
                       "SET LOCAL client_encoding = 'UTF8';\n"
                       "SET LOCAL standard_conforming_strings = on;\n"
                       "SET LOCAL check_function_bodies = false;\n"
                       "SET LOCAL client_min_messages = warning;\n"
                       "SET LOCAL row_security = off;\n"
                       "SET LOCAL search_path = '';\n");
    return 0;
}

int postgres_dialect_end_snapshot(const struct dara_model *model, struct dara_text *out)
{
    struct postgres_writer writer = {.out = out};
    for (size_t i = 0; i < dara_model_count(model); i++)
        postgres_render_late(&writer, dara_model_at(model, i));
    postgres_writer_free(&writer);
    dara_text_add(out, "COMMIT;\n");
    return 0;
}
