/* SPDX-License-Identifier: MIT */
/*
 * .env: KEY=VALUE lines. `export ` before the name, comments, 'literal' and "escaped" values; a quoted value may span lines.
 * Nothing is expanded. No message ever shows a value.
 */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "service/project.h"

#define DOTENV_LIMIT (1024u * 1024u)

struct cursor {
    const char *at;
    const char *end;
    const char *file;
    long line;
};

static int fail(const struct cursor *cursor, long line, const char *message)
{
    int code = dara_error_set(DARA_ECONFIG, "%s", message);
    dara_error_at(cursor->file, line);
    return code;
}

static bool more(const struct cursor *cursor)
{
    return cursor->at < cursor->end;
}

static bool at_line_end(const struct cursor *cursor)
{
    return !more(cursor) || *cursor->at == '\n' ||
           (*cursor->at == '\r' && (cursor->at + 1 == cursor->end || cursor->at[1] == '\n'));
}

static void skip_blanks(struct cursor *cursor)
{
    while (more(cursor) && (*cursor->at == ' ' || *cursor->at == '\t'))
        cursor->at++;
}

static void skip_line(struct cursor *cursor)
{
    while (more(cursor) && *cursor->at != '\n')
        cursor->at++;
    if (more(cursor)) {
        cursor->at++;
        cursor->line++;
    }
}

static int read_name(struct cursor *cursor, struct dara_text *ret_name)
{
    const size_t export_length = sizeof("export ") - 1;
    if ((size_t)(cursor->end - cursor->at) > export_length && !strncmp(cursor->at, "export ", export_length)) {
        cursor->at += export_length;
        skip_blanks(cursor);
    }
    const char *start = cursor->at;
    while (more(cursor) && (isalnum((unsigned char)*cursor->at) || *cursor->at == '_'))
        cursor->at++;
    dara_text_add_bytes(ret_name, start, (size_t)(cursor->at - start));
    skip_blanks(cursor);
    if (!more(cursor) || *cursor->at != '=' || !dara_project_is_variable(dara_text_string(ret_name))) {
        int code = fail(cursor, cursor->line, "this line is not NAME=VALUE");
        dara_error_hint("a name is letters, digits and '_'; a comment begins with '#'");
        return code;
    }
    cursor->at++;
    skip_blanks(cursor);
    return 0;
}

/* The rest of the line, without a comment that stands after white space, and without white space at its end. */
static int read_bare(struct cursor *cursor, struct dara_text *value)
{
    const char *start = cursor->at, *end = cursor->at;
    for (; !at_line_end(cursor); cursor->at++) {
        bool blank = *cursor->at == ' ' || *cursor->at == '\t';
        if (*cursor->at == '#' && (cursor->at == start || cursor->at[-1] == ' ' || cursor->at[-1] == '\t'))
            break;
        if (iscntrl((unsigned char)*cursor->at) && !blank)
            return fail(cursor, cursor->line, "a control character in the value");
        if (!blank)
            end = cursor->at + 1;
    }
    dara_text_add_bytes(value, start, (size_t)(end - start));
    return 0;
}

static void add_escaped(struct dara_text *value, char c)
{
    static const char from[] = "nrt", to[] = "\n\r\t";
    const char *found = c ? strchr(from, c) : NULL;
    if (found)
        dara_text_add_bytes(value, &to[found - from], 1);
    else if (strchr("\\\"'$`", c))
        dara_text_add_bytes(value, &c, 1);
    else
        dara_text_add_bytes(value, (char[]){'\\', c}, 2);
}

static int read_quoted(struct cursor *cursor, struct dara_text *value)
{
    char quote = *cursor->at++;
    long first = cursor->line;
    for (; more(cursor) && *cursor->at != quote; cursor->at++) {
        if (*cursor->at == '\n')
            cursor->line++;
        if (quote == '"' && *cursor->at == '\\' && cursor->at + 1 < cursor->end && cursor->at[1] != '\n')
            add_escaped(value, *++cursor->at);
        else
            dara_text_add_bytes(value, cursor->at, 1);
    }
    if (!more(cursor))
        return fail(cursor, first, "the quote that opens here is not closed");
    cursor->at++;
    skip_blanks(cursor);
    if (!at_line_end(cursor) && *cursor->at != '#')
        return fail(cursor, cursor->line, "text after the closing quote");
    return 0;
}

/* The last line of a name wins, as in a shell. */
static void keep(struct dara_project *project, const char *name, const char *value)
{
    size_t at = 0, count = project->variable_count;
    while (at < count && strcmp(project->variable_names[at], name))
        at++;
    if (at < count) {
        explicit_bzero(project->variable_values[at], strlen(project->variable_values[at]));
        free(project->variable_values[at]);
    } else {
        project->variable_names = dara_realloc_array(project->variable_names, count + 1, sizeof(char *));
        project->variable_values = dara_realloc_array(project->variable_values, count + 1, sizeof(char *));
        project->variable_names[count] = dara_strdup(name);
        project->variable_count++;
    }
    project->variable_values[at] = dara_strdup(value);
}

static int read_line(struct dara_project *project, struct cursor *cursor)
{
    DARA_TEXT_LOCAL name = DARA_TEXT_INIT;
    DARA_TEXT_LOCAL value = DARA_TEXT_INIT;
    int code = read_name(cursor, &name);
    if (code)
        return code;
    bool quoted = more(cursor) && (*cursor->at == '"' || *cursor->at == '\'');
    code = quoted ? read_quoted(cursor, &value) : read_bare(cursor, &value);
    if (!code)
        keep(project, dara_text_string(&name), dara_text_string(&value));
    if (value.bytes)
        explicit_bzero(value.bytes, value.length);
    return code;
}

int dara_project_parse_env(struct dara_project *project, const char *text, size_t length, const char *file)
{
    struct cursor cursor = {.at = text, .end = text + length, .file = file, .line = 1};
    if (length > DOTENV_LIMIT)
        return fail(&cursor, 0, "the file is larger than 1 MiB");
    if (!dara_utf8_valid(text, length))
        return fail(&cursor, 0, "the file is not valid UTF-8 text");
    while (more(&cursor)) {
        skip_blanks(&cursor);
        if (!at_line_end(&cursor) && *cursor.at != '#') {
            int code = read_line(project, &cursor);
            if (code)
                return code;
        }
        skip_line(&cursor);
    }
    return 0;
}
