/* SPDX-License-Identifier: MIT */
/* Another name, or another schema, for an object that stays what it is. What mentions it follows by itself: the server knows it by number. */
#include <string.h>

#include "render.h"

/* How the new name is said, and whether the object can move to another schema. */
enum form { PLAIN, COLUMN, CONSTRAINT, ON_OWNER };

static const struct form_of {
    const char *kind;
    enum form form;
    bool moves;
} forms[] = {
    {"column", COLUMN, false},
    {"constraint", CONSTRAINT, false},
    {"domain_constraint", CONSTRAINT, false},
    {"rule", ON_OWNER, false},
    {"trigger", ON_OWNER, false},
    {"policy", ON_OWNER, false},
    {"namespace", PLAIN, false},
    {"index", PLAIN, false},
    {"event_trigger", PLAIN, false},
    {"language", PLAIN, false},
    {"foreign_data_wrapper", PLAIN, false},
    {"foreign_server", PLAIN, false},
    {"publication", PLAIN, false},
    {"subscription", PLAIN, false},
    {"table", PLAIN, true},
    {"foreign_table", PLAIN, true},
    {"view", PLAIN, true},
    {"materialized_view", PLAIN, true},
    {"sequence", PLAIN, true},
    {"type", PLAIN, true},
    {"routine", PLAIN, true},
    {"statistics", PLAIN, true},
    {"collation", PLAIN, true},
    {"conversion", PLAIN, true},
    {"text_search_dictionary", PLAIN, true},
    {"text_search_configuration", PLAIN, true},
    {"text_search_parser", PLAIN, true},
    {"text_search_template", PLAIN, true},
};

static const struct form_of *find_form(const struct dara_object *object)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        if (postgres_is(object, forms[i].kind))
            return &forms[i];
    return NULL;
}

static void write_begin(struct postgres_writer *writer, const struct dara_object *object, enum form form)
{
    const struct dara_object *owner = dara_object_owner(object);
    if (form == ON_OWNER) {
        postgres_write_format(writer, "ALTER %s ", postgres_word(object));
        postgres_write_name(writer, dara_object_name(object));
        postgres_write(writer, " ON ");
        postgres_write_object(writer, owner);
    } else {
        postgres_write_alter(writer, form == PLAIN ? object : owner, false);
    }
    postgres_write(writer, form == COLUMN ? " RENAME COLUMN " : form == CONSTRAINT ? " RENAME CONSTRAINT " : " RENAME");
    if (form == COLUMN || form == CONSTRAINT)
        postgres_write_name(writer, dara_object_name(object));
    postgres_write(writer, " TO ");
}

/* The object has its new name by then; a routine has its arguments still, which its key has behind the name. */
static void write_move(struct postgres_writer *writer, const struct dara_object *object, const char *space,
                       const char *name)
{
    const char *key = dara_object_key(object), *rest = key + strlen(dara_object_name(object));
    postgres_write_format(writer, "ALTER %s ", postgres_word(object));
    postgres_write_qualified(writer, dara_object_space(object), name);
    postgres_write(writer, postgres_is(object, "routine") ? rest : "");
    postgres_write(writer, " SET SCHEMA ");
    postgres_write_name(writer, space);
}

int postgres_dialect_rename(const struct dara_object *object, const char *space, const char *name,
                            struct dara_plan *plan)
{
    struct postgres_writer writer = {.plan = plan};
    const struct form_of *form = find_form(object);
    const char *old_space = dara_object_space(object);
    bool moves = space && old_space && strcmp(space, old_space) != 0;
    if (!form || (moves && !form->moves)) {
        dara_error_set(DARA_EUNSUPPORTED, "the server cannot %s a %s", form ? "move to another schema" : "rename",
                       dara_object_kind(object)->name);
        dara_error_hint("leave the --rename out: it is dropped and made again");
        return DARA_EUNSUPPORTED;
    }
    if (strcmp(name, dara_object_name(object)) != 0) {
        write_begin(&writer, object, form->form);
        postgres_write_name(&writer, name);
        postgres_write_end(&writer, 0, NULL);
    }
    if (moves) {
        write_move(&writer, object, space, name);
        postgres_write_end(&writer, 0, NULL);
    }
    postgres_writer_free(&writer);
    return 0;
}
