/* SPDX-License-Identifier: MIT */
/* The gate before a run: what destroys needs consent, and what cannot run as a migration is refused before anything is touched. */
#ifndef DARA_SERVICE_GATE_H
#define DARA_SERVICE_GATE_H

#include "report/report.h"
#include "service/migration.h"

/* How a file stands to its transaction: statements before it, statements after it, or none at all. */
struct dara_gate_shape {
    size_t leading;  /* session settings to run before begin */
    size_t trailing; /* session settings to run after commit */
    bool outside;    /* one statement that the engine refuses inside a transaction, and the engine keeps no journal */
    bool journaled;  /* runs statement by statement through the journal */
};

/* What becomes of files that no transaction holds. */
enum dara_gate_journal {
    DARA_GATE_NO_JOURNAL,    /* the driver keeps none */
    DARA_GATE_JOURNAL,       /* they are journaled */
    DARA_GATE_ALL_JOURNALED, /* every file is one */
};

/* Tell the shape of a file. DARA_EFILE with file and line: a session setting between other statements, a statement for outside
 * a transaction that is not alone and cannot be journaled. */
int dara_gate_shape(const struct dara_migration *migration, enum dara_gate_journal journal,
                    struct dara_gate_shape *ret_shape);

/* A hazard of a statement, met while going through migrations. */
struct dara_gate_hazard {
    const struct dara_migration *migration;
    size_t statement;
    const struct dara_fact_hazard *hazard;
    enum dara_rule_level level; /* error: it stops the run unless it is allowed */
    bool allowed;               /* by `allow`, or by a comment in the file */
};

/* Call `meet` for every hazard of one migration, but those about what it makes itself and those that dara.yaml turns off (`project` may
 * be NULL). `allow` is the NULL-ended list of --allow, or NULL. */
void dara_gate_hazards(const struct dara_project *project, const struct dara_migration *migration,
                       const char *const *allow, void (*meet)(void *context, const struct dara_gate_hazard *hazard),
                       void *context);

/* The same for one statement. */
void dara_gate_hazards_at(const struct dara_project *project, const struct dara_migration *migration, size_t statement,
                          const char *const *allow, void (*meet)(void *context, const struct dara_gate_hazard *hazard),
                          void *context);

/* Let the schema that is there tell what it knows of the statements, for the functions above and below. */
int dara_gate_weigh(struct dara_session *session, const struct dara_migration *const *migrations, size_t count);

/* Refuse what is of level error (what destroys, and what dara.yaml makes so) and not allowed: DARA_EREFUSED naming the first place, all of
 * them in the report and the detail. At a terminal the word DESTROY is asked for instead; -y never allows. The first `done` statements of the
 * first migration have run: what they destroyed is gone. */
int dara_gate_check(struct dara_context *context, const struct dara_migration *const *migrations, size_t count,
                    size_t done, const char *const *allow, struct dara_report *report);

/* Whether `rule` is in the NULL-ended list. */
bool dara_gate_listed(const char *const *allow, const char *rule);

#endif
