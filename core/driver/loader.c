/* SPDX-License-Identifier: MIT */
/* One file into one driver. libltdl says "file not found" for whatever goes wrong and binds lazily, so that a missing function
 * would end the process in the middle of its work: the system's own dlopen() with RTLD_NOW is asked first, for the truth. */
#include <dlfcn.h>
#include <ltdl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "driver/internal.h"

#define ENTRY "_LTX_dara_driver"

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* The value of `dlname='…'` in the text of a .la file; free(); NULL where there is none. */
static char *la_dlname(const char *text)
{
    const char *line = strncmp(text, "dlname='", 8) == 0 ? text : strstr(text, "\ndlname='");
    if (!line)
        return NULL;
    const char *start = strchr(line, '\'') + 1;
    size_t length = strcspn(start, "'\n");
    return length && start[length] == '\'' ? dara_strndup(start, length) : NULL;
}

bool dara_loader_is_static(const char *path)
{
    if (!ends_in(path, ".la"))
        return false;
    DARA_FREE char *text = NULL;
    size_t length;
    struct dara_error *earlier = dara_error_keep();
    const bool none = dara_file_read(path, &text, &length) == 0 && strstr(text, "\ndlname=''\n");
    dara_error_put_back(earlier);
    return none;
}

/* The shared object that stands behind a .la file: beside it where it is installed, in .libs where it is not. */
static int la_module(const char *path, char **ret_module)
{
    DARA_FREE char *text = NULL;
    size_t length;
    int code = dara_file_read(path, &text, &length);
    if (code)
        return code;
    DARA_FREE char *name = la_dlname(text);
    if (!name || strchr(name, '/'))
        return dara_error_set(DARA_EDRIVER, "it is not a libtool module: it names no shared object (dlname)");
    size_t folder = (size_t)(dara_file_base(path) - path);
    char *module = dara_format("%.*s.libs/%s", (int)folder, path, name);
    if (!dara_file_exists(module)) {
        free(module);
        module = dara_format("%.*s%s", (int)folder, path, name);
    }
    *ret_module = module;
    return 0;
}

/* What follows `mark` in `text`, or NULL. */
static const char *after(const char *text, const char *mark)
{
    const char *found = strstr(text, mark);
    return found ? found + strlen(mark) : NULL;
}

/* The system's reason in our words; a reason we do not know is passed on as it is, without the path. */
static int refuse_dlopen(const char *module, const char *reason)
{
    const char *rest;
    size_t length = strlen(module);
    bool own = strncmp(reason, module, length) == 0 && strncmp(reason + length, ": ", 2) == 0;
    const char *said = own ? reason + length + 2 : reason;
    if (!own && (rest = strstr(said, ": cannot open shared object file")) != NULL) {
        dara_error_set(DARA_EDRIVER, "it needs the library '%.*s', which cannot be opened: %s", (int)(rest - said),
                       said, after(rest, "file: ") ? after(rest, "file: ") : "not found");
        dara_error_hint("install that library, or put its folder into LD_LIBRARY_PATH");
    } else if ((rest = after(said, "undefined symbol: ")) != NULL) {
        dara_error_set(DARA_EDRIVER, "it needs the symbol '%s', which neither dara nor its libraries have", rest);
        dara_error_hint("build the driver again, against this dara and the libraries of this machine");
    } else if ((rest = after(said, "cannot open shared object file: ")) != NULL) {
        dara_error_set(DARA_EDRIVER, "it cannot be opened: %s", rest);
    } else if (strstr(said, "ELF") || strstr(said, "file too short")) {
        dara_error_set(DARA_EDRIVER, "it is not a shared object of this machine: %s", said);
    } else {
        dara_error_set(DARA_EDRIVER, "it cannot be loaded: %s", said);
    }
    return DARA_EDRIVER;
}

static bool letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The function of a driver that goes by another name than its file; free(); NULL where the file has none. Only used to word a
 * refusal. */
static char *other_entry(const char *module)
{
    DARA_FREE char *bytes = NULL;
    size_t length;
    if (dara_file_read(module, &bytes, &length) != 0)
        return NULL;
    const size_t mark = sizeof(ENTRY); /* with its NUL: the symbol ends here */
    for (size_t i = 0; i + mark <= length; i++) {
        if (bytes[i] != '_' || memcmp(bytes + i, ENTRY, mark) != 0)
            continue;
        size_t start = i;
        while (start > 0 && letter_or_digit(bytes[start - 1]))
            start--;
        if (start < i)
            return dara_strndup(bytes + start, i - start);
    }
    return NULL;
}

static int refuse_entry(const char *module, const char *name)
{
    DARA_FREE char *other = other_entry(module);
    if (other)
        return dara_error_set(DARA_EDRIVER, "it is the driver '%s', but its file is named '%s'", other, name);
    return dara_error_set(DARA_EDRIVER, "it is not a driver of dara: it has no function '%s" ENTRY "'", name);
}

/* Open through libltdl, resident: what a driver's client library started (threads, exit handlers) must not lose its code. */
static int open_resident(const char *path, lt_dlhandle *ret_handle)
{
    static bool ready;
    if (!ready && lt_dlinit() != 0)
        return dara_error_set(DARA_EDRIVER, "libltdl cannot start: %s", lt_dlerror());
    ready = true;
    lt_dladvise advise;
    if (lt_dladvise_init(&advise) != 0 || lt_dladvise_resident(&advise) != 0)
        return dara_error_set(DARA_EDRIVER, "libltdl cannot start: %s", lt_dlerror());
    lt_dlhandle handle = lt_dlopenadvise(path, advise);
    lt_dladvise_destroy(&advise);
    if (!handle)
        return dara_error_set(DARA_EDRIVER, "it cannot be loaded: %s", lt_dlerror());
    *ret_handle = handle;
    return 0;
}

/* A copy with every member of this header: groups that a shorter descriptor does not have are NULL. */
static const struct dara_driver *copy_descriptor(const struct dara_driver *driver)
{
    struct dara_driver *copy = dara_alloc(sizeof(*copy));
    memcpy(copy, driver, driver->size < sizeof(*copy) ? driver->size : sizeof(*copy));
    copy->size = sizeof(*copy);
    return copy;
}

static int probe(const char *module)
{
    struct stat about;
    if (stat(module, &about) == 0 && !S_ISREG(about.st_mode))
        return dara_error_set(DARA_EDRIVER, "it is not a file");
    if (!dlopen(module, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) {
        const char *reason = dlerror();
        return refuse_dlopen(module, reason ? reason : "no reason given");
    }
    return 0;
}

int dara_loader_open(const char *path, const char *name, const struct dara_driver **ret_driver)
{
    DARA_FREE char *module = NULL;
    int code = 0;
    if (ends_in(path, ".la"))
        code = la_module(path, &module);
    else
        module = dara_strdup(path);
    if (!code)
        code = probe(module);
    lt_dlhandle handle = NULL;
    if (!code)
        code = open_resident(path, &handle);
    if (code)
        return code;
    DARA_FREE char *symbol = dara_format("%s" ENTRY, name);
    union {
        void *data;
        const struct dara_driver *(*function)(void);
    } entry = {.data = lt_dlsym(handle, symbol)};
    if (!entry.data)
        return refuse_entry(module, name);
    const struct dara_driver *driver = entry.function();
    code = dara_driver_check(driver, name);
    if (code)
        return code;
    *ret_driver = copy_descriptor(driver);
    return 0;
}
