/* SPDX-License-Identifier: MIT */
#include "service/token.h"

#include <jansson.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#define DIGEST_MOST SHA512_DIGEST_SIZE

struct token {
    const char *signature;
    size_t signed_length; /* of header and payload, the dot between them counted */
    size_t header_length;
};

/* ---- reading ------------------------------------------------------------------------------------------------------------ */

/* The parser's words end with what stands there, which may be a secret that was taken for claims. */
static int fail_json(const char *what, const char *path, const json_error_t *error)
{
    const char *near = strstr(error->text, " near ");
    dara_error_set(DARA_EFILE, "%s are not a JSON object: %.*s", what,
                   near ? (int)(near - error->text) : (int)sizeof(error->text), error->text);
    dara_error_at(path, error->line > 0 ? error->line : 0);
    return DARA_EFILE;
}

static int parse_object(const char *what, const char *path, const char *text, size_t length, json_t **ret_object)
{
    json_error_t error = {.text = "something else stands there"};
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(object)) {
        *ret_object = object;
        return 0;
    }
    if (object)
        error = (json_error_t){.text = "something else stands there"};
    json_decref(object);
    return fail_json(what, path, &error);
}

/* Three parts of base64url with dots between them. */
static bool is_token(const char *text, struct token *ret_token)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t header = strspn(text, alphabet);
    size_t payload = header && text[header] == '.' ? strspn(text + header + 1, alphabet) : 0;
    const char *end = text + header + 1 + payload;
    if (!payload || *end != '.' || end[1 + strspn(end + 1, alphabet)] != '\0')
        return false;
    *ret_token = (struct token){.signature = end + 1, .header_length = header, .signed_length = (size_t)(end - text)};
    return true;
}

static int decode(const char *text, size_t length, char **ret_bytes, size_t *ret_length)
{
    struct base64_decode_ctx context;
    size_t room = BASE64_DECODE_LENGTH(length) + 1;
    DARA_FREE char *bytes = dara_alloc(room);
    base64url_decode_init(&context);
    if (!base64_decode_update(&context, &room, (uint8_t *)bytes, length, text))
        return dara_error_set(DARA_EFILE, "the token is malformed: a part of it is not base64url");
    *ret_bytes = bytes;
    *ret_length = room;
    bytes = NULL;
    return 0;
}

static int decode_object(const char *what, const char *text, size_t length, json_t **ret_object)
{
    DARA_FREE char *bytes = NULL;
    size_t count = 0;
    int code = decode(text, length, &bytes, &count);
    return code ? code : parse_object(what, NULL, bytes, count, ret_object);
}

/* ---- checking ----------------------------------------------------------------------------------------------------------- */

#define DIGEST(bits)                                                                            \
    static void digest##bits(const char *secret, const char *text, size_t length, uint8_t *out) \
    {                                                                                           \
        struct hmac_sha##bits##_ctx context;                                                    \
        hmac_sha##bits##_set_key(&context, strlen(secret), (const uint8_t *)secret);            \
        hmac_sha##bits##_update(&context, length, (const uint8_t *)text);                       \
        hmac_sha##bits##_digest(&context, SHA##bits##_DIGEST_SIZE, out);                        \
    }
DIGEST(256)
DIGEST(384)
DIGEST(512)

static const struct {
    const char *name;
    size_t size;
    void (*digest)(const char *secret, const char *text, size_t length, uint8_t *out);
} algorithms[] = {{"HS256", SHA256_DIGEST_SIZE, digest256},
                  {"HS384", SHA384_DIGEST_SIZE, digest384},
                  {"HS512", SHA512_DIGEST_SIZE, digest512}};

static int check_with(size_t algorithm, const char *secret, const char *text, const struct token *token)
{
    uint8_t digest[DIGEST_MOST];
    DARA_FREE char *given = NULL;
    size_t length = 0;
    int code = decode(token->signature, strlen(token->signature), &given, &length);
    if (code)
        return code;
    algorithms[algorithm].digest(secret, text, token->signed_length, digest);
    if (length == algorithms[algorithm].size && memeql_sec(digest, given, length))
        return 0;
    dara_error_set(DARA_EREFUSED, "the token was not signed with this secret, or was changed since");
    dara_error_hint("leave out --jwt-secret-env to read its claims unchecked");
    return DARA_EREFUSED;
}

static int check_signature(const char *variable, const char *text, const struct token *token, const json_t *header)
{
    const char *secret = getenv(variable), *name = json_string_value(json_object_get(header, "alg"));
    if (!secret || !*secret) {
        dara_error_set(DARA_ECONFIG, "the variable '%s' is not set", variable);
        dara_error_hint("set it to the secret that signs tokens, not its name");
        return DARA_ECONFIG;
    }
    for (size_t i = 0; name && i < DARA_COUNT(algorithms); i++)
        if (strcmp(name, algorithms[i].name) == 0)
            return check_with(i, secret, text, token);
    dara_error_set(DARA_EREFUSED, "the token is not signed with a secret: its algorithm is '%.16s'", name ? name : "");
    dara_error_hint("leave out --jwt-secret-env: HS256, HS384 and HS512 can be checked with one");
    return DARA_EREFUSED;
}

static int check_time(const json_t *object, const struct dara_claims_request *request, struct dara_claims *claims)
{
    const json_t *until = json_object_get(object, "exp"), *from = json_object_get(object, "nbf");
    double now = (double)dara_clock_now(), end = json_number_value(until);
    char when[21];
    if (json_is_number(from) && json_number_value(from) > now && !request->expired)
        return dara_error_set(DARA_EREFUSED, "the token is not valid yet ('nbf')");
    if (!json_is_number(until) || end > now)
        return 0;
    dara_clock_iso(end > 0 ? (time_t)end : 0, when);
    if (!request->expired) {
        dara_error_set(DARA_EREFUSED, "the token expired at %s", when);
        dara_error_hint("give --allow-expired to be its bearer all the same");
        return DARA_EREFUSED;
    }
    claims->expired = dara_strdup(when);
    return 0;
}

/* ---- both --------------------------------------------------------------------------------------------------------------- */

static int read_token(const char *text, const struct token *token, const struct dara_claims_request *request,
                      struct dara_claims *claims, json_t **ret_object)
{
    json_t *header = NULL;
    const char *payload = text + token->header_length + 1;
    int code = decode_object("the token's header", text, token->header_length, &header);
    if (!code && request->secret_env)
        code = check_signature(request->secret_env, text, token, header);
    json_decref(header);
    if (!code)
        code =
            decode_object("the token's claims", payload, token->signed_length - token->header_length - 1, ret_object);
    if (!code)
        code = check_time(*ret_object, request, claims);
    claims->token = true;
    claims->verified = request->secret_env != NULL;
    return code;
}

static int take(const char *path, char *text, const struct dara_claims_request *request, struct dara_claims *claims)
{
    struct token token;
    json_t *object = NULL;
    size_t length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        text[--length] = '\0';
    text += strspn(text, " \t\r\n");
    int code = 0;
    if (is_token(text, &token))
        code = read_token(text, &token, request, claims, &object);
    else if (request->secret_env)
        code = dara_error_set(DARA_EUSAGE, "--jwt-secret-env checks a token, and the claims are none");
    else
        code = parse_object("the claims", path, text, strlen(text), &object);
    if (!code) {
        claims->json = json_dumps(object, JSON_COMPACT);
        claims->subject = dara_strdup(json_string_value(json_object_get(object, "sub")));
    }
    json_decref(object);
    return code;
}

int dara_claims_read(const struct dara_claims_request *request, struct dara_claims *ret_claims)
{
    struct token token;
    struct dara_claims claims = {0};
    DARA_FREE char *text = NULL;
    size_t length = 0;
    bool here = request->text[strspn(request->text, " \t\r\n")] == '{' || is_token(request->text, &token);
    int code = here ? 0 : dara_file_read(request->text, &text, &length);
    if (here)
        text = dara_strdup(request->text);
    else if (!code && strlen(text) != length)
        code = dara_error_set(DARA_EFILE, "'%s' has a NUL in it", request->text);
    if (!code)
        code = take(here ? NULL : request->text, text, request, &claims);
    if (code) {
        dara_claims_done(&claims);
        return code;
    }
    *ret_claims = claims;
    return 0;
}

void dara_claims_done(struct dara_claims *claims)
{
    free(claims->json);
    free(claims->subject);
    free(claims->expired);
    *claims = (struct dara_claims){0};
}
