# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The conformance suite: what every driver must pass. Each test file defines suite() and ends with `conform`; it runs once for
# each engine that is here: SQLite always, another when DARA_TEST_<ENGINE>_URI is set; DARA_TEST_ENGINES names fewer. An engine whose
# driver is not whole yet names in $engine_suites the files that it passes.
. "$srcdir/tests/cli/lib.sh"

conform() {
    local engine reason suite
    suite=$(basename "$0" .sh)
    for engine in ${DARA_TEST_ENGINES:-$(cd "$srcdir/tests/conformance/engines" && ls | sed 's/\.sh$//')}; do
        # What the adapter of the engine before has, this one may not have.
        # shellcheck disable=SC2046
        unset -f $(compgen -A function engine_) && unset "${!engine_@}"
        engine_rich=$engine engine_suites=
        engine_end() { :; }
        # What the languages say differently; these are SQL's.
        engine_quick='CREATE TABLE quick (a INTEGER);' engine_imports=yes
        engine_history_count() { engine_sql "$1" "SELECT count(*) FROM ${engine_history-dara_migrations} WHERE kind = 'migration'"; }
        engine_slow_end() { :; }
        engine_seeded() { # before, file, check, wanted
            case $1 in
            before) echo 'CREATE TABLE seeded (a INTEGER); INSERT INTO seeded VALUES (1), (3)' ;;
            file) echo 'INSERT INTO seeded VALUES (2);' ;;
            check) echo 'SELECT a FROM seeded' ;;
            wanted) echo 2 ;;
            esac
        }
        . "$srcdir/tests/conformance/engines/$engine.sh"
        case " ${engine_suites:-$suite} " in *" $suite "*) ;; *) continue ;; esac
        reason=$(engine_missing)
        if [ -n "$reason" ]; then
            skip "$engine" "$reason"
            continue
        fi
        suite "$engine"
        cd "$work" && engine_end
    done
    done_testing
}

# A new database NAME that holds a bit of everything: rich/$engine_rich, and its -VERSION, for all that the server is new enough
# for. Sets $url.
rich() { # ENGINE NAME
    local more version
    engine_new "$2"
    engine_load "$url" "$srcdir/tests/conformance/rich/$engine_rich.$engine_extension"
    for more in "$srcdir/tests/conformance/rich/$engine_rich"-[0-9]*."$engine_extension"; do
        version=${more##*-} version=${version%.*}
        [ -f "$more" ] && [ "$version" -le "$engine_version" ] && engine_load "$url" "$more"
    done
    return 0
}
# A project in $work/$1 on database $url, set up by dara; leaves us in it.
project() { # NAME
    rm -rf "${work:?}/$1"
    mkdir -p "$work/$1" && cd "$work/$1" || exit 99
    "$DARA" -q --url "$url" setup-database --folder db "$engine_type" >"$work/out" 2>"$work/err" </dev/null ||
        { echo "Bail out! setup-database failed: $(cat "$work/err")"; exit 1; }
    export DATABASE_URL=$url
}
# A migration file of the current project; its text from standard input.
migration() { # VERSION_name
    cat >"db/migrations/$1.$engine_extension"
}
# Wait until COMMAND prints something else than 0, for a minute at most.
until_so() { # COMMAND…
    for _ in $(seq 1200); do
        [ "$("$@")" = 0 ] || return 0
        sleep 0.05
    done
    echo "# waited in vain: $*"
}
# Preload the fault injector into dara.
fault_library=$builddir/tests/faults/.libs/fault.so
faulty() { # KIND N COMMAND…
    local what=$1 n=$2
    shift 2
    DARA_FAULT=$what DARA_FAULT_AT=$n LD_PRELOAD=$fault_library "$@"
}
no_preload() { # reason why faults cannot be injected in this build, if so
    [ -e "$fault_library" ] || { echo "the fault injector was not built"; return; }
    ldd "$builddir/core/.libs/dara" 2>/dev/null | grep -q libasan && echo "AddressSanitizer does not allow preloading"
}
