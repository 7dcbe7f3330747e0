# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += core/service/context.h core/service/project.h core/service/snapshot.h core/service/migration.h core/service/show.h
core_libdara_la_SOURCES += core/service/project.c core/service/project-yaml.h core/service/project-yaml.c core/service/dotenv.c
core_libdara_la_SOURCES += core/service/context.c core/service/context-ask.c
core_libdara_la_SOURCES += core/service/run-error.h core/service/run-error.c
core_libdara_la_SOURCES += core/service/show.c core/service/migration.c
core_libdara_la_SOURCES += core/service/snapshot-parts.h core/service/snapshot-meta.c core/service/snapshot-store.c
core_libdara_la_SOURCES += core/service/snapshot-write.c core/service/snapshot-prune.c core/service/snapshot-verify.c
core_libdara_la_SOURCES += core/service/gate.h core/service/gate.c core/service/run.h core/service/run-pending.c
core_libdara_la_SOURCES += core/service/run-drift.c core/service/run-execute.c
core_libdara_la_SOURCES += core/service/migrate.h core/service/migrate.c core/service/migrate-rehearse.c
core_libdara_la_SOURCES += core/service/status.h core/service/status.c
core_libdara_la_SOURCES += core/service/run-sql-source.h core/service/run-sql-source.c
core_libdara_la_SOURCES += core/service/run-sql.h core/service/run-sql.c core/service/run-sql-rows.c
core_libdara_la_SOURCES += core/service/seed.h core/service/seed.c
core_libdara_la_SOURCES += core/service/setup.h core/service/setup.c core/service/setup-files.c core/service/setup-import.c
core_libdara_la_SOURCES += core/service/env-check.h core/service/env-check.c core/service/env-check-network.c
