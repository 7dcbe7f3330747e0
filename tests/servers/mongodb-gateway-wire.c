/* SPDX-License-Identifier: MIT */
/* The wire protocol: OP_MSG, and OP_QUERY for the greeting of older client libraries. */
#include "mongodb-gateway.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OP_REPLY = 1, OP_QUERY = 2004, OP_MSG = 2013, HEADER = 16, LARGEST = 48000000 };
enum { CHECKSUM_PRESENT = 1, MORE_TO_COME = 2, REQUIRED_BITS = 0xffff };

static int32_t get_int(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return (int32_t)le32toh(value);
}

static void put_int(uint8_t *at, int32_t value)
{
    const uint32_t little = htole32((uint32_t)value);
    memcpy(at, &little, sizeof little);
}

static bool read_all(int fd, uint8_t *at, size_t size)
{
    while (size > 0) {
        const ssize_t got = recv(fd, at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

/* In one piece, where the socket takes it. */
static bool write_all(int fd, struct iovec *parts, size_t count)
{
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
    while (message.msg_iovlen > 0) {
        ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        while (message.msg_iovlen > 0 && (size_t)sent >= message.msg_iov->iov_len) {
            sent -= (ssize_t)message.msg_iov->iov_len;
            message.msg_iov++;
            message.msg_iovlen--;
        }
        if (message.msg_iovlen > 0) {
            message.msg_iov->iov_base = (uint8_t *)message.msg_iov->iov_base + sent;
            message.msg_iov->iov_len -= (size_t)sent;
        }
    }
    return true;
}

/* CRC-32C (Castagnoli), bit by bit: a checksum is rare. */
static uint32_t checksum(const uint8_t *data, size_t size)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0x82f63b78 & (0U - (crc & 1)));
    }
    return ~crc;
}

/* A document at the beginning of these bytes. */
static bool document_at(const uint8_t *at, size_t left, bson_t *ret_document, size_t *ret_size)
{
    if (left < 5 || get_int(at) < 5 || (size_t)get_int(at) > left)
        return false;
    *ret_size = (size_t)get_int(at);
    return bson_init_static(ret_document, at, *ret_size) && bson_validate(ret_document, BSON_VALIDATE_NONE, NULL);
}

static bool read_sequence(const uint8_t *at, size_t left, struct command *command, size_t *ret_size)
{
    if (left < 5 || get_int(at) < 5 || (size_t)get_int(at) > left)
        return false;
    *ret_size = (size_t)get_int(at);
    const size_t name = strnlen((const char *)at + 4, *ret_size - 4) + 1;
    if (4 + name > *ret_size || command->sequence_count == sizeof command->sequences / sizeof *command->sequences)
        return false;
    command->sequences[command->sequence_count++] =
        (struct sequence){.name = (const char *)at + 4, .data = at + 4 + name, .size = *ret_size - 4 - name};
    return true;
}

static bool read_sections(const uint8_t *at, size_t left, struct command *command)
{
    bool body = false;
    while (left > 1) {
        size_t size;
        if (at[0] == 0 && !body)
            body = document_at(at + 1, left - 1, &command->body, &size);
        else if (at[0] != 1 || !read_sequence(at + 1, left - 1, command, &size))
            return false;
        if (!body && at[0] == 0)
            return false;
        at += 1 + size;
        left -= 1 + size;
    }
    return body && left == 0;
}

static bool read_msg(struct message *message)
{
    const uint8_t *at = message->data + HEADER;
    size_t left = message->size - HEADER;
    if (left < 4)
        return false;
    message->flags = (uint32_t)get_int(at);
    if (message->flags & REQUIRED_BITS & ~(uint32_t)(CHECKSUM_PRESENT | MORE_TO_COME))
        return false;
    if (message->flags & CHECKSUM_PRESENT) {
        if (left < 8)
            return false;
        left -= 4;
        if ((uint32_t)get_int(at + left) != checksum(message->data, message->size - 4))
            return false;
    }
    return read_sections(at + 4, left - 4, &message->command);
}

static bool read_query(struct message *message)
{
    const uint8_t *at = message->data + HEADER;
    const size_t left = message->size - HEADER;
    if (left < 5)
        return false;
    const size_t space = strnlen((const char *)at + 4, left - 4) + 1;
    size_t size;
    if (left < 4 + space + 8 + 5)
        return false;
    snprintf(message->command.database, sizeof message->command.database, "%.*s",
             (int)strcspn((const char *)at + 4, "."), (const char *)at + 4);
    return document_at(at + 4 + space + 8, left - 4 - space - 8, &message->command.body, &size);
}

static bool read_names(struct command *command)
{
    bson_iter_t iter;
    if (!bson_iter_init(&iter, &command->body) || !bson_iter_next(&iter))
        return false;
    command->name = bson_iter_key(&iter);
    if (BSON_ITER_HOLDS_UTF8(&iter))
        snprintf(command->collection, sizeof command->collection, "%s", bson_iter_utf8(&iter, NULL));
    if (bson_iter_init_find(&iter, &command->body, "$db") && BSON_ITER_HOLDS_UTF8(&iter))
        snprintf(command->database, sizeof command->database, "%s", bson_iter_utf8(&iter, NULL));
    return command->database[0] != '\0';
}

bool message_read(int fd, struct message *ret_message)
{
    uint8_t header[HEADER];
    *ret_message = (struct message){.data = NULL};
    if (!read_all(fd, header, HEADER))
        return false;
    const int32_t size = get_int(header);
    if (size < HEADER || size > LARGEST)
        return false;
    ret_message->data = malloc((size_t)size);
    if (ret_message->data == NULL)
        return false;
    ret_message->size = (size_t)size;
    memcpy(ret_message->data, header, HEADER);
    ret_message->id = get_int(header + 4);
    ret_message->operation = get_int(header + 12);
    if (!read_all(fd, ret_message->data + HEADER, (size_t)size - HEADER))
        return false;
    switch (ret_message->operation) {
    case OP_MSG:
        return read_msg(ret_message) && read_names(&ret_message->command);
    case OP_QUERY:
        return read_query(ret_message) && read_names(&ret_message->command);
    default:
        return false;
    }
}

void message_free(struct message *message)
{
    free(message->data);
    message->data = NULL;
}

bool message_answered(const struct message *message)
{
    return message->operation != OP_MSG || !(message->flags & MORE_TO_COME);
}

bool message_reply(int fd, const struct message *message, const bson_t *reply)
{
    static int32_t last_id;
    uint8_t head[HEADER + 20] = {0};
    const bool old = message->operation == OP_QUERY;
    const size_t head_size = HEADER + (old ? 20 : 5);
    put_int(head, (int32_t)(head_size + reply->len));
    put_int(head + 4, __atomic_add_fetch(&last_id, 1, __ATOMIC_RELAXED));
    put_int(head + 8, message->id);
    put_int(head + 12, old ? OP_REPLY : OP_MSG);
    if (old) {
        put_int(head + HEADER, 8);      /* it awaits data: always set */
        put_int(head + HEADER + 16, 1); /* documents */
    }
    struct iovec parts[] = {{head, head_size}, {(void *)(uintptr_t)bson_get_data(reply), reply->len}};
    return write_all(fd, parts, 2);
}
