#!/bin/sh
# make.sh: makes the certificates of tests/src/http/test-transport-tls.c anew, in
# this folder: a CA of nobody's, and servers that it vouches for. Their keys
# protect nothing. Needs openssl; the tests do not.
#
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/index"
cat >"$work/config" <<EOF
[ca]
default_ca = test
[test]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = CA:FALSE
subjectAltName = \${ENV::NAME}
EOF

new_request () {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
      -keyout "$work/$1.key" -subj "/CN=$2" -out "$work/$1.csr" 2>/dev/null
}

# FILE COMMON-NAME ALTERNATIVE-NAME LAST-DAY
make_server () {
  new_request "$1" "$2"
  NAME=$3 openssl ca -batch -notext -config "$work/config" -extensions server \
      -cert ca.pem -keyfile "$work/ca.key" -in "$work/$1.csr" \
      -startdate 20000102000000Z -enddate "$4" -out "$work/$1.crt" 2>/dev/null
  cat "$work/$1.key" "$work/$1.crt" >"$1.pem"
}

new_request ca "gst-media-heartbeat's tests"
NAME=none openssl ca -batch -notext -config "$work/config" -selfsign \
    -extensions authority -keyfile "$work/ca.key" -in "$work/ca.csr" \
    -startdate 20000101000000Z -enddate 21000101000000Z \
    -out ca.pem 2>/dev/null
make_server server 127.0.0.1 IP:127.0.0.1 20991231000000Z
make_server other other.example DNS:other.example 20991231000000Z
make_server expired 127.0.0.1 IP:127.0.0.1 20010101000000Z
