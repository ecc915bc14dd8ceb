/* SPDX-License-Identifier: GPL-2.0-or-later */
/* menu-width.c: GTK gives each item of a menu one line, which with large letters is longer than a telephone is wide.  Items go
 * over several lines there, and there alone. */
#include "config.h"
#include "ui/menu-width.h"

#define BORDER_PX   16    /* what libadwaita draws around the items, at the most */
#define MOST_CHARS  40
#define LEAST_CHARS 8

/* Of what the items are called; the keys beside them stay in one line. */
static void
wrap_items (GtkWidget *widget, int max_chars)
{
  if (GTK_IS_LABEL (widget) && g_strcmp0 (gtk_widget_get_css_name (widget), "accelerator") != 0)
    {
      gtk_label_set_wrap (GTK_LABEL (widget), max_chars > 0);
      gtk_label_set_wrap_mode (GTK_LABEL (widget), PANGO_WRAP_WORD);
      gtk_label_set_max_width_chars (GTK_LABEL (widget), max_chars);
      gtk_label_set_xalign (GTK_LABEL (widget), 0);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    wrap_items (child, max_chars);
}

/* Before it opens: the window may be another one than last time, and the letters larger. */
static void
fit (GtkMenuButton *button, gpointer user_data)
{
  GtkWidget *items = gtk_popover_get_child (gtk_menu_button_get_popover (button));    /* the popover measures nothing yet */
  int most = gtk_widget_get_width (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (button)))) - BORDER_PX, width;

  wrap_items (items, -1);
  gtk_widget_measure (items, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  for (int chars = MOST_CHARS; width > most && chars >= LEAST_CHARS; chars--)
    {
      wrap_items (items, chars);
      gtk_widget_measure (items, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
    }
}

/**
 * adit_menu_width_limit:
 * @button: one with a menu
 *
 * Its menu becomes no wider than its window, as far as words go.
 */
void
adit_menu_width_limit (GtkMenuButton *button)
{
  gtk_menu_button_set_create_popup_func (button, fit, NULL, NULL);
}
