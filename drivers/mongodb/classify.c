/* SPDX-License-Identifier: MIT */
/* Commands that are looked into: what they make, use, change and drop, and what is dangerous about them. */
#include <string.h>

#include "command.h"
#include "mg.h"

/* ---- helpers ------------------------------------------------------------------------------------------------------------------------ */

static void object(struct mongodb_look *look, enum dara_role role, const char *kind, const char *key)
{
    if (look->facts && key)
        dara_facts_object(look->facts, role, kind, NULL, key);
}

static void hazard(struct mongodb_look *look, const char *rule, bool destroys, const char *message)
{
    if (look->facts)
        dara_facts_hazard(look->facts, rule, destroys, message);
}

static const char *target(const struct mongodb_look *look)
{
    return mongodb_command_target(look->command);
}

static bool find(const bson_t *document, const char *name, bson_iter_t *ret_value)
{
    return bson_iter_init_find(ret_value, document, name);
}

static const char *find_text(const bson_t *document, const char *name)
{
    bson_iter_t value;
    return find(document, name, &value) && BSON_ITER_HOLDS_UTF8(&value) ? bson_iter_utf8(&value, NULL) : NULL;
}

static bool find_inside(const bson_iter_t *document, const char *name, bson_iter_t *ret_value)
{
    return BSON_ITER_HOLDS_DOCUMENT(document) && bson_iter_recurse(document, ret_value) &&
           bson_iter_find(ret_value, name);
}

static bool is_empty(const bson_iter_t *document)
{
    bson_iter_t inside;
    return BSON_ITER_HOLDS_DOCUMENT(document) && bson_iter_recurse(document, &inside) && !bson_iter_next(&inside);
}

/* Each document of an array. */
static bool each(const bson_t *document, const char *name, bson_iter_t *ret_items)
{
    bson_iter_t value;
    return find(document, name, &value) && BSON_ITER_HOLDS_ARRAY(&value) && bson_iter_recurse(&value, ret_items);
}

static bool is_own(const char *collection)
{
    return collection && (!strcmp(collection, MONGODB_HISTORY) || !strcmp(collection, MONGODB_JOURNAL) ||
                          !strcmp(collection, MONGODB_LOCK));
}

/* Documents of a collection are written; it may come into being where it is not there. */
static void writes(struct mongodb_look *look, const char *collection, bool makes, bool changes)
{
    if (is_own(collection))
        hazard(look, "change-history", true, "the command writes to dara's own collection");
    if (makes)
        object(look, DARA_ROLE_MAKES_IF_ABSENT, "collection", collection);
    if (changes)
        object(look, DARA_ROLE_CHANGES, "collection", collection);
}

/* ---- the schema --------------------------------------------------------------------------------------------------------------------- */

void mongodb_look_create(struct mongodb_look *look)
{
    const char *from = find_text(look->command->document, "viewOn");
    if (from) {
        look->command->kind = "create view";
        object(look, DARA_ROLE_USES, NULL, from);
    }
    object(look, DARA_ROLE_MAKES, from ? "view" : "collection", target(look));
}

void mongodb_look_change(struct mongodb_look *look)
{
    const char *from = find_text(look->command->document, "viewOn");
    if (is_own(target(look)))
        hazard(look, "change-history", true, "the command changes dara's own collection");
    object(look, DARA_ROLE_CHANGES, from ? "view" : NULL, target(look));
    if (from)
        object(look, DARA_ROLE_USES, NULL, from);
}

void mongodb_look_indexes(struct mongodb_look *look)
{
    bson_iter_t items, name;
    object(look, DARA_ROLE_MAKES_IF_ABSENT, "collection", target(look));
    object(look, DARA_ROLE_CHANGES, "collection", target(look));
    for (bool any = each(look->command->document, "indexes", &items); any && bson_iter_next(&items);)
        if (look->facts && target(look) && find_inside(&items, "name", &name) && BSON_ITER_HOLDS_UTF8(&name))
            dara_facts_owned(look->facts, DARA_ROLE_MAKES_IF_ABSENT, "index", NULL, target(look),
                             bson_iter_utf8(&name, NULL));
}

static void drop_index(struct mongodb_look *look, const bson_iter_t *name)
{
    if (look->facts && target(look) && BSON_ITER_HOLDS_UTF8(name) && strcmp(bson_iter_utf8(name, NULL), "*") != 0)
        dara_facts_owned(look->facts, DARA_ROLE_DROPS, "index", NULL, target(look), bson_iter_utf8(name, NULL));
}

void mongodb_look_drop_indexes(struct mongodb_look *look)
{
    bson_iter_t name, items;
    object(look, DARA_ROLE_USES, "collection", target(look));
    hazard(look, "drop-index", false, "queries may become slow without the index");
    if (!find(look->command->document, "index", &name))
        return;
    drop_index(look, &name);
    for (bool any = each(look->command->document, "index", &items); any && bson_iter_next(&items);)
        drop_index(look, &items);
}

void mongodb_look_drop(struct mongodb_look *look)
{
    if (is_own(target(look)))
        hazard(look, "change-history", true, "the command drops dara's own collection");
    object(look, DARA_ROLE_DROPS, NULL, target(look));
    hazard(look, "drop-table", true, "drop destroys the collection's documents, unless it is a view");
}

/* The server wants whole names, "database.collection"; here they are those of the database that is connected to. */
void mongodb_look_rename(struct mongodb_look *look)
{
    bson_iter_t value;
    object(look, DARA_ROLE_DROPS, NULL, target(look));
    object(look, DARA_ROLE_MAKES, "collection", find_text(look->command->document, "to"));
    hazard(look, "rename-table", false, "programs that name the old collection find nothing, and make it anew");
    if (find(look->command->document, "dropTarget", &value) && bson_iter_as_bool(&value))
        hazard(look, "drop-table", true, "dropTarget destroys the documents of the collection that has the name");
}

/* ---- documents ---------------------------------------------------------------------------------------------------------------------- */

void mongodb_look_insert(struct mongodb_look *look)
{
    writes(look, target(look), true, false);
}

/* Whether it takes something out of documents: {"$unset": …}, {"$rename": …}, or stages and whole documents. */
static bool unsets(const bson_iter_t *change)
{
    bson_iter_t field;
    if (!BSON_ITER_HOLDS_DOCUMENT(change))
        return false;
    return find_inside(change, "$unset", &field);
}

void mongodb_look_update(struct mongodb_look *look)
{
    bson_iter_t items, value;
    bool makes = false, all = false, unset = false;
    for (bool any = each(look->command->document, "updates", &items); any && bson_iter_next(&items);) {
        bool every = find_inside(&items, "multi", &value) && bson_iter_as_bool(&value) &&
                     find_inside(&items, "q", &value) && is_empty(&value);
        makes |= find_inside(&items, "upsert", &value) && bson_iter_as_bool(&value);
        unset |= every && find_inside(&items, "u", &value) && unsets(&value);
        all |= every;
    }
    writes(look, target(look), makes, true);
    if (unset)
        hazard(look, "drop-column", true, "$unset in every document destroys the field's values");
    else if (all)
        hazard(look, "update-without-where", true, "an update without a condition writes every document");
}

void mongodb_look_delete(struct mongodb_look *look)
{
    bson_iter_t items, value;
    bool all = false;
    for (bool any = each(look->command->document, "deletes", &items); any && bson_iter_next(&items);) {
        bool one = find_inside(&items, "limit", &value) && bson_iter_as_int64(&value) == 1;
        all |= !one && find_inside(&items, "q", &value) && is_empty(&value);
    }
    writes(look, target(look), false, true);
    if (all)
        hazard(look, "delete-without-where", true, "a delete without a condition removes every document");
}

void mongodb_look_modify(struct mongodb_look *look)
{
    bson_iter_t value;
    bool makes = find(look->command->document, "upsert", &value) && bson_iter_as_bool(&value);
    writes(look, target(look), makes, true);
}

/* {"bulkWrite": 1, "ops": […], "nsInfo": [{"ns": "database.collection"}]} */
void mongodb_look_bulk(struct mongodb_look *look)
{
    bson_iter_t items, value;
    for (bool any = each(look->command->document, "nsInfo", &items); any && bson_iter_next(&items);) {
        bool named = find_inside(&items, "ns", &value) && BSON_ITER_HOLDS_UTF8(&value);
        const char *dot = named ? strchr(bson_iter_utf8(&value, NULL), '.') : NULL;
        if (dot)
            writes(look, dot + 1, true, true);
    }
    for (bool any = each(look->command->document, "ops", &items); any && bson_iter_next(&items);) {
        bson_iter_t filter;
        bool multi = find_inside(&items, "multi", &value) && bson_iter_as_bool(&value);
        if (!multi || !find_inside(&items, "filter", &filter) || !is_empty(&filter))
            continue;
        bool removes = find_inside(&items, "delete", &value);
        hazard(look, removes ? "delete-without-where" : "update-without-where", true,
               removes ? "a delete without a condition removes every document"
                       : "an update without a condition writes every document");
    }
}

/* ---- pipelines ---------------------------------------------------------------------------------------------------------------------- */

/* The collection that $out or $merge names: a name, {"coll": …} or {"into": …}; another database's are not told. */
static const char *goal_of(const bson_iter_t *stage)
{
    bson_iter_t value;
    if (BSON_ITER_HOLDS_UTF8(stage))
        return bson_iter_utf8(stage, NULL);
    if (find_inside(stage, "db", &value))
        return NULL;
    if (find_inside(stage, "coll", &value) && BSON_ITER_HOLDS_UTF8(&value))
        return bson_iter_utf8(&value, NULL);
    return find_inside(stage, "into", &value) ? goal_of(&value) : NULL;
}

static void writing(struct mongodb_look *look, const bson_iter_t *stage, bool replaces)
{
    look->command->flags = DARA_STATEMENT_DATA | DARA_STATEMENT_NO_TRANSACTION;
    look->command->kind = replaces ? "aggregate into a collection" : "aggregate and merge";
    writes(look, goal_of(stage), true, true);
    if (replaces)
        hazard(look, "truncate", true, "$out replaces all documents of the collection that it writes to");
}

void mongodb_look_aggregate(struct mongodb_look *look)
{
    bson_iter_t items, stage;
    object(look, DARA_ROLE_USES, NULL, target(look));
    for (bool any = each(look->command->document, "pipeline", &items); any && bson_iter_next(&items);) {
        if (find_inside(&items, "$out", &stage))
            writing(look, &stage, true);
        if (find_inside(&items, "$merge", &stage))
            writing(look, &stage, false);
    }
}

void mongodb_look_reduce(struct mongodb_look *look)
{
    bson_iter_t out, value;
    object(look, DARA_ROLE_USES, NULL, target(look));
    if (find(look->command->document, "out", &out) && find_inside(&out, "inline", &value))
        look->command->flags = DARA_STATEMENT_READS;
    else
        hazard(look, "truncate", true, "mapReduce may replace all documents of the collection that it writes to");
}

/* ---- reading ------------------------------------------------------------------------------------------------------------------------ */

void mongodb_look_explain(struct mongodb_look *look)
{
    if (!BSON_ITER_HOLDS_DOCUMENT(&look->command->first))
        look->command->flags = DARA_STATEMENT_UNREAD;
}

void mongodb_look_validate(struct mongodb_look *look)
{
    bson_iter_t value;
    object(look, DARA_ROLE_USES, NULL, target(look));
    if (find(look->command->document, "repair", &value) || find(look->command->document, "fixMultikey", &value))
        look->command->flags = DARA_STATEMENT_DATA | DARA_STATEMENT_NO_TRANSACTION;
}

void mongodb_look_reads(struct mongodb_look *look)
{
    object(look, DARA_ROLE_USES, NULL, target(look));
}
