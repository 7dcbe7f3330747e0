# SPDX-License-Identifier: MIT
core_dara_SOURCES += core/cli/command.h core/cli/main.c
