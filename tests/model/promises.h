/* SPDX-License-Identifier: GPL-2.0-or-later */
/* promises.h: what must hold, of each effect and of each configuration in which the helper rests. */
#pragma once

#include "tests/model/machine.h"

G_BEGIN_DECLS

#define PROMISE_ONLY_USER_OPENS   "the lock is open only after the user's disconnect or `recover --open`"
#define PROMISE_LOCKDOWN          "with lockdown on the lock is never open"
#define PROMISE_STATE_HAS_LOCK    "each state has its lock in force"
#define PROMISE_START_LOCKS_FIRST "start-up locks before it undoes"
#define PROMISE_UNDO_IS_LOCKED    "what keeps packets in goes only behind a lock, where one is wanted"
#define PROMISE_LOCK_FIRST        "nothing is set up before the lock is in force"
#define PROMISE_LOCK_LAST         "the lock goes after everything else"
#define PROMISE_CONNECTED_IS_UP   "connected means that everything is set up"
#define PROMISE_RETRIES           "who is blocked by something passing is tried again"
#define PROMISE_ENDS              "no event goes round in circles"
#define PROMISE_TO_CONNECTED      "from everywhere there is a way to connected"
#define PROMISE_TO_DISCONNECTED   "from everywhere there is a way to disconnected"
#define PROMISE_BY_ITSELF         "a wish can come true without the user"

void        promises_check_effect (Run *run, Effect effect, guint value);
const char *promises_check_rest   (const Machine *machine, const Config *config);
gboolean    promises_has_hope     (const Machine *machine, const Config *config);

G_END_DECLS
