/* SPDX-License-Identifier: MIT */
/* Values that do not fit the type or the character set that their column is to have. */
#include <stdlib.h>
#include <string.h>

#include "search.h"
#include "type.h"

#define SPACES "[[:space:]]*"
#define WHOLE  "'^" SPACES "[-+]?[0-9]+" SPACES "$'"
#define NUMBER "'^" SPACES "[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?" SPACES "$'"

/* A condition that is being written: true for what does not fit. */
struct misfit {
    const char *value; /* the column, quoted */
    bool mariadb;
    bool pads; /* it is to be char, which cuts spaces at the end without an error */
    struct mysql_type before, after;
    const char *collation; /* of the column to be, or NULL */
    struct mysql_buffer *sql;
};

static bool is_number(enum mysql_family family)
{
    return family == MYSQL_FAMILY_INTEGER || family == MYSQL_FAMILY_DECIMAL || family == MYSQL_FAMILY_REAL;
}

static bool is_moment(enum mysql_family family)
{
    return family == MYSQL_FAMILY_DATE || family == MYSQL_FAMILY_MOMENT || family == MYSQL_FAMILY_CLOCK;
}

/* ---- numbers ---------------------------------------------------------------------------------------------------------------------------- */

static void add_outside(struct misfit *misfit, const char *number)
{
    static const char *const low[] = {"0", "-128", "-32768", "-8388608", "-2147483648", "-9223372036854775808"};
    static const char *const high[] = {"0", "127", "32767", "8388607", "2147483647", "9223372036854775807"};
    static const char *const most[] = {"0", "255", "65535", "16777215", "4294967295", "18446744073709551615"};
    const struct mysql_type *to = &misfit->after;
    if (to->family == MYSQL_FAMILY_INTEGER) {
        mysql_buffer_format(misfit->sql, "ROUND(%s) NOT BETWEEN %s AND %s", number,
                            to->is_unsigned ? "0" : low[to->size], to->is_unsigned ? most[to->size] : high[to->size]);
    } else {
        mysql_buffer_format(misfit->sql, "ABS(ROUND(%s, %lu)) >= 1", number, to->scale);
        for (unsigned long i = to->scale; i < to->size; i++)
            mysql_buffer_add(misfit->sql, "0");
        if (to->is_unsigned)
            mysql_buffer_format(misfit->sql, " OR %s < 0", number);
    }
}

/* MariaDB does not round what is text into a whole number. */
static const char *form_of_numbers(const struct misfit *misfit)
{
    return misfit->mariadb && misfit->after.family == MYSQL_FAMILY_INTEGER ? WHOLE : NUMBER;
}

/* What is text must be a number, and then a fitting one. An enum counts as the number of its label. */
static bool write_number(struct misfit *misfit)
{
    const enum mysql_family from = misfit->before.family;
    if (from == MYSQL_FAMILY_TEXT)
        mysql_buffer_format(misfit->sql, "%s NOT REGEXP %s", misfit->value, form_of_numbers(misfit));
    else if (!is_number(from) && from != MYSQL_FAMILY_LABELS && !is_moment(from))
        return false;
    if (misfit->after.family == MYSQL_FAMILY_REAL)
        return from == MYSQL_FAMILY_TEXT || is_number(from);
    const char *form = from == MYSQL_FAMILY_TEXT ? "CAST(%s AS DECIMAL(65,20))" : is_number(from) ? "%s" : "(%s + 0)";
    size_t length = strcspn(form, "%");
    mysql_buffer_add(misfit->sql, from == MYSQL_FAMILY_TEXT ? " OR " : "");
    struct mysql_buffer text = {0};
    mysql_buffer_add_bytes(&text, form, length);
    mysql_buffer_add(&text, misfit->value);
    mysql_buffer_add(&text, form + length + 2);
    add_outside(misfit, mysql_buffer_get(&text));
    misfit->sql->failed = misfit->sql->failed || text.failed;
    mysql_buffer_free(&text);
    return true;
}

/* ---- text ------------------------------------------------------------------------------------------------------------------------------- */

/* Letters that the character set has not come back as others. */
static void add_letters(struct misfit *misfit)
{
    int length = (int)strcspn(misfit->collation, "_");
    if (misfit->before.family == MYSQL_FAMILY_BYTES)
        mysql_buffer_format(misfit->sql, "NOT (CAST(CONVERT(%s USING %.*s) AS BINARY) <=> CAST(%s AS BINARY))",
                            misfit->value, length, misfit->collation, misfit->value);
    else
        mysql_buffer_format(misfit->sql,
                            "CAST(CONVERT(CONVERT(%s USING %.*s) USING utf8mb4) AS BINARY)"
                            " <> CAST(CONVERT(%s USING utf8mb4) AS BINARY)",
                            misfit->value, length, misfit->collation, misfit->value);
}

static void add_longer(struct misfit *misfit, bool counted_in_bytes)
{
    int length = misfit->collation ? (int)strcspn(misfit->collation, "_") : 0;
    if (counted_in_bytes && length)
        mysql_buffer_format(misfit->sql, "LENGTH(CONVERT(%s USING %.*s)) > %lu", misfit->value, length,
                            misfit->collation, misfit->after.size);
    else if (misfit->before.family == MYSQL_FAMILY_TEXT)
        mysql_buffer_format(misfit->sql, "CHAR_LENGTH(%s(%s)) > %lu", misfit->pads ? "RTRIM" : "", misfit->value,
                            misfit->after.size);
    else
        mysql_buffer_format(misfit->sql, "CHAR_LENGTH(CAST(%s AS CHAR)) > %lu", misfit->value, misfit->after.size);
}

static bool write_text(struct misfit *misfit, bool letters)
{
    bool counted_in_bytes = !*misfit->after.arguments;
    if (misfit->before.family == MYSQL_FAMILY_OTHER)
        return false;
    add_longer(misfit, counted_in_bytes);
    if (!letters)
        return true;
    mysql_buffer_add(misfit->sql, " OR ");
    add_letters(misfit);
    return true;
}

static bool write_bytes(struct misfit *misfit)
{
    if (misfit->before.family != MYSQL_FAMILY_BYTES && misfit->before.family != MYSQL_FAMILY_TEXT)
        return false;
    mysql_buffer_format(misfit->sql, "LENGTH(%s) > %lu", misfit->value, misfit->after.size);
    return true;
}

/* ---- the rest --------------------------------------------------------------------------------------------------------------------------- */

/* The labels as the server prints them, from behind their parenthesis on. */
static bool write_labels(struct misfit *misfit)
{
    const char *labels = misfit->after.arguments, *end = strrchr(labels, ')');
    bool words = misfit->before.family == MYSQL_FAMILY_TEXT ||
                 (misfit->before.family == MYSQL_FAMILY_LABELS && misfit->before.size == 0);
    if (misfit->after.size != 0 || !words || !end)
        return false; /* sets, and numbers of labels */
    mysql_buffer_format(misfit->sql, "CAST(%s AS CHAR) NOT IN (%.*s)", misfit->value, (int)(end - labels), labels);
    return true;
}

static bool write_moment(struct misfit *misfit)
{
    const enum mysql_family from = misfit->before.family;
    if (from == MYSQL_FAMILY_TEXT || from == MYSQL_FAMILY_INTEGER)
        mysql_buffer_format(misfit->sql, "(%s IS NOT NULL AND CAST(%s AS DATETIME) IS NULL)", misfit->value,
                            misfit->value);
    else if (!is_moment(from))
        return false;
    if (misfit->after.family != MYSQL_FAMILY_CLOCK)
        return from == MYSQL_FAMILY_TEXT || from == MYSQL_FAMILY_INTEGER;
    mysql_buffer_format(misfit->sql,
                        "%sCAST(%s AS DATETIME) NOT BETWEEN FROM_UNIXTIME(1) AND FROM_UNIXTIME(2147483647)",
                        is_moment(from) ? "" : " OR ", misfit->value);
    return true;
}

static bool write_misfit(struct misfit *misfit, bool letters)
{
    switch (misfit->after.family) {
    case MYSQL_FAMILY_INTEGER:
    case MYSQL_FAMILY_DECIMAL:
    case MYSQL_FAMILY_REAL:
        return write_number(misfit);
    case MYSQL_FAMILY_TEXT:
        return write_text(misfit, letters);
    case MYSQL_FAMILY_BYTES:
        return write_bytes(misfit);
    case MYSQL_FAMILY_LABELS:
        return write_labels(misfit);
    case MYSQL_FAMILY_DATE:
    case MYSQL_FAMILY_MOMENT:
    case MYSQL_FAMILY_CLOCK:
        return write_moment(misfit);
    case MYSQL_FAMILY_JSON:
        if (misfit->before.family != MYSQL_FAMILY_TEXT)
            return false;
        mysql_buffer_format(misfit->sql, "NOT JSON_VALID(%s)", misfit->value);
        return true;
    default:
        return false;
    }
}

/* Whether the column gets a character set that may lack letters of the one before. */
static bool loses_letters(const struct dara_change *part)
{
    const char *before = dara_object_text(part->before, "collation"),
               *after = dara_object_text(part->after, "collation");
    size_t length = after ? strcspn(after, "_") : 0;
    if (!after || strncmp(after, "utf8mb4_", 8) == 0)
        return after && !before && mysql_type_read(dara_object_text(part->before, "type")).family == MYSQL_FAMILY_BYTES;
    return !before || strcspn(before, "_") != length || strncmp(before, after, length) != 0;
}

void mysql_search_values(struct mysql_searching *searching, const struct dara_change *part)
{
    const char *before = dara_object_text(part->before, "type"), *after = dara_object_text(part->after, "type");
    bool letters = loses_letters(part);
    bool type = mysql_changed(part, "type") && mysql_type_risk(before, after) & DARA_STEP_MAY_FAIL;
    struct mysql_buffer sql = {0}, value = {0};
    if (!type && !letters)
        return;
    mysql_buffer_add_name(&value, dara_object_name(part->before));
    mysql_buffer_add(&sql, "SELECT 1 FROM ");
    mysql_buffer_add_name(&sql, dara_object_name(searching->change->before));
    mysql_buffer_add(&sql, " WHERE ");
    struct misfit misfit = {.mariadb = searching->conn->mariadb,
                            .pads = strncmp(after, "char", 4) == 0,
                            .value = mysql_buffer_get(&value),
                            .before = mysql_type_read(before),
                            .after = mysql_type_read(after),
                            .collation = dara_object_text(part->after, "collation"),
                            .sql = &sql};
    const size_t start = sql.length;
    bool known = write_misfit(&misfit, letters);
    if (!known || sql.length > start) /* else there is nothing that would not fit */
        mysql_search_add(searching, known ? &sql : NULL, "dara has no search for this change of type",
                         !searching->strict && misfit.after.family != MYSQL_FAMILY_JSON,
                         "values that do not fit %s in the column '%s'", after, dara_object_name(part->after));
    mysql_buffer_free(&sql);
    mysql_buffer_free(&value);
}
