# A recipe for Yocto, with the names of its LTS release 5.0 (scarthgap), which has
# GStreamer 1.22. The archive is that of `meson dist`, in the folder
# `gstreamer1.0-mediaheartbeat` beside this file.

SUMMARY = "GStreamer plugin that reports playback sessions to analytics servers"
SECTION = "multimedia"
LICENSE = "LGPL-2.1-or-later"
LIC_FILES_CHKSUM = "file://COPYING;md5=4fbd65380cdd255951079008b364516c"

SRC_URI = "file://gst-media-heartbeat-${PV}.tar.xz"
# From 5.1 on: ${UNPACKDIR}
S = "${WORKDIR}/gst-media-heartbeat-${PV}"

DEPENDS = "glib-2.0 gstreamer1.0 json-glib libsoup sqlite3"

inherit meson pkgconfig

PACKAGECONFIG ??= ""
PACKAGECONFIG[mpegts] = "-Dmpegts=enabled,-Dmpegts=disabled,gstreamer1.0-plugins-bad"
# The example player and the collector, in a package of their own.
PACKAGECONFIG[tools] = "-Dexamples=true,-Dexamples=false,glib-2.0-native"

EXTRA_OEMESON = "-Dtests=false -Dreplay=false -Dpackage-origin=yocto"

PACKAGES =+ "${PN}-tools"

FILES:${PN} += "${libdir}/gstreamer-1.0/*.so"
FILES:${PN}-staticdev += "${libdir}/gstreamer-1.0/*.a"
FILES:${PN}-dev += "${libdir}/gstreamer-1.0/pkgconfig"
FILES:${PN}-tools = "${bindir}"

# They are loaded at run time, so that nothing finds out about them.
RDEPENDS:${PN} = "glib-networking libsoup"
RDEPENDS:${PN}-tools = "${PN}"
