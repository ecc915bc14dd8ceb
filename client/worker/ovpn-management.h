/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-management.h: the talk with openvpn on its management socket, as bytes in, events and bytes out.  No socket, no clock. */
#pragma once

#include "client/base/error.h"
#include "client/base/secret.h"
#include "client/worker/ovpn-assigned.h"

G_BEGIN_DECLS

#define ADIT_OVPN_LINE_MAX_BYTES     16384    /* openvpn's own log lines have 10240 at most: error.h, ERR_BUF_SIZE */
#define ADIT_OVPN_ENV_MAX_LINES      4096     /* a long chain of certificates with all fields has some 400 */
#define ADIT_OVPN_COUNT_EVERY_S      5
#define ADIT_OVPN_PAUSE_MAX_S        3600     /* openvpn's own ends at 300 unless the file says more */
#define ADIT_OVPN_TOKEN_MAX_BYTES    900      /* what fits into a command with what stands around it: 1024, manage.c */
#define ADIT_OVPN_CHALLENGE_MAX_BYTES 192     /* what of a question is worth showing: ADIT_OPENVPN_TEXT_MAX_BYTES */

typedef enum
{
  ADIT_OVPN_NOTHING = 0,
  ADIT_OVPN_ASSIGNED,     /* assigned */
  ADIT_OVPN_CONNECTED,
  ADIT_OVPN_COUNTED,      /* received_bytes, sent_bytes */
  ADIT_OVPN_TOKEN,        /* secret: in a password's place in the next try */
  ADIT_OVPN_RESTARTING,   /* it gives up this try; ENDED follows when it has said for how long it would rest */
  ADIT_OVPN_MISTAKEN,     /* the server talks to somebody who was here before; anybody could in its name */
  ADIT_OVPN_HEARD,        /* it has answered to us */
  ADIT_OVPN_QUESTION,     /* the last: the server asks something: text, echo; secret: what is to be handed back with the answer */
  ADIT_OVPN_ENDED,        /* the last: error, sentence, pause_s */
} AditOvpnEventKind;

typedef struct
{
  AditOvpnEventKind kind;
  AditOvpnAssigned  assigned;
  guint64           received_bytes, sent_bytes;
  AditError         error;
  const char       *sentence;     /* fixed, never out of what was read */
  guint             pause_s;      /* before the next try */
  AditSecret       *secret;
  char              text[ADIT_OVPN_CHALLENGE_MAX_BYTES];    /* from the server: one line of UTF-8; "" if that is not what it is */
  gboolean          echo;
} AditOvpnEvent;

/* What openvpn may ask for, and where it may go.  What is NULL it does not get. */
typedef struct
{
  AditSecret  *username, *password;
  AditSecret  *token;              /* what the server gave in an earlier try: said in the place of password and answer */
  AditSecret  *answer;             /* to a question: the file's, or the server's of the last try */
  AditSecret  *question;           /* what came with the server's question of the last try */
  AditSecret  *passphrase;
  AditSecret  *proxy_username, *proxy_password;
  AditEndpoint remote;
  AditEndpoint proxy;              /* none where there is none */
  gboolean     tcp;
} AditOvpnAnswers;

typedef struct _AditOvpnManagement AditOvpnManagement;

AditOvpnManagement *adit_ovpn_management_new         (const AditOvpnAnswers *answers);
void                adit_ovpn_management_free        (AditOvpnManagement *self);
void                adit_ovpn_management_feed        (AditOvpnManagement *self, const void *bytes, gsize length);
void                adit_ovpn_management_leave       (AditOvpnManagement *self);
gboolean            adit_ovpn_management_is_over     (const AditOvpnManagement *self);
void                adit_ovpn_management_close       (AditOvpnManagement *self);
gboolean            adit_ovpn_management_take_event  (AditOvpnManagement *self, AditOvpnEvent *event);
const guint8       *adit_ovpn_management_peek_output (AditOvpnManagement *self, gsize *length);
void                adit_ovpn_management_drop_output (AditOvpnManagement *self, gsize length);
void                adit_ovpn_event_clear            (AditOvpnEvent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AditOvpnManagement, adit_ovpn_management_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditOvpnEvent, adit_ovpn_event_clear)

G_END_DECLS
