/* mh-log: what the core does, for a log.
 *
 * The core writes through one hook. The plugin sets a hook that writes to
 * GStreamer's log, with a debug category for each folder that writes; without a hook
 * nothing is written, and nothing is formatted.
 *
 * Levels: ERROR and WARNING for what loses something; INFO for what happens once
 * in a session; DEBUG for each call, hit, request, retry and refusal, with its
 * reason; LOG for what happens all the time. What tells of a visitor (bodies,
 * IDs, metadata) is written at TRACE only.
 *
 * May touch: GLib only. Any thread.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which folder writes. */
typedef enum
{
  MH_LOG_SESSION,
  MH_LOG_STORE,
  MH_LOG_DELIVERY,
  MH_LOG_HTTP,
} MhLogCategory;

#define MH_N_LOG_CATEGORIES (MH_LOG_HTTP + 1)

/* How much it matters. The numbers are those of GstDebugLevel. */
typedef enum
{
  MH_LOG_ERROR = 1,
  MH_LOG_WARNING = 2,
  MH_LOG_INFO = 4,
  MH_LOG_DEBUG = 5,
  MH_LOG_LOG = 6,
  MH_LOG_TRACE = 7,
} MhLogLevel;

/**
 * MhLogEntry:
 * @category: which folder writes
 * @level: how much it matters
 * @file: the source file
 * @function: the function in there
 * @line: the line in there
 * @object: (nullable): what it is about, as in "session 12"
 * @text: one line
 */
typedef struct
{
  MhLogCategory category;
  MhLogLevel level;
  const char *file;
  const char *function;
  int line;
  const char *object;
  const char *text;
} MhLogEntry;

/**
 * MhLogHook:
 * @wants: whether an entry of that kind would be written: it is asked first
 * @write: writes it
 *
 * Both are called in any thread, with the core's locks held: they must not call
 * the core.
 */
typedef struct
{
  gboolean (*wants) (MhLogCategory category, MhLogLevel level);
  void (*write) (const MhLogEntry *entry);
} MhLogHook;

/**
 * mh_log_set_hook:
 * @hook: (nullable) (transfer none): static; %NULL: nothing is written
 *
 * Call it before there is another thread of the core's.
 */
void mh_log_set_hook (const MhLogHook *hook);

/* Returns: whether an entry of that kind would be written. */
gboolean mh_log_wants (MhLogCategory category, MhLogLevel level);

/**
 * mh_log_write:
 * @entry: all but its text
 * @format: of the text, as for printf()
 *
 * Writes one entry. Use the macro mh_log() instead.
 */
void mh_log_write (const MhLogEntry *entry, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

/**
 * mh_log:
 * @CATEGORY: STORE for %MH_LOG_STORE, and so on
 * @LEVEL: DEBUG for %MH_LOG_DEBUG, and so on
 * @about: (nullable): what it is about
 * @...: as for printf()
 *
 * Writes one entry. The arguments are evaluated only if it is written.
 */
#define mh_log(CATEGORY, LEVEL, about, ...) \
  G_STMT_START \
  { \
    if (G_UNLIKELY (mh_log_wants (MH_LOG_##CATEGORY, MH_LOG_##LEVEL))) { \
      const MhLogEntry mh_log_entry = { MH_LOG_##CATEGORY, MH_LOG_##LEVEL, \
        __FILE__, G_STRFUNC, __LINE__, (about), NULL }; \
\
      mh_log_write (&mh_log_entry, __VA_ARGS__); \
    } \
  } \
  G_STMT_END

G_END_DECLS
