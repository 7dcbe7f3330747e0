/* SPDX-License-Identifier: MIT */
/* Options and partitions of a table. */
#include <string.h>
#include <strings.h>

#include "change.h"

static size_t name_length(const char *option)
{
    return strcspn(option, "= ");
}

static bool has_option(const struct dara_object *table, const char *option, size_t length)
{
    const char *const *options = NULL;
    size_t count = dara_object_list(table, "mysql.options", &options);
    for (size_t i = 0; i < count; i++)
        if (strncmp(options[i], option, length) == 0 &&
            (length == strlen(option) ? !options[i][length] : name_length(options[i]) == length))
            return true;
    return false;
}

/* What an option is when nobody says it; NULL where nothing takes it back. */
static const char *plain_value(const char *option, size_t length)
{
    static const char *const values[][2] = {{"KEY_BLOCK_SIZE", "0"},
                                            {"MAX_ROWS", "0"},
                                            {"MIN_ROWS", "0"},
                                            {"AVG_ROW_LENGTH", "0"},
                                            {"CHECKSUM", "0"},
                                            {"DELAY_KEY_WRITE", "0"},
                                            {"PAGE_CHECKSUM", "0"},
                                            {"PACK_KEYS", "DEFAULT"},
                                            {"STATS_PERSISTENT", "DEFAULT"},
                                            {"STATS_AUTO_RECALC", "DEFAULT"},
                                            {"STATS_SAMPLE_PAGES", "DEFAULT"},
                                            {"TRANSACTIONAL", "DEFAULT"},
                                            {"AUTOEXTEND_SIZE", "0"},
                                            {"COMPRESSION", "''"},
                                            {"ENCRYPTION", "'N'"},
                                            {"CONNECTION", "''"},
                                            {"ENGINE_ATTRIBUTE", "''"},
                                            {"SECONDARY_ENGINE_ATTRIBUTE", "''"},
                                            {"INSERT_METHOD", "NO"}};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (strlen(values[i][0]) == length && strncasecmp(values[i][0], option, length) == 0)
            return values[i][1];
    return *option == '`' ? "DEFAULT" : NULL;
}

static void take_back(struct mysql_alter *alter, const char *option)
{
    size_t length = name_length(option);
    const char *value = plain_value(option, length);
    if (!value) {
        dara_plan_cannot(alter->planning->plan, alter->planning->change,
                         "an option of the table can be set only when it is made");
        return;
    }
    struct mysql_buffer *sql = mysql_alter_clause(alter);
    mysql_buffer_add_bytes(sql, option, length);
    mysql_buffer_format(sql, "=%s", value);
}

static void alter_others(struct mysql_alter *alter)
{
    const struct dara_change *change = alter->planning->change;
    const char *const *options = NULL;
    size_t count = dara_object_list(change->before, "mysql.options", &options);
    for (size_t i = 0; i < count; i++)
        if (!has_option(change->after, options[i], name_length(options[i])))
            take_back(alter, options[i]);
    count = dara_object_list(change->after, "mysql.options", &options);
    for (size_t i = 0; i < count; i++)
        if (!has_option(change->before, options[i], strlen(options[i])))
            mysql_buffer_add(mysql_alter_clause(alter), options[i]);
}

void mysql_alter_options(struct mysql_alter *alter)
{
    const struct dara_change *change = alter->planning->change;
    const struct dara_object *after = change->after;
    const char *row_format = dara_object_text(after, "mysql.row_format"), *comment = dara_object_comment(after);
    if (mysql_changed(change, "mysql.engine")) {
        mysql_buffer_format(mysql_alter_clause(alter), "ENGINE=%s", dara_object_text(after, "mysql.engine"));
        alter->flags |= DARA_STEP_REWRITES;
    }
    if (mysql_changed(change, "mysql.collation"))
        mysql_buffer_format(mysql_alter_clause(alter), "COLLATE=%s", dara_object_text(after, "mysql.collation"));
    if (mysql_changed(change, "mysql.options"))
        alter_others(alter);
    if (mysql_changed(change, "mysql.row_format")) {
        mysql_buffer_format(mysql_alter_clause(alter), "ROW_FORMAT=%s", row_format ? row_format : "DEFAULT");
        alter->flags |= DARA_STEP_REWRITES;
    }
    if (mysql_changed(change, "comment")) {
        struct mysql_buffer *sql = mysql_alter_clause(alter);
        mysql_buffer_add(sql, "COMMENT=");
        mysql_buffer_add_string(sql, comment ? comment : "", comment ? strlen(comment) : 0);
    }
}

void mysql_alter_partitions(struct mysql_alter *alter)
{
    const struct dara_change *change = alter->planning->change;
    const char *after = dara_object_text(change->after, "mysql.partitioning");
    if (!mysql_changed(change, "mysql.partitioning"))
        return;
    mysql_buffer_format(&alter->planning->sql, "\n  %s", after ? after : "REMOVE PARTITIONING");
    alter->clauses++;
    if (after)
        mysql_alter_risk(alter, DARA_STEP_REWRITES | DARA_STEP_MAY_FAIL, "fails where a row has no partition");
    else
        alter->flags |= DARA_STEP_REWRITES;
}
