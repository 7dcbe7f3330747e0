/* SPDX-License-Identifier: MIT */
/* The model of a snapshot, as a file. A finished model is immutable, so that a second thread can write it down and read it back
 * while the first one writes the text. */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "base/error-keep.h"
#include "base/file.h"
#include "base/signal.h"
#include "service/snapshot-parts.h"

/* From so many objects on, a second thread is worth its start. */
#define LARGE 200

struct dara_portrait {
    const struct dara_model *model;
    const char *path;
    mode_t mode;
    pthread_t thread;
    bool apart;
    char hash[65];
    int result;
    struct dara_error *error; /* of the second thread: errors are a thread's own */
};

static int put(void *context, const char *bytes, size_t length)
{
    if (dara_signal_pending())
        return dara_error_set(DARA_EINTERRUPTED, "interrupted while writing the snapshot");
    return dara_file_append(context, bytes, length);
}

int dara_snapshot_same(const char *path, const char *hash, const char *wanted)
{
    return strcmp(hash, wanted) == 0 ? 0
                                     : dara_error_set(DARA_EFILE, "'%s' read back differs from what was written", path);
}

static int draw(struct dara_portrait *portrait)
{
    struct dara_file *file;
    char hash[65];
    int r = dara_file_begin(portrait->path, portrait->mode, &file);
    if (r < 0)
        return r;
    if ((r = dara_model_stream_json(portrait->model, put, file)) < 0) {
        dara_file_abandon(file);
        return r;
    }
    if ((r = dara_file_place(file, portrait->hash)) < 0 || (r = dara_sha256_file(portrait->path, hash, NULL)) < 0)
        return r;
    return dara_snapshot_same(portrait->path, hash, portrait->hash);
}

static void *draw_apart(void *context)
{
    struct dara_portrait *portrait = context;
    portrait->result = draw(portrait);
    if (portrait->result < 0)
        portrait->error = dara_error_keep();
    return NULL;
}

struct dara_portrait *dara_portrait_begin(const struct dara_model *model, const char *path, mode_t mode)
{
    struct dara_portrait *portrait = dara_alloc(sizeof(*portrait));
    *portrait = (struct dara_portrait){.model = model, .path = path, .mode = mode};
    if (dara_model_count(model) < LARGE)
        return portrait;
    /* Signals are the first thread's: it is the one that waits for the engine. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    portrait->apart = pthread_create(&portrait->thread, NULL, draw_apart, portrait) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return portrait;
}

int dara_portrait_end(struct dara_portrait *portrait, int result, char ret_sha256[65])
{
    if (portrait->apart)
        pthread_join(portrait->thread, NULL);
    else if (result == 0)
        result = draw(portrait);
    if (result == 0 && portrait->result < 0) {
        result = dara_error_restore(portrait->error);
        portrait->error = NULL;
    }
    if (result == 0)
        memcpy(ret_sha256, portrait->hash, sizeof(portrait->hash));
    dara_error_drop(portrait->error);
    free(portrait);
    return result;
}
