/* SPDX-License-Identifier: MIT */
/* What a file or a difference leaves out because nobody asked for it: owners, privileges, settings of sessions. */
#include "service/show.h"

json_t *dara_show_left_out(const struct dara_model *model, unsigned scope)
{
    json_t *left_out = json_object();
    json_int_t owned = 0;
    for (size_t i = 0; i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        const char *kind = dara_object_kind(object)->name;
        owned += dara_model_is_owned(object);
        if (dara_object_is_given(object) || !(dara_model_scope(object) & ~scope))
            continue;
        json_int_t count = json_integer_value(json_object_get(left_out, kind));
        json_object_set_new(left_out, kind, json_integer(count + 1));
    }
    if (owned && !(scope & DARA_SCOPE_OWNER))
        json_object_set_new(left_out, "owner", json_integer(owned));
    return left_out;
}

void dara_show_snapshot_scope(struct dara_report *report, const struct dara_snapshot *snapshot,
                              const struct dara_model *model)
{
    json_t *left_out = dara_show_left_out(model, snapshot->scope), *count;
    const char *kind;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    json_object_foreach(left_out, kind, count)
    {
        const struct dara_kind *known = dara_model_kind(model, kind);
        json_int_t number = json_integer_value(count);
        if (known) /* who owns what is nothing that one would count */
            dara_text_format(&text, "%s%lld %s", text.length ? ", " : "", (long long)number,
                             number == 1 ? known->name : known->plural);
    }
    dara_report_bool(report, "owner", NULL, snapshot->scope & DARA_SCOPE_OWNER);
    dara_report_bool(report, "privileges", NULL, snapshot->scope & DARA_SCOPE_PRIVILEGES);
    dara_report_bool(report, "settings", NULL, snapshot->scope & DARA_SCOPE_SETTINGS);
    if (text.length)
        dara_report_note(report, DARA_NOTE_INFO, "in the model only, not in the file: %s", dara_text_string(&text));
    dara_report_json(report, "left_out", left_out);
}

void dara_show_beyond(struct dara_report *report, const struct dara_diff *diff)
{
    DARA_DIFF_LOCAL whole = NULL;
    if (dara_diff_new_of(dara_diff_before(diff), dara_diff_after(diff), DARA_SCOPE_ALL, &whole) < 0) {
        dara_error_clear(); /* of two models that were compared before, it is not to be */
        return;
    }
    /* What is made again for another reason is in both. */
    size_t all = dara_diff_count(whole), seen = dara_diff_count(diff), more = all > seen ? all - seen : 0;
    dara_report_int(report, "not_compared", NULL, (int64_t)more);
    if (more)
        dara_report_note(report, DARA_NOTE_INFO,
                         "%zu more object%s differ%s in owner, privileges or settings: see --owner, --privileges, "
                         "--settings",
                         more, more == 1 ? "" : "s", more == 1 ? "s" : "");
}
