/* SPDX-License-Identifier: GPL-2.0-or-later */
/* background-row.c: staying when the window is closed is the program's own; being started at login is the desktop's to allow. */
#include "config.h"
#include "ui/background-row.h"

#include <glib/gi18n.h>

#include "ui/background.h"
#include "ui/trouble.h"

struct _AditBackgroundRow
{
  AdwActionRow parent_instance;
  AditMirror  *mirror;
  GtkSwitch   *control;
  gboolean     showing;    /* what moves now was not moved by the person */
  gboolean     asking;     /* the desktop: until then it stays where the person has put it */
};

/* What is remembered does not depend on whether this row is still there when the answer comes. */
typedef struct
{
  AditBackgroundRow *row;
  AditMirror        *mirror;
  gboolean           wanted;
} Asked;

G_DEFINE_FINAL_TYPE (AditBackgroundRow, adit_background_row, ADW_TYPE_ACTION_ROW)

static void
show (AditBackgroundRow *self)
{
  gboolean on = adit_mirror_get_memory (self->mirror)->background;

  if (self->asking)
    return;
  self->showing = TRUE;
  gtk_switch_set_active (self->control, on);
  gtk_switch_set_state (self->control, on);
  self->showing = FALSE;
}

static void
explain (AditBackgroundRow *self, AditBackgroundAnswer answer)
{
  if (answer == ADIT_BACKGROUND_REFUSED)
    adit_trouble_say (GTK_WIDGET (self), _("This desktop does not let Adit run in the background."),
                      _("Its own settings say which programs may. Connecting at login works without it."));
  else if (answer == ADIT_BACKGROUND_NO_PORTAL)
    adit_trouble_say (GTK_WIDGET (self), _("Adit stays when its window is closed, but is not started at login."),
                      _("This desktop starts only programs that you add to its own list: add “adit-gtk --background” there. "
                        "Connecting at login works without it."));
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;
  g_autoptr (AditBackgroundRow) self = asked->row;
  g_autoptr (AditMirror) mirror = asked->mirror;
  AditBackgroundAnswer answer = adit_background_set_finish (result);
  gboolean wanted = asked->wanted;

  g_free (asked);
  self->asking = FALSE;
  /* To be less in the background is nobody's to refuse. */
  if (!wanted || answer != ADIT_BACKGROUND_REFUSED)
    adit_mirror_set_background (mirror, wanted);
  if (self->mirror == NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->control), TRUE);
  show (self);
  if (wanted)
    explain (self, answer);
}

static gboolean
on_switched (AditBackgroundRow *self, gboolean on)
{
  GDBusConnection *bus = g_application_get_dbus_connection (g_application_get_default ());
  Asked *asked;

  if (self->showing || bus == NULL)
    return FALSE;
  asked = g_new (Asked, 1);
  *asked = (Asked) { g_object_ref (self), g_object_ref (self->mirror), on };
  self->asking = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->control), FALSE);
  adit_background_set_async (bus, on, on_answered, asked);
  return TRUE;    /* it moves when it is so */
}

static void
adit_background_row_dispose (GObject *object)
{
  g_clear_object (&ADIT_BACKGROUND_ROW (object)->mirror);
  G_OBJECT_CLASS (adit_background_row_parent_class)->dispose (object);
}

static void
adit_background_row_class_init (AditBackgroundRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_background_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/background-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AditBackgroundRow, control);
  gtk_widget_class_bind_template_callback (widget_class, on_switched);
}

static void
adit_background_row_init (AditBackgroundRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * adit_background_row_set_mirror:
 * @self: a row
 * @mirror: what remembers it, from now on and for good
 */
void
adit_background_row_set_mirror (AditBackgroundRow *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
}
