/* SPDX-License-Identifier: GPL-2.0-or-later */
/* http.h: one HTTPS request and its answer as plain values: what an adapter asks for and what it is given. */
#pragma once

#include "client/base/secret.h"

G_BEGIN_DECLS

#define ADIT_HTTP_MAX_HEADERS 8

typedef enum
{
  ADIT_HTTP_GET = 0,
  ADIT_HTTP_POST,
  ADIT_HTTP_PUT,
  ADIT_HTTP_DELETE,
} AditHttpMethod;

typedef struct
{
  const char *roots_pem;           /* the only roots; NULL: those of this computer, which the worker is lent */
  const char *const *pins;         /* (nullable), ended by NULL: base64 of SHA-256 of public keys (RFC 7469, 2.4); some
                                    * certificate of the chain, from the server's to the root, must have one of them */
  gboolean    send_server_name;    /* FALSE: the name is checked, but not shown to the network (no SNI) */
  gboolean    only_tls_1_3;        /* otherwise 1.2 will do */
  gboolean    offer_http_2;        /* beside 1.1, which is all that the services need */
  gboolean    pin_is_enough;       /* a server whose own certificate has one of @pins needs nobody who signs for it, nor roots */
} AditTlsRules;

typedef struct
{
  AditHttpMethod  method;
  const char     *host;            /* the API's, unless the adapter names another; also what the certificate must name */
  guint16         port;            /* host byte order; 0: 443 */
  char           *path;
  char           *headers[ADIT_HTTP_MAX_HEADERS + 1];   /* "Name: value", none of them secret; NULL-terminated */
  AditSecret     *bearer;          /* access token, or NULL */
  AditSecret     *body;            /* or NULL */
  gsize           answer_max_bytes;
  guint           timeout_ms;
} AditHttpRequest;

typedef struct
{
  guint       status;
  gboolean    has_length;          /* a Content-Length above zero */
  char       *content_type;        /* as it was sent; "" where there was none */
  char       *retry_after;         /* as it was sent; "" the same */
  gint64      retry_at_s;          /* that, where it is a date; 0 where it is none */
  char       *rate_limits;         /* X-Sentry-Rate-Limits, of all its lines; "" the same */
  char       *etag;                /* as it was sent, quotes included; "" where there was none or it is malformed */
  gint64      date_s;              /* when the server says that it is; 0 where it does not */
  GByteArray *body;                /* may hold a secret */
} AditHttpAnswer;

void adit_http_request_add_header (AditHttpRequest *self, const char *name, const char *value);
void adit_http_request_clear      (AditHttpRequest *self);
void adit_http_answer_init        (AditHttpAnswer *self, gsize body_max_bytes);
void adit_http_answer_clear       (AditHttpAnswer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditHttpRequest, adit_http_request_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AditHttpAnswer, adit_http_answer_clear)

G_END_DECLS
