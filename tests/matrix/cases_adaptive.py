# cases_adaptive: what must come of HLS and DASH.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import adaptive
from adaptive import BANDWIDTHS, SegmentServer
from cases import case
from hosts import HOSTS
from trial import utc_second

# playbin has hlsdemux and dashdemux, playbin3 hlsdemux2 and dashdemux2.
for host in HOSTS:
    if host.name in ("playbin-audio", "playbin-video", "playbin3-audio",
                     "playbin3-video"):
        host.abilities |= {"adaptive"}
    elif host.name in ("gst-play-audio", "gst-play-video", "gst-play3-audio"):
        host.abilities |= {"adaptive-play"}


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
