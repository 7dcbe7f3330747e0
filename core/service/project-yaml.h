/* SPDX-License-Identifier: MIT */
/*
 * dara.yaml, read in two steps. libyaml gives the tree with the line of every node; it is held against a libcyaml schema, so
 * that whatever is wrong is said with its line (libcyaml by itself names the line of the value before, and takes any word for
 * a true). libcyaml then loads the values by the same schema.
 */
#ifndef DARA_SERVICE_PROJECT_YAML_H
#define DARA_SERVICE_PROJECT_YAML_H

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <yaml.h>

#include <dara/error.h>

#include "base/alloc.h"

/* A document and what is known of it. */
struct dara_yaml {
    const char *text; /* borrowed */
    size_t length;
    const char *file; /* for messages, borrowed */
    bool loaded;
    yaml_document_t document;
};

/* Parse: one document, at most 1 MiB, UTF-8, no aliases. DARA_ECONFIG with file and line. End with dara_yaml_done(), which
 * also accepts one that was not parsed. */
int dara_yaml_parse(const char *text, size_t length, const char *file, struct dara_yaml *ret_yaml);
void dara_yaml_done(struct dara_yaml *yaml);
#define DARA_YAML_LOCAL DARA_CLEANUP(dara_yaml_done) struct dara_yaml

/* The document's root, never NULL; the value of a key of a mapping, or NULL (also where `node` is no mapping or NULL). */
const yaml_node_t *dara_yaml_root(struct dara_yaml *yaml);
const yaml_node_t *dara_yaml_get(struct dara_yaml *yaml, const yaml_node_t *node, const char *key);
/* The key node of the pair at `index` of a mapping, NULL past the end; `*ret_value` may be NULL. */
const yaml_node_t *dara_yaml_pair(struct dara_yaml *yaml, const yaml_node_t *mapping, size_t index,
                                  const yaml_node_t **ret_value);
/* The text of a scalar, or NULL where it is none. Borrowed. */
const char *dara_yaml_text(const yaml_node_t *node);
/* Begin an error at the line of `node`. Returns DARA_ECONFIG. */
int dara_yaml_error(const struct dara_yaml *yaml, const yaml_node_t *node, const char *format, ...) DARA_PRINTF(3, 4);

/* Hold the whole document against `schema` (mappings, strings, booleans): unknown, missing and doubled keys, values of another
 * form. DARA_ECONFIG with file and line. */
int dara_yaml_check(struct dara_yaml *yaml, const cyaml_schema_value_t *schema);
/* Load by the schema that was checked. `*ret_data` is freed with dara_yaml_free(). */
int dara_yaml_load(struct dara_yaml *yaml, const cyaml_schema_value_t *schema, void **ret_data);
void dara_yaml_free(const cyaml_schema_value_t *schema, void *data);

#endif
