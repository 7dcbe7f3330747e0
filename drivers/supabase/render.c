/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "supa.h"

/* Every project has this publication from its beginning; its owner is the project's. What is in it is the author's. */
int supabase_dialect_render(const struct dara_object *object, struct dara_text *out)
{
    static const char realtime[] = "supabase_realtime";
    if (strcmp(dara_object_kind(object)->name, "publication") == 0 && strcmp(dara_object_name(object), realtime) == 0)
        dara_text_format(out, "DROP PUBLICATION IF EXISTS %s;\n", realtime);
    return postgres_dialect_render(object, out);
}
