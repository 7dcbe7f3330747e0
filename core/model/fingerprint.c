/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/hash.h"
#include "model/internal.h"

/* By what identifies an object only: the place of its kind in the order of making things may change between versions. */
static int by_identity(const struct dara_object *a, const struct dara_object *b)
{
    if (a == b)
        return 0;
    if (!a || !b)
        return a ? 1 : -1;
    int result = strcmp(a->slot->kind->name, b->slot->kind->name);
    if (!result)
        result = dara_compare_strings(a->space, b->space);
    if (!result)
        result = by_identity(a->owner, b->owner);
    return result ? result : strcmp(a->key, b->key);
}

static int compare(const void *a, const void *b)
{
    return by_identity(*(struct dara_object *const *)a, *(struct dara_object *const *)b);
}

static int by_kind_name(const void *a, const void *b)
{
    const struct kind_slot *left = *(const struct kind_slot *const *)a, *right = *(const struct kind_slot *const *)b;
    return strcmp(left->kind->name, right->kind->name);
}

/* A string with its NUL, after a byte that tells it from no string. */
static void add(struct dara_text *record, const char *string)
{
    if (!string) {
        dara_text_put(record, "-", 1);
        return;
    }
    dara_text_put(record, "s", 1);
    dara_text_put(record, string, strlen(string) + 1);
}

static void add_count(struct dara_text *record, unsigned count)
{
    char digits[16], *at = digits + sizeof(digits);
    do
        *--at = (char)('0' + count % 10);
    while (count /= 10);
    *--at = ':';
    dara_text_put(record, at, (size_t)(digits + sizeof(digits) - at));
}

static void add_value(struct dara_text *record, const char *name, const struct value *value)
{
    const char type = (char)('0' + (int)value->type);
    add(record, name);
    dara_text_put(record, &type, 1);
    if (value->type == VALUE_TEXT) {
        add(record, value->text);
    } else if (value->type == VALUE_LIST) {
        add_count(record, value->count);
        for (size_t i = 0; i < value->count; i++)
            add(record, value->items[i]);
    } else {
        DARA_FREE char *text = dara_value_text(value);
        add(record, text);
    }
}

/* The properties of a kind that count, by name: their places. */
struct counted {
    size_t *places;
    size_t count;
};

static struct counted counted_properties(const struct kind_slot *slot, unsigned scope)
{
    const struct dara_property *properties = slot->kind->properties;
    struct counted counted = {dara_realloc_array(NULL, slot->property_count, sizeof(*counted.places)), 0};
    for (size_t i = 0; i < slot->property_count; i++) {
        if (!dara_property_counts(&properties[i], scope))
            continue;
        size_t at = counted.count++;
        for (; at && strcmp(properties[counted.places[at - 1]].name, properties[i].name) > 0; at--)
            counted.places[at] = counted.places[at - 1];
        counted.places[at] = i;
    }
    return counted;
}

static void add_object(struct dara_text *record, const struct dara_object *object, const struct counted *counted)
{
    for (const struct dara_object *at = object; at; at = at->owner) {
        add(record, at->slot->kind->name);
        add(record, at->space);
        add(record, at->key);
    }
    dara_text_put(record, "c", 1);
    add(record, object->comment);
    for (size_t i = 0; i < counted->count; i++) {
        size_t place = counted->places[i];
        if (object->values[place].type != VALUE_ABSENT)
            add_value(record, object->slot->kind->properties[place].name, &object->values[place]);
    }
    dara_text_put(record, "o", 1);
    for (size_t i = 0; i < object->owned_count; i++) {
        const struct dara_kind *kind = object->owned[i]->slot->kind;
        if (!(kind->flags & DARA_KIND_ORDERED))
            continue;
        add(record, kind->name);
        add(record, object->owned[i]->key);
    }
    dara_text_put(record, "\n", 1);
}

/* All objects in the order of `compare`. In canonical order they are nearly so: within each kind they follow their owners, and
 * the parts of one owner stand together. Parts are sorted there, and all only where that was not enough. */
static const struct dara_object **sorted_objects(const struct dara_model *model)
{
    const struct dara_object **sorted = dara_realloc_array(NULL, model->count, sizeof(*sorted));
    DARA_FREE const struct kind_slot **slots = dara_realloc_array(NULL, model->kind_count, sizeof(*slots));
    size_t count = 0, start = 0;
    bool good = true;
    for (size_t i = 0; i < model->kind_count; i++)
        slots[i] = &model->kinds[i];
    if (model->kind_count)
        qsort(slots, model->kind_count, sizeof(*slots), by_kind_name);
    for (size_t k = 0; k < model->kind_count; k++)
        for (size_t i = 0; slots[k]->object_count && i < model->count; i++)
            if (model->objects[i]->slot == slots[k])
                sorted[count++] = model->objects[i];
    for (size_t i = 1; i <= count; i++)
        if (i == count || sorted[i]->slot != sorted[start]->slot || sorted[i]->owner != sorted[start]->owner) {
            if (sorted[start]->owner && i - start > 1)
                qsort(sorted + start, i - start, sizeof(*sorted), compare);
            start = i;
        }
    for (size_t i = 1; i < count && good; i++)
        good = by_identity(sorted[i - 1], sorted[i]) <= 0;
    if (!good)
        qsort(sorted, count, sizeof(*sorted), compare);
    return sorted;
}

void dara_model_fingerprint(const struct dara_model *model, char ret_hex[65])
{
    dara_model_fingerprint_of(model, 0, ret_hex);
}

void dara_model_fingerprint_of(const struct dara_model *model, unsigned scope, char ret_hex[65])
{
    enum { LARGE = 1 << 15 }; /* bytes hashed at once */
    DARA_FREE const struct dara_object **sorted = sorted_objects(model);
    DARA_FREE struct counted *counted = dara_realloc_array(NULL, model->kind_count, sizeof(*counted));
    DARA_TEXT_LOCAL record = DARA_TEXT_INIT;
    for (size_t i = 0; i < model->kind_count; i++)
        counted[i] = counted_properties(&model->kinds[i], scope);
    struct dara_hash *hash = dara_hash_new();
    dara_hash_add(hash, model->engine, strlen(model->engine) + 1);
    for (size_t i = 0; i < model->count; i++) {
        if (!(dara_object_scope(sorted[i]) & ~scope))
            add_object(&record, sorted[i], &counted[sorted[i]->slot - model->kinds]);
        if (record.length < LARGE && i + 1 < model->count)
            continue;
        dara_hash_add(hash, dara_text_string(&record), record.length);
        dara_text_clear(&record);
    }
    dara_hash_end(hash, ret_hex);
    for (size_t i = 0; i < model->kind_count; i++)
        free(counted[i].places);
}
