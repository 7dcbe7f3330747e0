/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "service/compare.h"
#include "service/create-migration.h"
#include "service/rename.h"
#include "service/show.h"
#include "service/target.h"

#define SLUG_LENGTH 100

int dara_create_migration_slug(const char *name, char **ret_slug)
{
    DARA_TEXT_LOCAL slug = DARA_TEXT_INIT;
    bool gap = false;

    for (const char *at = name; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x20 || byte == 0x7f)
            return dara_error_set(DARA_EUSAGE, "the name of a migration holds a control character");
        if (byte >= 0x80 || !isalnum(byte)) {
            gap = slug.length > 0;
            continue;
        }
        if (gap)
            dara_text_add(&slug, "_");
        gap = false;
        char letter = (char)tolower(byte);
        dara_text_add_bytes(&slug, &letter, 1);
    }
    if (slug.length == 0 || slug.length > SLUG_LENGTH) {
        int code = slug.length ? dara_error_set(DARA_EUSAGE, "the name of a migration is longer than %d", SLUG_LENGTH)
                               : dara_error_set(DARA_EUSAGE, "'%s' has no letter or digit to name a file by", name);
        dara_error_hint("use a few words, as in 'add_orders'");
        return code;
    }
    *ret_slug = dara_text_steal(&slug);
    return 0;
}

/* The 14 digits a file name begins with, as a number; 0 where it does not. */
static int64_t version_of(const char *name)
{
    if (strspn(name, "0123456789") != 14 || name[14] != '_')
        return 0;
    return (int64_t)strtoll(name, NULL, 10);
}

int dara_create_migration_version(const char *now, char *const *names, size_t count, char ret_version[15])
{
    int64_t version = (int64_t)strtoll(now, NULL, 10);

    for (size_t i = 0; i < count; i++) {
        int64_t taken = version_of(names[i]);
        if (taken >= version)
            version = taken + 1;
    }
    if (version > INT64_C(99999999999999))
        return dara_error_set(DARA_EFILE, "no version is left after 99999999999999");
    DARA_FREE char *digits = dara_format("%014" PRId64, version);
    memcpy(ret_version, digits, 15);
    return 0;
}

static void close_local(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* Hold the folder while a version is chosen and its file made, so that two runs at once do not choose the same. */
static int lock_folder(const char *folder, int *ret_fd)
{
    int code = dara_file_make_folder(folder);
    if (code < 0)
        return code;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return dara_error_set(DARA_EFILE, "cannot open '%s': %s", folder, strerror(errno));
    if (flock(fd, LOCK_EX) < 0 && errno != ENOTSUP && errno != ENOLCK && errno != EINVAL) {
        code = dara_error_set(DARA_EFILE, "cannot lock '%s': %s", folder, strerror(errno));
        close(fd);
        return code;
    }
    *ret_fd = fd;
    return 0;
}

static int write_new(const char *path, const struct dara_text *text)
{
    if (dara_file_exists(path)) {
        int code = dara_error_set(DARA_EFILE, "'%s' is there already", path);
        dara_error_hint("choose another name, or remove the file");
        return code;
    }
    return dara_file_write(path, dara_text_string(text), text->length, 0666);
}

struct body {
    char *forth; /* statements, or NULL for the template */
    char *back;  /* NULL where there is none */
};

static void free_body(struct body *body)
{
    free(body->forth);
    free(body->back);
}

static int write_plan(struct dara_context *context, const struct dara_driver *driver, const struct dara_model *before,
                      const struct dara_model *after, const struct dara_renames *renames, struct dara_report *report,
                      bool show, char **ret_script)
{
    DARA_DIFF_LOCAL diff = NULL;
    DARA_PLAN_LOCAL plan = NULL;
    int code = dara_diff_new_of(dara_renames_moved(renames, before), after, context->scope, &diff);
    if (code == 0)
        code = dara_plan_new(driver, diff, &plan);
    if (code == 0)
        code = dara_compare_runnable(plan, report);
    if (code < 0)
        return code;
    if (show) {
        dara_renames_show(report, renames);
        dara_show_diff(report, "What would change", diff);
        dara_renames_hint(report, diff, renames, before);
    }
    if (dara_diff_count(diff) == 0 && !renames)
        return 0;
    DARA_TEXT_LOCAL script = DARA_TEXT_INIT;
    dara_compare_gaps(diff, before, after, driver, &script);
    code = renames ? dara_compare_script(renames->plan, driver, &script) : 0;
    if (code == 0)
        code = dara_compare_script(plan, driver, &script);
    if (code < 0)
        return code;
    *ret_script = dara_text_steal(&script);
    return 0;
}

/* The plans forth and back between live and the target; both NULL where they are equal. */
static int plan_body(struct dara_context *context, const struct dara_driver *driver, const char *to,
                     struct dara_report *report, struct body *body)
{
    DARA_TARGET_LOCAL live = NULL;
    DARA_TARGET_LOCAL target = NULL;
    DARA_RENAMES_LOCAL renames = NULL;
    DARA_RENAMES_LOCAL back = NULL;
    int code = dara_target_limit(context, &to, 1);
    if (code == 0)
        code = dara_target_open(context, to, &target);
    if (code == 0)
        code = dara_target_open(context, "live", &live);
    if (code == 0)
        code = dara_renames_new(context, live->model, target->model, &renames);
    if (code == 0)
        code = dara_renames_back(context, renames, target->model, &back);
    if (code < 0)
        return code;
    dara_report_text(report, "target", "target", target->title);
    code = write_plan(context, driver, live->model, target->model, renames, report, true, &body->forth);
    return code < 0 || !body->forth
               ? code
               : write_plan(context, driver, target->model, live->model, back, report, false, &body->back);
}

static void head(const struct dara_driver *driver, const char *slug, const char *what, struct dara_text *out)
{
    char when[21];

    dara_clock_iso(dara_clock_now(), when);
    DARA_FREE char *made = dara_format("made %s by dara create-migration%s", when, what);
    dara_compare_comment(driver, out, slug);
    dara_compare_comment(driver, out, made);
}

static void write_template(const struct dara_driver *driver, const char *directory, const char *name, const char *slug,
                           struct dara_text *out)
{
    head(driver, slug, "", out);
    dara_compare_comment(driver, out, "");
    dara_compare_comment(driver, out, "Write the statements below. They run in one transaction: all of them, or none.");
    DARA_FREE char *rehearse =
        dara_format("See first what they would do:  dara dry-run %s/migrations/%s", directory, name);
    DARA_FREE char *back =
        dara_format("A way back by hand, if you want one besides the snapshots:  %s/rollback/%s", directory, name);
    dara_compare_comment(driver, out, rehearse);
    dara_compare_comment(driver, out, back);
    dara_text_add(out, "\n");
}

/* A file that is to be: where, and what is in it. */
struct draft {
    const char *folder; /* of the project: "migrations" */
    const char *json, *label;
    struct dara_text text;
};

static int write_draft(struct dara_context *context, const struct draft *draft, const char *name, bool dry_run,
                       struct dara_report *report)
{
    const char *extension = strrchr(name, '.') + 1;
    DARA_FREE char *folder = dara_project_path(context->project, draft->folder);
    DARA_FREE char *path = dara_file_join(folder, name);
    DARA_FREE char *shown = dara_file_shown(path);
    int code = dry_run ? 0 : dara_file_make_folder(folder);

    if (code == 0 && !dry_run)
        code = write_new(path, &draft->text);
    if (code < 0)
        return code;
    dara_report_text(report, draft->json, draft->label, shown);
    if (dry_run) {
        DARA_FREE char *json = dara_format("%s_text", draft->json);
        dara_report_block(report, json, shown, extension, dara_text_string(&draft->text));
    }
    return 0;
}

static int choose_version(const char *folder, char ret_version[15])
{
    char **names = NULL;
    size_t count = 0;
    char now[15];
    int code = dara_file_exists(folder) ? dara_file_names(folder, &names, &count) : 0;

    if (code < 0)
        return code;
    dara_clock_version(dara_clock_now(), now);
    code = dara_create_migration_version(now, names, count, ret_version);
    dara_file_names_free(names);
    return code;
}

static int write_files(struct dara_context *context, const struct dara_driver *driver, const char *slug,
                       const struct body *body, bool dry_run, struct dara_report *report)
{
    DARA_FREE char *folder = dara_project_path(context->project, "migrations");
    DARA_CLEANUP(close_local) int fd = -1;
    char version[15];
    int code = dry_run ? 0 : lock_folder(folder, &fd);

    if (code == 0)
        code = choose_version(folder, version);
    if (code < 0)
        return code;
    DARA_FREE char *name = dara_format("%s_%s.%s", version, slug, driver->dialect->extension);
    struct draft forth = {"migrations", "file", "migration", DARA_TEXT_INIT};
    struct draft back = {"rollback", "rollback_file", "way back", DARA_TEXT_INIT};
    if (body->forth) {
        head(driver, slug, "", &forth.text);
        dara_text_format(&forth.text, "\n%s", body->forth);
    } else {
        write_template(driver, context->project->directory, name, slug, &forth.text);
    }
    if (body->back) {
        head(driver, slug, ": the way back", &back.text);
        dara_text_format(&back.text, "\n%s", body->back);
        code = write_draft(context, &back, name, dry_run, report);
    }
    if (code == 0)
        code = write_draft(context, &forth, name, dry_run, report);
    dara_text_done(&forth.text);
    dara_text_done(&back.text);
    if (code == 0)
        dara_report_text(report, "version", NULL, version);
    return code;
}

int dara_create_migration(struct dara_context *context, const char *name, const char *to, bool dry_run,
                          struct dara_report *report)
{
    DARA_FREE char *slug = NULL;
    DARA_CLEANUP(free_body) struct body body = {NULL, NULL};
    const struct dara_driver *driver;
    int code = dara_create_migration_slug(name, &slug);

    if (code == 0)
        code = dara_context_project(context);
    if (code == 0)
        code = dara_context_driver(context, &driver);
    if (code == 0)
        code = dara_driver_require(driver, "dialect", "write migrations");
    if (code < 0)
        return code;
    if (to) {
        code = plan_body(context, driver, to, report, &body);
        if (code < 0)
            return code;
        if (!body.forth) {
            dara_report_text(report, "file", NULL, NULL);
            dara_report_note(report, DARA_NOTE_INFO, "the live schema equals the target: no file is needed");
            return 0;
        }
    }
    code = write_files(context, driver, slug, &body, dry_run, report);
    if (code == 0 && dry_run)
        dara_report_note(report, DARA_NOTE_INFO, "nothing was written");
    else if (code == 0)
        dara_report_note(report, DARA_NOTE_HINT, "see what it does: dara dry-run, then dara apply-migration");
    return code;
}
