/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report-spool.h: reports as they wait on disk: of each a text that is stored and sent unread, and what is known of it. */
#pragma once

#include <gio/gio.h>
#include "client/helper/worker-report.h"
#include "client/report/report.h"

G_BEGIN_DECLS

#define ADIT_SPOOL_MAX_OWN 20     /* of one person */
#define ADIT_SPOOL_MAX     100    /* of all, 13 MB at the most */
#define ADIT_SPOOL_DIGEST_BYTES 32

typedef enum
{
  ADIT_SPOOL_WAITING = 0,    /* for a yes */
  ADIT_SPOOL_QUEUED,
  ADIT_SPOOL_SENT,
  ADIT_SPOOL_REFUSED,
  ADIT_SPOOL_N_STATES
} AditSpoolState;

typedef enum
{
  ADIT_SPOOL_NO_REASON = 0,
  ADIT_SPOOL_SERVER_CHANGED,    /* waiting: a yes was said to another server */
  ADIT_SPOOL_ASKED_TO_WAIT,     /* queued: the server wants it later */
  ADIT_SPOOL_UNREACHABLE,
  ADIT_SPOOL_UNTRUSTED,         /* queued: what answers has not proved to be the server */
  ADIT_SPOOL_KEY,               /* refused: it does not know the DSN's key */
  ADIT_SPOOL_TOO_LARGE,
  ADIT_SPOOL_NOT_TAKEN,
  ADIT_SPOOL_N_REASONS
} AditSpoolReason;

typedef enum { ADIT_SPOOL_CRASH = 0, ADIT_SPOOL_PROBLEM, ADIT_SPOOL_N_KINDS } AditSpoolKind;

typedef struct
{
  char            id[ADIT_REPORT_ID_LENGTH + 1];
  char            key[ADIT_REPORT_KEY_LENGTH + 1];    /* "": it has no like */
  char            program[16];
  guint32         owner_uid;
  AditSpoolKind   kind;
  AditSpoolState  state;
  AditSpoolReason reason;
  gboolean        is_by_always;     /* queued by what its owner has said of all */
  guint8          server[ADIT_SPOOL_DIGEST_BYTES];    /* queued: to which a yes was said */
  gint64          day_s;            /* UTC: the beginning of the day it was made on */
  gint64          next_try_s;       /* UTC; 0: not by time */
  gint64          asked_s;          /* UTC: queued: until then the server wants nothing, of no report; 0: it did not ask */
  guint32         n_failures;       /* in a row */
  guint64         number;           /* grows with each one */
  gsize           text_bytes;
  gboolean        is_under_way;     /* to the server; not on disk */
} AditSpoolEntry;

typedef struct _AditSpool AditSpool;

AditSpool      *adit_spool_open      (const char *directory, GError **error);
void            adit_spool_close     (AditSpool *self);
GPtrArray      *adit_spool_get_all   (AditSpool *self);    /* of AditSpoolEntry, borrowed, the oldest first */
AditSpoolEntry *adit_spool_find      (AditSpool *self, const char *id);
gboolean        adit_spool_has_like  (AditSpool *self, guint32 owner_uid, const char *key);
AditSpoolEntry *adit_spool_add       (AditSpool *self, const AditSpoolEntry *entry, GBytes *text, GError **error);
gboolean        adit_spool_change    (AditSpool *self, AditSpoolEntry *entry, const AditSpoolEntry *changed, GError **error);
gboolean        adit_spool_remove    (AditSpool *self, AditSpoolEntry *entry, GError **error);
GBytes         *adit_spool_read      (AditSpool *self, const AditSpoolEntry *entry, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditSpool, adit_spool_close)

G_END_DECLS
