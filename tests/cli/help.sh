#!/bin/bash
# SPDX-License-Identifier: MIT
. "$srcdir/tests/cli/lib.sh"

run dara --version
status_is 0 '--version'
is "$out" $'dara 0.1.0\n' '--version prints name and version'
DARA_DRIVER_PATH=/nonexistent run dara -q --version
is "$out" $'dara 0.1.0\n' '--version among other options'
if command -v strace >/dev/null; then
    # No file of a driver is opened, and none of a project.
    touch dara.yaml
    strace -f -e trace=openat -o "$work/trace" "$DARA" --version >/dev/null 2>&1
    ! grep -E 'drivers|dara\.yaml' "$work/trace" >/dev/null
    ok $? '--version opens no driver and no project'
    rm dara.yaml
else
    skip '--version opens no driver and no project' 'strace is not installed'
fi

run dara help
status_is 0 'help'
is "$err" '' 'help goes to standard output'
out_like '^usage: dara \[global options\] COMMAND \[arguments\]$' 'help begins with the usage'
out_like '^Set-up$' 'commands stand in groups'
out_like '^  drivers  ' 'with their names'
out_like '^  -C, --directory DIR ' 'global options follow'
out_unlike 'self-test|man-page|__complete' 'hidden commands are not listed'
awk 'length > 80 { exit 1 }' "$work/out"
ok $? 'no line of help is longer than 80 columns'
overview=$out
run dara --help
is "$out" "$overview" '--help is help'
run dara
status_is 2 'without a command and a terminal: exit 2'
is "$err" "$overview" 'help goes to standard error then'
is "$out" '' 'and nothing to standard output'

run dara help completion
status_is 0 'help of a command'
is "$out" "usage: dara completion bash|zsh|fish

Prints a script that teaches the shell to complete commands, options, their
values, files, snapshots and environments. It asks dara itself, so it never
falls behind.

For bash, add 'source <(dara completion bash)' to ~/.bashrc; for zsh, 'source
<(dara completion zsh)' to ~/.zshrc after compinit; for fish, write the output
to ~/.config/fish/completions/dara.fish.

Example
  dara completion bash

Global options: dara help
" 'help of a command, exactly'
one=$out
run dara completion --help
is "$out" "$one" 'COMMAND --help is the same, although its argument is missing'
run dara --help completion
is "$out" "$one" '--help COMMAND too'
run dara help nothing
status_is 2 'help of an unknown command'
err_like "there is no command 'nothing'" 'says so'

# Every command has help, a manual page, and both name every option.
for name in $("$DARA" man-page --list); do
    run dara help "$name"
    [ "$status" = 0 ] && grep -q '^Example$' "$work/out"
    ok $? "dara help $name"
    grep -oE '^  (-., |    )--[a-z-]+' "$work/out" | grep -oE -- '--[a-z-]+' | sort >"$work/options"
    run dara man-page "$name"
    sed 's/\\-/-/g; s/\\f[BR]//g' "$work/out" | grep -oE '^(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort >"$work/paged"
    cmp -s "$work/options" "$work/paged"
    ok $? "the manual page of $name has the same options"
    if command -v groff >/dev/null; then
        is "$(groff -man -Tutf8 -ww -z "$work/out" 2>&1)" '' "roff of $name is sound"
    else
        skip "roff of $name is sound" 'groff is not installed'
    fi
done
run dara man-page
status_is 0 'dara(1)'
if command -v groff >/dev/null; then
    is "$(groff -man -Tutf8 -ww -z "$work/out" "$srcdir/docs/man/dara.yaml.5" 2>&1)" '' 'roff of dara(1) and dara.yaml(5) is sound'
    for name in $("$DARA" man-page --list); do
        groff -man -rHY=0 -Tascii "$work/out" 2>/dev/null | sed 's/.\x08//g; s/\x1b\[[0-9;]*m//g' | tr -s ' \n' '  ' | sed 's|dara- |dara-|g' | grep -qF "dara-$name(1)"
        ok $? "dara(1) refers to dara-$name(1)"
    done
else
    skip 'roff of dara(1) and dara.yaml(5) is sound' 'groff is not installed'
fi

done_testing
