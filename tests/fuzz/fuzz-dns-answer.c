/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-dns-answer.c: any bytes as a resolver's answer, to a question whose number they guess right. */
#include "client/worker/dns-question.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  /* A copy of just this size, so that a read beyond the end is seen. */
  g_autofree guint8 *message = g_memdup2 (data, size);
  g_autoptr (GError) error = NULL;
  AditAddress address;
  guint16 id = size >= 2 ? (guint16) (data[0] << 8 | data[1]) : 0;

  if (adit_dns_answer_parse (message, size, "ipv4.am.i.mullvad.net", id, &address, &error))
    g_assert_true (adit_address_is_public (&address) && address.family == ADIT_FAMILY_IPV4);
  else
    g_assert_nonnull (error);
  return 0;
}
