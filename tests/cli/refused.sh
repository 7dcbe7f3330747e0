#!/bin/bash
# SPDX-License-Identifier: MIT
# Drivers that are made to be refused (tests/drivers/bad.c), as dara drivers tells of them: each with its true reason.
. "$srcdir/tests/cli/lib.sh"

DARA_DRIVER_PATH=$builddir/tests/drivers/bad run dara drivers --format json
status_is 0 'dara drivers ends well whatever it finds'
refused() { # refused NAME REASON
    is "$(json ".drivers[] | select(.name == \"$1\") | .refusal")" "$2" "$1 is refused with its reason"
}
again='(build the driver again, against this dara and the libraries of this machine)'
refused major 'it is made for driver interface 2, this dara has 1 (build the driver again with the headers of this dara)'
refused member "group 'session': member 'open' is missing"
refused group "group 'session' is missing"
refused self "it names itself 'other', but its file is named 'self'"
refused misnamed "it is the driver 'other', but its file is named 'misnamed'"
refused stranger "it is not a driver of dara: it has no function 'stranger_LTX_dara_driver'"
refused null 'its function returned no descriptor'
refused symbol "it needs the symbol 'dara_function_of_another_world', which neither dara nor its libraries have $again"
is "$(json '.drivers[] | select(.name == "minor") | .loaded, .abi')" "true
1.7" 'a newer minor is loaded'
is "$(json '[.drivers[] | select(.loaded) | .name] | join(" ")')" minor 'and nothing else is'

if dara help env-check >/dev/null 2>&1; then
    DARA_DRIVER_PATH=$builddir/tests/drivers/bad run dara --url member:x env-check
    [ "$status" -ne 0 ]
    ok $? 'a URL of a refused driver is an error'
    grep -qF "driver 'member' was refused: group 'session': member 'open' is missing" "$work/out" "$work/err"
    ok $? 'which says why'
else
    skip 'a URL of a refused driver' 'this dara has no env-check'
fi
done_testing
