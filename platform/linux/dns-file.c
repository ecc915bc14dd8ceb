/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-file.c: puts our resolvers into the plain file, and puts them there again when another program writes it. */
#define G_LOG_DOMAIN "adit-dns"

#include "platform/linux/dns-file.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "client/base/error.h"
#include "platform/linux/resolv-conf.h"

#define JOURNAL_GROUP  "dns-file"
#define SETTLE_MS      100     /* a program that deletes and writes anew has done both by then */
#define SETTLE_MAX_MS  800     /* against one that watches as we do: still within the second, without a race */
#define CALM_US        (10 * G_USEC_PER_SEC)
#define POLL_S         1       /* where there is no inotify to be had */

struct _AditDnsFile
{
  GObject parent_instance;

  AditJournal *journal;      /* borrowed: it outlives the platform */
  char        *path;
  char        *text;         /* what is to be there; NULL while nothing is applied */
  const char  *name;         /* while it is: who wrote last, besides us */
  AditAddress  servers[ADIT_TUNNEL_MAX_DNS];
  guint        n_servers;

  int          inotify_fd;   /* kept: closing it takes the kernel 15 ms, for which a person who disconnects would wait */
  int          directory_watch, file_watch;
  guint        inotify_source, poll_source, check_source;
  guint        settle_ms;
  gint64       disturbed_at_us;
};

static void adit_dns_file_iface_init (AditDnsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AditDnsFile, adit_dns_file, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ADIT_TYPE_DNS, adit_dns_file_iface_init))

static gboolean on_check (gpointer user_data);

static void
check_soon (AditDnsFile *self, guint delay_ms)
{
  if (self->check_source == 0)
    self->check_source = g_timeout_add (delay_ms, on_check, self);
}

static gboolean
on_poll (gpointer user_data)
{
  check_soon (user_data, 0);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_inotify (int fd, GIOCondition condition, gpointer user_data)
{
  AditDnsFile *self = user_data;
  char events[4096] __attribute__ ((aligned (__alignof__ (struct inotify_event))));

  /* Which event it was does not matter: the file is read and compared. */
  while (read (fd, events, sizeof events) > 0)
    ;
  check_soon (self, self->settle_ms);
  return G_SOURCE_CONTINUE;
}

/* It may have gone already, with the file that it was on, which is no error. */
static void
remove_watch (AditDnsFile *self, int *watch)
{
  if (*watch >= 0)
    (void) inotify_rm_watch (self->inotify_fd, *watch);
  *watch = -1;
}

/* The directory tells of renames and deletions.  The file itself is watched as well, because a write to one that is mounted over
 * is not seen in the directory. */
static void
watch (AditDnsFile *self)
{
  g_autofree char *directory = g_path_get_dirname (self->path);

  if (self->inotify_source == 0 && self->poll_source == 0)
    {
      if (self->inotify_fd < 0)
        self->inotify_fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
      if (self->inotify_fd >= 0)
        self->directory_watch = inotify_add_watch (self->inotify_fd, directory,
                                                   IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE);
      if (self->directory_watch >= 0)
        self->inotify_source = g_unix_fd_add (self->inotify_fd, G_IO_IN, on_inotify, self);
      else
        {
          g_message ("no watch on %s (%s): it is looked at every second", directory, g_strerror (errno));
          self->poll_source = g_timeout_add_seconds (POLL_S, on_poll, self);
        }
    }
  if (self->inotify_source != 0)
    {
      int now = inotify_add_watch (self->inotify_fd, self->path, IN_CLOSE_WRITE | IN_MODIFY | IN_DONT_FOLLOW);

      if (now != self->file_watch)
        remove_watch (self, &self->file_watch);    /* of the file that was there before */
      self->file_watch = now;
    }
}

static void
unwatch (AditDnsFile *self)
{
  g_clear_handle_id (&self->inotify_source, g_source_remove);
  g_clear_handle_id (&self->poll_source, g_source_remove);
  g_clear_handle_id (&self->check_source, g_source_remove);
  remove_watch (self, &self->directory_watch);
  remove_watch (self, &self->file_watch);
}

static const char *
find_name (AditResolvConf *file)
{
  return adit_resolv_conf_is_by_resolvconf (file) ? "file (written by resolvconf)" : "file";
}

static gboolean
put (AditDnsFile *self, GError **error)
{
  g_auto (AditResolvConf) file = { 0 };
  g_autofree char *former = NULL;
  AditResolvConfKind kind;

  if (!adit_resolv_conf_open (&file, self->path, error))
    return FALSE;
  former = adit_resolv_conf_read (&file, &kind);
  if (kind != ADIT_RESOLV_CONF_OURS)
    self->name = find_name (&file);
  if (kind == ADIT_RESOLV_CONF_OURS && self->text != NULL && strcmp (former, self->text) == 0)
    return TRUE;
  /* Options of the file that was there first are kept over later rewrites; without that one, those of the file found now. */
  if (self->text == NULL)
    self->text = adit_resolv_conf_dup_text (self->servers, self->n_servers, former);
  return adit_resolv_conf_replace (&file, self->text, error);
}

static gboolean
is_undisturbed (AditDnsFile *self)
{
  g_auto (AditResolvConf) file = { 0 };
  g_autofree char *now = NULL;
  AditResolvConfKind kind;

  if (!adit_resolv_conf_open (&file, self->path, NULL))
    return FALSE;
  now = adit_resolv_conf_read (&file, &kind);
  return now != NULL && strcmp (now, self->text) == 0;
}

static gboolean
on_check (gpointer user_data)
{
  AditDnsFile *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 now_us = g_get_monotonic_time ();

  self->check_source = 0;
  if (self->text == NULL || is_undisturbed (self))
    return G_SOURCE_REMOVE;

  self->settle_ms = now_us - self->disturbed_at_us < CALM_US ? MIN (self->settle_ms * 2, SETTLE_MAX_MS) : SETTLE_MS;
  self->disturbed_at_us = now_us;
  if (put (self, &error))
    {
      g_message ("another program wrote %s: our resolvers were put back", self->path);
      watch (self);
    }
  else
    {
      g_warning ("another program wrote %s, and it cannot be put back: %s", self->path, error->message);
      check_soon (self, 1000);
    }
  adit_dns_emit_disturbed (ADIT_DNS (self), error == NULL);
  return G_SOURCE_REMOVE;
}

static const char *
file_get_name (AditDns *dns)
{
  AditDnsFile *self = ADIT_DNS_FILE (dns);
  g_auto (AditResolvConf) file = { 0 };

  if (self->text != NULL)
    return self->name;
  return adit_resolv_conf_open (&file, self->path, NULL) ? find_name (&file) : "file";
}

static gboolean
file_probe (AditDns *dns, GError **error)
{
  g_auto (AditResolvConf) file = { 0 };

  /* The last choice: it works wherever there is a directory to write to, which only apply can tell. */
  return adit_resolv_conf_open (&file, ADIT_DNS_FILE (dns)->path, error);
}

static gboolean
file_apply (AditDns *dns, const AditAddress *servers, guint n_servers, GError **error)
{
  AditDnsFile *self = ADIT_DNS_FILE (dns);

  for (guint i = 0; i < n_servers; i++)
    if (!adit_address_is_valid (&servers[i]))
      {
        g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "A resolver's address is not valid");
        return FALSE;
      }
  if (!adit_journal_note (self->journal, JOURNAL_GROUP, "path", self->path, error))
    return FALSE;
  memcpy (self->servers, servers, n_servers * sizeof *servers);
  self->n_servers = n_servers;
  g_clear_pointer (&self->text, g_free);

  /* The watch first: what is written between our write and a later watch would never be seen. */
  watch (self);
  if (!put (self, error))
    {
      unwatch (self);
      g_clear_pointer (&self->text, g_free);
      return FALSE;
    }
  watch (self);
  check_soon (self, SETTLE_MS);
  return TRUE;
}

static gboolean
file_revert (AditDns *dns, GError **error)
{
  AditDnsFile *self = ADIT_DNS_FILE (dns);
  g_auto (AditResolvConf) file = { 0 };

  unwatch (self);
  g_clear_pointer (&self->text, g_free);
  return adit_resolv_conf_open (&file, self->path, error) && adit_resolv_conf_restore (&file, error) &&
         adit_journal_forget (self->journal, JOURNAL_GROUP, error);
}

static void
adit_dns_file_iface_init (AditDnsInterface *iface)
{
  iface->get_name = file_get_name;
  iface->probe = file_probe;
  iface->apply = file_apply;
  iface->revert = file_revert;
}

static void
adit_dns_file_finalize (GObject *object)
{
  AditDnsFile *self = ADIT_DNS_FILE (object);

  /* What is on disk stays: only adit_dns_revert() gives it back. */
  unwatch (self);
  if (self->inotify_fd >= 0)
    close (self->inotify_fd);
  g_free (self->text);
  g_free (self->path);
  G_OBJECT_CLASS (adit_dns_file_parent_class)->finalize (object);
}

static void
adit_dns_file_class_init (AditDnsFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = adit_dns_file_finalize;
}

static void
adit_dns_file_init (AditDnsFile *self)
{
  self->inotify_fd = self->directory_watch = self->file_watch = -1;
  self->name = "file";
  self->settle_ms = SETTLE_MS;
  self->disturbed_at_us = -CALM_US;
}

/**
 * adit_dns_file_new:
 * @journal: where it is noted that there is something to give back; must outlive the back end
 * @path: the resolver file, "/etc/resolv.conf" but in tests
 *
 * Returns: (transfer full): the back end of last resort
 */
AditDns *
adit_dns_file_new (AditJournal *journal, const char *path)
{
  AditDnsFile *self;

  g_return_val_if_fail (journal != NULL && path != NULL && g_path_is_absolute (path), NULL);

  self = g_object_new (ADIT_TYPE_DNS_FILE, NULL);
  self->journal = journal;
  self->path = g_strdup (path);
  return ADIT_DNS (self);
}
