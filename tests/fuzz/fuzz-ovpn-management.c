/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-ovpn-management.c: any bytes in openvpn's place, in pieces of any length (the second byte), to a talk that has these
 * answers or others (the first).  Whatever they are: what we say is commands of a few forms, a secret stands in its own command
 * alone, what is assigned can be assigned, and the end is the end. */
#include <string.h>

#include "client/worker/ovpn-management.h"

#define PASSWORD   "s3cret-word"
#define PASSPHRASE "ph\"rase"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static gboolean
is_command (const char *line)
{
  static const char *const beginnings[] = {
    "username \"Auth\" \"user\"", "password \"Auth\" \"" PASSWORD "\"", "password \"Auth\" \"SCRV1:czNjcmV0LXdvcmQ=:MTIz\"",
    "password \"Auth\" \"CRV1::Om01::123\"", "password \"Private Key\" \"ph\\\"rase\"", "username \"HTTP Proxy\" \"pu\"",
    "password \"HTTP Proxy\" \"pp\"", "username \"SOCKS Proxy\" \"pu\"", "password \"SOCKS Proxy\" \"pp\"", "cr-response MTIz",
    "state on", "log on", "bytecount 5", "hold release", "remote ACCEPT", "signal SIGTERM",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (g_str_equal (line, beginnings[i]))
      return TRUE;
  return FALSE;
}

static void
check_output (AditOvpnManagement *talk)
{
  gsize length;
  const guint8 *output = adit_ovpn_management_peek_output (talk, &length);
  g_autofree char *text = g_strndup ((const char *) output, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_cmpuint (strlen (text), ==, length);
  g_assert_true (length == 0 || text[length - 1] == '\n');
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0' && !is_command (lines[i]))
      g_error ("said: %s", lines[i]);
  adit_ovpn_management_drop_output (talk, length);
}

static void
check_event (const AditOvpnEvent *event)
{
  g_assert_cmpint (event->kind, !=, ADIT_OVPN_NOTHING);
  for (guint i = 0; i < event->assigned.n_addresses; i++)
    g_assert_true (adit_address_is_unicast (&event->assigned.addresses[i].address) &&
                   adit_prefix_is_valid (&event->assigned.addresses[i]));
  for (guint i = 0; i < event->assigned.n_dns; i++)
    g_assert_true (adit_address_is_unicast (&event->assigned.dns[i]));
  if (event->kind == ADIT_OVPN_ASSIGNED)
    g_assert_true (event->assigned.n_addresses > 0 && event->assigned.mtu_bytes >= ADIT_TUNNEL_MTU_MIN_BYTES &&
                   event->assigned.mtu_bytes <= ADIT_TUNNEL_MTU_MAX_BYTES);
  if (event->kind == ADIT_OVPN_ENDED)
    g_assert_true (event->sentence != NULL && event->error < ADIT_N_ERRORS && event->pause_s <= ADIT_OVPN_PAUSE_MAX_S);
  g_assert_true (g_utf8_validate (event->text, -1, NULL) && strpbrk (event->text, "\r\n\x1b") == NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  AditOvpnAnswers answers = { 0 };
  AditOvpnManagement *talk;
  AditOvpnEvent event;
  guint n_ends = 0;
  gsize step;

  if (size < 2)
    return 0;
  answers.username = adit_secret_new ("user", 4);
  answers.password = adit_secret_new (PASSWORD, strlen (PASSWORD));
  answers.passphrase = adit_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  answers.answer = data[0] & 1 ? adit_secret_new ("123", 3) : NULL;
  answers.question = data[0] & 2 ? adit_secret_new ("Om01", 4) : NULL;
  answers.proxy_username = adit_secret_new ("pu", 2);
  answers.proxy_password = adit_secret_new ("pp", 2);
  answers.tcp = (data[0] & 4) != 0;
  g_assert_true (adit_endpoint_parse ("192.0.2.1:1194", &answers.remote));
  if (data[0] & 2)
    g_assert_true (adit_endpoint_parse ("192.0.2.2:3128", &answers.proxy));

  talk = adit_ovpn_management_new (&answers);
  step = MAX (1, data[1]);
  for (gsize at = 2; at < size; at += step)
    {
      adit_ovpn_management_feed (talk, data + at, MIN (step, size - at));
      check_output (talk);
      while (adit_ovpn_management_take_event (talk, &event))
        {
          g_assert_cmpuint (n_ends, ==, 0);
          check_event (&event);
          n_ends += event.kind == ADIT_OVPN_ENDED || event.kind == ADIT_OVPN_QUESTION;
          adit_ovpn_event_clear (&event);
        }
    }
  adit_ovpn_management_close (talk);
  g_assert_true (adit_ovpn_management_take_event (talk, &event) == (n_ends == 0));
  adit_ovpn_management_free (talk);
  g_clear_pointer (&answers.answer, adit_secret_unref);
  g_clear_pointer (&answers.question, adit_secret_unref);
  adit_secret_unref (answers.username);
  adit_secret_unref (answers.password);
  adit_secret_unref (answers.passphrase);
  adit_secret_unref (answers.proxy_username);
  adit_secret_unref (answers.proxy_password);
  return 0;
}
