/* SPDX-License-Identifier: MIT */
/* A command line, parsed; and the parts of the command line's own code that share it. */
#ifndef DARA_CLI_CALL_H
#define DARA_CLI_CALL_H

#include "base/suggest.h"
#include "base/text.h"
#include "cli/command.h"

struct dara_given {
    const struct dara_option *option;
    const char *value; /* NULL for a switch */
};

struct dara_call {
    const struct dara_command *command; /* NULL when none was named */
    size_t argument_count;
    const char **arguments;
    size_t given_count, given_room;
    struct dara_given *given; /* grouped by option, in the order given within one */
    const char **values;      /* values[i] is given[i].value */
    struct dara_context context;
    enum dara_format format;
    bool help;
    bool version;
    bool no_colour;
    bool prompt; /* entered at the prompt, not as arguments of the process */
};

/* Options that every command takes, ended by a NULL name. */
extern const struct dara_option dara_global_options[];

/* The command of that name or alias; DARA_EUSAGE with what may have been meant. */
int dara_command_require(const char *name, const struct dara_command **ret_command);

/* Parse the words after the program's name; they are borrowed for the life of the call. `call` is filled as far as parsing
 * came (help wanted, format) also when it fails: DARA_EUSAGE. Release with dara_call_done() in any case. */
int dara_call_parse(struct dara_call *call, size_t count, const char *const *words);
void dara_call_done(struct dara_call *call);

/* The option of that long name, of the command or a global one; NULL when there is none. `command` may be NULL. */
const struct dara_option *dara_option_find(const struct dara_command *command, const char *name, size_t length);
const struct dara_option *dara_option_find_letter(const struct dara_command *command, char letter);

/* DARA_EUSAGE for an option that is not there, with what may have been meant. */
int dara_option_unknown(const struct dara_command *command, const char *name, size_t length);
/* What the user typed, on one line whatever it holds. free(). */
char *dara_call_visible(const char *text, size_t length);

/* "500ms", "10s", "2m", "1h", or seconds as a plain number. */
int dara_timeout_parse(const char *option, const char *text, unsigned *ret_ms);

/* Whether `word` is one of the space-separated `words`. */
bool dara_words_hold(const char *words, const char *word);
/* Call `each` with every word of a space-separated list (NULL = none). */
void dara_words_each(const char *words, void (*each)(void *context, const char *word), void *context);

/* ---- parts ----------------------------------------------------------------------------------------------------------- */

/* Run one command line: parse, run, print. Returns the exit status. */
int dara_run(size_t count, const char *const *words, bool prompt);
/* The prompt. Returns the exit status. */
int dara_prompt(void);

/* The columns that help is wrapped to. */
size_t dara_help_width(void);
/* Text of `dara help` and `dara help COMMAND`. */
void dara_help_overview(size_t width, struct dara_text *out);
void dara_help_command(const struct dara_command *command, size_t width, struct dara_text *out);
/* "[-p TEXT|--purpose TEXT] …": "  -p, --purpose TEXT" */
void dara_help_option(const struct dara_option *option, struct dara_text *out);
/* Append `text` as paragraphs wrapped to `width`, each line after `indent` spaces; lines that begin with a space are kept. The
 * first line begins at column `column`. */
void dara_wrap(const char *text, size_t indent, size_t column, size_t width, struct dara_text *out);

/* Manual pages, as roff. */
void dara_man_overview(struct dara_text *out);
void dara_man_command(const struct dara_command *command, struct dara_text *out);

/* What may stand in the place of the last of `words`: one candidate on a line, a tab and what it means; the line ":file" asks the
 * shell for names of files, ":folder" for those of folders. */
void dara_complete(size_t count, const char *const *words, struct dara_text *out);

/* Split a line as a shell would: white space, '…', "…", backslash. `*ret_words` is one allocation, free(). With `open`, a quote
 * that does not end is taken to end with the line; else it is DARA_EUSAGE. */
int dara_words_split(const char *line, bool open, char ***ret_words, size_t *ret_count);

/* The prompt's history: its file, or NULL where there is no place for it (free()); whether a line may be kept, that is, holds no
 * password that can be told; one more line; all lines, of which the file then keeps the last thousand. A history that cannot be read or
 * written is passed over. */
char *dara_prompt_path(void);
bool dara_prompt_keeps(const char *line);
void dara_prompt_add(const char *path, const char *line);
void dara_prompt_read(const char *path, void (*each)(const char *line));

/* What went wrong, for people, on stderr. */
void dara_print_error(const struct dara_error *error);
/* Write to stdout. DARA_EFILE; its native code is "EPIPE" where the reader went away, of which nobody wants to read. */
int dara_print(const struct dara_text *text);

#endif
