/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-facts.h: what a report is made of, and how that travels to whoever makes it. */
#pragma once

#include "client/report/redaction.h"

G_BEGIN_DECLS

#define ADIT_REPORT_FACTS_MAX_BYTES (512u << 10)    /* packed */

/* Nothing of it is redacted yet; lists end with NULL, or are NULL. */
typedef struct
{
  const char *id;                       /* what the text is to say as its own number, 32 hexadecimal digits */
  int         note_fd;                  /* what a program wrote when it crashed; -1: somebody has a problem */
  const char *words, *contact;          /* of a problem: what they wrote; how to answer, which is kept as typed; or NULL */
  const char *const *diagnostics;       /* of a problem: lines */
  const char *const *log;               /* lines, oldest first */
  const char *const *back_ends;         /* "nftables": our own words */
  const char *system;                   /* "Debian GNU/Linux 12 (bookworm), Linux 6.1.0" */
  AditRedactionWords redact;
} AditReportFacts;

GBytes          *adit_report_facts_pack   (const AditReportFacts *facts, GError **error);
AditReportFacts *adit_report_facts_unpack (GBytes *bytes, GError **error);
void             adit_report_facts_free   (AditReportFacts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditReportFacts, adit_report_facts_free)

G_END_DECLS
