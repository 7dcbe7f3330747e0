/* SPDX-License-Identifier: MIT */
/* Owners, settings and security labels as statements, and what a snapshot holds only where it was asked for. */
#include "privilege.h"

#include <stdlib.h>
#include <string.h>

/* ---- owners ------------------------------------------------------------------------------------------------------------- */

void postgres_render_owner(struct postgres_writer *writer, const struct dara_object *object, const char *owner)
{
    if (!owner)
        return;
    postgres_write_alter(writer, object, false);
    postgres_write(writer, " OWNER TO ");
    postgres_write_name(writer, owner);
    postgres_write_end(writer, 0, NULL);
}

/* ---- settings ----------------------------------------------------------------------------------------------------------- */

/* Settings whose value is a list of names, as the catalog has it: each is quoted there where it needs it. */
static bool is_list(const char *parameter)
{
    static const char *const lists[] = {"local_preload_libraries",  "search_path",      "session_preload_libraries",
                                        "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories"};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (strcmp(lists[i], parameter) == 0)
            return true;
    return false;
}

/* The next name of a list, as a string constant. Returns what follows it. */
static const char *write_item(struct postgres_writer *writer, const char *list)
{
    size_t length = 0;
    char *item = malloc(strlen(list) + 1);
    if (!item)
        dara_error_out_of_memory();
    bool quoted = *list == '"';
    for (list += quoted; *list && (quoted || (*list != ',' && *list != ' ')); list++) {
        if (quoted && *list == '"' && *++list != '"')
            break;
        item[length++] = *list;
    }
    item[length] = '\0';
    postgres_write_literal(writer, item);
    free(item);
    return list + strspn(list, ", ");
}

static void write_value(struct postgres_writer *writer, const char *parameter, const char *value)
{
    if (!is_list(parameter) || !*value) {
        postgres_write_literal(writer, value);
        return;
    }
    for (bool first = true; *value; first = false) {
        postgres_write(writer, first ? "" : ", ");
        value = write_item(writer, value);
    }
}

void postgres_render_setting(struct postgres_writer *writer, const struct dara_object *setting, bool set)
{
    const char *parameter = dara_object_text(setting, "parameter"), *role = dara_object_text(setting, "role");
    struct postgres_writer before = {.text = NULL}, after = {.text = NULL};
    postgres_write(&before, "ALTER ");
    if (role) {
        postgres_write(&before, "ROLE ");
        postgres_write_name(&before, role);
        postgres_write(&before, " IN ");
    }
    postgres_write(&before, "DATABASE ");
    postgres_write(&after, set ? " SET " : " RESET ");
    postgres_write_name(&after, parameter);
    if (set) {
        postgres_write(&after, " TO ");
        write_value(&after, parameter, dara_object_text(setting, "value"));
    }
    postgres_write_on_database(writer, before.text, after.text);
    postgres_write_end(writer, 0, NULL);
    postgres_writer_free(&before);
    postgres_writer_free(&after);
}

/* ---- security labels ---------------------------------------------------------------------------------------------------- */

void postgres_render_label(struct postgres_writer *writer, const struct dara_object *label, const char *text)
{
    const struct dara_object *on = dara_object_owner(label);
    const char *column = dara_object_text(label, "column");
    postgres_write(writer, "SECURITY LABEL FOR ");
    postgres_write_name(writer, dara_object_name(label));
    postgres_write_format(writer, " ON %s ", column ? "COLUMN" : postgres_word(on));
    if (postgres_is(on, "column")) {
        column = dara_object_name(on);
        on = dara_object_owner(on);
    }
    postgres_write_object(writer, on);
    postgres_write_optional_name(writer, ".", column);
    postgres_write(writer, " IS ");
    postgres_write_literal(writer, text);
    postgres_write_end(writer, 0, NULL);
}

/* ---- what falls with an extension --------------------------------------------------------------------------------------- */

void postgres_render_dependence(struct postgres_writer *writer, const struct dara_object *dependence, bool depends)
{
    const struct dara_object *object = dara_object_owner(dependence);
    if (postgres_is(object, "trigger")) {
        postgres_write(writer, "ALTER TRIGGER ");
        postgres_write_name(writer, dara_object_name(object));
        postgres_write(writer, " ON ");
        postgres_write_object(writer, dara_object_owner(object));
    } else {
        postgres_write_alter(writer, object, false);
    }
    postgres_write(writer, depends ? " DEPENDS ON EXTENSION " : " NO DEPENDS ON EXTENSION ");
    postgres_write_name(writer, dara_object_name(dependence));
    postgres_write_end(writer, 0, NULL);
}

/* ---- snapshots ---------------------------------------------------------------------------------------------------------- */

/* Every new database has the schema public, and gives everybody a right on it. */
static bool is_public_without_right(const struct dara_object *object)
{
    const struct dara_object *right = NULL;
    if (!postgres_is(object, "namespace") || strcmp(dara_object_name(object), "public") != 0)
        return false;
    while ((right = dara_object_owned(object, "privilege", right)))
        if (postgres_has_text(right, "grantee", "public") && !dara_object_has(right, "grantor"))
            return false;
    return true;
}

int postgres_dialect_render_asked(const struct dara_object *object, unsigned scope, struct dara_text *out)
{
    struct postgres_writer writer = {.out = out};
    if (dara_object_kind(object)->flags & DARA_KIND_PRIVILEGE) {
        postgres_render_privilege(&writer, object, scope & DARA_SCOPE_OWNER ? dara_object_text(object, "role") : NULL);
    } else if (postgres_is(object, "setting")) {
        postgres_render_setting(&writer, object, true);
    } else {
        const struct postgres_right right = {.on = object, .grantee = "public"};
        if (scope & DARA_SCOPE_OWNER)
            postgres_render_owner(&writer, object, dara_object_text(object, "owner"));
        if ((scope & DARA_SCOPE_PRIVILEGES) && is_public_without_right(object))
            postgres_render_usual(&writer, &right);
    }
    postgres_writer_free(&writer);
    return 0;
}
