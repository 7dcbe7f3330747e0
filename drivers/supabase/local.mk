# SPDX-License-Identifier: MIT
# Composed from the PostgreSQL driver: its convenience library, and tables of its own.
if DRIVER_SUPABASE
driver_LTLIBRARIES += drivers/supabase/supabase.la
endif
drivers_supabase_supabase_la_SOURCES = drivers/supabase/supabase.c drivers/supabase/supa.h drivers/supabase/address.c \
  drivers/supabase/session.c drivers/supabase/render.c drivers/supabase/history.c drivers/supabase/policy.c
drivers_supabase_supabase_la_CPPFLAGS = $(POSTGRES_DRIVER_CPPFLAGS) -I$(top_srcdir)/drivers
drivers_supabase_supabase_la_CFLAGS = $(DARA_CFLAGS) $(POSTGRES_CFLAGS) $(JANSSON_CFLAGS)
drivers_supabase_supabase_la_LDFLAGS = $(DRIVER_LDFLAGS) -export-symbols-regex '^supabase_LTX_dara_driver$$'
drivers_supabase_supabase_la_LIBADD = drivers/postgres/libdarapg.la $(DRIVER_LIBADD) $(POSTGRES_LIBS) \
  $(PG_QUERY_LIBS) $(JANSSON_LIBS) -lm
