# SPDX-License-Identifier: MIT
# Drivers for tests: four that work (good/), and one for each fault (bad/). `-rpath /nowhere` makes libtool build shared
# objects of what is not installed.
TEST_DRIVER_CPPFLAGS = -I$(top_srcdir)/core/include -I$(top_builddir)/core/include
TEST_DRIVER_CFLAGS = $(DARA_CFLAGS)
TEST_DRIVER_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath /nowhere

check_LTLIBRARIES += tests/drivers/good/fake.la tests/drivers/good/bare.la tests/drivers/good/eager.la
tests_drivers_good_fake_la_SOURCES = tests/drivers/fake.c
tests_drivers_good_fake_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS)
tests_drivers_good_fake_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_good_fake_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS) $(DARA_NO_UNDEFINED)
tests_drivers_good_fake_la_LIBADD = core/libdara.la
tests_drivers_good_bare_la_SOURCES = tests/drivers/fake.c
tests_drivers_good_bare_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DFAKE_BARE
tests_drivers_good_bare_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_good_bare_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS) $(DARA_NO_UNDEFINED)
tests_drivers_good_bare_la_LIBADD = core/libdara.la
tests_drivers_good_eager_la_SOURCES = tests/drivers/fake.c
tests_drivers_good_eager_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DFAKE_EAGER
tests_drivers_good_eager_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_good_eager_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS) $(DARA_NO_UNDEFINED)
tests_drivers_good_eager_la_LIBADD = core/libdara.la
check_LTLIBRARIES += tests/drivers/good/journaled.la
tests_drivers_good_journaled_la_SOURCES = tests/drivers/journaled.c
tests_drivers_good_journaled_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS)
tests_drivers_good_journaled_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_good_journaled_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS) $(DARA_NO_UNDEFINED)
tests_drivers_good_journaled_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/major.la
tests_drivers_bad_major_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_major_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=major -DBAD_MAJOR=2
tests_drivers_bad_major_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_major_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_major_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/minor.la
tests_drivers_bad_minor_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_minor_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=minor -DBAD_MINOR=7
tests_drivers_bad_minor_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_minor_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_minor_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/head.la
tests_drivers_bad_head_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_head_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=head -DBAD_SIZE=40
tests_drivers_bad_head_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_head_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_head_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/table.la
tests_drivers_bad_table_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_table_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=table -DBAD_TABLE
tests_drivers_bad_table_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_table_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_table_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/member.la
tests_drivers_bad_member_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_member_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=member -DBAD_MEMBER
tests_drivers_bad_member_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_member_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_member_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/group.la
tests_drivers_bad_group_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_group_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=group -DBAD_GROUP
tests_drivers_bad_group_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_group_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_group_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/self.la
tests_drivers_bad_self_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_self_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=self -DBAD_SELF='"other"'
tests_drivers_bad_self_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_self_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_self_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/misnamed.la
tests_drivers_bad_misnamed_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_misnamed_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=misnamed -DBAD_ENTRY=other_LTX_dara_driver
tests_drivers_bad_misnamed_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_misnamed_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_misnamed_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/stranger.la
tests_drivers_bad_stranger_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_stranger_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=stranger -DBAD_ENTRY=plugin_init
tests_drivers_bad_stranger_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_stranger_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_stranger_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/null.la
tests_drivers_bad_null_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_null_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=null -DBAD_NULL
tests_drivers_bad_null_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_null_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_null_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/scheme.la
tests_drivers_bad_scheme_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_scheme_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=scheme -DBAD_SCHEME
tests_drivers_bad_scheme_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_scheme_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_scheme_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/noscheme.la
tests_drivers_bad_noscheme_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_noscheme_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=noscheme -DBAD_NO_SCHEME
tests_drivers_bad_noscheme_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_noscheme_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_noscheme_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/kinds.la
tests_drivers_bad_kinds_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_kinds_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=kinds -DBAD_KINDS
tests_drivers_bad_kinds_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_kinds_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_kinds_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/savepoint.la
tests_drivers_bad_savepoint_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_savepoint_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=savepoint -DBAD_SAVEPOINT
tests_drivers_bad_savepoint_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_savepoint_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS)
tests_drivers_bad_savepoint_la_LIBADD = core/libdara.la

check_LTLIBRARIES += tests/drivers/bad/symbol.la
tests_drivers_bad_symbol_la_SOURCES = tests/drivers/bad.c
tests_drivers_bad_symbol_la_CPPFLAGS = $(TEST_DRIVER_CPPFLAGS) -DBAD_NAME=symbol -DBAD_SYMBOL
tests_drivers_bad_symbol_la_CFLAGS = $(TEST_DRIVER_CFLAGS)
tests_drivers_bad_symbol_la_LDFLAGS = $(TEST_DRIVER_LDFLAGS) -Wl,-z,lazy
tests_drivers_bad_symbol_la_LIBADD = core/libdara.la
