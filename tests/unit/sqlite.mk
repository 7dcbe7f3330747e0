# SPDX-License-Identifier: MIT
# Tests of the SQLite driver's parts: they link its convenience library.
if DRIVER_SQLITE
UNIT_TESTS += tests/unit/test-sqlite-lex tests/unit/test-sqlite-plan tests/unit/test-sqlite-model
UNIT_TESTS += tests/unit/test-sqlite-corpora tests/unit/test-sqlite-random tests/unit/test-sqlite-ddl
endif
SQLITE_TEST_CFLAGS = $(UNIT_CFLAGS) $(SQLITE_CFLAGS)
SQLITE_TEST_LDADD = drivers/sqlite/libsqlitedriver.la $(UNIT_LDADD) $(SQLITE_LIBS)
tests_unit_test_sqlite_lex_SOURCES = tests/unit/test-sqlite-lex.c
tests_unit_test_sqlite_lex_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_lex_CFLAGS = $(SQLITE_TEST_CFLAGS)
tests_unit_test_sqlite_lex_LDADD = $(SQLITE_TEST_LDADD)
tests_unit_test_sqlite_plan_SOURCES = tests/unit/test-sqlite-plan.c tests/unit/unit-sqlite.h
tests_unit_test_sqlite_plan_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_plan_CFLAGS = $(SQLITE_TEST_CFLAGS)
tests_unit_test_sqlite_plan_LDADD = $(SQLITE_TEST_LDADD)
tests_unit_test_sqlite_model_SOURCES = tests/unit/test-sqlite-model.c tests/unit/unit-sqlite.h
tests_unit_test_sqlite_model_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_model_CFLAGS = $(SQLITE_TEST_CFLAGS)
tests_unit_test_sqlite_model_LDADD = $(SQLITE_TEST_LDADD)
tests_unit_test_sqlite_corpora_SOURCES = tests/unit/test-sqlite-corpora.c tests/unit/unit-sqlite.h
tests_unit_test_sqlite_corpora_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_corpora_CFLAGS = $(SQLITE_TEST_CFLAGS)
tests_unit_test_sqlite_corpora_LDADD = $(SQLITE_TEST_LDADD)
tests_unit_test_sqlite_random_SOURCES = tests/unit/test-sqlite-random.c tests/unit/unit-sqlite.h
tests_unit_test_sqlite_random_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_random_CFLAGS = $(SQLITE_TEST_CFLAGS)
tests_unit_test_sqlite_random_LDADD = $(SQLITE_TEST_LDADD)
tests_unit_test_sqlite_ddl_SOURCES = tests/unit/test-sqlite-ddl.c
tests_unit_test_sqlite_ddl_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_ddl_CFLAGS = $(SQLITE_TEST_CFLAGS)
tests_unit_test_sqlite_ddl_LDADD = $(SQLITE_TEST_LDADD)
