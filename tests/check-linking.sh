#!/bin/sh
# check-linking: the plugin is not linked to libsoup, whose version 3 would
# abort an application that holds version 2 as soon as the plugin is loaded.
#
#   check-linking.sh PLUGIN
#
# Neither it nor a library that it brings along, nor does it expect one of
# libsoup's functions from somewhere.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu
plugin=$1

# Or finding nothing says nothing.
libraries=$(ldd "$plugin")
symbols=$(readelf --dyn-syms --wide "$plugin")
echo "$libraries" | grep -q libgstreamer-1.0
echo "$symbols" | grep -q g_object_new

if printf '%s\n' "$libraries" "$symbols" | grep -E 'libsoup|\<soup_'; then
  exit 1
fi
