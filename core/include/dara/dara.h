/* SPDX-License-Identifier: MIT */
/* Everything libdara offers to drivers. */
#ifndef DARA_DARA_H
#define DARA_DARA_H

#include <dara/driver.h>
#include <dara/error.h>
#include <dara/model.h>
#include <dara/text.h>
#include <dara/version.h>

#endif
