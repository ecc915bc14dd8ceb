/* SPDX-License-Identifier: GPL-2.0-or-later */
/* envelope.h: a report in the form that Sentry and its kin take. */
#pragma once

#include "client/report/dsn.h"
#include "client/report/report.h"

G_BEGIN_DECLS

#define ADIT_ENVELOPE_TYPE "application/x-sentry-envelope"

char *adit_envelope_write    (AditReport *report, const char *version);
char *adit_envelope_dup_path (const char *folder, const char *project);
char *adit_envelope_dup_auth (const char *key, const char *version);

G_END_DECLS
