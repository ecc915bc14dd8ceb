/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sidecar.c: it listens on all addresses and would like to talk to its makers, so it lives in a namespace with nothing but a
 * loopback; what comes to its address in the lab gets there through tls-front.c. */
#include "config.h"
#include "tests/lab/sidecar.h"

#include <string.h>
#include <unistd.h>

#include "tests/lab/receiver.h"
#include "tests/lab/world-private.h"

#define SPACE     "sidecar"
#define PORT      "8969"
#define URL       "http://127.0.0.1:" PORT
#define NAME      "sidecar"    /* of its certificate */
#define FRONT     G_STRINGIFY (ADIT_SIDECAR_PORT)
#define UP_MAX_S  60

/**
 * adit_sidecar_find:
 *
 * Returns: (transfer none) (nullable): where fetch-sentry left both, %NULL where it could not
 */
const char *
adit_sidecar_find (void)
{
  const char *folder = g_getenv ("ADIT_LAB_SENTRY");
  g_autofree char *complete = folder != NULL ? g_build_filename (folder, "complete", NULL) : NULL;

  return complete != NULL && access (complete, R_OK) == 0 ? folder : NULL;
}

static gboolean
wait_healthy (GError **error)
{
  const char *const argv[] = { "curl", "-sf", "-o", "/dev/null", URL "/health", NULL };

  for (gint64 end = g_get_monotonic_time () + UP_MAX_S * G_TIME_SPAN_SECOND; g_get_monotonic_time () < end; g_usleep (100000))
    {
      g_autoptr (AditLabResult) result = adit_lab_run (SPACE, 0, 10000, argv, error);

      if (result == NULL || result->status == 0)
        return result != NULL;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the sidecar does not come up");
  return FALSE;
}

/**
 * adit_sidecar_start:
 * @error: return location
 *
 * After adit_receiver_make(), and where adit_sidecar_find() has something.
 *
 * Returns: whether it answers, and somebody speaks TLS for it
 */
gboolean
adit_sidecar_start (GError **error)
{
  g_autofree char *node = g_build_filename (adit_sidecar_find (), "node", NULL),
                  *program = g_build_filename (adit_sidecar_find (), "node_modules/@spotlightjs/spotlight/dist/run.js", NULL);
  const char *const sidecar[] = { "env", "HOME=/nonexistent", "SENTRY_DSN=", node, program, "server", "-p", PORT, NULL };
  const char *const front[] = { adit_world_get_program ("ADIT_LAB_TLS_FRONT"), ADIT_LAB_SIDECAR_ADDRESS, FRONT,
                                ADIT_WORLD_PKI "/" NAME ".pem", ADIT_WORLD_PKI "/" NAME ".key", SPACE, PORT, NULL };

  return adit_receiver_make_certificate (NAME, ADIT_SIDECAR_HOST, TRUE, error)
         && adit_lab_run_line (NULL, "ip netns add " SPACE, error) && adit_lab_run_line (SPACE, "ip link set lo up", error)
         && adit_lab_run_line (NULL, "ip -n api addr add " ADIT_LAB_SIDECAR_ADDRESS "/24 dev eth0", error)
         /* A hundred packages of other people's: not as root. */
         && adit_lab_spawn_logged (SPACE, ADIT_WORLD_DAEMON_UID, sidecar, ADIT_WORLD_LOG, NULL, error) != 0
         && wait_healthy (error)
         && adit_lab_spawn_logged ("api", 0, front, ADIT_WORLD_LOG, NULL, error) != 0
         && adit_world_wait_listening ("api", ADIT_LAB_SIDECAR_ADDRESS, ADIT_SIDECAR_PORT, error);
}

/**
 * adit_sidecar_list:
 *
 * Returns: (transfer full): an array of what it understood of each envelope: [header, [[header, item]...]]
 */
json_t *
adit_sidecar_list (void)
{
  /* It goes on for ever; what came before is told at once. */
  const char *const argv[] = { "curl", "-sN", "--max-time", "2", URL "/stream", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLabResult) result = adit_lab_run (SPACE, 0, 30000, argv, &error);
  g_auto (GStrv) lines = NULL;
  json_t *all = json_array ();

  g_assert_no_error (error);
  lines = g_strsplit (result->out, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "data: ["))
      {
        json_t *envelope = json_loads (lines[i] + strlen ("data: "), 0, NULL);

        g_assert_nonnull (envelope);
        json_array_append_new (all, envelope);
      }
  return all;
}

/**
 * adit_sidecar_find_event:
 * @list: of adit_sidecar_list()
 * @id: of a report
 *
 * Returns: (transfer none) (nullable): the event with that number
 */
json_t *
adit_sidecar_find_event (json_t *list, const char *id)
{
  json_t *envelope, *item;
  gsize i, j;

  json_array_foreach (list, i, envelope)
    json_array_foreach (json_array_get (envelope, 1), j, item)
      if (g_strcmp0 (json_string_value (json_object_get (json_array_get (item, 1), "event_id")), id) == 0)
        return json_array_get (item, 1);
  return NULL;
}

/**
 * adit_sidecar_read_envelope:
 * @path: of a file
 * @error: return location
 *
 * Returns: (transfer full) (nullable): { header, items }, as Sentry's own code reads that file; %NULL where it does not
 */
json_t *
adit_sidecar_read_envelope (const char *path, GError **error)
{
  g_autofree char *node = g_build_filename (adit_sidecar_find (), "node", NULL),
                  *script = g_build_filename (adit_world_get_program ("ADIT_LAB_DATA"), "../tests/rig/read-envelope.js", NULL);
  const char *const argv[] = { "env", "HOME=/nonexistent", node, script, adit_sidecar_find (), path, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (SPACE, ADIT_WORLD_DAEMON_UID, 60000, argv, error);
  json_t *envelope;

  if (result == NULL)
    return NULL;
  envelope = json_loads (result->out, 0, NULL);
  if (result->status != 0 || envelope == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s%s", result->out, result->err);
      g_clear_pointer (&envelope, json_decref);
    }
  return envelope;
}
