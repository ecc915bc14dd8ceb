/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-accounts.c: somebody signs in at each service, sees what it says of the account, goes to the web by it, and signs out. */
#include "config.h"

#include <string.h>
#include "tests/lab/world.h"
#include "tests/simulator/known.h"

#define WRONG_EXIT 6    /* the command line: the service has refused it */

static AditWorld *world;

typedef struct
{
  const char *id, *credential, *wrong;
  const char *plan;       /* a piece of what is shown of the account */
  const char *place;      /* where a server answers */
  const char *by_way;     /* (nullable): and one that is entered elsewhere */
} Case;

static const Case cases[] = {
  { "mullvad", KNOWN_MULLVAD_ACCOUNT, "9999888877776666", "\"service\":\"mullvad\"", "se-sto-wg-001", NULL },
  { "ivpn", KNOWN_IVPN_ACCOUNT, "i-NONE-NONE-NONE", "\"plan\":\"IVPN Pro\"", "no", "--entry se1 no" },
  { "ovpn", KNOWN_OVPN_USER "\n" KNOWN_OVPN_PASSWORD, KNOWN_OVPN_USER "\nwrong", "\"service\":\"ovpn\"", "Stockholm", NULL },
};

static void
expect_connected (const char *place)
{
  g_autofree char *connect = g_strconcat ("connect --wait ", place, NULL);

  adit_world_expect (world, 0, NULL, connect, 0);
  adit_world_expect_web (world, ADIT_LAB_EXIT_ADDRESS);
}

static void
test_service (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *login = g_strdup_printf ("login %s", test->id);
  g_autoptr (AditLabResult) refused = adit_world_adit (world, 0, test->wrong, login);
  g_autoptr (AditLabResult) account = NULL, after = NULL;

  g_test_message ("%d %s", refused->status, refused->err);
  g_assert_cmpint (refused->status, ==, WRONG_EXIT);
  adit_world_expect (world, 0, test->credential, login, 0);
  account = adit_world_adit (world, 0, NULL, "account --json");
  if (strstr (account->out, test->plan) == NULL)
    g_error ("no %s in %s", test->plan, account->out);
  g_assert_null (strstr (account->out, test->credential));
  adit_world_expect (world, 0, NULL, "account --refresh", 0);
  expect_connected (test->place);
  if (test->by_way != NULL)
    expect_connected (test->by_way);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
  after = adit_world_adit (world, 0, NULL, "account --json");
  g_assert_null (strstr (after->out, test->id));
}

/* All that the service's own client shows of an account, to people and to programs. */
static void
test_shown (void)
{
  static const struct { const char *id, *credential, *told[6], *said[5]; } shown[] = {
    { "mullvad", KNOWN_MULLVAD_ACCOUNT, { "\"multihop\":true", "\"device_name\":\"", "\"key_age_s\":", "\"renews\":false",
        "\"expires_at\":\"2" }, { "This computer there: ", "Key: 0 days old, changed on ", "Time left: ", "with --entry" } },
    { "ivpn", KNOWN_IVPN_ACCOUNT, { "\"multihop\":true", "\"plan\":\"IVPN Pro\"", "\"device_limit\":7", "\"key_age_s\":" },
      { "Plan: IVPN Pro", "For up to 7 computers", "Time left: ", "with --entry" } },
    { "ivpn", KNOWN_IVPN_OLD, { "\"multihop\":false", "\"plan\":\"IVPN Standard\"", "\"device_limit\":2" },
      { "Plan: IVPN Standard", "For up to 2 computers", "not with this account" } },
    { "ovpn", KNOWN_OVPN_USER "\n" KNOWN_OVPN_PASSWORD, { "\"multihop\":true", "\"plan\":null", "\"expires_at\":null" },
      { "Key: 0 days old, changed on ", "Time left: the service does not say" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
    {
      g_autofree char *login = g_strdup_printf ("login %s", shown[i].id);
      g_autoptr (AditLabResult) told = NULL, said = NULL;

      adit_world_expect (world, 0, shown[i].credential, login, 0);
      told = adit_world_adit (world, 0, NULL, "account --json");
      said = adit_world_adit (world, 0, NULL, "account");
      for (const char *const *piece = shown[i].told; *piece != NULL; piece++)
        if (strstr (told->out, *piece) == NULL)
          g_error ("no %s in %s", *piece, told->out);
      for (const char *const *piece = shown[i].said; *piece != NULL; piece++)
        if (strstr (said->out, *piece) == NULL)
          g_error ("no %s in %s", *piece, said->out);
      adit_world_expect (world, 0, NULL, "logout", 0);
    }
}

/* A picture and a code, each line of standard input at its turn; and nobody there to answer. */
static void
test_questions (void)
{
  g_autoptr (AditLabResult) unanswered = adit_world_adit (world, 0, KNOWN_IVPN_BOTH, "login ivpn");
  g_autoptr (AditLabResult) wrong = adit_world_adit (world, 0, KNOWN_IVPN_TOTP "\n000000", "login ivpn");
  g_autoptr (AditLabResult) nobody = adit_world_adit (world, 0, NULL, "account --json");

  g_assert_cmpint (unanswered->status, ==, WRONG_EXIT);
  g_assert_cmpint (wrong->status, ==, WRONG_EXIT);
  g_assert_null (strstr (nobody->out, "ivpn"));
  adit_world_expect (world, 0, KNOWN_IVPN_ROBOT "\nXXXX\n" KNOWN_IVPN_CAPTCHA, "login ivpn", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
  adit_world_expect (world, 0, KNOWN_IVPN_BOTH "\n" KNOWN_IVPN_CAPTCHA "\n" KNOWN_IVPN_CODE, "login ivpn", 0);
  expect_connected ("no");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
}

/* The person reads where to go, and is there before the command line asks for the second time. */
static void
test_browser (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditLabResult) account = NULL;
  g_autofree char *url = NULL;
  gboolean signed_in = adit_world_login_by_page (world, "mysterium", &url, &error);

  g_assert_no_error (error);
  g_assert_true (signed_in);
  g_assert_true (g_str_has_prefix (url, "https://app.mysteriumvpn.com/oauth/authorize?"));
  account = adit_world_adit (world, 0, NULL, "account --refresh --json");
  if (strstr (account->out, "\"device_limit\":6") == NULL)
    g_error ("no limit in %s %s", account->out, account->err);
  g_assert_nonnull (strstr (account->out, "\"multihop\":false"));    /* its tunnels come from it, whole */
  expect_connected ("se");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
}

static char *
find_other_device (const char *json)
{
  /* The one that is not this computer's: its id is the word before its name. */
  const char *found = strstr (json, "\"ours\":false"), *id = NULL;

  for (const char *p = strstr (json, "\"id\":\""); p != NULL && p < found; p = strstr (p + 1, "\"id\":\""))
    id = p + strlen ("\"id\":\"");
  g_assert_nonnull (id);
  return g_strndup (id, strcspn (id, "\""));
}

/* The account is full: its devices can be seen and removed all the same, and then there is room. */
static void
test_full (void)
{
  g_autoptr (AditLabResult) full = adit_world_adit (world, 0, KNOWN_MULLVAD_FULL, "login mullvad");
  g_autoptr (AditLabResult) before = adit_world_adit (world, 0, NULL, "account devices --json"), after = NULL;
  g_autofree char *device = NULL, *remove = NULL;

  g_assert_cmpint (full->status, ==, 8);
  g_assert_cmpint (before->status, ==, 0);
  device = find_other_device (before->out);
  remove = g_strdup_printf ("account remove %s", device);
  adit_world_expect (world, 0, NULL, remove, 0);
  adit_world_expect (world, 0, KNOWN_MULLVAD_FULL, "login mullvad", 0);
  after = adit_world_adit (world, 0, NULL, "account devices --json");
  g_assert_null (strstr (after->out, device));
  g_assert_nonnull (strstr (after->out, "\"ours\":true"));
  adit_world_expect (world, 0, NULL, "logout", 0);
  adit_world_expect (world, 0, KNOWN_IVPN_FULL, "login ivpn", 8);
  adit_world_expect (world, 0, KNOWN_IVPN_FULL, "login ivpn --force", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
}

/* A new account has no time; a voucher gives it some, once. */
static void
test_new (void)
{
  g_autoptr (AditLabResult) made = adit_world_adit (world, 0, NULL, "account create mullvad --json");
  g_autoptr (AditLabResult) elsewhere = adit_world_adit (world, 0, NULL, "account create ivpn"), account = NULL;
  const char *found = strstr (made->out, "\"number\":\"");
  g_autofree char *number = NULL;

  g_assert_cmpint (made->status, ==, 0);
  g_assert_nonnull (found);
  found += strlen ("\"number\":\"");
  number = g_strndup (found, strcspn (found, "\""));
  g_assert_cmpuint (strlen (number), ==, 16);
  g_assert_cmpint (elsewhere->status, !=, 0);
  adit_world_expect (world, 0, number, "login mullvad", 0);
  adit_world_expect (world, 0, KNOWN_MULLVAD_USED, "account voucher", 6);
  adit_world_expect (world, 0, KNOWN_MULLVAD_VOUCHER, "account voucher", 0);
  account = adit_world_adit (world, 0, NULL, "account --json");
  g_assert_null (strstr (account->out, number));
  expect_connected ("se-sto-wg-001");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  adit_world_expect (world, 0, NULL, "logout", 0);
}

static void
expect_current (const char *service)
{
  g_autoptr (AditLabResult) accounts = adit_world_adit (world, 0, NULL, "account --json");
  g_autofree char *member = g_strdup_printf ("\"service\":\"%s\"", service), *row = NULL;
  const char *found = strstr (accounts->out, "\"current\":true"), *start = found;

  g_assert_nonnull (found);
  g_assert_null (strstr (found + 1, "\"current\":true"));
  while (*start != '{')
    start--;
  row = g_strndup (start, (gsize) (found - start));
  if (strstr (row, member) == NULL)
    g_error ("%s is not current: %s", service, accounts->out);
}

/* The last that was signed in to, until another one is chosen, which a new helper knows as well; and each shows what it is known
 * by, without its password. */
static void
test_choice (void)
{
  g_autoptr (AditLabResult) name = NULL, number = NULL;

  expect_current ("ovpn");
  adit_world_expect (world, 0, NULL, "account use ivpn", 0);
  expect_current ("ivpn");
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  expect_current ("ivpn");
  expect_connected ("no");
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  number = adit_world_adit (world, 0, NULL, "account reveal");
  g_assert_cmpstr (number->out, ==, KNOWN_IVPN_ACCOUNT "\n");
  adit_world_expect (world, 0, NULL, "account use ovpn", 0);
  name = adit_world_adit (world, 0, NULL, "account reveal --account ovpn");
  g_assert_cmpstr (name->out, ==, KNOWN_OVPN_USER "\n");
}

/* Each device costs one of a few, so an account that is typed once more, with blanks or in groups, is the one that is here. */
static void
test_spelled (void)
{
  static const struct { const char *service, *first, *again; } rows[] = {
    { "mullvad", KNOWN_MULLVAD_ACCOUNT, "1234 5678 9012 3456" }, { "mullvad", " 1234-5678-9012-3456", KNOWN_MULLVAD_ACCOUNT },
    { "ivpn", KNOWN_IVPN_ACCOUNT, " I-ABCD-EFGH-IJKL" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *login = g_strconcat ("login ", rows[i].service, NULL);

      adit_world_expect (world, 0, rows[i].first, login, 0);
      adit_world_expect (world, 0, rows[i].again, login, 0);
      adit_world_expect (world, 0, NULL, "logout", 0);
      adit_world_expect (world, 0, NULL, "logout", 4);    /* there was one, and no other */
    }
}

/* Two accounts side by side: one command goes from one to the other. */
static void
test_several (void)
{
  adit_world_expect (world, 0, KNOWN_IVPN_ACCOUNT, "login ivpn", 0);
  adit_world_expect (world, 0, KNOWN_OVPN_USER "\n" KNOWN_OVPN_PASSWORD, "login ovpn", 0);
  expect_connected ("--account ivpn no");
  expect_connected ("--account ovpn Stockholm");
  adit_world_expect (world, 0, NULL, "connect --account nowhere", 4);
  adit_world_expect (world, 0, NULL, "disconnect", 0);
  test_choice ();
  adit_world_expect (world, 0, NULL, "logout --account ovpn", 0);
  adit_world_expect (world, 0, NULL, "logout --account ivpn", 0);
}

/* A helper that has not heard of the service's address yet finds it, and opens the lock for its own connections there. */
static void
test_locked (void)
{
  adit_world_kill_helper (world);
  adit_world_expect_helper (world);
  adit_world_expect (world, 0, NULL, "lockdown on", 0);
  adit_world_expect (world, 0, KNOWN_OVPN_USER "\n" KNOWN_OVPN_PASSWORD, "login ovpn", 0);
  g_assert_false (adit_world_ping (world, ADIT_LAB_OVPNCOM_ADDRESS, 1000));
  adit_world_expect (world, 0, NULL, "logout", 0);
  adit_world_expect (world, 0, NULL, "lockdown off", 0);
  g_assert_true (adit_world_ping (world, ADIT_LAB_OVPNCOM_ADDRESS, 1000));
}

int
main (int argc, char **argv)
{
  world = adit_world_begin_test (&argc, &argv, ADIT_WORLD_SERVICES);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/accounts/", cases[i].id, NULL);

      g_test_add_data_func (path, &cases[i], test_service);
    }
  g_test_add_func ("/accounts/shown", test_shown);
  g_test_add_func ("/accounts/questions", test_questions);
  g_test_add_func ("/accounts/full", test_full);
  g_test_add_func ("/accounts/new", test_new);
  g_test_add_func ("/accounts/spelled", test_spelled);
  g_test_add_func ("/accounts/several", test_several);
  g_test_add_func ("/accounts/locked", test_locked);
  g_test_add_func ("/accounts/browser", test_browser);
  return adit_world_end_test (world);
}
