/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns-question.h: one question for a name's IPv4 addresses, and its answer, as plain bytes (RFC 1035).  No I/O. */
#pragma once

#include "client/base/error.h"
#include "client/model/address.h"

G_BEGIN_DECLS

#define ADIT_DNS_QUESTION_MAX_BYTES 271     /* header 12, name 255 (RFC 1035, 2.3.4), type and class 4 */
#define ADIT_DNS_ANSWER_MAX_BYTES   4096    /* a name's addresses need some hundred */

gsize    adit_dns_question_encode (const char *host, guint16 id, guint8 *message);
gboolean adit_dns_answer_parse    (const guint8 *message, gsize length, const char *host, guint16 id, AditAddress *address,
                                   GError **error);

G_END_DECLS
