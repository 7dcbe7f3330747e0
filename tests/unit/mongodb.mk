# SPDX-License-Identifier: MIT
# Tests of the driver for MongoDB: they link its convenience library. Those that need a server skip out loud without one.
if DRIVER_MONGODB
UNIT_TESTS += tests/unit/test-mongodb-script tests/unit/test-mongodb-json tests/unit/test-mongodb-read tests/unit/test-mongodb-lease
endif
MONGODB_TEST_CPPFLAGS = $(UNIT_CPPFLAGS) -I$(top_srcdir)/drivers/mongodb
MONGODB_TEST_CFLAGS = $(UNIT_CFLAGS) $(MONGODB_CFLAGS)
MONGODB_TEST_LDADD = drivers/mongodb/libdaramongodb.la $(UNIT_LDADD) $(MONGODB_LIBS) -lpthread
tests_unit_test_mongodb_script_SOURCES = tests/unit/test-mongodb-script.c tests/unit/unit-script.h
tests_unit_test_mongodb_script_CPPFLAGS = $(MONGODB_TEST_CPPFLAGS)
tests_unit_test_mongodb_script_CFLAGS = $(MONGODB_TEST_CFLAGS)
tests_unit_test_mongodb_script_LDADD = $(MONGODB_TEST_LDADD)
tests_unit_test_mongodb_json_SOURCES = tests/unit/test-mongodb-json.c tests/unit/unit.h
tests_unit_test_mongodb_json_CPPFLAGS = $(MONGODB_TEST_CPPFLAGS)
tests_unit_test_mongodb_json_CFLAGS = $(MONGODB_TEST_CFLAGS)
tests_unit_test_mongodb_json_LDADD = $(MONGODB_TEST_LDADD)
tests_unit_test_mongodb_read_SOURCES = tests/unit/test-mongodb-read.c tests/unit/unit.h
tests_unit_test_mongodb_read_CPPFLAGS = $(MONGODB_TEST_CPPFLAGS)
tests_unit_test_mongodb_read_CFLAGS = $(MONGODB_TEST_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_mongodb_read_LDADD = $(MONGODB_TEST_LDADD)
tests_unit_test_mongodb_lease_SOURCES = tests/unit/test-mongodb-lease.c tests/unit/unit.h
tests_unit_test_mongodb_lease_CPPFLAGS = $(MONGODB_TEST_CPPFLAGS)
tests_unit_test_mongodb_lease_CFLAGS = $(MONGODB_TEST_CFLAGS)
tests_unit_test_mongodb_lease_LDADD = $(MONGODB_TEST_LDADD)
