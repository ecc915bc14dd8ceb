/* SPDX-License-Identifier: GPL-2.0-or-later */
/* traffic-view.c: is told counts and draws them; it asks for none itself, so nothing runs where nobody tells it any. */
#include "config.h"
#include "ui/traffic-view.h"

#include <glib/gi18n.h>

#include "ui/throughput.h"

#define LINE       1.5    /* pixels */
#define AREA_ALPHA 0.15

struct _AditTrafficView
{
  AdwBin          parent_instance;
  GtkDrawingArea *graph;
  GtkInscription *down, *up;    /* their texts change without the page being laid out anew */
  AditThroughput  throughput;
  gboolean        is_flat;      /* nothing but zeros is drawn */
};

G_DEFINE_FINAL_TYPE (AditTrafficView, adit_traffic_view, ADW_TYPE_BIN)

/* The newest is at the end; before the first one there was nothing. */
static double
get_sample (AditTrafficView *self, const double *samples, guint i)
{
  guint n_before = ADIT_THROUGHPUT_MAX_SAMPLES - self->throughput.n_samples;

  return i < n_before ? 0 : samples[i - n_before];
}

static void
trace (AditTrafficView *self, cairo_t *cr, const double *samples, int width, int height)
{
  double ceiling = adit_throughput_get_ceiling (&self->throughput), step = (double) width / (ADIT_THROUGHPUT_MAX_SAMPLES - 1);

  cairo_new_path (cr);
  for (guint i = 0; i < ADIT_THROUGHPUT_MAX_SAMPLES; i++)
    cairo_line_to (cr, step * i, height - LINE - get_sample (self, samples, i) / ceiling * (height - 2 * LINE));
}

/* What came is a line with its area, what went a line of dashes. */
static void
draw (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  AditTrafficView *self = user_data;
  static const double dashes[] = { 3, 2 };
  GdkRGBA colour;

  if (gtk_widget_get_direction (GTK_WIDGET (area)) == GTK_TEXT_DIR_RTL)
    {
      cairo_translate (cr, width, 0);
      cairo_scale (cr, -1, 1);
    }
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &colour);
  cairo_set_line_width (cr, LINE);
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, colour.alpha * AREA_ALPHA);
  trace (self, cr, self->throughput.down, width, height);
  cairo_line_to (cr, width, height);
  cairo_line_to (cr, 0, height);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &colour);
  trace (self, cr, self->throughput.down, width, height);
  cairo_stroke (cr);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  trace (self, cr, self->throughput.up, width, height);
  cairo_stroke (cr);
}

static gboolean
is_flat (const AditThroughput *throughput)
{
  for (guint i = 0; i < throughput->n_samples; i++)
    if (throughput->down[i] > 0 || throughput->up[i] > 0)
      return FALSE;
  return TRUE;
}

static void
show (AditTrafficView *self)
{
  guint n = self->throughput.n_samples;
  g_autofree char *down_rate = adit_throughput_dup_rate (n > 0 ? self->throughput.down[n - 1] : 0);
  g_autofree char *up_rate = adit_throughput_dup_rate (n > 0 ? self->throughput.up[n - 1] : 0);
  /* Translators: how fast data comes in, such as "1.2 MB/s" */
  g_autofree char *down = g_strdup_printf (_("Down %s"), down_rate);
  /* Translators: how fast data goes out, such as "1.2 MB/s" */
  g_autofree char *up = g_strdup_printf (_("Up %s"), up_rate);
  gboolean was_flat = self->is_flat;

  if (g_strcmp0 (gtk_inscription_get_text (self->down), down) != 0)
    gtk_inscription_set_text (self->down, down);
  if (g_strcmp0 (gtk_inscription_get_text (self->up), up) != 0)
    gtk_inscription_set_text (self->up, up);
  self->is_flat = is_flat (&self->throughput);
  if (!self->is_flat || !was_flat)
    gtk_widget_queue_draw (GTK_WIDGET (self->graph));
}

static void
adit_traffic_view_class_init (AditTrafficViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/traffic-view.ui");
  gtk_widget_class_bind_template_child (widget_class, AditTrafficView, graph);
  gtk_widget_class_bind_template_child (widget_class, AditTrafficView, down);
  gtk_widget_class_bind_template_child (widget_class, AditTrafficView, up);
}

static void
adit_traffic_view_init (AditTrafficView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (self->graph, draw, self, NULL);
  show (self);
}

/**
 * adit_traffic_view_add:
 * @self: a view
 * @status: what has just been told
 */
void
adit_traffic_view_add (AditTrafficView *self, const AditStatus *status)
{
  adit_throughput_add (&self->throughput, g_get_monotonic_time (), status->received_bytes, status->sent_bytes);
  show (self);
}

/**
 * adit_traffic_view_clear:
 * @self: a view
 *
 * What comes is of another tunnel.
 */
void
adit_traffic_view_clear (AditTrafficView *self)
{
  if (self->throughput.at_us == 0)
    return;
  adit_throughput_clear (&self->throughput);
  show (self);
}
