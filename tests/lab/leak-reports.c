/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-reports.c: rows about reports: when they leave and by which way, to whom, what they look like to a reader, and what two of
 * them have in common. */
#include "config.h"
#include "tests/lab/attack.h"

#include <signal.h>
#include <string.h>

#include "tests/lab/receiver.h"
#include "tests/lab/report-client.h"
#include "tests/lab/world-private.h"

#define DIRECT    "192.0.2.1"    /* the router, as the server's own network sees it */
#define QUIET_MS  1500
#define ELSEWHERE "elsewhere.example"
#define HARMLESS  "and that is all."

static gboolean is_made;

/* Nothing has arrived yet, and the hour's reports begin anew. */
static void
begin (AditAttack *attack)
{
  if (!is_made)
    {
      adit_receiver_begin ();
      report_client_open (adit_attack_get_world (attack));
    }
  is_made = TRUE;
  adit_receiver_announce (ADIT_RECEIVER_DSN, NULL);
  adit_receiver_set_fault ("");
  adit_receiver_forget ();
  report_client_begin_hour ();
}

static char *
dup_peer (const char *id)
{
  json_t *received = adit_receiver_load (id);
  char *peer = g_strdup (json_string_value (json_object_get (received, "peer")));

  json_decref (received);
  return peer;
}

/* --- C04: when, and which way ----------------------------------------------------------------------------------------------- */

static const struct { const char *name, *enter, *leave; gboolean sends; const char *from; } states[] = {
  { "disconnected", NULL, NULL, TRUE, DIRECT },
  { "disconnected and locked", "lockdown on", "lockdown off", FALSE, DIRECT },
  { "connected", "connect --wait", "disconnect", TRUE, ADIT_LAB_EXIT_ADDRESS },
  { "paused", "pause 5", NULL, FALSE, NULL },
};

static void
try_state (AditAttack *attack, guint i)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autofree char *id = NULL, *peer = NULL, *state = NULL;
  guint before = adit_receiver_count_arrivals ();
  gboolean is_pause = g_str_equal (states[i].name, "paused");

  if (is_pause)
    adit_world_expect (world, 0, NULL, "connect --wait", 0);
  if (states[i].enter != NULL)
    adit_world_expect (world, 0, NULL, states[i].enter, 0);
  id = report_client_add_problem (states[i].name, "");
  g_usleep (QUIET_MS * 1000);
  adit_attack_expect_refused (attack, adit_receiver_count_arrivals () == before, "%s: sent without a yes", states[i].name);
  report_client_send (id);
  if (states[i].sends)
    report_client_expect (id, "sent", "");
  else
    g_usleep (QUIET_MS * 1000);
  state = report_client_dup_state (id, NULL);
  adit_attack_expect_refused (attack, adit_receiver_count_arrivals () - before == (states[i].sends ? 1 : 0), "%s: %s",
                              states[i].name, state);
  if (!states[i].sends)
    report_client_expect (id, "queued", "held");
  if (is_pause)
    adit_world_expect (world, 0, NULL, "disconnect", 0);
  if (states[i].leave != NULL)
    adit_world_expect (world, 0, NULL, states[i].leave, 0);
  /* What was held goes as soon as it may, and the way is seen by where it comes from. */
  report_client_expect (id, "sent", "");
  peer = dup_peer (id);
  adit_attack_expect_refused (attack, states[i].from == NULL || g_str_equal (peer, states[i].from), "%s: it came from %s",
                              states[i].name, peer);
  report_client_delete (id);
}

static void
row_c04 (AditAttack *attack)
{
  g_autofree char *direct = NULL, *id = NULL;
  guint before;

  begin (attack);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    try_state (attack, i);

  /* Without asking anybody: a crash of somebody who has said always. */
  before = adit_receiver_count_arrivals ();
  report_client_set_consent ("always");
  (void) report_client_crash_helper (SIGSEGV);
  id = report_client_wait_new ("aditd");
  report_client_expect (id, "sent", "");
  adit_attack_expect_obeyed (attack, adit_receiver_count_arrivals () == before + 1, "a report that nobody was asked about");
  /* And with no tunnel to go through. */
  direct = dup_peer (id);
  adit_attack_expect_obeyed (attack, g_str_equal (direct, DIRECT), "a report beside the tunnel: %s", direct);
  report_client_set_consent ("ask");
  report_client_delete (id);
  adit_attack_rest (attack);
}

/* --- C05: to whom ----------------------------------------------------------------------------------------------------------- */

static const struct { const char *name; AditReceiverCertificate certificate; gboolean pinned; const char *fault; } wrong[] = {
  { "another key than the pinned one", ADIT_RECEIVER_OTHER_KEY, TRUE, "" },
  { "another name", ADIT_RECEIVER_OTHER_NAME, FALSE, "" },
  { "signed by itself", ADIT_RECEIVER_STRANGER, FALSE, "" },
  { "signed by itself, with a pin", ADIT_RECEIVER_STRANGER, TRUE, "" },
  { "redirect", ADIT_RECEIVER_TRUSTED, FALSE, "redirect" },
  { "redirect that keeps the method", ADIT_RECEIVER_TRUSTED, FALSE, "redirect 307" },
};

/* Whether somebody on the client asked for that host since the last look. */
static gboolean
was_asked (AditWorld *world, const char *host)
{
  g_autofree char *log = adit_world_dup_dns_log (world);

  return strstr (log, host) != NULL;
}

static void
row_c05 (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autoptr (GError) error = NULL;
  g_autofree char *pin = NULL, *huge = NULL;
  gsize taken;

  begin (attack);
  pin = adit_receiver_dup_pin ();
  (void) was_asked (world, ELSEWHERE);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *id = NULL;
      guint before = adit_receiver_count_arrivals ();

      adit_receiver_announce (ADIT_RECEIVER_DSN, wrong[i].pinned ? pin : NULL);
      g_assert_true (adit_receiver_start (wrong[i].certificate, &error));
      adit_receiver_set_fault (wrong[i].fault);
      id = report_client_add_problem (wrong[i].name, "");
      report_client_send (id);
      report_client_expect (id, wrong[i].fault[0] != '\0' ? "refused" : "queued",
                            wrong[i].fault[0] != '\0' ? "not-taken" : "untrusted");
      adit_attack_expect_refused (attack, adit_receiver_count_arrivals () == before && !was_asked (world, ELSEWHERE), "%s",
                                  wrong[i].name);
      /* It is the same report that the right server gets. */
      adit_receiver_set_fault ("");
      g_assert_true (adit_receiver_start (ADIT_RECEIVER_TRUSTED, &error));
      report_client_send (id);
      report_client_expect (id, "sent", "");
      adit_attack_expect_obeyed (attack, adit_receiver_count_arrivals () == before + 1, "%s, mended", wrong[i].name);
      report_client_delete (id);
    }
  /* Who follows is led. */
  adit_receiver_set_fault ("redirect");
  (void) adit_receiver_forge_bytes ("{}\n", "-L");
  adit_attack_expect_obeyed (attack, was_asked (world, ELSEWHERE), "a redirect");

  huge = report_client_add_problem ("A huge answer", "");
  adit_receiver_set_fault ("huge");
  report_client_send (huge);
  taken = adit_receiver_wait_taken ();
  g_test_message ("%zu bytes of a huge answer had gone", taken);
  adit_attack_expect_refused (attack, taken < ADIT_RECEIVER_HUGE_MAX_BYTES, "a huge answer, of which %zu bytes were taken",
                              taken);
  adit_attack_expect_obeyed (attack, adit_receiver_forge ("Anybody") == ADIT_RECEIVER_HUGE_BYTES &&
                             adit_receiver_wait_taken () == ADIT_RECEIVER_HUGE_BYTES, "a huge answer to somebody else");
  adit_receiver_set_fault ("");
  report_client_send (huge);
  report_client_expect (huge, "sent", "");
  report_client_delete (huge);
  adit_attack_rest (attack);
}

/* --- C06: what it looks like to a reader ------------------------------------------------------------------------------------ */

static const char *const hostile[] = {
  "<script>document.location='//'+document.cookie</script>", "<img src=x onerror=alert(1)>", "[click](javascript:alert(1))",
  "\"},\"user\":{\"id\":\"7\"},\"x\":{\"y\":\"", "\n{\"type\":\"attachment\",\"length\":1,\"filename\":\"x.html\"}\nx",
  "</pre><a href=x>", "{{ 7*7 }} ${7*7} %{7*7}", "\\\",\\u0022,\\n",
};

static json_t *
send_and_load (const char *id)
{
  json_t *received;

  report_client_send (id);
  report_client_expect (id, "sent", "");
  received = adit_receiver_load (id);
  g_assert_nonnull (received);
  return received;
}

static void
row_c06 (AditAttack *attack)
{
  g_autofree char *refused = NULL, *bytes = NULL, *event = NULL;

  begin (attack);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *own = report_client_add_problem (hostile[i], "");
      json_t *received = send_and_load (own), *arrived = adit_receiver_get_event (received);
      const char *formatted = json_string_value (json_object_get (json_object_get (arrived, "logentry"), "formatted"));
      g_autofree char *seen = g_strdup (formatted != NULL ? formatted : "");

      /* One item, one text, nothing that its writer has made of it; and in the bytes not one mark of a page. */
      adit_attack_expect_refused (attack, json_array_size (json_object_get (received, "items")) == 1 &&
                                  json_object_get (arrived, "user") == NULL && seen[0] != '\0', "%s became %s", hostile[i], seen);
      json_decref (received);
      {
        g_autofree char *path = adit_receiver_dup_path (own), *raw = NULL;

        g_assert_true (g_file_get_contents (path, &raw, NULL, NULL));
        adit_attack_expect_refused (attack, strpbrk (raw, "<>") == NULL, "%s leaves marks in %s", hostile[i], raw);
      }
      report_client_delete (own);
    }
  refused = adit_receiver_dup_refused ();
  adit_attack_expect_refused (attack, refused[0] == '\0', "the server had to refuse: %s", refused);

  /* The same words put into an envelope by somebody who only quotes them. */
  event = g_strdup_printf ("{\"event_id\":\"%s\",\"timestamp\":1795305600,\"platform\":\"c\","
                           "\"logentry\":{\"formatted\":\"%s\"}}", ADIT_RECEIVER_FORGED_ID, hostile[3]);
  bytes = g_strdup_printf ("{\"event_id\":\"%s\"}\n{\"type\":\"event\",\"length\":%zu}\n%s\n",
                           ADIT_RECEIVER_FORGED_ID, strlen (event), event);
  (void) adit_receiver_forge_bytes (bytes, "-s");
  g_free (refused);
  refused = adit_receiver_dup_refused ();
  adit_attack_expect_obeyed (attack, strstr (refused, "has \"user\"") != NULL, "words that become a user: %s", refused);
  adit_attack_rest (attack);
}

/* --- C07: whose it is ------------------------------------------------------------------------------------------------------- */

/* What tells this computer, its people and its connection from all others. */
static GPtrArray *
list_marks (void)
{
  static const char *const commands[] = {
    "cat /etc/machine-id", "cat /proc/sys/kernel/random/boot_id", "hostname", "ip -br addr show dev eth0",
    "ip -br link show dev eth0",
  };
  GPtrArray *marks = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (marks, g_strdup (ADIT_LAB_EXIT_ADDRESS));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_auto (GStrv) argv = g_strsplit (commands[i], " ", -1), words = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, 10000, (const char *const *) argv, &error);

      g_assert_no_error (error);
      words = g_strsplit_set (result->out, " \n", -1);
      /* Without the device, which is called the same on many computers. */
      for (guint j = 0; words[j] != NULL; j++)
        if (strlen (words[j]) >= 7 && strpbrk (words[j], "<@") == NULL)
          g_ptr_array_add (marks, g_strndup (words[j], strcspn (words[j], "/")));
    }
  g_ptr_array_add (marks, g_strdup (ADIT_WORLD_ACCOUNT));
  return marks;
}

static gboolean
has_any (const char *text, GPtrArray *marks, const char **which)
{
  for (guint i = 0; i < marks->len; i++)
    if (strstr (text, *which = marks->pdata[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* All texts and numbers in it, each once. */
static void
collect (json_t *value, GHashTable *all)
{
  const char *key;
  json_t *member;
  gsize i;

  if (json_is_string (value) || json_is_number (value))
    {
      char *text = json_dumps (value, JSON_ENCODE_ANY);

      g_hash_table_add (all, g_strdup (text));
      free (text);
    }
  json_object_foreach (value, key, member)
    collect (member, all);
  json_array_foreach (value, i, member)
    collect (member, all);
}

/* How many of the texts and numbers that are in both could be a computer's own.  There is one computer here, so what two of them
 * have in common as well, of a package or a day, is told apart by its look. */
static guint
count_common (json_t *a, json_t *b)
{
  g_autoptr (GHashTable) of_a = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                         of_b = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GRegex) identifier = g_regex_new ("^\"[0-9a-fA-F-]{32,36}\"$|^[0-9]{6,}$", 0, 0, NULL);
  GHashTableIter iter;
  gpointer key;
  guint n = 0;

  collect (a, of_a);
  collect (b, of_b);
  g_hash_table_iter_init (&iter, of_a);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_hash_table_contains (of_b, key) && g_regex_match (identifier, key, 0, NULL))
      n++;
  return n;
}

static void
row_c07 (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  g_autoptr (GPtrArray) marks = list_marks ();
  g_autoptr (GString) typed = g_string_new ("It says: ");
  json_t *received[3];
  g_autofree char *path = NULL, *forged = NULL;
  const char *which = "";

  begin (attack);
  for (guint i = 0; i < marks->len; i++)
    g_string_append_printf (typed, "%s, ", (const char *) marks->pdata[i]);
  g_string_append (typed, HARMLESS);
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  for (guint i = 0; i < G_N_ELEMENTS (received); i++)
    {
      g_autofree char *id = report_client_add_problem (typed->str, ""), *text = report_client_dup_text (id);
      char *whole;

      adit_attack_expect_refused (attack, !has_any (text, marks, &which), "%s is shown in %s", which, text);
      received[i] = send_and_load (id);
      json_object_del (received[i], "peer");    /* a connection comes from somewhere: from the exit, says C04 */
      whole = json_dumps (received[i], 0);
      adit_attack_expect_refused (attack, !has_any (whole, marks, &which), "%s arrived in %s", which, whole);
      if (strstr (whole, HARMLESS) == NULL)    /* or nothing of it has, which proves nothing */
        g_error ("\"" HARMLESS "\" did not arrive in %s", whole);
      free (whole);
      report_client_delete (id);
    }
  for (guint i = 1; i < G_N_ELEMENTS (received); i++)
    adit_attack_expect_refused (attack, count_common (adit_receiver_get_event (received[0]),
                                                      adit_receiver_get_event (received[i])) == 0,
                                "two reports that know each other");
  /* The same words from somebody who takes nothing out. */
  (void) adit_receiver_forge (typed->str);
  path = adit_receiver_dup_path (ADIT_RECEIVER_FORGED_ID);
  g_assert_true (g_file_get_contents (path, &forged, NULL, NULL));
  for (guint i = 0; i < marks->len; i++)
    adit_attack_expect_obeyed (attack, strstr (forged, marks->pdata[i]) != NULL, "%s, which nobody has taken out",
                               (const char *) marks->pdata[i]);
  /* One that is sent twice knows itself again, by its id alone. */
  adit_attack_expect_obeyed (attack, count_common (adit_receiver_get_event (received[0]),
                                                   adit_receiver_get_event (received[0])) > 0, "a report and itself");
  for (guint i = 0; i < G_N_ELEMENTS (received); i++)
    json_decref (received[i]);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_attack_rest (attack);
}

static const AditAttackRow rows[] = {
  { "C04", "reports before a yes, while locked, and beside the tunnel", row_c04 },
  { "C05", "reports to a server with another certificate, to where it leads, with huge answers", row_c05 },
  { "C06", "words that look like a page, a link or another report", row_c06 },
  { "C07", "what would tell this computer from another, in reports", row_c07 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
