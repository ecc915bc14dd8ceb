/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-api-list.c: where a service says that its API is besides: what is taken of it, what is kept, what the lock opens to. */
#include "client/helper/store.h"
#include "client/helper/told-api.h"
#include "client/provider/api-list.h"
#include "platform/transport.h"

#include <glib/gstdio.h>
#include <string.h>

#define IPV6 "2001:db8:ff::12"

typedef struct { const char *text; gboolean have_ports; const char *taken; } Row;

static char *
dup_texts (const AditEndpoint *api, guint n_api)
{
  g_autoptr (GString) texts = g_string_new (NULL);

  for (guint i = 0; i < n_api; i++)
    {
      g_autofree char *text = adit_endpoint_dup_text (&api[i]);

      g_string_append_printf (texts, "%s%s", i > 0 ? " " : "", text);
    }
  return g_string_free (g_steal_pointer (&texts), FALSE);
}

static void
test_read (void)
{
  static const Row rows[] = {
    { "[\"45.83.223.196:443\",\"192.0.2.55:443\"]", TRUE, "45.83.223.196:443 192.0.2.55:443" },
    { "[\"[" IPV6 "]:443\"]", TRUE, "[" IPV6 "]:443" },
    { "[\"192.0.2.1:443\",\"192.0.2.1:443\"]", TRUE, "192.0.2.1:443" },
    { "[\"192.0.2.1:22\",\"192.0.2.2:8443\",\"192.0.2.3\",\"192.0.2.4:0\"]", TRUE, "" },
    { "[\"10.0.0.1:443\",\"127.0.0.1:443\",\"192.168.1.1:443\",\"169.254.1.1:443\",\"100.64.0.1:443\"]", TRUE, "" },
    { "[\"224.0.0.1:443\",\"255.255.255.255:443\",\"0.0.0.0:443\",\"[::1]:443\",\"[fe80::1]:443\",\"[fc00::1]:443\"]", TRUE, "" },
    { "[\"[ff02::1]:443\",\"[::ffff:10.0.0.1]:443\",\"[::]:443\"]", TRUE, "" },
    { "[1,null,{},[],true,\"\",\"api.example.org:443\",\"192.0.2.9:443\"]", TRUE, "192.0.2.9:443" },
    { "[\"192.0.2.9\",\"" IPV6 "\",\"10.0.0.1\",\"192.0.2.8:443\"]", FALSE, "192.0.2.9:443 [" IPV6 "]:443" },
    { "[\"192.0.2.1\",\"192.0.2.2\",\"192.0.2.3\",\"192.0.2.4\",\"192.0.2.5\",\"192.0.2.6\",\"192.0.2.7\",\"192.0.2.8\","
      "\"192.0.2.9\"]", FALSE, "192.0.2.1:443 192.0.2.2:443 192.0.2.3:443 192.0.2.4:443 192.0.2.5:443 192.0.2.6:443 "
      "192.0.2.7:443 192.0.2.8:443" },
    { "[]", TRUE, "" }, { "{}", TRUE, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AditJson) root = adit_json_parse (rows[i].text, strlen (rows[i].text), 4096, NULL);
      AditProviderApi api = { 0 };
      g_autofree char *taken = NULL;

      g_assert_nonnull (root);
      adit_api_list_read (root, rows[i].have_ports, &api);
      taken = dup_texts (api.endpoints, api.n);
      g_assert_cmpstr (taken, ==, rows[i].taken);
    }
}

typedef struct { char *folder, *configuration; AditStore *store; } Fixture;

static void
open_store (Fixture *f)
{
  const AditStorePaths paths = { f->folder, f->folder, f->configuration };
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&f->store, adit_store_close);
  f->store = adit_store_open (&paths, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("adit-told-XXXXXX", NULL);
  f->configuration = g_build_filename (f->folder, "etc", NULL);
  open_store (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  static const char *const files[] = { "mullvad.api", "ovpn.api", "etc/services.conf", "etc" };

  adit_store_close (f->store);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, files[i], NULL);

      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->configuration);
  g_free (f->folder);
}

static void
put (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
expect (Fixture *f, const char *service, const char *wanted)
{
  AditEndpoint api[ADIT_SERVICE_MAX_API];
  g_autofree char *texts = dup_texts (api, adit_store_get_api (f->store, adit_service_find (service), api, G_N_ELEMENTS (api)));

  g_assert_cmpstr (texts, ==, wanted);
}

static gboolean
tell (Fixture *f, const char *service, const char *texts)
{
  g_auto (GStrv) each = g_strsplit (texts, " ", -1);
  AditEndpoint api[ADIT_SERVICE_MAX_API];
  guint n_api = 0;

  for (char **text = each; *text != NULL; text++)
    g_assert_true (adit_endpoint_parse (*text, &api[n_api++]));
  return adit_store_set_told_api (f->store, adit_service_find (service), api, n_api);
}

#define SHIPPED "45.83.223.196:443"

/* Behind those that ship with Adit, two of them, and those that the name leads to behind these; also for the next helper. */
static void
test_told (Fixture *f, gconstpointer data)
{
  AditAddress found;

  expect (f, "mullvad", SHIPPED);
  g_assert_true (tell (f, "mullvad", SHIPPED " 198.51.100.1:443 198.51.100.2:443 198.51.100.3:443"));
  g_assert_false (tell (f, "mullvad", SHIPPED " 198.51.100.1:443 198.51.100.2:443 198.51.100.3:443"));
  expect (f, "mullvad", SHIPPED " 198.51.100.1:443 198.51.100.2:443");
  open_store (f);
  expect (f, "mullvad", SHIPPED " 198.51.100.1:443 198.51.100.2:443");
  g_assert_true (adit_address_parse ("198.51.100.9", &found));
  adit_store_set_found_api (f->store, adit_service_find ("mullvad"), &found, 1);
  expect (f, "mullvad", SHIPPED " 198.51.100.1:443 198.51.100.2:443 198.51.100.9:443");
  g_assert_true (tell (f, "mullvad", SHIPPED));
  expect (f, "mullvad", SHIPPED " 198.51.100.9:443");
}

/* However they came to be in the file, or in a worker's words. */
static void
test_bounds (Fixture *f, gconstpointer data)
{
  g_assert_true (tell (f, "mullvad", "10.0.0.1:443 127.0.0.1:443 224.0.0.1:443 198.51.100.1:22 [fe80::1]:443 198.51.100.2:443"));
  expect (f, "mullvad", SHIPPED " 198.51.100.2:443");
  put (f, "mullvad.api", "10.0.0.1:443\n198.51.100.7:8443\nnonsense\n\n[::1]:443\n198.51.100.8:443\n198.51.100.8:443\n");
  open_store (f);
  expect (f, "mullvad", SHIPPED " 198.51.100.8:443");
  g_assert_false (tell (f, "ovpn", "198.51.100.1:443"));    /* which says no such thing */
  expect (f, "ovpn", "");
  put (f, "ovpn.api", "198.51.100.1:443\n");
  put (f, "etc/services.conf", "[mullvad]\napi-endpoints=198.51.100.10:8443\n");
  open_store (f);
  expect (f, "ovpn", "");
  expect (f, "mullvad", "198.51.100.10:8443");    /* the administrator's word, and nobody else's */
  g_assert_false (tell (f, "mullvad", "198.51.100.1:443"));
  expect (f, "mullvad", "198.51.100.10:8443");
}

/* Where this computer itself is, no service is. */
static void
test_own (void)
{
  static const struct { const char *text; gboolean is_own; } rows[] = {
    { "127.0.0.1", TRUE }, { "198.51.100.254", FALSE }, { "2001:db8:ffff::1", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditAddress address;

      g_assert_true (adit_address_parse (rows[i].text, &address));
      g_assert_cmpint (adit_transport_is_own (&address), ==, rows[i].is_own);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/api-list/read", test_read);
  g_test_add_func ("/api-list/own", test_own);
  g_test_add ("/api-list/told", Fixture, NULL, set_up, test_told, tear_down);
  g_test_add ("/api-list/bounds", Fixture, NULL, set_up, test_bounds, tear_down);
  return g_test_run ();
}
