#!/bin/bash
# SPDX-License-Identifier: MIT
# security-audit: every rule over schemas on a schema with each fault, and none on a good one; levels, baseline, formats, hostile names.
# shellcheck source=tests/cli/lib.sh
. "$srcdir/tests/cli/lib.sh"
command -v sqlite3 >/dev/null || skip_all 'sqlite3 is not installed'
here=$srcdir/tests/cli/audit
found() { json '.findings[] | select(.suppressed == null) | "\(.level) \(.rule) \(.subject)"'; }
verdict() { json ".rules[] | select(.id == \"$1\") | .verdict"; }

sqlite3 bad.db <"$here/sqlite-bad.sql"
sqlite3 good.db <"$here/sqlite-good.sql"
export DATABASE_URL=sqlite:bad.db
run dara security-audit schema -f json
status_is 1 'faults are a finding'
is "$(found)" "$(cat "$here/sqlite-bad.txt")" 'every planted fault is found, and nothing else'
keeps_schema security-audit
is "$(json '[.rules[] | select(.verdict != "finding") | .id] | join(" ")')" 'no-columns primary-key-small' 'what SQLite cannot have is clean'
is "$(json '[.findings[].fingerprint] | (length) - (unique | length)')" 0 'each finding has a fingerprint of its own'
is "$(json '.findings[] | select(.fix != null) | .fix' | sort -u)" 'CREATE INDEX "joins_a_id" ON "joins" ("a_id")
CREATE INDEX "joins_b_id" ON "joins" ("b_id")
CREATE INDEX "kids_gone" ON "kids" ("gone")
CREATE INDEX "kids_loose" ON "kids" ("loose")
CREATE INDEX "kids_parent" ON "kids" ("parent")
CREATE INDEX "kids_self" ON "kids" ("self")
DROP INDEX "bills_b"
DROP INDEX "bills_c"' 'statements that mend'
cp bad.db mended.db
json '.findings[] | select(.fix != null) | .fix + ";"' | sqlite3 mended.db
ok $? 'which run'
run dara --url sqlite:mended.db security-audit -f json
is "$(found | grep -cE 'foreign-key-no-index|duplicate-index|redundant-index')" 0 'and mend'
run dara --url sqlite:good.db schema-audit
status_is 0 'a good schema'
out_like 'error: 0, warn: 0, info: 0' 'has no finding'
run dara --url sqlite:good.db schema-audit -f json
is "$(json '.totals | [.error, .warn, .info, .clean_rules, .not_evaluated_rules] | join(" ")')" '0 0 0 25 0' 'all rules are clean'

# levels
run dara security-audit --fail-on error
status_is 1 'one of level error'
run dara security-audit --fail-on off
status_is 0 '--fail-on off'
printf 'engine: sqlite\nrules:\n  foreign-key-no-parent: warn\n  quoted-name: off\n  not-strict: info\n  no-primary-key: error\n' >dara.yaml
run dara security-audit -f json
is "$(found | grep -cE '^warn foreign-key-no-parent|^error no-primary-key|^info not-strict')" 15 'dara.yaml gives levels'
is "$(found | grep -c quoted-name)" 0 'and turns rules off'
is "$(verdict quoted-name)" '' 'a rule that is off did not run'
printf 'engine: sqlite\nrules:\n  no-such-rule: warn\n' >dara.yaml
run dara security-audit
status_is 9 'a rule that nobody has'
err_like "there is no rule 'no-such-rule'" 'is named'
printf 'engine: sqlite\nrules:\n  no-primary-key: loud\n' >dara.yaml
run dara security-audit
err_like 'dara.yaml:3: the level of a rule must be error, warn, info or off' 'a level that is none'
printf 'engine: sqlite\n' >dara.yaml

# baseline
run dara security-audit --write-baseline base.json
status_is 0 'what is written into the baseline is known'
run dara security-audit --baseline base.json -f json
is "$status $(found | wc -l) $(json .totals.suppressed)" '0 0 33' 'and from then on'
sqlite3 bad.db 'CREATE TABLE fresh (x TEXT NOT NULL, y TEXT NOT NULL); DROP TABLE named'
run dara security-audit --baseline base.json -f json
is "$status $(found)" "1 warn no-primary-key table 'fresh'" 'only what is new counts'
is "$(json .totals.gone)" 1 'what is gone is counted'
printf '{' >broken.json
run dara security-audit --baseline broken.json
status_is 9 'a broken baseline'
err_like 'broken.json:1: the baseline is no JSON' 'is named'
run dara security-audit --baseline nosuch.json
status_is 9 'one that is not there'

# without a server
run dara snapshot one
mv bad.db away.db
run dara security-audit schema one -f json
is "$status $(found | wc -l)" '1 33' 'a snapshot is judged without a database'
mv away.db bad.db
run dara security-audit schema nosuch
status_is 9 'a snapshot that is not there'
run dara security-audit rules extra
status_is 2 'words that mean nothing'
run dara security-audit rules -f json
is "$(json '[.known_rules[] | select(.of == "schema")] | length >= 26')" true 'the rules are listed'
keeps_schema security-audit

# docs/RULES.md is what the rows say; it can be told only where all drivers were built
path=
for driver in sqlite postgres mysql; do
    [ -e "$builddir/drivers/$driver/$driver.la" ] && path=$path:$(cd "$builddir/drivers/$driver" && pwd)
done
if [ "$(tr -cd : <<<"$path")" = ::: ]; then
    DARA_DRIVER_PATH=$path run "$srcdir/scripts/rules"
    [ "$out" = "$(cat "$srcdir/docs/RULES.md"; echo)" ] || diff "$work/out" "$srcdir/docs/RULES.md" >"$work/err"
    cmp -s "$work/out" "$srcdir/docs/RULES.md"
    ok $? 'docs/RULES.md holds all rules: scripts/rules writes it'
else
    skip 'docs/RULES.md' 'not all drivers are built'
fi

# formats
cat >hostile.sql <<'S'
CREATE TABLE "ev<i>l"":
::error::x%0A,|`*&é" ("a]]>
b" TEXT, c TEXT);
S
printf 'CREATE TABLE "\033[31mred\302\233\r\tt" (a TEXT, b TEXT);' >>hostile.sql
sqlite3 hostile.db <hostile.sql
for format in text json markdown sarif junit github; do
    run dara --url sqlite:hostile.db security-audit -f $format
    status_is 1 "hostile names as $format"
    ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$work/out"
    ok $? "$format: no control character comes out"
done
is "$(grep -vcE '^::(error|warning|notice) [^:]*::' "$work/out")" 0 'github: every line is one annotation'
run dara security-audit -f sarif
is "$(json '[.version, .runs[0].tool.driver.name, (.runs[0].results | length), .runs[0].invocations[0].executionSuccessful] | join(" ")')" \
    '2.1.0 dara 33 true' 'SARIF: results'
is "$(json '.runs[0] | .tool.driver.rules as $r | [.results[] | select($r[.ruleIndex].id != .ruleId)] | length')" 0 'SARIF: rules by index'
is "$(json '[.runs[0].results[].level] | unique | join(" ")')" 'error note warning' 'SARIF: levels'
run dara security-audit -f junit
if python3 -c '' 2>/dev/null; then
    is "$(python3 -c '
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
cases = root.findall("testsuite/testcase")
print(root.tag, root.get("tests") == str(len(cases)), root.get("failures"), len(root.findall("testsuite/testcase/failure")))' "$work/out")" \
        'testsuites True 19 19' 'JUnit: counts agree'
fi
run dara --url sqlite:no/such.db security-audit -f sarif
is "$status $(json '.runs[0].invocations[0].executionSuccessful')" '3 false' 'SARIF of a command that failed'
run dara --url sqlite:no/such.db security-audit -f junit
out_like '<error message=' 'JUnit of one'
run dara --url sqlite:no/such.db security-audit -f github
out_like '^::error title=dara::' 'annotations of one'
run dara status -f sarif
status_is 2 'other commands have no findings'
done_testing
