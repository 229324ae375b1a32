#!/usr/bin/env python3
# sample: rows of protocol=events for the tests of examples/clickhouse: those of
# every scenario, and of sessions that are made by chance from a fixed seed.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import random
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent

SEED = 20261129
DAY = 86400000

# Events of a session that is made by chance, and how often each comes.
CHANCES = {
    "ping": 30, "play": 14, "pauseStart": 6, "bufferStart": 6,
    "bitrateChange": 4, "error": 2, "adBreakStart": 3, "adStart": 5,
    "adComplete": 4, "adSkip": 1, "adBreakComplete": 3, "chapterStart": 3,
    "chapterComplete": 2, "chapterSkip": 1, "stateStart": 1, "stateEnd": 1,
}

MEMBERS = {
    "adBreakStart": {"ad_break_index": 1, "ad_break_offset": 0.0},
    "adStart": {"ad_id": "ad", "ad_length": 15.0, "ad_position": 1},
    "chapterStart": {"chapter_index": 1, "chapter_offset": 0.0,
                     "chapter_length": 60.0},
    "stateStart": {"state_name": "mute"},
    "stateEnd": {"state_name": "mute"},
}


def uuid(kind, number, event=0):
    return f"{kind:08x}-{number:04x}-4000-8000-{event:012x}"


def of_scenario(replay, path, number, begin):
    """The rows of one scenario. Replay gives each run the same IDs and times."""
    calls = json.loads(path.read_text("utf-8"))["calls"]
    text = subprocess.run(
        [replay, "--protocol", "events"], check=True, text=True,
        input="".join(json.dumps(call) + "\n" for call in calls),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    rows = [json.loads(line) for line in text.splitlines()]
    shift = begin - rows[0]["ts"]
    for row in rows:
        row["ts"] += shift
        row["installation"] = f"tv-of-scenario-{number}"
        for name in ("id", "session"):
            row[name] = f"{number:08x}" + row[name][8:]
    return rows


def start_of(chance, number):
    row = {"content_id": f"content-{number % 7}", "content_name": "Name",
           "content_type": chance.choice(["vod", "vod", "vod", "live", "aod"]),
           "stream_type": "video",
           "length": chance.choice([0.0, 60.0, 90.5, 1200.0, 86400.0]),
           "resume": chance.random() < 0.3,
           "installation": f"tv-{number % 5}"}
    # What tells neither whose it is nor what it is resumes nothing.
    if number % 6 == 5:
        del row["installation"]
    if number % 8 == 7:
        del row["content_id"]
    if chance.random() < 0.7:
        row["time_to_start"] = chance.randrange(3000)
    return row


def details_of(chance, kind):
    row = dict(MEMBERS.get(kind, {}))
    if kind == "error":
        row["error_id"] = "e"
        row["error_source"] = chance.choice(["player", "external"])
    if kind == "bitrateChange" or chance.random() < 0.1:
        row["bitrate"] = chance.randrange(0, 5000000)
    if chance.random() < 0.1:
        row["dropped_frames"] = chance.randrange(100)
    return row


def move(chance, playhead, passed):
    """Where the playhead is after a while: it stands, plays on, or jumps."""
    kind = chance.choice("ssspppppj")
    if kind == "s":
        return playhead
    if kind == "p":
        return round(playhead + passed / 1000, 3)
    return round(chance.uniform(0, 120), 3)


def of_chance(chance, number, begin):
    """A session with events in any order, also such as no player sends."""
    session = uuid(0xc0000000, number)
    ts, playhead, rows = begin, chance.choice([0.0, 17.25]), []
    kinds = ["sessionStart"] + chance.choices(
        list(CHANCES), list(CHANCES.values()), k=chance.randrange(60))
    kinds += chance.choice([[], ["sessionEnd"], ["sessionComplete"]])
    for seq, kind in enumerate(kinds):
        passed = chance.choice([1, 40, 999, 1000, 2000, 10000])
        if seq > 0:
            ts += passed
            playhead = move(chance, playhead, passed)
        rows.append({"id": uuid(0xe0000000, number, seq), "session": session,
                     "seq": seq, "ts": ts, "type": kind, "playhead": playhead,
                     **(start_of(chance, number) if seq == 0
                        else details_of(chance, kind))})
        # Not all players tell it.
        if kind == "error" and seq % 3 == 0:
            del rows[-1]["error_source"]
    return rows


def rows_of(replay, n_by_chance=300):
    """All rows, those of a session in order."""
    begin = (int(time.time() * 1000) // DAY - 3) * DAY
    rows = []
    paths = sorted((ROOT / "tests/scenarios").glob("*.json"))
    for number, path in enumerate(paths):
        rows += of_scenario(replay, path, number, begin)
    chance = random.Random(SEED)
    for number in range(n_by_chance):
        rows += of_chance(chance, number, begin + number * 60000)
    return rows
