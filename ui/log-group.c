/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-group.c: asked for while it is on the screen; what was shown is forgotten when it is not. */
#include "config.h"
#include "ui/log-group.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "ui/log-text.h"

#define EACH_MS 1000    /* a person sees it come; the helper answers in less than a thousandth of that */

struct _AditLogGroup
{
  AdwPreferencesGroup parent_instance;
  AditMirror        *mirror;
  GtkButton         *copy;
  AdwComboRow       *level;
  GtkStack          *stack;
  GtkLabel          *none;
  GtkScrolledWindow *scrolled;
  GtkTextView       *view;
  GtkTextMark       *end;       /* the buffer's */
  AditLogText       *text;
  guint              source;    /* while it is on the screen */
  guint              n_shown;   /* times that it has been there: an answer from the time before is not all of it */
  gboolean           asking;
};

typedef struct
{
  AditLogGroup *group;
  guint         n_shown;
} Asked;

G_DEFINE_FINAL_TYPE (AditLogGroup, adit_log_group, ADW_TYPE_PREFERENCES_GROUP)

/* In the order of the choices: the least pressing that is shown. */
static const AditLogLevel least[] = { ADIT_LOG_DEBUG, ADIT_LOG_NOTICE, ADIT_LOG_WARNING };

/* Whoever has scrolled up reads there, and is not taken away from it. */
static gboolean
is_at_end (AditLogGroup *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - 1;
}

static void
show_state (AditLogGroup *self, const char *none)
{
  gboolean has_text = gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (self->view)) > 0;

  gtk_label_set_label (self->none, none);
  gtk_stack_set_visible_child_name (self->stack, has_text ? "lines" : "none");
  gtk_widget_set_sensitive (GTK_WIDGET (self->copy), has_text);
}

static void
show_changed (AditLogGroup *self)
{
  gtk_button_set_label (self->copy, _("Copy the Log"));
  show_state (self, _("No such line yet."));
}

static void
clear (AditLogGroup *self)
{
  adit_log_text_clear (self->text);
  show_changed (self);
}

static void
on_level (AditLogGroup *self)
{
  adit_log_text_set_least (self->text, least[MIN (adw_combo_row_get_selected (self->level), G_N_ELEMENTS (least) - 1)]);
  show_changed (self);
  gtk_text_view_scroll_mark_onscreen (self->view, self->end);
}

static void
take (AditLogGroup *self, GPtrArray *lines)
{
  gboolean follows = is_at_end (self);

  if (lines->len == 0)
    return;
  adit_log_text_take (self->text, lines);
  show_changed (self);
  if (follows)
    gtk_text_view_scroll_mark_onscreen (self->view, self->end);
}

/* What was known of another helper, or for another person, is not shown beside why nothing new comes. */
static void
show_refusal (AditLogGroup *self, const GError *error)
{
  AditExplanation words;

  adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
  clear (self);
  show_state (self, words.what);
}

static void
on_lines (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Asked *asked = user_data;
  g_autoptr (AditLogGroup) self = asked->group;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = adit_mirror_get_log_finish (ADIT_MIRROR (source), result, &error);

  if (self->mirror == NULL || asked->n_shown != self->n_shown)
    return;
  self->asking = FALSE;
  if (lines != NULL)
    take (self, lines);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_refusal (self, error);
}

static gboolean
on_due (gpointer user_data)
{
  AditLogGroup *self = user_data;
  Asked *asked;

  if (!self->asking)
    {
      asked = g_new (Asked, 1);
      *asked = (Asked) { g_object_ref (self), self->n_shown };
      self->asking = TRUE;
      adit_mirror_get_log_async (self->mirror, adit_log_text_get_last (self->text), on_lines, asked);
    }
  return G_SOURCE_CONTINUE;
}

static void
on_copy_clicked (AditLogGroup *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_button_set_label (self->copy, _("Copied"));
}

static void
adit_log_group_map (GtkWidget *widget)
{
  AditLogGroup *self = ADIT_LOG_GROUP (widget);

  GTK_WIDGET_CLASS (adit_log_group_parent_class)->map (widget);
  if (self->source == 0 && self->mirror != NULL)
    {
      self->source = g_timeout_add (EACH_MS, on_due, self);
      on_due (self);
    }
}

static void
adit_log_group_unmap (GtkWidget *widget)
{
  AditLogGroup *self = ADIT_LOG_GROUP (widget);

  g_clear_handle_id (&self->source, g_source_remove);
  self->n_shown++;
  self->asking = FALSE;
  clear (self);
  GTK_WIDGET_CLASS (adit_log_group_parent_class)->unmap (widget);
}

static void
adit_log_group_dispose (GObject *object)
{
  AditLogGroup *self = ADIT_LOG_GROUP (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_object (&self->mirror);
  G_OBJECT_CLASS (adit_log_group_parent_class)->dispose (object);
}

static void
adit_log_group_finalize (GObject *object)
{
  adit_log_text_free (ADIT_LOG_GROUP (object)->text);
  G_OBJECT_CLASS (adit_log_group_parent_class)->finalize (object);
}

static void
adit_log_group_class_init (AditLogGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = adit_log_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = adit_log_group_finalize;
  widget_class->map = adit_log_group_map;
  widget_class->unmap = adit_log_group_unmap;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/aditvpn/Adit/log-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AditLogGroup, copy);
  gtk_widget_class_bind_template_child (widget_class, AditLogGroup, level);
  gtk_widget_class_bind_template_child (widget_class, AditLogGroup, stack);
  gtk_widget_class_bind_template_child (widget_class, AditLogGroup, none);
  gtk_widget_class_bind_template_child (widget_class, AditLogGroup, scrolled);
  gtk_widget_class_bind_template_child (widget_class, AditLogGroup, view);
  gtk_widget_class_bind_template_callback (widget_class, on_level);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
}

static void
adit_log_group_init (AditLogGroup *self)
{
  GtkTextBuffer *buffer;
  GtkTextIter end;

  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = gtk_text_view_get_buffer (self->view);
  self->text = adit_log_text_new (buffer);
  gtk_text_buffer_get_end_iter (buffer, &end);
  self->end = gtk_text_buffer_create_mark (buffer, NULL, &end, FALSE);
  show_state (self, _("No such line yet."));
}

/**
 * adit_log_group_set_mirror:
 * @self: a group that is not yet on the screen
 * @mirror: who is asked, from now on and for good
 */
void
adit_log_group_set_mirror (AditLogGroup *self, AditMirror *mirror)
{
  g_assert (self->mirror == NULL);
  self->mirror = g_object_ref (mirror);
}
