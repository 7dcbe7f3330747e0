/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* The character at `bytes` (`length` > 0) and its length; 0 where the bytes are no character of UTF-8. */
static size_t decode(const char *bytes, size_t length, uint32_t *ret_code)
{
    const unsigned char *b = (const unsigned char *)bytes;
    if (b[0] < 0x80) {
        *ret_code = b[0];
        return 1;
    }
    size_t size = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    static const unsigned char mask[] = {0, 0, 0x1f, 0x0f, 0x07};
    if (b[0] < 0xc2 || b[0] > 0xf4 || size > length)
        return 0;
    uint32_t code = b[0] & mask[size];
    for (size_t i = 1; i < size; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (b[i] & 0x3fu);
    }
    if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *ret_code = code;
    return size;
}

/* Whether eight bytes are plain ASCII, none of them NUL: the borrow of subtracting one from each reaches a NUL's high bit. */
static bool is_plain(const char *bytes)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof(eight));
    return ((eight | (eight - 0x0101010101010101u)) & 0x8080808080808080u) == 0;
}

bool dara_utf8_valid(const char *bytes, size_t length)
{
    for (size_t i = 0, size; i < length; i += size) {
        uint32_t code;
        if ((unsigned char)(bytes[i] - 1) < 0x7f) { /* plain ASCII, as nearly all is */
            size = length - i >= 8 && is_plain(bytes + i) ? 8 : 1;
            continue;
        }
        size = decode(bytes + i, length - i, &code);
        if (!size || !code)
            return false;
    }
    return true;
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

/* Characters a terminal acts on, or that make text look like another: shown escaped. */
static bool is_control(uint32_t code)
{
    static const struct range ranges[] = {{0, 0x1f},        {0x7f, 0x9f},     {0x61c, 0x61c},
                                          {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
                                          {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};
    return in_ranges(ranges, DARA_COUNT(ranges), code);
}

static bool is_combining(uint32_t code)
{
    static const struct range ranges[] = {
        {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},    {0x610, 0x61a},   {0x64b, 0x65f},   {0x6d6, 0x6dc},
        {0x900, 0x902},   {0x93c, 0x93c},   {0x941, 0x948},    {0x94d, 0x94d},   {0xe31, 0xe31},   {0xe34, 0xe3a},
        {0xe47, 0xe4e},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},  {0x200b, 0x200d}, {0x2060, 0x2064}, {0x20d0, 0x20ff},
        {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef}};
    return in_ranges(ranges, DARA_COUNT(ranges), code);
}

static bool is_wide(uint32_t code)
{
    static const struct range ranges[] = {
        {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2e80, 0x303e},  {0x3041, 0x33ff},   {0x3400, 0x4dbf},
        {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},  {0xac00, 0xd7a3},   {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
        {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}};
    return in_ranges(ranges, DARA_COUNT(ranges), code);
}

/* How a character that is not shown as it is reads, into `room`; its length. `size` 0 stands for a stray byte. */
static size_t escape(char room[16], uint32_t code, size_t size)
{
    static const char letters[] = "abtnvfr";
    int length;
    if (size == 1 && code >= '\a' && code <= '\r')
        length = snprintf(room, 16, "\\%c", letters[code - '\a']);
    else if (size <= 1)
        length = snprintf(room, 16, "\\x%02x", (unsigned)code);
    else
        length = snprintf(room, 16, "\\u{%x}", (unsigned)code);
    return length < 0 ? 0 : (size_t)length;
}

size_t dara_utf8_width(const char *string)
{
    size_t width = 0, length = strlen(string);
    for (size_t i = 0, size; i < length; i += size ? size : 1) {
        uint32_t code;
        char room[16];
        size = decode(string + i, length - i, &code);
        if (!size)
            width += 4;
        else if (is_control(code))
            width += escape(room, code, size);
        else
            width += is_combining(code) ? 0 : is_wide(code) ? 2 : 1;
    }
    return width;
}

void dara_text_add_visible(struct dara_text *text, const char *string)
{
    size_t length = string ? strlen(string) : 0;
    for (size_t i = 0, size; i < length; i += size ? size : 1) {
        uint32_t code = (unsigned char)string[i];
        char room[16];
        size = decode(string + i, length - i, &code);
        if (!size || is_control(code))
            dara_text_add_bytes(text, room, escape(room, code, size));
        else
            dara_text_add_bytes(text, string + i, size);
    }
}
