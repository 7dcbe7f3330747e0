/* SPDX-License-Identifier: MIT */
/* Everything between the user and a working connection, checked one thing after the other. */
#ifndef DARA_SERVICE_ENV_CHECK_H
#define DARA_SERVICE_ENV_CHECK_H

#include "report/report.h"
#include "service/context.h"

/* Fills the report with a table of checks and what to do. DARA_EDIFFERENT (without words) when one failed, DARA_ECONNECT when
 * there is no connection, DARA_ECONFIG when dara.yaml or .env cannot be read. Never shows a variable's value. */
int dara_env_check(struct dara_context *context, struct dara_report *report);

/* Resolve `host` and connect to it, 5 s at the most for each address. `host` may be a list h1:p1,h2. Adds to `checks`. */
void dara_env_check_network(const struct dara_url *url, struct dara_checks *checks);

#endif
