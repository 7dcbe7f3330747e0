/* SPDX-License-Identifier: MIT */
/* The tokens of MySQL and MariaDB, as far as they decide where a statement ends and what it is. */
#ifndef DARA_MYSQL_LEX_H
#define DARA_MYSQL_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum mysql_token_type {
    MYSQL_TOKEN_END = 0,
    MYSQL_TOKEN_WORD,
    MYSQL_TOKEN_QUOTED, /* `name`; "name" where ANSI_QUOTES is set */
    MYSQL_TOKEN_STRING, /* 'text'; "text" where it is not */
    MYSQL_TOKEN_NUMBER,
    MYSQL_TOKEN_OTHER,     /* one character */
    MYSQL_TOKEN_OPEN,      /* the beginning of an executable comment whose content is read: "/" "*!50003" */
    MYSQL_TOKEN_CLOSE,     /* its end */
    MYSQL_TOKEN_DELIMITER, /* the delimiter of the file, where it is not ";" */
    MYSQL_TOKEN_BAD,       /* a quote or comment that does not end; `start` is where it begins */
};

/* What of sql_mode decides how text is read. */
enum mysql_mode {
    MYSQL_MODE_ANSI_QUOTES = 1u << 0,
    MYSQL_MODE_NO_BACKSLASH_ESCAPES = 1u << 1,
};

/* The server that is to read the text. A comment for another one is a comment; with `version` 0, the server not known, only what no
 * server runs is. */
struct mysql_server {
    bool mariadb;
    unsigned version; /* 101107, 90700; 0 = not known */
};

struct mysql_token {
    enum mysql_token_type type;
    const char *start;
    size_t length;
    unsigned line; /* of its first character, from 1 */
};

struct mysql_lexer {
    const char *begin, *at, *end;
    unsigned line;
    unsigned modes; /* enum mysql_mode */
    unsigned open;  /* executable comments around */
    struct mysql_server server;
    const char *open_start; /* the outermost of them, and its line */
    unsigned open_line;
    const char *delimiter; /* NULL: a ';', which is a MYSQL_TOKEN_OTHER */
    size_t delimiter_length;
};

/* Stand at the start of a text, on line 1; no modes, no delimiter, `server` not known. */
void mysql_lex_begin(struct mysql_lexer *lexer, const char *text, size_t length);
/* The next token behind white space and comments. */
enum mysql_token_type mysql_lex_next(struct mysql_lexer *lexer, struct mysql_token *ret_token);
/* At "$tag$": pass over the text up to the next one. False when there is none here, or it does not end. */
bool mysql_lex_dollar(struct mysql_lexer *lexer, struct mysql_token *ret_token);
/* Whether a token is this word (lowercase; any case in the text) or this one character. */
bool mysql_token_is(const struct mysql_token *token, const char *word);
/* The name or text that a word, quoted name or string stands for; free(). NULL without memory. */
char *mysql_token_text(const struct mysql_token *token, unsigned modes);

/* Whether a versioned comment ("/" "*!50003" or "/" "*M!100100") is run by the server. `at` stands behind its '!'; `*ret_digits` is how
 * many digits the version has. */
bool mysql_lex_runs(const struct mysql_server *server, bool mariadb_only, const char *at, const char *end,
                    size_t *ret_digits);

#endif
