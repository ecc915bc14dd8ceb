/* SPDX-License-Identifier: GPL-2.0-or-later */
/* map-view.c: draws the part of the world that is seen.  It goes to another place with an animation, unless the desktop wants
 * none; while it is still nothing runs. */
#include "config.h"
#include "ui/map-view.h"

#include "ui/map-frame.h"
#include "ui/map-marks.h"

#define TRAVEL_MS    900

/* Pixels. */
#define DOT_RADIUS     5.0
#define EXIT_RADIUS    9.0
#define COUNTRY_RADIUS 22.0
#define STROKE         2.0

struct _AditMapView
{
  GtkWidget     parent_instance;
  AditMirror   *mirror;
  AditOutlines *outlines;    /* (nullable): without it the map is empty, and the words are there */
  AditMarks     marks;
  AditMapFrame  from, to;    /* of a journey */
  double        share;       /* of it that is done */
  AdwAnimation *journey;
  int           width, height;    /* for which the frames were made */
};

G_DEFINE_FINAL_TYPE (AditMapView, adit_map_view, GTK_TYPE_WIDGET)

/* --- Drawing --------------------------------------------------------------------------------------------------------------- */

static gboolean
is_seen (const AditOutline *outline, const AditMapFrame *frame, double height, double turn)
{
  return outline->least.x + turn < frame->centre.x + frame->width / 2 &&
         outline->most.x + turn > frame->centre.x - frame->width / 2 &&
         outline->least.y < frame->centre.y + height / 2 && outline->most.y > frame->centre.y - height / 2;
}

static void
draw_outline (cairo_t *cr, const AditOutline *outline, const AditMapPoint *points)
{
  cairo_move_to (cr, points[outline->first].x, points[outline->first].y);
  for (guint i = 1; i < outline->n_points; i++)
    cairo_line_to (cr, points[outline->first + i].x, points[outline->first + i].y);
  cairo_close_path (cr);
}

/* Beyond its edges the world begins again. */
static void
draw_land (AditMapView *self, cairo_t *cr, const AditMapFrame *frame, const GdkRGBA *colour)
{
  const AditMapPoint *points = adit_outlines_get_points (self->outlines);
  double scale = self->width / frame->width;
  guint n;
  const AditOutline *outlines = adit_outlines_get (self->outlines, &n);

  gdk_cairo_set_source_rgba (cr, colour);
  cairo_set_tolerance (cr, 0.5);
  for (int turn = -2; turn <= 2; turn++)
    {
      cairo_save (cr);
      cairo_translate (cr, self->width / 2.0, self->height / 2.0);
      cairo_scale (cr, scale, scale);
      cairo_translate (cr, turn - frame->centre.x, -frame->centre.y);
      for (guint i = 0; i < n; i++)
        if (is_seen (&outlines[i], frame, self->height / scale, turn))
          draw_outline (cr, &outlines[i], points);
      cairo_restore (cr);
    }
  cairo_fill (cr);
}

static void
draw_way (cairo_t *cr, const AditMapPoint *from, const AditMapPoint *to)
{
  double top = MIN (from->y, to->y) - ABS (to->x - from->x) / 5;

  cairo_move_to (cr, from->x, from->y);
  cairo_curve_to (cr, from->x, top, to->x, top, to->x, to->y);
  cairo_stroke (cr);
}

static void
draw_ring (cairo_t *cr, const AditMapPoint *at, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, at->x, at->y, radius, 0, 2 * G_PI);
}

/* Told by form: a full dot in a ring is where it leaves, a full dot where it enters, an empty one where it would go; a wide ring
 * is somewhere in a country, of dashes where it would go. */
static void
draw_mark (cairo_t *cr, const AditMark *mark, const AditMapPoint *at, gboolean is_connected, gboolean is_exit)
{
  static const double dashes[] = { 5, 4 };

  if (mark->kind == ADIT_MARK_COUNTRY)
    {
      cairo_set_dash (cr, dashes, is_connected ? 0 : G_N_ELEMENTS (dashes), 0);
      draw_ring (cr, at, COUNTRY_RADIUS);
      cairo_stroke (cr);
      cairo_set_dash (cr, NULL, 0, 0);
      return;
    }
  draw_ring (cr, at, DOT_RADIUS);
  if (is_connected)
    cairo_fill (cr);
  if (is_connected && is_exit)
    draw_ring (cr, at, EXIT_RADIUS);
  cairo_stroke (cr);
}

static void
draw_marks (AditMapView *self, cairo_t *cr, const AditMapFrame *frame)
{
  const AditMarks *marks = &self->marks;
  AditMapPoint exit_at = adit_map_frame_place (frame, &marks->exit.point, self->width, self->height);
  AditMapPoint entry_at = adit_map_frame_place (frame, &marks->entry.point, self->width, self->height);
  const char *name = gtk_widget_has_css_class (GTK_WIDGET (self), "contrast") ? "window_fg_color" : "accent_color";
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), name, &colour))
    gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &colour);
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_set_line_width (cr, STROKE);
  if (marks->entry.kind != ADIT_MARK_NONE && marks->exit.kind != ADIT_MARK_NONE)
    draw_way (cr, &entry_at, &exit_at);
  if (marks->entry.kind != ADIT_MARK_NONE)
    draw_mark (cr, &marks->entry, &entry_at, marks->is_connected, FALSE);
  if (marks->exit.kind != ADIT_MARK_NONE)
    draw_mark (cr, &marks->exit, &exit_at, marks->is_connected, TRUE);
}

static void
adit_map_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AditMapView *self = ADIT_MAP_VIEW (widget);
  AditMapFrame frame = adit_map_frame_mix (&self->from, &self->to, self->share);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) self->width, (float) self->height);
  GdkRGBA land;
  cairo_t *cr;

  if (self->outlines == NULL || self->width <= 0 || self->height <= 0)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &land);
  gtk_snapshot_push_clip (snapshot, &bounds);
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  draw_land (self, cr, &frame, &land);
  draw_marks (self, cr, &frame);
  cairo_destroy (cr);
  gtk_snapshot_pop (snapshot);
}

/* --- What is seen ---------------------------------------------------------------------------------------------------------- */

static AditMapFrame
find_frame (AditMapView *self)
{
  const AditMark *marks[] = { &self->marks.exit, &self->marks.entry };
  AditMapPoint points[G_N_ELEMENTS (marks)];
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (marks[i]->kind != ADIT_MARK_NONE)
      points[n++] = marks[i]->point;
  return adit_map_frame_fit (points, n, (double) self->width / self->height);
}

static void
on_moved (double share, AditMapView *self)
{
  self->share = share;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* From where it is now, also in the middle of another journey. */
static void
go (AditMapView *self, gboolean at_once)
{
  AditMapFrame to;

  if (self->width <= 0 || self->height <= 0)
    return;
  to = find_frame (self);
  if (!at_once && adit_map_frame_equal (&to, &self->to))
    return;
  self->from = adit_map_frame_mix (&self->from, &self->to, self->share);
  self->to = to;
  adw_animation_reset (self->journey);
  if (at_once)
    on_moved (1, self);
  else
    adw_animation_play (self->journey);    /* libadwaita skips it where the desktop wants no animations */
}

static void
refresh (AditMapView *self)
{
  const AditStatus *status = adit_mirror_get_status (self->mirror);
  const AditPlace *wanted = adit_mirror_get_profile (self->mirror) == NULL ? adit_mirror_get_place (self->mirror) : NULL;
  g_autofree char *words = NULL;
  AditMarks marks;

  if (self->outlines == NULL)
    return;
  adit_marks_find (&marks, status, wanted, adit_mirror_get_list (self->mirror), self->outlines);
  words = adit_marks_dup_words (&marks, status);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  if (adit_marks_equal (&marks, &self->marks))
    return;
  self->marks = marks;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  go (self, FALSE);
}

/* --- The widget ------------------------------------------------------------------------------------------------------------ */

static void
adit_map_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AditMapView *self = ADIT_MAP_VIEW (widget);

  if (width == self->width && height == self->height)
    return;
  self->width = width;
  self->height = height;
  go (self, TRUE);
}

static void
show_contrast (AditMapView *self)
{
  if (adw_style_manager_get_high_contrast (adw_style_manager_get_default ()))
    gtk_widget_add_css_class (GTK_WIDGET (self), "contrast");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "contrast");
}

static void
adit_map_view_dispose (GObject *object)
{
  AditMapView *self = ADIT_MAP_VIEW (object);

  g_clear_object (&self->journey);
  g_clear_object (&self->mirror);
  g_clear_pointer (&self->outlines, adit_outlines_free);
  G_OBJECT_CLASS (adit_map_view_parent_class)->dispose (object);
}

static void
adit_map_view_class_init (AditMapViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_map_view_dispose;
  widget_class->snapshot = adit_map_view_snapshot;
  widget_class->size_allocate = adit_map_view_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "adit-map");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
adit_map_view_init (AditMapView *self)
{
  g_autoptr (GBytes) bytes = g_resources_lookup_data ("/org/aditvpn/Adit/world.map", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GError) error = NULL;

  if (bytes != NULL)
    self->outlines = adit_outlines_new (bytes, &error);
  if (self->outlines == NULL)
    g_warning ("%s", error != NULL ? error->message : "there is no map");
  self->from = self->to = adit_map_frame_fit (NULL, 0, 2);
  self->share = 1;
  self->journey = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, TRAVEL_MS,
                                           adw_callback_animation_target_new ((AdwAnimationTargetFunc) on_moved, self, NULL));
  g_object_ref_sink (self->journey);
  adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->journey), ADW_EASE_IN_OUT_CUBIC);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast", G_CALLBACK (show_contrast), self,
                           G_CONNECT_SWAPPED);
  show_contrast (self);
}

/**
 * adit_map_view_set_mirror:
 * @self: a map
 * @mirror: of whose connection it marks the places, from now on and for good
 */
void
adit_map_view_set_mirror (AditMapView *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
  g_signal_connect_object (mirror, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (mirror, "list-changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  refresh (self);
}
