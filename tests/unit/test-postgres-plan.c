/* SPDX-License-Identifier: MIT */
/* Plans and snapshots from models made by hand. No server. */
#include "unit-postgres.h"

/*
 * A model in lines: "KIND NAME [in OWNER] [needs NAME]|property=value|…". A value is true or false, a number behind '#', a list of values
 * separated by ';' in brackets, or a text. Everything but schemas and parts is in the schema "s".
 */
#define MOST 32

struct made {
    const char *name;
    struct dara_object *object;
};

static void set(struct dara_object *object, char *pair)
{
    char *value = strchr(pair, '=');
    const char *values[MOST];
    size_t count = 0;
    *value++ = '\0';
    if (strcmp(pair, "comment") == 0)
        return;
    if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0) {
        assert_int_equal(dara_object_set_bool(object, pair, *value == 't'), 0);
    } else if (*value == '#') {
        assert_int_equal(dara_object_set_int(object, pair, strtol(value + 1, NULL, 10)), 0);
    } else if (*value == '[') {
        value[strlen(value) - 1] = '\0';
        for (char *at = value + 1; at; count++) {
            values[count] = at;
            if ((at = strchr(at, ';')))
                *at++ = '\0';
        }
        assert_int_equal(dara_object_set_list(object, pair, values, count), 0);
    } else {
        assert_int_equal(dara_object_set_text(object, pair, value), 0);
    }
}

static void add_line(struct dara_model *model, struct made *made, size_t *count, char *line)
{
    char *rest = strchr(line, '|'), *comment = rest ? strstr(rest, "|comment=") : NULL;
    char *words[MOST] = {NULL};
    size_t word_count = 0;
    struct dara_object_desc desc = {.size = sizeof(desc)};
    if (comment)
        desc.comment = comment + 9; /* the last property of a line */
    if (rest)
        *rest++ = '\0';
    for (char *at = line; at; word_count++) {
        words[word_count] = at;
        if ((at = strchr(at, ' ')))
            *at++ = '\0';
    }
    desc.kind = words[0];
    desc.name = desc.key = words[1];
    bool part = strcmp(words[0], "column") == 0 || strstr(words[0], "constraint");
    desc.space = part || strcmp(words[0], "namespace") == 0 ? NULL : "s";
    for (size_t i = 2; i + 1 < word_count; i += 2)
        for (size_t m = 0; strcmp(words[i], "in") == 0 && m < *count; m++)
            if (strcmp(made[m].name, words[i + 1]) == 0)
                desc.owner = made[m].object;
    char *arguments = strchr(words[1], '(');
    DARA_FREE char *name = dara_strndup(words[1], arguments ? (size_t)(arguments - words[1]) : strlen(words[1]));
    desc.name = name;
    made[*count].name = words[1];
    assert_int_equal(dara_model_add(model, &desc, &made[*count].object), 0);
    for (size_t i = 2; i + 1 < word_count; i += 2)
        if (strcmp(words[i], "needs") == 0)
            assert_int_equal(dara_object_depend(made[*count].object, NULL, "s", words[i + 1]), 0);
    for (char *at = rest; at;) {
        char *end = strchr(at, '|');
        if (end)
            *end++ = '\0';
        set(made[*count].object, at);
        at = comment && at >= comment ? NULL : end;
    }
    ++*count;
}

static struct dara_model *make(const char *lines)
{
    struct dara_model *model = NULL;
    struct made made[MOST];
    size_t count = 0;
    DARA_FREE char *copy = dara_strdup(lines);
    assert_int_equal(dara_model_new("postgres", postgres_kinds, &model), 0);
    for (size_t i = 0; postgres_kinds[i]; i++)
        assert_int_equal(dara_model_family(model, postgres_kinds[i]->name, DARA_FAMILY_READ, NULL), 0);
    for (char *at = copy; at && *at;) {
        char *end = strchr(at, '\n');
        if (end)
            *end++ = '\0';
        add_line(model, made, &count, at);
        at = end;
    }
    if (dara_model_finish(model))
        fail_msg("%s", dara_error_last()->message);
    return model;
}

struct pair {
    const char *before, *after;
    const char *plan; /* or, after "cannot: ", why there is none */
};

#define T         "table t\ncolumn a in t|type=integer|not_null=false|position=#1\n"
#define TB        T "column b in t|type=text|not_null=false|position=#2\n"
#define E(labels) "type e|type=enum|labels=[" labels "]\n"
#define ET        "table t\ncolumn a in t needs e|type=s.e|not_null=false|position=#1"
#define FK        "foreign key|definition=FOREIGN KEY (a) REFERENCES s."

static const struct pair pairs[] = {
    {T, T, ""},
    {"", T, "[] CREATE TABLE s.t (\n    a integer\n)\n"},
    {T, "", "[D] DROP TABLE s.t\n"},
    {T, TB, "[] ALTER TABLE s.t ADD COLUMN b text\n"},
    {TB, T, "[D] ALTER TABLE s.t DROP COLUMN b\n"},
    {T, T "column b in t|type=text|not_null=true|position=#2", "[F] ALTER TABLE s.t ADD COLUMN b text NOT NULL\n"},
    {T, T "column b in t|type=text|not_null=true|default='x'::text|position=#2",
     "[] ALTER TABLE s.t ADD COLUMN b text DEFAULT 'x'::text NOT NULL\n"},
    {T, "table t\ncolumn a in t|type=bigint|not_null=false|position=#1",
     "[R] ALTER TABLE s.t ALTER COLUMN a TYPE bigint\n"},
    {"table t\ncolumn a in t|type=bigint|not_null=false", "table t\ncolumn a in t|type=integer|not_null=true|default=1",
     "[RF] ALTER TABLE s.t ALTER COLUMN a TYPE integer\n[] ALTER TABLE ONLY s.t ALTER COLUMN a SET DEFAULT 1\n"
     "[F] ALTER TABLE s.t ALTER COLUMN a SET NOT NULL\n"},
    {"table t\ncolumn a in t|type=text|not_null=false", "table t\ncolumn a in t|type=uuid|not_null=false",
     "[RF] ALTER TABLE s.t ALTER COLUMN a TYPE uuid USING a::uuid\n"},
    {"table t\ncolumn a in t|type=integer|not_null=false", "table t\ncolumn a in t|type=uuid|not_null=false",
     "[RF] ALTER TABLE s.t ALTER COLUMN a TYPE uuid USING a::text::uuid\n"},
    {"table t\ncolumn a in t|type=double precision|not_null=false",
     "table t\ncolumn a in t|type=integer|not_null=false", "[DRF] ALTER TABLE s.t ALTER COLUMN a TYPE integer\n"},
    {"table t\ncolumn a in t|type=character varying(5)|not_null=false",
     "table t\ncolumn a in t|type=character varying(9)|not_null=false",
     "[] ALTER TABLE s.t ALTER COLUMN a TYPE character varying(9)\n"},
    {"table t\ncolumn a in t|type=numeric(8,2)|not_null=false",
     "table t\ncolumn a in t|type=numeric(8,1)|not_null=false",
     "[DRF] ALTER TABLE s.t ALTER COLUMN a TYPE numeric(8,1)\n"},
    /* a view is in the way of a column that it names, and of no other */
    {TB "view v needs t|definition=SELECT t.a FROM s.t|columns=[a integer]",
     T "view v needs t|definition=SELECT t.a FROM s.t|columns=[a integer]", "[D] ALTER TABLE s.t DROP COLUMN b\n"},
    {TB "view v needs t|definition=SELECT t.a FROM s.t|columns=[a integer]",
     "table t\ncolumn a in t|type=bigint|not_null=false\ncolumn b in t|type=text|not_null=false\n"
     "view v needs t|definition=SELECT t.a FROM s.t|columns=[a integer]",
     "[] DROP VIEW s.v\n[R] ALTER TABLE s.t ALTER COLUMN a TYPE bigint\n[] CREATE VIEW s.v AS\nSELECT t.a FROM s.t\n"},
    {T "view v needs t|definition=SELECT 1|columns=[a integer]",
     T "view v needs t|definition=SELECT 1, 2|columns=[a integer;b integer]",
     "[] CREATE OR REPLACE VIEW s.v AS\nSELECT 1, 2\n"},
    {T "view v needs t|definition=SELECT 1|columns=[a integer]",
     T "view v needs t|definition=SELECT 2|columns=[b integer]", "[] DROP VIEW s.v\n[] CREATE VIEW s.v AS\nSELECT 2\n"},
    /* foreign keys in a circle */
    {"",
     "table t\ncolumn a in t|type=integer|not_null=false\nconstraint f in t needs u|type=" FK
     "u(b)|references=s.u|columns=[a]|validated=true\n"
     "table u\ncolumn b in u|type=integer|not_null=false\nconstraint g in u needs t|type=" FK
     "t(a)|references=s.t|columns=[b]|validated=true",
     "[] CREATE TABLE s.t (\n    a integer\n)\n[] CREATE TABLE s.u (\n    b integer\n)\n"
     "[] ALTER TABLE ONLY s.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.u(b)\n"
     "[] ALTER TABLE ONLY s.u ADD CONSTRAINT g FOREIGN KEY (a) REFERENCES s.t(a)\n"},
    {T, T "constraint c in t|type=check|definition=CHECK (a > 0)|validated=true",
     "[F] ALTER TABLE s.t ADD CONSTRAINT c CHECK (a > 0)\n"},
    {T "constraint c in t|type=check|definition=CHECK (a > 0)|validated=false",
     T "constraint c in t|type=check|definition=CHECK (a > 0)|validated=true",
     "[F] ALTER TABLE s.t VALIDATE CONSTRAINT c\n"},
    {T "constraint c in t|type=check|definition=CHECK (a > 0)|validated=true",
     T "constraint c in t|type=check|definition=CHECK (a > 1)|validated=true",
     "[] ALTER TABLE s.t DROP CONSTRAINT c\n[F] ALTER TABLE s.t ADD CONSTRAINT c CHECK (a > 1)\n"},
    /* enums */
    {E("x;z"), E("w;x;y;z"), "[] ALTER TYPE s.e ADD VALUE 'w' BEFORE 'x'\n[] ALTER TYPE s.e ADD VALUE 'y' AFTER 'x'\n"},
    {E("x;y") ET, E("y;x") ET,
     "[] ALTER TYPE s.e RENAME TO dara_old_type_0\n[] CREATE TYPE s.e AS ENUM ('y', 'x')\n"
     "[RF] ALTER TABLE s.t ALTER COLUMN a TYPE s.e USING a::text::s.e\n[] DROP TYPE s.dara_old_type_0\n"},
    {E("x") ET "|default='x'::s.e", E("x;y") ET "|default='y'::s.e", /* a new label cannot be used at once */
     "[] ALTER TABLE ONLY s.t ALTER COLUMN a DROP DEFAULT\n[] ALTER TYPE s.e RENAME TO dara_old_type_0\n"
     "[] CREATE TYPE s.e AS ENUM ('x', 'y')\n[RF] ALTER TABLE s.t ALTER COLUMN a TYPE s.e USING a::text::s.e\n"
     "[] ALTER TABLE ONLY s.t ALTER COLUMN a SET DEFAULT 'y'::s.e\n[] DROP TYPE s.dara_old_type_0\n"},
    {E("x;y") "type c needs e|type=composite|attributes=[m s.e]",
     E("x") "type c needs e|type=composite|attributes=[m s.e]",
     "cannot: another type is made of it, and PostgreSQL cannot change a type inside another"},
    {"type c|type=composite|attributes=[a integer;\"B\" text]", "type c|type=composite|attributes=[\"B\" uuid;d date]",
     "[D] ALTER TYPE s.c DROP ATTRIBUTE a CASCADE\n[F] ALTER TYPE s.c ALTER ATTRIBUTE \"B\" TYPE uuid CASCADE\n[] "
     "ALTER TYPE s.c ADD "
     "ATTRIBUTE d date CASCADE\n"},
    {"type d|type=domain|base=integer|not_null=false\ndomain_constraint k in d|definition=CHECK (VALUE > "
     "0)|validated=true",
     "type d|type=domain|base=integer|not_null=true|default=1\ndomain_constraint k in d|definition=CHECK (VALUE > "
     "1)|validated=true",
     "[] ALTER DOMAIN s.d SET DEFAULT 1\n[F] ALTER DOMAIN s.d SET NOT NULL\n[] ALTER DOMAIN s.d DROP CONSTRAINT k\n"
     "[F] ALTER DOMAIN s.d ADD CONSTRAINT k CHECK (VALUE > 1)\n"},
    /* a column and its type go: the type when nothing uses it any more */
    {E("x") TB "column c in t needs e|type=s.e|not_null=false", TB,
     "[D] ALTER TABLE s.t DROP COLUMN c\n[] DROP TYPE s.e\n"},
    /* routines */
    {"routine f(integer)|type=function|signature=x|definition=CREATE OR REPLACE FUNCTION s.f(integer) 1",
     "routine f(integer)|type=function|signature=x|definition=CREATE OR REPLACE FUNCTION s.f(integer) 2",
     "[] SET LOCAL check_function_bodies = false\n[] CREATE OR REPLACE FUNCTION s.f(integer) 2\n"},
    {"routine f(integer)|type=function|signature=x|definition=CREATE 1\n" T
     "trigger g in t needs f(integer)|definition=CREATE TRIGGER g",
     "routine f(integer)|type=function|signature=y|definition=CREATE 2\n" T
     "trigger g in t needs f(integer)|definition=CREATE TRIGGER g",
     "[] SET LOCAL check_function_bodies = false\n[] DROP TRIGGER g ON s.t\n[] DROP ROUTINE s.f(integer)\n[] CREATE "
     "2\n[] CREATE TRIGGER g\n"},
    /* computed columns */
    {TB "column g in t|type=integer|not_null=false|generated=(a + 1)|generated_kind=stored|position=#3",
     "table t\ncolumn a in t|type=bigint|not_null=false\ncolumn b in t|type=text|not_null=false\n"
     "column g in t|type=integer|not_null=false|generated=(a + 1)|generated_kind=stored|position=#3",
     "[] ALTER TABLE s.t DROP COLUMN g\n[R] ALTER TABLE s.t ALTER COLUMN a TYPE bigint\n"
     "[R] ALTER TABLE s.t ADD COLUMN g integer GENERATED ALWAYS AS ((a + 1)) STORED\n"},
    /* extensions: where the server has a way to, whatever the numbers look like; where that is not known, forwards */
    {"extension x|version=1.6|updates=[1.5;2.0]", "extension x|version=1.5",
     "[] ALTER EXTENSION s.x UPDATE TO '1.5'\n"},
    {"extension x|version=1.6|updates=[1.5;2.0]", "extension x|version=1.7",
     "cannot: the server has no way from this version of the extension to the other"},
    {"extension x|version=1.6|updates=[]", "extension x|version=1.6|updates=[2.0]", ""},
    {"extension x|version=1.9", "extension x|version=1.10", "[F] ALTER EXTENSION s.x UPDATE TO '1.10'\n"},
    {"extension x|version=1.10", "extension x|version=1.9",
     "cannot: the server has no way from this version of the extension to the other"},
    /* the rest */
    {"table t|postgres.options=[fillfactor=70;toast.x=1]",
     "table t|postgres.options=[fillfactor=80]|postgres.row_security=true",
     "[] ALTER TABLE s.t RESET (toast.x)\n[] ALTER TABLE s.t SET (fillfactor='80')\n[] ALTER TABLE s.t ENABLE ROW "
     "LEVEL SECURITY\n"},
    {T "policy p in t|command=ALL|permissive=true|roles=[public]|using=a",
     T "policy p in t|command=ALL|permissive=true|roles=[Me]|using=b",
     "[] ALTER POLICY p ON s.t TO \"Me\" USING (b)\n"},
    {T "trigger g in t|definition=CREATE TRIGGER g", T "trigger g in t|definition=CREATE TRIGGER g|enabled=replica",
     "[] ALTER TABLE s.t ENABLE REPLICA TRIGGER g\n"},
    {T, "table t|comment=it's\ncolumn a in t|type=integer|not_null=false|comment=\\",
     "[] COMMENT ON COLUMN s.t.a IS E'\\\\'\n[] COMMENT ON TABLE s.t IS 'it''s'\n"},
    {"sequence q|type=bigint|start=#1|increment=#1|minimum=#1|maximum=#9|cache=#1|cycle=false",
     "sequence q|type=bigint|start=#1|increment=#2|minimum=#1|maximum=#9|cache=#1|cycle=true",
     "[] ALTER SEQUENCE s.q AS bigint INCREMENT BY 2 MINVALUE 1 MAXVALUE 9 START WITH 1 CACHE 1 CYCLE\n"},
    {"table t\ncolumn a in t|type=integer|not_null=true",
     "table t\ncolumn a in t|type=integer|not_null=true|identity=always",
     "[] ALTER TABLE s.t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY\n"
     "[] SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('s.t', 'a')::regclass, pg_catalog.max(a)) FROM s.t "
     "HAVING pg_catalog.max(a) BETWEEN 1 AND 2147483647\n"},
    {"table t\ncolumn a in t|type=smallint|not_null=true|identity=always|identity_options=[SEQUENCE NAME "
     "s.\"Q\";CYCLE]",
     "table t\ncolumn a in t|type=smallint|not_null=true|identity=by default|identity_options=[MINVALUE 0]",
     "[] ALTER SEQUENCE s.\"Q\" RENAME TO t_a_seq\n"
     "[] ALTER TABLE s.t ALTER COLUMN a SET GENERATED BY DEFAULT SET START WITH 0 SET INCREMENT BY 1 SET MINVALUE 0 "
     "SET "
     "MAXVALUE 32767 SET CACHE 1 SET NO CYCLE\n"},
    {"table p|postgres.partition_key=LIST (a)\ntable t|postgres.partition_of=s.p|postgres.partition_bound=FOR VALUES "
     "IN (1)",
     "table p|postgres.partition_key=LIST (a)\ntable t|postgres.partition_of=s.p|postgres.partition_bound=DEFAULT",
     "[] ALTER TABLE s.p DETACH PARTITION s.t\n[F] ALTER TABLE ONLY s.p ATTACH PARTITION s.t DEFAULT\n"},
};

static void test_plans(void **state)
{
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(pairs); i++) {
        struct dara_model *before = make(pairs[i].before), *after = make(pairs[i].after);
        DARA_DIFF_LOCAL diff = NULL;
        DARA_PLAN_LOCAL plan = NULL;
        assert_int_equal(dara_diff_new(before, after, &diff), 0);
        if (dara_plan_new(&test_driver, diff, &plan))
            fail_msg("%s", dara_error_last()->message);
        DARA_FREE char *text = dara_plan_cannot_count(plan)
                                   ? dara_format("cannot: %s", dara_plan_cannot_at(plan, 0)->why)
                                   : plan_text(plan);
        if (strcmp(text, pairs[i].plan) != 0)
            print_message("# from: %s\n# to: %s\n", pairs[i].before, pairs[i].after);
        assert_string_equal(text, pairs[i].plan);
        plan = dara_plan_free(plan);
        diff = dara_diff_free(diff);
        dara_model_free(before);
        dara_model_free(after);
    }
}

static void test_snapshot(void **state)
{
    (void)state;
    struct dara_model *model = make("namespace s\n" E(
        "x;it's") "table t|postgres.persistence=unlogged|postgres.options=[fillfactor=70]|comment=a table\n"
                  "column a in t|type=integer|not_null=true|identity=always|identity_options=[START WITH 1;INCREMENT "
                  "BY 1]|position=#2\n"
                  "column B in t|type=text|not_null=false|collation=pg_catalog.\"C\"|storage=external|position=#1\n"
                  "constraint t_pkey in t|type=primary key|definition=PRIMARY KEY (a)|columns=[a]\n"
                  "constraint f in t|type=foreign key|definition=FOREIGN KEY (a) REFERENCES "
                  "s.t(a)|references=s.t|columns=[a]|validated=false\n"
                  "index i in t|definition=CREATE INDEX i ON s.t USING btree (\"B\")|unique=false");
    DARA_FREE char *text = snapshot(model);
    assert_string_equal(strstr(text, "CREATE SCHEMA"),
                        "CREATE SCHEMA s;\n"
                        "CREATE TYPE s.e AS ENUM ('x', 'it''s');\n"
                        "CREATE UNLOGGED TABLE s.t (\n"
                        "    \"B\" text COLLATE pg_catalog.\"C\",\n"
                        "    a integer GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1) NOT NULL,\n"
                        "    CONSTRAINT t_pkey PRIMARY KEY (a)\n"
                        ")\nWITH (fillfactor='70');\n"
                        "ALTER TABLE ONLY s.t ALTER COLUMN \"B\" SET STORAGE external;\n"
                        "COMMENT ON TABLE s.t IS 'a table';\n"
                        "CREATE INDEX i ON s.t USING btree (\"B\");\n"
                        "ALTER TABLE ONLY s.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.t(a) NOT VALID;\n"
                        "COMMIT;\n");
    dara_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
