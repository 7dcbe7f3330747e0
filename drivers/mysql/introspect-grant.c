/* SPDX-License-Identifier: MIT */
/* Rights on routines. They fall when a routine is dropped, also when it is only made again: a plan gives them back. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "introspect.h"

enum { GRANTS_MOST = 256 };

struct grants {
    char *texts[GRANTS_MOST];
    size_t count;
};

static void add_rights(struct mysql_buffer *out, const char *rights)
{
    bool first = true;
    for (const char *at = rights; *at;) {
        size_t length = strcspn(at, ",");
        if (strncasecmp(at, "Grant", length) != 0) {
            mysql_buffer_add(out, first ? "" : ", ");
            mysql_buffer_add_bytes(out, at, length);
            first = false;
        }
        at += length + (at[length] == ',');
    }
    mysql_buffer_add(out, first ? "USAGE" : "");
}

/* "GRANT EXECUTE ON PROCEDURE `name` TO `user`@`host` WITH GRANT OPTION"; a role of MariaDB has no host. */
static char *write_grant(const char *type, const char *name, MYSQL_ROW row)
{
    struct mysql_buffer text = {0};
    mysql_buffer_add(&text, "GRANT ");
    add_rights(&text, row[4]);
    mysql_buffer_format(&text, " ON %s ", type);
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] >= 'a' && text.bytes[i] <= 'z')
            text.bytes[i] = (char)(text.bytes[i] - 'a' + 'A');
    mysql_buffer_add_name(&text, name);
    mysql_buffer_add(&text, " TO ");
    mysql_buffer_add_name(&text, row[2]);
    if (*row[3]) {
        mysql_buffer_add(&text, "@");
        mysql_buffer_add_name(&text, row[3]);
    }
    mysql_buffer_add(&text, strstr(row[4], "Grant") ? " WITH GRANT OPTION" : "");
    if (text.failed)
        mysql_buffer_free(&text);
    return text.bytes;
}

int mysql_read_grants(struct mysql_reading *reading, struct dara_object *object, const char *type, const char *name)
{
    struct grants grants = {0};
    MYSQL_ROW row;
    int code = 0;
    if (!reading->grants)
        return dara_object_set_bool(object, "mysql.grants_unseen", true);
    mysql_data_seek(reading->grants, 0);
    while (!code && grants.count < GRANTS_MOST && (row = mysql_fetch_row(reading->grants)))
        if (!strcmp(row[0], type) && !strcasecmp(row[1], name) && *row[4]) {
            grants.texts[grants.count] = write_grant(type, name, row);
            code = grants.texts[grants.count] ? 0 : mysql_out_of_memory();
            grants.count += !code;
        }
    if (!code && grants.count)
        code = dara_object_set_list(object, "mysql.grants", (const char *const *)grants.texts, grants.count);
    while (grants.count)
        free(grants.texts[--grants.count]);
    return code;
}
