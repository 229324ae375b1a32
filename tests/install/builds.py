#!/usr/bin/env python3
# builds: two builds of the same sources install the same files, byte by byte,
# and an application can be linked to the plugin.
#
#   builds.py
#
# The builds differ in all that should not matter: folders, time, language, time
# zone, umask, jobs and the compiler's cache. They have no examples and no tests,
# and need only the libraries of DEPENDENCIES. A shared and a static plugin are
# made (-Ddefault_library=both); static.c beside this file is linked to the latter
# by pkg-config, and run.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PREFIX = Path("usr")
OPTIONS = ["--buildtype=plain", "-Doptimization=1", "--prefix=/usr",
           "--libdir=lib", "-Ddefault_library=both", "-Dexamples=false",
           "-Dreplay=false", "-Dtests=false"]
DEPENDENCIES = {"glib-2.0", "gobject-2.0", "gmodule-no-export-2.0",
                "gio-unix-2.0", "gstreamer-1.0", "libsoup-3.0",
                "json-glib-1.0", "sqlite3"}
OPTIONAL = {"gstreamer-mpegts-1.0"}

faults = []


def check(holds, text):
    if not holds:
        faults.append(text)
        print(text)
    return holds


def run(*command, **variables):
    result = subprocess.run([str(word) for word in command],
                            env={**os.environ, **variables},
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)
    if not check(result.returncode == 0, " ".join(map(str, command))):
        print(result.stdout)
    return result.returncode == 0


def build(directory, umask, jobs, **variables):
    """Returns where it has been installed."""
    before = os.umask(umask)
    try:
        source, there = directory / "source", directory / "there"
        shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(
            "build*-*", "build", ".git", "__pycache__"))
        if not (run("meson", "setup", directory / "made", source, *OPTIONS,
                    **variables)
                and run("ninja", "-C", directory / "made", f"-j{jobs}",
                        **variables)
                and run("meson", "install", "-C", directory / "made",
                        "--no-rebuild", "--quiet", "--destdir", there,
                        **variables)):
            sys.exit(1)
        return there
    finally:
        os.umask(before)


def check_dependencies(directory):
    rows = json.loads(subprocess.check_output(
        ["meson", "introspect", "--dependencies", directory / "made"]))
    # Later versions of meson list the C library's own, and what has no name.
    names = {row["name"] for row in rows
             if not re.fullmatch(r"dl|m|dep\d+", row["name"])}
    check(names - OPTIONAL == DEPENDENCIES, f"it depends on {sorted(names)}")


def list_files(there):
    return {path.relative_to(there): path for path in sorted(there.rglob("*"))
            if path.is_file()}


def check_equal(one, other):
    ones, others = list_files(one), list_files(other)
    check(ones.keys() == others.keys(),
          f"not in both: {sorted(map(str, ones.keys() ^ others.keys()))}")
    for name in ones.keys() & others.keys():
        check(filecmp.cmp(ones[name], others[name], shallow=False),
              f"{name}: the two builds differ")
        check(ones[name].stat().st_mode == others[name].stat().st_mode,
              f"{name}: the modes differ")
    return ones


def flags(there):
    plugins = there / PREFIX / "lib/gstreamer-1.0"
    text = subprocess.check_output(
        ["pkg-config", "--cflags", "--libs", "gstmediaheartbeat"], text=True,
        env={**os.environ, "PKG_CONFIG_PATH": str(plugins / "pkgconfig")})
    # It is not where its file says.
    return [f"-L{plugins}", *text.split()]


def check_static(there, directory):
    program = directory / "static"
    compiler = os.environ.get("CC", "cc").split()
    if run(*compiler, "-o", program, HERE / "static.c", *flags(there)):
        run(program, GST_PLUGIN_PATH_1_0="",
            GST_REGISTRY_1_0=str(directory / "registry.bin"))
        libraries = subprocess.check_output(["ldd", program], text=True)
        check("libgstmediaheartbeat" not in libraries, libraries)
        check("libsoup" not in libraries, libraries)


def main():
    with tempfile.TemporaryDirectory() as name:
        one, other = Path(name) / "one", Path(name) / "another/folder"
        there = build(one, 0o022, 2, LC_ALL="C.UTF-8", TZ="UTC")
        check_dependencies(one)
        check_static(there, Path(name))
        also = build(other, 0o077, 1, LC_ALL="C", TZ="Asia/Tokyo",
                     CCACHE_DISABLE="1")
        files = check_equal(there, also)
        check(len(files) > 10, f"only {len(files)} files")
    return 1 if faults else 0


sys.exit(main())
