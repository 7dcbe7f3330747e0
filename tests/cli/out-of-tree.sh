#!/bin/bash
# SPDX-License-Identifier: MIT
# A stranger's driver: docs/examples/csv, built against an installed dara that only pkg-config knows, then used by it.
. "$srcdir/tests/cli/lib.sh"

command -v pkg-config >/dev/null || skip_all 'there is no pkg-config'
make=${MAKE:-make}
unset MAKEFLAGS MFLAGS MAKELEVEL DARA_DRIVER_PATH
"$make" --version 2>/dev/null | grep -q GNU || skip_all 'the example needs GNU make'

root=$work/root
run "$make" -s -C "$builddir" install DESTDIR="$root"
status_is 0 'dara is installed under DESTDIR'
pc=$(find "$root" -name dara.pc)
[ -n "$pc" ]
ok $? 'dara.pc is installed'
[ -n "$(find "$root" -path '*/man/man1/dara.1')" ]
ok $? 'so is the manual page'
prefix=$(sed -n 's/^prefix=//p' "$pc")
export PKG_CONFIG_PATH=${pc%/*}
pkg="pkg-config --define-variable=prefix=$root$prefix"
driverdir=$($pkg --variable=driverdir dara)
is "$($pkg --variable=driver_abi dara)" 1 'pkg-config knows driver_abi'
is "${driverdir##*/}" drivers-1 'pkg-config knows driverdir, which carries the major'
[ -d "$driverdir" ]
ok $? 'driverdir is where drivers are installed'

cp "$srcdir"/docs/examples/csv/* .
chmod u+w ./*
run "$make" -s PKG_CONFIG="$pkg" install
status_is 0 'the example builds by pkg-config alone'
[ -f "$driverdir/csv.so" ]
ok $? 'and installs where dara looks'
run "$make" -s PKG_CONFIG="$pkg --define-variable=driver_abi=2" csv.so -B
[ "$status" -ne 0 ] && err_like 'driver interface 1' 'another major is refused when it is built'

# The installed dara, not the one of the build folder.
DARA=$(find "$root" -path '*/bin/dara' -type f)
libdir=$($pkg --variable=libdir dara)
export LD_LIBRARY_PATH=$libdir DARA_DRIVER_PATH=$driverdir
[ -x "$DARA" ]
ok $? 'dara is installed'
DARA_DRIVER_PATH=. run dara -f json drivers
is "$(json '.drivers[] | select(.name == "csv") | .loaded')" true 'a relative folder of drivers, as the README has it'
mkdir january february
printf 'id,name\r\n1,"a ""b"", c"\r\n2,"two\nlines"\r\n' >january/users.csv
printf 'id,total,total\n' >january/orders.csv
printf 'id,name,email\n' >february/users.csv
printf 'id,"open\n' >february/broken.csv

run dara drivers
status_is 0 'dara drivers runs'
out_like 'csv' 'the example is listed'
run dara -f json drivers
is "$(json '.. | objects | select(.name? == "csv") | .name' | head -1)" csv 'and in JSON'

if dara help compare-schemas >/dev/null 2>&1; then
    run dara --url csv:january compare-schemas live csv:january
    status_is 0 'a folder compared with itself'
    run dara --url csv:january compare-schemas live csv:february
    status_is 1 'two folders that differ'
    out_like 'email' 'the column that came is shown'
    out_like 'orders' 'the table that went is shown'
    out_like 'broken.*a quote is not closed' 'the file that cannot be read is named, not taken for absent'
    run dara --url csv:january compare-schemas live csv:february --sql
    status_is 4 'a plan is more than this driver can do'
    err_like "the 'csv' driver cannot plan changes: it has no 'dialect' operations" 'and that is said'
    run dara --url csv:nowhere compare-schemas live csv:january
    status_is 3 'a folder that is not there cannot be connected to'
    err_like "cannot open the folder '.*nowhere'" 'and the reason is the driver'"'"'s'
else
    skip 'comparing folders' 'this dara has no compare-schemas'
fi

run dara --url csv:january env-check
out_like 'CSV files RFC 4180' 'env-check describes it'
out_like 'folder +ok +can be read' 'with the check of its own'
run dara --url csv:january run-sql x
status_is 4 'what the driver cannot do is unsupported'
err_like "the 'csv' driver cannot .*: it has no '(apply|dialect)' operations" 'in the wording that all drivers share'
done_testing
