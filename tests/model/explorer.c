/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explorer.c: breadth first from a computer on which Adit has just been installed, so the first path found is a shortest one.
 * Under each event every effect may go well, fail, or be what the helper is killed before. */
#include "tests/model/explorer.h"

#include <string.h>
#include "tests/model/promises.h"

#define MAX_CONFIGS (1u << 20)    /* more would be a model that has got out of hand */

typedef struct
{
  Config config;
  guint  parent;
  guint8 what;                      /* from there to here */
  guint8 n_scripted, script[MAX_CHOICES];
} Node;

/* What can happen without any fault; the ways out are made of these. */
typedef struct
{
  guint    from, to;
  gboolean users;
} Edge;

typedef struct
{
  const Machine *machine;
  Finding       *finding;
  GArray        *nodes, *edges;
  GHashTable    *index;             /* packed configuration to its number, plus one */
} Explorer;

static const Node *
node_at (const Explorer *self, guint i)
{
  return &g_array_index (self->nodes, Node, i);
}

static guint
find_or_add (Explorer *self, const Config *config, guint parent, Happening what, const Run *run)
{
  gint64 key = (gint64) config_pack (config);
  gpointer known = g_hash_table_lookup (self->index, &key);
  Node node = { .config = *config, .parent = parent, .what = what, .n_scripted = run != NULL ? run->n_choices : 0 };

  if (known != NULL)
    return GPOINTER_TO_UINT (known) - 1;
  if (run != NULL)
    memcpy (node.script, run->script, run->n_choices);
  g_assert_cmpuint (self->nodes->len, <, MAX_CONFIGS);
  g_array_append_val (self->nodes, node);
  g_hash_table_insert (self->index, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (self->nodes->len));
  return self->nodes->len - 1;
}

/* Runs the event again, this time with its story. */
static char *
dup_step (const Explorer *self, const Config *from, Happening what, const guint8 *script, guint n_scripted)
{
  g_autoptr (GString) story = g_string_new (NULL);
  g_autofree char *after = NULL;
  Run run = { .machine = self->machine, .n_scripted = n_scripted, .story = story };

  memcpy (run.script, script, n_scripted);
  machine_run (&run, from, what);
  after = config_dup_text (&run.config);
  return g_strdup_printf ("%s%s%s%s\n    -> %s", happening_get_nick (what), story->len > 0 ? " [" : "", story->str,
                          story->len > 0 ? "]" : "", after);
}

/* From the beginning to @i. */
static GString *
write_path (const Explorer *self, guint i)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_free);
  GString *text = g_string_new (NULL);

  for (; i != 0; i = node_at (self, i)->parent)
    {
      const Node *node = node_at (self, i);

      g_ptr_array_add (steps, dup_step (self, &node_at (self, node->parent)->config, node->what, node->script, node->n_scripted));
    }
  for (guint step = steps->len; step > 0; step--)
    g_string_append_printf (text, "  %u. %s\n", steps->len - step + 1, (char *) g_ptr_array_index (steps, step - 1));
  return text;
}

static gboolean
report (Explorer *self, guint at, const Run *run, Happening what, const char *broken)
{
  GString *path = write_path (self, at);

  if (run != NULL)
    {
      g_autofree char *step = dup_step (self, &node_at (self, at)->config, what, run->script, run->n_choices);

      g_string_append_printf (path, "  *. %s\n", step);
    }
  self->finding->broken = broken;
  self->finding->path = g_string_free (path, FALSE);
  return FALSE;
}

static gboolean
explore_event (Explorer *self, guint at, Happening what)
{
  const Config from = node_at (self, at)->config;
  Run run = { .machine = self->machine };

  do
    {
      const char *broken;
      guint to;

      machine_run (&run, &from, what);
      self->finding->n_transitions++;
      broken = run.broken != NULL ? run.broken : promises_check_rest (self->machine, &run.config);
      if (broken != NULL)
        return report (self, at, &run, what, broken);
      to = find_or_add (self, &run.config, at, what, &run);
      if (run.smooth && to != at && (from.alive ? what < HAPPENS_LOCK_REMOVED : what == HAPPENS_START))
        {
          Edge edge = { at, to, happening_is_users (what) };

          g_array_append_val (self->edges, edge);
        }
    }
  while (run_next_script (&run));
  return TRUE;
}

/* Marks everything from which a marked configuration is reached: the edges come in the order of the walk, so against that order
 * a few rounds are enough. */
static void
spread (const Explorer *self, guint8 *marked, gboolean without_user)
{
  gboolean grew = TRUE;

  while (grew)
    {
      grew = FALSE;
      for (guint i = self->edges->len; i > 0; i--)
        {
          const Edge *edge = &g_array_index (self->edges, Edge, i - 1);

          if (!marked[edge->from] && marked[edge->to] && !(without_user && edge->users))
            marked[edge->from] = grew = TRUE;
        }
    }
}

static gboolean
can_go_on (const Explorer *self, const Config *config)
{
  return promises_has_hope (self->machine, config) ||
         (config->alive && config->wish && (config->state == ADIT_STATE_CONNECTING || config->state == ADIT_STATE_CONNECTED));
}

static gboolean
check_ways (Explorer *self, AditState goal, gboolean without_user, const char *promise)
{
  g_autofree guint8 *marked = g_malloc0 (self->nodes->len);

  for (guint i = 0; i < self->nodes->len; i++)
    marked[i] = node_at (self, i)->config.alive && node_at (self, i)->config.state == goal;
  spread (self, marked, without_user);
  for (guint i = 0; i < self->nodes->len; i++)
    if (!marked[i] && (!without_user || can_go_on (self, &node_at (self, i)->config)))
      return report (self, i, NULL, 0, promise);
  return TRUE;
}

static gboolean
explore_all (Explorer *self)
{
  const Config installed = { .lock = ADIT_LOCK_OFF, .asked_open = TRUE };

  (void) find_or_add (self, &installed, 0, HAPPENS_START, NULL);
  for (guint at = 0; at < self->nodes->len; at++)
    for (guint what = 0; what < N_HAPPENINGS; what++)
      if (happening_is_possible (what, &node_at (self, at)->config) && !explore_event (self, at, what))
        return FALSE;
  return check_ways (self, ADIT_STATE_CONNECTED, FALSE, PROMISE_TO_CONNECTED) &&
         check_ways (self, ADIT_STATE_DISCONNECTED, FALSE, PROMISE_TO_DISCONNECTED) &&
         check_ways (self, ADIT_STATE_CONNECTED, TRUE, PROMISE_BY_ITSELF);
}

/**
 * explorer_explore:
 * @machine: the table, and whether something is wrong around it
 * @finding: (out): what was found; clear it with finding_clear()
 *
 * Walks until everything reachable has been seen, or to the first promise that is broken.
 */
void
explorer_explore (const Machine *machine, Finding *finding)
{
  Explorer self = { .machine = machine, .finding = finding };

  *finding = (Finding) { 0 };
  self.nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  self.edges = g_array_new (FALSE, FALSE, sizeof (Edge));
  self.index = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  (void) explore_all (&self);
  finding->n_configs = self.nodes->len;
  g_array_unref (self.nodes);
  g_array_unref (self.edges);
  g_hash_table_unref (self.index);
}

/**
 * finding_clear:
 * @self: what explorer_explore() filled
 *
 * Frees the path.
 */
void
finding_clear (Finding *self)
{
  g_clear_pointer (&self->path, g_free);
}
