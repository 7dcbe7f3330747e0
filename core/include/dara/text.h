/* SPDX-License-Identifier: MIT */
/*
 * A growing text that the library owns and a driver writes into. No memory crosses the boundary: the driver appends,
 * the library keeps. Running out of memory ends the process (see docs/ARCHITECTURE.md, "Memory"), so these cannot fail.
 */
#ifndef DARA_TEXT_H
#define DARA_TEXT_H

#include <stddef.h>

#include <dara/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct dara_text;

/* Append a string that ends in NUL; NULL appends nothing. */
void dara_text_add(struct dara_text *text, const char *string);

/* Append `length` bytes, which may hold NUL. */
void dara_text_add_bytes(struct dara_text *text, const void *bytes, size_t length);

/* Append formatted text. */
void dara_text_format(struct dara_text *text, const char *format, ...) DARA_PRINTF(2, 3);

/* What has been appended so far, followed by a NUL that does not count in `*ret_length` (which may be NULL).
 * Borrowed: valid until the next append. */
const char *dara_text_get(const struct dara_text *text, size_t *ret_length);

#ifdef __cplusplus
}
#endif
#endif
