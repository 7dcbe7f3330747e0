/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/alloc.h"
#include "base/file.h"

struct dara_hash {
    EVP_MD_CTX *context;
};

/* libcrypto fails here only without memory, or where its installation lacks sha-256: neither can be gone on from. */
static void demand(int good)
{
    if (good)
        return;
    fputs("dara: libcrypto cannot compute a sha-256\n", stderr);
    _Exit(70);
}

struct dara_hash *dara_hash_new(void)
{
    struct dara_hash *hash = dara_alloc(sizeof(*hash));
    /* Reading the system's configuration of libcrypto takes longer than most of the hashes made here. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    hash->context = EVP_MD_CTX_new();
    demand(hash->context && EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) == 1);
    return hash;
}

void dara_hash_add(struct dara_hash *hash, const void *bytes, size_t length)
{
    demand(EVP_DigestUpdate(hash->context, bytes, length) == 1);
}

void dara_hash_end(struct dara_hash *hash, char ret_hex[65])
{
    static const char digit[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    demand(EVP_DigestFinal_ex(hash->context, digest, &length) == 1 && length == 32);
    for (size_t i = 0; i < 32; i++) {
        ret_hex[2 * i] = digit[digest[i] >> 4];
        ret_hex[2 * i + 1] = digit[digest[i] & 15];
    }
    ret_hex[64] = '\0';
    dara_hash_free(hash);
}

struct dara_hash *dara_hash_free(struct dara_hash *hash)
{
    if (hash)
        EVP_MD_CTX_free(hash->context);
    free(hash);
    return NULL;
}

void dara_sha256(const void *bytes, size_t length, char ret_hex[65])
{
    struct dara_hash *hash = dara_hash_new();
    dara_hash_add(hash, bytes, length);
    dara_hash_end(hash, ret_hex);
}
