/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-dsn.c: anything as where reports go.  What is taken is one server, written one way. */
#include "client/report/dsn.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  AditDsn dsn, again;

  if (adit_dsn_parse (text, &dsn, NULL))
    {
      g_autofree char *written = adit_dsn_dup_text (&dsn), *twice = NULL;

      g_assert_true (adit_host_name_is_valid (dsn.host) && dsn.port > 0);
      g_assert_true (dsn.key[0] != '\0' && strpbrk (dsn.key, " ,:@/\"\r\n") == NULL);
      g_assert_true (dsn.project[0] != '\0' && strspn (dsn.project, "0123456789") == strlen (dsn.project));
      g_assert_null (strstr (dsn.folder, "/."));
      g_assert_true (adit_dsn_parse (written, &again, NULL));
      twice = adit_dsn_dup_text (&again);
      g_assert_cmpstr (written, ==, twice);
    }
  (void) adit_dsn_pin_is_valid (text, NULL);
  return 0;
}
