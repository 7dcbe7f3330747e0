/* SPDX-License-Identifier: MIT */
/* Migration files: read, checked, split and classified before anything is touched. */
#include "service/migration.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

#define VERSION_DIGITS 14

static int at(int code, const char *path, long line)
{
    dara_error_at(path, line);
    return code;
}

/* ---- names -------------------------------------------------------------------------------------------------------- */

static bool has_extension(const char *name, const char *extension)
{
    size_t length = strlen(name), tail = strlen(extension);
    return length > tail + 1 && name[length - tail - 1] == '.' && !strcmp(name + length - tail, extension);
}

/* Letters, digits, '_', '-', '.' and whatever is not ASCII: a name that is safe at a terminal and in a URL. */
static bool good_name(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c < 0x80 && !isalnum(c) && c != '_' && c != '-' && c != '.')
            return false;
    }
    return length > 0 && dara_utf8_valid(name, length);
}

static int parse_name(struct dara_migration *migration, const char *extension)
{
    const char *base = dara_file_base(migration->path);
    size_t digits = strspn(base, "0123456789"), length = strlen(base);
    if (digits == VERSION_DIGITS && base[digits] == '_' && has_extension(base, extension)) {
        const char *name = base + digits + 1;
        size_t name_length = length - digits - 1 - strlen(extension) - 1;
        if (good_name(name, name_length)) {
            migration->version = dara_strndup(base, VERSION_DIGITS);
            migration->name = dara_strndup(name, name_length);
            return 0;
        }
    }
    if (!dara_file_exists(migration->path))
        return dara_file_fail("read", migration->path);
    DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
    dara_text_add_visible(&shown, base);
    dara_error_set(DARA_EFILE, "'%s' is not the name of a migration", dara_text_string(&shown));
    dara_error_hint("name it with 14 digits, '_' and a name of letters, digits, '_', '-' and '.', such as "
                    "'20261120093000_add_orders.%s'",
                    extension);
    return at(DARA_EFILE, migration->path, 0);
}

/* ---- one file ----------------------------------------------------------------------------------------------------- */

static long line_of(const char *text, size_t offset)
{
    long line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text[i] == '\n';
    return line;
}

static int check_bytes(const struct dara_migration *migration)
{
    const char *nul = memchr(migration->text, 0, migration->length);
    if (nul) {
        dara_error_set(DARA_EFILE, "the file holds a NUL byte");
        return at(DARA_EFILE, migration->path, line_of(migration->text, (size_t)(nul - migration->text)));
    }
    if (dara_utf8_valid(migration->text, migration->length))
        return 0;
    long line = 1;
    for (const char *start = migration->text, *end = start + migration->length; start < end; line++) {
        const char *stop = memchr(start, '\n', (size_t)(end - start));
        size_t length = stop ? (size_t)(stop - start) : (size_t)(end - start);
        if (!dara_utf8_valid(start, length))
            break;
        start += length + 1;
    }
    dara_error_set(DARA_EFILE, "the file is not UTF-8");
    dara_error_hint("save it as UTF-8");
    return at(DARA_EFILE, migration->path, line);
}

static int read_text(struct dara_migration *migration)
{
    int r = dara_file_read(migration->path, &migration->text, &migration->length);
    if (r < 0)
        return r;
    dara_sha256(migration->text, migration->length, migration->checksum);
    /* A byte order mark is no statement. */
    if (migration->length >= 3 && !memcmp(migration->text, "\xef\xbb\xbf", 3)) {
        migration->length -= 3;
        memmove(migration->text, migration->text + 3, migration->length + 1);
    }
    return check_bytes(migration);
}

/* Comments are looked for line by line, for each hazard: found once. */
static void find_lines(struct dara_migration *migration)
{
    size_t room = 0;
    const char *line = migration->text;
    while (line) {
        DARA_GROW(migration->lines, migration->line_count, room);
        migration->lines[migration->line_count++] = line;
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
}

static int check_statement(const struct dara_migration *migration, size_t index)
{
    const struct dara_statement_facts *facts = migration->facts[index];
    long line = (long)migration->script->statements[index].line;
    const char *kind = facts->kind ? facts->kind : "this statement";
    if (facts->flags & DARA_STATEMENT_REFUSED) {
        dara_error_set(DARA_EFILE, "'%s' is not for migrations: %s", kind,
                       facts->refusal ? facts->refusal : "the engine's driver refuses it");
        if (facts->refusal_hint)
            dara_error_hint("%s", facts->refusal_hint);
        return at(DARA_EFILE, migration->path, line);
    }
    if (facts->flags & DARA_STATEMENT_TRANSACTION) {
        dara_error_set(DARA_EFILE, "'%s' begins or ends a transaction, and dara runs migrations in one of its own",
                       kind);
        dara_error_hint("take the statement out of the file");
        return at(DARA_EFILE, migration->path, line);
    }
    return 0;
}

/* `any`: it need not be one that could run. */
static int read_statements(const struct dara_driver *driver, struct dara_migration *migration, bool any)
{
    int r = dara_dialect_split(driver, migration->text, migration->length, &migration->script);
    if (r < 0)
        return at(r, migration->path, 0);
    if (migration->script->count == 0 && !any) {
        dara_error_set(DARA_EFILE, "the migration is empty: it holds no statement");
        dara_error_hint("write its statements, or remove the file");
        return at(DARA_EFILE, migration->path, 1);
    }
    migration->facts = dara_alloc((migration->script->count + 1) * sizeof(struct dara_statement_facts *));
    for (size_t i = 0; i < migration->script->count; i++) {
        if ((r = dara_dialect_classify(driver, &migration->script->statements[i], &migration->facts[i])) < 0)
            return at(r, migration->path, (long)migration->script->statements[i].line);
        if (!any && (r = check_statement(migration, i)) < 0)
            return r;
    }
    dara_migration_mark_fresh(migration);
    return 0;
}

static int read_one(const struct dara_driver *driver, struct dara_migration *migration, bool any)
{
    int r;
    if ((!any && (r = parse_name(migration, driver->dialect->extension)) < 0) || (r = read_text(migration)) < 0)
        return r;
    find_lines(migration);
    return read_statements(driver, migration, any);
}

/* ---- files and folders -------------------------------------------------------------------------------------------- */

static int add(struct dara_migrations *migrations, const struct dara_driver *driver, char *path, bool any)
{
    migrations->items = dara_realloc_array(migrations->items, migrations->count + 1, sizeof(*migrations->items));
    struct dara_migration *migration = &migrations->items[migrations->count++];
    memset(migration, 0, sizeof(*migration));
    migration->path = path;
    return read_one(driver, migration, any);
}

static int read_folder(const struct dara_driver *driver, const char *path, struct dara_migrations *migrations, bool any)
{
    char **names;
    size_t count;
    int r = dara_file_names(path, &names, &count);
    if (r < 0)
        return r;
    for (size_t i = 0; i < count && r == 0; i++)
        if (*names[i] != '.' && has_extension(names[i], driver->dialect->extension))
            r = add(migrations, driver, dara_file_join(path, names[i]), any);
    dara_file_names_free(names);
    return r;
}

/* Sorted by name, and a name begins with its version: equal versions stand side by side. */
static int check_versions(const struct dara_migrations *migrations)
{
    for (size_t i = 1; i < migrations->count; i++) {
        const struct dara_migration *before = &migrations->items[i - 1], *migration = &migrations->items[i];
        if (strcmp(before->version, migration->version))
            continue;
        dara_error_set(DARA_EFILE, "'%s' and '%s' have the same version, '%s'", dara_file_base(before->path),
                       dara_file_base(migration->path), migration->version);
        dara_error_hint("give one of them another number");
        return at(DARA_EFILE, migration->path, 0);
    }
    return 0;
}

static int read_path(const struct dara_driver *driver, const char *path, bool any,
                     struct dara_migrations **ret_migrations)
{
    DARA_MIGRATIONS_LOCAL migrations = dara_alloc(sizeof(*migrations));
    struct stat status;
    int r;
    if ((r = dara_driver_require(driver, "dialect", "read migrations")) < 0)
        return r;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        r = read_folder(driver, path, migrations, any);
    else
        r = add(migrations, driver, dara_strdup(path), any);
    if (r < 0 || (!any && (r = check_versions(migrations)) < 0))
        return r;
    *ret_migrations = migrations;
    migrations = NULL;
    return 0;
}

int dara_migrations_read(const struct dara_driver *driver, const char *path, struct dara_migrations **ret_migrations)
{
    return read_path(driver, path, false, ret_migrations);
}

int dara_migrations_read_any(const struct dara_driver *driver, const char *path,
                             struct dara_migrations **ret_migrations)
{
    return read_path(driver, path, true, ret_migrations);
}

struct dara_migrations *dara_migrations_free(struct dara_migrations *migrations)
{
    if (!migrations)
        return NULL;
    for (size_t i = 0; i < migrations->count; i++) {
        struct dara_migration *migration = &migrations->items[i];
        for (size_t j = 0; migration->facts && j < migration->script->count; j++)
            dara_facts_free(migration->facts[j]);
        free(migration->facts);
        dara_script_free(migration->script);
        free(migration->path);
        free(migration->version);
        free(migration->name);
        free(migration->text);
        free(migration->lines);
    }
    free(migrations->items);
    free(migrations);
    return NULL;
}

/* ---- allow comments ----------------------------------------------------------------------------------------------- */

/* Where line `line` (from 1) begins; NULL past the end. */
static const char *find_line(const struct dara_migration *migration, unsigned line)
{
    return line > 0 && line <= migration->line_count ? migration->lines[line - 1] : NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The rule that the first allow comment at or behind `from` names, in a line that begins with `line`; NULL where there is none. `alone`:
 * nothing stands before the comment's sign. */
static const char *find_allow(const char *line, const char *from, bool alone, size_t *ret_length)
{
    static const char word[] = "dara:allow";
    const char *end = line + strcspn(line, "\r\n");
    for (const char *found = strstr(from, word); found && found < end; found = strstr(found + 1, word)) {
        const char *before = found, *name = found + strlen(word);
        while (before > line && is_blank(before[-1]))
            before--;
        bool sign = (before - line >= 2 && (!strncmp(before - 2, "--", 2) || !strncmp(before - 2, "//", 2))) ||
                    (before > line && before[-1] == '#');
        if (!sign || !is_blank(*name) || (alone && strspn(line, " \t-/#") < (size_t)(found - line)))
            continue;
        name += strspn(name, " \t");
        *ret_length = strcspn(name, " \t\r\n");
        return name;
    }
    return NULL;
}

/* Whether `line` allows this rule. */
static bool line_allows(const char *line, const char *rule, bool alone)
{
    size_t length;
    for (const char *name = find_allow(line, line, alone, &length); name; name = find_allow(line, name, alone, &length))
        if (length == strlen(rule) && !strncmp(name, rule, length))
            return true;
    return false;
}

static bool line_is_allow(const char *line)
{
    size_t length = strcspn(line, "\r\n"), signs = strspn(line, " \t-/#");
    return signs > 0 && signs < length && !strncmp(line + signs, "dara:allow", strlen("dara:allow"));
}

bool dara_migration_allows(const struct dara_migration *migration, size_t statement, const char *rule)
{
    unsigned line = migration->script->statements[statement].line;
    const char *start = find_line(migration, line);
    if (start && line_allows(start, rule, false))
        return true;
    /* Several rules stand on lines of their own, one above the other. */
    while (line-- > 1) {
        start = find_line(migration, line);
        if (!start || !line_is_allow(start))
            return false;
        if (line_allows(start, rule, true))
            return true;
    }
    return false;
}

/* The statement that a comment on this line is for: the one that begins there, or below it and other comments that allow. */
static size_t statement_of(const struct dara_migration *migration, unsigned line)
{
    const char *start = find_line(migration, line);
    unsigned wanted = line;
    while (start && line_is_allow(start))
        start = find_line(migration, ++wanted);
    for (size_t i = 0; i < migration->script->count; i++)
        if (migration->script->statements[i].line == line || migration->script->statements[i].line == wanted)
            return i;
    return migration->script->count;
}

void dara_migration_each_allow(const struct dara_migration *migration,
                               void (*each)(void *context, const struct dara_allow *allow), void *context)
{
    for (unsigned line = 1; line <= migration->line_count; line++) {
        size_t length;
        const char *start = migration->lines[line - 1], *name = find_allow(start, start, false, &length);
        if (!name || !length)
            continue;
        DARA_FREE char *rule = dara_strndup(name, length);
        size_t blank = strspn(name + length, " \t");
        const struct dara_allow allow = {.line = line,
                                         .statement = statement_of(migration, line),
                                         .rule = rule,
                                         .reason = !strchr("\r\n", name[length + blank])};
        each(context, &allow);
    }
}
