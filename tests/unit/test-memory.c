/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-memory.c: what the window remembers comes back, what it is to forget does not, and a strange file harms nobody. */
#include "ui/memory.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static char *folder, *path;

static AditPlace
make_place (const char *country, const char *city)
{
  AditPlace place;

  g_assert_true (adit_place_set (&place, country, city, NULL));
  return place;
}

static void
add (AditMemory *memory, const char *service, const char *country, const char *city)
{
  const AditPlace place = make_place (country, city);

  adit_memory_add_recent (memory, service, &place);
}

static void
save (const AditMemory *memory)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (adit_memory_save (memory, path, &error));
  g_assert_no_error (error);
}

static void
test_recent (void)
{
  static const char *const cities[] = { "a", "b", "c", "d", "e", "f" };
  AditMemory memory = { 0 };

  adit_memory_add_recent (&memory, "mullvad", &(AditPlace) { 0 });
  g_assert_cmpuint (memory.n_recent, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cities); i++)
    add (&memory, "mullvad", "se", cities[i]);
  g_assert_cmpuint (memory.n_recent, ==, ADIT_MEMORY_MAX_RECENT);
  g_assert_cmpstr (memory.recent[0].place.city, ==, "f");
  g_assert_cmpstr (memory.recent[4].place.city, ==, "b");

  /* Once more, it is first and there once. */
  add (&memory, "mullvad", "se", "d");
  g_assert_cmpuint (memory.n_recent, ==, ADIT_MEMORY_MAX_RECENT);
  g_assert_cmpstr (memory.recent[0].place.city, ==, "d");
  g_assert_cmpstr (memory.recent[1].place.city, ==, "f");
  g_assert_cmpstr (memory.recent[4].place.city, ==, "b");

  /* The same codes at another service are another place. */
  add (&memory, "ivpn", "se", "d");
  g_assert_cmpstr (memory.recent[0].service, ==, "ivpn");
  g_assert_cmpstr (memory.recent[1].service, ==, "mullvad");
}

static void
test_kept (void)
{
  AditMemory memory = { .has_protocol = TRUE, .protocol = ADIT_PROTOCOL_OPENVPN_TCP, .multihop = TRUE,
                        .entry = { "mullvad", make_place ("se", "got") }, .hears = ADIT_HEARS_IMPORTANT,
                        .background = TRUE }, found;
  g_autofree char *text = NULL;
  struct stat status;

  add (&memory, "ivpn", "no", "oslo");
  save (&memory);
  adit_memory_load (&found, path);
  g_assert_true (found.has_protocol);
  g_assert_cmpint (found.protocol, ==, ADIT_PROTOCOL_OPENVPN_TCP);
  g_assert_true (found.multihop);
  g_assert_cmpint (found.hears, ==, ADIT_HEARS_IMPORTANT);
  g_assert_true (found.background);
  g_assert_cmpstr (found.entry.service, ==, "mullvad");
  g_assert_true (adit_place_equal (&found.entry.place, &memory.entry.place));

  /* Where somebody was is on disk only if they said so, and others cannot read it. */
  g_assert_cmpuint (found.n_recent, ==, 0);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, "oslo"));
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
  memory.keeps_recent = TRUE;
  save (&memory);
  adit_memory_load (&found, path);
  g_assert_cmpuint (found.n_recent, ==, 1);
  g_assert_cmpstr (found.recent[0].service, ==, "ivpn");
  g_assert_cmpstr (found.recent[0].place.city, ==, "oslo");

  /* And goes when they say otherwise. */
  memory.keeps_recent = FALSE;
  save (&memory);
  g_clear_pointer (&text, g_free);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, "oslo"));
}

static void
test_strange (void)
{
  static const char *const texts[] = {
    "", "\xff\xfe", "[window]\ntunnel=carrier-pigeon\nentry=../../etc\nkeep-recent=true\nrecent=nowhere/se;\n",
    "[window]\nnotifications=loud\n", "[window]\nmultihop=perhaps\nentry=mullvad/SE/\n", "[other]\nmultihop=true\n",
  };
  static const AditMemory nothing;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      AditMemory found;

      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      adit_memory_load (&found, path);
      found.keeps_recent = FALSE;
      g_assert_cmpmem (&found, sizeof found, &nothing, sizeof nothing);
    }
}

/* Of which reports of crashes somebody was told, and by whom. */
static void
test_reports (void)
{
  static const char first[] = "00112233445566778899aabbccddeeff", second[] = "ffeeddccbbaa99887766554433221100";
  AditMemory memory = { 0 }, found;

  adit_memory_add_report (&memory, first, TRUE);
  adit_memory_add_report (&memory, second, FALSE);
  adit_memory_add_report (&memory, "../../etc/passwd", FALSE);
  g_assert_cmpuint (memory.n_reports, ==, 2);
  save (&memory);
  adit_memory_load (&found, path);
  g_assert_cmpuint (found.n_reports, ==, 2);
  g_assert_true (adit_memory_find_report (&found, first)->is_shown);
  g_assert_false (adit_memory_find_report (&found, second)->is_shown);
  g_assert_null (adit_memory_find_report (&found, "00"));

  /* More than the helper keeps are not remembered. */
  for (guint i = 0; i < 2 * ADIT_MEMORY_MAX_REPORTS; i++)
    {
      g_autofree char *id = g_strdup_printf ("%032x", i);

      adit_memory_add_report (&memory, id, TRUE);
    }
  g_assert_cmpuint (memory.n_reports, ==, ADIT_MEMORY_MAX_REPORTS);
}

int
main (int argc, char **argv)
{
  g_autofree char *below = NULL;
  int failed;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("adit-memory-XXXXXX", NULL);
  below = g_build_filename (folder, "adit", NULL);    /* which is made */
  path = g_build_filename (below, "window.conf", NULL);
  g_test_add_func ("/memory/recent", test_recent);
  g_test_add_func ("/memory/kept", test_kept);
  g_test_add_func ("/memory/reports", test_reports);
  g_test_add_func ("/memory/strange", test_strange);
  failed = g_test_run ();
  g_unlink (path);
  g_rmdir (below);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
  return failed;
}
