/* SPDX-License-Identifier: MIT */
/* Connection URLs: parsed once, secrets kept apart. */
#ifndef DARA_BASE_URL_H
#define DARA_BASE_URL_H

#include <dara/driver.h>

/* Parse `text`. `base` (may be NULL) is the folder that relative paths start from. `*ret_url` is freed with
 * dara_url_free(). Errors: DARA_EUSAGE without the URL's secrets in the message. Forms: `scheme://[user[:password]@]
 * [host][:port][/path][?name=value&…]`, several hosts `h1:p1,h2:p2` (kept whole in host), IPv6 in brackets (without them
 * in host), `scheme:path`. Percent-encoding is decoded in every part; NUL and control characters are refused. */
int dara_url_parse(const char *text, const char *base, struct dara_url **ret_url);
struct dara_url *dara_url_free(struct dara_url *url); /* wipes the password; accepts NULL, returns NULL */

/* Replace every occurrence of the URL's secrets (password, and options whose name says password, secret, token or key) in
 * `string` by "***". free() the result. Used on messages of client libraries. */
char *dara_url_scrub(const struct dara_url *url, const char *string);

/* The value of an option, or NULL. */
const char *dara_url_option(const struct dara_url *url, const char *name);

#endif
