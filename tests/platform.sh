#!/bin/sh
# Runs tests/run.sh, or another command, in another suite of Debian.
#
#   tests/platform.sh [--clean FILES] SUITE [DIR [COMMAND...]]
#
# --clean FILES: what COMMAND changes there is thrown away, so that the suite is as
# debootstrap has made it each time. The files of the folder FILES are in
# /root/given meanwhile. Packages that are downloaded are kept beside DIR.
# SUITE: trixie, sid or any other that debootstrap knows.
# DIR: where the suite is, or where debootstrap makes it; it is kept, and brought
# up to date by the next run. What debootstrap has made is kept beside it as
# SUITE.tar, for the next DIR. The default is
# /var/cache/mediaheartbeat-platforms/SUITE.
# COMMAND: what to run there in place of tests/run.sh, in the checkout.
#
# The checkout in there has the files that git tracks here, as they are in the
# work tree, and is made anew each time, but for its build directories.
#
# Must be run as root. Everything runs in namespaces for mounts and processes of
# its own: when it ends, in whatever way, nothing stays mounted or running.
# The last line and the exit status are those of the command.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

fail ()
{
  echo "platform: $*" >&2
  exit 1
}

# Is something mounted below DIR? What is removed or made must not reach there.
has_mounts ()
{
  cut -d ' ' -f 5 /proc/self/mountinfo | grep -q "^$1/"
}

# The suite as debootstrap makes it, for the next folder beside this one.
bootstrap ()
{
  debootstrap --variant=minbase "$suite" "$dir.new" >"$dir.log" 2>&1 || {
    tail -n 20 "$dir.log" >&2
    fail "debootstrap has failed"
  }
  umount -R "$dir.new/proc" "$dir.new/sys" 2>/dev/null || true
  tar -C "$dir.new" --one-file-system --numeric-owner -cf "$made.new" .
  mv "$made.new" "$made"
}

# It is made beside the folder, which is renamed in the end: so a folder that is
# there is whole.
make_suite ()
{
  if has_mounts "$dir.new"; then
    fail "something is mounted below $dir.new"
  fi
  rm -rf --one-file-system "$dir.new"
  echo "Making $dir"
  made=$(dirname "$dir")/$suite.tar
  if [ -s "$made" ]; then
    mkdir "$dir.new"
    tar -C "$dir.new" --numeric-owner -xpf "$made"
  else
    bootstrap
  fi
  [ ! -d "$dir" ] || rmdir "$dir"
  mv "$dir.new" "$dir"
  rm -f "$dir.log"
}

# An empty folder is as good as none. One that is half made, or not this suite,
# is not ours to remove.
check_suite ()
{
  [ -n "$(ls -A "$dir" 2>/dev/null)" ] || make_suite
  [ ! -e "$dir/debootstrap" ] ||
    fail "$dir has been left half made: remove it"
  grep -qs "^[^#]* $suite " "$dir/etc/apt/sources.list" ||
    fail "$dir is no folder with $suite that debootstrap has made"
}

mount_all ()
{
  mount -t proc proc "$dir/proc"
  mkdir -p "$dir/dev/shm" "$dir/dev/pts"
  mount -t tmpfs tmpfs "$dir/dev/shm"
  mount -t devpts devpts "$dir/dev/pts" -o newinstance,ptmxmode=0666,mode=0620
}

# Work goes into memory: over the suite where the kernel can, and otherwise into
# a copy.
go_clean ()
{
  kept=$dir.archives
  mkdir -p "$kept/partial" "$dir.clean"
  mount -t tmpfs tmpfs "$dir.clean"
  mkdir "$dir.clean/upper" "$dir.clean/work" "$dir.clean/root"
  mount -t overlay overlay "$dir.clean/root" \
    -o "lowerdir=$dir,upperdir=$dir.clean/upper,workdir=$dir.clean/work" \
    2>/dev/null || cp -a --one-file-system "$dir/." "$dir.clean/root"
  dir=$dir.clean/root
  mount_all
  mount --bind "$kept" "$dir/var/cache/apt/archives"
  mkdir "$dir/root/given"
  cp "$files"/* "$dir/root/given"
}

enter ()
{
  chroot "$dir" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive CI="${CI-}" \
    ${http_proxy+"http_proxy=$http_proxy"} "$@"
}

update_lists ()
{
  enter apt-get -q update >"$dir/root/apt.log" 2>&1 </dev/null
}

# The Release file of a frozen mirror of sid is out of date after a week.
update_suite ()
{
  rm -f "$dir/etc/resolv.conf"
  cp /etc/resolv.conf /etc/hosts "$dir/etc/"
  echo 'Acquire::Languages "none";' >"$dir/etc/apt/apt.conf.d/50platform"
  echo force-unsafe-io >"$dir/etc/dpkg/dpkg.cfg.d/50platform"
  if ! update_lists && grep -q 'is expired' "$dir/root/apt.log"; then
    echo "The Release file of $suite has expired: it is taken all the same"
    echo 'Acquire::Check-Valid-Until "false";' \
      >>"$dir/etc/apt/apt.conf.d/50platform"
    update_lists
  fi || {
    cat "$dir/root/apt.log" >&2
    fail "apt-get update has failed"
  }
  enter apt-get -qq -y dist-upgrade >"$dir/root/apt.log" 2>&1 </dev/null || {
    tail -n 20 "$dir/root/apt.log" >&2
    fail "apt-get dist-upgrade has failed"
  }
}

# Without git (an unpacked archive), every file but of build directories.
list_files ()
{
  if [ -e .git ]; then
    git -c safe.directory="$PWD" ls-files -z
  else
    find . -path './build*' -prune -o -type f -print0
  fi
}

# What has been removed here, and not committed, is left out.
copy_checkout ()
{
  checkout=$dir/root/gst-media-heartbeat
  mkdir -p "$checkout"
  find "$checkout" -mindepth 1 -maxdepth 1 ! -name 'build*' \
    -exec rm -rf --one-file-system {} +
  list_files | tar --null --files-from=- --ignore-failed-read -c 2>/dev/null |
    tar -C "$checkout" --no-same-owner -x
  [ -x "$checkout/tests/run.sh" ] || fail "the checkout could not be copied"
}

usage ()
{
  echo "usage: tests/platform.sh [--clean FILES] SUITE [DIR [COMMAND...]]" >&2
  exit 2
}

[ $# -ge 1 ] || usage
[ "$(id -u)" = 0 ] || fail "must be run as root: debootstrap and chroot need it"
command -v debootstrap >/dev/null || fail "debootstrap is missing"
if [ "${MH_PLATFORM_INSIDE-}" != yes ]; then
  MH_PLATFORM_INSIDE=yes unshare --mount --pid --fork --kill-child \
    --propagation private "$0" "$@" &
  inside=$!
  # unshare itself ends by no other signal. What it has started ends with it.
  trap 'kill -KILL $inside; exit 130' HUP INT TERM
  status=0
  wait $inside || status=$?
  exit $status
fi

files=
if [ "$1" = --clean ]; then
  [ $# -ge 3 ] || usage
  files=$(cd "$2" && pwd)
  shift 2
fi
suite=$1
dir=${2-/var/cache/mediaheartbeat-platforms/$suite}
shift
[ $# = 0 ] || shift
mkdir -p "$(dirname "$dir")"
dir=$(cd "$(dirname "$dir")" && pwd)/$(basename "$dir")
cd "$(dirname "$0")/.."
exec 9>"$dir.lock"
flock -n 9 || fail "$dir is in use"
if has_mounts "$dir"; then
  fail "something is mounted below $dir"
fi
check_suite
mount_all
update_suite
[ -z "$files" ] || go_clean
copy_checkout
[ $# -gt 0 ] || set -- tests/run.sh
echo "== $suite: $(cat "$dir/etc/debian_version")"
enter sh -c 'cd /root/gst-media-heartbeat && exec "$@"' sh "$@" 9>&- </dev/null
