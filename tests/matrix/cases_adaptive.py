# cases_adaptive: what must come of HLS and DASH.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import adaptive
from adaptive import BANDWIDTHS, SegmentServer
from cases import case, expect_arrow, pause_and_play
from hosts import HOSTS, SINK, DriverHost
from remote import Remote
from trial import utc_second

# playbin has hlsdemux and dashdemux, playbin3 hlsdemux2 and dashdemux2.
for host in HOSTS:
    if host.name in ("playbin-audio", "playbin-video", "playbin3-audio",
                     "playbin3-video"):
        host.abilities |= {"adaptive"}
    elif host.name in ("gst-play-audio", "gst-play-video", "gst-play3-audio",
                       "traced-gst-play", "traced-gst-play3"):
        host.abilities |= {"adaptive-play"}


class SegmentsHost(DriverHost):
    """hlsdemux, and the element where fragments pass in one go."""

    def start(self, trial, uri, state="playing", **options):
        player = Remote(trial, {
            **self.config, **options,
            "pipeline": self.config["pipeline"].format(uri=uri)})
        player.start(state=state)
        return player


HEARTBEAT = "mediaheartbeat name=heartbeat"
TAIL = (f"h264parse ! {{}} openh264dec ! {SINK} "
        f"demux. ! queue ! aacparse ! faad ! {SINK}")
HOSTS += [
    SegmentsHost("segments-demuxer", "hls-long", "segments", kind="launch",
                 pipeline="souphttpsrc location={uri} ! hlsdemux ! "
                 f"{HEARTBEAT} ! tsdemux name=demux demux. ! queue ! " +
                 TAIL.format("")),
    SegmentsHost("segments-decoder", "hls-long", "segments", kind="launch",
                 pipeline="souphttpsrc location={uri} ! hlsdemux ! "
                 "tsdemux name=demux demux. ! queue ! " +
                 TAIL.format(f"{HEARTBEAT} !")),
]


def serve(trial, name, **options):
    """Returns the URI of that presentation."""
    top = trial.media.directory / "adaptive"
    adaptive.make(top)
    trial.server = SegmentServer(top, **options)
    return trial.server.uri(name)


def play_to_the_end(trial, name):
    trial.begin(serve(trial, name))
    trial.hit("sessionComplete", trial.player.wait_end())
    trial.over()


@case("adaptive")
def hls_eos(trial):
    play_to_the_end(trial, "hls-6-low")


@case("adaptive-play")
def hls_eos_in_play(trial):
    trial.begin(serve(trial, "hls-6-low"))
    trial.player.wait_end()
    trial.hit("sessionComplete", 6)
    trial.over()


@case("adaptive")
def dash_eos(trial):
    play_to_the_end(trial, "dash-6-low")


def play_and_seek(trial, name):
    player = trial.begin(serve(trial, name))
    player.seek(12)
    trial.hit("pauseStart", 12)
    # Paused for buffering in the very moment that the seek is done, playbin3
    # says that it goes on later by what it had played before.
    trial.hit("play", (12, 14))
    player.until(12.8)
    trial.stop()


@case("adaptive")
def hls_seek(trial):
    play_and_seek(trial, "hls-20-low")


@case("adaptive")
def dash_seek(trial):
    play_and_seek(trial, "dash-20-low")


def play_and_pause(trial, name):
    trial.begin(serve(trial, name))
    pause_and_play(trial)


@case("adaptive")
def hls_pause(trial):
    play_and_pause(trial, "hls-20-low")


@case("adaptive")
def dash_pause(trial):
    play_and_pause(trial, "dash-20-low")


def bitrate_of(hit):
    return hit.raw.get("qoeData", {}).get("media.qoe.bitrate")


@case("adaptive-play")
def hls_pause_in_play(trial):
    player = trial.begin(serve(trial, "hls-20-low"))
    at = player.pause()
    trial.hit("pauseStart", at)
    player.play()
    trial.hit("play", at)
    player.until(2.5)
    trial.stop()


@case("adaptive-play")
def hls_arrow_in_play(trial):
    player = trial.begin(serve(trial, "hls-20-low"))
    at = expect_arrow(trial, player.arrow(20, adaptive.SEGMENT))
    shown = player.press("")
    trial.near("position", player.until(0, shown), at, 0.6)
    player.until(at + 0.8)
    trial.stop()


@case("adaptive")
def hls_switch(trial):
    """Down when the server gets slow, and up again when it is not: one session,
    and nothing but that. The demuxer tells when it loads, which is seconds
    before it shows."""
    player = trial.begin(serve(trial, "hls-60-both", slow=5, rate=150000))
    down = trial.hit("bitrateChange")
    trial.near("bitrateChange", down.playhead, player.position(), 1)
    trial.same("bitrate", bitrate_of(down), BANDWIDTHS["low"])
    trial.server.go()
    up = trial.hit("bitrateChange")
    trial.same("bitrate", bitrate_of(up), BANDWIDTHS["high"])
    player.until(up.playhead + 10)
    trial.stop()


# ---- a variant that stops ----


def play_and_hang(trial, name, segment):
    """The server falls silent: a player that heeds BUFFERING pauses."""
    player = trial.begin(serve(trial, name, hang=segment))
    start = trial.hit("bufferStart")
    trial.near("bufferStart", start.playhead, player.position())
    trial.server.go()
    trial.hit("play", start.playhead)
    player.until(start.playhead + 0.8)
    trial.stop()


@case("adaptive")
def hls_hang(trial):
    play_and_hang(trial, "hls-60-low", 5)


@case("adaptive-play")
def hls_hang_in_play(trial):
    play_and_hang(trial, "hls-60-low", 5)


@case("adaptive")
def dash_hang(trial):
    """dashdemux2 does not begin before it has loaded half a minute of it."""
    play_and_hang(trial, "dash-60-low",
                  16 if trial.host.name.startswith("playbin3") else 5)


@case("segments")
def hls_long_segments(trial):
    """Six seconds without data are no stall."""
    trial.properties["stall-threshold"] = 1000
    player = trial.begin(serve(trial, "hls-18-long"))
    trial.hit("sessionComplete", player.wait_end())
    trial.same("stalls", player.count("state", state="stalled"), 0)
    trial.over()


@case("segments")
def hls_long_segments_stall(trial):
    """What comes after that is one."""
    trial.properties["stall-threshold"] = 1000
    player = trial.begin(serve(trial, "hls-18-long", hang=1))
    player.event("state", state="stalled")
    trial.near("position", player.position(), 6, 0.5)
    trial.server.go()
    player.event("state", n=2, state="playing")
    trial.hit("sessionComplete", player.wait_end())
    trial.over()


@case("adaptive")
def hls_stall(trial):
    """One that does not: no hit, but pings on the spot; and it is told."""
    trial.properties["ping-interval"] = 1
    trial.properties["stall-threshold"] = 1000
    player = trial.begin(serve(trial, "hls-60-low", hang=5),
                         buffering="ignore")
    player.event("state", state="stalled")
    at = player.position()
    first = trial.ping(after=trial.collector.hits[-1].ts)
    second = trial.ping(after=first.ts)
    trial.near("ping", second.playhead, first.playhead, 0.05)
    trial.near("ping", second.playhead, at, 0.05)
    trial.server.go()
    player.event("state", n=2, state="playing")
    player.until(at + 1)
    # The position goes on from where the clock is by now; the plugin asks soon.
    player.call("wait", milliseconds=500)
    trial.stop()


@case("adaptive")
def hls_gone(trial):
    """The server has no more of it: an error, and the end when the application
    stops."""
    player = trial.begin(serve(trial, "hls-60-low", hang=5))
    trial.server.go(gone=6)
    player.event("error")
    trial.hit("error")
    trial.stop()


# ---- live ----


def play_live(trial, name, **options):
    trial.properties["ping-interval"] = 1
    uri = serve(trial, name)  # makes the media, the first time
    before = utc_second()
    player = trial.launch(uri, **options)
    start = trial.hit("sessionStart", (before, before + 3))
    trial.same("type", start.raw["params"]["media.contentType"], "live")
    trial.same("length", start.raw["params"]["media.length"], 86400)
    play = trial.hit("play", (before, before + 10))
    trial.hit("play", play.playhead + 1)
    first = trial.ping()
    second = trial.ping(after=first.ts + 5000)
    for ping in (first, second):
        trial.near("ping", ping.playhead, ping.ts / 1000 % 86400)
    before = utc_second()
    player.stop()
    trial.hit("sessionEnd", (before, utc_second()))
    trial.over()


@case("adaptive")
def hls_live(trial):
    play_live(trial, "hls-live-low")


@case("adaptive")
def dash_live(trial):
    """dashdemux2 of GStreamer 1.22 says that it buffers until it has half a
    minute, which takes as long."""
    ignores = trial.host.name.startswith("playbin3")
    play_live(trial, "dash-live-low",
              **{"buffering": "ignore"} if ignores else {})


@case("adaptive")
def dash_switch(trial):
    """Up, as soon as the demuxer knows how fast the server is, and down when
    that gets slow; bitrates are what the tags say."""
    player = trial.begin(serve(trial, "dash-60-both", slow=5, rate=150000))
    up = trial.hit("bitrateChange")
    trial.near("bitrate", bitrate_of(up), (1500000, 2000000))
    down = trial.hit("bitrateChange")
    trial.near("bitrate", bitrate_of(down), (60000, 300000))
    player.until(down.playhead + 4)
    trial.stop()
