# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += core/service/context.h core/service/project.h core/service/snapshot.h core/service/migration.h core/service/show.h
core_libdara_la_SOURCES += core/service/project.c core/service/project-yaml.h core/service/project-yaml.c core/service/dotenv.c
core_libdara_la_SOURCES += core/service/run-error.h core/service/run-error.c
core_libdara_la_SOURCES += core/service/context.c core/service/context-ask.c
core_libdara_la_SOURCES += core/service/run-sql-source.h core/service/run-sql-source.c
core_libdara_la_SOURCES += core/service/run-sql.h core/service/run-sql.c core/service/run-sql-rows.c
core_libdara_la_SOURCES += core/service/seed.h core/service/seed.c
