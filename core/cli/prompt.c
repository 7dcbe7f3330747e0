/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <dara/version.h>

#include "base/signal.h"
#include "base/terminal.h"
#include "cli/call.h"
#include "cli/edit.h"

/* Without a terminal there is nobody to ask. */
static int no_terminal(void)
{
    DARA_TEXT_LOCAL out = DARA_TEXT_INIT;
    dara_help_overview(80, &out);
    fputs(dara_text_string(&out), stderr);
    return dara_error_status(DARA_EUSAGE);
}

/* ---- words of a line ---------------------------------------------------------------------------------------------------------- */

/* `*snapshot x` and `dara snapshot x` mean `snapshot x`. Returns how many words to leave out; takes the star off. */
static size_t strip(char **words, size_t count)
{
    size_t skip = count > 1 && strcmp(words[0], "dara") == 0;
    if (skip < count && words[skip][0] == '*')
        words[skip]++;
    return skip;
}

/* ---- completion ---------------------------------------------------------------------------------------------------------------- */

static struct dara_edit edit;

/* libedit asks for one candidate after the other, and passes nothing along. */
static struct dara_text candidates;
static char *next_candidate;

static char *give_candidate(DARA_UNUSED const char *text, DARA_UNUSED int again)
{
    if (!next_candidate || !*next_candidate)
        return NULL;
    char *line = next_candidate;
    size_t length = strcspn(line, "\n");
    next_candidate = line[length] ? line + length + 1 : NULL;
    return strndup(line, strcspn(line, "\t\n"));
}

/* The words up to the cursor; an empty one where a new one begins. free(). */
static char **words_before(int end, bool *ret_star, size_t *ret_skip, size_t *ret_count)
{
    DARA_FREE char *line = dara_strndup(*edit.rl_line_buffer, (size_t)end);
    bool fresh = end == 0 || strchr(" \t", line[end - 1]);
    /* A word that stands for the one to come. */
    DARA_FREE char *extended = dara_format("%s%s", line, fresh ? " ''" : "");
    char **words = NULL;
    size_t count = 0;
    dara_words_split(extended, true, &words, &count);
    *ret_star = count == 1 && words[0][0] == '*';
    *ret_skip = strip(words, count);
    *ret_count = count;
    return words;
}

static char **complete(const char *text, DARA_UNUSED int start, int end)
{
    bool star = false;
    size_t skip = 0, count = 0;
    DARA_FREE char **words = words_before(end, &star, &skip, &count);
    DARA_TEXT_LOCAL found = DARA_TEXT_INIT;
    dara_complete(count - skip, (const char *const *)(words + skip), &found);
    bool files = false;
    dara_text_clear(&candidates);
    for (const char *line = dara_text_string(&found); *line; line += strcspn(line, "\n") + 1) {
        if (*line == ':') {
            files = true;
            continue;
        }
        dara_text_add(&candidates, star ? "*" : "");
        dara_text_add_bytes(&candidates, line, strcspn(line, "\n") + 1);
    }
    /* Names of files are what libedit completes by itself. */
    if (files && !candidates.length)
        return NULL;
    *edit.rl_attempted_completion_over = 1;
    DARA_FREE char *lines = dara_strdup(dara_text_string(&candidates));
    next_candidate = lines;
    char **matches = edit.rl_completion_matches(text, give_candidate);
    next_candidate = NULL;
    return matches;
}

/* ---- the loop --------------------------------------------------------------------------------------------------------------------- */

static void remember(const char *line)
{
    edit.add_history(line);
}

static void set_up(const char *history)
{
    static char breaks[] = " \t\n\"'\\";
    *edit.rl_readline_name = "dara";
    *edit.rl_catch_signals = 0; /* our handlers stay */
    edit.rl_initialize();
    *edit.rl_basic_word_break_characters = breaks;
    *edit.rl_completer_word_break_characters = breaks;
    *edit.rl_attempted_completion_function = complete;
    edit.using_history();
    dara_prompt_read(history, remember);
}

static void run_line(const char *line, bool *ret_leave)
{
    char **words = NULL;
    size_t count = 0;
    if (dara_words_split(line, false, &words, &count)) {
        dara_print_error(dara_error_last());
        return;
    }
    size_t skip = strip(words, count);
    if (count - skip == 1 && (strcmp(words[skip], "exit") == 0 || strcmp(words[skip], "quit") == 0))
        *ret_leave = true;
    else if (count > skip)
        dara_run(count - skip, (const char *const *)(words + skip), true);
    free(words);
}

static int leave(int signal_number)
{
    dara_text_done(&candidates);
    return signal_number ? 128 + signal_number : 0;
}

int dara_prompt(void)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return no_terminal();
    if (dara_edit_load(&edit)) {
        dara_print_error(dara_error_last());
        return dara_error_status(dara_error_last()->code);
    }
    DARA_FREE char *history = dara_prompt_path();
    set_up(history);
    puts("dara " DARA_VERSION ": 'help' for the commands, Tab completes, Ctrl-D leaves");
    for (bool end = false; !end;) {
        DARA_FREE char *line = edit.readline("dara> ");
        int number = dara_signal_take();
        if (number == SIGTERM)
            return leave(number);
        if (!line) {
            putchar('\n');
            if (!number)
                break;
            continue; /* Ctrl-C gives the line up */
        }
        if (!*line)
            continue;
        remember(line);
        dara_prompt_add(history, line);
        run_line(line, &end);
        dara_signal_take();
    }
    return leave(0);
}
