/* SPDX-License-Identifier: MIT */
/* One run at a time: the lock between processes. */
#include "sqlite-unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static void make_database(void)
{
    dara_session_close(open_new("l.db"));
}

static void test_lock_and_unlock(void **state)
{
    (void)state;
    make_database();
    DARA_FREE char *path = path_of("l.db-dara-lock");
    DARA_SESSION_LOCAL first = open_session("sqlite:l.db", DARA_MODE_WRITE);
    DARA_SESSION_LOCAL second = open_session("sqlite:l.db", DARA_MODE_REHEARSE);
    assert_int_equal(dara_session_lock(first, "ann@host pid 1", 0), 0);
    assert_true(dara_file_exists(path));
    assert_error(dara_session_lock(second, "bob@host pid 2", 50), DARA_ELOCKED, "EWOULDBLOCK", "ann@host pid 1");
    assert_int_equal(dara_session_unlock(first), 0);
    assert_false(dara_file_exists(path));
    assert_int_equal(dara_session_lock(second, "bob@host pid 2", 0), 0);
    assert_error(dara_session_lock(first, "ann@host pid 1", 0), DARA_ELOCKED, NULL, "bob@host pid 2");
    assert_int_equal(dara_session_unlock(second), 0);
    assert_int_equal(dara_session_unlock(second), 0);
}

/* Two names of one file share the lock. */
static void test_symbolic_link(void **state)
{
    (void)state;
    make_database();
    DARA_FREE char *path = path_of("l.db"), *other = path_of("link.db");
    assert_int_equal(symlink(path, other), 0);
    DARA_SESSION_LOCAL first = open_session("sqlite:l.db", DARA_MODE_WRITE);
    DARA_SESSION_LOCAL second = open_session("sqlite:link.db", DARA_MODE_WRITE);
    assert_int_equal(dara_session_lock(first, "ann", 0), 0);
    assert_int_equal(dara_session_lock(second, "bob", 0), DARA_ELOCKED);
}

static void test_link_in_its_place(void **state)
{
    (void)state;
    make_database();
    DARA_FREE char *lock = path_of("l.db-dara-lock"), *target = path_of("target");
    assert_int_equal(symlink(target, lock), 0);
    DARA_SESSION_LOCAL session = open_session("sqlite:l.db", DARA_MODE_WRITE);
    assert_error(dara_session_lock(session, "ann", 0), DARA_EFILE, NULL, "cannot make the lock file");
    assert_false(dara_file_exists(target));
    assert_int_equal(unlink(lock), 0);
}

static pid_t hold(int ready)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct dara_session *session = open_session("sqlite:l.db", DARA_MODE_WRITE);
        if (dara_session_lock(session, "the child", 0) || write(ready, "x", 1) != 1)
            _exit(1);
        pause();
        _exit(1);
    }
    return child;
}

static void test_killed_holder(void **state)
{
    (void)state;
    make_database();
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = hold(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    DARA_SESSION_LOCAL session = open_session("sqlite:l.db", DARA_MODE_WRITE);
    assert_error(dara_session_lock(session, "me", 0), DARA_ELOCKED, NULL, "the child");
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(dara_session_lock(session, "me", 0), 0);
    assert_int_equal(dara_session_unlock(session), 0);
    close(ready[0]);
    close(ready[1]);
}

/* Under the lock: read a number from a file, and write the next one. Lost updates show that two were inside. */
static int count_up(void)
{
    struct dara_session *session = open_session("sqlite:l.db", DARA_MODE_WRITE);
    DARA_FREE char *path = path_of("number"), *inside = path_of("inside");
    for (int i = 0; i < 4; i++) {
        long number = 0;
        if (dara_session_lock(session, "one of fifty", 60000))
            return 2;
        int fd = open(inside, O_CREAT | O_EXCL | O_WRONLY, 0600);
        FILE *file = fopen(path, "r+");
        if (fd < 0 || !file || fscanf(file, "%ld", &number) != 1)
            return 3;
        usleep(200);
        rewind(file);
        fprintf(file, "%ld\n", number + 1);
        fclose(file);
        close(fd);
        unlink(inside);
        if (dara_session_unlock(session))
            return 4;
    }
    dara_session_close(session);
    return 0;
}

static void test_fifty_processes(void **state)
{
    (void)state;
    enum { PROCESSES = 50 };
    pid_t children[PROCESSES];
    make_database();
    DARA_FREE char *path = path_of("number"), *lock = path_of("l.db-dara-lock");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "0\n");
    fclose(file);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit(count_up());
    }
    for (int i = 0; i < PROCESSES; i++) {
        int ended = 0;
        assert_int_equal(waitpid(children[i], &ended, 0), children[i]);
        assert_int_equal(ended, 0);
    }
    long number = 0;
    file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld", &number), 1);
    fclose(file);
    assert_int_equal(number, PROCESSES * 4);
    assert_false(dara_file_exists(lock));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lock_and_unlock, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_symbolic_link, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_link_in_its_place, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_killed_holder, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_fifty_processes, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
