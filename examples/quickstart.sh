#!/bin/sh
# Shows gst-media-heartbeat at work, from a fresh checkout on Debian: installs
# what is missing, builds, starts a collector and plays a clip with a pause that
# is long enough for its session to be closed, and resumed afterwards.
#
# usage: quickstart.sh [--keep]
#   --keep  leave the collector and its page open at the end, for players of
#           your own
#
# Exit status: 0 if the collector has seen the resume.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

# ---- showing ----

# The collector writes to a file; tail shows it as it grows.
start_collector () {
  say "Starting a collector on loopback"
  : >"$log"
  "$build/examples/collector/mediaheartbeat-collector" \
    --port 0 --port-file "$tmp/port" </dev/null >"$log" 2>&1 &
  collector=$!
  tail -n +1 -f "$log" &
  tail=$!
  tries=0
  until [ -f "$tmp/port" ]; do
    tries=$((tries + 1))
    kill -0 "$collector" 2>/dev/null || fail "the collector does not start"
    [ "$tries" -le 100 ] || fail "the collector does not get ready"
    sleep 0.1
  done
  server=http://127.0.0.1:$(cat "$tmp/port")
}

play () {
  say "Playing: a pause at 3 s, on at 8 s. The session may be idle for 3 s, so it
== ends during the pause; playing on begins one that is flagged RESUME.
== What arrives: time, session, its state, event, playhead"
  timeout -k 2 30 "$build/examples/mediaheartbeat-player" --fake \
    --script 3:pause,8:play --set "collection-server=$server" \
    --set media-id=quickstart --set idle-timeout=3 --set ping-interval=2 \
    --metadata 'a.media.show=Quickstart' \
    "$tmp/clip.ogg" </dev/null >"$tmp/player.log" 2>&1 &
  player=$!
  wait "$player" || {
    player=
    cat "$tmp/player.log" >&2
    fail "the player has failed"
  }
  player=
  # tail looks once a second.
  sleep 1.2
}

check () {
  grep -q 'sessionStart .* RESUME' "$log" || {
    cat "$tmp/player.log" >&2
    fail "the collector has not seen a resume"
  }
  grep -q 'sessionComplete' "$log" || {
    cat "$tmp/player.log" >&2
    fail "the collector has not seen the end"
  }
  say "Done: the collector has seen the session end and the resume"
}

# Where the two sessions can be looked at: after the end only with --keep.
show_page () {
  if $keep; then
    say "The page of the collector shows both as one viewing:
== $server/"
  else
    say "The collector has a page that shows both as one viewing. To look at it:
== examples/quickstart.sh --keep"
  fi
}

keep () {
  say "The collector goes on until Ctrl-C. For your own players:
export GST_PLUGIN_PATH='$build/plugin'
gst-launch-1.0 -m playbin uri='$(clip_uri)' \\
  audio-filter='mediaheartbeat collection-server=$server'"
  wait "$collector" || fail "the collector has ended"
}

# In this order: the player still has something to say to the collector.
processes () {
  echo "$player" "$collector" "$tail"
}

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-quickstart
player='' tail='' collector=''
. "$root/examples/quickstart-common.sh"
read_options "$@"
log=$tmp/collector.log

install_packages build run
build
make_clip taginject tags='title=Quickstart' !
start_collector
play
check
show_page
if $keep; then
  keep
fi
