/* SPDX-License-Identifier: MIT */
/* Which process of which machine: told so that another one can prove it to be dead. */
#ifndef DARA_MONGODB_PROCESS_H
#define DARA_MONGODB_PROCESS_H

#include <stdbool.h>

enum { MONGODB_PROCESS_MAX = 160 };

/* This process: "BOOT NAMESPACE PID START". Empty where the system does not tell. */
void mongodb_process_name(char ret_name[MONGODB_PROCESS_MAX]);
/* Whether a process of that name ran on this machine since it was started, and runs no more. False where that cannot be proven. */
bool mongodb_process_is_dead(const char *name);

#endif
