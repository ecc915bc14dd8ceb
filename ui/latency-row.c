/* SPDX-License-Identifier: GPL-2.0-or-later */
/* latency-row.c: says what is asked, of whom, and why not by itself; and where it cannot be done, why not. */
#include "config.h"
#include "ui/latency-row.h"

#include <glib/gi18n.h>

struct _AditLatencyRow
{
  AdwActionRow parent_instance;
  AditMirror  *mirror;
  GtkWidget   *button;
  gboolean     is_measuring;
  char        *failure;    /* (nullable): of the last time */
};

G_DEFINE_FINAL_TYPE (AditLatencyRow, adit_latency_row, ADW_TYPE_ACTION_ROW)

static gboolean
is_open (AditLatencyRow *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  return status != NULL && g_str_equal (status->lock, "off");
}

static const char *
find_obstacle (AditLatencyRow *self)
{
  AditServerList *list = adit_mirror_get_list (self->mirror);

  if (list != NULL && adit_server_list_get_head (list)->makes_tunnels)
    return _("This service does not say where its servers are reached.");
  if (!is_open (self))
    return _("While the lock is closed no server is asked. It can be done while you are disconnected and lockdown is off.");
  return list != NULL ? NULL : adit_mirror_get_list_error (self->mirror) != NULL ? _("The list of places could not be fetched")
                                                                                 : _("The list of places is on its way");
}

static void
show (AditLatencyRow *self)
{
  AditLatencies *latencies = adit_mirror_get_latencies (self->mirror);
  const char *obstacle = find_obstacle (self);
  guint n = latencies != NULL ? adit_latencies_get_n_known (latencies) : 0;
  g_autofree char *known = g_strdup_printf (ngettext ("%u city answered.", "%u cities answered.", n), n);
  const char *text = _("One server of each city is asked. Never by itself: whoever watches this network sees from it which "
                       "service you look at.");

  if (self->is_measuring)
    text = _("Servers are being asked…");
  else if (obstacle != NULL)
    text = obstacle;
  else if (self->failure != NULL)
    text = self->failure;
  else if (n > 0)
    text = known;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_widget_set_sensitive (self->button, !self->is_measuring && obstacle == NULL);
}

static void
on_measured (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditLatencyRow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = adit_mirror_measure_finish (ADIT_MIRROR (source), result, &error);

  self->is_measuring = FALSE;
  if (self->mirror == NULL)
    return;    /* the window closes */
  if (!done && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->failure = g_strdup (error->message);
  show (self);
  if (done)
    gtk_widget_activate_action (GTK_WIDGET (self), "places.show-list", NULL);
}

static void
on_clicked (AditLatencyRow *self)
{
  self->is_measuring = TRUE;
  g_clear_pointer (&self->failure, g_free);
  show (self);
  adit_mirror_measure_async (self->mirror, on_measured, g_object_ref (self));
}

static void
adit_latency_row_dispose (GObject *object)
{
  AditLatencyRow *self = ADIT_LATENCY_ROW (object);

  g_clear_object (&self->mirror);
  g_clear_pointer (&self->failure, g_free);
  G_OBJECT_CLASS (adit_latency_row_parent_class)->dispose (object);
}

static void
adit_latency_row_class_init (AditLatencyRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_latency_row_dispose;
}

static void
adit_latency_row_init (AditLatencyRow *self)
{
  /* Translators: on a button: how quickly places answer */
  self->button = gtk_button_new_with_label (_("Measure"));
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_clicked), self);
}

/**
 * adit_latency_row_set_mirror:
 * @self: a row
 * @mirror: whose list's places are asked, from now on and for good
 */
void
adit_latency_row_set_mirror (AditLatencyRow *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
}
