/* SPDX-License-Identifier: MIT */
/* What the server prints and reads as something else is spelled so that it is read as it was; no server. That servers read it so is told by the
 * round trip of tests/conformance/rich/postgres-all.sql. */
#include "unit-postgres.h"
#include "write.h"

static const struct spelling {
    const char *printed, *spelled; /* NULL: it stays */
} spellings[] = {
    /* arrays */
    {"CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])))",
     "CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying]::character "
     "varying[])::text[])))"},
    {"((ARRAY[b, (upper(c))::character varying])::text[])",
     "((ARRAY[b, (upper(c))::character varying]::character varying[])::text[])"},
    {"(ARRAY[1, 2])::numeric[]", "(ARRAY[1, 2]::integer[])::numeric[]"},
    {"(ARRAY[1.5, (2)::numeric])::double precision[]", "(ARRAY[1.5, (2)::numeric]::numeric[])::double precision[]"},
    {"(ARRAY[(n = 1), true])::text[]", "(ARRAY[(n = 1), true]::boolean[])::text[]"},
    {"(ARRAY[ARRAY[1, 2], ARRAY[3, n]])::numeric[]", "(ARRAY[ARRAY[1, 2], ARRAY[3, n]]::integer[])::numeric[]"},
    {"(ARRAY['a'::character varying(5), (c)::character varying(5)])::text[]",
     "(ARRAY['a'::character varying(5), (c)::character varying(5)]::character varying(5)[])::text[]"},
    {"(ARRAY['a'::character(3), b])::text[]", "(ARRAY['a'::character(3), b]::bpchar[])::text[]"},
    {"(ARRAY['1'::bit(3), b])::text[]", "(ARRAY['1'::bit(3), b]::\"bit\"[])::text[]"},
    {"(ARRAY['1'::interval hour, b])::text[]", "(ARRAY['1'::interval hour, b]::interval[])::text[]"},
    {"(ARRAY['1'::timestamp(3) without time zone, b])::text[]",
     "(ARRAY['1'::timestamp(3) without time zone, b]::timestamp without time zone[])::text[]"},
    {"(ARRAY['1'::s.\"T t\"(3,4), b])::text[]", "(ARRAY['1'::s.\"T t\"(3,4), b]::s.\"T t\"[])::text[]"},
    {"(ARRAY[CASE WHEN a THEN 'x'::text ELSE b END, c])::s.d[]", NULL}, /* no element tells */
    {"(ARRAY[a, b])::text[]", NULL},
    {"ARRAY[1, 2]::numeric[]", NULL},
    {"SELECT '(ARRAY[1])::numeric[]' AS x", NULL},
    /* chains */
    {"CHECK ((((n >= 1) AND (n <= 9)) AND (n <> 5)))", "CHECK ((((n >= 1) AND (n <= 9))::boolean AND (n <> 5)))"},
    {"((((a = 1) OR (b = 2)) OR (c = 3)) OR (d = 4))",
     "((((a = 1) OR (b = 2))::boolean OR (c = 3))::boolean OR (d = 4))"},
    {"((n <> 5) AND ((n >= 1) AND (n <= 9)))", NULL},
    {"(((a = 1) OR (b = 2)) AND (c = 3))", NULL},
    {"((f((a AND b)) = c) AND (d = 1))", NULL},
    {"((EXISTS ( SELECT 1 WHERE ((a = 1) AND (b = 2)))) AND (c = 3))", NULL},
    /* columns without a name */
    {"(EXISTS ( SELECT 'x'::text FROM t))", "(EXISTS ( SELECT 'x'::text AS \"?column?\" FROM t))"},
    {"( SELECT DISTINCT ON (a, b) '-1'::integer, c, (1)::numeric(3,1) UNION SELECT NULL::text, 1, 2::s.t[])",
     "( SELECT DISTINCT ON (a, b) '-1'::integer AS \"?column?\", c, (1)::numeric(3,1) AS \"?column?\" UNION SELECT "
     "NULL::text AS \"?column?\", 1, 2::s.t[] AS \"?column?\")"},
    {"DELETE FROM t RETURNING 'x'::text, n", "DELETE FROM t RETURNING 'x'::text AS \"?column?\", n"},
    {"( SELECT 'x'::text AS a, ('x'::text || b), t.c, CASE WHEN d THEN 'x'::text ELSE NULL::text END AS e FROM t)",
     NULL},
    /* VALUES */
    {"CREATE VIEW s.v AS\n SELECT \"*VALUES*\".column1 AS x, \"*VALUES*\".column2 FROM (VALUES (1,2), (3,4)) "
     "\"*VALUES*\"",
     "CREATE VIEW s.v (x, column2) AS\n VALUES (1,2), (3,4)"},
    {"CREATE MATERIALIZED VIEW v WITH (fillfactor='70') AS\n SELECT column1 AS \"X y\"\n   FROM (VALUES (1)) "
     "\"*VALUES*\" ORDER "
     "BY column1",
     "CREATE MATERIALIZED VIEW v (\"X y\") WITH (fillfactor='70') AS\n VALUES (1) ORDER BY column1"},
    {"SELECT 1 AS x UNION ALL ( SELECT \"*VALUES*\".column1 AS x FROM (VALUES (2)) \"*VALUES*\")",
     "SELECT 1 AS x UNION ALL ( VALUES (2))"},
    {"SELECT 1 AS x UNION ALL SELECT \"*VALUES*\".column1 AS x FROM ( VALUES (2)) \"*VALUES*\"", NULL},
    {"SELECT 1 UNION SELECT column1 FROM (VALUES (1,2)) \"*VALUES*\"", NULL},
    {"SELECT 1 UNION SELECT column1 FROM (VALUES (1)) \"*VALUES*\", t", NULL},
    {"WITH q AS ( SELECT column1 AS y FROM (VALUES (1)) \"*VALUES*\") SELECT 1 AS x", NULL},
    /* what no text of the server is */
    {"SELECT ((a AND b) AND c", NULL},
    {"SELECT 'x'::text)", NULL},
};

static void test_spellings(void **state)
{
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(spellings); i++) {
        char *spelled = postgres_respell(spellings[i].printed);
        if (spellings[i].spelled)
            assert_string_equal(spelled ? spelled : spellings[i].printed, spellings[i].spelled);
        else if (spelled)
            fail_msg("%s became %s", spellings[i].printed, spelled);
        free(spelled);
    }
}

/* Once spelled so, nothing is added again. */
static void test_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(spellings); i++) {
        char *again = spellings[i].spelled ? postgres_respell(spellings[i].spelled) : NULL;
        if (again)
            fail_msg("%s became %s", spellings[i].spelled, again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_spellings), cmocka_unit_test(test_again)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
