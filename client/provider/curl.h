/* SPDX-License-Identifier: GPL-2.0-or-later */
/* curl.h: the one libcurl wrapper: all rules about TLS, pins, sizes and time are here and nowhere else. */
#pragma once

#include "client/model/address.h"
#include "client/provider/http.h"

G_BEGIN_DECLS

/* Opens a connection: a connected stream socket, from now on the wrapper's, or -1 with @error set.
 * The name is never looked up. */
typedef int (*AditCurlOpenFunc) (const AditEndpoint *endpoint, gpointer user_data, GError **error);

typedef struct
{
  const AditEndpoint *api;         /* best first; the next is tried when one cannot be reached */
  guint               n_api;
  AditTlsRules        tls;
  gint64              now_s;       /* at which certificates must be valid: the helper's clock */
  guint               timeout_ms;  /* what is left of the caller's time; the request's own limit holds as well */
  AditCurlOpenFunc    open;
  gpointer            open_data;
  guint              *good;        /* (inout) (nullable): which one to begin with: the last that was reached */
} AditCurlRules;

void     adit_curl_init    (void);
gboolean adit_curl_perform (const AditCurlRules *rules, const AditHttpRequest *request, AditHttpAnswer *answer, GError **error);

G_END_DECLS
