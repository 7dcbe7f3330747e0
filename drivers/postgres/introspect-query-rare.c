/* SPDX-License-Identifier: MIT */
/* Queries for rare kinds: languages, collations, conversions, casts, transforms, text search. */
#include "introspect-query-rare.h"

/* clang-format off */
const struct postgres_query postgres_query_language = {
    "language", POSTGRES_CLASS_LANGUAGE, 0,
    "SELECT x.oid, x.lanname AS name" COMMENT ", 'CREATE ' || CASE WHEN x.lanpltrusted THEN 'TRUSTED ' ELSE '' END || 'LANGUAGE '"
    " || quote_ident(x.lanname) || COALESCE(' HANDLER ' || " FUNCTION_NAME("x.lanplcallfoid") ", '')"
    " || COALESCE(' INLINE ' || " FUNCTION_NAME("x.laninline") ", '') || COALESCE(' VALIDATOR ' || "
    FUNCTION_NAME("x.lanvalidator") ", '') AS \"t:definition\"" OWNER("x.lanowner") FROM_PLAIN("pg_language"),
    ANY_OF("pg_language")};

const struct postgres_query postgres_query_access_method = {
    "access_method", POSTGRES_CLASS_ACCESS_METHOD, 0,
    "SELECT x.oid, x.amname AS name" COMMENT ", 'CREATE ACCESS METHOD ' || quote_ident(x.amname) || ' TYPE ' || CASE x.amtype"
    " WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END || ' HANDLER ' || " FUNCTION_NAME("x.amhandler")
    " AS \"t:definition\"" FROM_PLAIN("pg_am"),
    ANY_OF("pg_am")};

/* The locale of ICU moved from column to column. */
#define LOCALE \
    "COALESCE(" COLUMN_IF_ANY("x", "colllocale") ", " COLUMN_IF_ANY("x", "colliculocale") ", x.collcollate::text)"
const struct postgres_query postgres_query_collation = {
    "collation", POSTGRES_CLASS_COLLATION, 0,
    "SELECT x.oid, x.collname AS name, n.nspname AS space" COMMENT ", 'CREATE COLLATION ' || "
    QUALIFIED("n.nspname", "x.collname") " || ' (provider = ' || CASE x.collprovider WHEN 'i' THEN 'icu' WHEN 'b'"
    " THEN 'builtin' ELSE 'libc' END || CASE WHEN x.collisdeterministic THEN '' ELSE ', deterministic = false' END"
    " || CASE WHEN x.collprovider IN ('i', 'b') OR x.collcollate = x.collctype THEN ', locale = ' || quote_literal(" LOCALE
    ") ELSE ', lc_collate = ' || quote_literal(x.collcollate) || ', lc_ctype = ' || quote_literal(x.collctype) END"
    " || COALESCE(', rules = ' || quote_literal(" COLUMN_IF_ANY("x", "collicurules") "), '') || ')' AS \"t:definition\""
    OWNER("x.collowner") FROM_SPACED("pg_collation", "collnamespace"),
    ANY_OF("pg_collation")};

const struct postgres_query postgres_query_conversion = {
    "conversion", POSTGRES_CLASS_CONVERSION, 0,
    "SELECT x.oid, x.conname AS name, n.nspname AS space" COMMENT ", 'CREATE ' || CASE WHEN x.condefault THEN 'DEFAULT '"
    " ELSE '' END || 'CONVERSION ' || " QUALIFIED("n.nspname", "x.conname") " || ' FOR '"
    " || quote_literal(pg_encoding_to_char(x.conforencoding)) || ' TO ' || quote_literal(pg_encoding_to_char(x.contoencoding))"
    " || ' FROM ' || " FUNCTION_NAME("x.conproc") " AS \"t:definition\"" OWNER("x.conowner")
    FROM_SPACED("pg_conversion", "connamespace"),
    ANY_OF("pg_conversion")};

/* A range brings its cast to the multirange. */
#define CAST_NAME "'(' || format_type(x.castsource, NULL) || ' AS ' || format_type(x.casttarget, NULL) || ')'"
const struct postgres_query postgres_query_cast = {
    "cast", POSTGRES_CLASS_CAST, 0,
    "SELECT x.oid, " CAST_NAME " AS name" COMMENT ", 'CREATE CAST ' || " CAST_NAME " || CASE x.castmethod WHEN 'f'"
    " THEN ' WITH FUNCTION ' || x.castfunc::regprocedure::text WHEN 'i' THEN ' WITH INOUT' ELSE ' WITHOUT FUNCTION' END"
    " || CASE x.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END AS \"t:definition\""
    FROM_PLAIN("pg_cast") " AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = x.oid"
    " AND i.deptype = 'i')",
    ANY_OF("pg_cast")};

#define TRANSFORM_NAME "'FOR ' || format_type(x.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname)"
const struct postgres_query postgres_query_transform = {
    "transform", POSTGRES_CLASS_TRANSFORM, 0,
    "SELECT x.oid, " TRANSFORM_NAME " AS name" COMMENT ", 'CREATE TRANSFORM ' || " TRANSFORM_NAME " || ' (' || concat_ws(', '"
    ", 'FROM SQL WITH FUNCTION ' || NULLIF(x.trffromsql, 0)::regprocedure::text"
    ", 'TO SQL WITH FUNCTION ' || NULLIF(x.trftosql, 0)::regprocedure::text) || ')' AS \"t:definition\""
    " FROM pg_transform x JOIN pg_language l ON l.oid = x.trflang" COMMENT_OF("pg_transform", "x.oid", "0")
    " WHERE x.oid >= 16384" NOT_MEMBER("pg_transform", "x.oid"),
    ANY_OF("pg_transform")};

/* ---- text search ---- */

const struct postgres_query postgres_query_parser = {
    "text_search_parser", POSTGRES_CLASS_PARSER, 0,
    "SELECT x.oid, x.prsname AS name, n.nspname AS space" COMMENT ", 'CREATE TEXT SEARCH PARSER ' || "
    QUALIFIED("n.nspname", "x.prsname") " || ' (START = ' || " FUNCTION_NAME("x.prsstart") " || ', GETTOKEN = ' || "
    FUNCTION_NAME("x.prstoken") " || ', END = ' || " FUNCTION_NAME("x.prsend") " || COALESCE(', HEADLINE = ' || "
    FUNCTION_NAME("x.prsheadline") ", '') || ', LEXTYPES = ' || " FUNCTION_NAME("x.prslextype") " || ')' AS \"t:definition\""
    FROM_SPACED("pg_ts_parser", "prsnamespace"),
    ANY_OF("pg_ts_parser")};

const struct postgres_query postgres_query_template = {
    "text_search_template", POSTGRES_CLASS_TEMPLATE, 0,
    "SELECT x.oid, x.tmplname AS name, n.nspname AS space" COMMENT ", 'CREATE TEXT SEARCH TEMPLATE ' || "
    QUALIFIED("n.nspname", "x.tmplname") " || ' (' || COALESCE('INIT = ' || " FUNCTION_NAME("x.tmplinit") " || ', ', '')"
    " || 'LEXIZE = ' || " FUNCTION_NAME("x.tmpllexize") " || ')' AS \"t:definition\""
    FROM_SPACED("pg_ts_template", "tmplnamespace"),
    ANY_OF("pg_ts_template")};

const struct postgres_query postgres_query_dictionary = {
    "text_search_dictionary", POSTGRES_CLASS_DICTIONARY, 0,
    "SELECT x.oid, x.dictname AS name, n.nspname AS space" COMMENT ", (SELECT " QUALIFIED("tn.nspname", "t.tmplname")
    " FROM pg_ts_template t JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = x.dicttemplate) AS \"t:template\""
    ", x.dictinitoption AS \"t:options\"" OWNER("x.dictowner") FROM_SPACED("pg_ts_dict", "dictnamespace"),
    ANY_OF("pg_ts_dict")};

const struct postgres_query postgres_query_configuration = {
    "text_search_configuration", POSTGRES_CLASS_CONFIGURATION, 0,
    "SELECT x.oid, x.cfgname AS name, n.nspname AS space" COMMENT ", (SELECT " QUALIFIED("pn.nspname", "p.prsname")
    " FROM pg_ts_parser p JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = x.cfgparser) AS \"t:parser\""
    ", (SELECT array_agg(quote_ident(t.alias) || ' WITH ' || m.names ORDER BY t.tokid) FROM ts_token_type(x.cfgparser) t"
    " JOIN (SELECT c.maptokentype, string_agg(c.mapdict::regdictionary::text, ', ' ORDER BY c.mapseqno) AS names"
    " FROM pg_ts_config_map c WHERE c.mapcfg = x.oid GROUP BY c.maptokentype) m ON m.maptokentype = t.tokid)"
    " AS \"l:mappings\"" OWNER("x.cfgowner") FROM_SPACED("pg_ts_config", "cfgnamespace"),
    ANY_OF("pg_ts_config")};

/* ---- columns of what is no table ---- */

#define SET_OF_COLUMN \
    "(a.attstattarget >= 0 OR a.attoptions IS NOT NULL OR a.attstorage <> t.typstorage {140000; OR a.attcompression <> '';})"
const struct postgres_query postgres_query_attribute = {
    "attribute", POSTGRES_CLASS_RELATION, POSTGRES_CLASS_RELATION,
    "SELECT a.attrelid AS oid, a.attnum AS sub, CASE WHEN c.relkind IN ('i', 'I') THEN a.attnum::text ELSE a.attname END AS name"
    ", a.attrelid AS owner" COMMENT ", pg_get_expr(x.adbin, x.adrelid) AS \"t:default\""
    ", CASE WHEN c.relkind <> 'v' AND a.attstattarget >= 0 THEN a.attstattarget END AS \"i:statistics\""
    ", CASE WHEN c.relkind = 'm' AND a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain'"
    " WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' END END AS \"t:storage\""
    ", {140000;CASE WHEN c.relkind = 'm' THEN CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END END;NULL::text}"
    " AS \"t:compression\", CASE WHEN c.relkind = 'm' THEN " OPTIONS("a.attoptions") " END AS \"l:options\""
    ", CASE WHEN c.relkind = 'm' THEN " OPTIONS_WRITTEN("a.attoptions") " END AS \"l:options_written\", x.oid AS \"x:2604\""
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('v', 'm', 'c', 'i', 'I')"
    " AND c.relpersistence <> 't' JOIN pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_attrdef x ON x.adrelid = a.attrelid AND x.adnum = a.attnum" COMMENT_OF("pg_class", "a.attrelid", "a.attnum")
    " WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped AND (d.description IS NOT NULL OR x.oid IS NOT NULL"
    " OR (c.relkind = 'm' AND " SET_OF_COLUMN ") OR (c.relkind IN ('i', 'I') AND a.attstattarget >= 0))",
    "(EXISTS (SELECT FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND c.relkind IN ('v', 'm', 'c')"
    " WHERE d.classoid = 'pg_class'::regclass AND d.objsubid > 0 AND d.objoid >= 16384)"
    " OR EXISTS (SELECT FROM pg_attrdef x JOIN pg_class c ON c.oid = x.adrelid AND c.relkind = 'v')"
    " OR EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 JOIN pg_type t ON t.oid = a.atttypid"
    " WHERE c.relkind = 'm' AND " SET_OF_COLUMN ") OR EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indexrelid"
    " AND a.attstattarget >= 0 WHERE i.indexprs IS NOT NULL AND i.indexrelid >= 16384))"};

/* ---- names of partitions' indexes ---- */

/* What PostgreSQL would call it; longer ones are cut, and then told in any case. */
#define USUAL_INDEX \
    "CASE k.contype WHEN 'p' THEN c.relname || '_pkey' ELSE c.relname || '_' || (SELECT string_agg(a.attname, '_' ORDER BY a.attnum)" \
    " FROM pg_attribute a WHERE a.attrelid = x.oid AND a.attnum > 0) || CASE k.contype WHEN 'u' THEN '_key' WHEN 'x' THEN '_excl'" \
    " ELSE '_idx' END END"
const struct postgres_query postgres_query_partition_index = {
    "partition_index", POSTGRES_CLASS_RELATION, POSTGRES_CLASS_RELATION,
    "SELECT v.* FROM (SELECT x.oid, x.relname AS name, " QUALIFIED("pn.nspname", "p.relname") " AS key, n.nspname AS space"
    ", i.indrelid AS owner" COMMENT ", x.relname AS \"t:index\", " USUAL_INDEX " AS \"t:usual\", h.inhparent AS \"d:1259\""
    " FROM pg_class x JOIN pg_index i ON i.indexrelid = x.oid JOIN pg_class c ON c.oid = i.indrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace AND " USERS " JOIN pg_inherits h ON h.inhrelid = x.oid"
    " JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace"
    " LEFT JOIN pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')" COMMENT_OF("pg_class", "x.oid", "0")
    " WHERE x.relispartition AND x.relkind IN ('i', 'I') AND x.relpersistence <> 't') v"
    " WHERE v.name <> v.\"t:usual\" OR v.comment IS NOT NULL",
    "EXISTS (SELECT FROM pg_class WHERE relispartition AND relkind IN ('i', 'I'))"};
