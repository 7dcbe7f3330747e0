/* SPDX-License-Identifier: MIT */
/* The eight modes in which a table can be locked. */
#include <string.h>

#include "observe.h"

#define BIT(mode) (1u << (mode))

/* Which stop which: the server's manual, "Explicit Locking". */
static const struct {
    const char *server, *name, *effect;
    unsigned conflicts;
} modes[POSTGRES_LOCK_MODES] = {
    {"AccessShareLock", "ACCESS SHARE", "blocks nobody who reads or writes", BIT(7)},
    {"RowShareLock", "ROW SHARE", "blocks nobody who reads or writes", BIT(6) | BIT(7)},
    {"RowExclusiveLock", "ROW EXCLUSIVE", "blocks index builds and changes of the table",
     BIT(4) | BIT(5) | BIT(6) | BIT(7)},
    {"ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE", "blocks VACUUM and changes of the table",
     BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(7)},
    {"ShareLock", "SHARE", "blocks writes", BIT(2) | BIT(3) | BIT(5) | BIT(6) | BIT(7)},
    {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE", "blocks writes",
     BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(7)},
    {"ExclusiveLock", "EXCLUSIVE", "blocks writes and SELECT FOR UPDATE",
     BIT(1) | BIT(2) | BIT(3) | BIT(4) | BIT(5) | BIT(6) | BIT(7)},
    {"AccessExclusiveLock", "ACCESS EXCLUSIVE", "blocks reads and writes", 0xff},
};

int postgres_lock_mode(const char *name)
{
    for (int i = 0; name && i < POSTGRES_LOCK_MODES; i++)
        if (strcmp(modes[i].server, name) == 0)
            return i;
    return -1;
}

const char *postgres_lock_name(int mode)
{
    return modes[mode].name;
}

const char *postgres_lock_effect(int mode)
{
    return modes[mode].effect;
}

bool postgres_lock_conflicts(int mode, int other)
{
    return (modes[mode].conflicts & BIT(other)) != 0;
}
