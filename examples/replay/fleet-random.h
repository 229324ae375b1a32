/* fleet-random: numbers that look random, the same for the same seed on every
 * machine. A hundred thousand of them take 800 KB, where GRand takes 250 MB.
 *
 * May touch: GLib, math.h. Pure.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/**
 * FleetRandom:
 *
 * The state of the generator SplitMix64: any number is a seed.
 */
typedef guint64 FleetRandom;

static inline guint64
fleet_random_next (FleetRandom *random)
{
  guint64 z = *random += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Returns: a number r, @from <= r < @to. */
static inline double
fleet_random_between (FleetRandom *random, double from, double to)
{
  double r = ldexp ((double) (fleet_random_next (random) >> 11), -53);

  return from + r * (to - from);
}

/* Returns: a number from 0 to @n - 1. */
static inline guint
fleet_random_below (FleetRandom *random, guint n)
{
  return (guint) (fleet_random_next (random) % n);
}

/* Returns: TRUE in @percent of all cases. */
static inline gboolean
fleet_random_chance (FleetRandom *random, guint percent)
{
  return fleet_random_below (random, 100) < percent;
}

/* Returns: how long something takes that may happen at any moment, where it takes
 * @mean in the mean. */
static inline double
fleet_random_wait (FleetRandom *random, double mean)
{
  return -mean * log (1 - fleet_random_between (random, 0, 1));
}

G_END_DECLS
