# cases_sessions: when sessions begin, and which of them resume another.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

from cases import case


def be_idle(trial):
    """Returns: where the session is closed, as nobody plays."""
    trial.properties["idle-timeout"] = 1
    at = trial.begin().pause()
    trial.hit("pauseStart", at)
    trial.hit("sessionEnd", at)
    return at


def go_on(trial, at):
    trial.player.play()
    trial.hit("sessionStart", at, resume=True)
    trial.hit("play", at)
    trial.hit("play", at + 1)


@case("pause driver")
def idle(trial):
    """Closed while nobody plays, and resumed when somebody does."""
    at = be_idle(trial)
    go_on(trial, at)
    trial.player.until(at + 1.5)
    trial.stop()


@case("pause driver")
def idle_and_stop(trial):
    """Closed, and not resumed to be ended again."""
    be_idle(trial)
    trial.player.stop()
    trial.over()


@case("pause arrow")
def idle_in_terminal(trial):
    at = be_idle(trial)
    go_on(trial, at)
    trial.stop()


@case("stop driver")
def session_timeout(trial):
    """A long session goes on in another one."""
    trial.properties["session-timeout"] = 2
    player = trial.begin()
    trial.hit("sessionEnd", 2)
    trial.hit("sessionStart", 2, resume=True)
    trial.hit("play", 2)
    trial.hit("play", 3)
    player.until(3.5)
    trial.stop()


@case("seek pause driver")
def start_elsewhere(trial):
    """Kept ready, put somewhere else, and then played."""
    player = trial.launch(state="paused")
    player.call("paused")
    player.seek(8)
    trial.near("position", player.until(7.9), 8)
    player.call("paused")
    player.play()
    trial.hit("sessionStart", 8)
    trial.hit("play", 8)
    trial.hit("play", 9)
    player.until(9.4)
    trial.stop()


@case("pause driver")
def never_played(trial):
    player = trial.launch(state="paused")
    player.call("paused")
    player.stop()
    trial.over()


@case("error driver")
def error_at_start(trial):
    """Nothing there: seen where the element is in the pipeline by then."""
    trial.serve()
    player = trial.launch(
        trial.server.uri(trial.host.network_media) + ".missing")
    player.event("error")
    if "pipeline" in trial.host.abilities:
        trial.hit("sessionStart", 0)
        trial.hit("error", 0)
        trial.hit("sessionEnd", 0)
    player.stop()
    trial.over()
