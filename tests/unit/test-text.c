/* SPDX-License-Identifier: MIT */
/* Memory and text. */
#include "unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/line-diff.h"
#include "base/text.h"

static void alloc_gives_zeroed_memory_and_copies(void **state)
{
    (void)state;
    DARA_FREE char *zero = dara_alloc(100);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(zero[i], 0);
    DARA_FREE char *copy = dara_strndup("abcdef", 3);
    assert_string_equal(copy, "abc");
    DARA_FREE char *text = dara_format("%s-%d", "x", 42);
    assert_string_equal(text, "x-42");
    assert_null(dara_strdup(NULL));
    DARA_FREE char *nothing = dara_alloc(0);
    assert_non_null(nothing);
}

static void arena_pieces_are_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    struct dara_arena *arena = dara_arena_new();
    char *pieces[2000];
    for (size_t i = 0; i < 2000; i++) {
        size_t size = i % 97 + (i % 500 == 0 ? 100000 : 0) + 1;
        pieces[i] = dara_arena_alloc(arena, size);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        assert_int_equal(pieces[i][0], 0);
        assert_int_equal(pieces[i][size - 1], 0);
        memset(pieces[i], (int)(i & 0x7f), size);
    }
    for (size_t i = 0; i < 2000; i++)
        assert_int_equal(pieces[i][i % 97], i & 0x7f);
    assert_true(dara_arena_size(arena) >= 400000);
    assert_null(dara_arena_free(arena));
    assert_null(dara_arena_free(NULL));
}

static void arena_copies_strings(void **state)
{
    (void)state;
    struct dara_arena *arena = dara_arena_new();
    assert_null(dara_arena_strdup(arena, NULL));
    assert_string_equal(dara_arena_strdup(arena, ""), "");
    assert_string_equal(dara_arena_strndup(arena, "abc", 2), "ab");
    assert_string_equal(dara_arena_format(arena, "%05d|%s", 7, "ü"), "00007|ü");
    char *secret = dara_arena_strdup(arena, "secret");
    dara_arena_wipe(arena);
    assert_string_equal(secret, "");
    dara_arena_free(arena);
}

static void text_grows_and_is_handed_over(void **state)
{
    (void)state;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    size_t length = 1;
    assert_string_equal(dara_text_get(&text, &length), "");
    assert_int_equal(length, 0);
    dara_text_add(&text, NULL);
    for (int i = 0; i < 1000; i++)
        dara_text_format(&text, "%d,", i);
    assert_int_equal(text.length, 3890);
    assert_memory_equal(text.bytes, "0,1,2,", 6);
    dara_text_clear(&text);
    dara_text_add_bytes(&text, "a\0b", 3);
    assert_memory_equal(dara_text_get(&text, &length), "a\0b", 4);
    assert_int_equal(length, 3);
    DARA_FREE char *stolen = dara_text_steal(&text);
    assert_memory_equal(stolen, "a\0b", 4);
    DARA_FREE char *empty = dara_text_steal(&text);
    assert_string_equal(empty, "");
}

static void utf8_is_told_from_what_is_not(void **state)
{
    (void)state;
    static const char *const good[] = {"", "a", "ü", "€", "😀", "\x7f", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80",         "\xc0\xaf", "\xc1\xbf",         "\xe0\x80\xaf",
                                      "\xed\xa0\x80", "\xff",     "\xf4\x90\x80\x80", "\xf0\x80\x80\x80",
                                      "\xe2\x82",     "a\xc3",    "\xc3\x28",         "\xf5\x80\x80\x80"};
    for (size_t i = 0; i < DARA_COUNT(good); i++)
        assert_true(dara_utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < DARA_COUNT(bad); i++)
        assert_false(dara_utf8_valid(bad[i], strlen(bad[i])));
    assert_false(dara_utf8_valid("a\0b", 3));
    /* Plain bytes are looked at in groups: one that is not may stand at each place. */
    for (size_t at = 0; at < 20; at++) {
        char text[21] = "abcdefghijklmnopqrst";
        assert_true(dara_utf8_valid(text, 20));
        text[at] = '\0';
        assert_false(dara_utf8_valid(text, 20));
        text[at] = '\x80';
        assert_false(dara_utf8_valid(text, 20));
        text[at] = '\x7f';
        assert_true(dara_utf8_valid(text, 20));
    }
}

static void visible(const char *string, const char *wanted, size_t width)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    dara_text_add_visible(&text, string);
    assert_string_equal(dara_text_string(&text), wanted);
    assert_int_equal(dara_utf8_width(string), width);
}

static void control_characters_are_shown(void **state)
{
    (void)state;
    visible("plain 'name'", "plain 'name'", 12);
    visible("a\nb\tc\rd", "a\\nb\\tc\\rd", 10);
    visible("\033[31m", "\\x1b[31m", 8);
    visible("\x7f", "\\x7f", 4);
    visible("\xc2\x9b", "\\u{9b}", 6);
    visible("a\xff", "a\\xff", 5);
    visible("\xe2\x80\xae", "\\u{202e}", 8); /* turns the direction of writing */
    visible("über", "über", 4);
    visible("日本", "日本", 4);
    visible("e\xcc\x81", "e\xcc\x81", 1); /* combining acute */
    visible("\\n", "\\n", 2);
}

static void differ(const char *before, const char *after, const char *expected)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    dara_line_diff(before, after, "  ", &out);
    assert_string_equal(dara_text_string(&out), expected);
}

static void lines_are_compared(void **state)
{
    (void)state;
    differ("a\nb\n", "a\nb\n", "");
    differ("a\nb\n", "a\nb", "");
    differ("", "a", "  + a\n");
    differ("a\nb", "", "  - a\n  - b\n");
    differ("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\nx\n5\n6\n7\n8\ny\n9",
           "    3\n  - 4\n  + x\n    5\n    …\n    8\n  + y\n    9\n");
    differ("a\n\033[1mb\n", "a\nc\n", "    a\n  - \\x1b[1mb\n  + c\n");
    differ("x\ny\nz", "y\nz\nx", "  - x\n    y\n    z\n  + x\n");
}

/* Two texts of 2,000 lines without one in common: too many cells for the exact way. */
static void large_texts_are_compared(void **state)
{
    (void)state;
    DARA_TEXT_LOCAL before = DARA_TEXT_INIT, after = DARA_TEXT_INIT, out = DARA_TEXT_INIT;
    for (int i = 0; i < 2000; i++) {
        dara_text_format(&before, "a%d\n", i);
        dara_text_format(&after, "b%d\n", i);
    }
    dara_line_diff(dara_text_string(&before), dara_text_string(&after), "", &out);
    assert_memory_equal(dara_text_string(&out), "- a0\n- a1\n", 10);
    const char *second = strstr(dara_text_string(&out), "- a1999\n+ b0\n");
    assert_non_null(second);
    assert_non_null(strstr(second, "+ b1999\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alloc_gives_zeroed_memory_and_copies),
        cmocka_unit_test(arena_pieces_are_aligned_zeroed_and_apart),
        cmocka_unit_test(arena_copies_strings),
        cmocka_unit_test(text_grows_and_is_handed_over),
        cmocka_unit_test(utf8_is_told_from_what_is_not),
        cmocka_unit_test(control_characters_are_shown),
        cmocka_unit_test(lines_are_compared),
        cmocka_unit_test(large_texts_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
