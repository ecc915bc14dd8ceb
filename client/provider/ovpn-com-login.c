/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ovpn-com-login.c: OVPN's user name and password: read from two lines, and written into the form that every call about keys is.
 * Nothing of it stays behind in memory that is not a secret's. */
#include "client/provider/ovpn-com.h"

#include <string.h>

#include "client/base/error.h"

#define PART_MAX_BYTES  (ADIT_OPENVPN_CREDENTIAL_MAX_BYTES - 1)    /* the same two are what OpenVPN is told */
/* Three names, two values and a key, each byte of which may become three. */
#define FORM_MAX_BYTES  (64 + 3 * (2 * PART_MAX_BYTES + 64))

static gboolean
is_plain (const char *text, gsize length)
{
  if (length == 0 || length > PART_MAX_BYTES || !g_utf8_validate (text, (gssize) length, NULL))
    return FALSE;
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

static AditSecret *
join (const char *name, gsize name_length, const char *password, gsize password_length)
{
  char text[2 * PART_MAX_BYTES + 1];
  AditSecret *login;

  memcpy (text, name, name_length);
  text[name_length] = '\n';
  memcpy (text + name_length + 1, password, password_length);
  login = adit_secret_new (text, name_length + 1 + password_length);
  adit_wipe (text, sizeof text);
  return login;
}

/**
 * adit_ovpn_com_read_login:
 * @typed: (nullable): the user name, and in a second line the password
 * @error: return location; %ADIT_ERROR_CREDENTIAL_MALFORMED
 *
 * Blanks around the user name are dropped; the password is taken as it is, blanks at its ends included.  Its line may have an
 * end, as the last one of a file has.
 *
 * Returns: (transfer full) (nullable): both, with one line feed between them
 */
AditSecret *
adit_ovpn_com_read_login (AditSecret *typed, GError **error)
{
  gsize length = 0, name_length, password_length;
  const char *name = typed != NULL ? (const char *) adit_secret_peek (typed, &length) : NULL, *end, *password;

  end = length > 0 ? memchr (name, '\n', length) : NULL;
  if (end != NULL)
    {
      password = end + 1;
      password_length = (gsize) (name + length - password);
      if (password_length > 0 && password[password_length - 1] == '\n')
        password_length--;
      for (name_length = (gsize) (end - name); name_length > 0 && g_ascii_isspace (name[name_length - 1]); )
        name_length--;
      for (; name_length > 0 && g_ascii_isspace (name[0]); name++)
        name_length--;
      if (is_plain (name, name_length) && is_plain (password, password_length))
        return join (name, name_length, password, password_length);
    }
  g_set_error (error, ADIT_ERROR, ADIT_ERROR_CREDENTIAL_MALFORMED,
               "An OVPN account is a user name and, in a second line, its password, of at most %d bytes each", PART_MAX_BYTES);
  return NULL;
}

/* Everything but the unreserved characters (RFC 3986, 2.3) is written by its bytes, which every reader of forms takes. */
static void
add_field (GString *form, const char *name, const char *value, gsize length)
{
  static const char digits[] = "0123456789ABCDEF";

  if (form->len > 0)
    g_string_append_c (form, '&');
  g_string_append (form, name);
  g_string_append_c (form, '=');
  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8) value[i];

      if (g_ascii_isalnum (value[i]) || strchr ("-._~", value[i]) != NULL)
        g_string_append_c (form, value[i]);
      else
        {
          g_string_append_c (form, '%');
          g_string_append_c (form, digits[byte >> 4]);
          g_string_append_c (form, digits[byte & 15]);
        }
    }
}

/**
 * adit_ovpn_com_write_form:
 * @login: what adit_ovpn_com_read_login() returned
 * @field: what the key is called
 * @key: ADIT_WG_KEY_BYTES, public
 *
 * Returns: (transfer full): a body of application/x-www-form-urlencoded
 */
AditSecret *
adit_ovpn_com_write_form (AditSecret *login, const char *field, const guint8 *key)
{
  g_autofree char *text = g_base64_encode (key, ADIT_WG_KEY_BYTES);
  /* All the room that it can need, so that growing leaves no copy behind. */
  GString *form = g_string_sized_new (FORM_MAX_BYTES);
  AditSecret *body;
  gsize length;
  const char *name = (const char *) adit_secret_peek (login, &length), *password = (const char *) memchr (name, '\n', length) + 1;

  add_field (form, "username", name, (gsize) (password - 1 - name));
  add_field (form, "password", password, (gsize) (name + length - password));
  add_field (form, field, text, strlen (text));
  body = adit_secret_new (form->str, form->len);
  adit_wipe (form->str, form->allocated_len);
  g_string_free (form, TRUE);
  return body;
}
