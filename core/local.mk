# SPDX-License-Identifier: MIT
lib_LTLIBRARIES += core/libdara.la
bin_PROGRAMS += core/dara

core_libdara_la_SOURCES =
core_libdara_la_CPPFLAGS = $(AM_CPPFLAGS) -DDARA_DRIVER_FOLDER='"$(driverdir)"'
# What may be seen is said by libdara.map.
core_libdara_la_CFLAGS = $(AM_CFLAGS) -fvisibility=default
# Its own functions are called directly, not looked up by name at each start.
core_libdara_la_LIBADD = $(JANSSON_LIBS) $(CYAML_LIBS) $(YAML_LIBS) $(NETTLE_LIBS) $(LTDL_LIBS)
core_libdara_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 $(DARA_NO_UNDEFINED) \
  -Wl,--version-script=$(top_srcdir)/core/libdara.map -Wl,-Bsymbolic-functions
EXTRA_core_libdara_la_DEPENDENCIES = $(top_srcdir)/core/libdara.map
EXTRA_DIST += core/libdara.map

core_dara_SOURCES =
core_dara_CPPFLAGS = $(AM_CPPFLAGS) -DDARA_EDIT_LIBRARY='"$(EDIT_LIBRARY)"'
core_dara_LDADD = core/libdara.la $(JANSSON_LIBS)

daraincludedir = $(includedir)/dara
darainclude_HEADERS = core/include/dara/dara.h core/include/dara/driver.h core/include/dara/error.h \
  core/include/dara/model.h core/include/dara/policy.h core/include/dara/text.h
nodist_darainclude_HEADERS = core/include/dara/version.h

include $(srcdir)/core/base/local.mk
include $(srcdir)/core/model/local.mk
include $(srcdir)/core/driver/local.mk
include $(srcdir)/core/report/local.mk
include $(srcdir)/core/service/local.mk
include $(srcdir)/core/cli/local.mk
