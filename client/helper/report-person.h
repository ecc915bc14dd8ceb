/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-person.h: what each person has said of reports, and where theirs go. */
#pragma once

#include "client/helper/report-spool.h"

G_BEGIN_DECLS

typedef enum
{
  ADIT_CONSENT_ASK = 0,    /* nothing leaves without a yes to its text */
  ADIT_CONSENT_ALWAYS,
  ADIT_CONSENT_NEVER,      /* nothing is made of a crash */
  ADIT_N_CONSENTS
} AditConsent;

typedef struct
{
  AditConsent consent;
  guint8      consented[ADIT_SPOOL_DIGEST_BYTES];    /* to which server, with %ADIT_CONSENT_ALWAYS */
  gboolean    has_own;                               /* the administrator's server does not count */
  char        dsn[ADIT_DSN_MAX_BYTES + 1];           /* with @has_own; "": to none */
  char        pin[ADIT_DSN_PIN_MAX_BYTES];           /* "": none */
} AditReportPerson;

/* Where one person's reports go. */
typedef struct
{
  gboolean is_set;
  gboolean is_own;                              /* set by the person, also where that is none */
  AditDsn  dsn;
  char     pin[ADIT_DSN_PIN_MAX_BYTES];
  guint8   digest[ADIT_SPOOL_DIGEST_BYTES];     /* of all that; a yes is about one server */
  char    *problem;                             /* (nullable): why what the administrator wrote cannot be used */
} AditReportServer;

void        adit_report_person_load (const char *directory, guint32 uid, AditReportPerson *person);
gboolean    adit_report_person_save (const char *directory, guint32 uid, const AditReportPerson *person, GError **error);
gboolean    adit_report_person_set_server (AditReportPerson *person, const char *dsn, const char *pin, GError **error);
AditConsent adit_report_person_get_consent (const AditReportPerson *person, const AditReportServer *server);
const char *adit_consent_get_nick  (AditConsent consent);
gboolean    adit_consent_from_nick (const char *nick, AditConsent *consent);

void        adit_report_server_find  (AditReportServer *self, const char *path, const AditReportPerson *person);
void        adit_report_person_hold (const char *directory, guint32 uid, const AditReportPerson *person);
char       *adit_report_server_dup_name (const AditReportServer *self);
void        adit_report_server_clear (AditReportServer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditReportServer, adit_report_server_clear)

G_END_DECLS
