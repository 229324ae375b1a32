/* Tests of mh-player-states.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "mh-player-states.h"

#define MUTE MH_PLAYER_STATE_MUTE
#define CAPTIONS MH_PLAYER_STATE_CAPTIONS

static MhPlayerStates
make (void)
{
  MhPlayerStates states;

  mh_player_states_begin (&states, TRUE);
  return states;
}

/* Takes all that there is by @until, as "+mute@1 -mute@2". */
static void
assert_said (MhPlayerStates *states, MhTime until, const char *wanted)
{
  g_autoptr (GString) said = g_string_new (NULL);
  MhPlayerStateChange change;

  while (mh_player_states_pop (states, until, &change))
    g_string_append_printf (said, "%s%c%s@%d", said->len > 0 ? " " : "",
        change.on ? '+' : '-', change.name, (int) change.at);
  g_assert_cmpstr (said->str, ==, wanted);
}

static void
test_on_and_off (void)
{
  MhPlayerStates states = make ();

  mh_player_states_tell (&states, MUTE, FALSE, 1);
  mh_player_states_tell (&states, MUTE, TRUE, 2);
  mh_player_states_tell (&states, MUTE, TRUE, 3);
  assert_said (&states, 3, "+mute@2");
  assert_said (&states, 9, "");
  mh_player_states_tell (&states, MUTE, FALSE, 10);
  mh_player_states_tell (&states, CAPTIONS, TRUE, 10);
  assert_said (&states, 10, "-mute@10 +closedCaptioning@10");
}

static void
test_until (void)
{
  MhPlayerStates states = make ();

  mh_player_states_tell (&states, CAPTIONS, TRUE, 5);
  mh_player_states_tell (&states, MUTE, TRUE, 6);
  mh_player_states_tell (&states, CAPTIONS, FALSE, 7);
  assert_said (&states, 4, "");
  assert_said (&states, 5, "+closedCaptioning@5");
  assert_said (&states, 8, "+mute@6 -closedCaptioning@7");
}

/* Short flaps are told as they are. */
static void
test_flaps (void)
{
  MhPlayerStates states = make ();

  for (MhTime at = 1; at <= 4; at++)
    mh_player_states_tell (&states, MUTE, at % 2 == 1, at);
  assert_said (&states, 9, "+mute@1 -mute@2 +mute@3 -mute@4");
}

/* States may change many times before they can be told. The latest changes are kept,
 * and the last one says what holds. */
static void
test_too_many (void)
{
  MhPlayerStates states = make ();
  MhPlayerStateChange change;
  MhTime at;
  guint n = 0;

  for (at = 1; at <= 101; at++)
    mh_player_states_tell (&states, MUTE, at % 2 == 1, at);
  while (mh_player_states_pop (&states, at, &change)) {
    g_assert_cmpint (change.on, ==, change.at % 2 == 1);
    n++;
  }
  g_assert_cmpuint (n, ==, MH_PLAYER_STATE_CHANGES - 1);
  g_assert_true (change.on);
  g_assert_cmpint (change.at, ==, 101);
  mh_player_states_tell (&states, MUTE, FALSE, 200);
  assert_said (&states, 200, "-mute@200");
}

static void
test_not_wanted (void)
{
  MhPlayerStates states = { 0 };

  g_assert_false (mh_player_states_are_wanted (&states));
  mh_player_states_tell (&states, MUTE, TRUE, 1);
  mh_player_states_begin (&states, FALSE);
  g_assert_false (mh_player_states_are_wanted (&states));
  mh_player_states_tell (&states, MUTE, TRUE, 2);
  g_assert_false (mh_player_states_is_said (&states, "mute", TRUE));
  assert_said (&states, 9, "");
}

/* Each session is told anew, and what is over is not told any more. */
static void
test_sessions (void)
{
  MhPlayerStates states = make ();

  mh_player_states_tell (&states, MUTE, TRUE, 1);
  assert_said (&states, 1, "+mute@1");
  mh_player_states_tell (&states, CAPTIONS, TRUE, 2);
  mh_player_states_begin (&states, FALSE);
  assert_said (&states, 9, "");
  mh_player_states_begin (&states, TRUE);
  mh_player_states_tell (&states, MUTE, TRUE, 10);
  assert_said (&states, 10, "+mute@10");
}

/* ---- the application's word ---- */

static void
test_theirs (void)
{
  MhPlayerStates states = make ();

  g_assert_false (mh_player_states_is_said (&states, "mute", TRUE));
  mh_player_states_note (&states, "mute");
  mh_player_states_tell (&states, MUTE, TRUE, 1);
  mh_player_states_tell (&states, MUTE, FALSE, 2);
  mh_player_states_tell (&states, CAPTIONS, TRUE, 3);
  assert_said (&states, 9, "+closedCaptioning@3");
  /* For that session. */
  mh_player_states_begin (&states, TRUE);
  mh_player_states_tell (&states, MUTE, TRUE, 10);
  assert_said (&states, 10, "+mute@10");
}

/* What waits to be told is the application's to tell. */
static void
test_theirs_in_between (void)
{
  MhPlayerStates states = make ();

  mh_player_states_tell (&states, MUTE, TRUE, 1);
  g_assert_false (mh_player_states_is_said (&states, "mute", TRUE));
  mh_player_states_note (&states, "mute");
  assert_said (&states, 9, "");
}

/* It says the same a moment later, once: a second time is its own mistake. */
static void
test_said_already (void)
{
  MhPlayerStates states = make ();

  mh_player_states_tell (&states, MUTE, TRUE, 1);
  assert_said (&states, 1, "+mute@1");
  g_assert_true (mh_player_states_is_said (&states, "mute", TRUE));
  g_assert_false (mh_player_states_is_said (&states, "mute", TRUE));
  mh_player_states_tell (&states, MUTE, FALSE, 2);
  assert_said (&states, 9, "");
}

static void
test_end_said_already (void)
{
  MhPlayerStates states = make ();

  g_assert_false (mh_player_states_is_said (&states, "mute", FALSE));
  mh_player_states_tell (&states, MUTE, TRUE, 1);
  assert_said (&states, 1, "+mute@1");
  g_assert_false (mh_player_states_is_said (&states, "mute", FALSE));
  mh_player_states_tell (&states, MUTE, FALSE, 2);
  assert_said (&states, 2, "-mute@2");
  g_assert_true (mh_player_states_is_said (&states, "mute", FALSE));
}

static void
test_others (void)
{
  MhPlayerStates states = make ();

  mh_player_states_note (&states, "fullScreen");
  g_assert_false (mh_player_states_is_said (&states, "fullScreen", TRUE));
  mh_player_states_tell (&states, MUTE, TRUE, 1);
  assert_said (&states, 1, "+mute@1");
}

static void
test_give_up (void)
{
  MhPlayerStates states = make ();
  MhPlayerStateChange change;

  mh_player_states_tell (&states, MUTE, TRUE, 1);
  g_assert_true (mh_player_states_pop (&states, 1, &change));
  mh_player_states_note (&states, change.name);
  mh_player_states_tell (&states, MUTE, FALSE, 2);
  assert_said (&states, 9, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player-states/on-and-off", test_on_and_off);
  g_test_add_func ("/player-states/until", test_until);
  g_test_add_func ("/player-states/flaps", test_flaps);
  g_test_add_func ("/player-states/too-many", test_too_many);
  g_test_add_func ("/player-states/not-wanted", test_not_wanted);
  g_test_add_func ("/player-states/sessions", test_sessions);
  g_test_add_func ("/player-states/theirs", test_theirs);
  g_test_add_func ("/player-states/theirs/in-between", test_theirs_in_between);
  g_test_add_func ("/player-states/theirs/said-already", test_said_already);
  g_test_add_func (
      "/player-states/theirs/end-said-already", test_end_said_already);
  g_test_add_func ("/player-states/theirs/others", test_others);
  g_test_add_func ("/player-states/give-up", test_give_up);
  return g_test_run ();
}
