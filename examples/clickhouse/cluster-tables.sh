#!/bin/sh
# Makes the tables and views of a cluster that cluster.sh runs.
#
# usage: cluster-tables.sh PORT
#   PORT  that of cluster.sh
#
# The data base `shard` has on each server what is of that server; `default` has
# what goes over all of them.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

[ $# = 1 ] || {
  echo "usage: cluster-tables.sh PORT" >&2
  exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d "${TMPDIR:-/tmp}/cluster.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

# The same table, with an engine that tells the other servers of its shard.
replicated="ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/media_events', '{replica}')"
sed "s|ReplacingMergeTree()|$replicated|" "$here/events.sql" >"$tmp/events.sql"
echo "CREATE DATABASE shard;" >"$tmp/database.sql"

for offset in 0 10 20 30; do
  server=http://127.0.0.1:$(($1 + offset))/
  "$here/apply.sh" "$server" "$tmp/database.sql"
  "$here/apply.sh" "$server?database=shard" \
    "$tmp/events.sql" "$here/sessions.sql" "$here/states.sql"
  "$here/apply.sh" "$server" "$here/cluster.sql" "$here/viewings.sql"
done
