/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-import.c: the real worker in role import, as the helper starts it, with a person's files and with what no person has. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/model/import-files.h"
#include "client/wire/channel.h"
#include "platform/process.h"
#include "tests/lab/private-world.h"
#include "tests/unit/ovpn-sample.h"

#define ATTEMPT 42
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)
#define KEY1 "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="    /* 32 times 1, and so on */
#define KEY2 "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
#define WG   "[Interface]\nPrivateKey = " KEY1 "\nAddress = 10.64.0.2/32\n\n[Peer]\nPublicKey = " KEY2 "\n" \
             "AllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.10:51820\n"

typedef struct
{
  AditProcess     *process;
  int              socket, status;
  AditWireMessage  last;
  AditWireProfile  profiles[ADIT_IMPORT_MAX_PROFILES];
  guint            n_profiles;
  char            *lines, *texts;
} Worker;

static void
on_exited (AditProcess *process, int status, gpointer user_data)
{
  *(int *) user_data = status;
}

static void
worker_start (Worker *self, const char *role)
{
  const char *const argv[] = { "adit-worker", "--role", role, NULL };
  static const char *const envp[] = { "OPENSSL_CONF=/dev/null", "LC_ALL=C.UTF-8", NULL };
  AditProcessSpec spec = { .path = g_getenv ("ADIT_WORKER"), .argv = argv, .envp = envp, .confinement = ADIT_CONFINEMENT_WORKER,
                           .user = strcmp (role, "import") == 0 ? "adit-import" : "adit-provider", .n_fds = 1,
                           .keep_stderr = TRUE };
  g_autoptr (GError) error = NULL;
  int ends[2];

  memset (self, 0, sizeof *self);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
  spec.fds[0].from = ends[1];
  spec.fds[0].to = 3;
  self->process = adit_process_start (&spec, &error);
  g_assert_no_error (error);
  self->status = -1;
  g_signal_connect (self->process, "exited", G_CALLBACK (on_exited), &self->status);
  close (ends[1]);
  self->socket = ends[0];
}

static char *
read_sealed (int fd, gsize length)
{
  char *text = g_malloc0 (length + 1);
  struct stat status;

  g_assert_cmpint (fcntl (fd, F_GET_SEALS) & SEALS, ==, SEALS);
  g_assert_cmpint (fstat (fd, &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, (goffset) length);
  g_assert_cmpint (pread (fd, text, length, 0), ==, (gssize) length);
  close (fd);
  return text;
}

/* All that it says, until its last word; then it ends by itself. */
static void
worker_listen (Worker *self)
{
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      int fds[ADIT_WIRE_MAX_FDS];
      guint n_fds;
      gsize length;

      if (!adit_channel_receive (self->socket, &self->last, &length, fds, &n_fds, &error))
        g_error ("the worker ended without a word (%s)", error != NULL ? error->message : "end");
      adit_wire_check_from_worker (&self->last, length, n_fds, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (self->last.header.attempt, ==, ATTEMPT);
      if (self->last.header.op == ADIT_WIRE_PROFILE)
        {
          g_assert_cmpuint (self->n_profiles, <, ADIT_IMPORT_MAX_PROFILES);
          self->profiles[self->n_profiles++] = self->last.profile;
          continue;
        }
      if (self->last.header.op == ADIT_WIRE_IMPORTED)
        {
          self->lines = read_sealed (fds[0], self->last.imported.size_lines_bytes);
          if (n_fds == 2)
            self->texts = read_sealed (fds[1], self->last.imported.size_texts_bytes);
        }
      break;
    }
  while (self->status == -1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (self->status, ==, 0);
}

static void
worker_clear (Worker *self)
{
  close (self->socket);
  g_signal_handlers_disconnect_by_data (self->process, &self->status);
  g_clear_object (&self->process);
  g_clear_pointer (&self->lines, g_free);
  g_clear_pointer (&self->texts, g_free);
}

static int
make_file (const void *bytes, gsize length, int seals)
{
  int fd = memfd_create ("files", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  g_assert_cmpint (write (fd, bytes, length), ==, (gssize) length);
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, seals), ==, 0);
  return fd;
}

static int
pack (const AditImportFile *files, guint n_files)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = adit_import_files_pack (files, n_files, &error);

  g_assert_no_error (error);
  return make_file (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), SEALS);
}

static void
ask_for (Worker *self, int fd)
{
  AditWireMessage message;

  adit_wire_begin (&message, ADIT_WIRE_REQUEST, ATTEMPT);
  message.request.want = ADIT_WIRE_WANT_IMPORT;
  message.request.now_s = 1800000000;
  g_assert_true (adit_channel_send (self->socket, &message, &fd, 1, NULL));
}

/* Starts, asks, listens; @fd is closed. */
static void
import (Worker *self, int fd)
{
  worker_start (self, "import");
  ask_for (self, fd);
  close (fd);
  worker_listen (self);
}

static const AditImportOutcome *
read_lines (const Worker *self, GPtrArray **outcomes, guint n)
{
  g_autoptr (GError) error = NULL;

  *outcomes = adit_import_lines_read (self->lines, strlen (self->lines), &error);
  g_assert_no_error (error);
  g_assert_cmpuint ((*outcomes)->len, >, n);
  return (*outcomes)->pdata[n];
}

static void
test_wireguard (void)
{
  static const char text[] = "[Interface]\nPostUp = iptables -A OUTPUT\nPrivateKey = " KEY1 "\nAddress = 10.64.0.2/32\n"
                             "[Peer]\nPublicKey = " KEY2 "\nAllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.10:51820\n";
  const AditImportFile files[] = { { "home.conf", (const guint8 *) text, strlen (text) } };
  g_autoptr (GPtrArray) outcomes = NULL;
  const AditImportOutcome *outcome;
  Worker worker;

  import (&worker, pack (files, 1));
  g_assert_cmpuint (worker.last.header.op, ==, ADIT_WIRE_IMPORTED);
  g_assert_cmpuint (worker.n_profiles, ==, 1);
  g_assert_cmpint (worker.profiles[0].facts.kind, ==, ADIT_PROFILE_WIREGUARD);
  g_assert_cmpstr (worker.profiles[0].facts.name, ==, "home");
  g_assert_cmpstr (worker.texts, ==, WG);
  outcome = read_lines (&worker, &outcomes, 0);
  g_assert_cmpstr (g_array_index (outcome->report->notes, AditImportNote, 0).option, ==, "PostUp");
  /* Facts and what is said travel further than the text: neither has a key in it. */
  g_assert_null (strstr (worker.lines, KEY1));
  g_assert_null (memmem (worker.profiles, sizeof worker.profiles[0], KEY1, 16));
  worker_clear (&worker);
}

static void
test_openvpn (void)
{
  static const char text[] = "client\ndev tun\nremote vpn.example.org 443 tcp\nca /somewhere/else/ca.crt\nauth-user-pass\n"
                             "plugin /tmp/x.so\n";
  static const char fine[] = "client\ndev tun\nremote vpn.example.org 443 tcp\nca /somewhere/else/ca.crt\nauth-user-pass\n";
  const OvpnSample *sample = ovpn_sample_get ();
  const AditImportFile hostile[] = { { "a.ovpn", (const guint8 *) text, strlen (text) } };
  const AditImportFile files[] = { { "a.ovpn", (const guint8 *) fine, strlen (fine) },
                                   { "ca.crt", (const guint8 *) sample->ca, strlen (sample->ca) } };
  g_autoptr (GPtrArray) outcomes = NULL, refused = NULL;
  const AditImportOutcome *outcome;
  Worker worker;

  import (&worker, pack (hostile, 1));
  g_assert_cmpuint (worker.n_profiles, ==, 0);
  g_assert_null (worker.texts);
  outcome = read_lines (&worker, &refused, 0);
  g_assert_true (outcome->report->failed);
  g_assert_cmpint (g_array_index (outcome->report->notes, AditImportNote, 0).reason, ==, ADIT_IMPORT_PLUGIN);
  worker_clear (&worker);

  import (&worker, pack (files, 2));
  g_assert_cmpuint (worker.n_profiles, ==, 1);
  g_assert_cmpint (worker.profiles[0].facts.login, ==, ADIT_PROFILE_LOGIN_ASK_BOTH);
  g_assert_cmpuint (worker.profiles[0].facts.needs_names, ==, 1);
  g_assert_nonnull (strstr (worker.texts, "remote vpn.example.org 443 tcp-client\n"));
  outcome = read_lines (&worker, &outcomes, 0);
  g_assert_cmpint (outcome->profile, ==, 0);
  worker_clear (&worker);
}

/* As many as it takes, packed by somebody else's program. */
static void
test_archive (void)
{
  static const char make[] = "import zipfile\nz = zipfile.ZipFile('/run/all.zip', 'w', zipfile.ZIP_DEFLATED)\n"
                             "for i in range(128):\n    z.writestr('wireguard/se-got-%03d.conf' % i, open('/run/wg').read())\n"
                             "z.writestr('wireguard/README.txt', 'no configuration')\nz.close()\n";
  g_autofree char *archive = NULL, *expected = NULL;
  g_autoptr (GPtrArray) outcomes = NULL;
  gint64 start_us;
  AditImportFile file = { .name = "all.zip" };
  Worker worker;

  if (access ("/usr/bin/python3", X_OK) != 0)
    {
      g_test_skip ("python3 is missing");
      return;
    }
  g_assert_true (g_file_set_contents ("/run/wg", WG, -1, NULL));
  g_assert_true (g_file_set_contents ("/run/make.py", make, -1, NULL));
  g_free (private_world_run (TRUE, "/usr/bin/python3 /run/make.py"));
  g_assert_true (g_file_get_contents ("/run/all.zip", &archive, &file.length, NULL));
  file.bytes = (const guint8 *) archive;
  start_us = g_get_monotonic_time ();
  import (&worker, pack (&file, 1));
  g_print ("# 128 configurations of an archive in %d ms\n", (int) ((g_get_monotonic_time () - start_us) / 1000));
  g_assert_cmpuint (worker.last.header.op, ==, ADIT_WIRE_IMPORTED);
  g_assert_cmpuint (worker.n_profiles, ==, 128);
  g_assert_cmpuint (worker.last.imported.n_profiles, ==, 128);
  g_assert_cmpstr (worker.profiles[127].facts.name, ==, "se-got-127");
  g_assert_cmpuint (worker.last.imported.size_texts_bytes, ==, 128 * strlen (WG));
  g_assert_cmpmem (worker.texts + 127 * strlen (WG), strlen (WG), WG, strlen (WG));
  read_lines (&worker, &outcomes, 127);
  worker_clear (&worker);
}

static void
expect_failed (Worker *self, AditError code)
{
  worker_listen (self);
  g_assert_cmpuint (self->last.header.op, ==, ADIT_WIRE_FAILED);
  g_assert_cmpuint (self->last.failed.error, ==, code);
  g_assert_cmpuint (self->n_profiles, ==, 0);
  worker_clear (self);
}

/* A client hands in a descriptor of anything; whoever reads it waits for nobody, and shows no file that was not given. */
static void
test_descriptors (void)
{
  const AditImportFile file = { "a.conf", (const guint8 *) WG, strlen (WG) };
  int whole = pack (&file, 1), ends[2], descriptors[6];
  Worker worker;

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  descriptors[0] = make_file ("AditFil1", 8, SEALS);
  descriptors[1] = make_file ("AditFil1 that can still change", 30, F_SEAL_SHRINK);
  descriptors[2] = ends[0];
  descriptors[3] = open ("/etc/shadow", O_RDONLY | O_CLOEXEC);
  descriptors[4] = open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  descriptors[5] = make_file ("", 0, SEALS);
  for (gsize i = 0; i < G_N_ELEMENTS (descriptors); i++)
    {
      worker_start (&worker, "import");
      ask_for (&worker, descriptors[i]);
      expect_failed (&worker, ADIT_ERROR_INVALID_ARGUMENT);
      close (descriptors[i]);
    }
  close (ends[1]);

  /* One that is too long by its own word. */
  descriptors[0] = make_file ("", 0, 0);
  g_assert_cmpint (ftruncate (descriptors[0], ADIT_IMPORT_FILES_MAX_BYTES + 1), ==, 0);
  g_assert_cmpint (fcntl (descriptors[0], F_ADD_SEALS, SEALS), ==, 0);
  worker_start (&worker, "import");
  ask_for (&worker, descriptors[0]);
  expect_failed (&worker, ADIT_ERROR_INVALID_ARGUMENT);
  close (descriptors[0]);
  close (whole);
}

/* Each role does its own and nothing else. */
static void
test_roles (void)
{
  const AditImportFile file = { "a.conf", (const guint8 *) WG, strlen (WG) };
  int fd = pack (&file, 1);
  AditWireMessage message;
  Worker worker;

  worker_start (&worker, "provider");
  ask_for (&worker, fd);
  expect_failed (&worker, ADIT_ERROR_NO_SUCH_SERVICE);
  close (fd);

  adit_wire_begin (&message, ADIT_WIRE_REQUEST, ATTEMPT);
  message.request.want = ADIT_WIRE_WANT_LIST;
  strcpy (message.request.service, "mullvad");
  message.request.now_s = 1800000000;
  g_assert_true (adit_endpoint_parse ("192.0.2.1:443", &message.request.api[0]));
  message.request.n_api = 1;
  worker_start (&worker, "import");
  g_assert_true (adit_channel_send (worker.socket, &message, NULL, 0, NULL));
  expect_failed (&worker, ADIT_ERROR_WORKER_FAILED);
}

/* The largest that can be handed in, and what unpacks to the most, within its memory. */
static void
test_large (void)
{
  static const char make[] = "import zipfile\nz = zipfile.ZipFile('/run/big.zip', 'w', zipfile.ZIP_DEFLATED)\n"
                             "for i in range(63):\n    z.writestr('%d.ovpn' % i, b'#' * 262144)\nz.close()\n";
  g_autofree guint8 *much = g_malloc0 (ADIT_IMPORT_ARCHIVE_MAX_BYTES);
  AditImportFile files[ADIT_IMPORT_MAX_FILES];
  char names[ADIT_IMPORT_MAX_FILES][8];
  g_autofree char *archive = NULL;
  Worker worker;

  memset (much, 'x', ADIT_IMPORT_ARCHIVE_MAX_BYTES);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_snprintf (names[i], sizeof names[i], "%u", i);
      files[i] = (AditImportFile) { names[i], much, i == 0 ? ADIT_IMPORT_ARCHIVE_MAX_BYTES : ADIT_IMPORT_FILE_MAX_BYTES - 4096 };
    }
  import (&worker, pack (files, G_N_ELEMENTS (files)));
  g_assert_cmpuint (worker.last.header.op, ==, ADIT_WIRE_IMPORTED);
  g_assert_cmpuint (worker.n_profiles, ==, 0);
  worker_clear (&worker);

  if (access ("/usr/bin/python3", X_OK) != 0)
    return;
  g_assert_true (g_file_set_contents ("/run/make.py", make, -1, NULL));
  g_free (private_world_run (TRUE, "/usr/bin/python3 /run/make.py"));
  g_assert_true (g_file_get_contents ("/run/big.zip", &archive, &files[0].length, NULL));
  files[0].bytes = (const guint8 *) archive;
  import (&worker, pack (files, 1));
  g_assert_cmpuint (worker.last.header.op, ==, ADIT_WIRE_IMPORTED);
  g_assert_cmpuint (worker.n_profiles, ==, 0);
  worker_clear (&worker);
}

/* Its own user, no right, no way out: what the kernel says of one that waits for its request. */
static void
test_state (void)
{
  static const char *const lines[] = { "\nUid:\t64004\t64004\t64004\t64004\n", "\nGid:\t64004\t64004\t64004\t64004\n",
                                       "\nNoNewPrivs:\t1\n", "\nSeccomp:\t2\n", "\nCapEff:\t0000000000000000\n" };
  const AditImportFile file = { "a.conf", (const guint8 *) WG, strlen (WG) };
  g_autofree char *path = NULL;
  gboolean confined = FALSE;
  Worker worker;
  int fd = pack (&file, 1);

  worker_start (&worker, "import");
  path = g_strdup_printf ("/proc/%d/status", adit_process_get_pid (worker.process));
  for (guint i = 0; i < 200 && !confined; i++)
    {
      g_autofree char *text = NULL;

      g_usleep (10000);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      confined = TRUE;
      for (gsize j = 0; j < G_N_ELEMENTS (lines); j++)
        confined = confined && strstr (text, lines[j]) != NULL;
    }
  g_assert_true (confined);
  ask_for (&worker, fd);
  close (fd);
  worker_listen (&worker);
  g_assert_cmpuint (worker.n_profiles, ==, 1);
  worker_clear (&worker);
}

int
main (int argc, char **argv)
{
  if (!private_world_enter ())
    return PRIVATE_WORLD_SKIP;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import/wireguard", test_wireguard);
  g_test_add_func ("/import/openvpn", test_openvpn);
  g_test_add_func ("/import/archive", test_archive);
  g_test_add_func ("/import/descriptors", test_descriptors);
  g_test_add_func ("/import/roles", test_roles);
  g_test_add_func ("/import/large", test_large);
  g_test_add_func ("/import/state", test_state);
  return g_test_run ();
}
