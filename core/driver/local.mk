# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += core/driver/session.h core/driver/internal.h
core_libdara_la_SOURCES += core/driver/loader.c core/driver/registry.c core/driver/check.c
core_libdara_la_SOURCES += core/driver/dispatch.c core/driver/checks.c core/driver/plan.c core/driver/plan-make.c
core_libdara_la_SOURCES += core/driver/session.c core/driver/session-apply.c core/driver/session-execute.c core/driver/session-journal.c
core_libdara_la_SOURCES += core/driver/session-dialect.c
core_libdara_la_SOURCES += core/driver/session-observe.c core/driver/session-sizes.c core/driver/session-search.c
core_libdara_la_SOURCES += core/driver/session-audit.c core/driver/probes.c
core_libdara_la_SOURCES += core/driver/session-policy.c
