/* SPDX-License-Identifier: MIT */
#include "service/project-yaml.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define YAML_LIMIT (1024u * 1024u)

static void quiet(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    (void)level, (void)context, (void)format, (void)arguments;
}

static const cyaml_config_t config = {
    .log_fn = quiet, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR, .flags = CYAML_CFG_NO_ALIAS};

/* ---- the tree ------------------------------------------------------------------------------------------------------- */

static int fail_at(const char *file, size_t line, const char *message)
{
    int code = dara_error_set(DARA_ECONFIG, "%s", message);
    dara_error_at(file, (long)line);
    return code;
}

int dara_yaml_error(const struct dara_yaml *yaml, const yaml_node_t *node, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return fail_at(yaml->file, node ? node->start_mark.line + 1 : 0, message);
}

/* libyaml resolves an alias to the node it names: a node met twice is one. */
static int refuse_aliases(struct dara_yaml *yaml)
{
    size_t count = (size_t)(yaml->document.nodes.top - yaml->document.nodes.start);
    DARA_FREE bool *seen = dara_alloc(count + 1);
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *node = &yaml->document.nodes.start[i];
        bool twice = false;
        if (node->type == YAML_SEQUENCE_NODE)
            for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top;
                 item++) {
                twice = twice || seen[*item] || *item == 1;
                seen[*item] = true;
            }
        if (node->type == YAML_MAPPING_NODE)
            for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
                twice = twice || seen[pair->key] || pair->key == 1;
                seen[pair->key] = true;
                twice = twice || seen[pair->value] || pair->value == 1;
                seen[pair->value] = true;
            }
        if (twice) {
            dara_yaml_error(yaml, node, "aliases ('*name') are not allowed here");
            dara_error_hint("write the value out");
            return DARA_ECONFIG;
        }
    }
    return 0;
}

static int load_document(yaml_parser_t *parser, struct dara_yaml *yaml)
{
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *)yaml->text, yaml->length);
    if (!yaml_parser_load(parser, &yaml->document)) {
        char message[256];
        snprintf(message, sizeof(message), "%s", parser->problem ? parser->problem : "malformed YAML");
        return fail_at(yaml->file, parser->problem_mark.line + 1, message);
    }
    yaml->loaded = true;
    if (!yaml_document_get_root_node(&yaml->document))
        return fail_at(yaml->file, 1, "the file is empty");
    yaml_document_t second;
    if (!yaml_parser_load(parser, &second))
        return fail_at(yaml->file, parser->problem_mark.line + 1, parser->problem ? parser->problem : "malformed YAML");
    bool more = yaml_document_get_root_node(&second) != NULL;
    size_t line = second.start_mark.line + 1;
    yaml_document_delete(&second);
    if (more)
        return fail_at(yaml->file, line, "a second document begins here; the file may hold one");
    return refuse_aliases(yaml);
}

int dara_yaml_parse(const char *text, size_t length, const char *file, struct dara_yaml *ret_yaml)
{
    struct dara_yaml yaml = {.text = text, .length = length, .file = file};
    yaml_parser_t parser;
    if (length > YAML_LIMIT)
        return fail_at(file, 0, "the file is larger than 1 MiB");
    if (!dara_utf8_valid(text, length))
        return fail_at(file, 0, "the file is not valid UTF-8 text");
    if (!yaml_parser_initialize(&parser))
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    int code = load_document(&parser, &yaml);
    yaml_parser_delete(&parser);
    if (code) {
        dara_yaml_done(&yaml);
        return code;
    }
    *ret_yaml = yaml;
    return 0;
}

void dara_yaml_done(struct dara_yaml *yaml)
{
    if (yaml->loaded)
        yaml_document_delete(&yaml->document);
    yaml->loaded = false;
}

const yaml_node_t *dara_yaml_root(struct dara_yaml *yaml)
{
    return yaml_document_get_root_node(&yaml->document);
}

const yaml_node_t *dara_yaml_pair(struct dara_yaml *yaml, const yaml_node_t *mapping, size_t index,
                                  const yaml_node_t **ret_value)
{
    if (!mapping || mapping->type != YAML_MAPPING_NODE)
        return NULL;
    if (index >= (size_t)(mapping->data.mapping.pairs.top - mapping->data.mapping.pairs.start))
        return NULL;
    yaml_node_pair_t pair = mapping->data.mapping.pairs.start[index];
    if (ret_value)
        *ret_value = yaml_document_get_node(&yaml->document, pair.value);
    return yaml_document_get_node(&yaml->document, pair.key);
}

const yaml_node_t *dara_yaml_get(struct dara_yaml *yaml, const yaml_node_t *node, const char *key)
{
    const yaml_node_t *name, *value;
    for (size_t i = 0; (name = dara_yaml_pair(yaml, node, i, &value)); i++) {
        const char *text = dara_yaml_text(name);
        if (text && !strcmp(text, key))
            return value;
    }
    return NULL;
}

const char *dara_yaml_text(const yaml_node_t *node)
{
    if (!node || node->type != YAML_SCALAR_NODE || strlen((char *)node->data.scalar.value) != node->data.scalar.length)
        return NULL;
    return (const char *)node->data.scalar.value;
}

/* ---- the schema ----------------------------------------------------------------------------------------------------- */

static const cyaml_schema_field_t *find_field(const cyaml_schema_field_t *fields, const char *key)
{
    for (; fields->key; fields++)
        if (!strcmp(fields->key, key))
            return fields;
    return NULL;
}

/* The keys a mapping may have, for the hint. */
static void hint_keys(const cyaml_schema_field_t *fields)
{
    DARA_TEXT_LOCAL keys = DARA_TEXT_INIT;
    for (; fields->key; fields++)
        dara_text_format(&keys, "%s%s", keys.length ? ", " : "", fields->key);
    dara_error_hint("known here: %s", dara_text_string(&keys));
}

static int check_bool(struct dara_yaml *yaml, const yaml_node_t *node, const char *key)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off"};
    const char *text = dara_yaml_text(node);
    for (size_t i = 0; text && i < DARA_COUNT(words); i++)
        if (!strcmp(text, words[i]))
            return 0;
    return dara_yaml_error(yaml, node, "'%s' must be true or false", key);
}

static int check_scalar(struct dara_yaml *yaml, const yaml_node_t *node, const cyaml_schema_value_t *schema,
                        const char *key)
{
    const char *text = dara_yaml_text(node);
    if (!text)
        return dara_yaml_error(yaml, node, "'%s' must be one value", key);
    if (schema->type == CYAML_BOOL)
        return check_bool(yaml, node, key);
    if (!*text)
        return dara_yaml_error(yaml, node, "'%s' has no value", key);
    return 0;
}

static int check_key(struct dara_yaml *yaml, const yaml_node_t *mapping, size_t index,
                     const cyaml_schema_field_t *fields, const cyaml_schema_field_t **ret_field)
{
    const yaml_node_t *key = dara_yaml_pair(yaml, mapping, index, NULL);
    const char *name = dara_yaml_text(key);
    if (!name)
        return dara_yaml_error(yaml, key, "a key must be a word");
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, name);
    const cyaml_schema_field_t *field = find_field(fields, name);
    if (!field) {
        dara_yaml_error(yaml, key, "unknown key '%s'", dara_text_string(&shown));
        hint_keys(fields);
        return DARA_ECONFIG;
    }
    for (size_t i = 0; i < index; i++)
        if (!strcmp(dara_yaml_text(dara_yaml_pair(yaml, mapping, i, NULL)), name))
            return dara_yaml_error(yaml, key, "'%s' stands here twice", dara_text_string(&shown));
    *ret_field = field;
    return 0;
}

static int check_value(struct dara_yaml *yaml, const yaml_node_t *node, const cyaml_schema_value_t *schema,
                       const char *key)
{
    if (schema->type != CYAML_MAPPING)
        return check_scalar(yaml, node, schema, key);
    if (node->type != YAML_MAPPING_NODE)
        return dara_yaml_error(yaml, node, "%s%s%s must hold 'key: value' lines", key ? "'" : "",
                               key ? key : "the file", key ? "'" : "");
    const yaml_node_t *value;
    for (size_t i = 0; dara_yaml_pair(yaml, node, i, &value); i++) {
        const cyaml_schema_field_t *field = NULL;
        int code = check_key(yaml, node, i, schema->mapping.fields, &field);
        if (!code)
            code = check_value(yaml, value, &field->value, field->key);
        if (code)
            return code;
    }
    for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key; field++)
        if (!(field->value.flags & CYAML_FLAG_OPTIONAL) && !dara_yaml_get(yaml, node, field->key))
            return dara_yaml_error(yaml, node, "'%s' is missing%s%s%s", field->key, key ? " in '" : "", key ? key : "",
                                   key ? "'" : "");
    return 0;
}

int dara_yaml_check(struct dara_yaml *yaml, const cyaml_schema_value_t *schema)
{
    return check_value(yaml, dara_yaml_root(yaml), schema, NULL);
}

int dara_yaml_load(struct dara_yaml *yaml, const cyaml_schema_value_t *schema, void **ret_data)
{
    void *data = NULL;
    cyaml_err_t code = cyaml_load_data((const uint8_t *)yaml->text, yaml->length, &config, schema, &data, NULL);
    if (code != CYAML_OK)
        return dara_yaml_error(yaml, NULL, "the file cannot be read: %s", cyaml_strerror(code));
    if (!data)
        return dara_yaml_error(yaml, NULL, "the file is empty");
    *ret_data = data;
    return 0;
}

void dara_yaml_free(const cyaml_schema_value_t *schema, void *data)
{
    cyaml_free(&config, schema, data, 0);
}
