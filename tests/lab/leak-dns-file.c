/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-dns-file.c: rows of the catalogue about names, where the plain file says who is asked for them. */
#include "config.h"
#include "tests/lab/leak.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_PATH "/etc/resolv.conf"
#define ELSEWHERE "/run/lab/elsewhere.conf"
#define KEPT      "/etc/resolv.conf.before-adit"
#define RESOLVCONF  "/usr/local/sbin/resolvconf"
#define SETTINGS    "/etc/resolvconf.conf"
#define RECORD      "/run/lab/record"
#define BEHIND_LINK "/run/resolvconf/resolv.conf"
#define OTHER_LEASE "10.10.0.1"
#define CHANGE_US (10 * G_USEC_PER_SEC)
#define ASK_MS    1500    /* the file says one second and one try, or the question is refused at once */
#define OUTSIDE   ADIT_LAB_DNS_ADDRESS " "
#define INSIDE    ADIT_LAB_GATEWAY " "

static const char plain[] = "# the lab's own\nnameserver " ADIT_LAB_DNS_ADDRESS "\noptions timeout:1 attempts:1\n";
static const char unknown[] =
  "; an old remark\nnameserver " ADIT_LAB_DNS_ADDRESS "\nnameserver 2001:db8:ff::53\nnameserver 10.10.0.1\n"
  "nameserver 203.0.113.53\nsearch a.example b.example\nsortlist 10.10.0.0/16\n"
  "options timeout:1 attempts:1 trust-ad inet6 ndots:99999 unheard-of:7\n"
  "lookup file bind\nno newline at the end";

static void
fail (AditLeak *leak, const char *what, const char *detail)
{
  adit_world_print_log (adit_leak_get_world (leak));
  g_error ("%s: %s", what, detail);
}

/* What the file is: its bytes, or where the link leads to, and who may write it. */
static char *
dup_picture (void)
{
  g_autofree char *target = g_file_read_link (FILE_PATH, NULL), *text = NULL;
  struct stat status;

  if (lstat (FILE_PATH, &status) != 0)
    return g_strdup ("none");
  if (target != NULL)
    return g_strdup_printf ("link to %s", target);
  g_assert_true (g_file_get_contents (FILE_PATH, &text, NULL, NULL));
  return g_strdup_printf ("%o %u:%u %" G_GINT64_FORMAT "\n%s", status.st_mode, status.st_uid, status.st_gid,
                          (gint64) status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec, text);
}

/* By the file, as every program; by the uplink's resolver and the router's, as one that has kept what the file said. */
static void
ask (AditLeak *leak)
{
  static const AditLeakPacket packets[] = {
    { "remembered", SOCK_DGRAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { 0 } },
    { "by tcp", SOCK_STREAM, 0, ADIT_LAB_DNS_ADDRESS, 53, { 0 } },
    { "the router's", SOCK_DGRAM, 0, "10.10.0.1", 53, { 0 } },
  };
  static guint n;
  g_autofree char *name = g_strdup_printf ("n%u.example", n++);
  const char *const argv[] = { "getent", "ahosts", name, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", 0, ASK_MS, argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (packets); i++)
    adit_leak_send (leak, &packets[i]);
  adit_leak_count (leak, 1);
}

static void
expect_asked (AditLeak *leak, const char *server, const char *when)
{
  AditWorld *world = adit_leak_get_world (leak);
  g_autofree char *log = NULL, *answer = NULL;

  g_free (adit_world_dup_dns_log (world));
  answer = adit_world_look_up (world, "web.example");
  log = adit_world_dup_dns_log (world);
  if (!g_str_has_prefix (log, server) || !g_str_has_prefix (answer, ADIT_LAB_WEB_ADDRESS))
    fail (leak, when, log);
}

/* --- D08 ------------------------------------------------------------------------------------------------------------------ */

static void
write_file (const char *path, const char *text)
{
  g_assert_true (unlink (path) == 0 || errno == ENOENT);
  if (text == NULL)
    return;
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL));
}

/* Connects and disconnects with the file as it is now; it must be the same afterwards. */
static void
try_file (AditLeak *leak, const char *when)
{
  g_autofree char *before = dup_picture (), *after = NULL;

  adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
  ask (leak);
  expect_asked (leak, INSIDE, when);
  adit_leak_expect_shut (leak, when);
  adit_leak_expose (leak);
  after = dup_picture ();
  if (!g_str_equal (before, after) || access (KEPT, F_OK) == 0)
    fail (leak, when, after);
  ask (leak);
  adit_leak_expect_open (leak, when);
}

static void
row_d08 (AditLeak *leak)
{
  write_file (FILE_PATH, plain);
  try_file (leak, "a file");
  g_assert_cmpint (chmod (FILE_PATH, 0600), ==, 0);
  try_file (leak, "a file that only root reads");
  write_file (FILE_PATH, unknown);
  try_file (leak, "options that nobody knows");
  write_file (FILE_PATH, NULL);
  try_file (leak, "no file");
  g_assert_cmpint (symlink (ELSEWHERE, FILE_PATH), ==, 0);
  try_file (leak, "a link that leads nowhere");
  write_file (ELSEWHERE, plain);
  try_file (leak, "a link to another's file");
  write_file (ELSEWHERE, NULL);
  write_file (FILE_PATH, plain);
}

static gboolean
set_immutable (gboolean immutable)
{
  int fd = open (FILE_PATH, O_RDONLY | O_CLOEXEC), flags = 0;
  gboolean done;

  g_assert_cmpint (fd, >=, 0);
  done = ioctl (fd, FS_IOC_GETFLAGS, &flags) == 0;
  flags = immutable ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
  done = done && ioctl (fd, FS_IOC_SETFLAGS, &flags) == 0;
  close (fd);
  return done;
}

/* It is not worked around: somebody wants this file.  Nothing leaves, and why is said. */
static void
row_d08_immutable (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);
  g_autofree char *before = NULL, *after = NULL;

  write_file (FILE_PATH, plain);
  if (!set_immutable (TRUE) || !set_immutable (FALSE))
    {
      adit_leak_skip (leak, "this file system has no immutable files");
      return;
    }
  before = dup_picture ();
  adit_leak_enter (leak, ADIT_LEAK_LOCKDOWN);
  g_assert_true (set_immutable (TRUE));
  adit_leak_allow (leak, "immutable");
  {
    g_autoptr (AditLabResult) refused = adit_world_adit (world, 0, NULL, "connect se-got --wait");
    g_autoptr (AditLabResult) status = adit_world_adit (world, 0, NULL, "status --json");

    g_assert_cmpint (refused->status, !=, 0);
    if (strstr (status->out, "\"dns-failed\"") == NULL || strstr (status->out, "\"blocked\"") == NULL)
      fail (leak, "an immutable file", status->out);
  }
  for (guint i = 0; i < 3; i++)
    ask (leak);
  after = dup_picture ();
  g_assert_cmpstr (after, ==, before);
  adit_leak_expect_shut (leak, "an immutable file");
  g_assert_true (set_immutable (FALSE));
  adit_leak_expose (leak);
  ask (leak);
  adit_leak_expect_open (leak, "afterwards");
}

/* --- D08-resolvconf ------------------------------------------------------------------------------------------------------- */

/* The real script, where the lab has a place for it. */
static void
install_openresolv (const char *folder)
{
  g_autofree char *source = g_build_filename (folder, "sbin/resolvconf", NULL), *text = NULL;
  g_autofree char *parts = g_strdup_printf ("\nLIBEXECDIR=%s/lib/resolvconf\n", folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) script = NULL;

  if (!g_file_get_contents (source, &text, NULL, &error))
    g_error ("%s", error->message);
  script = g_string_new (text);
  g_assert_cmpuint (g_string_replace (script, "\nLIBEXECDIR=/lib/resolvconf\n", parts, 1), ==, 1);
  g_assert_cmpint (g_mkdir_with_parents ("/usr/local/sbin", 0755), ==, 0);
  g_assert_true (g_file_set_contents_full (RESOLVCONF, script->str, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
}

/* As a DHCP client's hook does. */
static void
tell_resolvconf (AditLeak *leak, const char *server)
{
  g_autofree char *record = g_strdup_printf ("nameserver %s\n", server);

  g_assert_true (g_file_set_contents (RECORD, record, -1, NULL));
  adit_leak_run (leak, "client", "sh -c '" RESOLVCONF " -a eth0 < " RECORD "'");
}

static gboolean
names (const char *server)
{
  g_autofree char *text = NULL, *line = g_strdup_printf ("nameserver %s\n", server);

  return g_file_get_contents (FILE_PATH, &text, NULL, NULL) && strstr (text, line) != NULL;
}

/* How long it took is told, and not judged: nothing leaves meanwhile. */
static void
expect_put_back (AditLeak *leak, const char *what)
{
  gint64 start_us = g_get_monotonic_time ();

  while (!names (ADIT_LAB_GATEWAY))
    {
      ask (leak);
      if (g_get_monotonic_time () - start_us > CHANGE_US)
        fail (leak, what, "the tunnel's resolvers are not put back");
    }
  g_test_message ("%s: answered within %" G_GINT64_FORMAT " ms", what, (g_get_monotonic_time () - start_us) / 1000);
}

static void
row_d08_resolvconf (AditLeak *leak)
{
  static const char *const settings[] = { "", "resolv_conf=" BEHIND_LINK "\n" };    /* openresolv's way, and Debian's older one */
  const char *folder = g_getenv ("ADIT_LAB_OPENRESOLV");
  g_autofree char *complete = folder != NULL ? g_build_filename (folder, "complete", NULL) : NULL;

  if (complete == NULL || access (complete, F_OK) != 0)
    {
      adit_leak_skip (leak, "ADIT_LAB_OPENRESOLV names no unpacked openresolv");
      return;
    }
  install_openresolv (folder);
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      write_file (SETTINGS, settings[i]);
      write_file (FILE_PATH, NULL);
      g_assert_cmpint (g_mkdir_with_parents ("/run/resolvconf", 0755), ==, 0);
      if (i == 1)
        g_assert_cmpint (symlink (BEHIND_LINK, FILE_PATH), ==, 0);
      tell_resolvconf (leak, ADIT_LAB_DNS_ADDRESS);
      g_assert_true (names (ADIT_LAB_DNS_ADDRESS));

      adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
      {
        g_autoptr (AditLabResult) status = adit_world_adit (adit_leak_get_world (leak), 0, NULL, "status --json");

        if (strstr (status->out, "\"backend\":\"file (written by resolvconf)\"") == NULL)
          fail (leak, "it is not named", status->out);
      }
      expect_asked (leak, INSIDE, "connected");
      tell_resolvconf (leak, OTHER_LEASE);
      expect_put_back (leak, "a new lease");
      adit_leak_run (leak, "client", RESOLVCONF " -d eth0");
      expect_put_back (leak, "the lease ends");
      tell_resolvconf (leak, OTHER_LEASE);
      adit_leak_run (leak, "client", RESOLVCONF " -u");
      expect_put_back (leak, "everything is written anew");
      ask (leak);
      expect_asked (leak, INSIDE, "afterwards");
      adit_leak_expect_shut (leak, "a script that writes the file");

      adit_leak_expose (leak);
      g_assert_true (names (OTHER_LEASE));
      tell_resolvconf (leak, ADIT_LAB_DNS_ADDRESS);
      ask (leak);
      adit_leak_expect_open (leak, "what the script wrote");
      expect_asked (leak, OUTSIDE, "disconnected");
      adit_leak_run (leak, "client", RESOLVCONF " -d eth0");
    }
  write_file (SETTINGS, NULL);
  write_file (FILE_PATH, plain);
}

/* --- D11 ------------------------------------------------------------------------------------------------------------------ */

/* After power was lost: what lay in /run is gone, and so is the kernel's memory; what lay in /etc is not. */
static void
reboot (AditLeak *leak)
{
  adit_leak_run (leak, NULL, "rm -rf /run/adit /run/wireguard/adit0.sock");
  (void) adit_lab_run_line ("client", "ip link del adit0", NULL);    /* wireguard-go's is gone with the helper */
  adit_leak_run (leak, "client", "nft delete table inet adit");
  adit_leak_run (leak, "client", "nft delete table netdev adit");
}

static void
row_d11 (AditLeak *leak)
{
  AditWorld *world = adit_leak_get_world (leak);
  g_autofree char *before = NULL;

  write_file (FILE_PATH, plain);
  before = dup_picture ();
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *after = NULL;

      adit_leak_enter (leak, ADIT_LEAK_CONNECTED);
      expect_asked (leak, INSIDE, "connected");
      adit_world_kill_helper (world);
      ask (leak);
      adit_leak_expect_shut (leak, "killed");
      if (i & 1)
        reboot (leak);
      if (i < 2)    /* the next start takes up the last wish, and what comes back afterwards is what was there first */
        {
          adit_leak_allow (leak, "again");
          adit_world_expect_helper (world);
          g_assert_true (adit_world_wait_state (world, "connected", 15000));
          expect_asked (leak, INSIDE, "connected again");
          adit_leak_expect_shut (leak, "started again");
          adit_leak_expose (leak);
        }
      else
        adit_world_expect (world, 0, NULL, "recover --open", 0);
      after = dup_picture ();
      if (!g_str_equal (before, after) || access (KEPT, F_OK) == 0)
        fail (leak, i & 1 ? "after a reboot" : "after a crash", after);
      expect_asked (leak, OUTSIDE, "afterwards");
      if (i < 2)
        {
          ask (leak);
          adit_leak_expect_open (leak, "afterwards");
        }
    }
}

static const AditLeakRow rows[] = {
  { "D08", "resolv.conf: a file, options unknown, none, a link to nowhere", row_d08 },
  { "D08-immutable", "resolv.conf that cannot be changed", row_d08_immutable },
  { "D08-resolvconf", "resolv.conf that a script resolvconf writes", row_d08_resolvconf },
  { "D11", "resolv.conf after kill -9, a reboot, recovery", row_d11 },
};

int
main (int argc, char **argv)
{
  return adit_leak_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
