/* SPDX-License-Identifier: MIT */
#include "cli/commands.h"
#include "service/verify-order.h"

static int run(struct dara_call *call, struct dara_report *report)
{
    struct dara_verify_order_request request = {.path = dara_call_argument(call, 0),
                                                .output = dara_call_value(call, "output"),
                                                .offline = dara_call_given(call, "offline")};
    return dara_verify_order(dara_call_context(call), &request, report);
}

static const struct dara_option options[] = {
    {"offline", 0, NULL, "do not look at the database", false, NULL},
    {"output", 'o', "FILE", "write the statements of a file in the proposed order to a new file", false, NULL},
    {NULL, 0, NULL, NULL, false, NULL},
};

const struct dara_command dara_command_verify_order = {
    .name = "verify-order",
    .group = "Migrate",
    .summary = "find what is used before it is made, dropped while needed, made twice, or in a circle",
    .arguments = "PATH",
    .min = 1,
    .max = 1,
    .options = options,
    .description = "Reads a script, or a folder of migrations, without running anything: which objects are made, "
                   "changed, used and "
                   "dropped, where that is in the wrong order, and an order that works, moving as little as possible. "
                   "In a script, "
                   "statements are ordered; in a folder, whole files.\n"
                   "\n"
                   "With a connection, the objects of the database count as made and its applied migrations as done. "
                   "Exit status 1 when "
                   "something is found.",
    .example = "dara verify-order db/migrations\ndara verify-order schema.sql --offline --output ordered.sql",
    .complete = "file",
    .run = run,
};
