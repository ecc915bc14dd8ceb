/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire.c: begins messages and knows what there are.  What is no row of its table is refused, and so is what a row's own check
 * does not name as allowed. */
#include "client/wire/wire-check.h"

#include <string.h>

#include "build-id.h"

/* No hole anywhere but the one byte in front of a port, which adit_channel_send() clears: a hole would carry bytes of the
 * sender's stack, and the helper is root. */
#define END_OF(type, field) (G_STRUCT_OFFSET (type, field) + sizeof ((type *) NULL)->field)
G_STATIC_ASSERT (sizeof (AditWireHeader) == 16);
G_STATIC_ASSERT (sizeof (AditEndpoint) == 20 && sizeof (AditPrefix) == 18 && sizeof (AditAddress) == 17);
G_STATIC_ASSERT (sizeof (AditPlace) == 96 && sizeof (AditLocation) == 288);
G_STATIC_ASSERT (sizeof (AditWireRequest) == 16 + 64 + 8 + 16 + 600 + 64 + 1024 + 16 + 32 + 96 + 64 + 8 * 20 + 4 + 3 + 9 +
                 sizeof (AditWireOpenvpn) + sizeof (AditWireLookUp) + sizeof (AditWireAnswers) + sizeof (AditWireChoice) +
                 sizeof (AditWireReportTask));
G_STATIC_ASSERT (sizeof (AditWireOpenvpn) == 2 * 20 + 2 + 6 + 16 + 108 + 6 * 128 + 192 + 4);
G_STATIC_ASSERT (sizeof (AditWireLookUp) == 2 * 254 + 1 + 3);
G_STATIC_ASSERT (sizeof (AditWireAnswers) == 2 * 64 + 192 + 64 + 32 + 8);
G_STATIC_ASSERT (sizeof (AditWireChoice) == 96 + 12 + 528 + 12 + 16 * 96 && sizeof (AditServerFilter) == 528);
G_STATIC_ASSERT (sizeof (AditWirePlan) == 96 + 8);
G_STATIC_ASSERT (sizeof (AditWireReportTask) == 33 + 254 + 65 + 65 + 21 + 45 + 1 + 2 + 2);
G_STATIC_ASSERT (END_OF (AditWireRequest, report) == sizeof (AditWireRequest));
G_STATIC_ASSERT (sizeof (AditWireConnect) == 16 + 20);
G_STATIC_ASSERT (sizeof (AditWireConnected) == 16 + 8);
G_STATIC_ASSERT (sizeof (AditWireToken) == 16 + 1024 + 8);
G_STATIC_ASSERT (sizeof (AditWireList) == 16 + 8 + 64);
G_STATIC_ASSERT (sizeof (AditWireDevice) == 16 + 64 + 96 + 2 * 18 + 12 + 8 + 104);
G_STATIC_ASSERT (sizeof (AditWireAccount) == 16 + 8 + 8 + 8 + 2 * 18 + 12 + 104);
G_STATIC_ASSERT (sizeof (AditWireTunnel) == 16 + 20 + 32 + 8 * 18 + 4 + 4 * 17 + 12 + 2 * 288 + 20 + 32 + 2 * 18 + 4 + 32 + 8 +
                 8 * 16 + 8);
G_STATIC_ASSERT (sizeof (AditWireLogin) == 16 + 600 + 2 * 128 && sizeof (AditWireDeviceRow) == 16 + 64 + 96 + 8 + 8);
G_STATIC_ASSERT (sizeof (AditWireDone) == 16);
G_STATIC_ASSERT (sizeof (AditWireFailed) == 16 + 4 + 256 + 4);
G_STATIC_ASSERT (sizeof (AditWireExit) == 16 + 17 + 3);
G_STATIC_ASSERT (sizeof (AditWireConfiguration) == 16 + 8);
G_STATIC_ASSERT (sizeof (AditWireManagement) == 16 && sizeof (AditWireRunning) == 16);
G_STATIC_ASSERT (sizeof (AditWireAssigned) == 16 + 2 * 18 + 4 + 4 * 17 + 8);
G_STATIC_ASSERT (sizeof (AditWireProgress) == 16 + 16 + 8);
G_STATIC_ASSERT (sizeof (AditWireQuestion) == 16 + 192 + 192 + 8 && sizeof (AditWireAuthToken) == 16 + 1024);
G_STATIC_ASSERT (sizeof (AditProfileFacts) == 12 + 96 + 8 + 192);
G_STATIC_ASSERT (sizeof (AditWireProfile) == 16 + 4 + 308);
G_STATIC_ASSERT (sizeof (AditWireImported) == 16 + 16);
G_STATIC_ASSERT (sizeof (AditWirePeer) == 2 * 32 + 254 + 17 + 1 + 3 * 2);
G_STATIC_ASSERT (sizeof (AditWirePeers) == 16 + 32 + 2 * 18 + 4 + 256 * 18 + 4 * 17 + 4 + 8 * 342 + 4 + 4);
G_STATIC_ASSERT (sizeof (AditWireServer) == 16 + 2 * 254 + 2 * 17 + 2 * 2 + 6);
G_STATIC_ASSERT (sizeof (AditWireAddresses) == 16 + 4 * 17 + 4 && sizeof (AditWireApi) == 16 + 8 * 20 + 4);
G_STATIC_ASSERT (sizeof (AditWireModule) == 16 + 4 + 20 && sizeof (AditWireModuleFiles) == 16 + 8);
G_STATIC_ASSERT (sizeof (AditWireReport) == 16 + 65 + 3 + 4 && sizeof (AditWireReported) == 16 + 16);
G_STATIC_ASSERT (sizeof (AditWireRequest) <= ADIT_WIRE_MESSAGE_MAX_BYTES);
G_STATIC_ASSERT (sizeof (AditWireMessage) == ADIT_WIRE_MESSAGE_MAX_BYTES);
G_STATIC_ASSERT (sizeof ADIT_BUILD_ID <= ADIT_WIRE_BUILD_ID_MAX_BYTES);

static gboolean
check_nothing (const AditWireMessage *message, guint n_fds, GError **error)
{
  CHECK (n_fds == 0, "number of descriptors");
  return TRUE;
}

static gboolean
check_one_fd (const AditWireMessage *message, guint n_fds, GError **error)
{
  CHECK (n_fds == 1, "number of descriptors");
  return TRUE;
}

static const struct { gsize size_bytes; gboolean from_helper; AditWireCheck check; } kinds[ADIT_N_WIRE_OPS] = {
  [ADIT_WIRE_REQUEST]       = { sizeof (AditWireRequest),       TRUE,  adit_wire_check_request },
  [ADIT_WIRE_CONNECTED]     = { sizeof (AditWireConnected),     TRUE,  adit_wire_check_connected },
  [ADIT_WIRE_MANAGEMENT]    = { sizeof (AditWireManagement),    TRUE,  check_one_fd },
  [ADIT_WIRE_CONNECT]       = { sizeof (AditWireConnect),       FALSE, adit_wire_check_connect },
  [ADIT_WIRE_TOKEN]         = { sizeof (AditWireToken),         FALSE, adit_wire_check_token },
  [ADIT_WIRE_LIST]          = { sizeof (AditWireList),          FALSE, adit_wire_check_list },
  [ADIT_WIRE_DEVICE]        = { sizeof (AditWireDevice),        FALSE, adit_wire_check_device },
  [ADIT_WIRE_ACCOUNT]       = { sizeof (AditWireAccount),       FALSE, adit_wire_check_account },
  [ADIT_WIRE_TUNNEL]        = { sizeof (AditWireTunnel),        FALSE, adit_wire_check_tunnel },
  [ADIT_WIRE_DONE]          = { sizeof (AditWireDone),          FALSE, check_nothing },
  [ADIT_WIRE_FAILED]        = { sizeof (AditWireFailed),        FALSE, adit_wire_check_failed },
  [ADIT_WIRE_EXIT]          = { sizeof (AditWireExit),          FALSE, adit_wire_check_exit },
  [ADIT_WIRE_CONFIGURATION] = { sizeof (AditWireConfiguration), FALSE, adit_wire_check_configuration },
  [ADIT_WIRE_ASSIGNED]      = { sizeof (AditWireAssigned),      FALSE, adit_wire_check_assigned },
  [ADIT_WIRE_RUNNING]       = { sizeof (AditWireRunning),       FALSE, check_nothing },
  [ADIT_WIRE_PROGRESS]      = { sizeof (AditWireProgress),      FALSE, adit_wire_check_progress },
  [ADIT_WIRE_QUESTION]      = { sizeof (AditWireQuestion),      FALSE, adit_wire_check_question },
  [ADIT_WIRE_AUTH_TOKEN]    = { sizeof (AditWireAuthToken),     FALSE, adit_wire_check_auth_token },
  [ADIT_WIRE_IMPORTED]      = { sizeof (AditWireImported),      FALSE, adit_wire_check_imported },
  [ADIT_WIRE_PROFILE]       = { sizeof (AditWireProfile),       FALSE, adit_wire_check_profile },
  [ADIT_WIRE_SERVER]        = { sizeof (AditWireServer),        FALSE, adit_wire_check_server },
  [ADIT_WIRE_PEERS]         = { sizeof (AditWirePeers),         FALSE, adit_wire_check_peers },
  [ADIT_WIRE_LOGIN]         = { sizeof (AditWireLogin),         FALSE, adit_wire_check_login },
  [ADIT_WIRE_DEVICE_ROW]    = { sizeof (AditWireDeviceRow),     FALSE, adit_wire_check_device_row },
  [ADIT_WIRE_ADDRESSES]     = { sizeof (AditWireAddresses),     FALSE, adit_wire_check_addresses },
  [ADIT_WIRE_API]           = { sizeof (AditWireApi),           FALSE, adit_wire_check_api },
  [ADIT_WIRE_MODULE]        = { sizeof (AditWireModule),        FALSE, adit_wire_check_module },
  [ADIT_WIRE_MODULE_FILES]  = { sizeof (AditWireModuleFiles),   TRUE,  adit_wire_check_module_files },
  [ADIT_WIRE_REPORT]        = { sizeof (AditWireReport),        FALSE, adit_wire_check_report },
  [ADIT_WIRE_REPORTED]      = { sizeof (AditWireReported),      FALSE, adit_wire_check_reported },
};

static gboolean
check_header (const AditWireMessage *message, gsize length, guint n_fds, GError **error)
{
  CHECK (length >= sizeof (AditWireHeader) && length <= ADIT_WIRE_MESSAGE_MAX_BYTES, "length");
  CHECK (message->header.magic == ADIT_WIRE_MAGIC, "magic");
  CHECK (message->header.op > ADIT_WIRE_NONE && message->header.op < ADIT_N_WIRE_OPS, "op");
  CHECK (message->header.size_bytes == length && length == kinds[message->header.op].size_bytes, "size");
  CHECK (n_fds <= ADIT_WIRE_MAX_FDS, "number of descriptors");
  return TRUE;
}

static gboolean
check (const AditWireMessage *message, gsize length, guint n_fds, gboolean from_helper, GError **error)
{
  if (!check_header (message, length, n_fds, error))
    return FALSE;
  CHECK (kinds[message->header.op].from_helper == from_helper, "op");
  return kinds[message->header.op].check (message, n_fds, error);
}

/**
 * adit_wire_op_size:
 * @op: a message's kind
 *
 * Returns: the one length in bytes that such a message has, 0 for a kind that does not exist
 */
gsize
adit_wire_op_size (AditWireOp op)
{
  return (guint) op < ADIT_N_WIRE_OPS ? kinds[op].size_bytes : 0;
}

/**
 * adit_wire_begin:
 * @message: memory for a message; all of it is set to zero first
 * @op: what it will be
 * @attempt: the helper's number for the request that it belongs to
 *
 * Writes the header; into a REQUEST also the build id of this program.
 */
void
adit_wire_begin (AditWireMessage *message, AditWireOp op, guint32 attempt)
{
  memset (message, 0, sizeof *message);
  message->header.magic = ADIT_WIRE_MAGIC;
  message->header.op = op;
  message->header.size_bytes = (guint32) adit_wire_op_size (op);
  message->header.attempt = attempt;
  if (op == ADIT_WIRE_REQUEST)
    g_strlcpy (message->request.build_id, ADIT_BUILD_ID, sizeof message->request.build_id);
}

/**
 * adit_wire_is_of_this_build:
 * @message: what was received, checked or not
 * @length: how many bytes of it were
 *
 * Asked before anything else in a REQUEST is believed: header and build id have had the same place in every version, the rest
 * need not have.
 *
 * Returns: %FALSE if this is a REQUEST from another build of Adit, %TRUE otherwise, also for what is no REQUEST at all
 */
gboolean
adit_wire_is_of_this_build (const AditWireMessage *message, gsize length)
{
  if (length < END_OF (AditWireRequest, build_id) || message->header.magic != ADIT_WIRE_MAGIC ||
      message->header.op != ADIT_WIRE_REQUEST)
    return TRUE;
  return strncmp (message->request.build_id, ADIT_BUILD_ID, sizeof message->request.build_id) == 0;
}

/**
 * adit_wire_check_from_worker:
 * @message: what a worker sent
 * @length: the packet's length in bytes
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED naming the field, never its value
 *
 * Whether the attempt's number is the one asked for, and an API address one of ours, is the caller's to compare.
 *
 * Returns: %TRUE if every field of it is as it may be
 */
gboolean
adit_wire_check_from_worker (const AditWireMessage *message, gsize length, guint n_fds, GError **error)
{
  return check (message, length, n_fds, FALSE, error);
}

/**
 * adit_wire_check_from_helper:
 * @message: what the helper sent
 * @length: the packet's length in bytes
 * @n_fds: how many descriptors came with it
 * @error: return location; %ADIT_ERROR_WORKER_FAILED naming the field, never its value
 *
 * Returns: %TRUE if every field of it is as it may be
 */
gboolean
adit_wire_check_from_helper (const AditWireMessage *message, gsize length, guint n_fds, GError **error)
{
  return check (message, length, n_fds, TRUE, error);
}
