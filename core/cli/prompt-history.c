/* SPDX-License-Identifier: MIT */
/* The prompt's history: one line of text for each command, oldest first. */
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/url.h"
#include "cli/call.h"

#define HISTORY_KEPT 1000

/* ---- what is not kept ------------------------------------------------------------------------------------------------------- */

static bool is_secret_url(const char *text)
{
    struct dara_url *url = NULL;
    if (dara_url_parse(text, NULL, &url)) {
        dara_error_clear();
        /* It cannot be told what is what in it. */
        return strstr(text, "://") && strchr(text, '@');
    }
    bool secret = strstr(url->redacted, "***") != NULL;
    dara_url_free(url);
    return secret;
}

/* Whatever speaks of a secret may hold one, in options and in statements. */
static bool names_secret(const char *line)
{
    static const char *const names[] = {"password", "passwd",        "secret",     "token",     "apikey",
                                        "api_key",  "identified by", "access_key", "credential"};
    for (size_t i = 0; i < DARA_COUNT(names); i++)
        for (const char *s = line; *s; s++)
            if (strncasecmp(s, names[i], strlen(names[i])) == 0)
                return true;
    return false;
}

/* "--url=x:y" holds a URL after its first '='. */
static bool is_secret_word(const char *word)
{
    const char *equals = strchr(word, '=');
    return (strchr(word, ':') && is_secret_url(word)) || (equals && strchr(equals, ':') && is_secret_url(equals + 1));
}

bool dara_prompt_keeps(const char *line)
{
    char **words = NULL;
    size_t count = 0;
    if (!*line || strpbrk(line, "\n\r") || dara_words_split(line, true, &words, &count))
        return false;
    bool keep = count > 0 && !names_secret(line);
    for (size_t i = 0; i < count && keep; i++)
        keep = !is_secret_word(words[i]);
    free(words);
    return keep;
}

/* ---- the file ---------------------------------------------------------------------------------------------------------------- */

char *dara_prompt_path(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    /* A relative path there is to be ignored, says the XDG specification. */
    if (state && *state == '/')
        return dara_format("%s/dara/history", state);
    return home && *home == '/' ? dara_format("%s/.local/state/dara/history", home) : NULL;
}

/* Make the folder above the file, readable by its owner only where it is new. */
static bool make_folder(const char *path)
{
    DARA_FREE char *folder = dara_strndup(path, (size_t)(strrchr(path, '/') - path));
    mode_t mask = umask(0077);
    int code = dara_file_make_folder(folder);
    umask(mask);
    if (code)
        dara_error_clear();
    return !code;
}

void dara_prompt_add(const char *path, const char *line)
{
    if (!path || !dara_prompt_keeps(line) || !make_folder(path))
        return;
    int descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return;
    /* One write: lines of two prompts do not mix. What cannot be written is no reason to stop. */
    DARA_FREE char *text = dara_format("%s\n", line);
    ssize_t written = write(descriptor, text, strlen(text));
    (void)written;
    close(descriptor);
}

void dara_prompt_read(const char *path, void (*each)(const char *line))
{
    char *bytes = NULL;
    size_t length = 0, lines = 0;
    if (!path || !dara_file_exists(path))
        return;
    if (dara_file_read(path, &bytes, &length)) {
        dara_error_clear();
        return;
    }
    for (size_t i = 0; i < length; i++)
        lines += bytes[i] == '\n';
    char *first = bytes;
    for (; lines > HISTORY_KEPT; lines--)
        first = strchr(first, '\n') ? strchr(first, '\n') + 1 : first;
    if (first > bytes && dara_file_write(path, first, strlen(first), 0600))
        dara_error_clear();
    for (char *line = first, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        each(line);
    }
    free(bytes);
}
