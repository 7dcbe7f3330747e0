/* SPDX-License-Identifier: MIT */
/* Queries for tables and what is part of them. */
#include "introspect-query-rare.h"

/* clang-format off */
#define IN_TABLES(class) \
    " JOIN pg_class c ON c.oid = " class " AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'" NOT_OWN("c.relname") \
    " JOIN pg_namespace n ON n.oid = c.relnamespace AND " USERS

#define ALL_OPTIONS "(c.reloptions || (SELECT array_agg('toast.' || t) FROM unnest(tc.reloptions) v(t)))"
const struct postgres_query postgres_query_table = {
    "table", POSTGRES_CLASS_RELATION, 0,
    "SELECT c.oid, c.relname AS name, n.nspname AS space" COMMENT OWNER("c.relowner") ", CASE c.relpersistence WHEN 'u'"
    " THEN 'unlogged' END AS \"t:postgres.persistence\""
    ", CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS \"t:postgres.partition_key\""
    ", CASE WHEN c.relispartition THEN h.parents[1] END AS \"t:postgres.partition_of\""
    ", pg_get_expr(c.relpartbound, c.oid) AS \"t:postgres.partition_bound\""
    ", CASE WHEN NOT c.relispartition THEN h.parents END AS \"l:postgres.inherits\""
    ", CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS \"t:postgres.of_type\""
    ", CASE WHEN c.relkind = 'p' OR am.amname <> 'heap' THEN am.amname END AS \"t:postgres.access_method\""
    ", ts.spcname AS \"t:postgres.tablespace\""
    ", CASE WHEN c.reloptions IS NOT NULL OR tc.reloptions IS NOT NULL THEN "
    OPTIONS(ALL_OPTIONS) " END AS \"l:postgres.options\""
    ", CASE WHEN cardinality(c.reloptions) > 1 OR cardinality(tc.reloptions) > 1 THEN " OPTIONS_WRITTEN(ALL_OPTIONS)
    " END AS \"l:postgres.options_written\""
    ", CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' WHEN 'i' THEN 'USING INDEX '"
    " || quote_ident(rc.relname) END AS \"t:postgres.replica_identity\""
    ", NULLIF(c.relrowsecurity, false) AS \"b:postgres.row_security\""
    ", NULLIF(c.relforcerowsecurity, false) AS \"b:postgres.force_row_security\""
    ", cc.relname AS \"t:postgres.cluster_on\", NULLIF(c.relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user), false)"
    " AS \"b:owned_by_other\""
    ", c.reltype AS \"x:1247\""
    ", rt.typarray AS \"x:1247\" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND " USERS
    COMMENT_OF("pg_class", "c.oid", "0") " LEFT JOIN (SELECT i.inhrelid, array_agg(" QUALIFIED("pn.nspname", "p.relname")
    " ORDER BY i.inhseqno) AS parents FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent"
    " AND p.relkind NOT IN ('i', 'I')"
    " JOIN pg_namespace pn ON pn.oid = p.relnamespace GROUP BY i.inhrelid) h ON h.inhrelid = c.oid"
    " LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace"
    " LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid LEFT JOIN pg_type rt ON rt.oid = c.reltype"
    " LEFT JOIN pg_index ri ON ri.indrelid = c.oid AND ri.indisreplident LEFT JOIN pg_class rc ON rc.oid = ri.indexrelid"
    " LEFT JOIN pg_index ci ON ci.indrelid = c.oid AND ci.indisclustered LEFT JOIN pg_class cc ON cc.oid = ci.indexrelid"
    " WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'" NOT_OWN("c.relname") NOT_MEMBER("pg_class", "c.oid"), NULL};

/* The sequence of an identity column; a partition's is that of the table it is a partition of, which the model has there. */
#define IDENTITY \
    " LEFT JOIN (SELECT p.refobjid, p.refobjsubid, s.*, k.relname, kn.nspname" \
    " FROM pg_depend p JOIN pg_sequence s ON s.seqrelid = p.objid JOIN pg_class k ON k.oid = s.seqrelid" \
    " JOIN pg_namespace kn ON kn.oid = k.relnamespace WHERE p.classid = 'pg_class'::regclass" \
    " AND p.refclassid = 'pg_class'::regclass AND p.deptype = 'i' AND p.refobjsubid > 0) q ON q.refobjid = a.attrelid" \
    " AND q.refobjsubid = a.attnum"
/* What a sequence that counts up has by itself is left out; one that counts down has other limits by itself, so it tells all. */
#define UNUSUAL(condition, words, value) \
    ", CASE WHEN q.seqincrement < 0 OR " condition " THEN '" words " ' || " value " END"
#define USUAL_SEQUENCE "c.relname || '_' || a.attname || '_seq'"

const struct postgres_query postgres_query_column = {
    "column", POSTGRES_CLASS_RELATION, POSTGRES_CLASS_RELATION,
    "SELECT a.attrelid AS oid, a.attnum AS sub, a.attname AS name, a.attrelid AS owner" COMMENT ", f.type AS \"t:type\""
    ", CASE WHEN a.attcollation <> t.typcollation THEN " COLLATION("a.attcollation") " END AS \"t:collation\""
    ", a.attnotnull AS \"b:not_null\""
    ", CASE WHEN a.attgenerated = '' THEN pg_get_expr(x.adbin, 0) END AS \"t:default\""
    ", CASE WHEN NOT c.relispartition THEN CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END"
    " END AS \"t:identity\""
    ", CASE WHEN a.attidentity <> '' AND NOT c.relispartition THEN nullif(array_remove(ARRAY[CASE WHEN NOT (q.nspname ="
    " n.nspname AND (q.relname = " USUAL_SEQUENCE " OR length(" USUAL_SEQUENCE ") > 63)) THEN 'SEQUENCE NAME ' || "
    QUALIFIED("q.nspname", "q.relname") " END" UNUSUAL("q.seqstart <> q.seqmin", "START WITH", "q.seqstart")
    UNUSUAL("q.seqincrement <> 1", "INCREMENT BY", "q.seqincrement") UNUSUAL("q.seqmin <> 1", "MINVALUE", "q.seqmin")
    UNUSUAL("q.seqmax <> CASE a.atttypid WHEN 21 THEN 32767 WHEN 23 THEN 2147483647 ELSE 9223372036854775807 END",
            "MAXVALUE", "q.seqmax") ", CASE WHEN q.seqcache <> 1 THEN 'CACHE ' || q.seqcache END, CASE WHEN q.seqcycle"
    " THEN 'CYCLE' END], NULL), '{}') END AS \"l:identity_options\""
    ", CASE WHEN a.attgenerated <> '' THEN pg_get_expr(x.adbin, x.adrelid) END AS \"t:generated\""
    ", CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS \"t:generated_kind\""
    ", CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'"
    " WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' END END AS \"t:storage\""
    ", {140000;CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END;NULL::text} AS \"t:compression\""
    ", {170000;a.attstattarget;NULLIF(a.attstattarget, -1)} AS \"i:statistics\""
    ", CASE WHEN a.attoptions IS NOT NULL AND (cardinality(a.attoptions) > 1 OR left(a.attoptions[1], 10) <> 'pg_attver=')"
    " THEN " OPTIONS("a.attoptions") " END AS \"l:options\""
    ", " OPTIONS_WRITTEN("a.attoptions") " AS \"l:options_written\""
    ", " FOREIGN_OPTIONS("a.attfdwoptions", "foreign_options") ", CASE WHEN NOT a.attislocal THEN true END AS \"b:inherited\""
    ", a.attnum AS \"i:position\""
    "{180000;, CASE WHEN (u.conislocal OR c.relispartition) AND u.conname <> c.relname || '_' || a.attname || '_not_null'"
    " THEN u.conname END AS \"t:not_null_name\", CASE WHEN u.connoinherit THEN true END AS \"b:not_null_no_inherit\""
    ", CASE WHEN NOT u.conislocal AND NOT c.relispartition AND u.conname <> c.relname || '_' || a.attname || '_not_null'"
    " THEN u.conname END AS \"t:not_null_given\""
    ", CASE WHEN u.conislocal <> a.attislocal AND NOT c.relispartition THEN u.conislocal END AS \"b:not_null_local\""
    ", CASE WHEN NOT u.convalidated THEN true END AS \"b:not_null_unvalidated\", ud.description AS \"t:not_null_comment\";}"
    ", x.oid AS \"x:2604\" FROM pg_attribute a" IN_TABLES("a.attrelid") " JOIN pg_type t ON t.oid = a.atttypid"
    " JOIN (SELECT atttypid, atttypmod, format_type(atttypid, atttypmod) AS type"
    " FROM pg_attribute WHERE attrelid >= 16384 GROUP BY atttypid, atttypmod OFFSET 0) f ON f.atttypid = a.atttypid"
    " AND f.atttypmod = a.atttypmod LEFT JOIN pg_attrdef x ON x.adrelid = a.attrelid AND x.adnum = a.attnum" IDENTITY
    " {180000;LEFT JOIN pg_constraint u ON u.conrelid = a.attrelid AND u.contype = 'n' AND u.conkey[1] = a.attnum"
    " LEFT JOIN pg_description ud ON ud.classoid = 'pg_constraint'::regclass AND ud.objoid = u.oid AND ud.objsubid = 0;}"
    COMMENT_OF("pg_class", "a.attrelid", "a.attnum") " WHERE a.attnum > 0 AND NOT a.attisdropped", NULL};

/* Options and tablespace of the index behind a key stand before DEFERRABLE; pg_get_constraintdef leaves them out. */
#define INDEX_PARAMETERS \
    "COALESCE(' WITH (' || (SELECT string_agg(split_part(o, '=', 1) || '='" \
    " || quote_literal(substr(o, strpos(o, '=') + 1)), ', ' ORDER BY i)" \
    " FROM unnest(k.reloptions) WITH ORDINALITY u(o, i)) || ')', '') || COALESCE(' USING INDEX TABLESPACE '" \
    " || quote_ident(ts.spcname), '')"
#define UNVALIDATED(text) "CASE WHEN right(" text ", 10) = ' NOT VALID' THEN left(" text ", -10) ELSE " text " END"

/* The columns of each constraint, and those that it refers to, by name and as a list. */
#define CONSTRAINT_COLUMNS \
    " LEFT JOIN (SELECT u.oid, array_agg(a.attname ORDER BY u.i) AS own, array_agg(b.attname ORDER BY u.i) AS other" \
    ", string_agg(quote_ident(a.attname), ', ' ORDER BY u.i) AS own_text" \
    ", string_agg(quote_ident(b.attname), ', ' ORDER BY u.i) AS other_text FROM (SELECT j.oid, j.conrelid, j.confrelid, s.*" \
    " FROM pg_constraint j CROSS JOIN LATERAL unnest(j.conkey, j.confkey) WITH ORDINALITY s(own, other, i)" \
    " WHERE j.conrelid >= 16384 AND j.conparentid = 0 OFFSET 0) u LEFT JOIN pg_attribute a ON a.attrelid = u.conrelid" \
    " AND a.attnum = u.own LEFT JOIN pg_attribute b ON b.attrelid = u.confrelid AND b.attnum = u.other GROUP BY u.oid) q" \
    " ON q.oid = k.oid"
#define ACTION(column, event) \
    " || CASE k." column " WHEN 'r' THEN ' ON " event " RESTRICT' WHEN 'c' THEN ' ON " event " CASCADE' WHEN 'n'" \
    " THEN ' ON " event " SET NULL' WHEN 'd' THEN ' ON " event " SET DEFAULT' ELSE '' END"
#define DEFERRED \
    " || CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END || CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END"
/* What pg_get_constraintdef writes: a third of the time of a reading went into asking it one by one for what is plain. It is asked for
 * the rest. */
#define DEFINITION \
    "CASE WHEN k.contype = 'f' AND k.confmatchtype = 's' AND fn.nspname !~ '^pg_'" \
    " {150000;AND k.confdelsetcols IS NULL;} {180000;AND k.conenforced AND NOT k.conperiod;}" \
    " THEN 'FOREIGN KEY (' || q.own_text || ') REFERENCES ' || " QUALIFIED("fn.nspname", "fc.relname") \
    " || '(' || q.other_text || ')'" ACTION("confupdtype", "UPDATE") ACTION("confdeltype", "DELETE") DEFERRED \
    " WHEN k.contype IN ('p', 'u') AND ix.relnatts = cardinality(k.conkey)" \
    " {150000;AND NOT xi.indnullsnotdistinct;} {180000;AND NOT k.conperiod;}" \
    " THEN CASE k.contype WHEN 'p' THEN 'PRIMARY KEY (' ELSE 'UNIQUE (' END || q.own_text || ')'" DEFERRED \
    " ELSE pg_get_constraintdef(k.oid) END"

/* Definitions are asked for when it is known that the table is not a temporary one, which may be gone by now. */
const struct postgres_query postgres_query_constraint = {
    "constraint", POSTGRES_CLASS_CONSTRAINT, POSTGRES_CLASS_RELATION,
    "SELECT k.oid, k.conname AS name, k.conrelid AS owner" COMMENT ", CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u'"
    " THEN 'unique' WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check' ELSE 'exclude' END AS \"t:type\""
    ", CASE WHEN k.contype NOT IN ('p', 'u') OR (k.reloptions IS NULL AND ts.oid IS NULL) THEN " UNVALIDATED("k.def")
    " ELSE regexp_replace(k.def, '( DEFERRABLE)?( INITIALLY DEFERRED)?$', '') || " INDEX_PARAMETERS DEFERRED
    " END AS \"t:definition\""
    ", CASE WHEN k.contype IN ('c', 'f') THEN k.convalidated {180000;OR NOT k.conenforced;} END AS \"b:validated\""
    ", k.own AS \"l:columns\""
    ", " QUALIFIED("k.other_space", "k.other_name") " AS \"t:references\""
    ", CASE WHEN k.contype = 'f' THEN k.other END AS \"l:referenced_columns\""
    ", CASE WHEN NOT k.conislocal THEN true END AS \"b:inherited\""
    ", id.description AS \"t:index_comment\""
    ", k.index AS \"x:1259\", CASE k.other_kind WHEN 'p' THEN (SELECT array_agg(v.relid::oid) FROM pg_partition_tree(k.confrelid) v) END"
    " AS \"d:1259\" FROM (SELECT k.*, fc.relkind AS other_kind, q.own, q.other, fn.nspname AS other_space, fc.relname AS other_name"
    ", ix.oid AS index, ix.reloptions, ix.reltablespace, " DEFINITION " AS def FROM pg_constraint k" IN_TABLES("k.conrelid")
    CONSTRAINT_COLUMNS " LEFT JOIN pg_class fc ON fc.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = fc.relnamespace"
    " LEFT JOIN pg_class ix ON ix.oid = k.conindid AND k.contype <> 'f' {150000;LEFT JOIN pg_index xi ON xi.indexrelid = ix.oid;}"
    " WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conrelid >= 16384 AND k.conparentid = 0 OFFSET 0) k"
    " LEFT JOIN pg_tablespace ts ON ts.oid = k.reltablespace"
    " LEFT JOIN pg_description id ON id.classoid = 'pg_class'::regclass AND id.objoid = k.index AND id.objsubid = 0"
    COMMENT_OF("pg_constraint", "k.oid", "0"), NULL};

/* An index of a partitioned table that all partitions have is made without ONLY. pg_get_indexdef leaves the tablespace out, which stands
 * before WHERE. */
const struct postgres_query postgres_query_index = {
    "index", POSTGRES_CLASS_RELATION, POSTGRES_CLASS_RELATION,
    "SELECT x.oid, x.relname AS name, n.nspname AS space, c.oid AS owner" COMMENT ", CASE WHEN ts.oid IS NULL THEN g.def"
    " ELSE left(g.def, length(g.def) - COALESCE(length(' WHERE ' || w.predicate), 0)) || ' TABLESPACE '"
    " || quote_ident(ts.spcname) || COALESCE(' WHERE ' || w.predicate, '') END AS \"t:definition\""
    ", i.indisunique AS \"b:unique\""
    ", CASE WHEN i.indexprs IS NULL THEN (SELECT array_agg(quote_ident(a.attname) ORDER BY a.attnum)"
    " FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attnum BETWEEN 1 AND i.indnkeyatts)"
    " ELSE (SELECT array_agg(pg_get_indexdef(x.oid, u.no, false) ORDER BY u.no)"
    " FROM generate_series(1, i.indnkeyatts) u(no)) END AS \"l:columns\""
    ", w.predicate AS \"t:where\""
    ", NULLIF(i.indisvalid, true) AS \"b:valid\" FROM (SELECT * FROM pg_index j"
    " WHERE j.indrelid >= 16384 AND NOT EXISTS (SELECT FROM pg_constraint k"
    " WHERE k.conindid = j.indexrelid AND k.contype IN ('p', 'u', 'x')) OFFSET 0) i"
    " JOIN pg_class x ON x.oid = i.indexrelid AND NOT x.relispartition JOIN pg_class c ON c.oid = i.indrelid"
    " AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'" NOT_OWN("c.relname")
    " JOIN pg_namespace n ON n.oid = c.relnamespace AND " USERS " CROSS JOIN LATERAL (SELECT CASE WHEN x.relkind = 'I'"
    " AND i.indisvalid THEN overlay(o.def PLACING ' ON ' FROM strpos(o.def, ' ON ONLY ') FOR 9) ELSE o.def END AS def"
    " FROM (SELECT pg_get_indexdef(x.oid) AS def OFFSET 0) o OFFSET 0) g"
    " CROSS JOIN LATERAL (SELECT pg_get_expr(i.indpred, i.indrelid) AS predicate OFFSET 0) w"
    " LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace" COMMENT_OF("pg_class", "x.oid", "0"), NULL};

const struct postgres_query postgres_query_policy = {
    "policy", POSTGRES_CLASS_POLICY, POSTGRES_CLASS_RELATION,
    "SELECT p.oid, p.polname AS name, n.nspname AS space, c.oid AS owner" COMMENT ", CASE p.polcmd WHEN 'r' THEN 'SELECT'"
    " WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS \"t:command\""
    ", p.polpermissive AS \"b:permissive\""
    ", (SELECT array_agg(r.name ORDER BY r.name) FROM (SELECT CASE WHEN u.role = 0 THEN 'public'"
    " ELSE pg_get_userbyid(u.role) END AS name FROM unnest(p.polroles) u(role)) r) AS \"l:roles\""
    ", pg_get_expr(p.polqual, p.polrelid) AS \"t:using\""
    ", pg_get_expr(p.polwithcheck, p.polrelid) AS \"t:check\", NULL AS origin FROM pg_policy p" IN_TABLES("p.polrelid")
    COMMENT_OF("pg_policy", "p.oid", "0"), NULL};
