/* SPDX-License-Identifier: MIT */
/* Writing a snapshot: text, model, and last the meta that makes it one. */
#include <string.h>
#include <unistd.h>

#include <dara/version.h>

#include "base/clock.h"
#include "base/error-keep.h"
#include "base/file.h"
#include "base/signal.h"
#include "service/snapshot-parts.h"

#define LABEL_MAX 100

/* Schema alone may be shared; rows are for the user's eyes only. */
static mode_t mode_of(const struct dara_snapshot *snapshot)
{
    return snapshot->has_data ? 0600 : 0644;
}

static int interrupted(void)
{
    return dara_signal_pending() ? dara_error_set(DARA_EINTERRUPTED, "interrupted while writing the snapshot") : 0;
}

/* ---- text --------------------------------------------------------------------------------------------------------- */

static int append_text(struct dara_file *file, struct dara_text *text)
{
    int r = dara_file_append(file, dara_text_string(text), text->length);
    dara_text_clear(text);
    return r;
}

static int append_piece(void *context, const char *bytes, size_t length)
{
    int r = interrupted();
    return r < 0 ? r : dara_file_append(context, bytes, length);
}

static bool is_table(const struct dara_object *object, const char *name)
{
    if (!strcmp(dara_object_key(object), name) || !strcmp(dara_object_name(object), name))
        return true;
    if (!dara_object_space(object))
        return false;
    DARA_FREE char *full = dara_format("%s.%s", dara_object_space(object), dara_object_name(object));
    return !strcmp(full, name);
}

static bool has_rows(const struct dara_object *object)
{
    return dara_object_kind(object)->flags & DARA_KIND_ROWS && !dara_object_is_given(object);
}

static bool wants_rows(const struct dara_snapshot_request *request, const struct dara_object *object)
{
    if (!request->data || !has_rows(object))
        return false;
    bool wanted = request->tables == NULL;
    for (size_t i = 0; !wanted && request->tables[i]; i++)
        wanted = is_table(object, request->tables[i]);
    return wanted;
}

static int check_tables(const struct dara_model *model, const struct dara_snapshot_request *request)
{
    for (size_t i = 0; request->tables && request->tables[i]; i++) {
        bool found = false;
        for (size_t j = 0; j < dara_model_count(model) && !found; j++) {
            const struct dara_object *object = dara_model_at(model, j);
            found = has_rows(object) && is_table(object, request->tables[i]);
        }
        if (!found) {
            DARA_TEXT_LOCAL shown = DARA_TEXT_INIT;
            dara_text_add_visible(&shown, request->tables[i]);
            return dara_error_set(DARA_EUSAGE, "there is no '%s' that holds rows", dara_text_string(&shown));
        }
    }
    return 0;
}

static int write_rows(struct dara_session *session, const struct dara_snapshot_order *order,
                      const struct dara_snapshot_request *request, struct dara_file *file,
                      struct dara_snapshot *snapshot)
{
    snapshot->rows = dara_alloc((order->early + 1) * sizeof(*snapshot->rows));
    for (size_t i = 0; i < order->early; i++) {
        const struct dara_object *object = order->objects[i];
        if (!wants_rows(request, object))
            continue;
        struct dara_snapshot_rows *rows = &snapshot->rows[snapshot->rows_count];
        rows->kind = dara_object_kind(object)->name;
        rows->space = dara_arena_strdup(snapshot->memory, dara_object_space(object));
        rows->key = dara_arena_strdup(snapshot->memory, dara_object_key(object));
        rows->kind = dara_arena_strdup(snapshot->memory, rows->kind);
        rows->offset = dara_file_offset(file);
        int r = dara_session_export_rows(session, object, append_piece, file, &rows->rows);
        if (r < 0)
            return r;
        rows->length = dara_file_offset(file) - rows->offset;
        snapshot->rows_count++;
    }
    return 0;
}

static int write_objects(const struct dara_driver *driver, const struct dara_snapshot_order *order, bool unowned,
                         size_t from, size_t to, struct dara_file *file)
{
    int (*render)(const struct dara_driver *, const struct dara_object *, struct dara_text *) =
        unowned ? dara_dialect_render_unowned : dara_dialect_render;
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    for (size_t i = from; i < to; i++) {
        if (dara_model_scope(order->objects[i]))
            continue;
        int r = interrupted();
        if (r < 0 || (r = render(driver, order->objects[i], &text)) < 0)
            return r;
        if (text.length > 65536 && (r = append_text(file, &text)) < 0)
            return r;
    }
    return append_text(file, &text);
}

/* Owners first: a right is given by the owner. */
static int write_asked(const struct dara_driver *driver, const struct dara_snapshot_order *order, unsigned scope,
                       struct dara_file *file)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    int r = 0;
    for (int privileges = 0; scope && privileges < 2; privileges++)
        for (size_t i = 0; r == 0 && i < order->count; i++) {
            unsigned needed = dara_model_scope(order->objects[i]);
            if ((needed != 0) != privileges || (needed & ~scope))
                continue;
            r = dara_dialect_render_asked(driver, order->objects[i], scope, &text);
            if (r == 0 && text.length > 65536)
                r = append_text(file, &text);
        }
    return r < 0 ? r : append_text(file, &text);
}

static int write_body(struct dara_session *session, const struct dara_model *model,
                      const struct dara_snapshot_request *request, struct dara_file *file,
                      struct dara_snapshot *snapshot)
{
    const struct dara_driver *driver = dara_session_driver(session);
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    struct dara_snapshot_order order;
    int r = dara_snapshot_order_new(model, &order);
    if (r < 0)
        return r;
    if ((r = dara_dialect_begin_snapshot(driver, model, &text)) == 0 && (r = append_text(file, &text)) == 0 &&
        (r = write_objects(driver, &order, request->unowned, 0, order.early, file)) == 0 &&
        (!request->data || (r = write_rows(session, &order, request, file, snapshot)) == 0) &&
        (r = write_objects(driver, &order, request->unowned, order.early, order.count, file)) == 0 &&
        (r = write_asked(driver, &order, request->scope, file)) == 0 &&
        (r = dara_dialect_end_snapshot(driver, model, &text)) == 0)
        r = append_text(file, &text);
    free(order.objects);
    return r;
}

static int write_text(struct dara_session *session, const struct dara_model *model,
                      const struct dara_snapshot_request *request, struct dara_snapshot *snapshot)
{
    struct dara_file *file;
    char hash[65];
    int r = dara_file_begin(snapshot->text_path, mode_of(snapshot), &file);
    if (r < 0)
        return r;
    r = write_body(session, model, request, file, snapshot);
    if (r < 0) {
        dara_file_abandon(file);
        return r;
    }
    snapshot->size = dara_file_offset(file);
    dara_model_fingerprint(model, hash);
    snapshot->fingerprint = dara_arena_strdup(snapshot->memory, hash);
    if ((r = dara_file_place(file, hash)) < 0)
        return r;
    snapshot->sha256 = dara_arena_strdup(snapshot->memory, hash);
    return 0;
}

static int write_meta(const struct dara_model *model, struct dara_snapshot *snapshot)
{
    DARA_TEXT_LOCAL text = DARA_TEXT_INIT;
    dara_snapshot_write_meta(snapshot, model, &text);
    return dara_file_write(snapshot->meta_path, dara_text_string(&text), text.length, mode_of(snapshot));
}

static int read_back(const struct dara_snapshot *snapshot)
{
    char hash[65];
    int r = dara_sha256_file(snapshot->text_path, hash, NULL);
    return r < 0 ? r : dara_snapshot_same(snapshot->text_path, hash, snapshot->sha256);
}

/* ---- names and facts ---------------------------------------------------------------------------------------------- */

static int check_label(const char *label)
{
    if (!label || !*label)
        return dara_error_set(DARA_EUSAGE, "a snapshot needs a label");
    if (!dara_utf8_valid(label, strlen(label)))
        return dara_error_set(DARA_EUSAGE, "the label is not valid UTF-8");
    return 0;
}

static char *file_label(const char *label)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    char *name = dara_strndup(label, strnlen(label, LABEL_MAX));
    for (char *at = name; *at; at++)
        if (!strchr(plain, *at))
            *at = '_';
    return name;
}

/* Set id and paths to the first name that is free, and the serial among those of the same second. */
static int choose_names(struct dara_snapshot *snapshot, const char *folder, const char *stamp, const char *extension)
{
    DARA_FREE char *label = file_label(snapshot->label);
    char **names;
    size_t count;
    int r = dara_file_names(folder, &names, &count);
    if (r < 0)
        return r;
    for (size_t i = 0; i < count; i++) {
        const char *dot = strrchr(names[i], '.');
        snapshot->serial += !strncmp(names[i], stamp, strlen(stamp)) && dot && !strcmp(dot, ".meta");
    }
    dara_file_names_free(names);
    struct dara_arena *memory = snapshot->memory;
    for (unsigned n = 1;; n++) {
        snapshot->id = n == 1 ? dara_arena_format(memory, "%s_%s", stamp, label)
                              : dara_arena_format(memory, "%s_%s_%u", stamp, label, n);
        DARA_FREE char *base = dara_file_join(folder, snapshot->id);
        snapshot->text_path = dara_arena_format(memory, "%s.%s", base, extension);
        snapshot->meta_path = dara_arena_format(memory, "%s.meta", base);
        snapshot->model_path = dara_arena_format(memory, "%s.model.json", base);
        if (!dara_file_exists(snapshot->text_path) && !dara_file_exists(snapshot->meta_path) &&
            !dara_file_exists(snapshot->model_path))
            return 0;
    }
}

static int note_history(struct dara_session *session, struct dara_snapshot *snapshot)
{
    DARA_HISTORY_LOCAL history = NULL;
    if (!dara_driver_has_group(dara_session_driver(session), "apply"))
        return 0;
    int r = dara_session_history_list(session, &history);
    if (r < 0)
        return r;
    snapshot->applied = dara_alloc((history->count + 1) * sizeof(*snapshot->applied));
    for (size_t i = 0; i < history->count; i++) {
        const struct dara_history_entry *entry = &history->entries[i];
        if (!strcmp(entry->kind, "migration") && dara_history_is_applied(entry))
            snapshot->applied[snapshot->applied_count++] = dara_arena_strdup(snapshot->memory, entry->version);
    }
    return 0;
}

static const char *const *copy_spaces(struct dara_arena *memory, const char *const *spaces)
{
    size_t count = 0;
    while (spaces && spaces[count])
        count++;
    const char **copy = count ? dara_arena_alloc(memory, (count + 1) * sizeof(*copy)) : NULL;
    for (size_t i = 0; i < count; i++)
        copy[i] = dara_arena_strdup(memory, spaces[i]);
    return copy;
}

static int note_facts(struct dara_context *context, struct dara_session *session, const struct dara_model *model,
                      const struct dara_snapshot_request *request, struct dara_snapshot *snapshot)
{
    struct dara_arena *memory = snapshot->memory;
    struct dara_server server = {.size = sizeof(server)};
    int r = dara_session_describe(session, &server);
    if (r < 0)
        return r;
    snapshot->label = dara_arena_strdup(memory, request->label);
    snapshot->purpose = dara_arena_strdup(memory, request->purpose);
    snapshot->engine = dara_arena_strdup(memory, dara_session_driver(session)->name);
    snapshot->server = dara_arena_format(memory, "%s %s", server.engine ? server.engine : snapshot->engine,
                                         server.version ? server.version : "");
    snapshot->url = dara_arena_strdup(memory, context->url ? context->url->redacted : NULL);
    snapshot->tool = dara_arena_strdup(memory, "dara " DARA_VERSION);
    snapshot->has_data = request->data;
    bool named = dara_dialect_names_owners(dara_session_driver(session)) && !request->unowned;
    snapshot->scope = request->scope | (named ? DARA_SCOPE_OWNER : 0u);
    snapshot->spaces = copy_spaces(memory, request->spaces);
    snapshot->keep = request->keep;
    snapshot->objects = dara_model_count(model);
    return 0;
}

/* Remove what a failed attempt left, keeping its error. */
static int give_up(const struct dara_snapshot *snapshot)
{
    struct dara_error *kept = dara_error_keep();
    (void)dara_snapshot_remove(snapshot);
    return dara_error_restore(kept);
}

static int write_files(struct dara_session *session, const struct dara_model *model,
                       const struct dara_snapshot_request *request, struct dara_snapshot *snapshot)
{
    char hash[65];
    struct dara_portrait *portrait = dara_portrait_begin(model, snapshot->model_path, mode_of(snapshot));
    int r = note_history(session, snapshot);
    if (r == 0 && (r = write_text(session, model, request, snapshot)) == 0)
        r = read_back(snapshot);
    r = dara_portrait_end(portrait, r, hash);
    if (r == 0)
        snapshot->model_sha256 = dara_arena_strdup(snapshot->memory, hash);
    /* The names of text and model last before the meta has one: it makes the snapshot. */
    if (r == 0 && (r = dara_file_sync_folder(snapshot->text_path)) == 0 && (r = interrupted()) == 0)
        r = write_meta(model, snapshot);
    return r < 0 ? give_up(snapshot) : 0;
}

static int write_named(struct dara_context *context, struct dara_session *session, const struct dara_model *model,
                       const struct dara_snapshot_request *request, struct dara_snapshot *snapshot)
{
    DARA_FREE char *folder = NULL;
    char stamp[16], created[21];
    time_t now = dara_clock_now();
    int r;
    if ((r = dara_snapshot_folder(context, &folder)) < 0 || (r = dara_file_make_folder(folder)) < 0 ||
        (r = note_facts(context, session, model, request, snapshot)) < 0)
        return r;
    (void)dara_file_sweep(folder);
    dara_clock_stamp(now, stamp);
    dara_clock_iso(now, created);
    snapshot->created_at = dara_arena_strdup(snapshot->memory, created);
    r = choose_names(snapshot, folder, stamp, dara_session_driver(session)->dialect->extension);
    return r < 0 ? r : write_files(session, model, request, snapshot);
}

int dara_snapshot_write(struct dara_context *context, struct dara_session *session, const struct dara_model *model,
                        const struct dara_snapshot_request *request, struct dara_snapshot **ret_snapshot)
{
    int r;
    if ((r = check_label(request->label)) < 0 ||
        (r = dara_session_require(session, "dialect", "write snapshots")) < 0 || (r = check_tables(model, request)) < 0)
        return r;
    if (request->data && (r = dara_session_require(session, "bulk", "write snapshots with rows")) < 0)
        return r;
    bool own = request->data && !dara_session_in_transaction(session);
    if (own && (r = dara_session_begin(session, DARA_BEGIN_READ)) < 0)
        return r;
    struct dara_snapshot *snapshot = dara_snapshot_new();
    r = write_named(context, session, model, request, snapshot);
    if (own) {
        struct dara_error *kept = r < 0 ? dara_error_keep() : NULL;
        (void)dara_session_rollback(session);
        if (kept)
            dara_error_restore(kept);
    }
    if (r < 0) {
        dara_snapshot_free(snapshot);
        return r;
    }
    *ret_snapshot = snapshot;
    return 0;
}
