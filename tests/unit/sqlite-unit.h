/* SPDX-License-Identifier: MIT */
/* Sessions on a SQLite file in a folder of the test's own, through the loaded driver. */
#ifndef DARA_TESTS_SQLITE_UNIT_H
#define DARA_TESTS_SQLITE_UNIT_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "driver/session.h"

static char folder[64];

DARA_UNUSED static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/dara-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

DARA_UNUSED static int remove_folder(void **state)
{
    (void)state;
    char **names = NULL;
    size_t count = 0;
    if (dara_file_names(folder, &names, &count))
        return -1;
    for (size_t i = 0; i < count; i++) {
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        if (remove(path))
            fprintf(stderr, "cannot remove %s\n", path);
    }
    dara_file_names_free(names);
    return rmdir(folder);
}

DARA_UNUSED static char *path_of(const char *name)
{
    return dara_file_join(folder, name);
}

DARA_UNUSED static struct dara_url *url_of(const char *text)
{
    struct dara_url *url = NULL;
    assert_int_equal(dara_url_parse(text, folder, &url), 0);
    return url;
}

/* The URL stays for the length of the process: a session borrows it. */
DARA_UNUSED static int try_open(const char *url_text, enum dara_mode mode, struct dara_session **ret_session)
{
    static struct dara_url *urls[512];
    static size_t count;
    struct dara_session_options options = {.mode = mode, .application = "test"};
    assert_true(count < DARA_COUNT(urls));
    urls[count] = url_of(url_text);
    return dara_session_open(urls[count++], &options, ret_session);
}

DARA_UNUSED static struct dara_session *open_session(const char *url_text, enum dara_mode mode)
{
    struct dara_session *session = NULL;
    int code = try_open(url_text, mode, &session);
    if (code)
        fail_msg("open %s: %s", url_text, dara_error_last()->message);
    return session;
}

/* Open for writing, making the file first. */
DARA_UNUSED static struct dara_session *open_new(const char *name)
{
    DARA_FREE char *text = dara_format("sqlite:%s", name);
    struct dara_url *url = url_of(text);
    bool existed = false;
    assert_int_equal(dara_session_create_database(url, &existed), 0);
    dara_url_free(url);
    return open_session(text, DARA_MODE_WRITE);
}

DARA_UNUSED static int try_run(struct dara_session *session, const char *sql)
{
    return dara_session_execute(session, sql, strlen(sql), NULL, NULL);
}

DARA_UNUSED static void run(struct dara_session *session, const char *sql)
{
    if (try_run(session, sql))
        fail_msg("%s: %s", sql, dara_error_last()->message);
}

/* All values of all rows as text, '|' between values and a newline after each row. */
struct answer {
    char text[8192];
    size_t length;
};

DARA_UNUSED static int answer_row(void *context, size_t count, const struct dara_value *values)
{
    struct answer *answer = context;
    char *at = answer->text;
    for (size_t i = 0; i < count; i++) {
        size_t room = sizeof(answer->text) - answer->length;
        const char *separator = i ? "|" : "";
        int length = 0;
        switch (values[i].type) {
        case DARA_NULL:
            length = snprintf(at + answer->length, room, "%sNULL", separator);
            break;
        case DARA_INTEGER:
            length = snprintf(at + answer->length, room, "%s%lld", separator, (long long)values[i].integer);
            break;
        case DARA_REAL:
            length = snprintf(at + answer->length, room, "%s%g", separator, values[i].real);
            break;
        default:
            length = snprintf(at + answer->length, room, "%s%.*s", separator, (int)values[i].length, values[i].bytes);
            break;
        }
        assert_true(length >= 0 && (size_t)length < room);
        answer->length += (size_t)length;
    }
    assert_true(answer->length + 2 < sizeof(answer->text));
    at[answer->length++] = '\n';
    at[answer->length] = '\0';
    return 0;
}

DARA_UNUSED static void assert_answer(struct dara_session *session, const char *sql, const char *wanted)
{
    static struct answer answer;
    struct dara_reader reader = {.row = answer_row, .context = &answer};
    answer.length = 0;
    answer.text[0] = '\0';
    if (dara_session_execute(session, sql, strlen(sql), &reader, NULL))
        fail_msg("%s: %s", sql, dara_error_last()->message);
    assert_string_equal(answer.text, wanted);
}

/* The last error: its code, its native code (NULL: not looked at), and a piece of its message. */
DARA_UNUSED static void assert_error(int code, int wanted, const char *native, const char *piece)
{
    assert_int_equal(code, wanted);
    const struct dara_error *error = dara_error_last();
    assert_non_null(error);
    if (!strstr(error->message, piece))
        fail_msg("'%s' is not in '%s'", piece, error->message);
    if (native) {
        assert_non_null(error->native);
        assert_string_equal(error->native, native);
    }
}

#endif
