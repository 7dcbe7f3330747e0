/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/call.h"
#include "cli/commands.h"

/* Each script asks `dara __complete WORD…` for what may stand in the place of the last word. */

/* Bash takes '=' and ':' for ends of words (COMP_WORDBREAKS): they are joined again, and what it takes for done is cut off. */
static const char bash_script[] =
    "# bash completion for dara:  source <(dara completion bash)\n"
    "_dara() {\n"
    "    local -a words=()\n"
    "    local i part joined='' current cut line\n"
    "    for ((i = 1; i <= COMP_CWORD; i++)); do\n"
    "        part=${COMP_WORDS[i]}\n"
    "        if ((i > 1)) && [[ $joined || $part == [=:]* ]]; then\n"
    "            words[${#words[@]} - 1]+=$part\n"
    "        else\n"
    "            words+=(\"$part\")\n"
    "        fi\n"
    "        joined=''\n"
    "        [[ $part != *[=:] ]] || joined=yes\n"
    "    done\n"
    "    current=${words[${#words[@]} - 1]}\n"
    "    cut=${current%\"${current##*[=:]}\"}\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r line; do\n"
    "        case $line in\n"
    "        :file)\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            while IFS= read -r line; do COMPREPLY+=(\"$line\"); done < <(compgen -f -- \"${current#\"$cut\"}\")\n"
    "            ;;\n"
    "        :folder)\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            while IFS= read -r line; do COMPREPLY+=(\"$line\"); done < <(compgen -d -- \"${current#\"$cut\"}\")\n"
    "            ;;\n"
    "        *)\n"
    "            line=${line%%$'\\t'*}\n"
    "            COMPREPLY+=(\"${line#\"$cut\"}\")\n"
    "            ;;\n"
    "        esac\n"
    "    done < <(command \"${COMP_WORDS[0]/#\\~/$HOME}\" __complete -- \"${words[@]}\" 2>/dev/null)\n"
    "}\n"
    "complete -F _dara dara\n";

static const char zsh_script[] =
    "#compdef dara\n"
    "# zsh completion for dara:  source <(dara completion zsh), or as _dara in a folder of fpath\n"
    "_dara() {\n"
    "    local line\n"
    "    local -a entries\n"
    "    for line in \"${(@f)$(command \"${~words[1]}\" __complete -- \"${(@Q)words[2,CURRENT]}\" 2>/dev/null)}\"; do\n"
    "        case $line in\n"
    "        '') ;;\n"
    "        :file) _files ;;\n"
    "        :folder) _files -/ ;;\n"
    "        *)\n"
    "            line=${line//:/\\\\:}\n"
    "            entries+=(\"${line/$'\\t'/:}\")\n"
    "            ;;\n"
    "        esac\n"
    "    done\n"
    "    (( ${#entries} )) && _describe -V dara entries\n"
    "}\n"
    "if [ \"${funcstack[1]}\" = _dara ]; then _dara \"$@\"; else compdef _dara dara; fi\n";

static const char fish_script[] = "# fish completion for dara:  dara completion fish | source\n"
                                  "function __dara_complete\n"
                                  "    set -l words (commandline -opc) (commandline -ct)\n"
                                  "    for line in (command $words[1] __complete -- $words[2..-1] 2>/dev/null)\n"
                                  "        switch $line\n"
                                  "            case :file\n"
                                  "                __fish_complete_path (commandline -ct)\n"
                                  "            case :folder\n"
                                  "                __fish_complete_directories (commandline -ct) ''\n"
                                  "            case '*'\n"
                                  "                echo $line\n"
                                  "        end\n"
                                  "    end\n"
                                  "end\n"
                                  "complete -c dara -f -a '(__dara_complete)'\n";

static int run(struct dara_call *call, DARA_UNUSED struct dara_report *report)
{
    static const struct {
        const char *shell;
        const char *script;
    } scripts[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};
    const char *shell = dara_call_argument(call, 0);
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    for (size_t i = 0; i < DARA_COUNT(scripts); i++) {
        if (strcmp(scripts[i].shell, shell) == 0) {
            dara_text_add(&out, scripts[i].script);
            return dara_print(&out);
        }
    }
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, shell);
    int code = dara_error_set(DARA_EUSAGE, "there is no completion for the shell '%s'", dara_text_string(&shown));
    dara_error_hint("use one of bash, zsh, fish");
    return code;
}

const struct dara_command dara_command_completion = {
    .name = "completion",
    .group = "Help",
    .summary = "print the completion script for bash, zsh or fish",
    .arguments = "bash|zsh|fish",
    .min = 1,
    .max = 1,
    .flags = DARA_COMMAND_NO_PROJECT | DARA_COMMAND_RAW,
    .description =
        "Prints a script that teaches the shell to complete commands, options, their values, files, snapshots and "
        "environments. It asks dara itself, so it never falls behind.\n"
        "\n"
        "For bash, add 'source <(dara completion bash)' to ~/.bashrc; for zsh, 'source <(dara completion zsh)' to "
        "~/.zshrc after compinit; for fish, write the output to ~/.config/fish/completions/dara.fish.",
    .example = "dara completion bash",
    .complete = "bash zsh fish",
    .run = run,
};

static int run_complete(struct dara_call *call, DARA_UNUSED struct dara_report *report)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    dara_complete(call->argument_count, call->arguments, &out);
    return dara_print(&out);
}

const struct dara_command dara_command_complete = {
    .name = "__complete",
    .group = "Help",
    .summary = "what may stand in the place of the last word, for completion scripts",
    .arguments = "[WORD…]",
    .max = -1,
    .flags = DARA_COMMAND_HIDDEN | DARA_COMMAND_NO_PROJECT | DARA_COMMAND_RAW,
    .description =
        "Prints one candidate on a line, a tab and what it means. ':file' and ':folder' ask the shell for names.",
    .example = "dara __complete -- dri",
    .run = run_complete,
};
