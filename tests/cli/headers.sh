#!/bin/bash
# SPDX-License-Identifier: MIT
# Each public header compiles by itself, for every language a driver may be written in.
. "$srcdir/tests/cli/lib.sh"

cc=${CC:-cc} cxx=${CXX:-c++}
include=(-I"$srcdir/core/include" -I"$builddir/core/include")
warnings=(-Wall -Wextra -pedantic-errors -Werror)

for header in dara driver error model text; do
    echo "#include <dara/$header.h>" >one.c
    cp one.c one.cc
    for standard in c99 c11 c17; do
        run $cc -std=$standard "${warnings[@]}" "${include[@]}" -fsyntax-only one.c
        status_is 0 "<dara/$header.h> alone as $standard"
    done
    if command -v "$cxx" >/dev/null; then
        run "$cxx" -std=c++17 "${warnings[@]}" "${include[@]}" -fsyntax-only one.cc
        status_is 0 "<dara/$header.h> alone as c++17"
    else
        skip "<dara/$header.h> alone as c++17" 'there is no C++ compiler'
    fi
done

# A driver needs nothing but these headers: the smallest one there is, in C99.
cat >small.c <<'END'
#include <dara/dara.h>
static const char *const schemes[] = {"small", NULL};
DARA_DRIVER_DEFINE(small, .version = "1", .description = "nothing", .schemes = schemes, .url_help = "small:");
END
run $cc -std=c99 "${warnings[@]}" "${include[@]}" -fsyntax-only small.c
status_is 0 'DARA_DRIVER_DEFINE in c99'
done_testing
