/* SPDX-License-Identifier: MIT */
/* The driver for MySQL and MariaDB: its descriptor and tables. */
#include "my.h"

static const char *const schemes[] = {"mysql", "mariadb", NULL};

static const struct dara_session_ops session = {
    .size = sizeof(session),
    .open = mysql_session_open,
    .close = mysql_session_close,
    .describe = mysql_session_describe,
    .ping = mysql_session_ping,
    .create = mysql_session_create,
    .cancel = mysql_session_cancel,
    .diagnose = mysql_session_diagnose,
};

static const struct dara_introspect_ops introspect = {
    .size = sizeof(introspect),
    .kinds = mysql_kinds,
    .read = mysql_introspect_read,
    .count_rows = mysql_introspect_count_rows,
};

DARA_DRIVER_DEFINE(mysql, .version = DARA_VERSION, .description = "MySQL 8.0, MariaDB 10.5 and newer",
                   .schemes = schemes, .url_help = "mysql://USER@HOST/DATABASE", .session = &session,
                   .introspect = &introspect);
