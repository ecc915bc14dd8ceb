/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-importer.c: what the helper remembers of a profile's servers, with the real worker that looks them up. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/helper/importer.h"
#include "client/model/import-files.h"
#include "tests/lab/private-world.h"
#include "tests/unit/ovpn-sample.h"

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)
#define FIRST "00000000"
#define ROWS  8    /* as many as client/helper/importer.c remembers */

static AditImporter *importer;
static AditImported *imported;

static int
make_file (const void *bytes, gsize length)
{
  int fd = memfd_create ("file", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (write (fd, bytes, length), ==, (gssize) length);
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, SEALS), ==, 0);
  return fd;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* A file with two servers, as the helper keeps it. */
static void
import (void)
{
  g_autofree char *text = ovpn_sample_fill ("client\ndev tun\nremote 192.0.2.10 1194\nremote 192.0.2.20 1195\n"
                                            "remote-cert-tls server\n<ca>\n@CA@</ca>\n<cert>\n@CERT@</cert>\n"
                                            "<key>\n@KEY@</key>\n");
  const AditImportFile file = { "two.ovpn", (const guint8 *) text, strlen (text) };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) packed = adit_import_files_pack (&file, 1, &error);
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_no_error (error);
  adit_importer_ask_async (importer, make_file (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed)), on_answer, &result);
  imported = adit_importer_ask_finish (importer, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (imported->n_profiles, ==, 1);
  g_assert_cmpuint (imported->facts[0].n_servers, ==, 2);
}

static void
look_up (const char *id, guint number)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  AditProfileServer *server;

  adit_importer_find_server_async (importer, id, make_file (imported->texts, imported->texts_bytes), number, NULL, on_answer,
                                   &result);
  server = adit_importer_find_server_finish (importer, wait_for (&result), &error);
  g_assert_no_error (error);
  adit_profile_server_free (server);
}

static void
expect_port (const char *id, guint number, guint16 port)
{
  const AditWireServer *server = adit_importer_get_known (importer, id, number);

  g_assert_nonnull (server);
  g_assert_cmpuint (server->port, ==, port);
}

static void
test_last (void)
{
  g_assert_null (adit_importer_get_known (importer, FIRST, 0));
  look_up (FIRST, 0);
  expect_port (FIRST, 0, 1194);
  g_assert_null (adit_importer_get_known (importer, FIRST, 1));
  look_up (FIRST, 1);
  expect_port (FIRST, 1, 1195);
  g_assert_null (adit_importer_get_known (importer, FIRST, 0));
}

/* Rows that nothing stands in are nobody's. */
static void
test_nobody (void)
{
  g_assert_null (adit_importer_get_known (importer, "", 0));
}

static void
test_forget (void)
{
  look_up (FIRST, 0);
  adit_importer_forget (importer, "another");
  expect_port (FIRST, 0, 1194);
  adit_importer_forget (importer, FIRST);
  g_assert_null (adit_importer_get_known (importer, FIRST, 0));
  g_assert_null (adit_importer_get_known (importer, "", 0));
}

/* One more than there is room for: the oldest goes. */
static void
test_full (void)
{
  look_up (FIRST, 0);
  for (guint i = 1; i < ROWS; i++)
    {
      g_autofree char *id = g_strdup_printf ("%08u", i);

      look_up (id, 0);
      expect_port (id, 0, 1194);
    }
  expect_port (FIRST, 0, 1194);
  look_up ("one-more", 0);
  expect_port ("one-more", 0, 1194);
  g_assert_null (adit_importer_get_known (importer, FIRST, 0));
}

int
main (int argc, char **argv)
{
  int result;

  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  g_test_init (&argc, &argv, NULL);
  importer = adit_importer_new (g_getenv ("ADIT_WORKER"));
  import ();
  g_test_add_func ("/importer/nobody", test_nobody);
  g_test_add_func ("/importer/last", test_last);
  g_test_add_func ("/importer/forget", test_forget);
  g_test_add_func ("/importer/full", test_full);
  result = g_test_run ();
  adit_imported_free (imported);
  g_object_unref (importer);
  return result;
}
