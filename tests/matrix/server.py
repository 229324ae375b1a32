# server: an HTTP server on loopback whose connections are as bad as told.
#
# It serves a directory, with ranges. Each body may be throttled, held up after
# so many bytes of the file until go(), or cut there.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BLOCK = 2048
FAST_BLOCK = 65536  # where nothing is throttled


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def find_range(self, size):
        match = re.fullmatch(r"bytes=(\d+)-(\d*)",
                             self.headers.get("Range", ""))
        if not match or not self.server.owner.ranges or \
                self.server.owner.lies:
            return 0, size, False
        first = int(match.group(1))
        last = int(match.group(2)) + 1 if match.group(2) else size
        return first, min(last, size), True

    def do_HEAD(self):
        self.do_GET(body=False)

    def do_GET(self, body=True):
        owner = self.server.owner
        path = owner.directory / self.path.split("?")[0].lstrip("/")
        if not path.is_file() or owner.refusing:
            self.send_error(404)
            return
        data = path.read_bytes()
        first, last, partial = self.find_range(len(data))
        if first >= len(data):
            self.send_error(416)
            return
        self.send_response(206 if partial else 200)
        self.send_header("Content-Type", owner.content_type(path))
        self.send_header("Content-Length", str(last - first))
        if owner.ranges:
            self.send_header("Accept-Ranges", "bytes")
        if partial:
            self.send_header("Content-Range",
                             f"bytes {first}-{last - 1}/{len(data)}")
        self.end_headers()
        if body:
            self.send_body(data, first, last)

    def send_body(self, data, first, last):
        owner = self.server.owner
        try:
            while first < last:
                first += owner.may_send(first, last - first, self.wfile, data)
        except (OSError, Cut):
            self.close_connection = True


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Players leave as they like."""


class Cut(Exception):
    pass


class Server:
    """rate: bytes a second; hang: after how many bytes of the file bodies are
    held up until go() or cut(); lies: it says that it has ranges, and answers
    with the whole."""

    TYPES = {".ogg": "application/ogg", ".webm": "video/webm",
             ".wav": "audio/x-wav", ".mkv": "video/x-matroska"}

    def __init__(self, directory, rate=0, hang=None, ranges=True,
                 lies=False):
        self.directory = directory
        self.rate = rate
        self.hang = hang
        self.ranges = ranges
        self.lies = lies
        self.refusing = False
        self.closed = False
        self.hanging = 0
        self.changed = threading.Condition()
        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.http.owner = self
        threading.Thread(target=self.http.serve_forever, daemon=True,
                         kwargs={"poll_interval": 0.05}).start()

    def content_type(self, path):
        return self.TYPES.get(path.suffix, "application/octet-stream")

    def uri(self, name):
        kind, seconds = name.split("-")
        return (f"http://127.0.0.1:{self.http.server_address[1]}"
                f"/{seconds}.{kind}")

    def may_send(self, first, length, connection, data):
        """Sends some of data from first on; returns how much."""
        length = min(length, BLOCK if self.rate else FAST_BLOCK)
        with self.changed:
            if self.rate:
                # What the rate asks for; interrupted by close().
                self.changed.wait_for(lambda: self.closed, length / self.rate)
            while (not self.closed and self.hang is not None and
                   first >= self.hang):
                self.hanging += 1
                self.changed.notify_all()
                self.changed.wait()
            if self.closed or self.refusing:
                raise Cut
            if self.hang is not None:
                length = min(length, self.hang - first)
        connection.write(data[first:first + length])
        connection.flush()
        return length

    def wait_hanging(self, patience=60):
        """Until somebody is held up."""
        with self.changed:
            return self.changed.wait_for(lambda: self.hanging > 0, patience)

    def go(self, hang=None, rate=None):
        """Goes on, up to hang, or to the end."""
        with self.changed:
            self.hang = hang
            if rate is not None:
                self.rate = rate
            self.hanging = 0
            self.changed.notify_all()

    def cut(self):
        """All connections end, and whoever comes after that is refused."""
        with self.changed:
            self.refusing = True
            self.hang = None
            self.changed.notify_all()

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self.http.shutdown()
        self.http.server_close()
