/* SPDX-License-Identifier: MIT */
/* A provider of security labels for the tests: a module of the server that takes every label. */
#include "postgres.h"

#include "commands/seclabel.h"
#include "fmgr.h"

PG_MODULE_MAGIC;

void _PG_init(void);

static void take(const ObjectAddress *object, const char *label)
{
    (void)object;
    (void)label;
}

void _PG_init(void)
{
    register_label_provider("dara test", take);
}
