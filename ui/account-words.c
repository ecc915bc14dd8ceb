/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account-words.c: time left, until when, what a device is called, and what was wrong with what somebody typed.  No clock of its
 * own, so that each sentence can be tested. */
#include "config.h"
#include "ui/account-words.h"

#include <glib/gi18n.h>

#include "client/api/errors.h"
#include "client/api/explain.h"

#define DAY_S   (24 * 60 * 60)
#define GROUP   4    /* as Mullvad itself shows its numbers */

/**
 * adit_account_words_is_over:
 * @account: an account
 * @now_s: UTC
 *
 * Returns: whether nobody can connect with it until it is paid
 */
gboolean
adit_account_words_is_over (const AditAccountRow *account, gint64 now_s)
{
  return account->is_inactive || (account->expires_at_s > 0 && account->expires_at_s <= now_s);
}

/**
 * adit_account_words_dup_day:
 * @time_s: UTC
 *
 * Returns: (transfer full): that day where the person is, with the month as they call it; "" for what is no time
 */
char *
adit_account_words_dup_day (gint64 time_s)
{
  g_autoptr (GDateTime) time = time_s > 0 ? g_date_time_new_from_unix_local (time_s) : NULL;

  if (time == NULL)
    return g_strdup ("");
  /* Translators: a day, as g_date_time_format() takes it: day, month's name, year, in the order of your language */
  return g_date_time_format (time, _("%-d %B %Y"));
}

/**
 * adit_account_words_dup_time:
 * @account: an account
 * @now_s: UTC
 *
 * Returns: (transfer full): how long it lasts
 */
char *
adit_account_words_dup_time (const AditAccountRow *account, gint64 now_s)
{
  gint64 left_s = account->expires_at_s - now_s;
  guint days = (guint) CLAMP (left_s / DAY_S, 0, G_MAXUINT32);

  if (adit_account_words_is_over (account, now_s))
    return g_strdup (_("No time left"));
  if (account->expires_at_s == 0)
    return g_strdup (account->is_renewed ? _("Goes on by itself") : _("The service does not say how long"));
  if (left_s < DAY_S)
    return g_strdup (_("Less than a day left"));
  return g_strdup_printf (ngettext ("%u day left", "%u days left", days), days);
}

/**
 * adit_account_words_dup_until:
 * @account: an account
 * @now_s: UTC
 *
 * Returns: (transfer full): until when that is, and whether it ends then; "" where the service does not say
 */
char *
adit_account_words_dup_until (const AditAccountRow *account, gint64 now_s)
{
  g_autofree char *day = adit_account_words_dup_day (account->expires_at_s);

  if (day[0] == '\0')
    return g_strdup ("");
  if (account->expires_at_s <= now_s)
    return g_strdup_printf (_("Ended on %s"), day);
  if (account->is_inactive)
    return g_strdup ("");
  return g_strdup_printf (account->is_renewed ? _("Paid until %s, and goes on by itself") : _("Until %s"), day);
}

/* "" where it is not known. */
static char *
dup_key_age (const AditAccountRow *account)
{
  guint days = (guint) CLAMP (account->key_age_s / DAY_S, 0, G_MAXUINT32);

  if (account->key_age_s < 0)
    return g_strdup ("");
  return days == 0 ? g_strdup (_("Less than a day old")) : g_strdup_printf (ngettext ("%u day old", "%u days old", days), days);
}

/**
 * adit_account_words_dup_key:
 * @account: an account
 *
 * Returns: (transfer full): how old the key is that this computer has there, and when it is changed; "" where there is none
 */
char *
adit_account_words_dup_key (const AditAccountRow *account)
{
  g_autofree char *age = dup_key_age (account), *day = adit_account_words_dup_day (account->key_changes_at_s);
  g_autofree char *change = day[0] != '\0' ? g_strdup_printf (_("To be changed on %s"), day) : NULL;

  if (change == NULL)
    return g_steal_pointer (&age);
  return age[0] != '\0' ? g_strdup_printf ("%s · %s", age, change) : g_steal_pointer (&change);
}

/**
 * adit_account_words_dup_key_problem:
 * @account: an account
 *
 * Returns: (transfer full): why the last change of its key failed, and what to do about it; "" where it did not
 */
char *
adit_account_words_dup_key_problem (const AditAccountRow *account)
{
  AditExplanation words;
  AditError code;

  if (account->key_error == NULL || account->key_error[0] == '\0')
    return g_strdup ("");
  if (!adit_error_from_nick (account->key_error, &code))
    code = ADIT_ERROR_FAILED;
  adit_explain_error (code, &words);
  return g_strdup_printf ("%s %s", words.what, words.remedy);
}

/**
 * adit_account_words_dup_number:
 * @service: (nullable): where it is good
 * @number: what stands for the account
 *
 * Returns: (transfer full): a number in groups; anything else as it is
 */
char *
adit_account_words_dup_number (const AditService *service, const char *number)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (service == NULL || service->sign_in != ADIT_SIGN_IN_NUMBER)
    return g_strdup (number);
  for (gsize i = 0; number[i] != '\0'; i++)
    {
      if (!g_ascii_isdigit (number[i]))
        return g_strdup (number);
      if (i > 0 && i % GROUP == 0)
        g_string_append_c (text, ' ');
      g_string_append_c (text, number[i]);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * adit_account_words_dup_device:
 * @device: a device
 *
 * Returns: (transfer full): what is known of it besides its name
 */
char *
adit_account_words_dup_device (const AditDeviceRow *device)
{
  g_autofree char *day = adit_account_words_dup_day (device->created_at_s);
  g_autofree char *since = day[0] != '\0' ? g_strdup_printf (_("Since %s"), day) : NULL;

  if (device->is_ours && since != NULL)
    return g_strdup_printf ("%s · %s", _("This computer"), since);
  if (device->is_ours)
    return g_strdup (_("This computer"));
  return g_strdup (since != NULL ? since : _("The service does not say since when"));
}

/**
 * adit_account_words_dup_count:
 * @n_devices: how many there are
 * @limit: how many there may be; 0: the service does not say
 * @is_full: it has just said that there are too many, so that nobody asks how many there may be
 *
 * Returns: (transfer full): both
 */
char *
adit_account_words_dup_count (guint n_devices, guint limit, gboolean is_full)
{
  if (is_full)
    return g_strdup_printf (ngettext ("%u device in use", "%u devices in use", n_devices), n_devices);
  if (limit > 0)
    /* Translators: how many devices there are, and how many there may be */
    return g_strdup_printf (ngettext ("%u of %u device in use", "%u of %u devices in use", limit), n_devices, limit);
  return g_strdup_printf (ngettext ("%u device in use; the service does not say how many there may be",
                                    "%u devices in use; the service does not say how many there may be", n_devices), n_devices);
}

static AditError
code_of (const GError *error)
{
  return error->domain == ADIT_ERROR ? (AditError) error->code : ADIT_ERROR_FAILED;
}

static char *
dup_explained (const GError *error)
{
  AditExplanation words;

  adit_explain_error (code_of (error), &words);
  return g_strdup_printf ("%s %s", words.what, words.remedy);
}

/**
 * adit_account_words_dup_problem:
 * @service: (nullable): where somebody signs in
 * @error: why they could not
 *
 * Returns: (transfer full): what to do about it, for who sits before the field
 */
char *
adit_account_words_dup_problem (const AditService *service, const GError *error)
{
  AditSignIn kind = service != NULL ? service->sign_in : ADIT_SIGN_IN_NUMBER;

  if (kind == ADIT_SIGN_IN_LOGIN && code_of (error) == ADIT_ERROR_CREDENTIAL_REFUSED)
    return g_strdup (_("The service does not know this user name and password. Check both and type them again."));
  if (kind == ADIT_SIGN_IN_BROWSER && code_of (error) == ADIT_ERROR_CREDENTIAL_REFUSED)
    return g_strdup (_("The sign-in was turned down in the browser, or took too long. Begin again."));
  return dup_explained (error);
}

/**
 * adit_account_words_dup_voucher_problem:
 * @error: why a voucher was not taken
 *
 * Returns: (transfer full): what to do about it
 */
char *
adit_account_words_dup_voucher_problem (const GError *error)
{
  if (code_of (error) == ADIT_ERROR_INVALID_ARGUMENT)
    return g_strdup (_("That cannot be a voucher of this service; nothing was sent. Check it for missing or extra characters."));
  if (code_of (error) == ADIT_ERROR_SERVICE_REFUSED)
    return g_strdup (_("The service does not take this voucher: there is no such one, or it has been used already."));
  return dup_explained (error);
}
