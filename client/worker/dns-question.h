/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-question.h: one question for a name's addresses, and its answer, as plain bytes (RFC 1035).  No I/O. */
#pragma once

#include "client/base/error.h"
#include "client/model/address.h"

G_BEGIN_DECLS

#define ADIT_DNS_QUESTION_MAX_BYTES 271     /* header 12, name 255 (RFC 1035, 2.3.4), type and class 4 */
#define ADIT_DNS_ANSWER_MAX_BYTES   4096    /* a name's addresses need some hundred */

#define ADIT_DNS_MAX_ADDRESSES      4       /* of one family, one after the other; whoever has more means any of them */

typedef struct
{
  const char *host;      /* borrowed */
  guint16     id;
  AditFamily  family;
} AditDnsQuestion;

gsize    adit_dns_question_encode (const AditDnsQuestion *self, guint8 *message);
gboolean adit_dns_answer_parse    (const AditDnsQuestion *question, const guint8 *message, gsize length, AditAddress *addresses,
                                   guint *n_addresses, GError **error);

G_END_DECLS
