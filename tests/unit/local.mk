# SPDX-License-Identifier: MIT
UNIT_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit
UNIT_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
UNIT_LDADD = core/libdara.la $(JANSSON_LIBS) $(CMOCKA_LIBS)
UNIT_TESTS =

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
