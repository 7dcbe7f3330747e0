# SPDX-License-Identifier: MIT
# Everything but the descriptor, for the driver, for drivers composed from it, and for unit tests. What links it also needs
# $(POSTGRES_LIBS), $(PG_QUERY_LIBS) and $(JANSSON_LIBS).
if DRIVER_POSTGRES
noinst_LTLIBRARIES += drivers/postgres/libdarapg.la
driver_LTLIBRARIES += drivers/postgres/postgres.la
endif
POSTGRES_DRIVER_CPPFLAGS = -I$(top_srcdir)/core/include -I$(top_builddir)/core/include
drivers_postgres_libdarapg_la_CPPFLAGS = $(POSTGRES_DRIVER_CPPFLAGS)
drivers_postgres_libdarapg_la_CFLAGS = $(DARA_CFLAGS) $(POSTGRES_CFLAGS) $(JANSSON_CFLAGS)
drivers_postgres_libdarapg_la_SOURCES = drivers/postgres/pg.h drivers/postgres/tables.h drivers/postgres/kinds.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/quote.c drivers/postgres/write.c drivers/postgres/write.h drivers/postgres/respell.h \
  drivers/postgres/respell.c drivers/postgres/respell-values.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/lex.c drivers/postgres/lex.h drivers/postgres/split.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/render.c drivers/postgres/render.h drivers/postgres/render-read.c \
  drivers/postgres/render-table.c drivers/postgres/privilege.h \
  drivers/postgres/render-privilege.c drivers/postgres/render-owner.c drivers/postgres/change-privilege.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/connect.c drivers/postgres/pooler.c drivers/postgres/session.c drivers/postgres/shield.c drivers/postgres/fail.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/apply.c drivers/postgres/execute.c drivers/postgres/execute.h \
  drivers/postgres/execute-all.c drivers/postgres/lock.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/own.c drivers/postgres/history.c drivers/postgres/scratch.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/lock-mode.c drivers/postgres/observe.c drivers/postgres/observe.h \
  drivers/postgres/watch.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/audit.h drivers/postgres/audit.c drivers/postgres/audit-rules.c \
  drivers/postgres/audit-design.c drivers/postgres/probe.c drivers/postgres/audit-security.c drivers/postgres/lint-block.c drivers/postgres/lint.c drivers/postgres/lint.h \
  drivers/postgres/lint-rules.h drivers/postgres/lint-type.c drivers/postgres/lint-name.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/journal.c drivers/postgres/settle.c drivers/postgres/weigh.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/policy.h drivers/postgres/policy.c drivers/postgres/policy-access.c \
  drivers/postgres/policy-access-sql.c drivers/postgres/policy-install.c drivers/postgres/policy-install-sql.c drivers/postgres/policy-prove-sql.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/bulk.c drivers/postgres/diagnose.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/introspect.h drivers/postgres/introspect.c drivers/postgres/introspect-fetch.c \
  drivers/postgres/introspect-line.h drivers/postgres/introspect-line.c drivers/postgres/introspect-apart.c \
  drivers/postgres/introspect-map.c drivers/postgres/introspect-row.c drivers/postgres/introspect-query.h \
  drivers/postgres/introspect-query.c drivers/postgres/introspect-query-table.c drivers/postgres/introspect-query-rest.c \
  drivers/postgres/introspect-query-rare.h drivers/postgres/introspect-query-rare.c drivers/postgres/introspect-query-operator.c \
  drivers/postgres/introspect-query-foreign.c drivers/postgres/kinds.h drivers/postgres/kinds-rare.c drivers/postgres/render-circle.c drivers/postgres/render-partition.c drivers/postgres/render-rare.c \
  drivers/postgres/kinds-privilege.c drivers/postgres/introspect-query-privilege.c drivers/postgres/introspect-attached.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/classify.c drivers/postgres/classify.h drivers/postgres/classify-schema.c \
  drivers/postgres/classify-lock.c drivers/postgres/classify-routine.c drivers/postgres/classify-unread.c
drivers_postgres_libdarapg_la_SOURCES += drivers/postgres/change.c drivers/postgres/change.h drivers/postgres/change-ask.c \
  drivers/postgres/change-begin.c drivers/postgres/change-column.c drivers/postgres/change-end.c drivers/postgres/change-shell.c drivers/postgres/change-table.c \
  drivers/postgres/change-type.c drivers/postgres/cast.c drivers/postgres/prepare.c drivers/postgres/rename.c drivers/postgres/change-rare.c drivers/postgres/change-publication.c \
  drivers/postgres/change-attribute.c drivers/postgres/change-identity.c

drivers_postgres_postgres_la_SOURCES = drivers/postgres/postgres.c
drivers_postgres_postgres_la_CPPFLAGS = $(POSTGRES_DRIVER_CPPFLAGS)
drivers_postgres_postgres_la_CFLAGS = $(DARA_CFLAGS) $(POSTGRES_CFLAGS)
drivers_postgres_postgres_la_LDFLAGS = $(DRIVER_LDFLAGS) -export-symbols-regex '^postgres_LTX_dara_driver$$'
drivers_postgres_postgres_la_LIBADD = drivers/postgres/libdarapg.la $(DRIVER_LIBADD) $(POSTGRES_LIBS) \
  $(PG_QUERY_LIBS) $(JANSSON_LIBS) -lm
