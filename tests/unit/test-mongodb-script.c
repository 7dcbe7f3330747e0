/* SPDX-License-Identifier: MIT */
/* Scripts for MongoDB: cut into commands with exact lines, and commands classified. No server. */
#include "unit-script.h"

#include "../../drivers/mongodb/command.h"
#include "../../drivers/mongodb/render.h"

static const struct dara_dialect_ops test_dialect = {
    .size = sizeof(test_dialect),
    .extension = "json",
    .delimiter = "\n",
    .quote = mongodb_dialect_quote,
    .split = mongodb_dialect_split,
    .classify = mongodb_dialect_classify,
    .render = mongodb_dialect_render,
    .change = mongodb_dialect_change,
};
static const struct dara_driver test_driver = {
    .abi_major = DARA_DRIVER_ABI_MAJOR,
    .size = sizeof(test_driver),
    .name = "mongodb",
    .dialect = &test_dialect,
};

/* ---- split -------------------------------------------------------------------------------------------------------------- */

static const struct cut cuts[] = {
    {"", ""},
    {" // nothing\n/* at { all */\n", ""},
    {"{\"ping\": 1}", "1:{\"ping\": 1}|"},
    {"{\"a\": 1}{\"b\": 2}\n\n{\"c\": 3}", "1:{\"a\": 1}|1:{\"b\": 2}|3:{\"c\": 3}|"},
    {"{\"a\": 1},\n{\"b\": 2};\n{\"c\":\n3}\n", "1:{\"a\": 1}|2:{\"b\": 2}|3:{\"c\":\n3}|"},
    {"// first\n[\n  {\"a\": \"]}\"}, // one\n  {\"b\": [1, 2]}\n]\n{\"c\": 1}",
     "3:{\"a\": \"]}\"}|4:{\"b\": [1, 2]}|6:{\"c\": 1}|"},
    {"[]\n[{\"a\": 1},]", "2:{\"a\": 1}|"},
    {"{\"a\": 1 /* } */, // }\n\"b\": 2}\n{\"c\": 1}", "1:{\"a\": 1 /* } */, // }\n\"b\": 2}|3:{\"c\": 1}|"},
    {"\xef\xbb\xbf{\"a\": 1}", "1:{\"a\": 1}|"},
};

static void test_split(void **state)
{
    (void)state;
    check_cuts(&test_driver, cuts, DARA_COUNT(cuts));
}

static const struct malformed bad[] = {
    {"{\"a\": 1}\n{\"b\": }", 2, "malformed JSON: '}' where a value should stand"},
    {"{\"a\": 1}\n\ndb.users.drop()", 3, "malformed JSON: a command is a document, which begins with '{'"},
    {"[{\"a\": 1}\n", 2, "malformed JSON: an array that is not closed"},
    {"[{\"a\": 1}\n{\"b\": 1}]", 2, "malformed JSON: no ',' between two documents"},
    {"[1]", 1, "malformed JSON: a command is a document, which begins with '{', or ']'"},
    {"[[{\"a\": 1}]]", 1, "malformed JSON: a command is a document, which begins with '{', or ']'"},
    {"{\"a\": 1},,", 1, "malformed JSON: a command is a document, which begins with '{'"},
    {"\n\n{}", 3, "a document without fields is no command"},
    {"{\"a\": 1}\n/* ", 2, "malformed JSON: a comment that is not closed"},
    {"{\"a\": \"\xff\"}", 1, "malformed JSON: a string that is not UTF-8"},
    {"\xff\xfe{\x01", 1, "malformed JSON: a command is a document, which begins with '{'"},
};

static void test_malformed(void **state)
{
    (void)state;
    check_malformed(&test_driver, bad, DARA_COUNT(bad));
}

/* ---- classify ----------------------------------------------------------------------------------------------------------- */

static const struct told tellings[] = {
    {"{\"find\": \"a\", \"filter\": {}}", "find R; U a"},
    {"{\"aggregate\": \"a\", \"pipeline\": [{\"$match\": {\"$out\": 1}}], \"cursor\": {}}", "aggregate R; U a"},
    {"{\"aggregate\": \"a\", \"pipeline\": [{\"$out\": \"b\"}], \"cursor\": {}}",
     "aggregate into a collection DN; U a; m collection b; C collection b; !!truncate"},
    {"{\"aggregate\": \"a\", \"pipeline\": [{\"$match\": {}}, {\"$merge\": {\"into\": \"b\"}}], \"cursor\": {}}",
     "aggregate and merge DN; U a; m collection b; C collection b"},
    {"{\"aggregate\": \"a\", \"pipeline\": [{\"$merge\": {\"into\": {\"db\": \"x\", \"coll\": \"b\"}}}]}",
     "aggregate and merge DN; U a"},
    {"{\"explain\": {\"find\": \"a\"}}", "explain R"},
    {"{\"explain\": 1}", "explain ?"},
    {"{\"validate\": \"a\"}", "validate R; U a"},
    {"{\"validate\": \"a\", \"repair\": true}", "validate DN; U a"},
    {"{\"listCollections\": 1}", "list collections R"},
    {"{\"create\": \"a\"}", "create collection S; M collection a"},
    {"{\"create\": \"v\", \"viewOn\": \"a\", \"pipeline\": []}", "create view S; U a; M view v"},
    {"{\"collMod\": \"a\", \"validator\": {}}", "change collection S; C a"},
    {"{\"createIndexes\": \"a\", \"indexes\": [{\"name\": \"i\", \"key\": {\"x\": 1}}, {\"name\": \"j\", \"key\": "
     "{\"y\": 1}}]}",
     "create index S; m collection a; C collection a; m index a.i; m index a.j"},
    {"{\"dropIndexes\": \"a\", \"index\": [\"i\", \"j\"]}",
     "drop index S; U collection a; D index a.i; D index a.j; !drop-index"},
    {"{\"dropIndexes\": \"a\", \"index\": \"*\"}", "drop index S; U collection a; !drop-index"},
    {"{\"drop\": \"a\"}", "drop collection S; D a; !!drop-table"},
    {"{\"drop\": \"dara_migrations\"}", "drop collection S; D dara_migrations; !!change-history; !!drop-table"},
    {"{\"renameCollection\": \"a\", \"to\": \"b\"}", "rename collection S; D a; M collection b; !rename-table"},
    {"{\"renameCollection\": \"a\", \"to\": \"b\", \"dropTarget\": true}",
     "rename collection S; D a; M collection b; !rename-table; !!drop-table"},
    {"{\"insert\": \"a\", \"documents\": [{}]}", "insert D; m collection a"},
    {"{\"update\": \"a\", \"updates\": [{\"q\": {\"x\": 1}, \"u\": {\"$set\": {\"y\": 1}}, \"multi\": true}]}",
     "update D; C collection a"},
    {"{\"update\": \"a\", \"updates\": [{\"q\": {}, \"u\": {\"$set\": {\"y\": 1}}, \"multi\": true}]}",
     "update D; C collection a; !!update-without-where"},
    {"{\"update\": \"a\", \"updates\": [{\"q\": {}, \"u\": {\"$unset\": {\"y\": 1}}, \"multi\": true}]}",
     "update D; C collection a; !!drop-column"},
    {"{\"update\": \"a\", \"updates\": [{\"q\": {}, \"u\": {\"y\": 1}, \"upsert\": true}]}",
     "update D; m collection a; C collection a"},
    {"{\"delete\": \"a\", \"deletes\": [{\"q\": {}, \"limit\": 1}]}", "delete D; C collection a"},
    {"{\"delete\": \"a\", \"deletes\": [{\"q\": {}, \"limit\": 0}]}",
     "delete D; C collection a; !!delete-without-where"},
    {"{\"findAndModify\": \"a\", \"query\": {}, \"remove\": true}", "find and modify D; C collection a"},
    {"{\"bulkWrite\": 1, \"ops\": [{\"delete\": 0, \"filter\": {}, \"multi\": true}], \"nsInfo\": [{\"ns\": \"x.a\"}]}",
     "bulk write D; m collection a; C collection a; !!delete-without-where"},
    {"{\"mapReduce\": \"a\", \"out\": {\"inline\": 1}}", "map and reduce R; U a"},
    {"{\"mapReduce\": \"a\", \"out\": \"b\"}", "map and reduce DN; U a; !!truncate"},
    {"{\"createUser\": \"u\", \"pwd\": \"x\", \"roles\": []}", "create user S"},
    {"{\"commitTransaction\": 1}", "commit T"},
    {"{\"dropDatabase\": 1}", "drop database X"},
    {"{\"shutdown\": 1}", "shut down X"},
    {"{\"replSetReconfig\": {}}", "replica set X"},
    {"{\"getMore\": 1}", "get more X"},
    {"{\"insert\": \"a\", \"documents\": [], \"lsid\": {}}", "insert X"},
    {"{\"insert\": \"a\", \"documents\": [], \"$db\": \"other\"}", "insert X"},
    {"{\"find\": \"a\", \"filter\": {}, \"filter\": {}}", "find X"},
    {"{\"dara\": {\"maxTimeMS\": 5}}", "options V"},
    {"{\"frobnicate\": 1}", "frobnicate ?"},
    {"not json", "unread ?"},
};

static void test_classify(void **state)
{
    (void)state;
    check_facts(&test_driver, tellings, DARA_COUNT(tellings));
}

static void test_quote(void **state)
{
    (void)state;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    assert_int_equal(mongodb_dialect_quote(NULL, "a\"b\\c\n$d.\xc3\xa4", &text), 0);
    assert_string_equal(dara_text_string(&text), "\"a\\\"b\\\\c\\n$d.\xc3\xa4\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_classify),
        cmocka_unit_test(test_quote),
    };
    return cmocka_run_group_tests_name("mongodb-script", tests, NULL, NULL);
}
