/* SPDX-License-Identifier: MIT */
/* The meta of snapshots (written, parsed, refused), and what prune keeps. */
#include "unit.h"

#include <string.h>

#include "base/clock.h"
#include "service/snapshot-parts.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* ---- meta ------------------------------------------------------------------------------------------------------------- */

/* A good meta with one field replaced (NULL value: left out). Text; free(). */
static char *meta_with(const char *field, json_t *value)
{
    json_t *meta = json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:[{s:s, s:s, s:i, s:i, s:i}], s:[s, s], s:b}", "format", 1,
        "label", "a b", "created_at", "2026-11-20T09:30:01Z", "engine", "stub", "file", "20261120_093001_a_b.sql",
        "size", 100, "sha256", HASH, "model_file", "20261120_093001_a_b.model.json", "model_sha256", HASH,
        "fingerprint", HASH, "data", "kind", "table", "key", "t", "offset", 10, "length", 90, "rows", 3, "applied",
        "20260101000000", "20260102000000", "keep", 1);
    assert_non_null(meta);
    if (field && value)
        json_object_set_new(meta, field, value);
    else if (field)
        json_object_del(meta, field);
    char *text = json_dumps(meta, 0);
    json_decref(meta);
    return text;
}

static void parses_a_meta(void **state)
{
    (void)state;
    DARA_FREE char *text = meta_with(NULL, NULL);
    struct dara_snapshot *snapshot = NULL;
    assert_int_equal(dara_snapshot_parse_meta(text, strlen(text), &snapshot), 0);
    assert_string_equal(snapshot->id, "20261120_093001_a_b");
    assert_string_equal(snapshot->label, "a b");
    assert_null(snapshot->purpose);
    assert_true(snapshot->keep);
    assert_int_equal(snapshot->applied_count, 2);
    assert_string_equal(snapshot->applied[1], "20260102000000");
    assert_int_equal(snapshot->rows_count, 1);
    assert_string_equal(snapshot->rows[0].key, "t");
    assert_null(snapshot->rows[0].space);
    assert_int_equal(snapshot->rows[0].rows, 3);
    assert_int_equal(snapshot->serial, 1);
    dara_snapshot_free(snapshot);
}

static void refuse_text(const char *text, size_t length, const char *words)
{
    struct dara_snapshot *snapshot = NULL;
    assert_int_equal(dara_snapshot_parse_meta(text, length, &snapshot), DARA_EFILE);
    assert_null(snapshot);
    assert_non_null(strstr(dara_error_last()->message, words));
}

static void refuse(const char *field, json_t *value, const char *words)
{
    DARA_FREE char *text = meta_with(field, value);
    refuse_text(text, strlen(text), words);
}

static void refuses_metas(void **state)
{
    (void)state;
    static const char *const must[] = {"format", "label",      "created_at",   "engine",      "file",
                                       "sha256", "model_file", "model_sha256", "fingerprint", "size"};
    for (size_t i = 0; i < DARA_COUNT(must); i++)
        refuse(must[i], NULL, must[i]);
    refuse("format", json_integer(0), "format 0 is not known");
    refuse("format", json_integer(99), "format 99 is not known");
    refuse("format", json_string("1"), "format");
    refuse("sha256", json_string("ABC"), "sha256");
    refuse("size", json_integer(-1), "size");
    refuse("keep", json_integer(1), "keep");
    refuse("applied", json_pack("[i]", 3), "applied");
    refuse("data", json_string("x"), "data");
    static const char *const names[] = {"", ".", "..", ".hidden", "../x.sql", "/etc/passwd", "a\nb.sql"};
    for (size_t i = 0; i < DARA_COUNT(names); i++)
        refuse("file", json_string(names[i]), "file name");
}

static void refuses_places_outside(void **state)
{
    (void)state;
    static const struct {
        json_int_t offset, length;
    } bad[] = {{10, 91}, {101, 0}, {-1, 1}, {1, INT64_MAX}, {INT64_MAX, 1}};
    for (size_t i = 0; i < DARA_COUNT(bad); i++)
        refuse("data",
               json_pack("[{s:s, s:s, s:I, s:I, s:i}]", "kind", "table", "key", "t", "offset", bad[i].offset, "length",
                         bad[i].length, "rows", 1),
               "'");
    refuse("data",
           json_pack("[{s:s, s:s, s:i, s:i, s:i}, {s:s, s:s, s:i, s:i, s:i}]", "kind", "table", "key", "t", "offset",
                     50, "length", 10, "rows", 1, "kind", "table", "key", "u", "offset", 40, "length", 10, "rows", 1),
           "ordered places");
}

static void refuses_what_is_no_json(void **state)
{
    (void)state;
    refuse_text("", 0, "malformed");
    refuse_text("[]", 2, "malformed");
    refuse_text("{\"format\": 1, \"format\": 1}", 26, "malformed");
    refuse_text("{\"label\": \"\xff\"}", 14, "malformed");
    refuse_text("{\n\n x", 5, "malformed");
    assert_int_equal(dara_error_last()->line, 3);
}

static const struct dara_property no_properties[] = {{NULL, DARA_PROPERTY_INFO}};
static const struct dara_kind table_kind = {.size = sizeof(table_kind),
                                            .name = "table",
                                            .plural = "tables",
                                            .flags = DARA_KIND_ROWS,
                                            .properties = no_properties};
static const struct dara_kind *const kinds[] = {&table_kind, NULL};

static void writes_what_it_parses(void **state)
{
    (void)state;
    DARA_FREE char *text = meta_with(NULL, NULL);
    struct dara_snapshot *snapshot = NULL, *again = NULL;
    DARA_MODEL_LOCAL model = NULL;
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    assert_int_equal(dara_model_new("stub", kinds, &model), 0);
    struct dara_object_desc desc = {.size = sizeof(desc), .kind = "table", .name = "t"};
    assert_int_equal(dara_model_add(model, &desc, NULL), 0);
    assert_int_equal(dara_model_family(model, "policy", DARA_FAMILY_DENIED, "no right"), 0);
    assert_int_equal(dara_model_unrepresented(model, "table", "odd", "too odd"), 0);
    assert_int_equal(dara_model_finish(model), 0);
    assert_int_equal(dara_snapshot_parse_meta(text, strlen(text), &snapshot), 0);
    dara_snapshot_write_meta(snapshot, model, &out);
    assert_int_equal(dara_snapshot_parse_meta(dara_text_string(&out), out.length, &again), 0);
    assert_string_equal(again->id, snapshot->id);
    assert_int_equal(again->rows[0].offset, 10);
    assert_true(again->keep);
    assert_non_null(strstr(dara_text_string(&out), "\"why\": \"too odd\""));
    assert_non_null(strstr(dara_text_string(&out), "\"state\": \"denied\""));
    assert_non_null(strstr(dara_text_string(&out), "\"table\": 1"));
    dara_snapshot_free(snapshot);
    dara_snapshot_free(again);
}

/* ---- prune ------------------------------------------------------------------------------------------------------------ */

struct kept {
    const char *created_at;
    enum dara_prune_reason reason;
    bool keep;
    const char *label;
};

static void check_prune(const struct kept *cases, size_t count, long keep_days, const char *const *keep)
{
    struct dara_snapshot **list = dara_alloc((count + 1) * sizeof(*list));
    enum dara_prune_reason *reasons = dara_alloc((count + 1) * sizeof(*reasons));
    struct dara_prune policy = {.keep_days = keep_days, .keep = keep};
    assert_int_equal(dara_clock_parse_iso("2026-11-20T12:00:00Z", &policy.now), 0);
    for (size_t i = 0; i < count; i++) {
        list[i] = dara_snapshot_new();
        list[i]->created_at = dara_arena_strdup(list[i]->memory, cases[i].created_at);
        list[i]->label = dara_arena_strdup(list[i]->memory, cases[i].label ? cases[i].label : "x");
        list[i]->id = dara_arena_strdup(list[i]->memory, "id");
        list[i]->keep = cases[i].keep;
    }
    dara_snapshot_prune_select(list, count, &policy, reasons);
    for (size_t i = 0; i < count; i++) {
        if (reasons[i] != cases[i].reason)
            print_message("# %s: %s\n", cases[i].created_at, dara_prune_reason_name(reasons[i]));
        assert_int_equal(reasons[i], cases[i].reason);
    }
    dara_snapshot_list_free(list, count);
    free(reasons);
}

static void prunes(void **state)
{
    (void)state;
    static const struct kept cases[] = {
        {"2024-02-29T00:00:00Z", DARA_PRUNE_REMOVE, false, NULL},
        {"2024-03-01T00:00:00Z", DARA_PRUNE_KEPT, true, NULL},
        {"2025-11-19T12:00:00Z", DARA_PRUNE_REMOVE, false, NULL}, /* 366 days */
        {"2026-02-01T00:00:00Z", DARA_PRUNE_REMOVE, false, NULL},
        {"2026-02-01T00:00:01Z", DARA_PRUNE_KEPT, false, "release"},
        {"2026-02-28T23:59:59Z", DARA_PRUNE_MONTHLY, false, NULL},
        {"2026-10-31T10:00:00Z", DARA_PRUNE_REMOVE, false, NULL}, /* 20 days, not the newest of its day */
        {"2026-10-31T11:00:00Z", DARA_PRUNE_DAILY, false, NULL},
        {"2026-11-01T00:00:00Z", DARA_PRUNE_DAILY, false, NULL},
        {"2026-11-13T11:59:59Z", DARA_PRUNE_REMOVE, false, NULL}, /* one second past seven days */
        {"2026-11-13T12:00:00Z", DARA_PRUNE_RECENT, false, NULL},
        {"2026-11-20T11:00:00Z", DARA_PRUNE_RECENT, false, NULL},
        {"2027-01-01T00:00:00Z", DARA_PRUNE_RECENT, false, NULL}, /* a clock that was wrong */
        {"nonsense", DARA_PRUNE_RECENT, false, NULL},
    };
    static const char *const keep[] = {"other", "release", NULL};
    check_prune(cases, DARA_COUNT(cases), 7, keep);
}

static void prunes_all_but_the_newest(void **state)
{
    (void)state;
    static const struct kept cases[] = {
        {"2020-01-01T00:00:00Z", DARA_PRUNE_REMOVE, false, NULL},
        {"2020-01-02T00:00:00Z", DARA_PRUNE_NEWEST, false, NULL},
    };
    check_prune(cases, DARA_COUNT(cases), 7, NULL);
    check_prune(cases, 0, 7, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_a_meta),
        cmocka_unit_test(refuses_metas),
        cmocka_unit_test(refuses_places_outside),
        cmocka_unit_test(refuses_what_is_no_json),
        cmocka_unit_test(writes_what_it_parses),
        cmocka_unit_test(prunes),
        cmocka_unit_test(prunes_all_but_the_newest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
