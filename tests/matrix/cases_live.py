# cases_live: what must come of media that happens now.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from cases import case
from hosts import HOSTS, LIVE
from rtsp import RtspServer
from trial import utc_second

# playbin3 of GStreamer 1.22 does not come to the end of a source that was sought
# in, nor down from there: rtspsrc waits for its own streaming thread.
for host in HOSTS:
    if host.name == "playbin-sound":
        host.abilities |= {"rtsp", "rtsp-seek"}
    elif host.name == "playbin3-sound":
        host.abilities |= {"rtsp"}


def begin(trial):
    before = utc_second()
    trial.launch(LIVE)
    trial.hit("sessionStart", (before, before + 1))
    play = trial.hit("play", (before, before + 1))
    trial.hit("play", play.playhead + 1)
    return trial.player


@case("live")
def live(trial):
    """The playhead is the second of the day."""
    trial.properties["ping-interval"] = 1
    player = begin(trial)
    first = trial.ping()
    second = trial.ping(after=first.ts)
    trial.near("ping", second.playhead, first.ts / 1000 % 86400 + 1)
    before = utc_second()
    player.stop()
    trial.hit("sessionEnd", (before, utc_second()))
    trial.over()


@case("live pause")
def live_pause(trial):
    player = begin(trial)
    before = utc_second()
    player.pause()
    trial.hit("pauseStart", (before, utc_second()))
    before = utc_second()
    player.play()
    play = trial.hit("play", (before, before + 2))
    player.call("until", position=play.playhead - before)
    before = utc_second()
    player.stop()
    trial.hit("sessionEnd", (before, utc_second()))
    trial.over()


def serve_rtsp(trial, seconds):
    trial.server = RtspServer(seconds)
    return trial.server.uri


@case("rtsp-seek")
def rtsp_on_demand(trial):
    """A server says how long it is: the source is live, the media is not."""
    player = trial.launch(serve_rtsp(trial, 8))
    start = trial.hit("sessionStart", 0)
    trial.same("type", start.raw["params"]["media.contentType"], "vod")
    trial.same("length", start.raw["params"]["media.length"], 8)
    trial.hit("play", 0)
    # Nothing is heard before the source's latency (2 s) is over.
    trial.hit("play", (0, 1))
    player.until(1.5)
    at = player.pause()
    trial.hit("pauseStart", at)
    player.play()
    trial.hit("play", (at, at + 0.5))
    player.until(at + 0.8)
    player.seek(6)
    trial.hit("pauseStart", 6)
    trial.hit("play", 6)
    player.wait_end()
    trial.hit("sessionComplete", 8)
    trial.over()


@case("rtsp")
def rtsp_live(trial):
    """The same server with what happens now."""
    before = utc_second()
    player = trial.launch(serve_rtsp(trial, 0))
    start = trial.hit("sessionStart", (before, before + 5))
    trial.same("type", start.raw["params"]["media.contentType"], "live")
    play = trial.hit("play", (before, before + 5))
    trial.hit("play", play.playhead + 1)
    player.until(1.5)
    before = utc_second()
    player.stop()
    trial.hit("sessionEnd", (before, utc_second()))
    trial.over()
