/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.h: what is kept of the user's will: the settings, and what was wanted last. */
#pragma once

#include "client/model/place.h"

G_BEGIN_DECLS

#define ADIT_ACCOUNT_ID_MAX_BYTES 40    /* a UUID (36) and its end */

typedef struct
{
  gboolean lockdown;    /* the lock also while disconnected */
} AditSettings;

/* The last wish.  Kept while it is to be connected, erased by a disconnect. */
typedef struct
{
  gboolean  connected;
  char      account[ADIT_ACCOUNT_ID_MAX_BYTES];
  AditPlace place;
} AditWish;

G_END_DECLS
