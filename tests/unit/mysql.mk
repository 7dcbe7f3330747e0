# SPDX-License-Identifier: MIT
# Tests of the driver for MySQL and MariaDB: they link its convenience library. Those that need a server skip out loud without one.
if DRIVER_MYSQL
UNIT_TESTS += tests/unit/test-mysql-script tests/unit/test-mysql-read tests/unit/test-mysql-apply tests/unit/test-mysql-pairs
endif
MYSQL_TEST_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/drivers/mysql
MYSQL_TEST_CFLAGS = $(UNIT_CFLAGS) $(MYSQL_CFLAGS)
MYSQL_TEST_LDADD = drivers/mysql/libdaramysql.la $(UNIT_LDADD) $(MYSQL_LIBS) -lpthread
tests_unit_test_mysql_script_SOURCES = tests/unit/test-mysql-script.c tests/unit/unit-script.h
tests_unit_test_mysql_script_CPPFLAGS = $(MYSQL_TEST_CPPFLAGS)
tests_unit_test_mysql_script_CFLAGS = $(MYSQL_TEST_CFLAGS)
tests_unit_test_mysql_script_LDADD = $(MYSQL_TEST_LDADD)
tests_unit_test_mysql_apply_SOURCES = tests/unit/test-mysql-apply.c tests/unit/unit.h
tests_unit_test_mysql_apply_CPPFLAGS = $(MYSQL_TEST_CPPFLAGS)
tests_unit_test_mysql_apply_CFLAGS = $(MYSQL_TEST_CFLAGS)
tests_unit_test_mysql_apply_LDADD = $(UNIT_LDADD)
tests_unit_test_mysql_read_SOURCES = tests/unit/test-mysql-read.c tests/unit/unit.h
tests_unit_test_mysql_read_CPPFLAGS = $(MYSQL_TEST_CPPFLAGS)
tests_unit_test_mysql_read_CFLAGS = $(MYSQL_TEST_CFLAGS)
tests_unit_test_mysql_read_LDFLAGS = -Wl,--wrap=mysql_real_query
tests_unit_test_mysql_read_LDADD = $(MYSQL_TEST_LDADD)
tests_unit_test_mysql_pairs_SOURCES = tests/unit/test-mysql-pairs.c tests/unit/unit-plan.h tests/unit/unit.h
tests_unit_test_mysql_pairs_CPPFLAGS = $(MYSQL_TEST_CPPFLAGS)
tests_unit_test_mysql_pairs_CFLAGS = $(MYSQL_TEST_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_mysql_pairs_LDADD = $(UNIT_LDADD)
