/* SPDX-License-Identifier: MIT */
/* What smoke-test asks a file. */
#include <string.h>

#include "driver.h"

static bool is_kind(const struct dara_object *object, const char *kind)
{
    return strcmp(dara_object_kind(object)->name, kind) == 0;
}

static int ask(struct dara_probes *probes, const struct dara_object *object, const char *test, const char *form,
               const char *what)
{
    char *text = sqlite3_mprintf(form, dara_object_name(object));
    if (!text)
        return dara_error_set(DARA_EINTERNAL, "out of memory");
    const struct dara_probe probe = {.size = sizeof(probe), .test = test, .object = object, .text = text, .what = what};
    dara_probes_add(probes, &probe);
    sqlite3_free(text);
    return 0;
}

static bool has_foreign_key(const struct dara_object *table)
{
    const struct dara_object *part = NULL;
    while ((part = dara_object_owned(table, "constraint", part)))
        if (strcmp(dara_object_text(part, "type"), "foreign key") == 0)
            return true;
    return false;
}

int sqlite_audit_probe(const struct dara_model *model, struct dara_probes *probes)
{
    int code = 0;
    for (size_t i = 0; !code && i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        bool table = is_kind(object, "table");
        if (table || is_kind(object, "view") || is_kind(object, "virtual_table"))
            code = ask(probes, object, "readable", "SELECT * FROM main.\"%w\" LIMIT 1", NULL);
        if (!code && table && has_foreign_key(object))
            code = ask(probes, object, "references", "SELECT count(*) FROM pragma_foreign_key_check(%Q)",
                       "rows that point to rows that are not there");
        if (!code && table)
            code = ask(probes, object, "storage",
                       "SELECT count(*) FROM pragma_integrity_check(%Q) WHERE integrity_check <> 'ok'",
                       "faults that PRAGMA integrity_check finds");
    }
    return code;
}
