# hosts: the players, what each of them can do, and how each is started.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from remote import Remote


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
            config["pipeline"] = config["pipeline"].format(
                source=source_of(uri))
        player = Remote(trial, config)
        player.start(state=state)
        return player


def source_of(uri):
    if uri.startswith("file://"):
        return f"filesrc location={uri.removeprefix('file://')}"
    return f"souphttpsrc location={uri}"


SINK = "fakesink sync=true"
PLAYER = "pause seek scrub rate reverse step uri buffering eos stop"
PLAYBIN = PLAYER + " next stall"
PIPELINE = "pause seek scrub rate step eos stop pipeline"

HOSTS = [
    *(DriverHost(f"{factory}-{slot}", "webm-20", PLAYBIN, kind="playbin",
                 factory=factory, slot=f"{slot}-filter")
      for factory in ("playbin", "playbin3") for slot in ("audio", "video")),
    *(DriverHost(f"{factory}-sound", "ogg-20", PLAYBIN, kind="playbin",
                 factory=factory, slot="audio-filter")
      for factory in ("playbin", "playbin3")),
    DriverHost("gstplay-audio", "webm-20", PLAYER, kind="gstplay",
               slot="audio-filter"),
    DriverHost("gstplay-video", "webm-20", PLAYER, kind="gstplay",
               slot="video-filter"),
    DriverHost("pipeline-audio-after", "ogg-20", PIPELINE + " reverse",
               kind="launch",
               pipeline="{source} ! oggdemux ! vorbisdec ! "
                        f"mediaheartbeat name=heartbeat ! {SINK}"),
    DriverHost("pipeline-audio-before", "ogg-20", PIPELINE, kind="launch",
               pipeline="{source} ! oggdemux ! mediaheartbeat name=heartbeat ! "
                        f"vorbisdec ! {SINK}"),
    DriverHost("pipeline-video-after", "webm-20", PIPELINE + " reverse",
               kind="launch",
               pipeline="{source} ! matroskademux name=demux ! vp8dec ! queue !"
                        f" mediaheartbeat name=heartbeat ! {SINK} "
                        f"demux. ! queue ! vorbisdec ! {SINK}"),
    DriverHost("pipeline-video-before", "webm-20", PIPELINE, kind="launch",
               pipeline="{source} ! matroskademux name=demux ! "
                        "mediaheartbeat name=heartbeat ! queue ! vp8dec ! "
                        f"{SINK} demux. ! queue ! vorbisdec ! {SINK}"),
]
