/* SPDX-License-Identifier: GPL-2.0-or-later */
/* day.h: a whole day in the life of the program on a computer whose every written byte is kept: who signs in, searches, connects,
 * goes elsewhere, loses the helper, comes back, locks, disconnects and signs out. */
#pragma once

#include "tests/lab/attack.h"
#include "tests/lab/canary.h"

G_BEGIN_DECLS

typedef struct _AditDay AditDay;
typedef void (*AditDayStep) (AditDay *day, const char *what, gpointer user_data);

/* Where new files are: each folder's own layer, and the folder itself. */
typedef struct { const char *layer, *folder; } AditDayLayer;

void          adit_day_prepare      (void);
AditDay      *adit_day_new          (AditAttack *attack);
void          adit_day_free         (AditDay *self);
void          adit_day_live         (AditDay *self, AditDayStep step, gpointer user_data);
AditAttack   *adit_day_get_attack   (AditDay *self);
AditCanaries *adit_day_get_canaries (AditDay *self);
GString      *adit_day_get_said     (AditDay *self);
GByteArray   *adit_day_copy_bus     (AditDay *self);
char         *adit_day_dup_command_lines (AditDay *self, guint *n_seen);

const AditDayLayer *adit_day_get_layers (guint *n_layers);

G_END_DECLS
