/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-tunnel.c: our end and a plain WireGuard at the other end of a cable, with handshakes, crashes and leftovers. */
#include "platform/tunnel.h"

#include <errno.h>
#include <net/if.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "client/base/error.h"
#include "client/model/tunnel-peers.h"
#include "platform/linux/marks.h"
#include "platform/linux/tun.h"
#include "platform/linux/wg-kernel.h"
#include "platform/linux/wg-userspace.h"
#include "tests/lab/private-world.h"

#define WIREGUARD_UID 64002    /* private-world.c */
#define SOCKET_PATH "/run/wireguard/" ADIT_TUNNEL_DEVICE ".sock"
#define PATIENCE_US (15 * G_USEC_PER_SEC)
#define INITIATION_US (50 * 1000)    /* a peer takes one each 20 ms, as wireguard-go and the kernel have it */

typedef struct
{
  AditTunnelSpec spec;
  AditTunnelSecrets secrets;
  gboolean       kernel_has_wireguard;
  GSubprocess   *exit;
} World;

static World world;

/* Runs a program with words separated by blanks, gives it @input, and returns what it said. */
static char * G_GNUC_PRINTF (3, 4)
run (const char *input, gboolean must_work, const char *format, ...)
{
  g_autofree char *line = NULL, *said = NULL;
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  argv = g_strsplit (line, " ", -1);
  process = g_subprocess_newv ((const char *const *) argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               (must_work ? 0 : G_SUBPROCESS_FLAGS_STDERR_SILENCE), &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &said, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    {
      if (must_work)
        g_error ("failed: %s", line);
      return NULL;
    }
  return g_strchomp (g_steal_pointer (&said));
}

#define do_run(...) g_free (run (NULL, TRUE, __VA_ARGS__))

static AditSecret *
decode_key (const char *base64)
{
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (base64, &length);

  g_assert_cmpuint (length, ==, ADIT_WG_KEY_BYTES);
  return adit_secret_new (bytes, length);
}

/* A failing test must not leave its exit behind. */
static void
die_with_test (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

static void
set_up (void)
{
  g_autofree char *ours = run (NULL, TRUE, "wg genkey"), *theirs = run (NULL, TRUE, "wg genkey"),
                  *psk = run (NULL, TRUE, "wg genpsk");
  g_autofree char *our_public = run (ours, TRUE, "wg pubkey"), *their_public = run (theirs, TRUE, "wg pubkey"), *made = NULL,
                  *conf = NULL;
  g_autoptr (AditSecret) peer_key = decode_key (their_public);

  do_run ("ip netns add exit");
  do_run ("ip link add cable type veth peer name cable netns exit");
  do_run ("ip addr add 192.0.2.2/24 dev cable");
  do_run ("ip link set cable up");
  do_run ("ip -n exit addr add 192.0.2.1/24 dev cable");
  do_run ("ip -n exit link set cable up");

  made = run (NULL, FALSE, "ip -n exit link add exit0 type wireguard");
  world.kernel_has_wireguard = made != NULL;
  if (made == NULL)
    {
      g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                                                            G_SUBPROCESS_FLAGS_STDERR_SILENCE);

      g_subprocess_launcher_set_child_setup (launcher, die_with_test, NULL, NULL);
      world.exit = g_subprocess_launcher_spawn (launcher, NULL, "ip", "netns", "exec", "exit", "wireguard-go", "-f", "exit0",
                                                NULL);
      while (!g_file_test ("/run/wireguard/exit0.sock", G_FILE_TEST_EXISTS))
        g_usleep (2000);
    }
  conf = g_strdup_printf ("[Interface]\nPrivateKey=%s\nListenPort=51820\n[Peer]\nPublicKey=%s\nPresharedKey=%s\n"
                          "AllowedIPs=10.64.0.2/32\n",
                          theirs, our_public, psk);
  g_assert_true (g_file_set_contents_full ("/run/exit.conf", conf, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  do_run ("ip netns exec exit wg setconf exit0 /run/exit.conf");
  do_run ("ip -n exit addr add 10.64.0.1/24 dev exit0");
  do_run ("ip -n exit link set exit0 up");

  world.secrets.private_key = decode_key (ours);
  world.secrets.preshared_key = decode_key (psk);
  world.spec = (AditTunnelSpec) { .n_addresses = 1, .n_allowed_ips = 2, .n_dns = 1, .mtu_bytes = 1380, .keepalive_s = 1 };
  g_assert_true (adit_endpoint_parse ("192.0.2.1:51820", &world.spec.peer));
  g_assert_true (adit_prefix_parse ("10.64.0.2/32", &world.spec.addresses[0]));
  g_assert_true (adit_prefix_parse ("0.0.0.0/0", &world.spec.allowed_ips[0]));
  g_assert_true (adit_prefix_parse ("::/0", &world.spec.allowed_ips[1]));
  g_assert_true (adit_address_parse ("10.64.0.1", &world.spec.dns[0]));
  memcpy (world.spec.peer_key, adit_secret_peek (peer_key, NULL), ADIT_WG_KEY_BYTES);
}

static void
tear_down (void)
{
  if (world.exit != NULL)
    g_subprocess_force_exit (world.exit);
  g_clear_object (&world.exit);
  adit_tunnel_secrets_clear (&world.secrets);
  g_free (run (NULL, FALSE, "ip netns del exit"));
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
finish (AditTunnel *tunnel, GAsyncResult **result, GError **error)
{
  g_autoptr (GAsyncResult) owned = NULL;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  owned = g_steal_pointer (result);
  return adit_tunnel_start_finish (tunnel, owned, error);
}

static gboolean
start (AditTunnel *tunnel, GError **error)
{
  GAsyncResult *result = NULL;

  adit_tunnel_start_async (tunnel, &world.spec, &world.secrets, NULL, on_started, &result);
  return finish (tunnel, &result, error);
}

static void
start_and_shake_hands (AditTunnel *tunnel)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_US, began;
  g_autoptr (GError) error = NULL;
  AditTunnelProgress progress;

  began = g_get_monotonic_time ();
  if (!start (tunnel, &error))
    g_error ("start: %s", error->message);
  g_test_message ("%s started in %.1f ms", adit_tunnel_get_name (tunnel), (g_get_monotonic_time () - began) / 1000.0);
  g_assert_true (adit_tunnel_read_progress (tunnel, &progress, &error));
  g_assert_no_error (error);
  /* wireguard-go may take its device for "up" too early and shake hands at once; but never before it was started. */
  g_assert_cmpint (progress.handshake_age_ms, <=, (g_get_monotonic_time () - began) / 1000 + 1);
  do_run ("ip addr add 10.64.0.2/24 dev " ADIT_TUNNEL_DEVICE);
  do_run ("ip link set " ADIT_TUNNEL_DEVICE " up mtu 1380");
  do
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (2000);
      g_assert_true (adit_tunnel_read_progress (tunnel, &progress, &error));
      g_assert_no_error (error);
    }
  while (progress.handshake_age_ms < 0);
  g_assert_cmpint (progress.handshake_age_ms, <, PATIENCE_US / 1000);
}

static int
find_process (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "status", NULL), *text = NULL;
      const char *uid;

      /* A dead one that its parent has not buried yet is no process any more, and perhaps another test's. */
      if (!g_ascii_isdigit (name[0]) || !g_file_get_contents (path, &text, NULL, NULL) || strstr (text, "State:\tZ") != NULL)
        continue;
      uid = strstr (text, "\nUid:\t");
      if (uid != NULL && atoi (uid + strlen ("\nUid:\t")) == WIREGUARD_UID)
        return atoi (name);
    }
  return 0;
}

static void
assert_nothing_left (void)
{
  g_assert_cmpuint (if_nametoindex (ADIT_TUNNEL_DEVICE), ==, 0);
  g_assert_false (g_file_test (SOCKET_PATH, G_FILE_TEST_EXISTS));
  g_assert_cmpint (find_process (), ==, 0);
}

static void
on_lost (AditTunnel *tunnel, const GError *reason, gpointer data)
{
  g_assert_error (reason, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
  ++*(guint *) data;
}

static void
await_lost (AditTunnel *tunnel, const guint *n_lost)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_US, settle;
  AditTunnelProgress progress;

  while (*n_lost == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_main_context_iteration (NULL, FALSE);
    }
  settle = g_get_monotonic_time () + 200000;
  while (g_get_monotonic_time () < settle)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (*n_lost, ==, 1);
  g_assert_false (adit_tunnel_read_progress (tunnel, &progress, NULL));
}

static gboolean
probe_or_skip (AditTunnel *tunnel)
{
  g_autoptr (GError) error = NULL;

  if (adit_tunnel_probe (tunnel, &error))
    return TRUE;
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NO_WIREGUARD);
  g_test_skip (error->message);
  return FALSE;
}

static AditTunnel *
new_tunnel (gconstpointer kind)
{
  return strcmp (kind, "kernel") == 0 ? adit_wg_kernel_new () : adit_wg_userspace_new ();
}

/* The probe has to agree with what the kernel really does. */
static void
test_probe (void)
{
  g_autoptr (AditTunnel) kernel = adit_wg_kernel_new (), userspace = adit_wg_userspace_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (adit_tunnel_get_name (kernel), ==, "wireguard-kernel");
  g_assert_cmpstr (adit_tunnel_get_name (userspace), ==, "wireguard-userspace");
  g_assert_cmpint (adit_tunnel_probe (kernel, &error), ==, world.kernel_has_wireguard);
  if (!world.kernel_has_wireguard)
    {
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NO_WIREGUARD);
      g_clear_error (&error);
      g_assert_false (start (kernel, &error));
      g_assert_error (error, ADIT_ERROR, ADIT_ERROR_NO_WIREGUARD);
    }
  else
    g_assert_no_error (error);
  g_assert_cmpuint (if_nametoindex ("adit-probe0"), ==, 0);
}

static void
test_traffic (gconstpointer kind)
{
  g_autoptr (AditTunnel) tunnel = new_tunnel (kind);
  g_autoptr (GError) error = NULL;
  g_autofree char *mark = NULL, *expected = g_strdup_printf ("0x%x", ADIT_MARK);
  AditTunnelProgress before, after;

  if (!probe_or_skip (tunnel))
    return;
  start_and_shake_hands (tunnel);
  mark = run (NULL, TRUE, "wg show " ADIT_TUNNEL_DEVICE " fwmark");
  g_assert_cmpstr (mark, ==, expected);
  g_assert_true (adit_tunnel_read_progress (tunnel, &before, NULL));
  do_run ("ping -q -c 3 -i 0.2 -W 5 -s 1200 10.64.0.1");
  g_assert_true (adit_tunnel_read_progress (tunnel, &after, NULL));
  g_assert_cmpuint (after.received_bytes, >=, before.received_bytes + 3600);
  g_assert_cmpuint (after.sent_bytes, >=, before.sent_bytes + 3600);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (adit_tunnel_stop (tunnel, &error));
      g_assert_no_error (error);
      assert_nothing_left ();
    }
  g_assert_false (adit_tunnel_read_progress (tunnel, &after, NULL));
  start_and_shake_hands (tunnel);    /* and once more from the beginning */
  g_clear_object (&tunnel);
  assert_nothing_left ();
}

/* The peer proves its key anew, and nothing else is another: device, process, mark and what is open inside. */
static void
test_renew (gconstpointer kind)
{
  g_autoptr (AditTunnel) tunnel = new_tunnel (kind);
  g_autoptr (GError) error = NULL;
  g_autofree char *mark = NULL, *expected = g_strdup_printf ("0x%x", ADIT_MARK);
  AditTunnelProgress progress;
  guint index;
  int process;

  if (!probe_or_skip (tunnel))
    return;
  g_assert_false (adit_tunnel_renew (tunnel, &world.spec, &world.secrets, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
  g_clear_error (&error);
  start_and_shake_hands (tunnel);
  do_run ("ping -q -c 3 -i 0.2 -W 5 -s 1200 10.64.0.1");
  index = if_nametoindex (ADIT_TUNNEL_DEVICE);
  process = find_process ();
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (adit_tunnel_renew (tunnel, &world.spec, &world.secrets, &error));
      g_assert_no_error (error);
      g_assert_true (adit_tunnel_read_progress (tunnel, &progress, &error));
      g_assert_cmpuint (progress.received_bytes, <, 3600);    /* counted anew */
      do_run ("ping -q -c 1 -W 5 10.64.0.1");
      g_assert_true (adit_tunnel_read_progress (tunnel, &progress, &error));
      g_assert_cmpint (progress.handshake_age_ms, >=, 0);
      g_usleep (INITIATION_US);
    }
  g_assert_cmpuint (if_nametoindex (ADIT_TUNNEL_DEVICE), ==, index);
  g_assert_cmpint (find_process (), ==, process);
  mark = run (NULL, TRUE, "wg show " ADIT_TUNNEL_DEVICE " fwmark");
  g_assert_cmpstr (mark, ==, expected);
}

static void
test_device_lost (gconstpointer kind)
{
  g_autoptr (AditTunnel) tunnel = new_tunnel (kind);
  guint n_lost = 0;

  if (!probe_or_skip (tunnel))
    return;
  g_signal_connect (tunnel, "lost", G_CALLBACK (on_lost), &n_lost);
  start_and_shake_hands (tunnel);
  do_run ("ip link set cable mtu 1400");    /* another device's event is not ours */
  do_run ("ip link set cable mtu 1500");
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (n_lost, ==, 0);
  do_run ("ip link del " ADIT_TUNNEL_DEVICE);
  await_lost (tunnel, &n_lost);
  g_assert_true (adit_tunnel_stop (tunnel, NULL));
  assert_nothing_left ();
}

static void
test_process_killed (void)
{
  g_autoptr (AditTunnel) tunnel = adit_wg_userspace_new ();
  guint n_lost = 0;

  if (!probe_or_skip (tunnel))
    return;
  g_signal_connect (tunnel, "lost", G_CALLBACK (on_lost), &n_lost);
  start_and_shake_hands (tunnel);
  g_assert_cmpint (find_process (), >, 0);
  g_assert_cmpint (kill (find_process (), SIGKILL), ==, 0);
  await_lost (tunnel, &n_lost);
  g_assert_true (g_file_test (SOCKET_PATH, G_FILE_TEST_EXISTS));    /* what a killed one leaves behind */
  start_and_shake_hands (tunnel);
  g_assert_true (adit_tunnel_stop (tunnel, NULL));
  g_assert_cmpuint (n_lost, ==, 1);    /* our own stop is no loss */
  assert_nothing_left ();
}

static void
test_process_hangs (void)
{
  g_autoptr (AditTunnel) tunnel = adit_wg_userspace_new ();
  AditTunnelProgress progress;
  g_autoptr (GError) error = NULL;
  siginfo_t stopped;
  gint64 began;
  int pid;

  if (!probe_or_skip (tunnel))
    return;
  start_and_shake_hands (tunnel);
  pid = find_process ();
  g_assert_cmpint (kill (pid, SIGSTOP), ==, 0);
  g_assert_cmpint (waitid (P_PID, (id_t) pid, &stopped, WSTOPPED), ==, 0);    /* all of its threads */
  began = g_get_monotonic_time ();
  g_assert_false (adit_tunnel_read_progress (tunnel, &progress, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * G_USEC_PER_SEC);
  g_assert_true (adit_tunnel_stop (tunnel, NULL));
  assert_nothing_left ();
}

static void
test_socket_mode (void)
{
  g_autoptr (AditTunnel) tunnel = adit_wg_userspace_new ();
  struct stat status;

  if (!probe_or_skip (tunnel))
    return;
  g_assert_true (start (tunnel, NULL));
  g_assert_cmpint (stat (SOCKET_PATH, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0640);    /* the group looks; connecting takes the right to write */
  g_assert_cmpuint (status.st_uid, ==, 0);
  g_assert_true (adit_tunnel_stop (tunnel, NULL));
}

/* A helper that was killed left a device, of either kind, and a socket. */
static void
test_leftovers (gconstpointer kind)
{
  g_autoptr (AditTunnel) tunnel = new_tunnel (kind);

  if (!probe_or_skip (tunnel))
    return;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      int fd = adit_tun_open (ADIT_TUNNEL_DEVICE, ADIT_TUN_PACKET_INFO, TRUE, &error);

      g_assert_no_error (error);
      close (fd);
      g_assert_cmpuint (if_nametoindex (ADIT_TUNNEL_DEVICE), !=, 0);
      if (i == 0)
        {
          g_autoptr (AditTunnel) other = adit_wg_userspace_new ();

          g_assert_true (g_mkdir_with_parents ("/run/wireguard", 0755) == 0 && g_file_set_contents (SOCKET_PATH, "", 0, NULL));
          g_assert_true (adit_tunnel_stop (other, NULL));
          assert_nothing_left ();
        }
      else
        start_and_shake_hands (tunnel);
    }
  g_assert_true (adit_tunnel_stop (tunnel, NULL));
  assert_nothing_left ();
}

static void
test_interrupted (gconstpointer kind)
{
  g_autoptr (AditTunnel) tunnel = new_tunnel (kind);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AditSecret) no_key = adit_secret_new ("short", 5);
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  if (!probe_or_skip (tunnel))
    return;
  adit_tunnel_start_async (tunnel, &world.spec, &(AditTunnelSecrets) { .private_key = no_key }, NULL, on_started, &result);
  g_assert_false (finish (tunnel, &result, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_TUNNEL_FAILED);
  g_clear_error (&error);
  assert_nothing_left ();

  g_cancellable_cancel (cancellable);
  adit_tunnel_start_async (tunnel, &world.spec, &world.secrets, cancellable, on_started, &result);
  g_assert_false (finish (tunnel, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  assert_nothing_left ();

  if (strcmp (kind, "kernel") == 0)    /* whose start is over when it returns */
    return;
  g_cancellable_reset (cancellable);
  adit_tunnel_start_async (tunnel, &world.spec, &world.secrets, cancellable, on_started, &result);
  g_cancellable_cancel (cancellable);
  g_assert_false (finish (tunnel, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  assert_nothing_left ();

  adit_tunnel_start_async (tunnel, &world.spec, &world.secrets, NULL, on_started, &result);
  g_assert_true (adit_tunnel_stop (tunnel, NULL));
  g_assert_false (finish (tunnel, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_nothing_left ();
}

/* As many peers and networks as there may be, which the kernel is told in several messages: each has what is its own. */
static void
fill_many (AditTunnelSpec *spec, AditTunnelSecrets *secrets, AditSecret *shared)
{
  *spec = world.spec;
  *secrets = world.secrets;
  for (guint i = 0; i < ADIT_TUNNEL_MAX_PEERS - 1; i++)
    {
      AditTunnelPeer *peer = &spec->more_peers[spec->n_more_peers++];
      g_autofree char *endpoint = g_strdup_printf (i % 2 == 0 ? "192.0.2.1:%u" : "[2001:db8::9]:%u", i + 1);

      *peer = (AditTunnelPeer) { .key = { 1, (guint8) (i + 1) }, .n_allowed_ips = 36, .keepalive_s = (guint16) (i * 10) };
      g_assert_true (adit_endpoint_parse (endpoint, &peer->endpoint));
      secrets->more_preshared_keys[i] = i % 2 == 0 ? shared : NULL;
      for (guint j = 0; j < peer->n_allowed_ips; j++)
        {
          g_autofree char *network = g_strdup_printf (j % 2 == 0 ? "10.%u.%u.0/24" : "fd00:%u:%u::/64", i, j);

          g_assert_true (adit_prefix_parse (network, &spec->allowed_ips[spec->n_allowed_ips++]));
        }
    }
}

static int
compare_texts (const void *a, const void *b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* "NETWORK,NETWORK", in alphabetic order. */
static char *
sort_list (const char *list)
{
  g_auto (GStrv) items = g_strsplit (list, ",", -1);

  qsort (items, g_strv_length (items), sizeof *items, compare_texts);
  return g_strjoinv (",", items);
}

static void
assert_peer (const char *const *lines, const AditTunnelSpec *spec, const AditTunnelPeer *peer, guint first, AditSecret *shared)
{
  g_autofree char *key = g_base64_encode (peer->key, ADIT_WG_KEY_BYTES), *endpoint = adit_endpoint_dup_text (&peer->endpoint);
  g_autofree char *secret = shared != NULL ? g_base64_encode (adit_secret_peek (shared, NULL), ADIT_WG_KEY_BYTES) : NULL;
  g_autofree char *keepalive = g_strdup_printf ("%u", peer->keepalive_s), *wanted = NULL, *got = NULL;
  g_autoptr (GString) networks = g_string_new (NULL);
  g_auto (GStrv) fields = NULL;

  while (*lines != NULL && !g_str_has_prefix (*lines, key))
    lines++;
  g_assert_nonnull (*lines);
  fields = g_strsplit (*lines, "\t", -1);
  g_assert_cmpuint (g_strv_length (fields), ==, 8);
  g_assert_cmpstr (fields[1], ==, secret != NULL ? secret : "(none)");
  g_assert_cmpstr (fields[2], ==, endpoint);
  g_assert_cmpstr (fields[7], ==, peer->keepalive_s != 0 ? keepalive : "off");
  for (guint i = first; i < first + peer->n_allowed_ips; i++)
    {
      g_autofree char *network = adit_prefix_dup_text (&spec->allowed_ips[i]);

      g_string_append_printf (networks, "%s%s", i > first ? "," : "", network);
    }
  wanted = sort_list (networks->str);
  got = sort_list (fields[3]);
  g_assert_cmpstr (got, ==, wanted);
}

static void
test_peers (gconstpointer kind)
{
  g_autoptr (AditTunnel) tunnel = new_tunnel (kind);
  g_autofree char *dump = NULL, *psk = run (NULL, TRUE, "wg genpsk");
  g_autoptr (AditSecret) shared = decode_key (psk);
  AditTunnelSecrets secrets;
  AditTunnelSpec spec;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  AditTunnelPeer peer;
  GAsyncResult *result = NULL;
  guint first;

  if (!probe_or_skip (tunnel))
    return;
  fill_many (&spec, &secrets, shared);
  adit_tunnel_start_async (tunnel, &spec, &secrets, NULL, on_started, &result);
  if (!finish (tunnel, &result, &error))
    g_error ("start: %s", error->message);
  dump = run (NULL, TRUE, "wg show " ADIT_TUNNEL_DEVICE " dump");
  lines = g_strsplit (dump, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + ADIT_TUNNEL_MAX_PEERS);
  for (guint i = 0; adit_tunnel_spec_get_peer (&spec, i, &peer, &first); i++)
    assert_peer ((const char *const *) lines + 1, &spec, &peer, first, adit_tunnel_secrets_get_preshared_key (&secrets, i));
  g_assert_true (adit_tunnel_stop (tunnel, NULL));
}

int
main (int argc, char **argv)
{
  static const char *const kinds[] = { "userspace", "kernel" };
  int result;

  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  g_setenv ("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", TRUE);
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/tunnel/probe", test_probe);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      static const struct { const char *name; GTestDataFunc run; } tests[] = {
        { "traffic", test_traffic }, { "device-lost", test_device_lost }, { "leftovers", test_leftovers },
        { "interrupted", test_interrupted }, { "peers", test_peers }, { "renew", test_renew },
      };

      for (guint j = 0; j < G_N_ELEMENTS (tests); j++)
        {
          g_autofree char *path = g_strdup_printf ("/tunnel/%s/%s", kinds[i], tests[j].name);

          g_test_add_data_func (path, kinds[i], tests[j].run);
        }
    }
  g_test_add_func ("/tunnel/userspace/process-killed", test_process_killed);
  g_test_add_func ("/tunnel/userspace/process-hangs", test_process_hangs);
  g_test_add_func ("/tunnel/userspace/socket-mode", test_socket_mode);
  result = g_test_run ();
  tear_down ();
  return result;
}
