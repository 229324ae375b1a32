#!/bin/sh
# Installs what is missing, builds, and runs all tests.
#
#   tests/run.sh           in the build directory build-test
#   tests/run.sh --full    and again with sanitizers and valgrind: build-asan,
#                          build-tsan, build-valgrind
#
# The last line is `N passed, N failed, N skipped`: meson's tests, those of all
# set-ups added up. The exit status is 0 if none failed.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu
cd "$(dirname "$0")/.."

full=no
case "${1-}" in
  '') ;;
  --full) full=yes ;;
  *)
    echo "usage: tests/run.sh [--full]" >&2
    exit 2
    ;;
esac

install_missing ()
{
  command -v dpkg-query >/dev/null || return 0
  missing=
  for package in $(sed 's/#.*//' .ci/packages); do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null |
      grep -qx installed || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  echo "Installing$missing"
  # shellcheck disable=SC2086
  $sudo apt-get update -qq </dev/null &&
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
      --no-install-recommends $missing </dev/null
}

broken=0
logs=
wrapper=

run_tests ()
{
  meson test -C "$directory" --no-rebuild --print-errorlogs \
    ${setup:+"--setup=$setup"} ${wrapper:+"--wrapper=$wrapper"} "$@" \
    </dev/null
}

# Once more, one at a time, what failed, if that is little: whole pipelines play
# in real time, and a loaded machine may be the reason. The result says so.
run_again ()
{
  [ -s "$log" ] || return 0
  failed=$(python3 tests/count-results.py --failed 0 "$log")
  [ "$(echo "$failed" | wc -l)" -le 5 ] || return 0
  mv "$log" "$log.first"
  # shellcheck disable=SC2086
  run_tests --num-processes=1 $failed || true
  [ ! -s "$log" ] || mv "$log" "$log.again"
  mv "$log.first" "$log"
}

# set_up DIRECTORY SETUP OPTION...: configures, builds and tests. SETUP may be
# empty. What fails is counted, and the others go on.
set_up ()
{
  directory=$1
  setup=$2
  shift 2
  log=$directory/meson-logs/testlog${setup:+-$setup}.json
  echo "== $directory"
  begun=$(date +%s)
  rm -f "$log" "$log.again"
  if [ -e "$directory/build.ninja" ]; then
    reconfigure=--reconfigure
  else
    reconfigure=
  fi
  # shellcheck disable=SC2086
  if meson setup $reconfigure "$directory" -Dwerror=true "$@" &&
    ninja -C "$directory"; then
    run_tests || run_again
  fi
  if [ -s "$log" ]; then
    logs="$logs $log"
  else
    echo "$directory: not built, or not run"
    broken=$((broken + 1))
  fi
  echo "== $directory: $(($(date +%s) - begun)) s"
}

# How to run a program under ThreadSanitizer here: some kernels place libraries
# where it does not expect them, unless told not to.
tsan_works ()
{
  directory=$(mktemp -d)
  echo 'int main (void) { return 0; }' >"$directory/try.c"
  status=0
  clang -fsanitize=thread -o "$directory/try" "$directory/try.c" &&
    "$@" "$directory/try" || status=1
  rm -rf "$directory"
  return $status
}

install_missing || echo "Some packages could not be installed"
set_up build-test ''
if [ $full = yes ]; then
  set_up build-asan asan -Db_sanitize=address,undefined -Db_lundef=false \
    -Dc_args=-fno-sanitize-recover=all
  if tsan_works || tsan_works setarch -R; then
    tsan_works || wrapper='setarch -R'
    export CC=clang
    set_up build-tsan tsan -Db_sanitize=thread -Db_lundef=false
    unset CC
    wrapper=
  else
    echo "ThreadSanitizer does not run here"
    broken=$((broken + 1))
  fi
  set_up build-valgrind valgrind
fi
# shellcheck disable=SC2086
exec python3 tests/count-results.py $broken $logs
