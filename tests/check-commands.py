#!/usr/bin/env python3
# check-commands: the commands in README.md, HACKING.md and docs can be typed.
#
#   check-commands.py BUILD
#
# Of a block of code in a document, the lines that begin with `$ ` are commands,
# with what is continued by a backslash. Pipelines of gst-launch-1.0 are parsed:
# their elements and properties exist. Programs of this project exist, and their
# --help has each option. Names in GST_TRACERS are those of a tracer and of
# properties. Nothing is played.
#
# Ends with 77 (skipped) without python3-gi and gir1.2-gstreamer-1.0.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SYSTEM_PYTHON = "/usr/bin/python3"
SKIPPED = 77
LAUNCH_OPTIONS = {"-m", "-q", "-e", "-v"}

faults = []


def load_gst():
    try:
        import gi
        gi.require_version("Gst", "1.0")
        from gi.repository import Gst
    except (ImportError, ValueError) as error:
        # Another python3 may come first that has no gi.
        if os.path.exists(SYSTEM_PYTHON) and sys.executable != SYSTEM_PYTHON:
            os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON] + sys.argv)
        print(f"skipped: {error}")
        sys.exit(SKIPPED)
    Gst.init(None)
    return Gst


def documents():
    return [ROOT / "README.md", ROOT / "HACKING.md",
            *sorted((ROOT / "docs").rglob("*.md"))]


def commands(path):
    """(line, command) of each."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, 1):
        if not line.startswith("    $ ") and not line.strip().startswith("$ "):
            continue
        command, n = line.strip()[2:], number
        while command.endswith("\\"):
            command = command[:-1] + lines[n].strip()
            n += 1
        yield f"{path.relative_to(ROOT)}:{number}", command


def is_shortened(text):
    return "…" in text or "..." in text


def check_launch(Gst, where, words):
    words = [word for word in words if word not in LAUNCH_OPTIONS]
    try:
        Gst.parse_launchv(words)
    except Exception as error:  # GLib.Error, of whichever gi
        faults.append(f"{where}: {error}")


def check_tracers(Gst, where, text):
    match = re.fullmatch(r"(\w+)\((.*)\)", text)
    if not match:
        faults.append(f"{where}: {text} is no tracer with parameters")
        return
    if not Gst.Registry.get().find_feature(
            match.group(1), Gst.TracerFactory.__gtype__):
        faults.append(f"{where}: there is no tracer {match.group(1)}")
    structure = Gst.Structure.from_string(f"x, {match.group(2)}")[0]
    known = {pspec.name for pspec in Gst.ElementFactory.make(
        "mediaheartbeat").list_properties()} | {"filter"}
    for i in range(structure.n_fields()):
        if structure.nth_field_name(i) not in known:
            faults.append(f"{where}: the tracer has no parameter "
                          f"{structure.nth_field_name(i)}")


def help_of(program):
    return subprocess.run([program, "--help"], capture_output=True, text=True,
                          check=False).stdout


def check_program(build, where, words):
    program = ROOT / words[0]
    if words[0].startswith("build/"):
        program = build / words[0].removeprefix("build/")
    if not os.access(program, os.X_OK):
        faults.append(f"{where}: there is no program {words[0]}")
        return
    # Scripts have no --help: they would play.
    if program.suffix:
        return
    text = help_of(program)
    for word in words[1:]:
        option = word.split("=")[0]
        if word.startswith("--") and not re.search(
                re.escape(option) + r"(?![\w-])", text):
            faults.append(f"{where}: {words[0]} has no option {word}")


def check(Gst, build, where, command):
    words = shlex.split(command)
    if words[-1] == "&":
        words.pop()
    while words and re.match(r"[A-Z_]+=", words[0]):
        name, _, value = words.pop(0).partition("=")
        if name == "GST_TRACERS" and not is_shortened(value):
            check_tracers(Gst, where, value)
    if words[0] == "gst-launch-1.0" and not is_shortened(command):
        check_launch(Gst, where, words[1:])
    elif words[0].startswith(("build/", "examples/", "tests/")):
        check_program(build, where, words)


def main():
    build = Path(sys.argv[1]).resolve()
    # Where it is run by hand; meson's test has them set.
    os.environ.setdefault("GST_PLUGIN_PATH_1_0", str(build / "plugin"))
    os.environ.setdefault("GST_REGISTRY_1_0",
                          str(build / "tests" / "registry.bin"))
    Gst = load_gst()
    n = 0
    for path in documents():
        for where, command in commands(path):
            check(Gst, build, where, command)
            n += 1
    for line in faults:
        print(line)
    print(f"{n} commands, {len(faults)} cannot be typed")
    sys.exit(1 if faults or not n else 0)


if __name__ == "__main__":
    main()
