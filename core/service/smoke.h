/* SPDX-License-Identifier: MIT */
/* smoke-test: whether a database works, and is what dara left. */
#ifndef DARA_SERVICE_SMOKE_H
#define DARA_SERVICE_SMOKE_H

#include "service/audit.h"

enum dara_smoke_suite { DARA_SMOKE_BASIC = 1, DARA_SMOKE_STANDARD = 2, DARA_SMOKE_COMPREHENSIVE = 3 };

struct dara_smoke_request {
    enum dara_smoke_suite suite;        /* and all below it */
    const char *version;                /* a report is written into the project's tests/ under this name; NULL = none */
    const char *tests;                  /* a file or folder of tests; NULL = the project's tests/, where it is there */
    struct dara_audit_request findings; /* what is known, and which level fails; no target */
};

/* Run the tests; nothing of the database changes. DARA_EDIFFERENT where one failed. */
int dara_smoke_test(struct dara_context *context, const struct dara_smoke_request *request, struct dara_report *report);

/* ---- what its files share ---- */

struct dara_smoke {
    struct dara_context *context;
    const struct dara_smoke_request *request;
    const struct dara_driver *driver;
    struct dara_session *session; /* reads */
    struct dara_model *model;     /* live */
    struct dara_probes *probes;
    struct dara_findings *findings;
    struct dara_report *report;
    size_t current; /* the rule of the test that runs */
};

/* Something is wrong, as printf: of an object of the model, or of what `subject` names; of a file, or NULL. */
void dara_smoke_found(struct dara_smoke *smoke, const struct dara_object *object, const char *subject, const char *file,
                      unsigned line, const char *format, ...) DARA_PRINTF(6, 7);
/* The test that runs was not evaluated. */
void dara_smoke_unknown(struct dara_smoke *smoke, const char *why);

/* smoke-files.c: the project's own tests. */
int dara_smoke_files(struct dara_smoke *smoke);

#endif
