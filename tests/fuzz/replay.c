/* SPDX-License-Identifier: MIT */
/* The driver of a fuzz target where there is no libFuzzer: runs every file of the folders named, in the order of their names, and
 * prints one TAP line for each folder. A target that finds something aborts. */
#include "base/alloc.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *folder, size_t *ret_count)
{
    char **names = NULL;
    size_t count = 0;
    int result = dara_file_names(folder, &names, &count);
    for (size_t i = 0; !result && i < count; i++) {
        DARA_FREE char *path = dara_file_join(folder, names[i]);
        DARA_FREE char *bytes = NULL;
        size_t length = 0;
        /* Said before: after an abort it tells which file it was. */
        printf("# %s\n", path);
        fflush(stdout);
        result = dara_file_read(path, &bytes, &length);
        if (!result) {
            /* A copy of just that size, so that a read past the end is seen. */
            DARA_FREE uint8_t *data = dara_alloc(length);
            for (size_t at = 0; at < length; at++)
                data[at] = (uint8_t)bytes[at];
            LLVMFuzzerTestOneInput(data, length);
        }
    }
    dara_file_names_free(names);
    *ret_count = count;
    return result;
}

int main(int argc, char **argv)
{
    int bad = 0;
    for (int i = 1; i < argc; i++) {
        size_t count = 0;
        int result = replay(argv[i], &count);
        if (result)
            printf("# %s\n", dara_error_last()->message);
        if (!count)
            result = -1;
        printf("%s - %s: %zu files\n", result ? "not ok" : "ok", argv[i], count);
        bad |= result != 0;
    }
    return bad;
}
