/* mh-call-private: the table of calls and their arguments.
 *
 * mh-call-table.c  the table, and how it is listed
 * mh-call.c        calls that are made from it
 *
 * May touch: what mh-call.h may. For those files only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "mh-call.h"

G_BEGIN_DECLS

/* What kind of value a call carries in its union. */
typedef enum
{
  VALUE_NONE,
  VALUE_MEDIA,
  VALUE_AD_BREAK,
  VALUE_AD,
  VALUE_CHAPTER,
  VALUE_QOE,
  VALUE_TEXT,
  VALUE_ERROR,
  VALUE_PLAYHEAD,
} ValueKind;

typedef enum
{
  ARGUMENT_STRING,
  ARGUMENT_NUMBER,
  ARGUMENT_INTEGER,
  ARGUMENT_BOOLEAN,
  ARGUMENT_METADATA,
  ARGUMENT_MEDIA, /* the members of mh_call_media_members, nested */
} ArgumentType;

typedef struct
{
  const char *name;
  ArgumentType type;
  gsize offset; /* in the value, or in MhCall itself */
} Argument;

/* A row of the table: one call. @arguments ends with an argument without a name. */
typedef struct
{
  const char *name;
  ValueKind value;
  const Argument *arguments;
} CallRow;

extern const CallRow mh_call_rows[MH_N_CALLS];
extern const Argument mh_call_media_members[];

G_END_DECLS
