# SPDX-License-Identifier: MIT
check_PROGRAMS += tests/conformance/random tests/servers/mysql-pooler
tests_servers_mysql_pooler_SOURCES = tests/servers/mysql-pooler.c
tests_servers_mysql_pooler_CPPFLAGS = -D_GNU_SOURCE
tests_conformance_random_SOURCES = tests/conformance/random.c tests/conformance/schema.c tests/conformance/vocabulary.h \
  tests/conformance/vocabulary.c \
  tests/conformance/vocabulary-sqlite.c tests/conformance/vocabulary-postgres.c tests/conformance/vocabulary-mysql.c
tests_conformance_random_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_conformance_random_LDADD = core/libdara.la

if DRIVER_MONGODB
check_PROGRAMS += tests/conformance/mongodb-client
endif
tests_conformance_mongodb_client_SOURCES = tests/conformance/mongodb-client.c
tests_conformance_mongodb_client_CFLAGS = $(DARA_CFLAGS) $(MONGODB_CFLAGS)
tests_conformance_mongodb_client_LDADD = $(MONGODB_LIBS)

# -rpath makes libtool build a shared object although it is never installed.
check_LTLIBRARIES += tests/faults/fault.la
tests_faults_fault_la_SOURCES = tests/faults/fault.c
tests_faults_fault_la_CPPFLAGS =
tests_faults_fault_la_CFLAGS = -std=gnu17 -Wall -Wextra
tests_faults_fault_la_LDFLAGS = -module -avoid-version -rpath /nowhere -Wl,-z,now
tests_faults_fault_la_LIBADD = -ldl

# The long ones first, so that none of them is alone at the end.
CONFORMANCE_ALL = \
  tests/conformance/journal.sh \
  tests/conformance/mishaps.sh \
  tests/conformance/kill.sh \
  tests/conformance/pooled-journal.sh \
  tests/conformance/postgres-13.sh \
  tests/conformance/postgres-14.sh \
  tests/conformance/postgres-16.sh \
  tests/conformance/postgres-17.sh \
  tests/conformance/postgres-18.sh \
  tests/conformance/backend.sh \
  tests/conformance/pooled-roundtrip.sh \
  tests/conformance/pooled-locks.sh \
  tests/conformance/pooled-rehearse.sh \
  tests/conformance/random.sh \
  tests/conformance/random-postgres.sh \
  tests/conformance/random-mysql.sh \
  tests/conformance/random-mariadb.sh \
  tests/conformance/restore.sh \
  tests/conformance/roundtrip.sh \
  tests/conformance/locks.sh \
  tests/conformance/leases.sh \
  tests/conformance/full.sh \
  tests/conformance/read.sh \
  tests/conformance/audit.sh \
  tests/conformance/smoke.sh tests/conformance/lint.sh \
  tests/conformance/hostile.sh \
  tests/conformance/rehearse.sh \
  tests/conformance/retry.sh \
  tests/conformance/secrets.sh \
  tests/conformance/together.sh \
  tests/conformance/privileges.sh \
  tests/conformance/rename.sh tests/conformance/definers.sh \
  tests/conformance/supabase.sh tests/conformance/policies.sh tests/conformance/policy-apply.sh \
  tests/conformance/pooler.sh \
  tests/conformance/casts.sh tests/conformance/labels.sh tests/conformance/new-values.sh tests/conformance/type-changes.sh \
  tests/conformance/order.sh \
  tests/conformance/back.sh \
  tests/conformance/part.sh \
  tests/conformance/adopt.sh \
  tests/conformance/postgres-logins.sh tests/conformance/mysql-logins.sh
# Which of them run; all are part of the distribution.
CONFORMANCE_TESTS = $(CONFORMANCE_ALL)
TESTS += $(CONFORMANCE_TESTS)
dist_check_SCRIPTS += $(CONFORMANCE_ALL)
EXTRA_DIST += tests/conformance/policies/supabase.sql tests/conformance/policies/supabase.txt tests/conformance/policies/table.jq
EXTRA_DIST += tests/conformance/audit/postgres-bad.sql tests/conformance/audit/postgres-bad.txt tests/conformance/audit/postgres-good.sql \
  tests/conformance/audit/mysql-bad.sql tests/conformance/audit/mysql-bad.txt tests/conformance/audit/mysql-good.sql
EXTRA_DIST += tests/conformance/lib.sh tests/conformance/sessions.sh tests/conformance/journaled.sh tests/conformance/strike.sh tests/conformance/postgres-each.sh tests/conformance/engines/sqlite.sh tests/conformance/rich/sqlite.sql \
  tests/conformance/slow/sqlite.sql tests/conformance/writes/sqlite.txt tests/conformance/hostile/sqlite.sh tests/conformance/hostile/postgres.sh tests/conformance/hostile/postgres-denied.sh \
  tests/conformance/hostile/postgres-encodings.sh tests/conformance/hostile/postgres-meanwhile.sh tests/conformance/back/mysql.sql tests/conformance/back/mysql-gone.sql tests/conformance/restores.sh \
  tests/servers/lib.sh tests/servers/get tests/servers/labels.c tests/servers/mysql tests/servers/supabase.sql tests/conformance/engines/supabase.sh tests/conformance/my.sh tests/conformance/engines/mysql.sh tests/conformance/engines/mariadb.sh tests/servers/postgres tests/conformance/rich/mysql.sql tests/conformance/rich/mysql-blog.sql tests/conformance/engines/postgres.sh tests/conformance/rich/postgres.sql \
  tests/conformance/rich/postgres-owned.sql tests/conformance/rich/postgres-14.sql tests/conformance/rich/postgres-15.sql tests/conformance/rich/postgres-18.sql \
  tests/conformance/slow/postgres.sql tests/conformance/writes/postgres.txt tests/conformance/slow/mysql.sql tests/conformance/writes/mysql.txt
EXTRA_DIST += tests/conformance/engines/mongodb.sh tests/conformance/rich/mongodb.json tests/conformance/back/mongodb.json \
  tests/conformance/slow/mongodb.json tests/conformance/writes/mongodb.txt
