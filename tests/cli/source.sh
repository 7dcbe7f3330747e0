#!/bin/bash
# SPDX-License-Identifier: MIT
# The house rules that a reader would have to look for: how errors are worded, and that a header says what its functions do.
. "$srcdir/tests/cli/lib.sh"

command -v python3 >/dev/null || skip_all 'python3 is not installed'
export srcdir
look() { run python3 "$srcdir/tests/cli/source.py" "$@"; }

look words "$srcdir"
status_is 0 'errors and hints: no full stop, no capital, names in quotes'
look headers "$srcdir"
status_is 0 'each function of a header has a comment'

# The table of promises names tests that are there.
run bash -c 'cd "$srcdir" && grep -oE "\`(tests|scripts)/[a-z/.-]+\`" docs/ARCHITECTURE.md | tr -d "\`" | sort -u | while read -r file; do [ -e "$file" ] || echo "$file"; done'
is "$out" '' 'docs/ARCHITECTURE.md names no test that is not there'
[ "$(grep -c '^| \*\*.*tests/' "$srcdir/docs/ARCHITECTURE.md")" = 12 ]
ok $? 'each of the twelve promises names a test'

# And that the two would find something.
mkdir -p bad/core bad/drivers
cat >bad/core/bad.c <<'END'
return dara_error_set(DARA_EFILE, "it "
                                  "failed (%s).", ")");
dara_error_hint("Do it");
dara_error_set(DARA_EFILE, "no table %s", name);
dara_error_detail("good %s '%s'", a, "b");
END
printf '/* about the file */\n\nint dara_bad(int a,\n             int b);\n\n/* good */\nint dara_good(void);\nint dara_too(void);\nint dara_bad_end(void); /* good */\n' >bad/core/bad.h
look words bad
is "$out" "bad/core/bad.c:1: a full stop: it failed (%s).
bad/core/bad.c:3: a capital: Do it
bad/core/bad.c:4: no quotes: no table %s
" 'words that break the rules are found'
look headers bad
is "$out" "bad/core/bad.h:3: dara_bad has no comment
" 'and a function without a comment'
done_testing
