# SPDX-License-Identifier: MIT
# Fuzz targets. Without --enable-fuzzing they replay tests/fuzz/corpus/NAME in `make check`; with it (clang) they are libFuzzer
# programs:  tests/fuzz/fuzz-url -max_total_time=60 WORKFOLDER tests/fuzz/corpus/url
#
# A new one: fuzz-NAME.c, a folder corpus/NAME with a few small files, its name in FUZZ_TARGETS and two lines below.
FUZZ_TARGETS = tests/fuzz/fuzz-url tests/fuzz/fuzz-model-json tests/fuzz/fuzz-project tests/fuzz/fuzz-meta \
  tests/fuzz/fuzz-sqlite-script tests/fuzz/fuzz-postgres-script tests/fuzz/fuzz-mysql-script tests/fuzz/fuzz-mongodb-script
FUZZ_LDADD = core/libdara.la $(JANSSON_LIBS)
if FUZZING
FUZZ_MAIN =
else
FUZZ_MAIN = tests/fuzz/replay.c
endif

tests_fuzz_fuzz_url_SOURCES = tests/fuzz/fuzz-url.c $(FUZZ_MAIN)
tests_fuzz_fuzz_url_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_url_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_model_json_SOURCES = tests/fuzz/fuzz-model-json.c $(FUZZ_MAIN)
tests_fuzz_fuzz_model_json_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_model_json_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_project_SOURCES = tests/fuzz/fuzz-project.c $(FUZZ_MAIN)
tests_fuzz_fuzz_project_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_project_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_meta_SOURCES = tests/fuzz/fuzz-meta.c $(FUZZ_MAIN)
tests_fuzz_fuzz_meta_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_meta_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_sqlite_script_SOURCES = tests/fuzz/fuzz-sqlite-script.c tests/fuzz/script.h $(FUZZ_MAIN)
tests_fuzz_fuzz_sqlite_script_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_sqlite_script_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_postgres_script_SOURCES = tests/fuzz/fuzz-postgres-script.c tests/fuzz/script.h $(FUZZ_MAIN)
tests_fuzz_fuzz_postgres_script_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_postgres_script_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_mysql_script_SOURCES = tests/fuzz/fuzz-mysql-script.c tests/fuzz/script.h $(FUZZ_MAIN)
tests_fuzz_fuzz_mysql_script_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_mysql_script_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)
tests_fuzz_fuzz_mongodb_script_SOURCES = tests/fuzz/fuzz-mongodb-script.c tests/fuzz/script.h $(FUZZ_MAIN)
tests_fuzz_fuzz_mongodb_script_LDADD = $(FUZZ_LDADD)
tests_fuzz_fuzz_mongodb_script_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

check_PROGRAMS += $(FUZZ_TARGETS)
TESTS += tests/fuzz/replay.sh
dist_check_SCRIPTS += tests/fuzz/replay.sh
EXTRA_DIST += tests/fuzz/corpus
