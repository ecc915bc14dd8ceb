/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-profile-login.c: which lines are a login, and that one comes back from its file as it was. */
#include "client/helper/profile-login.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "client/base/error.h"

static char *
dup_text (AditSecret *secret)
{
  gsize length;
  const guint8 *bytes;

  if (secret == NULL)
    return g_strdup ("-");
  bytes = adit_secret_peek (secret, &length);
  return g_strndup ((const char *) bytes, length);
}

static char *
join (const AditLoginSecrets *login)
{
  g_autofree char *username = dup_text (login->username), *password = dup_text (login->password);
  g_autofree char *passphrase = dup_text (login->passphrase);
  g_autofree char *proxy_username = dup_text (login->proxy_username), *proxy_password = dup_text (login->proxy_password);

  return g_strjoin ("|", username, password, passphrase, proxy_username, proxy_password, NULL);
}

static void
test_lines (void)
{
  static const struct { const char *text, *wanted; } cases[] = {
    { "lab\nbattery staple", "lab|battery staple|-|-|-" },
    { "lab\nbattery staple\n", "lab|battery staple|-|-|-" },
    { "lab\nbattery staple\n\nproxy user\nproxy pw\n", "lab|battery staple|-|proxy user|proxy pw" },
    { "\n\n\np\nq", "-|-|-|p|q" }, { "\n\n\n\nq", "-|-|-|-|q" }, { "\n\n\np\n", NULL }, { "\n\n\np\nq\nr", NULL },
    { "lab\np\xc3\xa4ss \"\\\n\xc3\xbc", "lab|p\xc3\xa4ss \"\\|\xc3\xbc|-|-" },
    { "\n\nonly the key", "-|-|only the key|-|-" }, { "\npassword", "-|password|-|-|-" },
    { "lab", NULL }, { "", NULL }, { "\n\n", NULL }, { "lab\n\nkey", NULL }, { "lab\n\nkey", NULL }, { "a\nb\nc\nx", NULL },
    { "a\rb\nc", NULL }, { "a\nb\tc", NULL }, { "a\n\x7f", NULL }, { "a\n\xff", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AditSecret) lines = adit_secret_new (cases[i].text, strlen (cases[i].text));
      g_auto (AditLoginSecrets) login = { NULL };
      g_autoptr (GError) error = NULL;
      g_autofree char *found = NULL;
      gboolean parsed = adit_login_secrets_parse (&login, lines, &error);

      found = join (&login);
      g_assert_cmpint (parsed, ==, cases[i].wanted != NULL);
      g_assert_cmpstr (found, ==, parsed ? cases[i].wanted : "-|-|-|-|-");
      if (!parsed)
        g_assert_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED);
    }
}

/* A line of openvpn's own length fits, and not one byte more; nothing of it hides behind a zero. */
static void
test_bounds (void)
{
  char text[300];

  for (gsize length = 126; length <= 129; length++)
    {
      g_autoptr (AditSecret) lines = NULL;
      g_auto (AditLoginSecrets) login = { NULL };

      memset (text, 'a', sizeof text);
      text[length] = '\n';
      text[length + 1] = 'b';
      lines = adit_secret_new (text, length + 2);
      g_assert_cmpint (adit_login_secrets_parse (&login, lines, NULL), ==, length <= 127);
    }
  {
    g_autoptr (AditSecret) lines = adit_secret_new ("a\0b\nc", 5);
    g_auto (AditLoginSecrets) login = { NULL };

    g_assert_false (adit_login_secrets_parse (&login, lines, NULL));
  }
}

static void
test_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("adit-login-XXXXXX", NULL), *path = g_build_filename (folder, "one.login", NULL);
  g_autoptr (AditSecret) lines = adit_secret_new ("lab\npw\nkey", 10);
  g_auto (AditLoginSecrets) login = { NULL };
  g_autofree char *found = NULL;
  struct stat status;

  g_assert_false (adit_profile_login_load (path, &login));
  g_assert_true (adit_profile_login_store (path, lines, NULL));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (adit_profile_login_load (path, &login));
  found = join (&login);
  g_assert_cmpstr (found, ==, "lab|pw|key|-|-");
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/profile-login/lines", test_lines);
  g_test_add_func ("/profile-login/bounds", test_bounds);
  g_test_add_func ("/profile-login/file", test_file);
  return g_test_run ();
}
