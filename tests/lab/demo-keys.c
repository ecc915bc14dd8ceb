/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demo-keys.c: keys that stay in somebody's folder.  Root reads and writes there, so that nobody else may have a hand in it; and
 * what is there is whole: it gets its name when it is. */
#include "tests/lab/demo-keys.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/lab/lab.h"

#define COPY_MS   10000
#define KEYS      "keys"
#define FILE_NAME "demo.ovpn"

/* Root's, or of whoever asked for this by sudo. */
static gboolean
is_ours (uid_t owner)
{
  const char *caller = g_getenv ("SUDO_UID");
  guint64 uid;

  return owner == 0 || owner == getuid () ||
         (caller != NULL && g_ascii_string_to_unsigned (caller, 10, 0, G_MAXUINT32, &uid, NULL) && owner == (uid_t) uid);
}

/* Its last part is no symbolic link. */
static gboolean
is_private (const char *folder)
{
  struct stat status;

  return lstat (folder, &status) == 0 && S_ISDIR (status.st_mode) && is_ours (status.st_uid) &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static gboolean
has_keys (const char *kept)
{
  struct stat status;

  return lstat (kept, &status) == 0;
}

/**
 * demo_keys_check:
 * @folder: where keys are to stay
 * @why: (out): a sentence, where it is not fit for that
 *
 * Returns: whether nobody but root and the caller can write there
 */
gboolean
demo_keys_check (const char *folder, char **why)
{
  g_autofree char *kept = g_build_filename (folder, KEYS, NULL);

  *why = NULL;
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    *why = g_strdup_printf ("There is no folder \"%s\".", folder);
  else if (!is_private (folder))
    *why = g_strdup_printf ("\"%s\" is a link, or others can write there; keys stay in a folder of your own: chmod go-w.",
                            folder);
  else if (has_keys (kept) && !is_private (kept))
    *why = g_strdup_printf ("\"%s\" is a link, or others can write there; remove it, and new keys are made.", kept);
  return *why == NULL;
}

static gboolean
copy (const char *from, const char *to, GError **error)
{
  const char *const argv[] = { "cp", "-r", "--", from, to, NULL };
  g_autoptr (AditLabResult) result = adit_lab_run (NULL, 0, COPY_MS, argv, error);

  if (result != NULL && result->status != 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", result->err);
  return result != NULL && result->status == 0;
}

/**
 * demo_keys_fetch:
 * @folder: as demo_keys_check() found it fit
 * @to: a folder that is not there yet
 * @error: return location
 *
 * Returns: whether @to has the keys, or there are none yet
 */
gboolean
demo_keys_fetch (const char *folder, const char *to, GError **error)
{
  g_autofree char *kept = g_build_filename (folder, KEYS, NULL);

  return !has_keys (kept) || copy (kept, to, error);
}

/* A name of whatever is there already, a link too, is replaced and not followed. */
static gboolean
move (const char *from, const char *to, GError **error)
{
  if (g_rename (from, to) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", to, g_strerror (errno));
  return FALSE;
}

/**
 * demo_keys_keep:
 * @folder: as demo_keys_check() found it fit
 * @from: the keys, which stay there where none are yet
 * @file: what leads to the servers, which stays there as "demo.ovpn"
 * @error: return location
 *
 * An interruption leaves a folder that begins with a dot, but no half of anything.
 *
 * Returns: whether both are there
 */
gboolean
demo_keys_keep (const char *folder, const char *from, const char *file, GError **error)
{
  g_autofree char *unfinished = g_build_filename (folder, ".adit-XXXXXX", NULL);
  g_autofree char *kept = g_build_filename (folder, KEYS, NULL), *kept_file = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char *new_keys = NULL, *new_file = NULL;
  const char *const remove[] = { "rm", "-r", "--", unfinished, NULL };
  g_autoptr (AditLabResult) removed = NULL;
  gboolean done;

  if (g_mkdtemp (unfinished) == NULL)    /* mode 0700 */
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }
  new_keys = g_build_filename (unfinished, KEYS, NULL);
  new_file = g_build_filename (unfinished, FILE_NAME, NULL);
  done = (has_keys (kept) || (copy (from, new_keys, error) && move (new_keys, kept, error))) &&
         copy (file, new_file, error) && move (new_file, kept_file, error);
  removed = adit_lab_run (NULL, 0, COPY_MS, remove, NULL);
  return done;
}
