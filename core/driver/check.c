/* SPDX-License-Identifier: MIT */
/* What a descriptor must look like. Only memory inside the sizes that the driver itself declares is looked at. */
#include <string.h>

#include "driver/internal.h"

struct member {
    const char *name;
    size_t offset;
    bool must;
};

struct group {
    const char *name;
    size_t offset; /* of the pointer in the descriptor */
    bool must;
    const struct member *members; /* ends with a NULL name */
};

#define MUST(ops, member)                           \
    {                                               \
#member, offsetof(struct ops, member), true \
    }
#define MAY(ops, member)                             \
    {                                                \
#member, offsetof(struct ops, member), false \
    }
#define END            \
    {                  \
        NULL, 0, false \
    }

static const struct member session_members[] = {
    MUST(dara_session_ops, open),     MUST(dara_session_ops, close),
    MUST(dara_session_ops, describe), MUST(dara_session_ops, ping),
    MAY(dara_session_ops, create),    MAY(dara_session_ops, cancel),
    MAY(dara_session_ops, diagnose),  END,
};
static const struct member introspect_members[] = {
    MUST(dara_introspect_ops, kinds),
    MUST(dara_introspect_ops, read),
    MAY(dara_introspect_ops, count_rows),
    MAY(dara_introspect_ops, sizes),
    END,
};
static const struct member dialect_members[] = {
    MUST(dara_dialect_ops, extension),     MUST(dara_dialect_ops, delimiter),
    MUST(dara_dialect_ops, quote),         MUST(dara_dialect_ops, split),
    MUST(dara_dialect_ops, classify),      MUST(dara_dialect_ops, render),
    MUST(dara_dialect_ops, change),        MAY(dara_dialect_ops, prepare),
    MAY(dara_dialect_ops, begin_snapshot), MAY(dara_dialect_ops, end_snapshot),
    MAY(dara_dialect_ops, comment),        MAY(dara_dialect_ops, begin_plan),
    MAY(dara_dialect_ops, end_plan),       MAY(dara_dialect_ops, render_asked),
    MAY(dara_dialect_ops, rename),         MAY(dara_dialect_ops, read_rows),
    MAY(dara_dialect_ops, delete_rows),    MAY(dara_dialect_ops, render_unowned),
    MAY(dara_dialect_ops, write),          END,
};
static const struct member apply_members[] = {
    MUST(dara_apply_ops, lock),
    MUST(dara_apply_ops, unlock),
    MUST(dara_apply_ops, begin),
    MUST(dara_apply_ops, execute),
    MUST(dara_apply_ops, commit),
    MUST(dara_apply_ops, rollback),
    MUST(dara_apply_ops, history_ensure),
    MUST(dara_apply_ops, history_list),
    MUST(dara_apply_ops, history_record),
    MAY(dara_apply_ops, validate),
    MAY(dara_apply_ops, savepoint),
    MAY(dara_apply_ops, release),
    MAY(dara_apply_ops, rollback_to),
    MAY(dara_apply_ops, reset),
    MAY(dara_apply_ops, journal_ensure),
    MAY(dara_apply_ops, journal_list),
    MAY(dara_apply_ops, journal_record),
    MAY(dara_apply_ops, journal_forget),
    MAY(dara_apply_ops, settle),
    MAY(dara_apply_ops, observe),
    MAY(dara_apply_ops, history_record_all),
    MAY(dara_apply_ops, execute_all),
    MAY(dara_apply_ops, search),
    MAY(dara_apply_ops, weigh),
    MAY(dara_apply_ops, journal_step),
    END,
};
static const struct member scratch_members[] = {MUST(dara_scratch_ops, open), END};
static const struct member bulk_members[] = {MUST(dara_bulk_ops, export_rows), END};
static const struct member audit_members[] = {
    MUST(dara_audit_ops, rules),    MAY(dara_audit_ops, schema),
    MAY(dara_audit_ops, statement), MAY(dara_audit_ops, type),
    MAY(dara_audit_ops, index),     MAY(dara_audit_ops, fix),
    MAY(dara_audit_ops, follows),   MAY(dara_audit_ops, file),
    MAY(dara_audit_ops, probe),     END,
};
static const struct member policy_members[] = {
    MUST(dara_policy_ops, find),   MUST(dara_policy_ops, act),  MUST(dara_policy_ops, access),
    MAY(dara_policy_ops, install), MAY(dara_policy_ops, prove), END,
};
static const struct member no_members[] = {END};

static const struct group groups[] = {
    {"session", offsetof(struct dara_driver, session), true, session_members},
    {"introspect", offsetof(struct dara_driver, introspect), true, introspect_members},
    {"dialect", offsetof(struct dara_driver, dialect), false, dialect_members},
    {"apply", offsetof(struct dara_driver, apply), false, apply_members},
    {"scratch", offsetof(struct dara_driver, scratch), false, scratch_members},
    {"bulk", offsetof(struct dara_driver, bulk), false, bulk_members},
    {"policy", offsetof(struct dara_driver, policy), false, policy_members},
    {"explain", offsetof(struct dara_driver, explain), false, no_members},
    {"stats", offsetof(struct dara_driver, stats), false, no_members},
    {"audit", offsetof(struct dara_driver, audit), false, audit_members},
};

const char *const dara_driver_groups[] = {"session", "introspect", "dialect", "apply", "scratch", "bulk",
                                          "policy",  "explain",    "stats",   "audit", NULL};

/* Functions and data alike: on every system with dlsym() their pointers have one size. */
static const void *pointer_at(const void *base, size_t offset)
{
    const void *pointer;
    memcpy(&pointer, (const char *)base + offset, sizeof(pointer));
    return pointer;
}

bool dara_driver_has_group(const struct dara_driver *driver, const char *group)
{
    for (size_t i = 0; i < DARA_COUNT(groups); i++)
        if (strcmp(groups[i].name, group) == 0)
            return driver->size >= groups[i].offset + sizeof(void *) && pointer_at(driver, groups[i].offset) != NULL;
    return false;
}

static bool starts_lower(const char *text)
{
    return text[0] >= 'a' && text[0] <= 'z';
}

bool dara_driver_name_valid(const char *name)
{
    return starts_lower(name) && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789") == strlen(name);
}

bool dara_driver_scheme_valid(const char *scheme)
{
    return starts_lower(scheme) && strspn(scheme, "abcdefghijklmnopqrstuvwxyz0123456789+-.") == strlen(scheme);
}

static int refuse_text(const char *what)
{
    return dara_error_set(DARA_EDRIVER, "its descriptor has no %s", what);
}

static int check_head(const struct dara_driver *driver, const char *file_name)
{
    if (!driver->name || !*driver->name)
        return refuse_text("name");
    if (!dara_driver_name_valid(driver->name))
        return dara_error_set(DARA_EDRIVER, "its name '%s' is not made of lowercase letters and digits", driver->name);
    if (strcmp(driver->name, file_name) != 0)
        return dara_error_set(DARA_EDRIVER, "it names itself '%s', but its file is named '%s'", driver->name,
                              file_name);
    if (!driver->version || !*driver->version)
        return refuse_text("version");
    if (!driver->description || !*driver->description)
        return refuse_text("description");
    if (!driver->url_help || !*driver->url_help)
        return refuse_text("url_help");
    if (!driver->schemes || !driver->schemes[0])
        return refuse_text("URL schemes");
    for (size_t i = 0; driver->schemes[i]; i++)
        if (!dara_driver_scheme_valid(driver->schemes[i]))
            return dara_error_set(DARA_EDRIVER,
                                  "its URL scheme '%s' is not one: lowercase letters, digits, '+', '-', '.'",
                                  driver->schemes[i]);
    return 0;
}

static int check_group(const struct group *group, const void *ops)
{
    size_t size;
    memcpy(&size, ops, sizeof(size)); /* every table begins with it */
    for (const struct member *member = group->members; member->name; member++) {
        if (!member->must)
            continue;
        if (size < member->offset + sizeof(void *))
            return dara_error_set(DARA_EDRIVER, "group '%s' is %zu bytes long, too short for its member '%s'",
                                  group->name, size, member->name);
        if (!pointer_at(ops, member->offset))
            return dara_error_set(DARA_EDRIVER, "group '%s': member '%s' is missing", group->name, member->name);
    }
    return 0;
}

static int check_groups(const struct dara_driver *driver)
{
    for (size_t i = 0; i < DARA_COUNT(groups); i++) {
        const void *ops = pointer_at(driver, groups[i].offset);
        if (!ops && groups[i].must)
            return dara_error_set(DARA_EDRIVER, "group '%s' is missing", groups[i].name);
        int code = ops && groups[i].members->name ? check_group(&groups[i], ops) : 0;
        if (code)
            return code;
    }
    return 0;
}

static int check_rules(const struct dara_driver *driver)
{
    const struct dara_apply_ops *apply = driver->apply;
    bool savepoint = DARA_HAS(apply, savepoint), release = DARA_HAS(apply, release);
    if (apply && (savepoint != release || savepoint != DARA_HAS(apply, rollback_to)))
        return dara_error_set(DARA_EDRIVER,
                              "group 'apply': 'savepoint', 'release' and 'rollback_to' come all three or not at all");
    bool journal = DARA_HAS(apply, journal_ensure);
    if (apply && (journal != DARA_HAS(apply, journal_list) || journal != DARA_HAS(apply, journal_record) ||
                  journal != DARA_HAS(apply, journal_forget)))
        return dara_error_set(DARA_EDRIVER, "group 'apply': the four operations 'journal_…' come all or not at all");
    const struct dara_policy_ops *policy = driver->policy;
    if (policy && DARA_HAS(policy, install) != DARA_HAS(policy, prove))
        return dara_error_set(DARA_EDRIVER, "group 'policy': 'install' and 'prove' come both or not at all");
    if (driver->dialect && (!*driver->dialect->extension || strpbrk(driver->dialect->extension, "./")))
        return dara_error_set(DARA_EDRIVER, "group 'dialect': extension '%s' is not the end of a file's name",
                              driver->dialect->extension);
    for (const struct dara_rule *const *rule = driver->audit ? driver->audit->rules : NULL; rule && *rule; rule++)
        if (!(*rule)->id || !(*rule)->title || !(*rule)->why || !(*rule)->fix || (*rule)->level > DARA_RULE_ERROR)
            return dara_error_set(DARA_EDRIVER, "group 'audit': rule '%s' lacks its title, why or fix",
                                  (*rule)->id ? (*rule)->id : "");
    if (driver->dialect && !*driver->dialect->delimiter)
        return dara_error_set(DARA_EDRIVER, "group 'dialect': the delimiter is empty");
    DARA_MODEL_LOCAL model = NULL;
    return dara_model_new(driver->name, driver->introspect->kinds, &model);
}

int dara_driver_check(const struct dara_driver *driver, const char *file_name)
{
    const size_t size_1_0 = offsetof(struct dara_driver, stats) + sizeof(driver->stats);
    if (!driver)
        return dara_error_set(DARA_EDRIVER, "its function returned no descriptor");
    if (driver->abi_major != DARA_DRIVER_ABI_MAJOR) {
        dara_error_set(DARA_EDRIVER, "it is made for driver interface %u, this dara has %u",
                       (unsigned)driver->abi_major, (unsigned)DARA_DRIVER_ABI_MAJOR);
        dara_error_hint("build the driver again with the headers of this dara");
        return DARA_EDRIVER;
    }
    if (driver->size < size_1_0)
        return dara_error_set(DARA_EDRIVER, "its descriptor is %zu bytes long, driver interface %u.0 has %zu",
                              driver->size, (unsigned)DARA_DRIVER_ABI_MAJOR, size_1_0);
    /* What a shorter, older descriptor does not have counts as NULL. */
    struct dara_driver known = {0};
    memcpy(&known, driver, driver->size < sizeof(known) ? driver->size : sizeof(known));
    int code = check_head(&known, file_name);
    if (!code)
        code = check_groups(&known);
    if (!code)
        code = check_rules(&known);
    return code;
}
