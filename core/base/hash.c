/* SPDX-License-Identifier: MIT */
/* Nettle, not libcrypto: it is there at once, where loading and starting libcrypto takes longer than most hashes made here. */
#include "base/hash.h"

#include <nettle/sha2.h>

#include "base/alloc.h"
#include "base/file.h"

struct dara_hash {
    struct sha256_ctx context;
};

struct dara_hash *dara_hash_new(void)
{
    struct dara_hash *hash = dara_alloc(sizeof(*hash));
    sha256_init(&hash->context);
    return hash;
}

void dara_hash_add(struct dara_hash *hash, const void *bytes, size_t length)
{
    sha256_update(&hash->context, length, bytes);
}

void dara_hash_end(struct dara_hash *hash, char ret_hex[65])
{
    static const char digit[] = "0123456789abcdef";
    unsigned char digest[SHA256_DIGEST_SIZE];
    sha256_digest(&hash->context, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++) {
        ret_hex[2 * i] = digit[digest[i] >> 4];
        ret_hex[2 * i + 1] = digit[digest[i] & 15];
    }
    ret_hex[64] = '\0';
    dara_hash_free(hash);
}

struct dara_hash *dara_hash_free(struct dara_hash *hash)
{
    free(hash);
    return NULL;
}

void dara_sha256(const void *bytes, size_t length, char ret_hex[65])
{
    struct dara_hash *hash = dara_hash_new();
    dara_hash_add(hash, bytes, length);
    dara_hash_end(hash, ret_hex);
}
