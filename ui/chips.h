/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chips.h: what is on or open, in a few words each, and where it is set. */
#pragma once

#include "client/api/status.h"

G_BEGIN_DECLS

typedef struct
{
  const char *label;        /* translated */
  const char *icon_name;
  const char *setting;      /* as adit_settings_window_show() takes it */
  gboolean    is_open;      /* less is protected than could be */
} AditChip;

#define ADIT_CHIPS_MAX 8

guint adit_chips_find (const AditStatus *status, GVariant *settings, AditChip chips[ADIT_CHIPS_MAX]);

G_END_DECLS
