/* SPDX-License-Identifier: MIT */
#include "cli/edit.h"

#include <dlfcn.h>
#include <string.h>

#include <dara/error.h>

#include "base/alloc.h"

int dara_edit_load(struct dara_edit *ret_edit)
{
    struct dara_edit edit;
    void *library = dlopen(DARA_EDIT_LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library) {
        const char *reason = dlerror();
        dara_error_set(DARA_EFILE, "the prompt needs libedit: %s",
                       reason ? reason : DARA_EDIT_LIBRARY " cannot be opened");
        dara_error_hint("install it, or give the command as arguments: dara help");
        return DARA_EFILE;
    }
    const struct {
        const char *name;
        void *place; /* of a pointer */
    } symbols[] = {
#define SYMBOL(name) {#name, &edit.name},
        DARA_EDIT_NAMES(SYMBOL)
#undef SYMBOL
    };
    for (size_t i = 0; i < DARA_COUNT(symbols); i++) {
        void *address = dlsym(library, symbols[i].name);
        if (!address)
            return dara_error_set(DARA_EFILE, "the prompt needs a newer libedit: " DARA_EDIT_LIBRARY " has no '%s'",
                                  symbols[i].name);
        memcpy(symbols[i].place, &address, sizeof(address));
    }
    *ret_edit = edit;
    return 0;
}
