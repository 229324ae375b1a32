#!/bin/sh
# Sends the statements of SQL files to a ClickHouse, one after the other.
#
# usage: apply.sh URL FILE...
#   URL  as http://127.0.0.1:18123/, or http://127.0.0.1:18123/?database=NAME
#
# Exit status: 0 if all were taken; otherwise it ends at the first that was not.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

[ $# -ge 2 ] || {
  echo "usage: apply.sh URL FILE..." >&2
  exit 2
}
url=$1
shift

# Each statement on a line of its own, without comments.
statements () {
  sed '/^ *--/d' "$1" | tr '\n;' ' \n'
}

for file in "$@"; do
  statements "$file" | while IFS= read -r statement; do
    case $statement in
      *[![:space:]]*) ;;
      *) continue ;;
    esac
    curl -sS --fail-with-body "$url" --data-binary "$statement" || exit 1
  done || {
    echo "apply.sh: not taken: $file" >&2
    exit 1
  }
done
