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

UNIT_TESTS += tests/unit/test-model
tests_unit_test_model_SOURCES = tests/unit/test-model.c tests/unit/kinds.h
tests_unit_test_model_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_model_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_model_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-model-json
tests_unit_test_model_json_SOURCES = tests/unit/test-model-json.c tests/unit/kinds.h
tests_unit_test_model_json_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_model_json_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_model_json_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-diff
tests_unit_test_diff_SOURCES = tests/unit/test-diff.c tests/unit/kinds.h
tests_unit_test_diff_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_diff_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_diff_LDADD = $(UNIT_LDADD)
UNIT_TESTS += tests/unit/test-scope
tests_unit_test_scope_SOURCES = tests/unit/test-scope.c tests/unit/kinds.h
tests_unit_test_scope_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_scope_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_scope_LDADD = $(UNIT_LDADD)

UNIT_TESTS += tests/unit/test-show
tests_unit_test_show_SOURCES = tests/unit/test-show.c
tests_unit_test_show_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_show_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_show_LDADD = $(UNIT_LDADD)
