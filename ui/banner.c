/* SPDX-License-Identifier: GPL-2.0-or-later */
/* banner.c: AdwBanner is younger than the libadwaita we build on, and has one line; a problem wants its remedy beside it. */
#include "config.h"
#include "ui/banner.h"

#include "ui/copy.h"
#include "ui/wrap-layout.h"
#include "ui/wrapping.h"

struct _AditBanner
{
  AdwBin       parent_instance;
  GtkRevealer *revealer;
  GtkLabel    *what, *remedy, *detail, *command;
  GtkWidget   *command_box, *buttons, *diagnose;
  GtkButton   *button;
};

G_DEFINE_FINAL_TYPE (AditBanner, adit_banner, ADW_TYPE_BIN)

static void
on_copy_clicked (AditBanner *self, GtkButton *button)
{
  adit_copy (button, gtk_label_get_label (self->command));
}

/* What has slid away is not there either for those who hear the window. */
static void
on_revealed (AditBanner *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), gtk_revealer_get_reveal_child (self->revealer) ||
                                             gtk_revealer_get_child_revealed (self->revealer));
}

static void
adit_banner_class_init (AditBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (ADIT_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/banner.ui");
  gtk_widget_class_bind_template_child (widget_class, AditBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, AditBanner, what);
  gtk_widget_class_bind_template_child (widget_class, AditBanner, remedy);
  gtk_widget_class_bind_template_child (widget_class, AditBanner, detail);
  gtk_widget_class_bind_template_child (widget_class, AditBanner, command);
  gtk_widget_class_bind_template_child (widget_class, AditBanner, command_box);
  gtk_widget_class_bind_template_child (widget_class, AditBanner, button);
  gtk_widget_class_bind_template_child (widget_class, AditBanner, buttons);
  gtk_widget_class_bind_template_child (widget_class, AditBanner, diagnose);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_revealed);
}

static void
adit_banner_init (AditBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adit_wrap_texts (GTK_WIDGET (self));
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), text[0] != '\0');
}

/**
 * adit_banner_show_problem:
 * @self: a banner
 * @problem: (nullable): what stands in the way, or nothing
 */
void
adit_banner_show_problem (AditBanner *self, const AditProblem *problem)
{
  /* The words stay while the banner slides away. */
  gtk_revealer_set_reveal_child (self->revealer, problem != NULL);
  gtk_widget_set_can_target (GTK_WIDGET (self), problem != NULL);
  on_revealed (self);
  if (problem == NULL)
    return;
  set_text (self->what, problem->words.what);
  set_text (self->remedy, problem->words.remedy);
  set_text (self->detail, problem->detail);
  set_text (self->command, problem->words.command);
  gtk_widget_set_visible (self->command_box, problem->words.command[0] != '\0');
  gtk_button_set_label (self->button, problem->button);
  gtk_widget_set_visible (GTK_WIDGET (self->button), problem->button[0] != '\0');
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), problem->action_name);
  gtk_widget_set_visible (self->diagnose, problem->can_diagnose);
  gtk_widget_set_visible (self->buttons, problem->button[0] != '\0' || problem->can_diagnose);
}
