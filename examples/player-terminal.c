/* player-terminal: the example player's keys.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "player-terminal.h"

#include <glib-unix.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#define SKIP 10.0
#define LOUDER 0.1

#define ESCAPE '\033'

struct _PlayerTerminal
{
  PlayerActionFunc func;
  gpointer user_data;
  guint source; /* 0: nobody is at the other end any more */
  /* Within an arrow key's sequence, ESC [ C or ESC O C: the byte before. */
  char before;
};

/* For atexit(), which takes no data. */
static struct termios saved;
static gboolean changed;

static const struct
{
  gboolean arrow; /* the last byte of an arrow's sequence */
  char key;
  PlayerAction action;
} keys[] = {
  { FALSE, ' ', { PLAYER_TOGGLE } },
  { FALSE, 'n', { PLAYER_NEXT } },
  { FALSE, 'm', { PLAYER_MUTE } },
  { FALSE, 'q', { PLAYER_QUIT } },
  { TRUE, 'A', { PLAYER_LOUDER, LOUDER } },
  { TRUE, 'B', { PLAYER_LOUDER, -LOUDER } },
  { TRUE, 'C', { PLAYER_SKIP, SKIP } },
  { TRUE, 'D', { PLAYER_SKIP, -SKIP } },
};

static void
restore (void)
{
  if (changed)
    tcsetattr (STDIN_FILENO, TCSANOW, &saved);
  changed = FALSE;
}

/* In the background a process that touches the terminal is stopped. */
static gboolean
take (void)
{
  static gboolean registered;
  struct termios raw;

  if (tcgetpgrp (STDIN_FILENO) != getpgrp () ||
      tcgetattr (STDIN_FILENO, &saved) != 0)
    return FALSE;
  raw = saved;
  raw.c_lflag &= ~(tcflag_t) (ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  if (!registered)
    atexit (restore);
  registered = TRUE;
  changed = tcsetattr (STDIN_FILENO, TCSANOW, &raw) == 0;
  return changed;
}

static void
act (PlayerTerminal *self, gboolean arrow, char key)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].arrow == arrow && keys[i].key == key)
      self->func (&keys[i].action, self->user_data);
}

static void
take_byte (PlayerTerminal *self, char byte)
{
  char before = self->before;

  self->before = 0;
  if (byte == ESCAPE)
    self->before = ESCAPE;
  else if (before == ESCAPE && (byte == '[' || byte == 'O'))
    self->before = byte;
  else
    act (self, before == '[' || before == 'O', byte);
}

static gboolean
on_input (int fd, GIOCondition condition, gpointer user_data)
{
  PlayerTerminal *self = user_data;
  char bytes[64];
  gssize length = read (fd, bytes, sizeof bytes);

  if (length <= 0) {
    self->source = 0;
    return G_SOURCE_REMOVE;
  }
  for (gssize i = 0; i < length; i++)
    take_byte (self, bytes[i]);
  return G_SOURCE_CONTINUE;
}

PlayerTerminal *
player_terminal_new (PlayerActionFunc func, gpointer user_data)
{
  PlayerTerminal *self;

  if (!take ())
    return NULL;
  self = g_new0 (PlayerTerminal, 1);
  self->func = func;
  self->user_data = user_data;
  self->source = g_unix_fd_add (
      STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, self);
  return self;
}

void
player_terminal_free (PlayerTerminal *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  restore ();
  g_free (self);
}
