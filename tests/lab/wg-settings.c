/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-settings.c: a real wireguard-go is given a file by wg-quick and wg, and asked by wg what it has then; addresses, resolvers
 * and packet size by a real wg-quick, with a stub in resolvconf's place.  Both sides are brought to one form, a line a peer. */
#include "tests/lab/wg-settings.h"

#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/lab/lab.h"

#define DEVICE "wgreads"
#define QUICK  "wgquick"
#define FILE_OF(device) "/run/reads/" device ".conf"
#define ASK_MS 20000

const char *const wg_settings_hosts[] = {
  "vpn.example.org", "office.example.org", "us1.example.net", "europe3.example.net", "gw.example.org", "home.example.org",
  "abcdef.example.net", "a.example", NULL
};

static AditLabResult *
run (const char *line)
{
  const char *const argv[] = { "sh", "-c", line, NULL };
  g_autoptr (GError) error = NULL;
  AditLabResult *result = adit_lab_run (NULL, 0, ASK_MS, argv, &error);

  g_assert_no_error (error);
  return result;
}

static void
must_run (const char *line)
{
  g_autoptr (AditLabResult) result = run (line);

  if (result->status != 0)
    g_error ("%s: %s", line, result->err);
}

/**
 * wg_settings_begin:
 *
 * Once, inside the lab: the device, and names that need no network.
 */
void
wg_settings_begin (void)
{
  const char *const go[] = { "wireguard-go", "--foreground", DEVICE, NULL };
  g_autoptr (GString) hosts = g_string_new ("127.0.0.1 localhost\n");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mkdir ("/run/reads", 0700), ==, 0);
  for (guint i = 0; wg_settings_hosts[i] != NULL; i++)
    g_string_append_printf (hosts, "192.0.2.%u %s\n", WG_SETTINGS_FIRST_HOST + i, wg_settings_hosts[i]);
  g_assert_true (g_file_set_contents ("/run/reads/hosts", hosts->str, -1, NULL));
  g_assert_cmpint (mount ("/run/reads/hosts", "/etc/hosts", NULL, MS_BIND, NULL), ==, 0);
  /* What wg-quick hands to it, and nothing else. */
  g_assert_true (g_file_set_contents ("/run/reads/resolvconf", "#!/bin/sh\n[ \"$1\" = -d ] || cat > /run/reads/dns\n", -1, NULL));
  g_assert_cmpint (chmod ("/run/reads/resolvconf", 0755), ==, 0);
  must_run ("ip link set lo up");
  adit_lab_spawn_logged (NULL, 0, go, "/run/reads/log", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 500 && access ("/run/wireguard/" DEVICE ".sock", F_OK) != 0; i++)
    g_usleep (10000);
}

/* As the device has it: Curve25519's fixed bits (RFC 7748, 5) are set. */
static char *
dup_clamped (const guint8 *key)
{
  guint8 bytes[ADIT_WG_KEY_BYTES];

  memcpy (bytes, key, sizeof bytes);
  bytes[0] &= 248;
  bytes[31] = (bytes[31] & 127) | 64;
  return g_base64_encode (bytes, sizeof bytes);
}

static gint
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
join_sorted (GPtrArray *items, const char *between)
{
  g_ptr_array_sort (items, compare_lines);
  g_ptr_array_add (items, NULL);
  return g_strjoinv (between, (char **) items->pdata);
}

static char *
sort_list (const char *list)
{
  g_auto (GStrv) items = g_strsplit (list, ",", -1);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  for (gsize i = 0; items[i] != NULL; i++)
    if (g_strstrip (items[i])[0] != '\0')
      g_ptr_array_add (sorted, items[i]);
  return join_sorted (sorted, ",");
}

typedef struct { char *key, *shared, *networks, *endpoint, *keepalive; } Peer;

static void
end_peer (GPtrArray *lines, Peer *peer)
{
  if (peer->key != NULL)
    g_ptr_array_add (lines, g_strdup_printf ("peer %s shared=%s endpoint=%s keepalive=%s networks=%s", peer->key,
                                             peer->shared != NULL ? peer->shared : "-",
                                             peer->endpoint != NULL ? peer->endpoint : "-",
                                             peer->keepalive != NULL ? peer->keepalive : "0",
                                             peer->networks != NULL ? peer->networks : ""));
  g_free (peer->key);
  g_free (peer->shared);
  g_free (peer->networks);
  g_free (peer->endpoint);
  g_free (peer->keepalive);
  memset (peer, 0, sizeof *peer);
}

/* Nobody asked for it: the kernel chose from net.ipv4.ip_local_port_range. */
static gboolean
is_any_port (const char *name, const char *value)
{
  return g_str_equal (name, "ListenPort") && g_ascii_strtoull (value, NULL, 10) >= 32768;
}

/* Of what "wg showconf" says.  ListenPort and FwMark are kept where there are any: ours have none. */
static char *
bring_to_form (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);
  Peer peer = { NULL };

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *value = strstr (lines[i], " = ");

      if (lines[i][0] == '[')
        end_peer (out, &peer);
      if (value == NULL)
        continue;
      *value = '\0';
      value += 3;
      if (g_str_equal (lines[i], "PublicKey"))
        peer.key = g_strdup (value);
      else if (g_str_equal (lines[i], "PresharedKey"))
        peer.shared = g_strdup (value);
      else if (g_str_equal (lines[i], "AllowedIPs"))
        peer.networks = sort_list (value);
      else if (g_str_equal (lines[i], "Endpoint"))
        peer.endpoint = g_strdup (value);
      else if (g_str_equal (lines[i], "PersistentKeepalive"))
        peer.keepalive = g_strdup (g_str_equal (value, "off") ? "0" : value);
      else if (!is_any_port (lines[i], value))
        g_ptr_array_add (out, g_strdup_printf ("interface %s=%s", lines[i], value));
    }
  end_peer (out, &peer);
  return join_sorted (out, "\n");
}

/**
 * wg_settings_ask:
 * @text: a file
 * @length: its bytes
 * @said: (out): what was said where it is refused
 *
 * Returns: (transfer full) (nullable): what the device has after "wg-quick strip" and "wg setconf"; %NULL if either refuses it
 */
char *
wg_settings_ask (const char *text, gsize length, char **said)
{
  g_autoptr (AditLabResult) result = NULL;

  *said = NULL;
  g_assert_true (g_file_set_contents_full (FILE_OF (DEVICE), text, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  /* A name that nobody knows is refused at once. */
  result = run ("set -e; export WG_ENDPOINT_RESOLUTION_RETRIES=0; cd /run/reads; wg-quick strip " FILE_OF (DEVICE) " > stripped;"
                " wg setconf " DEVICE " stripped; wg showconf " DEVICE);
  if (result->status != 0)
    {
      *said = g_strdup (result->err);
      return NULL;
    }
  return bring_to_form (result->out);
}

/**
 * wg_settings_drop_mute:
 * @settings: from wg_settings_ask()
 *
 * Returns: (transfer full): the same without peers that have no endpoint, and without ListenPort and FwMark
 */
char *
wg_settings_drop_mute (const char *settings)
{
  g_auto (GStrv) lines = g_strsplit (settings, "\n", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (gsize i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], " endpoint=- ") == NULL && !g_str_has_prefix (lines[i], "interface ListenPort=") &&
        !g_str_has_prefix (lines[i], "interface FwMark="))
      g_ptr_array_add (kept, lines[i]);
  return join_sorted (kept, "\n");
}

static char *
dup_endpoint (const AditHost *host)
{
  g_autofree char *text = adit_host_dup_text (host);

  for (guint i = 0; wg_settings_hosts[i] != NULL; i++)
    if (g_str_equal (wg_settings_hosts[i], host->name))
      return g_strdup_printf ("192.0.2.%u:%u", WG_SETTINGS_FIRST_HOST + i, host->port);
  return g_strdup_printf (host->address.family == ADIT_FAMILY_IPV6 ? "[%s]:%u" : "%s:%u", text, host->port);
}

/**
 * wg_settings_expect:
 * @profile: a profile
 *
 * Returns: (transfer full): what a device has that has exactly what is in it
 */
char *
wg_settings_expect (const AditWireguardProfile *profile)
{
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *own = dup_clamped (adit_secret_peek (profile->private_key, NULL));

  g_ptr_array_add (out, g_strdup_printf ("interface PrivateKey=%s", own));
  for (guint i = 0; i < profile->n_peers; i++)
    {
      const AditWireguardPeer *from = &profile->peers[i];
      Peer peer = { g_base64_encode (from->public_key, ADIT_WG_KEY_BYTES), NULL };
      g_autoptr (GPtrArray) networks = g_ptr_array_new_with_free_func (g_free);

      if (from->preshared_key != NULL)
        peer.shared = g_base64_encode (adit_secret_peek (from->preshared_key, NULL), ADIT_WG_KEY_BYTES);
      for (guint j = 0; j < from->n_allowed_ips; j++)
        g_ptr_array_add (networks, adit_prefix_dup_text (&from->allowed_ips[j]));
      peer.networks = join_sorted (networks, ",");
      peer.endpoint = dup_endpoint (&from->endpoint);
      peer.keepalive = g_strdup_printf ("%u", from->keepalive_s);
      end_peer (out, &peer);
    }
  return join_sorted (out, "\n");
}

/**
 * wg_settings_ask_quick:
 * @text: a file that wg-quick takes, without anything in it that it would run
 * @length: its bytes
 *
 * Returns: (transfer full): the addresses and the packet size that its device has, and what it said about names
 */
char *
wg_settings_ask_quick (const char *text, gsize length)
{
  g_autoptr (AditLabResult) result = NULL, shown = NULL;
  g_autofree char *dns = NULL;

  g_assert_true (g_file_set_contents_full (FILE_OF (QUICK), text, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  unlink ("/run/reads/dns");
  /* Its wireguard-go keeps what it is given open. */
  result = run ("cd /run/reads; PATH=/run/reads:$PATH wg-quick up " FILE_OF (QUICK) " > up 2>&1 < /dev/null || cat up >&2");
  shown = run ("ip -o addr show dev " QUICK " scope global | sed 's/.*inet6* \\([^ ]*\\).*/address \\1/';"
               " ip -o link show dev " QUICK " | sed 's/.* \\(mtu [0-9]*\\) .*/\\1/'");
  if (strstr (shown->out, "mtu ") == NULL)
    g_error ("wg-quick: %s\n%s", text, result->err);
  (void) g_file_get_contents ("/run/reads/dns", &dns, NULL, NULL);
  must_run ("PATH=/run/reads:$PATH wg-quick down " FILE_OF (QUICK) " > /run/reads/down 2>&1 < /dev/null");
  return g_strdup_printf ("%s%s", shown->out, dns != NULL ? dns : "");
}

/**
 * wg_settings_expect_quick:
 * @profile: a profile that names its packet size
 *
 * Returns: (transfer full): what wg_settings_ask_quick() should say of it
 */
char *
wg_settings_expect_quick (const AditWireguardProfile *profile)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < profile->n_addresses; i++)
    {
      g_autofree char *text = adit_prefix_dup_text (&profile->addresses[i]);

      g_string_append_printf (out, "address %s\n", text);
    }
  g_string_append_printf (out, "mtu %u\n", profile->mtu_bytes);
  for (guint i = 0; i < profile->n_dns; i++)
    {
      g_autofree char *text = adit_address_dup_text (&profile->dns[i]);

      g_string_append_printf (out, "nameserver %s\n", text);
    }
  for (guint i = 0; i < profile->n_search; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? " " : "search ", profile->search[i]);
  if (profile->n_search > 0)
    g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}
