/* SPDX-License-Identifier: MIT */
/* A connection URL: no crash, and the redacted form does not hold the password where a password stands. */
#include <string.h>

#include "base/alloc.h"
#include "base/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool good)
{
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    DARA_FREE char *text = dara_strndup((const char *)data, size);
    struct dara_url *url = NULL;
    if (dara_url_parse(text, "base", &url) != 0) {
        demand(!url && dara_error_last()->code == DARA_EUSAGE && dara_error_last()->hint);
        return 0;
    }
    demand(url->scheme && *url->scheme && url->redacted);
    demand((!url->user || *url->user) && (!url->host || *url->host) && (!url->path || *url->path));
    if (url->password && strcmp(url->password, "***") != 0) {
        DARA_FREE char *shown = dara_format(":%s@", url->password);
        demand(*url->password && !strstr(url->redacted, shown));
        DARA_FREE char *message = dara_format("login '%s' failed", url->password);
        DARA_FREE char *clean = dara_url_scrub(url, message);
        DARA_FREE char *quoted = dara_format("'%s'", url->password);
        demand(!strstr(clean, quoted));
    }
    DARA_FREE char *scrubbed = dara_url_scrub(url, text);
    dara_url_option(url, "mode");
    dara_url_free(url);
    return 0;
}
