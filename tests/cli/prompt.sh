#!/bin/bash
# SPDX-License-Identifier: MIT
# The prompt, at a terminal that script(1) makes.
. "$srcdir/tests/cli/lib.sh"
command -v script >/dev/null || skip_all 'script is not installed'
export TERM=dumb HOME=$work/home XDG_STATE_HOME=$work/state
mkdir "$HOME"
history=$XDG_STATE_HOME/dara/history

# at_prompt LINE…: each line typed and sent, from the first prompt on; then Ctrl-D.
prompted() {
    local n
    for n in $(seq 200); do
        grep -q 'dara> ' "$work/out" 2>/dev/null && return
        sleep 0.05
    done
}
at_prompt() {
    : >"$work/out"
    { prompted; for line in "$@"; do sleep 0.4; printf '%b' "$line"; done; sleep 0.4; printf '\004'; sleep 0.4; } |
        timeout 20 script -qec "exec $DARA" /dev/null >"$work/out" 2>"$work/err"
    status=$?
    tr -d '\r' <"$work/out" >"$work/clean" && mv "$work/clean" "$work/out"
}

at_prompt 'help completion\n' '*drivers --formt\n' "help 'two words'\n" 'dara help help\n' "help 'open\n"
status_is 0 'Ctrl-D leaves: exit 0'
out_like '^usage: dara completion bash\|zsh\|fish$' 'a command runs'
out_like "dara drivers has no option '--formt'" 'a star before the command; an error does not end the prompt'
out_like "there is no command 'two words'" 'quotes make one argument'
out_like '^usage: dara help \[COMMAND\]$' 'dara before the command'
out_like 'a quote does not end' 'an open quote is said'
is "$(cat "$history")" "help completion
*drivers --formt
help 'two words'
dara help help
help 'open" 'lines are kept, wrong ones for mending'
is "$(stat -c %a "$history" "$XDG_STATE_HOME/dara")" $'600\n700' 'for their owner only'

rm "$history"
at_prompt 'help --url x://me:hush@host/db\n' 'help --url=x://me:hush@host/db\n' "help 'x://h/d?password=hush'\n" \
    'help x://h/d?api_key=hush\n' 'help --url x://me@host/db\n'
is "$(cat "$history")" 'help --url x://me@host/db' 'a line with a password is not kept'

at_prompt 'help comple\t\n' '*compl\tba\t\n' 'exit\n'
status_is 0 'exit leaves'
is "$(tail -3 "$history")" 'help completion 
*completion bash 
exit' 'Tab completes commands and arguments'

seq 1 1500 | sed 's/^/help /' >"$history"
at_prompt 'quit\n'
is "$(wc -l <"$history")" 1001 'the history keeps a thousand lines, and then the new one'
is "$(head -1 "$history")" 'help 501' 'the newest ones'

at_prompt 'help nothi\003' 'help help\n'
status_is 0 'Ctrl-C does not end the prompt'
out_like '^usage: dara help' 'it gives the line up'
out_unlike 'there is no command' 'which is not run'

rm -rf "$XDG_STATE_HOME" && touch "$XDG_STATE_HOME"
at_prompt 'help help\n'
status_is 0 'no place for the history: the prompt works'
out_like '^usage: dara help' 'as ever'

done_testing
