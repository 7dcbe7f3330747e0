/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/error-keep.h"
#include "service/restore.h"

#define PIECE ((size_t)4 * 1024 * 1024)

const struct dara_snapshot_rows *dara_restore_find_in(const struct dara_snapshot_rows *rows, size_t count,
                                                      const struct dara_object *object)
{
    for (size_t i = 0; i < count; i++)
        if (dara_string_same(rows[i].kind, dara_object_kind(object)->name) &&
            dara_string_same(rows[i].key, dara_object_key(object)) &&
            dara_string_same(rows[i].space, dara_object_space(object)))
            return &rows[i];
    return NULL;
}

const struct dara_snapshot_rows *dara_restore_find(const struct dara_snapshot *snapshot,
                                                   const struct dara_object *object)
{
    return dara_restore_find_in(snapshot->rows, snapshot->rows_count, object);
}

/* Bytes of the snapshot's text not yet run. */
struct window {
    const char *path;
    FILE *file;
    uint64_t left; /* still in the file */
    char *bytes;   /* `length` of them, and a NUL */
    size_t length, room;
};

static void window_done(struct window *window)
{
    if (window->file)
        fclose(window->file);
    free(window->bytes);
}

static int window_open(struct window *window, const struct dara_snapshot_rows *rows)
{
    window->file = fopen(window->path, "rbe");
    if (!window->file || fseeko(window->file, (off_t)rows->offset, SEEK_SET) != 0)
        return dara_error_set(DARA_EFILE, "cannot read '%s': %s", window->path, strerror(errno));
    window->left = rows->length;
    return 0;
}

/* Read one more piece behind what is there. */
static int window_fill(struct window *window)
{
    size_t wanted = window->left < PIECE ? (size_t)window->left : PIECE;

    if (window->room < window->length + wanted + 1) {
        window->room = window->length + wanted + 1;
        window->bytes = dara_realloc(window->bytes, window->room);
    }
    if (fread(window->bytes + window->length, 1, wanted, window->file) != wanted)
        return dara_error_set(DARA_EFILE, "'%s' is shorter than its meta says", window->path);
    window->length += wanted;
    window->left -= wanted;
    window->bytes[window->length] = '\0';
    return 0;
}

static void window_drop(struct window *window, size_t length)
{
    memmove(window->bytes, window->bytes + length, window->length - length + 1);
    window->length -= length;
}

/* Where the last delimiter ends: the statements before it are whole, unless it stands inside a literal. 0 = there is none. */
static size_t last_end(const struct window *window, const char *delimiter)
{
    size_t length = strlen(delimiter);

    for (size_t end = window->length; end >= length; end--) {
        if (memcmp(window->bytes + end - length, delimiter, length) == 0)
            return end;
    }
    return 0;
}

/* In a transaction of its own: what changes no rows (the next number of a table) has to stand before it, as an engine may end the
 * transaction there. */
static int prepare_apart(struct dara_session *session, const struct dara_statement *statement)
{
    DARA_FACTS_LOCAL facts = NULL;
    int code = dara_dialect_classify(dara_session_driver(session), statement, &facts);
    if (code < 0)
        return code;
    bool rows = dara_facts_only_rows(facts), inside = dara_session_in_transaction(session);
    if (!rows && inside)
        return dara_error_set(DARA_EFILE, "the snapshot has a statement among its rows that is none of rows");
    return rows && !inside ? dara_session_begin(session, DARA_BEGIN_DATA) : 0;
}

static int run_script(struct dara_session *session, const struct dara_script *script, bool apart)
{
    for (size_t i = 0; i < script->count; i++) {
        const struct dara_statement *statement = &script->statements[i];
        int code = apart ? prepare_apart(session, statement) : 0;
        if (code == 0)
            code = dara_session_execute(session, statement->text, statement->length, NULL, NULL);
        if (code < 0)
            return code;
    }
    return 0;
}

/* Run what is whole. A cut inside a literal leaves an open quote, which the splitter refuses: then more is needed. */
static int run_window(struct dara_session *session, struct window *window, bool apart)
{
    const struct dara_driver *driver = dara_session_driver(session);
    bool last = window->left == 0;
    size_t end = last ? window->length : last_end(window, driver->dialect->delimiter);

    if (end == 0)
        return 0;
    DARA_FREE char *whole = dara_strndup(window->bytes, end);
    DARA_SCRIPT_LOCAL script = NULL;
    int code = dara_dialect_split(driver, whole, end, &script);
    if (code < 0 && !last) {
        dara_error_clear();
        return 0;
    }
    if (code == 0)
        code = run_script(session, script, apart);
    if (code == 0)
        window_drop(window, end);
    return code;
}

static int run_rows(struct dara_session *session, const struct dara_snapshot *snapshot,
                    const struct dara_snapshot_rows *rows, bool apart)
{
    DARA_CLEANUP(window_done) struct window window = {.path = snapshot->text_path};
    int code = window_open(&window, rows);

    while (code == 0 && window.left > 0) {
        code = window_fill(&window);
        if (code == 0)
            code = run_window(session, &window, apart);
    }
    return code;
}

/* With the settings that the rows were written for. */
static int run_set(struct dara_session *session, const struct dara_snapshot *snapshot,
                   const struct dara_snapshot_rows *rows, bool apart)
{
    int code = dara_session_restoring(session, true);
    if (code < 0)
        return code;
    code = run_rows(session, snapshot, rows, apart);
    struct dara_error *kept = code < 0 ? dara_error_keep() : NULL;
    int ended = dara_session_restoring(session, false);
    return kept ? dara_error_restore(kept) : ended;
}

int dara_restore_rows(struct dara_session *session, const struct dara_snapshot *snapshot,
                      const struct dara_snapshot_rows *rows)
{
    return run_set(session, snapshot, rows, false);
}

int dara_restore_rows_apart(struct dara_session *session, const struct dara_snapshot *snapshot,
                            const struct dara_snapshot_rows *rows, int (*finish)(void *context), void *context)
{
    int code = run_set(session, snapshot, rows, true);
    if (code == 0 && !dara_session_in_transaction(session))
        code = dara_session_begin(session, DARA_BEGIN_DATA);
    if (code == 0)
        code = finish(context);
    if (code == 0)
        code = dara_session_commit(session);
    if (code == 0)
        return 0;
    struct dara_error *kept = dara_error_keep();
    if (dara_session_in_transaction(session))
        (void)dara_session_rollback(session);
    return dara_error_restore(kept);
}
