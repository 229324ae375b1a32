#!/usr/bin/env python3
# check-packaging: what examples/packaging says of this project is true: its
# version, its options, its licence file, and that a package names what is loaded
# at run time. The Debian package names one maintainer, whose address is not that
# of a package in Debian.
#
# Prints one line for each breach, and fails if there is one.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "examples/packaging"
DEBIAN = PACKAGING / "debian"
BUILDROOT = PACKAGING / "buildroot/gst1-mediaheartbeat"
ASKED = r"--atleast-version=([\d.]+)"
OPTION = re.compile(r"-D([a-z-]+)=")

faults = []


def check(holds, text):
    if not holds:
        faults.append(text)
        print(text)


def read(path):
    return path.read_text(encoding="utf-8")


def find(pattern, path):
    match = re.search(pattern, read(path), re.M)
    check(match, f"{path.relative_to(ROOT)} has no {pattern}")
    return match.group(1) if match else None


def check_versions(recipe):
    version = find(r"^  version: '(.*)',$", ROOT / "meson.build")
    found = {
        "debian/changelog": find(r"^gst-media-heartbeat \((.*)-",
                                 DEBIAN / "changelog"),
        "the recipe's name": recipe.stem.split("_")[1],
        "buildroot": find(r"_VERSION = (.*)$",
                          BUILDROOT / "gst1-mediaheartbeat.mk"),
        "NEWS.md": find(r"^## ([\d.]+)", ROOT / "NEWS.md"),
        "README.md": find(ASKED, ROOT / "README.md"),
        "docs/guide/embedded.md": find(r"heartbeat-([\d.]+)\.tar\.xz",
                                       ROOT / "docs/guide/embedded.md"),
        "docs/troubleshooting.md": find(ASKED, ROOT / "docs/troubleshooting.md"),
    }
    for where, value in found.items():
        check(value == version, f"{where}: {value}, not {version}")


def check_maintainer():
    maintainer = find(r"^Maintainer: (.*)$", DEBIAN / "control")
    changer = find(r"^ -- (.*)  ", DEBIAN / "changelog")
    check(changer == maintainer,
          f"debian/changelog: {changer}, not {maintainer}")
    check("debian.org" not in maintainer,
          f"{maintainer}: this package is not in Debian")


def check_options(paths):
    options = re.findall(r"^option\('([a-z-]+)'", read(ROOT / "meson_options.txt"),
                         re.M)
    for path in paths:
        used = set(OPTION.findall(read(path)))
        check(used, f"{path.relative_to(ROOT)} sets no option")
        for name in sorted(used - set(options)):
            check(False, f"{path.relative_to(ROOT)}: no option {name}")


def main():
    recipe, = (PACKAGING / "yocto").glob("*.bb")
    make = BUILDROOT / "gst1-mediaheartbeat.mk"
    check_versions(recipe)
    check_maintainer()
    check_options([recipe, make, DEBIAN / "rules"])
    digest = hashlib.md5((ROOT / "COPYING").read_bytes()).hexdigest()
    check(digest in read(recipe), f"{recipe.name}: COPYING is {digest}")
    for path, names in ((recipe, ("libsoup", "glib-networking")),
                        (DEBIAN / "control", ("libsoup-3.0-0",
                                              "glib-networking")),
                        (BUILDROOT / "Config.in", ("LIBSOUP3", "LIBSOUP3_SSL"))):
        for name in names:
            check(re.search(rf"(?<![\w-]){name}\b(?!-dev)|BR2_PACKAGE_{name}\b",
                            read(path)),
                  f"{path.relative_to(ROOT)} does not name {name}")
    return 1 if faults else 0


sys.exit(main())
