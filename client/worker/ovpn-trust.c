/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-trust.c: root certificates, and a static key if there is one, in the place of what an adapter has built in. */
#include "client/worker/ovpn-trust.h"

#include <string.h>

#include "client/worker/ovpn-pem.h"

#define LINE_MAX_BYTES 256    /* OpenVPN's own OPTION_LINE_SIZE; PEM has 64 columns */
#define KEY_BEGINS "-----BEGIN OpenVPN Static key"

static gboolean
refuse (const char *sentence, GError **error)
{
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_TRUST_UNUSABLE,
               "The administrator's trust in the service's OpenVPN servers cannot be read: %s", sentence);
  return FALSE;
}

static guint
find_key (const AditImportText *text)
{
  guint at = 0;

  while (at < text->n_lines && !g_str_has_prefix (text->lines[at].text, KEY_BEGINS))
    at++;
  return at;
}

/**
 * adit_ovpn_trust_replace:
 * @profile: an adapter's
 * @text: the administrator's file: root certificates in PEM, behind which there may be the static key, as openvpn makes one
 * @error: return location; %ADIT_ERROR_TRUST_UNUSABLE, with @profile as it was
 *
 * The roots are the only ones from then on.  Without a key in @text the adapter's stays; how it is used stays in any case.
 *
 * Returns: whether that is so
 */
gboolean
adit_ovpn_trust_replace (AditOpenvpnProfile *profile, const char *text, GError **error)
{
  const AditImportFile file = { .name = "openvpn-trust", .bytes = (const guint8 *) text, .length = strlen (text) };
  const char *sentence = NULL;
  guint bad_line, at;
  gboolean encrypted;
  g_autoptr (AditImportText) lines = adit_import_text_new (&file, LINE_MAX_BYTES, &bad_line, &sentence);
  g_autoptr (AditSecret) roots = NULL, key = NULL;

  if (lines == NULL)
    return refuse (sentence, error);
  at = find_key (lines);
  roots = adit_ovpn_pem_read (lines->lines, at, ADIT_OVPN_PEM_CERTIFICATES, &encrypted, &sentence);
  if (roots == NULL)
    return refuse (sentence, error);
  if (at < lines->n_lines)
    {
      key = adit_ovpn_static_key_read (lines->lines + at, lines->n_lines - at, &sentence);
      if (key == NULL)
        return refuse (sentence, error);
      g_clear_pointer (&profile->wrap_key, adit_secret_unref);
      profile->wrap_key = g_steal_pointer (&key);
    }
  g_free (profile->ca);
  profile->ca = g_strdup ((const char *) adit_secret_peek (roots, NULL));
  return TRUE;
}
