# rtsp: an RTSP server on loopback: sound on demand, seconds long, that can be
# paused and sought in. RTP goes over the connection itself.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re
import socketserver
import struct
import threading

RATE = 8000
FRAME = 160  # samples of a packet
SSRC = 0x4D484241

SDP = """v=0\r
o=- 1 1 IN IP4 127.0.0.1\r
s=Clip\r
c=IN IP4 127.0.0.1\r
t=0 0\r
a=control:*\r
a=range:npt={range}\r
m=audio 0 RTP/AVP 0\r
a=control:track\r
"""


class Session(socketserver.StreamRequestHandler):
    """One client. It plays in a thread of its own."""

    def setup(self):
        super().setup()
        self.lock = threading.Lock()  # of what is written
        self.changed = threading.Condition()
        self.run = 0  # changes with each PLAY and PAUSE
        self.at = 0.0  # seconds
        self.seq = 0
        self.sent = 0

    def handle(self):
        while line := self.rfile.readline():
            if line[:1] == b"$":  # RTCP of the client
                self.skip_frame(line)
                continue
            if not line.strip():
                continue
            method, uri = line.decode().split()[:2]
            headers = {}
            while (header := self.rfile.readline().decode().strip()):
                name, value = header.split(":", 1)
                headers[name.lower()] = value.strip()
            self.rfile.read(int(headers.get("content-length", 0)))
            getattr(self, "do_" + method, self.do_OPTIONS)(uri, headers)

    def finish(self):
        self.stop()
        super().finish()

    def skip_frame(self, line):
        """Its payload may hold what looks like the end of a line."""
        while len(line) < 4:
            line += self.rfile.read(4 - len(line))
        missing = 4 + struct.unpack(">H", line[2:4])[0] - len(line)
        if missing > 0:
            self.rfile.read(missing)

    def write(self, data):
        try:
            with self.lock:
                self.wfile.write(data)
        except OSError:
            pass

    def answer(self, headers, status="200 OK", body="", **more):
        lines = [f"RTSP/1.0 {status}", f"CSeq: {headers.get('cseq', 0)}"]
        lines += [f"{name.replace('_', '-')}: {value}"
                  for name, value in more.items()]
        if body:
            lines += ["Content-Type: application/sdp",
                      f"Content-Length: {len(body)}"]
        self.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def do_OPTIONS(self, _, headers):
        self.answer(headers, Public="OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, "
                    "TEARDOWN, GET_PARAMETER")

    def do_DESCRIBE(self, uri, headers):
        length = self.server.owner.seconds
        self.answer(headers, Content_Base=uri.rstrip("/") + "/", body=SDP.format(
            range=f"0-{length}" if length else "now-"))

    def do_SETUP(self, _, headers):
        if "interleaved" not in headers.get("transport", ""):
            self.answer(headers, "461 Unsupported transport")
            return
        self.answer(headers, Session="1;timeout=60",
                    Transport="RTP/AVP/TCP;unicast;interleaved=0-1;"
                              f"ssrc={SSRC:08X}")

    def do_PLAY(self, uri, headers):
        self.stop()
        wanted = re.match(r"npt=([\d.]+)", headers.get("range", ""))
        if wanted and self.server.owner.seconds:
            self.at = float(wanted.group(1))
        length = self.server.owner.seconds
        span = f"npt={self.at:.3f}-{length}" if length else "npt=now-"
        self.answer(headers, Session="1", Range=span, RTP_Info=(
            f"url={uri.rstrip('/')}/track;seq={self.seq};"
            f"rtptime={self.stamp()}"))
        threading.Thread(target=self.play, args=(self.run,),
                         daemon=True).start()

    def do_PAUSE(self, _, headers):
        self.stop()
        self.answer(headers, Session="1")

    def do_TEARDOWN(self, _, headers):
        self.stop()
        self.answer(headers, Session="1")

    def do_GET_PARAMETER(self, _, headers):
        self.answer(headers, Session="1")

    def stop(self):
        with self.changed:
            self.run += 1
            self.changed.notify_all()

    def stamp(self):
        return round(self.at * RATE) & 0xFFFFFFFF

    def play(self, run):
        length = self.server.owner.seconds
        while not length or self.at < length:
            self.send(0, struct.pack(">BBHII", 0x80, 0, self.seq & 0xFFFF,
                                     self.stamp(), SSRC) + b"\xff" * FRAME)
            self.seq += 1
            self.sent += 1
            self.at += FRAME / RATE
            with self.changed:
                if self.changed.wait_for(lambda: self.run != run, FRAME / RATE):
                    return
        # SR and BYE.
        self.send(1, struct.pack(">BBHIQIII", 0x80, 200, 6, SSRC, 0,
                                 self.stamp(), self.sent, self.sent * FRAME) +
                  struct.pack(">BBHI", 0x81, 203, 1, SSRC))

    def send(self, channel, data):
        self.write(struct.pack(">BBH", 0x24, channel, len(data)) + data)


class Rtsp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class RtspServer:
    """seconds: how long it is; 0: without end, what happens now."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.rtsp = Rtsp(("127.0.0.1", 0), Session)
        self.rtsp.owner = self
        threading.Thread(target=self.rtsp.serve_forever, daemon=True,
                         kwargs={"poll_interval": 0.05}).start()

    @property
    def uri(self):
        return f"rtsp://127.0.0.1:{self.rtsp.server_address[1]}/clip"

    def close(self):
        self.rtsp.shutdown()
        self.rtsp.server_close()
