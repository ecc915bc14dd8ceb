/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-modes.c: rows of the catalogue about who may touch what the helper writes, from the first moment of each file on. */
#include "config.h"
#include "tests/lab/attack.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* --- P15: modes from the first moment on ------------------------------------------------------------------------------------ */

#define OWN_FOLDER "/run/lab/modes"

static const char *const watched[] = { "/run/wireguard", "/run/adit", "/var/lib/adit", "/var/lib/adit/vault", "/etc/adit",
                                       "/var/cache/adit", OWN_FOLDER };

typedef struct { int fd; guint n_events, n_wide, n_wide_own; int wds[G_N_ELEMENTS (watched)]; GString *wide; } ModeWatch;

/* What others may do with it there and then.  Public lists and marks may be read by all, sockets by their group. */
static gboolean
is_wide (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat status;
  mode_t allowed = g_str_equal (folder, "/etc/adit") || g_str_equal (folder, "/var/cache/adit") ? 0644
                 : g_str_equal (folder, "/run/wireguard") ? 0640 : 0600;

  if (lstat (path, &status) != 0)
    return FALSE;
  if (S_ISDIR (status.st_mode))
    allowed = 0711;
  return (status.st_mode & 0777 & ~allowed) != 0;
}

static gboolean
take_events (ModeWatch *watch, guint max_ms)
{
  struct pollfd wait = { .fd = watch->fd, .events = POLLIN };
  union { struct inotify_event event; char bytes[65536]; } buffer;
  gssize length = poll (&wait, 1, (int) max_ms) > 0 ? read (watch->fd, &buffer, sizeof buffer) : 0;

  for (gssize at = 0; at < length;)
    {
      const struct inotify_event *event = (const struct inotify_event *) (buffer.bytes + at);

      for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
        if (watch->wds[i] == event->wd && event->len > 0)
          {
            watch->n_events++;
            if (!is_wide (watched[i], event->name))
              continue;
            if (g_str_equal (watched[i], OWN_FOLDER))
              watch->n_wide_own++;
            else
              g_string_append_printf (watch->wide, " %s/%s", watched[i], event->name);
          }
      at += (gssize) sizeof *event + event->len;
    }
  return length > 0;
}

static gint watching;

static gpointer
watch_modes (gpointer data)
{
  while (g_atomic_int_get (&watching) || take_events (data, 0))
    take_events (data, 10);
  return NULL;
}

/* As programs do that narrow the mode afterwards. */
static void
make_wide_then_narrow (guint i)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_snprintf (address.sun_path, sizeof address.sun_path, OWN_FOLDER "/%u.sock", i);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_usleep (2000);
  g_assert_cmpint (chmod (address.sun_path, 0600), ==, 0);
  close (fd);
}

static void
row_p15 (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  ModeWatch watch = { .fd = inotify_init1 (IN_CLOEXEC), .wide = g_string_new (NULL) };
  mode_t before;
  GThread *thread;

  g_assert_cmpint (g_mkdir_with_parents (OWN_FOLDER, 0755), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    {
      watch.wds[i] = inotify_add_watch (watch.fd, watched[i], IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_MODIFY);
      g_assert_cmpint (watch.wds[i], >, 0);
    }
  g_atomic_int_set (&watching, 1);
  thread = g_thread_new ("modes", watch_modes, &watch);
  before = umask (0);
  adit_attack_rest (attack);
  for (guint i = 0; i < 10; i++)
    {
      adit_world_expect (world, 0, NULL, "lockdown on", 0);
      adit_world_expect (world, 0, NULL, i % 2 == 0 ? "connect se-got --wait" : "connect se-sto --wait", 0);
      adit_world_expect (world, 0, NULL, "account --refresh", 0);
      adit_world_expect (world, 0, NULL, "disconnect", 0);
      adit_world_expect (world, 0, NULL, "lockdown off", 0);
    }
  for (guint i = 0; i < 10; i++)
    make_wide_then_narrow (i);
  umask (before);
  g_atomic_int_set (&watching, 0);
  g_thread_join (thread);
  close (watch.fd);
  adit_attack_count (attack, watch.n_events);
  adit_attack_expect_refused (attack, watch.wide->len == 0, "open to others for a moment:%s", watch.wide->str);
  g_assert_cmpuint (watch.n_wide_own, >, 0);
  for (guint i = 0; i < watch.n_wide_own; i++)
    adit_attack_expect_obeyed (attack, TRUE, "counted");
  g_string_free (watch.wide, TRUE);
}

/* --- P18: who may read what is kept ----------------------------------------------------------------------------------------- */

static gboolean
may (guint uid, const char *test, const char *path)
{
  const char *const argv[] = { "test", test, path, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run ("client", uid, 5000, argv, NULL);

  return result->status == 0;
}

/* Every file below @path, seen as root. */
static void
try_files (AditAttack *attack, const char *path, gboolean is_public)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        {
          try_files (attack, child, is_public);
          continue;
        }
      adit_attack_expect_refused (attack, !may (ADIT_WORLD_BOB_UID, "-w", child), "anybody can write %s", child);
      adit_attack_expect_refused (attack, is_public || !may (ADIT_WORLD_BOB_UID, "-r", child), "anybody can read %s", child);
      adit_attack_expect_obeyed (attack, may (0, "-w", child), "root can write %s", child);
    }
}

static void
row_p18 (AditAttack *attack)
{
  AditWorld *world = adit_attack_get_world (attack);
  mode_t before = umask (0);
  const char *open_file = "/run/lab/open";

  /* Files that are there keep their modes: these are new. */
  adit_world_kill_helper (world);
  g_assert_true (adit_lab_run_line (NULL, "rm -rf /var/lib/adit /var/cache/adit /run/adit /etc/adit/lockdown", NULL));
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, ADIT_WORLD_ACCOUNT "\n", "login mullvad", 0);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_expect (world, 0, NULL, "connect --wait", 0);
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  try_files (attack, "/var/lib/adit", FALSE);
  try_files (attack, "/run/adit", FALSE);
  try_files (attack, "/run/wireguard", FALSE);
  try_files (attack, "/var/cache/adit", FALSE);    /* which service somebody uses */
  try_files (attack, "/etc/adit", TRUE);
  adit_attack_expect_refused (attack, !may (ADIT_WORLD_BOB_UID, "-x", "/var/lib/adit/vault"), "anybody can enter the vault");
  g_assert_true (g_file_set_contents (open_file, "", 0, NULL));
  g_assert_cmpint (chmod (open_file, 0666), ==, 0);
  adit_attack_expect_obeyed (attack, may (ADIT_WORLD_BOB_UID, "-w", open_file), "a file that is open to all");
  umask (before);
  adit_attack_rest (attack);
}

static const AditAttackRow rows[] = {
  { "P15", "modes of sockets and files at the moment they are made, under umask 0", row_p15 },
  { "P18", "everything that is kept, tried by somebody else", row_p18 },
};

int
main (int argc, char **argv)
{
  return adit_attack_main (argc, argv, ADIT_WORLD_PLAIN, rows, G_N_ELEMENTS (rows));
}
