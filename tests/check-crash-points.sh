#!/bin/sh
# check-crash-points: the plugin has none of the places at which a test kills the
# process (src/base/mh-crash.h).
#
#   check-crash-points.sh PLUGIN TEST
#
# TEST is the program that has them: or finding nothing says nothing.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu
plugin=$1
test=$2

names=$(sed -n 's/.*MH_CRASH_POINT ("\([^"]*\)").*/\1/p' \
  "$(dirname "$0")"/../src/*/*.c)
[ -n "$names" ]

has ()
{
  # Sections, symbols, and the names themselves.
  readelf --wide --sections --syms "$1" | grep -q 'mh_crash' && return 0
  echo "$names" | grep -q -F -x -f - "$2"
}

texts=$(mktemp)
trap 'rm -f "$texts"' EXIT
strings -a "$test" >"$texts"
if ! has "$test" "$texts" || ! echo "$names" | grep -q -F -x -f "$texts"; then
  echo "$test has no crash points"
  exit 1
fi
strings -a "$plugin" >"$texts"
if has "$plugin" "$texts"; then
  echo "$plugin has crash points"
  exit 1
fi
