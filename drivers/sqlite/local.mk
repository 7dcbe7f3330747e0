# SPDX-License-Identifier: MIT
if DRIVER_SQLITE
driver_LTLIBRARIES += drivers/sqlite/sqlite.la
endif
drivers_sqlite_sqlite_la_SOURCES = drivers/sqlite/sqlite.c
drivers_sqlite_sqlite_la_CPPFLAGS = -I$(top_srcdir)/core/include -I$(top_builddir)/core/include
drivers_sqlite_sqlite_la_CFLAGS = $(DARA_CFLAGS) $(SQLITE_CFLAGS)
drivers_sqlite_sqlite_la_LDFLAGS = $(DRIVER_LDFLAGS) -export-symbols-regex '^sqlite_LTX_dara_driver$$'
drivers_sqlite_sqlite_la_LIBADD = $(DRIVER_LIBADD) $(SQLITE_LIBS)
