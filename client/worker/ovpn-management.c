/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-management.c: cuts bytes into lines, and keeps events and output until they are fetched.  Its memory holds secrets for a
 * moment, and is wiped. */
#include "client/worker/ovpn-management-private.h"

#include <string.h>

/**
 * adit_ovpn_management_add_event:
 * @self: a talk
 * @kind: what has happened
 *
 * Returns: (transfer none): the event, to be filled in
 */
AditOvpnEvent *
adit_ovpn_management_add_event (AditOvpnManagement *self, AditOvpnEventKind kind)
{
  AditOvpnEvent *event = g_new0 (AditOvpnEvent, 1);

  event->kind = kind;
  g_queue_push_tail (&self->events, event);
  return event;
}

/**
 * adit_ovpn_management_restart:
 * @self: a talk
 * @reason: why openvpn is going to begin anew
 *
 * What it says next is for how long it rests before, and that ends the talk.
 */
void
adit_ovpn_management_restart (AditOvpnManagement *self, const AditOvpnReason *reason)
{
  self->reason = reason;
  self->connected = self->assigned = FALSE;
  if (!self->restarting)
    adit_ovpn_management_add_event (self, ADIT_OVPN_RESTARTING);
  self->restarting = TRUE;
}

/**
 * adit_ovpn_management_end_for:
 * @self: a talk
 * @reason: why
 * @pause_s: how long openvpn would have rested
 *
 * The last event.  What was still to be said is forgotten, and openvpn is asked to end.
 */
void
adit_ovpn_management_end_for (AditOvpnManagement *self, const AditOvpnReason *reason, guint pause_s)
{
  static const char last_word[] = ADIT_OVPN_SIGNAL_TERM "\n";

  if (!self->over)
    {
      AditOvpnEvent *event = adit_ovpn_management_add_event (self, ADIT_OVPN_ENDED);

      event->error = reason->error;
      event->sentence = reason->sentence;
      event->pause_s = MIN (pause_s, ADIT_OVPN_PAUSE_MAX_S);
    }
  self->over = TRUE;
  adit_ovpn_management_drop_output (self, self->output_length);
  memcpy (self->output, last_word, strlen (last_word));
  self->output_length = strlen (last_word);
}

/**
 * adit_ovpn_management_end:
 * @self: a talk
 * @code: what went wrong
 * @sentence: the same in words
 *
 * As adit_ovpn_management_end_for().
 */
void
adit_ovpn_management_end (AditOvpnManagement *self, AditError code, const char *sentence)
{
  const AditOvpnReason reason = { code, sentence };

  adit_ovpn_management_end_for (self, &reason, 0);
}

/**
 * adit_ovpn_management_say_bytes:
 * @self: a talk
 * @bytes: a command, or a part of one
 * @length: how many there are
 *
 * After the end nothing more is said.
 */
void
adit_ovpn_management_say_bytes (AditOvpnManagement *self, const void *bytes, gsize length)
{
  if (self->over)
    return;
  if (length > sizeof self->output - self->output_length)
    {
      /* Nothing that we say adds up to this, unless openvpn asks without listening. */
      adit_ovpn_management_end (self, ADIT_ERROR_TUNNEL_FAILED, "openvpn does not listen");
      return;
    }
  memcpy (self->output + self->output_length, bytes, length);
  self->output_length += length;
}

/**
 * adit_ovpn_management_say:
 * @self: a talk
 * @text: a command with its end of line, or a part of one
 */
void
adit_ovpn_management_say (AditOvpnManagement *self, const char *text)
{
  adit_ovpn_management_say_bytes (self, text, strlen (text));
}

static void
take_line (AditOvpnManagement *self)
{
  gsize length = self->line_length;

  if (length > 0 && self->line[length - 1] == '\r')
    length--;
  self->line[length] = '\0';
  if (strlen (self->line) == length)
    adit_ovpn_management_take_line (self, self->line);
  else
    adit_ovpn_management_end_for_nonsense (self);
  /* It may have been a token. */
  adit_wipe (self->line, self->line_length);
  self->line_length = 0;
}

/**
 * adit_ovpn_management_feed:
 * @self: a talk
 * @bytes: what came from openvpn, cut anywhere
 * @length: how many there are; the caller wipes them
 */
void
adit_ovpn_management_feed (AditOvpnManagement *self, const void *bytes, gsize length)
{
  const char *from = bytes;

  while (length > 0 && !self->over)
    {
      const char *end = memchr (from, '\n', length);
      gsize n = end != NULL ? (gsize) (end - from) : length;

      if (n > ADIT_OVPN_LINE_MAX_BYTES - self->line_length)
        {
          adit_ovpn_management_end_for_nonsense (self);
          return;
        }
      memcpy (self->line + self->line_length, from, n);
      self->line_length += n;
      if (end != NULL)
        {
          take_line (self);
          n++;
        }
      from += n;
      length -= n;
    }
}

/**
 * adit_ovpn_management_leave:
 * @self: a talk
 *
 * Asks openvpn to end, for good, also where the talk has ended for a reason of ours: it says farewell to its server then, and
 * rests for a second.  The talk is over as soon as that farewell is on its way.  Whatever else openvpn says is not looked at.
 */
void
adit_ovpn_management_leave (AditOvpnManagement *self)
{
  self->leaving = TRUE;
  if (self->over)
    self->over = FALSE;    /* its last word was the same */
  else
    adit_ovpn_management_say (self, ADIT_OVPN_SIGNAL_TERM "\n");
}

/**
 * adit_ovpn_management_is_over:
 * @self: a talk
 *
 * Returns: whether nothing that openvpn says matters any more
 */
gboolean
adit_ovpn_management_is_over (const AditOvpnManagement *self)
{
  return self->over;
}

/**
 * adit_ovpn_management_close:
 * @self: a talk
 *
 * To be called when openvpn has closed its end, or was waited for long enough.
 */
void
adit_ovpn_management_close (AditOvpnManagement *self)
{
  static const AditOvpnReason ended = { ADIT_ERROR_TUNNEL_FAILED, "openvpn ended by itself" };

  adit_ovpn_management_end_for (self, (self->restarting || self->mistaken) && self->reason != NULL ? self->reason : &ended, 0);
}

/**
 * adit_ovpn_management_take_event:
 * @self: a talk
 * @event: (out caller-allocates): the next thing that has happened; clear it afterwards
 *
 * Returns: %FALSE when there is none, and @event is %ADIT_OVPN_NOTHING
 */
gboolean
adit_ovpn_management_take_event (AditOvpnManagement *self, AditOvpnEvent *event)
{
  g_autofree AditOvpnEvent *first = g_queue_pop_head (&self->events);

  *event = first != NULL ? *first : (AditOvpnEvent) { 0 };
  return first != NULL;
}

/**
 * adit_ovpn_management_peek_output:
 * @self: a talk
 * @length: (out): how many bytes there are
 *
 * Returns: (transfer none): what is to be sent to openvpn; it may hold secrets
 */
const guint8 *
adit_ovpn_management_peek_output (AditOvpnManagement *self, gsize *length)
{
  *length = self->output_length;
  return self->output;
}

/**
 * adit_ovpn_management_drop_output:
 * @self: a talk
 * @length: how many of those bytes were sent
 */
void
adit_ovpn_management_drop_output (AditOvpnManagement *self, gsize length)
{
  g_return_if_fail (length <= self->output_length);
  self->output_length -= length;
  memmove (self->output, self->output + length, self->output_length);
  adit_wipe (self->output + self->output_length, length);
}

/**
 * adit_ovpn_event_clear:
 * @self: an event
 */
void
adit_ovpn_event_clear (AditOvpnEvent *self)
{
  g_clear_pointer (&self->secret, adit_secret_unref);
  adit_wipe (self, sizeof *self);
}

static AditSecret **
get_secret (AditOvpnAnswers *answers, guint i)
{
  AditSecret **const all[] = { &answers->username, &answers->password, &answers->token, &answers->answer, &answers->question,
                               &answers->passphrase, &answers->proxy_username, &answers->proxy_password };

  return i < G_N_ELEMENTS (all) ? all[i] : NULL;
}

/**
 * adit_ovpn_management_new:
 * @answers: what openvpn may be told
 *
 * Returns: (transfer full): a talk that has its first words ready
 */
AditOvpnManagement *
adit_ovpn_management_new (const AditOvpnAnswers *answers)
{
  AditOvpnManagement *self = g_new0 (AditOvpnManagement, 1);
  g_autofree char *count = g_strdup_printf ("bytecount %d\n", ADIT_OVPN_COUNT_EVERY_S);

  g_queue_init (&self->events);
  self->answers = *answers;
  for (guint i = 0; get_secret (&self->answers, i) != NULL; i++)
    if (*get_secret (&self->answers, i) != NULL)
      adit_secret_ref (*get_secret (&self->answers, i));
  adit_ovpn_management_say (self, "state on\nlog on\n");
  adit_ovpn_management_say (self, count);
  return self;
}

/**
 * adit_ovpn_management_free:
 * @self: (transfer full): a talk
 */
void
adit_ovpn_management_free (AditOvpnManagement *self)
{
  AditOvpnEvent event;

  while (adit_ovpn_management_take_event (self, &event))
    adit_ovpn_event_clear (&event);
  for (guint i = 0; get_secret (&self->answers, i) != NULL; i++)
    g_clear_pointer (get_secret (&self->answers, i), adit_secret_unref);
  adit_wipe (self, sizeof *self);
  g_free (self);
}
