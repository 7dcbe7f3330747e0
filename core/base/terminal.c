/* SPDX-License-Identifier: MIT */
#include "base/terminal.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"

static enum { UNASKED, OFF, ON } colour;

bool dara_terminal_colour(void)
{
    if (colour == UNASKED) {
        const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
        bool on = isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
        colour = on ? ON : OFF;
    }
    return colour == ON;
}

void dara_terminal_set_colour(bool on)
{
    colour = on ? ON : OFF;
}

const char *dara_terminal_escape(enum dara_colour which)
{
    static const char *const sequences[] = {
        [DARA_PLAIN] = "\033[0m",  [DARA_BOLD] = "\033[1m",    [DARA_DIM] = "\033[2m",   [DARA_RED] = "\033[31m",
        [DARA_GREEN] = "\033[32m", [DARA_YELLOW] = "\033[33m", [DARA_BLUE] = "\033[34m", [DARA_CYAN] = "\033[36m",
    };
    return dara_terminal_colour() && (size_t)which < DARA_COUNT(sequences) ? sequences[which] : "";
}

static size_t ask_width(void)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    if (!isatty(STDOUT_FILENO))
        return 0;
    if (columns && *columns) {
        char *end;
        errno = 0;
        long number = strtol(columns, &end, 10);
        if (!errno && !*end && number > 0 && number < 100000)
            return (size_t)number;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

size_t dara_terminal_width(void)
{
    static bool asked;
    static size_t width;
    if (!asked)
        width = ask_width();
    asked = true;
    return width;
}

bool dara_terminal_interactive(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

char *dara_terminal_ask(const char *question)
{
    char *line = NULL;
    size_t room = 0;
    fflush(stdout);
    fputs(question, stderr);
    fflush(stderr);
    ssize_t length = getline(&line, &room, stdin);
    if (length < 0) {
        /* Ctrl-C or Ctrl-D: what is said next begins a line. */
        fputc('\n', stderr);
        free(line);
        return NULL;
    }
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        line[--length] = '\0';
    return line;
}
