/* SPDX-License-Identifier: MIT */
/* What the database tells of the tables that statements are about: what matters by its rows matters little where there are none. */
#include <inttypes.h>
#include <string.h>

#include "service/lint-live.h"
#include "service/stake.h"
#include "service/target.h"

/* Whatever is larger is not empty; in less room the rows are counted, since engines only estimate. */
#define SMALL_BYTES (1 << 20)

struct dara_lint_live {
    struct dara_session *session;
    struct dara_model *model;
    struct dara_sizes *sizes;
};

int dara_lint_live_open(struct dara_context *context, struct dara_lint_live **ret_live)
{
    struct dara_lint_live *live = dara_alloc(sizeof(*live));
    int code = dara_context_url(context);
    if (!code)
        code = dara_context_open(context, DARA_MODE_READ, &live->session);
    if (!code)
        code = dara_target_look(live->session, &live->model);
    if (!code)
        code = dara_session_sizes(live->session, &live->sizes);
    if (code) {
        dara_lint_live_free(live);
        return code;
    }
    *ret_live = live;
    return 0;
}

struct dara_lint_live *dara_lint_live_free(struct dara_lint_live *live)
{
    if (!live)
        return NULL;
    dara_sizes_free(live->sizes);
    dara_model_free(live->model);
    dara_session_close(live->session);
    free(live);
    return NULL;
}

/* The table that the statement changes or drops, else one that it uses. */
static const struct dara_object *object_of(const struct dara_lint_live *live, const struct dara_statement_facts *facts)
{
    const struct dara_object *used = NULL;
    for (size_t i = 0; i < facts->object_count; i++) {
        const struct dara_fact_object *named = &facts->objects[i];
        const struct dara_object *object = dara_stake_find(live->model, named);
        if (object && named->role != DARA_ROLE_USES)
            return object;
        used = used ? used : object;
    }
    return used;
}

static int add_size(const struct dara_size *size, struct dara_text *words)
{
    dara_text_add(words, ": ");
    if (size->rows >= 0)
        dara_text_format(words, "about %" PRId64 " rows", size->rows);
    if (size->bytes >= 0) {
        dara_text_add(words, size->rows >= 0 ? ", " : "");
        dara_report_add_size(words, size->bytes);
    }
    return 0;
}

int dara_lint_live_look(struct dara_lint_live *live, const struct dara_statement_facts *facts, bool *ret_empty,
                        struct dara_text *words)
{
    const struct dara_object *object = object_of(live, facts);
    const struct dara_size *size = object ? dara_sizes_find(live->sizes, dara_object_kind(object)->name,
                                                            dara_object_space(object), dara_object_key(object))
                                          : NULL;
    uint64_t rows = 1;
    int code = 0;
    *ret_empty = false;
    if (!object)
        return 0;
    DARA_FREE char *name = dara_object_describe(object);
    if (!size || size->bytes < SMALL_BYTES)
        code = dara_session_count_rows(live->session, object, &rows);
    if (code)
        return code;
    *ret_empty = rows == 0;
    dara_text_format(words, "; %s%s", name, rows == 0 ? " is empty" : "");
    if (rows && size && (size->rows >= 0 || size->bytes >= 0))
        return add_size(size, words);
    if (rows)
        dara_text_add(words, " has rows");
    return 0;
}
