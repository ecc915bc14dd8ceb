/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mysterium.h: what the files of one adapter share: signing in, places, tunnels, and what the service says when it refuses. */
#pragma once

#include "client/provider/json.h"
#include "client/provider/provider.h"

G_BEGIN_DECLS

#define ADIT_MYSTERIUM_ANSWER_MAX_BYTES (1024 * 1024)    /* what the service's own client takes of any answer */
#define ADIT_MYSTERIUM_ANY_CITY         "any"            /* our code for "wherever in this country the service likes" */
#define ADIT_MYSTERIUM_ANY_CITY_NAME    "Any city"

gboolean    adit_mysterium_is_uuid       (const char *text);
gboolean    adit_mysterium_is_token      (const char *text, gsize length);
AditSecret *adit_mysterium_write_request (const char *id);
AditSecret *adit_mysterium_write_renewal (AditSecret *refresh_token);
void        adit_mysterium_ask           (AditProviderTask *task, const char *id);
gboolean    adit_mysterium_take_request  (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mysterium_take_tokens   (AditProviderTask *task, AditJson *root, GError **error);

void    adit_mysterium_write_city_code (const char *city, char *code);
GBytes *adit_mysterium_read_locations  (const void *bytes, gsize length, const char *etag, gint64 now_s, GError **error);

AditSecret *adit_mysterium_write_wish    (const AditProviderRequest *request);
gboolean    adit_mysterium_take_tunnel   (AditProviderTask *task, AditJson *root, GError **error);
gboolean    adit_mysterium_read_template (const char *text, AditTunnelSpec *spec, AditSecret **preshared_key, GError **error);

gboolean adit_mysterium_refuse (AditProviderTask *task, const AditHttpAnswer *answer, GError **error);

G_END_DECLS
