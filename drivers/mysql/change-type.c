/* SPDX-License-Identifier: MIT */
/* What becomes of values when their column gets another type: kept, refused where they do not fit, or changed without a word. */
#include <stdlib.h>
#include <string.h>

#include "type.h"

#define FAILS (DARA_STEP_REWRITES | DARA_STEP_MAY_FAIL)
#define LOSES (DARA_STEP_REWRITES | DARA_STEP_MAY_FAIL | DARA_STEP_DESTROYS)

static const struct known {
    const char *word;
    enum mysql_family family;
    unsigned long size; /* where no number says it */
} known[] = {
    {"tinyint", MYSQL_FAMILY_INTEGER, 1},
    {"smallint", MYSQL_FAMILY_INTEGER, 2},
    {"mediumint", MYSQL_FAMILY_INTEGER, 3},
    {"int", MYSQL_FAMILY_INTEGER, 4},
    {"bigint", MYSQL_FAMILY_INTEGER, 5},
    {"decimal", MYSQL_FAMILY_DECIMAL, 10},
    {"float", MYSQL_FAMILY_REAL, 1},
    {"double", MYSQL_FAMILY_REAL, 2},
    {"char", MYSQL_FAMILY_TEXT, 1},
    {"varchar", MYSQL_FAMILY_TEXT, 1},
    {"tinytext", MYSQL_FAMILY_TEXT, 255},
    {"text", MYSQL_FAMILY_TEXT, 65535},
    {"mediumtext", MYSQL_FAMILY_TEXT, 16777215},
    {"longtext", MYSQL_FAMILY_TEXT, 4294967295},
    {"binary", MYSQL_FAMILY_BYTES, 1},
    {"varbinary", MYSQL_FAMILY_BYTES, 1},
    {"tinyblob", MYSQL_FAMILY_BYTES, 255},
    {"blob", MYSQL_FAMILY_BYTES, 65535},
    {"mediumblob", MYSQL_FAMILY_BYTES, 16777215},
    {"longblob", MYSQL_FAMILY_BYTES, 4294967295},
    {"enum", MYSQL_FAMILY_LABELS, 0},
    {"set", MYSQL_FAMILY_LABELS, 1},
    {"date", MYSQL_FAMILY_DATE, 0},
    {"datetime", MYSQL_FAMILY_MOMENT, 0},
    {"timestamp", MYSQL_FAMILY_CLOCK, 0},
    {"json", MYSQL_FAMILY_JSON, 0},
};

struct mysql_type mysql_type_read(const char *text)
{
    struct mysql_type type = {.family = MYSQL_FAMILY_OTHER, .arguments = ""};
    size_t length = strcspn(text, "( ");
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strlen(known[i].word) != length || strncmp(known[i].word, text, length) != 0)
            continue;
        type.family = known[i].family;
        type.size = known[i].size;
    }
    const char *open = strchr(text, '(');
    type.is_unsigned = strstr(text, " unsigned") != NULL;
    if (!open || type.family == MYSQL_FAMILY_INTEGER)
        return type;
    type.arguments = open + 1;
    if (type.family == MYSQL_FAMILY_LABELS)
        return type;
    char *end = NULL;
    type.size = strtoul(type.arguments, &end, 10);
    if (*end == ',')
        type.scale = strtoul(end + 1, NULL, 10);
    return type;
}

/* A quoted label with what follows it. */
bool mysql_type_has_labels(const char *before, const char *after)
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

static unsigned risk_of_integers(const struct mysql_type *before, const struct mysql_type *after)
{
    if (before->is_unsigned == after->is_unsigned)
        return after->size >= before->size ? DARA_STEP_REWRITES : FAILS;
    return before->is_unsigned && after->size > before->size ? DARA_STEP_REWRITES : FAILS;
}

static unsigned risk_of_decimals(const struct mysql_type *before, const struct mysql_type *after)
{
    if (after->scale < before->scale)
        return LOSES;
    bool fits =
        after->size - after->scale >= before->size - before->scale && (before->is_unsigned || !after->is_unsigned);
    return fits ? DARA_STEP_REWRITES : FAILS;
}

unsigned mysql_type_risk(const char *before_text, const char *after_text)
{
    const struct mysql_type before = mysql_type_read(before_text), after = mysql_type_read(after_text);
    bool words = after.family == MYSQL_FAMILY_TEXT || after.family == MYSQL_FAMILY_BYTES;
    if (before.family == MYSQL_FAMILY_INTEGER && after.family == MYSQL_FAMILY_INTEGER)
        return risk_of_integers(&before, &after);
    if (before.family == MYSQL_FAMILY_DECIMAL && after.family == MYSQL_FAMILY_DECIMAL)
        return risk_of_decimals(&before, &after);
    if (before.family == MYSQL_FAMILY_REAL && after.family == MYSQL_FAMILY_REAL)
        return after.size >= before.size ? DARA_STEP_REWRITES : LOSES;
    if (before.family == MYSQL_FAMILY_LABELS && after.family == MYSQL_FAMILY_LABELS)
        return before.size == after.size && mysql_type_has_labels(before.arguments, after.arguments) ? 0u : FAILS;
    if (before.family == after.family && words)
        return after.size >= before.size ? 0u : FAILS;
    if (before.family == MYSQL_FAMILY_MOMENT || before.family == MYSQL_FAMILY_CLOCK)
        if (after.family == MYSQL_FAMILY_MOMENT || after.family == MYSQL_FAMILY_CLOCK)
            return after.size < before.size ? LOSES : after.family == MYSQL_FAMILY_MOMENT ? DARA_STEP_REWRITES : FAILS;
    if (before.family == MYSQL_FAMILY_DATE && after.family == MYSQL_FAMILY_MOMENT)
        return DARA_STEP_REWRITES;
    if ((words || after.family == MYSQL_FAMILY_LABELS || after.family == MYSQL_FAMILY_JSON) &&
        before.family != MYSQL_FAMILY_OTHER)
        return FAILS;
    if (before.family == MYSQL_FAMILY_INTEGER && after.family == MYSQL_FAMILY_DECIMAL)
        return FAILS;
    return LOSES;
}
