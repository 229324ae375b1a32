# cases_live: what must come of media that happens now.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from cases import case
from hosts import LIVE
from trial import utc_second


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
