/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider.h: one interface to every service.  A task is asked for its next HTTP request and given the answer, until it has a
 * result or an error.  It does no I/O and has no clock: the same answers always lead to the same result. */
#pragma once

#include "client/base/error.h"
#include "client/base/secret.h"
#include "client/model/address.h"
#include "client/model/place.h"
#include "client/model/server-list.h"
#include "client/model/service.h"
#include "client/model/tunnel-spec.h"
#include "client/provider/http.h"

G_BEGIN_DECLS

#define ADIT_DEVICE_ID_MAX_BYTES 64

typedef enum
{
  ADIT_PROVIDER_LOG_IN = 0,    /* credential, public_key -> device */
  ADIT_PROVIDER_ACCOUNT,       /* credential, device_id -> account */
  ADIT_PROVIDER_LIST,          /* etag -> list */
  ADIT_PROVIDER_LOG_OUT,       /* credential, device_id -> nothing */
  ADIT_PROVIDER_EXIT,          /* -> exit_address */
} AditProviderWant;

/* Borrowed by the task for as long as it lives. */
typedef struct
{
  AditProviderWant want;
  AditSecret      *credential;            /* as a person typed it */
  AditSecret      *token;                 /* from an earlier task, or NULL */
  gint64           token_expires_at_s;
  gint64           now_s;
  const char      *device_id;
  const guint8    *public_key;            /* ADIT_WG_KEY_BYTES, or NULL */
  const char      *etag;                  /* of the list that we have, or NULL */
} AditProviderRequest;

typedef struct
{
  char        device_id[ADIT_DEVICE_ID_MAX_BYTES];
  char        device_name[ADIT_NAME_MAX_BYTES];
  gboolean    device_is_known;
  AditPrefix  addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  guint       n_addresses;
  gint64      account_expires_at_s;
  GBytes     *list;                       /* the flat form; NULL: the one that we have is still good */
  AditAddress exit_address;               /* what the service sees of this computer: IPv4, public */
} AditProviderResult;

typedef struct _AditProviderTask AditProviderTask;

typedef struct
{
  const char   *id;     /* of the row in client/model/service.c */
  AditTlsRules  tls;
  gboolean    (*start)  (AditProviderTask *task, GError **error);
  gboolean    (*next)   (AditProviderTask *task, AditHttpRequest *http, GError **error);   /* never asked when is_done */
  gboolean    (*answer) (AditProviderTask *task, const AditHttpAnswer *answer, GError **error);
} AditProviderOps;

/* Filled in by the adapter; the worker reads result and fresh_token. */
struct _AditProviderTask
{
  const AditProviderOps *ops;
  const AditService     *service;
  AditProviderRequest    request;
  AditProviderResult     result;
  AditSecret            *credential;              /* as the service spells it */
  AditSecret            *token;                   /* what is sent */
  AditSecret            *fresh_token;             /* obtained by this task: to be stored */
  gint64                 fresh_token_expires_at_s;
  guint                  step, step_after_token;  /* the adapter's own */
  gboolean               has_renewed_token;
  gboolean               is_done;
};

const AditProviderOps *adit_provider_find      (const char *service);
AditProviderTask      *adit_provider_task_new  (const AditProviderOps *ops, const AditProviderRequest *request, GError **error);
void                   adit_provider_task_free (AditProviderTask *self);
gboolean               adit_provider_task_next   (AditProviderTask *self, AditHttpRequest *http, GError **error);
gboolean               adit_provider_task_answer (AditProviderTask *self, const AditHttpAnswer *answer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditProviderTask, adit_provider_task_free)

extern const AditProviderOps adit_provider_mullvad;

G_END_DECLS
