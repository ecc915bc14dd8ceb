/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-walk.h: a task of Mullvad's adapter walked by hand along a row of questions and answers. */
#pragma once

#include "client/provider/provider.h"

G_BEGIN_DECLS

#define NUMBER "1234567890123456"
#define KEY    "IyN9XnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define ID     "9b0e7a7a-3d6f-4a2d-8a3e-9f4f3b1a2c3d"
#define NOW    G_GINT64_CONSTANT (1785542400)    /* 2026-08-01 */
#define DEVICE_OF(id, key) "{\"id\":\"" id "\",\"name\":\"happy seagull\",\"pubkey\":\"" key "\",\"hijack_dns\":false," \
                           "\"ipv4_address\":\"10.67.12.34/32\",\"ipv6_address\":\"fc00:bbbb:bbbb:bb01::4:c22/128\"," \
                           "\"created\":\"2026-08-01T09:30:00Z\"}"
#define DEVICE     DEVICE_OF (ID, KEY)
#define OTHER_KEY  "AAAAXnzS80rQvQaoMMkvtQMp0oMjXZXpIF3rpNUkGlM="
#define OTHER_DEVICE "{\"id\":\"aaaa\",\"name\":\"sad crow\",\"pubkey\":\"" OTHER_KEY "\"}"
#define POST_TOKEN "POST /auth/v1/token"
#define TOKEN      { POST_TOKEN, 200, "{\"access_token\":\"mva_1\",\"expiry\":\"2026-09-01T12:00:00Z\"}" }
#define TOKEN2     { POST_TOKEN, 200, "{\"access_token\":\"mva_2\",\"expiry\":\"2026-09-01T12:00:00Z\"}" }
#define TOKEN_END  1788264000
#define FINE       (-1)

typedef struct
{
  const char *request;
  guint       status;
  const char *body, *type;
  gboolean    no_length;
  const char *sent;    /* NULL: not looked at; "": nothing */
} Exchange;

void     mullvad_fill (AditHttpAnswer *answer, const Exchange *exchange);
gboolean mullvad_walk (AditProviderTask *task, const Exchange *exchanges, const char *token, GError **error);

G_END_DECLS
