/* SPDX-License-Identifier: MIT */
/* Definitions of the kinds of kinds-rare.c. */
#include <string.h>

#include "render.h"

static void end_with_comment(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write_end(writer, 0, NULL);
    if (dara_object_comment(object))
        postgres_render_comment(writer, object, dara_object_comment(object));
}

static void render_definition(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write(writer, dara_object_text(object, "definition"));
    end_with_comment(writer, object);
}

/* ---- operators ---- */

static void render_operator(struct postgres_writer *writer, const struct dara_object *object)
{
    static const char *const estimators[] = {"restrict", "join"};
    static const char *const words[] = {", RESTRICT = ", ", JOIN = "};
    postgres_write(writer, "CREATE OPERATOR ");
    postgres_write_qualified(writer, dara_object_space(object), NULL);
    postgres_write_format(writer, "%s (%s", dara_object_name(object), dara_object_text(object, "definition"));
    for (size_t i = 0; i < 2; i++)
        if (dara_object_has(object, estimators[i]))
            postgres_write_format(writer, "%s%s", words[i], dara_object_text(object, estimators[i]));
    postgres_write(writer, ")");
    end_with_comment(writer, object);
}

static void render_operator_family(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write(writer, "CREATE OPERATOR FAMILY ");
    postgres_write_object(writer, object);
    end_with_comment(writer, object);
    if (!dara_object_has(object, "members"))
        return;
    postgres_write_alter(writer, object, false);
    postgres_write(writer, " ADD ");
    postgres_write_list(writer, object, "members");
    postgres_write_end(writer, 0, NULL);
}

/* ---- text search ---- */

static void render_dictionary(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *options = dara_object_text(object, "options");
    postgres_write(writer, "CREATE TEXT SEARCH DICTIONARY ");
    postgres_write_object(writer, object);
    postgres_write_format(writer, " (TEMPLATE = %s%s%s)", dara_object_text(object, "template"), options ? ", " : "",
                          options ? options : "");
    end_with_comment(writer, object);
}

static void render_configuration(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *const *mappings = NULL;
    size_t count = dara_object_list(object, "mappings", &mappings);
    postgres_write(writer, "CREATE TEXT SEARCH CONFIGURATION ");
    postgres_write_object(writer, object);
    postgres_write_format(writer, " (PARSER = %s)", dara_object_text(object, "parser"));
    end_with_comment(writer, object);
    for (size_t i = 0; i < count; i++) {
        postgres_write_alter(writer, object, false);
        postgres_write_format(writer, " ADD MAPPING FOR %s", mappings[i]);
        postgres_write_end(writer, 0, NULL);
    }
}

/* ---- foreign data ---- */

void postgres_write_foreign_option(struct postgres_writer *writer, const char *option)
{
    size_t length = strcspn(option, "=");
    struct postgres_writer name = {.text = NULL};
    postgres_write_format(&name, "%.*s", (int)length, option);
    postgres_write_name(writer, name.text);
    postgres_writer_free(&name);
    postgres_write(writer, " ");
    postgres_write_literal(writer, option[length] ? option + length + 1 : "");
}

void postgres_write_foreign_options(struct postgres_writer *writer, const struct dara_object *object,
                                    const char *property, const char *written)
{
    const char *const *options = NULL;
    size_t count = dara_object_list(object, written, &options);
    if (!count)
        count = dara_object_list(object, property, &options);
    for (size_t i = 0; i < count; i++) {
        postgres_write(writer, i ? ", " : " OPTIONS (");
        postgres_write_foreign_option(writer, options[i]);
    }
    postgres_write(writer, count ? ")" : "");
}

static void render_wrapper(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *handler = dara_object_text(object, "handler"), *validator = dara_object_text(object, "validator");
    postgres_write(writer, "CREATE FOREIGN DATA WRAPPER ");
    postgres_write_object(writer, object);
    if (handler)
        postgres_write_format(writer, " HANDLER %s", handler);
    if (validator)
        postgres_write_format(writer, " VALIDATOR %s", validator);
    postgres_write_foreign_options(writer, object, "options", "options_written");
    end_with_comment(writer, object);
}

static void render_server(struct postgres_writer *writer, const struct dara_object *object)
{
    static const char *const properties[] = {"type", "version"};
    static const char *const words[] = {" TYPE ", " VERSION "};
    postgres_write(writer, "CREATE SERVER ");
    postgres_write_object(writer, object);
    for (size_t i = 0; i < 2; i++) {
        if (!dara_object_has(object, properties[i]))
            continue;
        postgres_write(writer, words[i]);
        postgres_write_literal(writer, dara_object_text(object, properties[i]));
    }
    postgres_write_optional_name(writer, " FOREIGN DATA WRAPPER ", dara_object_text(object, "wrapper"));
    postgres_write_foreign_options(writer, object, "options", "options_written");
    end_with_comment(writer, object);
}

static void render_user_mapping(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write(writer, "CREATE USER MAPPING ");
    postgres_write_object(writer, object);
    postgres_write_foreign_options(writer, object, "options", "options_written");
    postgres_write_end(writer, 0, NULL);
}

/* ---- replication ---- */

void postgres_write_publication_options(struct postgres_writer *writer, const struct dara_object *object, bool all)
{
    const char *publish = dara_object_text(object, "publish");
    const char *generated = dara_object_text(object, "generated_columns");
    bool via_root = dara_object_bool(object, "via_root", false);
    postgres_write(writer, "publish = ");
    postgres_write_literal(writer, publish ? publish : "");
    if (via_root || all)
        postgres_write_format(writer, ", publish_via_partition_root = %s", via_root ? "true" : "false");
    if (generated)
        postgres_write_format(writer, ", publish_generated_columns = %s", generated);
}

void postgres_render_publication_member(struct postgres_writer *writer, const struct dara_object *publication,
                                        const char *verb, bool schema, const char *member)
{
    postgres_write_alter(writer, publication, false);
    postgres_write_format(writer, " %s %s ", verb, schema ? "TABLES IN SCHEMA" : "TABLE ONLY");
    if (schema)
        postgres_write_name(writer, member);
    else
        postgres_write(writer, member);
    postgres_write_end(writer, 0, NULL);
}

static void render_publication(struct postgres_writer *writer, const struct dara_object *object)
{
    postgres_write(writer, "CREATE PUBLICATION ");
    postgres_write_object(writer, object);
    if (dara_object_bool(object, "all_tables", false))
        postgres_write(writer, " FOR ALL TABLES");
    postgres_write(writer, " WITH (");
    postgres_write_publication_options(writer, object, false);
    postgres_write(writer, ")");
    end_with_comment(writer, object);
    for (size_t kind = 0; kind < 2; kind++) {
        const char *const *members = NULL;
        size_t count = dara_object_list(object, kind ? "schemas" : "tables", &members);
        for (size_t i = 0; i < count; i++)
            postgres_render_publication_member(writer, object, "ADD", kind, members[i]);
    }
}

void postgres_write_publications(struct postgres_writer *writer, const struct dara_object *subscription)
{
    const char *const *names = NULL;
    size_t count = dara_object_list(subscription, "publications", &names);
    for (size_t i = 0; i < count; i++) {
        postgres_write(writer, i ? ", " : "");
        postgres_write_name(writer, names[i]);
    }
}

/* Without connecting, and so disabled, as pg_dump does: whoever restores it decides when it starts. */
static void render_subscription(struct postgres_writer *writer, const struct dara_object *object)
{
    const char *slot = dara_object_text(object, "slot");
    postgres_write(writer, "CREATE SUBSCRIPTION ");
    postgres_write_object(writer, object);
    postgres_write(writer, " CONNECTION ");
    postgres_write_literal(writer, dara_object_text(object, "connection"));
    postgres_write(writer, " PUBLICATION ");
    postgres_write_publications(writer, object);
    postgres_write(writer, " WITH (connect = false, slot_name = ");
    if (slot)
        postgres_write_literal(writer, slot);
    else
        postgres_write(writer, "NONE");
    if (dara_object_has(object, "options")) {
        postgres_write(writer, ", ");
        postgres_write_list(writer, object, "options");
    }
    postgres_write(writer, ")");
    end_with_comment(writer, object);
}

/* ---- all ---- */

bool postgres_render_rare(struct postgres_writer *writer, const struct dara_object *object)
{
    static const struct {
        const char *kind;
        void (*render)(struct postgres_writer *writer, const struct dara_object *object);
    } renderers[] = {
        {"collation", render_definition},
        {"conversion", render_definition},
        {"text_search_parser", render_definition},
        {"text_search_template", render_definition},
        {"text_search_dictionary", render_dictionary},
        {"text_search_configuration", render_configuration},
        {"language", render_definition},
        {"access_method", render_definition},
        {"operator", render_operator},
        {"operator_family", render_operator_family},
        {"operator_class", render_definition},
        {"cast", render_definition},
        {"transform", render_definition},
        {"foreign_data_wrapper", render_wrapper},
        {"foreign_server", render_server},
        {"user_mapping", render_user_mapping},
        {"publication", render_publication},
        {"subscription", render_subscription},
    };
    for (size_t i = 0; i < sizeof(renderers) / sizeof(renderers[0]); i++) {
        if (!postgres_is(object, renderers[i].kind))
            continue;
        renderers[i].render(writer, object);
        return true;
    }
    return false;
}
