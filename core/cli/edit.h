/* SPDX-License-Identifier: MIT */
/* What the prompt uses of libedit. It is loaded when a prompt begins: it and the four libraries behind it are a quarter of what any
 * other command takes to start. */
#ifndef DARA_CLI_EDIT_H
#define DARA_CLI_EDIT_H

#include <editline/readline.h>

/* Each of them as libedit's header declares it. */
#define DARA_EDIT_NAMES(X)                \
    X(readline)                           \
    X(add_history)                        \
    X(using_history)                      \
    X(rl_initialize)                      \
    X(rl_completion_matches)              \
    X(rl_line_buffer)                     \
    X(rl_readline_name)                   \
    X(rl_catch_signals)                   \
    X(rl_basic_word_break_characters)     \
    X(rl_completer_word_break_characters) \
    X(rl_attempted_completion_function)   \
    X(rl_attempted_completion_over)

/* A pointer to each function and variable, by its name. */
struct dara_edit {
#define DARA_EDIT_MEMBER(name) __typeof__(&name) name;
    DARA_EDIT_NAMES(DARA_EDIT_MEMBER)
#undef DARA_EDIT_MEMBER
};

/* Load libedit, which stays loaded, and fill `ret_edit`. The error says what is missing. */
int dara_edit_load(struct dara_edit *ret_edit);

#endif
