/* SPDX-License-Identifier: MIT */
/* Queries for foreign data and for replication. No secret leaves the server: options that may hold one are left out there. */
#include "introspect-query-rare.h"

/* clang-format off */
const struct postgres_query postgres_query_wrapper = {
    "foreign_data_wrapper", POSTGRES_CLASS_WRAPPER, 0,
    "SELECT x.oid, x.fdwname AS name" COMMENT ", " FUNCTION_NAME("x.fdwhandler") " AS \"t:handler\", "
    FUNCTION_NAME("x.fdwvalidator") " AS \"t:validator\", " FOREIGN_OPTIONS("x.fdwoptions", "options") ", " SECRET_NOTE("x.fdwoptions") OWNER("x.fdwowner")
    FROM_PLAIN("pg_foreign_data_wrapper"),
    ANY_OF("pg_foreign_data_wrapper")};

const struct postgres_query postgres_query_server = {
    "foreign_server", POSTGRES_CLASS_SERVER, 0,
    "SELECT x.oid, x.srvname AS name" COMMENT ", w.fdwname AS \"t:wrapper\", x.srvtype AS \"t:type\", x.srvversion AS \"t:version\", "
    FOREIGN_OPTIONS("x.srvoptions", "options") ", " SECRET_NOTE("x.srvoptions") OWNER("x.srvowner") " FROM pg_foreign_server x"
    " JOIN pg_foreign_data_wrapper w ON w.oid = x.srvfdw" COMMENT_OF("pg_foreign_server", "x.oid", "0")
    " WHERE x.oid >= 16384" NOT_MEMBER("pg_foreign_server", "x.oid"),
    ANY_OF("pg_foreign_server")};

/* The view shows options to those alone who may see them; the catalog itself is the superuser's. To anybody else they would look as if there
 * were none. */
#define MAY_SEE_OPTIONS \
    "(CASE x.umuser WHEN 0 THEN pg_has_role(s.srvowner, 'USAGE') ELSE x.usename = current_user AND (pg_has_role(s.srvowner, 'USAGE')" \
    " OR has_server_privilege(s.oid, 'USAGE')) END OR (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user))"
const struct postgres_query postgres_query_user_mapping = {
    "user_mapping", POSTGRES_CLASS_USER_MAPPING, 0,
    "SELECT x.umid AS oid, 'FOR ' || CASE x.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(x.usename) END || ' SERVER '"
    " || quote_ident(x.srvname) AS name, " FOREIGN_OPTIONS("x.umoptions", "options") ", " SECRET_NOTE("x.umoptions")
    ", x.srvid AS \"d:1417\", CASE WHEN NOT " MAY_SEE_OPTIONS " THEN 'the server does not show this role the options of all of them' END AS hidden"
    " FROM pg_user_mappings x JOIN pg_foreign_server s ON s.oid = x.srvid WHERE x.umid >= 16384" NOT_MEMBER("pg_user_mapping", "x.umid"),
    ANY_OF("pg_foreign_server")};

const struct postgres_query postgres_query_foreign_table = {
    "foreign_table", POSTGRES_CLASS_RELATION, 0,
    "SELECT c.oid, c.relname AS name, n.nspname AS space" COMMENT ", s.srvname AS \"t:server\", "
    FOREIGN_OPTIONS("x.ftoptions", "foreign_options") ", " SECRET_NOTE("x.ftoptions")
    ", CASE WHEN c.relispartition THEN h.parents[1] END AS \"t:postgres.partition_of\""
    ", pg_get_expr(c.relpartbound, c.oid) AS \"t:postgres.partition_bound\""
    ", CASE WHEN NOT c.relispartition THEN h.parents END AS \"l:postgres.inherits\"" OWNER("c.relowner")
    ", c.reltype AS \"x:1247\", rt.typarray AS \"x:1247\" FROM pg_foreign_table x JOIN pg_class c ON c.oid = x.ftrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace AND " USERS " JOIN pg_foreign_server s ON s.oid = x.ftserver"
    COMMENT_OF("pg_class", "c.oid", "0") " LEFT JOIN (SELECT i.inhrelid, array_agg(" QUALIFIED("pn.nspname", "p.relname")
    " ORDER BY i.inhseqno) AS parents FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent"
    " JOIN pg_namespace pn ON pn.oid = p.relnamespace GROUP BY i.inhrelid) h ON h.inhrelid = c.oid"
    " LEFT JOIN pg_type rt ON rt.oid = c.reltype WHERE c.oid >= 16384" NOT_MEMBER("pg_class", "c.oid"),
    "EXISTS (SELECT FROM pg_foreign_table)"};

/* ---- replication ---- */

const struct postgres_query postgres_query_publication = {
    "publication", POSTGRES_CLASS_PUBLICATION, 0,
    "SELECT x.oid, x.pubname AS name" COMMENT ", NULLIF(x.puballtables, false) AS \"b:all_tables\""
    ", concat_ws(', ', CASE WHEN x.pubinsert THEN 'insert' END, CASE WHEN x.pubupdate THEN 'update' END, CASE WHEN x.pubdelete"
    " THEN 'delete' END, CASE WHEN x.pubtruncate THEN 'truncate' END) AS \"t:publish\""
    ", NULLIF(x.pubviaroot, false) AS \"b:via_root\", CASE " COLUMN_IF_ANY("x", "pubgencols") " WHEN 's' THEN 'stored' END"
    " AS \"t:generated_columns\", (SELECT array_agg(" QUALIFIED("n.nspname", "c.relname")
    " {150000;|| COALESCE(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.i) FROM unnest(r.prattrs)"
    " WITH ORDINALITY u(no, i) JOIN pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = u.no) || ')', '')"
    " || COALESCE(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '');} ORDER BY n.nspname, c.relname)"
    " FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE r.prpubid = x.oid) AS \"l:tables\" {150000;, (SELECT array_agg(n.nspname ORDER BY n.nspname)"
    " FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = x.oid) AS \"l:schemas\""
    ", (SELECT array_agg(s.pnnspid) FROM pg_publication_namespace s WHERE s.pnpubid = x.oid) AS \"d:2615\";}"
    OWNER("x.pubowner") ", (SELECT array_agg(r.oid) FROM pg_publication_rel r WHERE r.prpubid = x.oid) AS \"x:6106\""
    ", (SELECT array_agg(r.prrelid) FROM pg_publication_rel r WHERE r.prpubid = x.oid) AS \"d:1259\""
    FROM_PLAIN("pg_publication"),
    ANY_OF("pg_publication")};

/* Passwords of a connection string, as keywords, as part of a URI, and as parameters of one. */
#define WITHOUT_SECRETS(text) \
    "regexp_replace(regexp_replace(regexp_replace(" text \
    ", '\\m(password|sslpassword|oauth_client_secret)\\s*=\\s*(''([^''\\\\]|\\\\.)*''|([^\\s\\\\&]|\\\\.)*)[\\s&]*', '', 'gi')" \
    ", '^(postgres(ql)?://[^:@/?]*):[^@/]*@', '\\1@', 'i'), '[?&\\s]+$', '')"
#define SWITCH(column) "CASE WHEN " COLUMN_IF_ANY("x", column) " IN ('true', 't') THEN "
const struct postgres_query postgres_query_subscription = {
    "subscription", POSTGRES_CLASS_SUBSCRIPTION, 0,
    "SELECT x.oid, x.subname AS name" COMMENT ", " WITHOUT_SECRETS("x.subconninfo") " AS \"t:connection\", CASE WHEN " WITHOUT_SECRETS("x.subconninfo")
    " <> x.subconninfo THEN 'the password is left out' END AS \"n:\""
    ", x.subpublications AS \"l:publications\", x.subslotname AS \"t:slot\", x.subenabled AS \"b:enabled\""
    ", NULLIF(array_remove(ARRAY[" SWITCH("subbinary") "'binary = true' END"
    ", CASE " COLUMN_IF_ANY("x", "substream") " WHEN 'true' THEN 'streaming = on' WHEN 't' THEN 'streaming = on' WHEN 'p'"
    " THEN 'streaming = parallel' WHEN 'f' THEN {180000;'streaming = off';NULL} END"
    ", CASE WHEN " COLUMN_IF_ANY("x", "subtwophasestate") " IN ('p', 'e') THEN 'two_phase = on' END, "
    SWITCH("subdisableonerr") "'disable_on_error = true' END, CASE WHEN " COLUMN_IF_ANY("x", "subpasswordrequired")
    " = 'false' THEN 'password_required = false' END, " SWITCH("subrunasowner") "'run_as_owner = true' END"
    ", CASE WHEN " COLUMN_IF_ANY("x", "suborigin") " <> 'any' THEN 'origin = none' END, " SWITCH("subfailover")
    "'failover = true' END, CASE WHEN x.subsynccommit <> 'off' THEN 'synchronous_commit = ' || quote_literal(x.subsynccommit) END]"
    ", NULL), '{}') AS \"l:options\"" OWNER("x.subowner") " FROM pg_subscription x" COMMENT_OF("pg_subscription", "x.oid", "0")
    " WHERE x.subdbid = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())",
    "EXISTS (SELECT FROM pg_subscription s JOIN pg_database b ON b.oid = s.subdbid WHERE b.datname = current_database())"};
