/* SPDX-License-Identifier: MIT */
#include "cli/call.h"
#include "cli/commands.h"
#include "service/migrate.h"

#define LOCK_TIMEOUT_MS 2000 /* short: a rehearsal must not hold up those who work */

static int run(struct dara_call *call, struct dara_report *report)
{
    struct dara_context *context = dara_call_context(call);
    const char *timeout = dara_call_value(call, "lock-timeout");
    struct dara_migrate_options options = {
        .path = dara_call_argument(call, 0),
        .out_of_order = dara_call_given(call, "out-of-order"),
    };
    context->direct = true;
    context->lock_timeout_ms = LOCK_TIMEOUT_MS;
    int code = timeout ? dara_timeout_parse("lock-timeout", timeout, &context->lock_timeout_ms) : 0;
    return code ? code : dara_migrate_rehearse(context, &options, report);
}

static const struct dara_option options[] = {
    {"lock-timeout", 0, "TIME", "how long to wait for locks (2s)", false, NULL},
    {"out-of-order", 0, NULL, "also run versions older than the newest applied one", false, NULL},
    {0},
};

const struct dara_command dara_command_dry_run = {
    .name = "dry-run",
    .aliases = "test-migration",
    .group = "Migrate",
    .summary = "run migrations where they are taken back, and show what they change",
    .arguments = "[PATH]",
    .min = 0,
    .max = 1,
    .options = options,
    .description =
        "Runs what apply-migration would run, on the real database, inside a transaction that dara cannot "
        "commit, and reads the "
        "schema from inside it: the difference shown is the one that would be, not a guess. Each statement "
        "is listed with its "
        "line, time and rows; tables whose rows are all written again and what would be refused are named. Where "
        "the engine tells it, so are the locks taken and what they block, the sessions they stop, and what "
        "no rollback takes back (numbers of sequences, effects in other places). A lock that another "
        "session holds is waited for shortly; the error names the session. "
        "Afterwards everything is rolled back. Statements that cannot run inside a transaction are left out, and "
        "listed.\n\n"
        "Where the engine cannot take schema changes back the files run on a scratch database with the same schema and "
        "none of the rows. What a change would fail on (duplicates, NULLs, values that do not fit, orphans) is then "
        "looked for in the real rows, by queries that only read. Where the engine can be asked, it is said for each "
        "statement which algorithm and lock it uses, what of the real table is written, and whether that takes no time "
        "(instant), seconds (short) or more (long).\n\n"
        "An environment marked production needs --confirm NAME.",
    .example = "dara dry-run\ndara dry-run db/migrations/20261120093000_add_orders.sql",
    .complete = "file",
    .run = run,
};
