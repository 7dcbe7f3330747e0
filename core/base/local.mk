# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += \
  core/base/alloc.h core/base/arena.h core/base/text.h core/base/url.h core/base/file.h core/base/clock.h \
  core/base/terminal.h core/base/signal.h core/base/error.c
