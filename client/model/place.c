/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place.c: what counts as a code and a name.  These strings come from a service and end up on a screen, a bus and a disk, so the
 * rules are the narrowest that real lists pass. */
#include "client/model/place.h"

#include <string.h>
#include "client/base/field.h"

static gboolean
is_code_text (const char *text, gsize max_bytes)
{
  gsize length = strnlen (text, max_bytes);

  if (length == 0 || length == max_bytes || text[0] == '-' || text[length - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i]) && text[i] != '-')
      return FALSE;
  return TRUE;
}

/**
 * adit_code_is_valid:
 * @code: a country's or city's code
 *
 * Returns: whether it is of lower-case letters, digits and inner hyphens and fits ADIT_CODE_MAX_BYTES
 */
gboolean
adit_code_is_valid (const char *code)
{
  return is_code_text (code, ADIT_CODE_MAX_BYTES);
}

/**
 * adit_server_is_valid:
 * @server: a relay's name
 *
 * Returns: whether it is one lower-case DNS label (RFC 1123, 2.1), so never a path, a number with dots or a word with a dot
 */
gboolean
adit_server_is_valid (const char *server)
{
  return is_code_text (server, ADIT_SERVER_MAX_BYTES);
}

/**
 * adit_name_is_valid:
 * @name: a name that people read
 *
 * Returns: whether it is non-empty UTF-8 of visible characters and single-line spaces that fits ADIT_NAME_MAX_BYTES
 */
gboolean
adit_name_is_valid (const char *name)
{
  gsize length = strnlen (name, ADIT_NAME_MAX_BYTES), n = 0;

  while (name[n] >= ' ' && name[n] <= '~' && n < ADIT_NAME_MAX_BYTES - 1)
    n++;
  if (n > 0 && name[n] == '\0')
    return TRUE;    /* as nearly all of them are, which need no table of characters */
  if (length == 0 || length == ADIT_NAME_MAX_BYTES || !g_utf8_validate (name, (gssize) length, NULL))
    return FALSE;
  /* Nothing that moves the cursor, turns the writing direction or hides: a name must not be able to dress up as another. */
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);

      if (c != ' ' && (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_SURROGATE ||
                       type == G_UNICODE_UNASSIGNED || type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_LINE_SEPARATOR ||
                       type == G_UNICODE_PARAGRAPH_SEPARATOR || type == G_UNICODE_SPACE_SEPARATOR))
        return FALSE;
    }
  return TRUE;
}

/**
 * adit_place_is_valid:
 * @self: a place, perhaps from a stranger
 *
 * Returns: whether each part is empty or well formed and a city has its country
 */
gboolean
adit_place_is_valid (const AditPlace *self)
{
  if (!adit_field_is_terminated (self->country, sizeof self->country) ||
      !adit_field_is_terminated (self->city, sizeof self->city) ||
      !adit_field_is_terminated (self->server, sizeof self->server))
    return FALSE;
  return (self->country[0] == '\0' || adit_code_is_valid (self->country)) &&
         (self->city[0] == '\0' || (self->country[0] != '\0' && adit_code_is_valid (self->city))) &&
         (self->server[0] == '\0' || adit_server_is_valid (self->server));
}

/**
 * adit_place_is_any:
 * @self: a place
 *
 * Returns: whether it wishes for nothing in particular
 */
gboolean
adit_place_is_any (const AditPlace *self)
{
  return self->country[0] == '\0' && self->city[0] == '\0' && self->server[0] == '\0';
}

/**
 * adit_place_equal:
 * @a: a place
 * @b: another
 *
 * Returns: whether they are the same wish
 */
gboolean
adit_place_equal (const AditPlace *a, const AditPlace *b)
{
  return g_str_equal (a->country, b->country) && g_str_equal (a->city, b->city) && g_str_equal (a->server, b->server);
}

/**
 * adit_place_set:
 * @self: (out caller-allocates): the place; untouched on failure
 * @country: (nullable): a country's code
 * @city: (nullable): a city's code
 * @server: (nullable): a relay's name
 *
 * Returns: whether the parts make a place
 */
gboolean
adit_place_set (AditPlace *self, const char *country, const char *city, const char *server)
{
  AditPlace result = { 0 };

  if (g_strlcpy (result.country, country != NULL ? country : "", sizeof result.country) >= sizeof result.country ||
      g_strlcpy (result.city, city != NULL ? city : "", sizeof result.city) >= sizeof result.city ||
      g_strlcpy (result.server, server != NULL ? server : "", sizeof result.server) >= sizeof result.server ||
      !adit_place_is_valid (&result))
    return FALSE;
  *self = result;
  return TRUE;
}

/**
 * adit_place_dup_text:
 * @self: a place
 *
 * Returns: (transfer full): the narrowest part as one would type it: "se-got-wg-001", "se-got", "se", or ""
 */
char *
adit_place_dup_text (const AditPlace *self)
{
  if (self->server[0] != '\0')
    return g_strdup (self->server);
  if (self->city[0] != '\0')
    return g_strconcat (self->country, "-", self->city, NULL);
  return g_strdup (self->country);
}

/**
 * adit_location_is_valid:
 * @self: a location, perhaps from a stranger
 *
 * Returns: whether all of its codes and names are there and well formed
 */
gboolean
adit_location_is_valid (const AditLocation *self)
{
  return adit_place_is_valid (&self->place) && self->place.country[0] != '\0' && self->place.city[0] != '\0' &&
         self->place.server[0] != '\0' && adit_field_is_terminated (self->country_name, sizeof self->country_name) &&
         adit_field_is_terminated (self->city_name, sizeof self->city_name) && adit_name_is_valid (self->country_name) &&
         adit_name_is_valid (self->city_name);
}
