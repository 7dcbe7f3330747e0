#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A database of MySQL or MariaDB that has been there for years is adopted without a change to it; the histories of other tools are taken
# over, seeds are applied once, and what needs row-level security says what there is instead.
. "$srcdir/tests/conformance/lib.sh"

# Definitions, rows, numbers, and who may do what: all that setup-database must leave as it was.
everything() {
    local name=${url##*/}
    engine_schema "$url"
    engine_sql "$url" "CHECKSUM TABLE $(engine_sql "$url" "SELECT GROUP_CONCAT(TABLE_NAME ORDER BY 1) FROM information_schema.TABLES
        WHERE TABLE_SCHEMA = '$name' AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME NOT LIKE 'dara\\_%'")"
    engine_sql "$url" "SHOW CREATE TABLE wp_posts; SHOW GRANTS FOR dt_blog; SELECT * FROM mysql.procs_priv WHERE User = 'dt_blog'; SHOW CREATE DATABASE $name"
}
has_history() { # TOOL SQL WANTED
    local name=${1//-/_}
    engine_new "$name"
    engine_sql "$url" "$2"
    rm -rf "${work:?}/$name" && mkdir "$work/$name" && cd "$work/$name" || exit 99
    run "$DARA" --url "$url" setup-database mysql --import "$1"
    status_is 0 "$engine: the history of $1 is taken over"
    is "$(engine_sql "$url" "SELECT version, state FROM dara_migrations WHERE kind = 'migration' ORDER BY 1" | tr '\t\n' '| ')" "$3" "$engine: with its versions"
}
has_none() { # PURPOSE COMMAND…
    local purpose=$1
    shift
    run "$DARA" "$@"
    status_is 4 "$engine: $*: exit 4"
    is "$(sed -n 1p "$work/err")" "dara: the 'mysql' driver cannot $purpose: it has no 'policy' operations" "$engine: $*: says so"
    err_like 'hint: .*CREATE ROLE.*view with SQL SECURITY DEFINER.*USER\(\).*routines' "$engine: $*: and what there is instead"
}

suite() {
    local before again
    [ "$engine_type" = mysql ] || return 0
    engine_new blog
    engine_load "$url" "$srcdir/tests/conformance/rich/mysql-blog.sql"
    engine_sql "$url" "CREATE USER IF NOT EXISTS dt_blog; GRANT SELECT, INSERT ON wp_posts TO dt_blog; GRANT UPDATE (post_title) ON wp_posts TO dt_blog;
        GRANT EXECUTE ON PROCEDURE wp_clean TO dt_blog"
    before=$(everything)
    project blog
    is "$(everything)" "$before" "$1: adopted without a change"
    [[ "$before" == *wp_clean*AUTO_INCREMENT=4711* && "$before" == *'GRANT EXECUTE ON PROCEDURE'* ]]
    ok $? "$1: and that is all of it"
    run "$DARA" setup-database mysql
    status_is 0 "$1: set up again"
    is "$(everything)" "$before" "$1: without a change"
    run "$DARA" compare-schemas baseline live
    status_is 0 "$1: its schema is the baseline"

    # A routine that is made again loses the rights given on it, unless the plan gives them back.
    engine_sql "$url" "ALTER PROCEDURE wp_clean COMMENT 'changed'"
    run "$DARA" compare-schemas live baseline --sql
    is "$(grep -c 'PROCEDURE .wp_clean' "$work/out")" 3 "$1: dropped, made, and the rights given back"
    my_client "${url##*/}" <"$work/out" 2>"$work/err"
    ok $? "$1: the way back runs: $(head -n 1 "$work/err")"
    is "$(engine_sql "$url" "SHOW GRANTS FOR dt_blog" | grep wp_clean)" "$(grep 'GRANT.*wp_clean' <<<"$before")" "$1: and they are the same"

    printf '%s\n' "INSERT INTO wp_options (option_name, option_value) VALUES ('a;b', 'it''s'), ('c', 'd');" "UPDATE wp_users SET user_email = 'z@example.org' WHERE ID = 2;" >db/seeds/1.sql
    run "$DARA" seed db/seeds -f json
    status_is 0 "$1: seeds"
    is "$(json '[[.tables[] | [.table, .rows]], [.seeds[].state]] | @json')" '[[["wp_options",2],["wp_users",1]],["applied"]]' "$1: rows by table"
    again=$(engine_rows "$url")
    run "$DARA" seed db/seeds
    out_like 'nothing was changed' "$1: once"
    is "$(engine_rows "$url")" "$again" "$1: and no row is another"

    has_none 'audit row-level security' security-audit rls
    has_none 'audit row-level security' rls-audit
    has_none 'install row-level security' policy-apply wp_posts kiss
    has_none 'act as another user' test-as-user 1
    has_none 'act as another user' impersonate 1
    has_none 'write policies' create-rls-policies design.yaml

    has_history dbmate "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY); INSERT INTO schema_migrations VALUES ('20240101000000'), ('20240102000000')" \
        '20240101000000|applied 20240102000000|applied '
    has_history golang-migrate "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL); INSERT INTO schema_migrations VALUES (12, 0)" '12|applied '
    has_history flyway "CREATE TABLE flyway_schema_history (installed_rank int NOT NULL PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
        type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
        execution_time int NOT NULL, success bool NOT NULL, KEY flyway_schema_history_s_idx (success));
        INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success) VALUES (1, '1.1', 'a b', 'SQL', 'V1.1__a_b.sql', 'me', 3, 1),
        (2, NULL, 'views', 'SQL', 'R__views.sql', 'me', 3, 1)" '1.1|applied '
    has_history alembic "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY); INSERT INTO alembic_version VALUES ('ae1027a6acf')" 'ae1027a6acf|applied '
    engine_new blog
    engine_sql "$url" "DROP USER dt_blog"
}
conform
