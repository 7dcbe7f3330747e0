/* SPDX-License-Identifier: MIT */
#include "base/error-keep.h"

#include "base/alloc.h"

struct dara_error *dara_error_keep(void)
{
    const struct dara_error *last = dara_error_last();
    struct dara_error *kept = dara_alloc(sizeof(*kept));
    if (!last)
        return kept;
    *kept = (struct dara_error){
        .code = last->code,
        .message = dara_strdup(last->message),
        .detail = dara_strdup(last->detail),
        .hint = dara_strdup(last->hint),
        .native = dara_strdup(last->native),
        .file = dara_strdup(last->file),
        .line = last->line,
    };
    return kept;
}

int dara_error_restore(struct dara_error *kept)
{
    int code = kept->code ? kept->code : DARA_EINTERNAL;
    dara_error_set(code, "%s", kept->message ? kept->message : "an error was not described");
    if (kept->detail)
        dara_error_detail("%s", kept->detail);
    if (kept->hint)
        dara_error_hint("%s", kept->hint);
    if (kept->native)
        dara_error_native("%s", kept->native);
    dara_error_at(kept->file, kept->line);
    dara_error_drop(kept);
    return code;
}

void dara_error_put_back(struct dara_error *kept)
{
    if (kept && kept->code) {
        dara_error_restore(kept);
        return;
    }
    dara_error_clear();
    dara_error_drop(kept);
}

struct dara_error *dara_error_drop(struct dara_error *kept)
{
    if (!kept)
        return NULL;
    free((char *)kept->message);
    free((char *)kept->detail);
    free((char *)kept->hint);
    free((char *)kept->native);
    free((char *)kept->file);
    free(kept);
    return NULL;
}
