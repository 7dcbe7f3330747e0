/* SPDX-License-Identifier: MIT */
/* A model's JSON: refused with an error, or a model that is written, read, compared and ordered without loss. */
#include <string.h>

#include "model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool good)
{
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DARA_MODEL_LOCAL model = NULL;
    DARA_MODEL_LOCAL copy = NULL;
    DARA_DIFF_LOCAL diff = NULL;
    DARA_TEXT_LOCAL first = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL second = DARA_TEXT_INIT;
    DARA_FREE const struct dara_object **objects = NULL;
    char one[65], two[65];
    size_t count = 0;
    if (dara_model_read_json((const char *)data, size, &model) != 0) {
        demand(!model && dara_error_last()->code == DARA_EFILE && *dara_error_last()->message);
        return 0;
    }
    dara_model_write_json(model, &first);
    demand(dara_model_read_json(first.bytes, first.length, &copy) == 0);
    dara_model_write_json(copy, &second);
    demand(strcmp(first.bytes, second.bytes) == 0);
    dara_model_fingerprint(model, one);
    dara_model_fingerprint(copy, two);
    demand(strcmp(one, two) == 0);
    demand(dara_diff_new(model, copy, &diff) == 0 && dara_diff_count(diff) == 0);
    demand(dara_model_order(model, &objects, &count) == 0 && count <= dara_model_count(model));
    for (size_t i = 0; i < dara_model_count(model); i++) {
        DARA_FREE char *text = dara_object_describe(dara_model_at(model, i));
        demand(dara_model_same(copy, dara_model_at(model, i)) != NULL);
    }
    return 0;
}
