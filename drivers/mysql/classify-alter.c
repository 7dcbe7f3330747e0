/* SPDX-License-Identifier: MIT */
/* ALTER TABLE: a list of clauses, each with dangers of its own. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "classify.h"

struct alter {
    struct mysql_name table;
    bool renames;
};

static void drop_column(struct mysql_reading *reading)
{
    mysql_reading_hazard(reading, "drop-column", true, "DROP COLUMN destroys the column's values");
    reading->flags |= DARA_STATEMENT_REWRITES;
}

static void change_type(struct mysql_reading *reading)
{
    mysql_reading_hazard(reading, "change-column-type", false,
                         "the table may be written again under a lock, and values may not fit the new type");
    reading->flags |= DARA_STATEMENT_REWRITES;
}

static void rename_column(struct mysql_reading *reading)
{
    mysql_reading_hazard(reading, "rename-column", false,
                         "programs that name the old column fail until they are changed");
}

static void read_drop(struct mysql_reading *reading)
{
    if (mysql_reading_accept(reading, "index") || mysql_reading_accept(reading, "key"))
        mysql_reading_hazard(reading, "drop-index", false, "queries may become slow without the index");
    else if (mysql_reading_accept(reading, "primary") || mysql_reading_accept(reading, "foreign") ||
             mysql_reading_accept(reading, "constraint") || mysql_reading_accept(reading, "check"))
        mysql_reading_hazard(reading, "drop-constraint", false, "rows that break the rule can come in");
    else if (mysql_reading_accept(reading, "partition"))
        mysql_reading_hazard(reading, "drop-partition", true, "DROP PARTITION destroys the partition's rows");
    else if (mysql_reading_accept(reading, "system versioning"))
        mysql_reading_hazard(reading, "delete-history", true, "DROP SYSTEM VERSIONING removes what rows were before");
    else if (!mysql_reading_accept(reading, "period"))
        drop_column(reading);
}

static void read_change(struct mysql_reading *reading)
{
    mysql_reading_accept(reading, "column");
    mysql_reading_accept(reading, "if exists");
    struct mysql_name before = mysql_reading_name(reading), after = mysql_reading_name(reading);
    if (before.key && after.key && strcasecmp(before.key, after.key) != 0)
        rename_column(reading);
    change_type(reading);
    mysql_name_free(&before);
    mysql_name_free(&after);
}

static void read_rename(struct mysql_reading *reading, struct alter *alter)
{
    if (mysql_reading_accept(reading, "index") || mysql_reading_accept(reading, "key"))
        return;
    if (mysql_reading_accept(reading, "column")) {
        rename_column(reading);
        return;
    }
    if (!mysql_reading_accept(reading, "to") && !mysql_reading_accept(reading, "as"))
        mysql_reading_accept(reading, "=");
    struct mysql_name name = mysql_reading_name(reading);
    alter->renames = true;
    mysql_reading_object(reading, DARA_ROLE_DROPS, NULL, &alter->table);
    mysql_reading_object(reading, DARA_ROLE_MAKES, "table", &name);
    mysql_reading_hazard(reading, "rename-table", false,
                         "programs that name the old table fail until they are changed");
    mysql_name_free(&name);
}

static void read_exchange(struct mysql_reading *reading)
{
    mysql_reading_hazard(reading, "exchange-partition", false, "the rows of partition and table change places");
    if (mysql_reading_skip_to(reading, "table")) {
        struct mysql_name name = mysql_reading_name(reading);
        mysql_reading_object(reading, DARA_ROLE_CHANGES, "table", &name);
        mysql_name_free(&name);
    }
}

static void read_add(struct mysql_reading *reading)
{
    if (mysql_reading_accept(reading, "primary"))
        reading->flags |= DARA_STATEMENT_REWRITES;
}

/* CONVERT TO CHARACTER SET, CONVERT PARTITION p TO TABLE t, CONVERT TABLE t TO PARTITION p. */
static void read_convert(struct mysql_reading *reading)
{
    if (mysql_reading_accept(reading, "to"))
        change_type(reading);
    else if (mysql_reading_accept(reading, "table") ||
             (mysql_reading_skip_to(reading, "to"), mysql_reading_accept(reading, "table"))) {
        struct mysql_name name = mysql_reading_name(reading);
        mysql_reading_object(reading, DARA_ROLE_CHANGES, "table", &name);
        mysql_name_free(&name);
    }
}

static void read_modify(struct mysql_reading *reading)
{
    change_type(reading);
}

static void read_discard(struct mysql_reading *reading)
{
    mysql_reading_hazard(reading, "discard-tablespace", true, "DISCARD TABLESPACE destroys the rows");
}

static void read_truncate(struct mysql_reading *reading)
{
    mysql_reading_hazard(reading, "truncate", true, "TRUNCATE PARTITION removes every row of the partition");
}

static void read_rewriting(struct mysql_reading *reading)
{
    reading->flags |= DARA_STATEMENT_REWRITES;
}

static void read_clause(struct mysql_reading *reading, struct alter *alter)
{
    static const struct {
        const char *words;
        void (*read)(struct mysql_reading *reading);
    } clauses[] = {{"add", read_add},
                   {"drop", read_drop},
                   {"modify", read_modify},
                   {"change", read_change},
                   {"convert", read_convert},
                   {"exchange partition", read_exchange},
                   {"truncate partition", read_truncate},
                   {"discard", read_discard},
                   {"engine", read_rewriting},
                   {"force", read_rewriting},
                   {"row_format", read_rewriting},
                   {"partition by", read_rewriting},
                   {"remove partitioning", read_rewriting},
                   {"order by", read_rewriting}};
    if (mysql_reading_accept(reading, "rename")) {
        read_rename(reading, alter);
        return;
    }
    for (size_t i = 0; i < sizeof(clauses) / sizeof(clauses[0]); i++) {
        if (mysql_reading_accept(reading, clauses[i].words)) {
            clauses[i].read(reading);
            return;
        }
    }
}

void mysql_classify_alter_table(struct mysql_reading *reading)
{
    mysql_reading_accept(reading, "if exists");
    struct alter alter = {.table = mysql_reading_name(reading)};
    const size_t start = reading->at;
    do
        read_clause(reading, &alter);
    while (mysql_reading_skip_to(reading, ","));
    if (!alter.renames)
        mysql_reading_object(reading, DARA_ROLE_CHANGES, "table", &alter.table);
    reading->at = start;
    mysql_reading_uses(reading);
    mysql_name_free(&alter.table);
}
