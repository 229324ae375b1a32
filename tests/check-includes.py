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

# Folder → the folders whose headers its files may include, besides their own.
# A row names rows below it only: the arrows point down. A file with a row of
# its own has that instead of its folder's.
ARROWS = {
    "examples/replay": ("examples/collector", "src/delivery", "src/http",
                        "src/store", "src/protocol", "src/session",
                        "src/model", "src/base"),
    "plugin": ("plugin/tracer", "plugin/element"),
    "plugin/tracer": ("plugin/element", "plugin/player", "plugin/observe",
                      "plugin/timeline", "plugin/base", "src/model",
                      "src/base"),
    "plugin/element": ("plugin/player", "plugin/observe", "plugin/base",
                       "src/model"),
    "plugin/player": ("plugin/observe", "plugin/infer", "plugin/timeline",
                      "plugin/base", "src/session", "src/store", "src/model",
                      "src/base"),
    "plugin/observe": ("plugin/infer", "plugin/timeline", "plugin/base",
                       "src/model", "src/base"),
    "plugin/infer": ("plugin/base", "src/model", "src/base"),
    "plugin/timeline": ("plugin/base", "src/model", "src/base"),
    "plugin/base": ("src/model", "src/base"),
    "src/helper": ("src/delivery", "src/store", "src/http", "src/model",
                   "src/base"),
    "src/session/mh-tracker*": ("src/session", "src/delivery", "src/protocol",
                                 "src/model", "src/base"),
    "src/session": ("src/model", "src/base"),
    "src/delivery": ("src/store", "src/protocol", "src/http", "src/model",
                     "src/base"),
    "src/store": ("src/model", "src/base"),
    "src/protocol": ("src/http", "src/model", "src/base"),
    "src/http": ("src/base",),
    "src/model": ("src/base",),
    "src/base": (),
    "examples": (),
    "examples/collector": (),
}

# Files that ask no clock, start no thread, know no main loop, and include none
# that does: the caller tells them the time.
PURE = ("plugin/infer/*", "plugin/timeline/*", "plugin/base/*",
        "!plugin/base/mh-log-route.*",
        "plugin/observe/mh-tags.*", "src/session/*", "src/protocol/*",
        "src/model/*", "src/delivery/mh-backoff.*",
        "src/delivery/mh-suspects.*", "src/http/mh-transport.*",
        "src/base/mh-error.*", "src/base/mh-time-queue.*", "src/base/mh-log.*",
        "src/base/mh-text.*", "src/base/mh-wall-jump.*",
        "src/base/mh-time.*", "!src/session/mh-tracker*")

# Header → the files that may include it (!: these not). The first match
# counts; a pattern without a slash is for headers without one. A library
# belongs to one folder.
FOREIGN = (
    ("gst/*", ("plugin/*", "examples/*", "tests/*", "!examples/collector/*",
               "!tests/examples/collector/*", "!tests/src/*")),
    ("libsoup/*", ("src/http/mh-soup-load.h", "examples/*", "tests/*")),
    ("sqlite3.h", ("src/store/*.c", "src/store/*-private.h",
                   "examples/collector/collector-keep.c", "tests/*")),
    ("json-glib/*", ("src/protocol/*.c", "src/protocol/mh-json.h",
                     "examples/*", "tests/*")),
    ("sys/timerfd.h", ("src/base/*.c",)),
    ("linux/*", ("src/delivery/*.c",)),
    ("net/*", ("src/delivery/*.c", "tests/*")),
    ("netinet/*", ("src/delivery/*.c", "tests/*")),
    ("dlfcn.h", ("src/http/*.c", "tests/*")),
    ("gio/*", ("src/*", "plugin/*", "examples/*",
               "tests/*")),
    ("glib/*", ("src/*", "plugin/*", "examples/*",
               "tests/*")),
    ("glib*.h", ("src/*", "plugin/*", "examples/*",
               "tests/*")),
    # The C library's.
    ("sys/*.h", ("src/*", "plugin/*", "examples/*",
               "tests/*")),
    ("*.h", ("src/*", "plugin/*", "examples/*",
               "tests/*")),
)

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

# Made at build time.
GENERATED = {"collector-resources.h"}

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
        self.root = self.path.split("/")[0]
        self.folder = self.path.rpartition("/")[0]
        self.text = path.read_text(encoding="utf-8")
        self.lines = self.text.splitlines()
        self.code = code_of(self.text) if path.suffix in (".c", ".h") else ""
        # (line, "<" or '"', header)
        self.includes = [
            (number, match.group(1), match.group(2))
            for number, line in enumerate(self.lines, 1)
            if (match := re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line))]


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
            if header not in own and header not in GENERATED:
                breach(source.path, number, f'"{header}" is not one of ours')
            continue
        for pattern, places in FOREIGN:
            if fnmatch(header, pattern) and (
                    "/" in pattern or "/" not in header):
                if not is_in(source.path, places):
                    breach(source.path, number,
                           f"<{header}> is for {', '.join(places)} only")
                break
        else:
            breach(source.path, number, f"<{header}> is in no table")


def row_of(source):
    """A file's own row, or else its folder's."""
    return next((row for row in ARROWS if fnmatch(source.path, row)),
                source.folder)


def check_arrows(source, headers):
    if source.root == "tests":
        return
    row = row_of(source)
    if row not in ARROWS:
        breach(source.path, 1, f"no row in ARROWS for {row}")
        return
    for number, _, name in source.includes:
        header = headers.get(name)
        if not header or header.folder in (row, *ARROWS[row]):
            continue
        if header.folder != source.folder:
            breach(source.path, number,
                   f"{row} may not include {header.path}")


def check_private(source):
    if source.root == "tests":
        return
    for number, _, header in source.includes:
        if header.endswith("-private.h") and not source.name.startswith(
                header.removesuffix("-private.h")):
            breach(source.path, number, f"{header} is private")


def check_pure(source, headers):
    if not is_in(source.path, PURE):
        return
    for number, text in find_lines(source, source.code, NOT_TIMELESS):
        breach(source.path, number, f"{text}: a pure file is told the time, "
               "and has no thread or loop of its own")
    for number, _, name in source.includes:
        header = headers.get(name)
        if header and not is_in(header.path, PURE):
            breach(source.path, number,
                   f"a pure file may not include {header.path}")


def check_tables():
    """The arrows point down."""
    rows = list(ARROWS)
    for number, row in enumerate(rows):
        for other in ARROWS[row]:
            if other not in rows[number:]:
                breach("tests/check-includes.py", 1,
                       f"ARROWS: {row} → {other} does not point down")


def check_build(folder, sources):
    """A folder's meson.build says what it is for, and lists its files."""
    path = ROOT / folder / "meson.build"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if not re.match(r"(#[^\n]+\n){3}", text):
        breach(f"{folder}/meson.build", 1, "does not begin with three lines on "
               "what the folder is for and what it may touch")
    for source in sources:
        if (source.folder == folder and source.name.endswith(".c") and
                f"'{source.name}'" not in text):
            breach(f"{folder}/meson.build", 1, f"does not list {source.name}")


def check_pair(source):
    """A noun is a pair of files; one that is split shares a private header."""
    if (source.root != "src" or not source.name.endswith(".c") or
            source.name == "main.c"):
        return
    stem = source.name.removesuffix(".c")
    folder = (ROOT / source.path).parent
    words = stem.split("-")
    if (folder / f"{stem}.h").exists() or any(
            (folder / f"{'-'.join(words[:length])}-private.h").exists()
            for length in range(2, len(words))):
        return
    breach(source.path, 1, f"no {stem}.h, and no private header to share")


def list_parts(source):
    """The files of a unit that share a private header: those without a header of
    their own, and not those of a longer private header."""
    stem = source.name.removesuffix("-private.h")
    folder = (ROOT / source.path).parent
    longer = [path.name.removesuffix("-private.h")
              for path in folder.glob(f"{stem}-*-private.h")]
    return [path.name for path in sorted(folder.glob(f"{stem}-*.c"))
            if not (folder / f"{path.stem}.h").exists() and
            not any(f"{path.stem}-".startswith(f"{other}-")
                    for other in longer)]


def check_parts(source):
    """A unit that is split says in one of its headers which file has what."""
    if source.root == "tests" or not source.name.endswith("-private.h"):
        return
    public = ROOT / source.path.replace("-private.h", ".h")
    text = source.text + (public.read_text(encoding="utf-8")
                          if public.exists() else "")
    for name in list_parts(source):
        if not re.search(rf"^ \* {re.escape(name)}  +\S", text, re.MULTILINE):
            breach(source.path, 1, f"does not say what {name} has")


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


def check_sleep(source):
    pattern = SLEEP.get(Path(source.name).suffix)
    if source.root == "tests" and pattern:
        for number, _ in find_lines(source, source.code or source.text,
                                    pattern):
            breach(source.path, number, "a test does not sleep: it waits for "
                   "something, or sets the clock")


def check_length(source):
    length = len(source.lines)
    if source.root == "tests":
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
                     else TOO_LONG_TEST if source.root == "tests"
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
    headers = {source.name: source for source in sources
               if source.name.endswith(".h")}
    for source in sources:
        check_sleep(source)
        if not source.name.endswith((".c", ".h")):
            continue
        check_foreign(source, headers)
        check_arrows(source, headers)
        check_private(source)
        check_pair(source)
        check_parts(source)
        check_header(source)
        check_head(source)
        check_pure(source, headers)
        check_length(source)
        check_functions(source)
    check_tables()
    for folder in ARROWS:
        if folder.startswith(("plugin", "src")) and "*" not in folder:
            check_build(folder, sources)
    for line in breaches:
        print(line)
    print(f"{len(sources)} files, {len(breaches)} breaches")
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
