/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-settings.c: each setting's texts there and back, and what is refused. */
#include "client/model/settings.h"

#include <string.h>

#include "client/base/error.h"

static const struct { const char *name, *texts, *back; } good[] = {
  { "lan", "off", "off" }, { "lan", "subnet", "subnet" }, { "lan", "192.168.1.7/24", "192.168.1.0/24" },
  { "lan", "10.0.0.0/8 fd00::/8 fe80::/10 169.254.0.0/16", "10.0.0.0/8 fd00::/8 fe80::/10 169.254.0.0/16" },
  { "lan", "10.1.2.3", "10.1.2.3/32" },
  { "multicast", "on", "on" }, { "multicast", "off", "off" },
  { "guests", "virbr0 docker0", "virbr0 docker0" }, { "guests", "none", "" }, { "guests", "", "" },
  { "dns", "service", "service" }, { "dns", "9.9.9.9 2620:fe::fe", "9.9.9.9 2620:fe::fe" },
  { "dns", "192.168.1.1", "192.168.1.1" },
};

static const struct { const char *name, *texts; } bad[] = {
  { "lan", "" }, { "lan", "on" }, { "lan", "off subnet" }, { "lan", "0.0.0.0/0" }, { "lan", "::/0" }, { "lan", "203.0.113.0/24" },
  { "lan", "10.0.0.0/7" }, { "lan", "100.64.0.0/10" }, { "lan", "2001:db8::/32" }, { "lan", "127.0.0.0/8" },
  { "lan", "224.0.0.0/4" },
  { "lan", "10.0.0.0/33" }, { "lan", "10.0.0.0/8 8.8.8.8" }, { "lan", "192.168.1.0/24; accept" },
  { "multicast", "" }, { "multicast", "yes" }, { "multicast", "on on" },
  { "guests", "lo" }, { "guests", "a\"b" }, { "guests", "eth*" }, { "guests", "longer-than-a-name" },
  { "guests", "a b c d e f g h i" },
  { "dns", "" }, { "dns", "localhost" }, { "dns", "127.0.0.53" }, { "dns", "0.0.0.0" }, { "dns", "::1" },
  { "dns", "224.0.0.251" },
  { "dns", "fe80::1" }, { "dns", "169.254.1.1" }, { "dns", "9.9.9.9 service" },
  { "dns", "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5" },
  { "everything", "on" },
};

static char **
split (const char *texts)
{
  return *texts == '\0' ? g_new0 (char *, 1) : g_strsplit (texts, " ", -1);
}

static void
test_there_and_back (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_auto (GStrv) texts = split (good[i].texts), back = NULL;
      g_autofree char *joined = NULL;
      g_autoptr (GError) error = NULL;
      AditReachSettings settings = { 0 };

      adit_settings_set_texts (&settings, good[i].name, (const char *const *) texts, &error);
      g_assert_no_error (error);
      back = adit_settings_dup_texts (&settings, good[i].name);
      joined = g_strjoinv (" ", back);
      g_assert_cmpstr (joined, ==, good[i].back);
    }
}

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (GStrv) texts = split (bad[i].texts);
      g_autoptr (GError) error = NULL;
      AditReachSettings settings = { .lan = ADIT_LAN_SUBNET, .multicast = TRUE }, before = settings;

      if (adit_settings_set_texts (&settings, bad[i].name, (const char *const *) texts, &error))
        g_error ("%s \"%s\" was taken", bad[i].name, bad[i].texts);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
      g_assert_true (adit_reach_settings_equal (&settings, &before));
    }
}

static void
test_names (void)
{
  const char *const *names = adit_settings_get_names ();
  const AditReachSettings off = { 0 };

  g_assert_cmpuint (g_strv_length ((char **) names), ==, 4);
  for (; *names != NULL; names++)
    {
      g_auto (GStrv) texts = adit_settings_dup_texts (&off, *names);
      AditReachSettings settings = { .lan = ADIT_LAN_SUBNET, .multicast = TRUE, .n_guests = 1, .n_dns = 1 };

      g_assert_true (adit_settings_set_texts (&settings, *names, (const char *const *) texts, NULL));
    }
  g_assert_null (adit_settings_dup_texts (&off, "everything"));
}

/* How long a key is used: of no lock's business, so no part of what may be reached. */
static void
test_key_days (void)
{
  static const struct { const char *texts; guint days; } fine[] = { { "service", 0 }, { "1", 1 }, { "14", 14 }, { "30", 30 } };
  static const char *const wrong[] = { "", "0", "31", "-1", "+7", "7.5", "7 8", "seven", " 7", "0x7", "99999999999999999999",
                                       "service 7" };

  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    {
      g_auto (GStrv) texts = split (fine[i].texts), back = NULL;
      guint days = 99;

      g_assert_true (adit_settings_set_key_days (&days, (const char *const *) texts, NULL));
      g_assert_cmpuint (days, ==, fine[i].days);
      back = adit_settings_dup_key_days (days);
      g_assert_true (g_strv_equal ((const char *const *) back, (const char *const *) texts));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_auto (GStrv) texts = wrong[i][0] == ' ' ? g_strsplit (wrong[i], "|", -1) : split (wrong[i]);
      g_autoptr (GError) error = NULL;
      guint days = 99;

      if (adit_settings_set_key_days (&days, (const char *const *) texts, &error))
        g_error ("\"%s\" was taken as %u days", wrong[i], days);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "from 1 to 30"));
      g_assert_cmpuint (days, ==, 99);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/there-and-back", test_there_and_back);
  g_test_add_func ("/settings/refused", test_refused);
  g_test_add_func ("/settings/names", test_names);
  g_test_add_func ("/settings/key-days", test_key_days);
  return g_test_run ();
}
