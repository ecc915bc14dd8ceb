/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dsn.c: reads where reports go.  Somebody has copied it from a web page: what is wrong with it is said in a sentence of its own,
 * and nothing is guessed. */
#include "config.h"
#include "client/report/dsn.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/base/error.h"

#define SCHEME       "https://"
#define DEFAULT_PORT 443    /* RFC 9110, 4.2.2 */
#define PIN_BYTES    32     /* of SHA-256 */

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_INVALID_ARGUMENT, sentence);
  return FALSE;
}

static gboolean
is_made_of (const char *text, const char *others)
{
  for (; *text != '\0'; text++)
    if (!g_ascii_isalnum (*text) && strchr (others, *text) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
take_key (AditDsn *self, const char *key, GError **error)
{
  if (strchr (key, ':') != NULL)
    return refuse (error, N_ ("The report server’s address has a password in it. Leave out everything from the colon to the @."));
  if (key[0] == '\0' || strlen (key) >= sizeof self->key || !is_made_of (key, "-_"))
    return refuse (error, N_ ("The key in the report server’s address, in front of the @, is not one: it has only letters and "
                              "digits."));
  g_strlcpy (self->key, key, sizeof self->key);
  return TRUE;
}

static gboolean
take_port (AditDsn *self, const char *text, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL))
    return refuse (error, N_ ("The port in the report server’s address is not a number from 1 to 65535."));
  self->port = (guint16) number;
  return TRUE;
}

static gboolean
take_host (AditDsn *self, const char *host, GError **error)
{
  g_autofree char *name = g_ascii_strdown (host, -1);
  char *colon = strrchr (name, ':');

  self->port = DEFAULT_PORT;
  if (colon != NULL && !take_port (self, colon + 1, error))
    return FALSE;
  if (colon != NULL)
    *colon = '\0';
  if (!adit_host_name_is_valid (name))
    return refuse (error, N_ ("The report server has to be given by a valid name; an IP address cannot be used."));
  g_strlcpy (self->host, name, sizeof self->host);
  return TRUE;
}

/* Segments as they are: what a server would read as something else ("..", "%2e") is none. */
static gboolean
is_folder (const char *folder)
{
  g_auto (GStrv) parts = g_strsplit (folder, "/", -1);

  for (guint i = 1; folder[0] != '\0' && parts[i] != NULL; i++)
    if (parts[i][0] == '\0' || parts[i][0] == '.' || !is_made_of (parts[i], "-_."))
      return FALSE;
  return TRUE;
}

/* From the first slash on. */
static gboolean
take_path (AditDsn *self, char *path, GError **error)
{
  char *project = strrchr (path, '/');

  *project++ = '\0';
  if (project[0] == '\0' || strlen (project) >= sizeof self->project || strspn (project, "0123456789") != strlen (project))
    return refuse (error, N_ ("The report server’s address has to end in a slash and the project’s number."));
  if (strlen (path) >= sizeof self->folder || !is_folder (path))
    return refuse (error, N_ ("The path in the report server’s address has something in it that cannot be used."));
  g_strlcpy (self->project, project, sizeof self->project);
  g_strlcpy (self->folder, path, sizeof self->folder);
  return TRUE;
}

/**
 * adit_dsn_parse:
 * @text: what somebody gives as where reports go
 * @dsn: (out caller-allocates): that, untouched on failure
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT, with a sentence that can be translated
 *
 * Sentry's form, and of it what can be used here: https alone, no password, a server with a name
 * (https://develop.sentry.dev/sdk/overview/#parsing-the-dsn).
 *
 * Returns: whether it is one
 */
gboolean
adit_dsn_parse (const char *text, AditDsn *dsn, GError **error)
{
  g_autofree char *copy = NULL;
  AditDsn self = { .port = 0 };
  char *key, *at, *slash;

  if (text[0] == '\0')
    return refuse (error, N_ ("The report server’s address is empty."));
  if (strlen (text) >= ADIT_DSN_MAX_BYTES)
    return refuse (error, N_ ("The report server’s address is too long."));
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return refuse (error, N_ ("The report server’s address has a blank or a character in it that addresses do not have."));
  if (g_ascii_strncasecmp (text, SCHEME, strlen (SCHEME)) != 0)
    return refuse (error, N_ ("The report server’s address has to begin with https://."));
  if (strpbrk (text, "?#") != NULL)
    return refuse (error, N_ ("The report server’s address ends with its project; nothing may come after a ? or #."));
  copy = g_strdup (text + strlen (SCHEME));
  slash = strchr (copy, '/');
  if (slash == NULL)
    return refuse (error, N_ ("The report server’s address has to end in a slash and the project’s number."));
  *slash = '\0';
  at = strrchr (copy, '@');
  if (at == NULL)
    return refuse (error, N_ ("The report server’s address has no key: it is written https://KEY@SERVER/PROJECT."));
  *at = '\0';
  key = copy;
  if (!take_key (&self, key, error) || !take_host (&self, at + 1, error))
    return FALSE;
  *slash = '/';
  if (!take_path (&self, slash, error))
    return FALSE;
  *dsn = self;
  return TRUE;
}

/**
 * adit_dsn_dup_text:
 * @self: where reports go
 *
 * Returns: (transfer full): what adit_dsn_parse() reads as the same
 */
char *
adit_dsn_dup_text (const AditDsn *self)
{
  g_autofree char *port = self->port != DEFAULT_PORT ? g_strdup_printf (":%u", self->port) : g_strdup ("");

  return g_strdup_printf (SCHEME "%s@%s%s%s/%s", self->key, self->host, port, self->folder, self->project);
}

/**
 * adit_dsn_pin_is_valid:
 * @pin: what somebody gives as the certificate's pin
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT, with a sentence that can be translated
 *
 * Returns: whether it can be one: base64 of the SHA-256 of a public key (RFC 7469, 2.4)
 */
gboolean
adit_dsn_pin_is_valid (const char *pin, GError **error)
{
  gsize length = 0;
  g_autofree guchar *bytes = strlen (pin) == ADIT_DSN_PIN_MAX_BYTES - 1 ? g_base64_decode (pin, &length) : NULL;
  g_autofree char *again = bytes != NULL ? g_base64_encode (bytes, length) : NULL;

  if (length != PIN_BYTES || g_strcmp0 (again, pin) != 0)
    return refuse (error, N_ ("The certificate’s pin is not one: it has 44 characters and ends in =, as base64 of a SHA-256."));
  return TRUE;
}
