#!/bin/sh
# Builds the Debian packages in a suite of Debian, installs them into that suite
# as debootstrap makes it, with nothing but what they depend on, and plays a clip
# there.
#
#   tests/package.sh SUITE
#
# SUITE: bookworm, trixie or sid. They are built on this machine where it has that
# suite, of the last commit, and otherwise as by tests/platform.sh, whose folder
# for the suite is used. The packages are left in build-package/SUITE.
#
# Must be run as root. The last line is `1 passed, 0 failed, 0 skipped`.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu
cd "$(dirname "$0")/.."

platforms=/var/cache/mediaheartbeat-platforms

fail ()
{
  echo "package: $*" >&2
  exit 1
}

# In the suite: builds, and has lintian look at it. Its messages are those of
# Debian's policy; `N:` begins a remark of its own.
build_here ()
{
  .ci/install build package
  examples/packaging/build-deb.sh "$1"
  lintian --allow-root --fail-on error,warning "$1"/*.changes
}

# In the suite: the packages are in build-package/SUITE of its own checkout.
build_elsewhere ()
{
  tests/platform.sh "$suite" "$platforms/$suite" \
    tests/package.sh --build "$out"
  mkdir -p "$out"
  rm -f "$out"/*
  cp "$platforms/$suite/root/gst-media-heartbeat/$out"/* "$out"
}

install ()
{
  apt-get -qq -y --no-install-recommends install "$@" >/root/apt.log 2>&1 || {
    cat /root/apt.log >&2
    fail "cannot be installed: $*"
  }
}

# What the test asks for beside the packages.
list_test_depends ()
{
  sed -n '/^Depends:/,$s/^\(Depends:\)\? *\([^,]*\),\?$/\2/p' \
    examples/packaging/debian/tests/control | grep -v '^mediaheartbeat-tools$'
}

# In the clean suite, with the packages in the folder $1.
play ()
{
  plugin=$(echo "$1"/gstreamer1.0-mediaheartbeat_*.deb)
  version=$(dpkg-deb --field "$plugin" Version)
  install "$plugin"
  # These are loaded at run time, and no program has told that it needs them.
  dpkg-query --show libsoup-3.0-0 glib-networking
  # shellcheck disable=SC2046 # a list of words
  install "$1"/mediaheartbeat-tools_*.deb $(list_test_depends)
  gst-inspect-1.0 --exists --atleast-version="${version%%-*}" mediaheartbeat ||
    fail "GStreamer does not find version ${version%%-*}"
  examples/packaging/debian/tests/play
}

case ${1-} in
  --build)
    build_here "$2"
    exit
    ;;
  --play)
    play /root/given
    exit
    ;;
  '' | -*)
    echo "usage: tests/package.sh SUITE" >&2
    exit 2
    ;;
esac

suite=$1
out=build-package/$suite
.ci/install platform
if [ "$(. /etc/os-release && echo "$VERSION_CODENAME")" = "$suite" ]; then
  build_here "$out"
else
  build_elsewhere
fi
tests/platform.sh --clean "$out" "$suite" "$platforms/$suite-clean" \
  tests/package.sh --play
echo "1 passed, 0 failed, 0 skipped"
