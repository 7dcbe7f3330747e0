#!/bin/bash
# SPDX-License-Identifier: MIT
# What is said of a command line that is wrong. All of it is exit 2, on standard error, and nothing on standard output.
. "$srcdir/tests/cli/lib.sh"

refused() { # refused NAME MESSAGE ARGUMENT…
    local name=$1 message=$2
    shift 2
    run dara "$@"
    [ "$status" = 2 ] && [ "$out" = '' ] && [ "$err" = "$message"$'\n' ]
    local good=$?
    ok $good "$name"
    [ $good -eq 0 ] || printf '%s\n' "$message" | sed 's/^/#   wanted: /'
}

refused 'a slip in a command' "dara: there is no command 'drivres'
  hint: did you mean 'drivers'?" drivres
refused 'a beginning of a command' "dara: there is no command 'compl'
  hint: did you mean 'completion'?" compl
refused 'a word like no command' "dara: there is no command 'xyzzy'
  hint: run 'dara help' for the commands" xyzzy
refused 'control characters are shown' "dara: there is no command 'a\\n\\x1b[31m'
  hint: run 'dara help' for the commands" $'a\n\e[31m'
refused 'a slip in an option' "dara: dara drivers has no option '--formta'
  hint: did you mean '--format'?" drivers --formta json
refused 'an option like no other' "dara: dara drivers has no option '--frobnicate'
  hint: run 'dara help drivers' for the options" drivers --frobnicate
refused 'an unknown letter' "dara: there is no option '-Z'
  hint: run 'dara help drivers' for the options" drivers -Z
refused 'a value is missing' "dara: option '--env' needs a value: NAME" drivers --env
refused 'a value too many' "dara: option '--yes' takes no value" drivers --yes=no
refused 'given twice' "dara: option '--env' is given more than once" drivers -ea --env=b
refused 'not one of the values' "dara: 'xml' is not a value of '--format'
  hint: use one of text, json, markdown" drivers -f xml
refused 'no time' "dara: 'soon' is no time for '--lock-timeout'
  hint: write it as 500ms, 10s or 2m" drivers --lock-timeout soon
refused 'a missing argument' "dara: dara completion needs bash|zsh|fish
  hint: usage: dara completion bash|zsh|fish" completion
refused 'an argument too many' "dara: 'fish' is one argument too many for dara completion
  hint: usage: dara completion bash|zsh|fish" completion bash fish
refused 'an argument where none is taken' "dara: dara drivers takes no argument, but 'x' was given
  hint: usage: dara drivers" drivers x
refused 'an unknown shell' "dara: there is no completion for the shell 'tcsh'
  hint: use one of bash, zsh, fish" completion tcsh
refused 'options without a command' "dara: no command is given
  hint: run 'dara help' for the commands" -q

# In JSON the error is in the document.
run dara --format json drivres
status_is 2 'a slip, in JSON'
is "$out" '{
  "command": "",
  "status": "usage",
  "error": {
    "code": "usage",
    "message": "there is no command '"'drivres'"'",
    "hint": "did you mean '"'drivers'"'?"
  },
  "notes": []
}
' 'the error is the document'
is "$err" '' 'and standard error is empty'

# Standard output that cannot be written to.
if [ -w /dev/full ]; then
    "$DARA" drivers >/dev/full 2>"$work/err"
    status=$?
    status_is 9 'a full disk: exit 9'
    is "$(cat "$work/err")" 'dara: cannot write to standard output
  detail: No space left on device
  hint: the command did its work: only what it had to say is lost' 'with a message'
    "$DARA" help >/dev/full 2>"$work/err"
    status=$?
    status_is 9 'a full disk, at help'
    "$DARA" --version >/dev/full 2>"$work/err"
    status=$?
    status_is 9 'a full disk, at --version'
else
    skip 'a full disk' '/dev/full is not writable'
fi
"$DARA" drivers >&- 2>"$work/err"
status=$?
status_is 9 'standard output closed: exit 9'
is "$(cat "$work/err")" 'dara: cannot write to standard output
  detail: Bad file descriptor
  hint: the command did its work: only what it had to say is lost' 'with a message'
mkfifo "$work/fifo"
exec 7<>"$work/fifo"
"$DARA" drivers 2>"$work/err" >"$work/fifo" &
child=$!
wait $child
status=$?
status_is 0 'a reader that is there'
exec 7>&-
{ sleep 0.3; "$DARA" help; echo $? >"$work/piped"; } 2>"$work/err" | :
is "$(cat "$work/piped")" 9 'a reader that went away: exit 9'
is "$(cat "$work/err")" '' 'without a word'
run bash -c 'exec 2>&-; "$DARA" drivers' 
status_is 0 'standard error closed'

done_testing
