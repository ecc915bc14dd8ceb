/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-refusals.c: what each service refuses, all the way to the sentence that a person reads and to the exit code. */
#include "config.h"

#include <string.h>

#include "tests/lab/world.h"
#include "tests/simulator/known.h"

#define NOBODY "9999888877776666"

static AditWorld *world;

typedef struct
{
  const char *name, *fault, *credential, *command;
  int         exit_code;
  const char *error;       /* with --json */
  const char *sentence;    /* without */
} Case;

static const Case cases[] = {
  { "mullvad-account", "", NOBODY, "login mullvad", 6, "CredentialRefused",
    "The service does not accept what was given to sign in. Check each character of it" },
  { "mullvad-throttle", "throttle", KNOWN_MULLVAD_ACCOUNT, "login mullvad", 9, "TooManyRequests",
    "The service was asked too often. Wait some minutes, then try again once." },
  { "mullvad-error", "error 503", KNOWN_MULLVAD_ACCOUNT, "login mullvad", 9, "ServiceFailed",
    "The service has a fault of its own at the moment. Nothing is wrong here" },
  { "mullvad-portal", "portal", KNOWN_MULLVAD_ACCOUNT, "login mullvad", 9, "ServiceUntrusted",
    "Something else answers in place of the service. This network may be listening in, or want you to sign in to it." },
  { "mullvad-redirect", "redirect", KNOWN_MULLVAD_ACCOUNT, "login mullvad", 9, "ServiceNonsense", "a redirection" },
  { "mullvad-token", "token-expired", KNOWN_MULLVAD_ACCOUNT, "login mullvad", 6, "SignInEnded",
    "The service has ended this sign-in. Sign in again." },
  { "mullvad-devices", "", KNOWN_MULLVAD_FULL, "login mullvad", 8, "TooManyDevices",
    "The account is used on as many devices as it allows. Remove one" },
  { "ivpn-account", "", "i-NONE-NONE-NONE", "login ivpn", 6, "CredentialRefused",
    "The service does not accept what was given to sign in." },
  { "ivpn-closed", "", KNOWN_IVPN_CLOSED, "login ivpn", 7, "AccountExpired", "Your account has no time left. Add time" },
  { "ivpn-full", "", KNOWN_IVPN_FULL, "login ivpn", 8, "TooManyDevices", "as many devices as it allows" },
  { "ivpn-html", "html", KNOWN_IVPN_ACCOUNT, "login ivpn", 9, "ServiceNonsense", "in a way that Adit does not understand" },
  { "ovpn-password", "", KNOWN_OVPN_USER "\nwrong", "login ovpn", 6, "CredentialRefused",
    "The service does not accept what was given to sign in. Check each character of it" },
  { "ovpn-banned", "", KNOWN_OVPN_BANNED "\n" KNOWN_OVPN_PASSWORD, "login ovpn", 6, "CredentialRefused", "user name" },
  { "ovpn-busy", "", KNOWN_OVPN_BUSY "\n" KNOWN_OVPN_PASSWORD, "login ovpn", 9, "TooManyRequests", "wait a minute" },
  { "ovpn-full", "", KNOWN_OVPN_FULL "\n" KNOWN_OVPN_PASSWORD, "login ovpn", 8, "TooManyDevices", "/account/wireguard/keys" },
  { "mysterium-throttle", "throttle", NULL, "login mysterium", 9, "TooManyRequests", "The service was asked too often." },
  { "mysterium-error", "error 500", NULL, "login mysterium", 9, "ServiceFailed", "has a fault of its own" },
};

static void
expect_refusal (const Case *test)
{
  g_autofree char *with_json = g_strconcat (test->command, " --json", NULL), *name = NULL;
  g_autoptr (AditLabResult) said = adit_world_adit (world, 0, test->credential, test->command);
  g_autoptr (AditLabResult) json = adit_world_adit (world, 0, test->credential, with_json);

  name = g_strdup_printf ("\"name\":\"%s\"", test->error);
  g_test_message ("%d %s%s", said->status, said->err, json->out);
  g_assert_cmpint (said->status, ==, test->exit_code);
  g_assert_cmpint (json->status, ==, test->exit_code);
  if (strstr (said->err, test->sentence) == NULL || strstr (json->out, name) == NULL)
    g_error ("no \"%s\" in %s, or no %s in %s", test->sentence, said->err, name, json->out);
  g_assert_null (strpbrk (said->err, "<>{}\033"));
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;

  adit_world_set_fault (world, test->fault);
  expect_refusal (test);
  adit_world_set_fault (world, "");
}

/* Not "try again later": one is wrong for ever, and the other was good once. */
static void
test_vouchers (void)
{
  static const Case vouchers[] = {
    { "unknown", "", "NONE-NONE-NONE-NONE", "account voucher", 6, "VoucherRefused",
      "The service does not know this voucher. Check each character of it and type it again." },
    { "used", "", KNOWN_MULLVAD_USED, "account voucher", 6, "VoucherUsed", "This voucher has been used already. Look whether" },
  };

  adit_world_expect (world, 0, KNOWN_MULLVAD_ACCOUNT, "login mullvad", 0);
  for (guint i = 0; i < G_N_ELEMENTS (vouchers); i++)
    expect_refusal (&vouchers[i]);
  adit_world_expect (world, 0, NULL, "logout", 0);
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_SERVICES);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/refusals/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/refusals/vouchers", test_vouchers);
  return adit_world_end_test (world);
}
