/* SPDX-License-Identifier: MIT */
/* Settings of the session that statements of a file make, and taking them back. The server's own way (COM_RESET_CONNECTION) would free
 * dara's lock. What holds is asked for only when a statement comes that may change it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "apply.h"
#include "lex.h"

struct setting {
    char *name, *value;
};

struct mysql_settings {
    struct setting *items;
    size_t count;
    char **variables; /* user variables that were set, without '@' */
    size_t variable_count;
    bool touched;
};

static void free_items(struct setting *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(items[i].name);
        free(items[i].value);
    }
    free(items);
}

static void forget_variables(struct mysql_settings *settings)
{
    for (size_t i = 0; i < settings->variable_count; i++)
        free(settings->variables[i]);
    free(settings->variables);
    settings->variables = NULL;
    settings->variable_count = 0;
}

void mysql_settings_free(struct dara_conn *conn)
{
    if (!conn->settings)
        return;
    forget_variables(conn->settings);
    free_items(conn->settings->items, conn->settings->count);
    free(conn->settings);
    conn->settings = NULL;
}

/* ---- what holds now ------------------------------------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right)
{
    return strcmp(((const struct setting *)left)->name, ((const struct setting *)right)->name);
}

static int read_settings(struct dara_conn *conn, struct setting **ret_items, size_t *ret_count)
{
    MYSQL_RES *result = NULL;
    MYSQL_ROW row;
    size_t count = 0;
    int code = mysql_rows(conn, "SHOW SESSION VARIABLES", "cannot read the settings of the session", &result);
    if (code)
        return code;
    struct setting *items = calloc((size_t)mysql_num_rows(result) + 1, sizeof(*items));
    code = items ? 0 : mysql_out_of_memory();
    while (!code && (row = mysql_fetch_row(result))) {
        struct setting *it = &items[count++];
        it->name = mysql_copy(row[0]);
        it->value = mysql_copy(row[1] ? row[1] : "");
        code = it->name && it->value ? 0 : DARA_EINTERNAL;
    }
    mysql_free_result(result);
    if (code) {
        free_items(items, count);
        return code;
    }
    if (count)
        qsort(items, count, sizeof(*items), compare);
    *ret_items = items;
    *ret_count = count;
    return 0;
}

static int note_variable(struct mysql_settings *settings, const struct mysql_token *token)
{
    char *name = mysql_token_text(token, 0);
    char **larger = realloc(settings->variables, (settings->variable_count + 1) * sizeof(*larger));
    if (larger)
        settings->variables = larger;
    if (!name || !larger) {
        free(name);
        return mysql_out_of_memory();
    }
    settings->variables[settings->variable_count++] = name;
    return 0;
}

/* @name, and not @@name. */
static int note_variables(struct mysql_settings *settings, const char *text, size_t length)
{
    struct mysql_lexer lexer;
    struct mysql_token token;
    size_t ats = 0;
    int code = 0;
    mysql_lex_begin(&lexer, text, length);
    while (!code && mysql_lex_next(&lexer, &token) != MYSQL_TOKEN_END && token.type != MYSQL_TOKEN_BAD) {
        bool name =
            token.type == MYSQL_TOKEN_WORD || token.type == MYSQL_TOKEN_QUOTED || token.type == MYSQL_TOKEN_STRING;
        if (ats == 1 && name)
            code = note_variable(settings, &token);
        ats = mysql_token_is(&token, "@") ? ats + 1 : 0;
    }
    return code;
}

int mysql_settings_keep(struct dara_conn *conn, const char *text, size_t length)
{
    if (!conn->settings) {
        conn->settings = calloc(1, sizeof(*conn->settings));
        if (!conn->settings)
            return mysql_out_of_memory();
        int code = read_settings(conn, &conn->settings->items, &conn->settings->count);
        if (code)
            return code;
    }
    conn->settings->touched = true;
    return note_variables(conn->settings, text, length);
}

/* ---- and taking it back ----------------------------------------------------------------------------------------------------------- */

/* What changes by itself, or says what happened. */
static bool is_moving(const char *name)
{
    static const char *const names[] = {"error_count", "external_user",  "identity",   "in_transaction",   "insert_id",
                                        "last_gtid",   "last_insert_id", "proxy_user", "pseudo_thread_id", "rand_seed1",
                                        "rand_seed2",  "statement_id",   "timestamp",  "warning_count"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return strncmp(name, "gtid_", 5) == 0;
}

static bool is_bare(const char *value)
{
    return *value &&
           (value[strspn(value, "0123456789.-")] == '\0' || strcmp(value, "ON") == 0 || strcmp(value, "OFF") == 0);
}

static int set_back(struct dara_conn *conn, const struct setting *setting)
{
    struct mysql_buffer sql = {0};
    mysql_buffer_format(&sql, "SET SESSION %s = ", setting->name);
    if (is_bare(setting->value))
        mysql_buffer_add(&sql, setting->value);
    else
        mysql_value_add(conn, &sql,
                        !*setting->value && strncmp(setting->name, "character_set", 13) == 0 ? NULL : setting->value);
    int code = mysql_buffer_run(conn, &sql, "cannot take back a setting of the session");
    /* Some can be set only outside a transaction, some not at all. */
    if (code && code != DARA_ECONNECT && (conn->in_transaction || mysql_errno(conn->mysql) == 1238)) {
        dara_error_clear();
        return 0;
    }
    return code;
}

static int set_variables_back(struct dara_conn *conn)
{
    struct mysql_settings *settings = conn->settings;
    struct mysql_buffer sql = {0};
    if (!settings->variable_count)
        return 0;
    for (size_t i = 0; i < settings->variable_count; i++) {
        mysql_buffer_add(&sql, i ? ", @" : "SET @");
        mysql_buffer_add_name(&sql, settings->variables[i]);
        mysql_buffer_add(&sql, " = NULL");
    }
    return mysql_buffer_run(conn, &sql, "cannot take back a variable of the session");
}

/* Both lists are sorted by name. */
static int set_all_back(struct dara_conn *conn, const struct setting *now, size_t count)
{
    const struct mysql_settings *kept = conn->settings;
    int code = 0;
    for (size_t i = 0, k = 0; !code && i < count && k < kept->count;) {
        int order = strcmp(now[i].name, kept->items[k].name);
        if (order == 0 && strcmp(now[i].value, kept->items[k].value) != 0 && !is_moving(now[i].name))
            code = set_back(conn, &kept->items[k]);
        i += order <= 0;
        k += order >= 0;
    }
    return code;
}

/* It cuts short whatever is asked, what holds included. */
static int set_limit_back(struct dara_conn *conn)
{
    const struct setting wanted = {.name = (char[]){"sql_select_limit"}};
    const struct mysql_settings *kept = conn->settings;
    const struct setting *limit = bsearch(&wanted, kept->items, kept->count, sizeof(wanted), compare);
    return limit ? set_back(conn, limit) : 0;
}

int mysql_apply_reset(struct dara_conn *conn)
{
    struct setting *now = NULL;
    size_t count = 0;
    if (!conn->settings || !conn->settings->touched)
        return 0;
    int code = set_limit_back(conn);
    code = code ? code : read_settings(conn, &now, &count);
    if (code)
        return code;
    code = set_all_back(conn, now, count);
    free_items(now, count);
    if (!code)
        code = set_variables_back(conn);
    if (!code && !conn->in_transaction) {
        forget_variables(conn->settings);
        conn->settings->touched = false;
    }
    return code;
}
