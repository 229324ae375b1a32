#!/bin/sh
# Installs what is missing, builds, and runs all tests.
#
#   tests/run.sh           in the build directory build-test
#   tests/run.sh --full    and again with sanitizers and valgrind: build-asan,
#                          build-tsan, build-valgrind
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

# Once more, one at a time, and then again, what failed, if that is little: whole
# pipelines play in real time, and a loaded machine may be the reason. The result
# says so.
run_again ()
{
  log=$(log_of "$1")
  [ -s "$log" ] || return 0
  for try in 1 2; do
    failed=$(python3 tests/count-results.py --failed 0 "$log")
    [ -n "$failed" ] && [ "$(echo "$failed" | wc -l)" -le 5 ] || return 0
    # shellcheck disable=SC2086
    run_tests "$1-again" --num-processes=1 $failed || true
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
  [ "$1" != computing ] || spare_slow_machine $(($(date +%s) - begun))
}

# spare_slow_machine SECONDS: the computing tests take 85 s on two cores of a machine
# that plays 18 at once well, and 155 s on one that does not.
spare_slow_machine ()
{
  [ "$1" -ge 120 ] && [ "$at_once" -gt 7 ] || return 0
  at_once=7
  echo "$directory: a slow machine: $at_once players at once for each core"
}

# took WHAT SINCE: says so, and again at the end.
took ()
{
  times="$times
$1: $(($(date +%s) - $2)) s"
  echo "== $1: $(($(date +%s) - $2)) s"
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
  rm -f "$directory"/meson-logs/computing* "$directory"/meson-logs/playing*
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

.ci/install build run test clickhouse
both='computing playing'
at_once=9
# Without debug information, which is a quarter of the time that compiling takes.
set_up build-test '' "$both" -Ddebug=false
if [ $full = yes ]; then
  # Without the matrix, which is not for an instrumented plugin.
  at_once=2
  set_up build-asan asan "$both" -Db_sanitize=address,undefined \
    -Db_lundef=false -Dc_args=-fno-sanitize-recover=all
  if tsan_works || tsan_works setarch -R; then
    tsan_works || wrapper='setarch -R'
    export CC=clang
    set_up build-tsan tsan "$both" -Db_sanitize=thread -Db_lundef=false
    unset CC
    wrapper=
  else
    echo "ThreadSanitizer does not run here"
    broken=$((broken + 1))
  fi
  at_once=1
  set_up build-valgrind valgrind "$both"
fi
if [ $all = yes ]; then
  set_up_armhf
  set_up_elsewhere trixie tests/platform.sh trixie
  set_up_elsewhere package-bookworm tests/package.sh bookworm
  set_up_elsewhere package-trixie tests/package.sh trixie
fi
echo "$times"
# shellcheck disable=SC2086
exec python3 tests/count-results.py $broken $logs
