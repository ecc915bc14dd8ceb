/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-send-answer.c: any status (two bytes), and any headers, parted by a zero byte.  What comes of it the helper takes. */
#include "client/worker/send-answer.h"

#include <string.h>

#define NOW 1800000000

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = size > 2 ? g_malloc0 (size) : NULL;    /* room for two ends */
  AditSendHeaders headers = { 0 };
  AditWireMessage message;

  if (size <= 2)
    return 0;
  memcpy (text, data + 2, size - 2);
  headers.status = (guint) data[0] << 8 | data[1];
  headers.retry_after = text;
  headers.rate_limits = strlen (text) < size - 2 ? text + strlen (text) + 1 : text + size - 2;
  headers.retry_at_s = (gint64) g_str_hash (text) * (data[1] % 2 ? 1 : -1);
  adit_wire_begin (&message, ADIT_WIRE_REPORTED, 1);
  if (adit_send_answer_read (&headers, NOW, &message.reported, NULL))
    g_assert_true (adit_wire_check_from_worker (&message, message.header.size_bytes, 0, NULL));
  return 0;
}
