/* SPDX-License-Identifier: MIT */
/* Questions. They go to stderr, so that stdout holds results only; no answer is never a yes. */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/terminal.h"
#include "service/context.h"

static bool confirmed(const struct dara_context *context, const char *word)
{
    for (size_t i = 0; i < context->confirm_count; i++)
        if (!strcmp(context->confirms[i], word))
            return true;
    return false;
}

/* An answer without the white space around it; NULL at end of input. */
static char *answer(const char *question)
{
    char *line = dara_terminal_ask(question);
    if (!line)
        return NULL;
    size_t start = strspn(line, " \t"), length = strlen(line);
    while (length > start && isspace((unsigned char)line[length - 1]))
        length--;
    memmove(line, line + start, length - start);
    line[length - start] = '\0';
    return line;
}

static int refuse(const char *message, const char *hint)
{
    dara_error_set(DARA_EREFUSED, "%s", message);
    dara_error_hint("%s", hint);
    return DARA_EREFUSED;
}

int dara_context_guard(struct dara_context *context)
{
    const struct dara_environment *active = context->active;
    if (!active || !active->production || context->guarded)
        return 0;
    DARA_FREE char *hint = dara_format("if you mean production, give --confirm %s", active->name);
    if (!confirmed(context, active->name)) {
        if (!dara_terminal_interactive()) {
            DARA_FREE char *message =
                dara_format("environment '%s' is marked production, and nobody is here to confirm it", active->name);
            return refuse(message, hint);
        }
        DARA_FREE char *question =
            dara_format("This writes to PRODUCTION (environment '%s', %s).\nType the environment's name to go on, "
                        "anything else to stop: ",
                        active->name, context->url ? context->url->redacted : "no URL");
        DARA_FREE char *typed = answer(question);
        if (!typed || strcmp(typed, active->name))
            return refuse("stopped before production: the name was not typed; nothing was changed", hint);
    }
    context->guarded = true;
    return 0;
}

int dara_context_ask(struct dara_context *context, const char *question)
{
    if (context->yes)
        return 0;
    if (!dara_terminal_interactive()) {
        DARA_FREE char *message = dara_format("this needs a yes, and nobody is here to give it: %s", question);
        return refuse(message, "give --yes to agree beforehand");
    }
    DARA_FREE char *line = dara_format("%s [y/N] ", question);
    DARA_FREE char *typed = answer(line);
    if (typed && (!strcasecmp(typed, "y") || !strcasecmp(typed, "yes")))
        return 0;
    return refuse("not agreed to; nothing was changed", "answer y, or give --yes");
}

int dara_context_ask_word(struct dara_context *context, const char *word, const char *deed, const char *what)
{
    if (confirmed(context, word))
        return 0;
    DARA_FREE char *hint = dara_format("read what it would do, then give --confirm %s", word);
    if (!dara_terminal_interactive()) {
        DARA_FREE char *message = dara_format("%s and needs the word %s, and nobody is here to type it", deed, word);
        int code = refuse(message, hint);
        if (what && *what)
            dara_error_detail("%s", what);
        return code;
    }
    DARA_FREE char *question = dara_format("%s%sType %s to go on, anything else to stop: ", what ? what : "",
                                           what && *what && what[strlen(what) - 1] != '\n' ? "\n" : "", word);
    DARA_FREE char *typed = answer(question);
    if (typed && !strcmp(typed, word))
        return 0;
    DARA_FREE char *message = dara_format("stopped: %s was not typed; nothing was changed", word);
    return refuse(message, hint);
}

void dara_context_tell(const struct dara_context *context, const char *format, ...)
{
    va_list arguments;
    if (context->quiet)
        return;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void dara_context_say(const struct dara_context *context, const char *format, ...)
{
    va_list arguments;
    if (context->quiet || (!context->verbose && !isatty(STDERR_FILENO)))
        return;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}
