# SPDX-License-Identifier: MIT

# DARA_TRY_CFLAG(FLAG, VARIABLE): append FLAG to VARIABLE when the compiler takes it.
AC_DEFUN([DARA_TRY_CFLAG], [
  AS_VAR_PUSHDEF([cache], [dara_cv_cflag_$1])
  AC_CACHE_CHECK([whether $CC takes $1], [cache], [
    dara_saved_cflags=$CFLAGS
    CFLAGS="$CFLAGS -Werror $1"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]], [[char b[16]; memset(b, 0, sizeof b); return b[0];]])],
                   [AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
    CFLAGS=$dara_saved_cflags])
  AS_VAR_IF([cache], [yes], [$2="$$2 $1"])
  AS_VAR_POPDEF([cache])])

# DARA_COMPILER_FLAGS: C17, warnings (fatal with --enable-werror), hardening, hidden symbols.
AC_DEFUN([DARA_COMPILER_FLAGS], [
  AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror], [make warnings fatal (for developers and CI)])])
  AC_ARG_ENABLE([hardening], [AS_HELP_STRING([--disable-hardening], [leave out hardening flags])])
  DARA_CFLAGS="-std=gnu17"
  dara_warnings=on
  for flag in -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
              -Wwrite-strings -Wformat=2 -Wundef -Wvla; do
    DARA_TRY_CFLAG([$flag], [DARA_CFLAGS])
  done
  AS_IF([test "x$enable_werror" = xyes], [DARA_CFLAGS="$DARA_CFLAGS -Werror"; dara_warnings=fatal])
  DARA_CFLAGS="$DARA_CFLAGS -fvisibility=hidden -fno-strict-aliasing"
  DARA_LDFLAGS="-Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed"
  AS_IF([test "x$enable_hardening" != xno], [
    for flag in -fstack-protector-strong -fstack-clash-protection -fcf-protection; do
      DARA_TRY_CFLAG([$flag], [DARA_CFLAGS])
    done
    # Glibc warns when it is asked for without optimisation, and sanitizers bring checks of their own.
    case " $CFLAGS " in
      *" -O0 "*) ;;
      *) AS_IF([test "x${enable_sanitizers:-no}" = xno], [DARA_CFLAGS="$DARA_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"]) ;;
    esac])
  AC_SUBST([DARA_CFLAGS])
  AC_SUBST([DARA_LDFLAGS])])

AC_DEFUN([DARA_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers], [AS_HELP_STRING([--enable-sanitizers], [build with AddressSanitizer and UndefinedBehaviorSanitizer])])
  dara_sanitizers=off
  AS_IF([test "x$enable_sanitizers" = xyes], [
    dara_sanitizers="address, undefined"
    DARA_CFLAGS="$DARA_CFLAGS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
    DARA_LDFLAGS="$DARA_LDFLAGS -fsanitize=address,undefined"])
  AM_CONDITIONAL([SANITIZERS], [test "x$enable_sanitizers" = xyes])])

AC_DEFUN([DARA_COVERAGE], [
  AC_ARG_ENABLE([coverage], [AS_HELP_STRING([--enable-coverage], [build with gcov instrumentation])])
  dara_coverage=off
  AS_IF([test "x$enable_coverage" = xyes], [
    dara_coverage=on
    DARA_CFLAGS="$DARA_CFLAGS --coverage"
    DARA_LDFLAGS="$DARA_LDFLAGS --coverage"])])

# Fuzz targets always build as programs that replay a corpus; with --enable-fuzzing (clang) they are libFuzzer programs.
AC_DEFUN([DARA_FUZZING], [
  AC_ARG_ENABLE([fuzzing], [AS_HELP_STRING([--enable-fuzzing], [build fuzz targets with libFuzzer (needs clang)])])
  dara_fuzzing="replay only"
  FUZZ_LDFLAGS=
  # Clang leaves the sanitizers' functions to the program, so a library cannot be free of undefined names.
  DARA_NO_UNDEFINED="-no-undefined -Wl,-z,defs"
  AS_IF([test "x$enable_fuzzing" = xyes], [
    dara_fuzzing=libFuzzer
    DARA_CFLAGS="$DARA_CFLAGS -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all"
    DARA_LDFLAGS="$DARA_LDFLAGS -fsanitize=address,undefined"
    FUZZ_LDFLAGS="-fsanitize=fuzzer"
    DARA_NO_UNDEFINED=])
  AC_SUBST([DARA_NO_UNDEFINED])
  AC_SUBST([FUZZ_LDFLAGS])
  AM_CONDITIONAL([FUZZING], [test "x$enable_fuzzing" = xyes])])

# DARA_EDIT_LIBRARY: set EDIT_LIBRARY to the name that libedit is loaded by at run time, as the linker writes it into a program.
AC_DEFUN([DARA_EDIT_LIBRARY], [
  AC_CHECK_TOOL([READELF], [readelf])
  AC_CACHE_CHECK([for the name libedit is loaded by], [dara_cv_edit_library], [
    dara_saved_libs=$LIBS
    LIBS="$EDIT_LIBS $LIBS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([[char *readline(const char *);]], [[return readline("") != 0;]])],
      [dara_cv_edit_library=`$READELF -d conftest$EXEEXT | awk '/NEEDED/ && /libedit/ { sub(/.*libedit/, "libedit"); sub(/.$/, ""); print }'`])
    LIBS=$dara_saved_libs])
  AS_IF([test -z "$dara_cv_edit_library"], [AC_MSG_ERROR([libedit does not link, or readelf is missing: install libedit-dev and binutils])])
  AC_SUBST([EDIT_LIBRARY], [$dara_cv_edit_library])])

# DARA_DRIVER(NAME, VARIABLE, PKG-CONFIG MODULES, LIBRARY IN WORDS, [MORE]): the switch --with-NAME=auto|yes|no. MORE runs when the
# modules are there; it sets dara_lacks to the name of what is not.
AC_DEFUN([DARA_DRIVER], [
  AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=auto|yes|no], [build the $1 driver (auto: when $4 is there)])],
              [], [with_$1=auto])
  have_driver_$1=no
  dara_lacks=
  AS_CASE([$with_$1],
    [no], [dara_drivers_out="$dara_drivers_out $1 (asked)"],
    [yes|auto], [
       PKG_CHECK_MODULES([$2], [$3], [
         $5
         :], [dara_lacks="$3"])
       AS_IF([test -z "$dara_lacks"], [have_driver_$1=yes], [
         AS_IF([test "$with_$1" = yes], [AC_MSG_ERROR([--with-$1=yes, but $4 ($dara_lacks) was not found])])
         dara_drivers_out="$dara_drivers_out $1 ($dara_lacks not found)"])],
    [AC_MSG_ERROR([--with-$1 takes auto, yes or no, not '$with_$1'])])
  AS_IF([test $have_driver_$1 = yes], [dara_drivers_in="$dara_drivers_in $1"])
  AM_CONDITIONAL([DRIVER_$2], [test $have_driver_$1 = yes])])

# DARA_PG_QUERY: PG_QUERY_LIBS, the static libpg_query where there is one: its symbols carry PostgreSQL's own names, and only
# inside the driver can they be hidden.
AC_DEFUN([DARA_PG_QUERY], [
  AC_CHECK_HEADER([pg_query.h], [], [dara_lacks=libpg_query])
  AS_IF([test -z "$dara_lacks"], [
    AC_CACHE_CHECK([how to link libpg_query], [dara_cv_pg_query], [
      dara_saved_libs=$LIBS
      dara_cv_pg_query=no
      for libs in "-l:libpg_query.a" "-lpg_query"; do
        LIBS="$libs $dara_saved_libs"
        AS_IF([test "$dara_cv_pg_query" = no], [
          AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <pg_query.h>]], [[pg_query_split_with_parser("");]])],
                         [dara_cv_pg_query=$libs])])
      done
      LIBS=$dara_saved_libs])
    AS_IF([test "$dara_cv_pg_query" = no], [dara_lacks=libpg_query], [PG_QUERY_LIBS=$dara_cv_pg_query])])
  AC_SUBST([PG_QUERY_LIBS])])

# DARA_MYSQL_FEATURES: MYSQL_FEATURES, what only one of the two client libraries has.
AC_DEFUN([DARA_MYSQL_FEATURES], [
  dara_saved_cppflags=$CPPFLAGS
  CPPFLAGS="$CPPFLAGS $MYSQL_CFLAGS"
  AC_CHECK_HEADER([mysql.h], [], [dara_lacks=mysql.h])
  AC_CHECK_DECL([MYSQL_OPT_SSL_MODE], [MYSQL_FEATURES="$MYSQL_FEATURES -DMYSQL_LIBRARY_HAS_SSL_MODE"], [], [[#include <mysql.h>]])
  AC_CHECK_DECL([MYSQL_OPT_GET_SERVER_PUBLIC_KEY],
                [MYSQL_FEATURES="$MYSQL_FEATURES -DMYSQL_LIBRARY_HAS_GET_SERVER_PUBLIC_KEY"], [], [[#include <mysql.h>]])
  CPPFLAGS=$dara_saved_cppflags
  AC_SUBST([MYSQL_FEATURES])])
