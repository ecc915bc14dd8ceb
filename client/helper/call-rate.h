/* SPDX-License-Identifier: GPL-2.0-or-later */
/* call-rate.h: how many calls of one program are taken in a second. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ADIT_CALL_RATE_BURST      1000    /* at once; the window makes some dozen as it opens */
#define ADIT_CALL_RATE_PER_SECOND 250     /* for as long as it likes */
#define ADIT_CALL_RATE_REFUSALS   100     /* at once, and a second; who goes on in spite of them is not even answered */

typedef enum { ADIT_CALL_TAKEN, ADIT_CALL_REFUSED, ADIT_CALL_IGNORED } AditCallFate;

typedef struct _AditCallRate AditCallRate;

AditCallRate *adit_call_rate_new   (void);
void          adit_call_rate_free  (AditCallRate *self);
AditCallFate  adit_call_rate_take  (AditCallRate *self, const char *sender, gint64 now_us);
guint         adit_call_rate_guard (GDBusConnection *bus);

G_END_DECLS
