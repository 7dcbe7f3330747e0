# SPDX-License-Identifier: MIT
noinst_LTLIBRARIES += drivers/postgres/libdarapg.la
# Everything but the descriptor, for the driver, for drivers composed from it, and for unit tests.
drivers_postgres_libdarapg_la_SOURCES = drivers/postgres/pg.h drivers/postgres/kinds.c
drivers_postgres_libdarapg_la_CPPFLAGS = -I$(top_srcdir)/core/include -I$(top_builddir)/core/include
drivers_postgres_libdarapg_la_CFLAGS = $(DARA_CFLAGS) $(POSTGRES_CFLAGS)
