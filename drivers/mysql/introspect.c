/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "my.h"

int mysql_introspect_read(struct dara_conn *conn, const struct dara_read *request, struct dara_model *model)
{
    (void)conn;
    (void)request;
    int code = 0;
    for (size_t i = 0; !code && mysql_kinds[i]; i++)
        code = dara_model_family(model, mysql_kinds[i]->name, DARA_FAMILY_SKIPPED, "not read by this driver yet");
    return code;
}

/* ---- rows ---- */

int mysql_introspect_count_rows(struct dara_conn *conn, const struct dara_object *object, uint64_t *ret_rows)
{
    static const char begin[] = "SELECT COUNT(*) FROM `";
    const char *name = dara_object_name(object);
    size_t room = sizeof(begin) + 2 * strlen(name) + 2, length = sizeof(begin) - 1;
    char *sql = malloc(room);
    if (!sql)
        return mysql_out_of_memory();
    memcpy(sql, begin, length);
    for (const char *at = name; *at; at++) {
        if (*at == '`')
            sql[length++] = '`';
        sql[length++] = *at;
    }
    sql[length++] = '`';
    sql[length] = '\0';
    MYSQL_RES *result = NULL;
    int code = mysql_rows(conn, sql, "counting rows", &result);
    free(sql);
    if (code)
        return code;
    MYSQL_ROW row = mysql_fetch_row(result);
    *ret_rows = row && row[0] ? strtoull(row[0], NULL, 10) : 0;
    mysql_free_result(result);
    return 0;
}
