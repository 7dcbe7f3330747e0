/* SPDX-License-Identifier: MIT */
/* Connection URLs: parsed once, secrets kept apart. */
#ifndef DARA_BASE_URL_H
#define DARA_BASE_URL_H

#include <dara/driver.h>

/* Parse `text`. `base` (may be NULL) is the folder that relative paths start from; it is only kept. `*ret_url` is freed with
 * dara_url_free(). Errors: DARA_EUSAGE, which never quotes the URL.
 *
 * Forms: `scheme://[user[:password]@][host][:port][/path][?name=value&…]` and `scheme:path[?…]`.
 *   scheme    letter, then letters, digits, '+'; in lower case
 *   user, password   up to the last '@' before the first '/' or '?' of what follows "//"; split at the first ':'
 *   host      IPv6 in brackets is given without them; several hosts "h1:p1,h2:p2" are kept whole, ports included
 *   port      1 to 65535
 *   path      after a host or user, what follows the '/'   ("x://host/db" gives "db")
 *             after an empty authority, with its '/'       ("x:///srv/a.db" gives "/srv/a.db")
 *             without "//", all up to the '?'              ("x:a.db" gives "a.db", "x:/srv/a.db" gives "/srv/a.db")
 *   options   names of letters, digits, '.', '_', '-'; a value may be missing (""); '+' stands for itself; in the order given
 *   redacted  the URL with "***" for the password, values of options whose name says password, secret, token or key, and
 *             whatever might be a part of a password that should have been encoded
 * Percent-encoding is decoded in every part. Parts that are empty are NULL. '#' has no meaning. Refused: a '%' without two hex
 * digits, NUL and control characters, what is not UTF-8 after decoding, and an '@' after the first '/' where it may belong
 * to a password. */
int dara_url_parse(const char *text, const char *base, struct dara_url **ret_url);
struct dara_url *dara_url_free(struct dara_url *url); /* wipes the password; accepts NULL, returns NULL */

/* What a user typed where a name is wanted, fit to be shown: as it is, but without what may be the secret of a URL. free(). */
char *dara_url_shown(const char *text);

/* Replace every occurrence of the URL's secrets (password, and options whose name says password, secret, token or key) in
 * `string` by "***". free() the result. Used on messages of client libraries. */
char *dara_url_scrub(const struct dara_url *url, const char *string);

/* The value of an option (the first, if it is given twice), or NULL. */
const char *dara_url_option(const struct dara_url *url, const char *name);

#endif
