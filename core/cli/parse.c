/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "cli/call.h"

/* ---- values -------------------------------------------------------------------------------------------------------------- */

int dara_timeout_parse(const char *option, const char *text, unsigned *ret_ms)
{
    static const struct {
        const char *unit;
        unsigned long ms;
    } units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    char *end = NULL;
    errno = 0;
    unsigned long number = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
    for (size_t i = 0; end && !errno && i < DARA_COUNT(units); i++) {
        if (strcmp(end, units[i].unit) == 0 && number <= UINT_MAX / units[i].ms) {
            *ret_ms = (unsigned)(number * units[i].ms);
            return 0;
        }
    }
    DARA_FREE char *shown = dara_call_visible(text, strlen(text));
    int code = dara_error_set(DARA_EUSAGE, "'%s' is no time for '--%s'", shown, option);
    dara_error_hint("write it as 500ms, 10s or 2m");
    return code;
}

static int check_value(const struct dara_option *option, const char *value)
{
    if (!option->values || dara_words_hold(option->values, value))
        return 0;
    DARA_FREE char *shown = dara_call_visible(value, strlen(value));
    int code = dara_error_set(DARA_EUSAGE, "'%s' is not a value of '--%s'", shown, option->name);
    DARA_TEXT_LOCAL known = DARA_TEXT_INIT;
    for (const char *s = option->values; *s; s++)
        dara_text_add(&known, *s == ' ' ? ", " : (char[]){*s, '\0'});
    dara_error_hint("use one of %s", dara_text_string(&known));
    return code;
}

/* A global option acts on the call itself; one of the command is kept for it. A command may have an option of the same name as
 * a global one, which it then reads itself. */
static int apply_global(struct dara_call *call, const struct dara_option *option, const char *value)
{
    struct dara_context *context = &call->context;
    if (strcmp(option->name, "directory") == 0)
        context->folder = value;
    else if (strcmp(option->name, "env") == 0)
        context->environment = value;
    else if (strcmp(option->name, "url") == 0)
        context->url_text = value;
    else if (strcmp(option->name, "format") == 0)
        return dara_format_parse(value, &call->format);
    else if (strcmp(option->name, "lock-timeout") == 0)
        return dara_timeout_parse(option->name, value, &context->lock_timeout_ms);
    else if (strcmp(option->name, "statement-timeout") == 0)
        return dara_timeout_parse(option->name, value, &context->statement_timeout_ms);
    else if (strcmp(option->name, "yes") == 0)
        context->yes = true;
    else if (strcmp(option->name, "quiet") == 0)
        context->quiet = true;
    else if (strcmp(option->name, "verbose") == 0)
        context->verbose++;
    else if (strcmp(option->name, "no-color") == 0)
        call->no_colour = true;
    else if (strcmp(option->name, "help") == 0)
        call->help = true;
    else if (strcmp(option->name, "version") == 0)
        call->version = true;
    return 0;
}

static bool is_global(const struct dara_option *option)
{
    for (const struct dara_option *o = dara_global_options; o->name; o++)
        if (o == option)
            return true;
    return false;
}

/* What of enum dara_scope an option asks for. */
static unsigned scope_of(const struct dara_option *option)
{
    return (strcmp(option->name, "owner") == 0 ? DARA_SCOPE_OWNER : 0u) |
           (strcmp(option->name, "privileges") == 0 ? DARA_SCOPE_PRIVILEGES : 0u) |
           (strcmp(option->name, "settings") == 0 ? DARA_SCOPE_SETTINGS : 0u);
}

static int give(struct dara_call *call, const struct dara_option *option, const char *value)
{
    if (value) {
        int code = check_value(option, value);
        if (code)
            return code;
    }
    if (!option->repeats && option->argument && dara_call_given(call, option->name))
        return dara_error_set(DARA_EUSAGE, "option '--%s' is given more than once", option->name);
    DARA_GROW(call->given, call->given_count, call->given_room);
    call->given[call->given_count++] = (struct dara_given){.option = option, .value = value};
    call->context.scope |= scope_of(option);
    /* A command whose findings have more formats than others gives the option a longer list of values. */
    bool applies = is_global(option) || strcmp(option->name, "format") == 0;
    return applies ? apply_global(call, option, value) : 0;
}

/* ---- parsing ------------------------------------------------------------------------------------------------------------- */

struct parser {
    struct dara_call *call;
    size_t count;
    const char *const *words;
    size_t next;
};

static int take_value(struct parser *parser, const struct dara_option *option)
{
    if (parser->next < parser->count)
        return give(parser->call, option, parser->words[parser->next++]);
    return dara_error_set(DARA_EUSAGE, "option '--%s' needs a value: %s", option->name, option->argument);
}

static int parse_long(struct parser *parser, const char *word)
{
    const char *name = word + 2;
    size_t length = strcspn(name, "=");
    const struct dara_option *option = dara_option_find(parser->call->command, name, length);
    if (!option)
        return dara_option_unknown(parser->call->command, name, length);
    if (name[length] == '=') {
        if (!option->argument)
            return dara_error_set(DARA_EUSAGE, "option '--%s' takes no value", option->name);
        return give(parser->call, option, name + length + 1);
    }
    return option->argument ? take_value(parser, option) : give(parser->call, option, NULL);
}

/* -q, -qv, -e NAME, -eNAME */
static int parse_short(struct parser *parser, const char *word)
{
    for (const char *s = word + 1; *s; s++) {
        const struct dara_command *command = parser->call->command;
        const struct dara_option *option = dara_option_find_letter(command, *s);
        if (!option) {
            DARA_FREE char *shown = dara_call_visible(word, strlen(word));
            int code = strlen(word) > 2 ? dara_error_set(DARA_EUSAGE, "there is no option '-%.*s' (in '%s')",
                                                         ((unsigned char)*s < 0x80 && *s > ' ') ? 1 : 0, s, shown)
                                        : dara_error_set(DARA_EUSAGE, "there is no option '%s'", shown);
            dara_error_hint("run 'dara help%s%s' for the options", command ? " " : "", command ? command->name : "");
            return code;
        }
        if (option->argument)
            return s[1] ? give(parser->call, option, s + 1) : take_value(parser, option);
        int code = give(parser->call, option, NULL);
        if (code)
            return code;
    }
    return 0;
}

/* The command is the first word that is no option nor the value of a global one. Options of the command may stand before it,
 * when they are switches or written with '='. */
static const char *find_command_word(size_t count, const char *const *words, size_t *ret_index)
{
    for (size_t i = 0; i < count; i++) {
        const char *word = words[i];
        if (word[0] != '-' || !word[1] || strcmp(word, "--") == 0) {
            i += word[0] == '-' && word[1];
            *ret_index = i;
            return i < count ? words[i] : NULL;
        }
        const struct dara_option *option = NULL;
        if (word[1] == '-') {
            option = dara_option_find(NULL, word + 2, strlen(word + 2));
        } else {
            for (const char *s = word + 1; *s; s++) {
                option = dara_option_find_letter(NULL, *s);
                if (!option || (option->argument && s[1])) {
                    option = NULL;
                    break;
                }
            }
        }
        i += option && option->argument;
    }
    return NULL;
}

static int check_count(const struct dara_call *call)
{
    const struct dara_command *command = call->command;
    int code = 0;
    if (call->argument_count < (size_t)command->min)
        code = dara_error_set(DARA_EUSAGE, "dara %s needs %s", command->name, command->arguments);
    else if (command->max >= 0 && call->argument_count > (size_t)command->max) {
        const char *extra = call->arguments[command->max];
        DARA_FREE char *shown = dara_call_visible(extra, strlen(extra));
        code = command->max
                   ? dara_error_set(DARA_EUSAGE, "'%s' is one argument too many for dara %s", shown, command->name)
                   : dara_error_set(DARA_EUSAGE, "dara %s takes no argument, but '%s' was given", command->name, shown);
    }
    if (code)
        dara_error_hint("usage: dara %s%s%s", command->name, *command->arguments ? " " : "", command->arguments);
    return code;
}

/* Bring the values of one option together, keeping their order. */
static void group_values(struct dara_call *call)
{
    for (size_t i = 1; i < call->given_count; i++) {
        struct dara_given given = call->given[i];
        size_t j = i;
        for (; j > 0 && call->given[j - 1].option > given.option; j--)
            call->given[j] = call->given[j - 1];
        call->given[j] = given;
    }
    call->values = dara_alloc((call->given_count + 1) * sizeof(*call->values));
    for (size_t i = 0; i < call->given_count; i++)
        call->values[i] = call->given[i].value;
}

/* The format that errors are to be printed in, although the line cannot be parsed. */
static void guess_format(struct dara_call *call, size_t count, const char *const *words)
{
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++) {
        const char *value = strncmp(words[i], "--format=", 9) == 0 ? words[i] + 9
                            : (strcmp(words[i], "--format") == 0 || strcmp(words[i], "-f") == 0) && i + 1 < count
                                ? words[i + 1]
                            : strncmp(words[i], "-f", 2) == 0 ? words[i] + 2
                                                              : "";
        if (strcmp(value, "json") == 0)
            call->format = DARA_FORMAT_JSON;
    }
}

static int parse_words(struct parser *parser, bool named, size_t command_index)
{
    struct dara_call *call = parser->call;
    bool options = true;
    while (parser->next < parser->count) {
        size_t index = parser->next++;
        const char *word = parser->words[index];
        int code = 0;
        if (named && index == command_index)
            continue;
        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (options && strncmp(word, "--", 2) == 0)
            code = parse_long(parser, word);
        else if (options && word[0] == '-' && word[1])
            code = parse_short(parser, word);
        else
            call->arguments[call->argument_count++] = word;
        if (code)
            return code;
    }
    return 0;
}

int dara_call_parse(struct dara_call *call, size_t count, const char *const *words)
{
    *call = (struct dara_call){.context = {.lock_timeout_ms = 10000}};
    call->arguments = dara_alloc((count + 1) * sizeof(*call->arguments));
    guess_format(call, count, words);
    size_t index = 0;
    const char *name = find_command_word(count, words, &index);
    if (name) {
        int code = dara_command_require(name, &call->command);
        if (code)
            return code;
        call->context.command = call->command->name;
    }
    struct parser parser = {.call = call, .count = count, .words = words};
    int code = parse_words(&parser, name != NULL, index);
    if (code)
        return code;
    group_values(call);
    call->context.confirm_count = dara_call_values(call, "confirm", &call->context.confirms);
    call->context.rename_count = dara_call_values(call, "rename", &call->context.renames);
    return call->command && !call->help && !call->version ? check_count(call) : 0;
}

void dara_call_done(struct dara_call *call)
{
    dara_context_done(&call->context);
    free(call->arguments);
    free(call->given);
    free(call->values);
    *call = (struct dara_call){0};
}
