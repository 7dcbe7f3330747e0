/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/call.h"
#include "cli/commands.h"
#include "service/migrate.h"

static int read_transaction(const struct dara_call *call, bool *ret_each)
{
    const char *value = dara_call_value(call, "transaction");
    *ret_each = value && !strcmp(value, "each");
    return 0;
}

static int read_rehearse(const struct dara_call *call, int64_t *ret_above)
{
    const char *value = dara_call_value(call, "rehearse");
    if (!value || dara_project_rehearse_parse(value, ret_above))
        return 0;
    DARA_FREE char *shown = dara_call_visible(value, strlen(value));
    int code = dara_error_set(DARA_EUSAGE, "'%s' is neither always nor never nor a size for '--rehearse'", shown);
    dara_error_hint("write a size as 64MB or 2GB");
    return code;
}

static int run(struct dara_call *call, struct dara_report *report)
{
    DARA_FREE const char **allow = dara_call_list(call, "allow");
    struct dara_migrate_options options = {
        .path = dara_call_argument(call, 0),
        .allow = allow,
        .snapshots = !dara_call_given(call, "no-snapshot"),
        .data = dara_call_given(call, "data"),
        .out_of_order = dara_call_given(call, "out-of-order"),
        .rls_gate = dara_call_given(call, "rls-gate"),
        .resume = dara_call_given(call, "resume"),
        .doubt = dara_call_value(call, "doubt"),
    };
    int code = read_transaction(call, &options.each);
    code = code ? code : read_rehearse(call, &options.rehearse_above);
    if (code)
        return code;
    if (options.data && !options.snapshots)
        return dara_error_set(DARA_EUSAGE, "--data and --no-snapshot exclude each other");
    if (options.resume + dara_call_given(call, "abandon") + dara_call_given(call, "dry-run") > 1)
        return dara_error_set(DARA_EUSAGE, "--resume, --abandon and --dry-run exclude each other");
    if (options.rls_gate && (options.resume || dara_call_given(call, "abandon")))
        return dara_error_set(DARA_EUSAGE,
                              "--rls-gate looks at a whole run: it does not go with --resume or --abandon");
    if (options.doubt && !options.resume)
        return dara_error_set(DARA_EUSAGE, "--doubt goes with --resume");
    struct dara_context *context = dara_call_context(call);
    context->direct = true;
    if (dara_call_given(call, "dry-run"))
        return dara_migrate_rehearse(context, &options, report);
    if (dara_call_given(call, "abandon"))
        return dara_migrate_abandon(context, &options, report);
    return dara_migrate_apply(context, &options, report);
}

static const struct dara_option options[] = {
    {"allow", 0, "RULE", "agree to what this rule guards: a rule's name, edited or drift", true, NULL},
    {"no-snapshot", 0, NULL, "take no snapshots before and after", false, NULL},
    {"data", 0, NULL, "put the rows into the snapshots too", false, NULL},
    {"transaction", 0, "WHAT", "all: one transaction for the whole run (the default); each: one for each file", false,
     "all each"},
    {"out-of-order", 0, NULL, "also apply versions older than the newest applied one", false, NULL},
    {"rls-gate", 0, NULL, "commit nothing where users come to reach more rows than before, unless --allow names it",
     false, NULL},
    {"resume", 0, NULL, "go on with a run that stopped part-way", false, NULL},
    {"abandon", 0, NULL, "take the schema back to what it was before the migration that stopped part-way", false, NULL},
    {"doubt", 0, "WHAT", "what to take for true of a statement in doubt where the database does not tell: done, again",
     false, "done again"},
    {"rehearse", 0, "WHEN",
     "where a failure cannot be rolled back, rehearse first: always, never, or above this size of a table (64MB)",
     false, NULL},
    {"dry-run", 0, NULL, "do as dry-run does", false, NULL},
    {0},
};

const struct dara_command dara_command_apply_migration = {
    .name = "apply-migration",
    .aliases = "apply",
    .group = "Migrate",
    .summary = "apply a migration file, or all of a folder that are pending",
    .arguments = "[PATH]",
    .min = 0,
    .max = 1,
    .flags = DARA_COMMAND_WRITES,
    .options = options,
    .description =
        "PATH is a file, or a folder of which all pending files are applied in the order of their versions; "
        "without PATH, the "
        "project's migrations.\n\n"
        "With --rls-gate it is found out inside the transaction what users reach under row-level security, as "
        "test-as-user does, before the first statement and behind the last. Where that has become wider, "
        "nothing is committed, unless --allow 'USER:COMMAND:SCHEMA.TABLE' names it ('*' stands for any).\n\n"
        "The files are read and checked before anything is touched. Statements that destroy rows are "
        "refused unless --allow "
        "RULE, or a comment '-- dara:allow RULE reason' on the statement's line or the one above it, agrees "
        "to them; --yes "
        "does not. Then comes the lock, a check that the schema is still what the last run left, a "
        "snapshot, the statements, "
        "the record in the history, a second snapshot and the difference. The snapshot before holds the "
        "rows of what the "
        "run may destroy.\n\n"
        "Where the engine can take schema changes back, the whole run is one transaction: after a failure "
        "the schema and the history are what they were before. A transaction that meets a lock of another "
        "session lets go of everything after a second at most and is tried again from its start, until "
        "--lock-timeout is used up: then exit 5, naming the session. What no rollback takes back is never "
        "done twice.\n\n"
        "Files that no transaction holds (CREATE INDEX CONCURRENTLY, and every file where the engine "
        "commits each change of the schema by itself) run statement by statement, each recorded before and "
        "after in the table dara_journal of the database. After a failure the schema is taken back where "
        "that destroys nothing (exit 6); else the run stops and says what is done, what failed and what is "
        "left (exit 7). --resume goes on from there, also after the process or the connection was lost: "
        "statements that ran must be unchanged, those that did not may be mended. --abandon goes back to "
        "the schema before the migration, and asks for the word ROLLBACK as rollback does. Until then "
        "nothing else is applied.\n\n"
        "Where the engine commits each change of the schema by itself and a table that the files change "
        "has 64 MB or more, they are rehearsed first as dry-run does it: on a scratch copy, with a look "
        "into the real rows for what a change would fail on. What is found ends the run before anything "
        "was touched. --rehearse, or 'rehearse:' in dara.yaml, sets another size, always, or never.",
    .example = "dara apply-migration\n"
               "dara apply-migration db/migrations/20261120093000_add_orders.sql\n"
               "dara apply --allow drop-table --no-snapshot\n"
               "dara apply-migration --resume",
    .complete = "file",
    .run = run,
};
