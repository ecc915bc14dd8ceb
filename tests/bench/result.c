/* SPDX-License-Identifier: GPL-2.0-or-later */
/* result.c: the rounds of one benchmark, and its file.  The ratio is the median of the rounds' own ratios: on a machine that
 * others use as well, what ran in the same moment is the only thing to compare with. */
#include "tests/bench/bench.h"

#include <jansson.h>

struct _BenchResult
{
  char     *name, *unit;
  BenchGoal kind;
  double    goal;
  GArray   *ours, *peer, *bound;
};

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

static double
get_median (GArray *values)
{
  g_autoptr (GArray) sorted = g_array_copy (values);
  guint half = sorted->len / 2;

  g_array_sort (sorted, compare);
  if (sorted->len == 0)
    return 0;
  return sorted->len % 2 == 1 ? g_array_index (sorted, double, half)
         : (g_array_index (sorted, double, half - 1) + g_array_index (sorted, double, half)) / 2;
}

/**
 * bench_result_new:
 * @name: the benchmark's name, and its file's
 * @unit: of every figure
 * @kind: what the goal is about
 * @goal: what is wanted at the most
 *
 * Returns: (transfer full): a result without rounds
 */
BenchResult *
bench_result_new (const char *name, const char *unit, BenchGoal kind, double goal)
{
  BenchResult *self = g_new0 (BenchResult, 1);

  self->name = g_strdup (name);
  self->unit = g_strdup (unit);
  self->kind = kind;
  self->goal = goal;
  self->ours = g_array_new (FALSE, FALSE, sizeof (double));
  self->peer = g_array_new (FALSE, FALSE, sizeof (double));
  self->bound = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

/**
 * bench_result_free:
 * @self: (nullable) (transfer full): a result
 */
void
bench_result_free (BenchResult *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->ours);
  g_array_unref (self->peer);
  g_array_unref (self->bound);
  g_free (self->name);
  g_free (self->unit);
  g_free (self);
}

/**
 * bench_result_add_ours:
 * @self: a result
 * @value: our figure of one more round
 */
void
bench_result_add_ours (BenchResult *self, double value)
{
  g_array_append_val (self->ours, value);
}

/**
 * bench_result_add_peer:
 * @self: a result
 * @value: the peer's figure of the round whose figure of ours was added last, or is added next
 */
void
bench_result_add_peer (BenchResult *self, double value)
{
  g_array_append_val (self->peer, value);
}

/**
 * bench_result_add_bound:
 * @self: a result
 * @value: what the same would take at the least
 */
void
bench_result_add_bound (BenchResult *self, double value)
{
  g_array_append_val (self->bound, value);
}

static json_t *
new_array (GArray *values)
{
  json_t *array = json_array ();

  for (guint i = 0; i < values->len; i++)
    json_array_append_new (array, json_real (g_array_index (values, double, i)));
  return array;
}

static gboolean
is_met (BenchResult *self, GArray *ratios)
{
  double value = get_median (self->kind == BENCH_GOAL_FIGURE ? self->ours : ratios);

  return (self->kind == BENCH_GOAL_NEAR ? ABS (value - 1) : value) <= self->goal;
}

static void
print (BenchResult *self, GArray *ratios)
{
  g_print ("%s: %u rounds", self->name, MAX (self->ours->len, self->peer->len));
  if (self->ours->len > 0)
    g_print (", ours %.3g %s", get_median (self->ours), self->unit);
  if (self->peer->len > 0)
    g_print (", peer %.3g %s", get_median (self->peer), self->unit);
  if (self->bound->len > 0)
    g_print (", bound %.3g", get_median (self->bound));
  if (ratios->len > 0)
    g_print (", ratio %.3f", get_median (ratios));
  if (self->kind == BENCH_GOAL_NONE)
    g_print ("\n");
  else
    g_print ("; goal %s%g: %s\n", self->kind == BENCH_GOAL_NEAR ? "1 +/- " : "", self->goal,
             is_met (self, ratios) ? "met" : "missed");
}

/**
 * bench_result_write:
 * @self: a result with all its rounds
 *
 * Writes NAME.json into the folder that ADIT_BENCH_DIR names, and one line for a reader.  A goal that is missed is no failure:
 * a benchmark fails when what it measures does not work.
 */
void
bench_result_write (BenchResult *self)
{
  const char *folder = g_getenv ("ADIT_BENCH_DIR");
  g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *file = g_strconcat (self->name, ".json", NULL), *path = NULL;
  json_t *object;

  if (folder == NULL || g_mkdir_with_parents (folder, 0755) != 0)
    g_error ("ADIT_BENCH_DIR has to name a folder; run this through meson test --benchmark");
  g_assert_true (self->peer->len == 0 || self->ours->len == 0 || self->peer->len == self->ours->len);
  for (guint i = 0; i < self->peer->len && i < self->ours->len; i++)
    {
      double ratio = g_array_index (self->ours, double, i) / g_array_index (self->peer, double, i);

      g_array_append_val (ratios, ratio);
    }
  object = json_object ();
  json_object_set_new (object, "name", json_string (self->name));
  json_object_set_new (object, "unit", json_string (self->unit));
  json_object_set_new (object, "rounds", json_integer (MAX (self->ours->len, self->peer->len)));
  json_object_set_new (object, "ours", new_array (self->ours));
  json_object_set_new (object, "peer", new_array (self->peer));
  json_object_set_new (object, "bound", new_array (self->bound));
  json_object_set_new (object, "ratio_median", ratios->len > 0 ? json_real (get_median (ratios)) : json_null ());
  json_object_set_new (object, "goal", self->kind != BENCH_GOAL_NONE ? json_real (self->goal) : json_null ());
  path = g_build_filename (folder, file, NULL);
  if (json_dump_file (object, path, JSON_COMPACT | JSON_REAL_PRECISION (6)) != 0)
    g_error ("cannot write %s", path);
  json_decref (object);
  print (self, ratios);
}
