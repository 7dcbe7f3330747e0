/* SPDX-License-Identifier: MIT */
/* Being another user, in a transaction that is always taken back: test-as-user. */
#ifndef DARA_SERVICE_ACT_H
#define DARA_SERVICE_ACT_H

#include "report/report.h"
#include "service/context.h"
#include "service/token.h"

struct dara_act_request {
    const char *user;                  /* must */
    const char *role;                  /* NULL: found by the user's name or the claims */
    const char *setting;               /* the setting that tells policies who asks; NULL = the usual one */
    struct dara_claims_request claims; /* text NULL: none */
    const char *sql;                   /* a script, as for run-sql; NULL: the matrix */
    size_t limit;                      /* rows shown of each statement, 0 = all */
    const char *others;                /* more actors beside the user, "a,b,role=user"; NULL = none */
    const char *const *tables;         /* only these, NULL-ended; NULL = all */
    unsigned long rows;                /* rows of each table that are tried */
    bool reads;                        /* try no writes */
    bool fires;                        /* also on tables with triggers that reach out */
    const char *save, *against;        /* files of matrices, or NULL */
};

/* Run the script as the user, or find the matrix, and put it into the report. DARA_EUSAGE: no such user or role; DARA_ESTATEMENT: the script
 * failed; DARA_EDIFFERENT: access is wider than in `against`. Nothing is changed, whatever comes of it. */
int dara_test_as_user(struct dara_context *context, const struct dara_act_request *request, struct dara_report *report);

#endif
