/* SPDX-License-Identifier: MIT */
/* Connection URLs: what their parts are, and that no secret gets out. */
#include "unit.h"

#include <string.h>

#include "base/alloc.h"
#include "base/url.h"

struct good {
    const char *text, *scheme, *user, *password, *host, *port, *path, *redacted;
};

static const struct good rows[] = {
    {"sqlite:app.db", "sqlite", NULL, NULL, NULL, NULL, "app.db", "sqlite:app.db"},
    {"sqlite:///abs/x.db", "sqlite", NULL, NULL, NULL, NULL, "/abs/x.db", "sqlite:///abs/x.db"},
    {"sqlite:/abs", "sqlite", NULL, NULL, NULL, NULL, "/abs", "sqlite:/abs"},
    {"sqlite:../a b.db", "sqlite", NULL, NULL, NULL, NULL, "../a b.db", "sqlite:../a b.db"},
    {"sqlite:///tmp/me@home.db", "sqlite", NULL, NULL, NULL, NULL, "/tmp/me@home.db", "sqlite:///tmp/me@home.db"},
    {"SQLite:x", "sqlite", NULL, NULL, NULL, NULL, "x", "sqlite:x"},
    {"a+b2:x", "a+b2", NULL, NULL, NULL, NULL, "x", "a+b2:x"},
    {"x:", "x", NULL, NULL, NULL, NULL, NULL, "x:"},
    {"x://", "x", NULL, NULL, NULL, NULL, NULL, "x://"},
    {"x:///", "x", NULL, NULL, NULL, NULL, "/", "x:///"},
    {"x://h/", "x", NULL, NULL, "h", NULL, NULL, "x://h/"},
    {"x://u:p@h:5432/db", "x", "u", "p", "h", "5432", "db", "x://u:***@h:5432/db"},
    {"x://u:p%40%2f%3a@h/d%20b", "x", "u", "p@/:", "h", NULL, "d b", "x://u:***@h/d%20b"},
    {"x://u:p@ss:w@h/db", "x", "u", "p@ss:w", "h", NULL, "db", "x://u:***@h/db"},
    {"x://u:p#1@h", "x", "u", "p#1", "h", NULL, NULL, "x://u:***@h"},
    {"x://u:@h", "x", "u", NULL, "h", NULL, NULL, "x://u:***@h"},
    {"x://u@h", "x", "u", NULL, "h", NULL, NULL, "x://u@h"},
    {"x://:p@h", "x", NULL, "p", "h", NULL, NULL, "x://:***@h"},
    {"x://u@/db", "x", "u", NULL, NULL, NULL, "db", "x://u@/db"},
    {"x://[::1]:80/a", "x", NULL, NULL, "::1", "80", "a", "x://[::1]:80/a"},
    {"x://u:p@[fe80::1]", "x", "u", "p", "fe80::1", NULL, NULL, "x://u:***@[fe80::1]"},
    {"x://h1:1,h2:2/d", "x", NULL, NULL, "h1:1,h2:2", NULL, "d", "x://h1:1,h2:2/d"},
    {"x://%2Fvar%2Frun/d", "x", NULL, NULL, "/var/run", NULL, "d", "x://%2Fvar%2Frun/d"},
    {"x://h:/d", "x", NULL, NULL, "h", NULL, "d", "x://h:/d"},
    {"x://h/a/b/c", "x", NULL, NULL, "h", NULL, "a/b/c", "x://h/a/b/c"},
    {"u:pw@h/d", "u", NULL, NULL, NULL, NULL, "pw@h/d", "u:***@h/d"},
    {"x:./a@b", "x", NULL, NULL, NULL, NULL, "./a@b", "x:./a@b"},
    {"x:u:pw@h/d", "x", NULL, NULL, NULL, NULL, "u:pw@h/d", "x:u:***@h/d"},
    {"x:/u:p/w@h/d", "x", NULL, NULL, NULL, NULL, "/u:p/w@h/d", "x:/u:***@h/d"},
};

static void same(const char *got, const char *wanted)
{
    if (!wanted)
        assert_null(got);
    else
        assert_string_equal(got, wanted);
}

static void parts_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(rows); i++) {
        struct dara_url *url;
        assert_int_equal(dara_url_parse(rows[i].text, "/base", &url), 0);
        same(url->scheme, rows[i].scheme);
        same(url->user, rows[i].user);
        same(url->password, rows[i].password);
        same(url->host, rows[i].host);
        same(url->port, rows[i].port);
        same(url->path, rows[i].path);
        same(url->redacted, rows[i].redacted);
        same(url->text, rows[i].text);
        same(url->base, "/base");
        assert_int_equal(url->size, sizeof(*url));
        assert_null(dara_url_free(url));
    }
    assert_null(dara_url_free(NULL));
}

static void options_are_in_order(void **state)
{
    (void)state;
    struct dara_url *url;
    assert_int_equal(dara_url_parse("file:x.db?mode=ro&a=1+1&b=%26&c&a=2&ssl.key-x=/k&", NULL, &url), 0);
    assert_int_equal(url->option_count, 6);
    assert_string_equal(url->option_names[0], "mode");
    assert_string_equal(dara_url_option(url, "mode"), "ro");
    assert_string_equal(dara_url_option(url, "a"), "1+1");
    assert_string_equal(dara_url_option(url, "b"), "&");
    assert_string_equal(dara_url_option(url, "c"), "");
    assert_string_equal(url->option_values[4], "2");
    assert_null(dara_url_option(url, "d"));
    assert_string_equal(url->path, "x.db");
    assert_null(url->base);
    assert_string_equal(url->redacted, "file:x.db?mode=ro&a=1+1&b=%26&c&a=2&ssl.key-x=***");
    dara_url_free(url);
}

static void malformed_ones_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",          "app.db",      ":x",          "1x:y",
        "x y:z",     "x_y:z",       "x://h:0",     "x://h:65536",
        "x://h:abc", "x://h:1x/d",  "x:%",         "x:%4",
        "x:%zz",     "x:%00",       "x:%0a",       "x:a\nb",
        "x:%ff",     "x:\xff",      "x://[::1",    "x://[::1]x",
        "x:y?=v",    "x:y?a b=c",   "x:y?%41=c",   "x:y?n=%0",
        "x:y?&a=1",  "x://u:%zz@h", "x://%1f@h/d", "user:pass@host/db%zz",
    };
    for (size_t i = 0; i < DARA_COUNT(bad); i++) {
        struct dara_url *url = NULL;
        if (dara_url_parse(bad[i], NULL, &url) != DARA_EUSAGE)
            fail_msg("taken: %s", bad[i]);
        assert_null(url);
        assert_non_null(dara_error_last()->hint);
    }
    dara_url_parse("app.db", NULL, &(struct dara_url *){NULL});
    assert_non_null(strstr(dara_error_last()->hint, "scheme:"));
}

/* Wherever "s3cr3t" stands as a part of a password, encoded or not, it is in no error and in no redacted form. */
static void no_secret_gets_out(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "x://u:s3cr3t@h/d",         "x://u:s3cr3t/x@h/d",
        "x://u:x/s3cr3t@h/d",       "x://u:x@s3cr3t@h/d",
        "x://u:x@y/s3cr3t@h/d",     "x://u:x?s3cr3t@h/d",
        "x://u:1?s3cr3t@h/d",       "x://u:1?a=s3cr3t@h/d",
        "x://u:12/s3cr3t@h/d",      "x://u:s3cr3t%zz@h/d",
        "x://u:s3cr3t@h:port/d",    "x://u:s3cr3t@h/d?%zz=1",
        "x:u:s3cr3t@h/d",           "x:/u:s3cr3t@h/d",
        "x://h/d?password=s3cr3t",  "x://h/d?ssl_KEY=s3cr3t",
        "x://h/d?a=1&token=s3cr3t", "x://h?client_secret=s3cr3t",
        "x://h?PWD=s3cr3t&b",       "u:s3cr3t@h",
        "//u:s3cr3t@h/d",           "x://u:x#s3cr3t@h/d",
        "x://u:s3cr3t\n@h/d",       "x://u:s3cr3t@h:1:2/d",
        "x://u:s3cr3t@[::1/d",      "x://u:x@s3cr3t?y@h/d",
        "x://u:a@b/c?s3cr3t@h/d",   "x://u:s3cr3t%00@h",
    };
    for (size_t i = 0; i < DARA_COUNT(texts); i++) {
        struct dara_url *url = NULL;
        dara_error_clear();
        if (dara_url_parse(texts[i], NULL, &url) == 0) {
            if (strstr(url->redacted, "s3cr3t"))
                fail_msg("shown: %s as %s", texts[i], url->redacted);
        } else {
            const struct dara_error *error = dara_error_last();
            assert_null(strstr(error->message, "s3cr3t"));
            assert_null(strstr(error->hint, "s3cr3t"));
            assert_null(error->detail);
        }
        dara_url_free(url);
    }
}

static void messages_are_scrubbed(void **state)
{
    (void)state;
    struct dara_url *url;
    assert_int_equal(dara_url_parse("x://me:ab%40c@h/d?token=abcd&mode=ro", NULL, &url), 0);
    DARA_FREE char *text = dara_url_scrub(url, "login me/ab@c or ab%40c failed; abcd; ab; ro");
    assert_string_equal(text, "login me/*** or *** failed; ***; ab; ro");
    DARA_FREE char *empty = dara_url_scrub(url, "");
    assert_string_equal(empty, "");
    dara_url_free(url);
    assert_int_equal(dara_url_parse("x://me:ab@h?key=abc", NULL, &url), 0);
    DARA_FREE char *longest = dara_url_scrub(url, "abc ab a");
    assert_string_equal(longest, "*** *** a");
    dara_url_free(url);
}

static void what_was_typed_is_shown_without(void **state)
{
    (void)state;
    static const char *const typed[][2] = {
        {"before_orders", "before_orders"},
        {"a: b", "a: b"},
        {"Release:4", "Release:4"},
        {"x://u:hush@h/d", "x://u:***@h/d"},
        {"x://u:hush@h:99999/d", "x:***"},
        {"u:hush@h", "u:***@h"},
        {"x://h/d?password=hush", "x://h/d?password=***"},
        {"x://h:99999/d?password=hush", "x:***"},
        {"x://u:hush", "x:***"},
        {"who@here", "who@here"},
    };
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        char *shown = dara_url_shown(typed[i][0]);
        assert_string_equal(shown, typed[i][1]);
        free(shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_told_apart),
        cmocka_unit_test(options_are_in_order),
        cmocka_unit_test(malformed_ones_are_refused),
        cmocka_unit_test(no_secret_gets_out),
        cmocka_unit_test(what_was_typed_is_shown_without),
        cmocka_unit_test(messages_are_scrubbed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
