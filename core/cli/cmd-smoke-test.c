/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/commands.h"
#include "service/smoke.h"

static int suite_of(const char *name, enum dara_smoke_suite *ret_suite)
{
    static const char *const names[] = {"basic", "standard", "comprehensive"};
    for (size_t i = 0; name && i < DARA_COUNT(names); i++)
        if (strcmp(name, names[i]) == 0) {
            *ret_suite = (enum dara_smoke_suite)(i + 1);
            return 0;
        }
    if (!name)
        return 0;
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, name);
    dara_error_set(DARA_EUSAGE, "there is no suite '%s'", dara_text_string(&shown));
    dara_error_hint("use basic, standard or comprehensive");
    return DARA_EUSAGE;
}

static int run(struct dara_call *call, struct dara_report *report)
{
    struct dara_smoke_request request = {
        .suite = DARA_SMOKE_STANDARD, .version = dara_call_argument(call, 0), .tests = dara_call_value(call, "tests")};
    dara_call_findings(call, NULL, &request.findings);
    int code = suite_of(dara_call_value(call, "suite"), &request.suite);
    return code ? code : dara_smoke_test(dara_call_context(call), &request, report);
}

static const struct dara_option options[] = {
    {"suite", 0, "SUITE", "basic, standard or comprehensive: each runs those before it, too (standard)", false,
     "basic standard comprehensive"},
    {"tests", 0, "PATH", "tests of your own: a file or folder (the project's folder tests)", false, NULL},
    DARA_OPTION_FINDINGS,
    {0},
};

const struct dara_command dara_command_smoke_test = {
    .name = "smoke-test",
    .aliases = "test",
    .group = "Migrate",
    .summary = "try whether a database works and is what dara left, without changing it",
    .arguments = "[VERSION]",
    .min = 0,
    .max = 1,
    .options = options,
    .description =
        "basic: the server answers, the history is in order, the schema is the one that the last run left, and the "
        "tests "
        "of the "
        "project pass. standard: security-audit finds no error, every table and view can be read, rows point to rows "
        "that are there, sequences are ahead of their rows, indexes and storage are sound, as far as the engine does "
        "not "
        "guarantee it by itself. comprehensive: the schema, made anew on a scratch database, is the same.\n\n"
        "A test of the project is a script in its folder tests: its statements give no row where all is well, or lines "
        "of "
        "TAP, as pgTAP's functions do. Each file runs in a transaction that is rolled back. What was not evaluated is "
        "said, and never counts as passed. With a VERSION the report is also written to tests/smoke-test-VERSION.md.",
    .example = "dara smoke-test\n"
               "dara smoke-test --suite comprehensive --format junit\n"
               "dara smoke-test 20261120093000 -e staging",
    .run = run,
};
