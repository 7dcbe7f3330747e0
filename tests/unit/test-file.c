/* SPDX-License-Identifier: MIT */
/* Files, the clock, and sha-256. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/dara-file.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

/* Remove the folder and what the tests left in it. */
static int tear_down(void **state)
{
    char **names;
    size_t count;
    (void)state;
    if (dara_file_names(folder, &names, &count))
        return -1;
    for (size_t i = 0; i < count; i++) {
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        if (unlink(path) != 0)
            rmdir(path);
    }
    dara_file_names_free(names);
    return rmdir(folder);
}

static char *in_folder(const char *name)
{
    return dara_file_join(folder, name);
}

static size_t names_in_folder(void)
{
    char **names;
    size_t count;
    assert_int_equal(dara_file_names(folder, &names, &count), 0);
    dara_file_names_free(names);
    return count;
}

static void content_is(const char *path, const char *wanted)
{
    DARA_FREE char *bytes = NULL;
    size_t length;
    assert_int_equal(dara_file_read(path, &bytes, &length), 0);
    assert_int_equal(length, strlen(wanted));
    assert_string_equal(bytes, wanted);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    DARA_FREE char *path = in_folder("a");
    struct stat info;
    assert_int_equal(dara_file_write(path, "one", 3, 0600), 0);
    content_is(path, "one");
    assert_int_equal(dara_file_write(path, "", 0, 0600), 0);
    content_is(path, "");
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(names_in_folder(), 1);
    unlink(path);
}

static void a_link_is_written_through(void **state)
{
    (void)state;
    DARA_FREE char *target = in_folder("target");
    DARA_FREE char *link = in_folder("link");
    struct stat info;
    assert_int_equal(dara_file_write(target, "old", 3, 0644), 0);
    assert_int_equal(symlink("target", link), 0);
    assert_int_equal(dara_file_write(link, "new", 3, 0644), 0);
    content_is(target, "new");
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    unlink(link);
    unlink(target);
}

/* A write that fails half-way leaves the old content and nothing beside it. */
static void a_failed_write_changes_nothing(void **state)
{
    (void)state;
    DARA_FREE char *path = in_folder("kept");
    DARA_FREE char *large = dara_alloc(100000);
    struct rlimit old, small;
    assert_int_equal(dara_file_write(path, "kept", 4, 0644), 0);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 4096;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int result = dara_file_write(path, large, 100000, 0644);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(result, DARA_EFILE);
    assert_string_equal(dara_error_last()->native, "EFBIG");
    assert_non_null(strstr(dara_error_last()->message, path));
    content_is(path, "kept");
    assert_int_equal(names_in_folder(), 1);
    unlink(path);
}

static void refused(int result, const char *native, const char *part)
{
    assert_int_equal(result, DARA_EFILE);
    if (native)
        assert_string_equal(dara_error_last()->native, native);
    if (!strstr(dara_error_last()->message, part))
        fail_msg("'%s' is not in: %s", part, dara_error_last()->message);
}

static void errors_name_the_path_and_the_cause(void **state)
{
    (void)state;
    char *bytes = NULL;
    char hex[65];
    size_t length;
    DARA_FREE char *absent = in_folder("no\nthing");
    DARA_FREE char *deep = in_folder("no/thing");
    DARA_FREE char *pipe = in_folder("pipe");
    refused(dara_file_read(absent, &bytes, &length), "ENOENT", "no\\nthing': no such file");
    refused(dara_file_read(folder, &bytes, &length), "EISDIR", "is a directory");
    refused(dara_file_read("/dev/zero", &bytes, &length), NULL, "not a regular file");
    refused(dara_file_write(deep, "x", 1, 0644), "ENOENT", "cannot write");
    refused(dara_file_write(folder, "x", 1, 0644), "EISDIR", "cannot write");
    refused(dara_file_write("/dev/full", "x", 1, 0644), NULL, "not a regular file");
    refused(dara_file_write("", "x", 1, 0644), "ENOENT", "cannot write ''");
    refused(dara_sha256_file(absent, hex, NULL), "ENOENT", "cannot read");
    refused(dara_file_names(absent, NULL, NULL), "ENOENT", "cannot list");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    refused(dara_file_read(pipe, &bytes, &length), NULL, "not a regular file");
    refused(dara_file_write(pipe, "x", 1, 0644), NULL, "not a regular file");
    unlink(pipe);
    assert_null(bytes);
    assert_int_equal(names_in_folder(), 0);
}

static void pieces_are_hashed_and_appear_at_commit(void **state)
{
    (void)state;
    DARA_FREE char *path = in_folder("pieces");
    DARA_FREE char *large = dara_alloc(200000);
    char hex[65], again[65];
    uint64_t size = 0;
    struct dara_file *file;
    memset(large, 'x', 200000);
    assert_int_equal(dara_file_begin(path, 0644, &file), 0);
    for (int i = 0; i < 50000; i++)
        assert_int_equal(dara_file_append(file, "abc", 3), 0);
    assert_int_equal(dara_file_append(file, large, 200000), 0);
    assert_int_equal(dara_file_append(file, "", 0), 0);
    assert_int_equal(dara_file_offset(file), 350000);
    assert_false(dara_file_exists(path));
    assert_int_equal(dara_file_commit(file, hex), 0);
    assert_int_equal(dara_sha256_file(path, again, &size), 0);
    assert_int_equal(size, 350000);
    assert_string_equal(hex, again);
    assert_int_equal(dara_file_begin(path, 0644, &file), 0);
    assert_int_equal(dara_file_append(file, "other", 5), 0);
    assert_int_equal(names_in_folder(), 2);
    assert_null(dara_file_abandon(file));
    assert_null(dara_file_abandon(NULL));
    assert_int_equal(names_in_folder(), 1);
    unlink(path);
}

static void what_a_file_holds_is_compared(void **state)
{
    (void)state;
    const size_t length = 200000; /* more than is read at once */
    DARA_FREE char *path = in_folder("held");
    DARA_FREE char *none = in_folder("none");
    DARA_FREE char *bytes = dara_alloc(length + 1);
    struct dara_file *file = NULL;
    char hex[65], wanted[65];
    memset(bytes, 'x', length);
    dara_sha256(bytes, length, wanted);
    assert_int_equal(dara_file_begin(path, 0644, &file), 0);
    assert_int_equal(dara_file_append(file, bytes, length), 0);
    assert_false(dara_file_exists(path));
    assert_int_equal(dara_file_place(file, hex), 0);
    assert_int_equal(dara_file_sync_folder(path), 0);
    assert_string_equal(hex, wanted);
    uint64_t size = 0;
    assert_int_equal(dara_sha256_file(path, hex, &size), 0);
    assert_string_equal(hex, wanted);
    assert_int_equal(size, length);
    assert_int_equal(dara_sha256_file(none, hex, NULL), DARA_EFILE);
    assert_int_equal(unlink(path), 0);
}

static void folders_and_paths(void **state)
{
    (void)state;
    DARA_FREE char *deep = in_folder("p/q//r/");
    DARA_FREE char *blocked = in_folder("p/q/file/s");
    DARA_FREE char *file = in_folder("p/q/file");
    assert_int_equal(dara_file_make_folder(deep), 0);
    assert_int_equal(dara_file_make_folder(deep), 0);
    assert_int_equal(dara_file_write(file, "x", 1, 0644), 0);
    refused(dara_file_make_folder(blocked), NULL, "cannot make the folder");
    refused(dara_file_make_folder(file), "EEXIST", "cannot make the folder");
    static const char *const left[] = {"p/q/file", "p/q/r", "p/q", "p"};
    for (size_t i = 0; i < DARA_COUNT(left); i++) {
        DARA_FREE char *path = in_folder(left[i]);
        assert_int_equal(remove(path), 0);
    }
    static const char *const joins[][3] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {NULL, "b", "b"},
                                           {"", "b", "b"},    {".", "b", "b"},    {"a", "/b", "/b"}};
    for (size_t i = 0; i < DARA_COUNT(joins); i++) {
        DARA_FREE char *path = dara_file_join(joins[i][0], joins[i][1]);
        assert_string_equal(path, joins[i][2]);
    }
    assert_string_equal(dara_file_base("a/b.c"), "b.c");
    assert_string_equal(dara_file_base("b.c"), "b.c");
    assert_string_equal(dara_file_base("a/"), "");
}

static void names_are_sorted_bytewise(void **state)
{
    (void)state;
    static const char *const wanted[] = {".hidden", "B", "a", "b", "ä"};
    char **names;
    size_t count;
    for (size_t i = DARA_COUNT(wanted); i-- > 0;) {
        DARA_FREE char *path = in_folder(wanted[i]);
        assert_int_equal(dara_file_write(path, "", 0, 0644), 0);
    }
    assert_int_equal(dara_file_names(folder, &names, &count), 0);
    assert_int_equal(count, DARA_COUNT(wanted));
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(names[i], wanted[i]);
        DARA_FREE char *path = in_folder(names[i]);
        unlink(path);
    }
    assert_null(names[count]);
    dara_file_names_free(names);
    dara_file_names_free(NULL);
}

static void sha256_of_known_texts(void **state)
{
    (void)state;
    char hex[65];
    dara_sha256("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    dara_sha256("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void times_are_written_and_read(void **state)
{
    (void)state;
    char iso[21], version[15], stamp[16];
    time_t when = 0;
    dara_clock_iso(1795167000, iso);
    dara_clock_version(1795167000, version);
    dara_clock_stamp(1795167000, stamp);
    assert_string_equal(iso, "2026-11-20T09:30:00Z");
    assert_string_equal(version, "20261120093000");
    assert_string_equal(stamp, "20261120_093000");
    assert_int_equal(dara_clock_parse_iso(iso, &when), 0);
    assert_int_equal(when, 1795167000);
    static const char *const bad[] = {"",
                                      "2026-11-20",
                                      "2026-11-20T09:30:00",
                                      "2026-02-30T00:00:00Z",
                                      "2026-11-20T24:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-11-20 09:30:00Z",
                                      "2026-11-20T09:30:00Zx",
                                      "2026-11-2 T09:30:00Z"};
    for (size_t i = 0; i < DARA_COUNT(bad); i++)
        assert_int_equal(dara_clock_parse_iso(bad[i], &when), -1);
    assert_int_equal(dara_clock_parse_iso(NULL, &when), -1);
    setenv("DARA_TEST_NOW", "86400", 1);
    assert_int_equal(dara_clock_now(), 86400);
    setenv("DARA_TEST_NOW", "tomorrow", 1);
    assert_true(dara_clock_now() > 86400);
    unsetenv("DARA_TEST_NOW");
    assert_true(dara_clock_monotonic_us() <= dara_clock_monotonic_us());
}

static void durations_read_well(void **state)
{
    (void)state;
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {{-5, "0 ms"},
                {0, "0 ms"},
                {400, "0.4 ms"},
                {2500, "2.5 ms"},
                {850000, "850 ms"},
                {999400, "999 ms"},
                {999600, "1.0 s"},
                {1234567, "1.2 s"},
                {59960000, "1 min 0 s"},
                {184000000, "3 min 4 s"},
                {3599900000, "1 h 0 min"},
                {7500000000, "2 h 5 min"}};
    for (size_t i = 0; i < DARA_COUNT(rows); i++) {
        char text[32];
        dara_clock_duration(rows[i].us, text, sizeof(text));
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_link_is_written_through),
        cmocka_unit_test(a_failed_write_changes_nothing),
        cmocka_unit_test(errors_name_the_path_and_the_cause),
        cmocka_unit_test(pieces_are_hashed_and_appear_at_commit),
        cmocka_unit_test(what_a_file_holds_is_compared),
        cmocka_unit_test(folders_and_paths),
        cmocka_unit_test(names_are_sorted_bytewise),
        cmocka_unit_test(sha256_of_known_texts),
        cmocka_unit_test(times_are_written_and_read),
        cmocka_unit_test(durations_read_well),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
