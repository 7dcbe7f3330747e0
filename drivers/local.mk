# SPDX-License-Identifier: MIT
# Flags common to all drivers: one exported function, everything bound at load time, nothing undefined.
DRIVER_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -no-undefined -Wl,-z,defs -Wl,-z,now
DRIVER_LIBADD = core/libdara.la

include $(srcdir)/drivers/sqlite/local.mk
