# cases: what is done to a player, and what must come of it, on files.
#
# A case is a function of a trial; what it needs of the host is in its
# decorator. The order of its hit() calls is the exact sequence.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

CASES = {}


class Case:
    def __init__(self, run, needs):
        self.name = run.__name__.replace("_", "-")
        self.run = run
        self.needs = set(needs.split())

    def fits(self, host):
        return self.needs <= host.abilities


def case(needs=""):
    def add(run):
        the_case = Case(run, needs)
        CASES[the_case.name] = the_case
        return run
    return add


@case("stop")
def start(trial):
    trial.begin()
    trial.stop()


@case("eos")
def eos(trial):
    trial.begin(trial.media.uri(f"{trial.host.kind}-3"))
    trial.player.wait_end()
    trial.hit("sessionComplete", 3)
    trial.over()


@case("eos launch")
def interrupt_with_eos(trial):
    """gst-launch -e: Ctrl-C is an EOS, and not the end of the media."""
    player = trial.begin(arguments=["-e"])
    trial.hit("sessionEnd", player.interrupt())
    trial.over()


@case("pause")
def pause(trial):
    player = trial.begin()
    trial.hit("pauseStart", player.pause())
    trial.hit("sessionEnd", player.stop())
    trial.over()


def pause_and_play(trial):
    at = trial.player.pause()
    trial.hit("pauseStart", at)
    trial.player.play()
    trial.hit("play", at)
    trial.player.until(at + 0.5)
    trial.stop()


@case("pause")
def resume(trial):
    trial.begin()
    pause_and_play(trial)


@case("seek driver")
def seek(trial):
    player = trial.begin()
    player.seek(8)
    trial.hit("pauseStart", 8)
    trial.hit("play", 8)
    player.until(8.8)
    trial.stop()


@case("seek driver")
def seek_back(trial):
    player = trial.begin(until=3)
    player.seek(1)
    trial.hit("pauseStart", 1)
    trial.hit("play", 1)
    player.until(1.8)
    trial.stop()


@case("seek pause driver")
def seek_in_pause(trial):
    """By the rules a seek is a pauseStart, and so is the pause after it."""
    player = trial.begin()
    trial.hit("pauseStart", player.pause())
    player.seek(8)
    trial.hit("pauseStart", 8)
    trial.near("position", player.until(7.9), 8)
    trial.hit("pauseStart", 8)
    player.play()
    trial.hit("play", 8)
    player.until(8.8)
    trial.stop()


@case("scrub")
def scrub(trial):
    """Twenty seeks in a second are one."""
    targets = [2 + 0.5 * n for n in range(20)]
    player = trial.begin()
    player.call("scrub", targets=targets, interval=50)
    trial.hit("pauseStart", targets[0])
    trial.hit("play", targets[-1])
    player.until(targets[-1] + 0.8)
    trial.stop()


def expect_arrow(trial, to):
    """The hits of an arrow. The pauseStart has what the SEEK event asks for,
    where the plugin sees it, and otherwise where the seek has come to, as the
    play has."""
    start = trial.hit("pauseStart", to)
    return trial.hit("play", (to[0], start.playhead)).playhead


@case("arrow")
def arrow(trial):
    player = trial.begin()
    at = expect_arrow(trial, player.arrow(20))
    player.until(at + 0.8)
    trial.stop()


@case("arrow pause")
def arrow_in_pause(trial):
    player = trial.begin()
    trial.hit("pauseStart", player.pause())
    to = player.arrow(20)
    start = trial.hit("pauseStart", to)
    at = trial.hit("pauseStart", (to[0], start.playhead)).playhead
    player.play()
    trial.hit("play", at)
    player.until(at + 0.8)
    trial.stop()


@case("arrow")
def arrows(trial):
    """Four seeks as fast as the keys come are one. Its pauseStart has where the
    latest of them goes at the first SEGMENT."""
    player = trial.begin()
    to = player.arrow(20)
    for _ in range(3):
        player.arrow(20)
    trial.hit("pauseStart", (to[0], to[1] + 3 * 1.6))
    play = trial.hit("play", (to[0], to[1] + 3 * 1.6))
    shown = player.press("")
    trial.near("position", player.until(0, shown), play.playhead, 0.6)
    trial.stop()


@case("plus")
def faster(trial):
    """+, ten times: a seek in place for each that gst-play takes; it has none
    while it seeks. Where they go to key units, each may go back by one."""
    trial.properties["ping-interval"] = 1
    player = trial.begin()
    at = player.position()
    for _ in range(10):
        player.press("+")
    trial.hit("pauseStart", (player.first(at), at + 0.3))
    play = trial.hit("play", (player.first(at, 10 * player.UNIT), at + 1.3))
    rate = float(player.show(r"Playback rate: (\d\.\d\d)").group(1))
    ping = trial.ping(after=play.ts + 1500)
    trial.near("ping", ping.playhead,
               play.playhead + rate * (ping.ts - play.ts) / 1000)
    player.until(play.playhead + 4)
    trial.stop()


@case("instant-plus")
def faster_at_once(trial):
    """+, ten times, without a seek: no hit, but pings that keep up. Where the
    player's pipeline refuses that, gst-play seeks, and says that it has
    prerolled."""
    trial.properties["ping-interval"] = 1
    player = trial.begin()
    shown = player.press("+")
    for _ in range(9):
        player.press("+")
    first = trial.ping(after=trial.ping_ts() + 1500)
    second = trial.ping(after=first.ts + 1500)
    rate = float(player.show(r"Playback rate: (\d\.\d\d)", shown).group(1))
    trial.near("ping", second.playhead,
               first.playhead + rate * (second.ts - first.ts) / 1000)
    if player.find("Prerolled", shown):
        at = trial.hit("pauseStart").playhead
        trial.hit("play", (at - 10 * player.UNIT, at + 1.3))
    trial.stop()


@case("rate")
def rate(trial):
    """Twice as fast: the seek that it takes, and pings that keep up."""
    trial.properties["ping-interval"] = 1
    player = trial.begin()
    at = player.call("rate", rate=2.0)
    trial.hit("pauseStart", at)
    play = trial.hit("play", at)
    ping = trial.ping(after=play.ts)
    trial.near("ping", ping.playhead,
               play.playhead + 2 * (ping.ts - play.ts) / 1000)
    player.until(play.playhead + 4)
    trial.stop()


@case("instant-rate")
def instant_rate(trial):
    """Twice as fast without a seek: no hit, but pings that keep up."""
    trial.properties["ping-interval"] = 1
    player = trial.begin()
    player.call("instant_rate", rate=2.0)
    first = trial.ping(after=trial.ping_ts())
    trial.near("ping", first.playhead, player.position())
    second = trial.ping(after=first.ts)
    trial.near("ping", second.playhead,
               first.playhead + 2 * (second.ts - first.ts) / 1000)
    trial.stop()


@case("reverse")
def reverse(trial):
    trial.properties["ping-interval"] = 1
    player = trial.begin()
    player.seek(10)
    trial.hit("pauseStart", 10)
    trial.hit("play", 10)
    player.until(10.8)
    at = player.call("rate", rate=-1.0)
    trial.hit("pauseStart", at)
    play = trial.hit("play", at)
    ping = trial.ping(after=play.ts)
    trial.near("ping", ping.playhead,
               play.playhead - (ping.ts - play.ts) / 1000)
    player.until(ping.playhead - 0.5, backwards=True)
    trial.stop()


# Not with pipeline-video-after: its position stands still backwards, with an
# identity in place of the element as well (seen with GStreamer 1.22).
@case("reverse to-start")
def reverse_to_start(trial):
    """What is played backwards comes to no end."""
    player = trial.begin(until=2)
    at = player.call("rate", rate=-1.0)
    trial.hit("pauseStart", at)
    trial.hit("play", at)
    player.wait_end()
    trial.hit("sessionEnd", 0)
    trial.over()


@case("step pause")
def step(trial):
    """A step in a pause makes no hit, but the playhead has moved."""
    player = trial.begin()
    trial.hit("pauseStart", player.pause())
    at = player.call("step", milliseconds=700)
    player.play()
    trial.hit("play", at)
    player.until(at + 0.5)
    trial.stop()


def expect_last(trial, uri):
    """The last item, four seconds long, from its beginning to its end."""
    trial.same("media", trial.hit("sessionStart", 0).media, uri)
    trial.hit("play", 0)
    trial.hit("play", 1)
    trial.player.wait_end()
    trial.hit("sessionComplete", 4)
    trial.over()


@case("uri")
def new_uri(trial):
    """Another item, through READY."""
    uri = trial.media.uri(f"{trial.host.kind}-4")
    player = trial.begin()
    trial.hit("sessionEnd", player.call("uri", uri=uri))
    expect_last(trial, uri)


@case("playlist")
def next_item(trial):
    """n: through READY."""
    uri = trial.media.uri(f"{trial.host.kind}-4")
    player = trial.begin(more=[uri])
    trial.hit("sessionEnd", player.next())
    expect_last(trial, uri)


@case("playlist")
def next_by_itself(trial):
    """The next one after the end, through READY as well."""
    uri = trial.media.uri(f"{trial.host.kind}-4")
    trial.begin(trial.media.uri(f"{trial.host.kind}-3"), more=[uri])
    trial.hit("sessionComplete", 3)
    expect_last(trial, uri)


@case("gapless")
def gapless_playlist(trial):
    uri = trial.media.uri(f"{trial.host.kind}-4")
    trial.begin(trial.media.uri(f"{trial.host.kind}-3"), more=[uri])
    trial.hit("sessionComplete", 3)
    expect_last(trial, uri)


@case("next")
def gapless(trial):
    """Another item when this one is about to finish."""
    uri = trial.media.uri(f"{trial.host.kind}-4")
    trial.launch(trial.media.uri(f"{trial.host.kind}-3"), next=uri)
    trial.hit("sessionStart", 0)
    trial.hit("play", 0)
    trial.hit("play", 1)
    trial.hit("sessionComplete", 3)
    expect_last(trial, uri)


@case("eos seek driver")
def replay(trial):
    """From the start after the end: another session."""
    player = trial.begin(trial.media.uri(f"{trial.host.kind}-3"))
    player.wait_end()
    trial.hit("sessionComplete", 3)
    player.seek(0)
    trial.hit("sessionStart", 0)
    trial.hit("play", 0)
    trial.hit("play", 1)
    player.event("eos", n=2)
    trial.hit("sessionComplete", 3)
    trial.over()
