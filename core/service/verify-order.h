/* SPDX-License-Identifier: MIT */
/* Does a script, or a folder of migrations, make everything before it is used? */
#ifndef DARA_SERVICE_VERIFY_ORDER_H
#define DARA_SERVICE_VERIFY_ORDER_H

#include "report/report.h"
#include "service/context.h"

struct dara_verify_order_request {
    const char *path;   /* a file: its statements are ordered; a folder: its migrations, each as a whole */
    const char *output; /* write the statements of a file in the proposed order there; must not exist; or NULL */
    bool offline;       /* do not look at the database */
};

/* DARA_EDIFFERENT (without words) when something was found. With a connection, objects of the database count as made and
 * migrations of its history as done. */
int dara_verify_order(struct dara_context *context, const struct dara_verify_order_request *request,
                      struct dara_report *report);

#endif
