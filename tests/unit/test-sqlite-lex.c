/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../drivers/sqlite/lex.h"

/* Tokens of `text` as "<type letter>:<text>" joined by spaces. */
static void tokens(const char *text, char *out, size_t room)
{
    static const char letters[] = "EWQSBNVO!";
    struct sqlite_lexer lexer;
    struct sqlite_token token;
    size_t used = 0;
    sqlite_lex_begin(&lexer, text, strlen(text));
    for (enum sqlite_token_type type = sqlite_lex_next(&lexer, &token); type != SQLITE_TOKEN_END;
         type = sqlite_lex_next(&lexer, &token)) {
        used += (size_t)snprintf(out + used, room - used, "%s%c:%.*s", used ? " " : "", letters[type],
                                 (int)token.length, token.start);
        if (type == SQLITE_TOKEN_BAD)
            break;
    }
    out[used] = '\0';
}

static void test_tokens(void **state)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"", ""},
        {" \t\r\n-- only a comment", ""},
        {"/* a */ select/**/1", "W:select N:1"},
        {"\xef\xbb\xbfselect", "W:select"},
        {"\"a\"\"b\" `c``d` [e]]", "Q:\"a\"\"b\" Q:`c``d` Q:[e] !:"},
        {"'it''s'", "S:'it''s'"},
        {"x'0aFF' X'' xy x'0'", "B:x'0aFF' B:X'' W:xy !:"},
        {"1 1.5 .5 1e3 1.e-3 0x1F 12e", "N:1 N:1.5 N:.5 N:1e3 N:1.e-3 N:0x1F !:"},
        {"1_000", "N:1_000"},
        {"? ?12 :a @b $c::d(e) :", "V:? V:?12 V::a V:@b V:$c::d(e) !:"},
        {"a->'$.b'->>c||d<>e!=f==g<<h>>i<=j>=k",
         "W:a O:-> S:'$.b' O:->> W:c O:|| W:d O:<> W:e O:!= W:f O:== W:g O:<< W:h O:>> W:i O:<= W:j O:>= W:k"},
        {"a--b\n-c", "W:a O:- W:c"},
        {"t.\"c\";", "W:t O:. Q:\"c\" O:;"},
        {"'open", "!:"},
        {"/* open", "!:"},
        {"a ! b", "W:a !:"},
        {"\xc3\xa9t\xc3\xa9$1", "W:\xc3\xa9t\xc3\xa9$1"},
        {"/*/ x */ y", "W:y"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char out[512];
        tokens(cases[i].text, out, sizeof(out));
        assert_string_equal(out, cases[i].wanted);
    }
}

static void test_end_stays(void **state)
{
    (void)state;
    struct sqlite_lexer lexer;
    struct sqlite_token token;
    sqlite_lex_begin(&lexer, "a\n'b", 4);
    assert_int_equal(sqlite_lex_next(&lexer, &token), SQLITE_TOKEN_WORD);
    assert_int_equal(token.line, 1);
    assert_int_equal(sqlite_lex_next(&lexer, &token), SQLITE_TOKEN_BAD);
    assert_int_equal(token.line, 2);
    assert_int_equal(sqlite_lex_next(&lexer, &token), SQLITE_TOKEN_BAD);
    sqlite_lex_begin(&lexer, "a", 1);
    sqlite_lex_next(&lexer, &token);
    assert_int_equal(sqlite_lex_next(&lexer, &token), SQLITE_TOKEN_END);
    assert_int_equal(sqlite_lex_next(&lexer, &token), SQLITE_TOKEN_END);
    /* a length that cuts a token: nothing behind it is read */
    sqlite_lex_begin(&lexer, "'abc'", 4);
    assert_int_equal(sqlite_lex_next(&lexer, &token), SQLITE_TOKEN_BAD);
    sqlite_lex_begin(&lexer, "a\0b", 3);
    sqlite_lex_next(&lexer, &token);
    assert_int_equal(sqlite_lex_next(&lexer, &token), SQLITE_TOKEN_BAD);
}

static void test_is_and_name(void **state)
{
    static const struct {
        const char *text, *name;
    } names[] = {{"Ab", "Ab"},      {"\"A\"\"b\"", "A\"b"}, {"[a\"]", "a\""},
                 {"`a``b`", "a`b"}, {"'a''b'", "a'b"},      {"\"\"", ""}};
    (void)state;
    struct sqlite_lexer lexer;
    struct sqlite_token token;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        sqlite_lex_begin(&lexer, names[i].text, strlen(names[i].text));
        sqlite_lex_next(&lexer, &token);
        char *name = sqlite_token_name(&token);
        assert_string_equal(name, names[i].name);
        free(name);
    }
    sqlite_lex_begin(&lexer, "CREATE \"create\" (", 17);
    sqlite_lex_next(&lexer, &token);
    assert_true(sqlite_token_is(&token, "create"));
    assert_false(sqlite_token_is(&token, "creat"));
    assert_false(sqlite_token_is(&token, "created"));
    sqlite_lex_next(&lexer, &token);
    assert_false(sqlite_token_is(&token, "create"));
    sqlite_lex_next(&lexer, &token);
    assert_true(sqlite_token_is(&token, "("));
    char *folded = sqlite_fold("\xc3\x84Z[a");
    assert_string_equal(folded, "\xc3\x84z[a");
    free(folded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_end_stays),
        cmocka_unit_test(test_is_and_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
