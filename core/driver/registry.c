/* SPDX-License-Identifier: MIT */
/* Which files are drivers, and which of them answers to a scheme. Each file is tried once in the life of the process, and a
 * refusal is kept with its reason. */
#include <string.h>

#include "base/file.h"
#include "base/suggest.h"
#include "driver/internal.h"

/* Everything ever tried. Never freed: drivers stay loaded. */
static struct dara_found **tried;
static size_t tried_count, tried_room;

/* What the scan of one search path gave. */
struct scan {
    char *search;
    struct dara_found *found;
    size_t count;
    struct scan *next;
};
static struct scan *scans;

static const char *search_path(void)
{
    const char *path = getenv("DARA_DRIVER_PATH");
    return path && *path ? path : DARA_DRIVER_FOLDER;
}

/* The folders of a search path, one after the other; free(); NULL at the end. Empty parts are passed over. */
static char *next_folder(const char **at)
{
    *at += strspn(*at, ":");
    size_t length = strcspn(*at, ":");
    if (!length)
        return NULL;
    char *folder = dara_strndup(*at, length);
    *at += length;
    return folder;
}

static struct dara_found *remember(const char *path, const char *name)
{
    struct dara_found *found = dara_alloc(sizeof(*found));
    found->path = dara_strdup(path);
    found->name = dara_strdup(name);
    DARA_GROW(tried, tried_count, tried_room);
    tried[tried_count++] = found;
    return found;
}

/* Why, from the error record: message and, where there is one, what to do. free(). */
static char *reason(void)
{
    const struct dara_error *last = dara_error_last();
    if (!last)
        return dara_strdup("it was refused without a reason");
    return last->hint ? dara_format("%s (%s)", last->message, last->hint) : dara_strdup(last->message);
}

/* Try a file, or say what came of it when it was tried before. Leaves the error record alone. */
static const struct dara_found *try_file(const char *path, const char *name)
{
    for (size_t i = 0; i < tried_count; i++)
        if (strcmp(tried[i]->path, path) == 0)
            return tried[i];
    struct dara_found *found = remember(path, name);
    struct dara_error *earlier = dara_error_keep();
    dara_error_clear();
    int code = 0;
    if (!dara_driver_name_valid(name))
        code = dara_error_set(DARA_EDRIVER, "its file name is not that of a driver: lowercase letters and digits");
    if (!code)
        code = dara_loader_open(path, name, &found->driver);
    if (code)
        found->refusal = reason();
    dara_error_put_back(earlier);
    return found;
}

/* The file of a driver in a folder, the shared object before the libtool archive; free(); NULL where there is none. */
static char *file_of(const char *folder, const char *name)
{
    static const char *const ends[] = {".so", ".la"};
    for (size_t i = 0; i < DARA_COUNT(ends); i++) {
        /* Always with a slash: without one the system's loader would look in its own folders instead. */
        char *path = dara_format("%s/%s%s", folder, name, ends[i]);
        if (dara_file_exists(path))
            return path;
        free(path);
    }
    return NULL;
}

/* ---- scan --------------------------------------------------------------------------------------------------------------- */

static void append(struct scan *scan, size_t *room, const struct dara_found *found)
{
    DARA_GROW(scan->found, scan->count, *room);
    scan->found[scan->count++] = *found;
}

static const struct dara_found *find_named(const struct scan *scan, const char *name)
{
    for (size_t i = 0; i < scan->count; i++)
        if (strcmp(scan->found[i].name, name) == 0)
            return &scan->found[i];
    return NULL;
}

/* `name` of a file that may be a driver, without its end; free(); NULL for others. */
static char *driver_name(const char *file)
{
    size_t length = strlen(file);
    if (length <= 3 || (strcmp(file + length - 3, ".so") != 0 && strcmp(file + length - 3, ".la") != 0))
        return NULL;
    return dara_strndup(file, length - 3);
}

/* A driver of a later folder with a name that is taken is listed, and not loaded. */
static void append_hidden(struct scan *scan, size_t *room, const char *path, const struct dara_found *first)
{
    const struct dara_found hidden = {
        .name = first->name,
        .path = dara_strdup(path),
        .refusal = dara_format("'%s' comes first", first->path),
    };
    append(scan, room, &hidden);
}

static void scan_folder(struct scan *scan, size_t *room, const char *folder)
{
    char **names;
    size_t count;
    struct dara_error *earlier = dara_error_keep();
    int code = dara_file_names(folder, &names, &count);
    dara_error_put_back(earlier);
    if (code)
        return; /* a folder that is not there holds no drivers */
    for (size_t i = 0; i < count; i++) {
        DARA_FREE char *name = driver_name(names[i]);
        DARA_FREE char *path = name ? file_of(folder, name) : NULL;
        if (!path || dara_loader_is_static(path))
            continue;
        const struct dara_found *first = find_named(scan, name);
        if (!first)
            append(scan, room, try_file(path, name));
        else if (strcmp(first->path, path) != 0)
            append_hidden(scan, room, path, first);
    }
    dara_file_names_free(names);
}

int dara_driver_scan(const struct dara_found **ret_found, size_t *ret_count)
{
    const char *search = search_path();
    struct scan *scan = scans;
    while (scan && strcmp(scan->search, search) != 0)
        scan = scan->next;
    if (!scan) {
        scan = dara_alloc(sizeof(*scan));
        scan->search = dara_strdup(search);
        size_t room = 0;
        const char *at = scan->search;
        for (char *folder = next_folder(&at); folder; folder = next_folder(&at)) {
            scan_folder(scan, &room, folder);
            free(folder);
        }
        scan->next = scans;
        scans = scan;
    }
    *ret_found = scan->found;
    *ret_count = scan->count;
    return 0;
}

/* ---- load --------------------------------------------------------------------------------------------------------------- */

static const struct dara_found *find_file(const char *name)
{
    const char *at = search_path();
    for (char *folder = next_folder(&at); folder; folder = next_folder(&at)) {
        DARA_FREE char *here = folder;
        DARA_FREE char *path = file_of(here, name);
        if (path)
            return try_file(path, name);
    }
    return NULL;
}

/* Where a scheme stands among a driver's; -1: nowhere. */
static int place_of(const struct dara_driver *driver, const char *scheme)
{
    for (int i = 0; driver && driver->schemes[i]; i++)
        if (strcmp(driver->schemes[i], scheme) == 0)
            return i;
    return -1;
}

/* Several may take a scheme: it is that driver's which names it first. */
static const struct dara_driver *find_alias(const struct dara_found *found, size_t count, const char *scheme)
{
    const struct dara_driver *best = NULL;
    for (size_t i = 0; i < count; i++) {
        int place = place_of(found[i].driver, scheme);
        if (place >= 0 && (!best || place < place_of(best, scheme)))
            best = found[i].driver;
    }
    return best;
}

static int none_for(const char *scheme, const struct dara_found *found, size_t count)
{
    DARA_TEXT_LOCAL loaded = DARA_TEXT_INIT, refused = DARA_TEXT_INIT, nearest = DARA_TEXT_INIT;
    struct dara_suggestion suggestion;
    dara_suggest_begin(&suggestion, scheme);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; found[i].driver && found[i].driver->schemes[k]; k++)
            dara_suggest_offer(&suggestion, found[i].driver->schemes[k]);
        if (found[i].driver)
            dara_text_format(&loaded, "%s'%s'", loaded.length ? ", " : "", found[i].name);
        else
            dara_text_format(&refused, "%s'%s': %s", refused.length ? "; " : "", found[i].path, found[i].refusal);
    }
    dara_error_set(DARA_EDRIVER, "there is no driver for '%s'", scheme);
    dara_error_detail("looked in '%s'; drivers there: %s%s%s", search_path(), loaded.length ? loaded.bytes : "none",
                      refused.length ? "; refused: " : "", dara_text_string(&refused));
    bool any = dara_suggest_text(&suggestion, "", &nearest);
    dara_error_hint(
        "%s%s'dara drivers' shows all drivers and why one was refused, and a driver is only built where its client "
        "library was found",
        any ? dara_text_string(&nearest) : "check the URL's scheme;", " ");
    return DARA_EDRIVER;
}

int dara_driver_load(const char *scheme, const struct dara_driver **ret_driver)
{
    if (!scheme || !dara_driver_scheme_valid(scheme))
        return dara_error_set(DARA_EUSAGE, "'%s' is not a URL scheme", scheme ? scheme : "");
    const struct dara_found *named = dara_driver_name_valid(scheme) ? find_file(scheme) : NULL;
    if (named && named->driver) {
        *ret_driver = named->driver;
        return 0;
    }
    if (named) {
        dara_error_set(DARA_EDRIVER, "the driver '%s' was refused: %s", scheme, named->refusal);
        dara_error_detail("its file is '%s'", named->path);
        dara_error_hint("run 'dara drivers' to see all drivers");
        return DARA_EDRIVER;
    }
    const struct dara_found *found;
    size_t count;
    int code = dara_driver_scan(&found, &count);
    if (code)
        return code;
    const struct dara_driver *driver = find_alias(found, count, scheme);
    if (!driver)
        return none_for(scheme, found, count);
    *ret_driver = driver;
    return 0;
}

/* ---- which of several ----------------------------------------------------------------------------------------------------- */

/* The name of the driver that the host belongs to, or NULL. */
static const char *kin_of(const struct dara_driver *driver, const char *host)
{
    for (size_t i = 0; host && DARA_HAS(driver, kin) && driver->kin[i]; i++) {
        const char *space = strchr(driver->kin[i], ' ');
        if (space && dara_string_ends(host, driver->kin[i], (size_t)(space - driver->kin[i])))
            return space + 1;
    }
    return NULL;
}

int dara_driver_adopt(struct dara_url *url, const char *engine)
{
    const struct dara_driver *driver = NULL, *other = NULL;
    const char *name = engine;
    if (!name) {
        int code = dara_driver_load(url->scheme, &driver);
        if (code)
            return code;
        name = kin_of(driver, url->host);
    }
    if (!name)
        return 0;
    struct dara_error *earlier = dara_error_keep();
    if (dara_driver_load(name, &other) == 0 && place_of(other, url->scheme) > 0)
        url->scheme = other->schemes[0];
    dara_error_put_back(earlier);
    return 0;
}
