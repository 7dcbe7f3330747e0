# SPDX-License-Identifier: MIT
UNIT_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
UNIT_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
UNIT_LDADD = core/libdara.la $(JANSSON_LIBS) $(CMOCKA_LIBS)
UNIT_TESTS =
include $(srcdir)/tests/unit/model.mk

# core/driver
UNIT_TESTS += tests/unit/test-abi tests/unit/test-loader tests/unit/test-session tests/unit/test-plan
tests_unit_test_plan_SOURCES = tests/unit/test-plan.c tests/unit/unit.h
tests_unit_test_plan_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_plan_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_plan_LDADD = $(UNIT_LDADD)
tests_unit_test_abi_SOURCES = tests/unit/test-abi.c tests/unit/unit.h
tests_unit_test_abi_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_abi_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_abi_LDADD = $(UNIT_LDADD)
tests_unit_test_loader_SOURCES = tests/unit/test-loader.c tests/unit/unit.h
tests_unit_test_loader_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_loader_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_loader_LDADD = $(UNIT_LDADD)
tests_unit_test_session_SOURCES = tests/unit/test-session.c tests/unit/unit.h
tests_unit_test_session_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_session_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_session_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-journal
tests_unit_test_journal_SOURCES = tests/unit/test-journal.c tests/unit/unit.h
tests_unit_test_journal_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_journal_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_journal_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-token
tests_unit_test_token_SOURCES = tests/unit/test-token.c tests/unit/unit.h
tests_unit_test_token_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_token_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_token_LDADD = $(UNIT_LDADD)

if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
endif

UNIT_TESTS += tests/unit/test-project
tests_unit_test_project_SOURCES = tests/unit/test-project.c
tests_unit_test_project_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_project_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_project_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-report
tests_unit_test_report_SOURCES = tests/unit/test-report.c
tests_unit_test_report_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_report_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_report_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-options
tests_unit_test_options_SOURCES = tests/unit/test-options.c core/cli/options.c core/cli/parse.c core/cli/call.c core/cli/words.c
tests_unit_test_options_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_options_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_options_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-migration
tests_unit_test_migration_SOURCES = tests/unit/test-migration.c
tests_unit_test_migration_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_migration_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_migration_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-snapshot
tests_unit_test_snapshot_SOURCES = tests/unit/test-snapshot.c
tests_unit_test_snapshot_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_snapshot_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_snapshot_LDADD = $(UNIT_LDADD)
include $(srcdir)/tests/unit/sqlite.mk
include $(srcdir)/tests/unit/mysql.mk
include $(srcdir)/tests/unit/mongodb.mk
include $(srcdir)/tests/unit/postgres.mk
UNIT_TESTS += tests/unit/test-create-migration
tests_unit_test_create_migration_SOURCES = tests/unit/test-create-migration.c
tests_unit_test_create_migration_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_create_migration_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_create_migration_LDADD = $(UNIT_LDADD)
# drivers/sqlite, through the loaded driver
if DRIVER_SQLITE
UNIT_TESTS += tests/unit/test-sqlite-script tests/unit/test-sqlite-session tests/unit/test-sqlite-lock
UNIT_TESTS += tests/unit/test-sqlite-apply tests/unit/test-sqlite-rows
endif
tests_unit_test_sqlite_script_SOURCES = tests/unit/test-sqlite-script.c tests/unit/sqlite-unit.h
tests_unit_test_sqlite_script_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_script_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_sqlite_script_LDADD = $(UNIT_LDADD)
tests_unit_test_sqlite_session_SOURCES = tests/unit/test-sqlite-session.c tests/unit/sqlite-unit.h
tests_unit_test_sqlite_session_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_session_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_sqlite_session_LDADD = $(UNIT_LDADD)
tests_unit_test_sqlite_lock_SOURCES = tests/unit/test-sqlite-lock.c tests/unit/sqlite-unit.h
tests_unit_test_sqlite_lock_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_lock_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_sqlite_lock_LDADD = $(UNIT_LDADD)
tests_unit_test_sqlite_apply_SOURCES = tests/unit/test-sqlite-apply.c tests/unit/sqlite-unit.h
tests_unit_test_sqlite_apply_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_apply_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_sqlite_apply_LDADD = $(UNIT_LDADD)
tests_unit_test_sqlite_rows_SOURCES = tests/unit/test-sqlite-rows.c tests/unit/sqlite-unit.h
tests_unit_test_sqlite_rows_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_sqlite_rows_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_sqlite_rows_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-graph
tests_unit_test_graph_SOURCES = tests/unit/test-graph.c
tests_unit_test_graph_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_graph_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_graph_LDADD = $(UNIT_LDADD)
