/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rotation-private.h: what rotation.c changes, and rotation-prepare.c makes connections wait for. */
#pragma once

#include "client/core/key-age.h"
#include "client/helper/rotation.h"
#include "platform/alarm.h"

G_BEGIN_DECLS

/* What is known of one account's key beside what the vault has; of the account that has this birthday in it. */
typedef struct
{
  AditKeyAge age;
  gint64     made_at_s;
  GError    *error;          /* (nullable): of the last change, if it failed */
  gboolean   was_dead;       /* it came in the place of one that no server answered to */
  gboolean   is_unproved;    /* and none has answered to this one yet: it is not the key then */
} AditRotationKey;

struct _AditRotation
{
  GObject          parent_instance;
  AditVault       *vault;      /* outlive us */
  AditSession     *session;
  AditWorkerProxy *proxy;
  guint            days;       /* that the user has set; 0: as each service has it */
  GHashTable      *keys;       /* account's id to AditRotationKey */
  AditAlarm       *alarm;      /* (nullable) */

  /* the change that is under way */
  GTask           *task;       /* (nullable) */
  char             account[ADIT_ACCOUNT_ID_MAX_BYTES];
  AditSecret      *new_key;
  gboolean         is_connected, is_doubted;
  GPtrArray       *waiting;    /* of GTask, owned: connections that wait for it */

  guint            reconnect_source;
  gint64           reconnect_since_s;    /* which connection still has the old key */
};

AditRotationKey *adit_rotation_find_key        (AditRotation *self, AditAccount *account);
void             adit_rotation_begin_by_itself (AditRotation *self, AditAccount *account, gboolean is_doubted);

/* rotation-prepare.c */
void             adit_rotation_go_on           (AditRotation *self, GTask *task);

G_END_DECLS
