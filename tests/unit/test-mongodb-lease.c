/* SPDX-License-Identifier: MIT */
/*
 * The lock of MongoDB, on the server that DARA_TEST_MONGODB_URI names: one holds it; what is dead is taken over, and what is not is not; whoever lost it
 * notices before each step, and a transaction that was begun under it is not committed. Time is not waited for: the test ends the lease itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply.h"
#include "json.h"
#include "process.h"
#include "unit.h"

#include "base/alloc.h"
#include "base/text.h"

static const char variable[] = "DARA_TEST_MONGODB_URI";

static struct dara_conn *connect_to(const char *suffix, enum dara_mode mode)
{
    char text[256], database[64];
    snprintf(database, sizeof(database), "dt_%ld_%s", (long)getpid(), suffix);
    snprintf(text, sizeof(text), "%s/%s", getenv(variable), database);
    const struct dara_url url = {
        .size = sizeof(url), .scheme = "mongodb", .path = database, .text = text, .redacted = text};
    const struct dara_open request = {.size = sizeof(request), .url = &url, .mode = mode, .application = "test"};
    struct dara_conn *conn = NULL;
    if (mongodb_session_open(&request, &conn))
        fail_msg("%s: %s", dara_error_last()->message, dara_error_last()->detail);
    return conn;
}

static void run(struct dara_conn *conn, const char *text)
{
    bson_t *command = NULL;
    assert_int_equal(mongodb_json_parse(text, strlen(text), &command), 0);
    if (mongodb_run(conn, NULL, command, MONGODB_RUN_WRITES | MONGODB_RUN_APART, NULL, NULL))
        fail_msg("%s: %s", text, dara_error_last()->message);
    bson_destroy(command);
}

static int execute(struct dara_conn *conn, const char *text)
{
    return mongodb_apply_execute(conn, text, strlen(text), NULL);
}

static int lock(struct dara_conn *conn, const char *owner, struct dara_text *holder)
{
    const struct dara_lock request = {.size = sizeof(request), .owner = owner};
    return mongodb_apply_lock(conn, &request, holder);
}

/* The end of the lease has passed, as if its holder had been stopped for that long. */
static void end_lease(struct dara_conn *conn)
{
    run(conn, "{\"update\": \"dara_lock\", \"updates\": [{\"q\": {\"_id\": \"lock\"}, \"u\": {\"$set\": {\"until\": "
              "{\"$date\": 1}}}}]}");
}

static uint64_t documents(struct dara_conn *conn, const char *collection)
{
    bson_t reply, *command = BCON_NEW("count", BCON_UTF8(collection));
    bson_iter_t value;
    assert_int_equal(mongodb_run(conn, NULL, command, MONGODB_RUN_APART, NULL, &reply), 0);
    assert_true(bson_iter_init_find(&value, &reply, "n"));
    uint64_t count = (uint64_t)bson_iter_as_int64(&value);
    bson_destroy(&reply);
    bson_destroy(command);
    return count;
}

static void drop_database(struct dara_conn *conn)
{
    run(conn, "{\"dropDatabase\": 1}");
    mongodb_session_close(conn);
}

/* ---- one at a time ------------------------------------------------------------------------------------------------------ */

static void one_holds_it(void **state)
{
    (void)state;
    struct dara_conn *first = connect_to("one", DARA_MODE_WRITE), *second = connect_to("one", DARA_MODE_WRITE);
    DARA_TEXT_LOCAL holder = DARA_TEXT_INIT;
    assert_int_equal(lock(first, "the first", NULL), 0);
    assert_int_equal(lock(first, "the first", NULL), 0); /* held already */
    assert_int_equal(lock(second, "the second", &holder), DARA_ELOCKED);
    assert_string_equal(dara_text_string(&holder), "the first");
    assert_non_null(strstr(dara_error_last()->message, "is held by the first"));
    assert_int_equal(mongodb_apply_unlock(first), 0);
    assert_int_equal(lock(second, "the second", NULL), 0);
    assert_int_equal(lock(first, "the first", NULL), DARA_ELOCKED);
    mongodb_session_close(second); /* which gives it back */
    assert_int_equal(lock(first, "the first", NULL), 0);
    drop_database(first);
}

/* A process that ended without a word. */
static void the_dead_are_proven(void **state)
{
    (void)state;
    char name[MONGODB_PROCESS_MAX] = "";
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        mongodb_process_name(name);
        _exit(write(ends[1], name, sizeof(name)) == (ssize_t)sizeof(name) ? 0 : 1);
    }
    assert_int_equal(read(ends[0], name, sizeof(name)), sizeof(name));
    waitpid(child, NULL, 0);
    assert_true(strlen(name) > 20);
    assert_true(mongodb_process_is_dead(name));
    name[3] = name[3] == 'a' ? 'b' : 'a'; /* another start of the machine, or another machine */
    assert_false(mongodb_process_is_dead(name));
    mongodb_process_name(name);
    assert_false(mongodb_process_is_dead(name));
    assert_false(mongodb_process_is_dead(""));
    assert_false(mongodb_process_is_dead("somewhere 1 1"));
    close(ends[0]);
    close(ends[1]);
}

/* ---- a lease that was lost ---------------------------------------------------------------------------------------------- */

static void steps_notice(void **state)
{
    (void)state;
    struct dara_conn *first = connect_to("steps", DARA_MODE_WRITE), *second = connect_to("steps", DARA_MODE_WRITE);
    assert_int_equal(lock(first, "the first", NULL), 0);
    assert_int_equal(execute(first, "{\"create\": \"a\"}"), 0);
    end_lease(second);
    assert_int_equal(execute(first, "{\"create\": \"b\"}"), 0); /* nobody took it: it goes on */
    end_lease(second);
    assert_int_equal(lock(second, "the second", NULL), 0);
    assert_int_equal(execute(first, "{\"create\": \"c\"}"), DARA_ELOCKED);
    assert_int_equal(execute(first, "{\"insert\": \"a\", \"documents\": [{\"_id\": 1}]}"), DARA_ELOCKED);
    assert_non_null(strstr(dara_error_last()->message, "was lost on the way"));
    const struct dara_history_entry entry = {.size = sizeof(entry),
                                             .kind = "migration",
                                             .version = "1",
                                             .name = "n",
                                             .state = "applied",
                                             .checksum = "",
                                             .applied_at = "",
                                             .applied_by = "",
                                             .tool = ""};
    const struct dara_journal_entry line = {.size = sizeof(line), .run = "r", .state = "started"};
    assert_int_equal(mongodb_apply_history_record(first, &entry), DARA_ELOCKED);
    assert_int_equal(mongodb_apply_journal_record(first, &line, 1), DARA_ELOCKED);
    assert_int_equal(mongodb_apply_journal_forget(first, "r"), DARA_ELOCKED);
    assert_int_equal(documents(second, "a"), 0);
    assert_int_equal(documents(second, "dara_migrations"), 0);
    mongodb_session_close(first); /* and does not give back what is another's */
    assert_int_equal(execute(second, "{\"create\": \"c\"}"), 0);
    drop_database(second);
}

/* Begun while it held the lock, and to be committed when another does: nothing of it is kept. */
static void transactions_are_fenced(void **state)
{
    (void)state;
    struct dara_conn *first = connect_to("fence", DARA_MODE_WRITE), *second = connect_to("fence", DARA_MODE_WRITE);
    run(first, "{\"create\": \"a\"}");
    assert_int_equal(lock(first, "the first", NULL), 0);
    end_lease(second);
    assert_int_equal(lock(second, "the second", NULL), 0);
    assert_int_equal(mongodb_apply_begin(first, DARA_BEGIN_DATA), 0);
    assert_int_equal(execute(first, "{\"insert\": \"a\", \"documents\": [{\"_id\": 1}]}"), DARA_ELOCKED);
    assert_int_equal(mongodb_apply_rollback(first), 0);
    assert_int_equal(documents(second, "a"), 0);
    assert_int_equal(mongodb_apply_begin(second, DARA_BEGIN_DATA), 0);
    assert_int_equal(execute(second, "{\"insert\": \"a\", \"documents\": [{\"_id\": 2}]}"), 0);
    assert_int_equal(mongodb_apply_commit(second), 0);
    assert_int_equal(documents(second, "a"), 1);
    mongodb_session_close(first);
    drop_database(second);
}

/* ---- scratch ------------------------------------------------------------------------------------------------------------ */

static void scratch_is_confined(void **state)
{
    (void)state;
    struct dara_conn *home = connect_to("home", DARA_MODE_WRITE), *scratch = NULL;
    char text[256];
    snprintf(text, sizeof(text), "%s/%s", getenv(variable), home->database);
    const struct dara_url url = {
        .size = sizeof(url), .scheme = "mongodb", .path = home->database, .text = text, .redacted = text};
    const struct dara_open request = {
        .size = sizeof(request), .url = &url, .mode = DARA_MODE_WRITE, .application = "test"};
    run(home, "{\"create\": \"a\"}");
    assert_int_equal(mongodb_scratch_open(&request, &scratch), 0);
    assert_int_equal(execute(scratch, "{\"create\": \"a\"}"), 0);
    snprintf(text, sizeof(text), "{\"renameCollection\": \"%s.a\", \"to\": \"b\"}", home->database);
    assert_int_equal(execute(scratch, text), 0);
    assert_int_equal(execute(scratch, "{\"collMod\": \"b\", \"validator\": {}}"), 0);
    assert_int_equal(execute(scratch, "{\"collMod\": \"a\", \"validator\": {}}"), DARA_ESTATEMENT);
    assert_int_equal(execute(home, "{\"collMod\": \"a\", \"validator\": {}}"), 0); /* at home it has its old name */
    static const char *const refused[] = {
        "{\"aggregate\": \"b\", \"pipeline\": [{\"$merge\": {\"into\": {\"db\": \"x\", \"coll\": \"y\"}}}]}",
        "{\"aggregate\": \"b\", \"pipeline\": [{\"$out\": {\"db\": \"x\", \"coll\": \"y\"}}]}",
        "{\"createUser\": \"u\", \"pwd\": \"x\", \"roles\": []}",
        "{\"frobnicate\": 1}",
    };
    for (size_t i = 0; i < DARA_COUNT(refused); i++)
        assert_int_equal(execute(scratch, refused[i]), DARA_EUNSUPPORTED);
    char name[80];
    snprintf(name, sizeof(name), "%s", scratch->database);
    mongodb_session_close(scratch);
    bool dead = true;
    assert_int_equal(mongodb_lease_is_dead(home, name, &dead), 0);
    assert_false(dead); /* nothing of it is there */
    drop_database(home);
}

/* A server that stands alone, and one that a reading session is on. */
static void what_is_not_run(void **state)
{
    (void)state;
    struct dara_conn *reading = connect_to("reads", DARA_MODE_READ),
                     *rehearsing = connect_to("reads", DARA_MODE_REHEARSE);
    assert_int_equal(execute(reading, "{\"create\": \"a\"}"), DARA_ESTATEMENT);
    assert_int_equal(execute(reading, "{\"frobnicate\": 1}"), DARA_ESTATEMENT);
    assert_int_equal(execute(reading, "{\"ping\": 1}"), 0);
    assert_int_equal(execute(rehearsing, "{\"create\": \"a\"}"), DARA_EUNSUPPORTED);
    assert_int_equal(mongodb_apply_begin(rehearsing, DARA_BEGIN_SCHEMA), DARA_EUNSUPPORTED);
    assert_int_equal(execute(rehearsing, "{\"dara\": {\"maxTimeMS\": 1000}}"), 0);
    assert_int_equal(execute(rehearsing, "{\"dara\": {\"sudo\": 1}}"), DARA_ESTATEMENT);
    rehearsing->replica_set = rehearsing->sharded = false;
    assert_int_equal(mongodb_apply_begin(rehearsing, DARA_BEGIN_DATA), DARA_EUNSUPPORTED);
    assert_non_null(strstr(dara_error_last()->hint, "replica set"));
    mongodb_session_close(reading);
    mongodb_session_close(rehearsing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dead_are_proven), cmocka_unit_test(one_holds_it),
        cmocka_unit_test(steps_notice),        cmocka_unit_test(transactions_are_fenced),
        cmocka_unit_test(scratch_is_confined), cmocka_unit_test(what_is_not_run),
    };
    const size_t alone = 1;
    bool server = getenv(variable) != NULL;
    for (size_t i = alone; !server && i < DARA_COUNT(tests); i++)
        print_message("# left out: %s (%s is not set)\n", tests[i].name, variable);
    return _cmocka_run_group_tests("mongodb-lease", tests, server ? DARA_COUNT(tests) : alone, NULL, NULL);
}
