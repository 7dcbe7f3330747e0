/* SPDX-License-Identifier: MIT */
/* A migration file: split, then each statement classified. A target defines FUZZ_DRIVER, and FUZZ_ADDED: how many bytes a statement may be
 * longer than the file. */
#include <string.h>

#include "driver/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool good)
{
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct dara_driver *driver;
    DARA_FREE char *text = dara_strndup((const char *)data, size);
    DARA_SCRIPT_LOCAL script = NULL;
    if (!driver)
        demand(dara_driver_load(FUZZ_DRIVER, &driver) == 0);
    if (dara_dialect_split(driver, text, size, &script) != 0) {
        demand(!script && dara_error_last()->code == DARA_EFILE && dara_error_last()->line > 0);
        return 0;
    }
    unsigned line = 1;
    for (size_t i = 0; i < script->count; i++) {
        const struct dara_statement *statement = &script->statements[i];
        DARA_FACTS_LOCAL facts = NULL;
        demand(statement->length > 0 && statement->length <= size + FUZZ_ADDED &&
               strlen(statement->text) == statement->length);
        demand(statement->line >= line);
        line = statement->line;
        demand(dara_dialect_classify(driver, statement, &facts) == 0);
    }
    return 0;
}
