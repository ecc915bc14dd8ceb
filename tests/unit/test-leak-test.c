/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-leak-test.c: what is told of leaks is never better than what the helper knows. */
#include "ui/leak-test.h"

#include <string.h>

static GVariant *
make_diagnostics (const char *cause, const char *kind)
{
  GVariantBuilder dict, conflicts;

  g_variant_builder_init (&dict, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&conflicts, G_VARIANT_TYPE ("a(sss)"));
  if (kind != NULL)
    g_variant_builder_add (&conflicts, "(sss)", kind, "tail\nscale", "wg<b>0");
  g_variant_builder_add (&dict, "{sv}", "conflicts", g_variant_builder_end (&conflicts));
  g_variant_builder_add (&dict, "{sv}", "cause", g_variant_new_string (cause));
  return g_variant_ref_sink (g_variant_builder_end (&dict));
}

typedef struct
{
  AditState      state;
  const char    *lock, *server, *own, *cause, *conflict;
  AditNotices    notices;
  AditLeakResult results[ADIT_LEAK_N_CHECKS];
  const char    *says;
} Row;

static const Row rows[] = {
  { ADIT_STATE_CONNECTED, "tunnel", "10.64.0.1", "service", "", NULL, 0, { 0, 0, 0, 0 }, "No leak: names are asked inside" },
  { ADIT_STATE_BLOCKED, "all", NULL, "service", "", NULL, 0, { 0, 0, 0, 0 }, "No leak: no question" },
  { ADIT_STATE_CONNECTING, "peer", NULL, "service", "", NULL, 0, { 0, 0, 0, 0 }, "No leak: no question" },
  { ADIT_STATE_DISCONNECTED, "off", NULL, "service", "", NULL, 0, { ADIT_LEAK_OPEN, ADIT_LEAK_OPEN, 0, 0 }, "Not protected" },
  /* A lock that is told to be something else is not told to be closed. */
  { ADIT_STATE_CONNECTED, "", "10.64.0.1", "service", "", NULL, 0, { ADIT_LEAK_DOUBT, 0, 0, 0 }, "Look at what is marked" },
  { ADIT_STATE_CONNECTED, "tunnel", "192.168.1.1", "192.168.1.1", "", NULL, 0, { ADIT_LEAK_DOUBT, 0, 0, 0 },
    "Look at what is marked" },
  { ADIT_STATE_CONNECTED, "tunnel", "9.9.9.9", "9.9.9.9", "", NULL, 0, { 0, 0, 0, 0 }, "No leak: names are asked inside" },
  { ADIT_STATE_CONNECTED, "tunnel", "10.64.0.1", "service", "", "second-resolver", 0, { 0, 0, ADIT_LEAK_DOUBT, 0 },
    "Look at what is marked" },
  { ADIT_STATE_CONNECTED, "tunnel", "10.64.0.1", "service", "", "overlapping-range", 0, { 0, 0, 0, 0 },
    "No leak: names are asked inside" },
  { ADIT_STATE_CONNECTED, "tunnel", "10.64.0.1", "service", "", NULL, ADIT_NOTICE_NAMES, { 0, 0, 0, ADIT_LEAK_DOUBT },
    "Look at what is marked" },
  { ADIT_STATE_CONNECTED, "tunnel", "10.64.0.1", "service", "dns-dead", NULL, 0, { 0, 0, 0, ADIT_LEAK_DOUBT },
    "Look at what is marked" },
};

static void
test_whole (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      char *servers[] = { (char *) row->server, NULL };
      const char *const own[] = { row->own, NULL };
      AditStatus status = { .state = row->state, .lock = (char *) row->lock, .dns_backend = "resolved", .dns_servers = servers,
                            .notices = row->notices };
      g_autoptr (GVariant) diagnostics = make_diagnostics (row->cause, row->conflict);
      g_auto (AditLeakTest) test = { 0 };

      adit_leak_test_run (&test, &status, diagnostics, own);
      for (guint j = 0; j < ADIT_LEAK_N_CHECKS; j++)
        {
          g_assert_cmpint (test.checks[j].result, ==, row->results[j]);
          g_assert_cmpstr (test.checks[j].title, !=, "");
          g_assert_cmpstr (test.checks[j].text, !=, "");
        }
      g_assert_true (g_str_has_prefix (test.verdict, row->says));
    }
}

/* What others have named is shown, and not obeyed. */
static void
test_strangers (void)
{
  char *servers[] = { "10.64.0.1", NULL };
  AditStatus status = { .state = ADIT_STATE_CONNECTED, .lock = "tunnel", .dns_backend = "resolved", .dns_servers = servers };
  g_autoptr (GVariant) diagnostics = make_diagnostics ("", "second-resolver");
  g_auto (AditLeakTest) test = { 0 };

  adit_leak_test_run (&test, &status, diagnostics, NULL);
  g_assert_nonnull (strstr (test.checks[2].text, "tail?scale wg<b>0"));
}

/* A helper that says less is not taken for one that says that all is well. */
static void
test_silent (void)
{
  char *servers[] = { "10.64.0.1", NULL };
  AditStatus status = { .state = ADIT_STATE_CONNECTED, .lock = "tunnel", .dns_backend = "resolved", .dns_servers = servers };
  g_autoptr (GVariant) diagnostics = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
  g_auto (AditLeakTest) test = { 0 };

  adit_leak_test_run (&test, &status, diagnostics, NULL);
  g_assert_cmpint (test.result, ==, ADIT_LEAK_DOUBT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/leak-test/whole", test_whole);
  g_test_add_func ("/leak-test/strangers", test_strangers);
  g_test_add_func ("/leak-test/silent", test_silent);
  return g_test_run ();
}
