# SPDX-License-Identifier: MIT
# A unit test: tests/unit/test-NAME.c, one cmocka group, printed as TAP. Add its name to UNIT_TESTS and, below, its sources.
include $(srcdir)/tests/servers/local.mk
include $(srcdir)/tests/unit/local.mk
include $(srcdir)/tests/cli/local.mk
include $(srcdir)/tests/drivers/local.mk
include $(srcdir)/tests/conformance/local.mk
include $(srcdir)/tests/fuzz/local.mk
