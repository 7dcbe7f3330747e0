/* SPDX-License-Identifier: MIT */
#ifndef DARA_MONGODB_BASE64_H
#define DARA_MONGODB_BASE64_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

void mongodb_base64_add(struct mongodb_buffer *out, const uint8_t *bytes, size_t length);
/* Append what `text` stands for; false: it is no base64 with its padding. */
bool mongodb_base64_read(const char *text, size_t length, struct mongodb_buffer *out);

#endif
