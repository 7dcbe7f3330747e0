# SPDX-License-Identifier: MIT
# MongoDB's test server: tests/servers/mongodb builds the gateway itself, whatever dara is configured for.
MONGODB_GATEWAY = tests/servers/mongodb-gateway.h tests/servers/mongodb-gateway.c tests/servers/mongodb-gateway-commands.c \
  tests/servers/mongodb-gateway-control.c tests/servers/mongodb-gateway-cursor.c tests/servers/mongodb-gateway-errors.c \
  tests/servers/mongodb-gateway-explain.c tests/servers/mongodb-gateway-keep.c tests/servers/mongodb-gateway-login.c tests/servers/mongodb-gateway-operations.c \
  tests/servers/mongodb-gateway-own.c tests/servers/mongodb-gateway-server.c tests/servers/mongodb-gateway-session.c \
  tests/servers/mongodb-gateway-shape.c tests/servers/mongodb-gateway-wire.c tests/servers/mongodb-gateway-write.c
EXTRA_DIST += tests/servers/mongodb $(MONGODB_GATEWAY)

# Here it is only compiled, with the warnings of the rest; the program that runs is the script's.
GATEWAY_TEST = tests/servers/gateway-test.c tests/servers/gateway-test.h tests/servers/gateway-test-commands.c tests/servers/gateway-test-corpora.c \
  tests/servers/gateway-test-faults.c tests/servers/gateway-test-sessions.c tests/servers/gateway-test-wire.c
tests_servers_mongodb_gateway_SOURCES = $(MONGODB_GATEWAY)
tests_servers_mongodb_gateway_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE
tests_servers_mongodb_gateway_CFLAGS = $(AM_CFLAGS) $(MONGODB_CFLAGS) $(POSTGRES_CFLAGS)
tests_servers_mongodb_gateway_LDADD = $(MONGODB_LIBS) $(POSTGRES_LIBS) -lpthread
tests_servers_test_mongodb_gateway_SOURCES = $(GATEWAY_TEST) tests/unit/unit.h
tests_servers_test_mongodb_gateway_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE
tests_servers_test_mongodb_gateway_CFLAGS = $(AM_CFLAGS) $(MONGODB_CFLAGS) $(CMOCKA_CFLAGS)
tests_servers_test_mongodb_gateway_LDADD = $(MONGODB_LIBS) $(CMOCKA_LIBS) -lpthread
if DRIVER_MONGODB
if DRIVER_POSTGRES
check_PROGRAMS += tests/servers/mongodb-gateway
endif
if HAVE_CMOCKA
check_PROGRAMS += tests/servers/test-mongodb-gateway
TESTS += tests/servers/test-mongodb-gateway
endif
endif
