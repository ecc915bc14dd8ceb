/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log-text.c: what is full loses its oldest lines, and what is left of the text stays where it is: somebody may be reading it. */
#include "config.h"
#include "ui/log-text.h"

#include "client/api/log-answer.h"

struct _AditLogText
{
  GtkTextBuffer *buffer;
  GPtrArray     *lines;    /* (element-type AditLogLine): as many as the helper keeps, also those that are not shown */
  AditLogLevel   least;
};

static void
append (AditLogText *self, const AditLogLine *line)
{
  g_autofree char *text = NULL;
  GtkTextIter end;

  if (line->level > self->least)
    return;
  text = adit_log_answer_dup_line (line);
  gtk_text_buffer_get_end_iter (self->buffer, &end);
  if (!gtk_text_iter_is_start (&end))
    gtk_text_buffer_insert (self->buffer, &end, "\n", 1);
  gtk_text_buffer_insert (self->buffer, &end, text, -1);
}

static void
show_all (AditLogText *self)
{
  gtk_text_buffer_set_text (self->buffer, "", 0);
  for (guint i = 0; i < self->lines->len; i++)
    append (self, self->lines->pdata[i]);
}

static void
drop_oldest (AditLogText *self, guint n)
{
  GtkTextIter start, end;
  int n_shown = 0;

  for (guint i = 0; i < n; i++)
    n_shown += ((AditLogLine *) self->lines->pdata[i])->level <= self->least;
  gtk_text_buffer_get_start_iter (self->buffer, &start);
  end = start;
  gtk_text_iter_forward_lines (&end, n_shown);
  gtk_text_buffer_delete (self->buffer, &start, &end);
  g_ptr_array_remove_range (self->lines, 0, n);
}

/**
 * adit_log_text_new:
 * @buffer: where the lines are shown; nobody else writes there
 *
 * Returns: (transfer full): no line yet; of every level they will be shown
 */
AditLogText *
adit_log_text_new (GtkTextBuffer *buffer)
{
  AditLogText *self = g_new0 (AditLogText, 1);

  self->buffer = g_object_ref (buffer);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) adit_log_line_free);
  self->least = ADIT_LOG_DEBUG;
  return self;
}

/**
 * adit_log_text_free:
 * @self: (nullable): lines; the text stays in the buffer
 */
void
adit_log_text_free (AditLogText *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->lines);
  g_object_unref (self->buffer);
  g_free (self);
}

/**
 * adit_log_text_set_least:
 * @self: lines
 * @least: the least pressing that is shown
 */
void
adit_log_text_set_least (AditLogText *self, AditLogLevel least)
{
  self->least = least;
  show_all (self);
}

/**
 * adit_log_text_take:
 * @self: lines
 * @lines: (element-type AditLogLine): those that come after them; it is left empty
 */
void
adit_log_text_take (AditLogText *self, GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    {
      append (self, lines->pdata[i]);
      g_ptr_array_add (self->lines, g_steal_pointer (&lines->pdata[i]));
    }
  g_ptr_array_set_size (lines, 0);
  if (self->lines->len > ADIT_LOG_RING_MAX_LINES)
    drop_oldest (self, self->lines->len - ADIT_LOG_RING_MAX_LINES);
}

/**
 * adit_log_text_clear:
 * @self: lines, of which none is kept or shown any more
 */
void
adit_log_text_clear (AditLogText *self)
{
  g_ptr_array_set_size (self->lines, 0);
  show_all (self);
}

/**
 * adit_log_text_get_last:
 * @self: lines
 *
 * Returns: the number of the last one; 0: there is none
 */
guint64
adit_log_text_get_last (AditLogText *self)
{
  return self->lines->len > 0 ? ((AditLogLine *) self->lines->pdata[self->lines->len - 1])->number : 0;
}
