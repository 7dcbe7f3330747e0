# SPDX-License-Identifier: MIT
# All of the driver but its descriptor stands in a convenience library, which the unit tests link, too.
if DRIVER_MONGODB
noinst_LTLIBRARIES += drivers/mongodb/libdaramongodb.la
driver_LTLIBRARIES += drivers/mongodb/mongodb.la
endif
MONGODB_DRIVER_CPPFLAGS = -I$(top_srcdir)/core/include -I$(top_builddir)/core/include
drivers_mongodb_libdaramongodb_la_CPPFLAGS = $(MONGODB_DRIVER_CPPFLAGS)
drivers_mongodb_libdaramongodb_la_CFLAGS = $(DARA_CFLAGS) $(MONGODB_CFLAGS)
drivers_mongodb_libdaramongodb_la_SOURCES = drivers/mongodb/mg.h drivers/mongodb/buffer.h drivers/mongodb/buffer.c \
  drivers/mongodb/base64.h drivers/mongodb/base64.c drivers/mongodb/json.h drivers/mongodb/json-read.c \
  drivers/mongodb/json-wrapped.c drivers/mongodb/json-write.c
drivers_mongodb_libdaramongodb_la_SOURCES += drivers/mongodb/command.h drivers/mongodb/command.c drivers/mongodb/classify.c \
  drivers/mongodb/split.c
drivers_mongodb_libdaramongodb_la_SOURCES += drivers/mongodb/connect.c drivers/mongodb/session.c drivers/mongodb/run.c \
  drivers/mongodb/fail.c drivers/mongodb/diagnose.c drivers/mongodb/cancel.c
drivers_mongodb_libdaramongodb_la_SOURCES += drivers/mongodb/kinds.c drivers/mongodb/options.h drivers/mongodb/options.c \
  drivers/mongodb/introspect.h drivers/mongodb/introspect.c drivers/mongodb/introspect-sweep.c \
  drivers/mongodb/introspect-collection.c drivers/mongodb/introspect-index.c
drivers_mongodb_libdaramongodb_la_SOURCES += drivers/mongodb/render.h drivers/mongodb/render.c drivers/mongodb/change.c \
  drivers/mongodb/audit.h drivers/mongodb/audit.c
drivers_mongodb_libdaramongodb_la_SOURCES += drivers/mongodb/apply.h drivers/mongodb/apply.c drivers/mongodb/execute.c \
  drivers/mongodb/confine.c drivers/mongodb/lease.c drivers/mongodb/process.h drivers/mongodb/process.c drivers/mongodb/own.h \
  drivers/mongodb/own.c drivers/mongodb/history.c drivers/mongodb/journal.c drivers/mongodb/scratch.c drivers/mongodb/bulk.c

drivers_mongodb_mongodb_la_SOURCES = drivers/mongodb/mongodb.c
drivers_mongodb_mongodb_la_CPPFLAGS = $(MONGODB_DRIVER_CPPFLAGS)
drivers_mongodb_mongodb_la_CFLAGS = $(DARA_CFLAGS) $(MONGODB_CFLAGS)
drivers_mongodb_mongodb_la_LDFLAGS = $(DRIVER_LDFLAGS) -export-symbols-regex '^mongodb_LTX_dara_driver$$'
drivers_mongodb_mongodb_la_LIBADD = drivers/mongodb/libdaramongodb.la $(DRIVER_LIBADD) $(MONGODB_LIBS) -lpthread
