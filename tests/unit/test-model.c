/* SPDX-License-Identifier: MIT */
/* Building, finishing and reading models. */
#include "unit.h"

#include <string.h>

#include "kinds.h"

static void refused(int result, int code, const char *part)
{
    assert_int_equal(result, code);
    if (!strstr(dara_error_last()->message, part))
        fail_msg("'%s' is not in: %s", part, dara_error_last()->message);
}

static void bad_kind(struct dara_kind kind, const char *part)
{
    const struct dara_kind *const list[] = {&kind_table, &kind, NULL};
    struct dara_model *model = NULL;
    refused(dara_model_new("fake", list, &model), DARA_EDRIVER, part);
    assert_null(model);
}

static void kinds_are_checked(void **state)
{
    (void)state;
    static const struct dara_property twice[] = {{"a", 1}, {"b", 1}, {"a", 1}, {NULL, 0}};
    static const struct dara_property reserved[] = {{"comment", 1}, {NULL, 0}};
    static const struct dara_property mode[] = {{"a", 9}, {NULL, 0}};
    static const struct dara_property name[] = {{"A b!", 1}, {NULL, 0}};
    const struct dara_kind good = {sizeof(good), "thing", "things", NULL, 1, 0, NULL};
    struct dara_kind kind = good;
    kind.size = 8;
    bad_kind(kind, "size");
    kind = good;
    kind.name = "Thing\n";
    bad_kind(kind, "malformed name");
    kind = good;
    kind.plural = NULL;
    bad_kind(kind, "malformed name");
    kind = good;
    kind.name = "table";
    bad_kind(kind, "twice");
    kind = good;
    kind.owner = "table|nothing";
    bad_kind(kind, "no kind");
    kind = good;
    kind.flags = DARA_KIND_PART;
    bad_kind(kind, "part");
    kind = good;
    kind.flags = DARA_KIND_ORDERED;
    bad_kind(kind, "no part");
    kind = good;
    kind.properties = twice;
    bad_kind(kind, "'a' twice");
    kind.properties = reserved;
    bad_kind(kind, "'comment'");
    kind.properties = mode;
    bad_kind(kind, "unknown mode");
    kind.properties = name;
    bad_kind(kind, "malformed name");
}

static void kinds_are_listed_in_order(void **state)
{
    (void)state;
    static const char *const wanted[] = {"column", "constraint", "setting", "routine",
                                         "table",  "index",      "view",    "trigger"};
    DARA_MODEL_LOCAL model = finished(new_model());
    assert_int_equal(dara_model_kind_count(model), 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(dara_model_kind_at(model, i)->name, wanted[i]);
    assert_null(dara_model_kind_at(model, 8));
    assert_ptr_equal(dara_model_kind(model, "view"), &kind_view);
    assert_null(dara_model_kind(model, "stream"));
    assert_int_equal(dara_model_count_of(model, "stream"), 0);
    assert_string_equal(dara_model_engine(model), "fake");
}

static void try_add(struct dara_model *model, struct dara_object_desc desc, const char *part)
{
    struct dara_object *object = NULL;
    desc.size = desc.size ? desc.size : sizeof(desc);
    refused(dara_model_add(model, &desc, &object), DARA_EDRIVER, part);
    assert_null(object);
}

static void bad_objects_are_refused(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    DARA_MODEL_LOCAL other = new_model();
    struct dara_object *table = add(model, "table", "t", NULL);
    struct dara_object *foreign = add(other, "table", "t", NULL);
    struct dara_object *column = add(model, "column", "c", table);
    try_add(model, (struct dara_object_desc){.size = 3, .kind = "table", .name = "x"}, "struct of 3 bytes");
    try_add(model, (struct dara_object_desc){.kind = "table"}, "without kind or name");
    try_add(model, (struct dara_object_desc){.name = "x"}, "without kind or name");
    try_add(model, (struct dara_object_desc){.kind = "stream", .name = "x\n"}, "'x\\n': unknown kind");
    try_add(model, (struct dara_object_desc){.kind = "table", .name = "\xff"}, "'\\xff': its name");
    try_add(model, (struct dara_object_desc){.kind = "table", .name = "x", .comment = "\xc0\x80"}, "not UTF-8");
    try_add(model, (struct dara_object_desc){.kind = "table", .name = "x", .key = "\xc0\x80"}, "not UTF-8");
    try_add(model, (struct dara_object_desc){.kind = "table", .name = "x", .space = "\xc0\x80"}, "not UTF-8");
    try_add(model, (struct dara_object_desc){.kind = "table", .name = "t"}, "twice");
    try_add(model, (struct dara_object_desc){.kind = "table", .name = "T", .key = "t"}, "twice");
    try_add(model, (struct dara_object_desc){.kind = "table", .name = "x", .owner = table}, "has an owner");
    try_add(model, (struct dara_object_desc){.kind = "column", .name = "x"}, "has no owner");
    try_add(model, (struct dara_object_desc){.kind = "column", .name = "x", .owner = column}, "wrong kind");
    try_add(model, (struct dara_object_desc){.kind = "column", .name = "x", .owner = foreign}, "another model");
    try_add(model, (struct dara_object_desc){.kind = "column", .name = "c", .owner = table}, "twice");
    /* The same name is another object in another space, of another kind, or under another owner. */
    add_in(model, "table", "s", "t", NULL);
    add(model, "view", "t", NULL);
    add(model, "column", "c", add(model, "table", "u", NULL));
    refused(dara_object_set_text(table, "colour", "red"), DARA_EDRIVER, "table 't': its kind has no property 'colour'");
    refused(dara_object_set_text(table, "sql", "\xff"), DARA_EDRIVER, "not UTF-8");
    refused(dara_object_set_list(table, "sql", (const char *const[]){"a", NULL}, 2), DARA_EDRIVER, "not UTF-8");
    refused(dara_object_depend(table, "stream", NULL, "x"), DARA_EDRIVER, "unknown kind");
    refused(dara_object_depend(table, "column", NULL, "c"), DARA_EDRIVER, "a part");
    refused(dara_object_depend(table, NULL, NULL, NULL), DARA_EDRIVER, "without a name");
    refused(dara_object_depend(table, NULL, NULL, "\xff"), DARA_EDRIVER, "not UTF-8");
    refused(dara_model_family(model, "x", (enum dara_family_state)7, NULL), DARA_EDRIVER, "unknown state");
    refused(dara_model_family(model, NULL, DARA_FAMILY_READ, NULL), DARA_EDRIVER, "without name");
    refused(dara_model_unrepresented(model, "x", "\xff", NULL), DARA_EDRIVER, "not UTF-8");
}

static void objects_cannot_be_nested_without_end(void **state)
{
    (void)state;
    static const struct dara_kind nest = {sizeof(nest), "nest", "nests", "root|nest", 1, 0, NULL};
    static const struct dara_kind root = {sizeof(root), "root", "roots", NULL, 1, 0, NULL};
    DARA_MODEL_LOCAL model = NULL;
    assert_int_equal(dara_model_new("fake", (const struct dara_kind *const[]){&nest, &root, NULL}, &model), 0);
    struct dara_object *object = add(model, "root", "x", NULL);
    for (int i = 0; i < 32; i++)
        object = add(model, "nest", "x", object);
    try_add(model, (struct dara_object_desc){.kind = "nest", .name = "x", .owner = object}, "too deeply");
    assert_int_equal(dara_model_finish(model), 0);
    assert_int_equal(dara_model_count(model), 33);
}

static void a_finished_model_does_not_change(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    struct dara_object *table = add(model, "table", "t", NULL);
    assert_int_equal(dara_model_count(model), 0);
    finished(model);
    refused(dara_model_add(model, &(struct dara_object_desc){.size = sizeof(struct dara_object_desc)}, NULL),
            DARA_EINTERNAL, "finished");
    refused(dara_object_set_bool(table, "strict", true), DARA_EINTERNAL, "finished");
    refused(dara_object_depend(table, NULL, NULL, "x"), DARA_EINTERNAL, "finished");
    refused(dara_model_family(model, "x", DARA_FAMILY_READ, NULL), DARA_EINTERNAL, "finished");
    refused(dara_model_unrepresented(model, "x", "y", NULL), DARA_EINTERNAL, "finished");
    refused(dara_model_finish(model), DARA_EINTERNAL, "finished");
}

static void values_come_back(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    struct dara_object *table = add(model, "table", "t", NULL), *column = add(model, "column", "c", table);
    static const char *const values[] = {"a", "", "b\nc"};
    const char *const *list = NULL;
    char name[] = "gone";
    assert_int_equal(dara_object_set_text(column, "type", name), 0);
    name[0] = 'x';
    assert_int_equal(dara_object_set_bool(column, "not_null", true), 0);
    assert_int_equal(dara_object_set_int(column, "length", INT64_MIN), 0);
    assert_int_equal(dara_object_set_list(column, "values", values, 3), 0);
    assert_int_equal(dara_object_set_text(column, "seen", "x"), 0);
    assert_int_equal(dara_object_set_text(column, "seen", NULL), 0);
    finished(model);
    assert_string_equal(dara_object_text(column, "type"), "gone");
    assert_true(dara_object_bool(column, "not_null", false));
    assert_true(dara_object_int(column, "length", 0) == INT64_MIN);
    assert_int_equal(dara_object_list(column, "values", &list), 3);
    assert_string_equal(list[2], "b\nc");
    assert_false(dara_object_has(column, "seen"));
    assert_false(dara_object_has(column, "nonsense"));
    /* Asked as another type, the fallback comes. */
    assert_null(dara_object_text(column, "not_null"));
    assert_true(dara_object_bool(column, "type", true));
    assert_int_equal(dara_object_int(column, "type", 7), 7);
    assert_int_equal(dara_object_list(column, "type", &list), 0);
    DARA_FREE char *text = dara_object_property_text(column, "values");
    DARA_FREE char *flag = dara_object_property_text(column, "not_null");
    DARA_FREE char *number = dara_object_property_text(column, "length");
    assert_string_equal(text, "a, , b\nc");
    assert_string_equal(flag, "yes");
    assert_string_equal(number, "-9223372036854775808");
    assert_null(dara_object_property_text(column, "seen"));
}

/* Names of all objects in the model's order, on one line. */
static void order_is(const struct dara_model *model, const char *wanted)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    for (size_t i = 0; i < dara_model_count(model); i++)
        dara_text_format(&text, "%s%s", i ? " " : "", dara_object_name(dara_model_at(model, i)));
    assert_string_equal(dara_text_string(&text), wanted);
    assert_null(dara_model_at(model, dara_model_count(model)));
}

static void objects_are_in_canonical_order(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    add(model, "view", "v", NULL);
    struct dara_object *b = add_in(model, "table", "s", "b", NULL), *a = add_in(model, "table", "s", "a", NULL);
    struct dara_object *z = add(model, "table", "z", NULL);
    add(model, "index", "i2", a);
    add(model, "index", "i1", b);
    add(model, "constraint", "k2", a);
    add(model, "constraint", "k1", a);
    add(model, "column", "c2", a);
    add(model, "column", "c1", a);
    add(model, "column", "zc", z);
    add(model, "routine", "r", NULL);
    finished(model);
    order_is(model, "r z zc a c2 c1 k1 k2 b i2 i1 v");
    assert_int_equal(dara_model_count_of(model, "column"), 3);
}

static void owned_objects_are_walked(void **state)
{
    (void)state;
    static const char *const wanted[] = {"c2", "c1", "k1", "k2", "i", "x"};
    DARA_MODEL_LOCAL model = new_model();
    struct dara_object *table = add(model, "table", "t", NULL);
    add(model, "trigger", "x", table);
    add(model, "index", "i", table);
    add(model, "constraint", "k2", table);
    add(model, "constraint", "k1", table);
    add(model, "column", "c2", table);
    add(model, "column", "c1", table);
    finished(model);
    const struct dara_object *object = NULL;
    for (size_t i = 0; i < 6; i++) {
        object = dara_object_owned(table, NULL, object);
        assert_string_equal(dara_object_name(object), wanted[i]);
        assert_ptr_equal(dara_object_owner(object), table);
    }
    assert_null(dara_object_owned(table, NULL, object));
    object = dara_object_owned(table, "constraint", NULL);
    assert_string_equal(dara_object_name(object), "k1");
    object = dara_object_owned(table, "constraint", object);
    assert_string_equal(dara_object_name(object), "k2");
    assert_null(dara_object_owned(table, "constraint", object));
    assert_null(dara_object_owned(table, "view", NULL));
    assert_null(dara_object_owned(object, NULL, NULL));
}

static void objects_are_found_by_identity(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    DARA_MODEL_LOCAL other = new_model();
    struct dara_object *a = add_in(model, "table", "s", "a", NULL), *b = add_in(other, "table", "s", "a", NULL);
    struct dara_object *key = NULL;
    const struct dara_object_desc folded = {.size = sizeof(folded), .kind = "table", .name = "MixEd", .key = "mixed"};
    assert_int_equal(dara_model_add(model, &folded, &key), 0);
    struct dara_object *column = add(model, "column", "c", a), *twin = add(other, "column", "c", b);
    struct dara_object *index = add(model, "index", "i", a), *only = add(other, "index", "j", b);
    assert_ptr_equal(dara_model_find(model, "table", "s", NULL, "a"), a);
    finished(model);
    finished(other);
    assert_ptr_equal(dara_model_find(model, "table", "s", NULL, "a"), a);
    assert_null(dara_model_find(model, "table", NULL, NULL, "a"));
    assert_null(dara_model_find(model, "view", "s", NULL, "a"));
    assert_ptr_equal(dara_model_find(model, "table", NULL, NULL, "mixed"), key);
    assert_null(dara_model_find(model, "table", NULL, NULL, "MixEd"));
    assert_ptr_equal(dara_model_find(model, "column", NULL, a, "c"), column);
    assert_ptr_equal(dara_model_find(model, "column", NULL, b, "c"), column); /* an equal owner of another model */
    assert_null(dara_model_find(model, "column", NULL, NULL, "c"));
    assert_ptr_equal(dara_model_find(model, "index", NULL, a, "i"), index);
    assert_ptr_equal(dara_model_find(model, "index", NULL, NULL, "i"), index);
    assert_ptr_equal(dara_model_same(model, twin), column);
    assert_ptr_equal(dara_model_same(other, column), twin);
    assert_null(dara_model_same(model, only));
    DARA_MODEL_LOCAL empty = finished(new_model());
    assert_null(dara_model_same(empty, a));
    assert_null(dara_model_find(empty, "table", NULL, NULL, "a"));
}

static void names_resolve_or_are_missing(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    struct dara_object *table = add_in(model, "table", "s", "t", NULL), *view = add(model, "view", "v", NULL);
    struct dara_object *trigger = add(model, "trigger", "x", table);
    const struct dara_object *const *list = NULL;
    const char *const *missing = NULL;
    assert_int_equal(dara_object_depend(view, NULL, "s", "t"), 0);
    assert_int_equal(dara_object_depend(view, "table", "s", "t"), 0);
    assert_int_equal(dara_object_depend(view, "table", NULL, "t"), 0);
    assert_int_equal(dara_object_depend(view, "routine", NULL, "gone"), 0);
    assert_int_equal(dara_object_depend(view, "routine", NULL, "gone"), 0);
    assert_int_equal(dara_object_depend(view, NULL, NULL, "v"), 0); /* itself: no dependency, and not missing */
    assert_int_equal(dara_object_depend(trigger, NULL, NULL, "v"), 0);
    finished(model);
    assert_int_equal(dara_object_depends(view, &list), 1);
    assert_ptr_equal(list[0], table);
    assert_int_equal(dara_object_missing(view, &missing), 2);
    assert_string_equal(missing[0], "gone");
    assert_string_equal(missing[1], "t");
    assert_int_equal(dara_object_depends(trigger, &list), 2);
    assert_ptr_equal(list[0], table); /* the owner, unsaid */
    assert_ptr_equal(list[1], view);
    assert_int_equal(dara_object_depends(table, NULL), 0);
    assert_int_equal(dara_object_missing(table, NULL), 0);
}

static void families_are_kept(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    enum dara_family_state family = DARA_FAMILY_UNSUPPORTED;
    const char *why = NULL, *name = NULL, *kind = NULL;
    assert_int_equal(dara_model_family(model, "view", DARA_FAMILY_READ, NULL), 0);
    assert_int_equal(dara_model_family(model, "extension", DARA_FAMILY_READ, NULL), 0);
    assert_int_equal(dara_model_family(model, "view", DARA_FAMILY_DENIED, "no right"), 0);
    assert_int_equal(dara_model_unrepresented(model, "table", "z", "odd"), 0);
    assert_int_equal(dara_model_unrepresented(model, "table", "a", NULL), 0);
    finished(model);
    assert_int_equal(dara_model_family_count(model), 2);
    assert_string_equal(dara_model_family_at(model, 0, &family, &why), "view");
    assert_int_equal(family, DARA_FAMILY_DENIED);
    assert_string_equal(why, "no right");
    assert_string_equal(dara_model_family_at(model, 1, NULL, &why), "extension");
    assert_null(why);
    assert_null(dara_model_family_at(model, 2, NULL, NULL));
    assert_int_equal(dara_model_unrepresented_count(model), 2);
    dara_model_unrepresented_at(model, 0, &kind, &name, &why);
    assert_string_equal(name, "a");
    assert_null(why);
}

static void hostile_names_are_described_on_one_line(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    struct dara_object *table = add_in(model, "table", "a b", "drop\n'\033[2J", NULL);
    struct dara_object *column = add(model, "column", "", table);
    DARA_FREE char *text = dara_object_describe(column);
    assert_string_equal(text, "column '' of table 'a b.drop\\n'\\x1b[2J'");
    DARA_FREE char *longest = dara_alloc(100001);
    memset(longest, 'x', 100000);
    struct dara_object *large = add(model, "table", longest, NULL);
    finished(model);
    assert_ptr_equal(dara_model_find(model, "table", NULL, NULL, longest), large);
}

static void ten_thousand_tables_fit(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    for (int i = 0; i < 10000; i++) {
        char name[32];
        snprintf(name, sizeof(name), "table_%d", i * 7919 % 10000);
        struct dara_object *table = add(model, "table", name, NULL);
        for (int c = 0; c < 10; c++) {
            snprintf(name, sizeof(name), "column_%d", c);
            add_column(model, table, name, "integer");
        }
    }
    finished(model);
    assert_int_equal(dara_model_count(model), 110000);
    assert_string_equal(dara_object_name(dara_model_at(model, 0)), "table_0");
    assert_string_equal(dara_object_name(dara_model_at(model, 109999)), "column_9");
    assert_non_null(dara_model_find(model, "table", NULL, NULL, "table_9999"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_checked),
        cmocka_unit_test(kinds_are_listed_in_order),
        cmocka_unit_test(bad_objects_are_refused),
        cmocka_unit_test(objects_cannot_be_nested_without_end),
        cmocka_unit_test(a_finished_model_does_not_change),
        cmocka_unit_test(values_come_back),
        cmocka_unit_test(objects_are_in_canonical_order),
        cmocka_unit_test(owned_objects_are_walked),
        cmocka_unit_test(objects_are_found_by_identity),
        cmocka_unit_test(names_resolve_or_are_missing),
        cmocka_unit_test(families_are_kept),
        cmocka_unit_test(hostile_names_are_described_on_one_line),
        cmocka_unit_test(ten_thousand_tables_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
