/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-dns-file.c: every kind of resolver file comes back as it was, whoever interferes and wherever we die. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/base/error.h"
#include "platform/linux/dns-file.h"
#include "platform/linux/resolv-conf.h"

#define FORMER "# made by hand\nsearch lan.example\nnameserver 192.0.2.53\noptions edns0 trust-ad timeout:2 debug ndots:x\n\n"

typedef enum { KIND_REGULAR, KIND_EMPTY, KIND_LINK, KIND_DANGLING, KIND_ABSENT, N_KINDS } Kind;

typedef struct
{
  char        *directory, *path, *target, *journal_path;
  AditJournal *journal;
  AditDns     *dns;
  guint        n_put_back, n_not_put_back;
} Fixture;

static void
on_disturbed (AditDns *dns, gboolean put_back, gpointer user_data)
{
  Fixture *f = user_data;

  if (put_back)
    f->n_put_back++;
  else
    f->n_not_put_back++;
}

/* A new helper after a crash: it has only what is on disk. */
static void
start_helper (Fixture *f)
{
  GError *error = NULL;

  f->journal = adit_journal_open (f->journal_path, &error);
  g_assert_no_error (error);
  f->dns = adit_dns_file_new (f->journal, f->path);
  g_signal_connect (f->dns, "disturbed", G_CALLBACK (on_disturbed), f);
}

static void
crash_helper (Fixture *f)
{
  g_clear_object (&f->dns);
  g_clear_pointer (&f->journal, adit_journal_free);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = g_dir_make_tmp ("adit-dns-XXXXXX", NULL);
  g_assert_nonnull (f->directory);
  f->path = g_build_filename (f->directory, "resolv.conf", NULL);
  f->target = g_build_filename (f->directory, "target", NULL);
  f->journal_path = g_build_filename (f->directory, "journal", NULL);
  start_helper (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  GDir *directory;
  const char *name;

  crash_helper (f);
  directory = g_dir_open (f->directory, 0, NULL);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);

      (void) g_unlink (path);
    }
  g_dir_close (directory);
  g_assert_cmpint (g_rmdir (f->directory), ==, 0);
  g_free (f->directory);
  g_free (f->path);
  g_free (f->target);
  g_free (f->journal_path);
}

static void
write_file (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Everything that "byte for byte" means, as one string. */
static char *
describe (const char *path)
{
  g_autofree char *content = NULL;
  g_autofree char *link = NULL;
  struct stat status;

  if (lstat (path, &status) < 0)
    return g_strdup ("absent");
  if (S_ISLNK (status.st_mode))
    {
      link = g_file_read_link (path, NULL);
      return g_strdup_printf ("link to %s", link);
    }
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  return g_strdup_printf ("mode %o uid %u gid %u mtime %" G_GINT64_FORMAT ".%09ld: %s", status.st_mode, status.st_uid,
                          status.st_gid, (gint64) status.st_mtim.tv_sec, status.st_mtim.tv_nsec, content);
}

static void
make (Fixture *f, Kind kind)
{
  struct timespec then[] = { { .tv_sec = 1000000000, .tv_nsec = 123456789 }, { .tv_sec = 1000000001, .tv_nsec = 987654321 } };

  if (kind == KIND_REGULAR || kind == KIND_EMPTY)
    {
      write_file (f->path, kind == KIND_REGULAR ? FORMER : "");
      g_assert_cmpint (chmod (f->path, 0604), ==, 0);
      g_assert_cmpint (utimensat (AT_FDCWD, f->path, then, 0), ==, 0);
    }
  else if (kind == KIND_LINK || kind == KIND_DANGLING)
    {
      if (kind == KIND_LINK)
        write_file (f->target, FORMER);
      g_assert_cmpint (symlink ("target", f->path), ==, 0);
    }
}

static void
apply (Fixture *f, const char *server)
{
  AditAddress address;
  GError *error = NULL;

  g_assert_true (adit_address_parse (server, &address));
  adit_dns_apply (f->dns, &address, 1, &error);
  g_assert_no_error (error);
}

static void
revert (Fixture *f)
{
  GError *error = NULL;

  adit_dns_revert (f->dns, &error);
  g_assert_no_error (error);
}

static char *
content_of (const char *path)
{
  struct stat status;
  char *content = NULL;

  g_assert_cmpint (lstat (path, &status), ==, 0);
  g_assert_true (S_ISREG (status.st_mode));
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  return content;
}

static void
assert_asks (Fixture *f, const char *server)
{
  g_autofree char *content = content_of (f->path);
  g_autofree char *line = g_strdup_printf ("\nnameserver %s\n", server);

  g_assert_nonnull (strstr (content, line));
  g_assert_null (strstr (content, "192.0.2.53"));
  g_assert_null (strstr (content, "search"));
}

/* Nothing of ours may lie about afterwards. */
static void
assert_clean (Fixture *f)
{
  GDir *directory = g_dir_open (f->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    if (strcmp (name, "resolv.conf") != 0 && strcmp (name, "target") != 0)
      g_error ("%s is left over", name);
  g_dir_close (directory);
}

static gboolean
on_time_over (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_time_over, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
run_until (const guint *counter, guint at_least, guint max_ms)
{
  gboolean over = FALSE;
  guint source = g_timeout_add (max_ms, on_time_over, &over);

  while (!over && *counter < at_least)
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (source);
  g_assert_cmpuint (*counter, >=, at_least);
}

static void
test_round_trip (Fixture *f, gconstpointer data)
{
  Kind kind = GPOINTER_TO_INT (data);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  make (f, kind);
  before = describe (f->path);
  apply (f, "10.64.0.1");
  assert_asks (f, "10.64.0.1");
  apply (f, "fc00::1");
  assert_asks (f, "fc00::1");
  g_assert_true (adit_journal_has (f->journal, "dns-file"));
  revert (f);
  after = describe (f->path);
  g_assert_cmpstr (after, ==, before);
  g_assert_false (adit_journal_has (f->journal, "dns-file"));
  revert (f);
  if (kind == KIND_LINK)
    {
      g_autofree char *target = content_of (f->target);

      g_assert_cmpstr (target, ==, FORMER);
    }
  assert_clean (f);
}

static void
test_crash (Fixture *f, gconstpointer data)
{
  Kind kind = GPOINTER_TO_INT (data);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  make (f, kind);
  before = describe (f->path);
  apply (f, "10.64.0.1");
  crash_helper (f);
  /* A reboot: /run and the journal in it are gone as well. */
  (void) g_unlink (f->journal_path);
  start_helper (f);
  if (kind != KIND_EMPTY)
    {
      /* A helper that connects again before it reverts must not take our own file for the former one. */
      apply (f, "10.64.0.2");
      assert_asks (f, "10.64.0.2");
    }
  revert (f);
  after = describe (f->path);
  g_assert_cmpstr (after, ==, before);
  assert_clean (f);
}

/* The moment between keeping the former file and putting ours there. */
static void
test_crash_half_way (Fixture *f, gconstpointer data)
{
  g_autofree char *backup = g_strconcat (f->path, ".before-adit", NULL);
  g_autofree char *beside = g_strconcat (f->path, ".adit-new", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  make (f, KIND_REGULAR);
  before = describe (f->path);
  g_assert_cmpint (link (f->path, backup), ==, 0);
  write_file (beside, "half");
  revert (f);
  after = describe (f->path);
  g_assert_cmpstr (after, ==, before);
  assert_clean (f);
}

static void
test_rewrite (Fixture *f, gconstpointer data)
{
  const char *how = data;
  gint64 start_us;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *foreign_path = g_strconcat (f->path, ".dhcp", NULL);
  const char *foreign = "nameserver 192.0.2.99\n";

  make (f, KIND_REGULAR);
  before = describe (f->path);
  apply (f, "10.64.0.1");
  run_for (300);
  g_assert_cmpuint (f->n_put_back, ==, 0);

  start_us = g_get_monotonic_time ();
  if (strcmp (how, "rename") == 0)
    {
      write_file (foreign_path, foreign);
      g_assert_cmpint (rename (foreign_path, f->path), ==, 0);
    }
  else if (strcmp (how, "in-place") == 0)
    {
      int fd = open (f->path, O_WRONLY | O_TRUNC);

      g_assert_cmpint (write (fd, foreign, strlen (foreign)), ==, (gssize) strlen (foreign));
      close (fd);
    }
  else if (strcmp (how, "link") == 0)
    {
      g_assert_cmpint (unlink (f->path), ==, 0);
      g_assert_cmpint (symlink ("elsewhere", f->path), ==, 0);
    }
  else if (strcmp (how, "delete") == 0)
    g_assert_cmpint (unlink (f->path), ==, 0);
  else
    {
      /* A line added to ours: what comes back is still the file from before us. */
      int fd = open (f->path, O_WRONLY | O_APPEND);

      g_assert_cmpint (write (fd, foreign, strlen (foreign)), ==, (gssize) strlen (foreign));
      close (fd);
    }
  run_until (&f->n_put_back, 1, 3000);
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, G_USEC_PER_SEC);
  assert_asks (f, "10.64.0.1");
  g_assert_cmpuint (f->n_not_put_back, ==, 0);

  revert (f);
  if (strcmp (how, "rename") == 0 || strcmp (how, "in-place") == 0)
    {
      after = content_of (f->path);
      g_assert_cmpstr (after, ==, foreign);
    }
  else
    {
      after = describe (f->path);
      g_assert_cmpstr (after, ==, strcmp (how, "link") == 0 ? "link to elsewhere" : before);
    }
  assert_clean (f);
  run_for (300);
  g_assert_cmpuint (f->n_put_back, ==, 1);
}

/* What another program wrote while no helper watched is newer than what was kept. */
static void
test_rewrite_after_crash (Fixture *f, gconstpointer data)
{
  g_autofree char *after = NULL;

  make (f, KIND_REGULAR);
  apply (f, "10.64.0.1");
  crash_helper (f);
  write_file (f->path, "nameserver 192.0.2.99\n");
  start_helper (f);
  revert (f);
  after = content_of (f->path);
  g_assert_cmpstr (after, ==, "nameserver 192.0.2.99\n");
  assert_clean (f);
}

static void
test_unwritable (Fixture *f, gconstpointer data)
{
  AditAddress address;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *etc = g_build_filename (f->directory, "etc", NULL);

  if (geteuid () == 0)
    {
      g_test_skip ("root may write everywhere");
      return;
    }
  g_assert_cmpint (g_mkdir (etc, 0755), ==, 0);
  g_free (f->path);
  f->path = g_build_filename (etc, "resolv.conf", NULL);
  crash_helper (f);
  start_helper (f);
  make (f, KIND_REGULAR);
  before = describe (f->path);
  g_assert_cmpint (chmod (etc, 0555), ==, 0);
  g_assert_true (adit_address_parse ("10.64.0.1", &address));
  g_assert_false (adit_dns_apply (f->dns, &address, 1, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED);
  g_assert_nonnull (strstr (error->message, "resolv.conf"));
  after = describe (f->path);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpint (chmod (etc, 0755), ==, 0);
  revert (f);
  g_assert_cmpint (g_unlink (f->path), ==, 0);
  g_assert_cmpint (g_rmdir (etc), ==, 0);
}

static void
test_directory_in_the_way (Fixture *f, gconstpointer data)
{
  AditAddress address;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (f->path, 0755), ==, 0);
  g_assert_true (adit_address_parse ("10.64.0.1", &address));
  g_assert_false (adit_dns_apply (f->dns, &address, 1, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED);
  g_assert_cmpint (g_rmdir (f->path), ==, 0);
  revert (f);
  assert_clean (f);
}

static void
test_text (void)
{
  AditAddress servers[4];
  g_autofree char *text = NULL;

  g_assert_true (adit_address_parse ("10.64.0.1", &servers[0]) && adit_address_parse ("fc00::1", &servers[1]) &&
                 adit_address_parse ("10.64.0.3", &servers[2]) && adit_address_parse ("10.64.0.4", &servers[3]));
  text = adit_resolv_conf_dup_text (servers, 4, FORMER);
  g_assert_true (g_str_has_prefix (text, "# "));
  g_assert_cmpstr (strchr (text, '\n'), ==,
                   "\nnameserver 10.64.0.1\nnameserver fc00::1\nnameserver 10.64.0.3\noptions edns0 timeout:2\n");
}

static void
test_names_only (void)
{
  static const struct { const char *text; gboolean only; } samples[] = {
    { "# Generated by NetworkManager\nnameserver 10.64.0.1\n", TRUE },
    { "nameserver 10.64.0.1\nnameserver fc00::1\n", TRUE },
    { "nameserver\tfc00::1  \nsearch a.example\noptions edns0", TRUE },
    { "nameserver 10.64.0.1\nnameserver 192.0.2.53\n", FALSE },
    { "nameserver 192.0.2.53\n", FALSE },
    { "nameserver 10.64.0.1\nnameserver fe80::1%eth0\n", FALSE },
    { "nameserver 10.64.0.1\nnameserver192.0.2.53\n", FALSE },
    { "nameserver 10.64.0.1 192.0.2.53\n", FALSE },
    { "nameserver\n", FALSE },
    { "# nameserver 10.64.0.1\n", FALSE },
    { "", FALSE },
  };
  AditAddress servers[2];

  g_assert_true (adit_address_parse ("10.64.0.1", &servers[0]) && adit_address_parse ("fc00::1", &servers[1]));
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    if (adit_resolv_conf_names_only (samples[i].text, servers, 2) != samples[i].only)
      g_error ("taken otherwise: %s", samples[i].text);
}

static void
test_by_resolvconf (void)
{
  static const struct { const char *text; gboolean is; } samples[] = {
    { "# Generated by resolvconf\nnameserver 192.0.2.53\n", TRUE },
    { "# head of somebody\n# Generated by resolvconf\n", TRUE },
    { "# Dynamic resolv.conf(5) file for glibc resolver(3) generated by resolvconf(8)\n#     DO NOT EDIT\n", TRUE },
    { "# Generated by NetworkManager\nnameserver 192.0.2.53\n", FALSE },
    { "search generated by resolvconf\n", FALSE },
    { "", FALSE },
  };
  g_autofree char *folder = g_dir_make_tmp ("adit-resolvconf-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "resolv.conf", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_auto (AditResolvConf) file = { 0 };

      g_assert_true (g_file_set_contents (path, samples[i].text, -1, NULL));
      g_assert_true (adit_resolv_conf_open (&file, path, NULL));
      g_assert_cmpint (adit_resolv_conf_is_by_resolvconf (&file), ==, samples[i].is);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_auto (AditResolvConf) file = { 0 };

      g_assert_cmpint (g_unlink (path), ==, 0);
      g_assert_cmpint (symlink (i == 0 ? "../run/resolvconf/resolv.conf" : "/run/NetworkManager/resolv.conf", path), ==, 0);
      g_assert_true (adit_resolv_conf_open (&file, path, NULL));
      g_assert_cmpint (adit_resolv_conf_is_by_resolvconf (&file), ==, i == 0);
    }
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  static const char *const kinds[N_KINDS] = { "regular", "empty", "link", "dangling", "absent" };
  static const char *const ways[] = { "rename", "in-place", "link", "delete", "append" };

  g_test_init (&argc, &argv, NULL);
  for (int kind = 0; kind < N_KINDS; kind++)
    {
      g_autofree char *round = g_strconcat ("/dns-file/round-trip/", kinds[kind], NULL);
      g_autofree char *crash = g_strconcat ("/dns-file/crash/", kinds[kind], NULL);

      g_test_add (round, Fixture, GINT_TO_POINTER (kind), set_up, test_round_trip, tear_down);
      g_test_add (crash, Fixture, GINT_TO_POINTER (kind), set_up, test_crash, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *name = g_strconcat ("/dns-file/rewrite/", ways[i], NULL);

      g_test_add (name, Fixture, ways[i], set_up, test_rewrite, tear_down);
    }
  g_test_add ("/dns-file/crash-half-way", Fixture, NULL, set_up, test_crash_half_way, tear_down);
  g_test_add ("/dns-file/rewrite-after-crash", Fixture, NULL, set_up, test_rewrite_after_crash, tear_down);
  g_test_add ("/dns-file/unwritable", Fixture, NULL, set_up, test_unwritable, tear_down);
  g_test_add ("/dns-file/directory-in-the-way", Fixture, NULL, set_up, test_directory_in_the_way, tear_down);
  g_test_add_func ("/dns-file/text", test_text);
  g_test_add_func ("/dns-file/names-only", test_names_only);
  g_test_add_func ("/dns-file/by-resolvconf", test_by_resolvconf);
  return g_test_run ();
}
