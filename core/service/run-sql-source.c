/* SPDX-License-Identifier: MIT */
#include "service/run-sql-source.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"

static int fail(const struct dara_source *source, int code, long line)
{
    dara_error_at(source->path, line);
    return code;
}

static int check_bytes(const struct dara_source *source)
{
    const char *line = source->text, *end = source->text + source->length;
    for (long number = 1; line < end; number++) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = stop ? (size_t)(stop - line) : (size_t)(end - line);
        if (memchr(line, '\0', length))
            return fail(source, dara_error_set(DARA_EFILE, "a NUL byte"), number);
        if (!dara_utf8_valid(line, length))
            return fail(source, dara_error_set(DARA_EFILE, "bytes that are not UTF-8"), number);
        line += length + 1;
    }
    return 0;
}

static int parse(const struct dara_driver *driver, struct dara_source *source)
{
    int code = check_bytes(source);
    if (code)
        return code;
    if ((code = dara_dialect_split(driver, source->text, source->length, &source->script)))
        return fail(source, code, 0);
    if (!source->script->count)
        return fail(source, dara_error_set(DARA_EFILE, "there is no statement in it"), 0);
    source->facts = dara_alloc((source->script->count + 1) * sizeof(struct dara_statement_facts *));
    for (size_t i = 0; i < source->script->count; i++)
        if ((code = dara_dialect_classify(driver, &source->script->statements[i], &source->facts[i])))
            return dara_source_at(source, i, code);
    return 0;
}

int dara_source_take(const struct dara_driver *driver, const char *path, const char *text, size_t length,
                     struct dara_source **ret_source)
{
    struct dara_source *source = dara_alloc(sizeof(*source));
    source->path = dara_strdup(path);
    dara_sha256(text, length, source->checksum);
    /* A byte order mark is no statement. */
    size_t mark = length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
    source->length = length - mark;
    source->text = dara_alloc(source->length + 1);
    memcpy(source->text, text + mark, source->length);
    int code = parse(driver, source);
    if (code) {
        dara_source_free(source);
        return code;
    }
    *ret_source = source;
    return 0;
}

int dara_source_read(const struct dara_driver *driver, const char *path, struct dara_source **ret_source)
{
    DARA_FREE char *text = NULL;
    size_t length = 0;
    int code = dara_file_read(path, &text, &length);
    return code ? code : dara_source_take(driver, path, text, length, ret_source);
}

struct dara_source *dara_source_free(struct dara_source *source)
{
    if (!source)
        return NULL;
    for (size_t i = 0; source->facts && i < source->script->count; i++)
        dara_facts_free(source->facts[i]);
    free(source->facts);
    dara_script_free(source->script);
    free(source->text);
    free(source->path);
    free(source);
    return NULL;
}

unsigned dara_source_flags(const struct dara_source *source)
{
    unsigned flags = 0;
    for (size_t i = 0; i < source->script->count; i++)
        flags |= source->facts[i]->flags;
    return flags;
}

int dara_source_at(const struct dara_source *source, size_t statement, int code)
{
    const struct dara_error *error = dara_error_last();
    long within = error && error->line > 1 ? error->line - 1 : 0;
    return fail(source, code, (long)source->script->statements[statement].line + within);
}

struct refusal {
    unsigned flag;
    const char *message;
    const char *hint;
};

int dara_source_check(const struct dara_source *source, unsigned forbidden)
{
    static const struct refusal refusals[] = {
        {DARA_STATEMENT_TRANSACTION, "begins or ends a transaction, and dara runs the script in one of its own",
         "take the statement out"},
        {DARA_STATEMENT_NO_TRANSACTION, "cannot run inside a transaction", "run it alone, with dara run-sql"},
        {DARA_STATEMENT_BEFORE_TRANSACTION, "has no effect inside a transaction", "take the statement out"},
        {DARA_STATEMENT_SCHEMA, "changes the schema", "put it into a migration"},
    };
    for (size_t i = 0; i < source->script->count; i++) {
        const struct dara_statement_facts *facts = source->facts[i];
        const char *kind = facts->kind ? facts->kind : "the statement";
        if (facts->flags & forbidden & DARA_STATEMENT_REFUSED) {
            dara_error_set(DARA_EREFUSED, "'%s' is refused: %s", kind, facts->refusal ? facts->refusal : "not allowed");
            if (facts->refusal_hint)
                dara_error_hint("%s", facts->refusal_hint);
            return dara_source_at(source, i, DARA_EREFUSED);
        }
        for (size_t j = 0; j < DARA_COUNT(refusals); j++)
            if (facts->flags & forbidden & refusals[j].flag) {
                dara_error_set(DARA_EREFUSED, "'%s' %s", kind, refusals[j].message);
                dara_error_hint("%s", refusals[j].hint);
                return dara_source_at(source, i, DARA_EREFUSED);
            }
    }
    return 0;
}
