/* SPDX-License-Identifier: MIT */
/* Messages by hand: what no client library sends. */
#include "gateway-test.h"

#include <arpa/inet.h>
#include <endian.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OP_MSG = 2013 };

static int dial(void)
{
    const char *port = strrchr(getenv("DARA_TEST_MONGODB_URI"), ':');
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)strtol(port + 1, NULL, 10))};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_usec = 500000}, sizeof(struct timeval));
    return fd;
}

static size_t put(uint8_t *at, uint32_t value)
{
    value = htole32(value);
    memcpy(at, &value, 4);
    return 4;
}

static size_t put_body(uint8_t *at, const char *json)
{
    bson_t *body = parse(json);
    const size_t size = body->len;
    at[0] = 0;
    memcpy(at + 1, bson_get_data(body), size);
    bson_destroy(body);
    return size + 1;
}

static size_t put_sequence(uint8_t *at, const char *name, const char *json)
{
    bson_t *document = parse(json);
    const size_t size = 4 + strlen(name) + 1 + document->len;
    at[0] = 1;
    put(at + 1, (uint32_t)size);
    strncpy((char *)at + 5, name, strlen(name) + 1);
    memcpy(at + 5 + strlen(name) + 1, bson_get_data(document), document->len);
    bson_destroy(document);
    return size + 1;
}

static size_t head(uint8_t *message, size_t size, uint32_t flags)
{
    put(message, (uint32_t)size);
    put(message + 4, 77);
    put(message + 8, 0);
    put(message + 12, OP_MSG);
    put(message + 16, flags);
    return size;
}

static uint32_t crc32c(const uint8_t *data, size_t size)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < size; i++)
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (((crc ^ (data[i] >> bit)) & 1) != 0 ? 0x82f63b78 : 0);
    return ~crc;
}

/* The reply to request 77, or NULL when the connection ended or nothing came. */
static bson_t *answer(int fd)
{
    uint8_t reply[4096];
    uint32_t size, to;
    if (recv(fd, reply, 16, MSG_WAITALL) != 16)
        return NULL;
    memcpy(&size, reply, 4);
    size = le32toh(size);
    assert_in_range(size, 26, sizeof reply);
    assert_int_equal(recv(fd, reply + 16, size - 16, MSG_WAITALL), size - 16);
    memcpy(&to, reply + 8, 4);
    assert_int_equal(le32toh(to), 77);
    bson_t whole;
    assert_true(bson_init_static(&whole, reply + 21, size - 21));
    return bson_copy(&whole);
}

static void is_ok(int fd)
{
    bson_t *reply = answer(fd);
    assert_non_null(reply);
    assert_string_equal(part(reply, "ok"), "1.0");
    bson_destroy(reply);
}

static void test_sections(void **state)
{
    (void)state;
    uint8_t message[1024];
    const int fd = dial();
    /* The documents may come before the command. */
    size_t at = 20 + put_sequence(message + 20, "documents", "{'_id': 1}");
    at += put_body(message + at, "{'insert': 'c', '$db': 'dara_gateway'}");
    assert_int_equal(send(fd, message, head(message, at, 0), 0), at);
    is_ok(fd);
    /* Again: which of them is there twice. */
    assert_int_equal(send(fd, message, at, 0), at);
    bson_t *twice = answer(fd);
    assert_non_null(twice);
    assert_string_equal(part(twice, "writeErrors.0.keyValue"), "{ '_id' : 1 }");
    bson_destroy(twice);
    /* moreToCome: no reply, and what follows is answered. */
    at = 20 + put_body(message + 20, "{'insert': 'c', 'documents': [{'_id': 2}], '$db': 'dara_gateway'}");
    assert_int_equal(send(fd, message, head(message, at, 2), 0), at);
    at = 20 + put_body(message + 20, "{'count': 'c', '$db': 'dara_gateway'}");
    assert_int_equal(send(fd, message, head(message, at, 0), 0), at);
    bson_t *reply = answer(fd);
    assert_non_null(reply);
    assert_string_equal(part(reply, "n"), "2");
    bson_destroy(reply);
    close(fd);
}

static void test_checksum(void **state)
{
    (void)state;
    uint8_t message[256];
    for (uint32_t wrong = 0; wrong < 2; wrong++) {
        const int fd = dial();
        const size_t at = 20 + put_body(message + 20, "{'ping': 1, '$db': 'admin'}");
        head(message, at + 4, 1);
        put(message + at, crc32c(message, at) ^ wrong);
        assert_int_equal(send(fd, message, at + 4, 0), at + 4);
        if (wrong == 0)
            is_ok(fd);
        else
            assert_null(answer(fd));
        close(fd);
    }
}

/* What is no message ends the connection, and no other. */
static void test_malformed(void **state)
{
    (void)state;
    static const struct {
        uint32_t size, operation, flags;
    } heads[] = {{15, OP_MSG, 0}, {0x7fffffff, OP_MSG, 0}, {64, 1, 0}, {64, OP_MSG, 4}, {64, OP_MSG, 0}};
    uint8_t message[64];
    for (size_t i = 0; i < COUNT(heads); i++) {
        const int fd = dial();
        memset(message, 0xee, sizeof message);
        head(message, heads[i].size, heads[i].flags);
        put(message + 12, heads[i].operation);
        assert_int_equal(send(fd, message, sizeof message, MSG_NOSIGNAL), sizeof message);
        assert_null(answer(fd));
        close(fd);
    }
    says("{'ping': 1}", "{'ok': 1.0}");
}

const struct CMUnitTest wire_tests[] = {
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_sections),
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_checksum),
    NEEDS("DARA_TEST_MONGODB_CONTROL", test_malformed),
};
const size_t wire_test_count = COUNT(wire_tests);
