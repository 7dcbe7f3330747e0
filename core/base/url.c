/* SPDX-License-Identifier: MIT */
#include "base/url.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/text.h"

/* The public struct comes first: a dara_url handed out is one of these. */
struct parsed {
    struct dara_url url;
    struct dara_arena *arena;
    char *text;
    char *password;
    const char **names, **values;
    size_t room;
    const char **secrets; /* every form in which a message may quote one */
    size_t secret_count, secret_room;
};

/* A piece of the text, still encoded. */
struct piece {
    const char *start, *end;
};

static struct piece piece(const char *start, const char *end)
{
    return (struct piece){start, end};
}

static const char *find(const char *start, const char *end, const char *any)
{
    for (; start < end; start++)
        if (strchr(any, *start))
            break;
    return start;
}

static const char *find_last(const char *start, const char *end, char wanted)
{
    for (const char *at = end; at > start; at--)
        if (at[-1] == wanted)
            return at - 1;
    return NULL;
}

/* No message of this file quotes the URL: only names of its parts. */
static int malformed(const char *what, const char *hint)
{
    dara_error_set(DARA_EUSAGE, "malformed database URL: %s", what);
    dara_error_hint("%s", hint);
    return DARA_EUSAGE;
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Decode a piece; an empty one gives NULL. */
static int decode(struct parsed *parsed, struct piece from, const char *part, char **ret_string)
{
    char *string = dara_arena_alloc(parsed->arena, (size_t)(from.end - from.start) + 1);
    size_t length = 0;
    for (const char *at = from.start; at < from.end; at++) {
        char byte = *at;
        if (byte == '%') {
            int high = from.end - at > 2 ? hex(at[1]) : -1, low = high >= 0 ? hex(at[2]) : -1;
            if (low < 0) {
                DARA_FREE char *what = dara_format("'%%' without two hex digits in the %s", part);
                return malformed(what, "write a '%' itself as %25");
            }
            byte = (char)(high * 16 + low);
            at += 2;
        }
        if ((unsigned char)byte < 0x20 || byte == 0x7f) {
            DARA_FREE char *what = dara_format("a control character in the %s", part);
            return malformed(what, "take it out");
        }
        string[length++] = byte;
    }
    if (!dara_utf8_valid(string, length)) {
        DARA_FREE char *what = dara_format("the %s is not UTF-8", part);
        return malformed(what, "encode names and passwords as UTF-8");
    }
    *ret_string = length ? string : NULL;
    return 0;
}

/* ---- secrets ---- */

static bool contains(const char *name, const char *word)
{
    size_t length = strlen(word);
    for (; *name; name++)
        if (strncasecmp(name, word, length) == 0)
            return true;
    return false;
}

static bool is_secret_name(const char *name)
{
    static const char *const words[] = {"password", "passwd", "passphrase", "pwd", "secret", "token", "key"};
    for (size_t i = 0; i < DARA_COUNT(words); i++)
        if (contains(name, words[i]))
            return true;
    return false;
}

static void add_secret(struct parsed *parsed, const char *secret)
{
    if (!secret || !*secret)
        return;
    DARA_GROW(parsed->secrets, parsed->secret_count, parsed->secret_room);
    parsed->secrets[parsed->secret_count++] = secret;
}

/* A secret as it is, and as it stands encoded in the URL. */
static void add_secrets(struct parsed *parsed, const char *decoded, struct piece encoded)
{
    add_secret(parsed, decoded);
    add_secret(parsed, dara_arena_strndup(parsed->arena, encoded.start, (size_t)(encoded.end - encoded.start)));
}

/* ---- parts ---- */

/* Options, and their redacted form. An unencoded '@' in a value may be the end of a password that holds a '?': not shown. */
static int parse_option(struct parsed *parsed, struct piece option, struct dara_text *redacted)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *equals = find(option.start, option.end, "=");
    struct piece name = piece(option.start, equals),
                 value = piece(equals < option.end ? equals + 1 : equals, option.end);
    char *value_text;
    for (const char *at = name.start; at < name.end; at++)
        if (!strchr(allowed, *at))
            return malformed("the name of an option may hold only letters, digits, '.', '_' and '-'",
                             "write '?' in a password as %3F");
    if (name.start == name.end)
        return malformed("an option without a name", "write options as ?name=value&name=value");
    int result = decode(parsed, value, "value of an option", &value_text);
    if (result)
        return result;
    struct dara_url *url = &parsed->url;
    if (url->option_count == parsed->room) {
        parsed->room = parsed->room ? parsed->room * 2 : 8;
        parsed->names = dara_realloc_array(parsed->names, parsed->room, sizeof(*parsed->names));
        parsed->values = dara_realloc_array(parsed->values, parsed->room, sizeof(*parsed->values));
    }
    const char *name_text = dara_arena_strndup(parsed->arena, name.start, (size_t)(name.end - name.start));
    parsed->names[url->option_count] = name_text;
    parsed->values[url->option_count++] = value_text ? value_text : dara_arena_strdup(parsed->arena, "");
    bool secret = is_secret_name(name_text);
    if (secret)
        add_secrets(parsed, value_text, value);
    bool hide = value_text && (secret || find(value.start, value.end, "@") < value.end);
    dara_text_add_bytes(redacted, option.start, (size_t)(value.start - option.start));
    dara_text_add_bytes(redacted, hide ? "***" : value.start, hide ? 3 : (size_t)(value.end - value.start));
    return 0;
}

static int parse_options(struct parsed *parsed, struct piece query, struct dara_text *redacted)
{
    const char *separator = "?";
    for (const char *at = query.start; at < query.end;) {
        const char *end = find(at, query.end, "&");
        dara_text_add(redacted, separator);
        int result = parse_option(parsed, piece(at, end), redacted);
        if (result)
            return result;
        separator = "&";
        at = end < query.end ? end + 1 : end;
    }
    parsed->url.option_names = parsed->names;
    parsed->url.option_values = parsed->values;
    return 0;
}

static int parse_user(struct parsed *parsed, struct piece user, struct dara_text *redacted)
{
    const char *colon = find(user.start, user.end, ":");
    char *name;
    int result = decode(parsed, piece(user.start, colon), "user", &name);
    if (result)
        return result;
    parsed->url.user = name;
    dara_text_add_bytes(redacted, user.start, (size_t)(colon - user.start));
    if (colon < user.end) {
        struct piece password = piece(colon + 1, user.end);
        result = decode(parsed, password, "password", &parsed->password);
        if (result)
            return result;
        parsed->url.password = parsed->password;
        add_secrets(parsed, parsed->password, password);
        dara_text_add(redacted, ":***");
    }
    dara_text_add(redacted, "@");
    return 0;
}

static bool is_port(struct piece port)
{
    long number = 0;
    for (const char *at = port.start; at < port.end; at++) {
        if (*at < '0' || *at > '9' || at - port.start > 5)
            return false;
        number = number * 10 + (*at - '0');
    }
    return number > 0 && number < 65536;
}

static int parse_host(struct parsed *parsed, struct piece host, struct dara_text *redacted)
{
    char *host_text = NULL, *port_text = NULL;
    struct piece port = piece(host.end, host.end), whole = host;
    if (find(host.start, host.end, ",") < host.end) {
        port = piece(host.end, host.end); /* several: left whole to the driver */
    } else if (host.start < host.end && *host.start == '[') {
        const char *close = find(host.start, host.end, "]");
        if (close == host.end || (close + 1 < host.end && close[1] != ':'))
            return malformed("an address in brackets must end in ']', then ':' and the port if there is one",
                             "write it as [::1]:5432");
        if (close + 1 < host.end)
            port = piece(close + 2, host.end);
        host = piece(host.start + 1, close);
    } else {
        const char *colon = find(host.start, host.end, ":");
        port = piece(colon < host.end ? colon + 1 : colon, host.end);
        host.end = colon;
    }
    if (port.start < port.end && !is_port(port))
        return malformed("the port is not a number from 1 to 65535",
                         "in a password write '@' as %40, ':' as %3A, '/' as %2F and '?' as %3F");
    int result = decode(parsed, host, "host", &host_text);
    if (!result)
        result = decode(parsed, port, "port", &port_text);
    if (result)
        return result;
    parsed->url.host = host_text;
    parsed->url.port = port_text;
    dara_text_add_bytes(redacted, whole.start, (size_t)(whole.end - whole.start));
    return 0;
}

static int parse_authority(struct parsed *parsed, struct piece authority, struct dara_text *redacted)
{
    const char *at = find_last(authority.start, authority.end, '@');
    dara_text_add(redacted, "//");
    int result = at ? parse_user(parsed, piece(authority.start, at), redacted) : 0;
    return result ? result : parse_host(parsed, piece(at ? at + 1 : authority.start, authority.end), redacted);
}

/* A path that looks like `user:password@host` or `password@host` (a URL whose scheme or slashes were forgotten) does not show
 * the password. */
static void redact_path(struct piece path, bool bare, struct dara_text *redacted)
{
    const char *colon = find(path.start, path.end, ":"), *at = find_last(path.start, path.end, '@');
    bool relative = bare && path.start < path.end && *path.start != '/' && *path.start != '.';
    if (at && (colon < at || relative)) {
        dara_text_add_bytes(redacted, path.start, colon < at ? (size_t)(colon + 1 - path.start) : 0);
        dara_text_add(redacted, "***");
        path.start = at;
    }
    dara_text_add_bytes(redacted, path.start, (size_t)(path.end - path.start));
}

static int parse_rest(struct parsed *parsed, struct piece rest, struct dara_text *redacted)
{
    const char *query = find(rest.start, rest.end, "?");
    struct piece path = piece(rest.start, query);
    char *path_text;
    int result = 0;
    if (rest.end - rest.start >= 2 && rest.start[0] == '/' && rest.start[1] == '/') {
        struct piece authority = piece(rest.start + 2, find(rest.start + 2, query, "/"));
        path.start = authority.end;
        /* "user:pa/ss@host" and "host:1/na@me" cannot be told apart: neither guessed, nor shown. */
        if (find(authority.start, authority.end, ":@") < authority.end && find(path.start, path.end, "@") < path.end)
            return malformed("an '@' stands after a '/'", "in user, password and path write '@' as %40 and '/' as %2F");
        result = parse_authority(parsed, authority, redacted);
        if (result)
            return result;
    }
    redact_path(path, path.start == rest.start, redacted);
    if (path.start > rest.start + 2 && path.start < path.end)
        path.start++; /* after an authority that is not empty, the '/' only separates */
    result = decode(parsed, path, "path", &path_text);
    if (result)
        return result;
    parsed->url.path = path_text;
    return parse_options(parsed, piece(query < rest.end ? query + 1 : query, rest.end), redacted);
}

static int parse_scheme(struct parsed *parsed, const char **ret_rest)
{
    const char *colon = strchr(parsed->text, ':');
    char *scheme = NULL;
    bool good = colon && colon > parsed->text;
    if (good)
        scheme = dara_arena_strndup(parsed->arena, parsed->text, (size_t)(colon - parsed->text));
    for (size_t i = 0; good && scheme[i]; i++) {
        if (scheme[i] >= 'A' && scheme[i] <= 'Z')
            scheme[i] = (char)(scheme[i] - 'A' + 'a');
        bool letter = scheme[i] >= 'a' && scheme[i] <= 'z';
        good = letter || (i > 0 && ((scheme[i] >= '0' && scheme[i] <= '9') || scheme[i] == '+'));
    }
    if (!good)
        return malformed("it does not begin with a scheme",
                         "write it as 'scheme:path' or 'scheme://user:password@host:port/name'; 'dara drivers' lists "
                         "the schemes");
    parsed->url.scheme = scheme;
    *ret_rest = colon + 1;
    return 0;
}

static int parse(struct parsed *parsed)
{
    DARA_TEXT_LOCAL redacted = DARA_TEXT_INIT;
    const char *rest = NULL;
    int result = parse_scheme(parsed, &rest);
    if (result)
        return result;
    dara_text_format(&redacted, "%s:", parsed->url.scheme);
    result = parse_rest(parsed, piece(rest, rest + strlen(rest)), &redacted);
    if (result)
        return result;
    parsed->url.redacted = dara_arena_strdup(parsed->arena, dara_text_string(&redacted));
    return 0;
}

int dara_url_parse(const char *text, const char *base, struct dara_url **ret_url)
{
    struct parsed *parsed = dara_alloc(sizeof(*parsed));
    parsed->arena = dara_arena_new();
    parsed->text = dara_arena_strdup(parsed->arena, text);
    parsed->url.size = sizeof(parsed->url);
    parsed->url.text = parsed->text;
    parsed->url.base = dara_arena_strdup(parsed->arena, base);
    int result = parse(parsed);
    if (result)
        dara_url_free(&parsed->url);
    else
        *ret_url = &parsed->url;
    return result;
}

char *dara_url_shown(const char *text)
{
    struct dara_url *url = NULL;
    if (dara_url_parse(text, NULL, &url) == 0) {
        char *shown = dara_strdup(strstr(url->redacted, "***") ? url->redacted : text);
        dara_url_free(url);
        return shown;
    }
    dara_error_clear();
    /* It cannot be told what is what in it. */
    const char *colon = strpbrk(text, "@?") || strstr(text, "://") ? strchr(text, ':') : NULL;
    return colon ? dara_format("%.*s***", (int)(colon + 1 - text), text) : dara_strdup(text);
}

struct dara_url *dara_url_free(struct dara_url *url)
{
    struct parsed *parsed = (struct parsed *)url;
    if (!parsed)
        return NULL;
    dara_arena_wipe(parsed->arena);
    dara_arena_free(parsed->arena);
    free(parsed->names);
    free(parsed->values);
    free(parsed->secrets);
    free(parsed);
    return NULL;
}

/* The longest secret that `string` begins with; its length. */
static size_t secret_at(const struct parsed *parsed, const char *string)
{
    size_t longest = 0;
    for (size_t i = 0; i < parsed->secret_count; i++) {
        size_t length = strlen(parsed->secrets[i]);
        if (length > longest && strncmp(string, parsed->secrets[i], length) == 0)
            longest = length;
    }
    return longest;
}

char *dara_url_scrub(const struct dara_url *url, const char *string)
{
    const struct parsed *parsed = (const struct parsed *)url;
    struct dara_text text = DARA_TEXT_INIT;
    while (*string) {
        size_t length = parsed ? secret_at(parsed, string) : 0;
        dara_text_add_bytes(&text, length ? "***" : string, length ? 3 : 1);
        string += length ? length : 1;
    }
    return dara_text_steal(&text);
}

const char *dara_url_option(const struct dara_url *url, const char *name)
{
    for (size_t i = 0; i < url->option_count; i++)
        if (strcmp(url->option_names[i], name) == 0)
            return url->option_values[i];
    return NULL;
}
