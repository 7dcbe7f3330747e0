/* SPDX-License-Identifier: MIT */
/* What becomes of values when their column gets another type: kept, refused where they do not fit, or changed without a word. */
#include <stdlib.h>
#include <string.h>

#include "change.h"

#define FAILS (DARA_STEP_REWRITES | DARA_STEP_MAY_FAIL)
#define LOSES (DARA_STEP_REWRITES | DARA_STEP_MAY_FAIL | DARA_STEP_DESTROYS)

enum family { OTHER = 0, INTEGER, DECIMAL, REAL, TEXT, BYTES, LABELS, DATE, MOMENT, CLOCK, JSON };

struct type {
    enum family family;
    unsigned long size;  /* rank of whole numbers; characters or bytes; digits of seconds */
    unsigned long scale; /* of decimals */
    bool is_unsigned;
    const char *arguments; /* behind the '(', or "" */
};

static const struct known {
    const char *word;
    enum family family;
    unsigned long size; /* where no number says it */
} known[] = {
    {"tinyint", INTEGER, 1},
    {"smallint", INTEGER, 2},
    {"mediumint", INTEGER, 3},
    {"int", INTEGER, 4},
    {"bigint", INTEGER, 5},
    {"decimal", DECIMAL, 10},
    {"float", REAL, 1},
    {"double", REAL, 2},
    {"char", TEXT, 1},
    {"varchar", TEXT, 1},
    {"tinytext", TEXT, 255},
    {"text", TEXT, 65535},
    {"mediumtext", TEXT, 16777215},
    {"longtext", TEXT, 4294967295},
    {"binary", BYTES, 1},
    {"varbinary", BYTES, 1},
    {"tinyblob", BYTES, 255},
    {"blob", BYTES, 65535},
    {"mediumblob", BYTES, 16777215},
    {"longblob", BYTES, 4294967295},
    {"enum", LABELS, 0},
    {"set", LABELS, 1},
    {"date", DATE, 0},
    {"datetime", MOMENT, 0},
    {"timestamp", CLOCK, 0},
    {"json", JSON, 0},
};

static struct type read_type(const char *text)
{
    struct type type = {.family = OTHER, .arguments = ""};
    size_t length = strcspn(text, "( ");
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i].word) != length || strncmp(known[i].word, text, length) != 0)
            continue;
        type.family = known[i].family;
        type.size = known[i].size;
    }
    const char *open = strchr(text, '(');
    type.is_unsigned = strstr(text, " unsigned") != NULL;
    if (!open || type.family == INTEGER)
        return type;
    type.arguments = open + 1;
    if (type.family == LABELS)
        return type;
    char *end = NULL;
    type.size = strtoul(type.arguments, &end, 10);
    if (*end == ',')
        type.scale = strtoul(end + 1, NULL, 10);
    return type;
}

/* Whether all labels of `before` are among those of `after`: a quoted label with what follows it. */
static bool has_labels(const char *before, const char *after)
{
    while (*before == '\'') {
        const char *end = before + 1;
        while (*end && !(end[0] == '\'' && (end[1] == ',' || end[1] == ')')))
            end += end[0] == '\'' && end[1] == '\'' ? 2 : 1;
        size_t length = (size_t)(end + 1 - before);
        const char *found = after;
        while ((found = strstr(found, "'")) && strncmp(found, before, length) != 0)
            found++;
        if (!found || !*end)
            return false;
        before = end + 1 + (end[1] == ',');
    }
    return true;
}

static unsigned risk_of_integers(const struct type *before, const struct type *after)
{
    if (before->is_unsigned == after->is_unsigned)
        return after->size >= before->size ? DARA_STEP_REWRITES : FAILS;
    return before->is_unsigned && after->size > before->size ? DARA_STEP_REWRITES : FAILS;
}

static unsigned risk_of_decimals(const struct type *before, const struct type *after)
{
    if (after->scale < before->scale)
        return LOSES;
    bool fits =
        after->size - after->scale >= before->size - before->scale && (before->is_unsigned || !after->is_unsigned);
    return fits ? DARA_STEP_REWRITES : FAILS;
}

unsigned mysql_type_risk(const char *before_text, const char *after_text)
{
    const struct type before = read_type(before_text), after = read_type(after_text);
    bool words = after.family == TEXT || after.family == BYTES;
    if (before.family == INTEGER && after.family == INTEGER)
        return risk_of_integers(&before, &after);
    if (before.family == DECIMAL && after.family == DECIMAL)
        return risk_of_decimals(&before, &after);
    if (before.family == REAL && after.family == REAL)
        return after.size >= before.size ? DARA_STEP_REWRITES : LOSES;
    if (before.family == LABELS && after.family == LABELS)
        return before.size == after.size && has_labels(before.arguments, after.arguments) ? 0u : FAILS;
    if (before.family == after.family && words)
        return after.size >= before.size ? 0u : FAILS;
    if (before.family == MOMENT || before.family == CLOCK)
        if (after.family == MOMENT || after.family == CLOCK)
            return after.size < before.size ? LOSES : after.family == MOMENT ? DARA_STEP_REWRITES : FAILS;
    if (before.family == DATE && after.family == MOMENT)
        return DARA_STEP_REWRITES;
    if ((words || after.family == LABELS || after.family == JSON) && before.family != OTHER)
        return FAILS;
    if (before.family == INTEGER && after.family == DECIMAL)
        return FAILS;
    return LOSES;
}
