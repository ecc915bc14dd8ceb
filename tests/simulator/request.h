/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request.h: what a client has sent. */
#pragma once

#include <jansson.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

const char *request_get_path   (SoupServerMessage *message);
gboolean    request_has_fault  (SoupServerMessage *message, const char *name);
gboolean    request_is         (SoupServerMessage *message, const char *method, const char *path);
gboolean    request_has_method (SoupServerMessage *message, const char *method);
const char *request_get_bearer (SoupServerMessage *message);
json_t     *request_read_json  (SoupServerMessage *message);
char       *request_dup_text   (SoupServerMessage *message, const char *name);
GHashTable *request_read_form  (SoupServerMessage *message);
char       *request_dup_query  (SoupServerMessage *message, const char *name);
char       *request_dup_peer   (SoupServerMessage *message);
gboolean    request_is_for     (SoupServerMessage *message, const char *host);
gboolean    request_is_key     (const char *text);

G_END_DECLS
