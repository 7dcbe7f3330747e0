/* SPDX-License-Identifier: MIT */
/* A matrix in a file, and two of them side by side. */
#include <string.h>

#include "base/file.h"
#include "service/access.h"

#define FORMAT 1

/* ---- files -------------------------------------------------------------------------------------------------------------- */

int dara_access_save(const json_t *document, const char *path)
{
    json_t *whole = json_pack("{s:i}", "format", FORMAT);
    json_object_update(whole, (json_t *)document);
    DARA_FREE char *text = json_dumps(whole, JSON_INDENT(1));
    json_decref(whole);
    if (!text)
        return dara_error_set(DARA_EINTERNAL, "a matrix cannot be written as JSON");
    DARA_TEXT_LOCAL file = DARA_TEXT_INIT;
    dara_text_format(&file, "%s\n", text);
    return dara_file_write(path, dara_text_string(&file), file.length, 0666);
}

static int fail(const char *path, long line, const char *message)
{
    dara_error_set(DARA_EFILE, "%s", message);
    dara_error_hint("write a new one with --save");
    dara_error_at(path, line);
    return DARA_EFILE;
}

static bool is_cell(const json_t *cell)
{
    static const char *const texts[] = {"schema", "table", "actor", "command", "access"};
    for (size_t i = 0; i < DARA_COUNT(texts); i++)
        if (!json_is_string(json_object_get(cell, texts[i])))
            return false;
    return true;
}

static bool is_document(const json_t *document)
{
    const json_t *cells = json_object_get(document, "access"), *cell;
    size_t i;
    if (json_integer_value(json_object_get(document, "format")) != FORMAT || !json_is_array(cells))
        return false;
    json_array_foreach(cells, i, cell) if (!is_cell(cell)) return false;
    return true;
}

int dara_access_load(const char *path, json_t **ret_document)
{
    DARA_FREE char *text = NULL;
    size_t length = 0;
    json_error_t error;
    int code = dara_file_read(path, &text, &length);
    if (code)
        return code;
    json_t *document = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!document)
        return fail(path, error.line, "the matrix is no JSON");
    if (!is_document(document)) {
        json_decref(document);
        return fail(path, 0, "this is no matrix of this version of dara");
    }
    *ret_document = document;
    return 0;
}

/* ---- comparing ---------------------------------------------------------------------------------------------------------- */

static const char *text_of(const json_t *cell, const char *name)
{
    const char *text = json_string_value(json_object_get(cell, name));
    return text ? text : "";
}

static char *key_of(const json_t *cell)
{
    return dara_format("%zu:%s%zu:%s%zu:%s%s", strlen(text_of(cell, "schema")), text_of(cell, "schema"),
                       strlen(text_of(cell, "table")), text_of(cell, "table"), strlen(text_of(cell, "actor")),
                       text_of(cell, "actor"), text_of(cell, "command"));
}

/* Cells by what they are about; borrowed from the document. New reference. */
static json_t *index_of(const json_t *document)
{
    json_t *index = json_object();
    const json_t *cell;
    size_t i;
    json_array_foreach(json_object_get(document, "access"), i, cell)
    {
        DARA_FREE char *key = key_of(cell);
        json_object_set(index, key, (json_t *)cell);
    }
    return index;
}

/* An error lets no row through, and what was not tried may let some. */
static int rank_of(const json_t *cell)
{
    static const struct {
        const char *access;
        int rank;
    } ranks[] = {{"denied", 0}, {"error", 1}, {"filtered", 1}, {"untried", 2}, {"some", 3}, {"all", 4}};
    for (size_t i = 0; i < DARA_COUNT(ranks); i++)
        if (!strcmp(text_of(cell, "access"), ranks[i].access))
            return ranks[i].rank;
    return 0;
}

static json_int_t number_of(const json_t *cell, const char *name)
{
    return json_integer_value(json_object_get(cell, name));
}

/* More than 0: wider; less: narrower. Numbers of rows tell only where there are as many rows as before. A table that was not there is wide
 * where rows are within reach. */
static int step_of(const json_t *before, const json_t *after)
{
    int old = before ? rank_of(before) : 2, new = after ? rank_of(after) : 0;
    if (!before)
        return new > old ? 1 : 0;
    /* Not tried tells neither way, unless nothing at all was within reach before. */
    if (old != new)
        return new == 2 && old == 1 ? 0 : new - old;
    if (old != 3 || number_of(before, "rows") != number_of(after, "rows"))
        return 0;
    return (int)(number_of(after, "allowed") > number_of(before, "allowed")) -
           (int)(number_of(after, "allowed") < number_of(before, "allowed"));
}

/* One part of "actor:command:schema.table": up to `end`. */
static bool part_allows(const char **at, char end, const char *value)
{
    const char ends[] = {end, '\0'};
    size_t length = strcspn(*at, ends);
    bool good = (length == 1 && **at == '*') || (strlen(value) == length && !memcmp(*at, value, length));
    *at += length + ((*at)[length] ? 1 : 0);
    return good;
}

static bool is_allowed(const char *const *allowed, const json_t *cell)
{
    DARA_FREE char *table = dara_format("%s.%s", text_of(cell, "schema"), text_of(cell, "table"));
    for (; allowed && *allowed; allowed++) {
        const char *at = *allowed;
        bool good = part_allows(&at, ':', text_of(cell, "actor"));
        good = part_allows(&at, ':', text_of(cell, "command")) && good;
        if (part_allows(&at, '\0', table) && good)
            return true;
    }
    return false;
}

static void add_reach(const json_t *cell, struct dara_text *out)
{
    const json_t *rows = json_object_get(cell, "rows"), *reached = json_object_get(cell, "allowed");
    if (!cell)
        dara_text_add(out, "not there");
    else if (rank_of(cell) >= 3 && json_is_integer(rows) && json_is_integer(reached))
        dara_text_format(out, "%lld of %lld", (long long)json_integer_value(reached),
                         (long long)json_integer_value(rows));
    else
        dara_text_add(out, text_of(cell, "access"));
}

struct compared {
    struct dara_report *report;
    const char *const *allowed;
    json_t *widened, *narrowed;
    size_t counting;
};

static void add_step(struct compared *compared, const json_t *before, const json_t *after, int step)
{
    const json_t *cell = after ? after : before;
    bool allowed = step > 0 && is_allowed(compared->allowed, cell);
    DARA_TEXT_LOCAL from = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL to = DARA_TEXT_INIT;
    add_reach(before, &from);
    add_reach(after, &to);
    json_array_append_new(step > 0 ? compared->widened : compared->narrowed,
                          json_pack("{s:O, s:O, s:O, s:O, s:s, s:s, s:b}", "schema", json_object_get(cell, "schema"),
                                    "table", json_object_get(cell, "table"), "actor", json_object_get(cell, "actor"),
                                    "command", json_object_get(cell, "command"), "before", dara_text_string(&from),
                                    "after", dara_text_string(&to), "allowed", allowed));
    if (step < 0)
        return;
    compared->counting += !allowed;
    dara_report_note(compared->report, allowed ? DARA_NOTE_INFO : DARA_NOTE_ERROR,
                     "'%s' may %s more of %s.%s than before: %s, was %s%s", text_of(cell, "actor"),
                     text_of(cell, "command"), text_of(cell, "schema"), text_of(cell, "table"), dara_text_string(&to),
                     dara_text_string(&from), allowed ? " (allowed)" : "");
}

static void compare_all(struct compared *compared, const json_t *before, const json_t *after)
{
    json_t *old = index_of(before), *new = index_of(after);
    const json_t *cell;
    size_t i;
    json_array_foreach(json_object_get(after, "access"), i, cell)
    {
        DARA_FREE char *key = key_of(cell);
        const json_t *was = json_object_get(old, key);
        int step = step_of(was, cell);
        if (step)
            add_step(compared, was, cell, step);
    }
    json_array_foreach(json_object_get(before, "access"), i, cell)
    {
        DARA_FREE char *key = key_of(cell);
        if (!json_object_get(new, key) && rank_of(cell) > 1)
            add_step(compared, cell, NULL, -1);
    }
    json_decref(old);
    json_decref(new);
}

int dara_access_compare(const json_t *before, const json_t *after, const char *const *allowed,
                        struct dara_report *report)
{
    struct compared compared = {
        .report = report, .allowed = allowed, .widened = json_array(), .narrowed = json_array()};
    compare_all(&compared, before, after);
    size_t narrowed = json_array_size(compared.narrowed);
    if (!json_array_size(compared.widened))
        dara_report_note(report, DARA_NOTE_OK, "no access is wider than before");
    if (narrowed)
        dara_report_note(report, DARA_NOTE_INFO, "%zu narrower", narrowed);
    dara_report_json(report, "widened", compared.widened);
    dara_report_json(report, "narrowed", compared.narrowed);
    return compared.counting ? dara_error_set(DARA_EDIFFERENT, "access has widened in %zu place%s", compared.counting,
                                              compared.counting == 1 ? "" : "s")
                             : 0;
}
