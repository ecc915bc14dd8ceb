/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-group.c: asked for while it is on the screen; what was shown is forgotten when it is not. */
#include "config.h"
#include "ui/log-group.h"

#include <glib/gi18n.h>

#include "client/api/explain.h"
#include "client/api/log-answer.h"

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
  GPtrArray         *lines;     /* (element-type AditLogLine): as many as the helper keeps */
  guint              source;    /* while it is on the screen */
  gboolean           asking;
};

G_DEFINE_FINAL_TYPE (AditLogGroup, adit_log_group, ADW_TYPE_PREFERENCES_GROUP)

/* In the order of the choices: the least pressing that is shown. */
static const AditLogLevel least[] = { ADIT_LOG_DEBUG, ADIT_LOG_NOTICE, ADIT_LOG_WARNING };

static guint64
get_last (AditLogGroup *self)
{
  return self->lines->len > 0 ? ((AditLogLine *) self->lines->pdata[self->lines->len - 1])->number : 0;
}

/* Whoever has scrolled up reads there, and is not taken away from it. */
static gboolean
is_at_end (AditLogGroup *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) >=
         gtk_adjustment_get_upper (adjustment) - 1;
}

static void
append (AditLogGroup *self, const AditLogLine *line)
{
  guint which = MIN (adw_combo_row_get_selected (self->level), G_N_ELEMENTS (least) - 1);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  g_autofree char *text = NULL;
  GtkTextIter end;

  if (line->level > least[which])
    return;
  text = adit_log_answer_dup_line (line);
  gtk_text_buffer_get_end_iter (buffer, &end);
  if (!gtk_text_iter_is_start (&end))
    gtk_text_buffer_insert (buffer, &end, "\n", 1);
  gtk_text_buffer_insert (buffer, &end, text, -1);
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
show_all (AditLogGroup *self)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->view), "", 0);
  for (guint i = 0; i < self->lines->len; i++)
    append (self, self->lines->pdata[i]);
  gtk_button_set_label (self->copy, _("Copy the Log"));
  show_state (self, _("No such line yet."));
  gtk_text_view_scroll_mark_onscreen (self->view, self->end);
}

static void
take (AditLogGroup *self, GPtrArray *lines)
{
  gboolean follows = is_at_end (self);

  for (guint i = 0; i < lines->len; i++)
    {
      append (self, lines->pdata[i]);
      g_ptr_array_add (self->lines, g_steal_pointer (&lines->pdata[i]));
    }
  if (self->lines->len > ADIT_LOG_RING_MAX_LINES)
    {
      g_ptr_array_remove_range (self->lines, 0, self->lines->len - ADIT_LOG_RING_MAX_LINES);
      show_all (self);
    }
  if (lines->len == 0)
    return;
  gtk_button_set_label (self->copy, _("Copy the Log"));
  show_state (self, _("No such line yet."));
  if (follows)
    gtk_text_view_scroll_mark_onscreen (self->view, self->end);
}

/* What was known of another helper, or for another person, is not shown beside why nothing new comes. */
static void
show_refusal (AditLogGroup *self, const GError *error)
{
  AditExplanation words;

  adit_explain_error (error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED, &words);
  g_ptr_array_set_size (self->lines, 0);
  show_all (self);
  show_state (self, words.what);
}

static void
on_lines (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AditLogGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = adit_mirror_get_log_finish (ADIT_MIRROR (source), result, &error);

  self->asking = FALSE;
  if (self->mirror == NULL || self->source == 0)
    return;
  if (lines != NULL)
    take (self, lines);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_refusal (self, error);
}

static gboolean
on_due (gpointer user_data)
{
  AditLogGroup *self = user_data;

  if (!self->asking)
    {
      self->asking = TRUE;
      adit_mirror_get_log_async (self->mirror, get_last (self), on_lines, g_object_ref (self));
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
  g_ptr_array_set_size (self->lines, 0);
  show_all (self);
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
  g_ptr_array_unref (ADIT_LOG_GROUP (object)->lines);
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
  gtk_widget_class_bind_template_callback (widget_class, show_all);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
}

static void
adit_log_group_init (AditLogGroup *self)
{
  GtkTextBuffer *buffer;
  GtkTextIter end;

  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_log_line_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = gtk_text_view_get_buffer (self->view);
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
