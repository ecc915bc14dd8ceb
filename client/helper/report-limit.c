/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-limit.c: when the last ones came, by the clock that begins with the computer, in a small file of root's in /run: a
 * helper that goes down again and again would begin to count anew each time otherwise. */
#define G_LOG_DOMAIN "adit-reports"

#include "client/helper/report-limit.h"

#include "client/base/error.h"
#include "client/base/file.h"

#define HOUR_S         3600
#define FILE_MAX_BYTES 65536

struct _AditReportLimit
{
  char       *path;
  GKeyFile   *file;    /* a group a user, a key a program, a list of seconds */
  GHashTable *held;    /* "user program" to how many are being made, which a stop of the helper makes undone */
};

/**
 * adit_report_limit_open:
 * @path: the file, which only root may write
 *
 * Returns: (transfer full): what is known of the last hour; nothing where that cannot be read
 */
AditReportLimit *
adit_report_limit_open (const char *path)
{
  AditReportLimit *self = g_new0 (AditReportLimit, 1);
  g_autofree char *bytes = NULL;
  gsize length;

  self->path = g_strdup (path);
  self->file = g_key_file_new ();
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  bytes = adit_file_read (path, FILE_MAX_BYTES, &length, NULL);
  if (bytes != NULL)
    (void) g_key_file_load_from_data (self->file, bytes, length, G_KEY_FILE_NONE, NULL);
  return self;
}

/**
 * adit_report_limit_free:
 * @self: (nullable): a limit; the file stays, for the next helper
 */
void
adit_report_limit_free (AditReportLimit *self)
{
  if (self == NULL)
    return;
  g_key_file_free (self->file);
  g_hash_table_unref (self->held);
  g_free (self->path);
  g_free (self);
}

/* Those of the last hour; a time that is still to come is not ours, and does not count. */
static GArray *
dup_recent (AditReportLimit *self, const char *group, const char *what, gint64 now_s)
{
  GArray *recent = g_array_new (FALSE, FALSE, sizeof (int));
  gsize n = 0;
  g_autofree int *times = g_key_file_get_integer_list (self->file, group, what, &n, NULL);

  for (gsize i = 0; i < n; i++)
    if (times[i] <= now_s && times[i] > now_s - HOUR_S)
      g_array_append_val (recent, times[i]);
  return recent;
}

static void
save (AditReportLimit *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  bytes = g_key_file_to_data (self->file, &length, NULL);
  if (!adit_file_write (self->path, bytes, length, 0600, &error))
    g_warning ("%s", error->message);    /* it counts as long as this helper lives */
}

static char *
dup_name (guint32 uid, const char *what)
{
  return g_strdup_printf ("%u %s", uid, what);
}

/**
 * adit_report_limit_take:
 * @self: a limit
 * @uid: whose report
 * @what: the program, or "problem"
 * @max: how many there may be
 * @now_s: seconds since the computer was started
 *
 * Returns: whether there may be one more now; its place is held then, as long as this helper lives, until
 *   adit_report_limit_settle()
 */
gboolean
adit_report_limit_take (AditReportLimit *self, guint32 uid, const char *what, guint max, gint64 now_s)
{
  g_autofree char *group = g_strdup_printf ("%u", uid), *name = dup_name (uid, what);
  g_autoptr (GArray) recent = dup_recent (self, group, what, now_s);
  guint n_held = GPOINTER_TO_UINT (g_hash_table_lookup (self->held, name));

  if (recent->len + n_held >= max)
    return FALSE;
  g_hash_table_replace (self->held, g_steal_pointer (&name), GUINT_TO_POINTER (n_held + 1));
  return TRUE;
}

/**
 * adit_report_limit_settle:
 * @self: a limit
 * @uid: whose report
 * @what: as it was taken
 * @counts: whether it was made, or cannot be; else it is as if it had not been taken
 * @now_s: seconds since the computer was started
 *
 * What adit_report_limit_take() holds a place for is done with.
 */
void
adit_report_limit_settle (AditReportLimit *self, guint32 uid, const char *what, gboolean counts, gint64 now_s)
{
  g_autofree char *group = g_strdup_printf ("%u", uid), *name = dup_name (uid, what);
  g_autoptr (GArray) recent = dup_recent (self, group, what, now_s);
  guint n_held = GPOINTER_TO_UINT (g_hash_table_lookup (self->held, name));
  int now = (int) MIN (now_s, G_MAXINT);

  g_return_if_fail (n_held > 0);
  if (n_held > 1)
    g_hash_table_replace (self->held, g_steal_pointer (&name), GUINT_TO_POINTER (n_held - 1));
  else
    g_hash_table_remove (self->held, name);
  if (!counts)
    return;
  g_array_append_val (recent, now);
  g_key_file_set_integer_list (self->file, group, what, (int *) (gpointer) recent->data, recent->len);
  save (self);
}
