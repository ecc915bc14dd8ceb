/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-field.c: one byte out of place anywhere is seen, and the byte behind the field is not looked at. */
#include "client/base/field.h"

static void
test_zero (void)
{
  guint8 field[9] = { [8] = 1 };

  g_assert_true (adit_field_is_zero (field, 0));
  g_assert_true (adit_field_is_zero (field, 8));
  for (guint i = 0; i < 8; i++)
    {
      field[i] = 0x80;
      g_assert_false (adit_field_is_zero (field, 8));
      field[i] = 0;
    }
}

static void
test_terminated (void)
{
  static const struct { char field[5]; gboolean terminated; } forms[] = {
    { "", TRUE }, { "a", TRUE }, { "abc", TRUE }, { "abcd", FALSE }, { "ab\0d", FALSE }, { "\0b", FALSE }, { "\0\0\0d", FALSE },
    { "\0\0\0\0e", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    g_assert_cmpint (adit_field_is_terminated (forms[i].field, 4), ==, forms[i].terminated);
  g_assert_false (adit_field_is_terminated ("", 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/field/zero", test_zero);
  g_test_add_func ("/field/terminated", test_terminated);
  return g_test_run ();
}
