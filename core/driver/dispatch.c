/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "driver/internal.h"

/* ---- trace ------------------------------------------------------------------------------------------------------------ */

static enum { TRACE_UNASKED = 0, TRACE_OFF, TRACE_ON } trace;

void dara_trace_enable(bool on)
{
    trace = on ? TRACE_ON : TRACE_OFF;
}

static bool tracing(void)
{
    if (trace == TRACE_UNASKED) {
        const char *asked = getenv("DARA_TRACE");
        dara_trace_enable(asked && *asked && strcmp(asked, "0") != 0);
    }
    return trace == TRACE_ON;
}

/* The one place of the core that writes to stderr, and only when asked: no texts of statements, which may hold secrets. */
static void trace_line(const struct dara_dispatch *call, int code)
{
    long long us = (long long)(dara_clock_monotonic_us() - call->started_us);
    fprintf(stderr, "trace: %s %s.%s: %s, %lld us\n", call->driver->name, call->group, call->member,
            dara_error_name(code), us);
}

/* ---- the error record --------------------------------------------------------------------------------------------------- */

/* A text that filled its room was cut (base/error.c), perhaps in the middle of a secret, which is then not recognised: its end
 * goes, as far as a secret can reach. */
static char *cut_end(char *text, size_t longest)
{
    size_t length = strlen(text);
    const bool full = length > 1015 || (length > 119 && length < 128); /* of message, detail and hint; of native */
    if (!full || strcmp(text + length - 3, "...") != 0)
        return text;
    size_t end = length - 3 > longest ? length - 3 - longest : 0;
    while (end > 0 && ((unsigned char)text[end] & 0xc0u) == 0x80u)
        end--;
    memcpy(text + end, "...", 4);
    return text;
}

static void scrub(const struct dara_url *url, const char **text)
{
    char *old = (char *)*text;
    if (old)
        *text = cut_end(dara_url_scrub(url, old), strlen(url->text));
    free(old);
}

/* The last error with another code, and without the secrets of `url`, where there is one. */
static void clean_last(int code, const struct dara_url *url)
{
    struct dara_error *kept = dara_error_keep();
    kept->code = code;
    if (url) {
        scrub(url, &kept->message);
        scrub(url, &kept->detail);
        scrub(url, &kept->hint);
        scrub(url, &kept->native);
        scrub(url, &kept->file);
    }
    dara_error_restore(kept);
}

/* ---- calls ---------------------------------------------------------------------------------------------------------------- */

void dara_dispatch_begin(struct dara_dispatch *call, const struct dara_driver *driver, const struct dara_url *url,
                         const char *group, const char *member)
{
    *call = (struct dara_dispatch){.driver = driver, .url = url, .group = group, .member = member};
    if (tracing())
        call->started_us = dara_clock_monotonic_us();
    call->earlier = dara_error_last() ? dara_error_keep() : NULL;
    dara_error_clear();
}

static bool known_code(int code)
{
    return code == DARA_EINTERNAL || (code < 0 && strcmp(dara_error_name(code), "internal") != 0);
}

/* Make the record agree with the code, whatever the driver did. */
static int wrap(const struct dara_dispatch *call, int code)
{
    const char *driver = call->driver->name;
    if (!known_code(code))
        return dara_error_set(DARA_EDRIVER,
                              "the '%s' driver broke its contract: '%s.%s' returned %d, which is no error code", driver,
                              call->group, call->member, code);
    const struct dara_error *last = dara_error_last();
    if (!last || !last->message || !*last->message)
        return dara_error_set(code, "the '%s' driver failed in '%s.%s' without saying why", driver, call->group,
                              call->member);
    if (call->url || last->code != code)
        clean_last(code, call->url);
    return code;
}

int dara_dispatch_end(struct dara_dispatch *call, int code)
{
    if (code != 0) {
        code = wrap(call, code);
        dara_error_drop(call->earlier);
    } else {
        dara_error_put_back(call->earlier);
    }
    call->earlier = NULL;
    if (tracing())
        trace_line(call, code);
    return code;
}

int dara_driver_require(const struct dara_driver *driver, const char *group, const char *purpose)
{
    if (dara_driver_has_group(driver, group))
        return 0;
    int code = dara_dispatch_absent(driver, group, NULL, purpose);
    if (strcmp(group, "policy") == 0 && DARA_HAS(driver, policy_instead))
        dara_error_hint("%s", driver->policy_instead);
    return code;
}

static unsigned scope_of(const struct dara_driver *driver)
{
    unsigned scope = 0;
    for (const struct dara_kind *const *kind = driver->introspect->kinds; *kind; kind++) {
        scope |= (*kind)->flags & DARA_KIND_PRIVILEGE ? DARA_SCOPE_PRIVILEGES : 0u;
        scope |= (*kind)->flags & DARA_KIND_SESSION ? DARA_SCOPE_SETTINGS : 0u;
        for (const struct dara_property *property = (*kind)->properties; property && property->name; property++)
            scope |= property->mode == DARA_PROPERTY_OWNER ? DARA_SCOPE_OWNER : 0u;
    }
    return scope;
}

int dara_driver_require_scope(const struct dara_driver *driver, unsigned scope)
{
    static const struct {
        unsigned scope;
        const char *option, *what;
    } parts[] = {{DARA_SCOPE_OWNER, "owner", "owners of objects"},
                 {DARA_SCOPE_PRIVILEGES, "privileges", "privileges"},
                 {DARA_SCOPE_SETTINGS, "settings", "settings of a database and its roles"}};
    for (size_t i = 0; i < DARA_COUNT(parts); i++) {
        if (!(scope & parts[i].scope & ~scope_of(driver)))
            continue;
        dara_error_set(DARA_EUNSUPPORTED, "the '%s' driver does not read %s", driver->name, parts[i].what);
        dara_error_hint("leave out '--%s'", parts[i].option);
        return DARA_EUNSUPPORTED;
    }
    return 0;
}

int dara_dispatch_absent(const struct dara_driver *driver, const char *group, const char *member, const char *purpose)
{
    if (member)
        dara_error_set(DARA_EUNSUPPORTED, "the '%s' driver cannot %s: it has no operation '%s.%s'", driver->name,
                       purpose, group, member);
    else
        dara_error_set(DARA_EUNSUPPORTED, "the '%s' driver cannot %s: it has no '%s' operations", driver->name, purpose,
                       group);
    dara_error_hint("run 'dara drivers' to see what each driver can do");
    return DARA_EUNSUPPORTED;
}
