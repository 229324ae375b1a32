#!/bin/sh
# Installs what is missing, builds, and runs all tests.
#
#   tests/run.sh           in the build directory build-test
#   tests/run.sh --full    and again with sanitizers, in build-asan and build-tsan,
#                          and what is in build-test in valgrind
#   tests/run.sh --all     and for armhf in an emulator: build-armhf, and in
#                          Debian 13 (tests/platform.sh); and the Debian packages
#                          in both (tests/package.sh)
#   tests/run.sh --players real players under the tracer, and nothing else
#                          (tests/players): WebKitGTK, gst123, Quod Libet,
#                          Rhythmbox, Totem
#
# The last line is `N passed, N failed, N skipped`: meson's tests, those of all
# set-ups added up. The exit status is 0 if none failed.
#
# MH_TEST_MINUTES: a set-up that is not likely to end within so many minutes since
# this script has begun is not begun: it is named in the result, and counts as
# skipped. The ones that matter most come first. Without it all of them run.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu
cd "$(dirname "$0")/.."

full=no
all=no
run_players ()
{
  .ci/install build run test players
  [ -d build-test ] || meson setup build-test
  ninja -C build-test
  exec tests/players/run.py build-test
}

case "${1-}" in
  '') ;;
  --full) full=yes ;;
  --all) full=yes all=yes ;;
  --players) run_players ;;
  *)
    echo "usage: tests/run.sh [--full | --all | --players]" >&2
    exit 2
    ;;
esac

broken=0
logs=
times=
wrapper=
plain=
started=$(date +%s)

cores=$(nproc)

# run_tests PHASE OPTION...: the log is $phase.json.
run_tests ()
{
  phase=$1
  shift
  meson test -C "$directory" --no-rebuild --print-errorlogs \
    --logbase="$phase" ${setup:+"--setup=$setup"} \
    ${wrapper:+"--wrapper=$wrapper"} "$@" </dev/null
}

# A container's /dev/shm often has 64 MB: a test would fail when it is full.
has_memory_disk ()
{
  [ -d /dev/shm ] && [ -w /dev/shm ] &&
    [ "$(df -P -k /dev/shm | awk 'NR == 2 { print $4 }')" -ge 524288 ]
}

# These compute, and write and sync small files all the time: one more at once than
# there are cores, as some wait for each other's processes, on a disk in memory where
# there is one. Nothing of what they test depends on the disk: a process that is
# killed loses nothing that it has written.
run_computing ()
{
  (
    if has_memory_disk; then
      TMPDIR=$(mktemp -d /dev/shm/mediaheartbeat-XXXXXX)
      export TMPDIR
      trap 'rm -rf "$TMPDIR"' EXIT
    fi
    run_tests computing --num-processes="$((cores + 1))" \
      --no-suite=pipelines --no-suite=tools "$@"
  )
}

# Players that play in real time, and mostly wait: $at_once tests for each core,
# one player each. With 18 on two cores a quarter of their time is idle; with 24
# buffers run empty and seeks take long, and the tests see that. Nothing computes
# beside them. With --suite a set-up's own exclusions (tests/meson.build) would not
# count.
run_playing ()
{
  if [ -n "$setup" ]; then
    set -- --no-suite=core --no-suite=collector --no-suite=element \
      --no-suite=checks "$@"
  else
    set -- --suite=pipelines --suite=tools "$@"
  fi
  run_tests playing --num-processes="$((cores * at_once))" "$@"
}

# Once more, two for each core, and then again, one at a time, what failed, if that is
# little: whole pipelines play in real time, and a loaded machine may be the reason. The
# result says so.
run_again ()
{
  log=$(log_of "$1")
  [ -s "$log" ] || return 0
  for processes in $((cores * 2)) 1; do
    failed=$(python3 tests/count-results.py --failed 0 "$log")
    [ -n "$failed" ] && [ "$(echo "$failed" | wc -l)" -le 12 ] || return 0
    # shellcheck disable=SC2086
    run_tests "$1-again" --num-processes="$processes" $failed || true
    again=$(log_of "$1-again")
    [ ! -s "$again" ] || cat "$again" >>"$log.again"
    rm -f "$again"
  done
}

# log_of PHASE: where meson writes it. A wrapper's name takes a set-up's place.
log_of ()
{
  suffix=${wrapper%% *}
  suffix=${suffix:-$setup}
  echo "$directory/meson-logs/$1${suffix:+-$suffix}.json"
}

# run_phase PHASE OPTION...
run_phase ()
{
  begun=$(date +%s)
  "run_$1" || run_again "$1"
  if [ -s "$(log_of "$1")" ]; then
    logs="$logs $(log_of "$1")"
  else
    echo "$directory: $1: not run"
    broken=$((broken + 1))
  fi
  took "$directory, $1" "$begun"
  plain=${plain:-$(($(date +%s) - since))}
  [ "$1" != computing ] || spare_slow_machine $(($(date +%s) - begun))
}

# spare_slow_machine SECONDS: the computing tests take 85 s on two cores of a machine
# that plays 18 at once well, and 155 s on one that does not.
spare_slow_machine ()
{
  [ "$1" -ge 120 ] && [ "$at_once" -gt 5 ] || return 0
  at_once=5
  echo "$directory: a slow machine: $at_once players at once for each core"
}

# took WHAT SINCE: says so, and again at the end.
took ()
{
  times="$times
$1: $(($(date +%s) - $2)) s"
  echo "== $1: $(($(date +%s) - $2)) s"
}

# has_time NAME SECONDS: whether it would end within MH_TEST_MINUTES. SECONDS: what
# it takes on a machine that builds and computes 105 seconds in build-test.
has_time ()
{
  [ -n "${MH_TEST_MINUTES-}" ] || return 0
  [ "${plain:-0}" -gt 105 ] || plain=105
  needed=$(($2 * plain / 105))
  [ $(($(date +%s) - started + needed)) -gt $((MH_TEST_MINUTES * 60)) ] || return 0
  skipped="$1: skipped: $needed s were not left of $MH_TEST_MINUTES minutes"
  echo "$skipped"
  times="$times
$skipped"
  logs="$logs 0,0,1"
  return 1
}

# build OPTION...: configures and builds in $directory.
build ()
{
  if [ -e "$directory/build.ninja" ]; then
    reconfigure=--reconfigure
  else
    reconfigure=
  fi
  # shellcheck disable=SC2086
  meson setup $reconfigure "$directory" -Dwerror=true "$@" &&
    ninja -C "$directory"
}

# set_up DIRECTORY SETUP PHASES OPTION...: configures, builds and tests. SETUP
# may be empty. What fails is counted, and the others go on.
set_up ()
{
  directory=$1
  setup=$2
  phases=$3
  shift 3
  echo "== $directory"
  since=$(date +%s)
  rm -f "$(log_of computing)"* "$(log_of playing)"*
  if build "$@"; then
    took "$directory, build" "$since"
    for phase in $phases; do
      run_phase "$phase"
    done
  else
    echo "$directory: not built"
    broken=$((broken + 1))
  fi
}

# For a 32-bit machine, in an emulator.
set_up_armhf ()
{
  since=$(date +%s)
  if .ci/install armhf && tests/armhf-root.sh build-armhf-root; then
    took "build-armhf-root" "$since"
    set_up build-armhf emulated computing \
      --cross-file build-armhf-root/root.ini --cross-file tests/cross-armhf.ini
  else
    echo "build-armhf: not made"
    broken=$((broken + 1))
  fi
}

# set_up_elsewhere NAME COMMAND...: in another system, or a clean one. The last line
# of the command is as that of this script.
set_up_elsewhere ()
{
  echo "== $1"
  since=$(date +%s)
  if ! unshare --mount --pid --fork --propagation private true; then
    echo "$1: skipped: this machine allows no namespaces for mounts and processes"
    logs="$logs 0,0,1"
    return
  fi
  .ci/install platform || true
  mkdir -p build-platform
  name=$1
  log=build-platform/$name.log
  status=0
  shift
  "$@" >"$log" 2>&1 || status=$?
  counts=$(tail -n 1 "$log" | sed -n \
    's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1,\2,\3/p')
  [ $status = 0 ] || tail -n 200 "$log"
  logs="$logs $counts"
  # A failure that it has not counted itself.
  case $status:$counts in
    0:?* | *,[1-9]*,*) ;;
    *)
      echo "$name: broken, exit status $status"
      broken=$((broken + 1))
      ;;
  esac
  took "$name" "$since"
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

set_up_tsan ()
{
  if tsan_works || tsan_works setarch -R; then
    tsan_works || wrapper='setarch -R'
    export CC=clang
    # shellcheck disable=SC2086 # a list of words
    set_up build-tsan tsan "$both" $lines -Db_sanitize=thread -Db_lundef=false
    unset CC
    wrapper=
  else
    echo "ThreadSanitizer does not run here"
    broken=$((broken + 1))
  fi
}

.ci/install build run test clickhouse
both='computing playing'
# All that a stack needs of debug information, which as a whole is a quarter of the
# time that compiling takes.
lines='-Ddebug=false -Dc_args=-g1'
at_once=9
# shellcheck disable=SC2086 # a list of words
set_up build-test '' "$both" $lines
if [ $full = yes ]; then
  # Without the matrix, which is not for an instrumented plugin.
  at_once=2
  has_time build-asan 440 &&
    set_up build-asan asan "$both" -Ddebug=false \
      -Db_sanitize=address,undefined -Db_lundef=false \
      -Dc_args='-g1 -fno-sanitize-recover=all'
fi
if [ $all = yes ]; then
  has_time build-armhf 250 && set_up_armhf
  has_time trixie 560 && set_up_elsewhere trixie tests/platform.sh trixie
  for suite in bookworm trixie; do
    has_time "package-$suite" 120 &&
      set_up_elsewhere "package-$suite" tests/package.sh "$suite"
  done
fi
if [ $full = yes ]; then
  at_once=2
  has_time build-tsan 430 && set_up_tsan
  at_once=1
  # shellcheck disable=SC2086 # a list of words
  has_time 'build-test, valgrind, computing' 240 &&
    set_up build-test valgrind computing $lines
  # shellcheck disable=SC2086
  has_time 'build-test, valgrind, playing' 620 &&
    set_up build-test valgrind playing $lines
fi
echo "$times"
# shellcheck disable=SC2086
exec python3 tests/count-results.py $broken $logs
