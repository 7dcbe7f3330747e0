/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "login.h"

enum { TIMEOUT_SECONDS = 10, LEASE_SECONDS = 30 };

/* ---- options of the URL ---- */

static int bad_value(const char *name, const char *value, const char *known)
{
    dara_error_set(DARA_ECONNECT, "the URL's option '%s' cannot be '%s'", name, value);
    dara_error_hint("it takes %s", known);
    return DARA_ECONNECT;
}

static int take_tls(struct mysql_login *login, const char *name, const char *value)
{
    static const struct {
        const char *name;
        enum mysql_tls tls;
    } modes[] = {
        {"disabled", MYSQL_TLS_DISABLED},
        {"preferred", MYSQL_TLS_PREFERRED},
        {"required", MYSQL_TLS_REQUIRED},
        {"verify-ca", MYSQL_TLS_VERIFY_CA},
        {"verify_ca", MYSQL_TLS_VERIFY_CA},
        {"verify-identity", MYSQL_TLS_VERIFY_IDENTITY},
        {"verify_identity", MYSQL_TLS_VERIFY_IDENTITY},
    };
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (strcasecmp(value, modes[i].name) == 0) {
            login->tls = modes[i].tls;
            return 0;
        }
    return bad_value(name, value, "disabled, preferred, required, verify-ca or verify-identity");
}

static int take_timeout(struct mysql_login *login, const char *name, const char *value)
{
    char *end;
    unsigned long seconds = strtoul(value, &end, 10);
    if (*end || end == value || seconds == 0 || seconds > 86400)
        return bad_value(name, value, "seconds");
    login->timeout = (unsigned)seconds;
    return 0;
}

static int take_lease(struct mysql_login *login, const char *name, const char *value)
{
    char *end;
    unsigned long seconds = strtoul(value, &end, 10);
    if (*end || end == value || seconds == 0 || seconds > 3600)
        return bad_value(name, value, "seconds, 3600 at most");
    login->lease_ms = (unsigned)seconds * 1000;
    return 0;
}

static int take_lock(struct mysql_login *login, const char *name, const char *value)
{
    login->lease = strcasecmp(value, "lease") == 0;
    return login->lease || strcasecmp(value, "auto") == 0 ? 0 : bad_value(name, value, "auto or lease");
}

static int take_public_key(struct mysql_login *login, const char *name, const char *value)
{
    if (strcmp(value, "1") != 0 && strcasecmp(value, "true") != 0 && strcmp(value, "0") != 0 &&
        strcasecmp(value, "false") != 0)
        return bad_value(name, value, "0 or 1");
    login->public_key = *value == '1' || *value == 't' || *value == 'T';
    return 0;
}

/* Everything is sent and read as utf8mb4: another one could not carry every name. */
static int take_charset(struct mysql_login *login, const char *name, const char *value)
{
    (void)login;
    return strcasecmp(value, "utf8mb4") == 0 ? 0 : bad_value(name, value, "utf8mb4: nothing else carries every name");
}

struct option {
    const char *name; /* with '-'; '_' will do as well */
    size_t text;      /* where a text goes, or */
    int (*take)(struct mysql_login *login, const char *name, const char *value);
};
#define TEXT(name, member)                               \
    {                                                    \
        name, offsetof(struct mysql_login, member), NULL \
    }
static const struct option options[] = {
    {"ssl-mode", 0, take_tls},
    {"sslmode", 0, take_tls},
    TEXT("ssl-ca", tls_ca),
    TEXT("ssl-capath", tls_capath),
    TEXT("ssl-cert", tls_cert),
    TEXT("ssl-key", tls_key),
    TEXT("ssl-cipher", tls_cipher),
    TEXT("tls-version", tls_version),
    TEXT("socket", socket),
    {"connect-timeout", 0, take_timeout},
    {"get-server-public-key", 0, take_public_key},
    {"charset", 0, take_charset},
    {"lock", 0, take_lock},
    {"lease", 0, take_lease},
};

static bool same_name(const char *given, const char *name)
{
    for (; *given && *name; given++, name++)
        if ((*given == '_' ? '-' : *given) != *name)
            return false;
    return !*given && !*name;
}

static int copy_text(char **to, const char *from)
{
    if (!from)
        return 0;
    free(*to);
    *to = mysql_copy(from);
    return *to ? 0 : DARA_EINTERNAL;
}

static int take_option(struct mysql_login *login, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (same_name(name, options[i].name))
            return options[i].take ? options[i].take(login, name, value)
                                   : copy_text((char **)(void *)((char *)login + options[i].text), value);
    dara_error_set(DARA_ECONNECT, "the URL has an option that is not known: '%s'", name);
    dara_error_hint("options are ssl-mode, ssl-ca, ssl-capath, ssl-cert, ssl-key, ssl-cipher, tls-version, socket,"
                    " connect-timeout, get-server-public-key, lock, lease");
    return DARA_ECONNECT;
}

/* ---- the whole ---- */

static int take_url(struct mysql_login *login, const struct dara_url *url)
{
    int code = copy_text(&login->user, url->user);
    /* As the engine's own clients do, so that a password need not stand in a URL. */
    code = code ? code : copy_text(&login->password, url->password ? url->password : getenv("MYSQL_PWD"));
    code = code ? code : copy_text(&login->host, url->host);
    login->port = url->port ? (unsigned)strtoul(url->port, NULL, 10) : 0;
    for (size_t i = 0; !code && i < url->option_count; i++)
        code = take_option(login, url->option_names[i], url->option_values[i]);
    /* An authority asked for is there to be checked. */
    if (!code && login->tls == MYSQL_TLS_PREFERRED && (login->tls_ca || login->tls_capath))
        login->tls = MYSQL_TLS_VERIFY_CA;
    return code;
}

int mysql_login_new(const struct dara_open *request, struct mysql_login **ret_login)
{
    struct mysql_login *login = calloc(1, sizeof(*login));
    if (!login)
        return mysql_out_of_memory();
    login->timeout = TIMEOUT_SECONDS;
    login->lease_ms = LEASE_SECONDS * 1000;
    login->public_key = true;
    int code = copy_text(&login->application, request->application ? request->application : "dara");
    code = code ? code : take_url(login, request->url);
    if (code) {
        mysql_login_free(login);
        return code;
    }
    *ret_login = login;
    return 0;
}

struct mysql_login *mysql_login_free(struct mysql_login *login)
{
    if (!login)
        return NULL;
    if (login->password)
        explicit_bzero(login->password, strlen(login->password));
    char *const texts[] = {login->user,        login->password,   login->host,       login->socket,
                           login->application, login->tls_ca,     login->tls_capath, login->tls_cert,
                           login->tls_key,     login->tls_cipher, login->tls_version};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    free(login);
    return NULL;
}

bool mysql_login_is_local(const struct mysql_login *login)
{
    const char *host = login->host;
    return login->socket || !host || strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "::1") == 0;
}
