# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += core/report/report.h core/report/tree.h core/report/report.c core/report/render-text.c \
  core/report/render-json.c core/report/render-markdown.c
