# SPDX-License-Identifier: MIT
# Tests of the PostgreSQL driver's parts: they link its convenience library. Those that need a server skip out loud without one.
if DRIVER_POSTGRES
UNIT_TESTS += tests/unit/test-postgres-read tests/unit/test-postgres-privilege
UNIT_TESTS += tests/unit/test-postgres-pairs tests/unit/test-postgres-script tests/unit/test-postgres-plan \
  tests/unit/test-postgres-respell
endif
EXTRA_DIST += tests/unit/postgres-read.sql tests/unit/postgres-pairs.sql
POSTGRES_TEST_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/drivers/postgres
POSTGRES_TEST_CFLAGS = $(UNIT_CFLAGS) $(POSTGRES_CFLAGS)
POSTGRES_TEST_LDADD = drivers/postgres/libdarapg.la $(UNIT_LDADD) $(POSTGRES_LIBS) $(PG_QUERY_LIBS) $(JANSSON_LIBS) -lpthread -lm
tests_unit_test_postgres_privilege_SOURCES = tests/unit/test-postgres-privilege.c tests/unit/unit-postgres.h tests/unit/unit-plan.h
tests_unit_test_postgres_privilege_CPPFLAGS = $(POSTGRES_TEST_CPPFLAGS)
tests_unit_test_postgres_privilege_CFLAGS = $(POSTGRES_TEST_CFLAGS)
tests_unit_test_postgres_privilege_LDADD = $(POSTGRES_TEST_LDADD)
tests_unit_test_postgres_read_SOURCES = tests/unit/test-postgres-read.c
tests_unit_test_postgres_read_CPPFLAGS = $(POSTGRES_TEST_CPPFLAGS)
tests_unit_test_postgres_read_CFLAGS = $(POSTGRES_TEST_CFLAGS)
tests_unit_test_postgres_read_LDADD = $(POSTGRES_TEST_LDADD)
tests_unit_test_postgres_pairs_SOURCES = tests/unit/test-postgres-pairs.c tests/unit/unit-postgres.h tests/unit/unit-plan.h
tests_unit_test_postgres_pairs_CPPFLAGS = $(POSTGRES_TEST_CPPFLAGS)
tests_unit_test_postgres_pairs_CFLAGS = $(POSTGRES_TEST_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_postgres_pairs_LDADD = $(POSTGRES_TEST_LDADD)
tests_unit_test_postgres_script_SOURCES = tests/unit/test-postgres-script.c tests/unit/unit-postgres.h tests/unit/unit-plan.h tests/unit/unit-script.h
tests_unit_test_postgres_script_CPPFLAGS = $(POSTGRES_TEST_CPPFLAGS)
tests_unit_test_postgres_script_CFLAGS = $(POSTGRES_TEST_CFLAGS)
tests_unit_test_postgres_script_LDADD = $(POSTGRES_TEST_LDADD)
tests_unit_test_postgres_plan_SOURCES = tests/unit/test-postgres-plan.c tests/unit/unit-postgres.h tests/unit/unit-plan.h
tests_unit_test_postgres_plan_CPPFLAGS = $(POSTGRES_TEST_CPPFLAGS)
tests_unit_test_postgres_plan_CFLAGS = $(POSTGRES_TEST_CFLAGS)
tests_unit_test_postgres_plan_LDADD = $(POSTGRES_TEST_LDADD)
tests_unit_test_postgres_respell_SOURCES = tests/unit/test-postgres-respell.c tests/unit/unit-postgres.h tests/unit/unit-plan.h
tests_unit_test_postgres_respell_CPPFLAGS = $(POSTGRES_TEST_CPPFLAGS)
tests_unit_test_postgres_respell_CFLAGS = $(POSTGRES_TEST_CFLAGS)
tests_unit_test_postgres_respell_LDADD = $(POSTGRES_TEST_LDADD)
