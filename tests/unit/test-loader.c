/* SPDX-License-Identifier: MIT */
/* Every way in which a file can fail to be a driver is refused with its true reason, and none ends the process. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "driver/session.h"

static char folder[64];

static const char *build_path(const char *below)
{
    static char path[1024];
    const char *build = getenv("builddir");
    snprintf(path, sizeof(path), "%s/tests/drivers/%s", build ? build : ".", below);
    return path;
}

static void search_in(const char *path)
{
    assert_int_equal(setenv("DARA_DRIVER_PATH", path, 1), 0);
}

static const struct dara_found *find(const char *name)
{
    const struct dara_found *found;
    size_t count;
    assert_int_equal(dara_driver_scan(&found, &count), 0);
    for (size_t i = 0; i < count; i++)
        if (strcmp(found[i].name, name) == 0)
            return &found[i];
    fail_msg("'%s' is not listed", name);
    return NULL;
}

static void refused(const char *name, const char *reason)
{
    const struct dara_found *found = find(name);
    assert_null(found->driver);
    assert_non_null(found->refusal);
    assert_string_equal(found->refusal, reason);
}

/* ---- faults in the descriptor ----------------------------------------------------------------------------------------- */

static void test_descriptor(void **state)
{
    (void)state;
    char reason[256];
    search_in(build_path("bad"));
    refused("major",
            "it is made for driver interface 2, this dara has 1 (build the driver again with the headers of this "
            "dara)");
    snprintf(reason, sizeof(reason), "its descriptor is 40 bytes long, driver interface 1.0 has %zu",
             offsetof(struct dara_driver, audit)); /* what 1.1 added is not asked for */
    refused("head", reason);
    snprintf(reason, sizeof(reason), "group 'session' is %zu bytes long, too short for its member 'ping'",
             offsetof(struct dara_session_ops, ping));
    refused("table", reason);
    refused("member", "group 'session': member 'open' is missing");
    refused("group", "group 'session' is missing");
    refused("self", "it names itself 'other', but its file is named 'self'");
    refused("misnamed", "it is the driver 'other', but its file is named 'misnamed'");
    refused("stranger", "it is not a driver of dara: it has no function 'stranger_LTX_dara_driver'");
    refused("null", "its function returned no descriptor");
    refused("scheme", "its URL scheme 'Bad Scheme' is not one: lowercase letters, digits, '+', '-', '.'");
    refused("noscheme", "its descriptor has no URL schemes");
    refused("savepoint", "group 'apply': 'savepoint', 'release' and 'rollback_to' come all three or not at all");
    refused("symbol", "it needs the symbol 'dara_function_of_another_world', which neither dara nor its libraries have "
                      "(build the driver again, against this dara and the libraries of this machine)");
    assert_non_null(strstr(find("kinds")->refusal, "'table'"));
    assert_null(dara_error_last());
}

static void test_newer_minor(void **state)
{
    (void)state;
    search_in(build_path("bad"));
    const struct dara_found *found = find("minor");
    assert_null(found->refusal);
    assert_int_equal(found->driver->abi_minor, 7);
    assert_true(dara_driver_has_group(found->driver, "session"));
    assert_false(dara_driver_has_group(found->driver, "apply"));
}

/* ---- faults of the file ------------------------------------------------------------------------------------------------- */

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *bytes, size_t length, mode_t mode)
{
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(in_folder(name), mode), 0);
}

/* A copy of a test driver, with the library it needs renamed when `missing` is given. */
static void copy_driver(const char *from, const char *name, const char *missing, mode_t mode)
{
    DARA_FREE char *bytes = NULL;
    size_t length, renamed = 0;
    assert_int_equal(dara_file_read(build_path(from), &bytes, &length), 0);
    static const char needed[] = "libdara.so.0";
    for (size_t i = 0; missing && i + sizeof(needed) <= length; i++)
        if (memcmp(bytes + i, needed, sizeof(needed)) == 0) {
            memcpy(bytes + i, missing, sizeof(needed));
            renamed++;
        }
    assert_true(!missing || renamed > 0);
    write_file(name, bytes, length, mode);
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/dara-test-loader.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    return chmod(folder, 0755);
}

static int remove_folder(void **state)
{
    (void)state;
    char **names;
    size_t count;
    if (dara_file_names(folder, &names, &count) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        remove(in_folder(names[i]));
    dara_file_names_free(names);
    return rmdir(folder);
}

static void test_files(void **state)
{
    (void)state;
    static const char text[] =
        "this is a text, and a longer one than the head of a shared object would be, is it not\n";
    write_file("text.so", text, sizeof(text) - 1, 0644);
    write_file("empty.so", "", 0, 0644);
    write_file("words.la", text, sizeof(text) - 1, 0644);
    static const char part[] = "# a part of another library\ndlname=''\nold_library='part.a'\n";
    write_file("part.la", part, sizeof(part) - 1, 0644); /* passed over */
    write_file("astray.la", "dlname='astray.so'\n", 19, 0644);
    write_file("Upper.so", text, sizeof(text) - 1, 0644);
    write_file("readme.txt", text, sizeof(text) - 1, 0644);
    assert_int_equal(mkdir(in_folder("folder.so"), 0755), 0);
    copy_driver("bad/.libs/minor.so", "gone.so", "libgone.so.0", 0755);
    copy_driver("good/.libs/fake.so", "renamed.so", NULL, 0755);
    search_in(folder);

    refused("text", "it is not a shared object of this machine: invalid ELF header");
    refused("empty", "it is not a shared object of this machine: file too short");
    refused("words", "it is not a libtool module: it names no shared object (dlname)");
    refused("astray", "it cannot be opened: No such file or directory");
    refused("Upper", "its file name is not that of a driver: lowercase letters and digits");
    refused("folder", "it is not a file");
    refused("gone",
            "it needs the library 'libgone.so.0', which cannot be opened: No such file or directory (install that "
            "library, or put its folder into LD_LIBRARY_PATH)");
    refused("renamed", "it is the driver 'fake', but its file is named 'renamed'");
    const struct dara_found *found;
    size_t count;
    assert_int_equal(dara_driver_scan(&found, &count), 0);
    assert_int_equal(count, 8);
}

/* Root reads everything, so the test takes another user for a moment. */
static void test_permission(void **state)
{
    (void)state;
    copy_driver("good/.libs/fake.so", "closed.so", NULL, 0000);
    char search[128];
    snprintf(search, sizeof(search), ":%s:", folder); /* another text than above: it is scanned again */
    search_in(search);
    const bool root = geteuid() == 0;
    if (root && seteuid(65534) != 0) {
        print_message("# skipped: cannot take another user\n");
        skip();
    }
    const struct dara_found *found = find("closed");
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_string_equal(found->refusal, "it cannot be opened: Permission denied");
}

/* ---- finding by scheme -------------------------------------------------------------------------------------------------- */

static void test_schemes(void **state)
{
    (void)state;
    const struct dara_driver *fake = NULL, *driver = NULL;
    search_in(build_path("good"));
    assert_int_equal(dara_driver_load("fake", &fake), 0);
    assert_string_equal(fake->name, "fake");
    assert_int_equal(dara_driver_load("pretend", &driver), 0);
    assert_ptr_equal(driver, fake);
    assert_int_equal(dara_driver_load("fake+tls", &driver), 0);
    assert_ptr_equal(driver, fake);
    assert_int_equal(dara_driver_load("bare", &driver), 0);
    assert_false(dara_driver_has_group(driver, "dialect"));
    assert_false(dara_driver_has_group(driver, "no such group"));

    driver = NULL;
    assert_int_equal(dara_driver_load("../fake", &driver), DARA_EUSAGE);
    assert_int_equal(dara_driver_load("nosuch", &driver), DARA_EDRIVER);
    assert_string_equal(dara_error_last()->message, "there is no driver for 'nosuch'");
    assert_non_null(strstr(dara_error_last()->detail, "'bare', 'eager', 'fake'"));
    assert_int_equal(dara_driver_load("fkae", &driver), DARA_EDRIVER);
    assert_memory_equal(dara_error_last()->hint, "did you mean 'fake'? ", strlen("did you mean 'fake'? "));
    search_in(build_path("bad"));
    assert_int_equal(dara_driver_load("member", &driver), DARA_EDRIVER);
    assert_string_equal(dara_error_last()->message,
                        "the driver 'member' was refused: group 'session': member 'open' is missing");
    search_in("/nowhere");
    assert_int_equal(dara_driver_load("fake", &driver), DARA_EDRIVER);
    assert_non_null(strstr(dara_error_last()->detail, "'/nowhere'"));
    assert_null(driver);
    dara_error_clear();
}

/* The first of two with one name is taken, and the other is listed with the reason. */
static void test_hidden(void **state)
{
    (void)state;
    char search[2200], good[1024];
    snprintf(good, sizeof(good), "%s", build_path("good"));
    copy_driver("good/.libs/fake.so", "fake.so", NULL, 0755);
    snprintf(search, sizeof(search), "%s:%s", good, folder);
    search_in(search);
    const struct dara_found *found;
    size_t count, hidden = 0;
    assert_int_equal(dara_driver_scan(&found, &count), 0);
    for (size_t i = 0; i < count; i++)
        if (strcmp(found[i].name, "fake") == 0 && !found[i].driver) {
            hidden++;
            assert_non_null(strstr(found[i].refusal, "/good/fake.la' comes first"));
        }
    assert_int_equal(hidden, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptor),
        cmocka_unit_test(test_newer_minor),
        cmocka_unit_test_setup_teardown(test_files, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_permission, make_folder, remove_folder),
        cmocka_unit_test(test_schemes),
        cmocka_unit_test_setup_teardown(test_hidden, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
