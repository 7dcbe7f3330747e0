/* SPDX-License-Identifier: MIT */
/* Options of collections and indexes, as the server calls them and as the model does. One table for reading, rendering and changing. */
#ifndef DARA_MONGODB_OPTIONS_H
#define DARA_MONGODB_OPTIONS_H

#include <bson/bson.h>
#include <dara/dara.h>

enum mongodb_option_form {
    MONGODB_OPTION_JSON = 1, /* a text: the value as JSON */
    MONGODB_OPTION_TEXT,
    MONGODB_OPTION_BOOL, /* false is left out */
    MONGODB_OPTION_INT,
};

struct mongodb_option {
    const char *name, *property;
    enum mongodb_option_form form;
};
/* Each ends with a NULL name. */
extern const struct mongodb_option mongodb_collection_options[], mongodb_view_options[], mongodb_index_options[];

/* Set the property of an option from its value. */
int mongodb_option_take(struct dara_object *object, const struct mongodb_option *option, const bson_iter_t *value);
/* Append the option, where the object has it, to a command. DARA_EDRIVER for a property that cannot be read back. */
int mongodb_option_give(const struct dara_object *object, const struct mongodb_option *option, bson_t *to);
/* All of a table that the object has. */
int mongodb_options_give(const struct dara_object *object, const struct mongodb_option *options, bson_t *to);
/* The property's JSON text as an element of `to`; the text is a value of any type. */
int mongodb_json_give(const char *text, const char *name, bson_t *to);

/* What dara has no name for is kept in one document, under this property. */
#define MONGODB_OTHER_OPTIONS "mongodb.other_options"

#endif
