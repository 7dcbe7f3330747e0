/* SPDX-License-Identifier: MIT */
/* Queries for what stands by itself, and for views with their rules and triggers. */
#include "introspect-query.h"

/* clang-format off */
const struct postgres_query postgres_query_namespace = {
    "namespace", POSTGRES_CLASS_NAMESPACE, 0,
    "SELECT n.oid, n.nspname AS name" COMMENT OWNER("n.nspowner") ", sh.shells AS \"l:shells\" FROM pg_namespace n"
    COMMENT_OF("pg_namespace", "n.oid", "0") " LEFT JOIN (SELECT o.oprnamespace, array_agg(quote_ident(s.nspname) || '.' || o.oprname"
    " || ' (' || COALESCE(format_type(NULLIF(o.oprleft, 0), NULL), 'NONE') || ', ' || format_type(o.oprright, NULL) || ')'"
    " ORDER BY o.oprname, o.oid) AS shells FROM pg_operator o JOIN pg_namespace s ON s.oid = o.oprnamespace"
    " WHERE o.oprcode = 0 AND o.oid >= 16384 GROUP BY 1) sh ON sh.oprnamespace = n.oid WHERE " USERS NOT_MEMBER("pg_namespace", "n.oid"), NULL};

/* plpgsql is in every new database. Where its files are gone the server cannot tell where an extension can go. */
const struct postgres_query postgres_query_extension = {
    "extension", POSTGRES_CLASS_EXTENSION, 0,
    "SELECT x.oid, x.extname AS name" COMMENT ", n.nspname AS \"t:schema\""
    ", x.extversion AS \"t:version\", x.extnamespace AS \"d:2615\", CASE WHEN EXISTS (SELECT FROM pg_available_extensions() a"
    " WHERE a.name = x.extname) THEN COALESCE((SELECT array_agg(p.target ORDER BY p.target)"
    " FROM pg_extension_update_paths(x.extname) p WHERE p.source = x.extversion AND p.path IS NOT NULL), '{}') END AS \"l:updates\""
    " FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace"
    COMMENT_OF("pg_extension", "x.oid", "0") " WHERE x.oid >= 16384", NULL};

#define ATTRIBUTES(relation) \
    "(SELECT array_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation <> 0" \
    " AND a.attcollation <> (SELECT at.typcollation FROM pg_type at WHERE at.oid = a.atttypid)" \
    " THEN ' COLLATE ' || " COLLATION("a.attcollation") " ELSE '' END ORDER BY a.attnum) FROM pg_attribute a" \
    " WHERE a.attrelid = " relation " AND a.attnum > 0 AND NOT a.attisdropped)"
#define RANGE \
    "'RANGE (subtype = ' || format_type(r.rngsubtype, NULL) || COALESCE((SELECT ', subtype_opclass = ' || " \
    QUALIFIED("opn.nspname", "oc.opcname") " FROM pg_opclass oc JOIN pg_namespace opn ON opn.oid = oc.opcnamespace" \
    " WHERE oc.oid = r.rngsubopc AND NOT oc.opcdefault), '') || CASE WHEN r.rngcollation <> 0" \
    " AND r.rngcollation <> st.typcollation THEN ', collation = ' || " COLLATION("r.rngcollation") " ELSE '' END || CASE" \
    " WHEN r.rngcanonical <> 0 THEN ', canonical = ' || r.rngcanonical::text ELSE '' END || CASE WHEN r.rngsubdiff <> 0" \
    " THEN ', subtype_diff = ' || r.rngsubdiff::text ELSE '' END {140000;|| ', multirange_type_name = ' || " \
    QUALIFIED("mn.nspname", "m.typname") ";} || ')'"

const struct postgres_query postgres_query_type = {
    "type", POSTGRES_CLASS_TYPE, 0,
    "SELECT t.oid, t.typname AS name, n.nspname AS space" COMMENT ", CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'c'"
    " THEN 'composite' WHEN 'r' THEN 'range' ELSE 'domain' END AS \"t:type\""
    ", CASE t.typtype WHEN 'e' THEN COALESCE((SELECT array_agg(l.enumlabel::text ORDER BY l.enumsortorder)"
    " FROM pg_enum l WHERE l.enumtypid = t.oid), '{}') END AS \"l:labels\""
    ", CASE t.typtype WHEN 'c' THEN COALESCE(" ATTRIBUTES("t.typrelid") ", '{}') END AS \"l:attributes\""
    ", CASE t.typtype WHEN 'r' THEN " RANGE " END AS \"t:definition\""
    ", CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS \"t:base\""
    ", CASE t.typtype WHEN 'd' THEN pg_get_expr(t.typdefaultbin, 'pg_type'::regclass)"
    " END AS \"t:default\""
    ", CASE t.typtype WHEN 'd' THEN t.typnotnull END AS \"b:not_null\""
    ", CASE WHEN t.typtype = 'd' AND t.typcollation <> bt.typcollation THEN " COLLATION("t.typcollation")
    " END AS \"t:collation\"" OWNER("t.typowner") ", t.typarray AS \"x:1247\""
    ", t.typrelid AS \"x:1259\", r.rngcanonical::oid AS \"f:1255\" {140000;, m.oid AS \"x:1247\""
    ", m.typarray AS \"x:1247\";} FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND " USERS
    COMMENT_OF("pg_type", "t.oid", "0") " LEFT JOIN pg_class k ON k.oid = t.typrelid AND k.relkind = 'c'"
    " LEFT JOIN pg_type bt ON bt.oid = t.typbasetype LEFT JOIN pg_range r ON r.rngtypid = t.oid"
    " LEFT JOIN pg_type st ON st.oid = r.rngsubtype {140000;LEFT JOIN pg_type m ON m.oid = r.rngmultitypid"
    " LEFT JOIN pg_namespace mn ON mn.oid = m.typnamespace;} WHERE (t.typtype IN ('e', 'r', 'd') OR k.oid IS NOT NULL)"
    NOT_MEMBER("pg_type", "t.oid"), NULL};

const struct postgres_query postgres_query_domain_constraint = {
    "domain_constraint", POSTGRES_CLASS_CONSTRAINT, POSTGRES_CLASS_TYPE,
    "SELECT k.oid, k.conname AS name, k.contypid AS owner" COMMENT ", CASE WHEN right(k.def, 10) = ' NOT VALID'"
    " THEN left(k.def, -10) ELSE k.def END AS \"t:definition\""
    ", k.convalidated AS \"b:validated\" FROM (SELECT *, pg_get_constraintdef(oid) AS def"
    " FROM pg_constraint WHERE contype = 'c' AND contypid >= 16384 OFFSET 0) k" COMMENT_OF("pg_constraint", "k.oid", "0"), NULL};

const struct postgres_query postgres_query_sequence = {
    "sequence", POSTGRES_CLASS_RELATION, 0,
    "SELECT c.oid, c.relname AS name, n.nspname AS space" COMMENT ", format_type(s.seqtypid, NULL) AS \"t:type\""
    ", s.seqstart AS \"i:start\""
    ", s.seqincrement AS \"i:increment\""
    ", s.seqmin AS \"i:minimum\""
    ", s.seqmax AS \"i:maximum\""
    ", s.seqcache AS \"i:cache\""
    ", s.seqcycle AS \"b:cycle\""
    ", " QUALIFIED("tn.nspname", "tc.relname") " || '.' || (SELECT quote_ident(a.attname)"
    " FROM pg_attribute a WHERE a.attrelid = o.refobjid AND a.attnum = o.refobjsubid) AS \"t:owned_by\""
    ", CASE c.relpersistence WHEN 'u' THEN true END AS \"b:postgres.unlogged\"" OWNER("c.relowner")
    " FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid AND c.relpersistence <> 't'"
    " JOIN pg_namespace n ON n.oid = c.relnamespace AND " USERS COMMENT_OF("pg_class", "c.oid", "0")
    " LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass"
    " AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i') LEFT JOIN pg_class tc ON tc.oid = o.refobjid"
    " LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace WHERE o.deptype IS DISTINCT FROM 'i' AND tc.relname IS DISTINCT"
    " FROM '" POSTGRES_HISTORY_TABLE "'" NOT_MEMBER("pg_class", "c.oid"), NULL};

#define ARGUMENTS \
    "(SELECT string_agg(concat_ws(' ', CASE p.proargmodes[u.no] WHEN 'o' THEN 'OUT' WHEN 'b' THEN 'INOUT' WHEN 'v'" \
    " THEN 'VARIADIC' WHEN 't'" \
    " THEN 'TABLE' END, quote_ident(NULLIF(p.proargnames[u.no], '')), format_type(u.type, NULL)), ', ' ORDER BY u.no)" \
    " FROM unnest(COALESCE(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY u(type, no))"
#define OPTION(condition, text) " || CASE WHEN " condition " THEN ', " text " ELSE '' END"
#define FUNCTION(name, column) OPTION("a." column " <> 0", name " = ' || a." column "::text")
#define MODIFY(column) \
    "CASE a." column " WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END"
#define USUAL_MODIFY "CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END"
#define AGGREGATE \
    "'CREATE AGGREGATE ' || " QUALIFIED("n.nspname", "p.proname") " || '(' || CASE WHEN p.pronargs = 0 THEN '*'" \
    " ELSE pg_get_function_arguments(p.oid) END || ') (SFUNC = ' || a.aggtransfn::text || ', STYPE = '" \
    " || format_type(a.aggtranstype, NULL)" OPTION("a.aggtransspace <> 0", "SSPACE = ' || a.aggtransspace") \
    FUNCTION("FINALFUNC", "aggfinalfn") OPTION("a.aggfinalextra", "FINALFUNC_EXTRA'") \
    OPTION("a.aggfinalfn <> 0 AND a.aggfinalmodify <> " USUAL_MODIFY, "FINALFUNC_MODIFY = ' || " MODIFY("aggfinalmodify")) \
    FUNCTION("COMBINEFUNC", "aggcombinefn") FUNCTION("SERIALFUNC", "aggserialfn") \
    FUNCTION("DESERIALFUNC", "aggdeserialfn") \
    OPTION("a.agginitval IS NOT NULL", "INITCOND = ' || quote_literal(a.agginitval)") FUNCTION("MSFUNC", "aggmtransfn") \
    FUNCTION("MINVFUNC", "aggminvtransfn") \
    OPTION("a.aggmtranstype <> 0", "MSTYPE = ' || format_type(a.aggmtranstype, NULL)") \
    OPTION("a.aggmtransspace <> 0", "MSSPACE = ' || a.aggmtransspace") FUNCTION("MFINALFUNC", "aggmfinalfn") \
    OPTION("a.aggmfinalextra", "MFINALFUNC_EXTRA'") \
    OPTION("a.aggmfinalfn <> 0 AND a.aggmfinalmodify <> " USUAL_MODIFY, "MFINALFUNC_MODIFY = ' || " MODIFY("aggmfinalmodify")) \
    OPTION("a.aggminitval IS NOT NULL", "MINITCOND = ' || quote_literal(a.aggminitval)") \
    OPTION("a.aggsortop <> 0", "SORTOP = OPERATOR(' || (SELECT quote_ident(sn.nspname) || '.' || so.oprname" \
           " FROM pg_operator so JOIN pg_namespace sn ON sn.oid = so.oprnamespace WHERE so.oid = a.aggsortop) || ')'") \
    OPTION("p.proparallel <> 'u'", "PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' ELSE 'RESTRICTED' END") \
    OPTION("a.aggkind = 'h'", "HYPOTHETICAL'") " || ')'"

/* What a type brings along (the constructors of a range) depends on it internally. */
const struct postgres_query postgres_query_routine = {
    "routine", POSTGRES_CLASS_ROUTINE, 0,
    "SELECT p.oid, p.proname AS name, p.proname || '(' || pg_get_function_identity_arguments(p.oid)"
    " || ')' AS key, n.nspname AS space" COMMENT ", CASE p.prokind WHEN 'f' THEN 'function' WHEN 'p' THEN 'procedure'"
    " WHEN 'a' THEN 'aggregate' ELSE 'window' END AS \"t:type\""
    ", '(' || COALESCE(" ARGUMENTS ", '') || ')' || COALESCE(' RETURNS '"
    " || pg_get_function_result(p.oid), '') AS \"t:signature\""
    ", CASE p.prokind WHEN 'a' THEN " AGGREGATE " ELSE rtrim(pg_get_functiondef(p.oid), chr(10)) END AS \"t:definition\""
    ", l.lanname AS \"t:language\""
    ", (SELECT " QUALIFIED("rn.nspname", "rt.typname") " FROM pg_range r JOIN pg_type rt ON rt.oid = r.rngtypid JOIN pg_namespace rn"
    " ON rn.oid = rt.typnamespace WHERE r.rngcanonical = p.oid) AS \"t:shell\""
    ", NULLIF(p.pronargdefaults, 0) AS \"i:defaults\"" OWNER("p.proowner") " FROM pg_proc p"
    " JOIN pg_namespace n ON n.oid = p.pronamespace AND " USERS " JOIN pg_language l ON l.oid = p.prolang"
    COMMENT_OF("pg_proc", "p.oid", "0") " LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid"
    " WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid"
    " AND e.deptype IN ('e', 'i'))", NULL};

#define RELATIONS(kind, extra) \
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND " USERS COMMENT_OF("pg_class", "c.oid", "0") \
    " LEFT JOIN pg_rewrite w ON w.ev_class = c.oid AND w.rulename = '_RETURN'" \
    " LEFT JOIN pg_type rt ON rt.oid = c.reltype" extra " WHERE c.relkind = '" kind "' AND c.relpersistence <> 't'" \
    NOT_MEMBER("pg_class", "c.oid")
#define STANDS_FOR \
    ", w.oid AS \"x:2618\"" \
    ", c.reltype AS \"x:1247\"" \
    ", rt.typarray AS \"x:1247\""

const struct postgres_query postgres_query_view = {
    "view", POSTGRES_CLASS_RELATION, 0,
    "SELECT c.oid, c.relname AS name, n.nspname AS space" COMMENT ", " BODY("pg_get_viewdef(c.oid)") " AS \"t:definition\""
    ", " ATTRIBUTES("c.oid") " AS \"l:columns\""
    ", " OPTIONS("c.reloptions") " AS \"l:options\", " OPTIONS_WRITTEN("c.reloptions") " AS \"l:options_written\""
    OWNER("c.relowner") STANDS_FOR RELATIONS("v", ""), NULL};

const struct postgres_query postgres_query_materialized_view = {
    "materialized_view", POSTGRES_CLASS_RELATION, 0,
    "SELECT c.oid, c.relname AS name, n.nspname AS space" COMMENT ", " BODY("pg_get_viewdef(c.oid)") " AS \"t:definition\""
    ", " OPTIONS("c.reloptions") " AS \"l:options\", " OPTIONS_WRITTEN("c.reloptions") " AS \"l:options_written\""
    ", (SELECT cc.relname FROM pg_index ci JOIN pg_class cc ON cc.oid = ci.indexrelid WHERE ci.indrelid = c.oid"
    " AND ci.indisclustered) AS \"t:postgres.cluster_on\""
    ", ts.spcname AS \"t:postgres.tablespace\""
    ", NULLIF(am.amname, 'heap') AS \"t:postgres.access_method\"" OWNER("c.relowner") STANDS_FOR
    RELATIONS("m", " LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace"), NULL};

#define IN_RELATIONS(class) \
    " JOIN pg_class c ON c.oid = " class " AND c.relkind IN ('r', 'p', 'f', 'v') AND c.relpersistence <> 't'" \
    NOT_OWN("c.relname") " JOIN pg_namespace n ON n.oid = c.relnamespace AND " USERS

const struct postgres_query postgres_query_rule = {
    "rule", POSTGRES_CLASS_RULE, POSTGRES_CLASS_RELATION,
    "SELECT r.oid, r.rulename AS name, n.nspname AS space, c.oid AS owner" COMMENT ", " BODY("pg_get_ruledef(r.oid)")
    " AS \"t:definition\""
    ", " ENABLED("r.ev_enabled") " FROM pg_rewrite r" IN_RELATIONS("r.ev_class") COMMENT_OF("pg_rewrite", "r.oid", "0")
    " WHERE r.rulename <> '_RETURN'", NULL};

/* The schema of a function. */
#define ORIGIN(function) \
    "(SELECT fn.nspname FROM pg_proc f JOIN pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = " function ") AS origin"

const struct postgres_query postgres_query_trigger = {
    "trigger", POSTGRES_CLASS_TRIGGER, POSTGRES_CLASS_RELATION,
    "SELECT g.oid, g.tgname AS name, n.nspname AS space, c.oid AS owner" COMMENT
    ", CASE WHEN o.oid IS NULL THEN pg_get_triggerdef(g.oid) END AS \"t:definition\""
    ", " ENABLED("g.tgenabled") ", g.tgconstraint AS \"x:2606\", g.tgparentid AS \"d:2620\", " ORIGIN("g.tgfoid")
    " FROM pg_trigger g" IN_RELATIONS("g.tgrelid") " LEFT JOIN pg_trigger o ON o.oid = g.tgparentid" COMMENT_OF("pg_trigger", "g.oid", "0")
    " WHERE {150000;NOT g.tgisinternal;(NOT g.tgisinternal OR (o.oid IS NOT NULL AND NOT EXISTS (SELECT FROM pg_constraint f"
    " WHERE f.oid = g.tgconstraint AND f.contype = 'f')))} AND g.tgenabled IS DISTINCT FROM o.tgenabled", NULL};

const struct postgres_query postgres_query_statistics = {
    "statistics", POSTGRES_CLASS_STATISTICS, 0,
    "SELECT s.oid, s.stxname AS name, n.nspname AS space" COMMENT ", pg_get_statisticsobjdef(s.oid) AS \"t:definition\""
    ", {170000;s.stxstattarget;NULLIF(s.stxstattarget, -1)} AS \"i:target\"" OWNER("s.stxowner")
    " FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace AND " USERS
    " JOIN pg_class c ON c.oid = s.stxrelid AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'"
    COMMENT_OF("pg_statistic_ext", "s.oid", "0") " WHERE true" NOT_MEMBER("pg_statistic_ext", "s.oid"), NULL};

const struct postgres_query postgres_query_event_trigger = {
    "event_trigger", POSTGRES_CLASS_EVENT_TRIGGER, 0,
    "SELECT v.oid, v.evtname AS name" COMMENT ", 'CREATE EVENT TRIGGER ' || quote_ident(v.evtname) || ' ON ' || v.evtevent"
    " || COALESCE(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(u.tag), ', ' ORDER BY u.no)"
    " FROM unnest(v.evttags) WITH ORDINALITY u(tag, no)) || ')', '') || ' EXECUTE FUNCTION ' || v.evtfoid::regproc::text"
    " || '()' AS \"t:definition\""
    ", " ENABLED("v.evtenabled") OWNER("v.evtowner") ", " ORIGIN("v.evtfoid") " FROM pg_event_trigger v" COMMENT_OF("pg_event_trigger", "v.oid", "0")
    " WHERE true" NOT_MEMBER("pg_event_trigger", "v.oid"), NULL};

/* Between what the user made and members of extensions, which stand for their extension. What a sequence belongs to does not come
 * before it: the default of the column needs the sequence. What something depends on automatically is mostly what it is part of. Bodies
 * that are text have nothing here: nobody knows what they use. */
const struct postgres_query postgres_query_depend = {
    "depend", 0, 0,
    "SELECT DISTINCT p.classid::oid, p.objid, p.objsubid, COALESCE(m.refclassid, p.refclassid)::oid, COALESCE(m.refobjid, p.refobjid)"
    " FROM pg_depend p LEFT JOIN pg_class s ON p.classid = 'pg_class'::regclass AND s.oid = p.objid AND s.relkind = 'S'"
    " LEFT JOIN pg_depend m ON m.classid = p.refclassid AND m.objid = p.refobjid AND m.objsubid = 0 AND m.deptype = 'e'"
    " WHERE p.objid >= 16384 AND p.refobjid >= 16384 AND s.oid IS NULL AND (p.deptype = 'n' OR (p.deptype = 'a'"
    " AND p.classid IN ('pg_class'::regclass, 'pg_statistic_ext'::regclass, 'pg_opclass'::regclass, 'pg_amop'::regclass"
    ", 'pg_amproc'::regclass))) AND p.refclassid <> 'pg_namespace'::regclass"
    " AND (p.classid <> p.refclassid OR p.objid <> p.refobjid)", NULL};
