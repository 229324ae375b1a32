#!/bin/sh
# Makes a folder with what a cross-build for armhf needs of Debian 12: headers,
# libraries and plugins, for the compiler's --sysroot and for qemu-arm -L.
#
#   tests/armhf-root.sh DIR
#
# A folder that is there already and has all packages is left as it is. Beside
# the packages DIR has the file `root.ini`, which tells meson where it is; the
# rest is in tests/cross-armhf.ini:
#
#   meson setup build-armhf --cross-file DIR/root.ini \
#     --cross-file tests/cross-armhf.ini
#
# The packages are not installed on the machine itself: there each must have the
# version that the native one has, and the lists of the two are not always alike.
# MH_DEBIAN_MIRROR is where they come from.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

[ $# = 1 ] || {
  echo "usage: tests/armhf-root.sh DIR" >&2
  exit 2
}
packages=libc6-dev,libgstreamer-plugins-base1.0-dev,libsoup-3.0-dev
packages=$packages,libjson-glib-dev,libsqlite3-dev,glib-networking
packages=$packages,gstreamer1.0-plugins-base,gstreamer1.0-pulseaudio
# These two depend on OpenCV and a desktop, of which the tables of MPEG-TS need
# nothing: they are taken by themselves.
alone='libgstreamer-plugins-bad1.0-dev libgstreamer-plugins-bad1.0-0'
mirror=${MH_DEBIAN_MIRROR-http://deb.debian.org/debian}

# What a folder is made from: another one is made when this changes.
recipe="$mirror $packages $alone"
if [ "$(cat "$1/recipe" 2>/dev/null)" = "$recipe" ]; then
  exit 0
fi

case $1 in
  /*) dir=$1 ;;
  *) dir=$PWD/$1 ;;
esac
rm -rf --one-file-system "$dir" "$dir.new"
# shellcheck disable=SC2016 # for the hook's shell
mmdebstrap --quiet --architectures=armhf --variant=extract \
  --include="$packages" \
  --customize-hook='
    cd "$1/tmp"
    APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -qq download '"$alone"'
    for package in *.deb; do
      dpkg-deb --extract "$package" "$1"
    done
    rm -f ./*.deb' \
  bookworm "$dir.new" "$mirror" </dev/null
printf "[constants]\nroot = '%s'\n" "$dir" >"$dir.new/root.ini"
echo "$recipe" >"$dir.new/recipe"
mv "$dir.new" "$dir"
