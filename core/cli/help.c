/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/terminal.h"
#include "cli/call.h"

#define NAME_COLUMN 20 /* of summaries in the overview */

static void add_spaces(struct dara_text *out, size_t count)
{
    while (count-- > 0)
        dara_text_add(out, " ");
}

static void add_heading(struct dara_text *out, const char *heading)
{
    dara_text_format(out, "\n%s%s%s\n", dara_terminal_escape(DARA_BOLD), heading, dara_terminal_escape(DARA_PLAIN));
}

size_t dara_help_width(void)
{
    size_t width = dara_terminal_width();
    return width < 40 ? 80 : width > 100 ? 100 : width;
}

/* Words of one line of `text` until its end, broken at `width`. Returns the column reached. */
static size_t wrap_line(const char *line, size_t length, size_t indent, size_t column, size_t width,
                        struct dara_text *out)
{
    bool first = true;
    for (size_t i = 0; i < length;) {
        size_t skip = strspn(line + i, " ");
        if (i + skip >= length)
            break;
        i += skip;
        size_t word = strcspn(line + i, " \n");
        DARA_FREE char *copy = dara_strndup(line + i, word);
        size_t columns = dara_utf8_width(copy);
        if (!first && column + 1 + columns > width) {
            dara_text_add(out, "\n");
            add_spaces(out, indent);
            column = indent;
            first = true;
        }
        if (!first) {
            dara_text_add(out, " ");
            column++;
        }
        dara_text_add(out, copy);
        column += columns;
        first = false;
        i += word;
    }
    return column;
}

/* The end of the paragraph at `text`: before an empty line, an indented one, or the end. */
static size_t paragraph_length(const char *text)
{
    const char *s = text;
    while (*s && !(s[0] == '\n' && (s[1] == '\n' || s[1] == ' ' || !s[1])))
        s++;
    return (size_t)(s - text);
}

void dara_wrap(const char *text, size_t indent, size_t column, size_t width, struct dara_text *out)
{
    add_spaces(out, column < indent ? indent - column : 0);
    column = column < indent ? indent : column;
    while (*text) {
        size_t length = *text == ' ' ? strcspn(text, "\n") : paragraph_length(text);
        if (*text == ' ') {
            dara_text_add_bytes(out, text, length);
        } else {
            DARA_FREE char *paragraph = dara_strndup(text, length);
            for (char *s = paragraph; *s; s++)
                *s = *s == '\n' ? ' ' : *s;
            wrap_line(paragraph, length, indent, column, width, out);
        }
        dara_text_add(out, "\n");
        text += length;
        text += *text == '\n';
        if (*text == '\n') {
            dara_text_add(out, "\n");
            text += strspn(text, "\n");
        }
        column = indent;
        if (*text)
            add_spaces(out, indent);
    }
}

void dara_help_option(const struct dara_option *option, struct dara_text *out)
{
    if (option->letter)
        dara_text_format(out, "-%c, ", option->letter);
    else
        dara_text_add(out, "    ");
    dara_text_format(out, "--%s%s%s", option->name, option->argument ? " " : "",
                     option->argument ? option->argument : "");
}

static void add_options(const struct dara_option *options, size_t width, struct dara_text *out)
{
    size_t widest = 0;
    for (const struct dara_option *o = options; o->name; o++) {
        DARA_TEXT_LOCAL form = DARA_TEXT_INIT;
        dara_help_option(o, &form);
        widest = form.length > widest ? form.length : widest;
    }
    for (const struct dara_option *o = options; o->name; o++) {
        DARA_TEXT_LOCAL form = DARA_TEXT_INIT;
        dara_help_option(o, &form);
        dara_text_format(out, "  %s", dara_text_string(&form));
        DARA_FREE char *help = dara_format("%s%s", o->help, o->repeats && o->argument ? " (may be repeated)" : "");
        dara_wrap(help, widest + 4, form.length + 2, width, out);
    }
}

void dara_help_overview(size_t width, struct dara_text *out)
{
    dara_text_add(out, "usage: dara [global options] COMMAND [arguments]\n\n");
    dara_wrap(
        "One command for schema work over several database engines: snapshot, dry-run, apply, compare, roll back.", 0,
        0, width, out);
    for (const struct dara_command *const *c = dara_commands; *c; c++) {
        if ((*c)->flags & DARA_COMMAND_HIDDEN)
            continue;
        /* A group is printed where its first command stands, with all of its commands. */
        bool begun = false;
        for (const struct dara_command *const *b = dara_commands; b < c && !begun; b++)
            begun = !((*b)->flags & DARA_COMMAND_HIDDEN) && strcmp((*b)->group, (*c)->group) == 0;
        if (begun)
            continue;
        add_heading(out, (*c)->group);
        for (const struct dara_command *const *d = c; *d; d++) {
            if (((*d)->flags & DARA_COMMAND_HIDDEN) || strcmp((*d)->group, (*c)->group) != 0)
                continue;
            dara_text_format(out, "  %s", (*d)->name);
            size_t column = strlen((*d)->name) + 2;
            dara_text_add(out, column >= NAME_COLUMN ? "  " : "");
            dara_wrap((*d)->summary, NAME_COLUMN, column >= NAME_COLUMN ? column + 2 : column, width, out);
        }
    }
    add_heading(out, "Global options");
    add_options(dara_global_options, width, out);
    dara_text_add(out, "\nRun 'dara help COMMAND' for one command with an example.\n");
}

static void add_alias(void *out, const char *alias)
{
    dara_text_format(out, " %s", alias);
}

void dara_help_command(const struct dara_command *command, size_t width, struct dara_text *out)
{
    dara_text_format(out, "usage: dara %s%s%s%s\n\n", command->name, command->options ? " [options]" : "",
                     *command->arguments ? " " : "", command->arguments);
    dara_wrap(command->description, 0, 0, width, out);
    if (command->aliases) {
        dara_text_add(out, "\nAlso called:");
        dara_words_each(command->aliases, add_alias, out);
        dara_text_add(out, "\n");
    }
    if (command->flags & DARA_COMMAND_WRITES) {
        dara_text_add(out, "\n");
        dara_wrap("Writes: in an environment marked production its name must be typed, or given with --confirm.", 0, 0,
                  width, out);
    }
    if (command->options) {
        add_heading(out, "Options");
        add_options(command->options, width, out);
    }
    add_heading(out, "Example");
    DARA_FREE char *example = dara_strdup(command->example);
    for (char *line = example, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        dara_text_format(out, "  %s\n", line);
    }
    dara_text_add(out, "\nGlobal options: dara help\n");
}
