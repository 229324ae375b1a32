#!/bin/sh
# Checks the indentation of all C files against .clang-format; --fix applies it.
set -eu
cd "$(dirname "$0")/.."
formatter=${CLANG_FORMAT:-clang-format}
command -v "$formatter" >/dev/null || formatter=clang-format-14
files=$(git ls-files -co --exclude-standard '*.c' '*.h')
if [ "${1-}" = --fix ]; then
  # shellcheck disable=SC2086
  exec "$formatter" -i $files
fi
# shellcheck disable=SC2086
exec "$formatter" --dry-run --Werror $files
