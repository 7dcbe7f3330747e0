# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += core/driver/session.h
