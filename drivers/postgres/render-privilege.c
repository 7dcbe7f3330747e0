/* SPDX-License-Identifier: MIT */
/* Rights as statements. */
#include "privilege.h"

#include <stdlib.h>
#include <string.h>

struct postgres_right postgres_right_of(const struct dara_object *privilege, const char *owner)
{
    const char *grantee = dara_object_text(privilege, "grantee");
    bool apart = !postgres_is(privilege, "privilege");
    bool is_owner = grantee && strcmp(grantee, "owner") == 0;
    return (struct postgres_right){.on = apart ? privilege : dara_object_owner(privilege),
                                   .column = dara_object_text(privilege, "column"),
                                   .what = dara_object_text(privilege, "on"),
                                   .grantee = grantee ? grantee : "role",
                                   .role = is_owner && !apart ? owner : dara_object_text(privilege, "role"),
                                   .grantor = dara_object_text(privilege, "grantor")};
}

static bool is_grantee(const struct postgres_right *right, const char *grantee)
{
    return strcmp(right->grantee, grantee) == 0;
}

/* ---- what they are on --------------------------------------------------------------------------------------------------- */

/* Arguments as a call would have them: of an ordered-set aggregate without ORDER BY between them. */
static void write_aggregate(struct postgres_writer *writer, const struct dara_object *routine)
{
    static const char between[] = " ORDER BY ", first[] = "ORDER BY ";
    const char *name = dara_object_name(routine), *key = dara_object_key(routine);
    const char *arguments = key + strlen(name), *order = strstr(arguments, between);
    postgres_write_qualified(writer, postgres_space(routine), name);
    if (strncmp(arguments + 1, first, sizeof(first) - 1) == 0) {
        postgres_write_format(writer, "(%s", arguments + sizeof(first));
        return;
    }
    if (!order) {
        postgres_write(writer, arguments);
        return;
    }
    size_t direct = (size_t)(order - arguments) - 1;
    const char *rest = order + sizeof(between) - 1;
    /* A hypothetical-set aggregate with VARIADIC "any" has it on both sides and takes it once. */
    if (strncmp(arguments + 1, "VARIADIC ", 9) == 0 && strncmp(rest, arguments + 1, direct) == 0)
        postgres_write_format(writer, "(%s", rest);
    else
        postgres_write_format(writer, "(%.*s, %s", (int)direct, arguments + 1, rest);
}

static void write_on_object(struct postgres_writer *writer, const struct dara_object *on)
{
    static const char *const tables[] = {"table", "view", "materialized_view", "foreign_table"};
    const char *word = postgres_word(on);
    if (postgres_is(on, "column"))
        on = dara_object_owner(on);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (postgres_is(on, tables[i]))
            word = "TABLE";
    if (postgres_is(on, "routine"))
        word = "ROUTINE";
    if (postgres_is(on, "foreign_server"))
        word = "FOREIGN SERVER";
    postgres_write_format(writer, "%s ", strcmp(word, "DOMAIN") == 0 ? "TYPE" : word);
    if (postgres_is(on, "routine") && postgres_has_text(on, "type", "aggregate"))
        write_aggregate(writer, on);
    else
        postgres_write_object(writer, on);
}

/* "tables" → "TABLES" */
static void write_upper(struct postgres_writer *writer, const char *words)
{
    for (; words && *words; words++)
        postgres_write_format(writer, "%c", *words >= 'a' && *words <= 'z' ? *words - 'a' + 'A' : *words);
}

static bool is_on_database(const struct postgres_right *right)
{
    return right->what && strcmp(right->what, "DATABASE") == 0;
}

static void write_on(struct postgres_writer *writer, const struct postgres_right *right)
{
    if (postgres_is(right->on, "default_privilege"))
        write_upper(writer, dara_object_text(right->on, "objects"));
    else if (right->what)
        postgres_write(writer, right->what);
    else
        write_on_object(writer, right->on);
}

static void write_grantee(struct postgres_writer *writer, const struct postgres_right *right)
{
    if (is_grantee(right, "public"))
        postgres_write(writer, "PUBLIC");
    else if (right->role)
        postgres_write_name(writer, right->role);
    else
        postgres_write(writer, "CURRENT_USER");
}

/* Of which column, where it is of one: its sequence is none. */
static const char *column_of(const struct postgres_right *right)
{
    if (right->column)
        return right->column;
    return postgres_is(right->on, "column") && !right->what ? dara_object_name(right->on) : NULL;
}

static void write_privileges(struct postgres_writer *writer, const struct postgres_right *right,
                             const char *const *privileges, size_t count)
{
    const char *column = column_of(right);
    for (size_t i = 0; i < (privileges ? count : 1); i++) {
        postgres_write_format(writer, "%s%s", i ? ", " : "", privileges ? privileges[i] : "ALL");
        if (!column)
            continue;
        postgres_write(writer, " (");
        postgres_write_name(writer, column);
        postgres_write(writer, ")");
    }
}

/* ---- statements --------------------------------------------------------------------------------------------------------- */

static void write_beginning(struct postgres_writer *writer, const struct postgres_right *right)
{
    if (right->grantor) {
        postgres_write(writer, "SET ROLE ");
        postgres_write_name(writer, right->grantor);
        postgres_write_end(writer, 0, "this right is not the owner's to give: another role gave it");
    }
    if (!postgres_is(right->on, "default_privilege"))
        return;
    postgres_write(writer, "ALTER DEFAULT PRIVILEGES FOR ROLE ");
    postgres_write_name(writer, dara_object_text(right->on, "of"));
    postgres_write_optional_name(writer, " IN SCHEMA ", dara_object_space(right->on));
    postgres_write(writer, " ");
}

static void write_ending(struct postgres_writer *writer, const struct postgres_right *right)
{
    postgres_write_end(writer, 0, NULL);
    if (!right->grantor)
        return;
    postgres_write(writer, "RESET ROLE");
    postgres_write_end(writer, 0, NULL);
}

void postgres_write_on_database(struct postgres_writer *writer, const char *before, const char *after)
{
    struct postgres_writer block = {.text = NULL};
    postgres_write(&block, "BEGIN EXECUTE pg_catalog.concat(");
    postgres_write_literal(&block, before);
    postgres_write(&block, ", pg_catalog.quote_ident(pg_catalog.current_database()), ");
    postgres_write_literal(&block, after);
    postgres_write(&block, "); END");
    postgres_write(writer, "DO ");
    postgres_write_literal(writer, block.text);
    postgres_writer_free(&block);
}

static void render(struct postgres_writer *writer, const struct postgres_right *right, const char *verb,
                   const char *const *privileges, size_t count, const char *to, const char *end)
{
    struct postgres_writer before = {.text = NULL}, after = {.text = NULL};
    if (privileges && !count)
        return;
    postgres_write(&before, verb);
    write_privileges(&before, right, privileges, count);
    postgres_write(&before, " ON ");
    write_on(&before, right);
    postgres_write(&after, to);
    write_grantee(&after, right);
    postgres_write(&after, end);
    write_beginning(writer, right);
    if (is_on_database(right)) {
        postgres_write(&before, " ");
        postgres_write_on_database(writer, before.text, after.text);
    } else {
        postgres_write(writer, before.text);
        postgres_write(writer, after.text);
    }
    write_ending(writer, right);
    postgres_writer_free(&before);
    postgres_writer_free(&after);
}

void postgres_render_grant(struct postgres_writer *writer, const struct postgres_right *right,
                           const char *const *privileges, size_t count, bool option)
{
    render(writer, right, "GRANT ", privileges, count, " TO ", option ? " WITH GRANT OPTION" : NULL);
}

void postgres_render_revoke(struct postgres_writer *writer, const struct postgres_right *right,
                            const char *const *privileges, size_t count, bool option)
{
    render(writer, right, option ? "REVOKE GRANT OPTION FOR " : "REVOKE ", privileges, count, " FROM ", NULL);
}

/* ---- what there is by itself -------------------------------------------------------------------------------------------- */

/* What everybody may do with an object that nobody said otherwise of; NULL: nothing. */
static const char *usual_of_public(const struct postgres_right *right)
{
    static const struct {
        const char *kind, *privilege;
    } usual[] = {
        {"routine", "EXECUTE"}, {"routines", "EXECUTE"}, {"type", "USAGE"}, {"types", "USAGE"}, {"language", "USAGE"}};
    const char *kind = dara_object_kind(right->on)->name;
    if (postgres_is(right->on, "default_privilege")) /* in one schema it comes on top of what there is */
        kind = dara_object_space(right->on) ? "" : dara_object_text(right->on, "objects");
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        if (kind && strcmp(usual[i].kind, kind) == 0)
            return usual[i].privilege;
    return NULL;
}

static bool has_all(const struct postgres_right *right)
{
    bool on_top = postgres_is(right->on, "default_privilege") && dara_object_space(right->on);
    return is_grantee(right, "owner") && !right->grantor && !column_of(right) && !on_top;
}

/* Whether the grantee has anything by itself. Every database begins with a schema public that all may use. */
static bool has_usual(const struct postgres_right *right)
{
    if (!is_grantee(right, "public") || right->grantor || column_of(right))
        return has_all(right);
    return usual_of_public(right) ||
           (postgres_is(right->on, "namespace") && strcmp(dara_object_name(right->on), "public") == 0);
}

void postgres_render_usual(struct postgres_writer *writer, const struct postgres_right *right)
{
    const char *usual = is_grantee(right, "public") && !right->grantor ? usual_of_public(right) : NULL;
    if (has_all(right)) {
        postgres_render_revoke(writer, right, NULL, 0, true);
        postgres_render_grant(writer, right, NULL, 0, false);
    } else {
        postgres_render_revoke(writer, right, NULL, 0, false);
        if (usual)
            postgres_render_grant(writer, right, &usual, 1, false);
    }
}

void postgres_render_initial(struct postgres_writer *writer, const struct dara_object *privilege)
{
    const struct postgres_right right = postgres_right_of(privilege, NULL);
    const char *const *initial = NULL;
    size_t count = dara_object_list(privilege, "initial", &initial);
    postgres_render_revoke(writer, &right, NULL, 0, false);
    if (count)
        postgres_render_grant(writer, &right, initial, count, false);
}

static bool holds(const char *const *list, size_t count, const char *item)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], item) == 0)
            return true;
    return false;
}

void postgres_render_privilege(struct postgres_writer *writer, const struct dara_object *privilege, const char *owner)
{
    const struct postgres_right right = postgres_right_of(privilege, owner);
    const char *const *all = NULL, *const *grantable = NULL;
    size_t count = dara_object_list(privilege, "privileges", &all), plain = 0;
    size_t grantable_count = dara_object_list(privilege, "grantable", &grantable);
    const char **items = calloc(count + 1, sizeof(*items));
    if (!items)
        dara_error_out_of_memory();
    for (size_t i = 0; i < count; i++)
        if (!holds(grantable, grantable_count, all[i]))
            items[plain++] = all[i];
    if (has_usual(&right) || dara_object_list(privilege, "initial", NULL))
        postgres_render_revoke(writer, &right, NULL, 0, false);
    postgres_render_grant(writer, &right, items, plain, false);
    if (grantable_count)
        postgres_render_grant(writer, &right, grantable, grantable_count, true);
    free(items);
}
