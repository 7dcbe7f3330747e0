/* SPDX-License-Identifier: MIT */
/*
 * Random schemas, pairs of them: what is planned must run, and give exactly the other, and keep the rows.
 *
 *   conformance-random ENGINE [PAIRS [SEED]]
 *
 * For each pair (A, B = A mutated), on scratch databases:
 *   1. the model of A rendered and run on an empty database reads back as the model of A (round trip)
 *   2. the diff of A with itself is empty
 *   3. the plan from A, with rows, to B runs, and what is read afterwards equals B
 *   4. rows of columns that both have are what they were
 *   5. the plan back gives A
 *   6. the model survives its JSON form, byte for byte
 * A failure prints the seed and both schemas. The seed is printed in any case.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "conformance/vocabulary.h"
#include "driver/session.h"

static uint64_t state;

uint32_t random_below(uint32_t limit)
{
    /* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled" */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return limit ? (uint32_t)((state * UINT64_C(2685821657736338717)) >> 33) % limit : 0;
}

struct run {
    const struct dara_driver *driver;
    struct dara_url *url;
    const struct vocabulary *vocabulary;
};

static int execute_script(struct dara_session *session, const struct dara_driver *driver, const char *text)
{
    DARA_SCRIPT_LOCAL script = NULL;
    int result = dara_dialect_split(driver, text, strlen(text), &script);
    for (size_t i = 0; result == 0 && i < script->count; i++)
        result = dara_session_execute(session, script->statements[i].text, script->statements[i].length, NULL, NULL);
    return result;
}

/* A scratch database holding `text`, inside a transaction of a migration. */
static int make(const struct run *run, const char *text, struct dara_session **ret_session)
{
    struct dara_session *session = NULL;
    int result = dara_session_open_scratch(run->url, NULL, &session);
    if (result == 0)
        result = dara_session_begin(session, DARA_BEGIN_SCHEMA);
    if (result == 0)
        result = execute_script(session, run->driver, text);
    if (result != 0) {
        dara_session_close(session);
        return result;
    }
    *ret_session = session;
    return 0;
}

static int run_plan(struct dara_session *session, const struct run *run, const struct dara_model *from,
                    const struct dara_model *to, struct dara_text *ret_text)
{
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    int result = dara_diff_new(from, to, &diff);
    if (result == 0)
        result = dara_plan_new(run->driver, diff, &plan);
    if (result == 0)
        result = dara_plan_runnable(plan);
    if (result == 0)
        dara_plan_write(plan, run->driver, ret_text);
    for (size_t i = 0; result == 0 && i < dara_plan_count(plan); i++) {
        const char *text = dara_plan_at(plan, i)->text;
        result = dara_session_execute(session, text, strlen(text), NULL, NULL);
    }
    return result;
}

static void tell_change(const struct dara_change *change, const char *what)
{
    DARA_FREE char *name = dara_object_describe(change->before ? change->before : change->after);
    printf("# %s: %s differs (op %d)\n", what, name, (int)change->op);
    for (size_t i = 0; i < change->property_count; i++)
        printf("#   %s: %s -> %s\n", change->properties[i]->name,
               change->properties[i]->before ? change->properties[i]->before : "-",
               change->properties[i]->after ? change->properties[i]->after : "-");
    for (size_t i = 0; i < change->part_count; i++)
        tell_change(change->parts[i], what);
}

/* Whether two models are equal; says what is not. */
static bool same(const struct dara_model *a, const struct dara_model *b, const char *what)
{
    DARA_DIFF_LOCAL diff = NULL;
    if (dara_diff_new(a, b, &diff) != 0) {
        printf("# %s: %s\n", what, dara_error_last()->message);
        return false;
    }
    for (size_t i = 0; i < dara_diff_count(diff); i++)
        tell_change(dara_diff_at(diff, i), what);
    char a_print[65], b_print[65];
    dara_model_fingerprint(a, a_print);
    dara_model_fingerprint(b, b_print);
    if ((dara_diff_count(diff) == 0) != (strcmp(a_print, b_print) == 0)) {
        printf("# %s: diff and fingerprint do not agree\n", what);
        return false;
    }
    return dara_diff_count(diff) == 0;
}

static int add_row(void *context, size_t count, const struct dara_value *values)
{
    struct dara_text *text = context;
    for (size_t i = 0; i < count; i++) {
        dara_text_format(text, "%d:", (int)values[i].type);
        if (values[i].type == DARA_INTEGER)
            dara_text_format(text, "%" PRId64, values[i].integer);
        else if (values[i].type == DARA_REAL)
            dara_text_format(text, "%.17g", values[i].real);
        else if (values[i].bytes)
            dara_text_add_bytes(text, values[i].bytes, values[i].length);
        dara_text_add(text, "|");
    }
    dara_text_add(text, "\n");
    return 0;
}

static int rows_of(struct dara_session *session, const struct schema *a, const struct schema *b,
                   const struct vocabulary *vocabulary, struct dara_text *out)
{
    DARA_TEXT_LOCAL queries = DARA_TEXT_INIT;
    vocabulary_queries(vocabulary, a, b, &queries);
    char *next = NULL;
    DARA_FREE char *text = dara_strdup(dara_text_string(&queries));
    for (char *query = strtok_r(text, "\x1e", &next); query; query = strtok_r(NULL, "\x1e", &next)) {
        struct dara_reader reader = {.row = add_row, .context = out};
        int result = dara_session_execute(session, query, strlen(query), &reader, NULL);
        if (result != 0)
            return result;
    }
    return 0;
}

static bool json_survives(const struct dara_model *model)
{
    DARA_TEXT_LOCAL first = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL second = DARA_TEXT_INIT;
    DARA_MODEL_LOCAL copy = NULL;
    dara_model_write_json(model, &first);
    if (dara_model_read_json(dara_text_string(&first), first.length, &copy) != 0) {
        printf("# the JSON form cannot be read: %s\n", dara_error_last()->message);
        return false;
    }
    dara_model_write_json(copy, &second);
    return first.length == second.length && memcmp(first.bytes, second.bytes, first.length) == 0 &&
           same(model, copy, "JSON form");
}

static bool render_all(const struct run *run, const struct dara_model *model, struct dara_text *out)
{
    DARA_FREE const struct dara_object **objects = NULL;
    DARA_TEXT_LOCAL end = DARA_TEXT_INIT;
    size_t count = 0;
    bool good = dara_model_order(model, &objects, &count) == 0;
    for (size_t i = 0; good && i < count; i++)
        good = dara_dialect_render(run->driver, objects[i], out) == 0;
    if (!good || dara_dialect_end_snapshot(run->driver, model, &end) != 0)
        return false;
    /* What closes a snapshot belongs to it, but for the end of its transaction: it is loaded inside one here. */
    size_t closing = strlen("COMMIT;\n");
    if (end.length >= closing && !strcmp(end.bytes + end.length - closing, "COMMIT;\n"))
        end.length -= closing;
    dara_text_add_bytes(out, dara_text_string(&end), end.length);
    return true;
}

/* Steps in order; the first that fails names itself. */
static const char *check_pair(const struct run *run, const struct schema *a, const struct schema *b, bool with_rows,
                              struct dara_text *plan)
{
    DARA_TEXT_LOCAL a_text = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL b_text = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL rendered = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL rows = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL before = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL after = DARA_TEXT_INIT;
    DARA_SESSION_LOCAL live = NULL;
    DARA_SESSION_LOCAL other = NULL;
    DARA_SESSION_LOCAL again = NULL;
    DARA_MODEL_LOCAL a_model = NULL;
    DARA_MODEL_LOCAL b_model = NULL;
    DARA_MODEL_LOCAL again_model = NULL;
    DARA_MODEL_LOCAL result = NULL;
    DARA_MODEL_LOCAL back = NULL;
    run->vocabulary->emit(a, &a_text);
    run->vocabulary->emit(b, &b_text);
    if (with_rows)
        vocabulary_rows(run->vocabulary, a, &rows);
    if (make(run, dara_text_string(&a_text), &live) != 0 || dara_session_read(live, &a_model) != 0)
        return "A cannot be made and read";
    if (make(run, dara_text_string(&b_text), &other) != 0 || dara_session_read(other, &b_model) != 0)
        return "B cannot be made and read";
    if (!same(a_model, a_model, "A with itself"))
        return "the diff of equal models is not empty";
    if (!json_survives(a_model))
        return "the JSON form does not survive";
    if (!render_all(run, a_model, &rendered) || make(run, dara_text_string(&rendered), &again) != 0 ||
        dara_session_read(again, &again_model) != 0 || !same(a_model, again_model, "round trip"))
        return "rendered and read again, A is another";
    if (execute_script(live, run->driver, dara_text_string(&rows)) != 0)
        return "rows cannot be inserted into A";
    if (rows_of(live, a, b, run->vocabulary, &before) != 0)
        return "rows of A cannot be read";
    if (run_plan(live, run, a_model, b_model, plan) != 0)
        return "the plan from A to B does not run";
    if (dara_session_validate(live) != 0)
        return "the plan from A to B breaks references between rows";
    if (dara_session_read(live, &result) != 0 || !same(b_model, result, "A to B"))
        return "the plan from A to B does not give B";
    if (rows_of(live, a, b, run->vocabulary, &after) != 0 ||
        strcmp(dara_text_string(&before), dara_text_string(&after)) != 0) {
        printf("# rows before:\n# %s\n# rows after:\n# %s\n", dara_text_string(&before), dara_text_string(&after));
        return "rows changed from A to B";
    }
    dara_text_clear(plan);
    /* Not validated: parents that fell on the way have left their children's rows alone. Where that stops the plan, the way back is
     * without rows. */
    dara_text_clear(&rows);
    vocabulary_empty(run->vocabulary, b, &rows);
    if (execute_script(live, run->driver, dara_text_string(&rows)) != 0)
        return "rows cannot be taken away";
    if (run_plan(live, run, result, a_model, plan) != 0)
        return "the plan back from B to A does not run";
    if (dara_session_read(live, &back) != 0 || !same(a_model, back, "back to A"))
        return "the plan back from B to A does not give A";
    return NULL;
}

static void print_commented(const char *heading, const char *text)
{
    printf("# %s\n# ", heading);
    for (; *text; text++) {
        putchar(*text);
        if (*text == '\n')
            printf("# ");
    }
    printf("\n");
}

static bool one_pair(const struct run *run, uint64_t seed)
{
    state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    struct schema *a = schema_random(run->vocabulary);
    /* Unrelated schemas go without rows: theirs would break the other's constraints. */
    bool related = random_below(5) != 0;
    struct schema *b = related ? schema_mutated(a, run->vocabulary) : schema_random(run->vocabulary);
    DARA_TEXT_LOCAL plan = DARA_TEXT_INIT;
    dara_error_clear();
    const char *failure = check_pair(run, a, b, related, &plan);
    if (failure) {
        DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
        const struct dara_error *error = dara_error_last();
        printf("# seed %" PRIu64 ": %s: %s (%s)\n", seed, failure, error ? error->message : "-",
               error && error->detail ? error->detail : "-");
        run->vocabulary->emit(a, &text);
        print_commented("A:", dara_text_string(&text));
        dara_text_clear(&text);
        run->vocabulary->emit(b, &text);
        print_commented("B:", dara_text_string(&text));
        print_commented("plan:", dara_text_string(&plan));
    }
    schema_free(a);
    schema_free(b);
    return failure == NULL;
}

int main(int argc, char **argv)
{
    const char *engine = argc > 1 ? argv[1] : "sqlite";
    uint64_t pairs = argc > 2 ? strtoull(argv[2], NULL, 10) : 300;
    uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : (uint64_t)time(NULL);
    struct run run = {.vocabulary = vocabulary_find(engine)};
    uint64_t bad = 0;
    const char *server = run.vocabulary && run.vocabulary->variable ? getenv(run.vocabulary->variable) : "";
    if (!server) {
        printf("1..0 # SKIP %s: no server: %s is not set\n", engine, run.vocabulary->variable);
        return 0;
    }
    DARA_FREE char *url = dara_format("%s%s", server, run.vocabulary ? run.vocabulary->url : "");
    printf("1..1\n# seed %" PRIu64 ", %" PRIu64 " pairs\n", seed, pairs);
    if (!run.vocabulary || dara_driver_load(engine, &run.driver) != 0 || dara_url_parse(url, NULL, &run.url) != 0) {
        printf("not ok 1 - %s: no driver: %s\n", engine,
               dara_error_last() ? dara_error_last()->message : "no vocabulary");
        return 1;
    }
    for (uint64_t i = 0; i < pairs && bad < 3; i++)
        bad += one_pair(&run, seed + i) ? 0 : 1;
    printf("%s 1 - %s: %" PRIu64 " random pairs of schemas (seed %" PRIu64 ")\n", bad ? "not ok" : "ok", engine, pairs,
           seed);
    dara_url_free(run.url);
    return bad ? 1 : 0;
}
