#!/usr/bin/env python3
# check-reference: docs/reference agrees with the code.
#
#   check-reference.py [--fix] [--build DIR]
#
# properties.md: the table between its two marks is made from the properties of
# the built plugin, and --fix writes it. calls.md: each call and each argument
# of src/model/mh-call-table.c has a row. stats.md: each field of the property stats has a
# row. What an application uses says since which version: the documentation of
# enumerations, signals, the element and the tracer, and each page.
#
# Needs python3-gi and gir1.2-gstreamer-1.0, as the example player does; ends
# with 77 (skipped) without them. --build is for use by hand: meson's test gives
# the environment of the tests.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
BEGIN = "<!-- made by tests/check-reference.py --fix -->"
END = "<!-- end -->"
SKIPPED = 77
SYSTEM_PYTHON = "/usr/bin/python3"

faults = []


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("--build", type=Path)
    return parser.parse_args()


def make_element(build):
    if build:
        os.environ["GST_PLUGIN_PATH_1_0"] = str(build.resolve() / "plugin")
        os.environ["GST_REGISTRY_1_0"] = str(build.resolve() / "registry.bin")
    try:
        import gi
        gi.require_version("Gst", "1.0")
        from gi.repository import GObject, Gst
    except (ImportError, ValueError) as error:
        # Another python3 may come first that has no gi.
        if os.path.exists(SYSTEM_PYTHON) and sys.executable != SYSTEM_PYTHON:
            os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON] + sys.argv)
        print(f"skipped: {error}")
        sys.exit(SKIPPED)
    Gst.init(None)
    element = Gst.ElementFactory.make("mediaheartbeat", None)
    if not element:
        sys.exit("the plugin is not found")
    return GObject, Gst, element


# ---- properties ----


def escape(text):
    return text.replace("|", "\\|").replace("\n", " ")


def type_of(GObject, pspec):
    name = pspec.value_type.name
    if pspec.value_type.is_a(GObject.TYPE_ENUM):
        return "enum"
    return {"gchararray": "string", "gboolean": "boolean", "gint": "int",
            "guint": "uint", "gint64": "int64", "guint64": "uint64",
            "gdouble": "double"}.get(name, name)


def values_of(GObject, pspec):
    """The values of an enumeration by number: newer gi has no table of them."""
    kind = pspec.enum_class
    return getattr(kind, "__enum_values__", None) or {
        number: GObject.enum_get_value(kind, number)
        for number in range(kind.minimum, kind.maximum + 1)}


def default_of(GObject, pspec):
    kind = type_of(GObject, pspec)
    # Newer gi has it for no pspec of a boxed type.
    default = getattr(pspec, "default_value", None)
    if kind == "enum":
        return f"`{values_of(GObject, pspec)[int(default)].value_nick}`"
    if default is None:
        return "none"
    if kind == "boolean":
        return "true" if default else "false"
    return f"{default:g}" if isinstance(default, float) else f"{default}"


def range_of(GObject, pspec):
    if type_of(GObject, pspec) not in ("int", "uint", "int64", "uint64"):
        return ""
    maximum = pspec.maximum
    unbounded = maximum >= 2**31 - 1
    return f", {pspec.minimum} …" + ("" if unbounded else f" {maximum}")


def access_of(GObject, pspec):
    return ("read only" if not pspec.flags & GObject.ParamFlags.WRITABLE
            else "")


def own_properties(GObject, element):
    kind = type(element).__gtype__
    return [pspec for pspec in GObject.list_properties(kind)
            if pspec.owner_type == kind]


def make_properties(GObject, element):
    rows = ["| property | type | default, range | meaning |",
            "| --- | --- | --- | --- |"]
    for pspec in sorted(own_properties(GObject, element),
                        key=lambda pspec: pspec.name):
        access = access_of(GObject, pspec)
        rows.append(
            f"| `{pspec.name}` | {type_of(GObject, pspec)} | "
            + (access or default_of(GObject, pspec) + range_of(GObject, pspec))
            + f" | {escape(pspec.blurb)} |")
    rows += ["", "The values of the enumerations:", "",
             "| property | value | meaning |", "| --- | --- | --- |"]
    for pspec in sorted(own_properties(GObject, element),
                        key=lambda pspec: pspec.name):
        if type_of(GObject, pspec) != "enum":
            continue
        values = values_of(GObject, pspec)
        for number in sorted(values):
            value = values[number]
            rows.append(f"| `{pspec.name}` | `{value.value_nick}` | "
                        f"{escape(value.value_name)} |")
    return "\n".join(rows)


def check_properties(GObject, element, fix):
    path = REFERENCE / "properties.md"
    text = path.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    wanted = "\n\n" + make_properties(GObject, element) + "\n\n"
    if fix:
        path.write_text(text[:begin] + wanted + text[end:], encoding="utf-8")
    elif text[begin:end] != wanted:
        there, made = set(text[begin:end].split("\n")), set(wanted.split("\n"))
        faults.extend(f"properties.md: - {row}" for row in sorted(there - made))
        faults.extend(f"properties.md: + {row}" for row in sorted(made - there))
    return len(own_properties(GObject, element))


# ---- tables that people write ----


def read_rows(name, n_cells):
    """The first cells of all rows of a page's tables that begin in code."""
    text = (REFERENCE / name).read_text(encoding="utf-8")
    return {tuple(cell.strip(" `") for cell in line.split("|")[1:1 + n_cells])
            for line in text.split("\n") if line.startswith("| `")}


def compare(name, there, wanted):
    for row in sorted(wanted - there):
        faults.append(f"{name}: no row {' | '.join(row)}")
    for row in sorted(there - wanted):
        faults.append(f"{name}: the code has no {' | '.join(row)}")
    return len(wanted)


def check_calls():
    path, = (ROOT / "src").rglob("mh-call-table.c")
    code = path.read_text(encoding="utf-8")
    arguments = {}
    for table, body in re.findall(
            r"const Argument (\w+)\[\] = \{(.*?)\n?\};", code,
            re.DOTALL):
        arguments[table] = [
            (name, kind.lower()) for name, kind in re.findall(
                r'(?:ARGUMENT \(|\{ )"(\w+)",\s*(?:ARGUMENT_)?(\w+)', body)]
    calls = re.findall(
        r'\[MH_CALL_\w+\] = \{\s*"(\w+)",\s*VALUE_\w+,\s*(\w+)\s*\}', code)
    wanted = {(call, argument, kind) for call, table in calls
              for argument, kind in arguments[table]}
    wanted |= {("sessionStart", f"media.{name}", kind)
               for name, kind in arguments["mh_call_media_members"]}
    wanted |= {(call, "", "") for call, table in calls if not arguments[table]}
    return compare("calls.md", read_rows("calls.md", 3), wanted)


def check_stats(GObject, element):
    stats = element.get_property("stats")
    fields = {(stats.nth_field_name(i),
               {"guint64": "uint64", "gchararray": "string"}[
                   stats.get_field_type(stats.nth_field_name(i)).name])
              for i in range(stats.n_fields())}
    return compare("stats.md", read_rows("stats.md", 2), fields)


def check_since():
    """What is public says since when."""
    public = [ROOT / "src/model/mh-enums.h",
              *sorted((ROOT / "plugin").glob("*/gstmediaheartbeat*.[ch]"))]
    for path in public:
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r"/\*\*\n.*?\*/", text, re.DOTALL):
            if not re.search(r"\* Since: \d", block):
                name = block.split("\n")[1].strip(" *:")
                faults.append(f"{path.relative_to(ROOT)}: {name} has no Since")
    for page in sorted(REFERENCE.glob("*.md")):
        if not re.search(r"\b[Ss]ince 0\.", page.read_text(encoding="utf-8")):
            faults.append(f"{page.name}: does not say since which version")


def main():
    arguments = parse_arguments()
    GObject, _, element = make_element(arguments.build)
    n_properties = check_properties(GObject, element, arguments.fix)
    n_calls = check_calls()
    n_stats = check_stats(GObject, element)
    check_since()
    for line in faults:
        print(line)
    print(f"{n_properties} properties, {n_calls} calls and arguments, "
          f"{n_stats} statistics, {len(faults)} differ")
    if faults and not arguments.fix:
        print("tests/check-reference.py --fix --build BUILD writes the table "
              "of properties")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
