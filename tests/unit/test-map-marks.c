/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-map-marks.c: a place that is known is marked where it is, one that is not somewhere in its country, and no other one. */
#include "client/model/server-list-writer.h"
#include "ui/map-marks.h"

#define E6(degrees) ((gint32) ((degrees) * 1000000))

/* A triangle; and Sweden, somewhere. */
static const guint8 outlines_data[] = { 'A', 'M', 'A', 'P', 1, 0, 1, 0, 1, 0, 3, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 100, 0,
                                        's', 'e', 0x40, 0x06, 0x18, 0x17 };
static const AditPosition sweden = { E6 (59.12), E6 (16) }, stockholm = { E6 (59.33), E6 (18.07) };
static const AditPosition oslo = { E6 (59.91), E6 (10.75) };

static AditOutlines *outlines;
static AditServerList *list;

static void
add (AditServerListWriter *writer, const char *country, const char *city, const char *city_name, const char *name,
     const AditPosition *position)
{
  AditServerListServer server = { .name = name, .provider = "", .in_country = TRUE, .weight = 100 };
  AditLocation location = { 0 };

  g_assert_true (adit_place_set (&location.place, country, city, name));
  g_strlcpy (location.country_name, country, sizeof location.country_name);
  g_strlcpy (location.city_name, city_name, sizeof location.city_name);
  adit_address_parse ("192.0.2.7", &server.ipv4);
  server.key[0] = 1;
  g_assert_true (adit_server_list_writer_add (writer, &location, position->latitude_e6, position->longitude_e6, &server));
}

static void
make_list (void)
{
  static const AditPosition unknown;
  AditServerListHead head = { .service = "mullvad", .fetched_at_s = 1800000000, .ports = { { 53, 53 } }, .n_dns = 1,
                              .mtu_bytes = 1380, .n_ports = 1 };
  AditServerListWriter *writer;
  g_autoptr (GBytes) bytes = NULL;

  adit_address_parse ("10.64.0.1", &head.dns[0]);
  writer = adit_server_list_writer_new (&head);
  add (writer, "no", "osl", "Oslo", "no-osl-1", &oslo);
  add (writer, "se", "sto", "Stockholm", "se-sto-1", &stockholm);
  add (writer, "se", "mma", "Malmo", "se-mma-1", &unknown);
  add (writer, "xx", "far", "Far", "xx-far-1", &unknown);
  bytes = adit_server_list_writer_finish (writer);
  list = adit_server_list_new_for_bytes (bytes, NULL);
  g_assert_nonnull (list);
}

static AditStatus *
parse (const char *text)
{
  g_autoptr (GVariant) dict = g_variant_ref_sink (g_variant_new_parsed (text));

  return adit_status_new_from_variant (dict);
}

static void
expect_mark (const AditMark *mark, AditMarkKind kind, const AditPosition *position)
{
  g_assert_cmpint (mark->kind, ==, kind);
  if (position != NULL)
    {
      AditMapPoint point = adit_map_project (position);

      g_assert_cmpfloat_with_epsilon (mark->point.x, point.x, 1e-9);
      g_assert_cmpfloat_with_epsilon (mark->point.y, point.y, 1e-9);
    }
}

static void
expect (const char *status_text, AditMarkKind kind, const AditPosition *position, const char *words)
{
  g_autoptr (AditStatus) status = parse (status_text);
  g_autofree char *said = NULL;
  AditMarks marks;

  adit_marks_find (&marks, status, NULL, list, outlines);
  expect_mark (&marks.exit, kind, position);
  expect_mark (&marks.entry, ADIT_MARK_NONE, NULL);
  said = adit_marks_dup_words (&marks, status);
  g_assert_cmpstr (said, ==, words);
}

#define AT(country, city, name) "{'state': <'connected'>, 'country': <'" country "'>, 'country_name': <'Land'>, 'city': <'" city \
                                "'>, 'city_name': <'" name "'>}"

static void
test_exit (void)
{
  expect (AT ("se", "sto", "Stockholm"), ADIT_MARK_PLACE, &stockholm,
          "Map of the world: the traffic leaves the tunnel at Stockholm, Land");
  expect (AT ("se", "mma", "Malmo"), ADIT_MARK_COUNTRY, &sweden,
          "Map of the world: the traffic leaves the tunnel somewhere in Land");
  expect (AT ("no", "sto", "Stockholm"), ADIT_MARK_NONE, NULL, "Map of the world, with no place marked");
  expect (AT ("xx", "far", "Far"), ADIT_MARK_NONE, NULL, "Map of the world, with no place marked");
  /* The same code, and another city: the list is not that of the connection. */
  expect (AT ("no", "osl", "Oslomej"), ADIT_MARK_NONE, NULL, "Map of the world, with no place marked");
  expect ("{'state': <'connected'>, 'profile': <'office'>, 'country': <'se'>, 'city_name': <'Stockholm'>}", ADIT_MARK_NONE, NULL,
          "Map of the world, with no place marked");
}

static void
test_entry (void)
{
  g_autoptr (AditStatus) status = parse ("{'state': <'connected'>, 'country': <'se'>, 'city': <'sto'>, "
                                         "'city_name': <'Stockholm'>, 'country_name': <'Sweden'>, 'entry_country': <'no'>, "
                                         "'entry_city': <'osl'>, 'entry_city_name': <'Oslo'>, 'entry_country_name': <'Norway'>}");
  g_autofree char *words = NULL;
  AditMarks marks, again;

  adit_marks_find (&marks, status, NULL, list, outlines);
  expect_mark (&marks.exit, ADIT_MARK_PLACE, &stockholm);
  expect_mark (&marks.entry, ADIT_MARK_PLACE, &oslo);
  words = adit_marks_dup_words (&marks, status);
  g_assert_cmpstr (words, ==, "Map of the world: the traffic enters the tunnels at Oslo, Norway and leaves them at Stockholm, "
                              "Sweden");
  again = marks;
  g_assert_true (adit_marks_equal (&marks, &again));
  again.is_connected = FALSE;
  g_assert_false (adit_marks_equal (&marks, &again));
}

static void
expect_wanted (const char *country, const char *city, const char *server, AditMarkKind kind, const AditPosition *position)
{
  g_autoptr (AditStatus) status = parse ("{'state': <'disconnected'>}");
  AditPlace wanted = { 0 };
  AditMarks marks;

  g_strlcpy (wanted.country, country, sizeof wanted.country);
  g_strlcpy (wanted.city, city, sizeof wanted.city);
  g_strlcpy (wanted.server, server, sizeof wanted.server);
  adit_marks_find (&marks, status, &wanted, list, outlines);
  expect_mark (&marks.exit, kind, position);
  g_assert_false (marks.is_connected);
}

static void
test_wanted (void)
{
  expect_wanted ("", "", "", ADIT_MARK_NONE, NULL);
  expect_wanted ("se", "", "", ADIT_MARK_COUNTRY, &sweden);
  expect_wanted ("se", "sto", "", ADIT_MARK_PLACE, &stockholm);
  expect_wanted ("", "", "no-osl-1", ADIT_MARK_PLACE, &oslo);
  expect_wanted ("", "", "nowhere", ADIT_MARK_NONE, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (outlines_data, sizeof outlines_data);
  int failed;

  g_test_init (&argc, &argv, NULL);
  outlines = adit_outlines_new (bytes, NULL);
  g_assert_nonnull (outlines);
  make_list ();
  g_test_add_func ("/map-marks/exit", test_exit);
  g_test_add_func ("/map-marks/entry", test_entry);
  g_test_add_func ("/map-marks/wanted", test_wanted);
  failed = g_test_run ();
  adit_server_list_unref (list);
  adit_outlines_free (outlines);
  return failed;
}
