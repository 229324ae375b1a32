#!/usr/bin/env python3
# check-includes: who may include what, and other rules on the sources that a
# compiler does not know. HACKING.md says what they are for.
#
# Prints one line for each breach, `file:line: what`, and fails if there is one.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re
import sys
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Lines of a file, but for tests.
TOO_LONG_FILE = 600
# Lines of a function's body; a class_init lists properties and pads.
TOO_LONG_FUNCTION = 60
TOO_LONG_TEST = 80
TOO_LONG_CLASS_INIT = 120

# ---- the tables ----

# Header → the files that may include it (!: these not). The first match
# counts.
FOREIGN = (
    ("gst/*", ("plugin/*", "examples/*", "tests/*", "!examples/collector/*",
               "!tests/collector/*", "!tests/core/*")),
    ("libsoup/*", ("src/mh-soup.h", "examples/*", "tests/*")),
    ("sqlite3.h", ("src/mh-store-db*", "!src/mh-store-db.h", "tests/*")),
    ("json-glib/*", ("src/mh-protocol*.c", "examples/*", "tests/*")),
    ("sys/timerfd.h", ("src/mh-worker.c",)),
    ("linux/*", ("src/mh-network.c",)),
    ("net/*", ("src/mh-network.c", "tests/*")),
    ("netinet/*", ("src/mh-network.c", "tests/*")),
    ("dlfcn.h", ("src/mh-soup.c", "tests/*")),
    ("gio/*", ("src/*", "plugin/*", "examples/*", "tests/*")),
    ("glib*", ("src/*", "plugin/*", "examples/*", "tests/*")),
    # The C library's: no slash, or sys/.
    ("sys/*.h", ("src/*", "plugin/*", "examples/*", "tests/*")),
    ("[!/]*.h", ("src/*", "plugin/*", "examples/*", "tests/*")),
)

VALUES = {"time", "error", "config", "media", "metadata", "call", "hit"}

# Unit (src/mh-UNIT.[ch], plugin/mh-UNIT.[ch], and what is named mh-UNIT-*
# unless it has a row of its own) → the units whose headers it may include,
# besides its own.
UNITS = {
    # Values and what works on them.
    "time": set(),
    "error": set(),
    "text": set(),
    "json": {"text"},
    "metadata": {"error", "text"},
    "config": {"error"},
    "media": {"error"},
    "call": {"error", "media", "time"},
    "hit": {"time"},
    "clock": {"time"},
    "asker": {"time"},
    "crash": set(),
    "heap": {"time"},
    "installation": {"error"},
    "network": set(),
    "retry": {"time"},
    # The rules.
    "session": VALUES,
    # The network side.
    "transport": {"error", "time"},
    "soup": {"error"},
    "soup-pool": {"error", "soup", "time"},
    "transport-soup": {"error", "soup", "soup-pool", "time", "transport"},
    "protocol": {"config", "error", "hit", "json", "retry", "time",
                 "transport"},
    "position": set(),
    "remember": {"call", "media", "position", "time"},
    "store": {"config", "crash", "error", "heap", "hit", "position", "time"},
    "sender": {"clock", "config", "crash", "error", "heap", "hit", "protocol",
               "retry", "store", "time", "transport"},
    # What runs it all.
    "worker": {"clock", "heap", "time"},
    "lane": {"clock", "crash", "sender", "store", "time", "worker"},
    "service": {"asker", "clock", "config", "crash", "error", "installation",
                "lane", "network", "position", "protocol", "sender", "store",
                "time", "transport", "transport-soup", "worker"},
    "tracker": VALUES | {"clock", "position", "protocol", "remember",
                        "service", "session", "worker"},
    # plugin/, the pure part.
    "bitrate": {"time"},
    "drops": set(),
    "tags": {"text"},
    "playhead": {"time"},
    "stall": {"time"},
    "states": {"time"},
    "line": {"time"},
    "schedule": {"call", "line", "media", "time"},
    "splice": set(),
    "breaks": {"call", "line", "media", "splice", "time"},
    "scte": {"splice"},
    "chapters": {"call", "line", "media", "time"},
    "toc": {"chapters"},
    "mark": {"call", "chapters", "error", "media", "splice", "structure",
             "toc"},
    "cues": {"breaks", "call", "chapters", "error", "line", "mark",
             "schedule", "splice", "time"},
    "observation": {"bitrate", "call", "mark", "media", "time"},
    "monitor": {"bitrate", "call", "media", "observation", "playhead", "stall",
                "time"},
    "enums": {"config", "monitor"},
    "leader": set(),
    "settings": {"config", "enums", "media", "metadata", "text"},
    "rows": {"settings"},
    "structure": {"call", "error", "hit"},
    # plugin/, what touches pipelines.
    "options": {"error"},
    "outbox": set(),
    "controls": {"outbox"},
    "stream": {"drops", "media", "metadata", "monitor", "outbox", "settings",
               "tags", "time"},
    "observer": VALUES | {"asker", "controls", "cues", "installation", "leader",
                          "monitor", "outbox", "settings", "states", "stream",
                          "structure", "tracker"},
    "tap": {"mark", "observer", "scte"},
    "pad-table": {"tap"},
    "trace": {"observer", "pad-table", "settings", "tap"},
}

# Files that are no mh-*: the mh- units that they may include.
OTHERS = (
    ("plugin/gstmediaheartbeat*", {"enums", "leader", "observer", "options",
                                   "outbox", "pad-table", "rows", "settings",
                                   "structure", "tap", "trace"}),
    ("plugin/plugin.c", set()),
    ("examples/*", set()),
)

# What must not be reached, over however many headers.
PURE_PLUGIN = ("bitrate", "breaks", "chapters", "cues", "drops", "line",
               "mark", "monitor", "observation", "playhead", "schedule", "scte",
               "settings", "splice", "stall", "states", "structure", "tags",
               "toc")
NETWORK = ("lane", "network", "protocol", "sender", "service", "soup",
           "soup-pool", "store", "transport", "transport-soup", "worker")
UNREACHABLE = {
    "remember": NETWORK + ("session", "tracker"),
    "session": NETWORK + ("tracker",),
    **{unit: ("session", "tracker") for unit in NETWORK},
    **{unit: NETWORK + ("observer", "outbox", "session", "stream", "tracker")
       for unit in PURE_PLUGIN},
}

# Units that ask no clock, start no thread and know no main loop.
TIMELESS = ("bitrate", "breaks", "call", "chapters", "cues", "drops", "heap",
            "hit", "line", "mark", "media", "metadata", "monitor",
            "observation", "playhead", "protocol", "remember", "retry", "schedule",
            "session", "splice", "stall", "states", "tags", "toc")
NOT_TIMELESS = re.compile(
    r"\b(?:g_get_(?:monotonic|real|current)_time|g_date_time_new_now\w*|"
    r"clock_gettime|gettimeofday|time|mh_clock_now|mh_clock_\w+|"
    r"g_(?:thread|mutex|rec_mutex|rw_lock|cond|private|async_queue|main|"
    r"timeout|idle|source|child_watch|task|random|uuid_string)_\w+|"
    r"gst_(?:clock_get|util_get_timestamp)\w*)\s*\(")

SLEEP = {
    ".c": re.compile(r"\b(?:g_usleep|usleep|sleep|nanosleep|clock_nanosleep|"
                     r"thrd_sleep)\s*\("),
    ".py": re.compile(r"\bsleep\s*\("),
    ".sh": re.compile(r"(?:^|[;&|(]|\bdo|\bthen)\s*sleep\b"),
}
SLEEP[".h"] = SLEEP[".c"]

# ---- reading ----

breaches = []


def breach(path, line, text):
    breaches.append(f"{path}:{line}: {text}")


def blank(match):
    """The same number of lines, without the text."""
    return re.sub(r"[^\n]", " ", match.group(0))


def code_of(text):
    """Without comments and the contents of strings."""
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text,
                  flags=re.DOTALL)


class Source:
    def __init__(self, path):
        self.path = path.relative_to(ROOT).as_posix()
        self.name = path.name
        self.folder = self.path.split("/")[0]
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.splitlines()
        self.code = code_of(self.text) if path.suffix in (".c", ".h") else ""
        # (line, "<" or '"', header)
        self.includes = [
            (number, match.group(1), match.group(2))
            for number, line in enumerate(self.lines, 1)
            if (match := re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line))]
        self.unit = unit_of(self.name) if self.folder in (
            "src", "plugin") else None


def unit_of(name):
    """mh-store-sqlite.c → store; the longest row of the table that fits."""
    match = re.fullmatch(r"mh-(.*)\.[ch]", name)
    if not match:
        return None
    words = match.group(1).split("-")
    for length in range(len(words), 0, -1):
        unit = "-".join(words[:length])
        if unit in UNITS:
            return unit
    return "-".join(words)


def find_lines(source, code, pattern):
    for number, line in enumerate(code.splitlines(), 1):
        for match in pattern.finditer(line):
            yield number, match.group(0)


# ---- the rules ----


def is_in(path, places):
    return not any(fnmatch(path, place[1:]) for place in places
                   if place[0] == "!") and any(
                       fnmatch(path, place) for place in places)


def check_foreign(source, own):
    for number, mark, header in source.includes:
        if mark == '"':
            if header not in own:
                breach(source.path, number, f'"{header}" is not one of ours')
            continue
        for pattern, places in FOREIGN:
            if fnmatch(header, pattern):
                if not is_in(source.path, places):
                    breach(source.path, number,
                           f"<{header}> is for {', '.join(places)} only")
                break
        else:
            breach(source.path, number, f"<{header}> is in no table")


def check_own(source):
    if source.folder == "tests":
        return
    if source.unit:
        if source.unit not in UNITS:
            breach(source.path, 1, f"no row in UNITS for {source.unit}")
            return
        allowed = UNITS[source.unit] | {source.unit}
    else:
        allowed = next((units for pattern, units in OTHERS
                        if fnmatch(source.path, pattern)), set())
    for number, _, header in source.includes:
        unit = unit_of(header)
        if unit and unit not in allowed:
            breach(source.path, number, f"may not include {header}")
        if header.endswith("-private.h") and not source.name.startswith(
                header.removesuffix("-private.h")):
            breach(source.path, number, f"{header} is private")


def check_reach(sources):
    graph = {}
    for source in sources:
        if source.unit:
            graph.setdefault(source.unit, set()).update(
                unit_of(header) for _, _, header in source.includes
                if unit_of(header))
    # What a unit reaches: its own includes, and those of their headers.
    headers = {}
    for source in sources:
        if source.unit and source.name.endswith(".h"):
            headers.setdefault(source.unit, set()).update(
                unit_of(header) for _, _, header in source.includes
                if unit_of(header))
    for unit, banned in UNREACHABLE.items():
        reached, waiting = set(), list(graph.get(unit, ()))
        while waiting:
            other = waiting.pop()
            if other not in reached:
                reached.add(other)
                waiting += headers.get(other, ())
        for other in sorted(reached & set(banned) - {unit}):
            breach(f"mh-{unit}", 1, f"reaches mh-{other}.h")


def check_pair(source):
    """A noun is a pair of files; one that is split shares a private header."""
    if source.folder != "src" or not source.name.endswith(".c"):
        return
    stem = source.name.removesuffix(".c")
    folder = (ROOT / source.path).parent
    words = stem.split("-")
    if (folder / f"{stem}.h").exists() or any(
            (folder / f"{'-'.join(words[:length])}-private.h").exists()
            for length in range(2, len(words))):
        return
    breach(source.path, 1, f"no {stem}.h, and no private header to share")


def check_header(source):
    if source.name.endswith(".h") and not re.search(
            r"^#pragma once$", source.text, re.MULTILINE):
        breach(source.path, 1, "no #pragma once")


def check_head(source):
    if "SPDX-License-Identifier: LGPL-2.1-or-later" not in "\n".join(
            source.lines[:60]):
        breach(source.path, 1, "no SPDX line")
    if source.name.endswith((".c", ".h")) and not re.match(
            r"/\* \S+:? ", source.text):
        breach(source.path, 1, "does not begin with what it is for")


def check_timeless(source):
    if source.unit in TIMELESS:
        for number, text in find_lines(source, source.code, NOT_TIMELESS):
            breach(source.path, number, f"{text}: {source.unit} is told the "
                   "time, and has no thread or loop of its own")


def check_sleep(source):
    pattern = SLEEP.get(Path(source.name).suffix)
    if source.folder == "tests" and pattern:
        for number, _ in find_lines(source, source.code or source.text,
                                    pattern):
            breach(source.path, number, "a test does not sleep: it waits for "
                   "something, or sets the clock")


def check_length(source):
    length = len(source.lines)
    if source.folder == "tests":
        return
    if length > TOO_LONG_FILE:
        breach(source.path, length, f"longer than {TOO_LONG_FILE} lines")


def check_functions(source):
    start = 0
    for number, line in enumerate(source.code.splitlines(), 1):
        if line.startswith("{"):
            start = number
        elif line.startswith("}") and start:
            name = source.lines[start - 2]
            if re.match(r"(typedef )?(struct|enum|union)\b", name):
                continue
            limit = (TOO_LONG_CLASS_INIT if "class_init" in name
                     else TOO_LONG_TEST if source.folder == "tests"
                     else TOO_LONG_FUNCTION)
            if number - start - 1 > limit:
                breach(source.path, start,
                       f"a body of more than {limit} lines")
            start = 0


def main():
    # Only what is ours: build directories are next to it.
    sources = [Source(path)
               for folder in ("src", "plugin", "examples", "tests")
               for path in sorted((ROOT / folder).rglob("*"))
               if path.suffix in (".c", ".h", ".py", ".sh")]
    own = {source.name for source in sources if source.name.endswith(".h")}
    for source in sources:
        check_sleep(source)
        if not source.name.endswith((".c", ".h")):
            continue
        check_foreign(source, own)
        check_own(source)
        check_pair(source)
        check_header(source)
        check_head(source)
        check_timeless(source)
        check_length(source)
        check_functions(source)
    check_reach(sources)
    for line in breaches:
        print(line)
    print(f"{len(sources)} files, {len(breaches)} breaches")
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
