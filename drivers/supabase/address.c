/* SPDX-License-Identifier: MIT */
/* Addresses of Supabase: https://supabase.com/docs/guides/database/connecting-to-postgres
 *   db.PROJECT.supabase.co:5432              direct; an IPv6 address alone, where the project has not bought another
 *   REGION.pooler.supabase.com:5432, :6543   the pooler by session and by transaction; the user is USER.PROJECT */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "supa.h"

static bool ends_with(const char *text, const char *end)
{
    size_t length = text ? strlen(text) : 0, tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static bool is_here(const char *host)
{
    return !host || *host == '/' || strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 ||
           strcmp(host, "::1") == 0;
}

static bool has_option(const struct dara_url *url, const char *name)
{
    for (size_t i = 0; i < url->option_count; i++)
        if (strcmp(url->option_names[i], name) == 0)
            return true;
    return false;
}

char *supabase_address_text(const struct dara_url *url)
{
    static const char scheme[] = "postgresql", database[] = "postgres", require[] = "sslmode=require";
    const char *rest = strchr(url->text, ':');
    size_t room = strlen(url->text) + sizeof(scheme) + sizeof(database) + sizeof(require) + 4;
    char *text = malloc(room);
    if (!text)
        return NULL;
    size_t before = strcspn(rest, "?");
    bool named = url->path && *url->path, slash = before > 0 && rest[before - 1] == '/';
    bool tls = !is_here(url->host) && !has_option(url, "sslmode");
    snprintf(text, room, "%s%.*s%s%s%s%s%s", scheme, (int)before, rest, named || slash ? "" : "/",
             named ? "" : database, rest + before, tls ? rest[before] ? "&" : "?" : "", tls ? require : "");
    return text;
}

int supabase_address_check(const struct dara_url *url)
{
    const char *project = getenv("SUPABASE_PROJECT_REF");
    if (!ends_with(url->host, ".pooler.supabase.com") || !url->user || strchr(url->user, '.'))
        return 0;
    dara_error_set(DARA_ECONNECT, "the user '%s' names no project, and the pooler is that of many", url->user);
    dara_error_hint("write the user as %s.%s", url->user, project && *project ? project : "PROJECT");
    return DARA_ECONNECT;
}

static bool has_address(const char *host, int family)
{
    const struct addrinfo wanted = {.ai_family = family, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    bool any = getaddrinfo(host, NULL, &wanted, &found) == 0;
    if (any)
        freeaddrinfo(found);
    return any;
}

void supabase_address_advise(const struct dara_url *url)
{
    bool direct = ends_with(url->host, ".supabase.co") && strncmp(url->host, "db.", 3) == 0;
    if (direct && !has_address(url->host, AF_INET))
        dara_error_hint("direct hosts have an IPv6 address alone: where there is no way to it, use the pooler by "
                        "session (port 5432 of "
                        "REGION.pooler.supabase.com, user postgres.PROJECT)");
}
