/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sample.c: a window with a button, an entry and a label, which test-harness drives; words on its command line spoil it. */
#include <adwaita.h>
#include <locale.h>

static GStrv faults;
static GtkWidget *label, *stack;

static gboolean
has_fault (const char *fault)
{
  return g_strv_contains ((const char *const *) faults, fault);
}

static void
say (GtkWidget *widget, gpointer user_data)
{
  g_autofree char *text = g_strdup_printf ("Hello %s", gtk_editable_get_text (user_data));

  gtk_label_set_text (GTK_LABEL (label), text);
  if (has_fault ("warning"))
    gtk_label_set_markup (GTK_LABEL (label), "<b>Hello");
}

static void
reset (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gboolean rtl = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;

  gtk_label_set_text (GTK_LABEL (label), rtl ? "Right to left" : "Left to right");
}

static void
turn (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_stack_set_visible_child_name (GTK_STACK (stack), "back");
}

/* What is not on the screen: a page behind another one, and a button without a name in a closed revealer. */
static GtkWidget *
make_hidden (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *revealer = gtk_revealer_new ();

  stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (stack), gtk_label_new ("The front"), "front");
  gtk_stack_add_named (GTK_STACK (stack), gtk_label_new ("The back"), "back");
  gtk_revealer_set_child (GTK_REVEALER (revealer), gtk_button_new ());
  gtk_box_append (GTK_BOX (box), stack);
  gtk_box_append (GTK_BOX (box), revealer);
  return box;
}

static void
activate (GApplication *application)
{
  static const GActionEntry actions[] = { { .name = "reset", .activate = reset }, { .name = "turn", .activate = turn } };
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application)), *header = adw_header_bar_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *button = gtk_button_new_with_label ("Greet");
  GtkWidget *stop = gtk_button_new_from_icon_name ("process-stop-symbolic"), *entry = gtk_entry_new ();
  GtkWidget *row = adw_action_row_new (), *toggle = gtk_switch_new (), *list = gtk_list_box_new ();

  label = gtk_label_new ("Nobody");
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Who", -1);
  if (!has_fault ("unlabelled"))
    gtk_accessible_update_property (GTK_ACCESSIBLE (stop), GTK_ACCESSIBLE_PROPERTY_LABEL, "Stop", -1);
  gtk_widget_set_sensitive (stop, FALSE);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), stop);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), "Loudly");
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), button);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), make_hidden ());
  gtk_box_append (GTK_BOX (box), list);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  g_signal_connect (button, "clicked", G_CALLBACK (say), entry);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), NULL);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.reset", (const char *[]) { "<Control>r", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.turn", (const char *[]) { "<Control>t", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "window.close", (const char *[]) { "<Control>w", NULL });
  gtk_window_set_title (GTK_WINDOW (window), "Sample");
  gtk_window_set_default_size (GTK_WINDOW (window), 500, 400);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = adw_application_new ("org.aditvpn.Sample", G_APPLICATION_DEFAULT_FLAGS);

  faults = argv + 1;
  g_signal_connect (application, "activate", G_CALLBACK (activate), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
