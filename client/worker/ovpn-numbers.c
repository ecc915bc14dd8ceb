/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-numbers.c: the options of an OpenVPN file that are numbers. */
#include "config.h"
#include "client/worker/ovpn-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* OpenVPN reads numbers with atoi(): "10x" is 10 to it, "x" is 0, and what is too long is anything. */
gboolean
adit_ovpn_parse_number (const char *text, guint64 max, guint64 *value)
{
  return (text[0] != '0' || text[1] == '\0') && g_ascii_string_to_unsigned (text, 10, 0, max, value, NULL);
}

static void
set_number (AditOvpnReader *self, AditOpenvpnNumber number, const char *text)
{
  AditOpenvpnProfile *profile = self->profile;
  guint64 value;

  if (!adit_ovpn_parse_number (text, G_MAXUINT32, &value))
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("There is no number where one must be."));
  else if (!adit_openvpn_number_fits (number, value))
    adit_ovpn_refuse (self, ADIT_IMPORT_UNSUPPORTED, N_("This number is out of bounds."));
  else if ((profile->numbers_set & (1u << number)) != 0 && profile->numbers[number] != value)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("The file says two things about this."));
  else
    {
      profile->numbers[number] = (guint32) value;
      profile->numbers_set |= 1u << number;
    }
}

void
adit_ovpn_take_number (AditOvpnReader *self, const char *const *args, guint n_args)
{
  set_number (self, self->option->number, args[0]);
}

/* Its second number is for servers. */
void
adit_ovpn_take_reneg_sec (AditOvpnReader *self, const char *const *args, guint n_args)
{
  set_number (self, ADIT_OPENVPN_RENEG_SEC, args[0]);
}

/* "0" is how some files say no. */
void
adit_ovpn_take_exit_notify (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (n_args == 0 || strcmp (args[0], "0") != 0)
    set_number (self, ADIT_OPENVPN_EXIT_NOTIFY, n_args > 0 ? args[0] : "1");
}

/* connect-retry N [MAX], replay-window N [TIME]: the second number's row follows the first's. */
void
adit_ovpn_take_pair (AditOvpnReader *self, const char *const *args, guint n_args)
{
  set_number (self, self->option->number, args[0]);
  if (n_args > 1)
    set_number (self, self->option->number + 1, args[1]);
}

/* At a client it is ping and ping-restart, and OpenVPN wants twice the time for the second. */
void
adit_ovpn_take_keepalive (AditOvpnReader *self, const char *const *args, guint n_args)
{
  guint64 ping, restart;

  if (!adit_ovpn_parse_number (args[0], G_MAXUINT16, &ping) || !adit_ovpn_parse_number (args[1], G_MAXUINT16, &restart) ||
      restart < 2 * ping)
    {
      adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("The second number must be at least twice the first."));
      return;
    }
  set_number (self, ADIT_OPENVPN_PING, args[0]);
  set_number (self, ADIT_OPENVPN_PING_RESTART, args[1]);
}

static gboolean
parse_mode (AditOvpnReader *self, const char *word, gboolean may_be_fixed, guint8 *mode)
{
  if (strcmp (word, "mtu") == 0)
    *mode = ADIT_OPENVPN_MTU_WHOLE;
  else if (may_be_fixed && strcmp (word, "fixed") == 0)
    *mode = ADIT_OPENVPN_MTU_FIXED;
  else
    {
      adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
      return FALSE;
    }
  return TRUE;
}

/* Without a number it is what OpenVPN does anyway. */
void
adit_ovpn_take_mssfix (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (n_args > 1 && !parse_mode (self, args[1], TRUE, &self->profile->mssfix_mode))
    return;
  if (n_args > 0)
    set_number (self, ADIT_OPENVPN_MSSFIX, args[0]);
}

void
adit_ovpn_take_fragment (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (n_args > 1 && !parse_mode (self, args[1], FALSE, &self->profile->fragment_mode))
    return;
  set_number (self, ADIT_OPENVPN_FRAGMENT, args[0]);
}
