/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-uapi.c: any bytes as the answer of a WireGuard program to "get" and to "set". */
#include "platform/linux/uapi.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  /* A copy of just this size, so that a read beyond the end is seen. */
  g_autofree char *answer = g_memdup2 (data, size);
  g_autoptr (GError) error = NULL;
  AditUapiStatus status = { 0 };

  if (size == 0)
    return 0;
  (void) adit_uapi_is_complete (answer, size);
  if (adit_uapi_parse_get_answer (answer, size, &status, NULL))
    {
      g_assert_cmpuint (status.n_peers, <=, ADIT_TUNNEL_MAX_PEERS);
      g_assert_cmpuint (size, <=, ADIT_UAPI_MAX_ANSWER_BYTES);
    }
  if (!adit_uapi_check_set_answer (answer, size, &error))
    g_assert_nonnull (error);
  return 0;
}
