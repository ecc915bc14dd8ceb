/* SPDX-License-Identifier: GPL-2.0-or-later */
/* copy.c: what was pressed wears a tick and is called "Copied" for a moment; its own name is then given back. */
#include "config.h"
#include "ui/copy.h"

#include <glib/gi18n.h>

#define TOLD_S 2    /* long enough to be read */
#define KEY    "adit-copy"

typedef struct
{
  GtkButton *button;
  char      *icon_name, *label, *tooltip;    /* (nullable), the first or the second */
  guint      source;
} Told;

static void
told_free (gpointer data)
{
  Told *told = data;

  g_source_remove (told->source);
  g_free (told->icon_name);
  g_free (told->label);
  g_free (told->tooltip);
  g_free (told);
}

/* Those with a picture are named as their tooltip says; those with words by the words. */
static void
name (GtkButton *button, const char *icon_name, const char *label, const char *tooltip)
{
  if (icon_name != NULL)
    {
      gtk_button_set_icon_name (button, icon_name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
    }
  else
    gtk_button_set_label (button, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), tooltip);
}

static gboolean
on_over (gpointer user_data)
{
  Told *told = user_data;

  name (told->button, told->icon_name, told->label, told->tooltip);
  g_object_set_data (G_OBJECT (told->button), KEY, NULL);    /* frees it, and takes this source away */
  return G_SOURCE_CONTINUE;
}

/**
 * adit_copy_tell:
 * @button: has copied something
 *
 * Says so on it for a moment.
 */
void
adit_copy_tell (GtkButton *button)
{
  Told *told = g_object_get_data (G_OBJECT (button), KEY);

  if (told != NULL)
    {
      g_source_remove (told->source);
      told->source = g_timeout_add_seconds (TOLD_S, on_over, told);
      return;
    }
  told = g_new0 (Told, 1);
  told->button = button;
  told->icon_name = g_strdup (gtk_button_get_icon_name (button));
  told->label = g_strdup (gtk_button_get_label (button));
  told->tooltip = g_strdup (gtk_widget_get_tooltip_text (GTK_WIDGET (button)));
  told->source = g_timeout_add_seconds (TOLD_S, on_over, told);
  name (button, told->icon_name != NULL ? "emblem-ok-symbolic" : NULL, _("Copied"), told->icon_name != NULL ? _("Copied") : NULL);
  g_object_set_data_full (G_OBJECT (button), KEY, told, told_free);
}

/**
 * adit_copy:
 * @button: was pressed for it
 * @text: no secret, which adit_secret_copy() is for
 *
 * Puts it onto the clipboard, and says so.
 */
void
adit_copy (GtkButton *button, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), text);
  adit_copy_tell (button);
}
