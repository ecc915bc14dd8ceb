/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-secret.c: what a secret tells, and what it fills when it is copied into a form. */
#include "client/base/secret.h"

static void
test_describe (void)
{
  g_autoptr (AditSecret) secret = adit_secret_new ("12345", 5);

  g_assert_cmpstr (adit_secret_describe (secret), ==, "5 bytes");
  g_assert_cmpstr (adit_secret_describe (NULL), ==, "not set");
  g_assert_cmpuint (adit_secret_get_size (secret), ==, 5);
  g_assert_cmpuint (adit_secret_get_size (NULL), ==, 0);
  g_assert_cmpstr ((const char *) adit_secret_peek (secret, NULL), ==, "12345");
}

static void
test_copy (void)
{
  g_autoptr (AditSecret) secret = adit_secret_new ("12345", 5);
  char field[8] = { 0 };

  adit_secret_copy_to (NULL, field, sizeof field);
  g_assert_cmpstr (field, ==, "");
  adit_secret_copy_to (secret, field, 5);
  g_assert_cmpmem (field, sizeof field, "12345\0\0", 8);
}

static void
test_copy_too_long (void)
{
  g_autoptr (AditSecret) secret = adit_secret_new ("12345", 5);
  char field[8] = { 0 };

  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*length <= size_bytes*");
  adit_secret_copy_to (secret, field, 4);
  g_test_assert_expected_messages ();
  g_assert_cmpmem (field, sizeof field, "\0\0\0\0\0\0\0", 8);
}

static void
test_equal (void)
{
  g_autoptr (AditSecret) secret = adit_secret_new ("12345", 5), same = adit_secret_new ("12345", 5);
  g_autoptr (AditSecret) other = adit_secret_new ("12346", 5), longer = adit_secret_new ("123456", 6);

  g_assert_true (adit_secret_equal (secret, same));
  g_assert_true (adit_secret_equal (NULL, NULL));
  g_assert_false (adit_secret_equal (secret, NULL));
  g_assert_false (adit_secret_equal (NULL, secret));
  g_assert_false (adit_secret_equal (secret, other));
  g_assert_false (adit_secret_equal (secret, longer));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/describe", test_describe);
  g_test_add_func ("/secret/copy", test_copy);
  g_test_add_func ("/secret/copy-too-long", test_copy_too_long);
  g_test_add_func ("/secret/equal", test_equal);
  return g_test_run ();
}
