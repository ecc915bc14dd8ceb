/* SPDX-License-Identifier: GPL-2.0-or-later */
/* look.h: from a state to how the window shows it. */
#pragma once

#include "client/api/status.h"
#include "ui/mirror.h"

G_BEGIN_DECLS

typedef struct
{
  const char *word;           /* the state */
  const char *sentence;       /* what it means for this computer's traffic */
  const char *icon_name;
  const char *style_class;
  const char *button;         /* what the one large button does, or "" where there is nothing to do */
  const char *action_name;    /* (nullable): and how; without it the button cannot be pressed */
  gboolean    suggested;      /* the button is what most people want now */
} AditLook;

void adit_look_find (AditPresence presence, const AditStatus *status, gboolean is_whole, AditLook *look);

G_END_DECLS
