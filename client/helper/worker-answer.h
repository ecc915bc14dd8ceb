/* SPDX-License-Identifier: GPL-2.0-or-later */
/* worker-answer.h: what one worker has said to one question, word by word: each must belong to the question, and none comes
 * twice. */
#pragma once

#include "client/base/secret.h"
#include "client/wire/wire.h"

G_BEGIN_DECLS

/* It can hold secrets: wiped when freed. */
typedef struct
{
  AditWireMessage   last;           /* DEVICE, ACCOUNT, TUNNEL, DONE, EXIT or ADDRESSES; FAILED, or nothing, where it failed */
  /* What came before that is worth keeping also where the rest failed. */
  gboolean          has_token, has_login, has_question;
  AditWireToken     token;
  AditWireLogin     login;
  gboolean          login_is_of_before;    /* another worker's, who was asked the same */
  AditWireQuestion  question;       /* FAILED with %ADIT_ERROR_ANSWER_NEEDED follows */
  int               picture_fd;     /* of the question, sealed; -1: none */
  gboolean          has_list;       /* there is nothing more to say about the list */
  AditWireList      list;           /* with @has_list */
  gboolean          has_api;
  AditWireApi       api;            /* with @has_api */
  AditSecret       *profile;        /* of an OpenVPN tunnel; or %NULL */
  gboolean          may_be_heard;   /* a worker had a connection, so the service may have heard the question */
  AditWireDeviceRow devices[ADIT_WIRE_MAX_DEVICES];
  guint             n_devices;
} AditWorkerAnswer;

AditWorkerAnswer *adit_worker_answer_new    (void);
void              adit_worker_answer_free   (AditWorkerAnswer *self);
void              adit_worker_answer_forget (AditWorkerAnswer *self);
void              adit_worker_answer_disbelieve (AditWorkerAnswer *self);
const char       *adit_worker_answer_take   (AditWorkerAnswer *self, const AditWireRequest *request,
                                             const AditWireMessage *message, int *fds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditWorkerAnswer, adit_worker_answer_free)

G_END_DECLS
