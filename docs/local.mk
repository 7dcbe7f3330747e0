# SPDX-License-Identifier: MIT
# Manual pages: those of commands are written by the command just built, from its table, so none is missing and none is stale.
dist_man5_MANS = docs/man/dara.yaml.5

# automake defines it only where it installs pages of section 1 itself
man1dir = $(mandir)/man1
man_pages = doc-man/stamp
$(man_pages): core/dara$(EXEEXT) core/libdara.la
	$(AM_V_GEN)$(MKDIR_P) doc-man && rm -f doc-man/*.1 && \
	core/dara man-page >doc-man/dara.1 && core/dara man-page --list >doc-man/list && \
	while read -r name; do core/dara man-page "$$name" >"doc-man/dara-$$name.1" || exit 1; done <doc-man/list && \
	touch $@
all-local: $(man_pages)

install-data-local: $(man_pages)
	$(MKDIR_P) "$(DESTDIR)$(man1dir)"
	$(INSTALL_DATA) doc-man/*.1 "$(DESTDIR)$(man1dir)"
uninstall-local:
	for page in doc-man/*.1; do rm -f "$(DESTDIR)$(man1dir)/$${page#doc-man/}"; done
clean-local:
	rm -rf doc-man

# JSON Schemas of the documents that --format json prints
schemadir = $(datadir)/dara/schemas
dist_schema_DATA = docs/schemas/common.schema.json
dist_schema_DATA += docs/schemas/drivers.schema.json
dist_schema_DATA += docs/schemas/apply-migration.schema.json docs/schemas/dry-run.schema.json
dist_schema_DATA += docs/schemas/status.schema.json docs/schemas/snapshot.schema.json

# A driver outside the tree; tests/cli/out-of-tree.sh builds it against the installed dara
EXTRA_DIST += docs/DRIVERS.md
EXTRA_DIST += docs/examples/csv/Makefile docs/examples/csv/README.md
EXTRA_DIST += docs/examples/csv/csv.c docs/examples/csv/csv.h docs/examples/csv/reader.c
EXTRA_DIST += docs/ARCHITECTURE.md docs/HACKING.md docs/MYSQL.md docs/RULES.md
dist_schema_DATA += docs/schemas/diff.schema.json docs/schemas/rollback.schema.json
dist_schema_DATA += docs/schemas/compare-schemas.schema.json docs/schemas/create-migration.schema.json
dist_schema_DATA += docs/schemas/bootstrap.schema.json docs/schemas/setup-database.schema.json docs/schemas/env-check.schema.json
dist_schema_DATA += docs/schemas/findings.schema.json docs/schemas/security-audit.schema.json docs/schemas/lint.schema.json docs/schemas/smoke-test.schema.json docs/schemas/run-sql.schema.json docs/schemas/seed.schema.json docs/schemas/verify-order.schema.json
dist_schema_DATA += docs/schemas/access.schema.json docs/schemas/test-as-user.schema.json docs/schemas/policy-apply.schema.json

# configure cleans up by removing a file called core first, and stops there, since core is a folder of ours.
DISTCLEANFILES = confdefs.h
