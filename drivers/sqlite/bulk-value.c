/* SPDX-License-Identifier: MIT */
/* Values as literals. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bulk.h"

static void add_hex(struct sqlite_export *it, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    char piece[512];
    size_t filled = 0;
    sqlite_export_string(it, "x'");
    for (size_t i = 0; i < length; i++) {
        piece[filled++] = digits[bytes[i] >> 4];
        piece[filled++] = digits[bytes[i] & 15];
        if (filled == sizeof(piece)) {
            sqlite_export_add(it, piece, filled);
            filled = 0;
        }
    }
    sqlite_export_add(it, piece, filled);
    sqlite_export_string(it, "'");
}

/* ---- real -------------------------------------------------------------------------------------------------------------------- */

static bool reads_back(struct sqlite_export *it, const char *literal, double value)
{
    if (!it->as_real &&
        sqlite3_prepare_v2(it->conn->db, "SELECT CAST(?1 AS REAL)", -1, &it->as_real, NULL) != SQLITE_OK)
        return false;
    sqlite3_bind_text(it->as_real, 1, literal, -1, SQLITE_STATIC);
    bool same = false;
    if (sqlite3_step(it->as_real) == SQLITE_ROW) {
        double read = sqlite3_column_double(it->as_real, 0);
        same = memcmp(&read, &value, sizeof(value)) == 0;
    }
    sqlite3_reset(it->as_real);
    return same;
}

/* SQLite's reading of decimal numbers is not rounded correctly for every exponent. Where 17 digits do not come back, the
 * value is given as a whole number times a power of two, each step of which is exact. */
static void add_product(struct sqlite_export *it, double value)
{
    char text[64];
    int exponent = 0;
    double mantissa = frexp(value, &exponent);
    long long whole = (long long)ldexp(mantissa, 53);
    exponent -= 53;
    snprintf(text, sizeof(text), "(CAST(%lld AS REAL)", whole);
    sqlite_export_string(it, text);
    const char *step = exponent < 0 ? "/1073741824.0" : "*1073741824.0";
    int left = exponent < 0 ? -exponent : exponent;
    for (; left >= 30; left -= 30)
        sqlite_export_string(it, step);
    if (left) {
        snprintf(text, sizeof(text), "%c%ld.0", exponent < 0 ? '/' : '*', 1L << left);
        sqlite_export_string(it, text);
    }
    sqlite_export_string(it, ")");
}

static void add_real(struct sqlite_export *it, double value)
{
    char text[64];
    if (isinf(value)) {
        sqlite_export_string(it, value > 0 ? "9e999" : "-9e999");
        return;
    }
    for (int digits = 15; digits <= 17; digits += 2) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (!strpbrk(text, ".e")) /* a real, not an integer */
            snprintf(text, sizeof(text), "%.1f", value);
        if (reads_back(it, text, value)) {
            sqlite_export_string(it, text);
            return;
        }
    }
    add_product(it, value);
}

/* ---- text -------------------------------------------------------------------------------------------------------------------- */

/* Length of the valid UTF-8 sequence at `at`, 0 when there is none. */
static size_t sequence_length(const unsigned char *at, size_t left)
{
    unsigned char c = at[0];
    size_t length = c < 0x80                ? 1
                    : c >= 0xc2 && c < 0xe0 ? 2
                    : c >= 0xe0 && c < 0xf0 ? 3
                    : c >= 0xf0 && c < 0xf5 ? 4
                                            : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && at[1] < 0xa0) || (c == 0xed && at[1] >= 0xa0) || (c == 0xf0 && at[1] < 0x90) ||
        (c == 0xf4 && at[1] >= 0x90))
        return 0;
    return length;
}

/* Whether a script can hold the text as it is: UTF-8 without control characters but newline and tab (the sqlite3 program
 * changes a carriage return at the end of a line, and a terminal obeys the others). */
static bool is_plain(const unsigned char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t sequence = sequence_length(text + i, length - i);
        if (!sequence || text[i] == 0x7f || (text[i] < 0x20 && text[i] != '\n' && text[i] != '\t'))
            return false;
        i += sequence;
    }
    return true;
}

static void add_quoted(struct sqlite_export *it, const char *text, size_t length)
{
    const char *end = text + length;
    sqlite_export_string(it, "'");
    while (text < end) {
        const char *quote = memchr(text, '\'', (size_t)(end - text));
        const char *stop = quote ? quote + 1 : end;
        sqlite_export_add(it, text, (size_t)(stop - text));
        if (quote)
            sqlite_export_string(it, "'");
        text = stop;
    }
    sqlite_export_string(it, "'");
}

/* As the bytes that the file holds: CAST reads them in the encoding of the database. */
static void add_bytes_as_text(struct sqlite_export *it, sqlite3_value *value)
{
    if (!it->as_blob &&
        sqlite3_prepare_v2(it->conn->db, "SELECT CAST(?1 AS BLOB)", -1, &it->as_blob, NULL) != SQLITE_OK) {
        it->failed = true;
        return;
    }
    sqlite3_bind_value(it->as_blob, 1, value);
    sqlite_export_string(it, "CAST(");
    if (sqlite3_step(it->as_blob) == SQLITE_ROW) {
        const unsigned char *bytes = sqlite3_column_blob(it->as_blob, 0);
        add_hex(it, bytes, (size_t)sqlite3_column_bytes(it->as_blob, 0));
    } else {
        it->failed = true;
    }
    sqlite_export_string(it, " AS TEXT)");
    sqlite3_reset(it->as_blob);
    sqlite3_clear_bindings(it->as_blob);
}

static void add_text(struct sqlite_export *it, sqlite3_value *value)
{
    const unsigned char *text = sqlite3_value_text(value);
    size_t length = (size_t)sqlite3_value_bytes(value);
    if (!text)
        it->failed = true;
    else if (is_plain(text, length))
        add_quoted(it, (const char *)text, length);
    else
        add_bytes_as_text(it, value);
}

void sqlite_export_value(struct sqlite_export *it, sqlite3_value *value)
{
    char text[32];
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        snprintf(text, sizeof(text), "%lld", (long long)sqlite3_value_int64(value));
        sqlite_export_string(it, text);
        break;
    case SQLITE_FLOAT:
        add_real(it, sqlite3_value_double(value));
        break;
    case SQLITE_TEXT:
        add_text(it, value);
        break;
    case SQLITE_BLOB:
        add_hex(it, sqlite3_value_blob(value), (size_t)sqlite3_value_bytes(value));
        break;
    default:
        sqlite_export_string(it, "NULL");
        break;
    }
}
