/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-account-words.c: what a person reads of an account, at its edges. */
#include "ui/account-words.h"

#include "client/base/error.h"
#include "ui/service-offer.h"

#define NOW_S   1800000000    /* 15 January 2027, 08:00 UTC */
#define DAY_S   86400

static void
test_time (void)
{
  static const struct { gint64 expires_at_s; gboolean inactive, renewed; const char *time, *until; } rows[] = {
    { NOW_S + 30 * DAY_S, FALSE, FALSE, "30 days left", "Until 14 February 2027" },
    { NOW_S + DAY_S, FALSE, FALSE, "1 day left", "Until 16 January 2027" },
    { NOW_S + DAY_S - 1, FALSE, FALSE, "Less than a day left", "Until 16 January 2027" },
    { NOW_S, FALSE, FALSE, "No time left", "Ended on 15 January 2027" },
    { NOW_S - DAY_S, FALSE, TRUE, "No time left", "Ended on 14 January 2027" },
    { NOW_S + 2 * DAY_S, FALSE, TRUE, "2 days left", "Paid until 17 January 2027, and goes on by itself" },
    { NOW_S + 2 * DAY_S, TRUE, FALSE, "No time left", "" },    /* never paid, or closed before its end */
    { 0, FALSE, FALSE, "The service does not say how long", "" },
    { 0, FALSE, TRUE, "Goes on by itself", "" },
    { 0, TRUE, FALSE, "No time left", "" },
    { G_MAXINT64, FALSE, FALSE, "4294967295 days left", "" },    /* no such day: a lying helper crashes nobody */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditAccountRow account = { .expires_at_s = rows[i].expires_at_s, .is_inactive = rows[i].inactive,
                                 .is_renewed = rows[i].renewed };
      g_autofree char *time = adit_account_words_dup_time (&account, NOW_S);
      g_autofree char *until = adit_account_words_dup_until (&account, NOW_S);

      g_assert_cmpstr (time, ==, rows[i].time);
      g_assert_cmpstr (until, ==, rows[i].until);
    }
}

static void
test_key (void)
{
  static const struct { gint64 age_s, changes_at_s; const char *error, *text; } rows[] = {
    { 0, NOW_S + 30 * DAY_S, "", "Less than a day old · To be changed on 14 February 2027" },
    { DAY_S, NOW_S + DAY_S, "", "1 day old · To be changed on 16 January 2027" },
    { 3 * DAY_S, 0, "", "3 days old" },    /* of a service that has it changed never */
    { -1, NOW_S, "", "To be changed on 15 January 2027" },
    { -1, 0, "", "" },
    { 40 * DAY_S, NOW_S, "ServiceUnreachable", "40 days old · To be changed on 15 January 2027" },
    { G_MAXINT64, G_MAXINT64, "a newer helper's word", "4294967295 days old" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditAccountRow account = { .key_age_s = rows[i].age_s, .key_changes_at_s = rows[i].changes_at_s,
                                 .key_error = (char *) rows[i].error };
      g_autofree char *key = adit_account_words_dup_key (&account), *problem = adit_account_words_dup_key_problem (&account);

      g_assert_cmpstr (key, ==, rows[i].text);
      g_assert_true ((problem[0] == '\0') == (rows[i].error[0] == '\0'));
    }
}

static void
test_number (void)
{
  static const struct { const char *service, *number, *shown; } rows[] = {
    { "mullvad", "1234567890123456", "1234 5678 9012 3456" }, { "mullvad", "12345", "1234 5" }, { "mullvad", "", "" },
    { "ivpn", "i-ABCD-EFGH-IJKL", "i-ABCD-EFGH-IJKL" }, { "ovpn", "1234567890", "1234567890" }, { "newer", "12345", "12345" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *shown = adit_account_words_dup_number (adit_service_find (rows[i].service), rows[i].number);

      g_assert_cmpstr (shown, ==, rows[i].shown);
    }
}

static void
test_device (void)
{
  static const struct { gint64 created_at_s; gboolean ours; const char *text; } rows[] = {
    { NOW_S, FALSE, "Since 15 January 2027" }, { NOW_S, TRUE, "This computer · Since 15 January 2027" },
    { 0, TRUE, "This computer" }, { 0, FALSE, "The service does not say since when" },
  };
  static const struct { guint n, limit; gboolean full; const char *text; } counts[] = {
    { 2, 6, FALSE, "2 of 6 devices in use" }, { 1, 1, FALSE, "1 of 1 device in use" }, { 5, 0, TRUE, "5 devices in use" },
    { 1, 0, FALSE, "1 device in use; the service does not say how many there may be" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AditDeviceRow device = { .created_at_s = rows[i].created_at_s, .is_ours = rows[i].ours };
      g_autofree char *text = adit_account_words_dup_device (&device);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *text = adit_account_words_dup_count (counts[i].n, counts[i].limit, counts[i].full);

      g_assert_cmpstr (text, ==, counts[i].text);
    }
}

static void
test_problem (void)
{
  static const struct { const char *service; AditError code; const char *start; } rows[] = {
    { "mullvad", ADIT_ERROR_CREDENTIAL_REFUSED, "The service does not accept what was given to sign in." },
    { "ovpn", ADIT_ERROR_CREDENTIAL_REFUSED, "The service does not know this user name and password." },
    { "mysterium", ADIT_ERROR_CREDENTIAL_REFUSED, "The sign-in was turned down in the browser" },
    { "ovpn", ADIT_ERROR_SERVICE_UNREACHABLE, "The service cannot be reached." },
  };
  g_autoptr (GError) used = g_error_new (ADIT_ERROR, ADIT_ERROR_SERVICE_REFUSED, "used");
  g_autoptr (GError) wrong = g_error_new (ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, "wrong");
  g_autofree char *used_words = adit_account_words_dup_voucher_problem (used);
  g_autofree char *wrong_words = adit_account_words_dup_voucher_problem (wrong);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = g_error_new (ADIT_ERROR, (int) rows[i].code, "no");
      g_autofree char *text = adit_account_words_dup_problem (adit_service_find (rows[i].service), error);

      if (!g_str_has_prefix (text, rows[i].start))
        g_error ("%s: %s", rows[i].service, text);
    }
  g_assert_true (g_str_has_prefix (used_words, "The service does not take this voucher"));
  g_assert_true (g_str_has_prefix (wrong_words, "That cannot be a voucher"));
}

/* Each service that the program knows has a row, which fits to how one signs in there and leads nowhere but to its own site. */
static void
test_offers (void)
{
  const AditService *service;

  for (guint i = 0; (service = adit_service_at (i)) != NULL; i++)
    {
      const AditServiceOffer *offer = adit_service_offer_find (service->id);
      const char *const pages[] = { offer->sign_up_at, offer->account_at, offer->devices_at };

      g_assert_cmpstr (offer->service, ==, service->id);
      g_assert_true ((offer->field == NULL) == (service->sign_in == ADIT_SIGN_IN_BROWSER));
      g_assert_true ((offer->number == NULL) == (service->sign_in == ADIT_SIGN_IN_BROWSER));
      for (gsize j = 0; j < G_N_ELEMENTS (pages); j++)
        g_assert_true (g_str_has_prefix (pages[j], "https://"));
    }
  g_assert_cmpstr (adit_service_offer_find ("newer")->service, ==, "");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/account-words/time", test_time);
  g_test_add_func ("/account-words/key", test_key);
  g_test_add_func ("/account-words/number", test_number);
  g_test_add_func ("/account-words/device", test_device);
  g_test_add_func ("/account-words/problem", test_problem);
  g_test_add_func ("/account-words/offers", test_offers);
  return g_test_run ();
}
