#!/bin/sh
# Runs a cluster on loopback: two shards of two replicas each, four of Debian's
# clickhouse-server, and Debian's zookeeper. It stays in the foreground until it is
# ended by a signal.
#
# usage: cluster.sh FOLDER PORT
#   FOLDER  gets a folder for each server. The ID of each process is in
#           FOLDER/NAME.pid; NAME is zookeeper, or as s1r2: shard 1, replica 2.
#   PORT    PORT is s1r1, PORT+10 s1r2, PORT+20 s2r1, PORT+30 s2r2; each takes the
#           next two as well. PORT+40 is zookeeper.
#
#        cluster.sh --start NAME FOLDER PORT
#           runs one of them again, in the foreground.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

usage () {
  echo "usage: cluster.sh [--start NAME] FOLDER PORT" >&2
  exit 2
}

only='' pids=''
if [ "${1-}" = --start ]; then
  only=${2-}
  [ -n "$only" ] || usage
  shift 2
fi
[ $# = 2 ] || usage
here=$(cd "$(dirname "$0")" && pwd)
umask 077
mkdir -p "$1"
folder=$(cd "$1" && pwd)
port=$2

port_of () {
  case $1 in
    s1r1) echo "$port" ;;
    s1r2) echo $((port + 10)) ;;
    s2r1) echo $((port + 20)) ;;
    s2r2) echo $((port + 30)) ;;
    zookeeper) echo $((port + 40)) ;;
    *) usage ;;
  esac
}

replica () {
  echo "<replica><host>127.0.0.1</host><port>$(($(port_of "$1") + 1))</port></replica>"
}

# internal_replication: the Distributed table writes to one replica of a shard, and
# that one tells the other.
# insert_distributed_sync: a server answers when the shards have the rows. Without it
# the server keeps them in files and sends them later, and ClickHouse before 21.2
# sets such a file aside for ever when the other server ends while it is being sent.
configure () {
  shard=${1%r?}
  mkdir -p "$folder/$1/config.d" "$folder/$1/users.d"
  cat >"$folder/$1/users.d/cluster.xml" <<END
<yandex>
  <profiles><default>
    <insert_distributed_sync>1</insert_distributed_sync>
  </default></profiles>
</yandex>
END
  cat >"$folder/$1/config.d/cluster.xml" <<END
<yandex>
  <remote_servers>
    <media>
      <shard>
        <internal_replication>true</internal_replication>
        $(replica s1r1) $(replica s1r2)
      </shard>
      <shard>
        <internal_replication>true</internal_replication>
        $(replica s2r1) $(replica s2r2)
      </shard>
    </media>
  </remote_servers>
  <zookeeper>
    <node><host>127.0.0.1</host><port>$(port_of zookeeper)</port></node>
    <session_timeout_ms>6000</session_timeout_ms>
  </zookeeper>
  <macros><shard>$shard</shard><replica>$1</replica></macros>
</yandex>
END
}

run_zookeeper () {
  mkdir -p "$folder/zookeeper"
  cat >"$folder/zookeeper/zoo.cfg" <<END
tickTime=500
dataDir=$folder/zookeeper
clientPort=$(port_of zookeeper)
clientPortAddress=127.0.0.1
admin.enableServer=false
END
  exec java -Xmx256m -cp /usr/share/java/zookeeper.jar \
    org.apache.zookeeper.server.quorum.QuorumPeerMain \
    "$folder/zookeeper/zoo.cfg"
}

run () {
  if [ "$1" = zookeeper ]; then
    run_zookeeper
  fi
  configure "$1"
  exec "$here/server.sh" "$folder/$1" "$(port_of "$1")"
}

start () {
  (run "$1" >"$folder/$1.log" 2>&1) &
  pids="$pids $!"
  echo $! >"$folder/$1.pid"
}

clean_up () {
  status=$?
  trap - EXIT
  trap '' HUP INT TERM
  for pid in $pids; do
    kill "$pid" 2>/dev/null || :
  done
  wait
  exit "$status"
}

if [ -n "$only" ]; then
  echo $$ >"$folder/$only.pid"
  run "$only"
fi
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
for name in zookeeper s1r1 s1r2 s2r1 s2r2; do
  start "$name"
done
wait
