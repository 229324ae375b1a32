# pages: a web server with the pages that the browser shows, and the media. Each page
# tells it what its player does, and where that is by then.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

HEAD = """<!doctype html><video id="v" muted></video><script>
function tell (what) {
  return fetch ('/told?what=' + what + '&at=' + v.currentTime,
      { method: 'POST', keepalive: true });
}
for (const what of ['playing', 'pause', 'ended', 'error'])
  v.addEventListener (what, () => tell (what));
function later (ms, f) { setTimeout (f, ms); }
function over () { later (500, () => { document.title = 'over'; }); }
"""

PAGES = {
    # A pause in the middle.
    "/video.html": """
v.addEventListener ('playing', () => later (1500, () => {
  v.pause ();
  later (1500, () => v.play ());
}), { once: true });
v.addEventListener ('ended', over);
v.src = 'clip.webm';
v.play ();""",
    # Two rounds, and a part of the third.
    "/loop.html": """
v.addEventListener ('playing',
    () => later (9500, () => { tell ('leaves').then (over); }), { once: true });
v.loop = true;
v.src = 'clip.webm';
v.play ();""",
    # Media Source Extensions.
    "/mse.html": """
const source = new MediaSource ();
source.addEventListener ('sourceopen', async () => {
  const data = await (await fetch ('clip.webm')).arrayBuffer ();
  const buffer = source.addSourceBuffer ('video/webm; codecs="vp8"');
  buffer.addEventListener ('updateend', () => source.endOfStream (),
      { once: true });
  buffer.appendBuffer (data);
}, { once: true });
v.addEventListener ('ended', over);
v.src = URL.createObjectURL (source);
v.play ();""",
}


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args, **options):
        super().__init__(*args, directory=self.folder, **options)

    def log_message(self, format, *args):
        pass

    def do_GET(self):
        page = PAGES.get(self.path)
        if page is not None:
            self.answer((HEAD + page + "</script>").encode(), "text/html")
            return
        try:
            with open(self.translate_path(self.path), "rb") as file:
                self.answer(file.read(), "video/webm")
        except OSError:
            self.send_error(404)

    def answer(self, body, kind):
        """A player that seeks asks for a part."""
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers["Range"] or "")
        first = int(part[1]) if part else 0
        last = min(int(part[2] or len(body)) if part else len(body),
                   len(body) - 1)
        self.send_response(206 if part else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Accept-Ranges", "bytes")
        if part:
            self.send_header("Content-Range",
                             f"bytes {first}-{last}/{len(body)}")
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        try:
            self.wfile.write(body[first:last + 1])
        except OSError:
            """The player has enough."""

    def do_POST(self):
        query = parse_qs(urlparse(self.path).query)
        self.told.append((query["what"][0], float(query["at"][0])))
        self.send_response(204)
        self.end_headers()


class Pages:
    """`told`: what the page's player has done, and where."""

    def __init__(self, folder):
        self.told = []
        handler = type("Handler", (Handler,),
                       {"folder": folder, "told": self.told})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads = True
        self.uri = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
