/* SPDX-License-Identifier: MIT */
/*
 * What the files introspect*.c share. Queries are data: each gives rows of one kind, whose columns say by their names what they are:
 *   oid, sub          of the object in the catalog (sub: number of a column)
 *   name, key, space, comment
 *   owner             oid of the object that owns it: rows whose owner is not in the model are left out with it
 *   t:P b:P i:P l:P   the property P as text, boolean, integer, list (an array of texts); NULL leaves it absent
 *   x:CLASS           oid (or an array of them) of what stands for this object in pg_depend in the catalog CLASS: a view's rule, an array type
 *   d:CLASS           oid (or an array of them) of what this object needs, where pg_depend does not say so
 *   f:CLASS           an array of the functions that a base type is made of, its input function first (see postgres_shell)
 *   n:                what the model does not hold of this object: a note
 *   origin            the schema that an object without one of its own comes from (a trigger: its function's), or NULL. What has this column
 *                     may hang on a table of the platform: it is the platform's where it comes from there
 *
 * In the text of a query {150000;A;B} is A from that version on and B before; neither may hold braces or semicolons.
 */
#ifndef DARA_POSTGRES_INTROSPECT_H
#define DARA_POSTGRES_INTROSPECT_H

#include "pg.h"

/* Oids of the catalogs, which are fixed. */
#define POSTGRES_CLASS_TYPE            1247
#define POSTGRES_CLASS_ROUTINE         1255
#define POSTGRES_CLASS_RELATION        1259
#define POSTGRES_CLASS_SERVER          1417
#define POSTGRES_CLASS_USER_MAPPING    1418
#define POSTGRES_CLASS_WRAPPER         2328
#define POSTGRES_CLASS_ACCESS_METHOD   2601
#define POSTGRES_CLASS_CAST            2605
#define POSTGRES_CLASS_CONSTRAINT      2606
#define POSTGRES_CLASS_CONVERSION      2607
#define POSTGRES_CLASS_LANGUAGE        2612
#define POSTGRES_CLASS_NAMESPACE       2615
#define POSTGRES_CLASS_OPERATOR_CLASS  2616
#define POSTGRES_CLASS_OPERATOR        2617
#define POSTGRES_CLASS_RULE            2618
#define POSTGRES_CLASS_TRIGGER         2620
#define POSTGRES_CLASS_OPERATOR_FAMILY 2753
#define POSTGRES_CLASS_EXTENSION       3079
#define POSTGRES_CLASS_POLICY          3256
#define POSTGRES_CLASS_STATISTICS      3381
#define POSTGRES_CLASS_COLLATION       3456
#define POSTGRES_CLASS_EVENT_TRIGGER   3466
#define POSTGRES_CLASS_TRANSFORM       3576
#define POSTGRES_CLASS_DICTIONARY      3600
#define POSTGRES_CLASS_PARSER          3601
#define POSTGRES_CLASS_CONFIGURATION   3602
#define POSTGRES_CLASS_TEMPLATE        3764
#define POSTGRES_CLASS_SUBSCRIPTION    6100
#define POSTGRES_CLASS_PUBLICATION     6104

struct postgres_query {
    const char *kind;     /* of the objects; "depend" and "unrepresented" are none */
    unsigned class;       /* catalog of oid */
    unsigned owner_class; /* catalog of owner */
    const char *sql;
    const char *probe; /* of rare kinds: an expression, true where there may be any; NULL = always read */
};

/* introspect-query*.c. No more than COUNT of them; introspect.c has the order in which they are read, owners before what they own. */
#define POSTGRES_QUERY_COUNT 64
extern const struct postgres_query postgres_query_namespace, postgres_query_extension, postgres_query_type,
    postgres_query_domain_constraint, postgres_query_sequence, postgres_query_routine, postgres_query_table,
    postgres_query_column, postgres_query_constraint, postgres_query_view, postgres_query_materialized_view,
    postgres_query_index, postgres_query_rule, postgres_query_trigger, postgres_query_policy, postgres_query_statistics,
    postgres_query_event_trigger, postgres_query_schema_privilege, postgres_query_privilege,
    postgres_query_system_privilege, postgres_query_depend, postgres_query_unrepresented;
/* Those that are read only where their probe finds any. */
extern const struct postgres_query postgres_query_base_type, postgres_query_collation, postgres_query_conversion,
    postgres_query_language, postgres_query_access_method, postgres_query_operator, postgres_query_operator_family,
    postgres_query_operator_class, postgres_query_cast, postgres_query_transform, postgres_query_parser,
    postgres_query_template, postgres_query_dictionary, postgres_query_configuration, postgres_query_wrapper,
    postgres_query_server, postgres_query_user_mapping, postgres_query_foreign_table, postgres_query_publication,
    postgres_query_subscription, postgres_query_attribute, postgres_query_partition_index,
    postgres_query_default_privilege, postgres_query_setting, postgres_query_security_label,
    postgres_query_extension_dependence;

/* introspect-fetch.c: the results of all queries, of one view of the database. Those that the role may not read are NULL and have their
 * reason in `denied`; NULL alone: there are none of that kind. `queries` ends with NULL. Free with postgres_fetched_clear. */
struct postgres_fetched {
    PGresult *results[POSTGRES_QUERY_COUNT];
    char *denied[POSTGRES_QUERY_COUNT];
};
int postgres_fetch(struct dara_conn *conn, const struct postgres_query *const *queries,
                   struct postgres_fetched *fetched);
void postgres_fetched_clear(struct postgres_fetched *fetched);

/* introspect-map.c: what the oids of the catalogs stand for. */
struct postgres_known {
    unsigned class, oid, sub;
    struct dara_object *object;
    const char
        *kind; /* of the object or, for a part, of what it belongs to: with space and key what others depend on */
    const char *space, *key; /* owned by the map */
};
struct postgres_map {
    struct postgres_known *slots;
    size_t count, room;
    char **strings;
    size_t string_count, string_room;
};
/* 0, or DARA_EINTERNAL when out of memory. `known`, which has a kind, is copied; its strings must live as long as the map. */
int postgres_map_add(struct postgres_map *map, const struct postgres_known *known);
const struct postgres_known *postgres_map_find(const struct postgres_map *map, unsigned class, unsigned oid,
                                               unsigned sub);
/* A copy that lives as long as the map; NULL for NULL and when out of memory. */
const char *postgres_map_copy(struct postgres_map *map, const char *string);
void postgres_map_clear(struct postgres_map *map);

/*
 * A base type and the functions it is made of need each other. The type comes last; the input function makes a shell of it (PostgreSQL
 * does that by itself where a function in C returns a type that is not there yet), which the other functions find: they need the input
 * function instead of the type.
 */
struct postgres_shell {
    unsigned type, routine, input;
};
/* What an object needs and pg_depend does not say. */
struct postgres_wish {
    struct dara_object *object;
    unsigned class, oid;
};

/* introspect-row.c: rows into objects, dependencies and notes. */
struct postgres_reading {
    const struct dara_read *request;
    const struct postgres_platform *platform; /* or NULL */
    const char *user;                         /* who reads; or NULL */
    struct dara_model *model;
    struct postgres_map map;
    struct postgres_map
        aside; /* tables of the platform, without objects: given where something of the author's hangs on one */
    struct postgres_shell *shells;
    size_t shell_count, shell_room;
    struct postgres_wish *wishes;
    size_t wish_count, wish_room;
};
void postgres_reading_clear(struct postgres_reading *reading);
/* Why these rows are not all that there is (a column "hidden" of one of them), or NULL. */
const char *postgres_rows_hidden(const PGresult *result);
int postgres_rows_objects(struct postgres_reading *reading, const struct postgres_query *query, const PGresult *result);
/* A value of a row, or NULL; `column` -1 has none. The properties that a row's columns name. */
const char *postgres_row_value(const PGresult *result, int row, int column);
int postgres_row_properties(struct postgres_reading *reading, struct dara_object *object, const PGresult *result,
                            int row);
/* introspect-attached.c: rows of (class, oid, sub, part) that belong to an object of any kind, in the order of their dependence. */
int postgres_rows_attached(struct postgres_reading *reading, const struct postgres_query *query,
                           const PGresult *result);
int postgres_rows_depend(struct postgres_reading *reading, const PGresult *result);
int postgres_rows_unrepresented(struct postgres_reading *reading, const PGresult *result);

#endif
