# SPDX-License-Identifier: MIT
# core/base, core/model
UNIT_TESTS += tests/unit/test-text
tests_unit_test_text_SOURCES = tests/unit/test-text.c
tests_unit_test_text_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_text_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_text_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-url
tests_unit_test_url_SOURCES = tests/unit/test-url.c
tests_unit_test_url_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_url_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_url_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-file
tests_unit_test_file_SOURCES = tests/unit/test-file.c
tests_unit_test_file_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_file_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_file_LDADD = $(UNIT_LDADD)
