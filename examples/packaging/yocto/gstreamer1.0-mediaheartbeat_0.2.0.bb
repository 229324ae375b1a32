# A recipe for Yocto, for its LTS releases 5.0 (scarthgap), which has GStreamer 1.22,
# and 6.0 (wrynose), which has 1.28. The archive is that of `meson dist`, in the
# folder `gstreamer1.0-mediaheartbeat` beside this file.

SUMMARY = "GStreamer plugin that reports playback sessions to analytics servers"
SECTION = "multimedia"
LICENSE = "LGPL-2.1-or-later"
LIC_FILES_CHKSUM = "file://COPYING;md5=4fbd65380cdd255951079008b364516c"

# The archive's folder gets the name that S has by default, which is in WORKDIR in
# 5.0 and in UNPACKDIR in 6.0.
SRC_URI = "file://gst-media-heartbeat-${PV}.tar.xz;subdir=${BP};striplevel=1"

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
