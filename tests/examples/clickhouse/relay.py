#!/usr/bin/env python3
# relay: between players and ClickHouse. It notes each request, can lose answers,
# and answers as a current ClickHouse does.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# ClickHouse 18.16 answers 500 for everything. A current one answers 400 where it
# cannot parse a row: the codes of CANNOT_PARSE_INPUT_ASSERTION_FAILED and such.
CANNOT_PARSE = (b"Code: 27,", b"Code: 26,", b"Code: 33,", b"Code: 117,")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        relay = self.server.relay
        request = Request(body)
        relay.begin()
        try:
            request.status, answer = relay.pass_on(self.path, body)
        except (OSError, http.client.HTTPException):
            request.status, answer = None, b""
        if request.status == 500 and answer.startswith(CANNOT_PARSE):
            request.status = 400
        if relay.note(request):
            self.close_connection = True
            return
        self.send_response(request.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


class Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """Players leave as they like."""


class Request:
    """`rows` as they came; `status`, None where ClickHouse was away; whether the
    answer was lost."""

    def __init__(self, body):
        self.rows = [json.loads(line) for line in body.splitlines()]
        self.status = None
        self.is_lost = False

    @property
    def ids(self):
        return {row["id"] for row in self.rows}


class Relay:
    """Before one server, or several, as a load balancer: a request that one of them
    does not take goes to the next."""

    def __init__(self, *ports):
        self.ports = ports
        self.lose = set()
        self.requests = []
        self.passed = []  # why the next one was asked
        self.n_under_way = 0
        self.changed = threading.Condition()
        self.http = Http(("127.0.0.1", 0), Handler)
        self.http.relay = self
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/"
        threading.Thread(target=self.http.serve_forever, daemon=True,
                         kwargs={"poll_interval": 0.05}).start()

    def pass_on(self, path, body):
        for port in self.ports:
            is_last = port == self.ports[-1]
            try:
                status, answer = self.ask(port, path, body)
            except (OSError, http.client.HTTPException):
                if is_last:
                    raise
                continue
            if status < 500 or is_last:
                return status, answer
            self.passed.append(answer)

    @staticmethod
    def ask(port, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("POST", path, body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def begin(self):
        with self.changed:
            self.n_under_way += 1

    def wait_for_rest(self, seconds=60):
        """What players have sent and left may still be under way."""
        with self.changed:
            return self.changed.wait_for(lambda: self.n_under_way == 0, seconds)

    def note(self, request):
        """Whether the player is to hear nothing. The answers to the first request
        and to the third of a session in `lose` are lost."""
        session = request.rows[0]["session"]
        with self.changed:
            if request.rows[0].get("content_id") in self.lose:
                self.lose.add(session)
            before = sum(1 for other in self.requests
                         if other.rows[0]["session"] == session)
            request.is_lost = session in self.lose and before in (0, 2)
            self.requests.append(request)
            self.n_under_way -= 1
            self.changed.notify_all()
        return request.is_lost or request.status is None

    def wait_for(self, happens, seconds=60):
        """`happens` is asked with the requests, after each."""
        with self.changed:
            return self.changed.wait_for(lambda: happens(self.requests),
                                         seconds)

    def stop(self):
        self.http.shutdown()
        self.http.server_close()
