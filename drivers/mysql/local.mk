# SPDX-License-Identifier: MIT
# All of the driver but its descriptor stands in a convenience library, which the unit tests link, too.
if DRIVER_MYSQL
noinst_LTLIBRARIES += drivers/mysql/libdaramysql.la
driver_LTLIBRARIES += drivers/mysql/mysql.la
endif
MYSQL_DRIVER_CPPFLAGS = -I$(top_srcdir)/core/include -I$(top_builddir)/core/include
drivers_mysql_libdaramysql_la_CPPFLAGS = $(MYSQL_DRIVER_CPPFLAGS)
drivers_mysql_libdaramysql_la_CFLAGS = $(DARA_CFLAGS) $(MYSQL_CFLAGS) $(MYSQL_FEATURES)
drivers_mysql_libdaramysql_la_SOURCES = drivers/mysql/my.h drivers/mysql/login.h drivers/mysql/login.c drivers/mysql/kinds.c
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/connect.c drivers/mysql/session.c drivers/mysql/cancel.c
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/query.c drivers/mysql/queue.c drivers/mysql/queue.h drivers/mysql/fail.c drivers/mysql/diagnose.c
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/lex.c drivers/mysql/lex.h drivers/mysql/quote.c drivers/mysql/quote.h
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/script.h drivers/mysql/split.c drivers/mysql/modes.c drivers/mysql/body.c \
  drivers/mysql/body.h
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/apply.h drivers/mysql/apply.c drivers/mysql/execute.c drivers/mysql/lock.c drivers/mysql/lease.h drivers/mysql/lease.c drivers/mysql/beat.c drivers/mysql/blockers.c \
  drivers/mysql/own-table.c drivers/mysql/history.c drivers/mysql/journal.c drivers/mysql/reset.c drivers/mysql/scratch.c drivers/mysql/confine.c \
  drivers/mysql/ask.h drivers/mysql/ask-parts.h drivers/mysql/ask.c drivers/mysql/look.c drivers/mysql/sizes.c drivers/mysql/step.c \
  drivers/mysql/search.h drivers/mysql/search.c drivers/mysql/search-value.c drivers/mysql/type.h
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/classify.h drivers/mysql/classify.c drivers/mysql/classify-schema.c \
  drivers/mysql/classify-alter.c drivers/mysql/classify-set.c drivers/mysql/reading.c drivers/mysql/uses.c
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/audit.c drivers/mysql/probe.c
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/introspect.h drivers/mysql/introspect.c drivers/mysql/introspect-table.c \
  drivers/mysql/introspect-column.c drivers/mysql/introspect-key.c drivers/mysql/introspect-program.c drivers/mysql/introspect-grant.c
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/render.h drivers/mysql/render.c drivers/mysql/bulk.c
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/buffer.h drivers/mysql/buffer.c drivers/mysql/batch.h drivers/mysql/batch.c \
  drivers/mysql/walk.h drivers/mysql/walk.c drivers/mysql/normal.h drivers/mysql/normal.c drivers/mysql/normal-parentheses.c
drivers_mysql_libdaramysql_la_SOURCES += drivers/mysql/change.h drivers/mysql/change.c drivers/mysql/change-table.c \
  drivers/mysql/change-column.c drivers/mysql/change-option.c drivers/mysql/change-type.c drivers/mysql/rename.c drivers/mysql/change-key.c drivers/mysql/loose-key.c

drivers_mysql_mysql_la_SOURCES = drivers/mysql/mysql.c
drivers_mysql_mysql_la_CPPFLAGS = $(MYSQL_DRIVER_CPPFLAGS)
drivers_mysql_mysql_la_CFLAGS = $(DARA_CFLAGS) $(MYSQL_CFLAGS)
drivers_mysql_mysql_la_LDFLAGS = $(DRIVER_LDFLAGS) -export-symbols-regex '^mysql_LTX_dara_driver$$'
drivers_mysql_mysql_la_LIBADD = drivers/mysql/libdaramysql.la $(DRIVER_LIBADD) $(MYSQL_LIBS) -lpthread
