/* SPDX-License-Identifier: MIT */
/* dara.yaml (the first byte is even) or .env beside a good dara.yaml. */
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "service/project.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char yaml[] = "engine: fake\n";
    struct dara_project *project = NULL;
    if (!size)
        return 0;
    bool env = data[0] & 1;
    DARA_FREE char *text = dara_strndup((const char *)data + 1, size - 1);
    int result = dara_project_parse(env ? yaml : text, env ? sizeof(yaml) - 1 : size - 1, "dara.yaml", &project);
    if (!result && env)
        result = dara_project_parse_env(project, text, size - 1, ".env");
    if (result && (!dara_error_last() || dara_error_last()->code != result))
        abort();
    dara_project_free(project);
    return 0;
}
