/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-openvpn-reads.c: openvpn itself says what it read from what we wrote: exactly the profile, whatever the file was (P01,
 * P02), and the same as it reads from the file. */
#include <stdlib.h>
#include <string.h>

#include "client/worker/ovpn-read.h"
#include "client/worker/ovpn-write-file.h"
#include "tests/fuzz/ovpn-grammar.h"
#include "tests/lab/ovpn-random.h"
#include "tests/lab/ovpn-settings.h"
#include "tests/lab/private-world.h"
#include "tests/unit/ovpn-sample.h"

#define N_FILES       250     /* some ten milliseconds each */
#define N_SPOILT      2000    /* most are refused at once */
#define SEED          4711
#define FOUND_S       20      /* for what the fuzzer has found, of which there can be thousands */
#define LEAST         "client\ndev tun\nremote 192.0.2.1\nauth-user-pass\n<ca>\n@CA@</ca>\n"

/* What openvpn reads from the least that we write. */
static GHashTable *least;

static AditOpenvpnProfile *
read_text (const char *text, gsize length)
{
  const OvpnSample *sample = ovpn_sample_get ();
  const AditImportFile file = { "sample.ovpn", (const guint8 *) text, length };
  const AditImportFile others[] = { { "ca.crt", (const guint8 *) sample->ca, strlen (sample->ca) } };
  g_autoptr (AditImportReport) report = adit_import_report_new ();

  return adit_ovpn_read (&file, others, G_N_ELEMENTS (others), report);
}

static AditOvpnLaunch
make_launch (const AditOpenvpnProfile *profile, guint n)
{
  AditOvpnLaunch launch = { .remote = n, .device = OVPN_GRAMMAR_DEVICE, .management_path = OVPN_GRAMMAR_SOCKET };
  const AditOpenvpnRemote *remote = &profile->remotes[n];

  launch.remote_address = remote->host.address;
  if (remote->host.name[0] != '\0')
    g_assert_true (adit_address_parse (remote->family == ADIT_FAMILY_IPV6 ? "2001:db8::1" : "192.0.2.1", &launch.remote_address));
  if (profile->proxy != ADIT_OPENVPN_NO_PROXY)
    g_assert_true (adit_address_parse ("192.0.2.2", &launch.proxy_address));
  return launch;
}

static GHashTable *
ask_about (const AditOpenvpnProfile *profile, const AditOvpnLaunch *launch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSecret) text = adit_ovpn_write (profile, launch, &error);
  g_autofree char *said = NULL;
  GHashTable *settings;
  gsize length;
  const char *bytes;

  g_assert_no_error (error);
  bytes = (const char *) adit_secret_peek (text, &length);
  settings = ovpn_settings_ask (bytes, length, &said);
  if (settings == NULL)
    g_error ("openvpn refused what we wrote:\n%s\n%s", bytes, said);
  return settings;
}

static GHashTable *
copy_least (void)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, least);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, g_strdup (key), g_strdup (value));
  return copy;
}

/* Exactly the profile, for each of its servers. */
static void
check_profile (const AditOpenvpnProfile *profile)
{
  for (guint i = 0; i < MIN (profile->n_remotes, 3); i++)
    {
      AditOvpnLaunch launch = make_launch (profile, i);
      g_autoptr (GHashTable) settings = ask_about (profile, &launch), expected = copy_least ();

      ovpn_settings_expect (expected, profile, &launch);
      g_assert_cmpuint (ovpn_settings_differ (settings, expected, NULL), ==, 0);
    }
}

/* What both openvpn's parser and ours take from a file as it stands.  Ciphers, compression and TLS are not among them: there we
 * ask for more than the file does. */
static const char *const same_keys[] = {
  "remote#0", "remote_port#0", "authname#0", "tun_mtu#0", "fragment#0", "mssfix#0", "mssfix_encap#0", "mssfix_fixed#0",
  "explicit_exit_notification#0", "tls_auth_file#0", "tls_crypt_file#0", "tls_crypt_v2_file#0", "ping_send_timeout#0",
  "ping_rec_timeout#0", "ping_rec_timeout_action#0", "rcvbuf#0", "sndbuf#0", "replay_window#0", "replay_time#0", "cert_file#0",
  "priv_key_file#0", "extra_certs_file#0", "crl_file#0", "ca_file#0", "verify_x509_type#0", "verify_x509_name#0",
  "remote_cert_eku#0",
  "remote_cert_ku[i]#0", "remote_cert_ku[i]#1", "remote_cert_ku[i]#2", "remote_cert_ku[i]#15", "renegotiate_seconds#0",
  "renegotiate_bytes#0", "renegotiate_packets#0", "handshake_window#0", "transition_window#0", "tls_timeout#0",
  "connect_timeout#0",
  "connect_retry_seconds#0", "socks_proxy_server#0", "socks_proxy_port#0", "server#0", "port#0", "client#0", "pull#0",
  "auth_user_pass_file#0", NULL,
};

static void
copy_key (GHashTable *to, GHashTable *from, const char *key)
{
  g_hash_table_insert (to, g_strdup (key), g_strdup (g_hash_table_lookup (from, key)));
}

/* Whether openvpn took the file, too; then it read the same from it as from what we wrote.  Only for files without programs and
 * paths, since openvpn does look at those. */
static gboolean
check_same (const char *text, const AditOpenvpnProfile *profile)
{
  AditOvpnLaunch launch = make_launch (profile, 0);
  g_autofree char *said = NULL;
  g_autoptr (GHashTable) theirs = ovpn_settings_ask (text, strlen (text), &said), ours = NULL;
  guint32 value;

  if (theirs == NULL)
    {
      g_test_message ("openvpn: %s", said);
      return FALSE;
    }
  ours = ask_about (profile, &launch);
  /* Digests are named in any case; names were looked up for ours. */
  g_hash_table_insert (theirs, g_strdup ("authname#0"), g_ascii_strup (g_hash_table_lookup (theirs, "authname#0"), -1));
  if (profile->remotes[0].host.name[0] != '\0')
    copy_key (ours, theirs, "remote#0");
  if (!adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_RCVBUF, &value))    /* then it is our choice */
    copy_key (ours, theirs, "rcvbuf#0");
  if (!adit_openvpn_profile_get_number (profile, ADIT_OPENVPN_EXIT_NOTIFY, &value))    /* the same */
    copy_key (ours, theirs, "explicit_exit_notification#0");
  if (profile->username != NULL)    /* which we do not write, and say when we are asked */
    g_hash_table_insert (ours, g_strdup ("auth_user_pass_file#0"), g_strdup ("'[INLINE]'"));
  if (profile->proxy != ADIT_OPENVPN_NO_PROXY)
    {
      copy_key (ours, theirs, "server#0");
      copy_key (ours, theirs, "socks_proxy_server#0");
    }
  g_assert_cmpuint (ovpn_settings_differ (ours, theirs, same_keys), ==, 0);
  return TRUE;
}

/* The file that is kept is one for openvpn, too. */
static void
check_kept (const AditOpenvpnProfile *profile)
{
  g_autoptr (AditSecret) text = adit_ovpn_write_file (profile, NULL);

  g_assert_true (check_same ((const char *) adit_secret_peek (text, NULL), profile));
}

static void
test_services (void)
{
  guint n_same = 0;

  for (guint i = 0; i < n_ovpn_services; i++)
    {
      g_autofree char *text = ovpn_sample_fill (ovpn_services[i].text);
      g_autoptr (AditOpenvpnProfile) profile = read_text (text, strlen (text));

      g_test_message ("%s", ovpn_services[i].name);
      g_assert_nonnull (profile);
      check_profile (profile);
      check_kept (profile);
      if (strstr (text, "\nup ") == NULL && strstr (text, "\nlog ") == NULL)
        n_same += check_same (text, profile);
    }
  g_test_message ("openvpn read %u of %u services' files as we did", n_same, n_ovpn_services);
  g_assert_cmpuint (n_same, >=, 7);
}

static void
test_files (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  guint n_read = 0, n_same = 0;

  for (guint i = 0; i < N_FILES; i++)
    {
      g_autofree char *text = ovpn_random_make (rand);
      g_autoptr (AditOpenvpnProfile) profile = read_text (text, strlen (text));

      if (profile == NULL)
        continue;
      n_read++;
      check_profile (profile);
      n_same += check_same (text, profile);
    }
  g_test_message ("%u of %u files read; openvpn read %u of them as we did", n_read, N_FILES, n_same);
  g_print ("# %u of %u files read; openvpn read %u of them as we did\n", n_read, N_FILES, n_same);
  g_assert_cmpuint (n_read, >=, N_FILES / 4);
  g_assert_cmpuint (n_same, >=, n_read * 3 / 4);
}

/* Files with lines that would run, load, read or write something, and with bytes changed: where anything is read at all, openvpn
 * is told of the profile, and nothing else. */
static void
test_spoilt (void)
{
  static const char *const hostile[] = {
    "up /bin/true", "plugin /tmp/x.so", "script-security 3", "log /tmp/x", "setenv opt up /bin/true", "tls-verify /bin/true",
    "cd /tmp",
    "management 127.0.0.1 7505", "user root", "dev-node /dev/net/tun", "writepid /tmp/x", "status /tmp/x", "ipchange /bin/true",
    "config /tmp/x", "iproute /bin/true", "<up>\n/bin/true\n</up>", "lladdr 02:00:00:00:00:01", "daemon", "mark 1",
    "local 192.0.2.200",
    "push-peer-info", "route 192.0.2.0", "ifconfig 192.0.2.1 192.0.2.2", "chroot /tmp", "setenv X y", "engine x", "pkcs11-id x",
  };
  static const char bytes[] = "<>/\"'\\#; \t\n\r-a0\0\x7f\xff";
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED + 1);
  guint n_read = 0;

  for (guint i = 0; i < N_SPOILT && n_read < N_FILES; i++)
    {
      g_autofree char *file = ovpn_random_make (rand), *text = NULL;
      g_autoptr (AditOpenvpnProfile) profile = NULL;
      gsize length;

      text = g_strdup_printf ("%s\n%s", hostile[g_rand_int_range (rand, 0, G_N_ELEMENTS (hostile))], file);
      length = strlen (text);
      for (gint32 n = g_rand_int_range (rand, 0, 3); n > 0; n--)
        text[g_rand_int_range (rand, 0, (gint32) length)] = bytes[g_rand_int_range (rand, 0, sizeof bytes - 1)];
      profile = read_text (text, length);
      if (profile == NULL)
        continue;
      n_read++;
      check_profile (profile);
    }
  g_print ("# %u files read in spite of what is in them\n", n_read);
  g_assert_cmpuint (n_read, >=, 20);
}

/* As the fuzz target takes its input: bytes behind a zero byte are a second file. */
static AditOpenvpnProfile *
read_input (const char *path)
{
  g_autoptr (AditImportReport) report = adit_import_report_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  AditImportFile file = { .name = "file.ovpn" }, other = { .name = "other" };
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  file.bytes = (const guint8 *) text;
  file.length = strnlen (text, length);
  if (file.length < length)
    {
      other.bytes = file.bytes + file.length + 1;
      other.length = length - file.length - 1;
    }
  return adit_ovpn_read (&file, &other, 1, report);
}

/* What the fuzzer starts from and what it has found, the former whole, the latter by lot and for a time: openvpn itself is the
 * judge of what we make of it, and of what we keep. */
static void
check_folder (const char *path, GRand *rand, gint64 most_s, guint *n_read)
{
  gint64 until_us = g_get_monotonic_time () + most_s * G_USEC_PER_SEC;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  for (; names->len > 0 && (most_s == 0 || g_get_monotonic_time () < until_us); n++)
    {
      g_autofree char *file = g_ptr_array_steal_index_fast (names, (guint) g_rand_int_range (rand, 0, (gint32) names->len));
      g_autoptr (AditOpenvpnProfile) profile = read_input (file);

      g_test_message ("%s", file);
      if (profile == NULL)
        continue;
      ++*n_read;
      check_profile (profile);
      check_kept (profile);
    }
  g_print ("# %s: %u files, %u of them read, %u left\n", path, n, *n_read, names->len);
}

static void
test_fuzz (void)
{
  g_autoptr (GRand) rand = g_rand_new ();
  guint n_seeds = 0, n_found = 0;

  check_folder (g_getenv ("ADIT_LAB_OVPN_SEEDS"), rand, 0, &n_seeds);
  g_assert_cmpuint (n_seeds, >=, 20);
  check_folder (g_getenv ("ADIT_LAB_OVPN_FOUND"), rand, FOUND_S, &n_found);
}

/* The same comparison sees a script, a file and a device where they are put in front of openvpn on purpose. */
static void
test_it_would_be_seen (void)
{
  static const struct { const char *line; gboolean seen; } rows[] = {
    { "", FALSE }, { "up /bin/true\n", TRUE }, { "log-append /dev/null\n", TRUE }, { "status /dev/null\n", TRUE },
    { "lladdr x\n", TRUE },
    { "writepid /dev/null\n", TRUE }, { "mark 7\n", TRUE }, { "tls-verify /bin/true\n", TRUE },
    { "pull-filter accept \"x\"\n", TRUE },
    { "ipchange /bin/true\n", TRUE }, { "dev-node /dev/null\n", TRUE }, { "route 10.0.0.0\n", TRUE },
    { "management-signal\n", TRUE },
  };
  g_autofree char *file = ovpn_sample_fill (LEAST);
  g_autoptr (AditOpenvpnProfile) profile = read_text (file, strlen (file));
  AditOvpnLaunch launch = make_launch (profile, 0);
  g_autoptr (AditSecret) text = adit_ovpn_write (profile, &launch, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *with = g_strconcat (rows[i].line, (const char *) adit_secret_peek (text, NULL), NULL), *said = NULL;
      g_autoptr (GHashTable) settings = NULL;

      settings = ovpn_settings_ask (with, strlen (with), &said);
      g_test_message ("%s%s", rows[i].line, settings == NULL ? said : "");
      /* What it refuses, or says elsewhere, is no configuration of ours either. */
      g_assert_true ((settings == NULL || ovpn_settings_differ (settings, least, NULL) > 0) == rows[i].seen);
    }
}

/* What is always so, in openvpn's own words. */
static void
test_least (void)
{
  static const struct { const char *key, *value; } rows[] = {
    { "config", "'stdin'" }, { "dev", "'" OVPN_GRAMMAR_DEVICE "'" }, { "dev_type", "'tun'" }, { "dev_node", "'[UNDEF]'" },
    { "tuntap_options.disable_dco", "ENABLED" }, { "lladdr", "'[UNDEF]'" }, { "ipchange", "'[UNDEF]'" },
    { "ifconfig_local", "'[UNDEF]'" }, { "ifconfig_noexec", "ENABLED" }, { "route_noexec", "ENABLED" }, { "persist_tun",
    "ENABLED" },
    { "bind_defined", "DISABLED" }, { "bind_local", "DISABLED" }, { "local", "'[UNDEF]'" }, { "mark", "0" }, { "remote_float",
    "DISABLED" },
    { "username", "'[UNDEF]'" }, { "groupname", "'[UNDEF]'" }, { "chroot_dir", "'[UNDEF]'" }, { "cd_dir", "'[UNDEF]'" },
    { "writepid", "'[UNDEF]'" }, { "up_script", "'[UNDEF]'" }, { "down_script", "'[UNDEF]'" }, { "route_script", "'[UNDEF]'" },
    { "daemon", "DISABLED" }, { "log", "DISABLED" }, { "status_file", "'[UNDEF]'" }, { "packet_id_file", "'[UNDEF]'" },
    { "tls_verify", "'[UNDEF]'" }, { "tls_export_peer_cert_dir", "'[UNDEF]'" }, { "engine", "DISABLED" }, { "replay",
    "ENABLED" },
    { "client_connect_script", "'[UNDEF]'" }, { "learn_address_script", "'[UNDEF]'" }, { "auth_user_pass_verify_script",
    "'[UNDEF]'" },
    { "client", "ENABLED" }, { "pull", "ENABLED" }, { "tls_client", "ENABLED" }, { "push_peer_info", "DISABLED" },
    { "management_port", "'unix'" }, { "ca_file", "'[INLINE]'" }, { "ca_path", "'[UNDEF]'" }, { "dh_file", "'[UNDEF]'" },
    { "pkcs12_file", "'[UNDEF]'" }, { "pkcs11_id", "'[UNDEF]'" }, { "shared_secret_file", "'[UNDEF]'" }, { "tmp_dir",
    "'/tmp'" },
    { "route_nopull", "DISABLED" }, { "allow_pull_fqdn", "DISABLED" }, { "comp.alg", "0" }, { "ignore \"\"", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *key = g_strconcat (rows[i].key, "#0", NULL);

      g_test_message ("%s", rows[i].key);
      g_assert_cmpstr (g_hash_table_lookup (least, key), ==, rows[i].value);
    }
}

/* Our table knows every option that this openvpn tells of. */
static void
test_options (void)
{
  g_autofree char *help = private_world_run (FALSE, "openvpn --help");
  g_autofree char *file = ovpn_sample_fill (LEAST);
  g_auto (GStrv) words = g_regex_split_simple ("(?m)^--([a-z0-9-]+)", help, 0, 0);
  guint n = 0;

  for (gsize i = 1; words[i] != NULL; i += 2)
    {
      g_autofree char *text = g_strdup_printf ("%s%s\n", file, words[i]);
      const AditImportFile input = { "sample.ovpn", (const guint8 *) text, strlen (text) };
      g_autoptr (AditImportReport) report = adit_import_report_new ();
      g_autoptr (AditOpenvpnProfile) profile = adit_ovpn_read (&input, NULL, 0, report);

      n++;
      for (guint j = 0; j < report->notes->len; j++)
        if (g_array_index (report->notes, AditImportNote, j).reason == ADIT_IMPORT_UNKNOWN)
          g_error ("--%s is not in the table", words[i]);
    }
  g_assert_cmpuint (n, >, 200);
}

int
main (int argc, char **argv)
{
  g_autofree char *file = NULL, *program = g_find_program_in_path ("openvpn");
  g_autoptr (AditOpenvpnProfile) profile = NULL;
  AditOvpnLaunch launch;
  int status;

  if (program == NULL)
    {
      g_printerr ("SKIP: openvpn is missing (package openvpn)\n");
      return PRIVATE_WORLD_SKIP;
    }
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  /* openvpn wants to write to it, and it may be root's. */
  g_unsetenv ("TMPDIR");
  g_test_init (&argc, &argv, NULL);
  file = ovpn_sample_fill (LEAST);
  profile = read_text (file, strlen (file));
  launch = make_launch (profile, 0);
  least = ask_about (profile, &launch);
  g_assert_cmpuint (g_hash_table_size (least), >, 250);
  g_test_add_func ("/openvpn-reads/least", test_least);
  g_test_add_func ("/openvpn-reads/P01-P02/services", test_services);
  g_test_add_func ("/openvpn-reads/P01-P02/files", test_files);
  g_test_add_func ("/openvpn-reads/P01-P02/spoilt", test_spoilt);
  g_test_add_func ("/openvpn-reads/P01-P02/fuzz", test_fuzz);
  g_test_add_func ("/openvpn-reads/it-would-be-seen", test_it_would_be_seen);
  g_test_add_func ("/openvpn-reads/options", test_options);
  status = g_test_run ();
  g_hash_table_unref (least);
  return status;
}
