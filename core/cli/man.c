/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <dara/version.h>

#include "cli/call.h"

/* Text of a roff line: backslashes, hyphens (which a terminal must show as typed) and what begins a request are escaped. */
static void add_roff(struct dara_text *out, const char *text)
{
    bool begin = true;
    for (const char *s = text; *s; s++) {
        if (begin && (*s == '.' || *s == '\''))
            dara_text_add(out, "\\&");
        if (*s == '\\')
            dara_text_add(out, "\\e");
        else if (*s == '-')
            dara_text_add(out, "\\-");
        else if (*s == '\'')
            dara_text_add(out, "\\(aq");
        else
            dara_text_add_bytes(out, s, 1);
        begin = *s == '\n';
    }
}

static void add_title(struct dara_text *out, const char *name, const char *summary)
{
    dara_text_add(out, ".\\\" Written by 'dara man-page' from the command table.\n.TH ");
    for (const char *s = name; *s; s++)
        dara_text_format(out, "%c", *s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s);
    dara_text_add(out, " 1 \"\" \"dara " DARA_VERSION "\" \"dara manual\"\n.SH NAME\n");
    add_roff(out, name);
    dara_text_add(out, " \\- ");
    add_roff(out, summary);
    dara_text_add(out, "\n");
}

/* Paragraphs; lines that begin with a space are shown as they stand. */
static void add_paragraphs(struct dara_text *out, const char *text)
{
    bool kept = false;
    while (*text) {
        size_t length = strcspn(text, "\n");
        DARA_FREE char *line = dara_strndup(text, length);
        bool keep = *line == ' ';
        if (keep != kept)
            dara_text_add(out, keep ? ".PP\n.nf\n" : ".fi\n");
        kept = keep;
        if (*line)
            add_roff(out, line);
        else if (!kept)
            dara_text_add(out, ".PP");
        dara_text_add(out, "\n");
        text += length + (text[length] ? 1 : 0);
    }
    if (kept)
        dara_text_add(out, ".fi\n");
}

static void add_options(struct dara_text *out, const char *title, const struct dara_option *options)
{
    dara_text_format(out, ".SH %s\n", title);
    for (const struct dara_option *o = options; o->name; o++) {
        dara_text_add(out, ".TP\n");
        if (o->letter)
            dara_text_format(out, "\\fB\\-%c\\fR, ", o->letter);
        dara_text_add(out, "\\fB\\-\\-");
        add_roff(out, o->name);
        dara_text_add(out, "\\fR");
        if (o->argument) {
            dara_text_add(out, " \\fI");
            add_roff(out, o->argument);
            dara_text_add(out, "\\fR");
        }
        dara_text_add(out, "\n");
        add_roff(out, o->help);
        if (o->repeats && o->argument)
            dara_text_add(out, " (may be repeated)");
        dara_text_add(out, "\n");
    }
}

static void add_example(struct dara_text *out, const char *example)
{
    dara_text_add(out, ".SH EXAMPLES\n.nf\n");
    add_roff(out, example);
    dara_text_add(out, "\n.fi\n");
}

static void add_statuses(struct dara_text *out)
{
    static const struct {
        const char *status;
        const char *meaning;
    } rows[] = {
        {"0", "fine"},
        {"1", "findings, differences or a failed test"},
        {"2", "the command line"},
        {"3", "could not connect"},
        {"4", "the engine lacks this capability"},
        {"5", "the lock is held by another run"},
        {"6", "the statement failed, and was rolled back or taken back"},
        {"7", "stopped part-way: --resume goes on"},
        {"8", "refused: a confirmation is missing"},
        {"9", "a file, the configuration or a driver"},
        {"70", "a bug in dara"},
    };
    dara_text_add(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < DARA_COUNT(rows); i++) {
        dara_text_format(out, ".TP\n.B %s\n", rows[i].status);
        add_roff(out, rows[i].meaning);
        dara_text_add(out, "\n");
    }
}

static void add_environment(struct dara_text *out)
{
    static const struct {
        const char *name;
        const char *meaning;
    } rows[] = {
        {"DATABASE_URL",
         "the database, where neither --url nor --env gives one; an engine may have a variable of its own"},
        {"DARA_DRIVER_PATH", "folders to look for drivers in, separated by colons, instead of the installed one"},
        {"NO_COLOR", "no colours when set and not empty"},
        {"XDG_STATE_HOME", "where the history of the prompt is kept, in dara/history (~/.local/state)"},
    };
    dara_text_add(out, ".SH ENVIRONMENT\n");
    for (size_t i = 0; i < DARA_COUNT(rows); i++) {
        dara_text_format(out, ".TP\n.B %s\n", rows[i].name);
        add_roff(out, rows[i].meaning);
        dara_text_add(out, "\n");
    }
}

static void add_command_list(struct dara_text *out)
{
    dara_text_add(out, ".SH COMMANDS\n");
    for (const struct dara_command *const *c = dara_commands; *c; c++) {
        if ((*c)->flags & DARA_COMMAND_HIDDEN)
            continue;
        dara_text_add(out, ".TP\n\\fB");
        add_roff(out, (*c)->name);
        dara_text_add(out, "\\fR");
        if (*(*c)->arguments) {
            dara_text_add(out, " \\fI");
            add_roff(out, (*c)->arguments);
            dara_text_add(out, "\\fR");
        }
        dara_text_add(out, "\n");
        add_roff(out, (*c)->summary);
        dara_text_add(out, "\n");
    }
}

void dara_man_overview(struct dara_text *out)
{
    add_title(out, "dara", "schema work over several database engines");
    dara_text_add(
        out, ".SH SYNOPSIS\n.B dara\n[\\fIglobal options\\fR] \\fICOMMAND\\fR [\\fIarguments\\fR]\n.SH DESCRIPTION\n");
    add_paragraphs(
        out, "One command carries a team's schema work over several database engines, each spoken to by a driver that "
             "is loaded when it is needed. The same words mean the same thing on each, and where an engine cannot do "
             "a thing, dara says so.\n"
             "\n"
             "The connection is taken from --url, else from the variable that the environment of dara.yaml given with "
             "--env names, else from the engine's own variable or DATABASE_URL, in the process or in the project's "
             ".env file. Results go to standard output, everything else to standard error.\n"
             "\n"
             "Without arguments at a terminal, dara asks for commands, with history and completion.");
    add_command_list(out);
    add_options(out, "GLOBAL OPTIONS", dara_global_options);
    add_statuses(out);
    add_environment(out);
    dara_text_add(out, ".SH SEE ALSO\n.BR dara.yaml (5)");
    for (const struct dara_command *const *c = dara_commands; *c; c++) {
        if ((*c)->flags & DARA_COMMAND_HIDDEN)
            continue;
        dara_text_add(out, ",\n.BR dara\\-");
        add_roff(out, (*c)->name);
        dara_text_add(out, " (1)");
    }
    dara_text_add(out, "\n");
}

static void add_alias(void *out, const char *alias)
{
    dara_text_add(out, ".TP\n.B dara ");
    add_roff(out, alias);
    dara_text_add(out, "\nanother name of this command\n");
}

void dara_man_command(const struct dara_command *command, struct dara_text *out)
{
    DARA_FREE char *name = dara_format("dara-%s", command->name);
    add_title(out, name, command->summary);
    dara_text_add(out, ".SH SYNOPSIS\n.B dara ");
    add_roff(out, command->name);
    dara_text_add(out, "\n");
    if (command->options)
        dara_text_add(out, "[\\fIoptions\\fR]\n");
    if (*command->arguments) {
        dara_text_add(out, "\\fI");
        add_roff(out, command->arguments);
        dara_text_add(out, "\\fR\n");
    }
    dara_text_add(out, ".SH DESCRIPTION\n");
    add_paragraphs(out, command->description);
    if (command->flags & DARA_COMMAND_WRITES)
        dara_text_add(
            out, ".PP\nThis command writes: in an environment marked production its name must be typed, or given with "
                 "\\fB\\-\\-confirm\\fR.\n");
    if (command->options)
        add_options(out, "OPTIONS", command->options);
    if (command->aliases) {
        dara_text_add(out, ".SH ALSO CALLED\n");
        dara_words_each(command->aliases, add_alias, out);
    }
    add_example(out, command->example);
    dara_text_add(
        out, ".SH SEE ALSO\n.BR dara (1)\nfor the options of all commands and the exit status,\n.BR dara.yaml (5)\n");
}
