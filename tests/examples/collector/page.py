#!/usr/bin/env python3
# page: the collector's page in a real browser, with a fixed set of sessions.
#
#   page.py --build BUILD-DIRECTORY [--many N] [--readme FILE]
#
# Writes what it has looked at as PNG into BUILD-DIRECTORY/tests/page, in both
# themes and for both widths. --many prints what the page takes with so many
# sessions; --readme writes the picture that README.md shows.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import argparse
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sessions
import webdriver

FILM, FIRST, SECOND = "f" * 32, "a" * 32, "b" * 32
WIDTHS = {"wide": (1000, 700, False), "telephone": (390, 800, True)}


class Collector:
    """The program, with a file that it keeps what comes in."""

    def __init__(self, build):
        self.program = build / "examples/collector/mediaheartbeat-collector"
        self.folder = Path(tempfile.mkdtemp(prefix="collector-page-"))
        self.file = self.folder / "kept.db"
        self.process = None
        self.port = 0

    def start(self):
        """Waits for its line, which it prints once it listens."""
        self.process = subprocess.Popen(
            [self.program, "--port", "0", "--keep", self.file],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.port = int(line.rpartition(":")[2])

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.communicate()
            assert self.process.returncode == 0, self.process.returncode
        self.process = None

    def close(self):
        self.stop()
        shutil.rmtree(self.folder)

    def fill(self, write, *arguments):
        """The form of the file is the collector's own."""
        self.start()
        self.stop()
        write(self.file, int(time.time() * 1000), *arguments)
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method, path, body=None, **headers):
        """(status, headers, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        result = (answer.status, answer.headers, answer.read().decode())
        connection.close()
        return result

    def get(self, path):
        return json.loads(self.ask("GET", path)[2])

    def send(self, session, kind, playhead):
        """A second after the last one."""
        last = self.get(f"/sessions/{session}")["session"]["last"]
        event = {"eventType": kind,
                 "playerTime": {"playhead": playhead, "ts": last + 1000}}
        status = self.ask(
            "POST", f"/api/v1/sessions/{session}/events", json.dumps(event),
            **{"Content-Type": "application/json"})[0]
        assert status == 204, status


def check(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r}, not {wanted!r}")


def check_in(part, whole, what):
    if part not in whole:
        raise AssertionError(f"{what}: {part!r} is not in {whole!r}")


class PageTest:
    def __init__(self, browser, collector, pictures):
        self.browser = browser
        self.collector = collector
        self.pictures = pictures

    # ---- what is on the page ----

    def open_list(self, fragment=""):
        self.browser.go("about:blank")
        self.browser.go(f"{self.collector.url}/#{fragment}")
        self.browser.wait_for("the page is live", lambda: self.browser.text(
            "#live") == "live")
        self.browser.wait_for("the totals are there", lambda:
                              self.browser.text("#totals"))

    def open_session(self, session):
        self.open_list(f"session={session}")
        self.browser.wait_for("the lanes are drawn", lambda:
                              self.browser.count("#lanes rect.iv"))

    def names(self):
        return self.browser.texts("#sessions td.content a")

    def row(self, session):
        return self.browser.run(
            "return [...document.querySelectorAll(arguments[0])]"
            ".map((e) => e.textContent)",
            f"#sessions tr[data-id='{session}'] td")

    def metric(self, name):
        return self.browser.text(f".metric[data-metric='{name}'] b")

    # ---- tests ----

    def test_list_has_all_sessions(self):
        self.open_list()
        listed = self.collector.get("/sessions")["sessions"]
        check(len(self.names()), len(listed), "rows")
        for row in listed:
            cells = self.row(row["id"])
            check_in(row["name"], cells[2], "a name")
            check(cells[10], str(row["events"]), "events")
            check(cells[8], str(row["errors"]), "errors")

    def test_row_tells_the_session(self):
        self.open_list()
        state, _, content, playhead, watched, pauses, buffers, stalls, errors, \
            notes = self.row(FILM)[:10]
        check(state, "completed", "state")
        check_in("Living room · Channel One · vod", content, "player")
        check(playhead, "2:00 / 2:00", "playhead")
        # 1 + 29 s, 25 s and 20.86 s played, without what stood still.
        film = self.collector.get(f"/sessions/{FILM}")["session"]
        check(watched, f"{int(film['contentTime'] // 60)}:"
              f"{round(film['contentTime'] % 60):02}", "watched")
        check((pauses, buffers, errors), ("1 · 12 s", "1 · 8 s", "1"), "counts")
        check(stalls, "1 · 17 s", "stalls")
        check(notes, "completed", "notes")

    def test_states_have_shapes(self):
        self.open_list()
        shapes = self.browser.run(
            "const map = {}; for (const e of document.querySelectorAll("
            "'#sessions .state')) map[e.textContent] = e.querySelector('path')"
            ".getAttribute('d'); return map")
        for state in ("playing", "paused", "buffering", "silent", "ended"):
            check_in(state, shapes, "a state")
        plain = {state: d for state, d in shapes.items()
                 if state != "completed"}
        check(len(set(plain.values())), len(plain), "different shapes")

    def test_foot_has_totals(self):
        self.open_list()
        foot = self.browser.text("#foot")
        check_in("13 sessions in 12 viewings", foot, "totals")
        check_in("dropped before start 7.7 %", foot, "totals")
        check_in("1 refused request of no session",
                 self.browser.text("#strangers summary"), "refusals")

    def test_filters_are_the_fragment(self):
        for fragment, wanted in (
                ("dropped=1", ["Broken film"]), ("type=live", ["Example Radio"]),
                ("state=paused", ["The News"]), ("q=MATCH", ["The Match"]),
                ("wrong=1&q=late", ["Came late"]),
                ("trouble=1&state=ended", ["Broken film", "The Long Way Home"]),
                ("errors=1&q=film", ["Broken film", "The Long Way Home"]),
                ("q=nothing+is+called+that", [])):
            self.open_list(fragment)
            check(sorted(self.names()), sorted(wanted), fragment)
            listed = self.collector.get(f"/sessions?{fragment}")["sessions"]
            check(sorted(row["name"] for row in listed), sorted(wanted),
                  f"the JSON with {fragment}")

    def test_filter_goes_into_the_fragment(self):
        self.open_list()
        self.browser.type("#q", "quick")
        self.browser.wait_for("two rows are left", lambda:
                              len(self.names()) == 2)
        check(self.browser.run("return location.hash"), "#q=quick", "fragment")
        self.browser.click("button[type=reset]")
        self.browser.wait_for("all rows are back", lambda:
                              len(self.names()) == 13)

    def test_session_shows_metrics_and_lanes(self):
        self.open_session(FILM)
        check(self.browser.text("#name"), "The Long Way Home", "title")
        check(self.metric("pauseEvents"), "1", "pauses")
        check(self.metric("totalPauseDuration"), "12 s", "pause")
        check(self.metric("adCount"), "2", "ads")
        check(self.metric("adCompletes"), "1", "ads completed")
        check(self.metric("bitrateChanges"), "1", "bitrate changes")
        check(self.metric("progress95"), "yes", "progress")
        check_in("was not paused", self.browser.text(
            ".metric[data-metric='pauseEvents'] .rule"), "a rule")
        labels = self.browser.texts("#lanes text.label")
        for name in ("Playback", "Ads", "Chapters", "mute", "fullscreen",
                     "Playhead", "Bitrate", "Events", "Arrival"):
            check_in(name, labels, "lanes")
        for kind, count in (("p-ad:not(.frame)", 2), ("p-chapter", 2),
                            ("p-state", 2), ("stallbox", 1),
                            ("s-buffering", 1), ("s-paused", 1)):
            check(self.browser.count(f"#lanes rect.{kind}"), count, kind)
        check(self.browser.count("#lanes .mark.error"), 1, "errors")
        check(self.browser.count("#lanes line.jump") > 0, True, "seek")

    def test_parts_are_listed(self):
        self.open_session(FILM)
        rows = self.browser.run(
            "return [...document.querySelectorAll('#parts-table tbody tr')]"
            ".map((e) => [...e.children].map((c) => c.textContent))")
        check([row[0] for row in rows], ["ad break", "ad", "ad", "chapter",
                                         "state", "chapter", "state"], "parts")
        check([row[1] for row in rows], [
            "pre-roll", "Running shoes", "Coffee", "Departure", "mute",
            "The river", "fullscreen"], "names")
        check([row[5] for row in rows[:4]], [
            "completed", "completed", "skipped", "completed"], "outcomes")
        check(rows[1][3], "14.9 s", "how long the ad has lasted")

    def test_page_shows_what_the_json_has(self):
        self.open_session(FILM)
        metrics = self.collector.get(f"/sessions/{FILM}")["metrics"]
        check(self.browser.texts(".metric > span:first-child"),
              [metric["name"] for metric in metrics], "metrics")

    def test_document_has_each_rule(self):
        text = (Path(__file__).resolve().parents[3] /
                "docs/guide/collector.md").read_text(encoding="utf-8")
        for metric in self.collector.get(f"/sessions/{FILM}")["metrics"]:
            row = next((line for line in text.split("\n")
                        if line.startswith(f"| {metric['name']} |")), "")
            check_in(f"`{metric['id']}`", row, metric["name"])
            check_in(metric["rule"], row, metric["name"])

    def test_resumed_sessions_are_one_viewing(self):
        self.open_session(SECOND)
        check_in("One viewing of 2 sessions, 12 s watched",
                 self.browser.text("#parts"), "viewing")
        check_in("gap 5 s", self.browser.text("#parts"), "viewing")
        check(self.browser.count("#lanes rect.gapbox"), 1, "gap")
        check(self.browser.count("#lanes rect.s-playing"), 2, "both")
        self.browser.click("#parts a")
        self.browser.wait_for("the first one is shown", lambda:
                              self.metric("contentResumes") == "0")
        check(self.browser.run("return location.hash"), f"#session={FIRST}",
              "fragment")

    def test_events_hide_pings_and_show_json(self):
        self.open_session(FILM)
        session = self.collector.get(f"/sessions/{FILM}")
        pings = sum(e["event"]["eventType"] == "ping"
                    for e in session["events"])
        count = len(session["events"])
        check(self.browser.count("#events tr.event"), count - pings, "events")
        self.browser.click("#pings")
        check(self.browser.count("#events tr.event"), count, "events")
        self.browser.click("#events tr.event button")
        shown = json.loads(self.browser.text("#events tr.json pre"))
        check(shown, session["events"][0]["event"], "the JSON")
        self.browser.type("#event-filter", "error")
        check(self.browser.texts("#events button.type"), ["error"], "filtered")

    def test_late_and_refused_are_flagged(self):
        self.open_session("e" * 32)
        check_in("2 refused. 1 sent more than once. 1 late: up to 9 s",
                 self.browser.text("#warnings"), "warning")
        # A ping that has a flag is no noise.
        check(sorted(self.browser.texts("#events .tag")),
              sorted(["late", "repeated", "refused", "refused",
                      "out of order"]), "flags")
        check(self.browser.count("#lanes path.refused"), 2, "crosses")

    def test_zoom_by_drag_and_keyboard(self):
        self.open_session(FILM)
        title = "return document.querySelector('#lanes').ariaLabel"
        whole = self.browser.run(title)
        self.browser.drag("#lanes", 0.4, 0.7)
        self.browser.wait_for("it is zoomed", lambda:
                              self.browser.run(title) != whole)
        self.browser.click("#zoom-all")
        check(self.browser.run(title), whole, "the whole")
        self.browser.run("document.querySelector('#lanes').focus()")
        self.browser.press("+", webdriver.RIGHT)
        check(self.browser.run(title) != whole, True, "zoomed by keys")
        self.browser.press("0")
        check(self.browser.run(title), whole, "the whole")

    def test_keyboard_is_enough(self):
        self.open_list()
        self.browser.run("document.querySelector('#sessions a').focus()")
        self.browser.press(webdriver.DOWN)
        name = self.browser.run("return document.activeElement.textContent")
        check(name, self.names()[1], "the second row")
        self.browser.press(webdriver.ENTER)
        self.browser.wait_for("the session is shown", lambda:
                              self.browser.text("#name") == name)
        self.browser.press(webdriver.ESCAPE)
        self.browser.wait_for("the list is back", lambda:
                              len(self.names()) == 13)

    def test_changes_are_shown_live(self):
        self.open_list()
        self.browser.run("window.same = true; window.row = document"
                         ".querySelector(arguments[0])",
                         f"#sessions tr[data-id='{'c' * 32}']")
        before = int(self.row("c" * 32)[10])
        self.collector.send("c" * 32, "pauseStart", 41030)
        self.browser.wait_for("the row has changed", lambda:
                              self.row("c" * 32)[0] == "paused")
        check(self.row("c" * 32)[10], str(before + 1), "events")
        check(self.browser.run(
            "return window.same && document.contains(window.row)"), True,
            "the same row on the same page")
        self.open_session("c" * 32)
        self.collector.send("c" * 32, "play", 41030)
        self.browser.wait_for("the session has changed", lambda:
                              self.browser.text("#shown-state") == "playing")

    def test_hostile_names_are_text(self):
        self.open_list("q=x")
        self.open_list()
        for name in (sessions.SCRIPT, sessions.LONG[:300] + "…",
                     sessions.HEBREW):
            check_in(name, self.names(), "a name")
        for session in "123":
            self.open_session(session * 32)
            check_in(sessions.IMAGE, self.browser.text("#head"), "the head")
            check_in({"1": sessions.SCRIPT, "2": sessions.LONG,
                      "3": sessions.HEBREW}[session],
                     self.browser.text("#head"), "the whole name")
        check(self.browser.run("return window.hacked === undefined"), True,
              "no script has run")
        check(self.browser.count("script"), 1, "scripts")
        check(self.browser.count("img"), 0, "images")
        width = "return document.documentElement.scrollWidth"
        for size in WIDTHS.values():
            self.browser.set_size(*size)
            for fragment in ("", f"session={'2' * 32}"):
                self.open_list(fragment)
                check(self.browser.run(width) <= size[0], True,
                      f"width of {fragment or 'the list'} at {size[0]}")
        self.browser.set_size(*WIDTHS["wide"])

    def test_export_can_be_read(self):
        self.open_session("1" * 32)
        lines = self.browser.run("return csv()").split("\r\n")
        check(lines[0], '"time","playhead","event","what","lag","status",'
              '"flags","json"', "head of the CSV")
        check(len(lines), 2 + self.browser.count("#events tr.event"), "lines")

    def test_pictures(self):
        """For people; and no theme leaves text that cannot be read."""
        for name, size in WIDTHS.items():
            self.browser.set_size(*size)
            for theme in ("light", "dark"):
                self.browser.set_theme(theme)
                self.open_list()
                self.browser.picture(
                    self.pictures / f"list-{name}-{theme}.png")
                check(self.browser.run(CONTRAST), [], f"{theme} list")
                for session, title in ((FILM, "film"), (SECOND, "viewing")):
                    self.open_session(session)
                    self.browser.picture(
                        self.pictures / f"{title}-{name}-{theme}.png")
                    check(self.browser.run(CONTRAST), [], f"{theme} {title}")
        self.browser.set_size(*WIDTHS["wide"])
        self.browser.set_theme("light")

    def test_requests_from_elsewhere_are_refused(self):
        for host, status in (("127.0.0.1", 200), ("localhost:80", 200),
                             ("[::1]:80", 200), ("evil.example.com", 403),
                             ("127.0.0.1.evil.example", 403), ("10.0.0.1", 403),
                             ("", 403)):
            for path in ("/", "/sessions", f"/sessions/{FILM}", "/metrics"):
                check(self.collector.ask("GET", path, Host=host)[0], status,
                      f"{path} for the host {host!r}")

    def test_forgetting_needs_the_page(self):
        check(self.collector.ask("GET", "/forget")[0], 405, "by GET")
        check(self.collector.ask("POST", "/forget")[0], 403, "without header")
        check(len(self.collector.get("/sessions")["sessions"]), 13, "sessions")

    def test_restart_loses_nothing(self):
        def plain(answer):
            return {row["id"]: (row["events"], row["contentTime"], row["pauses"],
                                row["refused"], row.get("resumes"))
                    for row in answer["sessions"]}
        before = plain(self.collector.get("/sessions"))
        self.collector.stop()
        self.collector.start()
        check(plain(self.collector.get("/sessions")), before, "the sessions")
        # And they go on.
        self.collector.send("c" * 32, "ping", 41040)

    def test_untold_playhead_is_left_out(self):
        session = "cmcd-session"
        first = int(time.time() * 1000)

        def send(number, rest):
            status = self.collector.ask(
                "POST", "/cmcd", f'cid="untold",{rest},sid="{session}",'
                f"sn={number},ts={first + number},v=2",
                **{"Content-Type": "application/cmcd"})[0]
            check(status, 204, "status")
        send(0, "e=ps,sta=s")
        self.open_list("q=untold")
        check(self.row(session)[3], "–", "playhead")
        send(1, "e=ps,pt=2000000,sta=p")
        self.browser.wait_for("the row has changed", lambda:
                              self.row(session)[3] == "33:20")
        self.open_session(session)
        check(self.browser.texts("#events tr.event td:nth-child(3)"),
              ["", "2000.000"], "playheads")
        check(self.browser.count("#lanes .jump"), 0, "seeks")

    def test_forget(self):
        """The last one: nothing is left."""
        self.open_session(FILM)
        self.browser.click("#forget")
        self.browser.accept_alert()
        self.browser.wait_for("what is shown goes as well", lambda:
                              self.browser.text("#name") ==
                              "There is no such session")
        check(self.browser.count("#events tbody tr"), 0, "events")
        check(self.browser.count("#lanes rect"), 0, "lanes")
        self.browser.click("#back")
        self.browser.wait_for("the list is empty", lambda: "No session yet" in
                              "".join(self.browser.texts("#none")))
        check(self.names(), [], "rows")
        check(self.collector.get("/sessions")["sessions"], [], "sessions")
        self.collector.stop()
        self.collector.start()
        check(self.collector.get("/sessions")["sessions"], [], "kept")


# Texts whose colour is too close to what is behind them (WCAG, 4.5).
CONTRAST = """
const parse = (c) => c.match(/[0-9.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) =>
  v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (e) => {
  for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0.99) return c;
  }
  return [255, 255, 255];
};
const bad = [];
for (const e of document.querySelectorAll("main *, header *")) {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 &&
    n.textContent.trim());
  if (!own || !e.getClientRects().length || e.closest("svg")) continue;
  const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) bad.push(`${e.textContent.slice(0, 30)}: ${ratio}`);
}
return bad.slice(0, 5);
"""


def run_tests(build):
    pictures = build / "tests/page"
    pictures.mkdir(parents=True, exist_ok=True)
    failed = 0
    names = [name for name in vars(PageTest) if name.startswith("test_")]
    print(f"1..{len(names)}")
    collector = Collector(build)
    try:
        collector.fill(sessions.write)
        with webdriver.Browser() as browser:
            browser.set_size(*WIDTHS["wide"])
            test = PageTest(browser, collector, pictures)
            for number, name in enumerate(names, 1):
                failed += not run_one(test, number, name)
    finally:
        collector.close()
    return failed


# What chromium says of an answer that a test has asked for.
EXPECTED = (f"/sessions/?id={FILM} - Failed to load resource",
            "ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING",
            "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET")


def run_one(test, number, name):
    try:
        getattr(test, name)()
        complaints = [text for text in test.browser.complaints()
                      if not any(word in text for word in EXPECTED)]
        check(complaints, [], "what the browser complains of")
    except (AssertionError, OSError, RuntimeError, ValueError) as error:
        print(f"not ok {number} {name}")
        for line in str(error)[:600].splitlines():
            print(f"# {line}")
        return False
    print(f"ok {number} {name}", flush=True)
    return True


def measure(build, count):
    """What the page takes with many sessions, for people."""
    collector = Collector(build)
    try:
        collector.fill(sessions.write_many, count)
        with webdriver.Browser() as browser:
            browser.set_size(1280, 800)
            # Once to warm the browser up.
            for _ in range(2):
                browser.go("about:blank")
                browser.go(collector.url + "/")
                browser.wait_for("rows", lambda: browser.count(
                    "#sessions tbody tr") == min(count, 1000))
            paint, rows = browser.run(
                "const at = (name) => performance.getEntriesByName(name)[0]"
                ".startTime; return [at('first-contentful-paint'), at('rows')]")
            again = browser.run(
                "const t = performance.now(); showList(); "
                "document.body.offsetHeight; return performance.now() - t")
            print(f"{count} sessions: first paint {paint:.0f} ms, "
                  f"first rows {rows:.0f} ms, the list once more {again:.0f} ms")
    finally:
        collector.close()


def make_readme_picture(build, path):
    collector = Collector(build)
    try:
        collector.fill(sessions.write)
        with webdriver.Browser() as browser:
            browser.set_theme("light")
            browser.set_size(1000, 450)
            test = PageTest(browser, collector, None)
            test.open_session(FILM)
            browser.run("document.querySelector('#back').parentElement.remove();"
                        "document.querySelector('header').remove();"
                        "document.querySelector('main').style.paddingTop = '8px'")
            browser.picture(path, full=False)
    finally:
        collector.close()
    print(f"{path}: {path.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--many", type=int)
    parser.add_argument("--readme", type=Path)
    options = parser.parse_args()
    if not webdriver.find_programs():
        print("1..0 # SKIP chromium or chromedriver is missing")
        return 0
    os.environ.pop("MEDIAHEARTBEAT_CONFIG", None)
    if options.many:
        measure(options.build, options.many)
    elif options.readme:
        make_readme_picture(options.build, options.readme)
    else:
        return 1 if run_tests(options.build) else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
