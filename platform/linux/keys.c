/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keys.c: Curve25519 by wireguard-tools' embeddable library, which seeds from getrandom(). */
#include "platform/keys.h"

#include <string.h>
#include <wireguard.h>

/**
 * adit_keys_generate:
 *
 * Returns: (transfer full): a new private key of ADIT_WG_KEY_BYTES
 */
AditSecret *
adit_keys_generate (void)
{
  wg_key key;
  AditSecret *secret;

  wg_generate_private_key (key);
  secret = adit_secret_new (key, sizeof key);
  adit_wipe (key, sizeof key);
  return secret;
}

/**
 * adit_keys_to_public:
 * @private_key: a private key of ADIT_WG_KEY_BYTES
 * @public_key: (out caller-allocates): the key that others may see
 */
void
adit_keys_to_public (AditSecret *private_key, guint8 public_key[ADIT_WG_KEY_BYTES])
{
  gsize length;
  const guint8 *bytes = adit_secret_peek (private_key, &length);
  wg_key key, result;

  g_return_if_fail (length == sizeof key);
  memcpy (key, bytes, sizeof key);
  wg_generate_public_key (result, key);
  adit_wipe (key, sizeof key);
  memcpy (public_key, result, sizeof result);
}
