/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-files.c: keys, certificates and credentials of an OpenVPN file, whether they stand in it or in a file beside it. */
#include "config.h"
#include "client/worker/ovpn-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/worker/ovpn-pem.h"

#define TWICE N_("The file says two things about this.")

/* Nobody opens a file here: who handed the configuration in may hand in others, by their names without folders. */
static const AditImportFile *
find_file (AditOvpnReader *self, const char *path, gboolean required)
{
  const char *slash = strrchr (path, '/'), *name = slash != NULL ? slash + 1 : path;

  if (name[0] == '\0' || strcmp (name, ".") == 0 || strcmp (name, "..") == 0 || !adit_openvpn_text_is_plain (name, FALSE))
    {
      adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("This is no file's name."));
      return NULL;
    }
  for (guint i = 0; i < self->n_files; i++)
    if (strcmp (self->files[i].name, name) == 0)
      return &self->files[i];
  adit_import_report_want (self->report, self->option->name, name, required);
  return NULL;
}

static void
read_file (AditOvpnReader *self, const char *path, gboolean required)
{
  const AditImportFile *file = find_file (self, path, required);
  g_autoptr (AditImportText) text = NULL;
  const char *sentence;
  guint bad_line;

  if (file == NULL)
    return;
  text = adit_import_text_new (file, ADIT_OVPN_LINE_MAX_BYTES, &bad_line, &sentence);
  if (text == NULL)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("The file that it names is no text that can be read in one way."));
  else
    adit_ovpn_take_lines (self, text->lines, text->n_lines);
}

/* ca FILE, crl-verify FILE, tls-auth FILE [DIRECTION]; "[inline]" announces a block. */
void
adit_ovpn_take_file (AditOvpnReader *self, const char *const *args, guint n_args)
{
  if (n_args > 1)
    {
      if (strcmp (args[1], "0") != 0 && strcmp (args[1], "1") != 0)
        {
          adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
          return;
        }
      self->file_direction = (gint8) (args[1][0] - '0');
    }
  if (strcmp (args[0], "[inline]") != 0)
    read_file (self, args[0], TRUE);
}

static AditSecret *
take_credential (AditOvpnReader *self, const AditImportLine *line)
{
  gsize length = strlen (line->text);

  if (line->indented || !adit_openvpn_credential_is_plain (line->text, length))
    {
      adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED,
                        N_("A name or password in it is too long, begins as the end of a block does, or has blanks around it."));
      return NULL;
    }
  return adit_secret_new (line->text, length);
}

/* A name, and perhaps a password, each in a line. */
static void
take_credentials (AditOvpnReader *self, const AditImportLine *lines, guint n_lines, AditSecret **username, AditSecret **password)
{
  while (n_lines > 0 && lines[n_lines - 1].text[0] == '\0' && !lines[n_lines - 1].indented)
    n_lines--;
  if (n_lines == 0 || n_lines > 2 || lines[0].text[0] == '\0' || lines[n_lines - 1].text[0] == '\0')
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, N_("There must be a name and a password in it, each in a line."));
  else if (*username != NULL)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, TWICE);
  else if ((*username = take_credential (self, &lines[0])) != NULL && n_lines == 2)
    *password = take_credential (self, &lines[1]);
}

static void
set_pem (AditOvpnReader *self, char **field, const AditImportLine *lines, guint n_lines, AditOvpnPemKind kind)
{
  gboolean encrypted;
  const char *sentence;
  g_autoptr (AditSecret) pem = adit_ovpn_pem_read (lines, n_lines, kind, &encrypted, &sentence);

  if (pem == NULL)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, sentence);
  else if (*field != NULL)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, TWICE);
  else
    *field = g_strdup ((const char *) adit_secret_peek (pem, NULL));
}

static void
set_key (AditOvpnReader *self, const AditImportLine *lines, guint n_lines)
{
  AditOpenvpnProfile *profile = self->profile;
  const char *sentence;
  gboolean encrypted;
  g_autoptr (AditSecret) key = adit_ovpn_pem_read (lines, n_lines, ADIT_OVPN_PEM_KEY, &encrypted, &sentence);

  if (key == NULL || profile->key != NULL)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, key == NULL ? sentence : TWICE);
  else
    {
      profile->key = g_steal_pointer (&key);
      profile->passphrase_needed = encrypted;
    }
}

static void
set_wrap (AditOvpnReader *self, AditOpenvpnWrap wrap, const AditImportLine *lines, guint n_lines)
{
  AditOpenvpnProfile *profile = self->profile;
  const char *sentence;
  gboolean encrypted;
  g_autoptr (AditSecret) key = wrap == ADIT_OPENVPN_TLS_CRYPT_V2
    ? adit_ovpn_pem_read (lines, n_lines, ADIT_OVPN_PEM_CRYPT_V2, &encrypted, &sentence)
    : adit_ovpn_static_key_read (lines, n_lines, &sentence);

  if (key == NULL || profile->wrap_key != NULL)
    adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, key == NULL ? sentence : TWICE);
  else
    {
      profile->wrap = (guint8) wrap;
      profile->wrap_key = g_steal_pointer (&key);
    }
}

/**
 * adit_ovpn_take_lines:
 * @self: a reader, whose option is the block's
 * @lines: what is in the block, or in the file that it names
 * @n_lines: how many
 *
 * Takes the value of an option that is more than a line.
 */
void
adit_ovpn_take_lines (AditOvpnReader *self, const AditImportLine *lines, guint n_lines)
{
  AditOpenvpnProfile *profile = self->profile;
  const char *name = self->option->name;

  if (strcmp (name, "auth-user-pass") == 0)
    {
      profile->credentials_needed = TRUE;
      take_credentials (self, lines, n_lines, &profile->username, &profile->password);
    }
  else if (g_str_has_prefix (name, "http-proxy") || g_str_has_prefix (name, "socks-proxy"))
    {
      profile->proxy_credentials_needed = TRUE;
      take_credentials (self, lines, n_lines, &profile->proxy_username, &profile->proxy_password);
    }
  else if (strcmp (name, "ca") == 0)
    set_pem (self, &profile->ca, lines, n_lines, ADIT_OVPN_PEM_CERTIFICATES);
  else if (strcmp (name, "cert") == 0)
    set_pem (self, &profile->certificate, lines, n_lines, ADIT_OVPN_PEM_CERTIFICATES);
  else if (strcmp (name, "extra-certs") == 0)
    set_pem (self, &profile->extra_certificates, lines, n_lines, ADIT_OVPN_PEM_CERTIFICATES);
  else if (strcmp (name, "crl-verify") == 0)
    set_pem (self, &profile->revoked, lines, n_lines, ADIT_OVPN_PEM_REVOKED);
  else if (strcmp (name, "key") == 0)
    set_key (self, lines, n_lines);
  else if (strcmp (name, "tls-auth") == 0)
    set_wrap (self, ADIT_OPENVPN_TLS_AUTH, lines, n_lines);
  else if (strcmp (name, "tls-crypt") == 0)
    set_wrap (self, ADIT_OPENVPN_TLS_CRYPT, lines, n_lines);
  else if (strcmp (name, "tls-crypt-v2") == 0)
    set_wrap (self, ADIT_OPENVPN_TLS_CRYPT_V2, lines, n_lines);
  else
    adit_ovpn_refuse (self, ADIT_IMPORT_UNKNOWN, NULL);
}

/* auth-user-pass [FILE]: what is not in a file that is at hand can be asked for. */
void
adit_ovpn_take_auth_user_pass (AditOvpnReader *self, const char *const *args, guint n_args)
{
  self->profile->credentials_needed = TRUE;
  if (n_args > 0 && strcmp (args[0], "stdin") != 0 && strcmp (args[0], "[inline]") != 0)
    read_file (self, args[0], FALSE);
}

/**
 * adit_ovpn_take_proxy_file:
 * @self: a reader
 * @name: a file with a proxy's credentials, or "stdin"
 *
 * Takes them where the file is at hand.
 */
void
adit_ovpn_take_proxy_file (AditOvpnReader *self, const char *name)
{
  if (strcmp (name, "stdin") != 0)
    read_file (self, name, FALSE);
}

void
adit_ovpn_take_proxy_user_pass (AditOvpnReader *self, const char *const *args, guint n_args)
{
  self->profile->proxy_credentials_needed = TRUE;
  if (strcmp (args[0], "[inline]") != 0)
    adit_ovpn_take_proxy_file (self, args[0]);
}

/* static-challenge TEXT ECHO */
void
adit_ovpn_take_challenge (AditOvpnReader *self, const char *const *args, guint n_args)
{
  AditOpenvpnProfile *profile = self->profile;

  if (!adit_openvpn_text_is_plain (args[0], FALSE) || strlen (args[0]) >= sizeof profile->challenge ||
      (strcmp (args[1], "0") != 0 && strcmp (args[1], "1") != 0))
    {
      adit_ovpn_refuse (self, ADIT_IMPORT_MALFORMED, NULL);
      return;
    }
  g_strlcpy (profile->challenge, args[0], sizeof profile->challenge);
  profile->challenge_echo = args[1][0] == '1';
}
