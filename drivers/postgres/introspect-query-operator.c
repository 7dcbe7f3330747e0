/* SPDX-License-Identifier: MIT */
/* Queries for base types, operators and what indexes know of them. */
#include "introspect-query-rare.h"

/* clang-format off */
/* ---- base types and shells ---- */

#define PIECE(condition, words, value) " || CASE WHEN " condition " THEN ', " words " = ' || " value " ELSE '' END"
#define SUPPORT(words, column)         PIECE("x." column " <> 0", words, FUNCTION_NAME("x." column))
const struct postgres_query postgres_query_base_type = {
    "type", POSTGRES_CLASS_TYPE, 0,
    "SELECT x.oid, x.typname AS name, n.nspname AS space" COMMENT ", CASE x.typtype WHEN 'b' THEN 'base' ELSE 'shell' END AS \"t:type\""
    ", CASE x.typtype WHEN 'b' THEN '(INPUT = ' || " FUNCTION_NAME("x.typinput") " || ', OUTPUT = ' || "
    FUNCTION_NAME("x.typoutput") SUPPORT("RECEIVE", "typreceive") SUPPORT("SEND", "typsend")
    SUPPORT("TYPMOD_IN", "typmodin") SUPPORT("TYPMOD_OUT", "typmodout") SUPPORT("ANALYZE", "typanalyze")
    " {140000;" SUPPORT("SUBSCRIPT", "typsubscript") ";} || ', INTERNALLENGTH = ' || CASE x.typlen WHEN -1 THEN 'VARIABLE'"
    " ELSE x.typlen::text END" PIECE("x.typbyval", "PASSEDBYVALUE", "'true'") " || ', ALIGNMENT = ' || CASE x.typalign WHEN 'c'"
    " THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END || ', STORAGE = ' || CASE x.typstorage WHEN 'p'"
    " THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END"
    PIECE("x.typcategory <> 'U'", "CATEGORY", "quote_literal(x.typcategory::text)") PIECE("x.typispreferred", "PREFERRED", "'true'")
    PIECE("x.typdefault IS NOT NULL", "DEFAULT", "quote_literal(x.typdefault)")
    PIECE("x.typelem <> 0", "ELEMENT", "format_type(x.typelem, NULL)")
    PIECE("x.typdelim <> ','", "DELIMITER", "quote_literal(x.typdelim::text)") PIECE("x.typcollation <> 0", "COLLATABLE", "'true'")
    " || ')' END AS \"t:definition\"" OWNER("x.typowner") ", x.typarray AS \"x:1247\""
    ", ARRAY[x.typinput::oid, x.typoutput, x.typreceive, x.typsend, x.typmodin, x.typmodout, x.typanalyze"
    " {140000;, x.typsubscript;}] AS \"f:1255\" FROM pg_type x JOIN pg_namespace n ON n.oid = x.typnamespace AND " USERS
    COMMENT_OF("pg_type", "x.oid", "0") " LEFT JOIN pg_type e ON e.oid = x.typelem WHERE x.oid >= 16384"
    " AND x.typtype IN ('b', 'p') AND e.typarray IS DISTINCT FROM x.oid" NOT_MEMBER("pg_type", "x.oid"),
    "EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typtype IN ('b', 'p') AND typelem = 0)"};

/* ---- operators ---- */

#define OPERAND(column) "COALESCE(format_type(NULLIF(x." column ", 0), NULL), 'NONE')"
#define OTHER_OPERATOR(column) \
    "(SELECT 'OPERATOR(' || quote_ident(rn.nspname) || '.' || r.oprname || ')' FROM pg_operator r" \
    " JOIN pg_namespace rn ON rn.oid = r.oprnamespace WHERE r.oid = x." column ")"
/* Shells stand for operators that others name and nobody has made. */
const struct postgres_query postgres_query_operator = {
    "operator", POSTGRES_CLASS_OPERATOR, 0,
    "SELECT x.oid, x.oprname AS name, x.oprname || ' (' || " OPERAND("oprleft") " || ', ' || " OPERAND("oprright")
    " || ')' AS key, n.nspname AS space" COMMENT ", concat_ws(', ', 'FUNCTION = ' || x.oprcode::text, 'LEFTARG = '"
    " || format_type(NULLIF(x.oprleft, 0), NULL), 'RIGHTARG = ' || format_type(NULLIF(x.oprright, 0), NULL), 'COMMUTATOR = ' || "
    OTHER_OPERATOR("oprcom") ", 'NEGATOR = ' || " OTHER_OPERATOR("oprnegate") ", CASE WHEN x.oprcanhash THEN 'HASHES' END"
    ", CASE WHEN x.oprcanmerge THEN 'MERGES' END) AS \"t:definition\", " FUNCTION_NAME("x.oprrest") " AS \"t:restrict\", "
    FUNCTION_NAME("x.oprjoin") " AS \"t:join\"" OWNER("x.oprowner") FROM_SPACED("pg_operator", "oprnamespace")
    " AND x.oprcode <> 0",
    ANY_OF("pg_operator")};

/* Members of operator classes and families. Those of a class depend on it internally; what is loose is the family's. */
#define OPERATOR_MEMBER \
    "'OPERATOR ' || o.amopstrategy || ' ' || o.amopopr::regoperator::text || CASE o.amoppurpose WHEN 'o' THEN ' FOR ORDER BY ' || " \
    "(SELECT " QUALIFIED("sn.nspname", "s.opfname") " FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace" \
    " WHERE s.oid = o.amopsortfamily) ELSE '' END"
#define FUNCTION_MEMBER \
    "'FUNCTION ' || f.amprocnum || ' (' || format_type(f.amproclefttype, NULL) || ', ' || format_type(f.amprocrighttype, NULL)" \
    " || ') ' || f.amproc::regprocedure::text"
#define MEMBERS(of, type) \
    "(SELECT array_agg(m.member ORDER BY m.member COLLATE \"C\") FROM (SELECT " OPERATOR_MEMBER " AS member FROM pg_depend p" \
    " JOIN pg_amop o ON o.oid = p.objid WHERE p.classid = 'pg_amop'::regclass AND p.refclassid = '" of "'::regclass" \
    " AND p.refobjid = x.oid AND p.deptype = '" type "' UNION ALL SELECT " FUNCTION_MEMBER " FROM pg_depend p" \
    " JOIN pg_amproc f ON f.oid = p.objid WHERE p.classid = 'pg_amproc'::regclass AND p.refclassid = '" of "'::regclass" \
    " AND p.refobjid = x.oid AND p.deptype = '" type "') m)"
#define MEMBER_OIDS(class, of, type) \
    "(SELECT array_agg(p.objid) FROM pg_depend p WHERE p.classid = '" class "'::regclass AND p.refclassid = '" of "'::regclass" \
    " AND p.refobjid = x.oid AND p.deptype = '" type "')"

const struct postgres_query postgres_query_operator_family = {
    "operator_family", POSTGRES_CLASS_OPERATOR_FAMILY, 0,
    "SELECT x.oid, x.opfname AS name, quote_ident(x.opfname) || ' USING ' || quote_ident(a.amname) AS key, n.nspname AS space"
    COMMENT ", " MEMBERS("pg_opfamily", "a") " AS \"l:members\"" OWNER("x.opfowner") ", "
    MEMBER_OIDS("pg_amop", "pg_opfamily", "a") " AS \"x:2602\", " MEMBER_OIDS("pg_amproc", "pg_opfamily", "a")
    " AS \"x:2603\" FROM pg_opfamily x JOIN pg_am a ON a.oid = x.opfmethod JOIN pg_namespace n ON n.oid = x.opfnamespace AND "
    USERS COMMENT_OF("pg_opfamily", "x.oid", "0") " WHERE x.oid >= 16384" NOT_MEMBER("pg_opfamily", "x.oid"),
    ANY_OF("pg_opfamily")};

const struct postgres_query postgres_query_operator_class = {
    "operator_class", POSTGRES_CLASS_OPERATOR_CLASS, 0,
    "SELECT x.oid, x.opcname AS name, quote_ident(x.opcname) || ' USING ' || quote_ident(a.amname) AS key, n.nspname AS space"
    COMMENT ", 'CREATE OPERATOR CLASS ' || " QUALIFIED("n.nspname", "x.opcname") " || CASE WHEN x.opcdefault THEN ' DEFAULT'"
    " ELSE '' END || ' FOR TYPE ' || format_type(x.opcintype, NULL) || ' USING ' || quote_ident(a.amname) || ' FAMILY '"
    " || (SELECT " QUALIFIED("fn.nspname", "f.opfname") " FROM pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace"
    " WHERE f.oid = x.opcfamily) || ' AS ' || COALESCE(NULLIF(concat_ws(', ', 'STORAGE '"
    " || format_type(NULLIF(x.opckeytype, 0), NULL), array_to_string(" MEMBERS("pg_opclass", "i")
    ", ', ')), ''), 'STORAGE ' || format_type(x.opcintype, NULL)) AS \"t:definition\"" OWNER("x.opcowner") ", "
    MEMBER_OIDS("pg_amop", "pg_opclass", "i") " AS \"x:2602\", " MEMBER_OIDS("pg_amproc", "pg_opclass", "i")
    " AS \"x:2603\" FROM pg_opclass x JOIN pg_am a ON a.oid = x.opcmethod JOIN pg_namespace n ON n.oid = x.opcnamespace AND "
    USERS COMMENT_OF("pg_opclass", "x.oid", "0") " WHERE x.oid >= 16384" NOT_MEMBER("pg_opclass", "x.oid"),
    ANY_OF("pg_opclass")};
