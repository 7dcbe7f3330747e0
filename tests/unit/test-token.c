/* SPDX-License-Identifier: MIT */
/* Claims: out of tokens, checked and not, and as they are. The tokens were made with Python's hmac. */
#include "unit.h"

#include <string.h>

#include "service/token.h"

#define T256 "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEiLCJleHAiOjIwMDB9.rXHieNdTLwX7MTZIUekofnPflZYIFLmug0b_cz_O9vg"
#define T384                                                                                                    \
    "eyJhbGciOiJIUzM4NCJ9.eyJzdWIiOiJhbmEiLCJleHAiOjIwMDB9.huqP-9a_T1c7NWODccYkzu_YFbFKv0J_alu2fmqCV04rCT42tu-" \
    "ZmAIXab5TPQwo"
#define T512                                                                                                      \
    "eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiJhbmEiLCJleHAiOjIwMDB9.BBaU889kIFVRdx5NWzpw6EvN5BGlzAufJoMhEl4N6u26R-0sfCdc-" \
    "cKZRAEpOTt7O41Pre2sL1Y_JLYaqFeRsg"
#define RS        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.TeYB8zSZWAmgNnHmvcgX-1VZ-fXN8OKK-LVeBiDKP8U"
#define NONE      "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbmEifQ."
#define LIST      "eyJhbGciOiJIUzI1NiJ9.WzFd.ynTFibx3DIcriBAdBIdEQAGZd4hGzcmAGvUe5YWZ8iI"
#define EARLY     "eyJhbGciOiJIUzI1NiJ9.eyJuYmYiOjE1MDB9.hllsxLgSyFkd2dXA5scPODRKQv-QqCufdO4MAiDh0Qg"
#define HUGE_TIME "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOi0xZTMwMH0.ohIQ4ESLT2o1_PAvGFL8iIRamJ6sfJak3xS2UnVzCBA"

/* Read `text` at second `now`, checked with `secret` where it is not NULL. */
static int read_claims(const char *text, const char *now, const char *secret, bool expired, struct dara_claims *claims)
{
    setenv("DARA_TEST_NOW", now, 1);
    unsetenv("TOKEN_SECRET");
    if (secret && *secret)
        setenv("TOKEN_SECRET", secret, 1);
    const struct dara_claims_request request = {
        .text = text, .secret_env = secret ? "TOKEN_SECRET" : NULL, .expired = expired};
    return dara_claims_read(&request, claims);
}

static void test_good(void **state)
{
    static const char *const tokens[] = {T256, T384, T512};
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(tokens); i++) {
        struct dara_claims claims;
        assert_int_equal(read_claims(tokens[i], "1000", "secret", false, &claims), 0);
        assert_string_equal(claims.json, "{\"sub\":\"ana\",\"exp\":2000}");
        assert_string_equal(claims.subject, "ana");
        assert_true(claims.token && claims.verified);
        assert_null(claims.expired);
        dara_claims_done(&claims);
    }
}

static void test_unchecked(void **state)
{
    struct dara_claims claims;
    (void)state;
    assert_int_equal(read_claims(RS, "1000", NULL, false, &claims), 0);
    assert_true(claims.token && !claims.verified);
    dara_claims_done(&claims);
    assert_int_equal(read_claims(NONE, "1000", NULL, false, &claims), 0);
    dara_claims_done(&claims);
    assert_int_equal(read_claims(T256, "3000", NULL, true, &claims), 0);
    assert_string_equal(claims.expired, "1970-01-01T00:33:20Z");
    dara_claims_done(&claims);
    assert_int_equal(read_claims("{\"a\": {\"b\": 1}}", "1000", NULL, false, &claims), 0);
    assert_null(claims.subject);
    assert_false(claims.token);
    dara_claims_done(&claims);
}

static void test_refused(void **state)
{
    static const struct {
        const char *text, *now, *secret;
        int code;
    } rows[] = {
        {T256, "1000", "other", DARA_EREFUSED},   {T256, "1000", "", DARA_ECONFIG},
        {T256, "2000", NULL, DARA_EREFUSED},      {T256, "3000", "secret", DARA_EREFUSED},
        {RS, "1000", "secret", DARA_EREFUSED},    {NONE, "1000", "secret", DARA_EREFUSED},
        {LIST, "1000", "secret", DARA_EFILE},     {EARLY, "1000", NULL, DARA_EREFUSED},
        {HUGE_TIME, "1000", NULL, DARA_EREFUSED}, {"{\"a\": 1", "1000", NULL, DARA_EFILE},
        {"{}", "1000", "secret", DARA_EUSAGE},    {"{\"a\": 1, \"a\": 2}", "1000", NULL, DARA_EFILE},
        {"a.b.c", "1000", NULL, DARA_EFILE},      {"/nonexistent", "1000", NULL, DARA_EFILE},
    };
    (void)state;
    for (size_t i = 0; i < DARA_COUNT(rows); i++) {
        struct dara_claims claims;
        int code = read_claims(rows[i].text, rows[i].now, rows[i].secret, false, &claims);
        if (code != rows[i].code)
            fail_msg("row %zu: %d, not %d", i, code, rows[i].code);
        assert_null(strstr(dara_error_last()->message, "ana"));
    }
}

/* What stands where the JSON breaks is not shown: it may be a secret that was taken for claims. */
static void test_quiet(void **state)
{
    struct dara_claims claims;
    (void)state;
    assert_int_equal(read_claims("{hush-hush}", "1000", NULL, false, &claims), DARA_EFILE);
    assert_null(strstr(dara_error_last()->message, "hush"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_unchecked),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_quiet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
