/* SPDX-License-Identifier: MIT */
/* sha-256 in pieces. In one go: dara_sha256() in base/file.h. */
#ifndef DARA_BASE_HASH_H
#define DARA_BASE_HASH_H

#include <stddef.h>

struct dara_hash;

/* SHA-256 of what is added to it. Free with dara_hash_end() or dara_hash_free(). */
struct dara_hash *dara_hash_new(void);
void dara_hash_add(struct dara_hash *hash, const void *bytes, size_t length);
/* 64 hex digits and NUL; frees `hash`. */
void dara_hash_end(struct dara_hash *hash, char ret_hex[65]);
struct dara_hash *dara_hash_free(struct dara_hash *hash); /* accepts NULL, returns NULL */

#endif
