/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inside.c: what no assistive program is told: where in the picture each text is, how large its letters are, and whether all
 * of it is drawn.  Preloaded into the window that a test looks at; it changes nothing there, and answers SIGUSR1 with a file. */
#include <adwaita.h>
#include <glib-unix.h>
#include <string.h>

#define SLACK_PX 1.5    /* places are rounded to whole pixels, one side at a time */
#define AGAIN_MS 20     /* until there is a window to ask */

static const char *path;

typedef struct
{
  GtkWidget      *root, *above;    /* what is looked at, and what that is in, if in anything */
  double          dx, dy;    /* from the window to its surface, which has a border */
  graphene_rect_t all;
} View;

/* What its ancestors let be seen of a widget; they cut off what they scroll or slide away. */
static gboolean
find_seen (GtkWidget *widget, View *view, graphene_rect_t *bounds, graphene_rect_t *seen)
{
  if (!gtk_widget_compute_bounds (widget, view->root, bounds))
    return FALSE;
  if (!graphene_rect_intersection (bounds, &view->all, seen))
    graphene_rect_init (seen, bounds->origin.x, bounds->origin.y, 0, 0);
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != view->above; parent = gtk_widget_get_parent (parent))
    {
      graphene_rect_t hole;

      if (gtk_widget_get_overflow (parent) == GTK_OVERFLOW_HIDDEN && gtk_widget_compute_bounds (parent, view->root, &hole) &&
          !graphene_rect_intersection (seen, &hole, seen))
        graphene_rect_init (seen, bounds->origin.x, bounds->origin.y, 0, 0);
    }
  return TRUE;
}

/* Whether it can be scrolled to, up and down alone: nobody reads sideways. */
static gboolean
is_cut_sideways (const graphene_rect_t *bounds, GtkWidget *widget, View *view)
{
  if (bounds->origin.x < -SLACK_PX || bounds->origin.x + bounds->size.width > view->all.size.width + SLACK_PX)
    return TRUE;
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != view->above; parent = gtk_widget_get_parent (parent))
    {
      graphene_rect_t hole;

      if (gtk_widget_get_overflow (parent) == GTK_OVERFLOW_HIDDEN && gtk_widget_compute_bounds (parent, view->root, &hole) &&
          (bounds->origin.x < hole.origin.x - SLACK_PX ||
           bounds->origin.x + bounds->size.width > hole.origin.x + hole.size.width + SLACK_PX))
        return TRUE;
    }
  return FALSE;
}

/* By something that does not scroll. */
static gboolean
is_cut_below (const graphene_rect_t *bounds, GtkWidget *widget, View *view)
{
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != view->above; parent = gtk_widget_get_parent (parent))
    {
      GtkWidget *above = gtk_widget_get_parent (parent);
      graphene_rect_t hole;

      if (above != NULL && GTK_IS_SCROLLED_WINDOW (above))
        return FALSE;
      if (gtk_widget_get_overflow (parent) == GTK_OVERFLOW_HIDDEN && gtk_widget_compute_bounds (parent, view->root, &hole) &&
          (bounds->origin.y < hole.origin.y - SLACK_PX ||
           bounds->origin.y + bounds->size.height > hole.origin.y + hole.size.height + SLACK_PX))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_text_cut (GtkWidget *widget)
{
  g_autoptr (PangoLayout) own = NULL;
  PangoLayout *layout;
  PangoRectangle extents;

  if (GTK_IS_LABEL (widget))
    layout = gtk_label_get_layout (GTK_LABEL (widget));
  else
    layout = own = gtk_widget_create_pango_layout (widget, gtk_inscription_get_text (GTK_INSCRIPTION (widget)));
  pango_layout_get_pixel_extents (layout, NULL, &extents);
  return pango_layout_is_ellipsized (layout) || extents.width > gtk_widget_get_width (widget) + SLACK_PX ||
         (GTK_IS_LABEL (widget) && extents.height > gtk_widget_get_height (widget) + SLACK_PX);
}

/* What is given in one line alone may be, where it is also what appears there to be read as a whole. */
static gboolean
has_as_tip (GtkWidget *widget, const char *text)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0)
      return TRUE;
  return FALSE;
}

static const char *
get_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget));
  return "";
}

static void
tell_leaf (GtkWidget *widget, View *view, GString *report)
{
  PangoFontDescription *font = pango_context_get_font_description (gtk_widget_get_pango_context (widget));
  const char *text = get_text (widget);
  gboolean is_text = text != NULL && text[0] != '\0';
  g_autofree char *line = g_strdelimit (g_strdup (is_text ? text : ""), "\n\t", ' ');
  graphene_rect_t bounds, seen;
  gboolean is_cut;

  if (!find_seen (widget, view, &bounds, &seen))
    return;
  is_cut = is_text && (is_cut_below (&bounds, widget, view) || (is_text_cut (widget) && !has_as_tip (widget, text)));
  g_string_append_printf (report, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\n", is_text ? "text" : "other",
                          (int) (bounds.origin.x + view->dx), (int) (bounds.origin.y + view->dy),
                          (int) bounds.size.width, (int) bounds.size.height,
                          pango_font_description_get_size (font) / PANGO_SCALE, (int) pango_font_description_get_weight (font),
                          gtk_widget_is_sensitive (widget),
                          seen.size.width >= bounds.size.width - SLACK_PX && seen.size.height >= bounds.size.height - SLACK_PX,
                          is_cut_sideways (&bounds, widget, view), is_cut,
                          G_OBJECT_TYPE_NAME (widget), line);
}

static void
visit (GtkWidget *widget, View *view, GString *report)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  /* Scroll bars slide aside. */
  if (!gtk_widget_get_mapped (widget) || gtk_widget_get_opacity (widget) == 0 || GTK_IS_SCROLLBAR (widget) ||
      (GTK_IS_NATIVE (widget) && widget != view->root))
    return;
  if (child == NULL || GTK_IS_LABEL (widget))
    tell_leaf (widget, view, report);
  else
    for (; child != NULL; child = gtk_widget_get_next_sibling (child))
      visit (child, view, report);
}

/* A menu that is open, or a list of choices: it has a surface of its own, and hides what is behind it. */
static GtkWidget *
find_popover (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_POPOVER (widget) && gtk_widget_get_mapped (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_popover (child);
  return found;
}

/* Without the shadow that it throws. */
static int
get_shown_width (GtkWidget *popover)
{
  return gtk_widget_get_width (gtk_widget_get_first_child (popover));
}

static void
look_at_popover (View *view, GtkWidget *popover)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (popover));

  view->root = popover;
  view->above = gtk_widget_get_parent (popover);
  gtk_native_get_surface_transform (GTK_NATIVE (popover), &view->dx, &view->dy);
  view->dx += gdk_popup_get_position_x (GDK_POPUP (surface));
  view->dy += gdk_popup_get_position_y (GDK_POPUP (surface));
}

static void
tell (GtkWidget *window)
{
  GtkWidget *popover = find_popover (window);
  AdwStyleManager *style = adw_style_manager_get_default ();
  g_autoptr (GString) report = g_string_new (NULL);
  View view = { .root = window };
  gboolean moves;
  int dpi;

  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, "gtk-enable-animations", &moves, NULL);
  g_string_append_printf (report, "%d %d %d %d %d %d\n", adw_style_manager_get_dark (style),
                          adw_style_manager_get_high_contrast (style), dpi / PANGO_SCALE, moves, gtk_widget_get_width (window),
                          popover != NULL);
  gtk_native_get_surface_transform (GTK_NATIVE (window), &view.dx, &view.dy);
  if (popover != NULL)
    look_at_popover (&view, popover);
  graphene_rect_init (&view.all, 0, 0, (float) gtk_widget_get_width (view.root), (float) gtk_widget_get_height (view.root));
  visit (view.root, &view, report);
  if (popover != NULL && get_shown_width (popover) > gtk_widget_get_width (window))
    g_string_append_printf (report, "other\t%d\t%d\t%d\t0\t0\t0\t1\t1\t1\t0\t%s\t\n", (int) view.dx, (int) view.dy,
                            get_shown_width (popover), G_OBJECT_TYPE_NAME (popover));
  (void) g_file_set_contents (path, report->str, (gssize) report->len, NULL);
}

/* What SIGUSR1 has asked for, until it is told of. */
static struct
{
  GtkWidget     *window;
  GdkFrameClock *clock;
  guint          later;    /* a timer that looks for a window again */
} asked;

static void ask_window (void);

static void
forget_window (void)
{
  if (asked.window != NULL)
    {
      g_signal_handlers_disconnect_by_data (asked.window, &asked);
      g_signal_handlers_disconnect_by_data (asked.clock, &asked);
    }
  g_clear_object (&asked.window);
  g_clear_object (&asked.clock);
  g_clear_handle_id (&asked.later, g_source_remove);
}

static void
on_painted (void)
{
  g_autoptr (GtkWidget) window = g_object_ref (asked.window);

  forget_window ();
  tell (window);
}

static gboolean
on_later (gpointer user_data)
{
  asked.later = 0;
  ask_window ();
  return G_SOURCE_REMOVE;
}

/* It closes before it has painted: a button acts a quarter of a second after an assistive program has pressed it. */
static void
on_unmapped (void)
{
  forget_window ();
  asked.later = g_timeout_add (AGAIN_MS, on_later, NULL);
}

/* For who waits in vain: what there was to ask. */
static void
note_windows (GListModel *windows)
{
  g_autofree char *name = g_strconcat (path, ".asked", NULL);
  g_autoptr (GString) note = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      g_string_append_printf (note, "  %s \"%s\", %d wide%s%s\n", G_OBJECT_TYPE_NAME (window), gtk_window_get_title (window),
                              gtk_widget_get_width (GTK_WIDGET (window)),
                              gtk_widget_get_mapped (GTK_WIDGET (window)) ? "" : ", not mapped",
                              GTK_WIDGET (window) == asked.window ? ", asked" : "");
    }
  (void) g_file_set_contents (name, note->str, (gssize) note->len, NULL);
}

/* The window that came last, once it has drawn what it has heard so far. */
static void
ask_window (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  forget_window ();
  for (guint i = g_list_model_get_n_items (windows); i > 0 && asked.window == NULL; i--)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i - 1);

      if (gtk_widget_get_mapped (window))
        asked.window = g_steal_pointer (&window);
    }
  note_windows (windows);
  if (asked.window == NULL)
    {
      asked.later = g_timeout_add (AGAIN_MS, on_later, NULL);
      return;
    }
  asked.clock = g_object_ref (gtk_widget_get_frame_clock (asked.window));
  g_signal_connect_swapped (asked.clock, "after-paint", G_CALLBACK (on_painted), &asked);
  g_signal_connect_swapped (asked.window, "unmap", G_CALLBACK (on_unmapped), &asked);
  gtk_widget_queue_draw (asked.window);
}

static gboolean
on_signal (gpointer user_data)
{
  ask_window ();
  return G_SOURCE_CONTINUE;
}

__attribute__ ((constructor)) static void
wait_for_signal (void)
{
  path = g_strdup (g_getenv ("ADIT_INSIDE"));
  g_unsetenv ("LD_PRELOAD");    /* what the window starts is none of ours */
  if (path != NULL)
    g_unix_signal_add (SIGUSR1, on_signal, NULL);
}
