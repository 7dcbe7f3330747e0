/* SPDX-License-Identifier: MIT */
/*
 * --rename OLD=NEW: what is in the schema before keeps its rows under another name. A plan then has two parts. First the objects are
 * renamed; what the engine makes of everything that mentions them is not guessed: the schema before is made on a scratch database, and
 * renamed there. Then comes the plan from what that gave to the schema after.
 */
#ifndef DARA_SERVICE_RENAME_H
#define DARA_SERVICE_RENAME_H

#include "report/report.h"
#include "service/context.h"

struct dara_rename {
    const struct dara_object *object; /* of the model before */
    const char *space;                /* where it is afterwards; NULL where it is in none */
    const char *name;
    const char *option; /* as given; NULL for a way back */
    const char *via;    /* a name between, for a circle; NULL: one is made up where it is needed */
};

/* One name for another that is free by then. */
struct dara_rename_move {
    const struct dara_object *object; /* as it is called at that moment */
    const char *space, *name;
    const char *option; /* that says the same; NULL for a way back */
    size_t steps;       /* statements of the plan that serve it */
};

struct dara_renames {
    size_t count, move_count, move_room;
    struct dara_rename *items; /* in the order they are shown */
    struct dara_rename_move
        *moves;               /* in the order they run: one for an item, two where it goes by way of another name */
    struct dara_plan *plan;   /* the statements */
    struct dara_model *moved; /* `before` as it is after them */
    struct dara_arena *arena;
};

/* Read the options of the context (`context->renames`), look up what they name in both models, and find what comes of it. Without such
 * options `*ret_renames` is NULL. DARA_EUSAGE: a name that is not there, or names several objects; DARA_EUNSUPPORTED: the engine cannot
 * rename this kind, or has no scratch database. `before` must outlive the result. */
int dara_renames_new(struct dara_context *context, const struct dara_model *before, const struct dara_model *after,
                     struct dara_renames **ret_renames);
/* The way back: the same objects of `after` under their old names. `after` must outlive the result. */
int dara_renames_back(struct dara_context *context, const struct dara_renames *renames, const struct dara_model *after,
                      struct dara_renames **ret_back);
struct dara_renames *dara_renames_free(struct dara_renames *renames); /* accepts NULL, returns NULL */
static inline void dara_renames_free_local(struct dara_renames **renames)
{
    dara_renames_free(*renames);
}
#define DARA_RENAMES_LOCAL DARA_CLEANUP(dara_renames_free_local) struct dara_renames *

/* The model that a diff begins with: `before`, or what the renames make of it. */
const struct dara_model *dara_renames_moved(const struct dara_renames *renames, const struct dara_model *before);
/* What an object of the moved model is in `before`, or NULL. `renames` may be NULL. */
const struct dara_object *dara_renames_origin(const struct dara_renames *renames, const struct dara_model *before,
                                              const struct dara_object *object);
/* rename-order.c: put the items in order and find the moves that come to them. Names that go round (a to b, b to a) are parted by a name that nothing
 * in `before` has. */
void dara_renames_order(struct dara_renames *renames, const struct dara_model *before);
/* A table of what is renamed; nothing where `renames` is NULL. */
void dara_renames_show(struct dara_report *report, const struct dara_renames *renames);
/* rename-hint.c: what goes while something of the same shape comes may be meant as a rename: a hint for each pair that leaves no doubt.
 * `diff` begins with `before`, or with what the renames made of it. */
void dara_renames_hint(struct dara_report *report, const struct dara_diff *diff, const struct dara_renames *renames,
                       const struct dara_model *before);

/* rename-name.c: names as they stand in an option: parts of a path, joined by dots, "quoted" where they hold one of . = : " */
struct dara_path {
    const char *kind; /* NULL: any */
    size_t count;
    const char *parts[4];
};
/* Split "OLD=NEW". Strings in the arena. DARA_EUSAGE. */
int dara_path_split(struct dara_arena *arena, const char *text, struct dara_path *ret_old, struct dara_path *ret_new);
/* The one object that a path names; DARA_EUSAGE where there is none, or several. */
int dara_path_find(const struct dara_model *model, const struct dara_path *path, const char *option,
                   const struct dara_object **ret_object);
/* Whether a path names an object, among others perhaps. */
bool dara_path_matches(const struct dara_path *path, const struct dara_object *object);
/* "KIND:OLD=NEW" for an object, in the arena. */
const char *dara_rename_option(struct dara_arena *arena, const struct dara_object *object, const char *space,
                               const struct dara_path *new);
/* Append the path of an object as it could stand in an option. */
void dara_path_add(const struct dara_object *object, struct dara_text *out);

#endif
