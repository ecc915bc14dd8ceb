/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.h: what is kept of the user's will: the settings, and what was wanted last. */
#pragma once

#include "client/model/auto-connect.h"
#include "client/model/choice.h"
#include "client/model/place.h"
#include "client/model/reach.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_ACCOUNT_ID_MAX_BYTES 40    /* a UUID (36) and its end */

typedef struct
{
  gboolean          lockdown;    /* the lock also while disconnected */
  AditReachSettings reach;       /* what may be reached beside the tunnel, and who is asked for names */
  AditChoice        choice;      /* which server is taken, and what its resolver leaves out */
  guint             key_days;    /* how long a key is used at a service; 0: as the service has it */
  AditAutoConnect   auto_connect;
} AditSettings;

/* The last wish.  Kept while it is to be connected, erased by a disconnect. */
typedef struct
{
  gboolean  connected;
  char      account[ADIT_ACCOUNT_ID_MAX_BYTES];
  AditPlace place;
  gboolean  has_entry;
  AditPlace entry;           /* with @has_entry: where the way to @place begins */
  AditProtocol protocol;     /* of an account's tunnel; a profile has its own */
  gboolean  from_favourites; /* anywhere on the own list; of @place nothing is said then */
  gboolean  has_servers;     /* else those of the settings count */
  AditServerWish servers;    /* with @has_servers: for this wish alone */
} AditWish;

#define ADIT_KEY_DAYS_NAME "key-days"    /* of the one setting that is about keys, in the form of the others */
#define ADIT_KEY_MAX_DAYS  30            /* as at Mullvad and IVPN; a service with less has its own */

gboolean           adit_wish_equal (const AditWish *a, const AditWish *b);

char             **adit_settings_dup_key_days (guint days);
gboolean           adit_settings_set_key_days (guint *days, const char *const *texts, GError **error);

/* The parts of what may be reached, each by its name and as texts: on the bus, in the file, at the command line. */
const char *const *adit_settings_get_names (void);
char             **adit_settings_dup_texts (const AditReachSettings *settings, const char *name);
gboolean           adit_settings_set_texts (AditReachSettings *settings, const char *name, const char *const *texts,
                                            GError **error);

G_END_DECLS
