/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doh.c: the form of RFC 8484.  A question goes as POST, so that no name is in a path, which servers write down. */
#include "client/provider/doh.h"

#include <string.h>

#include "client/model/resolver.h"

#define TYPE       "application/dns-message"    /* RFC 8484, section 6 */
#define TIMEOUT_MS 10000                        /* TCP and TLS within 5 s, as the services' own clients; as much for the answer */
#define BUNDLE_MAX_BYTES (4 * 1024 * 1024)      /* the largest in use has some 220 KiB */

/* The roots that this computer's administrator trusts, each system's in one file: Debian, Arch and Alpine; Fedora; openSUSE. */
static const char *const bundles[] = {
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
};

static GMappedFile *bundle;    /* a map, not a copy: most workers ask nobody and never touch it */

/**
 * adit_doh_init:
 *
 * Once, before the sandbox closes: nobody can open the system's roots after that.
 */
void
adit_doh_init (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bundles) && bundle == NULL; i++)
    bundle = g_mapped_file_new (bundles[i], FALSE, NULL);
}

/**
 * adit_doh_dup_roots:
 * @error: return location; %ADIT_ERROR_SERVICE_UNTRUSTED where this system has none
 *
 * Returns: (transfer full) (nullable): the system's roots in PEM
 */
char *
adit_doh_dup_roots (GError **error)
{
  gsize length = bundle != NULL ? g_mapped_file_get_length (bundle) : 0;

  if (length > 0 && length <= BUNDLE_MAX_BYTES)
    return g_strndup (g_mapped_file_get_contents (bundle), length);
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNTRUSTED,
                       "This system has no certificates by which a resolver could prove itself");
  return NULL;
}

/**
 * adit_doh_fill_request:
 * @http: (out caller-allocates): all zero before; clear it afterwards
 * @resolver: whose certificate is wanted; must outlive @http
 * @question: a DNS message
 * @length: how many bytes
 * @answer_max_bytes: how long an answer may be
 *
 * Says nothing of who asks: no agent, no language.
 */
void
adit_doh_fill_request (AditHttpRequest *http, const char *resolver, const guint8 *question, gsize length, gsize answer_max_bytes)
{
  http->method = ADIT_HTTP_POST;
  http->host = resolver;
  http->path = g_strdup (ADIT_RESOLVER_PATH);
  http->body = adit_secret_new (question, length);
  http->answer_max_bytes = answer_max_bytes;
  http->timeout_ms = TIMEOUT_MS;
  adit_http_request_add_header (http, "Content-Type", TYPE);
  adit_http_request_add_header (http, "Accept", TYPE);
}

/**
 * adit_doh_check_answer:
 * @answer: what came back
 * @error: return location; %ADIT_ERROR_SERVICE_UNREACHABLE for one that cannot answer now, %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether its body is to be read as a DNS message
 */
gboolean
adit_doh_check_answer (const AditHttpAnswer *answer, GError **error)
{
  gsize type = strcspn (answer->content_type, "; \t");

  if (answer->status == 429 || answer->status >= 500)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_UNREACHABLE, "The resolver cannot answer now (status %u)", answer->status);
  else if (answer->status != 200)
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The resolver does not take the question (status %u)",
                 answer->status);
  else if (type != strlen (TYPE) || g_ascii_strncasecmp (answer->content_type, TYPE, type) != 0)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The resolver's answer is no DNS message");
  else
    return TRUE;
  return FALSE;
}
