#!/usr/bin/env python3
# webdriver: a browser that a test works by hand: chromium by way of
# chromedriver, https://www.w3.org/TR/webdriver/, with nothing but Python.
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PATIENCE = 60  # seconds until something has not happened

# Keys, as WebDriver names them.
ENTER = "\ue007"
ESCAPE = "\ue00c"
TAB = "\ue004"
DOWN = "\ue015"
RIGHT = "\ue014"

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--disable-extensions", "--no-proxy-server",
             "--force-device-scale-factor=1", "--hide-scrollbars"]


def find_programs():
    """(chromium, chromedriver), or None where one is missing."""
    browser = shutil.which("chromium")
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


class Browser:
    def __init__(self):
        self.session = None
        browser, driver = find_programs()
        self.home = tempfile.mkdtemp(prefix="browser-")
        environment = dict(os.environ, HOME=self.home,
                           XDG_CONFIG_HOME=self.home, XDG_CACHE_HOME=self.home)
        self.driver = subprocess.Popen(
            [driver, "--port=0"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=environment)
        self.url = f"http://127.0.0.1:{self._read_port()}"
        # No proxy, whatever the environment says.
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}))
        answer = self._ask("POST", "/session", {"capabilities": {
            "alwaysMatch": {
                "goog:chromeOptions": {"args": ARGUMENTS, "binary": browser},
                "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = f"/session/{answer['sessionId']}"

    def _read_port(self):
        for line in self.driver.stdout:
            match = re.search(r"started successfully on port (\d+)", line)
            if match:
                return match.group(1)
        raise RuntimeError("chromedriver does not start")

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, method=method,
            headers={"Content-Type": "application/json"})
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error

    def close(self):
        try:
            if self.session:
                self._ask("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def go(self, url):
        self._ask("POST", self.session + "/url", {"url": url})

    def run(self, script, *arguments):
        """What the script returns."""
        return self._ask("POST", self.session + "/execute/sync",
                         {"script": script, "args": list(arguments)})

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])]"
                        ".filter((e) => e.getClientRects().length)"
                        ".map((e) => e.textContent)", selector)

    def text(self, selector):
        return self.run("const e = document.querySelector(arguments[0]); "
                        "return e && e.textContent", selector)

    def count(self, selector):
        return self.run("return document.querySelectorAll(arguments[0]).length",
                        selector)

    def find(self, selector):
        element = self._ask("POST", self.session + "/element",
                            {"using": "css selector", "value": selector})
        return element[ELEMENT]

    def click(self, selector):
        self._ask("POST",
                  f"{self.session}/element/{self.find(selector)}/click", {})

    def type(self, selector, text):
        self._ask("POST",
                  f"{self.session}/element/{self.find(selector)}/value",
                  {"text": text})

    def press(self, *keys):
        """Keys go to what has the focus."""
        actions = []
        for key in keys:
            actions += [{"type": "keyDown", "value": key},
                        {"type": "keyUp", "value": key}]
        self._ask("POST", self.session + "/actions", {"actions": [
            {"type": "key", "id": "keys", "actions": actions}]})

    def drag(self, selector, start, end):
        """Over an element, from one share of its width to another."""
        box = self.run("const r = document.querySelector(arguments[0])"
                       ".getBoundingClientRect(); "
                       "return [r.left, r.top, r.width, r.height]", selector)
        y = round(box[1] + box[3] / 2)
        x = [round(box[0] + box[2] * share) for share in (start, end)]
        self._ask("POST", self.session + "/actions", {"actions": [{
            "type": "pointer", "id": "mouse",
            "parameters": {"pointerType": "mouse"}, "actions": [
                {"type": "pointerMove", "x": x[0], "y": y, "duration": 0},
                {"type": "pointerDown", "button": 0},
                {"type": "pointerMove", "x": x[1], "y": y, "duration": 20},
                {"type": "pointerUp", "button": 0}]}]})

    def accept_alert(self):
        self._ask("POST", self.session + "/alert/accept", {})

    def wait_for(self, what, test):
        """Asks until the test is true, and returns what it returned."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            value = test()
            if value:
                return value
            # The browser, not this process, waits for its next frame.
            self._ask("POST", self.session + "/execute/async", {
                "script": "setTimeout(arguments[0], 50)", "args": []})
        raise AssertionError(f"{what}: it has not happened")

    def command(self, name, **parameters):
        """Of the Chrome DevTools protocol."""
        return self._ask("POST", self.session + "/goog/cdp/execute",
                         {"cmd": name, "params": parameters})

    def set_theme(self, theme):
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": theme}])

    def set_size(self, width, height, telephone=False):
        self.command("Emulation.setDeviceMetricsOverride", width=width,
                     height=height, deviceScaleFactor=1, mobile=telephone)

    def picture(self, path, full=True):
        """A PNG of the page: all of it, or what is in the window."""
        data = self.command("Page.captureScreenshot", format="png",
                            captureBeyondViewport=full)["data"]
        path.write_bytes(base64.b64decode(data))

    def complaints(self):
        """What the page or its policy complained of."""
        return [entry["message"] for entry in self._ask(
            "POST", self.session + "/se/log", {"type": "browser"})
            if entry["level"] in ("SEVERE", "WARNING")]
