# SPDX-License-Identifier: MIT
# MongoDB's test server: tests/servers/mongodb builds the gateway itself, whatever dara is configured for.
MONGODB_GATEWAY = tests/servers/mongodb-gateway.h tests/servers/mongodb-gateway.c tests/servers/mongodb-gateway-commands.c \
  tests/servers/mongodb-gateway-control.c tests/servers/mongodb-gateway-cursor.c tests/servers/mongodb-gateway-errors.c \
  tests/servers/mongodb-gateway-explain.c tests/servers/mongodb-gateway-login.c tests/servers/mongodb-gateway-operations.c \
  tests/servers/mongodb-gateway-own.c tests/servers/mongodb-gateway-server.c tests/servers/mongodb-gateway-session.c \
  tests/servers/mongodb-gateway-shape.c tests/servers/mongodb-gateway-wire.c tests/servers/mongodb-gateway-write.c
EXTRA_DIST += tests/servers/mongodb $(MONGODB_GATEWAY)
