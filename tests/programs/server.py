# server: a back end that can be told to say nothing.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 60  # seconds


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        owner = self.server.owner
        if not owner.is_answered(self.path):
            self.close_connection = True
            return
        location = owner.take(self.path, json.loads(body))
        self.send_response(201 if location else 204)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """Players leave as they like."""


class Server:
    """`events`: of each media ID, in the order in which they have come."""

    def __init__(self):
        self.silent = False
        self.closed = False
        self.unanswered = 0
        self.batches = 0
        self.events = {}
        self.media = {}
        self.changed = threading.Condition()
        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.http.owner = self
        self.uri = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True,
                         kwargs={"poll_interval": 0.05}).start()

    def is_answered(self, path):
        """Holds up whoever asks while it is silent: he hears nothing."""
        with self.changed:
            if not self.silent:
                return True
            self.unanswered += 1
            self.changed.notify_all()
            self.changed.wait_for(lambda: not self.silent or self.closed)
            return False

    def take(self, path, body):
        """Returns the Location of a new session."""
        with self.changed:
            if path.endswith("/downloaded"):
                self.batches += 1
                for event in body:
                    self.add(body[0]["params"]["media.id"], event)
                return None
            if path.endswith("/sessions"):
                key = f"s{len(self.media)}"
                self.media[key] = body["params"]["media.id"]
                self.add(self.media[key], body)
                return f"/api/v1/sessions/{key}"
            self.add(self.media[path.split("/")[-2]], body)
            return None

    def add(self, media, event):
        self.events.setdefault(media, []).append(event)
        self.changed.notify_all()

    def wait_unanswered(self):
        with self.changed:
            return self.changed.wait_for(lambda: self.unanswered > 0, PATIENCE)

    def wait_for(self, media, kind):
        """Returns whether it has come."""
        with self.changed:
            return self.changed.wait_for(
                lambda: any(event["eventType"] == kind
                            for event in self.events.get(media, [])), PATIENCE)

    def be_silent(self, silent):
        with self.changed:
            self.silent = silent
            self.unanswered = 0
            self.changed.notify_all()

    def types(self, media):
        with self.changed:
            return [event["eventType"] for event in self.events.get(media, [])]

    def times(self, media):
        with self.changed:
            return [event["playerTime"]["ts"]
                    for event in self.events.get(media, [])]

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self.http.shutdown()
        self.http.server_close()
