/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host-name.c: what is a host's name, so that no resolver takes it for an address. */
#include "client/base/host-name.h"

#include <string.h>

#define LABEL_MAX_BYTES 63    /* RFC 1035, 2.3.4 */

/* "127.1", "0x7f.1" and "2130706433" are names to us and addresses to inet_aton; no top level domain begins with a digit. */
static gboolean
ends_in_number (const char *name)
{
  const char *dot = strrchr (name, '.');

  return g_ascii_isdigit (dot != NULL ? dot[1] : name[0]);
}

/**
 * adit_host_name_is_valid:
 * @name: perhaps a host's name
 *
 * Returns: whether it is one (RFC 1123, 2.1), without a dot at its end
 */
gboolean
adit_host_name_is_valid (const char *name)
{
  gsize length = strlen (name), label = 0;

  if (length == 0 || length >= ADIT_HOST_NAME_MAX_BYTES || ends_in_number (name))
    return FALSE;
  for (gsize i = 0; i <= length; i++)
    {
      if (name[i] == '.' || name[i] == '\0')
        {
          if (label == 0 || label > LABEL_MAX_BYTES || name[i - 1] == '-' || name[i - label] == '-')
            return FALSE;
          label = 0;
        }
      else if (g_ascii_isalnum (name[i]) || name[i] == '-')
        label++;
      else
        return FALSE;
    }
  return TRUE;
}
