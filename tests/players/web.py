#!/usr/bin/env python3
# web: a browser with one page, as small as WebKitGTK allows.
#
#   web.py URI
#
# Ends when the page's title is "over".
#
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402


def on_title(view, _property):
    if view.get_title() == "over":
        Gtk.main_quit()


window = Gtk.Window()
window.set_default_size(320, 240)
view = WebKit2.WebView()
view.get_settings().set_property("media-playback-requires-user-gesture", False)
view.get_settings().set_property("enable-mediasource", True)
view.connect("notify::title", on_title)
window.add(view)
window.show_all()
view.load_uri(sys.argv[1])
Gtk.main()
