/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-login.c: up to five lines: user name, password, passphrase of the key, user name and password at the
 * proxy; an empty one is not needed.  A file of its own, so
 * that neither the profile nor its export has it. */
#define G_LOG_DOMAIN "adit-profiles"

#include "client/helper/profile-login.h"

#include <string.h>

#include "client/base/error.h"
#include "client/base/file.h"
#include "client/wire/wire.h"

#define N_LINES        5
#define FILE_MAX_BYTES (N_LINES * ADIT_WIRE_CREDENTIAL_MAX_BYTES)

/**
 * adit_login_secrets_clear:
 * @self: what was typed
 */
void
adit_login_secrets_clear (AditLoginSecrets *self)
{
  g_clear_pointer (&self->username, adit_secret_unref);
  g_clear_pointer (&self->password, adit_secret_unref);
  g_clear_pointer (&self->passphrase, adit_secret_unref);
  g_clear_pointer (&self->proxy_username, adit_secret_unref);
  g_clear_pointer (&self->proxy_password, adit_secret_unref);
}

/* No control character: openvpn is told each in a line of its own. */
static gboolean
is_line (const guint8 *bytes, gsize length)
{
  if (length >= ADIT_WIRE_CREDENTIAL_MAX_BYTES || !g_utf8_validate ((const char *) bytes, (gssize) length, NULL))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (bytes[i] < 0x20 || bytes[i] == 0x7f)
      return FALSE;
  return TRUE;
}

/**
 * adit_login_secrets_parse:
 * @self: (out): all %NULL before
 * @lines: what a client has sent, or what was kept
 * @error: return location; %ADIT_ERROR_CREDENTIAL_MALFORMED
 *
 * Returns: whether it can be one
 */
gboolean
adit_login_secrets_parse (AditLoginSecrets *self, AditSecret *lines, GError **error)
{
  AditSecret **const parts[N_LINES] = { &self->username, &self->password, &self->passphrase, &self->proxy_username,
                                        &self->proxy_password };
  gsize length;
  const guint8 *at = adit_secret_peek (lines, &length), *end = at + length;

  for (guint i = 0; i < N_LINES && at < end; i++)
    {
      const guint8 *stop = memchr (at, '\n', (gsize) (end - at));
      gsize bytes = (gsize) ((stop != NULL ? stop : end) - at);

      if (!is_line (at, bytes))
        break;
      if (bytes > 0)
        *parts[i] = adit_secret_new (at, bytes);
      at += bytes + (stop != NULL ? 1 : 0);
    }
  /* A password alone goes with the user name that the file has; a user name alone goes with nothing. */
  if (at == end && (self->username == NULL || self->password != NULL) &&
      (self->proxy_username == NULL || self->proxy_password != NULL) &&
      (self->password != NULL || self->passphrase != NULL || self->proxy_password != NULL))
    return TRUE;
  adit_login_secrets_clear (self);
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED,
               "That is no user name and password, or no passphrase, each in a line of at most %d bytes",
               ADIT_WIRE_CREDENTIAL_MAX_BYTES - 1);
  return FALSE;
}

/**
 * adit_profile_login_store:
 * @path: where
 * @lines: lines that adit_login_secrets_parse() takes
 * @error: return location; %ADIT_ERROR_STORE_FAILED
 *
 * Returns: whether they are on disk, for root alone
 */
gboolean
adit_profile_login_store (const char *path, AditSecret *lines, GError **error)
{
  gsize length;
  const guint8 *bytes = adit_secret_peek (lines, &length);

  return adit_file_write (path, bytes, length, 0600, error);
}

/**
 * adit_profile_login_load:
 * @path: where
 * @login: (out): all %NULL before, and where there is none
 *
 * Returns: whether there is one
 */
gboolean
adit_profile_login_load (const char *path, AditLoginSecrets *login)
{
  g_autoptr (AditSecret) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length = 0;

  bytes = adit_file_read (path, FILE_MAX_BYTES, &length, &error);
  if (bytes != NULL)
    {
      lines = adit_secret_new (bytes, length);
      adit_wipe (bytes, length);
    }
  if (lines != NULL && adit_login_secrets_parse (login, lines, &error))
    return TRUE;
  if (error != NULL)
    g_warning ("%s is left out: %s", path, error->message);
  return FALSE;
}
