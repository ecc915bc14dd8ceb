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
  char     *path;
  GKeyFile *file;    /* a group a user, a key a program, a list of seconds */
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

/**
 * adit_report_limit_take:
 * @self: a limit
 * @uid: whose report
 * @what: the program, or "problem"
 * @max: how many there may be
 * @now_s: seconds since the computer was started
 *
 * Returns: whether there may be one more now; it is counted then
 */
gboolean
adit_report_limit_take (AditReportLimit *self, guint32 uid, const char *what, guint max, gint64 now_s)
{
  g_autofree char *group = g_strdup_printf ("%u", uid);
  g_autoptr (GArray) recent = dup_recent (self, group, what, now_s);
  int now = (int) MIN (now_s, G_MAXINT);

  if (recent->len >= max)
    return FALSE;
  g_array_append_val (recent, now);
  g_key_file_set_integer_list (self->file, group, what, (int *) (gpointer) recent->data, recent->len);
  save (self);
  return TRUE;
}
