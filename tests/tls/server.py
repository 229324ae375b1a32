#!/usr/bin/env python3
# server.py: a server on loopback that takes up TLS sessions again, which GIO's
# does not. Prints its port, then a line for each request, which it answers with
# 201.
#
#     tests/tls/server.py tests/tls/server.pem
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import http.server
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        print("request", flush=True)
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
# A thread for each: a client that does not care to speak keeps nobody waiting.
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True,
                                    do_handshake_on_connect=False)
print(server.server_port, flush=True)
server.serve_forever()
