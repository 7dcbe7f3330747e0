/* SPDX-License-Identifier: MIT */
/* The dialect: reading and writing the engine's language. Needs no connection, so that files can be read without one. */
#include <string.h>

#include "driver/internal.h"

static void begin_call(const struct dara_driver *driver, struct dara_dispatch *call, const char *member)
{
    dara_dispatch_begin(call, driver, NULL, "dialect", member);
}

/* ---- scripts ------------------------------------------------------------------------------------------------------------ */

struct dara_statements {
    struct dara_script script; /* first: what the caller holds */
    struct dara_arena *arena;
    size_t room;
};

void dara_statements_add(struct dara_statements *statements, const char *text, size_t length, unsigned line)
{
    struct dara_script *script = &statements->script;
    DARA_GROW(script->statements, script->count, statements->room);
    script->statements[script->count++] = (struct dara_statement){
        .text = dara_arena_strndup(statements->arena, text, length),
        .length = length,
        .line = line ? line : 1,
    };
}

struct dara_script *dara_script_free(struct dara_script *script)
{
    if (!script)
        return NULL;
    dara_arena_free(((struct dara_statements *)script)->arena);
    free(script->statements);
    free(script);
    return NULL;
}

static int refuse_nul(const char *text, const char *nul)
{
    long line = 1;
    for (const char *at = text; at < nul; at++)
        line += *at == '\n';
    dara_error_set(DARA_EFILE, "the script holds a NUL byte");
    dara_error_at(NULL, line);
    return DARA_EFILE;
}

int dara_dialect_split(const struct dara_driver *driver, const char *text, size_t length,
                       struct dara_script **ret_script)
{
    int code = dara_driver_require(driver, "dialect", "split a script");
    const char *nul = code || !length ? NULL : memchr(text, '\0', length);
    if (nul)
        code = refuse_nul(text, nul);
    if (code)
        return code;
    struct dara_statements *statements = dara_alloc(sizeof(*statements));
    statements->arena = dara_arena_new();
    struct dara_dispatch call;
    begin_call(driver, &call, "split");
    code = dara_dispatch_end(&call, driver->dialect->split(NULL, text, length, statements));
    if (code)
        dara_script_free(&statements->script);
    else
        *ret_script = &statements->script;
    return code;
}

/* ---- facts -------------------------------------------------------------------------------------------------------------- */

struct dara_facts {
    struct dara_statement_facts facts; /* first: what the caller holds */
    struct dara_arena *arena;
    size_t object_room, hazard_room, lasting_room;
};

void dara_facts_kind(struct dara_facts *facts, const char *kind, unsigned flags)
{
    facts->facts.kind = dara_arena_strdup(facts->arena, kind);
    facts->facts.flags = flags;
}

void dara_facts_object(struct dara_facts *facts, enum dara_role role, const char *kind, const char *space,
                       const char *key)
{
    dara_facts_owned(facts, role, kind, space, NULL, key);
}

void dara_facts_owned(struct dara_facts *facts, enum dara_role role, const char *kind, const char *space,
                      const char *owner, const char *key)
{
    struct dara_statement_facts *to = &facts->facts;
    if (!key)
        return;
    DARA_GROW(to->objects, to->object_count, facts->object_room);
    to->objects[to->object_count++] = (struct dara_fact_object){
        .role = role,
        .kind = dara_arena_strdup(facts->arena, kind),
        .space = dara_arena_strdup(facts->arena, space),
        .key = dara_arena_strdup(facts->arena, key),
        .owner = dara_arena_strdup(facts->arena, owner),
    };
}

void dara_facts_hazard(struct dara_facts *facts, const char *rule, bool destroys, const char *message)
{
    struct dara_statement_facts *to = &facts->facts;
    DARA_GROW(to->hazards, to->hazard_count, facts->hazard_room);
    to->hazards[to->hazard_count++] = (struct dara_fact_hazard){
        .rule = dara_arena_strdup(facts->arena, rule ? rule : "unnamed"),
        .message = dara_arena_strdup(facts->arena, message ? message : ""),
        .destroys = destroys,
    };
}

void dara_facts_remark(struct dara_facts *facts, const char *rule, const char *message)
{
    dara_facts_hazard(facts, rule, false, message);
    facts->facts.hazards[facts->facts.hazard_count - 1].remark = true;
}

void dara_facts_withdraw(struct dara_facts *facts, const char *rule)
{
    struct dara_statement_facts *of = &facts->facts;
    size_t kept = 0;
    for (size_t i = 0; i < of->hazard_count; i++)
        if (strcmp(of->hazards[i].rule, rule) != 0)
            of->hazards[kept++] = of->hazards[i];
    of->hazard_count = kept;
}

void dara_facts_lock(struct dara_facts *facts, const char *mode, const char *effect)
{
    facts->facts.lock = dara_arena_strdup(facts->arena, mode);
    facts->facts.lock_effect = dara_arena_strdup(facts->arena, effect);
}

void dara_facts_lasting(struct dara_facts *facts, bool numbers, const char *what)
{
    struct dara_statement_facts *to = &facts->facts;
    DARA_GROW(to->lasting, to->lasting_count, facts->lasting_room);
    to->lasting[to->lasting_count++] =
        (struct dara_fact_lasting){.what = dara_arena_strdup(facts->arena, what ? what : ""), .numbers = numbers};
}

void dara_facts_refuse(struct dara_facts *facts, const char *why, const char *hint)
{
    facts->facts.refusal = dara_arena_strdup(facts->arena, why);
    facts->facts.refusal_hint = dara_arena_strdup(facts->arena, hint);
}

bool dara_facts_last(const struct dara_statement_facts *facts)
{
    for (size_t i = 0; i < facts->lasting_count; i++)
        if (!facts->lasting[i].numbers)
            return true;
    return false;
}

bool dara_facts_only_rows(const struct dara_statement_facts *facts)
{
    return facts->flags & (DARA_STATEMENT_DATA | DARA_STATEMENT_READS) &&
           !(facts->flags & (DARA_STATEMENT_SCHEMA | DARA_STATEMENT_UNREAD));
}

struct dara_statement_facts *dara_facts_free(struct dara_statement_facts *facts)
{
    if (!facts)
        return NULL;
    dara_arena_free(((struct dara_facts *)facts)->arena);
    free(facts->objects);
    free(facts->hazards);
    free(facts->lasting);
    free(facts);
    return NULL;
}

/* Flags and refusal agree, and a statement that the driver said nothing of counts as unread. */
static void complete(struct dara_facts *facts)
{
    struct dara_statement_facts *to = &facts->facts;
    if (!to->kind) {
        to->kind = "statement";
        to->flags |= DARA_STATEMENT_UNREAD;
    }
    if (to->refusal)
        to->flags |= DARA_STATEMENT_REFUSED;
    else if (to->flags & DARA_STATEMENT_REFUSED)
        to->refusal = "it is not for migrations";
}

int dara_dialect_classify(const struct dara_driver *driver, const struct dara_statement *statement,
                          struct dara_statement_facts **ret_facts)
{
    int code = dara_driver_require(driver, "dialect", "read statements");
    if (code)
        return code;
    struct dara_facts *facts = dara_alloc(sizeof(*facts));
    facts->arena = dara_arena_new();
    struct dara_dispatch call;
    begin_call(driver, &call, "classify");
    code = dara_dispatch_end(&call, driver->dialect->classify(NULL, statement->text, statement->length, facts));
    if (code) {
        dara_facts_free(&facts->facts);
        return code;
    }
    complete(facts);
    *ret_facts = &facts->facts;
    return 0;
}

static int audit_statements(const struct dara_driver *driver, const struct dara_lint_statement *items, size_t count)
{
    int code = 0;
    for (size_t i = 0; !code && DARA_HAS(driver->audit, statement) && i < count; i++) {
        struct dara_dispatch call;
        dara_dispatch_begin(&call, driver, NULL, "audit", "statement");
        code = dara_dispatch_end(&call, driver->audit->statement(NULL, items[i].text, items[i].length, items[i].facts));
    }
    return code;
}

int dara_audit_file(const struct dara_driver *driver, const struct dara_script *script,
                    struct dara_statement_facts *const *facts)
{
    struct dara_dispatch call;
    if (!dara_driver_has_group(driver, "audit"))
        return 0;
    DARA_FREE struct dara_lint_statement *items = dara_realloc_array(NULL, script->count + 1, sizeof(*items));
    for (size_t i = 0; i < script->count; i++)
        items[i] = (struct dara_lint_statement){.text = script->statements[i].text,
                                                .length = script->statements[i].length,
                                                .facts = (struct dara_facts *)facts[i]};
    int code = audit_statements(driver, items, script->count);
    if (code || !DARA_HAS(driver->audit, file))
        return code;
    dara_dispatch_begin(&call, driver, NULL, "audit", "file");
    return dara_dispatch_end(&call, driver->audit->file(items, script->count));
}

int dara_session_weigh(struct dara_session *session, const struct dara_statement *statement,
                       struct dara_statement_facts *facts)
{
    if (!(facts->flags & DARA_STATEMENT_WEIGHED) || !DARA_HAS(session->driver->apply, weigh))
        return 0;
    struct dara_dispatch call;
    dara_session_begin_call(session, &call, "weigh");
    facts->flags &= ~(unsigned)DARA_STATEMENT_WEIGHED;
    return dara_dispatch_end(&call, session->driver->apply->weigh(session->conn, statement->text, statement->length,
                                                                  (struct dara_facts *)facts));
}

/* ---- writing ------------------------------------------------------------------------------------------------------------ */

int dara_dialect_quote(const struct dara_driver *driver, const char *name, struct dara_text *out)
{
    int code = dara_driver_require(driver, "dialect", "quote names");
    if (code)
        return code;
    struct dara_dispatch call;
    begin_call(driver, &call, "quote");
    return dara_dispatch_end(&call, driver->dialect->quote(NULL, name, out));
}

int dara_dialect_render(const struct dara_driver *driver, const struct dara_object *object, struct dara_text *out)
{
    int code = dara_driver_require(driver, "dialect", "write definitions");
    if (code)
        return code;
    struct dara_dispatch call;
    begin_call(driver, &call, "render");
    return dara_dispatch_end(&call, driver->dialect->render(object, out));
}

int dara_dialect_render_unowned(const struct dara_driver *driver, const struct dara_object *object,
                                struct dara_text *out)
{
    struct dara_dispatch call;
    if (!dara_dialect_names_owners(driver))
        return dara_dialect_render(driver, object, out);
    begin_call(driver, &call, "render_unowned");
    return dara_dispatch_end(&call, driver->dialect->render_unowned(object, out));
}

int dara_dialect_write(const struct dara_driver *driver, const char *text, struct dara_text *out)
{
    struct dara_dispatch call;
    if (!DARA_HAS(driver->dialect, write)) {
        dara_text_add(out, text);
        dara_text_add(out, driver->dialect->delimiter);
        return 0;
    }
    begin_call(driver, &call, "write");
    return dara_dispatch_end(&call, driver->dialect->write(text, strlen(text), out));
}

bool dara_dialect_names_owners(const struct dara_driver *driver)
{
    return DARA_HAS(driver->dialect, render_unowned);
}

int dara_dialect_render_asked(const struct dara_driver *driver, const struct dara_object *object, unsigned scope,
                              struct dara_text *out)
{
    static const char purpose[] = "write owners and privileges";
    int code = dara_driver_require(driver, "dialect", purpose);
    if (!code && !DARA_HAS(driver->dialect, render_asked))
        code = dara_dispatch_absent(driver, "dialect", "render_asked", purpose);
    if (code)
        return code;
    struct dara_dispatch call;
    begin_call(driver, &call, "render_asked");
    return dara_dispatch_end(&call, driver->dialect->render_asked(object, scope, out));
}

int dara_dialect_read_rows(const struct dara_driver *driver, const struct dara_object *object,
                           const char *const *fields, size_t count, struct dara_text *out)
{
    static const char purpose[] = "read rows field by field";
    int code = dara_driver_require(driver, "dialect", purpose);
    if (!code && !DARA_HAS(driver->dialect, read_rows))
        code = dara_dispatch_absent(driver, "dialect", "read_rows", purpose);
    if (code)
        return code;
    struct dara_dispatch call;
    begin_call(driver, &call, "read_rows");
    return dara_dispatch_end(&call, driver->dialect->read_rows(object, fields, count, out));
}

int dara_dialect_delete_rows(const struct dara_driver *driver, const struct dara_object *object, struct dara_text *out)
{
    static const char purpose[] = "delete the rows of a table";
    int code = dara_driver_require(driver, "dialect", purpose);
    if (!code && !DARA_HAS(driver->dialect, delete_rows))
        code = dara_dispatch_absent(driver, "dialect", "delete_rows", purpose);
    if (code)
        return code;
    struct dara_dispatch call;
    begin_call(driver, &call, "delete_rows");
    return dara_dispatch_end(&call, driver->dialect->delete_rows(object, out));
}

int dara_dialect_begin_snapshot(const struct dara_driver *driver, const struct dara_model *model, struct dara_text *out)
{
    int code = dara_driver_require(driver, "dialect", "write snapshots");
    if (code || !DARA_HAS(driver->dialect, begin_snapshot))
        return code;
    struct dara_dispatch call;
    begin_call(driver, &call, "begin_snapshot");
    return dara_dispatch_end(&call, driver->dialect->begin_snapshot(model, out));
}

int dara_dialect_end_snapshot(const struct dara_driver *driver, const struct dara_model *model, struct dara_text *out)
{
    int code = dara_driver_require(driver, "dialect", "write snapshots");
    if (code || !DARA_HAS(driver->dialect, end_snapshot))
        return code;
    struct dara_dispatch call;
    begin_call(driver, &call, "end_snapshot");
    return dara_dispatch_end(&call, driver->dialect->end_snapshot(model, out));
}

int dara_dialect_prepare(const struct dara_driver *driver, struct dara_diff *diff)
{
    if (!DARA_HAS(driver->dialect, prepare))
        return 0;
    struct dara_dispatch call;
    begin_call(driver, &call, "prepare");
    return dara_dispatch_end(&call, driver->dialect->prepare(diff));
}

int dara_dialect_change(const struct dara_driver *driver, const struct dara_diff *diff,
                        const struct dara_change *change, struct dara_plan *plan)
{
    struct dara_dispatch call;
    begin_call(driver, &call, "change");
    return dara_dispatch_end(&call, driver->dialect->change(diff, change, plan));
}

int dara_dialect_begin_plan(const struct dara_driver *driver, const struct dara_diff *diff, struct dara_plan *plan)
{
    if (!DARA_HAS(driver->dialect, begin_plan))
        return 0;
    struct dara_dispatch call;
    begin_call(driver, &call, "begin_plan");
    return dara_dispatch_end(&call, driver->dialect->begin_plan(diff, plan));
}

int dara_dialect_end_plan(const struct dara_driver *driver, const struct dara_diff *diff, struct dara_plan *plan)
{
    if (!DARA_HAS(driver->dialect, end_plan))
        return 0;
    struct dara_dispatch call;
    begin_call(driver, &call, "end_plan");
    return dara_dispatch_end(&call, driver->dialect->end_plan(diff, plan));
}
