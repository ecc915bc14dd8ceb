/* SPDX-License-Identifier: GPL-2.0-or-later */
/* answers.h: what a server asks a person beside the password, and what it gives for the answer.  In memory alone, for the one
 * profile that is in use. */
#pragma once

#include "client/base/error.h"
#include "client/model/openvpn-profile.h"
#include "platform/tunnel.h"

G_BEGIN_DECLS

/* In the server's own words, of which a stranger may be the author: one line that can be printed, or "". */
typedef struct
{
  char     text[ADIT_OPENVPN_TEXT_MAX_BYTES];
  gboolean echo;    /* what is typed may be seen */
} AditQuestion;

typedef struct _AditAnswers AditAnswers;

AditAnswers        *adit_answers_new          (void);
void                adit_answers_free         (AditAnswers *self);
void                adit_answers_begin        (AditAnswers *self, const char *profile, AditSecret *answer);
void                adit_answers_ask          (AditAnswers *self, const char *text, gboolean echo, AditSecret *handle);
void                adit_answers_keep_token   (AditAnswers *self, AditSecret *token);
gboolean            adit_answers_lend         (AditAnswers *self, AditTunnelSecrets *secrets);
void                adit_answers_accepted     (AditAnswers *self);
gboolean            adit_answers_refused      (AditAnswers *self, AditError code);
const AditQuestion *adit_answers_get_question (AditAnswers *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditAnswers, adit_answers_free)

G_END_DECLS
