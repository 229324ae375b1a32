# cases_endings: what ends a session, and what does not: errors, servers that do
# not keep what they promise, loops.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from cases import case

# How many seconds of the media a server sends before it goes.
SENT = 8


def begin_buffered(trial):
    """Plays until all is there that the server will send."""
    name = trial.host.network_media
    trial.serve(hang=trial.media.offset(name, SENT))
    player = trial.begin(trial.server.uri(name))
    trial.server.wait_hanging()
    return player


@case("error buffering stall driver")
def error_and_play_on(trial):
    """The server goes; what has been read before is played. (GstPlay, which has
    no `stall`, stops by itself at an error.)"""
    player = begin_buffered(trial)
    trial.server.cut()
    at = player.event("error")["position"]
    trial.hit("error", at)
    player.until(at + 1)
    trial.stop()


@case("error buffering pause stall driver")
def error_after_pause(trial):
    """The server goes in a pause, which shows when the viewer goes on, and there
    is room for more."""
    player = begin_buffered(trial)
    at = player.pause()
    trial.hit("pauseStart", at)
    trial.server.cut()
    player.play()
    trial.hit("play", at)
    error = trial.hit("error", (at, at + SENT))
    player.until(error.playhead + 0.5)
    trial.stop()


@case("error seek buffering driver")
def seek_without_ranges(trial):
    """The server has no ranges, though it says so: nothing of what was sought is
    played."""
    trial.serve(lies=True)
    player = trial.begin(trial.server.uri(trial.host.network_media))
    at = player.call("position")
    player.seek(15)
    player.event("error")
    for event in ("pauseStart", "error", "sessionEnd"):
        trial.hit(event, (at, at + 1))
        if event == "error":
            player.call("stop")
    trial.over()


@case("reverse seek pause driver")
def loop(trial):
    """Each round is a session."""
    player = trial.launch(trial.media.uri(f"{trial.host.kind}-3"),
                          state="paused")
    player.call("paused")
    player.call("loop", rounds=3)
    player.play()
    for _ in range(3):
        trial.hit("sessionStart", 0)
        trial.hit("play", 0)
        trial.hit("play", 1)
        trial.hit("sessionComplete", 3)
    player.wait_end()
    trial.over()


@case("seek eos driver")
def rewound(trial):
    """A seek from the last second to the start plays the media once more."""
    player = trial.begin(trial.media.uri(f"{trial.host.kind}-3"), until=2.4)
    at = player.call("position")
    player.seek(0)
    trial.hit("sessionComplete", (at, at + 0.3))
    trial.hit("sessionStart", 0)
    trial.hit("play", 0)
    trial.hit("play", 1)
    player.wait_end()
    trial.hit("sessionComplete", 3)
    trial.over()


@case("switch")
def video_off(trial):
    """The element goes with the video, and comes back with it."""
    player = trial.begin()
    player.call("video", on=False)
    end = trial.hit("sessionEnd", (1.5, 5))
    player.until(end.playhead + 1)
    player.call("video", on=True)
    start = trial.hit("sessionStart", (end.playhead + 1, end.playhead + 6),
                      resume=True)
    trial.hit("play", start.playhead)
    trial.hit("play", start.playhead + 1)
    player.until(start.playhead + 1.5)
    trial.stop()
