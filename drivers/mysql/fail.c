/* SPDX-License-Identifier: MIT */
/* Errors of the server and of the client library in dara's words. */
#include <stdlib.h>
#include <string.h>

#include "my.h"

int mysql_out_of_memory(void)
{
    return dara_error_set(DARA_EINTERNAL, "out of memory");
}

char *mysql_copy(const char *string)
{
    char *copy = strdup(string);
    if (!copy)
        mysql_out_of_memory();
    return copy;
}

/* ---- statements ------------------------------------------------------------------------------------------------------------ */

struct meaning {
    unsigned number;
    int code;
    const char *hint;
};

#define AGAIN "the server keeps what was committed; run the command again once it can be reached"
#define GRANT "connect as a user that may, or have the right granted"

static const struct meaning meanings[] = {
    {1205, DARA_ELOCKED, "another session holds a lock: see who with env-check, or wait longer with --lock-timeout"},
    {1213, DARA_ELOCKED, "two sessions waited for each other: run it again"},
    {3572, DARA_ELOCKED, "another session holds a lock: wait longer with --lock-timeout"},
    {1969, DARA_ESTATEMENT, "give it more time with --statement-timeout"},
    {3024, DARA_ESTATEMENT, "give it more time with --statement-timeout"},
    {2006, DARA_ECONNECT, AGAIN},
    {2013, DARA_ECONNECT, AGAIN},
    {2055, DARA_ECONNECT, AGAIN},
    {1053, DARA_ECONNECT, "the server is stopping: run the command again once it is back"},
    {1927, DARA_ECONNECT, "the server ended the session: see its log, then run the command again"},
    {4031, DARA_ECONNECT, "the server ended the session: see its log, then run the command again"},
    {1040, DARA_ECONNECT, "the server has no connection left: end one, or raise max_connections"},
    {1674, DARA_ESTATEMENT,
     "the binary log cannot repeat it: add the column without its default, give it the default by ALTER COLUMN … SET "
     "DEFAULT in a statement of its own, and fill the rows by UPDATE"},
    {1820, DARA_ECONNECT, "the password has expired: set a new one with the server's own client"},
    {1021, DARA_ESTATEMENT, "make room on the server's disk and run it again"},
    {1114, DARA_ESTATEMENT, "make room on the server's disk, or raise the table's limit, and run it again"},
    {1044, DARA_ESTATEMENT, GRANT},
    {1142, DARA_ESTATEMENT, GRANT},
    {1143, DARA_ESTATEMENT, GRANT},
    {1227, DARA_ESTATEMENT, GRANT},
    {1370, DARA_ESTATEMENT, GRANT},
    {1419, DARA_ESTATEMENT, "have log_bin_trust_function_creators turned on, or the right granted"},
    {1290, DARA_ESTATEMENT, NULL},
    {1828, DARA_ESTATEMENT, "drop the foreign key first, or in the same ALTER TABLE: DROP FOREIGN KEY …"},
    {1553, DARA_ESTATEMENT, "drop the foreign key first, or give it another index in the same ALTER TABLE"},
    {3750, DARA_ESTATEMENT,
     "give the table a primary key; without one it is made only in a session with sql_require_primary_key = OFF"},
    {1836, DARA_ESTATEMENT, "connect to the server that takes writes"},
};

static const struct meaning *find_meaning(unsigned number)
{
    static const struct meaning statement = {0, DARA_ESTATEMENT, NULL};
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (meanings[i].number == number)
            return &meanings[i];
    return &statement;
}

/* The server tells the place of a mistake of syntax by its line alone, at the end of the message. */
static long line_told(const char *message)
{
    const char *last = NULL;
    for (const char *at = message; (at = strstr(at, " at line ")); at++)
        last = at;
    return last ? strtol(last + strlen(" at line "), NULL, 10) : 0;
}

int mysql_fail(struct dara_conn *conn, int code, const char *doing)
{
    unsigned number = mysql_errno(conn->mysql);
    const char *message = mysql_error(conn->mysql);
    const struct meaning *meaning = find_meaning(number);
    if (conn->cancelled && (number == 1317 || number == 2013)) {
        conn->cancelled = false;
        dara_error_set(DARA_EINTERRUPTED, "interrupted");
        dara_error_native("%u %s", number, mysql_sqlstate(conn->mysql));
        return DARA_EINTERRUPTED;
    }
    if (number == 1317 && conn->canceller && mysql_canceller_expired(conn->canceller)) {
        message = "the statement took longer than --statement-timeout lets it";
        meaning = find_meaning(3024);
    }
    if (!code || meaning->code != DARA_ESTATEMENT)
        code = meaning->code;
    dara_error_set(code, "%s%s%s", doing ? doing : "", doing ? ": " : "",
                   *message ? message : "the client library gave no reason");
    dara_error_native("%u %s", number, mysql_sqlstate(conn->mysql));
    if (number == 1792 && conn->mode == DARA_MODE_READ)
        dara_error_hint("this command only reads: the server keeps its transactions read-only");
    else if (meaning->hint)
        dara_error_hint("%s", meaning->hint);
    if (number == 1064 || number == 1149)
        dara_error_at(NULL, line_told(message));
    return code;
}

/* ---- connections ------------------------------------------------------------------------------------------------------------- */

struct refusal {
    unsigned number;
    const char *words, *hint;
};

static const struct refusal refusals[] = {
    {1045, "the server refuses the user name or the password", "check user and password of the URL"},
    {1698, "the server refuses the user name or the password",
     "this user may log in through the server's socket only, from the account of the same name"},
    {1044, "the user has no right to this database", "have the right granted, or check the database's name"},
    {1049, "there is no such database", "check the name, or create it with 'dara setup-database TYPE --create'"},
    {1040, "the server has no connection left", "end one, or raise max_connections"},
    {1203, "the user has no connection left", "end one, or raise max_user_connections"},
    {1129, "the server has blocked this host after failed attempts", "have the server's hosts flushed (FLUSH HOSTS)"},
    {1130, "the server does not let this host in", "have the user created for this host"},
    {3118, "the account is locked", "have it unlocked: ALTER USER … ACCOUNT UNLOCK"},
    {4151, "the account is locked", "have it unlocked: ALTER USER … ACCOUNT UNLOCK"},
    {1820, "the password has expired", "set a new one with the server's own client"},
    {1862, "the password has expired", "set a new one with the server's own client"},
    {2002, "nobody listens there: the server is not running, or has another port or socket",
     "check host, port and socket of the URL, and that the server runs"},
    {2003, "nobody listens there: the server is not running, or has another port",
     "check host and port of the URL, and that the server runs"},
    {2005, "there is no such host", "check the host name of the URL, and the network"},
    {2026, "TLS failed", "check the URL's ssl-mode, ssl-ca, ssl-cert and ssl-key"},
    {3159, "the server takes connections with TLS only", "give ?ssl-mode=required"},
    {2059, "the way this user logs in is not known to the client library",
     "install its plugin, or have another one set for the user"},
    {2061, "the way this user logs in needs TLS or the server's public key",
     "give ?ssl-mode=required, or ?get-server-public-key=1"},
};

int mysql_fail_connect(MYSQL *mysql, const struct dara_url *url)
{
    if (!mysql)
        return mysql_out_of_memory();
    unsigned number = mysql_errno(mysql);
    const struct refusal *found = NULL;
    for (size_t i = 0; !found && i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (refusals[i].number == number)
            found = &refusals[i];
    dara_error_set(DARA_ECONNECT, "cannot connect to '%s': %s", url->redacted,
                   found ? found->words : mysql_error(mysql));
    if (found)
        dara_error_detail("%s", mysql_error(mysql));
    dara_error_native("%u %s", number, mysql_sqlstate(mysql));
    dara_error_hint("%s", found ? found->hint : "check the URL, and that the server runs and can be reached");
    return DARA_ECONNECT;
}
