#!/usr/bin/env python3
# check-references: what comments and documents cite exists.
#
# Looks for paths of files and for headings of documents, as in
# docs/guide/privacy.md#opt-out, in all sources and documents; for links in
# documents; and, in code spans of documents, for units (`mh-store`),
# functions (`mh_store_commit()`) and, in docs/guarantees.md, cases of tests
# (`/offline/no-server`). docs/guarantees.md must name a test in each row. The unit
# that a test's first line names exists.
#
# Prints one line for each dead reference, `file:line: what`, and fails if there
# is one. --fix writes the new path of files that have moved.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "plugin", "examples", "tests", "docs", ".ci")
GUARANTEES = "docs/guarantees.md"

# In a comment or a text: the path of a document from the top folder.
CITATION = re.compile(
    r"(?<![\w/.-])((?:docs/[\w./-]*|README|HACKING|NEWS)\.md)(?:#([\w-]+))?")
# Any file, by its path from the top folder; not where a name stands for any.
FILE = re.compile(r"(?<![\w/.<>@'-])((?:src|helper|plugin|examples|tests|\.ci)/"
                  r"[\w./*-]*\.(?:[chm]|py|js|sh|md|json|build|pem|supp))\b")
ANY = re.compile(r"NAME|[/-][Xx]\b|FILE")
# A further heading of the document before it: `inference.md#stalls and #items`.
FURTHER = re.compile(r"(?:,|\band)\s+(?:[*#/]+\s+)?#([a-z][\w-]*)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:\.?[\w-]+/)+[\w.*-]+")
UNIT = re.compile(r"mh-[a-z][\w.*-]+")
FUNCTION = re.compile(r"([a-z_][a-z0-9_]+) ?\(\)")
TESTED = re.compile(r"/\* Tests of (mh-[\w-]+)")
CASE = re.compile(r"(?:/[a-z0-9-]+){2,}")
# What GStreamer, GLib and languages have.
FOREIGN = re.compile(r"(gst|g|mh_test|pthread|timerfd)_|exit$|main$|seek_simple$"
                     r"|get_property$|track$")

faults = []
moves = {}  # file → {old path: new path}
n_references = 0


def fault(path, line, text):
    faults.append(f"{path.relative_to(ROOT)}:{line}: {text}")


def list_files():
    """What git knows or would add; without git, all but build directories."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others",
               "--exclude-standard"]
    try:
        names = subprocess.run(command, capture_output=True, text=True,
                               check=True).stdout.split("\n")
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(ROOT)) for folder in FOLDERS
                 for path in (ROOT / folder).rglob("*")]
        names += [path.name for path in ROOT.glob("*.md")]
    return [ROOT / name for name in sorted(set(names))
            if name and (ROOT / name).is_file()]


def anchor_of(heading):
    """As web pages of repositories make it."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def without_code(text):
    """The same number of lines, those of code blocks empty."""
    fenced, result = False, []
    for line in text.split("\n"):
        mark = line.lstrip().startswith("```")
        fenced ^= mark
        result.append("" if mark or fenced or line.startswith("    ") else line)
    return "\n".join(result)


class Tree:
    def __init__(self):
        self.files = list_files()
        self.texts = {}
        for path in self.files:
            if path.suffix in (".c", ".h", ".py", ".js", ".sh", ".md", ".build"):
                self.texts[path] = path.read_text(encoding="utf-8")
        self.names = {path.relative_to(ROOT).as_posix() for path in self.files}
        self.folders = {parent.as_posix() for name in self.names
                        for parent in Path(name).parents}
        self.anchors = {path: self.find_anchors(text)
                        for path, text in self.texts.items()
                        if path.suffix == ".md"}
        code = "\n".join(text for path, text in self.texts.items()
                         if path.suffix in (".c", ".h"))
        self.functions = set(re.findall(r"\b([a-z_][a-z0-9_]+) ?\(", code))
        self.tests = "\n".join(
            text for path, text in self.texts.items()
            if path.relative_to(ROOT).as_posix().startswith("tests/")
            and path.suffix != ".md")

    def find_moved(self, name):
        """The new path, where it is clear which: the same name elsewhere."""
        top, last = name.split("/")[0], name.rstrip("/").split("/")[-1]
        pattern = re.escape(last).replace(r"\*", "[^/]*")
        if not Path(last).suffix:
            pattern += r"(\.\w+)?"
        folders = {other.rpartition("/")[0] for other in self.names
                   if other.split("/")[0] == top
                   and re.fullmatch(pattern, Path(other).name)}
        return f"{folders.pop()}/{last}" if len(folders) == 1 else None

    def has_unit(self, name):
        """A file, in whichever folder: `mh-store`, `mh-store*`, `mh-store.c`."""
        pattern = re.escape(name).replace(r"\*", "[^/]*")
        return any(re.fullmatch(pattern + r"(\.\w+)?", Path(other).name)
                   for other in self.names)

    @staticmethod
    def find_anchors(text):
        anchors = set()
        for line in without_code(text).split("\n"):
            match = re.match(r"#{1,6} (.*)", line)
            if not match:
                continue
            anchor, n = anchor_of(match.group(1)), 0
            while (anchor + (f"-{n}" if n else "")) in anchors:
                n += 1
            anchors.add(anchor + (f"-{n}" if n else ""))
        return anchors

    def has_path(self, name):
        """A file or a folder; `src/store/mh-store` is what begins so."""
        if "*" in name or not Path(name).suffix:
            pattern = re.escape(name.rstrip("/")).replace(r"\*", "[^/]*")
            return name.rstrip("/") in self.folders or any(
                re.fullmatch(pattern + r"(\.\w+)?", other)
                for other in self.names)
        return name in self.names


def check_target(tree, path, line, target, anchor):
    global n_references
    n_references += 1
    if target not in tree.anchors:
        fault(path, line, f"there is no {target.relative_to(ROOT)}"
              if ROOT in target.parents else f"there is no {target}")
    elif anchor and anchor not in tree.anchors[target]:
        fault(path, line,
              f"{target.relative_to(ROOT)} has no heading #{anchor}")


def check_citations(tree, path, text):
    """Also where a line of a comment breaks behind the path."""
    for match in CITATION.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        target = ROOT / match.group(1)
        check_target(tree, path, line, target, match.group(2))
        rest = text[match.end():]
        while match.group(2) and (more := FURTHER.match(rest.lstrip(" \n*"))):
            check_target(tree, path, line, target, more.group(1))
            rest = rest.lstrip(" \n*")[more.end():]


def check_path(tree, path, number, name):
    global n_references
    n_references += 1
    if tree.has_path(name):
        return
    moved = tree.find_moved(name)
    if moved:
        moves.setdefault(path, {})[name] = moved
    fault(path, number, f"there is no {name}" +
          (f"; it is at {moved}" if moved else ""))


def check_files(tree, path, text):
    for number, line in enumerate(text.split("\n"), 1):
        for match in FILE.finditer(line):
            name = match.group(1)
            if ANY.search(name):
                continue
            check_path(tree, path, number, name)


def check_links(tree, path, text):
    global n_references
    for number, line in enumerate(without_code(text).split("\n"), 1):
        for match in LINK.finditer(line):
            name, _, anchor = match.group(1).partition("#")
            if ":" in name:
                continue
            target = (path.parent / name).resolve() if name else path
            if target.suffix == ".md":
                check_target(tree, path, number, target, anchor)
                continue
            n_references += 1
            if not target.exists():
                fault(path, number, f"there is no {match.group(1)}")


def check_span(tree, path, number, span):
    global n_references
    if ANY.search(span):
        return
    if PATH.fullmatch(span) and span.split("/")[0] in FOLDERS and (
            not FILE.match(span)):
        check_path(tree, path, number, span)
    elif UNIT.fullmatch(span):
        n_references += 1
        if not tree.has_unit(span):
            fault(path, number, f"no file is named {span}")
    elif (match := FUNCTION.fullmatch(span)):
        n_references += 1
        name = match.group(1)
        if name not in tree.functions and not FOREIGN.match(name):
            fault(path, number, f"there is no function {name}()")
    elif path.relative_to(ROOT).as_posix() == GUARANTEES and (
            CASE.fullmatch(span)):
        n_references += 1
        if f'"{span}' not in tree.tests and not is_made(tree, span):
            fault(path, number, f"there is no test {span}")


def is_made(tree, case):
    """Paths of tests may be put together: "/offline/" and "no-server"."""
    parts = case[1:].split("/")
    return any(f'"/{"/".join(parts[:n])}/' in tree.tests and
               f'{"/".join(parts[n:])}"' in tree.tests
               for n in range(1, len(parts)))


def check_spans(tree, path, text):
    for number, line in enumerate(without_code(text).split("\n"), 1):
        for match in SPAN.finditer(line):
            check_span(tree, path, number, match.group(1))


def check_tested(tree, path, text):
    global n_references
    if match := TESTED.match(text):
        n_references += 1
        if not tree.has_unit(match.group(1)):
            fault(path, 1, f"no file is named {match.group(1)}")


def check_guarantees(tree):
    path = ROOT / GUARANTEES
    if path not in tree.texts:
        fault(path, 1, "there is no such document")
        return
    rows = [(number, line)
            for number, line in enumerate(tree.texts[path].split("\n"), 1)
            if line.startswith("| ") and not line.startswith("| ---")]
    for number, line in rows[1:]:
        if "`tests/" not in line:
            fault(path, number, "no test is named")


def fix():
    for path, names in moves.items():
        text = path.read_text(encoding="utf-8")
        for old, new in names.items():
            text = re.sub(rf"(?<![\w/.]){re.escape(old)}(?![\w-])", new, text)
        path.write_text(text, encoding="utf-8")


def main():
    tree = Tree()
    for path, text in tree.texts.items():
        check_citations(tree, path,
                        without_code(text) if path.suffix == ".md" else text)
        check_files(tree, path, text)
        check_tested(tree, path, text)
        if path.suffix == ".md":
            check_links(tree, path, text)
            check_spans(tree, path, text)
    check_guarantees(tree)
    for line in faults:
        print(line)
    print(f"{n_references} references, {len(faults)} dead")
    if "--fix" in sys.argv[1:]:
        fix()
    sys.exit(1 if faults or not n_references else 0)


if __name__ == "__main__":
    main()
