/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-store.c: what cannot be read means locked; what was wanted comes back; a newer file is refused;
 * overrides are root's alone. */
#include "client/helper/store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/base/file.h"

typedef struct
{
  char      *root, *state, *cache, *configuration;
  AditStore *store;
} Fixture;

static void
open_store (Fixture *f)
{
  AditStorePaths paths = { f->state, f->cache, f->configuration };
  GError *error = NULL;

  g_clear_pointer (&f->store, adit_store_close);
  f->store = adit_store_open (&paths, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->root = g_dir_make_tmp ("adit-store-XXXXXX", NULL);
  f->state = g_build_filename (f->root, "state", NULL);
  f->cache = g_build_filename (f->root, "cache", NULL);
  f->configuration = g_build_filename (f->root, "etc", NULL);
  open_store (f);
}

static void
remove_directory (char *path)
{
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *entry = g_build_filename (path, name, NULL);

      g_remove (entry);
    }
  g_rmdir (path);
  g_free (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->store, adit_store_close);
  remove_directory (f->state);
  remove_directory (f->cache);
  remove_directory (f->configuration);
  remove_directory (f->root);
}

static void
put (const char *directory, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  g_assert_true (adit_file_write (path, text, strlen (text), 0600, NULL));
}

static void
test_first_start (Fixture *f, gconstpointer data)
{
  AditSettings settings;
  AditWish wish;
  gboolean lost;

  g_assert_false (adit_store_has_settings (f->store));
  g_assert_true (adit_store_load_settings (f->store, &settings, &lost, NULL));
  g_assert_false (settings.lockdown);
  g_assert_false (lost);
  g_assert_true (adit_store_load_wish (f->store, &wish, &lost, NULL));
  g_assert_false (wish.connected);
  g_assert_false (lost);
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  AditSettings settings = { .lockdown = TRUE };
  AditWish wish = { .connected = TRUE, .account = "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11" }, back;
  AditSettings settings_back;
  g_autofree char *path = g_build_filename (f->state, "wanted", NULL), *text = NULL;
  gboolean lost;

  g_assert_true (adit_place_set (&wish.place, "se", "got", ""));
  g_assert_true (adit_place_set (&wish.entry, "no", "", ""));
  wish.has_entry = TRUE;
  wish.protocol = ADIT_PROTOCOL_OPENVPN_TCP;
  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  open_store (f);
  g_assert_true (adit_store_load_settings (f->store, &settings_back, &lost, NULL));
  g_assert_true (settings_back.lockdown && !lost);
  g_assert_true (adit_store_load_wish (f->store, &back, &lost, NULL));
  g_assert_true (back.connected && !lost && adit_place_equal (&back.place, &wish.place));
  g_assert_cmpstr (back.account, ==, wish.account);
  g_assert_true (back.has_entry && adit_place_equal (&back.entry, &wish.entry) && back.protocol == wish.protocol);

  wish = (AditWish) { 0 };
  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  g_assert_true (adit_store_load_wish (f->store, &back, &lost, NULL));
  g_assert_false (back.connected || lost);
  /* "Disconnected" is said, and nothing else is kept. */
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "connected=false"));
  g_assert_null (strstr (text, "0b7cdd31"));
  g_assert_null (strstr (text, "got"));
}

/* Where it was last outlives a disconnect only where it is to be connected to by itself, and no longer than that is set. */
static void
test_last (Fixture *f, gconstpointer data)
{
  AditSettings settings = { .auto_connect = ADIT_AUTO_CONNECT_BOOT }, back;
  AditWish wish = { .connected = TRUE, .account = "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11" }, trial, last;
  static const AditWish nothing;
  g_autofree char *mark = g_build_filename (f->configuration, "connect-at-boot", NULL);
  gboolean lost;

  g_assert_true (adit_place_set (&wish.place, "se", "got", ""));
  g_assert_false (adit_store_load_last (f->store, &last));
  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_true (adit_store_save_wish (f->store, &nothing, NULL));
  g_assert_false (adit_store_load_last (f->store, &last) || adit_file_exists (mark));
  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  open_store (f);
  g_assert_true (adit_store_load_settings (f->store, &back, &lost, NULL));
  g_assert_cmpint (back.auto_connect, ==, ADIT_AUTO_CONNECT_BOOT);
  g_assert_true (adit_store_save_wish (f->store, &nothing, NULL));
  g_assert_true (adit_store_load_wish (f->store, &last, &lost, NULL) && !last.connected && !lost);
  g_assert_true (adit_store_load_last (f->store, &last) && adit_place_equal (&last.place, &wish.place));
  g_assert_true (adit_file_exists (mark));
  /* What is only tried is written down as wanted, and is not where it was last. */
  trial = wish;
  g_assert_true (adit_place_set (&trial.place, "no", "", ""));
  g_assert_true (adit_store_save_trial (f->store, &trial, NULL));
  g_assert_true (adit_store_load_wish (f->store, &last, &lost, NULL) && adit_place_equal (&last.place, &trial.place));
  g_assert_true (adit_store_load_last (f->store, &last) && adit_place_equal (&last.place, &wish.place));
  settings.auto_connect = ADIT_AUTO_CONNECT_LOGIN;
  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_true (adit_store_save_wish (f->store, &nothing, NULL));
  g_assert_true (adit_store_load_last (f->store, &last) && !adit_file_exists (mark));
  adit_store_forget_last (f->store, "another", &nothing);
  g_assert_true (adit_store_load_last (f->store, &last));
  adit_store_forget_last (f->store, wish.account, &nothing);
  g_assert_false (adit_store_load_last (f->store, &last));
  g_assert_true (adit_store_load_wish (f->store, &last, &lost, NULL) && !lost);
  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  settings.auto_connect = ADIT_AUTO_CONNECT_OFF;
  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_true (adit_store_save_wish (f->store, &nothing, NULL));
  g_assert_false (adit_store_load_last (f->store, &last));
}

/* Which server, of the settings and of a wish; one that cannot be read is as if never made, and costs nothing else. */
static void
test_choice (Fixture *f, gconstpointer data)
{
  static const struct { const char *name, *text; } set[] = {
    { "pick", "random" }, { "hosting", "A; Company" }, { "port", "53" }, { "near", "1.000000,-2.000000" },
    { "block", "ivpn/basic" }, { "favourites", "mullvad/se/got" },
  };
  AditSettings settings = { 0 }, back;
  AditWish wish = { .connected = TRUE, .account = "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11", .from_favourites = TRUE,
                    .has_servers = TRUE }, wish_back;
  gboolean lost;

  for (gsize i = 0; i < G_N_ELEMENTS (set); i++)
    g_assert_true (adit_choice_set_texts (&settings.choice, set[i].name, (const char *const[]) { set[i].text, NULL }, NULL));
  wish.servers = settings.choice.servers;
  wish.servers.filter.ownership = ADIT_RENTED_ONLY;
  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  open_store (f);
  g_assert_true (adit_store_load_settings (f->store, &back, &lost, NULL) && !lost);
  g_assert_cmpmem (&back.choice, sizeof back.choice, &settings.choice, sizeof settings.choice);
  g_assert_true (adit_store_load_wish (f->store, &wish_back, &lost, NULL) && !lost);
  g_assert_true (wish_back.from_favourites && wish_back.has_servers);
  g_assert_cmpmem (&wish_back.servers, sizeof wish.servers, &wish.servers, sizeof wish.servers);

  put (f->state, "settings", "[adit]\nformat=1\nlockdown=false\npick=fast;\nport=53;\n");
  g_assert_true (adit_store_load_settings (f->store, &back, &lost, NULL) && !lost);
  g_assert_cmpint (back.choice.servers.pick, ==, ADIT_PICK_SERVICE);
  g_assert_cmpuint (back.choice.servers.filter.port, ==, 53);
}

/* It is there from the first start on, so beside a mark of lockdown, or settings, its absence is a loss. */
static void
test_wish_that_is_gone (Fixture *f, gconstpointer data)
{
  AditSettings settings = { .lockdown = TRUE };
  AditWish wish = { 0 };
  g_autofree char *path = g_build_filename (f->state, "wanted", NULL);
  gboolean lost;

  g_assert_false (adit_store_has_wish (f->store));
  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  g_assert_true (adit_store_has_wish (f->store));
  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_true (adit_store_load_wish (f->store, &wish, &lost, NULL));
  g_assert_false (wish.connected || lost);

  g_assert_true (adit_file_remove (path, NULL));
  g_assert_true (adit_store_load_wish (f->store, &wish, &lost, NULL));
  g_assert_true (lost);
  g_assert_false (wish.connected);

  settings.lockdown = FALSE;
  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_true (adit_store_load_wish (f->store, &wish, &lost, NULL));
  g_assert_true (lost);
}

/* What the early unit looks for, which may not look under /var. */
static void
test_boot_mark (Fixture *f, gconstpointer data)
{
  AditWish wish = { .connected = TRUE, .account = "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11" };
  g_autofree char *mark = g_build_filename (f->configuration, "connect-at-boot", NULL);
  g_autofree char *path = g_build_filename (f->state, "wanted", NULL);
  gboolean lost;

  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  g_assert_true (adit_file_exists (mark));
  g_assert_true (adit_file_remove (path, NULL));
  g_assert_true (adit_store_load_wish (f->store, &wish, &lost, NULL));
  g_assert_true (lost);
  wish = (AditWish) { 0 };
  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  g_assert_false (adit_file_exists (mark));
}

/* Where "disconnected" cannot be written, the wish for a connection goes at least. */
static void
test_failed_disconnect (Fixture *f, gconstpointer data)
{
  AditWish wish = { .connected = TRUE, .account = "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11" };
  g_autofree char *in_the_way = g_build_filename (f->state, "wanted.new", NULL);
  gboolean lost;

  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  g_assert_cmpint (g_mkdir (in_the_way, 0700), ==, 0);
  wish = (AditWish) { 0 };
  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  g_assert_false (adit_store_has_wish (f->store));
  g_assert_true (adit_store_load_wish (f->store, &wish, &lost, NULL));
  g_assert_false (wish.connected || lost);
  g_assert_cmpint (g_rmdir (in_the_way), ==, 0);
}

/* On a full disk whoever is connected can ask for the same once more. */
static void
test_same_wish (Fixture *f, gconstpointer data)
{
  AditWish wish = { .connected = TRUE, .account = "0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11" }, loaded;
  g_autofree char *in_the_way = g_build_filename (f->state, "wanted.new", NULL);
  g_autoptr (GError) error = NULL;
  gboolean lost;

  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  g_assert_cmpint (g_mkdir (in_the_way, 0700), ==, 0);
  g_assert_true (adit_store_save_wish (f->store, &wish, NULL));
  g_assert_true (adit_place_set (&wish.place, "se", "", ""));
  g_assert_false (adit_store_save_wish (f->store, &wish, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_STORE_FAILED);
  g_assert_true (adit_store_load_wish (f->store, &loaded, &lost, NULL));
  g_assert_true (loaded.connected && adit_place_is_any (&loaded.place) && !lost);
  g_assert_cmpint (g_rmdir (in_the_way), ==, 0);
}

static void
test_corrupt_means_locked (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = { "", "\xff\xfe", "[adit", "[adit]\nformat=1\n", "[adit]\nformat=1\nlockdown=perhaps\n",
                                     "[other]\nformat=1\n",
                                     "[adit]\nformat=0\nlockdown=false\n" };
  AditSettings settings;
  gboolean lost;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      put (f->state, "settings", bad[i]);
      g_assert_true (adit_store_load_settings (f->store, &settings, &lost, NULL));
      if (!settings.lockdown || !lost)
        g_error ("settings number %zu opened the lock", i);
    }
}

static void
test_mark_outlives_settings (Fixture *f, gconstpointer data)
{
  AditSettings settings = { .lockdown = TRUE };
  g_autofree char *path = g_build_filename (f->state, "settings", NULL);
  g_autofree char *mark = g_build_filename (f->configuration, "lockdown", NULL);
  gboolean lost;

  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_true (adit_file_exists (mark));
  g_assert_true (adit_file_remove (path, NULL));
  g_assert_true (adit_store_load_settings (f->store, &settings, &lost, NULL));
  g_assert_true (settings.lockdown && lost);

  settings.lockdown = FALSE;
  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_false (adit_file_exists (mark));
  g_assert_true (adit_store_load_settings (f->store, &settings, &lost, NULL));
  g_assert_false (settings.lockdown || lost);
}

static void
test_newer_format (Fixture *f, gconstpointer data)
{
  AditSettings settings;
  AditWish wish;
  GError *error = NULL;
  gboolean lost;

  put (f->state, "settings", "[adit]\nformat=2\nlockdown=false\n");
  g_assert_false (adit_store_load_settings (f->store, &settings, &lost, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NEWER_FORMAT);
  g_clear_error (&error);
  put (f->state, "wanted", "[adit]\nformat=99\n");
  g_assert_false (adit_store_load_wish (f->store, &wish, &lost, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NEWER_FORMAT);
  g_clear_error (&error);
}

#define WANTED "[adit]\nformat=1\nconnected=true\naccount=0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11\n"

static void
test_hostile_wish (Fixture *f, gconstpointer data)
{
  static const char *const bad[] = {
    "[adit]\nformat=1\naccount=../../etc/passwd\n",
    "[adit]\nformat=1\naccount=0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11\ncountry=../x\n",
    "[adit]\nformat=1\naccount=0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11\ncity=got\n", "[adit]\nformat=1\n", "\x01",
    "[adit]\nformat=1\nconnected=perhaps\naccount=0b7cdd31-7c30-4f5e-9bcb-6f1a1a0e9a11\n", "[adit]\nformat=1\nconnected=\n",
    WANTED "tunnel=ipsec\n", WANTED "entry-country=../x\n", WANTED "entry-country=no\nentry-server=..\n",
    "[adit]\nformat=1\nconnected=true\n", "[adit]\nformat=1\n[other]\nconnected=false\n", "[adit]\nconnected=false\n", "",
  };
  AditWish wish;
  gboolean lost;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      put (f->state, "wanted", bad[i]);
      g_assert_true (adit_store_load_wish (f->store, &wish, &lost, NULL));
      g_assert_true (lost);
      g_assert_false (wish.connected);
    }
}

/* Behind those that ship with Adit come those that the name leads to; who was reached the last time comes first, unless it is
 * none of them any more. */
static void
test_found_api (Fixture *f, gconstpointer data)
{
  const AditService *service = adit_service_find ("ivpn");
  AditEndpoint api[ADIT_SERVICE_MAX_API], shipped, stranger = { .port = 443 };
  AditAddress found[2];

  g_assert_cmpuint (adit_store_get_api (f->store, service, api, ADIT_SERVICE_MAX_API), ==, 5);
  shipped = api[2];
  found[0] = api[1].address;
  g_assert_true (adit_address_parse ("192.0.2.77", &found[1]));
  adit_store_set_found_api (f->store, service, found, G_N_ELEMENTS (found));
  g_assert_cmpuint (adit_store_get_api (f->store, service, api, ADIT_SERVICE_MAX_API), ==, 6);
  g_assert_true (adit_address_equal (&api[5].address, &found[1]));
  adit_store_prefer_api (f->store, service, &shipped);
  g_assert_cmpuint (adit_store_get_api (f->store, service, api, ADIT_SERVICE_MAX_API), ==, 6);
  g_assert_true (adit_endpoint_equal (&api[0], &shipped));
  g_assert_true (adit_address_parse ("203.0.113.1", &stranger.address));
  adit_store_prefer_api (f->store, service, &stranger);
  g_assert_cmpuint (adit_store_get_api (f->store, service, api, ADIT_SERVICE_MAX_API), ==, 6);
  g_assert_false (adit_endpoint_equal (&api[0], &stranger));
  g_assert_false (adit_store_has_own_api (f->store, service));
  put (f->configuration, "services.conf", "[ivpn]\napi-endpoints=192.0.2.10:443\n");
  open_store (f);
  g_assert_true (adit_store_has_own_api (f->store, service));
  adit_store_set_found_api (f->store, service, found, G_N_ELEMENTS (found));
  g_assert_cmpuint (adit_store_get_api (f->store, service, api, ADIT_SERVICE_MAX_API), ==, 1);
}

static void
test_overrides (Fixture *f, gconstpointer data)
{
  const AditService *service = adit_service_find ("mullvad");
  g_autofree char *path = g_build_filename (f->configuration, "services.conf", NULL);
  AditEndpoint api[4];
  g_autofree char *text = NULL;

  g_assert_cmpuint (adit_store_get_api (f->store, service, api, 4), ==, 1);
  g_assert_false (adit_store_is_overridden (f->store, service));

  put (f->configuration, "services.conf", "[mullvad]\napi-endpoints=192.0.2.10:443;nonsense;[2001:db8::1]:8443\n");
  open_store (f);
  g_assert_cmpuint (adit_store_get_api (f->store, service, api, 4), ==, 2);
  text = adit_endpoint_dup_text (&api[1]);
  g_assert_cmpstr (text, ==, "[2001:db8::1]:8443");
  g_assert_true (adit_store_is_overridden (f->store, service));

  /* What others can write is not the administrator's word. */
  g_assert_cmpint (chmod (path, 0666), ==, 0);
  open_store (f);
  g_assert_false (adit_store_is_overridden (f->store, service));
}

/* What is handed on: -1 where the built-in trust is good. */
static char *
read_openvpn_trust (Fixture *f, const char *service, GError **error)
{
  int fd = adit_store_open_openvpn_trust (f->store, adit_service_find (service), error);
  char content[8] = "";

  if (fd < 0)
    return NULL;
  g_assert_cmpint (read (fd, content, sizeof content - 1), >=, 0);
  close (fd);
  return g_strdup (content);
}

static void
test_openvpn_trust (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->configuration, "servers.pem", NULL);
  g_autofree char *text = g_strdup_printf ("[ivpn]\nopenvpn-trust=%s\n[ovpn]\nhost=nobody\n", path), *found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (read_openvpn_trust (f, "ivpn", &error));
  g_assert_no_error (error);
  put (f->configuration, "services.conf", text);
  open_store (f);
  g_assert_null (read_openvpn_trust (f, "ovpn", &error));    /* which it says nothing of */
  g_assert_no_error (error);
  g_assert_null (read_openvpn_trust (f, "ivpn", &error));    /* not there: never the built-in trust instead */
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE);
  g_clear_error (&error);
  put (f->configuration, "servers.pem", "PEM");
  g_assert_cmpint (chmod (path, 0644), ==, 0);
  found = read_openvpn_trust (f, "ivpn", &error);
  g_assert_cmpstr (found, ==, "PEM");
  g_assert_cmpint (chmod (path, 0664), ==, 0);
  g_assert_null (read_openvpn_trust (f, "ivpn", &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE);
}

static void
test_resolvers (Fixture *f, gconstpointer data)
{
  AditEndpoint api[16], ours;
  const AditService *resolver;
  g_autofree char *host = NULL, *fallback = NULL;
  guint n_api = adit_store_get_all_api (f->store, api, 16);

  /* Those that ship with Adit: one connection of a worker's never goes to two of them. */
  g_assert_cmpuint (n_api, >=, 4);    /* three of them, and a service */
  for (guint i = 0; (resolver = adit_store_get_resolver (f->store, i)) != NULL; i++)
    {
      g_autofree char *own = adit_store_dup_api_host (f->store, resolver);

      g_assert_cmpstr (own, ==, resolver->api_host);
      g_assert_cmpuint (adit_store_get_api (f->store, resolver, &ours, 1), ==, 1);
      g_assert_true (adit_address_is_public (&ours.address));
      g_assert_cmpuint (ours.port, ==, 443);
      g_assert_cmpuint (i, <, 2);
    }
  g_assert_cmpuint (adit_store_get_all_api (f->store, api, 2), ==, 2);

  /* The administrator's stands for all of them; at an address that a service has too, it is the same hole. */
  put (f->configuration, "services.conf", "[mullvad]\napi-endpoints=192.0.2.10:443\n"
                                          "[doh]\napi-endpoints=192.0.2.10:443;192.0.2.11:443\nhost=dns.example.net\n");
  open_store (f);
  resolver = adit_store_get_resolver (f->store, 0);
  host = adit_store_dup_api_host (f->store, resolver);
  g_assert_cmpstr (host, ==, "dns.example.net");
  g_assert_null (adit_store_get_resolver (f->store, 1));
  g_assert_cmpuint (adit_store_get_all_api (f->store, api, 16), ==, n_api - 2);

  /* And none at all is a choice. */
  put (f->configuration, "services.conf", "[doh]\napi-endpoints=\nhost=not a host\n");
  open_store (f);
  g_assert_cmpuint (adit_store_get_api (f->store, resolver, api, 16), ==, 0);
  g_assert_cmpuint (adit_store_get_all_api (f->store, api, 16), ==, n_api - 3);
  fallback = adit_store_dup_api_host (f->store, resolver);
  g_assert_cmpstr (fallback, ==, resolver->api_host);
}

static void
test_list_has_to_be_sealed (Fixture *f, gconstpointer data)
{
  const AditService *service = adit_service_find ("mullvad");
  int fd = memfd_create ("list", MFD_CLOEXEC | MFD_ALLOW_SEALING), back;
  GError *error = NULL;
  char content[5] = "";

  g_assert_cmpint (write (fd, "bytes", 5), ==, 5);
  g_assert_cmpint (adit_store_open_list (f->store, service), ==, -1);
  g_assert_false (adit_store_save_list (f->store, service, fd, 5, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_WORKER_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), ==, 0);
  g_assert_false (adit_store_save_list (f->store, service, fd, 6, &error));
  g_clear_error (&error);
  g_assert_true (adit_store_save_list (f->store, service, fd, 5, &error));
  g_assert_no_error (error);
  back = adit_store_open_list (f->store, service);
  g_assert_cmpint (read (back, content, 5), ==, 5);
  g_assert_cmpmem (content, 5, "bytes", 5);
  close (back);
  close (fd);
}

/* A lockdown that was told as failed must not come true at the next start. */
static void
test_failed_save (Fixture *f, gconstpointer data)
{
  AditSettings settings = { .lockdown = FALSE };
  g_autofree char *in_the_way = g_build_filename (f->state, "settings.new", NULL);
  gboolean lost;

  g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_cmpint (g_mkdir (in_the_way, 0700), ==, 0);
  settings.lockdown = TRUE;
  g_assert_false (adit_store_save_settings (f->store, &settings, NULL));
  g_assert_cmpint (g_rmdir (in_the_way), ==, 0);
  open_store (f);
  g_assert_true (adit_store_load_settings (f->store, &settings, &lost, NULL));
  g_assert_false (settings.lockdown);
  g_assert_false (lost);
}

static void
test_reach (Fixture *f, gconstpointer data)
{
  AditSettings settings = { .key_days = 7, .reach = { .lan = ADIT_LAN_LIST, .n_ranges = 2, .multicast = TRUE, .n_guests = 1,
                                       .guests = { "virbr0" }, .n_dns = 2 } };
  AditSettings loaded;
  gboolean lost;

  g_assert_true (adit_prefix_parse ("192.168.1.0/24", &settings.reach.ranges[0]));
  g_assert_true (adit_prefix_parse ("fd00::/16", &settings.reach.ranges[1]));
  g_assert_true (adit_address_parse ("9.9.9.9", &settings.reach.dns[0]));
  g_assert_true (adit_address_parse ("192.168.1.1", &settings.reach.dns[1]));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (adit_store_save_settings (f->store, &settings, NULL));
      open_store (f);
      g_assert_true (adit_store_load_settings (f->store, &loaded, &lost, NULL));
      g_assert_false (lost);
      g_assert_true (adit_reach_settings_equal (&loaded.reach, &settings.reach));
      g_assert_cmpuint (loaded.key_days, ==, settings.key_days);
      settings.key_days = 0;
      settings.reach = (AditReachSettings) { 0 };
    }
}

/* What cannot be read could be anything: locked, with nothing beside the tunnel.  A file from before these settings is none. */
static void
test_reach_lost (Fixture *f, gconstpointer data)
{
  static const char *const lines[] = { "lan=everything", "lan=", "lan=0.0.0.0/0", "lan=203.0.113.0/24", "multicast=perhaps",
                                       "guests=a\"b", "dns=localhost", "dns=9.9.9.9;" "127.0.0.1" };
  AditSettings settings;
  gboolean lost;

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *text = g_strdup_printf ("[adit]\nformat=1\nlockdown=false\nmulticast=on\nlan=subnet\n%s\n", lines[i]);

      put (f->state, "settings", text);
      g_assert_true (adit_store_load_settings (f->store, &settings, &lost, NULL));
      if (!lost || !settings.lockdown)
        g_error ("\"%s\" was taken", lines[i]);
      g_assert_cmpint (settings.reach.lan, ==, ADIT_LAN_OFF);
      g_assert_false (settings.reach.multicast);
    }
  put (f->state, "settings", "[adit]\nformat=1\nlockdown=false\n");
  g_assert_true (adit_store_load_settings (f->store, &settings, &lost, NULL));
  g_assert_false (lost || settings.lockdown);
  g_assert_cmpint (settings.reach.lan, ==, ADIT_LAN_OFF);
}

/* How long a key is used protects nobody less: it is as the service has it, and nobody is locked out for a mistyped number. */
static void
test_key_days_lost (Fixture *f, gconstpointer data)
{
  static const char *const texts[] = { "31", "", "often", "7;8" };
  AditSettings settings;
  gboolean lost;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = g_strdup_printf ("[adit]\nformat=1\nlockdown=false\nlan=subnet\nkey-days=%s\n", texts[i]);

      put (f->state, "settings", text);
      g_test_expect_message ("adit-store", G_LOG_LEVEL_WARNING, "*key-days*as if it had never been made*");
      g_assert_true (adit_store_load_settings (f->store, &settings, &lost, NULL));
      g_test_assert_expected_messages ();
      g_assert_false (lost || settings.lockdown);
      g_assert_cmpuint (settings.key_days, ==, 0);
      g_assert_cmpint (settings.reach.lan, ==, ADIT_LAN_SUBNET);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);    /* each bad file is also told in the log */
#define ADD(name, function) g_test_add ("/store/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("first-start", test_first_start);
  ADD ("round-trip", test_round_trip);
  ADD ("last", test_last);
  ADD ("choice", test_choice);
  ADD ("wish-that-is-gone", test_wish_that_is_gone);
  ADD ("boot-mark", test_boot_mark);
  ADD ("failed-disconnect", test_failed_disconnect);
  ADD ("same-wish", test_same_wish);
  ADD ("corrupt-means-locked", test_corrupt_means_locked);
  ADD ("mark-outlives-settings", test_mark_outlives_settings);
  ADD ("newer-format", test_newer_format);
  ADD ("failed-save", test_failed_save);
  ADD ("hostile-wish", test_hostile_wish);
  ADD ("reach", test_reach);
  ADD ("reach-lost", test_reach_lost);
  ADD ("key-days-lost", test_key_days_lost);
  ADD ("overrides", test_overrides);
  ADD ("openvpn-trust", test_openvpn_trust);
  ADD ("found-api", test_found_api);
  ADD ("resolvers", test_resolvers);
  ADD ("list-has-to-be-sealed", test_list_has_to_be_sealed);
  return g_test_run ();
}
