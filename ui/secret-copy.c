/* SPDX-License-Identifier: GPL-2.0-or-later */
/* secret-copy.c: marked, so that clipboard managers do not keep it, and gone after a while. */
#include "config.h"
#include "ui/secret-copy.h"

#include <string.h>

#define KEPT_S 60    /* long enough to change over to another window and paste */
/* KDE's Klipper, and what follows it, leave out what says so. */
#define HINT_TYPE "x-kde-passwordManagerHint"
#define HINT      "secret"

typedef struct
{
  GdkClipboard       *clipboard;
  GdkContentProvider *copy;
} Copied;

/* Only what is ours: whatever somebody has copied since stays. */
static gboolean
on_over (gpointer user_data)
{
  Copied *copied = user_data;

  if (gdk_clipboard_get_content (copied->clipboard) == copied->copy)
    gdk_clipboard_set_content (copied->clipboard, NULL);
  return G_SOURCE_REMOVE;
}

static void
copied_free (gpointer data)
{
  Copied *copied = data;

  g_object_unref (copied->clipboard);
  g_object_unref (copied->copy);
  g_free (copied);
}

/**
 * adit_secret_copy:
 * @widget: where somebody copies
 * @text: what
 *
 * Puts it onto the clipboard, for a minute.
 */
void
adit_secret_copy (GtkWidget *widget, const char *text)
{
  g_autoptr (GBytes) hint = g_bytes_new_static (HINT, strlen (HINT));
  GdkContentProvider *parts[] = { gdk_content_provider_new_typed (G_TYPE_STRING, text),
                                  gdk_content_provider_new_for_bytes (HINT_TYPE, hint) };
  Copied *copied = g_new0 (Copied, 1);

  copied->clipboard = g_object_ref (gtk_widget_get_clipboard (widget));
  copied->copy = gdk_content_provider_new_union (parts, G_N_ELEMENTS (parts));
  gdk_clipboard_set_content (copied->clipboard, copied->copy);
  g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, KEPT_S, on_over, copied, copied_free);
}
