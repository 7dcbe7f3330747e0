/* SPDX-License-Identifier: MIT */
/* What is compared only where it was asked for: owners, privileges, settings of sessions. */
#include "unit.h"

#include <string.h>

#include "kinds.h"

static const struct dara_property owned_properties[] = {{"definition", DARA_PROPERTY_REPLACE},
                                                        {"engine", DARA_PROPERTY_RECREATE},
                                                        {"owner", DARA_PROPERTY_OWNER},
                                                        {NULL, 0}};
static const struct dara_property privilege_properties[] = {
    {"privileges", DARA_PROPERTY_ALTER}, {"grantable", DARA_PROPERTY_ALTER}, {NULL, 0}};
KIND(kind_owned, "view", "views", NULL, 40, 0, owned_properties);
KIND(kind_part, "column", "columns", "view", 41, DARA_KIND_PART, column_properties);
KIND(kind_privilege, "privilege", "privileges", "view|column", 90, DARA_KIND_PRIVILEGE, privilege_properties);
KIND(kind_session, "session_setting", "session settings", NULL, 95, DARA_KIND_SESSION, column_properties);
static const struct dara_kind *const scoped_kinds[] = {&kind_owned, &kind_part, &kind_privilege, &kind_session, NULL};

static struct dara_model *new_scoped(void)
{
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("fake", scoped_kinds, &model), 0);
    return model;
}

static const char *engine; /* of the view: where it differs, the view is made again */

/* View v of `owner` with column c; on v bob has `privileges` (NULL: nothing), on c ann has "read"; zone is `zone` (NULL: not set). */
static struct dara_model *database(const char *owner, const char *privileges, const char *zone)
{
    struct dara_model *model = new_scoped();
    struct dara_object *view = add(model, "view", "v", NULL), *column = add_column(model, view, "c", "int");
    dara_object_set_text(view, "owner", owner);
    dara_object_set_text(view, "engine", engine);
    if (privileges)
        dara_object_set_list(add(model, "privilege", "bob", view), "privileges", &privileges, 1);
    dara_object_set_list(add(model, "privilege", "ann", column), "privileges", (const char *const[]){"read"}, 1);
    if (zone)
        dara_object_set_text(add(model, "session_setting", "zone", NULL), "type", zone);
    return model;
}

static const char *const signs[] = {"-", "~", "+"};

/* Every action of the diff in its order; an object of the wrong side is marked. */
static void tell_actions(struct dara_diff *diff, struct dara_text *text)
{
    const struct dara_action *actions = NULL;
    size_t count = 0;
    assert_int_equal(dara_diff_order(diff, &actions, &count), 0);
    for (size_t i = 0; i < count; i++) {
        const struct dara_change *change = actions[i].change;
        const struct dara_object *object = change->after ? change->after : change->before;
        const char *const *values = NULL;
        dara_text_format(text, "%s%s%s", i ? " " : "", signs[actions[i].op], dara_object_name(object));
        if (dara_object_list(object, "privileges", &values))
            dara_text_format(text, ":%s", values[0]);
        for (size_t k = 0; k < change->property_count; k++)
            dara_text_format(text, " [%s: %s -> %s]", change->properties[k]->name,
                             change->properties[k]->before ? change->properties[k]->before : "-",
                             change->properties[k]->after ? change->properties[k]->after : "-");
    }
}

static void compared(struct dara_model *before, struct dara_model *after, unsigned scope, size_t changes,
                     const char *actions)
{
    struct dara_diff *diff = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    assert_int_equal(dara_diff_new_of(finished(before), finished(after), scope, &diff), 0);
    assert_int_equal(dara_diff_scope(diff), scope);
    tell_actions(diff, &text);
    assert_string_equal(dara_text_string(&text), actions);
    assert_int_equal(dara_diff_count(diff), changes);
    dara_diff_free(diff);
    dara_model_free(before);
    dara_model_free(after);
}

static void each_is_compared_where_it_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        unsigned scope;
        size_t changes;
        const char *actions;
    } cases[] = {
        {0, 0, ""},
        {DARA_SCOPE_OWNER, 1, "~v [owner: ann -> bob]"},
        {DARA_SCOPE_PRIVILEGES, 1, "~bob:write [privileges: read -> write]"},
        {DARA_SCOPE_SETTINGS, 1, "+zone"},
        {DARA_SCOPE_ALL, 3, "~v [owner: ann -> bob] ~bob:write [privileges: read -> write] +zone"},
    };
    for (size_t i = 0; i < DARA_COUNT(cases); i++)
        compared(database("ann", "read", NULL), database("bob", "write", "UTC"), cases[i].scope, cases[i].changes,
                 cases[i].actions);
    compared(database("ann", "read", "UTC"), database("ann", NULL, NULL), DARA_SCOPE_ALL, 2, "-zone -bob:read");
}

static void the_fingerprint_holds_what_was_asked_for(void **state)
{
    (void)state;
    struct dara_model *models[] = {finished(database("ann", "read", "UTC")), finished(database("bob", "read", "UTC")),
                                   finished(database("ann", NULL, "UTC")), finished(database("ann", "read", "CET"))};
    static const unsigned told_by[] = {0, DARA_SCOPE_OWNER, DARA_SCOPE_PRIVILEGES, DARA_SCOPE_SETTINGS};
    char first[65], other[65];
    for (unsigned scope = 0; scope <= DARA_SCOPE_ALL; scope++)
        for (size_t i = 1; i < DARA_COUNT(models); i++) {
            dara_model_fingerprint_of(models[0], scope, first);
            dara_model_fingerprint_of(models[i], scope, other);
            assert_int_equal(strcmp(first, other) == 0, !(scope & told_by[i]));
        }
    dara_model_fingerprint(models[0], first);
    dara_model_fingerprint_of(models[3], 0, other);
    assert_string_equal(first, other);
    for (size_t i = 0; i < DARA_COUNT(models); i++)
        dara_model_free(models[i]);
}

/* What falls with a view that is made again comes back: as it was where it is not covered, else as it shall be. */
static void what_is_not_covered_is_given_back(void **state)
{
    (void)state;
    static const struct {
        unsigned scope;
        size_t changes;
        const char *actions;
    } cases[] = {{0, 1, "-v +v +bob:read +ann:read"}, {DARA_SCOPE_PRIVILEGES, 3, "-v +v +bob:write +ann:read"}};
    for (size_t i = 0; i < DARA_COUNT(cases); i++) {
        struct dara_model *before = database("ann", "read", NULL);
        engine = "other";
        struct dara_model *after = database("ann", "write", NULL);
        engine = NULL;
        compared(before, after, cases[i].scope, cases[i].changes, cases[i].actions);
    }
}

static void a_column_that_is_lost_gets_its_privileges_back(void **state)
{
    (void)state;
    struct dara_model *before = finished(database("ann", "read", NULL)), *after = finished(database("ann", NULL, NULL));
    struct dara_diff *diff = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    assert_int_equal(dara_diff_new(before, after, &diff), 0);
    const struct dara_object *view = dara_model_find(before, "view", NULL, NULL, "v");
    assert_int_equal(dara_diff_recreate(diff, dara_object_owned(view, "privilege", NULL), "asked for"), 0);
    tell_actions(diff, &text);
    assert_string_equal(dara_text_string(&text), "+bob:read");
    assert_int_equal(dara_diff_count(diff), 0);
    dara_diff_free(diff);
    dara_model_free(before);
    dara_model_free(after);
}

/* A family that is not compared is no gap; one that is asked for and was denied is. */
static void only_what_was_asked_for_can_be_unknown(void **state)
{
    (void)state;
    struct dara_model *before = database("ann", "read", NULL), *after = database("ann", NULL, NULL);
    struct dara_diff *diff = NULL;
    dara_model_family(before, "privilege", DARA_FAMILY_READ, NULL);
    dara_model_family(after, "privilege", DARA_FAMILY_DENIED, "not yours");
    finished(before);
    finished(after);
    for (unsigned scope = 0; scope <= DARA_SCOPE_ALL; scope++) {
        assert_int_equal(dara_diff_new_of(before, after, scope, &diff), 0);
        assert_int_equal(dara_diff_unknown(diff, NULL), scope & DARA_SCOPE_PRIVILEGES ? 1 : 0);
        assert_int_equal(dara_diff_count(diff), 0);
        diff = dara_diff_free(diff);
    }
    dara_model_free(before);
    dara_model_free(after);
}

static void flags_and_mode_survive_the_json_form(void **state)
{
    (void)state;
    struct dara_model *before = finished(database("ann", "read", "UTC")), *after = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    struct dara_diff *diff = NULL;
    dara_model_write_json(before, &text);
    assert_int_equal(dara_model_read_json(dara_text_string(&text), text.length, &after), 0);
    assert_int_equal(dara_diff_new_of(before, after, DARA_SCOPE_ALL, &diff), 0);
    assert_int_equal(dara_diff_count(diff), 0);
    assert_int_equal(dara_model_kind(after, "privilege")->flags, DARA_KIND_PRIVILEGE);
    assert_int_equal(dara_model_kind(after, "session_setting")->flags, DARA_KIND_SESSION);
    assert_int_equal(dara_model_kind(after, "view")->properties[2].mode, DARA_PROPERTY_OWNER);
    dara_diff_free(diff);
    dara_model_free(before);
    dara_model_free(after);
}

static void a_part_cannot_be_asked_for_by_itself(void **state)
{
    (void)state;
    static const struct dara_kind part = {
        sizeof(part), "grant", "grants", "view", 41, DARA_KIND_PART | DARA_KIND_PRIVILEGE, privilege_properties};
    static const struct dara_kind *const list[] = {&kind_owned, &part, NULL};
    struct dara_model *model = NULL;
    assert_int_equal(dara_model_new("fake", list, &model), DARA_EDRIVER);
    assert_string_equal(dara_error_last()->message, "kind 'grant' is compared only where asked for, and a part");
}

/* A table of the platform, with a trigger of the author's where `name` is not NULL. */
static struct dara_model *platform(const char *engine_of_it, const char *name)
{
    struct dara_model *model = new_model();
    struct dara_object *table = add_in(model, "table", "auth", "users", NULL);
    dara_object_set_text(table, "engine", engine_of_it);
    assert_int_equal(dara_object_set_given(table), 0);
    assert_true(dara_object_is_given(table));
    if (name)
        add(model, "trigger", name, table);
    return finished(model);
}

static void what_is_given_is_never_compared(void **state)
{
    (void)state;
    char left[65], right[65];
    struct dara_model *none = finished(new_model()), *bare = platform("a", NULL), *with = platform("b", "x");
    struct dara_model *back = NULL;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT, actions = DARA_TEXT_INIT;
    struct dara_diff *diff = NULL;
    dara_model_fingerprint(none, left);
    dara_model_fingerprint_of(bare, DARA_SCOPE_ALL, right);
    dara_model_fingerprint(bare, right);
    assert_string_equal(left, right);
    assert_int_equal(dara_model_count_of(with, "table"), 0);
    assert_int_equal(dara_model_count_of(with, "trigger"), 1);
    assert_int_equal(dara_diff_new_of(none, with, DARA_SCOPE_ALL, &diff), 0);
    tell_actions(diff, &actions);
    assert_string_equal(dara_text_string(&actions), "+x");
    dara_diff_free(diff);
    dara_model_write_json(with, &text);
    assert_int_equal(dara_model_read_json(dara_text_string(&text), text.length, &back), 0);
    assert_true(dara_object_is_given(dara_model_find(back, "table", "auth", NULL, "users")));
    assert_int_equal(dara_diff_new(bare, back, &diff), 0);
    dara_text_clear(&actions);
    tell_actions(diff, &actions);
    assert_string_equal(dara_text_string(&actions), "+x");
    dara_diff_free(diff);
    dara_model_free(none);
    dara_model_free(bare);
    dara_model_free(with);
    dara_model_free(back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_compared_where_it_was_asked_for),
        cmocka_unit_test(the_fingerprint_holds_what_was_asked_for),
        cmocka_unit_test(what_is_not_covered_is_given_back),
        cmocka_unit_test(a_column_that_is_lost_gets_its_privileges_back),
        cmocka_unit_test(only_what_was_asked_for_can_be_unknown),
        cmocka_unit_test(flags_and_mode_survive_the_json_form),
        cmocka_unit_test(a_part_cannot_be_asked_for_by_itself),
        cmocka_unit_test(what_is_given_is_never_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
