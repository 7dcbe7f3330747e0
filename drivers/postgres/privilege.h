/* SPDX-License-Identifier: MIT */
/* Owners, rights, settings and security labels as statements. How the values of properties are written: kinds.c. */
#ifndef DARA_POSTGRES_PRIVILEGE_H
#define DARA_POSTGRES_PRIVILEGE_H

#include "render.h"

/* What a statement about rights names. */
struct postgres_right {
    const struct dara_object
        *on; /* an object with rights, or a default privilege, or a right on what the system brought */
    const char *column, *what; /* may be NULL; `what` is ready for SQL */
    const char *grantee;       /* "public" | "owner" | "role" */
    const char *role;          /* NULL with "owner": whoever runs the statement */
    const char *grantor;       /* NULL: the owner */
};

/* The right that an object of the model is. Where its grantee is the owner, that is `owner`. */
struct postgres_right postgres_right_of(const struct dara_object *privilege, const char *owner);
/* GRANT or REVOKE; `count` privileges, or all with `privileges` NULL; nothing where there are none. With `option`: WITH GRANT OPTION, GRANT
 * OPTION FOR. What another than the owner gave is given as that role. */
void postgres_render_grant(struct postgres_writer *writer, const struct postgres_right *right,
                           const char *const *privileges, size_t count, bool option);
void postgres_render_revoke(struct postgres_writer *writer, const struct postgres_right *right,
                            const char *const *privileges, size_t count, bool option);
/* Back to what the grantee has by itself: nothing, or what PostgreSQL gives to everybody and the owner. */
void postgres_render_usual(struct postgres_writer *writer, const struct postgres_right *right);
/* The same for what the system brought. */
void postgres_render_initial(struct postgres_writer *writer, const struct dara_object *privilege);
/* From what the grantee has by itself to what the object of the model says; `owner` as above. */
void postgres_render_privilege(struct postgres_writer *writer, const struct dara_object *privilege, const char *owner);

/* A statement with the name of the database between `before` and `after`: the database is called as it is where the statement runs. */
void postgres_write_on_database(struct postgres_writer *writer, const char *before, const char *after);

/* ALTER … OWNER TO …; nothing where the object has no owner or takes it from another (a sequence that a column owns). */
void postgres_render_owner(struct postgres_writer *writer, const struct dara_object *object, const char *owner);
/* ALTER DATABASE | ROLE … SET, or RESET without `set`. */
void postgres_render_setting(struct postgres_writer *writer, const struct dara_object *setting, bool set);
/* ALTER … DEPENDS ON EXTENSION, or NO DEPENDS without `depends`. */
void postgres_render_dependence(struct postgres_writer *writer, const struct dara_object *dependence, bool depends);
/* SECURITY LABEL …; NULL takes it away. */
void postgres_render_label(struct postgres_writer *writer, const struct dara_object *label, const char *text);

#endif
