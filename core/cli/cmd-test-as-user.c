/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "cli/commands.h"
#include "service/act.h"

#define ROWS 100

static int check(const struct dara_call *call)
{
    static const char *const matrix[] = {"matrix", "table", "rows", "reads", "fire-triggers", "save", "against"};
    for (size_t i = 0; dara_call_given(call, "sql") && i < DARA_COUNT(matrix); i++)
        if (dara_call_given(call, matrix[i]))
            return dara_error_set(DARA_EUSAGE, "--sql runs statements, and --%s is about the matrix", matrix[i]);
    return 0;
}

static int run(struct dara_call *call, struct dara_report *report)
{
    long rows = ROWS, limit = 0;
    int code = check(call);
    if (!code)
        code = dara_call_number(call, "rows", ROWS, &rows);
    if (!code)
        code = dara_call_number(call, "limit", 0, &limit);
    if (!code && rows == 0)
        code = dara_error_set(DARA_EUSAGE, "--rows must be at least 1");
    if (code)
        return code;
    DARA_FREE const char **tables = dara_call_given(call, "table") ? dara_call_list(call, "table") : NULL;
    const struct dara_act_request request = {.user = dara_call_argument(call, 0),
                                             .role = dara_call_value(call, "role"),
                                             .setting = dara_call_value(call, "setting"),
                                             .claims = {.text = dara_call_value(call, "claims"),
                                                        .secret_env = dara_call_value(call, "jwt-secret-env"),
                                                        .expired = dara_call_given(call, "allow-expired")},
                                             .sql = dara_call_value(call, "sql"),
                                             .limit = (size_t)limit,
                                             .others = dara_call_value(call, "matrix"),
                                             .tables = tables,
                                             .rows = (unsigned long)rows,
                                             .reads = dara_call_given(call, "reads"),
                                             .fires = dara_call_given(call, "fire-triggers"),
                                             .save = dara_call_value(call, "save"),
                                             .against = dara_call_value(call, "against")};
    return dara_test_as_user(dara_call_context(call), &request, report);
}

static const struct dara_option options[] = {
    {"role", 0, "ROLE", "the role to act in (else found by USER)", false, NULL},
    {"claims", 0, "CLAIMS", "what its token says: a JSON object, a token (JWT), or a file that holds one", false, NULL},
    {"jwt-secret-env", 0, "NAME", "check the token with the secret in this variable", false, NULL},
    {"allow-expired", 0, NULL, "take a token whose time is over", false, NULL},
    {"setting", 0, "NAME", "the setting that tells policies who asks (app.user_id)", false, NULL},
    {"sql", 0, "SQL|FILE", "run this as the user, and show its rows", false, NULL},
    {"limit", 0, "N", "with --sql: rows shown of each statement, 0 for all (all)", false, NULL},
    {"matrix", 0, "NAMES", "compare with more users or roles: NAME,NAME,ROLE=USER", false, NULL},
    {"table", 0, "TABLE", "only this table", true, NULL},
    {"rows", 0, "N", "try so many rows of each table (100)", false, NULL},
    {"reads", 0, NULL, "try no writes", false, NULL},
    {"fire-triggers", 0, NULL, "write also where a trigger may reach out of the database", false, NULL},
    {"save", 0, "FILE", "keep the matrix in this file", false, NULL},
    {"against", 0, "FILE", "exit status 1 where access is wider than in this file", false, NULL},
    {0},
};

const struct dara_command dara_command_test_as_user = {
    .name = "test-as-user",
    .aliases = "impersonate",
    .group = "Security",
    .summary = "see what a user may read and write",
    .arguments = "USER",
    .min = 1,
    .max = 1,
    .options = options,
    .description =
        "Acts as USER in a transaction that is always taken back. Without --sql, it shows for each table and each of "
        "select, insert, "
        "update and delete how many of the rows there are within reach, and by which policies: '3 of 10'; '0 of 10' "
        "where the others are left out in silence; 'denied' where the right is missing, or the policies refuse every "
        "row; "
        "'error' where the policies fail.\n\n"
        "Writes are tried on real rows (an insert on copies of them) one by one where one statement does not tell, and "
        "each is taken back. "
        "Triggers run. Where one may reach out of the database (another connection, the network, a file, an untrusted "
        "language), "
        "nothing is written unless --fire-triggers is given. Of tables with more rows than --rows only so many are "
        "tried. "
        "A sequence does not take back its numbers, and rows that are written are locked until the end of the "
        "command.\n\n"
        "USER is a role; where the platform keeps users, also one of them by id or e-mail address, with the claims "
        "that its token would have; an id of nobody is a made-up user. Elsewhere, with --role, USER is what the "
        "setting app.user_id (--setting) tells policies. Claims are in the setting request.jwt.claims.\n\n"
        "Functions that policies call run as that role, but in a session of the one who connected: connect as somebody "
        "with no more power "
        "than needed where you do not trust them.",
    .example = "dara test-as-user anon\n"
               "dara test-as-user alice@example.com --sql 'select * from orders'\n"
               "dara test-as-user anon --matrix authenticated,alice@example.com --save access.json\n"
               "dara test-as-user anon --matrix authenticated,alice@example.com --against access.json",
    .run = run,
};
