/* SPDX-License-Identifier: MIT */
/* Did you mean: the nearest of the words there are. */
#ifndef DARA_BASE_SUGGEST_H
#define DARA_BASE_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Edit distance with neighbours swapped counting one. */
size_t dara_suggest_distance(const char *a, const char *b);

/* Collects the nearest of the words offered. */
struct dara_suggestion {
    const char *wanted;
    size_t distance; /* of those kept */
    size_t count;
    const char *words[3]; /* borrowed */
};
void dara_suggest_begin(struct dara_suggestion *suggestion, const char *wanted);
void dara_suggest_offer(struct dara_suggestion *suggestion, const char *word);
/* `word` is compared, `shown` proposed. */
void dara_suggest_offer_as(struct dara_suggestion *suggestion, const char *word, const char *shown);
/* "did you mean 'a' or 'b'?" with `prefix` before each word; false when nothing is near. */
bool dara_suggest_text(const struct dara_suggestion *suggestion, const char *prefix, struct dara_text *out);

#endif
