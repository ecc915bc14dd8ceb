/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-answer.h: what the helper's methods about crash and problem reports answer, as values. */
#pragma once

#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

#define ADIT_REPORT_TEXT_MAX_BYTES (128 * 1024)    /* as GetReport says */

typedef enum
{
  ADIT_REPORT_STATE_WAITING = 0,    /* for its owner; also what only a newer helper knows */
  ADIT_REPORT_STATE_QUEUED,         /* it goes as soon as it may */
  ADIT_REPORT_STATE_SENT,
  ADIT_REPORT_STATE_REFUSED,        /* by the server */
  ADIT_N_REPORT_STATES
} AditReportState;

typedef enum
{
  ADIT_REPORT_CONSENT_ASK = 0,        /* nothing leaves without a yes */
  ADIT_REPORT_CONSENT_ALWAYS,
  ADIT_REPORT_CONSENT_NEVER,
  ADIT_N_REPORT_CONSENTS
} AditReportConsent;

/* One row of GetReports.  Words are never NULL: "" is "not told". */
typedef struct
{
  char           *id, *program, *reason;
  gboolean        is_problem;     /* somebody has described one; else a program has crashed */
  gint64          day_s;          /* UTC, of the day; 0: not told */
  gint64          next_try_s;     /* UTC; 0: none is planned */
  AditReportState state;
} AditReportRow;

/* What GetReportServer answers. */
typedef struct
{
  char             *host;         /* "": there is none, and nothing can be sent */
  char             *name;         /* tells it from all others, its pin included; "": there is none */
  char             *problem;      /* what cannot be used of the administrator's file, in English; "": nothing */
  gboolean          is_own;       /* this person has set it, or that there is none; else the administrator, or nobody */
  gboolean          is_pinned;    /* only one certificate will do */
  AditReportConsent consent;
} AditReportServerAnswer;

void        adit_report_row_free           (AditReportRow *self);
const char *adit_report_row_get_title      (const AditReportRow *self);
const char *adit_report_row_explain        (const AditReportRow *self);
GPtrArray  *adit_answer_read_reports       (GVariant *answer, GError **error);
const char *adit_report_state_get_nick     (AditReportState state);
const char *adit_report_consent_get_nick   (AditReportConsent consent);

void                    adit_report_server_answer_free (AditReportServerAnswer *self);
AditReportServerAnswer *adit_answer_read_report_server (GVariant *answer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditReportRow, adit_report_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditReportServerAnswer, adit_report_server_answer_free)

G_END_DECLS
