# SPDX-License-Identifier: MIT
# Flags common to all drivers: one exported function, everything bound at load time, nothing undefined.
DRIVER_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared $(DARA_NO_UNDEFINED) -Wl,-z,now
DRIVER_LIBADD = core/libdara.la

include $(srcdir)/drivers/sqlite/local.mk
include $(srcdir)/drivers/postgres/local.mk
include $(srcdir)/drivers/supabase/local.mk
include $(srcdir)/drivers/mysql/local.mk
include $(srcdir)/drivers/mongodb/local.mk
