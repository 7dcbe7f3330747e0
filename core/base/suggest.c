/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t dara_suggest_distance(const char *a, const char *b)
{
    size_t height = strlen(a) + 1, width = strlen(b) + 1;
    DARA_FREE size_t *cells = dara_alloc(height * width * sizeof(*cells));
    for (size_t i = 0; i < height; i++) {
        for (size_t j = 0; j < width; j++) {
            size_t *cell = &cells[i * width + j];
            if (!i || !j) {
                *cell = i + j;
                continue;
            }
            *cell = least(cell[-(ptrdiff_t)width], cell[-1]) + 1;
            *cell = least(*cell, cells[(i - 1) * width + j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                *cell = least(*cell, cells[(i - 2) * width + j - 2] + 1);
        }
    }
    return cells[height * width - 1];
}

void dara_suggest_begin(struct dara_suggestion *suggestion, const char *wanted)
{
    *suggestion = (struct dara_suggestion){.wanted = wanted};
    /* One slip for every three letters; long inputs are no typing errors. */
    size_t length = strlen(wanted);
    suggestion->distance = length > 40 ? 0 : length / 3 + 1;
}

void dara_suggest_offer(struct dara_suggestion *suggestion, const char *word)
{
    dara_suggest_offer_as(suggestion, word, word);
}

void dara_suggest_offer_as(struct dara_suggestion *suggestion, const char *word, const char *shown)
{
    size_t length = strlen(suggestion->wanted);
    if (length > 40 || strlen(word) > 40)
        return;
    /* A beginning of two letters or more counts as near as one slip. */
    bool beginning = length > 1 && strncmp(word, suggestion->wanted, length) == 0;
    size_t distance = beginning ? 1 : dara_suggest_distance(suggestion->wanted, word);
    if (distance > suggestion->distance || distance >= strlen(word))
        return;
    if (distance < suggestion->distance)
        suggestion->count = 0;
    suggestion->distance = distance;
    for (size_t i = 0; i < suggestion->count; i++)
        if (strcmp(suggestion->words[i], shown) == 0)
            return;
    if (suggestion->count < DARA_COUNT(suggestion->words))
        suggestion->words[suggestion->count++] = shown;
}

bool dara_suggest_text(const struct dara_suggestion *suggestion, const char *prefix, struct dara_text *out)
{
    for (size_t i = 0; i < suggestion->count; i++) {
        const char *before = i == 0 ? "did you mean " : i + 1 < suggestion->count ? ", " : " or ";
        dara_text_format(out, "%s'%s%s'", before, prefix, suggestion->words[i]);
    }
    if (suggestion->count)
        dara_text_add(out, "?");
    return suggestion->count > 0;
}
