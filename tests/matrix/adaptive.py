# adaptive: HLS and DASH, made on the spot, and the server that they come from.
#
# A presentation is the first folder of a path, KIND-LENGTH-VARIANTS:
#
#   KIND      hls or dash
#   LENGTH    seconds, or `live`: by the clock, from when the server started
#   VARIANTS  low or high; both; long: segments of six seconds
#
# Playlists and manifests are written as they are asked for. From a segment on,
# whatever its variant, the server may be slow, fall silent until go(), or say
# that there is none.
#
# May touch: the media directory.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import fcntl
import re
import shutil
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from media import launch

# Seconds: of a segment, of all there is, of a live window.
SEGMENT = 2
LONG_SEGMENT = 6
LENGTH = 60
WINDOW = 12
BLOCK = 2048

# What manifests say of it, and what the encoder is told of the pictures.
BANDWIDTHS = {"low": 200000, "high": 1800000, "long": 200000}
ENCODED = {"low": 60000, "high": 1800000, "long": 60000}
SIZES = {"low": (64, 48), "high": (320, 240), "long": (64, 48)}
SOUND_BANDWIDTH = 36000

SOUND = (f"audiotestsrc num-buffers={LENGTH * 100} samplesperbuffer=441 "
         "! audio/x-raw,rate=44100,channels=1 ! voaacenc bitrate=32000 "
         "! aacparse")
PICTURE = (f"videotestsrc pattern=snow num-buffers={LENGTH * 10} "
           "! video/x-raw,width={width},height={height},framerate=10/1 "
           "! openh264enc bitrate={bitrate} rate-control=bitrate "
           "gop-size={gop} scene-change-detection=false ! h264parse")
HLS = (f"{PICTURE} ! queue ! hlssink2 name=sink target-duration={{segment}} "
       "playlist-length=0 max-files=0 location={directory}/%d.ts "
       "playlist-location={directory}/playlist.m3u8 "
       f"{SOUND} ! queue ! sink.audio")
FRAGMENTS = (f"mp4mux fragment-duration={SEGMENT * 1000} streamable=true "
             "! filesink location={directory}/file.mp4")
DASH_PICTURE = f"{PICTURE} ! video/x-h264,stream-format=avc ! {FRAGMENTS}"
DASH_SOUND = f"{SOUND} ! {FRAGMENTS}"


# ---- making ----


def split_fragments(directory):
    """file.mp4 → init.mp4, 0.m4s, 1.m4s, …"""
    data = (directory / "file.mp4").read_bytes()
    init, fragments, at = b"", [], 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        box, at = data[at:at + size], at + size
        if kind in (b"ftyp", b"moov"):
            init += box
        elif kind == b"moof":
            fragments.append(box)
        elif kind == b"mdat":
            fragments[-1] += box
    (directory / "init.mp4").write_bytes(init)
    for n, fragment in enumerate(fragments):
        (directory / f"{n}.m4s").write_bytes(fragment)
    (directory / "file.mp4").unlink()


def make_one(directory, recipe, variant):
    width, height = SIZES.get(variant, (0, 0))
    segment = LONG_SEGMENT if variant == "long" else SEGMENT
    partial = directory.with_name(directory.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    launch(recipe.format(
        directory=partial, width=width, height=height, gop=segment * 10,
        segment=segment, bitrate=ENCODED.get(variant)))
    if (partial / "file.mp4").exists():
        split_fragments(partial)
    partial.rename(directory)


def make(top):
    """All there is; not twice at a time."""
    recipes = {**{f"hls/{variant}": HLS for variant in BANDWIDTHS},
               "dash/low": DASH_PICTURE, "dash/high": DASH_PICTURE,
               "dash/sound": DASH_SOUND}
    top.mkdir(parents=True, exist_ok=True)
    with open(top / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name, recipe in recipes.items():
            if not (top / name).exists():
                make_one(top / name, recipe, name.split("/")[1])


# ---- serving ----


class Presentation:
    """What is asked for: see above."""

    def __init__(self, name, begun):
        self.kind, length, self.variants = name.split("-")
        self.live = length == "live"
        self.length = LENGTH if self.live else int(length)
        self.segment = LONG_SEGMENT if self.variants == "long" else SEGMENT
        self.begun = begun

    def names(self):
        return ["low", "high"] if self.variants == "both" else [self.variants]

    def range(self):
        """First segment, and the one after the last."""
        if not self.live:
            return 0, self.length // self.segment
        last = int((time.time() - self.begun + WINDOW) // self.segment)
        return last - WINDOW // self.segment, last

    def write(self, name):
        """(content, type), or None."""
        if name == "master.m3u8":
            return self.write_master(), "application/vnd.apple.mpegurl"
        if name.endswith(".m3u8"):
            return (self.write_playlist(name.removesuffix(".m3u8")),
                    "application/vnd.apple.mpegurl")
        if name == "manifest.mpd":
            return self.write_manifest(), "application/dash+xml"
        return None

    def write_master(self):
        lines = ["#EXTM3U"]
        for name in self.names():
            lines += [f"#EXT-X-STREAM-INF:BANDWIDTH={BANDWIDTHS[name]},"
                      "RESOLUTION={}x{},".format(*SIZES[name]) +
                      'CODECS="avc1.42c00d,mp4a.40.2"', f"{name}.m3u8"]
        return "\n".join(lines) + "\n"

    def write_playlist(self, variant):
        first, last = self.range()
        lines = ["#EXTM3U", "#EXT-X-VERSION:3",
                 f"#EXT-X-TARGETDURATION:{self.segment}",
                 f"#EXT-X-MEDIA-SEQUENCE:{first}"]
        for n in range(first, last):
            lines += [f"#EXTINF:{self.segment}.0,", f"{variant}/{n}.ts"]
        return "\n".join(lines + ["#EXT-X-ENDLIST"] * (not self.live)) + "\n"

    def write_manifest(self):
        begun = time.strftime("%Y-%m-%dT%H:%M:%SZ",
                              time.gmtime(self.begun - WINDOW))
        what = (f'type="dynamic" availabilityStartTime="{begun}" '
                f'minimumUpdatePeriod="PT{SEGMENT}S" '
                f'timeShiftBufferDepth="PT{WINDOW}S" '
                f'suggestedPresentationDelay="PT{2 * SEGMENT}S"'
                if self.live else
                f'type="static" mediaPresentationDuration="PT{self.length}S"')
        template = (f'<SegmentTemplate timescale="1000" duration='
                    f'"{SEGMENT * 1000}" startNumber="0" initialization='
                    '"$RepresentationID$/init.mp4" '
                    'media="$RepresentationID$/$Number$.m4s"/>')
        pictures = "".join(
            f'<Representation id="{name}" codecs="avc1.42c00d" '
            f'bandwidth="{BANDWIDTHS[name]}" width="{SIZES[name][0]}" '
            f'height="{SIZES[name][1]}" frameRate="10"/>'
            for name in self.names())
        return (
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" '
            f'profiles="urn:mpeg:dash:profile:isoff-live:2011" {what} '
            f'minBufferTime="PT{SEGMENT}S"><Period id="0" start="PT0S">'
            '<AdaptationSet mimeType="video/mp4" segmentAlignment="true" '
            f'startWithSAP="1">{template}{pictures}</AdaptationSet>'
            '<AdaptationSet mimeType="audio/mp4" segmentAlignment="true" '
            f'startWithSAP="1">{template}<Representation id="sound" '
            f'codecs="mp4a.40.2" bandwidth="{SOUND_BANDWIDTH}" '
            'audioSamplingRate="44100"/></AdaptationSet></Period></MPD>')


class Cut(Exception):
    pass


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle(self):
        """Demuxers drop connections in mid-request."""
        try:
            super().handle()
        except OSError:
            pass

    def find(self):
        """(bytes, type, number of the segment or -1), or None."""
        owner = self.server.owner
        match = re.fullmatch(r"/((hls|dash)-\w+-\w+)/(.+)", self.path)
        if not match:
            return None
        presentation = Presentation(match.group(1), owner.begun)
        written = presentation.write(match.group(3))
        if written:
            return written[0].encode(), written[1], -1
        path = owner.directory / match.group(2) / match.group(3)
        number = int(path.stem) if path.stem.isdigit() else -1
        if not path.is_file() or number >= min(presentation.range()[1],
                                               owner.gone):
            return None
        return path.read_bytes(), "application/octet-stream", number

    def do_GET(self):
        found = self.find()
        if not found:
            self.send_error(404)
            return
        data, kind, number = found
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            for first in range(0, len(data), BLOCK):
                block = data[first:first + BLOCK]
                self.server.owner.may_send(len(block), number)
                self.wfile.write(block)
        except (OSError, Cut):
            self.close_connection = True


class SegmentServer:
    """From which segment on it is silent (hang), has none (gone), or sends so
    many bytes a second (slow, rate)."""

    NEVER = 10 ** 6

    def __init__(self, directory, hang=NEVER, gone=NEVER, slow=NEVER, rate=0):
        self.directory = directory
        self.hang = hang
        self.gone = gone
        self.slow = slow
        self.rate = rate
        self.begun = int(time.time())  # manifests know no less
        self.closed = False
        self.changed = threading.Condition()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.owner = self
        threading.Thread(target=self.http.serve_forever, daemon=True,
                         kwargs={"poll_interval": 0.05}).start()

    def uri(self, name):
        kind = name.split("-")[0]
        return (f"http://127.0.0.1:{self.http.server_address[1]}/{name}/" +
                {"hls": "master.m3u8", "dash": "manifest.mpd"}[kind])

    def may_send(self, length, number):
        """Waits until a segment's next bytes may be sent."""
        with self.changed:
            if number >= self.slow:
                self.changed.wait_for(lambda: self.closed, length / self.rate)
            self.changed.wait_for(
                lambda: self.closed or number < self.hang)
            if self.closed:
                raise Cut

    def go(self, gone=NEVER):
        """From now on it sends what it is asked for, up to gone."""
        with self.changed:
            self.gone = gone
            self.hang = self.slow = self.NEVER
            self.changed.notify_all()

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self.http.shutdown()
        self.http.server_close()
