/* SPDX-License-Identifier: MIT */
#include <dara/dara.h>

DARA_DRIVER_DEFINE(sqlite, .version = DARA_VERSION);
