/* SPDX-License-Identifier: MIT */
/*
 * Owners, rights, default privileges and settings on a server (DARA_TEST_POSTGRES_URI: a superuser; of what is in its database nothing is asked), each case in
 * transactions that are rolled back, roles and all: what is read, plans from any state to any other, and what a plan leaves alone that was not
 * asked about it. DARA_TEST_SEED=N starts the random states elsewhere.
 */
#include "unit-postgres.h"

static PGconn *server;

static bool try(const char *sql)
{
    PGresult *result = PQexec(server, sql);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    return good;
}

static void run(const char *sql)
{
    if (!try(sql))
        fail_msg("%s: %s", sql, PQerrorMessage(server));
}

static struct dara_model *read_model(void)
{
    struct dara_conn conn = {
        .pg = server, .mode = DARA_MODE_WRITE, .version = PQserverVersion(server), .in_transaction = true};
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("postgres", postgres_kinds, &model), 0);
    if (postgres_introspect_read(&conn, NULL, model) || dara_model_finish(model))
        fail_msg("%s: %s", dara_error_last()->message, dara_error_last()->detail);
    return model;
}

/* ---- states ------------------------------------------------------------------------------------------------------------- */

static const char roles[] = "CREATE ROLE dara_ann; CREATE ROLE dara_bob; CREATE ROLE dara_carol;"
                            "CREATE ROLE \"dara o'dd\"\"r\"; GRANT dara_ann TO dara_bob";
static const char schema[] = "CREATE SCHEMA w AUTHORIZATION dara_ann; GRANT USAGE ON SCHEMA w TO PUBLIC;"
                             "CREATE TYPE w.e AS ENUM ('a'); CREATE SEQUENCE w.s; CREATE DOMAIN w.d AS integer;"
                             "CREATE FUNCTION w.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
                             "CREATE TABLE w.t (a integer GENERATED ALWAYS AS IDENTITY, b text, c serial);"
                             "CREATE VIEW w.v AS SELECT a, b FROM w.t; CREATE MATERIALIZED VIEW w.m AS SELECT 1 AS x";

static unsigned long seed;

static size_t pick(size_t count)
{
    seed = seed * 6364136223846793005ul + 1442695040888963407ul;
    return (size_t)(seed >> 33) % count;
}
#define PICK(list) list[pick(DARA_COUNT(list))]

static const char *const grantees[] = {"PUBLIC", "dara_ann", "dara_bob", "dara_carol", "\"dara o'dd\"\"r\""};
static const char *const names[] = {"dara_ann", "dara_bob", "dara_carol", "\"dara o'dd\"\"r\""};
static const struct {
    const char *on, *alter;
    const char *privileges[4];
} objects[] = {
    {"TABLE w.t", "TABLE w.t", {"SELECT", "INSERT, UPDATE", "SELECT (b), UPDATE (a)", "ALL"}},
    {"TABLE w.t", "TABLE w.t", {"SELECT (b)", "INSERT (a)", "REFERENCES", "DELETE, TRIGGER, SELECT"}},
    {"TABLE w.v", "VIEW w.v", {"SELECT", "SELECT (a)", "INSERT", "ALL"}},
    {"TABLE w.m", "MATERIALIZED VIEW w.m", {"SELECT", "SELECT (x)", "SELECT", "ALL"}},
    {"SEQUENCE w.s", "SEQUENCE w.s", {"USAGE", "SELECT", "UPDATE, USAGE", "ALL"}},
    {"SEQUENCE w.t_a_seq", "TABLE w.t", {"USAGE", "SELECT", "UPDATE, USAGE", "ALL"}},
    {"SEQUENCE w.t_c_seq", "TABLE w.t", {"USAGE", "SELECT", "UPDATE, USAGE", "ALL"}},
    {"ROUTINE w.f(integer)", "ROUTINE w.f(integer)", {"EXECUTE", "EXECUTE", "EXECUTE", "ALL"}},
    {"TYPE w.e", "TYPE w.e", {"USAGE", "USAGE", "USAGE", "ALL"}},
    {"TYPE w.d", "DOMAIN w.d", {"USAGE", "USAGE", "USAGE", "ALL"}},
    {"SCHEMA w", "SCHEMA w", {"USAGE", "CREATE", "CREATE, USAGE", "ALL"}},
    {"SCHEMA public", "SCHEMA public", {"USAGE", "CREATE", "CREATE, USAGE", "ALL"}},
    {"LANGUAGE plpgsql", "SCHEMA w", {"USAGE", "USAGE", "USAGE", "ALL"}},
    {"ROUTINE pg_catalog.pg_ls_dir(text)", "SCHEMA w", {"EXECUTE", "EXECUTE", "EXECUTE", "ALL"}},
    {"TABLE pg_catalog.pg_class", "SCHEMA w", {"SELECT", "SELECT (relname)", "SELECT", "INSERT"}},
};
static const struct {
    const char *on;
    const char *privileges[2];
} defaults[] = {{"TABLES", {"SELECT", "ALL"}},
                {"SEQUENCES", {"USAGE", "ALL"}},
                {"FUNCTIONS", {"EXECUTE", "ALL"}},
                {"TYPES", {"USAGE", "ALL"}},
                {"SCHEMAS", {"USAGE", "ALL"}}};

static void give(struct dara_text *sql, const char *on, const char *privileges)
{
    bool option = pick(4) == 0;
    if (pick(5) < 3)
        dara_text_format(sql, "GRANT %s ON %s TO %s%s", privileges, on, PICK(grantees),
                         option ? " WITH GRANT OPTION" : "");
    else
        dara_text_format(sql, "REVOKE %s%s ON %s FROM %s%s", option ? "GRANT OPTION FOR " : "", privileges, on,
                         PICK(grantees), strchr("TSRL", *on) && pick(2) ? " CASCADE" : "");
}

/* One statement, or nothing where the server refuses it. */
static void step(void)
{
    static const char *const others[] = {
        "CREATE TABLE w.x (y integer)",
        "ALTER TABLE w.t ALTER b TYPE varchar(9)",
        "DROP VIEW IF EXISTS w.v",
        "CREATE VIEW w.v AS SELECT b, a FROM w.t",
        "CREATE OR REPLACE VIEW w.v AS SELECT a, b, 1 AS c FROM w.t",
        "ALTER TABLE w.t DROP b, ADD b text",
        "CREATE FUNCTION w.g() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "DROP FUNCTION w.f(integer); CREATE FUNCTION w.f(integer) RETURNS text LANGUAGE sql AS 'SELECT 1::text'",
        "CREATE SCHEMA w2",
        "CREATE TYPE w.e2 AS ENUM ()",
        "ALTER TABLE w.t ALTER a DROP IDENTITY IF EXISTS",
        "ALTER TABLE w.t ADD n integer GENERATED ALWAYS AS IDENTITY",
        "CREATE TABLE w.y (y integer GENERATED BY DEFAULT AS IDENTITY)",
        "DROP TABLE w.t CASCADE"};
    DARA_TEXT_LOCAL sql = DARA_TEXT_INIT;
    size_t what = pick(20), on = pick(DARA_COUNT(objects));
    if (what < 4)
        dara_text_format(&sql, "SET LOCAL ROLE %s; ", PICK(names));
    if (what < 13) {
        give(&sql, objects[on].on, objects[on].privileges[pick(4)]);
    } else if (what < 15) {
        dara_text_format(&sql, "ALTER %s OWNER TO %s", objects[on].alter, PICK(names));
    } else if (what < 18) {
        size_t on_default = pick(DARA_COUNT(defaults));
        dara_text_format(&sql, "ALTER DEFAULT PRIVILEGES FOR ROLE %s%s ", pick(3) ? "CURRENT_USER" : PICK(names),
                         pick(2) ? " IN SCHEMA w" : "");
        give(&sql, defaults[on_default].on, defaults[on_default].privileges[pick(2)]);
    } else if (what == 18) {
        dara_text_format(&sql,
                         "DO $$BEGIN EXECUTE format('ALTER ROLE %s IN DATABASE %%I SET work_mem TO %zu', %s); END$$",
                         names[pick(3)], 64 + pick(3), "current_database()");
    } else {
        dara_text_add(&sql, PICK(others));
    }
    run("SAVEPOINT here");
    if (!try(dara_text_string(&sql)))
        run("ROLLBACK TO SAVEPOINT here");
    run("RESET ROLE");
}

static void make(unsigned long state)
{
    seed = state;
    try("ROLLBACK"); /* of a case that failed */
    run("BEGIN");
    run("SET LOCAL client_min_messages = error");
    run(roles);
    run(schema);
    for (size_t i = pick(30); i-- > 0;)
        step();
}

/* ---- comparing ---------------------------------------------------------------------------------------------------------- */

static void equal(const struct dara_model *here, const struct dara_model *there, unsigned scope, const char *when)
{
    DARA_DIFF_LOCAL rest = NULL;
    DARA_TEXT_LOCAL why = DARA_TEXT_INIT;
    assert_int_equal(dara_diff_new_of(here, there, scope, &rest), 0);
    for (size_t i = 0; i < dara_diff_count(rest); i++) {
        const struct dara_change *change = dara_diff_at(rest, i);
        const struct dara_object *object = change->after ? change->after : change->before;
        DARA_FREE char *what = dara_object_describe(object);
        DARA_FREE char *privileges = dara_object_property_text(object, "privileges");
        dara_text_format(&why, "\n%s (op %d) key %s: %s", what, change->op, dara_object_key(object),
                         privileges ? privileges : "");
        for (size_t p = 0; p < change->property_count; p++)
            dara_text_format(&why, " %s: %s -> %s", change->properties[p]->name, change->properties[p]->before,
                             change->properties[p]->after);
    }
    if (why.length)
        fail_msg("%s:%s", when, dara_text_string(&why));
}

static void run_plan(struct dara_diff *diff, const char *when)
{
    DARA_PLAN_LOCAL plan = NULL;
    assert_int_equal(dara_plan_new(&test_driver, diff, &plan), 0);
    assert_int_equal(dara_plan_cannot_count(plan), 0);
    DARA_FREE char *text = plan_text(plan);
    if (getenv("DARA_TEST_VERBOSE"))
        fprintf(stderr, "%s", text);
    for (size_t i = 0; i < dara_plan_count(plan); i++)
        if (!try(dara_plan_at(plan, i)->text))
            fail_msg("%s: %s: %s\n%s", when, dara_plan_at(plan, i)->text, PQerrorMessage(server), text);
}

enum { PAIRS = 24 };

static void any_state_to_any_other(void **state)
{
    (void)state;
    const char *start = getenv("DARA_TEST_SEED");
    unsigned long first = start ? strtoul(start, NULL, 10) : 1;
    for (unsigned long pair = first; pair < first + PAIRS; pair++) {
        DARA_FREE char *when = dara_format("seed %lu", pair);
        make(pair * 2);
        DARA_MODEL_LOCAL target = read_model();
        run("ROLLBACK");
        make(pair * 2 + 1);
        DARA_MODEL_LOCAL before = read_model();
        DARA_DIFF_LOCAL diff = NULL;
        assert_int_equal(dara_diff_new_of(before, target, DARA_SCOPE_ALL, &diff), 0);
        run_plan(diff, when);
        DARA_MODEL_LOCAL after = read_model();
        equal(after, target, DARA_SCOPE_ALL, when);
        run("ROLLBACK");
    }
}

/* Rights on the sequence of an identity column that came or went. */
static bool is_of_new_sequence(const struct dara_object *privilege, const struct dara_model *other)
{
    const struct dara_object *column = dara_object_owner(privilege), *there = dara_model_same(other, column);
    return dara_object_has(privilege, "on") && there &&
           dara_object_has(column, "identity") != dara_object_has(there, "identity");
}

/* What is in both models, with all that belongs to it, keeps its owner and its rights where nobody asked for a change of them. */
static void a_plan_that_was_not_asked_leaves_them_alone(void **state)
{
    (void)state;
    for (unsigned long pair = 1; pair <= PAIRS; pair++) {
        DARA_FREE char *when = dara_format("seed %lu", pair);
        make(pair * 2);
        DARA_MODEL_LOCAL target = read_model();
        run("ROLLBACK");
        make(pair * 2 + 1);
        DARA_MODEL_LOCAL before = read_model();
        DARA_DIFF_LOCAL diff = NULL;
        assert_int_equal(dara_diff_new(before, target, &diff), 0);
        run_plan(diff, when);
        DARA_MODEL_LOCAL after = read_model();
        equal(after, target, 0, when);
        for (size_t i = 0; i < dara_model_count(before); i++) {
            const struct dara_object *object = dara_model_at(before, i), *now = dara_model_same(after, object);
            const struct dara_object *owner = dara_object_owner(object);
            if (!now && owner && dara_model_scope(object) && dara_model_same(after, owner) &&
                !is_of_new_sequence(object, after))
                fail_msg("%s: lost %s", when, dara_object_key(object));
            if (now && dara_object_has(object, "owner"))
                assert_string_equal(dara_object_text(now, "owner"), dara_object_text(object, "owner"));
            if (!now || !dara_model_scope(object))
                continue;
            DARA_FREE char *old = dara_object_property_text(object, "privileges");
            DARA_FREE char *new = dara_object_property_text(now, "privileges");
            if (old && new &&strcmp(old, new) != 0)
                fail_msg("%s: %s had %s, has %s", when, dara_object_key(object), old, new);
        }
        for (size_t i = 0; i < dara_model_count(after); i++) {
            const struct dara_object *object = dara_model_at(after, i), *owner = dara_object_owner(object);
            if (dara_model_scope(object) && owner && !dara_model_same(before, object) &&
                dara_model_same(before, owner) && !is_of_new_sequence(object, before))
                fail_msg("%s: gained %s", when, dara_object_key(object));
        }
        run("ROLLBACK");
    }
}

/* A snapshot's text, with what `scope` asks for, makes the same schema again. */
static void a_snapshot_restores_them(void **state)
{
    (void)state;
    for (unsigned long number = 1; number <= PAIRS / 2; number++) {
        DARA_FREE char *when = dara_format("seed %lu", number);
        make(number);
        DARA_MODEL_LOCAL model = read_model();
        run("ROLLBACK");
        for (unsigned scope = 0; scope <= DARA_SCOPE_ALL; scope++) {
            DARA_FREE char *text = scoped_snapshot(model, scope);
            run("BEGIN");
            run(roles);
            char *end = strstr(text, "COMMIT;\n"), *begin = strstr(text, "BEGIN;\n");
            assert_true(begin && end);
            *end = '\0';
            run(begin + 7);
            DARA_MODEL_LOCAL restored = read_model();
            equal(restored, model, scope, when);
            run("ROLLBACK");
        }
    }
}

/* ---- reading ------------------------------------------------------------------------------------------------------------ */

static void tell(const struct dara_model *model, const char *kind, struct dara_text *text)
{
    static const char *const properties[] = {"privileges", "grantable", "grantee", "role",  "grantor", "column",
                                             "on",         "initial",   "of",      "value", "label"};
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        if (strcmp(dara_object_kind(object)->name, kind) != 0)
            continue;
        dara_text_format(text, "%s", dara_object_key(object));
        for (size_t p = 0; p < DARA_COUNT(properties); p++) {
            DARA_FREE char *value = dara_object_property_text(object, properties[p]);
            if (value)
                dara_text_format(text, "|%s=%s", properties[p], value);
        }
        dara_text_add(text, "\n");
    }
}

static struct dara_model *state_of(const char *sql)
{
    try("ROLLBACK"); /* of a case that failed */
    run("BEGIN");
    run("SET LOCAL client_min_messages = error");
    run(roles);
    run(schema);
    run(sql);
    struct dara_model *model = read_model();
    run("ROLLBACK");
    return model;
}

static void reads(const char *sql, const char *kind, const char *wanted)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    run("BEGIN");
    run("SET LOCAL client_min_messages = error");
    run(roles);
    run(schema);
    run(sql);
    DARA_MODEL_LOCAL model = read_model();
    run("ROLLBACK");
    tell(model, kind, &text);
    /* What a new database has on its own: rights on the schema public. */
    const char *from = strstr(dara_text_string(&text), "public: public|");
    if (strcmp(kind, "privilege") == 0 && from) {
        const char *end = strchr(from, '\n');
        DARA_FREE char *rest =
            dara_format("%.*s%s", (int)(from - dara_text_string(&text)), dara_text_string(&text), end + 1);
        assert_string_equal(rest, wanted);
    } else {
        assert_string_equal(dara_text_string(&text), wanted);
    }
}

#define W "w: public|privileges=USAGE|grantee=public\n"

static void rights_are_read(void **state)
{
    (void)state;
    reads("SELECT 1", "privilege", W);
    /* A list that says what there is by itself says nothing. */
    reads("GRANT ALL ON w.t TO CURRENT_USER; GRANT EXECUTE ON FUNCTION w.f(integer) TO PUBLIC", "privilege", W);
    reads("REVOKE EXECUTE ON FUNCTION w.f(integer) FROM PUBLIC; REVOKE USAGE ON TYPE w.e FROM PUBLIC", "privilege",
          W "w.e: public|privileges=|grantee=public\nw.f(integer): public|privileges=|grantee=public\n");
    reads(
        "ALTER TABLE w.t OWNER TO dara_ann; REVOKE ALL ON w.t FROM dara_ann; GRANT SELECT ON w.t TO dara_ann, PUBLIC;"
        "GRANT INSERT, SELECT ON w.t TO dara_bob WITH GRANT OPTION; GRANT UPDATE ON w.t TO dara_bob;"
        "SET LOCAL ROLE dara_bob; GRANT SELECT ON w.t TO dara_carol; RESET ROLE; GRANT SELECT (b) ON w.t TO dara_carol",
        "privilege",
        W "w.t: \"dara_bob\"|privileges=INSERT, SELECT, UPDATE|grantable=INSERT, SELECT|grantee=role|role=dara_bob\n"
          "w.t: \"dara_carol\" by \"dara_bob\"|privileges=SELECT|grantee=role|role=dara_carol|grantor=dara_bob\n"
          "w.t: owner|privileges=SELECT|grantee=owner|role=dara_ann\n"
          "w.t: public|privileges=SELECT|grantee=public\n"
          "w.t.b: \"dara_carol\"|privileges=SELECT|grantee=role|role=dara_carol\n");
    reads("GRANT SELECT (a) ON w.v TO \"dara o'dd\"\"r\"; GRANT USAGE ON SEQUENCE w.t_a_seq TO dara_bob", "privilege",
          W "w.t.a: sequence \"dara_bob\"|privileges=USAGE|grantee=role|role=dara_bob|on=SEQUENCE w.t_a_seq\n"
            "w.v.a: \"dara o'dd\"\"r\"|privileges=SELECT|grantee=role|role=dara o'dd\"r|column=a\n");
}

static void what_the_system_brought_is_left_to_it(void **state)
{
    (void)state;
    reads("SELECT 1", "system_privilege", "");
    reads(
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO dara_bob; REVOKE SELECT ON pg_catalog.pg_class FROM "
        "PUBLIC",
        "system_privilege",
        "ROUTINE pg_catalog.pg_ls_dir(pg_catalog.text) to "
        "\"dara_bob\"|privileges=EXECUTE|grantee=role|role=dara_bob|on=ROUTINE "
        "pg_catalog.pg_ls_dir(pg_catalog.text)\n"
        "TABLE pg_catalog.pg_class to public|privileges=|grantee=public|on=TABLE pg_catalog.pg_class|initial=SELECT\n");
}

/* A role can go while its rights stay, when a catalog was damaged: that is said, and the rest is read. */
static void a_role_that_is_gone_is_said(void **state)
{
    (void)state;
    const char *family = NULL, *name = NULL, *why = NULL;
    DARA_MODEL_LOCAL model =
        state_of("GRANT SELECT ON w.t TO dara_bob, dara_carol; ALTER DEFAULT PRIVILEGES FOR ROLE dara_ann GRANT "
                 "SELECT ON TABLES TO dara_carol; DELETE FROM pg_auth_members; DELETE FROM pg_authid WHERE rolname "
                 "= 'dara_carol'");
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    tell(model, "privilege", &text);
    assert_non_null(strstr(dara_text_string(&text), "w.t: \"dara_bob\"|privileges=SELECT"));
    assert_null(strstr(dara_text_string(&text), "carol"));
    for (size_t i = 0; i < dara_model_unrepresented_count(model) && (!family || strcmp(family, "privilege") != 0); i++)
        dara_model_unrepresented_at(model, i, &family, &name, &why);
    assert_string_equal(family, "privilege");
    assert_string_equal(name, "t");
    assert_string_equal(why, "a role that it names is gone");
}

static void default_privileges_and_settings_are_read(void **state)
{
    (void)state;
    reads("ALTER DEFAULT PRIVILEGES FOR ROLE dara_ann IN SCHEMA w GRANT SELECT ON TABLES TO dara_bob WITH GRANT OPTION;"
          "ALTER DEFAULT PRIVILEGES FOR ROLE dara_ann REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
          "default_privilege",
          "routines of \"dara_ann\" to public|privileges=|grantee=public|of=dara_ann\n"
          "tables of \"dara_ann\" to "
          "\"dara_bob\"|privileges=SELECT|grantable=SELECT|grantee=role|role=dara_bob|of=dara_ann\n");
    reads("DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO \"$user\", \"a b\"; ALTER ROLE \"dara "
          "o''dd\"\"r\" IN "
          "DATABASE %I SET work_mem TO ''7MB''', current_database(), current_database()); END$$",
          "setting",
          "search_path|value=\"$user\", \"a b\"\nwork_mem of \"dara o'dd\"\"r\"|role=dara o'dd\"r|value=7MB\n");
}

/* ---- plans, word by word --------------------------------------------------------------------------------------------------- */

static void is_planned(const char *before, const char *after, unsigned scope, const char *wanted)
{
    DARA_MODEL_LOCAL left = state_of(before);
    DARA_MODEL_LOCAL right = state_of(after);
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    assert_int_equal(dara_diff_new_of(left, right, scope, &diff), 0);
    assert_int_equal(dara_plan_new(&test_driver, diff, &plan), 0);
    DARA_FREE char *text = plan_text(plan);
    assert_string_equal(text, wanted);
}

#define PLUS_A     "ALTER TABLE w.t OWNER TO dara_ann; "
#define OTHER_VIEW "DROP VIEW w.v; CREATE VIEW w.v AS SELECT 2 AS b, 1 AS a; ALTER VIEW w.v OWNER TO dara_bob"
#define MAKES_VIEW "[] DROP VIEW w.v\n[] CREATE VIEW w.v AS\nSELECT 2 AS b,\n    1 AS a\n"
#define LABEL(on, sub, label)                                                      \
    "SET LOCAL allow_system_table_mods = on; INSERT INTO pg_seclabel VALUES ('" on \
    "'::regclass, 'pg_class'::regclass, " sub ", 'a b', '" label "');"

static void plans_say_no_more_than_they_must(void **state)
{
    (void)state;
    is_planned("SELECT 1", "GRANT SELECT, INSERT ON w.t TO dara_bob WITH GRANT OPTION; GRANT UPDATE ON w.t TO dara_bob",
               DARA_SCOPE_ALL,
               "[] GRANT UPDATE ON TABLE w.t TO dara_bob\n"
               "[] GRANT INSERT, SELECT ON TABLE w.t TO dara_bob WITH GRANT OPTION\n");
    is_planned("GRANT SELECT, INSERT ON w.t TO dara_bob WITH GRANT OPTION; GRANT UPDATE ON w.t TO dara_bob",
               "GRANT SELECT, DELETE ON w.t TO dara_bob; GRANT INSERT ON w.t TO dara_bob WITH GRANT OPTION",
               DARA_SCOPE_ALL,
               "[] REVOKE UPDATE ON TABLE w.t FROM dara_bob\n"
               "[] GRANT DELETE ON TABLE w.t TO dara_bob\n"
               "[] REVOKE GRANT OPTION FOR SELECT ON TABLE w.t FROM dara_bob\n");
    is_planned("GRANT SELECT ON w.t TO dara_bob", "SELECT 1", 0, "");
    is_planned("GRANT SELECT ON w.t TO dara_bob", PLUS_A, DARA_SCOPE_OWNER, "[] ALTER TABLE w.t OWNER TO dara_ann\n");
    is_planned("GRANT SELECT ON w.t TO dara_ann", PLUS_A "GRANT SELECT ON w.t TO dara_bob", DARA_SCOPE_ALL,
               "[] REVOKE ALL ON TABLE w.t FROM dara_ann\n"
               "[] ALTER TABLE w.t OWNER TO dara_ann\n"
               "[] GRANT SELECT ON TABLE w.t TO dara_bob\n");
    is_planned(
        "REVOKE EXECUTE ON FUNCTION w.f(integer) FROM PUBLIC", "SELECT 1", DARA_SCOPE_PRIVILEGES,
        "[] REVOKE ALL ON ROUTINE w.f(integer) FROM PUBLIC\n[] GRANT EXECUTE ON ROUTINE w.f(integer) TO PUBLIC\n");
    is_planned("SELECT 1",
               "ALTER DEFAULT PRIVILEGES FOR ROLE dara_ann REVOKE ALL ON FUNCTIONS FROM PUBLIC; "
               "ALTER DEFAULT PRIVILEGES FOR ROLE dara_ann IN SCHEMA w GRANT SELECT ON TABLES TO PUBLIC",
               DARA_SCOPE_PRIVILEGES,
               "[] ALTER DEFAULT PRIVILEGES FOR ROLE dara_ann REVOKE ALL ON ROUTINES FROM PUBLIC\n"
               "[] ALTER DEFAULT PRIVILEGES FOR ROLE dara_ann IN SCHEMA w GRANT SELECT ON TABLES TO PUBLIC\n");
}

static void what_nobody_asked_for_comes_back(void **state)
{
    (void)state;
    is_planned(
        "GRANT SELECT ON w.v TO dara_carol; GRANT SELECT (a) ON w.v TO dara_bob; ALTER VIEW w.v OWNER TO dara_ann",
        OTHER_VIEW, 0,
        MAKES_VIEW "[] ALTER VIEW w.v OWNER TO dara_ann\n"
                   "[] GRANT SELECT ON TABLE w.v TO dara_carol\n[] GRANT SELECT (a) ON TABLE w.v TO dara_bob\n");
    is_planned("GRANT SELECT ON w.v TO dara_carol; ALTER VIEW w.v OWNER TO dara_ann", OTHER_VIEW, DARA_SCOPE_ALL,
               MAKES_VIEW "[] ALTER VIEW w.v OWNER TO dara_bob\n");
}

static void labels_are_part_of_the_schema(void **state)
{
    (void)state;
    reads(LABEL("w.t", "0", "top") LABEL("w.t", "2", "it''s") LABEL("w.v", "1", "seen"), "security_label",
          "w.t: a b|label=top\nw.t.b: a b|label=it's\nw.v.a: a b|column=a|label=seen\n");
    is_planned(LABEL("w.t", "0", "top") LABEL("w.v", "1", "seen"), LABEL("w.t", "0", "low") LABEL("w.t", "2", "it''s"),
               0,
               "[] SECURITY LABEL FOR \"a b\" ON COLUMN w.v.a IS NULL\n"
               "[] SECURITY LABEL FOR \"a b\" ON TABLE w.t IS 'low'\n"
               "[] SECURITY LABEL FOR \"a b\" ON COLUMN w.t.b IS 'it''s'\n");
}

static void silent(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static int connect_server(void **state)
{
    (void)state;
    server = PQconnectdb(getenv("DARA_TEST_POSTGRES_URI"));
    if (PQstatus(server) != CONNECTION_OK)
        fail_msg("%s", PQerrorMessage(server));
    PQsetNoticeProcessor(server, silent, NULL);
    return 0;
}

static int disconnect(void **state)
{
    (void)state;
    PQfinish(server);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rights_are_read),
        cmocka_unit_test(what_the_system_brought_is_left_to_it),
        cmocka_unit_test(default_privileges_and_settings_are_read),
        cmocka_unit_test(a_role_that_is_gone_is_said),
        cmocka_unit_test(plans_say_no_more_than_they_must),
        cmocka_unit_test(what_nobody_asked_for_comes_back),
        cmocka_unit_test(labels_are_part_of_the_schema),
        cmocka_unit_test(a_snapshot_restores_them),
        cmocka_unit_test(any_state_to_any_other),
        cmocka_unit_test(a_plan_that_was_not_asked_leaves_them_alone),
    };
    if (!getenv("DARA_TEST_POSTGRES_URI")) {
        puts("1..0 # SKIP no server: DARA_TEST_POSTGRES_URI is not set (eval \"$(tests/servers/postgres start)\")");
        return 0; /* to the TAP driver, the plan says it all */
    }
    return cmocka_run_group_tests(tests, connect_server, disconnect);
}
