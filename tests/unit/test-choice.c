/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-choice.c: the settings of which server is taken, there and back; how far away things are, and what a time zone says. */
#include "client/model/choice.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "client/api/time-zone.h"
#include "client/base/error.h"

static const struct { const char *name, *texts, *back; } good[] = {
  { "pick", "service", "service" }, { "pick", "nearest", "nearest" }, { "pick", "random", "random" },
  { "ownership", "any", "any" }, { "ownership", "owned", "owned" }, { "ownership", "rented", "rented" },
  { "hosting", "any", "any" }, { "hosting", "31173 M247", "31173 M247" }, { "with-ipv6", "on", "on" },
  { "port", "any", "any" }, { "port", "53", "53" }, { "port", "65535", "65535" },
  { "ip-outside", "any", "any" }, { "ip-outside", "ipv4", "ipv4" }, { "ip-outside", "ipv6", "ipv6" },
  { "ip-inside", "any", "any" }, { "ip-inside", "ipv4", "ipv4" },
  { "mtu", "auto", "auto" }, { "mtu", "1280", "1280" }, { "mtu", "9000", "9000" },
  { "near", "time-zone", "time-zone" }, { "near", "59.33,-18.07", "59.330000,-18.070000" },
  { "block", "", "" }, { "block", "none", "" }, { "block", "mullvad/ads mullvad/malware ivpn/basic-hard",
                                                  "mullvad/ads mullvad/malware ivpn/basic-hard" },
  { "favourites", "mullvad/se ivpn/se/stockholm mullvad/se/got/se-got-wg-001 ovpn///vpn52 mullvad/se",
    "mullvad/se ivpn/se/stockholm mullvad/se/got/se-got-wg-001 ovpn///vpn52" },
};

static const struct { const char *name, *texts; } bad[] = {
  { "pick", "" }, { "pick", "fastest nearest" }, { "ownership", "mine" }, { "hosting", "" }, { "hosting", "a b c d e" },
  { "hosting", "bad\nname" }, { "with-ipv6", "yes" }, { "port", "0" }, { "port", "65536" }, { "port", "1 2" }, { "port", "-1" },
  { "ip-outside", "" }, { "ip-outside", "4" }, { "ip-outside", "ipv4 ipv6" }, { "ip-inside", "ipv6" }, { "ip-inside", "" },
  { "mtu", "1279" }, { "mtu", "9001" }, { "mtu", "" }, { "mtu", "1400 1400" }, { "mtu", "any" }, { "mtu", "-1400" },
  { "near", "north" }, { "near", "91,0" }, { "near", "0,181" }, { "near", "1,2,3" }, { "near", "nan,1" }, { "near", "1e1,1" },
  { "near", "" }, { "block", "ads" }, { "block", "nobody/ads" }, { "block", "mullvad/" }, { "block", "mullvad/../x" },
  { "block", "mysterium/ads" }, { "block", "ovpn/a ovpn/b ovpn/c ovpn/d ovpn/e ovpn/f ovpn/g ovpn/h ovpn/i" },
  { "favourites", "mullvad" }, { "favourites", "mullvad/" }, { "favourites", "mullvad//got" }, { "favourites", "mullvad/SE" },
  { "favourites", "mullvad/se/got/x/y" }, { "favourites", "nobody/se" }, { "anything", "on" },
};

static char **
split (const char *texts)
{
  return *texts == '\0' ? g_new0 (char *, 1) : g_strsplit (texts, " ", -1);
}

static void
test_there_and_back (void)
{
  AditChoice choice = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_auto (GStrv) texts = split (good[i].texts), back = NULL;
      g_autofree char *joined = NULL;
      g_autoptr (GError) error = NULL;

      adit_choice_set_texts (&choice, good[i].name, (const char *const *) texts, &error);
      g_assert_no_error (error);
      back = adit_choice_dup_texts (&choice, good[i].name);
      joined = g_strjoinv (" ", back);
      g_assert_cmpstr (joined, ==, good[i].back);
      g_assert_true (adit_server_filter_is_valid (&choice.servers.filter));
    }
  g_assert_null (adit_choice_dup_texts (&choice, "anything"));
}

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (GStrv) texts = split (bad[i].texts);
      g_autoptr (GError) error = NULL;
      AditChoice choice = { .servers = { .pick = ADIT_PICK_RANDOM } }, before = choice;

      if (adit_choice_set_texts (&choice, bad[i].name, (const char *const *) texts, &error))
        g_error ("%s \"%s\" was taken", bad[i].name, bad[i].texts);
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT);
      g_assert_cmpmem (&choice, sizeof choice, &before, sizeof before);
    }
}

static void
test_by_service (void)
{
  static const char *const blocks[] = { "mullvad/ads", "ivpn/basic", "mullvad/social", NULL };
  static const char *const favourites[] = { "mullvad/se", "ivpn/no", NULL };
  char found[ADIT_FILTER_MAX_BLOCKS][ADIT_CODE_MAX_BYTES];
  AditPlace places[ADIT_CHOICE_MAX_FAVOURITES];
  AditChoice choice = { 0 };

  g_assert_true (adit_choice_set_texts (&choice, "block", blocks, NULL));
  g_assert_true (adit_choice_set_texts (&choice, "favourites", favourites, NULL));
  g_assert_cmpuint (adit_choice_get_blocks (&choice, "mullvad", found), ==, 2);
  g_assert_cmpstr (found[1], ==, "social");
  g_assert_cmpuint (adit_choice_get_blocks (&choice, "ovpn", found), ==, 0);
  g_assert_cmpstr (found[0], ==, "");
  g_assert_cmpuint (adit_choice_get_favourites (&choice, "ivpn", places), ==, 1);
  g_assert_cmpstr (places[0].country, ==, "no");
}

static void
test_distance (void)
{
  AditPosition stockholm, gothenburg, auckland, none;

  g_assert_true (adit_position_parse_zone ("+5920+01803", &stockholm));
  g_assert_cmpint (stockholm.latitude_e6, ==, 59333333);
  g_assert_cmpint (stockholm.longitude_e6, ==, 18050000);
  g_assert_true (adit_position_parse_zone ("-3652+17446", &auckland));
  g_assert_true (adit_position_parse_zone ("+404251-0740023", &none));
  g_assert_cmpint (none.longitude_e6, ==, -74006388);
  g_assert_true (adit_position_parse ("57.70887,11.97456", &gothenburg));
  g_assert_cmpuint (adit_position_measure_m (&stockholm, &gothenburg) / 10000, ==, 39);    /* 394 km by the great circle */
  g_assert_cmpuint (adit_position_measure_m (&stockholm, &auckland) / 100000, ==, 170);    /* 17 000 km */
  g_assert_cmpuint (adit_position_measure_m (&stockholm, &stockholm), ==, 0);
  g_assert_false (adit_position_parse_zone ("", &none) || adit_position_parse_zone ("+5920", &none) ||
                  adit_position_parse_zone ("5920+01803", &none) || adit_position_parse_zone ("+59a0+01803", &none) ||
                  adit_position_parse_zone ("+9920+01803", &none) || adit_position_parse_zone ("+5920+018031", &none));
}

static void
test_time_zone (void)
{
  g_autofree char *folder = g_dir_make_tmp ("adit-zones-XXXXXX", NULL);
  g_autofree char *table = g_build_filename (folder, "zone.tab", NULL), *link = g_build_filename (folder, "localtime", NULL);
  AditPosition found;

  g_assert_true (g_file_set_contents (table, "# SE\t+0000+00000\tEurope/Stockholm\nFI\t+6010+02458\tEurope/Helsinki\n"
                                      "SE\t+5920+01803\tEurope/Stockholm\tmost of it\n", -1, NULL));
  g_assert_false (adit_time_zone_find_position (link, folder, &found));
  g_assert_cmpint (symlink ("/usr/share/zoneinfo/Europe/Stockholm", link), ==, 0);
  g_assert_true (adit_time_zone_find_position (link, folder, &found));
  g_assert_cmpint (found.latitude_e6, ==, 59333333);
  g_assert_cmpint (g_remove (link), ==, 0);
  g_assert_cmpint (symlink ("/usr/share/zoneinfo/Etc/UTC", link), ==, 0);
  g_assert_false (adit_time_zone_find_position (link, folder, &found));    /* it is nowhere */
  g_remove (link);
  g_remove (table);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/choice/there-and-back", test_there_and_back);
  g_test_add_func ("/choice/refused", test_refused);
  g_test_add_func ("/choice/by-service", test_by_service);
  g_test_add_func ("/choice/distance", test_distance);
  g_test_add_func ("/choice/time-zone", test_time_zone);
  return g_test_run ();
}
