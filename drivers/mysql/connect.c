/* SPDX-License-Identifier: MIT */
/* New connections, and what they need. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "login.h"

/* ---- TLS: the two libraries differ in how they are told ------------------------------------------------------------------------- */

#ifdef MYSQL_LIBRARY_HAS_SSL_MODE
static void set_tls_mode(MYSQL *mysql, const struct mysql_login *login)
{
    static const unsigned modes[] = {SSL_MODE_PREFERRED, SSL_MODE_DISABLED, SSL_MODE_REQUIRED, SSL_MODE_VERIFY_CA,
                                     SSL_MODE_VERIFY_IDENTITY};
    mysql_options(mysql, MYSQL_OPT_SSL_MODE, &modes[login->tls]);
}
#else
/* MariaDB's library checks a certificate's chain and its host name together or not at all: who asks for the chain gets both. */
static void set_tls_mode(MYSQL *mysql, const struct mysql_login *login)
{
    my_bool use = login->tls != MYSQL_TLS_DISABLED;
    my_bool verify = login->tls == MYSQL_TLS_VERIFY_CA || login->tls == MYSQL_TLS_VERIFY_IDENTITY;
    mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &use);
    mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
}
#endif

static void set_tls(MYSQL *mysql, const struct mysql_login *login)
{
    const struct {
        enum mysql_option option;
        const char *value;
    } texts[] = {
        {MYSQL_OPT_SSL_CA, login->tls_ca},         {MYSQL_OPT_SSL_CAPATH, login->tls_capath},
        {MYSQL_OPT_SSL_CERT, login->tls_cert},     {MYSQL_OPT_SSL_KEY, login->tls_key},
        {MYSQL_OPT_SSL_CIPHER, login->tls_cipher}, {MYSQL_OPT_TLS_VERSION, login->tls_version},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (texts[i].value)
            mysql_options(mysql, texts[i].option, texts[i].value);
    set_tls_mode(mysql, login);
}

/* MariaDB's library goes on without TLS where the server has none, whatever was asked for. */
static int check_tls(MYSQL *mysql, const struct mysql_login *login, const struct dara_url *url)
{
    if (login->tls == MYSQL_TLS_PREFERRED || login->tls == MYSQL_TLS_DISABLED || mysql_get_ssl_cipher(mysql))
        return 0;
    dara_error_set(DARA_ECONNECT, "cannot connect to '%s': TLS is asked for, and the server has none", url->redacted);
    dara_error_hint("turn it on at the server, or give ?ssl-mode=preferred");
    return DARA_ECONNECT;
}

/* ---- connecting ----------------------------------------------------------------------------------------------------------------- */

/* The libraries take "localhost" for the socket whose path they were built with, and forget the port. Who names a port means that port. */
static bool is_by_port(const struct mysql_login *login)
{
    return !login->socket && login->port && login->host && strcasecmp(login->host, "localhost") == 0;
}

static void set_options(MYSQL *mysql, const struct mysql_login *login, unsigned seconds)
{
    unsigned off = 0, tcp = MYSQL_PROTOCOL_TCP;
    if (is_by_port(login))
        mysql_options(mysql, MYSQL_OPT_PROTOCOL, &tcp);
    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, seconds ? &seconds : &login->timeout);
    if (seconds) {
        mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &seconds);
        mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
    }
    /* A server could otherwise ask for any file of this machine. */
    mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", login->application);
#ifdef MYSQL_LIBRARY_HAS_GET_SERVER_PUBLIC_KEY
    bool key = login->public_key;
    mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &key);
#endif
    set_tls(mysql, login);
}

int mysql_connect(const struct mysql_login *login, const struct dara_url *url, const char *database, MYSQL **ret_mysql)
{
    return mysql_connect_within(login, url, database, 0, ret_mysql);
}

int mysql_connect_within(const struct mysql_login *login, const struct dara_url *url, const char *database,
                         unsigned seconds, MYSQL **ret_mysql)
{
    MYSQL *mysql = mysql_init(NULL);
    if (!mysql)
        return mysql_out_of_memory();
    set_options(mysql, login, seconds);
    const char *host = login->socket ? NULL : login->host;
    if (!mysql_real_connect(mysql, host, login->user, login->password, database, login->port, login->socket,
                            CLIENT_MULTI_STATEMENTS)) {
        int code = mysql_fail_connect(mysql, url);
        mysql_close(mysql);
        return code;
    }
    int code = check_tls(mysql, login, url);
    if (code) {
        mysql_close(mysql);
        return code;
    }
    *ret_mysql = mysql;
    return 0;
}

/* ---- what a new connection needs ------------------------------------------------------------------------------------------------ */

/* The library's number is wrong for MariaDB, which calls itself 5.5.5-10.11… for the sake of old replicas. */
static unsigned version_number(const char *text)
{
    unsigned part[3] = {0};
    if (strncmp(text, "5.5.5-", 6) == 0)
        text += 6;
    if (sscanf(text, "%u.%u.%u", &part[0], &part[1], &part[2]) < 2)
        return 0;
    return part[0] * 10000 + part[1] * 100 + part[2];
}

static unsigned seconds(unsigned milliseconds)
{
    return (milliseconds + 999) / 1000;
}

/* At least a second: MySQL takes no less, and MariaDB, told not to wait at all, would give up before a thread of its own that cleans up. And
 * max_execution_time holds for SELECT alone: see execute.c for the rest. */
static void write_settings(const struct dara_conn *conn, char *sql, size_t room)
{
    unsigned wait = seconds(conn->lock_step_ms);
    char limit[80];
    wait = wait ? wait : 1;
    if (conn->mariadb)
        snprintf(limit, sizeof(limit), "max_statement_time = %u.%03u", conn->statement_timeout_ms / 1000,
                 conn->statement_timeout_ms % 1000);
    else
        snprintf(limit, sizeof(limit), "max_execution_time = %u", conn->statement_timeout_ms);
    snprintf(sql, room,
             "SET SESSION autocommit = 1, innodb_lock_wait_timeout = %u, lock_wait_timeout = %u, %s%s;"
             "SELECT CONNECTION_ID(), CURRENT_USER(), @@version, @@lower_case_table_names, DATABASE()",
             wait, wait, limit, conn->mode == DARA_MODE_READ ? ";SET SESSION TRANSACTION READ ONLY" : "");
}

/* The protocol's greeting has room for 32 bits of it. */
bool mysql_is_connection(const struct dara_conn *conn, const char *id)
{
    return (uint32_t)strtoull(id, NULL, 10) == (uint32_t)mysql_thread_id(conn->mysql);
}

static int take_facts(struct dara_conn *conn, MYSQL_ROW row)
{
    const char *version = row[2] ? row[2] : mysql_get_server_info(conn->mysql);
    conn->pooled = row[0] && !mysql_is_connection(conn, row[0]);
    conn->folded = row[3] && *row[3] != '0';
    conn->user = mysql_copy(row[1] ? row[1] : "");
    conn->version_text = mysql_copy(strncmp(version, "5.5.5-", 6) ? version : version + 6);
    conn->database = mysql_copy(row[4] ? row[4] : "");
    return conn->user && conn->version_text && conn->database ? 0 : DARA_EINTERNAL;
}

static int ask(struct dara_conn *conn, const char *sql)
{
    static const char doing[] = "cannot set up the session";
    if (mysql_real_query(conn->mysql, sql, (unsigned long)strlen(sql)))
        return mysql_fail(conn, DARA_ECONNECT, doing);
    int code = 0, next;
    do {
        MYSQL_RES *result = mysql_store_result(conn->mysql);
        MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;
        if (row && !code)
            code = take_facts(conn, row);
        mysql_free_result(result);
        next = mysql_next_result(conn->mysql);
    } while (next == 0);
    return next > 0 ? mysql_fail(conn, DARA_ECONNECT, doing) : code;
}

int mysql_connect_settle(struct dara_conn *conn)
{
    char sql[512];
    const char *info = mysql_get_server_info(conn->mysql);
    conn->mariadb = strstr(info, "MariaDB") != NULL;
    conn->version = version_number(info);
    conn->multi = true;
    if (conn->version < (conn->mariadb ? 100500u : 80000u)) {
        const char *product = conn->mariadb ? "MariaDB" : "MySQL";
        dara_error_set(DARA_EUNSUPPORTED, "the server is too old: %s %s", product, info);
        dara_error_hint("use MariaDB 10.5, MySQL 8.0 or a newer one");
        return DARA_EUNSUPPORTED;
    }
    write_settings(conn, sql, sizeof(sql));
    return ask(conn, sql);
}
