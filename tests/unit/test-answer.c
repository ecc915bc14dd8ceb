/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-answer.c: answers of the helper, also those of another version. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/api/account-answer.h"
#include "client/api/answer.h"
#include "client/base/error.h"

static void
test_accounts (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (
    g_variant_new_parsed ("([{'id': <'one'>, 'service': <'mullvad'>, 'service_name': <'Mullvad'>, 'device_name': <'quiet fox'>,"
                          " 'current': <true>, 'mine': <true>, 'expires_at': <int64 1800000000>, 'checked_at': <int64 5>},"
                          " {'id': <'two'>, 'expires_at': <'soon'>}],)"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) accounts = adit_answer_read_accounts (answer, &error);
  AditAccountRow *row;

  g_assert_no_error (error);
  g_assert_cmpuint (accounts->len, ==, 2);
  row = accounts->pdata[0];
  g_assert_cmpstr (row->id, ==, "one");
  g_assert_cmpstr (row->service_name, ==, "Mullvad");
  g_assert_cmpstr (row->device_name, ==, "quiet fox");
  g_assert_true (row->current && row->mine);
  g_assert_cmpint (row->expires_at_s, ==, 1800000000);
  row = accounts->pdata[1];
  g_assert_cmpstr (row->device_name, ==, "");
  g_assert_cmpint (row->expires_at_s, ==, 0);
}

static void
test_profiles (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (
    g_variant_new_parsed ("([{'id': <'one'>, 'kind': <'openvpn'>, 'name': <'office'>, 'servers': <uint32 3>,"
                          " 'resolvers': <uint32 2>, 'whole': <true>, 'asks': <['username', 'password']>,"
                          " 'takes': <['password']>, 'mine': <true>,"
                          " 'imported_at': <int64 1800000000>},"
                          " {'id': <'two'>, 'kind': <'ipsec'>, 'asks': <'all'>}], handle 0)"));
  g_autoptr (GVariant) words = g_variant_ref_sink (g_variant_new_parsed ("('words',)"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) profiles = adit_answer_read_profiles (answer, &error);
  const AditProfileRow *row;

  g_assert_no_error (error);
  g_assert_cmpuint (profiles->len, ==, 2);
  row = profiles->pdata[0];
  g_assert_cmpstr (row->name, ==, "office");
  g_assert_cmpint (row->kind, ==, ADIT_PROFILE_OPENVPN);
  g_assert_cmpuint (row->n_servers, ==, 3);
  g_assert_cmpuint (row->n_resolvers, ==, 2);
  g_assert_cmpstr (row->asks[1], ==, "password");
  g_assert_cmpstr (row->takes[0], ==, "password");
  g_assert_null (row->takes[1]);
  g_assert_true (row->is_whole && row->mine && !row->needs_names);
  row = profiles->pdata[1];
  g_assert_cmpint (row->kind, ==, ADIT_PROFILE_NONE);
  g_assert_cmpstr (row->name, ==, "");
  g_assert_null (row->asks[0]);
  g_assert_null (row->takes[0]);
  g_assert_null (adit_answer_read_profiles (words, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION);
}

/* As with lists: the handle is the helper's word. */
static void
test_file (void)
{
  int fd = memfd_create ("file", MFD_CLOEXEC);
  g_autoptr (GUnixFDList) fds = NULL;
  static const struct { const char *answer; guint child; gsize max_bytes; gboolean good; } rows[] = {
    { "(handle 0,)", 0, 4, TRUE }, { "('x', handle 0)", 1, 4, TRUE }, { "(handle 0,)", 0, 3, FALSE },
    { "(handle 1,)", 0, 4, FALSE },
    { "(handle 0,)", 1, 4, FALSE }, { "('x',)", 0, 4, FALSE }, { "(handle -1,)", 0, 4, FALSE },
  };

  g_assert_cmpint (write (fd, "text", 4), ==, 4);
  fds = g_unix_fd_list_new_from_array (&fd, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed (rows[i].answer));
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = adit_answer_read_file (answer, rows[i].child, fds, rows[i].max_bytes, &error);

      g_assert_true ((bytes != NULL) == rows[i].good);
      if (bytes == NULL)
        g_assert_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION);
      else
        g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "text", 4);
    }
}

static void
test_one_account (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed ("(@a{sv} {'id': <'one'>},)"));
  g_autoptr (GPtrArray) accounts = adit_answer_read_accounts (answer, NULL);

  g_assert_cmpuint (accounts->len, ==, 1);
}

static void
test_other_version (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed ("('words',)"));
  g_autoptr (GError) error = NULL, list_error = NULL;

  g_assert_null (adit_answer_read_accounts (answer, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION);
  g_assert_null (adit_answer_open_list (answer, NULL, &list_error));
  g_assert_error (list_error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION);
}

/* The handle is the helper's word: it may point past what came, and what came may be no list. */
static void
test_bad_list (void)
{
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new_from_array (&fd, 1);
  static const gint32 handles[] = { 0, 1, -1, G_MAXINT32 };

  for (gsize i = 0; i < G_N_ELEMENTS (handles); i++)
    {
      g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new ("(h)", handles[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (adit_answer_open_list (answer, fds, &error));
      g_assert_nonnull (error);
    }
}

static void
test_devices (void)
{
  g_autoptr (GVariant) answer = g_variant_ref_sink (
    g_variant_new_parsed ("([{'id': <'one'>, 'name': <'Quiet Fox'>, 'created_at': <int64 1800000000>, 'ours': <true>},"
                          " {'id': <'two'>, 'created_at': <'yesterday'>}],)"));
  g_autoptr (GVariant) words = g_variant_ref_sink (g_variant_new_parsed ("('words',)"));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = adit_answer_read_devices (answer, &error);
  const AditDeviceRow *row;

  g_assert_no_error (error);
  g_assert_cmpuint (devices->len, ==, 2);
  row = devices->pdata[0];
  g_assert_cmpstr (row->name, ==, "Quiet Fox");
  g_assert_true (row->is_ours);
  g_assert_cmpint (row->created_at_s, ==, 1800000000);
  row = devices->pdata[1];
  g_assert_cmpstr (row->name, ==, "");
  g_assert_false (row->is_ours);
  g_assert_cmpint (row->created_at_s, ==, 0);
  g_assert_null (adit_answer_read_devices (words, &error));
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION);
}

static AditSignInQuestion *
read_question (const char *dict, gsize size, GError **error)
{
  g_autofree char *text = g_strdup_printf ("(%s, handle 0)", dict);
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_parsed (text));
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  int fd = memfd_create ("picture", MFD_CLOEXEC);

  g_assert_cmpint (ftruncate (fd, (off_t) size), ==, 0);
  g_assert_cmpint (g_unix_fd_list_append (fds, fd, NULL), ==, 0);
  close (fd);
  return adit_answer_read_question (answer, fds, error);
}

static void
test_question (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AditSignInQuestion) captcha = read_question ("{'service': <'ivpn'>, 'kind': <'captcha'>, 'text': <'Please'>,"
                                                          " 'was_wrong': <true>, 'has_picture': <true>}", 9, &error);
  g_autoptr (AditSignInQuestion) newer = NULL, large = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (captcha->kind, ==, ADIT_SIGN_IN_ASKS_CAPTCHA);
  g_assert_cmpstr (captcha->text, ==, "Please");
  g_assert_true (captcha->was_wrong);
  g_assert_cmpuint (g_bytes_get_size (captcha->picture), ==, 9);
  newer = read_question ("@a{sv} {'kind': <'dance'>}", 9, &error);
  g_assert_no_error (error);
  g_assert_cmpint (newer->kind, ==, ADIT_SIGN_IN_ASKS_NOTHING);
  g_assert_null (newer->picture);
  large = read_question ("{'kind': <'captcha'>, 'has_picture': <true>}", ADIT_SIGN_IN_PICTURE_MAX_BYTES + 1, &error);
  g_assert_null (large);
  g_assert_error (error, ADIT_ERROR, ADIT_ERROR_OTHER_VERSION);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answer/accounts", test_accounts);
  g_test_add_func ("/answer/one-account", test_one_account);
  g_test_add_func ("/answer/other-version", test_other_version);
  g_test_add_func ("/answer/bad-list", test_bad_list);
  g_test_add_func ("/answer/profiles", test_profiles);
  g_test_add_func ("/answer/file", test_file);
  g_test_add_func ("/answer/devices", test_devices);
  g_test_add_func ("/answer/question", test_question);
  return g_test_run ();
}
