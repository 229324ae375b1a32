# hosts: the players, what each of them can do, and how each is started.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import functools
import shlex
import subprocess

from remote import Remote
from terminal import GstLaunch, GstPlay


class Host:
    """name; media: what it plays; abilities: what cases may ask of it."""

    def __init__(self, name, media, abilities):
        self.name = name
        self.media = media
        self.abilities = set(abilities.split())
        # Its media over HTTP, and the pipeline for it, where it needs another.
        self.of_network = None

    @property
    def kind(self):
        return self.media.split("-")[0]

    @property
    def network_media(self):
        """What it plays over HTTP: larger than buffers where it has some."""
        if self.of_network:
            return self.of_network[0]
        return {"ogg": "wav-16", "webm": "mkv-16"}[self.kind]


class DriverHost(Host):
    """A program of ours: driver.py with config."""

    def __init__(self, name, media, abilities, network=None, **config):
        super().__init__(name, media, "driver " + abilities)
        self.of_network = network
        self.config = config

    def start(self, trial, uri, state="playing", **options):
        config = {**self.config, **options, "uri": uri}
        if "pipeline" in config:
            text = config["live" if uri == LIVE else "pipeline"]
            if uri.startswith("http:"):
                text = self.of_network[1]
            config["pipeline"] = text.format(source=source_of(uri))
        player = Remote(trial, config)
        player.start(state=state)
        return player


def heartbeat_of(trial):
    """The element in gst-launch's syntax."""
    return "mediaheartbeat name=heartbeat " + " ".join(
        f"{name}={value}" for name, value in trial.properties.items())


def trace(trial):
    """The player has no element in it, and a tracer."""
    trial.tracers.append("mediaheartbeattracer({})".format(",".join(
        f"{name}={value}" for name, value in trial.properties.items())))


@functools.cache
def gst_play_options():
    return subprocess.run(["gst-play-1.0", "--help"], check=True,
                          capture_output=True, text=True).stdout


class GstPlayHost(Host):
    """gst-play-1.0: the element is in a sink bin, as the only place that can
    be told of on its command line.

    That of GStreamer 1.24 and later has playbin3 unless told otherwise, and
    seeks to key units unless told otherwise: a host that is exact tells it."""

    def __init__(self, name, media, abilities, slot="audio", arguments=(),
                 exact=False):
        super().__init__(name, media, abilities)
        self.slot = slot  # None: traced instead
        self.arguments = arguments
        self.exact = exact

    def options(self):
        """Those that this gst-play-1.0 needs for what the host is."""
        options = []
        if ("--use-playbin2" in gst_play_options()
                and "--use-playbin3" not in self.arguments):
            options.append("--use-playbin2")
        if self.exact and "--accurate-seeks" in gst_play_options():
            options.append("--accurate-seeks")
        return options

    def start(self, trial, uri, more=(), arguments=()):
        sinks = {"audio": SINK, "video": SINK}
        if self.slot:
            sinks[self.slot] = f"{heartbeat_of(trial)} ! {SINK}"
        else:
            trace(trial)
        return GstPlay(trial, [
            "gst-play-1.0", *self.options(), *self.arguments, *arguments,
            f"--audiosink={sinks['audio']}", f"--videosink={sinks['video']}",
            uri, *more],
            self.exact or "--accurate-seeks" not in gst_play_options())


class GstLaunchHost(Host):
    """gst-launch-1.0."""

    def __init__(self, name, media, abilities, pipeline, live=None,
                 network=None):
        super().__init__(name, media, abilities)
        self.of_network = network
        self.pipeline = pipeline
        self.live = live

    def start(self, trial, uri, arguments=()):
        if "heartbeat" not in self.pipeline:
            trace(trial)
        text = self.live if uri == LIVE else self.pipeline
        if uri.startswith("http:") and self.of_network:
            text = self.of_network[1]
        return GstLaunch(trial, [
            "gst-launch-1.0", *arguments, *shlex.split(text.format(
                source=source_of(uri), uri=uri,
                heartbeat=heartbeat_of(trial)))])


def source_of(uri):
    if uri.startswith("file://"):
        return f"filesrc location={uri.removeprefix('file://')}"
    return f"souphttpsrc location={uri}"


SINK = "fakesink sync=true"
LIVE = "live:"  # for a URI: what is there now
PLAYER = ("pause seek scrub rate reverse to-start step uri buffering eos stop "
          "error")
PLAYBIN = PLAYER + " stall"
PIPELINE = "pause seek scrub rate step eos stop pipeline stall error"

HEARTBEAT = "mediaheartbeat name=heartbeat"
# oggdemux plays nothing before the end of a file that comes in push mode.
SOUND_NETWORK = ("wav-16", f"{{source}} ! wavparse ! {HEARTBEAT} ! {SINK}")
CODED_NETWORK = ("webm-20", "{source} ! matroskademux name=demux "
                 f"demux.audio_0 ! {HEARTBEAT} ! vorbisdec ! {SINK}")
PICTURE = ("{source} ! matroskademux name=demux ! vp8dec ! queue ! "
           f"{HEARTBEAT} ! {SINK} demux. ! queue ! vorbisdec ! {SINK}")
CODED_PICTURE = (f"{{source}} ! matroskademux name=demux ! {HEARTBEAT} ! "
                 f"queue ! vp8dec ! {SINK} demux. ! queue ! vorbisdec ! {SINK}")

PLAY = "eos stop pause arrow plus buffering error_shown"
LAUNCH = "eos stop launch error_shown"

# playbin of GStreamer 1.22 stops for good in a gapless change where one stream
# of the item ends before the other, without the element as well: `next` is for
# sound only there; with sound only, it does not take an instant change of rate,
# nor does playbin3 at all. Nor does gst-play-1.0 --instant-uri get over a
# change in mid-stream with pictures.
#
# From 1.24 on playbin3 passes an instant change of rate on, to demuxers that do
# not know of it as well: oggdemux of 1.26 takes it for a seek that does not
# flush, in which gst-play-1.0 stops for seconds and then skips to the end, without
# the element as well. So it is done with Matroska only.

HOSTS = [
    *(DriverHost(f"{factory}-{slot}", "webm-20", PLAYBIN + more, kind="playbin",
                 factory=factory, slot=f"{slot}-filter")
      for factory, more in (("playbin", " instant-rate"),
                            ("playbin3", " next"))
      for slot in ("audio", "video")),
    DriverHost("playbin3-switched", "webm-20", "switch", kind="playbin",
               factory="playbin3", slot="video-filter"),
    *(DriverHost(f"{factory}-sound", "ogg-20", PLAYBIN + " next",
                 kind="playbin", factory=factory, slot="audio-filter")
      for factory in ("playbin", "playbin3")),
    DriverHost("gstplay-audio", "webm-20", PLAYER, kind="gstplay",
               slot="audio-filter"),
    DriverHost("gstplay-video", "webm-20", PLAYER, kind="gstplay",
               slot="video-filter"),
    DriverHost("pipeline-audio-after", "ogg-20",
               PIPELINE + " reverse to-start live",
               kind="launch", network=SOUND_NETWORK,
               pipeline=f"{{source}} ! oggdemux ! vorbisdec ! {HEARTBEAT} ! "
                        f"{SINK}",
               live=f"audiotestsrc is-live=true ! {HEARTBEAT} ! {SINK}"),
    DriverHost("pipeline-audio-before", "ogg-20", PIPELINE, kind="launch",
               network=CODED_NETWORK,
               pipeline=f"{{source}} ! oggdemux ! {HEARTBEAT} ! vorbisdec ! "
                        f"{SINK}"),
    DriverHost("pipeline-video-after", "webm-20", PIPELINE + " reverse live",
               kind="launch", pipeline=PICTURE, network=("webm-20", PICTURE),
               live=f"videotestsrc is-live=true ! {HEARTBEAT} ! {SINK}"),
    DriverHost("pipeline-video-before", "webm-20", PIPELINE, kind="launch",
               pipeline=CODED_PICTURE, network=("webm-20", CODED_PICTURE)),
    GstPlayHost("gst-play-audio", "webm-20", PLAY + " playlist"),
    GstPlayHost("gst-play-video", "webm-20", PLAY + " playlist", slot="video",
                exact=True),
    GstPlayHost("gst-play3-audio", "webm-20", PLAY + " playlist",
                arguments=["--use-playbin3"]),
    GstPlayHost("gst-play3-instant", "ogg-20", PLAY + " playlist",
                arguments=["--use-playbin3", "--instant-uri"]),
    GstPlayHost("gst-play3-rates", "webm-20", "eos stop pause instant-plus",
                arguments=["--use-playbin3", "-i"]),
    GstPlayHost("gst-play-gapless", "ogg-20", PLAY + " gapless",
                arguments=["--gapless"]),
    GstPlayHost("gst-play3-gapless", "webm-20", PLAY + " gapless",
                arguments=["--gapless", "--use-playbin3"]),
    GstLaunchHost("gst-launch-pipeline", "ogg-20", LAUNCH + " live pipeline",
                  f"{{source}} ! oggdemux ! vorbisdec ! {{heartbeat}} ! {SINK}",
                  live=f"audiotestsrc is-live=true ! {{heartbeat}} ! {SINK}",
                  network=("wav-16", "{source} ! wavparse ! {heartbeat} ! "
                           + SINK)),
    *(GstLaunchHost(f"gst-launch-{factory}", "webm-20", LAUNCH + " buffering",
                    f"{factory} uri={{uri}} audio-sink='{SINK}' "
                    f"video-sink='{SINK}' audio-filter='{{heartbeat}}'")
      for factory in ("playbin", "playbin3")),
    GstPlayHost("traced-gst-play", "webm-20", PLAY + " playlist", slot=None),
    GstPlayHost("traced-gst-play3", "webm-20", PLAY + " playlist", slot=None,
                arguments=["--use-playbin3"]),
    GstPlayHost("traced-gst-play-gapless", "ogg-20", PLAY + " gapless",
                slot=None, arguments=["--gapless"]),
    *(GstLaunchHost(f"traced-gst-launch-{factory}", "webm-20",
                    LAUNCH + " buffering",
                    f"{factory} uri={{uri}} audio-sink='{SINK}' "
                    f"video-sink='{SINK}'")
      for factory in ("playbin", "playbin3")),
]
