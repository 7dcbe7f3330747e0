/* SPDX-License-Identifier: MIT */
/* Types of columns, as far as it matters for what becomes of values. */
#ifndef DARA_MYSQL_TYPE_H
#define DARA_MYSQL_TYPE_H

#include "change.h"

enum mysql_family {
    MYSQL_FAMILY_OTHER = 0,
    MYSQL_FAMILY_INTEGER,
    MYSQL_FAMILY_DECIMAL,
    MYSQL_FAMILY_REAL,
    MYSQL_FAMILY_TEXT,
    MYSQL_FAMILY_BYTES,
    MYSQL_FAMILY_LABELS,
    MYSQL_FAMILY_DATE,
    MYSQL_FAMILY_MOMENT,
    MYSQL_FAMILY_CLOCK,
    MYSQL_FAMILY_JSON,
};

struct mysql_type {
    enum mysql_family family;
    unsigned long
        size; /* rank of whole numbers from 1; characters or bytes; digits of seconds; labels: 0 enum, 1 set */
    unsigned long scale; /* of decimals */
    bool is_unsigned;
    const char *arguments; /* behind the '(', or "" */
};

/* Read a type as the model has it; `arguments` points into `text`. */
struct mysql_type mysql_type_read(const char *text);
/* Whether all labels of one enum or set (`arguments` of its type) are among those of another. */
bool mysql_type_has_labels(const char *before, const char *after);

#endif
