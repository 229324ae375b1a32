#!/bin/sh
# Checks the indentation of all C files against .clang-format; --fix applies it.
set -eu
cd "$(dirname "$0")/.."
# Other versions than 14 indent otherwise: without it the check is skipped.
for formatter in "${CLANG_FORMAT:-clang-format-14}" clang-format; do
  "$formatter" --version 2>/dev/null | grep -q 'version 14\.' && break
  formatter=
done
if [ -z "$formatter" ]; then
  echo "clang-format 14 is missing"
  exit 77
fi
files=$(find src plugin examples tests -name '*.[ch]')
if [ "${1-}" = --fix ]; then
  # shellcheck disable=SC2086
  exec "$formatter" -i $files
fi
# shellcheck disable=SC2086
exec "$formatter" --dry-run --Werror $files
