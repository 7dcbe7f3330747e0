/* SPDX-License-Identifier: MIT */
/*
 * Reading a schema from a real server, the one that DARA_TEST_POSTGRES_URI names (tests/servers/postgres starts one): what each object
 * became, that reading twice gives the same bytes, that it takes one round trip, and that it leaves nothing behind in the session.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/model.h"
#include "pg.h"
#include "unit.h"

static char database[64];
static struct dara_conn conn;

static PGconn *connect_to(const char *name)
{
    char url[512];
    snprintf(url, sizeof(url), "%s/%s", getenv("DARA_TEST_POSTGRES_URI"), name);
    PGconn *pg = PQconnectdb(url);
    if (PQstatus(pg) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(pg));
    PQsetClientEncoding(pg, "UTF8");
    PQclear(PQexec(pg, "SET client_min_messages = error"));
    return pg;
}

static void run(PGconn *pg, const char *sql)
{
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(pg));
    PQclear(result);
}

static long ask(const char *sql)
{
    PGresult *result = PQexec(conn.pg, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(conn.pg));
    long number = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return number;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 65536);
    assert_true(fread(text, 1, 65535, file) < 65535);
    fclose(file);
    return text;
}

/* The sections of the script that the server is new enough for. */
static void load(const char *path)
{
    char *text = read_file(path), *section = text;
    long since = 0;
    while (section) {
        char *mark = strstr(section, "\n--@ ");
        if (mark)
            *mark = '\0';
        if (conn.version >= since)
            run(conn.pg, section);
        since = mark ? strtol(mark + 5, &section, 10) : 0;
        section = mark ? section : NULL;
    }
    free(text);
}

static int set_up(void **state)
{
    (void)state;
    PGconn *admin = connect_to("postgres");
    char sql[160];
    snprintf(database, sizeof(database), "dt_%ld_read", (long)getpid());
    snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE template0", database);
    run(admin, sql);
    PQfinish(admin);
    conn.pg = connect_to(database);
    conn.version = PQserverVersion(conn.pg);
    char path[512];
    snprintf(path, sizeof(path), "%s/tests/unit/postgres-read.sql", getenv("srcdir") ? getenv("srcdir") : ".");
    load(path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    PQfinish(conn.pg);
    PGconn *admin = connect_to("postgres");
    char sql[160];
    snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", database);
    run(admin, sql);
    PQfinish(admin);
    return 0;
}

static struct dara_model *read_model(const struct dara_read *request)
{
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("postgres", postgres_kinds, &model), 0);
    if (postgres_introspect_read(&conn, request, model))
        fail_msg("%s", dara_error_last()->message);
    assert_int_equal(dara_model_finish(model), 0);
    return model;
}

/* ---- what each object became ---- */

#define WEIRD "we\"ird.sch\nema"

static const struct expectation {
    int since;
    const char *kind, *space, *owner_kind, *owner, *key, *property, *value; /* value NULL: absent */
} expectations[] = {
    {0, "namespace", NULL, NULL, NULL, "app", "comment", "it's"},
    {0, "namespace", NULL, NULL, NULL, "public", "comment", "standard public schema"},
    {0, "type", "app", NULL, NULL, "mood", "labels", "sad, o'k, happy, \"very\", {x}, back\\slash, "},
    {0, "type", "app", NULL, NULL, "pt", "attributes",
     "x integer, \"Y z\" text COLLATE pg_catalog.\"C\", m app.mood[]"},
    {0, "type", "app", NULL, NULL, "pt", "needs", "app.mood"},
    {140000, "type", "app", NULL, NULL, "frange", "definition",
     "RANGE (subtype = double precision, subtype_diff = app.fdiff, multirange_type_name = app.fmultirange)"},
    {0, "type", "app", NULL, NULL, "frange", "needs", "app.fdiff(a double precision, b double precision)"},
    {0, "type", "app", NULL, NULL, "posint", "base", "integer"},
    {0, "type", "app", NULL, NULL, "posint", "default", "3"},
    {0, "type", "app", NULL, NULL, "posint", "not_null", "yes"},
    {0, "domain_constraint", "app", "type", "posint", "pos", "comment", "positive"},
    {0, "domain_constraint", "app", "type", "posint", "big", "definition", "CHECK ((VALUE < 1000))"},
    {0, "domain_constraint", "app", "type", "posint", "big", "validated", "no"},
    {0, "sequence", "app", NULL, NULL, "s1", "type", "smallint"},
    {0, "sequence", "app", NULL, NULL, "s1", "start", "7"},
    {0, "sequence", "app", NULL, NULL, "s1", "minimum", "-100"},
    {0, "sequence", "app", NULL, NULL, "s1", "cycle", "yes"},
    {0, "sequence", "app", NULL, NULL, "s1", "owned_by", "app.serial.x"},
    {0, "sequence", "app", NULL, NULL, "s1", "needs", ""},
    {150000, "sequence", "app", NULL, NULL, "s2", "postgres.unlogged", "yes"},
    {0, "routine", "app", NULL, NULL, "f(a integer, INOUT b integer, VARIADIC c text[])", "defaults", "2"},
    {0, "routine", "app", NULL, NULL, "f(a integer, INOUT b integer, VARIADIC c text[])", "signature",
     "(a integer, INOUT b integer, VARIADIC c text[]) RETURNS integer"},
    {0, "routine", "app", NULL, NULL, "evt()", "definition",
     "CREATE OR REPLACE FUNCTION app.evt()\n RETURNS event_trigger\n LANGUAGE plpgsql\nAS $function$begin "
     "end$function$"},
    {0, "routine", "app", NULL, NULL, "agg(integer)", "definition",
     "CREATE AGGREGATE app.agg(integer) (SFUNC = int4pl, STYPE = integer, COMBINEFUNC = int4pl, INITCOND = '0',"
     " PARALLEL = SAFE)"},
    {0, "routine", "app", NULL, NULL, "pc(double precision ORDER BY double precision)", "definition",
     "CREATE AGGREGATE app.pc(double precision ORDER BY double precision) (SFUNC = ordered_set_transition,"
     " STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA)"},
    {140000, "routine", "app", NULL, NULL, "tf()", "needs", "app.parent"},
    {0, "table", "app", NULL, NULL, "parent", "postgres.options",
     "autovacuum_enabled=false, fillfactor=80, toast.autovacuum_enabled=false"},
    {0, "table", "app", NULL, NULL, "child", "postgres.inherits", "app.parent"},
    {0, "table", "app", NULL, NULL, "child", "needs", "app.parent"},
    {0, "table", "app", NULL, NULL, "u", "postgres.persistence", "unlogged"},
    {0, "table", "app", NULL, NULL, "u", "postgres.replica_identity", "FULL"},
    {0, "table", "app", NULL, NULL, "u", "postgres.row_security", "yes"},
    {0, "table", "app", NULL, NULL, "u", "postgres.force_row_security", "yes"},
    {0, "table", "app", NULL, NULL, "parent", "postgres.row_security", NULL},
    {0, "table", "app", NULL, NULL, "typed", "postgres.of_type", "app.pt"},
    {0, "table", "app", NULL, NULL, "part", "postgres.partition_key", "LIST (r)"},
    {0, "table", "app", NULL, NULL, "part_a", "postgres.partition_of", "app.part"},
    {0, "table", "app", NULL, NULL, "part_a", "postgres.inherits", NULL},
    {0, "table", "app", NULL, NULL, "part_a", "postgres.partition_bound", "FOR VALUES IN ('a', 'b''c')"},
    {0, "table", "app", NULL, NULL, "part_d", "postgres.partition_key", "HASH (k)"},
    {0, "table", "app", NULL, NULL, "ex", "postgres.cluster_on", "uu"},
    {0, "column", "app", "table", "child", "id", "inherited", "yes"},
    {0, "column", "app", "table", "child", "n", "inherited", NULL},
    {0, "column", "app", "table", "u", "a", "identity", "by default"},
    {0, "column", "app", "table", "u", "a", "identity_options", "START WITH 10, INCREMENT BY 5"},
    {0, "column", "app", "table", "u", "a", "options", "n_distinct=4, n_distinct_inherited=3"},
    {0, "column", "app", "table", "u", "a", "position", "1"},
    {0, "column", "app", "table", "u", "b", "generated", "(a * 2)"},
    {0, "column", "app", "table", "u", "b", "generated_kind", "stored"},
    {0, "column", "app", "table", "u", "b", "default", NULL},
    {0, "column", "app", "table", "u", "b", "options", NULL},
    {0, "column", "app", "table", "u", "c", "storage", "external"},
    {0, "column", "app", "table", "u", "c", "statistics", "77"},
    {0, "column", "app", "table", "u", "c", "comment", "text"},
    {140000, "column", "app", "table", "u", "c", "compression", "pglz"},
    {0, "column", "app", "table", "u", "d", "collation", "pg_catalog.\"POSIX\""},
    {0, "column", "app", "table", "u", "e", "type", "app.pt"},
    {0, "column", "app", "table", "uses", "b", "needs", "app.mood app.uses"},
    {0, "column", "app", "table", "uses", "c", "needs", "app.parent app.uses"},
    {0, "column", "app", "table", "serial", "x", "default", "nextval('app.s1'::regclass)"},
    {0, "column", "app", "table", "serial", "x", "needs", "app.s1 app.serial"},
    {0, "column", "app", "table", "tz", "a", "default", "'2020-01-01 08:00:00+00'::timestamp with time zone"},
    {0, "column", "app", "table", "tz", "b", "default", "'1 day 02:00:00'::interval"},
    {0, "column", "app", "table", "tz", "c", "default", "'2020-02-03'::date"},
    {0, "column", WEIRD, "table", "ta\"b.le\nx", "ünï", "default", "'ä'::text"},
    {180000, "column", "app", "table", "v18", "v", "generated_kind", "virtual"},
    {0, "constraint", "app", "table", "parent", "parent_pkey", "definition", "PRIMARY KEY (id) WITH (fillfactor='70')"},
    {0, "constraint", "app", "table", "parent", "dq", "definition",
     "UNIQUE (dq) WITH (fillfactor='71') DEFERRABLE INITIALLY DEFERRED"},
    {0, "constraint", "app", "table", "parent", "parent_id_check", "definition", "CHECK ((id > 0)) NO INHERIT"},
    {0, "constraint", "app", "table", "child", "chk", "inherited", "yes"},
    {0, "constraint", "app", "table", "fk", "fka", "type", "foreign key"},
    {0, "constraint", "app", "table", "fk", "fka", "definition",
     "FOREIGN KEY (a) REFERENCES app.parent(id) ON DELETE CASCADE DEFERRABLE"},
    {0, "constraint", "app", "table", "fk", "fkr", "referenced_columns", "k, r"},
    {0, "constraint", "app", "table", "fk", "fkr", "needs", "app.fk app.part app.part_a app.part_d app.part_d0"},
    {0, "constraint", "app", "table", "fk", "fknv", "definition", "FOREIGN KEY (z) REFERENCES app.parent(id)"},
    {0, "constraint", "app", "table", "fk", "fknv", "validated", "no"},
    {0, "constraint", "app", "table", "ex", "no_overlap", "type", "exclude"},
    {0, "constraint", "app", "table", "uses", "uses_a_check", "needs",
     "app.fdiff(a double precision, b double precision) app.uses"},
    {150000, "constraint", "app", "table", "nulls", "un", "definition", "UNIQUE NULLS NOT DISTINCT (n) INCLUDE (r)"},
    {180000, "constraint", "app", "table", "v18", "soft", "definition", "CHECK ((id > 0)) NOT ENFORCED"},
    {180000, "constraint", "app", "table", "v18", "soft", "validated", "yes"},
    {0, "constraint", WEIRD, "table", "fk2", "fk2", "references", "\"we\"\"ird.sch\nema\".\"ta\"\"b.le\nx\""},
    {0, "view", "app", NULL, NULL, "v1", "columns", "id integer, \"N n\" text"},
    {0, "view", "app", NULL, NULL, "v1", "options", "check_option=local, security_barrier=true"},
    {0, "view", "app", NULL, NULL, "v1", "comment", "a view"},
    {0, "view", "app", NULL, NULL, "v2", "needs", "app.v1"},
    {0, "materialized_view", "app", NULL, NULL, "mv", "options", "fillfactor=90"},
    {0, "index", "app", "materialized_view", "mv", "mvi", "unique", "yes"},
    {0, "index", "app", "table", "part", "part_i", "definition", "CREATE INDEX part_i ON app.part USING btree (k)"},
    {0, "index", "app", "table", "part", "part_i", "valid", NULL},
    {0, "index", "app", "table", "part", "part_only", "definition",
     "CREATE INDEX part_only ON ONLY app.part USING btree (r)"},
    {0, "index", "app", "table", "part", "part_only", "valid", "no"},
    {0, "index", "app", "table", "ex", "ixe", "definition",
     "CREATE INDEX ixe ON app.ex USING btree (lower((n)::text) text_pattern_ops DESC NULLS LAST) INCLUDE (r)"
     " WITH (fillfactor='60') WHERE (n > 4)"},
    {0, "index", "app", "table", "ex", "ixe", "columns", "lower((n)::text)"},
    {0, "index", "app", "table", "ex", "ixe", "where", "(n > 4)"},
    {0, "rule", "app", "table", "ex", "rn", "enabled", "disabled"},
    {0, "rule", "app", "view", "v2", "rr", "enabled", NULL},
    {0, "trigger", "app", "table", "parent", "t1", "enabled", "always"},
    {0, "trigger", "app", "table", "parent", "t1", "definition",
     "CREATE TRIGGER t1 BEFORE UPDATE OF n ON app.parent FOR EACH ROW WHEN ((old.n IS DISTINCT FROM new.n))"
     " EXECUTE FUNCTION app.trg('x', 'y''')"},
    {0, "trigger", "app", "table", "parent", "t1", "needs", "app.trg() app.parent"},
    {0, "trigger", "app", "view", "v1", "tv", "enabled", NULL},
    {0, "policy", "app", "table", "u", "p1", "command", "UPDATE"},
    {0, "policy", "app", "table", "u", "p1", "permissive", "no"},
    {0, "policy", "app", "table", "u", "p1", "using", "(a > 1)"},
    {0, "policy", "app", "table", "u", "p1", "check", "(a > 2)"},
    {0, "policy", "app", "table", "u", "p1", "roles", "public"},
    {0, "statistics", "app", NULL, NULL, "st", "definition",
     "CREATE STATISTICS app.st (ndistinct, mcv) ON id, n FROM app.parent"},
    {0, "statistics", "app", NULL, NULL, "st", "target", "12"},
    {0, "event_trigger", NULL, NULL, NULL, "et", "enabled", "disabled"},
    {0, "event_trigger", NULL, NULL, NULL, "et", "definition",
     "CREATE EVENT TRIGGER et ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION "
     "app.evt()"},
};

static const struct dara_object *find(const struct dara_model *model, const struct expectation *row)
{
    const struct dara_object *owner = NULL;
    bool part = strcmp(row->kind, "column") == 0 || strstr(row->kind, "constraint");
    if (row->owner) {
        owner = dara_model_find(model, row->owner_kind, row->space, NULL, row->owner);
        assert_non_null(owner);
    }
    return dara_model_find(model, row->kind, part ? NULL : row->space, owner, row->key);
}

/* "space.key space.key" of what it depends on, in canonical order; its schema, which all need, aside. */
static void needs(const struct dara_object *object, struct dara_text *out)
{
    const struct dara_object *const *list = NULL;
    size_t count = dara_object_depends(object, &list);
    for (size_t i = 0; i < count; i++)
        if (strcmp(dara_object_kind(list[i])->name, "namespace") != 0)
            dara_text_format(out, "%s%s.%s", dara_text_get(out, NULL)[0] ? " " : "", dara_object_space(list[i]),
                             dara_object_key(list[i]));
}

static void expect(const struct dara_model *model, const struct expectation *row)
{
    const struct dara_object *object = find(model, row);
    DARA_TEXT_LOCAL got = DARA_TEXT_INIT;
    if (!object)
        fail_msg("no %s '%s'", row->kind, row->key);
    char *value = NULL;
    if (strcmp(row->property, "needs") == 0) {
        needs(object, &got);
        value = strdup(dara_text_get(&got, NULL));
    } else if (strcmp(row->property, "comment") == 0) {
        value = dara_object_comment(object) ? strdup(dara_object_comment(object)) : NULL;
    } else {
        value = dara_object_property_text(object, row->property);
    }
    if (!value != !row->value || (value && strcmp(value, row->value) != 0))
        fail_msg("%s '%s': %s is <%s>, not <%s>", row->kind, row->key, row->property, value ? value : "absent",
                 row->value ? row->value : "absent");
    free(value);
}

static void objects(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = read_model(NULL);
    for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++)
        if (conn.version >= expectations[i].since)
            expect(model, &expectations[i]);
    for (size_t i = 0; i < dara_model_count(model); i++)
        assert_int_equal(dara_object_missing(dara_model_at(model, i), NULL), 0);
    const struct dara_object *const *list = NULL;
    assert_int_equal(dara_object_depends(dara_model_find(model, "sequence", "app", NULL, "s1"), &list), 1);
    assert_string_equal(dara_object_key(list[0]), "app");
}

#define USERS "nspname !~ '^pg_' AND nspname <> 'information_schema'"
#define MINUS " AND relname !~ 'dara_migrations'"

static void counts(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *sql;
    } rows[] = {
        {"namespace", "SELECT count(*) FROM pg_namespace WHERE " USERS},
        {"table", "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', "
                  "'p') AND " USERS MINUS},
        {"column", "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON "
                   "n.oid = relnamespace"
                   " WHERE attnum > 0 AND relkind IN ('r', 'p') AND NOT attisdropped AND " USERS MINUS},
        {"constraint",
         "SELECT count(*) FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid JOIN pg_namespace n ON n.oid ="
         " relnamespace WHERE conparentid = 0 AND contype IN ('p', 'u', 'c', 'f', 'x') AND " USERS MINUS},
        {"index", "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON n.oid "
                  "= relnamespace"
                  " WHERE NOT relispartition AND indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN"
                  " ('p', 'u', 'x')) AND " USERS MINUS},
        {"routine", "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE " USERS
                    " AND proname NOT IN ('frange', 'fmultirange')"},
        {"view",
         "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'v' AND " USERS},
        {"trigger", "SELECT 3"},
        {"policy", "SELECT count(*) FROM pg_policy"},
        {"sequence", "SELECT count(*) - 2 FROM pg_sequence"}, /* of an identity column and of dara's own table */
    };
    DARA_MODEL_LOCAL model = read_model(NULL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if ((long)dara_model_count_of(model, rows[i].kind) != ask(rows[i].sql))
            fail_msg("%zu of %s, not %ld", dara_model_count_of(model, rows[i].kind), rows[i].kind, ask(rows[i].sql));
}

static void unrepresented(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = read_model(NULL);
    assert_non_null(dara_model_find(model, "cast", NULL, NULL, "(app.mood AS integer)"));
    assert_non_null(dara_model_find(model, "type", "app", NULL, "shell"));
    assert_non_null(dara_model_find(model, "publication", NULL, NULL, "pub"));
    const struct dara_object *type = dara_model_find(model, "type", "app", NULL, "pt");
    assert_non_null(dara_object_comment(dara_model_find(model, "attribute", NULL, type, "x")));
    const struct dara_object *table = dara_model_find(model, "table", "app", NULL, "v18");
    const struct dara_object *column = table ? dara_model_find(model, "column", NULL, table, "id") : NULL;
    if (conn.version >= 180000)
        assert_string_equal(dara_object_text(column, "not_null_name"), "nn");
    assert_int_equal(dara_model_unrepresented_count(model), 0);
}

/* No value of the object holds the word. */
static void is_silent(const struct dara_object *object, const char *word)
{
    const struct dara_property *properties = dara_object_kind(object)->properties;
    for (size_t i = 0; properties[i].name; i++) {
        const char *const *values = NULL, *text = dara_object_text(object, properties[i].name);
        size_t count = dara_object_list(object, properties[i].name, &values);
        assert_true(!text || !strstr(text, word));
        for (size_t v = 0; v < count; v++)
            assert_null(strstr(values[v], word));
    }
}

static void secrets_stay_where_they_are(void **state)
{
    (void)state;
    run(conn.pg,
        "BEGIN; SET LOCAL client_min_messages = error; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA "
        "WRAPPER w"
        " OPTIONS (host 'h', api_key 'hush'); CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', password "
        "'hush');"
        " CREATE FOREIGN TABLE app.far (a integer OPTIONS (x 'y')) SERVER s OPTIONS (\"Secret\" 'hush', t 'u');"
        " CREATE SUBSCRIPTION s1 CONNECTION 'host=h password = ''hush \\'' hush'' user=u' PUBLICATION p"
        " WITH (connect = false, slot_name = NONE);"
        " CREATE SUBSCRIPTION s2 CONNECTION 'postgresql://u:hush%20hush@h/d?password=hush&sslmode=require' PUBLICATION "
        "p"
        " WITH (connect = false, slot_name = NONE)");
    DARA_MODEL_LOCAL model = read_model(NULL);
    run(conn.pg, "ROLLBACK");
    for (size_t i = 0; i < dara_model_count(model); i++)
        is_silent(dara_model_at(model, i), "hush");
    assert_string_equal(dara_object_text(dara_model_find(model, "subscription", NULL, NULL, "s1"), "connection"),
                        "host=h user=u");
    assert_string_equal(dara_object_text(dara_model_find(model, "subscription", NULL, NULL, "s2"), "connection"),
                        "postgresql://u@h/d?sslmode=require");
    assert_int_equal(dara_model_unrepresented_count(model), 5);
}

/* ---- how it is read ---- */

static void same_bytes(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL first = read_model(NULL);
    run(conn.pg,
        "SET search_path = app; SET DateStyle = 'German'; SET TimeZone = 'Asia/Tokyo'; SET IntervalStyle = 'iso_8601';"
        " SET quote_all_identifiers = on; SET standard_conforming_strings = off; SET bytea_output = 'escape'");
    DARA_MODEL_LOCAL second = read_model(NULL);
    DARA_TEXT_LOCAL one = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL two = DARA_TEXT_INIT;
    dara_model_write_json(first, &one);
    dara_model_write_json(second, &two);
    assert_string_equal(dara_text_get(&one, NULL), dara_text_get(&two, NULL));
    assert_int_equal(
        ask("SELECT (current_setting('search_path') = 'app' AND current_setting('TimeZone') = 'Asia/Tokyo')::int"), 1);
    run(conn.pg, "RESET ALL; SET client_min_messages = error");
}

static void inside_a_transaction(void **state)
{
    (void)state;
    run(conn.pg, "BEGIN; SET LOCAL search_path = app; CREATE TABLE app.uncommitted (a int)");
    DARA_MODEL_LOCAL model = read_model(NULL);
    assert_non_null(dara_model_find(model, "table", "app", NULL, "uncommitted"));
    assert_int_equal(PQtransactionStatus(conn.pg), PQTRANS_INTRANS);
    assert_int_equal(ask("SELECT (current_setting('search_path') = 'app')::int"), 1);
    run(conn.pg, "ROLLBACK");
    DARA_MODEL_LOCAL after = read_model(NULL);
    assert_null(dara_model_find(after, "table", "app", NULL, "uncommitted"));
}

static void same_json(const struct dara_model *one, const struct dara_model *two)
{
    DARA_TEXT_LOCAL first = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL second = DARA_TEXT_INIT;
    dara_model_write_json(one, &first);
    dara_model_write_json(two, &second);
    assert_string_equal(dara_text_get(&first, NULL), dara_text_get(&second, NULL));
}

/* Where there is much to read and the way is short, half of it goes over a second connection; what that sees is the same. */
static void over_two_connections(void **state)
{
    (void)state;
    const struct dara_conn kept = conn;
    while (ask("SELECT (pg_relation_size('pg_class') > 400000)::int") == 0)
        run(conn.pg, "UPDATE pg_class SET relpages = relpages");
    DARA_MODEL_LOCAL one = read_model(NULL);
    conn.mode = DARA_MODE_READ;
    conn.near = true;
    run(conn.pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1");
    PGconn *other = connect_to(database);
    run(other, "CREATE VIEW app.later AS SELECT 1; CREATE TABLE app.latest (a int PRIMARY KEY)");
    DARA_MODEL_LOCAL two = read_model(NULL);
    assert_false(conn.alone);
    same_json(one, two);
    run(other, "DROP VIEW app.later; DROP TABLE app.latest");
    PQfinish(other);
    run(conn.pg, "ROLLBACK");
    DARA_MODEL_LOCAL own = read_model(NULL);
    assert_false(conn.alone);
    same_json(one, own);
    PGconn *admin = connect_to("postgres");
    DARA_FREE char *closed = dara_format("ALTER DATABASE %s ALLOW_CONNECTIONS false", database);
    DARA_FREE char *opened = dara_format("ALTER DATABASE %s ALLOW_CONNECTIONS true", database);
    run(admin, closed);
    DARA_MODEL_LOCAL alone = read_model(NULL);
    run(admin, opened);
    PQfinish(admin);
    assert_true(conn.alone);
    same_json(one, alone);
    conn.mode = kept.mode;
    conn.near = kept.near;
    conn.alone = kept.alone;
}

/* A table, a type and an operator of the session that look like the catalogs' do not get in the way. */
static void shadowed_catalogs(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL before = read_model(NULL);
    run(conn.pg, "CREATE TEMPORARY TABLE pg_class (oid oid); CREATE TEMPORARY TABLE text (a int); SET search_path = "
                 "pg_temp, pg_catalog");
    DARA_MODEL_LOCAL after = read_model(NULL);
    run(conn.pg, "RESET search_path; DROP TABLE pg_temp.pg_class, pg_temp.text");
    assert_int_equal(dara_model_count(before), dara_model_count(after));
}

static void in_a_failed_transaction(void **state)
{
    (void)state;
    struct dara_model *model = NULL;
    PQclear(PQexec(conn.pg, "BEGIN; SELECT 1/0"));
    assert_int_equal(dara_model_new("postgres", postgres_kinds, &model), 0);
    assert_int_not_equal(postgres_introspect_read(&conn, NULL, model), 0);
    assert_string_equal(dara_error_last()->native, "25P02");
    dara_model_free(model);
    run(conn.pg, "ROLLBACK");
}

static void what_may_not_be_read(void **state)
{
    (void)state;
    enum dara_family_state family = DARA_FAMILY_READ;
    const char *why = NULL;
    char role[64], sql[200];
    snprintf(role, sizeof(role), "dt_%ld_reader", (long)getpid());
    snprintf(sql, sizeof(sql), "CREATE ROLE %s; REVOKE SELECT ON pg_policy FROM public; SET ROLE %s", role, role);
    run(conn.pg, sql);
    DARA_MODEL_LOCAL model = read_model(NULL);
    snprintf(sql, sizeof(sql), "RESET ROLE; GRANT SELECT ON pg_policy TO public; DROP ROLE %s", role);
    run(conn.pg, sql);
    int denied = 0;
    for (size_t i = 0; i < dara_model_family_count(model); i++) {
        enum dara_family_state was = DARA_FAMILY_READ;
        const char *reason = NULL, *name = dara_model_family_at(model, i, &was, &reason);
        denied += was == DARA_FAMILY_DENIED;
        if (strcmp(name, "policy") == 0) {
            family = was;
            why = reason;
        }
    }
    assert_int_equal(denied, 1);
    assert_int_equal(family, DARA_FAMILY_DENIED);
    assert_string_equal(why, "permission denied for table pg_policy");
    assert_non_null(dara_model_find(model, "table", "app", NULL, "u"));
}

static void one_namespace(void **state)
{
    (void)state;
    static const char *const spaces[] = {WEIRD, NULL};
    struct dara_read request = {.size = sizeof(request), .spaces = spaces};
    DARA_MODEL_LOCAL model = read_model(&request);
    assert_int_equal(dara_model_count_of(model, "namespace"), 1);
    assert_int_equal(dara_model_count_of(model, "table"), 2);
    assert_int_equal(dara_model_count_of(model, "routine"), 0);
}

/* All is sent, then one Sync, then all is read. */
static void one_round_trip(void **state)
{
    (void)state;
    char line[4096];
    int syncs = 0, queries = 0;
    FILE *trace = tmpfile();
    assert_non_null(trace);
    PQtrace(conn.pg, trace);
    DARA_MODEL_LOCAL model = read_model(NULL);
    PQuntrace(conn.pg);
    rewind(trace);
    while (fgets(line, sizeof(line), trace)) {
        syncs += strstr(line, "\tF\t") && strstr(line, "\tSync");
        queries += strstr(line, "\tF\t") && strstr(line, "\tQuery");
    }
    fclose(trace);
    assert_int_equal(syncs, 1);
    assert_int_equal(queries, 0);
}

static uint64_t rows_of(const struct dara_model *model, const char *kind, const char *space, const char *name)
{
    uint64_t rows = 99;
    const struct dara_object *object = dara_model_find(model, kind, space, NULL, name);
    assert_non_null(object);
    assert_int_equal(postgres_introspect_count_rows(&conn, object, &rows), 0);
    return rows;
}

static void rows(void **state)
{
    (void)state;
    run(conn.pg, "INSERT INTO app.part VALUES (1, 'a'), (2, 'z'); INSERT INTO app.parent (id, n) VALUES (5, 'nn');"
                 " INSERT INTO app.child (id, n) VALUES (6, 'nn'), (7, 'nn');"
                 " INSERT INTO \"we\"\"ird.sch\nema\".\"ta\"\"b.le\nx\" VALUES (1), (2), (3)");
    DARA_MODEL_LOCAL model = read_model(NULL);
    assert_int_equal(rows_of(model, "table", "app", "part"), 2);
    assert_int_equal(rows_of(model, "table", "app", "part_a"), 1);
    assert_int_equal(rows_of(model, "table", "app", "parent"), 1);
    assert_int_equal(rows_of(model, "table", "app", "child"), 2);
    assert_int_equal(rows_of(model, "table", WEIRD, "ta\"b.le\nx"), 3);
    assert_int_equal(rows_of(model, "materialized_view", "app", "mv"), 0);
    run(conn.pg, "REFRESH MATERIALIZED VIEW app.mv");
    assert_int_equal(rows_of(model, "materialized_view", "app", "mv"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects),
        cmocka_unit_test(counts),
        cmocka_unit_test(unrepresented),
        cmocka_unit_test(secrets_stay_where_they_are),
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(inside_a_transaction),
        cmocka_unit_test(over_two_connections),
        cmocka_unit_test(shadowed_catalogs),
        cmocka_unit_test(in_a_failed_transaction),
        cmocka_unit_test(what_may_not_be_read),
        cmocka_unit_test(one_namespace),
        cmocka_unit_test(one_round_trip),
        cmocka_unit_test(rows),
    };
    if (!getenv("DARA_TEST_POSTGRES_URI")) {
        puts("1..0 # SKIP no server: DARA_TEST_POSTGRES_URI is not set (eval \"$(tests/servers/postgres start)\")");
        return 0; /* to the TAP driver, the plan says it all */
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
