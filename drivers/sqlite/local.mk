# SPDX-License-Identifier: MIT
# All of the driver but its descriptor stands in a convenience library, which the unit tests link, too.
if DRIVER_SQLITE
driver_LTLIBRARIES += drivers/sqlite/sqlite.la
noinst_LTLIBRARIES += drivers/sqlite/libsqlitedriver.la
endif
SQLITE_DRIVER_CPPFLAGS = -I$(top_srcdir)/core/include -I$(top_builddir)/core/include
drivers_sqlite_libsqlitedriver_la_CPPFLAGS = $(SQLITE_DRIVER_CPPFLAGS)
drivers_sqlite_libsqlitedriver_la_CFLAGS = $(DARA_CFLAGS) $(SQLITE_CFLAGS)
drivers_sqlite_libsqlitedriver_la_SOURCES = drivers/sqlite/driver.h
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/violations.c drivers/sqlite/violations.h
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/lex.c drivers/sqlite/lex.h
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/ddl-pool.c drivers/sqlite/ddl-pool.h drivers/sqlite/normal.c drivers/sqlite/normal.h
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/ddl.h drivers/sqlite/ddl-parser.c drivers/sqlite/ddl-parser.h drivers/sqlite/ddl-table.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/ddl-constraint.c drivers/sqlite/ddl-object.c drivers/sqlite/kinds.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/introspect.c drivers/sqlite/introspect.h drivers/sqlite/introspect-rows.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/introspect-table.c drivers/sqlite/introspect-object.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/render.c drivers/sqlite/render.h drivers/sqlite/render-table.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/change.c drivers/sqlite/rename.c drivers/sqlite/change.h drivers/sqlite/change-column.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/rebuild.c drivers/sqlite/rebuild-risk.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/fail.c drivers/sqlite/open.c drivers/sqlite/session.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/lock.c drivers/sqlite/apply.c drivers/sqlite/execute.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/history.c drivers/sqlite/split.c
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/classify.c drivers/sqlite/classify-reading.c \
  drivers/sqlite/classify-schema.c drivers/sqlite/classify-pragma.c drivers/sqlite/classify.h
drivers_sqlite_libsqlitedriver_la_SOURCES += drivers/sqlite/bulk.c drivers/sqlite/bulk-table.c \
  drivers/sqlite/bulk-value.c drivers/sqlite/bulk.h drivers/sqlite/diagnose.c drivers/sqlite/audit.c drivers/sqlite/probe.c

drivers_sqlite_sqlite_la_SOURCES = drivers/sqlite/sqlite.c
drivers_sqlite_sqlite_la_CPPFLAGS = $(SQLITE_DRIVER_CPPFLAGS)
drivers_sqlite_sqlite_la_CFLAGS = $(DARA_CFLAGS) $(SQLITE_CFLAGS)
drivers_sqlite_sqlite_la_LDFLAGS = $(DRIVER_LDFLAGS) -export-symbols-regex '^sqlite_LTX_dara_driver$$'
drivers_sqlite_sqlite_la_LIBADD = drivers/sqlite/libsqlitedriver.la $(DRIVER_LIBADD) $(SQLITE_LIBS)
