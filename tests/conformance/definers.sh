#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Whose a view or a program is, where definitions say it themselves: a file keeps it or leaves it out as is asked for, a plan leaves it
# as it is unless it is compared, and one that is nobody is named.
. "$srcdir/tests/conformance/lib.sh"

# A view, programs of each kind, and two triggers whose order counts, all made by NAME.
things() { # NAME
    local by="DEFINER=\`$1\`@\`%\`"
    cat <<SQL
CREATE TABLE t (a int);
CREATE $by VIEW v AS SELECT a FROM t;
CREATE $by TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE $by TRIGGER two BEFORE INSERT ON t FOR EACH ROW FOLLOWS one SET NEW.a = NEW.a + 1;
CREATE $by EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t;
DELIMITER //
CREATE $by PROCEDURE p () BEGIN SELECT 1; SELECT 'DEFINER=x'; END//
CREATE $by FUNCTION \`create\` () RETURNS int DETERMINISTIC RETURN 1//
SQL
}
# How many of the seven are whose.
owners() { # URL
    engine_sql "$1" "SELECT d, COUNT(*) FROM (SELECT DEFINER AS d FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
        UNION ALL SELECT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
        UNION ALL SELECT DEFINER FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
        UNION ALL SELECT DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()) x GROUP BY d ORDER BY d"
}

files() { # ENGINE
    local original=$url
    run "$DARA" snapshot full --format json
    keeps_schema snapshot
    is "$(json '.owner, .left_out.owner')" $'true\nnull' "$1: a snapshot holds definers"
    run "$DARA" snapshot plain --no-owner --format json
    keeps_schema snapshot
    is "$(json '.owner, .left_out.owner')" $'false\n6' "$1: with --no-owner it does not, and says how many"
    is "$(grep -c 'DEFINER=`' db/snapshots/*_full.sql db/snapshots/*_plain.sql | sed 's/.*://')" $'6\n0' "$1: nor does the text"
    run "$DARA" snapshot verify
    status_is 0 "$1: both are verified"
    run "$DARA" snapshot x --owner --no-owner
    status_is 2 "$1: and it cannot be both"
    engine_new back
    my_client -e "CREATE USER $other@'%' IDENTIFIED BY 'x1-Y_z'; GRANT ALL ON ${url##*/}.* TO $other@'%'"
    mariadb --no-defaults -h127.0.0.1 -P"$my_port" -u"$other" -p'x1-Y_z' --comments --binary-mode "${url##*/}" <db/snapshots/*_full.sql >/dev/null 2>"$work/err"
    [ $? -ne 0 ] && grep -q 1227 "$work/err"
    ok $? "$1: who may not name another as definer cannot load the first"
    engine_new back
    mariadb --no-defaults -h127.0.0.1 -P"$my_port" -u"$other" -p'x1-Y_z' --comments --binary-mode "${url##*/}" <db/snapshots/*_plain.sql 2>"$work/err"
    ok $? "$1: but the other one: $(head -n 1 "$work/err")"
    is "$(owners "$url")" "$other@%"$'\t6' "$1: and is the definer of all"
    run "$DARA" compare-schemas full "$url"
    status_is 0 "$1: the schemas are equal"
    out_like 'more objects differ in owner' "$1: with word of the rest"
    run "$DARA" compare-schemas "$url" full --owner
    status_is 1 "$1: with --owner they are not"
    run "$DARA" compare-schemas "$url" full --owner --sql
    cp "$work/out" "$work/way.sql"
    engine_load "$url" "$work/way.sql" 2>"$work/err"
    ok $? "$1: there is a way, which the client takes: $(head -n 1 "$work/err")"
    is "$(owners "$url")" "$(owners "$original")" "$1: gives them back"
    is "$(engine_schema "$url")" "$(engine_schema "$original")" "$1: and changes nothing else"
    url=$original
}

# A plan that makes something again leaves whose it is.
stays() { # ENGINE
    local original=$url
    engine_new back
    things "$other" | sed 's/SELECT 1;/SELECT 2;/; s/SELECT a FROM/SELECT a, 1 AS b FROM/; s/1 DAY/2 DAY/; s/NEW.a = 1/NEW.a = 2/; s/RETURN 1/RETURN 2/' >"$work/other.sql"
    engine_load "$url" "$work/other.sql"
    run "$DARA" create-migration change --to "$url"
    status_is 0 "$1: a plan that makes them all again"
    url=$original
    run "$DARA" apply-migration --no-snapshot --allow drop-view --allow drop-trigger --allow drop-function --allow drop-procedure --allow drop-event
    status_is 0 "$1: runs"
    is "$(owners "$url")" "$me@%"$'\t6' "$1: and leaves whose they are"
}

nobody() { # ENGINE
    my_client -e "DROP USER $me@'%'"
    run "$DARA" snapshot gone
    status_is 0 "$1: a definer that is nobody any more"
    out_like "its definer '$me@%' is no account of this server" "$1: is named"
}

suite() {
    [ "$engine_rich" = mysql ] || { skip "$1: definers" "its definitions name none"; return; }
    local me=dt_$$_me other=dt_$$_other
    engine_new base
    my_client -e "CREATE USER $me@'%'"
    things "$me" >"$work/things.sql"
    engine_load "$url" "$work/things.sql"
    project definers
    files "$1"
    stays "$1"
    nobody "$1"
    my_client -e "DROP USER IF EXISTS $me@'%', $other@'%'"
}
conform
