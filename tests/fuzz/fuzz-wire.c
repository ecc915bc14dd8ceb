/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz-wire.c: any packet, with any number of descriptors (the first byte), to both checks. */
#include "client/wire/wire.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  AditWireMessage message;

  if (size < 1 || size > sizeof message + 1)
    return 0;
  memset (&message, 0, sizeof message);
  memcpy (&message, data + 1, size - 1);
  if (adit_wire_check_from_worker (&message, size - 1, data[0] % 4, NULL))
    {
      /* What was let through is used like this. */
      if (message.header.op == ADIT_WIRE_TUNNEL)
        g_free (adit_endpoint_dup_text (&message.tunnel.peer));
      if (message.header.op == ADIT_WIRE_FAILED)
        g_assert_true (g_utf8_validate (message.failed.detail, -1, NULL));
      if (message.header.op == ADIT_WIRE_EXIT)
        g_assert_true (adit_address_is_public (&message.exit.address));
    }
  (void) adit_wire_check_from_helper (&message, size - 1, data[0] % 4, NULL);
  (void) adit_wire_is_of_this_build (&message, size - 1);
  return 0;
}
