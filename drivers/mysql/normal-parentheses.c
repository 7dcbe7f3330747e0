/* SPDX-License-Identifier: MIT */
/*
 * MySQL prints parentheses around every operation, MariaDB where precedence wants them. A pair is taken out where what stands inside binds
 * more strongly than what stands around it, so that both come to the same text.
 */
#include "normal.h"

#include <string.h>

enum { LOOSEST = 0, UNARY = 13, OPERAND = 100 };

static bool is(const struct mysql_tokens *tokens, size_t at, const char *word)
{
    return at < tokens->count && mysql_token_is(&tokens->list[at], word);
}

static int word_precedence(const struct mysql_token *token)
{
    static const struct {
        const char *word;
        int precedence;
    } words[] = {
        {"or", 1},     {"xor", 2},  {"and", 3},    {"not", 4},      {"between", 5},
        {"is", 6},     {"like", 6}, {"regexp", 6}, {"rlike", 6},    {"in", 6},
        {"escape", 6}, {"div", 11}, {"mod", 11},   {"collate", 15}, {"binary", 15},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mysql_token_is(token, words[i].word))
            return words[i].precedence;
    return OPERAND;
}

/* Words behind which an expression begins. */
static bool is_boundary(const struct mysql_token *token)
{
    static const char *const words[] = {"when", "then",  "else",      "case",     "end",   "interval",
                                        "as",   "using", "separator", "distinct", "where", "having"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mysql_token_is(token, words[i]))
            return true;
    return false;
}

static bool adjacent(const struct mysql_tokens *tokens, size_t at, char c)
{
    return at < tokens->count && !tokens->gaps[at] && tokens->list[at].type == MYSQL_TOKEN_OTHER &&
           *tokens->list[at].start == c;
}

static bool begins_operand(const struct mysql_tokens *tokens, size_t at)
{
    if (at == 0)
        return true;
    const struct mysql_token *before = &tokens->list[at - 1];
    if (before->type == MYSQL_TOKEN_OTHER)
        return *before->start != ')' && *before->start != '.';
    return before->type == MYSQL_TOKEN_WORD && (word_precedence(before) != OPERAND || is_boundary(before));
}

/* How strongly the operator at a place binds; OPERAND where there is none. */
static int precedence(const struct mysql_tokens *tokens, size_t at)
{
    const struct mysql_token *token = &tokens->list[at];
    if (token->type == MYSQL_TOKEN_WORD)
        return is_boundary(token) && !mysql_token_is(token, "interval") ? LOOSEST : word_precedence(token);
    if (token->type != MYSQL_TOKEN_OTHER)
        return OPERAND;
    char c = *token->start;
    bool twice = adjacent(tokens, at + 1, c) ||
                 (at > 0 && adjacent(tokens, at, *tokens->list[at - 1].start) && *tokens->list[at - 1].start == c);
    bool arrow = (c == '-' && adjacent(tokens, at + 1, '>')) ||
                 (c == '>' && at > 0 && adjacent(tokens, at, '>') && *tokens->list[at - 1].start == '-');
    switch (c) {
    case ',':
    case '(':
    case ')':
        return LOOSEST;
    case '|':
        return twice ? 1 : 7;
    case '&':
        return twice ? 3 : 8;
    case '<':
    case '>':
        return arrow ? OPERAND - 1 : twice ? 9 : 6;
    case '=':
        return 6;
    case '!':
        return adjacent(tokens, at + 1, '=') ? 6 : UNARY + 1;
    case '+':
    case '-':
        return arrow ? OPERAND - 1 : begins_operand(tokens, at) ? UNARY : 10;
    case '*':
    case '/':
    case '%':
        return 11;
    case '^':
        return 12;
    case '~':
        return UNARY;
    case '.':
        return OPERAND;
    default:
        return LOOSEST; /* ':', '@' and what nobody knows: left alone */
    }
}

/* The parenthesis that closes the one at `at`, or the number of tokens. */
static size_t closing(const struct mysql_tokens *tokens, size_t at)
{
    size_t depth = 0;
    for (; at < tokens->count; at++) {
        depth += is(tokens, at, "(");
        if (is(tokens, at, ")") && --depth == 0)
            break;
    }
    return at;
}

/* The operator inside that binds least; LOOSEST where it is no single expression. */
static int inside(const struct mysql_tokens *tokens, size_t from, size_t to)
{
    int least = OPERAND;
    bool between = false;
    unsigned cases = 0;
    if (from == to || is(tokens, from, "select") || is(tokens, from, "with") || is(tokens, from, "values"))
        return LOOSEST;
    for (size_t i = from; i < to; i++) {
        if (is(tokens, i, "(")) {
            i = closing(tokens, i);
            continue;
        }
        if (is(tokens, i, "join") || is(tokens, i, "straight_join") || is(tokens, i, "select"))
            return LOOSEST;
        if (is(tokens, i, "case"))
            cases++;
        else if (cases && is(tokens, i, "end"))
            cases--;
        else if (!cases && between && is(tokens, i, "and"))
            between = false;
        else if (!cases) {
            int here = precedence(tokens, i);
            between = between || is(tokens, i, "between");
            least = here < least ? here : least;
        }
    }
    return least;
}

/* Whether the parenthesis groups, and does not belong to a function, a list or a query. */
static bool groups(const struct mysql_tokens *tokens, size_t at)
{
    if (at == 0)
        return true;
    const struct mysql_token *before = &tokens->list[at - 1];
    if (before->type == MYSQL_TOKEN_WORD)
        return !mysql_token_is(before, "in") && (word_precedence(before) != OPERAND || is_boundary(before));
    return before->type == MYSQL_TOKEN_OTHER && *before->start != ')';
}

static bool needless(const struct mysql_tokens *tokens, size_t open, size_t close)
{
    if (close >= tokens->count || !groups(tokens, open))
        return false;
    int least = inside(tokens, open + 1, close);
    if (least == LOOSEST)
        return false;
    int left = open ? precedence(tokens, open - 1) : LOOSEST;
    int right = close + 1 < tokens->count ? precedence(tokens, close + 1) : LOOSEST;
    /* A unary operator before a number would read as its sign, and behind another one as something else. */
    return least > left && least >= (right == OPERAND ? LOOSEST : right);
}

static void take_out(struct mysql_tokens *tokens, size_t at)
{
    bool gap = tokens->gaps[at];
    tokens->count--;
    memmove(tokens->list + at, tokens->list + at + 1, (tokens->count - at) * sizeof(*tokens->list));
    memmove(tokens->gaps + at, tokens->gaps + at + 1, (tokens->count - at) * sizeof(*tokens->gaps));
    if (at < tokens->count)
        tokens->gaps[at] = tokens->gaps[at] || gap;
}

void mysql_tokens_unwrap(struct mysql_tokens *tokens)
{
    for (size_t i = 0; i < tokens->count;) {
        size_t close = is(tokens, i, "(") ? closing(tokens, i) : 0;
        if (!close || !needless(tokens, i, close)) {
            i++;
            continue;
        }
        take_out(tokens, close);
        take_out(tokens, i);
        /* Not a word that grows together with its neighbour: "not(a)". */
        if (i > 0 && tokens->list[i - 1].type == MYSQL_TOKEN_WORD && i < tokens->count)
            tokens->gaps[i] = true;
    }
}
