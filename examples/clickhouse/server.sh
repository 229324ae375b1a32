#!/bin/sh
# Runs Debian's clickhouse-server on loopback, with everything it writes in a
# folder of its own. It stays in the foreground until it is ended by a signal.
#
# usage: server.sh FOLDER PORT
#   FOLDER  gets config.xml, users.xml, data and logs. What is there stays.
#           FOLDER/config.d/*.xml is read as well (cluster.sh writes into it).
#   PORT    of HTTP; PORT+1 is for clickhouse's own protocol, PORT+2 for
#           replicas.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

[ $# = 2 ] || {
  echo "usage: server.sh FOLDER PORT" >&2
  exit 2
}
program=$(PATH=$PATH:/usr/sbin command -v clickhouse-server) || {
  echo "server.sh: clickhouse-server is missing" >&2
  exit 1
}
umask 077
mkdir -p "$1/config.d"
folder=$(cd "$1" && pwd)
port=$2

cat >"$folder/config.xml" <<END
<yandex>
  <logger>
    <level>warning</level>
    <log>$folder/server.log</log>
    <errorlog>$folder/errors.log</errorlog>
  </logger>
  <listen_host>127.0.0.1</listen_host>
  <http_port>$port</http_port>
  <tcp_port>$((port + 1))</tcp_port>
  <interserver_http_port>$((port + 2))</interserver_http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <path>$folder/data/</path>
  <tmp_path>$folder/data/tmp/</tmp_path>
  <user_files_path>$folder/data/user_files/</user_files_path>
  <users_config>$folder/users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <timezone>UTC</timezone>
  <mark_cache_size>67108864</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <keep_alive_timeout>3</keep_alive_timeout>
</yandex>
END

# Whoever reaches the port on this machine may do everything: this is for trying
# only. A server for others has a password, and the players send it in the
# property authorization.
cat >"$folder/users.xml" <<END
<yandex>
  <profiles><default></default></profiles>
  <quotas><default></default></quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </default>
  </users>
</yandex>
END

exec "$program" --config-file "$folder/config.xml"
