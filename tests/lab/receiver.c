/* SPDX-License-Identifier: GPL-2.0-or-later */
/* receiver.c: starts it with a right or a wrong certificate, tells the computer of it, and reads what it keeps. */
#include "config.h"
#include "tests/lab/receiver.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/lab/world-private.h"

#define FOLDER  ADIT_WORLD_DIRECTORY "/received"
#define PREFIX  FOLDER "/"
#define FAULT   ADIT_WORLD_DIRECTORY "/reports-fault"
#define TRUSTED "/etc/ssl/certs/ca-certificates.crt"    /* of the lab's own /etc */
#define CONF    "/etc/adit/report.conf"
#define TAKEN   PREFIX "taken"
#define FORGED  ADIT_WORLD_DIRECTORY "/forged"
#define URL     "https://" ADIT_RECEIVER_HOST "/api/" ADIT_RECEIVER_PROJECT "/envelope/"
#define AUTH    "X-Sentry-Auth: Sentry sentry_version=7, sentry_client=a/1, sentry_key=" ADIT_RECEIVER_KEY
#define DAY_S   1795305600    /* a day, as a report says it */
#define SOON_MS 60000

static const char *const certificates[ADIT_RECEIVER_N_CERTIFICATES] = {
  [ADIT_RECEIVER_TRUSTED] = "reports", [ADIT_RECEIVER_OTHER_KEY] = "reports-other", [ADIT_RECEIVER_OTHER_NAME] = "reports-name",
  [ADIT_RECEIVER_STRANGER] = "reports-stranger",
};

static GPid process;

/* The lab's authority becomes one of those that the computer trusts. */
static void
trust_lab (void)
{
  g_autofree char *all = NULL, *own = NULL, *both = NULL;

  g_assert_true (g_file_get_contents (ADIT_WORLD_PKI "/ca.pem", &own, NULL, NULL));
  if (!g_file_get_contents (TRUSTED, &all, NULL, NULL))
    adit_world_make_directory ("/etc/ssl/certs");
  both = g_strconcat (all != NULL ? all : "", own, NULL);
  adit_world_write_file (TRUSTED, both, 0644);
}

/**
 * adit_receiver_make_certificate:
 * @name: of its files among the lab's
 * @host: whose it says it is
 * @trusted: whether the lab's authority signs it, or itself
 * @error: return location
 *
 * Returns: whether NAME.pem and NAME.key are there
 */
gboolean
adit_receiver_make_certificate (const char *name, const char *host, gboolean trusted, GError **error)
{
  g_autofree char *sign = trusted ? g_strdup ("-CA " ADIT_WORLD_PKI "/ca.pem -CAkey " ADIT_WORLD_PKI "/ca.key -CAcreateserial")
                          : g_strdup_printf ("-signkey " ADIT_WORLD_PKI "/%s.key", name);
  g_autofree char *ask = g_strdup_printf ("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=%s"
                                          " -addext subjectAltName=DNS:%s -keyout " ADIT_WORLD_PKI "/%s.key"
                                          " -out " ADIT_WORLD_PKI "/%s.csr", host, host, name, name);
  g_autofree char *make = g_strdup_printf ("openssl x509 -req -in " ADIT_WORLD_PKI "/%s.csr %s -days 2 -copy_extensions copy"
                                           " -out " ADIT_WORLD_PKI "/%s.pem", name, sign, name);

  return adit_lab_run_line (NULL, ask, error) && adit_lab_run_line (NULL, make, error);
}

/**
 * adit_receiver_make:
 * @error: return location
 *
 * Once, in a world: the address and the certificates of adit_receiver_start().
 *
 * Returns: whether all is there
 */
gboolean
adit_receiver_make (GError **error)
{
  for (guint i = 0; i < ADIT_RECEIVER_N_CERTIFICATES; i++)
    if (!adit_receiver_make_certificate (certificates[i],
                                         i == ADIT_RECEIVER_OTHER_NAME ? "other.lab.example" : ADIT_RECEIVER_HOST,
                                         i != ADIT_RECEIVER_STRANGER, error))
      return FALSE;
  trust_lab ();
  adit_world_make_directory (FOLDER);
  adit_receiver_set_fault ("");
  return adit_lab_run_line (NULL, "ip -n api addr add " ADIT_LAB_REPORTS_ADDRESS "/24 dev eth0", error);
}

/**
 * adit_receiver_start:
 * @certificate: which it shows
 * @error: return location
 *
 * Returns: whether it listens
 */
gboolean
adit_receiver_start (AditReceiverCertificate certificate, GError **error)
{
  g_autofree char *pem = g_strconcat (ADIT_WORLD_PKI "/", certificates[certificate], ".pem", NULL),
                  *key = g_strconcat (ADIT_WORLD_PKI "/", certificates[certificate], ".key", NULL);
  const char *const argv[] = { adit_world_get_program ("ADIT_SIMULATOR"), "--service", "reports", "--address",
                               ADIT_LAB_REPORTS_ADDRESS, "443", pem, key, FAULT, PREFIX, NULL };

  adit_receiver_stop ();
  process = adit_lab_spawn_logged ("api", 0, argv, ADIT_WORLD_LOG, NULL, error);
  return process != 0 && adit_world_wait_own_listener (ADIT_LAB_REPORTS_ADDRESS, error);
}

/**
 * adit_receiver_begin:
 *
 * Makes it, starts it with the right certificate and tells the computer of it; where that fails the program ends.
 */
void
adit_receiver_begin (void)
{
  g_autoptr (GError) error = NULL;

  if (!adit_receiver_make (&error) || !adit_receiver_start (ADIT_RECEIVER_TRUSTED, &error))
    g_error ("%s", error->message);
  adit_receiver_announce (ADIT_RECEIVER_DSN, NULL);
}

/**
 * adit_receiver_stop:
 *
 * It is down, if it was not: its computer refuses connections, or another service answers there.
 */
void
adit_receiver_stop (void)
{
  if (process != 0)
    adit_lab_end (process);
  process = 0;
}

/**
 * adit_receiver_set_fault:
 * @fault: what it does wrong from now on (simulator.c, service-reports.c), "" for nothing
 */
void
adit_receiver_set_fault (const char *fault)
{
  adit_world_write_file (FAULT, fault, 0644);
}

/**
 * adit_receiver_announce:
 * @dsn: (nullable): what the administrator writes, %NULL for no file
 * @pin: (nullable): the same
 */
void
adit_receiver_announce (const char *dsn, const char *pin)
{
  g_autofree char *text = g_strdup_printf ("[report]\ndsn=%s\n%s%s\n", dsn, pin != NULL ? "pin=" : "", pin != NULL ? pin : "");

  if (dsn != NULL)
    adit_world_write_file (CONF, text, 0644);
  else
    g_unlink (CONF);
}

/**
 * adit_receiver_dup_pin:
 *
 * Returns: (transfer full): of %ADIT_RECEIVER_TRUSTED, as report.conf has it
 */
char *
adit_receiver_dup_pin (void)
{
  const char *const argv[] = { "sh", "-c", "openssl x509 -in " ADIT_WORLD_PKI "/reports.pem -noout -pubkey"
                               " | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | openssl base64", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, 10000, argv, &error);

  g_assert_no_error (error);
  return g_strdup (g_strstrip (result->out));
}

/**
 * adit_receiver_list:
 *
 * Returns: (transfer full) (element-type utf8): ids of what it took, each once
 */
GPtrArray *
adit_receiver_list (void)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (FOLDER, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json"))
      g_ptr_array_add (ids, g_strndup (name, strlen (name) - strlen (".json")));
  return ids;
}

/**
 * adit_receiver_count:
 * @arrivals: (out) (optional): how often something came that was taken
 *
 * Returns: how many reports it has
 */
guint
adit_receiver_count (guint *arrivals)
{
  g_autoptr (GPtrArray) ids = adit_receiver_list ();
  g_autofree char *text = NULL;

  if (arrivals != NULL)
    {
      *arrivals = 0;
      if (g_file_get_contents (PREFIX "arrivals", &text, NULL, NULL))
        for (const char *end = text; (end = strchr (end, '\n')) != NULL; end++)
          ++*arrivals;
    }
  return ids->len;
}

/**
 * adit_receiver_count_arrivals:
 *
 * Returns: how often something came that was taken
 */
guint
adit_receiver_count_arrivals (void)
{
  guint arrivals;

  (void) adit_receiver_count (&arrivals);
  return arrivals;
}

/**
 * adit_receiver_load:
 * @id: of a report
 *
 * Returns: (transfer full) (nullable): what service-reports.c says of it
 */
json_t *
adit_receiver_load (const char *id)
{
  g_autofree char *path = g_strconcat (PREFIX, id, ".json", NULL);

  return json_load_file (path, 0, NULL);
}

/**
 * adit_receiver_get_event:
 * @received: of adit_receiver_load()
 *
 * Returns: (transfer none): the event, of which there is one
 */
json_t *
adit_receiver_get_event (json_t *received)
{
  json_t *items = json_object_get (received, "items"), *item;
  gsize i;

  json_array_foreach (items, i, item)
    if (json_object_get (item, "json") != NULL)
      return json_object_get (item, "json");
  g_assert_not_reached ();
}

/**
 * adit_receiver_find_function:
 * @event: (nullable): of a crash
 *
 * Returns: (transfer none): the innermost function of ours; "" where there is none
 */
const char *
adit_receiver_find_function (json_t *event)
{
  json_t *exceptions = json_object_get (json_object_get (event, "exception"), "values"),
         *frames = json_object_get (json_object_get (json_array_get (exceptions, 0), "stacktrace"), "frames");

  for (gsize i = json_array_size (frames); i > 0; i--)
    {
      json_t *frame = json_array_get (frames, i - 1);

      if (json_is_true (json_object_get (frame, "in_app")) && json_object_get (frame, "function") != NULL)
        return json_string_value (json_object_get (frame, "function"));
    }
  return "";
}

/**
 * adit_receiver_dup_path:
 * @id: of a report
 *
 * Returns: (transfer full): the file with the bytes that came
 */
char *
adit_receiver_dup_path (const char *id)
{
  return g_strconcat (PREFIX, id, ".envelope", NULL);
}

/**
 * adit_receiver_dup_refused:
 *
 * Returns: (transfer full): a line for each request that it refused, and why; "" for none
 */
char *
adit_receiver_dup_refused (void)
{
  char *text = NULL;

  return g_file_get_contents (PREFIX "refused", &text, NULL, NULL) ? text : g_strdup ("");
}

/**
 * adit_receiver_wait_taken:
 *
 * Waits until the connection of one huge answer has ended; the next call waits for the next.
 *
 * Returns: how many bytes of it had gone by then
 */
gsize
adit_receiver_wait_taken (void)
{
  for (guint i = 0; i < SOON_MS / 10; i++, g_usleep (10000))
    {
      g_autofree char *text = NULL;

      if (!g_file_get_contents (TAKEN, &text, NULL, NULL) || strchr (text, '\n') == NULL)
        continue;
      g_assert_cmpint (g_unlink (TAKEN), ==, 0);
      return (gsize) g_ascii_strtoull (text, NULL, 10);
    }
  g_error ("no connection with a huge answer has ended");
}

/**
 * adit_receiver_forge_bytes:
 * @bytes: of an envelope
 * @option: one more of curl's
 *
 * Sends it as somebody else would who has the key, by curl and with nothing taken out.
 *
 * Returns: how long the answer was, in bytes
 */
gsize
adit_receiver_forge_bytes (const char *bytes, const char *option)
{
  const char *const argv[] = { "curl", "-s", "-k", "--max-time", "60", "-o", "/dev/null", "-w", "%{size_download}", "-H", AUTH,
                               "-H", "Content-Type: application/x-sentry-envelope", "--data-binary", "@" FORGED, option, URL,
                               NULL };
  g_autoptr (AditLabResult) result = NULL;
  g_autoptr (GError) error = NULL;

  adit_world_write_file (FORGED, bytes, 0644);
  result = adit_lab_run ("client", 0, SOON_MS * 2, argv, &error);
  g_assert_no_error (error);
  return (gsize) g_ascii_strtoull (result->out, NULL, 10);
}

/**
 * adit_receiver_forge:
 * @words: what somebody says
 *
 * Sends them in an envelope of their own, ADIT_RECEIVER_FORGED_ID, as adit_receiver_forge_bytes() does.
 *
 * Returns: how long the answer was, in bytes
 */
gsize
adit_receiver_forge (const char *words)
{
  json_t *event = json_pack ("{s:s,s:i,s:s,s:{s:s}}", "event_id", ADIT_RECEIVER_FORGED_ID, "timestamp", DAY_S, "platform", "c",
                             "logentry", "formatted", words);
  char *text = json_dumps (event, JSON_COMPACT);
  g_autofree char *bytes = g_strdup_printf ("{\"event_id\":\"" ADIT_RECEIVER_FORGED_ID "\"}\n"
                                            "{\"type\":\"event\",\"length\":%zu}\n%s\n", strlen (text), text);
  gsize length = adit_receiver_forge_bytes (bytes, "-s");

  free (text);
  json_decref (event);
  return length;
}

/**
 * adit_receiver_forget:
 *
 * As if it had never got anything.
 */
void
adit_receiver_forget (void)
{
  g_autoptr (GDir) dir = g_dir_open (FOLDER, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (FOLDER, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}
