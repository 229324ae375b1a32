#!/bin/sh
# Builds the Debian packages of this checkout, or of an unpacked release.
#
#   examples/packaging/build-deb.sh [DIR]
#
# DIR: where the packages go; the default is build-deb. They are made of the last
# commit (`meson dist`), with examples/packaging/debian as their debian folder, by
# dpkg-buildpackage. It names what is missing of the packages that it needs.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

mkdir -p "${1-build-deb}"
out=$(cd "${1-build-deb}" && pwd)
cd "$(dirname "$0")/../.."
packaging=$PWD/examples/packaging

fail ()
{
  echo "build-deb: $*" >&2
  exit 1
}

# What `project()` in meson.build says.
read_version ()
{
  sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build
}

# The sources of the release, as one archive.
make_archive ()
{
  if [ -e .git ]; then
    meson setup "$work/dist" -Dexamples=false -Dreplay=false -Dtests=false \
      >"$work/dist.log" 2>&1 &&
      meson dist -C "$work/dist" --no-tests --formats xztar --allow-dirty \
        >>"$work/dist.log" 2>&1 ||
      fail "meson dist has failed: $(cat "$work/dist.log")"
    mv "$work/dist/meson-dist/$release.tar.xz" "$1"
  else
    tar -c --exclude='./build*' --exclude="./${out#"$PWD"/}" \
      --transform="s,^\.,$release," -Jf "$1" .
  fi
}

version=$(read_version)
release=gst-media-heartbeat-$version
[ -n "$version" ] || fail "meson.build has no version"
case $(dpkg-parsechangelog -l "$packaging/debian/changelog" -S Version) in
  "$version"-*) ;;
  *) fail "debian/changelog is not of version $version" ;;
esac

# Always the same: ccache knows the files by it.
work=$out/work
rm -rf "$work"
mkdir "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
make_archive "$work/gst-media-heartbeat_$version.orig.tar.xz"
tar -C "$work" -xf "$work/gst-media-heartbeat_$version.orig.tar.xz"
cp -R "$packaging/debian" "$work/$release/debian"
(cd "$work/$release" && dpkg-buildpackage --unsigned-source --unsigned-changes) \
  >"$work/build.log" 2>&1 || {
  tail -n 100 "$work/build.log" >&2
  fail "dpkg-buildpackage has failed"
}
# Of an earlier run.
rm -f "$out"/*_"$version"*
cp "$work"/*_"$version"* "$out"
cd "$out"
ls -- *.deb
