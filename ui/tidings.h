/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tidings.h: what is told to somebody who does not look at the window. */
#pragma once

#include "client/api/answer.h"
#include "client/api/status.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_TIDINGS_NONE = 0,
  ADIT_TIDINGS_BLOCKED,     /* nothing leaves this computer, and somebody has to do something */
  ADIT_TIDINGS_PORTAL,      /* this network wants to be seen first */
  ADIT_TIDINGS_EXPIRING,    /* an account ends within days */
  ADIT_N_TIDINGS
} AditTidingsKind;

/* How much of it somebody wants to hear. */
typedef enum
{
  ADIT_HEARS_ALL = 0,
  ADIT_HEARS_IMPORTANT,     /* what keeps the network blocked */
  ADIT_HEARS_NOTHING,
  ADIT_N_HEARS
} AditHears;

typedef struct
{
  gboolean   was_connected;
  AditReason reason;                  /* that was told of; until it is connected or open again */
  gboolean   is_told[ADIT_N_TIDINGS];
} AditTidingsMemory;

typedef struct
{
  const char *title;
  char       *body;                   /* to be freed */
  const char *button, *action_name;   /* (nullable): of the program */
} AditTidings;

gboolean adit_tidings_follow (AditTidingsMemory *memory, AditTidingsKind kind, const AditStatus *status,
                              const AditAccountRow *account, gint64 now_s, AditTidings *tidings);
gboolean adit_tidings_hears  (AditTidingsKind kind, AditHears hears);

G_END_DECLS
