/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "cli/call.h"
#include "service/audit.h"

size_t dara_call_count(const struct dara_call *call)
{
    return call->argument_count;
}

const char *dara_call_argument(const struct dara_call *call, size_t index)
{
    return index < call->argument_count ? call->arguments[index] : NULL;
}

bool dara_call_given(const struct dara_call *call, const char *option)
{
    for (size_t i = 0; i < call->given_count; i++)
        if (strcmp(call->given[i].option->name, option) == 0)
            return true;
    return false;
}

const char *dara_call_value(const struct dara_call *call, const char *option)
{
    const char *value = NULL;
    for (size_t i = 0; i < call->given_count; i++)
        if (strcmp(call->given[i].option->name, option) == 0)
            value = call->given[i].value;
    return value;
}

size_t dara_call_values(const struct dara_call *call, const char *option, const char *const **ret_values)
{
    size_t count = 0;
    for (size_t i = 0; i < call->given_count; i++) {
        if (strcmp(call->given[i].option->name, option) == 0) {
            if (!count)
                *ret_values = call->values + i;
            count++;
        }
    }
    if (!count)
        *ret_values = NULL;
    return count;
}

int dara_call_number(const struct dara_call *call, const char *option, long fallback, long *ret_number)
{
    const char *text = dara_call_value(call, option);
    if (!text) {
        *ret_number = fallback;
        return 0;
    }
    char *end = NULL;
    errno = 0;
    long number = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : -1;
    if (number < 0 || errno || *end) {
        DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
        dara_text_add_visible(&shown, text);
        return dara_error_set(DARA_EUSAGE, "'%s' is no number for '--%s'", dara_text_string(&shown), option);
    }
    *ret_number = number;
    return 0;
}

struct dara_context *dara_call_context(struct dara_call *call)
{
    return &call->context;
}

const char **dara_call_list(const struct dara_call *call, const char *option)
{
    const char *const *values = NULL;
    size_t count = dara_call_values(call, option, &values);
    const char **list = dara_alloc((count + 1) * sizeof(*list));
    for (size_t i = 0; i < count; i++)
        list[i] = values[i];
    return list;
}

void dara_call_findings(const struct dara_call *call, const char *target, struct dara_audit_request *ret_request)
{
    const char *level = dara_call_value(call, "fail-on");
    bool known;
    *ret_request = (struct dara_audit_request){
        .target = target,
        .baseline = dara_call_value(call, "baseline"),
        .write_baseline = dara_call_value(call, "write-baseline"),
        .fail_on = level ? dara_level_parse(level, &known) : DARA_RULE_WARN,
    };
}
