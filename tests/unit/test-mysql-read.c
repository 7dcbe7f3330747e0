/* SPDX-License-Identifier: MIT */
/*
 * Reading a schema. Without a server: what MariaDB and MySQL, old and new, print for the same table becomes the same model. With the servers
 * that DARA_TEST_MARIADB_URI and DARA_TEST_MYSQL_URI name (tests/servers/mysql starts them): two packets, whatever there is; reading twice
 * gives the same bytes; the session is left as it was; what cannot be seen is said.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "introspect.h"
#include "model/model.h"
#include "unit.h"

/* ---- expressions and types ---- */

static void expressions(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"((`a` > 0) and (`b` < _utf8mb4'x'))", "`a` > 0 and `b` < 'x'"},
        {"`a` > 0 and `b` < 'x'", "`a` > 0 and `b` < 'x'"},
        {"(((`a` + 1) * 2) - (`b` - (`c` - 1)))", "(`a` + 1) * 2 - (`b` - (`c` - 1))"},
        {"((`a` or `b`) and (not((`c` <=> NULL))))", "(`a` or `b`) and not `c` <=> null"},
        {"(`a` in (1,2,(3)))", "`a` in (1,2,3)"},
        {"concat(`s`.`a`,`d`.`s`.`b`,ucase(`c`))", "concat(`s`.`a`,`s`.`b`,upper(`c`))"},
        {"(`a` not between 1 and 2)", "`a` not between 1 and 2"},
        {"((`x` = 1) and (`a` between (1 + 1) and 2))", "`x` = 1 and `a` between 1 + 1 and 2"},
        {"(case when (`a` > 1) then (`b` + 1) else -(1) end)", "case when `a` > 1 then `b` + 1 else -1 end"},
        {"json_extract(`d`,_utf8mb4'$.\"a(\"')", "json_extract(`d`,'$.\"a(\"')"},
        {"(NOW() + interval 1 day)", "current_timestamp() + interval 1 day"},
        {"_utf8mb3'ü' + _ascii'u' + _binary'u'", "_utf8mb3'ü' + 'u' + _binary'u'"},
        {"(`a` ->> '$.b') = ((1))", "`a` ->> '$.b' = 1"},
        {"(select 1)", "(select 1)"},
        {"'not ended", "'not ended"},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct mysql_buffer out = {0};
        mysql_normal_expression(&out, pairs[i][0], strlen(pairs[i][0]), "d");
        assert_string_equal(mysql_buffer_get(&out), pairs[i][1]);
        mysql_buffer_free(&out);
    }
}

static void text_at_home(void **state)
{
    (void)state;
    static const char text[] = "DEFAULT nextval(`d`.`s`) COMMENT 'from `d`.`s`' /*!80023 INVISIBLE */ = _utf8mb4'x'";
    struct mysql_buffer out = {0};
    mysql_normal_home(&out, text, strlen(text), "d", true);
    assert_string_equal(mysql_buffer_get(&out),
                        "DEFAULT nextval(`s`) COMMENT 'from `d`.`s`' /*!80023 INVISIBLE */ = 'x'");
    mysql_buffer_free(&out);
}

/* ---- the same table, as each server prints it ---- */

static struct dara_model *model_of(bool mariadb, const char *sql)
{
    struct dara_conn conn = {.mariadb = mariadb};
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("mysql", mysql_kinds, &model), 0);
    struct mysql_reading reading = {.conn = &conn, .model = model, .database = "d", .collation = "utf8mb4_general_ci"};
    if (mysql_read_table(&reading, "t", sql))
        fail_msg("%s", dara_error_last()->message);
    assert_int_equal(dara_model_family(model, "table", DARA_FAMILY_READ, NULL), 0);
    for (size_t i = 0; mysql_kinds[i]; i++)
        assert_int_equal(dara_model_family(model, mysql_kinds[i]->name, DARA_FAMILY_READ, NULL), 0);
    assert_int_equal(dara_model_finish(model), 0);
    return model;
}

static const struct print {
    const char *server;
    bool mariadb;
    const char *sql;
} prints[] = {
    {"MariaDB 10.11", true,
     "CREATE TABLE `t` (\n"
     "  `id` int(11) unsigned NOT NULL AUTO_INCREMENT COMMENT 'it''s, (the) key',\n"
     "  `flag` tinyint(1) NOT NULL DEFAULT 1,\n"
     "  `year` year(4) DEFAULT NULL,\n"
     "  `price` decimal(5,2) DEFAULT -1.50,\n"
     "  `name` varchar(20) DEFAULT 'a''b\\\\c',\n"
     "  `latin` char(3) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin DEFAULT NULL,\n"
     "  `doc` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`doc`)),\n"
     "  `made` timestamp NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),\n"
     "  `uuid` char(36) DEFAULT uuid(),\n"
     "  `note` text DEFAULT 'x',\n"
     "  `sum` int(11) GENERATED ALWAYS AS (`id` + 1) STORED,\n"
     "  `zero` int(5) unsigned zerofill DEFAULT 00042,\n"
     "  `secret` int(11) INVISIBLE DEFAULT 3,\n"
     "  PRIMARY KEY (`id`),\n"
     "  UNIQUE KEY `by_name` (`name`(10),`price` DESC) COMMENT 'c',\n"
     "  KEY `plain` (`flag`) USING BTREE,\n"
     "  KEY `unseen` (`year`) IGNORED,\n"
     "  CONSTRAINT `Positive` CHECK (`price` > 0 and `flag` in (0,1) or `name` <> ''),\n"
     "  CONSTRAINT `up` FOREIGN KEY (`sum`) REFERENCES `t` (`id`) ON UPDATE CASCADE\n"
     ") ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC "
     "COMMENT='a; b'\n"
     " PARTITION BY RANGE (`id`)\n(PARTITION `p0` VALUES LESS THAN (10) ENGINE = InnoDB,\n PARTITION `p1` VALUES LESS "
     "THAN MAXVALUE "
     "ENGINE = InnoDB)"},
    {"MySQL 9.7", false,
     "CREATE TABLE `t` (\n"
     "  `id` int unsigned NOT NULL AUTO_INCREMENT COMMENT 'it''s, (the) key',\n"
     "  `flag` tinyint(1) NOT NULL DEFAULT '1',\n"
     "  `year` year DEFAULT NULL,\n"
     "  `price` decimal(5,2) DEFAULT '-1.50',\n"
     "  `name` varchar(20) COLLATE utf8mb4_general_ci DEFAULT 'a''b\\\\c',\n"
     "  `latin` char(3) CHARACTER SET utf8mb3 COLLATE utf8mb3_bin DEFAULT NULL,\n"
     "  `doc` json DEFAULT NULL,\n"
     "  `made` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,\n"
     "  `uuid` char(36) COLLATE utf8mb4_general_ci DEFAULT (uuid()),\n"
     "  `note` text COLLATE utf8mb4_general_ci DEFAULT (_utf8mb4'x'),\n"
     "  `sum` int GENERATED ALWAYS AS ((`id` + 1)) STORED,\n"
     "  `zero` int(5) unsigned zerofill DEFAULT '00042',\n"
     "  `secret` int DEFAULT '3' /*!80023 INVISIBLE */,\n"
     "  PRIMARY KEY (`id`),\n"
     "  UNIQUE KEY `by_name` (`name`(10),`price` DESC) COMMENT 'c',\n"
     "  KEY `plain` (`flag`),\n"
     "  KEY `unseen` (`year`) /*!80000 INVISIBLE */,\n"
     "  CONSTRAINT `up` FOREIGN KEY (`sum`) REFERENCES `t` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE,\n"
     "  CONSTRAINT `positive` CHECK ((((`price` > 0) and (`flag` in (0,1))) or (`name` <> _utf8mb4'')))\n"
     ") ENGINE=InnoDB AUTO_INCREMENT=99 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC "
     "COMMENT='a; b'\n"
     "/*!50100 PARTITION BY RANGE (`id`)\n(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB,\n PARTITION p1 VALUES "
     "LESS THAN MAXVALUE "
     "ENGINE = InnoDB) */"},
    {"MySQL 8.0.17", false,
     "CREATE TABLE `t` (\n"
     "  `id` int(10) unsigned NOT NULL AUTO_INCREMENT COMMENT 'it''s, (the) key',\n"
     "  `flag` tinyint(1) NOT NULL DEFAULT '1',\n"
     "  `year` year(4) DEFAULT NULL,\n"
     "  `price` decimal(5,2) DEFAULT '-1.50',\n"
     "  `name` varchar(20) COLLATE utf8mb4_general_ci DEFAULT 'a''b\\\\c',\n"
     "  `latin` char(3) CHARACTER SET utf8 COLLATE utf8_bin DEFAULT NULL,\n"
     "  `doc` json DEFAULT NULL,\n"
     "  `made` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,\n"
     "  `uuid` char(36) COLLATE utf8mb4_general_ci DEFAULT (uuid()),\n"
     "  `note` text COLLATE utf8mb4_general_ci DEFAULT (_utf8mb4'x'),\n"
     "  `sum` int(11) GENERATED ALWAYS AS ((`id` + 1)) STORED,\n"
     "  `zero` int(5) unsigned zerofill DEFAULT '00042',\n"
     "  `secret` int(11) DEFAULT '3' /*!80023 INVISIBLE */,\n"
     "  PRIMARY KEY (`id`),\n"
     "  UNIQUE KEY `by_name` (`name`(10),`price` DESC) COMMENT 'c',\n"
     "  KEY `plain` (`flag`),\n"
     "  KEY `unseen` (`year`) /*!80000 INVISIBLE */,\n"
     "  CONSTRAINT `up` FOREIGN KEY (`sum`) REFERENCES `t` (`id`) ON DELETE NO ACTION ON UPDATE CASCADE,\n"
     "  CONSTRAINT `positive` CHECK ((((`price` > 0) and (`flag` in (0,1))) or (`name` <> _utf8mb4'')))\n"
     ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=DYNAMIC COMMENT='a; b'\n"
     "/*!50100 PARTITION BY RANGE (`id`)\n(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB,\n PARTITION p1 VALUES "
     "LESS THAN MAXVALUE "
     "ENGINE = InnoDB) */"},
};

static void show_difference(const struct dara_change *change, const char *server)
{
    for (size_t i = 0; i < change->property_count; i++)
        print_error("%s: %s %s: %s -> %s\n", server, dara_object_name(change->after ? change->after : change->before),
                    change->properties[i]->name, change->properties[i]->before, change->properties[i]->after);
    if (!change->property_count)
        print_error("%s: %s\n", server, dara_object_name(change->after ? change->after : change->before));
    for (size_t i = 0; i < change->part_count; i++)
        show_difference(change->parts[i], server);
}

static void one_table_of_many_servers(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL first = model_of(prints[0].mariadb, prints[0].sql);
    for (size_t i = 1; i < sizeof(prints) / sizeof(prints[0]); i++) {
        DARA_MODEL_LOCAL other = model_of(prints[i].mariadb, prints[i].sql);
        struct dara_diff *diff = NULL;
        assert_int_equal(dara_diff_new(first, other, &diff), 0);
        for (size_t j = 0; j < dara_diff_count(diff); j++)
            show_difference(dara_diff_at(diff, j), prints[i].server);
        assert_int_equal(dara_diff_count(diff), 0);
        dara_diff_free(diff);
    }
}

/* What the table's properties are, by kind and key; NULL: absent. */
static void properties(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *key, *property, *value;
    } rows[] = {
        {"column", "id", "type", "int unsigned"},
        {"column", "flag", "type", "tinyint(1)"},
        {"column", "flag", "default", "'1'"},
        {"column", "flag", "collation", NULL},
        {"column", "price", "default", "'-1.50'"},
        {"column", "name", "default", "'a''b\\\\c'"},
        {"column", "name", "collation", "utf8mb4_general_ci"},
        {"column", "latin", "collation", "utf8mb3_bin"},
        {"column", "doc", "type", "json"},
        {"column", "doc", "collation", NULL},
        {"column", "made", "mysql.on_update", "CURRENT_TIMESTAMP"},
        {"column", "uuid", "default", "(uuid())"},
        {"column", "note", "default", "'x'"},
        {"column", "sum", "generated", "`id` + 1"},
        {"column", "sum", "generated_kind", "stored"},
        {"column", "zero", "type", "int(5) unsigned zerofill"},
        {"column", "year", "default", NULL},
        {"constraint", "positive", "expression", "`price` > 0 and `flag` in (0,1) or `name` <> ''"},
        {"constraint", "up", "references", "t"},
        {"constraint", "up", "on_update", "cascade"},
        {"constraint", "up", "on_delete", NULL},
        {"constraint", "primary", "type", "primary key"},
        {"index", "plain", "mysql.using", NULL},
    };
    for (size_t i = 0; i < sizeof(prints) / sizeof(prints[0]); i++) {
        DARA_MODEL_LOCAL model = model_of(prints[i].mariadb, prints[i].sql);
        const struct dara_object *table = dara_model_find(model, "table", NULL, NULL, "t");
        assert_non_null(table);
        for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
            const struct dara_object *part = dara_model_find(model, rows[j].kind, NULL, table, rows[j].key);
            const char *value = part ? dara_object_text(part, rows[j].property) : "(no such part)";
            if ((!value != !rows[j].value) || (value && strcmp(value, rows[j].value) != 0))
                fail_msg("%s: %s %s: %s is %s, not %s", prints[i].server, rows[j].kind, rows[j].key, rows[j].property,
                         value ? value : "absent", rows[j].value ? rows[j].value : "absent");
        }
        assert_string_equal(
            dara_object_text(table, "mysql.partitioning"),
            "PARTITION BY RANGE(`id`)(PARTITION `p0` VALUES LESS THAN(10), PARTITION `p1` VALUES LESS THAN MAXVALUE)");
        assert_null(strstr(dara_object_text(table, "sql"), "AUTO_INCREMENT"));
    }
}

static void passwords(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model =
        model_of(true, "CREATE TABLE `t` (\n  `a` int(11) DEFAULT NULL\n) ENGINE=FEDERATED DEFAULT CHARSET=utf8mb4 "
                       "CONNECTION='mysql://me:geh:eim@host:9306/d/t' COMMENT='c'");
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    dara_model_write_json(model, &text);
    assert_null(strstr(dara_text_get(&text, NULL), "geh"));
    assert_null(strstr(dara_text_get(&text, NULL), "eim"));
    const struct dara_object *table = dara_model_find(model, "table", NULL, NULL, "t");
    assert_non_null(table);
    assert_string_equal(
        dara_object_text(table, "sql"),
        "ENGINE=FEDERATED DEFAULT CHARSET=utf8mb4 CONNECTION='mysql://me:***@host:9306/d/t' COMMENT='c'");
    assert_int_equal(dara_model_unrepresented_count(model), 1);
}

static void broken_definitions(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "CREATE TABLE `t`", "CREATE TABLE `t` (", "CREATE TABLE `t` (`a` int",
                                        "CREATE TABLE `t` (`a` 'open"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        DARA_MODEL_LOCAL model = model_of(false, texts[i]);
        assert_int_equal(dara_model_count(model), 0);
        assert_int_equal(dara_model_unrepresented_count(model), 1);
    }
}

/* ---- real servers ---- */

int __real_mysql_real_query(MYSQL *mysql, const char *sql, unsigned long length);
int __wrap_mysql_real_query(MYSQL *mysql, const char *sql, unsigned long length);
static unsigned packets;
int __wrap_mysql_real_query(MYSQL *mysql, const char *sql, unsigned long length)
{
    packets++;
    return __real_mysql_real_query(mysql, sql, length);
}

struct place {
    const char *variable;
    struct dara_conn *conn;
    char database[64];
};

static void run(struct dara_conn *conn, const char *sql)
{
    if (mysql_run(conn, sql, NULL))
        fail_msg("%s", dara_error_last()->message);
}

/* "mysql://root@127.0.0.1:4711", as the variables have it. */
static struct dara_conn *connect_as(const char *variable, const char *user, const char *database, enum dara_mode mode)
{
    const char *uri = getenv(variable), *port = strrchr(uri, ':') + 1;
    struct dara_url url = {.size = sizeof(url),
                           .scheme = "mysql",
                           .user = user,
                           .host = "127.0.0.1",
                           .port = port,
                           .path = database,
                           .redacted = uri};
    struct dara_open request = {.size = sizeof(request), .url = &url, .mode = mode, .lock_timeout_ms = 5000};
    struct dara_conn *conn = NULL;
    if (mysql_session_attach(&request, database, &conn))
        fail_msg("%s: %s", dara_error_last()->message, dara_error_last()->detail);
    return conn;
}

static struct dara_conn *connect_to(const char *variable, const char *user, const char *database)
{
    return connect_as(variable, user, database, DARA_MODE_WRITE);
}

static void set_up(struct place *place)
{
    if (!getenv(place->variable))
        return;
    char sql[160];
    struct dara_conn *admin = connect_to(place->variable, "root", NULL);
    snprintf(place->database, sizeof(place->database), "dt_%ld_read", (long)getpid());
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s CHARACTER SET utf8mb4", place->database);
    run(admin, sql);
    mysql_session_close(admin);
    place->conn = connect_to(place->variable, "root", place->database);
    run(place->conn,
        "CREATE TABLE a (id int PRIMARY KEY, b varchar(5) DEFAULT 'x', KEY (b)); CREATE TABLE gone (id int);"
        "CREATE VIEW v AS SELECT * FROM a; CREATE VIEW broken AS SELECT * FROM gone; DROP TABLE gone;"
        "CREATE PROCEDURE p() SELECT 1; CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;"
        "CREATE VIEW with_f AS SELECT f() AS f FROM v;"
        "CREATE TRIGGER second BEFORE INSERT ON a FOR EACH ROW SET NEW.b = 'y';"
        "CREATE TRIGGER first BEFORE INSERT ON a FOR EACH ROW PRECEDES second SET NEW.b = 'z';"
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DISABLE DO SELECT 1;"
        "CREATE TABLE dara_migrations (a int)");
}

static void tear_down(struct place *place)
{
    char sql[160];
    if (!place->conn)
        return;
    snprintf(sql, sizeof(sql), "DROP DATABASE %s", place->database);
    run(place->conn, sql);
    mysql_session_close(place->conn);
}

static struct dara_model *read_model(struct dara_conn *conn)
{
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("mysql", mysql_kinds, &model), 0);
    if (mysql_introspect_read(conn, NULL, model))
        fail_msg("%s", dara_error_last()->message);
    assert_int_equal(dara_model_finish(model), 0);
    return model;
}

static struct place *place_of(void **state)
{
    return *state;
}

static void two_packets(void **state)
{
    struct place *place = place_of(state);
    char sql[80];
    for (int i = 0; i < 40; i++) {
        snprintf(sql, sizeof(sql), "CREATE TABLE IF NOT EXISTS many_%d (id int)", i);
        run(place->conn, sql);
    }
    packets = 0;
    DARA_MODEL_LOCAL model = read_model(place->conn);
    assert_int_equal(packets, 3); /* the third is for the view that is broken */
    run(place->conn, "CREATE TABLE gone (id int)");
    packets = 0;
    DARA_MODEL_LOCAL whole = read_model(place->conn);
    assert_int_equal(packets, 2);
    run(place->conn, "DROP TABLE gone");
    assert_int_equal(dara_model_unrepresented_count(whole), 0);
    assert_int_equal(dara_model_count_of(model, "table"), 41);
    assert_null(dara_model_find(model, "table", NULL, NULL, "dara_migrations"));
}

static void same_bytes(void **state)
{
    struct place *place = place_of(state);
    DARA_MODEL_LOCAL first = read_model(place->conn);
    run(place->conn, "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', sql_quote_show_create = 0");
    DARA_MODEL_LOCAL second = read_model(place->conn);
    DARA_TEXT_LOCAL one = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL two = DARA_TEXT_INIT;
    dara_model_write_json(first, &one);
    dara_model_write_json(second, &two);
    assert_string_equal(dara_text_get(&one, NULL), dara_text_get(&two, NULL));
    MYSQL_RES *result = NULL;
    assert_int_equal(mysql_rows(place->conn, "SELECT @@sql_mode", NULL, &result), 0);
    assert_string_equal(mysql_fetch_row(result)[0], "ANSI_QUOTES,NO_BACKSLASH_ESCAPES");
    mysql_free_result(result);
    run(place->conn, "SET SESSION sql_mode = DEFAULT, sql_quote_show_create = 1");
}

static bool depends_on(const struct dara_object *object, const char *key)
{
    const struct dara_object *const *list = NULL;
    size_t count = dara_object_depends(object, &list);
    for (size_t i = 0; i < count; i++)
        if (strcmp(dara_object_key(list[i]), key) == 0)
            return true;
    return false;
}

static void what_needs_what(void **state)
{
    struct place *place = place_of(state);
    DARA_MODEL_LOCAL model = read_model(place->conn);
    const struct dara_object *view = dara_model_find(model, "view", NULL, NULL, "with_f");
    const struct dara_object *trigger = dara_model_find(model, "trigger", NULL, NULL, "second");
    assert_non_null(view);
    assert_non_null(trigger);
    assert_true(depends_on(view, "v"));
    assert_true(depends_on(view, "function f"));
    assert_true(depends_on(dara_model_find(model, "view", NULL, NULL, "v"), "a"));
    assert_true(depends_on(trigger, "first"));
    assert_int_equal(dara_object_int(trigger, "mysql.order", 0), 2);
    assert_non_null(dara_model_find(model, "view", NULL, NULL, "broken"));
    assert_non_null(dara_model_find(model, "routine", NULL, NULL, "procedure p"));
    assert_string_equal(dara_object_text(dara_model_find(model, "event", NULL, NULL, "e"), "status"), "disabled");
}

/* It is the server that refuses, also what changes the schema, in a transaction and outside one. */
static void a_reading_session(void **state)
{
    static const char *const writes[] = {"INSERT INTO a VALUES (1, 'x')",
                                         "CREATE TABLE written (a int)",
                                         "DROP TABLE a",
                                         "TRUNCATE TABLE a",
                                         "ALTER TABLE a ADD c int",
                                         "DROP VIEW v",
                                         "CREATE PROCEDURE q() SELECT 1",
                                         "CREATE INDEX i ON a (b)",
                                         "RENAME TABLE a TO z",
                                         "CREATE OR REPLACE VIEW v AS SELECT 1"};
    struct place *place = place_of(state);
    struct dara_conn *reader = connect_as(place->variable, "root", place->database, DARA_MODE_READ);
    for (size_t i = 0; i < 2 * sizeof(writes) / sizeof(writes[0]); i++) {
        if (i == sizeof(writes) / sizeof(writes[0]))
            run(reader, "START TRANSACTION");
        if (!mysql_run(reader, writes[i % (sizeof(writes) / sizeof(writes[0]))], NULL))
            fail_msg("not refused: %s", writes[i % (sizeof(writes) / sizeof(writes[0]))]);
        assert_string_equal(dara_error_last()->native, "1792 25006");
    }
    mysql_session_close(reader);
}

/* A definer that is gone is said; one that is there is not. */
static void gone_definers(void **state)
{
    struct place *place = place_of(state);
    DARA_MODEL_LOCAL before = read_model(place->conn);
    assert_int_equal(dara_model_unrepresented_count(before), 1); /* the view that is broken */
    run(place->conn, "CREATE DEFINER = nobody@nowhere PROCEDURE orphan() SELECT 1");
    DARA_MODEL_LOCAL after = read_model(place->conn);
    run(place->conn, "DROP PROCEDURE orphan");
    assert_int_equal(dara_model_unrepresented_count(after), 2);
    const struct dara_object *orphan = dara_model_find(after, "routine", NULL, NULL, "procedure orphan");
    assert_non_null(orphan);
    assert_string_equal(dara_object_text(orphan, "definer"), "nobody@nowhere");
}

/* A view over what is gone is named, and in a file a comment: no server makes it again. A definer that is gone is another matter. */
static void broken_views(void **state)
{
    struct place *place = place_of(state);
    const char *family = NULL, *name = NULL, *why = NULL;
    run(place->conn, "CREATE DEFINER = nobody@nowhere VIEW odd_definer AS SELECT id FROM a");
    DARA_MODEL_LOCAL model = read_model(place->conn);
    run(place->conn, "DROP VIEW odd_definer");
    const struct dara_object *broken = dara_model_find(model, "view", NULL, NULL, "broken");
    const struct dara_object *odd = dara_model_find(model, "view", NULL, NULL, "odd_definer");
    assert_true(dara_object_bool(broken, "mysql.broken", false));
    assert_false(dara_object_bool(odd, "mysql.broken", false));
    assert_int_equal(dara_model_unrepresented_count(model), 2);
    dara_model_unrepresented_at(model, 0, &family, &name, &why);
    assert_string_equal(name, "broken");
    assert_non_null(strstr(why, "references invalid table(s)"));
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    assert_int_equal(mysql_dialect_render(broken, &text), 0);
    assert_int_equal(strncmp(dara_text_get(&text, NULL), "-- ", 3), 0);
    assert_null(strstr(dara_text_get(&text, NULL), "\nCREATE"));
}

/* MariaDB keeps the author's text of a trigger, and with it the name of the database. */
static void named_database(void **state)
{
    struct place *place = place_of(state);
    char sql[300];
    snprintf(sql, sizeof(sql), "CREATE TRIGGER %s.by_name BEFORE DELETE ON %s.a FOR EACH ROW SET @x = 'for.each'",
             place->database, place->database);
    run(place->conn, sql);
    DARA_MODEL_LOCAL model = read_model(place->conn);
    run(place->conn, "DROP TRIGGER by_name");
    const struct dara_object *trigger =
        dara_model_find(model, "trigger", NULL, dara_model_find(model, "table", NULL, NULL, "a"), "by_name");
    assert_non_null(trigger);
    assert_null(strstr(dara_object_text(trigger, "sql"), place->database));
    assert_non_null(strstr(dara_object_text(trigger, "sql"), "FOR EACH ROW SET @x = 'for.each'"));
}

/* A user with few rights is told what it does not see. */
static void few_rights(void **state)
{
    struct place *place = place_of(state);
    char sql[300];
    const char *why = NULL;
    enum dara_family_state family = DARA_FAMILY_READ;
    snprintf(sql, sizeof(sql), "CREATE USER dt_few; GRANT SELECT ON %s.* TO dt_few", place->database);
    run(place->conn, sql);
    struct dara_conn *few = connect_to(place->variable, "dt_few", place->database);
    struct dara_model *model = read_model(few);
    mysql_session_close(few);
    run(place->conn, "DROP USER dt_few");
    assert_non_null(dara_model_find(model, "table", NULL, NULL, "a"));
    for (size_t i = 0; i < dara_model_family_count(model); i++) {
        enum dara_family_state now;
        const char *reason = NULL, *name = dara_model_family_at(model, i, &now, &reason);
        if (strcmp(name, "trigger") == 0) {
            family = now;
            why = reason;
        }
    }
    assert_int_equal(family, DARA_FAMILY_DENIED);
    assert_non_null(strstr(why, "TRIGGER"));
    dara_model_free(model);
}

#define WITH_SERVER(test)                             \
    {#test "@mariadb", test, NULL, NULL, &places[0]}, \
    {                                                 \
#test "@mysql", test, NULL, NULL, &places[1]  \
    }

int main(void)
{
    static struct place places[] = {{.variable = "DARA_TEST_MARIADB_URI"}, {.variable = "DARA_TEST_MYSQL_URI"}};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions),  cmocka_unit_test(text_at_home), cmocka_unit_test(one_table_of_many_servers),
        cmocka_unit_test(properties),   cmocka_unit_test(passwords),    cmocka_unit_test(broken_definitions),
        WITH_SERVER(two_packets),       WITH_SERVER(same_bytes),        WITH_SERVER(what_needs_what),
        WITH_SERVER(a_reading_session), WITH_SERVER(gone_definers),     WITH_SERVER(few_rights),
        WITH_SERVER(broken_views),      WITH_SERVER(named_database),
    };
    struct CMUnitTest here[DARA_COUNT(tests)];
    size_t count = 0;
    set_up(&places[0]);
    set_up(&places[1]);
    for (size_t i = 0; i < DARA_COUNT(tests); i++) {
        const struct place *place = tests[i].initial_state;
        if (!place || place->conn)
            here[count++] = tests[i];
        else
            print_message("# left out: %s (%s is not set)\n", tests[i].name, place->variable);
    }
    int failed = _cmocka_run_group_tests("mysql-read", here, count, NULL, NULL);
    tear_down(&places[0]);
    tear_down(&places[1]);
    return failed;
}
