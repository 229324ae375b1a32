/* mh-error: the project's error domain, and warnings.
 *
 * May touch: GLib only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MhError:
 * @MH_ERROR_MALFORMED: a call that does not exist, or an argument of the wrong
 *   type or unknown to the call
 * @MH_ERROR_REFUSED: a call that the session rules refuse; nothing has changed
 * @MH_ERROR_CONFIG: a configuration value that cannot be used
 * @MH_ERROR_TRANSPORT: no usable answer came from the server
 * @MH_ERROR_STORAGE: nothing can be kept on the disk
 *
 * The codes of %MH_ERROR. Messages are one line without a full stop and name
 * the call, argument or property and the value.
 */
typedef enum
{
  MH_ERROR_MALFORMED,
  MH_ERROR_REFUSED,
  MH_ERROR_CONFIG,
  MH_ERROR_TRANSPORT,
  MH_ERROR_STORAGE,
} MhError;

#define MH_ERROR (mh_error_quark ())
GQuark mh_error_quark (void);

/**
 * MhWarningFunc:
 * @message: what is wrong, one line without a full stop
 */
typedef void (*MhWarningFunc) (const char *message, gpointer user_data);

/* Calls @warning with a formatted message. */
void mh_warn (MhWarningFunc warning, gpointer user_data, const char *format,
    ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
