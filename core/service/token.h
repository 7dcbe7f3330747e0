/* SPDX-License-Identifier: MIT */
/* What a token says of its bearer: JSON Web Tokens (RFC 7519), and claims given as they are. */
#ifndef DARA_SERVICE_TOKEN_H
#define DARA_SERVICE_TOKEN_H

#include <stdbool.h>

#include "base/alloc.h"

struct dara_claims {
    char *json;    /* the claims, a JSON object */
    char *subject; /* "sub", or NULL */
    bool token;    /* they came out of a token */
    bool verified; /* whose signature was checked */
    char *expired; /* when it expired, or NULL */
};

struct dara_claims_request {
    const char *text;       /* a JSON object, a token, or the path of a file that holds one of them */
    const char *secret_env; /* the variable that holds the secret which signed the token; NULL = not checked */
    bool expired;           /* a token past its time will do */
};

/* Read claims. DARA_EFILE: malformed, with file and line; DARA_ECONFIG: no such variable; DARA_EREFUSED: expired, not valid yet, or not signed
 * with this secret. Neither token nor secret is in any message. Release with dara_claims_done(). */
int dara_claims_read(const struct dara_claims_request *request, struct dara_claims *ret_claims);
void dara_claims_done(struct dara_claims *claims);

#endif
