/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/call.h"

void dara_words_each(const char *words, void (*each)(void *context, const char *word), void *context)
{
    for (const char *s = words ? words : ""; *(s += strspn(s, " "));) {
        size_t length = strcspn(s, " ");
        DARA_FREE char *word = dara_strndup(s, length);
        each(context, word);
        s += length;
    }
}

bool dara_words_hold(const char *words, const char *word)
{
    size_t wanted = strlen(word);
    for (const char *s = words ? words : ""; *(s += strspn(s, " "));) {
        size_t length = strcspn(s, " ");
        if (length == wanted && strncmp(s, word, length) == 0)
            return true;
        s += length;
    }
    return false;
}

/* Append one word of the line to `to`; returns what follows it, or NULL when a quote does not end. */
static const char *take_word(const char *s, char **to)
{
    char quote = 0;
    for (; *s && (quote || !strchr(" \t\n", *s)); s++) {
        if (quote ? *s == quote : (*s == '\'' || *s == '"')) {
            quote = quote ? 0 : *s;
            continue;
        }
        if (*s == '\\' && quote != '\'' && s[1] && (!quote || strchr("\"\\", s[1])))
            s++;
        *(*to)++ = *s;
    }
    *(*to)++ = '\0';
    return quote ? NULL : s;
}

int dara_words_split(const char *line, bool open, char ***ret_words, size_t *ret_count)
{
    /* Every word takes at least two characters of the line, one of which is white space or the end. */
    size_t length = strlen(line), most = length / 2 + 2, count = 0;
    char **words = dara_alloc(most * sizeof(*words) + length + most);
    char *to = (char *)(words + most);
    for (const char *s = line; *(s += strspn(s, " \t\n"));) {
        words[count++] = to;
        const char *next = take_word(s, &to);
        if (!next && !open) {
            free(words);
            return dara_error_set(DARA_EUSAGE, "a quote does not end");
        }
        s = next ? next : "";
    }
    *ret_words = words;
    *ret_count = count;
    return 0;
}
