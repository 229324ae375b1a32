################################################################################
#
# gst1-mediaheartbeat
#
################################################################################

# The archive is that of `meson dist`, in the folder of this file.
GST1_MEDIAHEARTBEAT_VERSION = 0.2.0
GST1_MEDIAHEARTBEAT_SOURCE = gst-media-heartbeat-$(GST1_MEDIAHEARTBEAT_VERSION).tar.xz
GST1_MEDIAHEARTBEAT_SITE = $(GST1_MEDIAHEARTBEAT_PKGDIR)
GST1_MEDIAHEARTBEAT_SITE_METHOD = file
GST1_MEDIAHEARTBEAT_LICENSE = LGPL-2.1+
GST1_MEDIAHEARTBEAT_LICENSE_FILES = COPYING
GST1_MEDIAHEARTBEAT_DEPENDENCIES = \
	host-pkgconf \
	gstreamer1 \
	json-glib \
	libglib2 \
	libsoup3 \
	sqlite
GST1_MEDIAHEARTBEAT_CONF_OPTS = \
	-Dreplay=false \
	-Dtests=false

ifeq ($(BR2_PACKAGE_GST1_MEDIAHEARTBEAT_MPEGTS),y)
GST1_MEDIAHEARTBEAT_CONF_OPTS += -Dmpegts=enabled
GST1_MEDIAHEARTBEAT_DEPENDENCIES += gst1-plugins-bad
else
GST1_MEDIAHEARTBEAT_CONF_OPTS += -Dmpegts=disabled
endif

ifeq ($(BR2_PACKAGE_GST1_MEDIAHEARTBEAT_TOOLS),y)
GST1_MEDIAHEARTBEAT_CONF_OPTS += -Dexamples=true
GST1_MEDIAHEARTBEAT_DEPENDENCIES += host-libglib2
else
GST1_MEDIAHEARTBEAT_CONF_OPTS += -Dexamples=false
endif

$(eval $(meson-package))
