/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake-calls.h: what the fakes share: one log of all their calls in order, and a failure on request. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *topic;         /* "firewall" */
  GPtrArray  *log;           /* of strings: "firewall.apply peer" */
  GHashTable *failures;      /* call to GError, each used up by one call */
} AditFakeCalls;

GPtrArray *adit_fake_log_new        (void);
gboolean   adit_fake_log_has        (GPtrArray *log, const char *line);
char      *adit_fake_log_dup_text   (GPtrArray *log);

void       adit_fake_calls_init      (AditFakeCalls *self, const char *topic, GPtrArray *log);
void       adit_fake_calls_clear     (AditFakeCalls *self);
void       adit_fake_calls_fail_next (AditFakeCalls *self, const char *call, const GError *error);
gboolean   adit_fake_calls_record    (AditFakeCalls *self, const char *call, const char *detail, GError **error);

G_END_DECLS
