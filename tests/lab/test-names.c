/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-names.c: a name out of somebody's file is asked of a resolver by HTTPS alone, by the real worker over marked connections,
 * on an open computer and on one that the real helper has locked; and what a resolver says wrong is refused. */
#include "config.h"
#include "client/helper/names.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lab/bad-worker.h"
#include "tests/lab/leakwatch.h"
#include "tests/lab/world.h"

#define DIRECTORY "/run/lab/names"
#define FILE_NAME DIRECTORY "/state/names"
#define NAME      "vpn.example"
#define SILENT    "slow 60000 /dns-query"

#define PROFILE       "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11"    /* that has NAME */
#define OTHER_PROFILE "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a12"    /* that has all else */

static AditWorld *world;
static AditStore *store;
static AditWorkerProxy *proxy;
static AditNames *names;

static gboolean
is_inside (gpointer user_data)
{
  return FALSE;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* As the helper would: from the client's computer. */
static gboolean
find (const char *host, AditFamily family, AditNamesAnswer *answer, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  int back;

  g_assert_true (adit_lab_switch ("client", &back, NULL));
  adit_names_find_async (names, host, g_ascii_strcasecmp (host, NAME) == 0 ? PROFILE : OTHER_PROFILE, family, NULL, on_done,
                         &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  adit_lab_switch_back (back);
  return adit_names_find_finish (names, result, answer, error);
}

static void
expect (const char *host, AditFamily family, const char *wanted, gboolean is_kept)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  AditNamesAnswer answer = { 0 };

  if (!find (host, family, &answer, &error))
    adit_world_print_log (world);
  g_assert_no_error (error);
  for (guint i = 0; i < answer.n_addresses; i++)
    {
      g_autofree char *one = adit_address_dup_text (&answer.addresses[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", one);
    }
  g_assert_cmpstr (text->str, ==, wanted);
  g_assert_true (answer.is_kept == is_kept);
}

static void
expect_error (const char *host, AditFamily family, int code)
{
  g_autoptr (GError) error = NULL;
  AditNamesAnswer answer;

  g_assert_false (find (host, family, &answer, &error));
  g_assert_error (error, ADIT_ERROR, code);
}

/* How often somebody has asked the lab's plain resolver for @name. */
static guint
count_plain (const char *name)
{
  g_autofree char *log = adit_world_dup_dns_log (world);
  guint n = 0;

  for (const char *at = strstr (log, name); at != NULL; at = strstr (at + 1, name))
    n++;
  return n;
}

static void
test_answers (void)
{
  expect (NAME, ADIT_FAMILY_NONE, "198.51.100.20 2001:db8:ff::120", FALSE);
  expect (NAME, ADIT_FAMILY_IPV4, "198.51.100.20", FALSE);
  expect ("VPN.Example", ADIT_FAMILY_IPV6, "2001:db8:ff::120", FALSE);
  expect ("alias.example", ADIT_FAMILY_NONE, "198.51.100.20 2001:db8:ff::120", FALSE);
  expect ("four.example", ADIT_FAMILY_NONE, "198.51.100.10", FALSE);
  expect_error ("four.example", ADIT_FAMILY_IPV6, ADIT_ERROR_SERVICE_REFUSED);
  expect_error ("nobody.example", ADIT_FAMILY_NONE, ADIT_ERROR_SERVICE_REFUSED);
  expect_error ("192.0.2.1", ADIT_FAMILY_NONE, ADIT_ERROR_INVALID_ARGUMENT);
  expect_error ("localhost", ADIT_FAMILY_NONE, ADIT_ERROR_INVALID_ARGUMENT);
  expect_error ("not a name", ADIT_FAMILY_NONE, ADIT_ERROR_INVALID_ARGUMENT);
}

/* What @phase had outside of the one connection that is allowed. */
static char *
watch (const char *phase, gboolean plain)
{
  static const char *const allowed[] = { "tcp:" ADIT_LAB_DOH_ADDRESS ":443", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLeakwatch) watcher = adit_leakwatch_start ("router", "to-client", &error);
  g_autofree char *answer = NULL;
  guint asked = count_plain (NAME);

  g_assert_no_error (error);
  adit_leakwatch_set_phase (watcher, phase, allowed);
  if (plain)
    answer = adit_world_look_up (world, NAME);
  else
    expect (NAME, ADIT_FAMILY_NONE, "198.51.100.20 2001:db8:ff::120", FALSE);
  adit_leakwatch_set_phase (watcher, "end", NULL);
  g_test_message ("%s: %u allowed, %u outside", phase, adit_leakwatch_get_allowed (watcher, phase),
                  adit_leakwatch_get_outside (watcher, phase));
  if (!plain)
    {
      g_assert_cmpuint (adit_leakwatch_get_allowed (watcher, phase), >, 10);
      g_assert_cmpuint (adit_leakwatch_get_outside (watcher, phase), ==, 0);
      g_assert_cmpuint (count_plain (NAME), ==, asked);
    }
  return adit_leakwatch_dup_keys (watcher, phase);
}

/* On a computer where every packet may leave: none of them is a question in the clear.  The same watcher sees one that is. */
static void
test_no_plain_question (void)
{
  g_autofree char *ours = watch ("by HTTPS", FALSE), *plain = NULL;
  guint asked = count_plain (NAME);

  g_assert_null (strstr (ours, ":53"));
  plain = watch ("in the clear", TRUE);
  g_assert_nonnull (strstr (plain, "udp:" ADIT_LAB_DNS_ADDRESS ":53"));
  g_assert_cmpuint (count_plain (NAME), >, asked);
}

/* The same on a locked one, whose hole is for the mark alone. */
static void
test_locked (void)
{
  static const char *const curl[] = { "curl", "-sk", "--max-time", "3", "https://" ADIT_LAB_DOH_ADDRESS "/dns-query", NULL };
  g_autoptr (AditLabResult) unmarked = NULL;
  g_autofree char *plain = NULL;

  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  g_free (watch ("locked", FALSE));
  plain = watch ("locked, in the clear", TRUE);
  g_assert_cmpstr (plain, ==, "");
  unmarked = adit_lab_run ("client", 0, 5000, curl, NULL);
  g_assert_cmpint (unmarked->status, ==, 7);    /* refused at once */
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  g_clear_pointer (&unmarked, adit_lab_result_free);
  unmarked = adit_lab_run ("client", 0, 5000, curl, NULL);
  g_assert_cmpint (unmarked->status, ==, 0);
}

/* Row R06: whoever can make a resolver lie gets no address at home, nor anything else by it; and the kept one stands aside. */
static void
test_lies (void)
{
  static const struct { const char *fault; int code; } lies[] = {
    { "dns-private",  ADIT_ERROR_SERVICE_NONSENSE }, { "dns-mixed", ADIT_ERROR_SERVICE_NONSENSE },
    { "dns-other",    ADIT_ERROR_SERVICE_NONSENSE }, { "dns-nonsense", ADIT_ERROR_SERVICE_NONSENSE },
    { "dns-loop",     ADIT_ERROR_SERVICE_NONSENSE }, { "dns-no-name", ADIT_ERROR_SERVICE_REFUSED },
    { "html /dns-query", ADIT_ERROR_SERVICE_NONSENSE }, { "big /dns-query", ADIT_ERROR_SERVICE_NONSENSE },
  };

  expect (NAME, ADIT_FAMILY_NONE, "198.51.100.20 2001:db8:ff::120", FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      adit_world_set_fault (world, lies[i].fault);
      g_test_message ("%s", lies[i].fault);
      expect_error (NAME, ADIT_FAMILY_NONE, lies[i].code);
      expect_error (NAME, ADIT_FAMILY_IPV6, lies[i].code);
    }
  adit_world_set_fault (world, "");
  expect (NAME, ADIT_FAMILY_NONE, "198.51.100.20 2001:db8:ff::120", FALSE);
}

/* Where nobody answers, what was answered before; as long as nobody wants it forgotten. */
static void
test_kept (void)
{
  static const char *const faults[] = { "error /dns-query", "refuse", SILENT };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  struct stat status;

  expect (NAME, ADIT_FAMILY_NONE, "198.51.100.20 2001:db8:ff::120", FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      adit_world_set_fault (world, faults[i]);
      g_test_message ("%s", faults[i]);
      expect (NAME, ADIT_FAMILY_NONE, "198.51.100.20 2001:db8:ff::120", TRUE);
    }
  adit_world_set_fault (world, "refuse");
  expect_error ("other.example", ADIT_FAMILY_NONE, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_cmpint (stat (FILE_NAME, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (adit_names_forget (names, PROFILE, &error));
  g_assert_no_error (error);
  expect_error (NAME, ADIT_FAMILY_NONE, ADIT_ERROR_SERVICE_UNREACHABLE);
  g_assert_true (g_file_get_contents (FILE_NAME, &text, NULL, NULL));    /* of the others */
  g_assert_null (strstr (text, NAME));
  adit_world_set_fault (world, "");
}

/* It has to be the one whose name the administrator gave, signed by their root. */
static void
test_untrusted (void)
{
  static const char *const files[] = {
    "[doh]\napi-endpoints=" ADIT_LAB_DOH_ADDRESS ":443\nhost=other.example\ntrust=/etc/adit/lab-ca.pem\n",
    "[doh]\napi-endpoints=" ADIT_LAB_DOH_ADDRESS ":443\nhost=" ADIT_LAB_DOH_HOST "\n",    /* by the system's roots */
  };
  static const AditStorePaths paths = { DIRECTORY "/other", DIRECTORY "/cache", DIRECTORY "/etc" };

  g_assert_cmpint (g_mkdir_with_parents (DIRECTORY "/etc", 0755), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      AditStore *before = store;
      AditWorkerProxy *before_proxy = proxy;
      AditNames *before_names = names;

      g_assert_true (g_file_set_contents (DIRECTORY "/etc/services.conf", files[i], -1, NULL));
      store = adit_store_open (&paths, NULL);
      proxy = adit_worker_proxy_new (ADIT_LIBEXECDIR "/adit-worker", store, is_inside, is_inside, NULL);
      names = adit_names_new (DIRECTORY "/other/names", store, proxy);
      expect_error (NAME, ADIT_FAMILY_IPV4, ADIT_ERROR_SERVICE_UNTRUSTED);
      g_clear_object (&names);
      g_clear_object (&proxy);
      g_clear_pointer (&store, adit_store_close);
      store = before;
      proxy = before_proxy;
      names = before_names;
    }
}

/* A worker that was taken over on its way: what it says is looked at once more, and it is connected to the resolver alone. */
static void
test_bad_worker (void)
{
  static const char *const words[] = { "name-private", "name-beside", "name-other-family", "name-connect", "other-answer",
                                       "nothing" };
  AditWorkerProxy *before_proxy = proxy;
  AditNames *before_names = names;

  proxy = adit_worker_proxy_new (g_getenv ("ADIT_BAD_WORKER"), store, is_inside, is_inside, NULL);
  names = adit_names_new (FILE_NAME, store, proxy);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_test_message ("%s", words[i]);
      g_assert_true (g_file_set_contents (ADIT_BAD_WORKER_FILE, words[i], -1, NULL));
      g_assert_cmpint (chmod (ADIT_BAD_WORKER_FILE, 0644), ==, 0);
      if (i < 2)
        g_test_expect_message ("adit-worker", G_LOG_LEVEL_WARNING, "*is malformed: address");
      expect_error ("taken.example", ADIT_FAMILY_IPV4, ADIT_ERROR_WORKER_FAILED);
      g_test_assert_expected_messages ();
    }
  g_assert_true (g_file_set_contents (ADIT_BAD_WORKER_FILE, "name-other-family", -1, NULL));
  expect ("taken.example", ADIT_FAMILY_NONE, "2001:db8:ff::120", FALSE);    /* what else could be so */
  g_clear_object (&names);
  g_clear_object (&proxy);
  proxy = before_proxy;
  names = before_names;
}

int
main (int argc, char **argv)
{
  static const AditStorePaths paths = { DIRECTORY "/state", DIRECTORY "/cache", "/etc/adit" };
  g_autoptr (GError) error = NULL;
  int result;

  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_PLAIN);
  g_assert_cmpint (g_mkdir_with_parents (DIRECTORY, 0755), ==, 0);
  store = adit_store_open (&paths, &error);
  g_assert_no_error (error);
  proxy = adit_worker_proxy_new (ADIT_LIBEXECDIR "/adit-worker", store, is_inside, is_inside, NULL);
  names = adit_names_new (FILE_NAME, store, proxy);
  g_test_add_func ("/names/answers", test_answers);
  g_test_add_func ("/names/no-plain-question", test_no_plain_question);
  g_test_add_func ("/names/locked", test_locked);
  g_test_add_func ("/names/lies", test_lies);
  g_test_add_func ("/names/kept", test_kept);
  g_test_add_func ("/names/untrusted", test_untrusted);
  g_test_add_func ("/names/bad-worker", test_bad_worker);
  result = g_test_run ();
  g_clear_object (&names);
  g_clear_object (&proxy);
  g_clear_pointer (&store, adit_store_close);
  g_clear_pointer (&world, adit_world_free);
  return result;
}
