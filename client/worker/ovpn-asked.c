/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-asked.c: what openvpn, or the server through it, wants to be told: names, passwords, answers.  Only here are secrets
 * written into a command, quoted, and only those that belong to the question. */
#include "client/worker/ovpn-management-private.h"

#include <string.h>

#define COMMAND_MAX_BYTES 1000    /* openvpn takes 1024: manage.c, command_line_new() */

/* Control characters would end the command and begin another. */
static gboolean
is_one_line (AditSecret *secret)
{
  gsize length;
  const guint8 *bytes = adit_secret_peek (secret, &length);

  for (gsize i = 0; i < length; i++)
    if (bytes[i] < 0x20 || bytes[i] == 0x7f)
      return FALSE;
  return TRUE;
}

static void
say_quoted (AditOvpnManagement *self, AditSecret *secret)
{
  gsize length;
  const guint8 *bytes = adit_secret_peek (secret, &length);

  for (gsize i = 0; i < length; i++)
    {
      if (bytes[i] == '"' || bytes[i] == '\\')
        adit_ovpn_management_say (self, "\\");
      adit_ovpn_management_say_bytes (self, bytes + i, 1);
    }
}

static void
say_base64 (AditOvpnManagement *self, AditSecret *secret)
{
  gsize length;
  const guint8 *bytes = adit_secret_peek (secret, &length);
  char *text = g_base64_encode (bytes, length);

  adit_ovpn_management_say (self, text);
  adit_wipe (text, strlen (text));
  g_free (text);
}

typedef enum { PLAIN, STATIC_ANSWER, DYNAMIC_ANSWER } Form;

/* COMMAND "KIND" "SECRET" */
static void
say_secret (AditOvpnManagement *self, const char *command, const char *kind, AditSecret *secret, Form form)
{
  gsize before = self->output_length;

  adit_ovpn_management_say (self, command);
  adit_ovpn_management_say (self, " \"");
  adit_ovpn_management_say (self, kind);
  adit_ovpn_management_say (self, "\" \"");
  if (form == PLAIN)
    say_quoted (self, secret);
  else if (form == STATIC_ANSWER)
    {
      adit_ovpn_management_say (self, "SCRV1:");
      say_base64 (self, secret);
      adit_ovpn_management_say (self, ":");
      say_base64 (self, self->answers.answer);
    }
  else
    {
      adit_ovpn_management_say (self, "CRV1::");
      say_quoted (self, self->answers.question);
      adit_ovpn_management_say (self, "::");
      say_quoted (self, self->answers.answer);
    }
  adit_ovpn_management_say (self, "\"\n");
  if (!self->over && self->output_length - before > COMMAND_MAX_BYTES)
    adit_ovpn_management_end (self, ADIT_ERROR_CREDENTIAL_MALFORMED, "A name or password is longer than openvpn takes");
}

static gboolean
can_be_said (AditOvpnManagement *self, AditSecret *secret, const char *missing)
{
  if (secret == NULL)
    adit_ovpn_management_end (self, ADIT_ERROR_CREDENTIAL_REFUSED, missing);
  else if (!is_one_line (secret))
    adit_ovpn_management_end (self, ADIT_ERROR_CREDENTIAL_MALFORMED, "A name or password is more than one line");
  return !self->over;
}

/* What a person may be shown of a stranger's words: one line that can be printed, or nothing. */
static void
copy_text (char *text, const char *from)
{
  if (strlen (from) >= ADIT_OVPN_CHALLENGE_MAX_BYTES || !g_utf8_validate (from, -1, NULL))
    return;
  for (const char *p = from; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);

      if (!g_unichar_isprint (c) || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
          type == G_UNICODE_PARAGRAPH_SEPARATOR)
        return;
    }
  memcpy (text, from, strlen (from));    /* NOLINT(bugprone-not-null-terminated-result): nothing but zeros before */
}

/* The talk's last event, in the place of an end: what comes next is a person's to say. */
static void
ask (AditOvpnManagement *self, const char *text, gboolean echo, AditSecret *secret)
{
  AditOvpnEvent *event = adit_ovpn_management_add_event (self, ADIT_OVPN_QUESTION);

  copy_text (event->text, text);
  event->echo = echo;
  event->secret = secret;
  self->over = TRUE;
  adit_ovpn_management_end (self, ADIT_ERROR_CREDENTIAL_REFUSED, "The server asks a question");
}

static void
give_login (AditOvpnManagement *self, Form form)
{
  static const char missing[] = "The server wants a user name and a password";
  AditOvpnAnswers *answers = &self->answers;

  if (answers->token != NULL && answers->username != NULL)
    {
      say_secret (self, "username", "Auth", answers->username, PLAIN);
      say_secret (self, "password", "Auth", answers->token, PLAIN);
      return;
    }
  if (!can_be_said (self, answers->username, missing) || !can_be_said (self, answers->password, missing) ||
      (form != PLAIN && !can_be_said (self, answers->answer, missing)) ||
      (form == DYNAMIC_ANSWER && !can_be_said (self, answers->question, missing)))
    return;
  say_secret (self, "username", "Auth", answers->username, PLAIN);
  say_secret (self, "password", "Auth", answers->password, form);
  self->answered |= form != PLAIN;
}

/* "SC:ECHO,TEXT".  An answer holds once: openvpn asks again when keys are made anew, and a second time it would be refused. */
static void
give_static_answer (AditOvpnManagement *self, const char *challenge)
{
  if ((challenge[0] != '0' && challenge[0] != '1') || challenge[1] != ',')
    adit_ovpn_management_end_for_nonsense (self);
  else if (self->answers.token == NULL && (self->answers.answer == NULL || self->answered))
    ask (self, challenge + 2, challenge[0] == '1', NULL);
  else
    give_login (self, STATIC_ANSWER);
}

static void
give_passphrase (AditOvpnManagement *self)
{
  if (can_be_said (self, self->answers.passphrase, "The private key needs a passphrase"))
    say_secret (self, "password", "Private Key", self->answers.passphrase, PLAIN);
}

static void
give_proxy_login (AditOvpnManagement *self, const char *kind)
{
  static const char missing[] = "The proxy wants a user name and a password";
  AditOvpnAnswers *answers = &self->answers;

  if (!adit_endpoint_is_valid (&answers->proxy))
    adit_ovpn_management_end_for_nonsense (self);
  else if (can_be_said (self, answers->proxy_username, missing) && can_be_said (self, answers->proxy_password, missing))
    {
      say_secret (self, "username", kind, answers->proxy_username, PLAIN);
      say_secret (self, "password", kind, answers->proxy_password, PLAIN);
    }
}

static void
take_need (AditOvpnManagement *self, const char *text)
{
  static const char challenge[] = "'Auth' username/password SC:";

  if (!self->released || self->restarting)
    adit_ovpn_management_end_for_nonsense (self);
  else if (g_str_equal (text, "'Auth' username/password"))
    give_login (self, self->answers.question != NULL && !self->answered ? DYNAMIC_ANSWER : PLAIN);
  else if (g_str_has_prefix (text, challenge))
    give_static_answer (self, text + strlen (challenge));
  else if (g_str_equal (text, "'Private Key' password"))
    give_passphrase (self);
  else if (g_str_equal (text, "'HTTP Proxy' username/password"))
    give_proxy_login (self, "HTTP Proxy");
  else if (g_str_equal (text, "'SOCKS Proxy' username/password"))
    give_proxy_login (self, "SOCKS Proxy");
  else
    adit_ovpn_management_end (self, ADIT_ERROR_TUNNEL_FAILED, "openvpn asks for what it was not told of");
}

static gboolean
has_flag (const char *flags, char flag)
{
  for (const char *p = flags; *p != '\0' && *p != ':'; p++)
    if (*p == flag && (p == flags || p[-1] == ',') && (p[1] == ',' || p[1] == ':'))
      return TRUE;
  return FALSE;
}

/* It goes back as it came, inside a command: one word of what can be seen. */
static gboolean
is_handle (const char *state)
{
  gsize length = strlen (state);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (state[i]))
      return FALSE;
  return length > 0 && length < ADIT_OVPN_CHALLENGE_MAX_BYTES;
}

/* "FLAGS:STATE:USER:TEXT", in brackets behind a failure. */
static void
take_dynamic_challenge (AditOvpnManagement *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);
  gsize length;

  if (g_strv_length (parts) != 4 || !is_handle (parts[1]))
    {
      adit_ovpn_management_end (self, ADIT_ERROR_SERVICE_NONSENSE, "The server asks a question that cannot be understood");
      return;
    }
  length = strlen (parts[3]);
  if (length >= 2 && g_str_equal (parts[3] + length - 2, "']"))
    parts[3][length - 2] = '\0';
  ask (self, parts[3], has_flag (text, 'E'), adit_secret_new (parts[1], strlen (parts[1])));
  adit_wipe (parts[1], strlen (parts[1]));
}

/* "'KIND'" or "'KIND' ['WORDS']" */
static void
take_failure (AditOvpnManagement *self, const char *text)
{
  static const char login[] = "'Auth'", words[] = " ['", dynamic[] = "CRV1:", temporary[] = "TEMP";
  static const AditOvpnReason passphrase = { ADIT_ERROR_CREDENTIAL_REFUSED, "The passphrase of the private key is wrong" };
  static const AditOvpnReason proxy = { ADIT_ERROR_CREDENTIAL_REFUSED, "The proxy does not take the user name and password" };

  if (g_str_has_prefix (text, "'Private Key'"))
    adit_ovpn_management_end_for (self, &passphrase, 0);
  else if (g_str_has_prefix (text, "'HTTP Proxy'") || g_str_has_prefix (text, "'SOCKS Proxy'"))
    adit_ovpn_management_end_for (self, &proxy, 0);
  else if (!g_str_has_prefix (text, login))
    adit_ovpn_management_end_for (self, adit_ovpn_reason_find_denial (""), 0);
  else
    {
      text += strlen (login);
      text += g_str_has_prefix (text, words) ? strlen (words) : 0;
      if (g_str_has_prefix (text, dynamic))
        take_dynamic_challenge (self, text + strlen (dynamic));
      else if (g_str_has_prefix (text, temporary))    /* how long openvpn rests for that it says with its restart */
        adit_ovpn_management_restart (self, adit_ovpn_reason_find_denial (text));
      else
        adit_ovpn_management_end_for (self, adit_ovpn_reason_find_denial (text), 0);
    }
}

/**
 * adit_ovpn_management_take_password:
 * @self: a talk
 * @text: what stands behind ">PASSWORD:"
 */
void
adit_ovpn_management_take_password (AditOvpnManagement *self, const char *text)
{
  static const char need[] = "Need ", failed[] = "Verification Failed: ", token[] = "Auth-Token:";

  if (g_str_has_prefix (text, need))
    take_need (self, text + strlen (need));
  else if (g_str_has_prefix (text, failed))
    take_failure (self, text + strlen (failed));
  else if (g_str_has_prefix (text, token))
    adit_ovpn_management_add_event (self, ADIT_OVPN_TOKEN)->secret = adit_secret_new (text + strlen (token),
                                                                                      strlen (text) - strlen (token));
  else
    adit_ovpn_management_end_for_nonsense (self);
}

/**
 * adit_ovpn_management_take_message:
 * @self: a talk
 * @text: what stands behind ">INFOMSG:": a server's word while it makes up its mind about a login
 */
void
adit_ovpn_management_take_message (AditOvpnManagement *self, const char *text)
{
  static const char question[] = "CR_TEXT:";
  const char *words;

  if (g_str_has_prefix (text, "WEB_AUTH:") || g_str_has_prefix (text, "OPEN_URL:"))
    {
      adit_ovpn_management_end (self, ADIT_ERROR_SERVICE_REFUSED,
                                "The server lets in only who signs in on a web page, which Adit does not do");
      return;
    }
  if (!g_str_has_prefix (text, question))
    return;
  text += strlen (question);
  words = strchr (text, ':');
  if (words == NULL)
    adit_ovpn_management_end (self, ADIT_ERROR_SERVICE_NONSENSE, "The server asks a question that cannot be understood");
  else if (self->answers.answer == NULL || self->answered)
    ask (self, words + 1, has_flag (text, 'E'), NULL);
  else
    {
      adit_ovpn_management_say (self, "cr-response ");
      say_base64 (self, self->answers.answer);
      adit_ovpn_management_say (self, "\n");
      self->answered = TRUE;
    }
}
