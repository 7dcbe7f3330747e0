# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += \
  core/base/alloc.h core/base/arena.h core/base/text.h core/base/url.h core/base/file.h core/base/clock.h \
  core/base/terminal.h core/base/signal.h core/base/suggest.h core/base/error.c core/base/error-keep.c core/base/error-keep.h \
  core/base/alloc.c core/base/arena.c core/base/text.c core/base/utf8.c core/base/url.c \
  core/base/file.c core/base/file-sweep.c core/base/path.c core/base/hash.c core/base/hash.h \
  core/base/line-diff.h core/base/line-diff.c core/base/clock.c core/base/terminal.c core/base/signal.c core/base/suggest.c
