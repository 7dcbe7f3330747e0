/* SPDX-License-Identifier: MIT */
/*
 * The kinds of objects of MySQL and MariaDB. What a server prints (SHOW CREATE …) is cut into properties, and what the servers and their
 * versions print differently for the same thing is brought into one form: those are compared. `sql` keeps the server's own text.
 */
#include "my.h"

#define ALTER    DARA_PROPERTY_ALTER
#define REPLACE  DARA_PROPERTY_REPLACE
#define RECREATE DARA_PROPERTY_RECREATE
#define INFO     DARA_PROPERTY_INFO
#define KIND(kind_name, kind_plural, kind_owner, kind_order, kind_flags, ...)                 \
    static const struct dara_property kind_name##_properties[] = {__VA_ARGS__, {NULL, INFO}}; \
    static const struct dara_kind kind_name##_kind = {.size = sizeof(struct dara_kind),       \
                                                      .name = #kind_name,                     \
                                                      .plural = kind_plural,                  \
                                                      .owner = kind_owner,                    \
                                                      .order = kind_order,                    \
                                                      .flags = kind_flags,                    \
                                                      .properties = kind_name##_properties}

/*
 * A model holds one database; no object has a space. Keys: names of tables, views, sequences and triggers as they are; of columns,
 * indexes, constraints, events and packages with A to Z in lower case; of routines "function name" or "procedure name", likewise.
 *
 * How values are written:
 *   lists of columns, references: plain names, not quoted
 *   an expression: as the server writes it, with keywords and functions in lower case, without the pair of parentheses around the whole,
 *     without the character set before strings that is utf8mb4 anyway, and without the name of the database itself before other names
 *   a type: in lower case; whole numbers without their display width, but for tinyint(1) and where zerofill makes it visible; "json" also
 *     where MariaDB means it by longtext with a check
 *   a default: a literal in quotes ('1', 'a', b'01'), "CURRENT_TIMESTAMP" or "CURRENT_TIMESTAMP(n)", or an expression in parentheses;
 *     absent where there is none or NULL for a column that takes NULL
 *   a character set or collation: absolute, never "as the table has it"; utf8 is utf8mb3
 *   what is as the engine makes it by itself is absent, and so are booleans that are false (but not_null and unique: always there)
 *   definer "user@host", as the server has it. It is shown and kept, and compared only where that is asked for: the accounts of two servers
 *     are not the same
 *   no_auto_create_user: a word of sql_mode that means nothing and that only MariaDB takes: likewise
 *   character_set_client, collation_connection: what the client had set that made the object: likewise
 *   mysql.other: what of the server's text no other property holds
 *   position: place in the server's text, by which parts that have no order of their own are written
 */
/* Who may do what with a routine by itself, as statements; grants_unseen: the user may not see. Never compared: accounts are not a schema's. */
#define GRANTS                      \
    {"mysql.grants", INFO},         \
    {                               \
        "mysql.grants_unseen", INFO \
    }
#define MADE_UNDER                                                                                                \
    {"definer", DARA_PROPERTY_OWNER}, {"mysql.character_set_client", INFO}, {"mysql.collation_connection", INFO}, \
        {"mysql.no_auto_create_user", INFO},                                                                      \
    {                                                                                                             \
        "sql", INFO                                                                                               \
    }

/* "collation" of the database, which says the character set, too */
KIND(setting, "settings", NULL, 5, DARA_KIND_SETTING, {"value", ALTER});
/* MariaDB. Its state is a row of a table behind it */
KIND(sequence, "sequences", NULL, 20, DARA_KIND_ROWS, {"type", ALTER}, {"start", ALTER}, {"minimum", ALTER},
     {"maximum", ALTER}, {"increment", ALTER}, {"cache", ALTER}, {"cycle", ALTER}, {"mysql.engine", ALTER},
     {"sql", INFO});
/* options: "NAME=value", sorted, but for engine, collation, row format, comment and auto_increment (the next number); partitioning: the
 * clause from PARTITION BY on; sql: what follows the list of columns, keys and constraints, without AUTO_INCREMENT */
KIND(table, "tables", NULL, 30, DARA_KIND_ROWS, {"mysql.engine", ALTER}, {"mysql.collation", ALTER},
     {"mysql.row_format", ALTER}, {"mysql.options", ALTER}, {"mysql.partitioning", ALTER},
     {"mysql.system_versioned", ALTER}, {"mysql.periods", ALTER}, {"mysql.auto_increment", INFO}, {"sql", INFO});
/* generated: expression, or "ROW START", "ROW END"; generated_kind "virtual"|"stored"; check: MariaDB's check of the column itself */
KIND(column, "columns", "table", 31, DARA_KIND_PART | DARA_KIND_ORDERED | DARA_KIND_VALUES, {"type", ALTER},
     {"not_null", ALTER}, {"default", ALTER}, {"generated", ALTER}, {"generated_kind", ALTER}, {"collation", ALTER},
     {"mysql.on_update", ALTER}, {"mysql.auto_increment", ALTER}, {"mysql.invisible", ALTER}, {"mysql.srid", ALTER},
     {"mysql.check", ALTER}, {"mysql.other", ALTER}, {"sql", INFO});
/* type: primary key | check | foreign key. A UNIQUE KEY is an index. key_parts as for index; on_delete, on_update: "cascade", "set null",
 * "set default", absent for no action and restrict, which are the same here */
KIND(constraint, "constraints", "table", 32, DARA_KIND_PART, {"type", ALTER}, {"columns", ALTER},
     {"mysql.key_parts", ALTER}, {"expression", ALTER}, {"references", ALTER}, {"referenced_columns", ALTER},
     {"on_delete", ALTER}, {"on_update", ALTER}, {"mysql.not_enforced", ALTER}, {"mysql.using", ALTER},
     {"mysql.other", ALTER}, {"position", INFO}, {"sql", INFO});
/* columns: names, "(expression)" for a functional part; key_parts: only where a part has a length or goes down, "name(10) DESC";
 * type: "fulltext", "spatial"; using: "hash" where the engine has it; invisible: MariaDB's IGNORED, too */
KIND(index, "indexes", "table", 33, DARA_KIND_PART, {"unique", ALTER}, {"columns", ALTER}, {"mysql.key_parts", ALTER},
     {"mysql.type", ALTER}, {"mysql.using", ALTER}, {"mysql.parser", ALTER}, {"mysql.invisible", ALTER},
     {"mysql.other", ALTER}, {"position", INFO}, {"sql", INFO});
/* MariaDB, sql_mode ORACLE. definition: what follows the name */
KIND(package, "packages", NULL, 38, 0, {"definition", REPLACE}, {"mysql.sql_mode", REPLACE}, GRANTS, MADE_UNDER);
KIND(package_body, "package bodies", "package", 39, 0, {"definition", REPLACE}, {"mysql.sql_mode", REPLACE}, GRANTS,
     MADE_UNDER);
/* type: function | procedure | aggregate function; parameters: the text between the parentheses; definition: what follows them (and
 * RETURNS), characteristics and body */
KIND(routine, "routines", NULL, 40, 0, {"type", REPLACE}, {"mysql.parameters", REPLACE}, {"mysql.returns", REPLACE},
     {"definition", REPLACE}, {"mysql.sql_mode", REPLACE}, GRANTS, MADE_UNDER);
/* definition: the query; algorithm: "merge", "temptable"; security: "invoker"; check_option: "cascaded", "local";
 * columns: only where the view has a list of them; type: "json duality" (MySQL); broken: over what is gone; sql: the query */
KIND(view, "views", NULL, 60, 0, {"definition", REPLACE}, {"mysql.algorithm", REPLACE}, {"mysql.security", REPLACE},
     {"mysql.check_option", REPLACE}, {"columns", REPLACE}, {"type", RECREATE}, {"mysql.broken", INFO}, MADE_UNDER);
/* timing: before | after; event: insert | update | delete; order: 1, 2 … among those of the same table, timing and event;
 * definition: what follows FOR EACH ROW */
KIND(trigger, "triggers", "table", 70, 0, {"timing", RECREATE}, {"event", RECREATE}, {"mysql.order", RECREATE},
     {"definition", RECREATE}, {"mysql.sql_mode", RECREATE}, MADE_UNDER);
/* schedule: what follows ON SCHEDULE; preserve: ON COMPLETION PRESERVE; status: "disabled", "replica" (not here); definition: what
 * follows DO */
KIND(event, "events", NULL, 80, 0, {"schedule", ALTER}, {"mysql.preserve", ALTER}, {"status", ALTER},
     {"definition", ALTER}, {"mysql.time_zone", ALTER}, {"mysql.sql_mode", ALTER}, MADE_UNDER);

const struct dara_kind *const mysql_kinds[] = {
    &setting_kind,      &sequence_kind, &table_kind, &column_kind,  &constraint_kind, &index_kind, &package_kind,
    &package_body_kind, &routine_kind,  &view_kind,  &trigger_kind, &event_kind,      NULL,
};
