/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notice.h: what somebody is told beside the state: nothing is wrong enough to stop for it. */
#pragma once

#include "client/model/diversion.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_NOTICE_NONE          = 0,
  ADIT_NOTICE_ROUTES        = ADIT_DIVERSION_ROUTES,
  ADIT_NOTICE_PEER          = ADIT_DIVERSION_PEER,
  ADIT_NOTICE_RELAY_KEY     = 1 << 2,    /* a server's public key is another one than in the list before */
  ADIT_NOTICE_ACCOUNT_ENDED = 1 << 3,    /* and the tunnel is still there */
  ADIT_NOTICE_KEY_KEPT      = 1 << 4,    /* this computer's key should have been changed, and could not be */
  ADIT_NOTICE_KEY_REPLACED  = 1 << 5,    /* no server answered to the key, so the service was given another */
  ADIT_NOTICE_NETWORK       = 1 << 6,    /* nobody has said what is done in this network */
  ADIT_NOTICE_OTHER_PROGRAM = 1 << 7,    /* its rules and ours cannot both hold */
  ADIT_NOTICE_PORTAL        = 1 << 8,    /* this network probably has a page on which people are to show themselves */
  ADIT_NOTICE_NAMES         = 1 << 9,    /* nobody answers names in the tunnel */
} AditNotices;

#define ADIT_N_NOTICES 10

const char *adit_notice_get_nick  (AditNotices one);
gboolean    adit_notice_from_nick (const char *nick, AditNotices *one);

G_END_DECLS
