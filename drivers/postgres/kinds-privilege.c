/* SPDX-License-Identifier: MIT */
/* Rights, settings and labels: what is attached to objects, and what belongs to the database. Values are written as kinds.c says. */
#include "kinds.h"

/* What has rights of its own, and what can carry a security label. */
#define GRANTABLE                                                                                                   \
    "namespace|type|sequence|routine|language|foreign_data_wrapper|foreign_server|table|foreign_table|column|view|" \
    "materialized_view"
#define LABELED                                                                                                 \
    "namespace|type|sequence|routine|language|table|foreign_table|column|view|materialized_view|event_trigger|" \
    "publication|subscription"
/*
 * Rights are those that differ from what an object has by itself, one object of the model for each grantee (and grantor, where that is not
 * the owner): without one, a role has nothing, and everybody and the owner have what PostgreSQL gives them. `privileges` (sorted) is what
 * it has instead, `grantable` what of it may be passed on. grantee: "public" | "owner" (whoever that is: keys do not name him, so that
 * schemas with other owners compare equal) | "role"; role: its name, plain, also of the owner; grantor: only where that is not the owner;
 * column: of a view, whose columns are no objects; on (of a column): the sequence of the identity, ready for SQL. What is granted on
 * a table stands before what is granted on its columns
 */
/* clang-format off */
#define RIGHT {"privileges", ALTER}, {"grantable", ALTER}, {"grantee", INFO}, {"role", INFO}, {"grantor", INFO}
/* clang-format on */
KIND_NAMED(, postgres_privilege_kind, privilege, "privileges", GRANTABLE, 200, DARA_KIND_PRIVILEGE, RIGHT,
           {"column", INFO}, {"on", INFO});
/* Rights on what the system or an extension brought, and on the database: the difference from `initial`. on: ready for SQL, "TABLE
 * pg_catalog.pg_authid"; "DATABASE" alone is the one we are in */
KIND_NAMED(, postgres_system_privilege_kind, system_privilege, "privileges on system objects", NULL, 201,
           DARA_KIND_PRIVILEGE, RIGHT, {"column", INFO}, {"on", INFO}, {"initial", INFO});
/* What a role (of) gives away with each object that it makes. objects: tables | sequences | routines | types | schemas | large objects */
KIND_NAMED(, postgres_default_privilege_kind, default_privilege, "default privileges", NULL, 202, DARA_KIND_PRIVILEGE,
           RIGHT, {"of", INFO}, {"objects", INFO});
/* Of the database, or of a role in it */
KIND_NAMED(, postgres_setting_kind, setting, "settings", NULL, 203, DARA_KIND_SESSION, {"value", ALTER},
           {"parameter", INFO}, {"role", INFO});
/* DEPENDS ON EXTENSION: falls when the extension is dropped, which it is no member of */
KIND_NAMED(, postgres_extension_dependence_kind, extension_dependence, "dependences on extensions",
           "routine|trigger|materialized_view|index", 205, 0, {"extension", INFO});
KIND_NAMED(, postgres_security_label_kind, security_label, "security labels", LABELED, 204, 0, {"label", ALTER},
           {"column", INFO});
