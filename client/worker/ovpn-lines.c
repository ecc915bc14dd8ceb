/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-lines.c: lines into events.  Each kind of line is one row of a table; what has none is passed over, and what asks for
 * anything that openvpn was not told of ends the try.  The protocol: doc/management-notes.txt of OpenVPN 2.6. */
#include "client/worker/ovpn-management-private.h"

#include <string.h>

#define STATE_FIELDS 9    /* of a state's line */

/**
 * adit_ovpn_management_end_for_nonsense:
 * @self: a talk
 *
 * For what openvpn never says: then it is not openvpn any more.
 */
void
adit_ovpn_management_end_for_nonsense (AditOvpnManagement *self)
{
  adit_ovpn_management_end (self, ADIT_ERROR_TUNNEL_FAILED, "openvpn said what it does not say");
}

static gboolean
read_number (const char *text, guint64 max, guint64 *number)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, number, NULL);
}

/* The first release lets it begin; where it would begin again, a fresh process does. */
static void
take_hold (AditOvpnManagement *self, const char *text)
{
  static const char waiting[] = "Waiting for hold release:";
  static const AditOvpnReason again = { ADIT_ERROR_TUNNEL_FAILED, "openvpn would have begun anew" };
  guint64 pause_s;

  if (!g_str_has_prefix (text, waiting) || !read_number (text + strlen (waiting), G_MAXUINT32, &pause_s))
    adit_ovpn_management_end_for_nonsense (self);
  else if (!self->released && pause_s == 0)
    {
      self->released = TRUE;
      adit_ovpn_management_say (self, "hold release\n");
    }
  else
    adit_ovpn_management_end_for (self, self->reason != NULL ? self->reason : &again, (guint) MIN (pause_s, G_MAXUINT));
}

/* Only where the launch said.  Behind a proxy openvpn names the proxy, to which its own connection goes. */
static gboolean
is_our_remote (AditOvpnManagement *self, const char *host, const char *port)
{
  const AditEndpoint *ends[] = { &self->answers.remote, &self->answers.proxy };
  AditAddress address;
  guint64 number;

  if (!adit_address_parse (host, &address) || !read_number (port, G_MAXUINT16, &number))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    if (adit_endpoint_is_valid (ends[i]) && adit_address_equal (&ends[i]->address, &address) && ends[i]->port == number)
      return TRUE;
  return FALSE;
}

static void
take_connected (AditOvpnManagement *self, char *const *fields)
{
  if (!self->assigned || self->connected || self->restarting || !g_str_equal (fields[2], "SUCCESS"))
    adit_ovpn_management_end (self, ADIT_ERROR_TUNNEL_FAILED, "openvpn could not set the tunnel up");
  else if (!is_our_remote (self, fields[4], fields[5]))
    adit_ovpn_management_end (self, ADIT_ERROR_TUNNEL_FAILED, "openvpn is connected to another server than it was told");
  else
    {
      self->connected = TRUE;
      self->reason = NULL;
      adit_ovpn_management_add_event (self, ADIT_OVPN_CONNECTED);
    }
}

/* What the log said explains a handshake that failed.  An end of another kind explains itself. */
static const AditOvpnReason *
get_reason (AditOvpnManagement *self, const char *word)
{
  static const char *const explained[] = { "tls-error", "connection-failed", "connection-reset", "init_instance",
                                             "HTTP proxy error", "socks-error" };

  for (gsize i = 0; self->reason != NULL && i < G_N_ELEMENTS (explained); i++)
    if (g_str_equal (word, explained[i]))
      return self->reason;
  return adit_ovpn_reason_find_signal (word);
}

/* TIME,NAME,WORD,IPv4,REMOTE,PORT,LOCAL,PORT,IPv6 */
static void
take_state (AditOvpnManagement *self, const char *text)
{
  g_auto (GStrv) fields = g_strsplit (text, ",", STATE_FIELDS);
  guint n = g_strv_length (fields);

  if (n < 3)
    adit_ovpn_management_end_for_nonsense (self);
  else if (g_str_equal (fields[1], "CONNECTED") && n < 6)
    adit_ovpn_management_end_for_nonsense (self);
  else if (g_str_equal (fields[1], "CONNECTED"))
    take_connected (self, fields);
  else if (g_str_equal (fields[1], "AUTH") && !self->heard && !self->restarting)
    {
      self->heard = TRUE;
      if (self->mistaken)
        self->reason = NULL;    /* it was somebody else's word */
      self->mistaken = FALSE;
      adit_ovpn_management_add_event (self, ADIT_OVPN_HEARD);
    }
  else if (g_str_equal (fields[1], "EXITING") && self->restarting && self->reason != NULL)
    adit_ovpn_management_end_for (self, self->reason, 0);
  else if (g_str_equal (fields[1], "EXITING"))
    adit_ovpn_management_end_for (self, get_reason (self, fields[2]), 0);
  else if (g_str_equal (fields[1], "RECONNECTING"))
    adit_ovpn_management_restart (self, get_reason (self, fields[2]));
}

static void
take_count (AditOvpnManagement *self, const char *text)
{
  g_auto (GStrv) fields = g_strsplit (text, ",", 3);
  guint64 received, sent;
  AditOvpnEvent *event;

  if (g_strv_length (fields) != 2 || !read_number (fields[0], G_MAXINT64, &received) ||
      !read_number (fields[1], G_MAXINT64, &sent))
    {
      adit_ovpn_management_end_for_nonsense (self);
      return;
    }
  if (!self->connected)
    return;
  event = adit_ovpn_management_add_event (self, ADIT_OVPN_COUNTED);
  event->received_bytes = received;
  event->sent_bytes = sent;
}

static void
finish_environment (AditOvpnManagement *self)
{
  g_autoptr (GError) error = NULL;
  AditOvpnAssigned assigned;

  if (!adit_ovpn_environment_finish (&self->environment, &assigned, &error))
    {
      adit_ovpn_management_end (self, ADIT_ERROR_SERVICE_NONSENSE, "The server assigned no address, or no packet size");
      return;
    }
  self->assigned = TRUE;
  adit_ovpn_management_add_event (self, ADIT_OVPN_ASSIGNED)->assigned = assigned;
}

/* UP or DOWN, then ENV,NAME=VALUE for each variable, then ENV,END. */
static void
take_updown (AditOvpnManagement *self, const char *text)
{
  static const char env[] = "ENV,";
  const char *equals;
  g_autofree char *name = NULL;

  if (!g_str_has_prefix (text, env))
    {
      self->block = g_str_equal (text, "UP") ? ADIT_OVPN_UP_BLOCK : ADIT_OVPN_OTHER_BLOCK;
      if (self->block == ADIT_OVPN_UP_BLOCK && (self->assigned || !self->released || self->restarting))
        adit_ovpn_management_end_for_nonsense (self);
      memset (&self->environment, 0, sizeof self->environment);
      self->n_env_lines = 0;
      return;
    }
  text += strlen (env);
  if (g_str_equal (text, "END"))
    {
      if (self->block == ADIT_OVPN_UP_BLOCK && self->restarting)
        adit_ovpn_management_end_for_nonsense (self);
      else if (self->block == ADIT_OVPN_UP_BLOCK)
        finish_environment (self);
      self->block = ADIT_OVPN_NO_BLOCK;
      return;
    }
  equals = strchr (text, '=');
  if (self->block == ADIT_OVPN_NO_BLOCK || ++self->n_env_lines > ADIT_OVPN_ENV_MAX_LINES || equals == NULL)
    {
      adit_ovpn_management_end_for_nonsense (self);
      return;
    }
  name = g_strndup (text, (gsize) (equals - text));
  if (self->block == ADIT_OVPN_UP_BLOCK && !adit_ovpn_environment_set (&self->environment, name, equals + 1, NULL))
    adit_ovpn_management_end (self, ADIT_ERROR_SERVICE_NONSENSE, "What the server assigned inside the tunnel cannot be used");
}

/* It is asked for only with --management-query-remote, which we do not write; an answer of another kind would move openvpn. */
static void
take_remote (AditOvpnManagement *self, const char *text)
{
  g_auto (GStrv) fields = g_strsplit (text, ",", 4);

  if (g_strv_length (fields) == 3 && is_our_remote (self, fields[0], fields[1]) &&
      g_str_has_prefix (fields[2], self->answers.tcp ? "tcp" : "udp"))
    adit_ovpn_management_say (self, "remote ACCEPT\n");
  else
    adit_ovpn_management_end (self, ADIT_ERROR_TUNNEL_FAILED, "openvpn would go to another server than it was told");
}

static void
take_fatal (AditOvpnManagement *self, const char *text)
{
  adit_ovpn_management_end_for (self, adit_ovpn_reason_find_fatal (text), 0);
}

/* TIME,FLAGS,TEXT.  The first explanation stays, unless it only said that nothing came of it. */
static void
take_log (AditOvpnManagement *self, const char *text)
{
  const char *message = strchr (text, ',');
  const AditOvpnReason *reason;

  message = message != NULL ? strchr (message + 1, ',') : NULL;
  if (message == NULL || self->restarting)
    return;
  reason = adit_ovpn_reason_find_in_log (message + 1);
  if (reason != NULL && (self->reason == NULL || self->reason->error == ADIT_ERROR_NO_HANDSHAKE) &&
      !(self->reason != NULL && reason->error == ADIT_ERROR_NO_HANDSHAKE))
    self->reason = reason;
  if (!self->heard && !self->mistaken && g_str_has_prefix (message + 1, ADIT_OVPN_REASON_MISTAKEN))
    {
      self->mistaken = TRUE;
      adit_ovpn_management_add_event (self, ADIT_OVPN_MISTAKEN);
    }
}

static void
take_unwanted (AditOvpnManagement *self, const char *text)
{
  adit_ovpn_management_end (self, ADIT_ERROR_TUNNEL_FAILED, "openvpn asks for what it was not told of");
}

static void
take_refusal (AditOvpnManagement *self, const char *text)
{
  adit_ovpn_management_end (self, ADIT_ERROR_TUNNEL_FAILED, "openvpn refused what it was told");
}

/* Of what we say the last two are looked at.  openvpn answers before it sends, in each of its rounds (forward.c, process_io()),
 * so that the farewell may not have left when the signal is answered, but has when the next command is. */
static void
take_success (AditOvpnManagement *self, const char *text)
{
  static const AditOvpnReason left = { ADIT_ERROR_TUNNEL_FAILED, "openvpn was told to end" };

  if (!self->leaving)
    return;
  if (g_str_has_prefix (text, " " ADIT_OVPN_SIGNAL_TERM))
    adit_ovpn_management_say (self, "pid\n");
  else if (g_str_has_prefix (text, " pid="))
    adit_ovpn_management_end_for (self, &left, 0);
}

static const struct { const char *beginning; void (*take) (AditOvpnManagement *self, const char *text); } kinds[] = {
  { ">BYTECOUNT:", take_count },
  { ">FATAL:", take_fatal },
  { ">HOLD:", take_hold },
  { ">INFOMSG:", adit_ovpn_management_take_message },
  { ">LOG:", take_log },
  { ">NEED-CERTIFICATE:", take_unwanted },
  { ">NEED-OK:", take_unwanted },
  { ">NEED-STR:", take_unwanted },
  { ">PASSWORD:", adit_ovpn_management_take_password },
  { ">PK_SIGN:", take_unwanted },
  { ">PROXY:", take_unwanted },
  { ">REMOTE:", take_remote },
  { ">RSA_SIGN:", take_unwanted },
  { ">STATE:", take_state },
  { ">UPDOWN:", take_updown },
  { "ERROR:", take_refusal },
  { "SUCCESS:", take_success },
};

/**
 * adit_ovpn_management_take_line:
 * @self: a talk that is not over
 * @line: what openvpn said, without the end of the line
 */
void
adit_ovpn_management_take_line (AditOvpnManagement *self, const char *line)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (line, kinds[i].beginning) && (!self->leaving || kinds[i].take == take_success))
      {
        kinds[i].take (self, line + strlen (kinds[i].beginning));
        return;
      }
}
