/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/call.h"

const struct dara_option dara_global_options[] = {
    {"directory", 'C', "DIR", "work on the project in this folder", false, NULL},
    {"env", 'e', "NAME", "environment of dara.yaml to work on", false, NULL},
    {"url", 0, "URL", "database to work on, before any environment or variable", false, NULL},
    {"format", 'f', "FORMAT", "text, json or markdown", false, "text json markdown"},
    {"yes", 'y', NULL, "answer yes to questions (never the word that destruction needs)", false, NULL},
    {"confirm", 0, "WORD", "give the word or environment name that would be asked for", true, NULL},
    {"lock-timeout", 0, "TIME", "how long to wait for the lock: 500ms, 10s, 2m (10s)", false, NULL},
    {"statement-timeout", 0, "TIME", "how long one statement may take (no limit)", false, NULL},
    {"quiet", 'q', NULL, "say nothing but results and errors", false, NULL},
    {"verbose", 'v', NULL, "say more; twice shows each call to the driver", true, NULL},
    {"no-color", 0, NULL, "no colours (as does the variable NO_COLOR)", false, NULL},
    {"help", 'h', NULL, "help for the command", false, NULL},
    {"version", 0, NULL, "version of dara", false, NULL},
    {0},
};

char *dara_call_visible(const char *text, size_t length)
{
    struct dara_text out = DARA_TEXT_INIT;
    DARA_FREE char *piece = dara_strndup(text, length);
    dara_text_add_visible(&out, piece);
    return dara_text_steal(&out);
}

/* ---- finding ----------------------------------------------------------------------------------------------------------- */

static const struct dara_option *find_in(const struct dara_option *options, const char *name, size_t length)
{
    for (const struct dara_option *o = options; o && o->name; o++)
        if (strlen(o->name) == length && strncmp(o->name, name, length) == 0)
            return o;
    return NULL;
}

const struct dara_option *dara_option_find(const struct dara_command *command, const char *name, size_t length)
{
    const struct dara_option *option = command ? find_in(command->options, name, length) : NULL;
    return option ? option : find_in(dara_global_options, name, length);
}

const struct dara_option *dara_option_find_letter(const struct dara_command *command, char letter)
{
    const struct dara_option *const lists[] = {command ? command->options : NULL, dara_global_options};
    for (size_t i = 0; i < DARA_COUNT(lists); i++)
        for (const struct dara_option *o = lists[i]; o && o->name; o++)
            if (o->letter == letter)
                return o;
    return NULL;
}

static void offer_names(struct dara_suggestion *suggestion, const struct dara_option *options)
{
    for (const struct dara_option *o = options; o && o->name; o++)
        dara_suggest_offer(suggestion, o->name);
}

int dara_option_unknown(const struct dara_command *command, const char *name, size_t length)
{
    DARA_FREE char *shown = dara_call_visible(name, length);
    int code = command ? dara_error_set(DARA_EUSAGE, "dara %s has no option '--%s'", command->name, shown)
                       : dara_error_set(DARA_EUSAGE, "there is no option '--%s'", shown);
    struct dara_suggestion suggestion;
    DARA_TEXT_LOCAL hint = DARA_TEXT_INIT;
    dara_suggest_begin(&suggestion, shown);
    offer_names(&suggestion, command ? command->options : NULL);
    offer_names(&suggestion, dara_global_options);
    if (dara_suggest_text(&suggestion, "--", &hint))
        dara_error_hint("%s", dara_text_string(&hint));
    else
        dara_error_hint("run 'dara help%s%s' for the options", command ? " " : "", command ? command->name : "");
    return code;
}

struct offer {
    struct dara_suggestion *suggestion;
    const char *name;
};

static void offer_alias(void *context, const char *alias)
{
    struct offer *offer = context;
    dara_suggest_offer_as(offer->suggestion, alias, offer->name);
}

static int unknown_command(const char *name)
{
    DARA_FREE char *shown = dara_call_visible(name, strlen(name));
    int code = dara_error_set(DARA_EUSAGE, "there is no command '%s'", shown);
    struct dara_suggestion suggestion;
    DARA_TEXT_LOCAL hint = DARA_TEXT_INIT;
    dara_suggest_begin(&suggestion, shown);
    for (const struct dara_command *const *c = dara_commands; *c; c++) {
        if ((*c)->flags & DARA_COMMAND_HIDDEN)
            continue;
        struct offer offer = {&suggestion, (*c)->name};
        dara_suggest_offer(&suggestion, (*c)->name);
        dara_words_each((*c)->aliases, offer_alias, &offer);
    }
    if (dara_suggest_text(&suggestion, "", &hint))
        dara_error_hint("%s", dara_text_string(&hint));
    else
        dara_error_hint("run 'dara help' for the commands");
    return code;
}

int dara_command_require(const char *name, const struct dara_command **ret_command)
{
    const struct dara_command *command = dara_command_find(name);
    if (!command)
        return unknown_command(name);
    *ret_command = command;
    return 0;
}
