# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += core/model/model.h
core_libdara_la_SOURCES += \
  core/model/internal.h core/model/kind.c core/model/identity.c core/model/model.c core/model/object.c \
  core/model/finish.c core/model/write.c core/model/read.c core/model/fingerprint.c
core_libdara_la_SOURCES += \
  core/model/changes.h core/model/compare.c core/model/diff.c core/model/graph.c core/model/order.c
