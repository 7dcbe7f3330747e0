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
