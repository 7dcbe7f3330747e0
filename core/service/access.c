/* SPDX-License-Identifier: MIT */
#include "service/access.h"

#include <string.h>

#include "base/text.h"

static const char *const reach_names[] = {"denied", "error", "filtered", "untried", "some", "all"};
static const char *const command_names[] = {"select", "insert", "update", "delete"};

/* ---- what it comes to --------------------------------------------------------------------------------------------------- */

/* Without rows, only what the policies' texts tell is known. */
static enum dara_reach reach_of_none(const struct dara_access_cell *cell)
{
    if (!cell->restricted || cell->open)
        return DARA_REACH_ALL;
    if (!cell->policies || !cell->policies[0])
        return cell->command == DARA_ACCESS_INSERT ? DARA_REACH_DENIED : DARA_REACH_FILTERED;
    return cell->command == DARA_ACCESS_INSERT && cell->allowed > 0 ? DARA_REACH_SOME : DARA_REACH_UNTRIED;
}

enum dara_reach dara_access_reach(const struct dara_access_cell *cell)
{
    if (!cell->granted)
        return DARA_REACH_DENIED;
    if (cell->native)
        return DARA_REACH_ERROR;
    if (cell->rows == 0 && !cell->why)
        return reach_of_none(cell);
    if (cell->allowed < 0)
        return DARA_REACH_UNTRIED;
    if (cell->allowed == 0)
        return cell->refused ? DARA_REACH_DENIED : DARA_REACH_FILTERED;
    return cell->rows >= 0 && cell->allowed >= cell->rows ? DARA_REACH_ALL : DARA_REACH_SOME;
}

/* ---- the document ------------------------------------------------------------------------------------------------------- */

static json_t *names_of(const char *const *names)
{
    json_t *list = json_array();
    for (size_t i = 0; names && names[i]; i++)
        json_array_append_new(list, dara_report_string(names[i]));
    return list;
}

static json_t *number_of(int64_t number)
{
    return number < 0 ? json_null() : json_integer(number);
}

static json_t *cell_of(const struct dara_access_cell *cell, const char *actor)
{
    json_t *object = json_object();
    json_object_set_new(object, "schema", dara_report_string(cell->space));
    json_object_set_new(object, "table", dara_report_string(cell->key));
    json_object_set_new(object, "kind", dara_report_string(cell->kind));
    json_object_set_new(object, "actor", dara_report_string(actor));
    json_object_set_new(object, "command", json_string(command_names[cell->command]));
    json_object_set_new(object, "access", json_string(reach_names[dara_access_reach(cell)]));
    json_object_set_new(object, "allowed", number_of(cell->allowed));
    json_object_set_new(object, "rows", number_of(cell->rows));
    json_object_set_new(object, "at_least", json_boolean(cell->least));
    json_object_set_new(object, "sampled", json_boolean(cell->sampled));
    json_object_set_new(object, "row_security", json_boolean(cell->enabled));
    json_object_set_new(object, "restricted", json_boolean(cell->restricted));
    json_object_set_new(object, "policies", names_of(cell->policies));
    json_object_set_new(object, "restrictive", names_of(cell->limits));
    json_object_set_new(object, "code", dara_report_string(cell->native));
    json_object_set_new(object, "why", dara_report_string(cell->why));
    return object;
}

static json_t *actors_of(const struct dara_actors *actors)
{
    json_t *list = json_array();
    for (size_t i = 0; i < dara_actors_count(actors); i++) {
        const struct dara_actor *actor = dara_actors_at(actors, i);
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o, s:b, s:o}", "name", dara_report_string(actor->name), "role",
                                        dara_report_string(actor->role), "user", dara_report_string(actor->user),
                                        "unbound", actor->unbound, "note", dara_report_string(actor->note)));
    }
    return list;
}

json_t *dara_access_document(const struct dara_actors *actors, const struct dara_access *access)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < dara_access_count(access); i++) {
        const struct dara_access_cell *cell = dara_access_at(access, i);
        json_array_append_new(cells, cell_of(cell, dara_actors_at(actors, cell->actor)->name));
    }
    return json_pack("{s:o, s:o}", "actors", actors_of(actors), "access", cells);
}

/* ---- for people --------------------------------------------------------------------------------------------------------- */

static void add_cell(const struct dara_access_cell *cell, struct dara_text *out)
{
    enum dara_reach reach = dara_access_reach(cell);
    const char *more = cell->least ? "at least " : "";
    if (reach == DARA_REACH_DENIED || reach == DARA_REACH_UNTRIED)
        dara_text_add(out, reach_names[reach]);
    else if (reach == DARA_REACH_ERROR)
        dara_text_format(out, "error %s", cell->native);
    else if (cell->rows == 0)
        dara_text_format(out, "%s, no rows", reach_names[reach]);
    else if (cell->rows < 0)
        dara_text_format(out, "%s%lld", more, (long long)cell->allowed);
    else
        dara_text_format(out, "%s%lld of %lld%s", more, (long long)cell->allowed, (long long)cell->rows,
                         cell->sampled ? " tried" : "");
}

static void add_names(const char *const *names, const char *mark, struct dara_text *out)
{
    DARA_TEXT_LOCAL name = DARA_TEXT_INIT;
    for (size_t i = 0; names && names[i]; i++) {
        dara_text_clear(&name);
        dara_text_format(&name, "%s%s", mark, names[i]);
        if (!strstr(dara_text_string(out), dara_text_string(&name)))
            dara_text_format(out, "%s%s", out->length ? ", " : "", dara_text_string(&name));
    }
}

/* The four cells of one table and actor. */
static void show_row(const struct dara_actors *actors, const struct dara_access *access, size_t at,
                     struct dara_table *table)
{
    const struct dara_access_cell *first = dara_access_at(access, at);
    DARA_TEXT_LOCAL name = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL policies = DARA_TEXT_INIT;
    dara_text_format(&name, "%s.%s", first->space ? first->space : "", first->key);
    dara_table_row(table);
    dara_table_text(table, dara_text_string(&name));
    dara_table_text(table, dara_actors_at(actors, first->actor)->name);
    for (size_t i = at; i < at + 4; i++) {
        const struct dara_access_cell *cell = dara_access_at(access, i);
        DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
        add_cell(cell, &text);
        dara_table_text(table, dara_text_string(&text));
        add_names(cell->policies, "", &policies);
        add_names(cell->limits, "and ", &policies);
    }
    dara_table_text(table, !first->enabled      ? "no row-level security"
                           : !first->restricted ? "above policies"
                           : policies.length    ? dara_text_string(&policies)
                                                : "no policy for it");
}

static void show_table(const struct dara_actors *actors, const struct dara_access *access, struct dara_report *report)
{
    struct dara_table *table = dara_report_table(report, NULL, "Access", "no tables");
    dara_table_column(table, NULL, "table", DARA_CELL_TEXT);
    dara_table_column(table, NULL, "as", DARA_CELL_TEXT);
    for (size_t i = 0; i < DARA_COUNT(command_names); i++)
        dara_table_column(table, NULL, command_names[i], DARA_CELL_TEXT);
    dara_table_column(table, NULL, "by", DARA_CELL_TEXT);
    for (size_t i = 0; i + 3 < dara_access_count(access); i += 4)
        show_row(actors, access, i, table);
}

static bool same_remark(const struct dara_access_cell *a, const struct dara_access_cell *b)
{
    return dara_string_same(a->space, b->space) && dara_string_same(a->key, b->key) &&
           dara_string_same(a->why, b->why) && dara_string_same(a->native, b->native);
}

/* Once for each table and reason; cells of a table stand together. */
static void show_remarks(const struct dara_access *access, struct dara_report *report)
{
    for (size_t i = 0; i < dara_access_count(access); i++) {
        const struct dara_access_cell *cell = dara_access_at(access, i);
        bool told = false;
        for (size_t j = i; j > 0 && !told && dara_string_same(dara_access_at(access, j - 1)->key, cell->key); j--)
            told = same_remark(dara_access_at(access, j - 1), cell);
        if (told || !cell->granted || (!cell->why && !cell->native))
            continue;
        DARA_TEXT_LOCAL name = DARA_TEXT_INIT;
        dara_text_format(&name, "%s.%s", cell->space ? cell->space : "", cell->key);
        dara_report_note(report, cell->native ? DARA_NOTE_WARN : DARA_NOTE_INFO, "%s: %s%s%s%s",
                         dara_text_string(&name),
                         cell->native ? "fails with " : "not tried: ", cell->native ? cell->native : "",
                         cell->why && cell->native ? ": " : "", cell->why ? cell->why : "");
    }
}

void dara_access_show(const struct dara_actors *actors, const struct dara_access *access, struct dara_report *report)
{
    json_t *document = dara_access_document(actors, access);
    dara_report_json(report, "actors", json_incref(json_object_get(document, "actors")));
    dara_report_json(report, "access", json_incref(json_object_get(document, "access")));
    json_decref(document);
    for (size_t i = 0; i < dara_actors_count(actors); i++) {
        const struct dara_actor *actor = dara_actors_at(actors, i);
        if (actor->note)
            dara_report_note(report, DARA_NOTE_INFO, "'%s' is %s", actor->name, actor->note);
        if (actor->unbound)
            dara_report_note(report, DARA_NOTE_WARN, "no policy is ever in force for the role '%s'", actor->role);
    }
    show_table(actors, access, report);
    show_remarks(access, report);
}
