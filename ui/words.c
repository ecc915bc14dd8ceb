/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.c: numbers and names put together; no clock of its own, so that each sentence can be tested. */
#include "config.h"
#include "ui/words.h"

#include <glib/gi18n.h>
#include <string.h>

#define DAY_S (24 * 60 * 60)

/**
 * adit_words_dup_place:
 * @city: a city's name
 * @country: its country's name
 * @server: the server there, or ""
 *
 * Returns: (transfer full): where the traffic leaves
 */
char *
adit_words_dup_place (const char *city, const char *country, const char *server)
{
  if (server[0] == '\0')
    /* Translators: a city and its country */
    return g_strdup_printf (_("%s, %s"), city, country);
  /* Translators: a city, its country, and a server's name */
  return g_strdup_printf (_("%s, %s (%s)"), city, country, server);
}

/**
 * adit_words_dup_duration:
 * @duration_s: seconds; a clock that was set back makes it negative, which is told as none
 *
 * Returns: (transfer full): hours, minutes and seconds, after a day with the days before them
 */
char *
adit_words_dup_duration (gint64 duration_s)
{
  gint64 total_s = MAX (duration_s, 0);
  int days = (int) MIN (total_s / DAY_S, G_MAXINT), hours = (int) (total_s / 3600 % 24);
  int minutes = (int) (total_s / 60 % 60), seconds = (int) (total_s % 60);

  if (days > 0)
    /* Translators: days, then hours:minutes:seconds */
    return g_strdup_printf (ngettext ("%d day, %d:%02d:%02d", "%d days, %d:%02d:%02d", (gulong) days), days, hours, minutes,
                            seconds);
  return g_strdup_printf ("%d:%02d:%02d", hours, minutes, seconds);
}

/**
 * adit_words_dup_account:
 * @account: an account
 * @now_s: UTC
 *
 * Returns: (transfer full): whose account it is, what this computer is called there, and how long it lasts
 */
char *
adit_words_dup_account (const AditAccountRow *account, gint64 now_s)
{
  g_autoptr (GString) text = g_string_new (account->service_name);
  gint64 left_s = account->expires_at_s - now_s;

  if (account->device_name[0] != '\0')
    g_string_append_printf (text, " · %s", account->device_name);
  if (account->expires_at_s > 0 && left_s <= 0)
    g_string_append_printf (text, " · %s", _("no time left"));
  else if (account->expires_at_s > 0 && left_s < DAY_S)
    g_string_append_printf (text, " · %s", _("less than a day left"));
  else if (account->expires_at_s > 0)
    {
      guint days = (guint) MIN (left_s / DAY_S, G_MAXUINT32);

      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%u day left", "%u days left", days), days);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * adit_words_dup_block:
 * @name: of what a service's resolvers leave out, as its list has it
 *
 * Returns: (transfer full): the same for people; a name that only the service knows stays what it is
 */
char *
adit_words_dup_block (const char *name)
{
  static const struct { const char *name, *words; } rows[] = {
    { "ads", N_("Advertisements") }, { "trackers", N_("Trackers") }, { "malware", N_("Malware") },
    { "adult", N_("Adult content") }, { "gambling", N_("Gambling") }, { "social", N_("Social networks") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].name, name))
      return g_strdup (_(rows[i].words));
  if (g_str_has_suffix (name, ADIT_BLOCK_HARD_SUFFIX))
    /* Translators: a list of names, in the form that has more of them */
    return g_strdup_printf (_("%.*s, harder"), (int) (strlen (name) - strlen (ADIT_BLOCK_HARD_SUFFIX)), name);
  return g_strdup (name);
}
