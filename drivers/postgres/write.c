/* SPDX-License-Identifier: MIT */
#include "write.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct postgres_writer *writer, size_t more)
{
    if (writer->room - writer->length > more)
        return;
    size_t room = (writer->length + more + 1) * 2;
    char *text = realloc(writer->text, room);
    if (!text)
        dara_error_out_of_memory();
    writer->text = text;
    writer->room = room;
}

static void add_bytes(struct postgres_writer *writer, const char *bytes, size_t length)
{
    reserve(writer, length);
    memcpy(writer->text + writer->length, bytes, length);
    writer->length += length;
    writer->text[writer->length] = '\0';
}

void postgres_write(struct postgres_writer *writer, const char *text)
{
    if (text)
        add_bytes(writer, text, strlen(text));
}

void postgres_write_format(struct postgres_writer *writer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        return;
    reserve(writer, (size_t)length);
    va_start(args, format);
    vsnprintf(writer->text + writer->length, (size_t)length + 1, format, args);
    va_end(args);
    writer->length += (size_t)length;
}

void postgres_write_name(struct postgres_writer *writer, const char *name)
{
    if (postgres_name_is_plain(name)) {
        postgres_write(writer, name);
        return;
    }
    postgres_write(writer, "\"");
    for (; *name; name++)
        add_bytes(writer, *name == '"' ? "\"\"" : name, *name == '"' ? 2 : 1);
    postgres_write(writer, "\"");
}

void postgres_write_qualified(struct postgres_writer *writer, const char *space, const char *name)
{
    if (space) {
        postgres_write_name(writer, space);
        postgres_write(writer, ".");
    }
    if (name)
        postgres_write_name(writer, name);
}

/* With a backslash the string is written as E'…', which reads the same whatever standard_conforming_strings says. */
void postgres_write_literal(struct postgres_writer *writer, const char *value)
{
    if (!value) {
        postgres_write(writer, "NULL");
        return;
    }
    postgres_write(writer, strchr(value, '\\') ? "E'" : "'");
    for (; *value; value++) {
        if (*value == '\'' || *value == '\\')
            add_bytes(writer, value, 1);
        add_bytes(writer, value, 1);
    }
    postgres_write(writer, "'");
}

void postgres_write_end(struct postgres_writer *writer, unsigned flags, const char *note)
{
    if (!writer->length)
        return;
    char *kept = postgres_respell(writer->text);
    if (kept) {
        free(writer->text);
        writer->text = kept;
        writer->room = strlen(kept) + 1;
    }
    if (writer->out) {
        dara_text_add(writer->out, writer->text);
        dara_text_add(writer->out, ";\n");
    } else {
        const struct dara_step step = {
            .size = sizeof(step), .text = writer->text, .flags = flags, .change = writer->change, .note = note};
        dara_plan_add(writer->plan, &step);
    }
    writer->length = 0;
}

void *postgres_writer_free(struct postgres_writer *writer)
{
    free(writer->text);
    writer->text = NULL;
    writer->length = writer->room = 0;
    return NULL;
}
