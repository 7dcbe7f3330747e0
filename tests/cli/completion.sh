#!/bin/bash
# SPDX-License-Identifier: MIT
# Completion, asked of the real shells where they are installed.
. "$srcdir/tests/cli/lib.sh"
PATH=$(dirname "$DARA"):$PATH

run dara __complete -- dri
is "$out" $'drivers\tshow which drivers were found, what each can do, and why one was refused\n' 'a command with its summary'
run dara __complete -- xyzzy ''
is "$out" '' 'nothing after an unknown command'
run dara __complete -- drivers --verb
is "$out" $'--verbose\tsay more; twice shows each call to the driver\n' 'an option with its help'
run dara __complete -- completion ''
is "$out" $'bash\nzsh\nfish\n' 'words an argument takes'
run dara __complete -- drivers -f ''
is "$out" $'text\njson\nmarkdown\n' 'values of a short option'
run dara __complete -- drivers --format=m
is "$out" $'--format=markdown\n' 'a value after ='
run dara __complete -- -C ''
is "$out" $':folder\n' 'a folder'
run dara __complete -- drivers -- --
is "$out" '' 'no options after --'
run dara __complete -- self
is "$out" '' 'hidden commands are not offered'
run dara __complete
status_is 0 'no word at all'

# What only the project knows.
if "$DARA" drivers --format json | jq -e 'any(.drivers[]; .loaded and .name == "sqlite")' >/dev/null; then
    mkdir project
    DARA_TEST_NOW=1795167000 run dara -C project setup-database sqlite
    DARA_TEST_NOW=1795168000 run dara -C project snapshot one
    is "$status" 0 'a project with two snapshots'
    run dara __complete -- -C project rollback ''
    is "$(cut -f1 "$work/out")" 'latest
20261120_094640_one
20261120_093000_baseline' 'snapshots, the newest first'
    run dara __complete -- rollback -C project 20261120_0946
    is "$out" $'20261120_094640_one\tone\n' 'the snapshot that begins as typed, with its label'
    run dara __complete -- rollback -C project base
    is "$out" $'baseline\t20261120_093000_baseline\n' 'a label that begins as typed, with its snapshot'
    run dara __complete -- -C project snapshot show o
    is "$out" $'one\t20261120_094640_one\n' 'snapshots after a word that takes one'
    run dara __complete -- -C project compare-schemas live env:
    is "$out" $'env:local\n:file\n' 'targets of a comparison'
    run dara __complete -- -C project create-migration x --to mig
    is "$(head -1 "$work/out")" $'migrations\tthe project\'s migrations, run on a scratch database' 'and of a migration'
    run dara __complete -- -C project --env ''
    is "$out" $'local\n' 'environments of the project'
    echo 'engine: [' >project/dara.yaml
    run dara __complete -- -C project rollback ''
    is "$status$out$err" 0 'a broken project: nothing, and no error in the middle of a line'
else
    skip 'snapshots and environments' 'the sqlite driver is not built'
fi

# Bash: the function, called as readline calls it.
cat >"$work/ask.bash" <<'END'
source <("$DARA" completion bash)
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_dara
printf '%s\n' "${COMPREPLY[@]}"
END
bash_gives() { # bash_gives NAME WANTED WORD…
    local name=$1 wanted=$2
    shift 2
    run bash "$work/ask.bash" "$@"
    is "$out" "$wanted"$'\n' "bash: $name"
    is "$err" '' "bash: $name, without a word on standard error"
}
mkdir -p 'some folder' && touch 'some file' some.sql
bash_gives 'commands' drivers dara driv
bash_gives 'options' --format dara drivers --fo
bash_gives 'values' $'json' dara drivers --format js
bash_gives 'values after =, which bash splits off' json dara drivers --format = j
bash_gives 'values right after =' $'text\njson\nmarkdown' dara drivers --format =
bash_gives 'arguments after such an option' $'bash' dara --format = json completion ba
bash_gives 'commands for help' completion dara help compl
bash_gives 'folders, with spaces' 'some folder' dara -C some
bash_gives 'nothing for an unknown command' '' dara xyzzy ''
run bash -c 'source <("$DARA" completion bash); complete -p dara'
is "$out" $'complete -F _dara dara\n' 'bash: the function is registered'

# Bash for real, with readline at a terminal.
if command -v script >/dev/null; then
    printf 'PS1="> "\nbind "set bell-style none"\nbind "set enable-bracketed-paste off"\nsource <("$DARA" completion bash)\ndara() { printf "<%%s>" got "$@" >>"%s"; }\n' "$work/got" >"$work/rc"
    { sleep 1; printf 'dara drivers --format=mark\t-q -C some\\ fo\t\n'; sleep 1; printf 'exit\n'; } |
        script -qec "bash --noprofile --rcfile $work/rc -i" /dev/null >/dev/null 2>&1
    is "$(cat "$work/got" 2>/dev/null)" '<got><drivers><--format=markdown><-q><-C><some folder/>' 'bash at a terminal: Tab completes value and folder'
else
    skip 'bash at a terminal' 'script is not installed'
fi

if command -v zsh >/dev/null; then
    run zsh -fc 'autoload -Uz compinit && compinit -u -D; source <("$DARA" completion zsh) && print -r -- $_comps[dara]'
    is "$out" $'_dara\n' 'zsh: the function is registered'
else
    skip 'zsh: the function is registered' 'zsh is not installed'
fi
if command -v fish >/dev/null; then
    export HOME=$work
    run fish --no-config -c 'dara completion fish | source; complete -C "dara drivers --format js"; complete -C "dara driv"'
    out_like '^json' 'fish: values'
    out_like '^drivers' 'fish: commands'
else
    skip 'fish: values and commands' 'fish is not installed'
fi

done_testing
