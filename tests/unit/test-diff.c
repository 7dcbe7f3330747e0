/* SPDX-License-Identifier: MIT */
/* Differences, and the order in which they run. */
#include "unit.h"

#include <string.h>

#include "kinds.h"

/* All changes on one line each: op, object, property changes in brackets, parts indented. */
static void tell(struct dara_text *text, const struct dara_change *change, const char *indent)
{
    static const char *const ops[] = {"?", "create", "drop", "alter", "recreate"};
    DARA_FREE char *what = dara_object_describe(change->after ? change->after : change->before);
    dara_text_format(text, "%s%s %s", indent, ops[change->op], what);
    for (size_t i = 0; i < change->property_count; i++) {
        const struct dara_property_change *property = change->properties[i];
        dara_text_format(text, " [%s: %s -> %s, mode %d]", property->name, property->before ? property->before : "-",
                         property->after ? property->after : "-", (int)property->mode);
    }
    if (change->reason)
        dara_text_format(text, " because %s", change->reason);
    dara_text_add(text, "\n");
    for (size_t i = 0; i < change->part_count; i++)
        tell(text, change->parts[i], "  ");
}

static void diff_is(struct dara_diff *diff, const char *wanted)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    for (size_t i = 0; i < dara_diff_count(diff); i++)
        tell(&text, dara_diff_at(diff, i), "");
    assert_string_equal(dara_text_string(&text), wanted);
    assert_null(dara_diff_at(diff, dara_diff_count(diff)));
}

static void actions_are(struct dara_diff *diff, const char *wanted)
{
    static const char signs[] = {'-', '~', '+'};
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    const struct dara_action *actions = NULL;
    size_t count = 0;
    assert_int_equal(dara_diff_order(diff, &actions, &count), 0);
    for (size_t i = 0; i < count; i++) {
        const struct dara_change *change = actions[i].change;
        static const enum dara_change_op ops[] = {DARA_CHANGE_DROP, DARA_CHANGE_ALTER, DARA_CHANGE_CREATE};
        assert_int_equal(change->op, ops[actions[i].op]);
        assert_int_equal(change->before == NULL, change->op == DARA_CHANGE_CREATE);
        assert_int_equal(change->after == NULL, change->op == DARA_CHANGE_DROP);
        dara_text_format(&text, "%s%c%s", i ? " " : "", signs[actions[i].op],
                         dara_object_name(change->after ? change->after : change->before));
    }
    assert_string_equal(dara_text_string(&text), wanted);
}

/* Compare, check changes and actions, free. The models are freed, too. */
static void compared(struct dara_model *before, struct dara_model *after, const char *changes, const char *actions)
{
    struct dara_diff *diff = NULL;
    assert_int_equal(dara_diff_new(finished(before), finished(after), &diff), 0);
    assert_ptr_equal(dara_diff_before(diff), before);
    assert_ptr_equal(dara_diff_after(diff), after);
    diff_is(diff, changes);
    actions_are(diff, actions);
    assert_null(dara_diff_free(diff));
    dara_model_free(before);
    dara_model_free(after);
}

static struct dara_model *rich(void)
{
    struct dara_model *model = new_model();
    struct dara_object *table = add(model, "table", "t", NULL), *view = add(model, "view", "v", NULL);
    add_column(model, table, "a", "int");
    add_column(model, table, "b", "text");
    add(model, "index", "i", table);
    add(model, "trigger", "x", view);
    dara_object_depend(view, "table", NULL, "t");
    return model;
}

static void against_nothing_all_is_made_or_dropped(void **state)
{
    (void)state;
    compared(new_model(), rich(),
             "create table 't'\ncreate index 'i' of table 't'\ncreate view 'v'\ncreate trigger 'x' of view 'v'\n",
             "+t +i +v +x");
    compared(rich(), new_model(),
             "drop table 't'\ndrop index 'i' of table 't'\ndrop view 'v'\ndrop trigger 'x' of view 'v'\n", "-v -t");
    compared(rich(), rich(), "", "");
    compared(new_model(), new_model(), "", "");
}

static void properties_are_compared_by_mode(void **state)
{
    (void)state;
    struct dara_model *before = new_model(), *after = new_model();
    struct dara_object *old = add(before, "table", "t", NULL), *new = add(after, "table", "t", NULL);
    dara_object_set_text(old, "sql", "create  table");
    dara_object_set_text(new, "sql", "create table");
    dara_object_set_bool(old, "strict", true);
    dara_object_set_int(old, "page", 4096);
    dara_object_set_int(new, "page", 512);
    struct dara_object *a = add_column(before, old, "a", "int"), *b = add_column(after, new, "a", "text");
    dara_object_set_list(a, "values", (const char *const[]){"x", "y"}, 2);
    dara_object_set_list(b, "values", (const char *const[]){"x"}, 1);
    dara_object_set_text(b, "seen", "only information");
    dara_object_set_text(a, "not_null", "");
    compared(
        before, after,
        "alter table 't' [strict: yes -> -, mode 1] [page: 4096 -> 512, mode 4]\n"
        "  alter column 'a' of table 't' [type: int -> text, mode 1] [not_null:  -> -, mode 1] [values: x, y -> x, "
        "mode 1]\n",
        "~t");
}

static void add_commented(struct dara_model *model, const char *comment)
{
    const struct dara_object_desc desc = {
        .size = sizeof(desc), .kind = "view", .name = comment ? "V" : "v", .key = "v", .comment = comment};
    assert_int_equal(dara_model_add(model, &desc, NULL), 0);
}

static void comments_are_compared_and_names_are_not(void **state)
{
    (void)state;
    struct dara_model *before = new_model(), *after = new_model();
    add_commented(before, NULL);
    add_commented(after, "x");
    compared(before, after, "alter view 'V' [comment: - -> x, mode 1]\n", "~V");
}

static void recreate_takes_what_is_owned_along(void **state)
{
    (void)state;
    struct dara_model *before = rich(), *after = new_model();
    struct dara_object *table = add(after, "table", "t", NULL), *view = add(after, "view", "v", NULL);
    dara_object_set_text(table, "engine", "other");
    add_column(after, table, "a", "int");
    add_column(after, table, "b", "text");
    add(after, "index", "i", table);
    add(after, "index", "j", table);
    dara_object_set_text(add(after, "trigger", "x", view), "definition", "new");
    dara_object_depend(view, "table", NULL, "t");
    dara_object_set_list(view, "columns", (const char *const[]){"a"}, 1);
    compared(before, after,
             "recreate table 't' [engine: - -> other, mode 3]\n"
             "recreate index 'i' of table 't' because table 't' is made again\n"
             "create index 'j' of table 't'\n"
             "recreate view 'v' [columns: - -> a, mode 3]\n"
             "recreate trigger 'x' of view 'v' [definition: - -> new, mode 2] because view 'v' is made again\n",
             "-v -t +t +i +j +v +x");
}

static void a_part_makes_again_only_what_holds_no_rows(void **state)
{
    (void)state;
    struct dara_model *before = new_model(), *after = new_model();
    for (int i = 0; i < 2; i++) {
        struct dara_model *model = i ? after : before;
        static const char *const owners[] = {"table", "view"};
        for (int o = 0; o < 2; o++) {
            struct dara_object *owner = add(model, owners[o], "x", NULL);
            struct dara_object *column = add_column(model, owner, "c", "int");
            dara_object_set_text(column, "generated", i ? "1 + 1" : NULL);
        }
    }
    compared(before, after,
             "alter table 'x'\n  alter column 'c' of table 'x' [generated: - -> 1 + 1, mode 3]\n"
             "recreate view 'x'\n  alter column 'c' of view 'x' [generated: - -> 1 + 1, mode 3]\n",
             "-x ~x +x");
}

static struct dara_model *with_columns(const char *names)
{
    struct dara_model *model = new_model();
    struct dara_object *table = add(model, "table", "t", NULL);
    for (; *names; names++)
        add_column(model, table, (const char[]){*names, '\0'}, "int");
    return model;
}

static void order_of_parts_is_compared(void **state)
{
    (void)state;
    compared(with_columns("ab"), with_columns("abc"), "alter table 't'\n  create column 'c' of table 't'\n", "~t");
    compared(with_columns("abc"), with_columns("ac"), "alter table 't'\n  drop column 'b' of table 't'\n", "~t");
    compared(with_columns("ab"), with_columns("ba"), "alter table 't' [order: a, b -> b, a, mode 1]\n", "~t");
    compared(with_columns("ab"), with_columns("acb"),
             "alter table 't' [order: a, b -> a, c, b, mode 1]\n  create column 'c' of table 't'\n", "~t");
    compared(with_columns("abc"), with_columns("cdx"),
             "alter table 't'\n  drop column 'a' of table 't'\n  drop column 'b' of table 't'\n"
             "  create column 'd' of table 't'\n  create column 'x' of table 't'\n",
             "~t");
    compared(with_columns("a"), with_columns("b"),
             "alter table 't'\n  drop column 'a' of table 't'\n  create column 'b' of table 't'\n", "~t");
}

static void engines_are_not_mixed(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL one = finished(new_model());
    DARA_MODEL_LOCAL two = NULL;
    DARA_MODEL_LOCAL raw = new_model();
    struct dara_diff *diff = NULL;
    assert_int_equal(dara_model_new("other", kinds, &two), 0);
    finished(two);
    assert_int_equal(dara_diff_new(one, two, &diff), DARA_EUSAGE);
    assert_int_equal(dara_diff_new(one, raw, &diff), DARA_EINTERNAL);
    assert_null(diff);
}

static void what_was_not_read_is_not_compared(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL before = rich();
    DARA_MODEL_LOCAL after = new_model();
    DARA_DIFF_LOCAL diff = NULL;
    const char *const *families = NULL;
    add_column(after, add(after, "table", "t", NULL), "b", "text");
    dara_model_family(before, "table", DARA_FAMILY_READ, NULL);
    dara_model_family(before, "index", DARA_FAMILY_SKIPPED, NULL);
    dara_model_family(after, "index", DARA_FAMILY_SKIPPED, NULL);
    dara_model_family(after, "view", DARA_FAMILY_DENIED, "no right");
    dara_model_family(after, "column", DARA_FAMILY_SKIPPED, NULL);
    assert_int_equal(dara_diff_new(finished(before), finished(after), &diff), 0);
    assert_int_equal(dara_diff_unknown(diff, &families), 2);
    assert_string_equal(families[0], "view");
    assert_string_equal(families[1], "column");
    diff_is(diff, "drop index 'i' of table 't'\n"); /* skipped on both sides: what is there is compared */
}

static void the_change_of_an_object_is_found(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL before = finished(with_columns("ab"));
    DARA_MODEL_LOCAL after = finished(with_columns("ac"));
    DARA_MODEL_LOCAL third = finished(with_columns("ac"));
    DARA_DIFF_LOCAL diff = NULL;
    assert_int_equal(dara_diff_new(before, after, &diff), 0);
    const struct dara_object *table = dara_model_at(before, 0);
    assert_ptr_equal(dara_diff_of(diff, table), dara_diff_at(diff, 0));
    assert_ptr_equal(dara_diff_of(diff, dara_model_at(after, 0)), dara_diff_at(diff, 0));
    assert_null(dara_diff_of(diff, dara_model_at(third, 0)));
    assert_null(dara_diff_of(diff, dara_object_owned(table, "column", NULL)));
    const struct dara_object *gone = dara_model_find(before, "column", NULL, table, "b");
    assert_int_equal(dara_diff_of(diff, gone)->op, DARA_CHANGE_DROP);
}

static void a_dialect_may_ask_for_more(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL before = rich();
    DARA_MODEL_LOCAL after = rich();
    DARA_DIFF_LOCAL diff = NULL;
    struct dara_object *extra = add(before, "routine", "r", NULL);
    finished(before);
    finished(after);
    assert_int_equal(dara_diff_new(before, after, &diff), 0);
    diff_is(diff, "drop routine 'r'\n");
    actions_are(diff, "-r");
    const struct dara_object *table = dara_model_find(before, "table", NULL, NULL, "t");
    const struct dara_object *view = dara_model_find(before, "view", NULL, NULL, "v");
    assert_int_equal(dara_diff_recreate(diff, view, "it stands in the way"), 0);
    assert_int_equal(dara_diff_recreate(diff, table, "so I wish"), 0);
    assert_int_equal(dara_diff_recreate(diff, view, "again"), 0);
    diff_is(diff, "drop routine 'r'\n"
                  "recreate table 't' because so I wish\n"
                  "recreate index 'i' of table 't' because table 't' is made again\n"
                  "recreate view 'v' because it stands in the way\n"
                  "recreate trigger 'x' of view 'v' because view 'v' is made again\n");
    actions_are(diff, "-v -t -r +t +i +v +x");
    assert_int_equal(dara_diff_recreate(diff, extra, "x"), DARA_EDRIVER);
    assert_int_equal(dara_diff_recreate(diff, dara_object_owned(table, "column", NULL), "x"), DARA_EDRIVER);
    assert_int_equal(dara_diff_recreate(diff, dara_model_find(after, "view", NULL, NULL, "v"), "x"), DARA_EDRIVER);
}

static void model_order_is(struct dara_model *model, const char *wanted)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    DARA_FREE const struct dara_object **objects = NULL;
    size_t count = 0;
    assert_int_equal(dara_model_order(finished(model), &objects, &count), 0);
    for (size_t i = 0; i < count; i++)
        dara_text_format(&text, "%s%s", i ? " " : "", dara_object_name(objects[i]));
    assert_string_equal(dara_text_string(&text), wanted);
    dara_model_free(model);
}

static void depend(struct dara_object *object, const char *key)
{
    assert_int_equal(dara_object_depend(object, NULL, NULL, key), 0);
}

static void what_is_needed_is_made_first(void **state)
{
    (void)state;
    model_order_is(rich(), "t i v x");
    model_order_is(new_model(), "");
    struct dara_model *model = new_model();
    depend(add(model, "view", "a", NULL), "c");
    depend(add(model, "view", "b", NULL), "a");
    add(model, "view", "c", NULL);
    model_order_is(model, "c a b");
    /* A part's needs are its owner's: a column's default calls a routine that reads another table. */
    model = new_model();
    struct dara_object *table = add(model, "table", "t", NULL);
    depend(add_column(model, table, "c", "int"), "z");
    depend(add(model, "routine", "z", NULL), "u");
    add(model, "table", "u", NULL);
    model_order_is(model, "u z t");
}

/* A table's constraint uses a routine that uses the table. */
static void cycles_are_broken_where_something_can_be_completed_later(void **state)
{
    (void)state;
    DARA_MODEL_LOCAL model = new_model();
    const struct dara_object **objects = NULL;
    size_t count = 0;
    struct dara_object *table = add(model, "table", "t", NULL), *routine = add(model, "routine", "r", NULL);
    assert_int_equal(dara_object_depend(add(model, "constraint", "c", table), "routine", NULL, "r"), 0);
    assert_int_equal(dara_object_depend(routine, "table", NULL, "t"), 0);
    assert_int_equal(dara_model_order(finished(model), &objects, &count), 0);
    assert_int_equal(count, 2);
    assert_ptr_equal(objects[0], table);
    free(objects);
}

static void cycles_are_broken_where_the_kinds_are_furthest_apart(void **state)
{
    (void)state;
    struct dara_model *model = new_model();
    depend(add(model, "table", "a", NULL), "b");
    depend(add(model, "table", "b", NULL), "a");
    depend(add(model, "view", "v", NULL), "a");
    model_order_is(model, "a b v");
    /* routine (10) -> table (20) -> view (40) -> routine: the edge between 10 and 40 goes. */
    model = new_model();
    depend(add(model, "routine", "r", NULL), "t");
    depend(add(model, "table", "t", NULL), "v");
    depend(add(model, "view", "v", NULL), "r");
    model_order_is(model, "v t r");
    /* Of two edges as far apart, that of the object which is made first by its kind. */
    model = new_model();
    depend(add(model, "routine", "r", NULL), "t");
    depend(add(model, "table", "t", NULL), "r");
    model_order_is(model, "r t");
}

static void long_chains_and_rings_are_ordered(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    struct dara_model *model = new_model();
    for (int i = 0; i < COUNT; i++) {
        char name[16], next[16];
        snprintf(name, sizeof(name), "v%05d", i);
        snprintf(next, sizeof(next), "v%05d", (i + 1) % COUNT);
        depend(add(model, "view", name, NULL), next);
    }
    DARA_FREE const struct dara_object **objects = NULL;
    size_t count = 0;
    assert_int_equal(dara_model_order(finished(model), &objects, &count), 0);
    assert_int_equal(count, COUNT);
    /* The first is made without what it needs; then all that lead to it, from the end. */
    assert_string_equal(dara_object_name(objects[0]), "v00000");
    assert_string_equal(dara_object_name(objects[1]), "v02999");
    assert_string_equal(dara_object_name(objects[COUNT - 1]), "v00001");
    dara_model_free(model);
}

static void order_runs_through_what_is_equal(void **state)
{
    (void)state;
    struct dara_model *models[2];
    for (int i = 0; i < 2; i++) {
        models[i] = new_model();
        struct dara_object *first = add(models[i], "view", "a", NULL), *middle = add(models[i], "view", "m", NULL);
        struct dara_object *last = add(models[i], "view", "z", NULL);
        depend(first, "m");
        depend(middle, "z");
        dara_object_set_text(first, "definition", i ? "new" : "old");
        dara_object_set_text(last, "definition", i ? "new" : "old");
    }
    compared(models[0], models[1],
             "alter view 'a' [definition: old -> new, mode 2]\nalter view 'z' [definition: old -> new, mode 2]\n",
             "~z ~a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_nothing_all_is_made_or_dropped),
        cmocka_unit_test(properties_are_compared_by_mode),
        cmocka_unit_test(comments_are_compared_and_names_are_not),
        cmocka_unit_test(recreate_takes_what_is_owned_along),
        cmocka_unit_test(a_part_makes_again_only_what_holds_no_rows),
        cmocka_unit_test(order_of_parts_is_compared),
        cmocka_unit_test(engines_are_not_mixed),
        cmocka_unit_test(what_was_not_read_is_not_compared),
        cmocka_unit_test(the_change_of_an_object_is_found),
        cmocka_unit_test(a_dialect_may_ask_for_more),
        cmocka_unit_test(what_is_needed_is_made_first),
        cmocka_unit_test(cycles_are_broken_where_something_can_be_completed_later),
        cmocka_unit_test(cycles_are_broken_where_the_kinds_are_furthest_apart),
        cmocka_unit_test(long_chains_and_rings_are_ordered),
        cmocka_unit_test(order_runs_through_what_is_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
