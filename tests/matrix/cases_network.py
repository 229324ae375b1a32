# cases_network: what must come of a server that is slow, silent or gone.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from cases import case

# Where the server falls silent, seconds of the media.
HANG = 6


def serve(trial, second=HANG, rate=None):
    """A server that falls silent there; rate: of what the media needs."""
    name = trial.host.network_media
    media = trial.media
    size = media.path(name).stat().st_size
    trial.serve(
        hang=media.offset(name, second) if second else None,
        rate=rate * size / int(name.split("-")[1]) if rate else 0,
        # Push-mode demuxers would look for the end of the file, and hang.
        ranges="pipeline" not in trial.host.abilities)
    return trial.server.uri(name)


def wait_buffering(trial):
    """bufferStart, where it really stopped. Moments of it before that, on a
    loaded machine, do not count."""
    hit = trial.hit("bufferStart")
    at = trial.player.position()
    trial.near("bufferStart", hit.playhead, at)
    return at


@case("buffering driver")
def buffering(trial):
    player = trial.begin(serve(trial))
    at = wait_buffering(trial)
    trial.server.go()
    trial.hit("play", at)
    player.until(at + 0.6)
    trial.stop()


@case("buffering driver")
def buffering_at_start(trial):
    """An application that pauses while it buffers does not say that it wants
    to play before it has: nothing comes, but the wait counts."""
    player = trial.launch(serve(trial, 0.3))
    player.event("buffering")
    trial.server.wait_hanging()
    player.call("wait", milliseconds=800)
    trial.same("hits", trial.collector.hits, [])
    trial.server.go()
    trial.hit("sessionStart", 0)
    play = trial.hit("play", 0)
    waited = play.raw["qoeData"]["media.qoe.timeToStart"]
    trial.note(f"time to start: {waited}")
    if waited < 500:
        trial.fail(f"time to start: {waited}")
    trial.hit("play", 1)
    player.until(1.5)
    trial.stop()


@case("buffering pause driver")
def buffering_and_pause(trial):
    """The user's pause shows when PLAYING does not follow; by the rules the
    end of the buffering is a play, and the pause comes a moment after it."""
    player = trial.begin(serve(trial))
    at = wait_buffering(trial)
    player.pause()
    trial.server.go()
    play = trial.hit("play", at)
    paused = trial.hit("pauseStart", at)
    trial.same("play lasts", paused.ts - play.ts, 1)
    player.play()
    trial.hit("play", at)
    player.until(at + 0.6)
    trial.stop()


@case("buffering driver")
def buffering_twice(trial):
    player = trial.begin(serve(trial))
    at = wait_buffering(trial)
    trial.server.go(hang=trial.media.offset(trial.host.network_media, 11))
    trial.hit("play", at)
    at = wait_buffering(trial)
    trial.server.go()
    trial.hit("play", at)
    player.until(at + 0.6)
    trial.stop()


@case("buffering seek driver")
def seek_on_network(trial):
    """Two flushes and a moment of buffering are one seek."""
    player = trial.begin(serve(trial, None))
    player.seek(8)
    trial.hit("pauseStart", 8)
    # Paused for buffering in the very moment that the seek is done, playbin3
    # says that it goes on later by what it had played before.
    trial.hit("play", (8, 9.6) if trial.host.name.startswith("playbin3") else 8)
    player.until(8.8)
    trial.stop()


def play_and_buffer(trial):
    player = trial.begin(serve(trial))
    start = trial.hit("bufferStart")
    trial.near("bufferStart", start.playhead, player.position())
    trial.server.go()
    trial.hit("play", start.playhead)
    player.until(start.playhead + 0.6)
    return player


@case("buffering launch")
def buffering_in_launch(trial):
    player = play_and_buffer(trial)
    at = player.position()
    player.interrupt()
    trial.hit("sessionEnd", (at, at + 0.3))
    trial.over()


@case("buffering arrow")
def buffering_in_play(trial):
    play_and_buffer(trial)
    trial.stop()


# ---- stalls: nobody pauses ----


def stall_properties(trial, threshold):
    trial.properties["ping-interval"] = 1
    trial.properties["stall-threshold"] = threshold


@case("stall driver")
def stall(trial):
    """No hit, but pings on the spot; and it is told."""
    stall_properties(trial, 1000)
    player = trial.begin(serve(trial), buffering="ignore")
    player.event("state", state="stalled")
    at = player.position()
    first = trial.ping(after=trial.ping_ts())
    second = trial.ping(after=first.ts)
    for ping in (first, second):
        trial.near("ping", ping.playhead, at, 0.05)
    trial.same("state", player.get("playback-state"), "stalled")
    trial.same("inactive", player.get("inactive-time") > 0, True)
    count = player.count("state", state="playing")
    trial.server.go()
    player.event("state", n=count + 1, state="playing")
    # The sinks make up for the time that was lost.
    player.until(player.call("running") + 1)
    trial.same("inactive", player.get("inactive-time"), 0)
    trial.same("stalls", player.count("state", state="stalled"), 1)
    ping = trial.ping(after=trial.ping_ts())
    trial.near("ping", ping.playhead, player.position())
    trial.stop()


@case("stall driver")
def stall_short(trial):
    """Shorter than the threshold: nothing at all."""
    stall_properties(trial, 10000)
    player = trial.begin(serve(trial), buffering="ignore")
    at = player.call("frozen", milliseconds=700)
    trial.server.go()
    player.until(at + 1)
    trial.same("stalls", player.count("state", state="stalled"), 0)
    trial.stop()


@case("stall pause driver")
def stall_and_pause(trial):
    """From standing still to the user's pause, and back to playing."""
    stall_properties(trial, 1000)
    player = trial.begin(serve(trial), buffering="ignore")
    player.event("state", state="stalled")
    at = player.position()
    player.call("pause_now")
    late = player.call("running")
    trial.hit("pauseStart", at)
    trial.server.go()
    player.call("settle")
    player.play()
    # The sinks make up for the time that was lost, at once.
    trial.hit("play", (at, late))
    player.until(late + 1)
    trial.stop()


# ---- errors ----


@case("error driver")
def error(trial):
    """The server goes while it plays."""
    player = trial.begin(serve(trial))
    trial.server.cut()
    at = player.event("error")["position"]
    trial.hit("error", at)
    trial.stop()


@case("error uri driver")
def error_and_again(trial):
    """After an error, the same element again: another session."""
    player = trial.begin(serve(trial))
    trial.server.cut()
    at = player.event("error")["position"]
    trial.hit("error", at)
    uri = trial.media.uri(trial.host.media)
    trial.hit("sessionEnd", player.call("uri", uri=uri))
    trial.same("media", trial.hit("sessionStart", 0).media, uri)
    trial.hit("play", 0)
    trial.hit("play", 1)
    player.until(1.5)
    trial.stop()


@case("error_shown")
def error_in_terminal(trial):
    """gst-play-1.0 and gst-launch-1.0 leave."""
    player = trial.begin(serve(trial))
    trial.server.cut()
    player.wait_end()
    at = player.position()
    trial.hit("error", (at, at + 0.3))
    trial.hit("sessionEnd", (at, at + 0.3))
    trial.over()


@case("launch pipeline")
def stall_in_launch(trial):
    """Nobody pauses, nobody tells: pings on the spot, and nothing else."""
    stall_properties(trial, 500)
    player = trial.begin(serve(trial))
    pings = [trial.ping(after=trial.ping_ts())]
    while len(pings) < 2 or pings[-1].playhead - pings[-2].playhead > 0.05:
        pings.append(trial.ping(after=pings[-1].ts))
    trial.near("ping", pings[-1].playhead, HANG)
    trial.server.go()
    player.until(HANG + 2)
    at = player.position()
    player.interrupt()
    trial.hit("sessionEnd", (at, at + 0.3))
    trial.over()


@case("buffering seek driver")
def buffering_and_seek(trial):
    """A seek while it buffers is part of the buffering."""
    player = trial.begin(serve(trial))
    wait_buffering(trial)
    player.seek(10)
    trial.server.go()
    trial.hit("play", 10)
    player.until(10.6)
    trial.stop()


@case("buffering stop driver")
def buffering_and_stop(trial):
    trial.begin(serve(trial))
    wait_buffering(trial)
    trial.stop()


@case("buffering driver")
def buffering_slow(trial):
    """Half of what it needs: it waits before it begins, and again later."""
    player = trial.launch(serve(trial, None, rate=0.5))
    trial.hit("sessionStart", 0)
    trial.hit("play", 0)
    trial.hit("play", 1)
    at = wait_buffering(trial)
    trial.server.go(rate=0)
    trial.hit("play", at)
    player.until(at + 0.6)
    trial.stop()
