# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += core/service/context.h core/service/project.h core/service/snapshot.h core/service/migration.h core/service/show.h
