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
      if (message.header.op == ADIT_WIRE_ADDRESSES)
        for (guint i = 0; i < message.addresses.n_addresses; i++)
          g_assert_true (adit_address_is_public (&message.addresses.addresses[i]));
      if (message.header.op == ADIT_WIRE_ASSIGNED)
        for (guint i = 0; i < message.assigned.n_addresses; i++)
          g_assert_true (adit_address_is_unicast (&message.assigned.addresses[i].address));
      if (message.header.op == ADIT_WIRE_PROFILE)
        g_assert_true (adit_name_is_valid (message.profile.facts.name) &&
                       adit_profile_kind_get_name (message.profile.facts.kind) != NULL);
      if (message.header.op == ADIT_WIRE_REPORT)
        g_assert_true (data[0] % 4 == 1 && strlen (message.report.key) == ADIT_WIRE_REPORT_KEY_LENGTH);
      if (message.header.op == ADIT_WIRE_REPORTED)
        g_assert_true (message.reported.retry_after_s <= ADIT_WIRE_RETRY_MAX_S && message.reported.status < 600);
      if (message.header.op == ADIT_WIRE_IMPORTED)
        g_assert_true ((data[0] % 4 == 2) == (message.imported.n_profiles > 0));
    }
  if (adit_wire_check_from_helper (&message, size - 1, data[0] % 4, NULL) && message.header.op == ADIT_WIRE_REQUEST &&
      message.request.want == ADIT_WIRE_WANT_OPENVPN)
    {
      g_assert_true (data[0] % 4 == 1 && message.request.n_api == 0 && message.request.openvpn.management_path[0] == '/');
      g_assert_cmpuint (strlen (message.request.openvpn.password), <, ADIT_WIRE_CREDENTIAL_MAX_BYTES);
    }
  if (adit_wire_check_from_helper (&message, size - 1, data[0] % 4, NULL) && message.header.op == ADIT_WIRE_REQUEST &&
      message.request.want == ADIT_WIRE_WANT_LOOK_UP)
    g_assert_true (adit_host_name_is_valid (message.request.look_up.host) && message.request.n_api > 0);
  if (adit_wire_check_from_helper (&message, size - 1, data[0] % 4, NULL) && message.header.op == ADIT_WIRE_REQUEST &&
      message.request.want == ADIT_WIRE_WANT_SEND)
    {
      g_assert_true (adit_host_name_is_valid (message.request.report.host) && message.request.n_api > 0 && data[0] % 4 == 1);
      g_assert_null (strpbrk (message.request.report.key, " ,\r\n"));
      g_assert_null (strstr (message.request.report.folder, "/."));
    }
  (void) adit_wire_is_of_this_build (&message, size - 1);
  return 0;
}
