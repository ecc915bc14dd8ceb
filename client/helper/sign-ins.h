/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sign-ins.h: sign-ins that wait for a person: for what is written in a picture, for a code, or for a page in a browser.  One for
 * each person, in memory alone. */
#pragma once

#include "client/helper/vault.h"
#include "client/helper/worker-answer.h"

G_BEGIN_DECLS

typedef struct
{
  AditAccount     *account;       /* not in the vault yet */
  AditWireQuestion question;      /* the last one */
  int              picture_fd;    /* of it; -1: none */
  AditSecret      *captcha;       /* (nullable) what was answered to the picture before a code was asked for */
  char             handle[ADIT_WIRE_HANDLE_MAX_BYTES];    /* of the picture, or of the page */
  gint64           asked_at_us;   /* monotonic; 0: never */
  gboolean         has_too_many;  /* devices: nothing is asked, but its account may list and remove them */
} AditWaitingSignIn;

void adit_waiting_sign_in_free (AditWaitingSignIn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditWaitingSignIn, adit_waiting_sign_in_free)

AditWaitingSignIn *adit_waiting_sign_in_new    (AditAccount *account);
gboolean           adit_waiting_sign_in_ask    (AditWaitingSignIn *self, AditWorkerAnswer *words, GError **error);
gboolean           adit_waiting_sign_in_answer (AditWaitingSignIn *self, AditSecret *answer, GError **error);
void               adit_waiting_sign_in_lend   (AditWaitingSignIn *self, AditSecret *answer, AditWireRequest *request);

typedef struct _AditSignIns AditSignIns;

AditSignIns       *adit_sign_ins_new  (void);
void               adit_sign_ins_free (AditSignIns *self);
void               adit_sign_ins_keep (AditSignIns *self, AditWaitingSignIn *waiting);
AditWaitingSignIn *adit_sign_ins_find (AditSignIns *self, guint32 uid);
AditWaitingSignIn *adit_sign_ins_take (AditSignIns *self, guint32 uid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditSignIns, adit_sign_ins_free)

G_END_DECLS
