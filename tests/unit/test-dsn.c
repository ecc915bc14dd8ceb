/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-dsn.c: where reports go is read as it was meant, and what is wrong with it is said each time in other words. */
#include "client/report/dsn.h"

#include <string.h>

#include "client/base/error.h"

#define KEY "b7f9a1e1c1a94d0fae2c7d6e5f4a3b21"
#define PIN "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static void
test_good (void)
{
  static const struct { const char *text, *host, *folder, *project, *again; guint16 port; } rows[] = {
    { "https://" KEY "@reports.example.org/1", "reports.example.org", "", "1", NULL, 443 },
    { "https://" KEY "@Reports.Example.ORG:8443/42", "reports.example.org", "", "42",
      "https://" KEY "@reports.example.org:8443/42", 8443 },
    { "HTTPS://" KEY "@reports.example.org:443/1", "reports.example.org", "", "1", "https://" KEY "@reports.example.org/1", 443 },
    { "https://" KEY "@localhost/in/sentry-2.0/7", "localhost", "/in/sentry-2.0", "7", NULL, 443 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditDsn dsn;
      g_autoptr (GError) error = NULL;
      g_autofree char *again = NULL;

      g_assert_true (adit_dsn_parse (rows[i].text, &dsn, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (dsn.host, ==, rows[i].host);
      g_assert_cmpstr (dsn.key, ==, KEY);
      g_assert_cmpstr (dsn.folder, ==, rows[i].folder);
      g_assert_cmpstr (dsn.project, ==, rows[i].project);
      g_assert_cmpuint (dsn.port, ==, rows[i].port);
      again = adit_dsn_dup_text (&dsn);
      g_assert_cmpstr (again, ==, rows[i].again != NULL ? rows[i].again : rows[i].text);
    }
}

/* Each mistake has words of its own, which name it. */
static void
test_bad (void)
{
  static const struct { const char *text, *word; } rows[] = {
    { "", "empty" },
    { "http://" KEY "@reports.example.org/1", "begin with https" },
    { KEY "@reports.example.org/1", "begin with https" },
    { "https://reports.example.org/1", "no key" },
    { "https://@reports.example.org/1", "The key" },
    { "https://a,b@reports.example.org/1", "The key" },
    { "https://a@b@reports.example.org/1", "The key" },
    { "https://" KEY KEY "a@reports.example.org/1", "The key" },
    { "https://" KEY ":" KEY "@reports.example.org/1", "password" },
    { "https://" KEY "@/1", "IP address" },
    { "https://" KEY "@192.0.2.1/1", "IP address" },
    { "https://" KEY "@[2001:db8::1]:443/1", "IP address" },
    { "https://" KEY "@2130706433/1", "IP address" },
    { "https://" KEY "@reports_example.org/1", "valid name" },
    { "https://" KEY "@reports.example.org./1", "valid name" },
    { "https://" KEY "@reports.example.org:0/1", "port" },
    { "https://" KEY "@reports.example.org:65536/1", "port" },
    { "https://" KEY "@reports.example.org:/1", "port" },
    { "https://" KEY "@reports.example.org:+1/1", "port" },
    { "https://" KEY "@reports.example.org", "number" },
    { "https://" KEY "@reports.example.org/", "number" },
    { "https://" KEY "@reports.example.org/1/", "number" },
    { "https://" KEY "@reports.example.org/one", "number" },
    { "https://" KEY "@reports.example.org/-1", "number" },
    { "https://" KEY "@reports.example.org/111111111111111111111", "number" },
    { "https://" KEY "@reports.example.org/../1", "The path" },
    { "https://" KEY "@reports.example.org//1", "The path" },
    { "https://" KEY "@reports.example.org/%2e%2e/1", "The path" },
    { "https://" KEY "@reports.example.org/" KEY "/" KEY "/1", "The path" },
    { "https://" KEY "@reports.example.org/1?a=b", "after a ?" },
    { "https://" KEY "@reports.example.org/1#a", "after a ?" },
    { " https://" KEY "@reports.example.org/1", "a blank" },
    { "https://" KEY "@reports.example.org/1\n", "a blank" },
    { "https://" KEY "@r\xc3\xa4ports.example.org/1", "a blank" },
  };
  g_autofree char *longer = g_strnfill (ADIT_DSN_MAX_BYTES, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditDsn dsn = { .port = 7 };
      g_autoptr (GError) error = NULL;

      if (adit_dsn_parse (rows[i].text, &dsn, &error))
        g_error ("taken: %s", rows[i].text);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
      if (strstr (error->message, rows[i].word) == NULL)
        g_error ("%s: %s", rows[i].text, error->message);
      g_assert_true (g_str_has_suffix (error->message, "."));
      g_assert_cmpuint (dsn.port, ==, 7);
    }
  for (guint i = 0; i < 2; i++)
    {
      AditDsn dsn;
      g_autoptr (GError) error = NULL;

      g_assert_false (adit_dsn_parse (longer, &dsn, &error));
      g_assert_nonnull (strstr (error->message, i == 0 ? "too long" : "begin with"));
      longer[ADIT_DSN_MAX_BYTES - 1] = '\0';
    }
}

static void
test_pin (void)
{
  static const char *const bad[] = {
    "", "sha256//" PIN, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==",
    "47DEQpj8HBSa-_TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=", PIN " ", PIN PIN,
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  };

  g_assert_true (adit_dsn_pin_is_valid (PIN, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      if (adit_dsn_pin_is_valid (bad[i], &error))
        g_error ("taken: %s", bad[i]);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dsn/good", test_good);
  g_test_add_func ("/dsn/bad", test_bad);
  g_test_add_func ("/dsn/pin", test_pin);
  return g_test_run ();
}
