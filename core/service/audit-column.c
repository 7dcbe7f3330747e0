/* SPDX-License-Identifier: MIT */
/* Rules about columns and their types. */
#include <string.h>
#include <strings.h>

#include "model/model.h"
#include "service/audit-look.h"

/* Whether one of the words of a name ("unit_price", "unitPrice") is `word`. */
static bool has_word(const char *name, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = name; *at; at++) {
        if (strncasecmp(at, word, length) != 0)
            continue;
        char before = at > name ? at[-1] : '_', after = at[length];
        bool begins = before == '_' || before == ' ' || before == '-' || (*at >= 'A' && *at <= 'Z');
        bool ends = !after || after == '_' || after == ' ' || after == '-' || (after >= 'A' && after <= 'Z') ||
                    (after >= '0' && after <= '9');
        if (begins && ends)
            return true;
    }
    return false;
}

static bool is_money(const char *name)
{
    static const char *const words[] = {"price",    "amount",  "cost",    "costs",  "balance", "salary",
                                        "fee",      "fees",    "revenue", "budget", "payment", "total",
                                        "subtotal", "invoice", "refund",  "wage",   "money",   "tax"};
    static const char *const others[] = {"rate",  "percent", "ratio", "factor",  "score", "time",  "count",   "weight",
                                         "hours", "seconds", "days",  "minutes", "size",  "bytes", "distance"};
    for (size_t i = 0; i < DARA_COUNT(others); i++)
        if (has_word(name, others[i]))
            return false;
    for (size_t i = 0; i < DARA_COUNT(words); i++)
        if (has_word(name, words[i]))
            return true;
    return false;
}

void dara_look_float_money(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->column_count; i++) {
        bool known;
        unsigned type = dara_audit_type(look->driver, table->columns[i], &known);
        if (type & DARA_TYPE_FLOAT && is_money(dara_object_name(table->columns[i])))
            dara_look_find(look, rule, table->columns[i], NULL, "is %s, which cannot hold cents exactly",
                           dara_object_text(table->columns[i], "type"));
    }
}

/* A key that refers to another table is as wide as that one's. */
static bool refers(const struct dara_look_table *table, const char *key)
{
    for (size_t i = 0; i < table->link_count; i++)
        for (size_t k = 0; k < table->links[i].count; k++)
            if (strcmp(table->links[i].columns[k], key) == 0)
                return true;
    return false;
}

void dara_look_small_key(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    const char *key = table->primary && table->primary->desc.count == 1 ? table->primary->desc.columns[0] : NULL;
    const struct dara_object *column = dara_look_column(table, key);
    if (!column || refers(table, key))
        return;
    bool known;
    unsigned type = dara_audit_type(look->driver, column, &known), bits = type >> DARA_TYPE_BITS;
    if (!(type & DARA_TYPE_INTEGER) || !bits || bits > 32)
        return;
    unsigned long long most = (1ull << (type & DARA_TYPE_UNSIGNED ? bits : bits - 1)) - 1;
    dara_look_find(look, rule, column, NULL, "is the primary key and ends at %llu", most);
}

void dara_look_null_string(const struct dara_look *look, const struct dara_look_table *table, const char *rule)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const char *value = dara_object_text(table->columns[i], "default");
        if (value && strncasecmp(value, "'null'", 6) == 0)
            dara_look_find(look, rule, table->columns[i], NULL, "has the word 'NULL' as its default, not NULL");
    }
}

/* ---- one name, several types ---------------------------------------------------------------------------------------------- */

struct named {
    const char *key;
    const struct dara_object *column;
    unsigned type;
    const char *text;
};

static int by_name(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    int order = strcmp(left->key, right->key);
    if (order)
        return order;
    size_t first = dara_object_index(left->column), second = dara_object_index(right->column);
    return first < second ? -1 : first > second;
}

/* Lengths of texts differ for good reasons. */
static bool same_type(const struct named *left, const struct named *right)
{
    if (left->type || right->type)
        return left->type == right->type;
    return dara_string_same(left->text, right->text);
}

/* Of columns with one name: those that are unlike the type that most have. */
static void judge(const struct dara_look *look, const struct named *named, size_t count, const char *rule)
{
    size_t usual = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t alike = 0;
        for (size_t k = 0; k < count; k++)
            alike += same_type(&named[i], &named[k]);
        usual = alike > most ? i : usual;
        most = alike > most ? alike : most;
    }
    for (size_t i = 0; i < count; i++)
        if (!same_type(&named[i], &named[usual])) {
            DARA_FREE char *table = dara_object_describe(dara_object_owner(named[usual].column));
            dara_look_find(look, rule, named[i].column, NULL, "is %s, but %s in %s%s",
                           named[i].text ? named[i].text : "without a type",
                           named[usual].text ? named[usual].text : "without a type", table,
                           most > 1 ? " and elsewhere" : "");
        }
}

void dara_look_types_differ(const struct dara_look *look, const char *rule)
{
    size_t count = 0, end;
    for (size_t i = 0; i < look->count; i++)
        count += look->tables[i].follows ? 0 : look->tables[i].column_count;
    DARA_FREE struct named *named = dara_alloc((count + 1) * sizeof(*named));
    count = 0;
    for (size_t i = 0; i < look->count; i++)
        for (size_t k = 0; !look->tables[i].follows && k < look->tables[i].column_count; k++) {
            const struct dara_object *column = look->tables[i].columns[k];
            bool known;
            named[count++] =
                (struct named){dara_object_key(column), column, dara_audit_type(look->driver, column, &known),
                               dara_object_text(column, "type")};
        }
    qsort(named, count, sizeof(*named), by_name);
    for (size_t at = 0; at < count; at = end) {
        for (end = at + 1; end < count && strcmp(named[end].key, named[at].key) == 0;)
            end++;
        if (end - at > 1 && end - at < 1000)
            judge(look, named + at, end - at, rule);
    }
}
