# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += core/model/model.h
