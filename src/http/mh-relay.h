/* mh-relay: what a process and the helper program say to each other.
 *
 * A process that holds libsoup 2 cannot send. It hands its requests to the helper
 * program (src/helper/), which listens on a socket in the state directory and gives
 * the answers back. Both sides belong to the same user: each checks the user of the
 * other.
 *
 * May touch: GLib, sockets, the state directory. Never waits.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-transport.h"

G_BEGIN_DECLS

/* Longer frames are no frames: more than the largest batch. */
#define MH_RELAY_MAX_FRAME (256 * 1024 * 1024)

/* Of all frames but these: a hello begins with it, and a forget has no contents, in
 * any version. To be raised with each change: a program may be older than the plugin
 * that finds it, until the last process of before has ended. */
#define MH_RELAY_VERSION 1

/**
 * MhRelayType:
 * @MH_RELAY_HELLO: from the helper: it takes requests from now on, of
 *   %MH_RELAY_VERSION
 * @MH_RELAY_MAX_AGE: from a process: a number of seconds, after which hits that
 *   it leaves are not sent any more
 * @MH_RELAY_REQUEST: from a process: a request to be sent
 * @MH_RELAY_ANSWER: from the helper: what came of a request
 * @MH_RELAY_FORGET: from any process: the visitor has opted out; what the helper
 *   has taken over from others is deleted
 *
 * What a frame says.
 */
typedef enum
{
  MH_RELAY_HELLO = 1,
  MH_RELAY_MAX_AGE,
  MH_RELAY_REQUEST,
  MH_RELAY_ANSWER,
  MH_RELAY_FORGET,
} MhRelayType;

/**
 * mh_relay_open_dir:
 * @dir: the state directory
 * @error: %MH_ERROR_STORAGE: @dir is no directory, belongs to another user, or can be
 *   written to by everybody
 *
 * Returns: a file descriptor of the directory; -1: it is not used.
 */
int mh_relay_open_dir (const char *dir, GError **error);

/**
 * mh_relay_connect:
 * @dir: the state directory
 *
 * Returns: a socket that does not block, connected to the helper of this user;
 *   -1: there is none.
 */
int mh_relay_connect (const char *dir);

/**
 * mh_relay_listen:
 * @dir_fd: of mh_relay_open_dir()
 * @error: %MH_ERROR_STORAGE
 *
 * To be called by the one helper of the directory only, whose umask is 077.
 *
 * Returns: a socket that does not block, and that listens in the place of
 *   whatever was there; -1: that is not possible.
 */
int mh_relay_listen (int dir_fd, GError **error);

/* From now on no process finds the socket. */
void mh_relay_unlisten (int dir_fd);

/* Returns: whether a process of this user is at the other end of @fd. */
gboolean mh_relay_is_ours (int fd);

/**
 * mh_relay_new_hello:
 * @version: %MH_RELAY_VERSION
 *
 * Returns: (transfer full): the contents of a frame.
 */
GBytes *mh_relay_new_hello (guint32 version);

/**
 * mh_relay_check_hello:
 * @bytes: what has come
 *
 * Returns: whether the helper is of this version.
 */
gboolean mh_relay_check_hello (GBytes *bytes);

/**
 * mh_relay_encode_request:
 * @number: names the request
 *
 * Returns: (transfer full): the contents of a frame.
 */
GBytes *mh_relay_encode_request (guint32 number, const MhRequest *request);

/**
 * mh_relay_decode_request:
 * @bytes: what has come
 * @number: (out): names the request
 *
 * Returns: (transfer full) (nullable): the request; NULL: that is none.
 */
MhRequest *mh_relay_decode_request (GBytes *bytes, guint32 *number);

GBytes *mh_relay_encode_answer (guint32 number, const MhAnswer *answer);

/**
 * MhRelayAnswerFunc:
 * @number: of the request
 * @answer: valid during the call
 */
typedef void (*MhRelayAnswerFunc) (
    guint32 number, const MhAnswer *answer, gpointer user_data);

/**
 * mh_relay_decode_answer:
 * @bytes: what has come
 * @func: called with the answer, if it is one
 * @user_data: for @func
 *
 * Returns: whether it was one.
 */
gboolean mh_relay_decode_answer (
    GBytes *bytes, MhRelayAnswerFunc func, gpointer user_data);

G_END_DECLS
