/* SPDX-License-Identifier: MIT */
/* Names and strings. Back quotes quote in every sql_mode; strings are written as one without NO_BACKSLASH_ESCAPES reads them. */
#include "quote.h"

void mysql_quote_name(struct dara_text *out, const char *name)
{
    dara_text_add(out, "`");
    for (; *name; name++)
        dara_text_add_bytes(out, *name == '`' ? "``" : name, *name == '`' ? 2 : 1);
    dara_text_add(out, "`");
}

void mysql_quote_string(struct dara_text *out, const char *string)
{
    dara_text_add(out, "'");
    for (; *string; string++) {
        bool twice = *string == '\'' || *string == '\\';
        dara_text_add_bytes(out, string, 1);
        if (twice)
            dara_text_add_bytes(out, string, 1);
    }
    dara_text_add(out, "'");
}

int mysql_dialect_quote(struct dara_conn *conn, const char *name, struct dara_text *out)
{
    (void)conn;
    mysql_quote_name(out, name);
    return 0;
}

int mysql_dialect_read_rows(const struct dara_object *object, const char *const *fields, size_t count,
                            struct dara_text *out)
{
    for (size_t i = 0; i < count; i++) {
        dara_text_add(out, i ? ", " : "SELECT ");
        mysql_quote_name(out, fields[i]);
    }
    dara_text_add(out, " FROM ");
    mysql_quote_name(out, dara_object_name(object));
    dara_text_add(out, " ORDER BY ");
    mysql_quote_name(out, fields[0]);
    return 0;
}

int mysql_dialect_delete_rows(const struct dara_object *object, struct dara_text *out)
{
    dara_text_add(out, "DELETE FROM ");
    mysql_quote_name(out, dara_object_name(object));
    return 0;
}
