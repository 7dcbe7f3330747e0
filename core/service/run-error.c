/* SPDX-License-Identifier: MIT */
#include "service/run-error.h"

#include "base/alloc.h"

struct dara_kept_error {
    int code;
    char *message, *detail, *hint, *native, *file;
    long line;
};

struct dara_kept_error *dara_error_keep(void)
{
    const struct dara_error *last = dara_error_last();
    struct dara_kept_error *kept = dara_alloc(sizeof(*kept));
    if (!last)
        return kept;
    kept->code = last->code;
    kept->message = dara_strdup(last->message);
    kept->detail = dara_strdup(last->detail);
    kept->hint = dara_strdup(last->hint);
    kept->native = dara_strdup(last->native);
    kept->file = dara_strdup(last->file);
    kept->line = last->line;
    return kept;
}

int dara_error_restore(struct dara_kept_error *kept)
{
    int code = kept->code ? kept->code : DARA_EINTERNAL;
    dara_error_set(code, "%s", kept->message ? kept->message : "an error was not described");
    if (kept->detail)
        dara_error_detail("%s", kept->detail);
    if (kept->hint)
        dara_error_hint("%s", kept->hint);
    if (kept->native)
        dara_error_native("%s", kept->native);
    if (kept->file || kept->line)
        dara_error_at(kept->file, kept->line);
    free(kept->message);
    free(kept->detail);
    free(kept->hint);
    free(kept->native);
    free(kept->file);
    free(kept);
    return code;
}
