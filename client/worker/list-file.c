/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list-file.c: a server list goes up in a sealed file; a small text comes down in any. */
#include "client/worker/list-file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "client/base/error.h"
#include "client/worker/sealed-file.h"

/**
 * adit_list_file_seal:
 * @list: what to put there
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Returns: a memory file that can no longer change in content or length, yours to close; -1 with @error set
 */
int
adit_list_file_seal (GBytes *list, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (list, &length);
  int fd = adit_sealed_file_begin ("adit-server-list", error);

  if (fd < 0)
    return -1;
  if (adit_sealed_file_add (fd, bytes, length, error) && adit_sealed_file_end (fd, error))
    return fd;
  close (fd);
  return -1;
}

/**
 * adit_list_file_seal_secret:
 * @text: what to put there
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * As adit_list_file_seal(); the kernel forgets it when the last who has it has closed it.
 *
 * Returns: a memory file; -1 with @error set
 */
int
adit_list_file_seal_secret (AditSecret *text, GError **error)
{
  gsize length;
  const guint8 *bytes = adit_secret_peek (text, &length);
  int fd = adit_sealed_file_begin ("adit-configuration", error);

  if (fd < 0)
    return -1;
  if (adit_sealed_file_add (fd, bytes, length, error) && adit_sealed_file_end (fd, error))
    return fd;
  close (fd);
  return -1;
}

/**
 * adit_list_file_read_text:
 * @fd: a file from the helper
 * @max_bytes: how long it may be
 * @error: return location; %ADIT_ERROR_FAILED
 *
 * Reads from its start, wherever its position is, because the helper may have read it before.
 *
 * Returns: (transfer full) (nullable): its text, which has no NUL in it
 */
char *
adit_list_file_read_text (int fd, gsize max_bytes, GError **error)
{
  g_autofree char *text = g_malloc0 (max_bytes + 1);
  gsize length = 0;

  while (length < max_bytes + 1)
    {
      gssize got = pread (fd, text + length, max_bytes + 1 - length, (off_t) length);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        break;
      length += (gsize) got;
    }
  if (length > 0 && length <= max_bytes && memchr (text, '\0', length) == NULL)
    return g_steal_pointer (&text);
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_FAILED, "A file from the helper is empty, too long, or no text");
  return NULL;
}

/**
 * adit_list_file_read_trust:
 * @fd: a file of certificates from the helper
 * @max_bytes: how long it may be
 * @error: return location; %ADIT_ERROR_TRUST_UNUSABLE
 *
 * Returns: (transfer full) (nullable): as adit_list_file_read_text()
 */
char *
adit_list_file_read_trust (int fd, gsize max_bytes, GError **error)
{
  char *text = adit_list_file_read_text (fd, max_bytes, NULL);

  if (text == NULL)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE, "The file of certificates is empty, too long, or no text");
  return text;
}
