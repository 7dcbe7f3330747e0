/* SPDX-License-Identifier: MIT */
/* SQLite scripts: where statements begin and end, and what each one is. */
#include "sqlite-unit.h"

static const struct dara_driver *driver;

static int load(void **state)
{
    (void)state;
    return dara_driver_load("sqlite", &driver);
}

/* ---- split ------------------------------------------------------------------------------------------------------------- */

/* Statements as "line:text" joined by " / ". */
static void test_split(void **state)
{
    static const struct {
        const char *script, *wanted;
    } cases[] = {
        {"", ""},
        {" \n-- nothing\n/* at all */ ;;\n ; ", ""},
        {"select 1", "1:select 1"},
        {"select 1;select 2;", "1:select 1 / 1:select 2"},
        {"-- first\n\n/* second\n line */ select 1 ;\n\n select\n2;\nselect 3",
         "4:select 1 / 6:select\n2 / 8:select 3"},
        {"select ';' , \";\", [;], `;`, 'it''s;', x'3b' -- ;\n, 2 /* ; */ ;",
         "1:select ';' , \";\", [;], `;`, 'it''s;', "
         "x'3b' -- ;\n, 2"},
        {"\xef\xbb\xbfselect 1;\r\nselect\r\n2;\r\n", "1:select 1 / 2:select\r\n2"},
        {"create trigger t after insert on a begin select 1; select case when 2 then 3 end; end; select 4",
         "1:create trigger t after insert on a begin select 1; select case when 2 then 3 end; end / 1:select 4"},
        {"CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\n SELECT 1;\nEND\n;\nSELECT 2;",
         "1:CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\n SELECT 1;\nEND / 5:SELECT 2"},
        {"create trigger \"end\" after insert on a when new.begin > 1 begin delete from b; /* ; end; */ end",
         "1:create trigger \"end\" after insert on a when new.begin > 1 begin delete from b; /* ; end; */ end"},
        {"explain query plan create trigger t after insert on a begin select 1; end; select 2",
         "1:explain query plan create trigger t after insert on a begin select 1; end / 1:select 2"},
        {"create table trigger_log(a); create table \"trigger\"(b);",
         "1:create table trigger_log(a) / 1:create table \"trigger\"(b)"},
        {"begin; end; commit", "1:begin / 1:end / 1:commit"},
        {"select 1;\n -- dara:allow x\nselect 2;", "1:select 1 / 3:select 2"},
    };
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(cases); i++) {
        DARA_SCRIPT_LOCAL script = NULL;
        DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
        assert_int_equal(dara_dialect_split(driver, cases[i].script, strlen(cases[i].script), &script), 0);
        for (size_t s = 0; s < script->count; s++)
            dara_text_format(&out, "%s%u:%s", s ? " / " : "", script->statements[s].line, script->statements[s].text);
        assert_string_equal(dara_text_string(&out), cases[i].wanted);
    }
}

static void test_split_errors(void **state)
{
    static const struct {
        const char *script;
        size_t length;
        long line;
        const char *piece;
    } cases[] = {
        {"select 1;\nselect 'open\n;\n", 0, 2, "quote '"},
        {"select \"open", 0, 1, "quote \""},
        {"select [open", 0, 1, "quote ["},
        {"select 1;\n\n/* open\n\n", 0, 3, "comment"},
        {"select 1;\n.tables\n", 0, 2, "'.tables' is a command of the sqlite3 program"},
        {".read x.sql", 0, 1, "'.read'"},
        {"select 1;\nselect\n\0;", 20, 3, "NUL"},
        {"select 1;\ncreate trigger t after insert on a begin select 1;\n", 0, 2, "does not end with END"},
        {"select 1;\n select ! 2;", 0, 2, "'!'"},
        {"select \x01", 0, 1, "0x01"},
    };
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(cases); i++) {
        struct dara_script *script = NULL;
        size_t length = cases[i].length ? cases[i].length : strlen(cases[i].script);
        int code = dara_dialect_split(driver, cases[i].script, length, &script);
        assert_error(code, DARA_EFILE, NULL, cases[i].piece);
        assert_int_equal(dara_error_last()->line, cases[i].line);
        assert_null(script);
    }
}

/* ---- classify ------------------------------------------------------------------------------------------------------------ */

static void describe_flags(unsigned flags, struct dara_text *out)
{
    static const char *const names[] = {"reads",   "schema", "data",    "transaction",
                                        "outside", "before", "refused", "unread"};
    for (size_t i = 0; i < DARA_COUNT(names); i++)
        if (flags & (1u << i))
            dara_text_format(out, " %s", names[i]);
}

/* "kind flags; +made -dropped =used ~changed (+? and -? for the IF forms), each with its kind; rule or RULE! when it destroys" */
static void describe(const struct dara_statement_facts *facts, struct dara_text *out)
{
    static const char *const roles[] = {"", "+", "=", "~", "-", "+?", "-?"};
    dara_text_add(out, facts->kind);
    describe_flags(facts->flags, out);
    dara_text_add(out, ";");
    for (size_t i = 0; i < facts->object_count; i++)
        dara_text_format(out, " %s%s%s%s", roles[facts->objects[i].role],
                         facts->objects[i].kind ? facts->objects[i].kind : "", facts->objects[i].kind ? ":" : "",
                         facts->objects[i].key);
    for (size_t i = 0; i < facts->hazard_count; i++)
        dara_text_format(out, " %s%s", facts->hazards[i].rule, facts->hazards[i].destroys ? "!" : "");
}

static void test_classify(void **state)
{
    static const struct {
        const char *sql, *wanted;
    } cases[] = {
        {"CREATE TABLE \"My Table\"(a REFERENCES Other(x), b, FOREIGN KEY (b) REFERENCES [third] ON UPDATE CASCADE ON "
         "DELETE SET NULL)",
         "create table schema; +table:my table =table:other =table:third"},
        {"create table if not exists main.t(a references t)", "create table schema; +?table:t"},
        {"create temp table t as select * from a, b left join c on a.x = b.x, d",
         "create table schema; +table:t =a =b =c =d"},
        {"create unique index if not exists i on t(a) where a in (select x from u)",
         "create index schema; +?index:i =table:t"},
        {"create view v as with c(x) as (select 1 from t1) select * from c join t2 using (x) where y in t3",
         "create view schema; +view:v =t1 =t2 =t3"},
        {"create trigger g after update of a, b on t when new.a > (select max(x) from m) begin update or ignore u set "
         "a = 1; "
         "insert into l select * from s; delete from d where x is not distinct from y; end",
         "create trigger schema; +trigger:g =t =m =u =l =s =d"},
        {"create trigger g instead of delete on v begin select 1; end", "create trigger schema; +trigger:g =v"},
        {"create virtual table f using fts5(a, b, content='Posts', content_rowid=id)",
         "create virtual table schema; +virtual_table:f =posts"},
        {"create virtual table f using fts5(a, content='')", "create virtual table schema; +virtual_table:f"},
        {"drop table T", "drop table schema; -t drop-table!"},
        {"drop table if exists main.t", "drop table schema; -?t drop-table!"},
        {"drop index i", "drop index schema; -index:i drop-index"},
        {"drop view if exists v", "drop view schema; -?view:v drop-view"},
        {"drop trigger g", "drop trigger schema; -trigger:g drop-trigger"},
        {"alter table t rename to U", "alter table schema; -t +table:u rename-table"},
        {"alter table t rename column a to b", "alter table schema; ~t rename-column"},
        {"alter table t rename \"to\" to b", "alter table schema; ~t rename-column"},
        {"alter table t add column a text", "alter table schema; ~t"},
        {"alter table t add a int not null", "alter table schema; ~t add-required-column"},
        {"alter table t add a int not null default (1 + 2)", "alter table schema; ~t"},
        {"alter table t add a int not null default null", "alter table schema; ~t add-required-column"},
        {"alter table t add a as (b + 1) not null", "alter table schema; ~t"},
        {"alter table t add \"default\" int not null references u(x)",
         "alter table schema; ~t =table:u add-required-column"},
        {"alter table t drop column a", "alter table schema; ~t drop-column!"},
        {"insert into t(a, b) values (1, 2), (3, 4)", "insert data; =t"},
        {"insert or replace into t select x from u on conflict do update set a = 1, b = 2", "insert data; =t =u"},
        {"replace into t values (1)", "insert data; =t"},
        {"update t set a = 1", "update data; =t update-without-where!"},
        {"update or abort t set a = (select x from u where y = 1)", "update data; =t =u update-without-where!"},
        {"update t set a = u.b from u where u.x = t.x", "update data; =t =u"},
        {"delete from t", "delete data; =t delete-without-where!"},
        {"delete from t where a in (1)", "delete data; =t"},
        {"with c as (select 1 from z where 1) delete from t", "delete data; =t =z delete-without-where!"},
        {"with recursive c(n) as (values (1) union all select n + 1 from c) insert into t select n from c",
         "insert data; =t"},
        {"with c as not materialized (select 1) select * from c", "select reads;"},
        {"select * from (a join (select * from b) x), json_each('[]') order by 1, 2", "select reads; =a =b"},
        {"select a, b from t where f(c, d) group by e, f", "select reads; =t"},
        {"values (1)", "select reads;"},
        {"select * from sqlite_master, pragma_table_info('x')", "select reads;"},
        {"select load_extension('x')", "load_extension refused;"},
        {"explain delete from t", "explain reads;"},
        {"pragma foreign_keys = off", "pragma before;"},
        {"pragma foreign_keys", "pragma reads;"},
        {"pragma main.journal_mode = wal", "pragma outside;"},
        {"pragma user_version = 3", "pragma schema; ~setting:user_version"},
        {"pragma table_info(t)", "pragma reads;"},
        {"pragma writable_schema = 1", "pragma refused;"},
        {"pragma wal_checkpoint(truncate)", "pragma data outside;"},
        {"pragma something_new = 1", "pragma unread;"},
        {"begin immediate", "begin transaction;"},
        {"END", "end transaction;"},
        {"savepoint s", "savepoint transaction;"},
        {"vacuum", "vacuum data outside;"},
        {"vacuum main into 'x'", "vacuum into refused;"},
        {"attach 'x' as y", "attach refused;"},
        {"detach y", "detach refused;"},
        {".tables", "shell command refused;"},
        {"analyze", "analyze data;"},
        {"reindex t", "reindex data;"},
        {"frobnicate the table", "statement unread;"},
        {"create sequence s", "create schema unread;"},
        {"select 'open", "statement unread;"},
        {"", "statement unread;"},
        {"create", "create schema unread;"},
        {"create table", "create table schema;"},
        {"drop table", "drop table schema; drop-table!"},
        {"alter table", "alter table schema unread;"},
        {"update", "update data; update-without-where!"},
        {"with", "with unread;"},
        {"select * from", "select reads;"},
        {"))) from ((((", "statement unread;"},
        {"select ))) from t, (((", "select reads; =t"},
    };
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(cases); i++) {
        struct dara_statement statement = {.text = cases[i].sql, .length = strlen(cases[i].sql), .line = 1};
        DARA_FACTS_LOCAL facts = NULL;
        DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
        assert_int_equal(dara_dialect_classify(driver, &statement, &facts), 0);
        describe(facts, &out);
        assert_string_equal(dara_text_string(&out), cases[i].wanted);
        assert_int_equal(facts->refusal != NULL, (facts->flags & DARA_STATEMENT_REFUSED) != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_split_errors),
        cmocka_unit_test(test_classify),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
