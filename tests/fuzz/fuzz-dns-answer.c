/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-dns-answer.c: any bytes as a resolver's answer, to a question whose number they guess right. */
#include "client/worker/dns-question.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  /* A copy of just this size, so that a read beyond the end is seen. */
  g_autofree guint8 *message = g_memdup2 (data, size);
  AditDnsQuestion question = { .host = "ipv4.am.i.mullvad.net", .id = size >= 2 ? (guint16) (data[0] << 8 | data[1]) : 0 };

  for (guint i = 0; i < 2; i++)
    {
      AditAddress addresses[ADIT_DNS_MAX_ADDRESSES];
      g_autoptr (GError) error = NULL;
      guint n_addresses = 0;

      question.family = i == 0 ? ADIT_FAMILY_IPV4 : ADIT_FAMILY_IPV6;
      if (!adit_dns_answer_parse (&question, message, size, addresses, &n_addresses, &error))
        {
          g_assert_nonnull (error);
          continue;
        }
      g_assert_true (n_addresses > 0 && n_addresses <= ADIT_DNS_MAX_ADDRESSES);
      for (guint j = 0; j < n_addresses; j++)
        g_assert_true (adit_address_is_public (&addresses[j]) && addresses[j].family == question.family);
    }
  return 0;
}
