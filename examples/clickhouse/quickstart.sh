#!/bin/sh
# Shows protocol=events with a data base of one's own, from a fresh checkout on
# Debian 12: installs what is missing, builds, starts Debian's clickhouse-server
# on loopback in a temporary folder, plays two clips, one of them with a pause
# that closes its session, and shows the rows and the metrics.
#
# usage: quickstart.sh [--keep]
#   --keep  leave the server open at the end, for players and queries of your own
#
# Environment:
#   CLICKHOUSE_PORT  of the server, 18123 if not set; it takes the next two, too
#   BUILD            a build directory; build-quickstart if not set
#
# Exit status: 0 if the viewing of two sessions is in the data base.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

# ---- the data base ----

# query TEXT: what the server answers.
query () {
  curl -sS --fail-with-body "$server" --data-binary "$1" ||
    fail "ClickHouse refuses: $1"
}

start_server () {
  PATH=$PATH:/usr/sbin command -v clickhouse-server >/dev/null ||
    fail "this system has no clickhouse-server (Debian 12 has)"
  say "Starting clickhouse-server on loopback, port $port"
  if curl -s "$server" >/dev/null; then
    fail "port $port is taken: set CLICKHOUSE_PORT"
  fi
  "$here/server.sh" "$tmp/clickhouse" "$port" >"$tmp/server.log" 2>&1 &
  clickhouse=$!
  tries=0
  until curl -s "$server" >/dev/null; do
    tries=$((tries + 1))
    kill -0 "$clickhouse" 2>/dev/null || fail "the server does not start:
$(cat "$tmp/server.log")"
    [ "$tries" -le 300 ] || fail "the server does not get ready"
    sleep 0.1
  done
  echo "ClickHouse $(query 'SELECT version()')"
}

make_tables () {
  say "Making the table and the views: events.sql sessions.sql states.sql viewings.sql"
  "$here/apply.sh" "$server" "$here/events.sql" "$here/sessions.sql" \
    "$here/states.sql" "$here/viewings.sql" || fail "the tables are not made"
}

# ---- playing ----

# play NAME OPTION...: in the background. The player's number is in $!.
play () {
  name=$1
  shift
  timeout -k 2 40 "$build/examples/mediaheartbeat-player" --fake \
    --set protocol=events --set "collection-server=$insert" \
    --set media-id="$name" --set player-name=quickstart \
    --set app-version=1.0 --set ping-interval=2 "$@" \
    "$tmp/clip.ogg" </dev/null >"$tmp/$name.log" 2>&1 &
}

finish () {
  wait "$1" || {
    cat "$tmp"/*.log >&2
    fail "a player has failed"
  }
}

play_clips () {
  say "Playing two clips. \"news\" plays through. \"film\" pauses at 3 s, on at 8 s: its
== session may be idle for 3 s, so it ends in the pause, and another one resumes it"
  play news
  news=$!
  play film --set idle-timeout=3 --script 3:pause,8:play
  film=$!
  finish "$news"
  finish "$film"
  news='' film=''
}

# ---- showing ----

show () {
  query "$1
FORMAT PrettyCompactNoEscapes"
}

# The first line of a query's file says what it tells.
show_file () {
  printf '\n-- queries/%s\n%s\n' "$(basename "$1")" "$(sed -n '1s/^-- //p' "$1")"
  show "$(sed 's/;$//' "$1")"
}

show_rows () {
  say "The rows of \"film\""
  show "SELECT substring(toString(session), 1, 8) AS begins, seq, type,
  round(playhead, 2) AS playhead, resume, bitrate, time_to_start
FROM media_events FINAL
WHERE session IN (
  SELECT session FROM media_events WHERE content_id = 'film')
ORDER BY ts"
}

show_metrics () {
  say "The metrics of all sessions"
  show "SELECT content_id, content_resumes AS resumes,
  content_completes AS complete, round(content_time, 2) AS content_s,
  pause_count AS pauses, round(pause_time, 2) AS pause_s, stall_count AS stalls,
  time_to_start AS start_ms, round(unique_time, 2) AS unique_s, progress_50
FROM media_sessions ORDER BY first_ts"
  say "Queries that people ask for"
  for name in "$here"/queries/*.sql; do
    show_file "$name"
  done
}

check () {
  viewings=$(query "SELECT count() FROM media_viewings
WHERE content_id = 'film' AND sessions = 2 AND content_completes")
  [ "$viewings" = 1 ] || {
    cat "$tmp/film.log" >&2
    fail "there is no viewing of two sessions"
  }
  say "Done: the two sessions of \"film\" are one viewing that was completed"
}

keep () {
  say "The server goes on until Ctrl-C. For your own players and queries:
export GST_PLUGIN_PATH='$build/plugin'
gst-launch-1.0 -m playbin uri='$(clip_uri)' \\
  audio-filter='mediaheartbeat protocol=events collection-server=\"$insert\"'
curl '$server' -d 'SELECT * FROM media_sessions FORMAT Vertical'"
  wait "$clickhouse" || fail "the server has ended"
}

processes () {
  echo "$news" "$film" "$clickhouse"
}

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build-quickstart}
case $build in /*) ;; *) build=$PWD/$build ;; esac
port=${CLICKHOUSE_PORT:-18123}
server=http://127.0.0.1:$port/
insert="$server?query=INSERT%20INTO%20media_events%20FORMAT%20JSONEachRow"
insert="$insert&input_format_skip_unknown_fields=1"
news='' film='' clickhouse=''
. "$root/examples/quickstart-common.sh"
read_options "$@"

install_packages build run clickhouse
build
make_clip
start_server
make_tables
play_clips
show_rows
show_metrics
check
if $keep; then
  keep
fi
