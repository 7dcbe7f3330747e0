/* SPDX-License-Identifier: MIT */
/* Counts of models in words, and snapshots. */
#include "service/show.h"

#include <string.h>

#include "base/file.h"

void dara_show_snapshot(struct dara_report *report, const char *json, const char *label,
                        const struct dara_snapshot *snapshot)
{
    DARA_FREE char *file = dara_file_shown(snapshot->text_path);
    dara_report_section(report, json, NULL);
    dara_report_text(report, "id", label, snapshot->id);
    dara_report_text(report, "file", NULL, file);
    dara_report_end(report);
}

void dara_show_counts(struct dara_report *report, const struct dara_model *model)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    json_t *counts = json_object();
    for (size_t i = 0; i < dara_model_kind_count(model); i++) {
        const struct dara_kind *kind = dara_model_kind_at(model, i);
        size_t count = dara_model_count_of(model, kind->name);
        json_object_set_new(counts, kind->name, json_integer((json_int_t)count));
        if (count == 0 || (kind->flags & DARA_KIND_SETTING))
            continue;
        dara_text_format(&text, "%s%zu ", text.length ? ", " : "", count);
        dara_text_add_words(&text, count == 1 ? kind->name : kind->plural);
    }
    dara_report_json(report, "counts", counts);
    dara_report_text(report, "objects", "objects", text.length ? dara_text_string(&text) : "none");
}

void dara_show_unrepresented(struct dara_report *report, const struct dara_model *model)
{
    json_t *families = json_array();
    for (size_t i = 0; i < dara_model_family_count(model); i++) {
        enum dara_family_state state;
        const char *why;
        const char *family = dara_model_family_at(model, i, &state, &why);
        json_array_append_new(families, json_pack("{s:s, s:s, s:o}", "family", family, "state", dara_state_name(state),
                                                  "why", dara_report_string(why)));
        if (state == DARA_FAMILY_DENIED)
            dara_report_note(report, DARA_NOTE_WARN, "could not read '%s': %s", family, why ? why : "no reason given");
    }
    dara_report_json(report, "families", families);
    struct dara_table *table = dara_report_table(report, "unrepresented", "Not represented", NULL);
    dara_table_column(table, "family", "family", DARA_CELL_TEXT);
    dara_table_column(table, "name", "name", DARA_CELL_TEXT);
    dara_table_column(table, "why", "why", DARA_CELL_TEXT);
    for (size_t i = 0; i < dara_model_unrepresented_count(model); i++) {
        const char *family, *name, *why;
        dara_model_unrepresented_at(model, i, &family, &name, &why);
        dara_table_row(table);
        dara_table_text(table, family);
        dara_table_text(table, name);
        dara_table_text(table, why);
    }
}
