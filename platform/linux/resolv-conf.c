/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolv-conf.c: swaps the resolver file and swaps it back, byte for byte.
 *
 * The former file, or link, is kept under a second name by a hard link: its bytes, owner, mode and times are then not copied but
 * are the thing itself, and going back is one rename.  The second name lies beside it in /etc and not in /run, because a computer
 * that loses power while connected must find its way back too.  Only a file that is mounted over (containers) has to be copied
 * and written in place.  Every step works by name in the one opened directory and follows no link. */
#define G_LOG_DOMAIN "adit-dns"

#include "platform/linux/resolv-conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include "client/base/error.h"

#define FIRST_LINE      "# Written by Adit while it is connected; what was here before comes back afterwards.\n"
#define MAX_BYTES       (64 * 1024)    /* a file with more is not read for its options; it is swapped all the same */
#define MAX_NAMESERVERS 3              /* MAXNS: resolv.conf(5) */

static gboolean
fail (GError **error, const char *what, const char *name)
{
  int saved = errno;

  g_set_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "Could not %s %s: %s%s", what, name, g_strerror (saved),
               saved == EPERM ? " (it may be set immutable; see lsattr)" : "");
  return FALSE;
}

/* Options that change how the resolver asks, not whom or what it tells: resolv.conf(5).  trust-ad is not among them, for it
 * speaks of the resolver that was there before. */
static gboolean
option_is_harmless (const char *option)
{
  static const char *const words[] = { "edns0", "rotate", "single-request", "single-request-reopen", "use-vc", "no-tld-query" };
  static const char *const numbers[] = { "timeout:", "attempts:", "ndots:" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (option, words[i]) == 0)
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      gsize length = strlen (numbers[i]);

      if (strncmp (option, numbers[i], length) == 0 && g_ascii_string_to_unsigned (option + length, 10, 0, 30, NULL, NULL))
        return TRUE;
    }
  return FALSE;
}

/**
 * adit_resolv_conf_dup_text:
 * @servers: (array length=n_servers): the resolvers, best first
 * @n_servers: how many; glibc reads three, and no more are written
 * @former: (nullable): the file whose harmless options are kept
 *
 * Search domains are left out: they belong to the network outside, and each name that is tried with one tells about it.
 *
 * Returns: (transfer full): the whole new file
 */
char *
adit_resolv_conf_dup_text (const AditAddress *servers, guint n_servers, const char *former)
{
  g_autoptr (GString) text = g_string_new (FIRST_LINE);
  g_auto (GStrv) lines = g_strsplit (former != NULL ? former : "", "\n", -1);
  g_autoptr (GString) options = g_string_new (NULL);

  for (guint i = 0; i < MIN (n_servers, MAX_NAMESERVERS); i++)
    {
      g_autofree char *address = adit_address_dup_text (&servers[i]);

      g_string_append_printf (text, "nameserver %s\n", address);
    }
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit_set (lines[i], " \t\r", -1);

      if (words[0] == NULL || strcmp (words[0], "options") != 0)
        continue;
      for (guint j = 1; words[j] != NULL; j++)
        if (option_is_harmless (words[j]))
          g_string_append_printf (options, " %s", words[j]);
    }
  if (options->len > 0)
    g_string_append_printf (text, "options%s\n", options->str);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * adit_resolv_conf_names_only:
 * @text: a resolver file
 * @servers: (array length=n_servers): resolvers
 * @n_servers: how many
 *
 * What glibc does with a line that it does not understand is not guessed: a name server that is none of @servers is one too many.
 *
 * Returns: whether @text names at least one of @servers and nobody else
 */
gboolean
adit_resolv_conf_names_only (const char *text, const AditAddress *servers, guint n_servers)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_found = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *word = lines[i] + strlen ("nameserver");
      AditAddress address;
      gboolean ours = FALSE;

      if (!g_str_has_prefix (lines[i], "nameserver"))
        continue;
      if (*word != ' ' && *word != '\t')
        return FALSE;
      if (!adit_address_parse (g_strstrip (lines[i] + strlen ("nameserver")), &address))
        return FALSE;
      for (guint j = 0; j < n_servers; j++)
        ours = ours || adit_address_equal (&address, &servers[j]);
      if (!ours)
        return FALSE;
      n_found++;
    }
  return n_found > 0;
}

/**
 * adit_resolv_conf_open:
 * @self: (out caller-allocates): to be closed with adit_resolv_conf_close(), also after a failure
 * @path: the file, in a directory that only root can write to
 * @error: return location; %ADIT_ERROR_DNS_FAILED
 *
 * Returns: whether the directory is open
 */
gboolean
adit_resolv_conf_open (AditResolvConf *self, const char *path, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (path);

  self->name = g_path_get_basename (path);
  self->backup = g_strconcat (self->name, ".before-adit", NULL);
  self->absence = g_strconcat (self->name, ".none-before-adit", NULL);
  self->directory_fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return self->directory_fd >= 0 || fail (error, "open", directory);
}

void
adit_resolv_conf_close (AditResolvConf *self)
{
  if (self->name != NULL && self->directory_fd >= 0)
    close (self->directory_fd);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->backup, g_free);
  g_clear_pointer (&self->absence, g_free);
}

static gboolean
exists (AditResolvConf *self, const char *name)
{
  struct stat status;

  return fstatat (self->directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

static char *
read_name (AditResolvConf *self, const char *name, gsize *length, struct stat *status)
{
  g_autofree char *content = NULL;
  gsize have = 0;
  gssize got = -1;
  int fd = openat (self->directory_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    return NULL;
  if (fstat (fd, status) == 0 && S_ISREG (status->st_mode))
    {
      content = g_malloc (MAX_BYTES + 1);
      while (have < MAX_BYTES + 1 && (got = read (fd, content + have, MAX_BYTES + 1 - have)) > 0)
        have += (gsize) got;
    }
  close (fd);
  if (got < 0 || have > MAX_BYTES)
    return NULL;
  content[have] = '\0';
  *length = have;
  return g_steal_pointer (&content);
}

/**
 * adit_resolv_conf_read:
 * @self: an opened file
 * @kind: (out): whose it is
 *
 * Returns: (transfer full) (nullable): the text of a plain file of at most 64 KiB; %NULL for anything else
 */
char *
adit_resolv_conf_read (AditResolvConf *self, AditResolvConfKind *kind)
{
  struct stat status;
  gsize length;
  char *text = read_name (self, self->name, &length, &status);

  if (text != NULL)
    *kind = g_str_has_prefix (text, FIRST_LINE) ? ADIT_RESOLV_CONF_OURS : ADIT_RESOLV_CONF_FOREIGN;
  else
    *kind = exists (self, self->name) ? ADIT_RESOLV_CONF_FOREIGN : ADIT_RESOLV_CONF_ABSENT;
  return text;
}

/**
 * adit_resolv_conf_is_by_resolvconf:
 * @self: an opened file
 *
 * Whether a script of that name writes it: openresolv, or Debian's resolvconf.  It is never run by us; what it writes is watched.
 *
 * Returns: whether the file bears its remark, or is a link to where it keeps its own
 */
gboolean
adit_resolv_conf_is_by_resolvconf (AditResolvConf *self)
{
  struct stat status;
  gsize length;
  g_autofree char *text = read_name (self, self->name, &length, &status);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  char target[4096];
  gssize size = readlinkat (self->directory_fd, self->name, target, sizeof target - 1);

  if (size > 0)
    {
      target[size] = '\0';
      return strstr (target, "/resolvconf/") != NULL;
    }
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] == '#' && strstr (lines[i], "enerated by resolvconf") != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
write_all (int fd, const char *bytes, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      gssize put = pwrite (fd, bytes + done, length - done, (off_t) done);

      if (put < 0 && errno == EINTR)
        continue;
      if (put <= 0)
        return FALSE;
      done += (gsize) put;
    }
  return TRUE;
}

/* A new file, whole and on disk before it gets a name that counts.  @like, where there is one, gives owner, mode and times. */
static gboolean
write_new (AditResolvConf *self, const char *name, const char *bytes, gsize length, const struct stat *like, GError **error)
{
  int fd;

  if (unlinkat (self->directory_fd, name, 0) < 0 && errno != ENOENT)
    return fail (error, "clear the way for", name);
  fd = openat (self->directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return fail (error, "create", name);
  if (!write_all (fd, bytes, length) ||
      (like != NULL && (like->st_uid != geteuid () || like->st_gid != getegid ()) &&
       fchown (fd, like->st_uid, like->st_gid) < 0) ||
      fchmod (fd, like != NULL ? like->st_mode & 07777 : 0644) < 0 ||
      (like != NULL && futimens (fd, (struct timespec[]) { like->st_atim, like->st_mtim }) < 0) || fsync (fd) < 0)
    {
      fail (error, "write", name);
      close (fd);
      (void) unlinkat (self->directory_fd, name, 0);
      return FALSE;
    }
  close (fd);
  return TRUE;
}

/* For a file that is mounted over and cannot be renamed.  No truncation first: a crash then leaves the old text or the new one
 * with a tail, and never an empty file. */
static gboolean
write_in_place (AditResolvConf *self, const char *bytes, gsize length, const struct stat *like, GError **error)
{
  struct stat status, kept;
  gboolean good;
  int fd = openat (self->directory_fd, self->name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    return fail (error, "write to", self->name);
  good = fstat (fd, &status) == 0 && S_ISREG (status.st_mode);
  if (good && fstatat (self->directory_fd, self->backup, &kept, AT_SYMLINK_NOFOLLOW) == 0 && kept.st_ino == status.st_ino &&
      kept.st_dev == status.st_dev)
    {
      /* The only copy of what must come back would be written over. */
      good = FALSE;
      errno = EBUSY;
    }
  good = good && write_all (fd, bytes, length) && ftruncate (fd, (off_t) length) == 0 &&
         (like == NULL || futimens (fd, (struct timespec[]) { like->st_atim, like->st_mtim }) == 0) && fsync (fd) == 0;
  if (!good)
    fail (error, "write to", self->name);
  close (fd);
  return good;
}

static gboolean
sync_directory (AditResolvConf *self, GError **error)
{
  return fsync (self->directory_fd) == 0 || errno == EINVAL || fail (error, "sync the directory of", self->name);
}

/* Gives what is there now its second name.  It goes through a third name, so that the backup is at every moment either the
 * former one or the new one. */
static gboolean
keep (AditResolvConf *self, GError **error)
{
  g_autofree char *beside = g_strconcat (self->backup, ".new", NULL);
  g_autofree char *content = NULL;
  struct stat status;
  gsize length;

  if (fstatat (self->directory_fd, self->name, &status, AT_SYMLINK_NOFOLLOW) < 0)
    return fail (error, "look at", self->name);
  if (!S_ISREG (status.st_mode) && !S_ISLNK (status.st_mode))
    {
      g_set_error (error, ADIT_ERROR, ADIT_ERROR_DNS_FAILED, "%s is neither a file nor a link", self->name);
      return FALSE;
    }
  if (unlinkat (self->directory_fd, beside, 0) < 0 && errno != ENOENT)
    return fail (error, "clear the way for", beside);
  if (linkat (self->directory_fd, self->name, self->directory_fd, beside, 0) < 0)
    {
      int saved = errno;

      /* Mounted over (EXDEV), or a file system without hard links: a copy must do. */
      if (S_ISLNK (status.st_mode))
        {
          char target[4096];
          gssize size = readlinkat (self->directory_fd, self->name, target, sizeof target - 1);

          if (size < 0)
            return fail (error, "read the link", self->name);
          target[size] = '\0';
          if (symlinkat (target, self->directory_fd, beside) < 0)
            return fail (error, "keep a copy of", self->name);
        }
      else
        {
          content = read_name (self, self->name, &length, &status);
          if (content == NULL)
            {
              errno = saved;
              return fail (error, "keep a copy of", self->name);
            }
          if (!write_new (self, beside, content, length, &status, error))
            return FALSE;
        }
    }
  if (renameat (self->directory_fd, beside, self->directory_fd, self->backup) < 0)
    {
      fail (error, "keep a copy of", self->name);
      (void) unlinkat (self->directory_fd, beside, 0);
      return FALSE;
    }
  (void) unlinkat (self->directory_fd, self->absence, 0);
  /* Where both were names of one file already, the rename above has done nothing and the third name is still there. */
  (void) unlinkat (self->directory_fd, beside, 0);
  return sync_directory (self, error);
}

static void
drop_kept (AditResolvConf *self)
{
  (void) unlinkat (self->directory_fd, self->backup, 0);
  (void) unlinkat (self->directory_fd, self->absence, 0);
}

/**
 * adit_resolv_conf_replace:
 * @self: an opened file
 * @text: what is to be there
 * @error: return location; %ADIT_ERROR_DNS_FAILED, and then the file is as it was
 *
 * What another program wrote is kept first, in place of what was kept before.  What we wrote is only replaced.
 *
 * Returns: whether @text is the file now
 */
gboolean
adit_resolv_conf_replace (AditResolvConf *self, const char *text, GError **error)
{
  g_autofree char *beside = g_strconcat (self->name, ".adit-new", NULL);
  g_autofree char *now = NULL;
  AditResolvConfKind kind;
  gboolean had_kept = exists (self, self->backup) || exists (self, self->absence);
  gsize length = strlen (text);
  gboolean good;

  /* First what may fail for want of room or rights, while nothing has been changed. */
  if (!write_new (self, beside, text, length, NULL, error))
    return FALSE;

  now = adit_resolv_conf_read (self, &kind);
  if (kind == ADIT_RESOLV_CONF_FOREIGN)
    good = keep (self, error);
  else
    /* A file that somebody deletes while we are connected leaves what was kept before as what comes back. */
    good = had_kept || (write_new (self, self->absence, "", 0, NULL, error) && sync_directory (self, error));

  if (good && renameat (self->directory_fd, beside, self->directory_fd, self->name) < 0)
    {
      struct stat status;
      gsize kept_length;
      g_autofree char *kept = NULL;

      good = errno == EBUSY ? write_in_place (self, text, length, NULL, error) : fail (error, "replace", self->name);
      if (!good && kind == ADIT_RESOLV_CONF_FOREIGN && (kept = read_name (self, self->backup, &kept_length, &status)) != NULL)
        {
          gsize now_length;
          struct stat now_status;
          g_autofree char *after = read_name (self, self->name, &now_length, &now_status);

          /* A write in place that stopped half way, on a full disk for instance. */
          if (after != NULL && (now_length != kept_length || memcmp (after, kept, kept_length) != 0))
            (void) write_in_place (self, kept, kept_length, &status, NULL);
        }
      (void) unlinkat (self->directory_fd, beside, 0);
    }
  if (!good)
    {
      (void) unlinkat (self->directory_fd, beside, 0);
      if (!had_kept)
        drop_kept (self);
      return FALSE;
    }
  (void) unlinkat (self->directory_fd, beside, 0);
  return sync_directory (self, error);
}

/**
 * adit_resolv_conf_restore:
 * @self: an opened file
 * @error: return location; %ADIT_ERROR_DNS_FAILED, and then the copy is still kept
 *
 * Puts back what was kept.  A file that another program has written since then is newer than what was kept, and stays.
 *
 * Returns: whether nothing of ours is there any more
 */
gboolean
adit_resolv_conf_restore (AditResolvConf *self, GError **error)
{
  g_autofree char *beside = g_strconcat (self->name, ".adit-new", NULL);
  g_autofree char *beside_backup = g_strconcat (self->backup, ".new", NULL);
  g_autofree char *now = NULL;
  AditResolvConfKind kind;

  (void) unlinkat (self->directory_fd, beside, 0);
  (void) unlinkat (self->directory_fd, beside_backup, 0);
  now = adit_resolv_conf_read (self, &kind);
  if (kind == ADIT_RESOLV_CONF_FOREIGN)
    drop_kept (self);
  else if (exists (self, self->backup))
    {
      if (renameat (self->directory_fd, self->backup, self->directory_fd, self->name) < 0)
        {
          struct stat status;
          gsize length;
          g_autofree char *kept = NULL;

          if (errno != EBUSY)
            return fail (error, "put back", self->name);
          kept = read_name (self, self->backup, &length, &status);
          if (kept == NULL)
            return fail (error, "read", self->backup);
          if (!write_in_place (self, kept, length, &status, error))
            return FALSE;
        }
      drop_kept (self);
    }
  else if (exists (self, self->absence))
    {
      if (unlinkat (self->directory_fd, self->name, 0) < 0 && errno != ENOENT)
        return fail (error, "remove", self->name);
      drop_kept (self);
    }
  else if (kind == ADIT_RESOLV_CONF_OURS)
    g_warning ("%s is ours, and %s is gone: it stays until another program writes it", self->name, self->backup);
  return sync_directory (self, error);
}
