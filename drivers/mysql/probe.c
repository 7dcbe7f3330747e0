/* SPDX-License-Identifier: MIT */
/*
 * What smoke-test asks MySQL and MariaDB. A dump is loaded with foreign_key_checks off, and nobody looks afterwards: so the rows are.
 */
#include <stdio.h>
#include <string.h>

#include "search.h"

enum { ROWS_MAX = 1000 }; /* counted: more are not told apart */

static int ask(struct dara_probes *probes, const struct dara_object *object, const char *test, struct mysql_buffer *sql,
               const char *what)
{
    int code = mysql_buffer_check(sql);
    const struct dara_probe probe = {
        .size = sizeof(probe), .test = test, .object = object, .text = mysql_buffer_get(sql), .what = what};
    if (!code)
        dara_probes_add(probes, &probe);
    mysql_buffer_free(sql);
    return code;
}

static int ask_rows(struct dara_probes *probes, const struct dara_object *object)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_add(&sql, "SELECT * FROM ");
    mysql_buffer_add_name(&sql, dara_object_name(object));
    mysql_buffer_add(&sql, " LIMIT 1");
    return ask(probes, object, "readable", &sql, NULL);
}

static int ask_key(struct dara_probes *probes, const struct dara_object *key)
{
    struct mysql_buffer sql = {0};
    char what[512];
    mysql_buffer_add(&sql, "SELECT COUNT(*) FROM (SELECT 1 FROM ");
    mysql_buffer_add_name(&sql, dara_object_name(dara_object_owner(key)));
    mysql_buffer_add(&sql, " AS `dara_child`");
    mysql_search_orphans(key, &sql);
    mysql_buffer_format(&sql, " LIMIT %d) AS `dara_found`", ROWS_MAX);
    (void)snprintf(what, sizeof(what), "rows without their row in '%s'", dara_object_text(key, "references"));
    return ask(probes, key, "references", &sql, what);
}

/* The referenced table may be one of another database, of which the model knows nothing. */
static bool is_known(const struct dara_model *model, const struct dara_object *key)
{
    const char *name = dara_object_text(key, "references");
    return name && dara_model_find(model, "table", NULL, NULL, name);
}

int mysql_audit_probe(const struct dara_model *model, struct dara_probes *probes)
{
    int code = 0;
    for (size_t i = 0; !code && i < dara_model_count(model); i++) {
        const struct dara_object *object = dara_model_at(model, i);
        if (mysql_is(object, "table") || mysql_is(object, "view"))
            code = ask_rows(probes, object);
        else if (mysql_is(object, "constraint") && strcmp(dara_object_text(object, "type"), "foreign key") == 0 &&
                 is_known(model, object))
            code = ask_key(probes, object);
    }
    return code;
}
