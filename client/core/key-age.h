/* SPDX-License-Identifier: GPL-2.0-or-later */
/* key-age.h: how old is a key, and when is the next one due?  Pure functions of the boot clock. */
#pragma once

#include "client/model/service.h"

G_BEGIN_DECLS

/* Of one key, as long as this process runs. */
typedef struct
{
  gint64   made_us;         /* by the boot clock; negative: before this computer was started */
  gboolean is_unknown;      /* nobody knows how old it is: older than it may be */
  guint    n_failures;      /* to change it */
  gint64   failed_us;       /* the last of them, by the boot clock */
} AditKeyAge;

#define ADIT_KEY_AGE_NEVER G_MAXINT64    /* a moment of the boot clock that does not come; one that is long past is negative */

void     adit_key_age_begin       (AditKeyAge *self, gint64 made_at_s, gint64 now_s, gint64 now_us);
gint64   adit_key_age_get_s       (const AditKeyAge *self, gint64 now_us);
guint    adit_key_age_get_days    (const AditKeyRules *rules, guint days);
gboolean adit_key_age_is_due      (const AditKeyAge *self, const AditKeyRules *rules, guint days, gint64 now_us);
gint64   adit_key_age_get_next_us (const AditKeyAge *self, const AditKeyRules *rules, guint days, gint64 now_us);
gboolean adit_key_age_is_over     (const AditKeyAge *self, const AditKeyRules *rules, guint days, gint64 now_us);

G_END_DECLS
