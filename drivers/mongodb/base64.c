/* SPDX-License-Identifier: MIT */
#include "base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void mongodb_base64_add(struct mongodb_buffer *out, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i += 3) {
        size_t there = length - i < 3 ? length - i : 3;
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= there > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= there > 2 ? (uint32_t)bytes[i + 2] : 0;
        char four[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63],
                        alphabet[group & 63]};
        memset(four + there + 1, '=', 3 - there);
        mongodb_buffer_add_bytes(out, four, sizeof(four));
    }
}

bool mongodb_base64_read(const char *text, size_t length, struct mongodb_buffer *out)
{
    if (length % 4)
        return false;
    for (size_t i = 0; i < length; i += 4) {
        uint32_t group = 0;
        size_t there = i + 4 < length || text[i + 3] != '=' ? 4 : text[i + 2] != '=' ? 3 : 2;
        for (size_t k = 0; k < 4; k++) {
            const char *found = k < there && text[i + k] ? strchr(alphabet, text[i + k]) : NULL;
            if (k < there && !found)
                return false;
            group = group << 6 | (found ? (uint32_t)(found - alphabet) : 0);
        }
        char bytes[3] = {(char)(group >> 16), (char)(group >> 8), (char)group};
        mongodb_buffer_add_bytes(out, bytes, there - 1);
    }
    return true;
}
