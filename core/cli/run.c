/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <dara/version.h>

#include "base/terminal.h"
#include "cli/call.h"
#include "driver/session.h"

const struct dara_command *dara_command_find(const char *name)
{
    for (const struct dara_command *const *c = dara_commands; *c; c++)
        if (strcmp((*c)->name, name) == 0 || dara_words_hold((*c)->aliases, name))
            return *c;
    return NULL;
}

/* ---- output ------------------------------------------------------------------------------------------------------------ */

static int flush(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    int number = errno;
    clearerr(stdout);
    int code = dara_error_set(DARA_EFILE, "cannot write to standard output");
    dara_error_detail("%s", strerror(number));
    if (number == EPIPE)
        dara_error_native("EPIPE");
    return code;
}

int dara_print(const struct dara_text *text)
{
    size_t written = fwrite(dara_text_string(text), 1, text->length, stdout);
    int code = flush();
    return code || written == text->length ? code : dara_error_set(DARA_EFILE, "cannot write to standard output");
}

static void add_part(struct dara_text *out, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    dara_text_format(out, "  %s: ", name);
    for (const char *line = text; line;) {
        const char *end = strchr(line, '\n');
        DARA_FREE char *copy = end ? dara_strndup(line, (size_t)(end - line)) : dara_strdup(line);
        dara_text_add_visible(out, copy);
        dara_text_add(out, "\n");
        line = end && end[1] ? end + 1 : NULL;
        if (line)
            dara_text_add(out, "    ");
    }
}

static void render_error(const struct dara_error *error, struct dara_text *out)
{
    bool colour = isatty(STDERR_FILENO) && dara_terminal_colour();
    dara_text_format(out, "%sdara:%s ", colour ? dara_terminal_escape(DARA_RED) : "",
                     colour ? dara_terminal_escape(DARA_PLAIN) : "");
    if (error->file) {
        dara_text_add_visible(out, error->file);
        dara_text_add(out, ":");
    }
    if (error->line > 0)
        dara_text_format(out, "%s%ld:", error->file ? "" : "line ", error->line);
    dara_text_add(out, error->file || error->line > 0 ? " " : "");
    dara_text_add_visible(out, error->message);
    if (error->native && *error->native) {
        dara_text_add(out, " (");
        dara_text_add_visible(out, error->native);
        dara_text_add(out, ")");
    }
    dara_text_add(out, "\n");
    add_part(out, "detail", error->detail);
    add_part(out, "hint", error->hint);
}

static void print_aside(const struct dara_text *text)
{
    /* Nothing is left to do when stderr cannot be written to. */
    fputs(dara_text_string(text), stderr);
    fflush(stderr);
}

void dara_print_error(const struct dara_error *error)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    render_error(error, &out);
    print_aside(&out);
}

/* What the command left as its error, for the code it returned. A code without words gets some, but that for differences
 * found: the report has said them. */
static struct dara_error outcome(int code)
{
    const struct dara_error *last = dara_error_last();
    struct dara_error error = {.code = code};
    if (code && last && last->code == code)
        error = *last;
    else if (code && last)
        error = *last, error.code = code;
    else if (code && code != DARA_EDIFFERENT)
        error.message = "the command failed without saying why";
    return error;
}

static bool is_quiet_end(const struct dara_error *error)
{
    return error->code == DARA_EFILE && error->native && strcmp(error->native, "EPIPE") == 0;
}

/* What could not be printed did not reach the user; a command that failed keeps its own status. */
static int finish(int code, int printed)
{
    if (!printed)
        return dara_error_status(code);
    if (!code)
        dara_error_hint("the command did its work: only what it had to say is lost");
    const struct dara_error *error = dara_error_last();
    if (error && !is_quiet_end(error))
        dara_print_error(error);
    return dara_error_status(code ? code : DARA_EFILE);
}

/* The report stands above the error that speaks of it; at a terminal with a line between them. */
static int print_report(const struct dara_call *call, const struct dara_report *report, int code)
{
    struct dara_error error = outcome(code);
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL aside = DARA_TEXT_INIT;
    dara_report_render(report, call->format, code ? &error : NULL, dara_terminal_width(), &out);
    if (error.message && call->format != DARA_FORMAT_JSON) {
        if (out.length && isatty(STDOUT_FILENO) && isatty(STDERR_FILENO))
            dara_text_add(&aside, "\n");
        render_error(&error, &aside);
    }
    /* From here on the error record is that of printing. */
    int printed = dara_print(&out);
    print_aside(&aside);
    return finish(code, printed);
}

/* ---- one command --------------------------------------------------------------------------------------------------------- */

static int run_raw(struct dara_call *call)
{
    int code = call->command->run(call, NULL);
    if (code) {
        struct dara_error error = outcome(code);
        if (error.message && !is_quiet_end(&error))
            dara_print_error(&error);
    }
    return finish(code, flush());
}

static int run_command(struct dara_call *call)
{
    if (call->command->flags & DARA_COMMAND_RAW)
        return run_raw(call);
    struct dara_report *report = dara_report_new(call->command->name);
    int status = print_report(call, report, call->command->run(call, report));
    dara_report_free(report);
    return status;
}

static int fail(const struct dara_call *call, int code)
{
    struct dara_report *report = dara_report_new(call->command ? call->command->name : "");
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    struct dara_error error = outcome(code);
    int printed = 0;
    if (call->format == DARA_FORMAT_JSON) {
        dara_report_render(report, DARA_FORMAT_JSON, &error, 0, &out);
        printed = dara_print(&out);
    } else {
        dara_print_error(&error);
    }
    dara_report_free(report);
    return finish(code, printed);
}

static int print_help(const struct dara_call *call)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    size_t width = dara_help_width();
    if (call->command && strcmp(call->command->name, "help") != 0)
        dara_help_command(call->command, width, &out);
    else
        dara_help_overview(width, &out);
    return finish(DARA_OK, dara_print(&out));
}

static int print_version(void)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    dara_text_add(&out, "dara " DARA_VERSION "\n");
    return finish(DARA_OK, dara_print(&out));
}

int dara_run(size_t count, const char *const *words, bool prompt)
{
    struct dara_call call;
    dara_error_clear();
    int code = dara_call_parse(&call, count, words);
    call.prompt = prompt;
    if (call.no_colour)
        dara_terminal_set_colour(false);
    if (call.context.verbose > 1)
        dara_trace_enable(true);
    int status;
    if (code) {
        status = fail(&call, code);
    } else if (call.version) {
        status = print_version();
    } else if (call.help) {
        status = print_help(&call);
    } else if (!call.command) {
        code = dara_error_set(DARA_EUSAGE, "no command is given");
        dara_error_hint("run 'dara help' for the commands");
        status = fail(&call, code);
    } else {
        status = run_command(&call);
    }
    dara_call_done(&call);
    return status;
}
