/* SPDX-License-Identifier: GPL-2.0-or-later */
/* provider.h: one interface to every service.  A task is asked for its next HTTP request and given the answer, until it has a
 * result or an error.  It does no I/O and has no clock: the same answers always lead to the same result. */
#pragma once

#include "client/base/error.h"
#include "client/base/secret.h"
#include "client/model/address.h"
#include "client/model/openvpn-profile.h"
#include "client/model/place.h"
#include "client/model/server-list.h"
#include "client/model/service.h"
#include "client/model/tunnel-spec.h"
#include "client/provider/http.h"

G_BEGIN_DECLS

#define ADIT_DEVICE_ID_MAX_BYTES 64

#define ADIT_PROVIDER_MAX_DEVICES 64     /* of one account; Mullvad has 5, OVPN's keys are the most */
#define ADIT_QUESTION_MAX_BYTES   192    /* what is asked, and what goes back with the answer */

typedef enum
{
  ADIT_PROVIDER_LOG_IN = 0,       /* credential, public_key, nonce; answers, is_forced -> device, account, openvpn; or a
                                   * question */
  ADIT_PROVIDER_ACCOUNT,          /* credential, token, device_id -> account, device */
  ADIT_PROVIDER_LIST,             /* etag; credential, token, where only who has signed in may see it -> list */
  ADIT_PROVIDER_LOG_OUT,          /* credential, token, device_id, old_public_key -> nothing */
  ADIT_PROVIDER_EXIT,             /* -> exit_address */
  ADIT_PROVIDER_CREATE,           /* -> credential */
  ADIT_PROVIDER_VOUCHER,          /* credential, token, voucher -> account */
  ADIT_PROVIDER_DEVICES,          /* credential, token -> devices */
  ADIT_PROVIDER_REMOVE_DEVICE,    /* credential, token, device_id: of another computer -> nothing */
  ADIT_PROVIDER_ROTATE,           /* credential, token, device_id, public_key, old_public_key, is_connected -> device */
  ADIT_PROVIDER_TUNNEL,           /* credential, token, public_key, place, location -> tunnel, of a service that makes each one */
  ADIT_PROVIDER_API,              /* -> api: of a service whose list does not say it */
} AditProviderWant;

/* Borrowed by the task for as long as it lives. */
typedef struct
{
  AditProviderWant want;
  AditSecret      *credential;            /* as a person typed it; where it has two parts, one a line */
  AditSecret      *token;                 /* from an earlier task, or NULL */
  gint64           token_expires_at_s;
  gint64           now_s;
  const char      *device_id;
  const guint8    *public_key;            /* ADIT_WG_KEY_BYTES, or NULL */
  const guint8    *old_public_key;        /* the one that it replaces, or NULL */
  gboolean         is_connected;          /* a tunnel with the old key is up */
  const char      *etag;                  /* of the list that we have, or NULL */
  AditSecret      *voucher;               /* or NULL */
  AditSecret      *captcha, *code;        /* answers to ADIT_QUESTION_CAPTCHA and _CODE, or NULL */
  const char      *captcha_handle;        /* of the question that @captcha answers, or NULL */
  gboolean         is_forced;             /* other computers of the account are signed out for it */
  const AditPlace *place;                 /* of TUNNEL */
  const AditLocation *location;           /* of TUNNEL, of a list that makes_tunnels: what was drawn for @place; or NULL */
  const char      *nonce;                 /* a UUID (RFC 9562, version 4, lower case) that nobody can foresee, or NULL */
} AditProviderRequest;

typedef enum
{
  ADIT_QUESTION_NONE = 0,
  ADIT_QUESTION_CAPTCHA,      /* what is written in the picture */
  ADIT_QUESTION_CODE,         /* of a second factor */
  ADIT_QUESTION_BROWSER,      /* to sign in at @text, an address of the service's own; then the same again with @handle */
  ADIT_N_QUESTIONS
} AditQuestionKind;

typedef struct
{
  AditQuestionKind kind;
  gboolean         was_wrong;                          /* the last answer was */
  char             handle[ADIT_QUESTION_MAX_BYTES];    /* goes back with the answer */
  char             text[ADIT_QUESTION_MAX_BYTES];      /* the service's words, or an address */
  GBytes          *picture;                            /* (nullable): a PNG or JPEG that nobody has looked into */
} AditProviderQuestion;

typedef struct
{
  char     id[ADIT_DEVICE_ID_MAX_BYTES];
  char     name[ADIT_NAME_MAX_BYTES];
  gint64   created_at_s;    /* UTC; 0: the service does not say */
  gboolean is_ours;
} AditProviderDevice;

/* What a service tells of an account besides when it ends. */
typedef struct
{
  char     plan[ADIT_NAME_MAX_BYTES];       /* as the service calls it; "": it does not say */
  guint    device_limit;                    /* 0: it does not say */
  gboolean is_inactive;                     /* it ended, or was never paid */
  gboolean is_renewed;                      /* it goes on by itself */
  gboolean refuses_multihop;                /* the plan does not have it */
} AditProviderPlan;

/* Where a service says that its API can be reached: public addresses, on HTTPS's port, no two alike. */
typedef struct
{
  AditEndpoint endpoints[ADIT_SERVICE_MAX_API];
  guint        n;
} AditProviderApi;

typedef struct
{
  char        device_id[ADIT_DEVICE_ID_MAX_BYTES];
  char        device_name[ADIT_NAME_MAX_BYTES];
  gboolean    device_is_known;
  gboolean    key_is_other;               /* it would be, but the service has another key of it */
  AditPrefix  addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  guint       n_addresses;
  gint64      account_expires_at_s;       /* 0: the service does not say */
  AditProviderPlan plan;
  AditProviderQuestion question;          /* then there is nothing else */
  AditSecret *credential;                 /* of a new account, or what stands for a credential from now on; else NULL.  As with
                                           * fresh_token, to be kept also when what came after it failed: the old one is void */
  AditSecret *openvpn_username, *openvpn_password;    /* for OpenVPN, where they are others than the account's; else NULL */
  AditProviderDevice *devices;            /* (array length=n_devices) */
  guint       n_devices;
  AditTunnelSpec tunnel;                  /* of TUNNEL: with its addresses */
  AditSecret *preshared_key;              /* of TUNNEL: ADIT_WG_KEY_BYTES; or NULL */
  GBytes     *list;                       /* the flat form; NULL: the one that we have is still good */
  AditProviderApi api;                    /* of API, and of LIST where the list says it */
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
  /* Optional: the profile of an OpenVPN tunnel that select.c has drawn: @spec's peer is its one server.  Who signs in is not in
   * it. */
  AditOpenvpnProfile *(*make_profile) (const AditTunnelSpec *spec);
  guint       wants;    /* bits of 1 << AditProviderWant: what the service can be asked at all */
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
AditError              adit_provider_get_error (guint status);
AditProviderTask      *adit_provider_task_new  (const AditProviderOps *ops, const AditProviderRequest *request, GError **error);
void                   adit_provider_task_free (AditProviderTask *self);
gboolean               adit_provider_task_next   (AditProviderTask *self, AditHttpRequest *http, GError **error);
gboolean               adit_provider_task_answer (AditProviderTask *self, const AditHttpAnswer *answer, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditProviderTask, adit_provider_task_free)

extern const AditProviderOps adit_provider_mullvad, adit_provider_ivpn, adit_provider_ovpn, adit_provider_mysterium;

G_END_DECLS
