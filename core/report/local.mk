# SPDX-License-Identifier: MIT
core_libdara_la_SOURCES += core/report/report.h core/report/tree.h core/report/report.c core/report/render-text.c \
  core/report/render-json.c core/report/render-markdown.c
core_libdara_la_SOURCES += core/report/findings.h core/report/findings.c core/report/findings-show.c
core_libdara_la_SOURCES += core/report/render-sarif.c core/report/render-junit.c core/report/render-github.c
