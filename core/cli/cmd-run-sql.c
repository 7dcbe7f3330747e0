/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "cli/commands.h"
#include "service/run-sql.h"

#define ROWS_AT_A_TERMINAL 1000

static int write_out(void *context, const char *bytes, size_t length)
{
    FILE *file = context;
    if (fwrite(bytes, 1, length, file) == length)
        return 0;
    int number = errno;
    int code = dara_error_set(DARA_EFILE, "cannot write to standard output");
    dara_error_native("%s", number == EPIPE ? "EPIPE" : "");
    return code;
}

static int run(struct dara_call *call, struct dara_report *report)
{
    const char *format = dara_call_value(call, "format");
    bool csv = dara_call_given(call, "csv");
    bool text = !csv && (!format || strcmp(format, "json") != 0);
    long limit = 0;
    int code = dara_call_number(call, "limit", text ? ROWS_AT_A_TERMINAL : 0, &limit);
    if (code)
        return code;
    if (csv && format && strcmp(format, "text") != 0)
        return dara_error_set(DARA_EUSAGE, "--csv and --format exclude each other");
    struct dara_run_sql_request request = {.script = dara_call_argument(call, 0),
                                           .input = stdin,
                                           .write = dara_call_given(call, "write"),
                                           .rollback =
                                               dara_call_given(call, "rollback") || dara_call_given(call, "dry-run"),
                                           .limit = (size_t)limit,
                                           .csv = csv ? write_out : NULL,
                                           .csv_context = stdout};
    return dara_run_sql(dara_call_context(call), &request, report);
}

static const struct dara_option options[] = {
    {"write", 0, NULL, "agree beforehand to statements that write", false, NULL},
    {"rollback", 0, NULL, "try it: run, show what it does, take it back", false, NULL},
    {"dry-run", 0, NULL, "the same as --rollback", false, NULL},
    {"limit", 0, "N", "rows shown of each statement, 0 for all (1000 in text, else all)", false, NULL},
    {"csv", 0, NULL, "rows as CSV (RFC 4180), and nothing else on standard output", false, NULL},
    {NULL, 0, NULL, NULL, false, NULL},
};

const struct dara_command dara_command_run_sql = {
    .name = "run-sql",
    .group = "Data",
    .summary = "run statements in one transaction: read-only unless they must write and you agree",
    .arguments = "FILE|SQL",
    .min = 1,
    .max = 1,
    .options = options,
    .description =
        "The argument is the path of a script where there is such a file, '-' for standard input, else the statements "
        "themselves. Statements that only read run in a session which the server holds read-only. Anything else is "
        "shown with "
        "its dangers and asks before it runs, in one transaction: if a statement fails, nothing is changed. An "
        "environment "
        "marked production asks for its name as well.\n"
        "\n"
        "A null is shown as '-', is null in JSON, and is an empty field in CSV (an empty text is \"\" there). Bytes "
        "are shown "
        "as \\x and hexadecimal digits.",
    .example =
        "dara run-sql 'select count(*) from orders'\ndara run-sql --rollback 'delete from orders where total = 0'\n"
        "dara run-sql report.sql --csv > report.csv",
    .complete = "file",
    .run = run,
};
