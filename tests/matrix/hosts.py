# hosts: the players, what each of them can do, and how each is started.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import shlex

from remote import Remote
from terminal import GstLaunch, GstPlay


class Host:
    """name; media: what it plays; abilities: what cases may ask of it."""

    def __init__(self, name, media, abilities):
        self.name = name
        self.media = media
        self.abilities = set(abilities.split())

    @property
    def kind(self):
        return self.media.split("-")[0]


class DriverHost(Host):
    """A program of ours: driver.py with config."""

    def __init__(self, name, media, abilities, **config):
        super().__init__(name, media, "driver " + abilities)
        self.config = config

    def start(self, trial, uri, state="playing", **options):
        config = {**self.config, **options, "uri": uri}
        if "pipeline" in config:
            text = config["live" if uri == LIVE else "pipeline"]
            config["pipeline"] = text.format(source=source_of(uri))
        player = Remote(trial, config)
        player.start(state=state)
        return player


def heartbeat_of(trial):
    """The element in gst-launch's syntax."""
    return "mediaheartbeat name=heartbeat " + " ".join(
        f"{name}={value}" for name, value in trial.properties.items())


class GstPlayHost(Host):
    """gst-play-1.0: the element is in a sink bin, as the only place that can
    be told of on its command line."""

    def __init__(self, name, media, abilities, slot="audio", arguments=()):
        super().__init__(name, media, abilities)
        self.slot = slot
        self.arguments = arguments

    def start(self, trial, uri, more=(), arguments=()):
        sinks = {"audio": SINK, "video": SINK}
        sinks[self.slot] = f"{heartbeat_of(trial)} ! {SINK}"
        return GstPlay(trial, [
            "gst-play-1.0", *self.arguments, *arguments,
            f"--audiosink={sinks['audio']}", f"--videosink={sinks['video']}",
            uri, *more])


class GstLaunchHost(Host):
    """gst-launch-1.0."""

    def __init__(self, name, media, abilities, pipeline, live=None):
        super().__init__(name, media, abilities)
        self.pipeline = pipeline
        self.live = live

    def start(self, trial, uri, arguments=(), pipeline=None):
        text = pipeline or (self.live if uri == LIVE else self.pipeline)
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
PLAYER = "pause seek scrub rate reverse step uri buffering eos stop"
PLAYBIN = PLAYER + " stall"
PIPELINE = "pause seek scrub rate step eos stop pipeline"
PLAY = "eos stop pause arrow plus buffering"
LAUNCH = "eos stop launch"

# playbin of GStreamer 1.22 stops for good in a gapless change where one stream
# of the item ends before the other, without the element as well: `next` is for
# sound only there.

HOSTS = [
    *(DriverHost(f"{factory}-{slot}", "webm-20", PLAYBIN + more, kind="playbin",
                 factory=factory, slot=f"{slot}-filter")
      for factory, more in (("playbin", ""), ("playbin3", " next"))
      for slot in ("audio", "video")),
    *(DriverHost(f"{factory}-sound", "ogg-20", PLAYBIN + " next", kind="playbin",
                 factory=factory, slot="audio-filter")
      for factory in ("playbin", "playbin3")),
    DriverHost("gstplay-audio", "webm-20", PLAYER, kind="gstplay",
               slot="audio-filter"),
    DriverHost("gstplay-video", "webm-20", PLAYER, kind="gstplay",
               slot="video-filter"),
    DriverHost("pipeline-audio-after", "ogg-20", PIPELINE + " reverse live",
               kind="launch",
               pipeline="{source} ! oggdemux ! vorbisdec ! "
                        f"mediaheartbeat name=heartbeat ! {SINK}",
               live="audiotestsrc is-live=true ! "
                    f"mediaheartbeat name=heartbeat ! {SINK}"),
    DriverHost("pipeline-audio-before", "ogg-20", PIPELINE, kind="launch",
               pipeline="{source} ! oggdemux ! mediaheartbeat name=heartbeat ! "
                        f"vorbisdec ! {SINK}"),
    DriverHost("pipeline-video-after", "webm-20", PIPELINE + " reverse live",
               kind="launch",
               pipeline="{source} ! matroskademux name=demux ! vp8dec ! queue !"
                        f" mediaheartbeat name=heartbeat ! {SINK} "
                        f"demux. ! queue ! vorbisdec ! {SINK}",
               live="videotestsrc is-live=true ! "
                    f"mediaheartbeat name=heartbeat ! {SINK}"),
    DriverHost("pipeline-video-before", "webm-20", PIPELINE, kind="launch",
               pipeline="{source} ! matroskademux name=demux ! "
                        "mediaheartbeat name=heartbeat ! queue ! vp8dec ! "
                        f"{SINK} demux. ! queue ! vorbisdec ! {SINK}"),
    GstPlayHost("gst-play-audio", "webm-20", PLAY + " playlist"),
    GstPlayHost("gst-play-video", "webm-20", PLAY + " playlist", slot="video"),
    GstPlayHost("gst-play3-audio", "webm-20", PLAY + " playlist",
                arguments=["--use-playbin3"]),
    GstPlayHost("gst-play-gapless", "ogg-20", PLAY + " gapless",
                arguments=["--gapless"]),
    GstPlayHost("gst-play3-gapless", "webm-20", PLAY + " gapless",
                arguments=["--gapless", "--use-playbin3"]),
    GstLaunchHost("gst-launch-pipeline", "ogg-20", LAUNCH + " live",
                  f"{{source}} ! oggdemux ! vorbisdec ! {{heartbeat}} ! {SINK}",
                  live=f"audiotestsrc is-live=true ! {{heartbeat}} ! {SINK}"),
    *(GstLaunchHost(f"gst-launch-{factory}", "webm-20", LAUNCH + " buffering",
                    f"{factory} uri={{uri}} audio-sink='{SINK}' "
                    f"video-sink='{SINK}' audio-filter='{{heartbeat}}'")
      for factory in ("playbin", "playbin3")),
]
