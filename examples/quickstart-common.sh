# What the two programs quickstart.sh share; they read it with “.”.
#
# Before that, they set root, the folder of the sources, and build, a build
# directory; afterwards there is a folder tmp, which goes at the end. They have a
# function processes, which prints what is to be stopped then, in that order.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh disable=SC2154

say () {
  printf '\n== %s\n' "$*"
}

fail () {
  printf '\nquickstart: %s\n' "$*" >&2
  exit 1
}

# read_options ARGUMENT...: sets keep.
read_options () {
  keep=false
  case ${1-} in
    '') ;;
    --keep) keep=true ;;
    *)
      echo "usage: quickstart.sh [--keep]" >&2
      exit 2
      ;;
  esac
  [ $# -le 1 ] || fail "one option at most"
}

# install_packages GROUP...: those of .ci/packages.
install_packages () {
  if ! command -v dpkg-query >/dev/null; then
    say "This is no Debian: .ci/packages lists what must be there"
    return
  fi
  say "Installing what is missing of the packages"
  "$root/.ci/install" "$@" || fail "packages are missing"
}

build () {
  say "Building in $build"
  [ -f "$build/build.ninja" ] ||
    meson setup "$build" "$root" --buildtype=release \
      -Dtests=false -Dreplay=false >"$tmp/build.log" 2>&1 ||
    fail "meson setup has failed:
$(cat "$tmp/build.log")"
  ninja -C "$build" >"$tmp/build.log" 2>&1 ||
    fail "the build has failed:
$(cat "$tmp/build.log")"
}

# make_clip [ELEMENT... !]: clip.ogg, with ELEMENT in front of the encoder.
make_clip () {
  say "Making a clip of 12 s"
  gst-launch-1.0 -q audiotestsrc wave=ticks samplesperbuffer=4410 \
    num-buffers=120 ! audio/x-raw,rate=44100,channels=2 ! "$@" \
    vorbisenc ! oggmux ! filesink location="$tmp/clip.ogg" ||
    fail "cannot make the clip"
}

# The clip's address, for a command line.
clip_uri () {
  echo "file://$tmp/clip.ogg" | sed 's/ /%20/g'
}

clean_up () {
  status=$?
  trap - EXIT
  trap '' HUP INT TERM
  for process in $(processes); do
    if kill "$process" 2>/dev/null; then
      wait "$process" 2>/dev/null || :
    fi
  done
  rm -rf "$tmp"
  exit "$status"
}

tmp=$(mktemp -d "${TMPDIR:-/tmp}/quickstart.XXXXXX")
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Nothing of this goes through a proxy, nor stays behind.
export GST_PLUGIN_PATH="$build/plugin"
export GST_REGISTRY="$tmp/registry.bin"
export XDG_STATE_HOME="$tmp/state"
export no_proxy=127.0.0.1 NO_PROXY=127.0.0.1
