/* SPDX-License-Identifier: MIT */
/* The folders and files of a project. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "service/setup.h"

struct folder {
    const char *name;
    const char *readme;
};

static const struct folder folders[] = {
    {"migrations", "# Migrations\n\n"
                   "One file for each step, `20261120093000_add_orders` with the extension of the engine's scripts: 14 "
                   "digits of UTC time, an "
                   "underscore, a name.\n`dara create-migration NAME` makes one; `dara apply-migration` runs those "
                   "that are pending, in "
                   "order. A file that was applied is not edited any more.\n"},
    {"rollback",
     "# Rollback\n\nOptional ways back, written by hand: the same file name as the migration they undo.\n`dara "
     "rollback FILE` runs one.\n"},
    {"seeds",
     "# Seeds\n\nRows the application needs to work. `dara seed PATH` runs each file once for each content.\n"},
    {"tests", "# Tests\n\nScripts whose statements must return no rows.\n"},
    {"docs", "# Documents\n\nWhat dara writes for people to read.\n"},
    {"snapshots",
     "# Snapshots\n\nThe schema at a moment: a script that restores it, its `.meta` and its `.model.json`. `dara "
     "snapshot LABEL` "
     "takes one, `dara rollback LABEL` goes back to it.\nA snapshot taken with `--data` holds rows: think before it is "
     "shared.\n"},
};

static const char ignored_below[] = "# Files that are being written.\n.dara-*.tmp\n";
static const char ignored_above[] = "# Holds connection URLs, which may carry passwords.\n.env\n";

void dara_setup_say_path(struct dara_setup_files *files, const char *path, bool made)
{
    dara_table_row(files->table);
    dara_table_text(files->table, path);
    dara_table_text(files->table, !made ? "kept" : files->dry_run ? "would be made" : "made");
    files->made += made;
}

static int make_file(struct dara_setup_files *files, const char *relative, const char *text, mode_t mode)
{
    DARA_FREE char *path = dara_file_join(files->context->project->root, relative);
    struct stat info;
    /* lstat: a link that leads nowhere is somebody's too. */
    bool there = lstat(path, &info) == 0;
    int code = there || files->dry_run ? 0 : dara_file_write(path, text, strlen(text), mode);
    if (!code)
        dara_setup_say_path(files, relative, !there);
    return code;
}

static int make_folder(struct dara_setup_files *files, const char *relative)
{
    DARA_FREE char *path = dara_file_join(files->context->project->root, relative);
    struct stat info;
    bool there = stat(path, &info) == 0;
    if (there && !S_ISDIR(info.st_mode)) {
        dara_error_set(DARA_EFILE, "'%s' is there and is not a folder", path);
        dara_error_hint("move it away, or choose another folder with --folder");
        return DARA_EFILE;
    }
    int code = there || files->dry_run ? 0 : dara_file_make_folder(path);
    if (!code && !there) {
        DARA_FREE char *shown = dara_format("%s/", relative);
        dara_setup_say_path(files, shown, true);
    }
    return code;
}

static int make_folders(struct dara_setup_files *files)
{
    const char *directory = files->context->project->directory;
    int code = make_folder(files, directory);
    DARA_FREE char *ignore = dara_file_join(directory, ".gitignore");
    if (!code)
        code = make_file(files, ignore, ignored_below, 0644);
    for (size_t i = 0; !code && i < DARA_COUNT(folders); i++) {
        DARA_FREE char *folder = dara_file_join(directory, folders[i].name);
        DARA_FREE char *readme = dara_file_join(folder, "README.md");
        if (!(code = make_folder(files, folder)))
            code = make_file(files, readme, folders[i].readme, 0644);
    }
    return code;
}

int dara_setup_make_files(struct dara_setup_files *files)
{
    DARA_TEXT_LOCAL ignore = DARA_TEXT_INIT;
    dara_text_add(&ignore, ignored_above);
    if (files->ignored)
        dara_text_format(&ignore, "# The database, and the files the engine keeps beside it.\n/%s*\n", files->ignored);
    int code = make_folders(files);
    if (!code)
        code = make_file(files, ".gitignore", dara_text_string(&ignore), 0644);
    /* Last: a project exists once it has its file. */
    if (!code)
        code = make_file(files, "dara.yaml", files->yaml ? files->yaml : "", 0644);
    return code;
}

/* As .env reads it back: bare where nothing in it has a meaning, else in quotes. */
static void add_value(struct dara_text *out, const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%?&=+,-";
    if (value[strspn(value, plain)] == '\0') {
        dara_text_add(out, value);
        return;
    }
    dara_text_add(out, "\"");
    for (; *value; value++) {
        if (strchr("\"\\$`", *value))
            dara_text_add(out, "\\");
        dara_text_add_bytes(out, value, 1);
    }
    dara_text_add(out, "\"");
}

int dara_setup_add_variable(struct dara_setup_files *files, const char *name, const char *value)
{
    DARA_FREE char *path = dara_file_join(files->context->project->root, ".env");
    DARA_FREE char *old = NULL;
    size_t length = 0;
    bool there = dara_file_exists(path);
    int code = there ? dara_file_read(path, &old, &length) : 0;
    if (code)
        return code;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    dara_text_add_bytes(&text, old ? old : "", length);
    if (length && old[length - 1] != '\n')
        dara_text_add(&text, "\n");
    dara_text_format(&text, "%s=", name);
    add_value(&text, value);
    dara_text_add(&text, "\n");
    code = files->dry_run ? 0 : dara_file_write(path, dara_text_string(&text), text.length, 0600);
    if (!code) {
        DARA_FREE char *shown = dara_format(".env: %s", name);
        dara_setup_say_path(files, shown, true);
    }
    return code;
}
