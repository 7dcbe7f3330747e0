/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "cli/call.h"
#include "cli/commands.h"

struct test {
    struct dara_report *report;
    const struct dara_command *command;
    size_t commands, options, faults;
};

static void fault(struct test *test, const char *format, ...) DARA_PRINTF(2, 3);
static void fault(struct test *test, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    dara_report_note(test->report, DARA_NOTE_ERROR, "%s: %s", test->command ? test->command->name : "global options",
                     text);
    test->faults++;
}

/* One line, lowercase (an abbreviation or a name may begin it), no final stop. */
static void check_phrase(struct test *test, const char *what, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (!length)
        fault(test, "%s is missing", what);
    else if (text[length - 1] == '.' || text[length - 1] == ' ' || strchr(text, '\n'))
        fault(test, "%s must be one line without a final stop", what);
    else if (isupper((unsigned char)text[0]) && length > 1 && islower((unsigned char)text[1]))
        fault(test, "%s must be lowercase", what);
}

static void check_name(struct test *test, const char *what, const char *name)
{
    size_t length = strlen(name);
    if (!length || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != length)
        fault(test, "%s '%s' is not made of lowercase letters, digits and hyphens", what, name);
}

/* ---- options ----------------------------------------------------------------------------------------------------------------- */

static void check_option(struct test *test, const struct dara_option *options, const struct dara_option *option)
{
    test->options++;
    DARA_FREE char *what = dara_format("help of --%s", option->name);
    check_name(test, "option", option->name);
    check_phrase(test, what, option->help);
    if (option->values && !option->argument)
        fault(test, "--%s has values but takes none", option->name);
    for (const struct dara_option *o = options; o < option; o++) {
        if (strcmp(o->name, option->name) == 0)
            fault(test, "option --%s stands twice", option->name);
        if (option->letter && o->letter == option->letter)
            fault(test, "--%s and --%s share the letter %c", o->name, option->name, option->letter);
    }
    if (options == dara_global_options)
        return;
    const struct dara_option *global = dara_option_find(NULL, option->name, strlen(option->name));
    if (global && (!global->argument != !option->argument || global->letter != option->letter))
        fault(test, "--%s hides the global option of that name, of another form", option->name);
    global = option->letter ? dara_option_find_letter(NULL, option->letter) : NULL;
    if (global && strcmp(global->name, option->name) != 0)
        fault(test, "-%c of --%s is that of the global option --%s", option->letter, option->name, global->name);
}

static void check_options(struct test *test, const struct dara_option *options)
{
    for (const struct dara_option *o = options; o && o->name; o++)
        check_option(test, options, o);
}

/* ---- arguments --------------------------------------------------------------------------------------------------------------- */

/* "A [B] [C…]": how many there are at least and at most (-1: any). "A B|C" has two: a bar joins. */
static void count_arguments(const char *arguments, int *ret_min, int *ret_max)
{
    int min = 0, max = 0;
    for (const char *s = arguments; *(s += strspn(s, " "));) {
        size_t length = strcspn(s, " ");
        bool optional = *s == '[';
        bool many = false;
        for (size_t i = 0; i < length; i++)
            many |= strncmp(s + i, "\xe2\x80\xa6", 3) == 0;
        min += !optional;
        max = many || max < 0 ? -1 : max + 1;
        s += length;
    }
    *ret_min = min;
    *ret_max = max;
}

static void check_arguments(struct test *test)
{
    const struct dara_command *command = test->command;
    if (!command->arguments) {
        fault(test, "arguments is NULL; write \"\" for none");
        return;
    }
    if (command->max >= 0 && command->min > command->max)
        fault(test, "min is above max");
    int min = 0, max = 0;
    count_arguments(command->arguments, &min, &max);
    if (min != command->min || max != command->max)
        fault(test, "'%s' names %d to %d arguments, but min is %d and max is %d", command->arguments, min, max,
              command->min, command->max);
}

/* ---- examples ---------------------------------------------------------------------------------------------------------------- */

/* An example must parse: no option or argument of it may be unknown. Lines that are no call of dara are not looked at. */
static void check_example_line(struct test *test, const char *line)
{
    char **words = NULL;
    size_t count = 0;
    if (dara_words_split(line, false, &words, &count)) {
        fault(test, "example '%s': %s", line, dara_error_last()->message);
        return;
    }
    bool plain = count > 1 && strcmp(words[0], "dara") == 0;
    for (size_t i = 1; i < count && plain; i++) {
        if (strchr("|<>&;#", words[i][0])) {
            count = i;
            break;
        }
    }
    if (plain) {
        struct dara_call call;
        if (dara_call_parse(&call, count - 1, (const char *const *)(words + 1)))
            fault(test, "example '%s': %s", line, dara_error_last()->message);
        dara_call_done(&call);
    }
    free(words);
}

static void check_example(struct test *test)
{
    if (!test->command->example || !*test->command->example) {
        fault(test, "there is no example");
        return;
    }
    DARA_FREE char *example = dara_strdup(test->command->example);
    bool named = false;
    for (char *line = example, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        named |= strstr(line, test->command->name) != NULL;
        check_example_line(test, line);
    }
    if (!named)
        fault(test, "the example does not use the command");
}

/* ---- commands ---------------------------------------------------------------------------------------------------------------- */

static void check_alias(void *context, const char *alias)
{
    struct test *test = context;
    check_name(test, "alias", alias);
    if (dara_command_find(alias) != test->command)
        fault(test, "alias '%s' is the name of another command", alias);
}

static void check_command(struct test *test)
{
    const struct dara_command *command = test->command;
    test->commands++;
    check_name(test, "name", command->name);
    if (dara_command_find(command->name) != command)
        fault(test, "another command has this name");
    dara_words_each(command->aliases, check_alias, test);
    for (const struct dara_command *const *c = dara_commands; *c; c++)
        if (*c != command && (*c)->aliases && dara_words_hold((*c)->aliases, command->name))
            fault(test, "%s has this name as an alias", (*c)->name);
    if (!command->group || !*command->group)
        fault(test, "group is missing");
    if (!command->run)
        fault(test, "run is missing");
    if (!command->description || !*command->description)
        fault(test, "description is missing");
    check_phrase(test, "summary", command->summary);
    check_arguments(test);
    check_options(test, command->options);
    check_example(test);
}

static int run(DARA_UNUSED struct dara_call *call, struct dara_report *report)
{
    struct test test = {.report = report};
    check_options(&test, dara_global_options);
    for (const struct dara_command *const *c = dara_commands; *c; c++) {
        test.command = *c;
        check_command(&test);
    }
    dara_report_int(report, "commands", "commands", (int64_t)test.commands);
    dara_report_int(report, "options", "options", (int64_t)test.options);
    dara_report_int(report, "faults", "faults", (int64_t)test.faults);
    if (test.faults)
        return dara_error_set(DARA_EINTERNAL, "the command table has %zu faults", test.faults);
    return 0;
}

const struct dara_command dara_command_self_test = {
    .name = "self-test",
    .group = "Help",
    .summary = "check the command table",
    .arguments = "",
    .flags = DARA_COMMAND_HIDDEN | DARA_COMMAND_NO_PROJECT,
    .description = "Checks that names, aliases and letters are unique, that every command and option has its help, "
                   "that the arguments "
                   "agree with their least and greatest number, and that every example parses.",
    .example = "dara self-test",
    .run = run,
};
