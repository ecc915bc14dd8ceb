/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chip-box.c: keeps the buttons that say the same as before. */
#include "config.h"
#include "ui/chip-box.h"

#include <glib/gi18n.h>

#include "ui/chips.h"
#include "ui/wrap-layout.h"

#define SPACING 6

struct _AditChipBox
{
  GtkWidget   parent_instance;
  AditMirror *mirror;
  AditChip    chips[ADIT_CHIPS_MAX];
  guint       n_chips;
};

G_DEFINE_FINAL_TYPE (AditChipBox, adit_chip_box, GTK_TYPE_WIDGET)

static GtkWidget *
new_button (const AditChip *chip)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", chip->label, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", chip->icon_name, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), label);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "chip");
  if (chip->is_open)
    gtk_widget_add_css_class (button, "open");
  gtk_widget_set_tooltip_text (button, _("Show the setting"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, chip->label, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", chip->setting);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show-setting");
  return button;
}

/* Labels and names live for ever: the same pointer is the same word. */
static gboolean
is_same (const AditChip *a, const AditChip *b)
{
  return a->label == b->label && a->setting == b->setting;
}

static void
show (AditChipBox *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);
  AditChip chips[ADIT_CHIPS_MAX];
  guint n = status != NULL ? adit_chips_find (status, adit_mirror_get_settings (self->mirror), chips) : 0, n_same = 0;

  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  while (n_same < MIN (n, self->n_chips) && is_same (&chips[n_same], &self->chips[n_same]))
    n_same++;
  for (guint i = n_same; i < self->n_chips; i++)
    gtk_widget_unparent (gtk_widget_get_last_child (GTK_WIDGET (self)));
  for (guint i = n_same; i < n; i++)
    {
      gtk_widget_set_parent (new_button (&chips[i]), GTK_WIDGET (self));
      self->chips[i] = chips[i];
    }
  self->n_chips = n;
}

static void
adit_chip_box_dispose (GObject *object)
{
  AditChipBox *self = ADIT_CHIP_BOX (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->mirror);
  G_OBJECT_CLASS (adit_chip_box_parent_class)->dispose (object);
}

static void
adit_chip_box_class_init (AditChipBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = adit_chip_box_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), ADIT_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
adit_chip_box_init (AditChipBox *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What is on or open"), -1);
}

/**
 * adit_chip_box_set_mirror:
 * @self: a box
 * @mirror: what it tells of, from now on and for good
 */
void
adit_chip_box_set_mirror (AditChipBox *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "choice-changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
}
