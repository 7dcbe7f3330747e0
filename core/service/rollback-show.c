/* SPDX-License-Identifier: MIT */
/* What the user sees of a rollback: what will change, what will be destroyed, where it is saved. */
#include <string.h>

#include "base/terminal.h"
#include "service/restore.h"
#include "service/rollback-way.h"
#include "service/show.h"

#define WORD "ROLLBACK"

static bool is_lost(const struct dara_rollback_loss *loss)
{
    return !loss->counted || loss->rows;
}

static bool loses(const struct dara_rollback_way *way)
{
    for (size_t i = 0; i < way->loss_count; i++)
        if (is_lost(&way->losses[i]))
            return true;
    return false;
}

static void show_losses(struct dara_report *report, const struct dara_rollback_way *way)
{
    struct dara_table *table =
        dara_report_table(report, "destroyed", way->loss_count ? "What would be destroyed" : NULL, NULL);

    dara_table_column(table, "object", "object", DARA_CELL_TEXT);
    dara_table_column(table, "rows", "rows", DARA_CELL_INT);
    dara_table_column(table, "note", "note", DARA_CELL_TEXT);
    for (size_t i = 0; i < way->loss_count; i++) {
        const struct dara_rollback_loss *loss = &way->losses[i];
        bool part = loss->object != loss->holder;
        DARA_FREE char *object = dara_object_describe(loss->object);
        dara_table_row(table);
        dara_table_text(table, object);
        if (loss->counted)
            dara_table_int(table, (int64_t)loss->rows);
        else
            dara_table_text(table, NULL);
        dara_table_text(table, loss->note           ? loss->note
                               : !loss->counted     ? "number of rows not known"
                               : part && loss->rows ? "its value in each of these rows"
                               : loss->rows         ? "all of them"
                                                    : "it is empty");
    }
    if (!loses(way))
        dara_report_note(report, DARA_NOTE_OK, "nothing is destroyed: every row stays");
    else
        dara_report_note(report, DARA_NOTE_OK, "what is destroyed is saved first, with its rows, in a snapshot");
}

/* What comes back without what it once held: said, so that nobody finds out later. */
static void show_made(struct dara_report *report, const struct dara_change *change,
                      const struct dara_rollback_rows *back)
{
    bool made = change->op == DARA_CHANGE_CREATE || change->op == DARA_CHANGE_RECREATE;

    if (made && dara_object_kind(change->after)->flags & DARA_KIND_ROWS) {
        const struct dara_snapshot_rows *rows =
            back ? dara_restore_find_in(back->items, back->count, change->after) : NULL;
        DARA_FREE char *object = dara_object_describe(change->after);
        if (rows)
            dara_report_note(report, DARA_NOTE_INFO, "%s comes back with the %llu rows the snapshot has of it", object,
                             (unsigned long long)rows->rows);
        else if (back)
            dara_report_note(report, DARA_NOTE_INFO, "%s comes back empty: the snapshot has no rows of it", object);
    }
    for (size_t i = 0; i < change->part_count; i++) {
        const struct dara_change *part = change->parts[i];
        if (part->op != DARA_CHANGE_CREATE || !(dara_object_kind(part->after)->flags & DARA_KIND_VALUES) ||
            dara_object_has(part->after, "generated"))
            continue;
        DARA_FREE char *object = dara_object_describe(part->after);
        dara_report_note(report, DARA_NOTE_INFO, "%s comes back with its default in every row", object);
    }
}

static void show_marks(struct dara_report *report, const struct dara_rollback_marks *marks)
{
    struct dara_table *table = dara_report_table(report, "history", marks->count ? "History" : NULL, NULL);

    dara_table_column(table, "version", "version", DARA_CELL_TEXT);
    dara_table_column(table, "name", "name", DARA_CELL_TEXT);
    dara_table_column(table, "state", "becomes", DARA_CELL_STATUS);
    for (size_t i = 0; i < marks->count; i++) {
        dara_table_row(table);
        dara_table_text(table, marks->entries[i].version);
        dara_table_text(table, marks->entries[i].name);
        dara_table_text(table, marks->entries[i].state);
    }
}

void dara_rollback_show(struct dara_report *report, const struct dara_rollback_way *way,
                        const struct dara_rollback_rows *rows, const struct dara_rollback_marks *marks)
{
    const struct dara_diff *last = way->stage_count ? way->stages[way->stage_count - 1].diff : way->diff;

    dara_renames_show(report, way->renames);
    dara_show_diff(report, "What would change", way->diff);
    dara_renames_hint(report, way->diff, way->renames, way->live);
    if (rows)
        dara_show_beyond(report, way->diff);
    if (way->stage_count > 1)
        dara_report_note(report, DARA_NOTE_WARN, "every object is dropped and made again, whether it differs or not");
    show_losses(report, way);
    for (size_t i = 0; i < dara_diff_count(last); i++)
        show_made(report, dara_diff_at(last, i), rows);
    show_marks(report, marks);
}

static bool word_given(const struct dara_context *context)
{
    for (size_t i = 0; i < context->confirm_count; i++) {
        if (strcmp(context->confirms[i], WORD) == 0)
            return true;
    }
    return false;
}

/* Put what a person has seen already into the report for programs. */
static void copy_values(struct dara_report *report, const struct dara_report *shown)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    const char *name;
    json_t *value;

    dara_report_render(shown, DARA_FORMAT_JSON, NULL, 0, &text);
    json_t *document = json_loadb(dara_text_string(&text), text.length, 0, NULL);
    json_object_foreach(document, name, value)
    {
        if (strcmp(name, "command") != 0 && strcmp(name, "status") != 0 && strcmp(name, "notes") != 0)
            dara_report_json(report, name, json_incref(value));
    }
    json_decref(document);
}

int dara_rollback_confirm(struct dara_context *context, struct dara_report *report, const struct dara_rollback_way *way,
                          const struct dara_rollback_rows *rows, const struct dara_rollback_marks *marks,
                          const char *title)
{
    bool asked = dara_terminal_interactive() && !word_given(context);
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;

    if (asked) {
        struct dara_report *shown = dara_report_new("rollback");
        dara_report_text(shown, "target", "back to", title);
        dara_rollback_show(shown, way, rows, marks);
        dara_report_render(shown, DARA_FORMAT_TEXT, NULL, dara_terminal_width(), &text);
        copy_values(report, shown);
        dara_report_free(shown);
    } else {
        dara_report_text(report, "target", "back to", title);
        dara_rollback_show(report, way, rows, marks);
    }
    int code = dara_context_guard(context);
    if (code < 0)
        return code;
    const char *deed = loses(way) ? "this destroys rows or values" : "this changes the schema";
    return dara_context_ask_word(context, WORD, deed, asked ? dara_text_string(&text) : NULL);
}
