/* SPDX-License-Identifier: MIT */
/* The meta of a snapshot. */
#include "base/alloc.h"
#include "service/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DARA_FREE char *text = dara_strndup((const char *)data, size);
    struct dara_snapshot *snapshot = NULL;
    int result = dara_snapshot_parse_meta(text, size, &snapshot);
    if (result ? snapshot != NULL || dara_error_last()->code != result : !snapshot)
        abort();
    dara_snapshot_free(snapshot);
    return 0;
}
