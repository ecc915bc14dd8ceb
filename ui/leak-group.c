/* SPDX-License-Identifier: GPL-2.0-or-later */
/* leak-group.c: a result holds for the moment in which somebody has asked for it; when the state is another one it goes. */
#include "config.h"
#include "ui/leak-group.h"

#include <glib/gi18n.h>

#include "ui/leak-test.h"
#include "ui/trouble.h"

struct _AditLeakGroup
{
  AdwPreferencesGroup parent_instance;
  AditMirror   *mirror;
  AdwActionRow *verdict;
  AdwActionRow *checks[ADIT_LEAK_N_CHECKS];
  AditState     state;        /* that the result is about */
  gboolean      has_result;
};

G_DEFINE_FINAL_TYPE (AditLeakGroup, adit_leak_group, ADW_TYPE_PREFERENCES_GROUP)

static const struct { const char *icon, *word; } marks[] = {
  [ADIT_LEAK_NONE] = { "emblem-ok-symbolic", N_("Good") },
  [ADIT_LEAK_DOUBT] = { "dialog-warning-symbolic", N_("Look at this") },
  [ADIT_LEAK_OPEN] = { "dialog-error-symbolic", N_("Open") },
};

static void
clear_result (AditLeakGroup *self)
{
  self->has_result = FALSE;
  adw_action_row_set_subtitle (self->verdict, _("Nothing is sent for it: the helper is asked what may leave, and who is asked."));
  for (guint i = 0; i < ADIT_LEAK_N_CHECKS; i++)
    gtk_widget_set_visible (GTK_WIDGET (self->checks[i]), FALSE);
}

/* A word goes with each mark, since colours and pictures say nothing to some. */
static void
show_check (AdwActionRow *row, const AditLeakCheck *check)
{
  GtkImage *image = g_object_get_data (G_OBJECT (row), "image");
  g_autofree char *text = g_strdup_printf ("%s · %s", _(marks[check->result].word), check->text);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), check->title);
  adw_action_row_set_subtitle (row, text);
  gtk_image_set_from_icon_name (image, marks[check->result].icon);
  gtk_widget_set_visible (GTK_WIDGET (row), TRUE);
}

static void
on_diagnostics (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditLeakGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) diagnostics = adit_mirror_get_diagnostics_finish (ADIT_MIRROR (source), result, &error);
  const AditStatus *status = self->mirror != NULL ? adit_mirror_get_status (self->mirror) : NULL;
  g_auto (GStrv) own = self->mirror != NULL ? adit_mirror_dup_setting (self->mirror, "dns") : NULL;
  g_auto (AditLeakTest) test = { 0 };

  if (diagnostics == NULL && self->mirror != NULL)
    adit_trouble_tell (GTK_WIDGET (self), error);
  if (diagnostics == NULL || status == NULL)
    return;
  adit_leak_test_run (&test, status, diagnostics, (const char *const *) own);
  self->state = status->state;
  self->has_result = TRUE;
  adw_action_row_set_subtitle (self->verdict, test.verdict);
  for (guint i = 0; i < ADIT_LEAK_N_CHECKS; i++)
    show_check (self->checks[i], &test.checks[i]);
}

static void
on_clicked (AditLeakGroup *self)
{
  adit_mirror_get_diagnostics_async (self->mirror, on_diagnostics, g_object_ref (self));
}

static void
on_changed (AditLeakGroup *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);

  if (self->has_result && (status == NULL || status->state != self->state))
    clear_result (self);
}

static AdwActionRow *
new_row (AditLeakGroup *self)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "subtitle-lines", 0, NULL);

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  return ADW_ACTION_ROW (row);
}

static void
adit_leak_group_dispose (GObject *object)
{
  g_clear_object (&ADIT_LEAK_GROUP (object)->mirror);
  G_OBJECT_CLASS (adit_leak_group_parent_class)->dispose (object);
}

static void
adit_leak_group_class_init (AditLeakGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_leak_group_dispose;
}

static void
adit_leak_group_init (AditLeakGroup *self)
{
  GtkWidget *button = gtk_button_new_with_label (_("Test"));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Test for leaks"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_clicked), self, G_CONNECT_SWAPPED);
  self->verdict = new_row (self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->verdict), _("Can names leak?"));
  adw_action_row_add_suffix (self->verdict, button);
  for (guint i = 0; i < ADIT_LEAK_N_CHECKS; i++)
    {
      GtkWidget *image = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

      self->checks[i] = new_row (self);
      adw_action_row_add_prefix (self->checks[i], image);
      g_object_set_data (G_OBJECT (self->checks[i]), "image", image);
    }
  clear_result (self);
}

/**
 * adit_leak_group_set_mirror:
 * @self: a group
 * @mirror: who is asked, from now on and for good
 */
void
adit_leak_group_set_mirror (AditLeakGroup *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
}
