#!/usr/bin/env python3
# check-headers: every header compiles alone.
#
#   check-headers.py BUILD-DIRECTORY
#
# With the flags of a source file next to it, as the build directory has them.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read_flags(build):
    """Source file → a compiler's command line without its input and output."""
    return {
        Path(os.path.normpath(build / entry["file"])): shlex.split(
            re.sub(r" -M[QFT] \S+| -MD| -o \S+| -c .*", "",
                   entry["command"]))
        for entry in json.loads((build / "compile_commands.json").read_text())}


def choose_flags(flags, header):
    """Those of its own source file, of one that it is a part of (mh-x-private.h
    of mh-x.c), or of any next to it."""
    name = header.stem.removesuffix("-private")
    return flags.get(header.with_name(name + ".c")) or next(
        (command for source, command in flags.items()
         if source.parent == header.parent), None)


def compile_alone(build, command, header):
    """What the compiler says against it, or None."""
    if not command:
        return f"{header}: nothing next to it is compiled\n"
    # As a forced include, since a main file has no use for #pragma once.
    command = command + ["-fsyntax-only", "-include", str(header), "-x", "c",
                         "/dev/null"]
    run = subprocess.run(command, cwd=build, stdin=subprocess.DEVNULL,
                         capture_output=True, text=True)
    return run.stderr if run.returncode else None


def main():
    build = Path(sys.argv[1]).resolve()
    flags = read_flags(build)
    headers = [path for folder in ("src", "plugin", "examples", "tests")
               for path in sorted((ROOT / folder).rglob("*.h"))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = list(filter(None, pool.map(
            lambda header: compile_alone(build, choose_flags(flags, header),
                                         header), headers)))
    sys.stdout.write("".join(failed))
    print(f"{len(headers)} headers, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
