/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include <dara/error.h>

#include "service/create-migration.h"

static void slug_is(const char *name, const char *wanted)
{
    char *slug = NULL;

    assert_int_equal(dara_create_migration_slug(name, &slug), 0);
    assert_string_equal(slug, wanted);
    free(slug);
}

static void slug_refused(const char *name)
{
    char *slug = NULL;

    assert_int_equal(dara_create_migration_slug(name, &slug), DARA_EUSAGE);
    assert_null(slug);
}

static void slugs(void **state)
{
    (void)state;
    slug_is("add_orders", "add_orders");
    slug_is("Add Orders", "add_orders");
    slug_is("  a -- b  ", "a_b");
    slug_is("../../etc/passwd", "etc_passwd");
    slug_is("gr\xc3\xb6\xc3\x9f"
            "e",
            "gr_e");
    slug_is("1", "1");
}

static void no_slugs(void **state)
{
    char long_name[300];

    (void)state;
    slug_refused("");
    slug_refused("///");
    slug_refused("\xe2\x98\x83");
    slug_refused("a\nb");
    memset(long_name, 'a', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    slug_refused(long_name);
}

static void version_is(const char *now, char *const *names, size_t count, const char *wanted)
{
    char version[15] = "";

    assert_int_equal(dara_create_migration_version(now, names, count, version), 0);
    assert_string_equal(version, wanted);
}

static void versions(void **state)
{
    char readme[] = "README.md", old[] = "20251120093000_a.sql", same[] = "20261120093000_b.sql";
    char later[] = "20261120093007_c.sql", last[] = "99999999999999_d.sql", longer[] = "202611200930001_e.sql";
    char *const olds[] = {readme, old, longer}, *const taken[] = {readme, same, old}, *const ahead[] = {later, same};
    char *const full[] = {last};
    char version[15] = "kept";

    (void)state;
    version_is("20261120093000", NULL, 0, "20261120093000");
    version_is("20261120093000", olds, 3, "20261120093000");
    version_is("20261120093000", taken, 3, "20261120093001");
    version_is("20261120093000", ahead, 2, "20261120093008");
    assert_int_equal(dara_create_migration_version("20261120093000", full, 1, version), DARA_EFILE);
    assert_string_equal(version, "kept");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs),
        cmocka_unit_test(no_slugs),
        cmocka_unit_test(versions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
