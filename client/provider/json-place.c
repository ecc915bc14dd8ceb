/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json-place.c: names that can be shown, and places on the globe. */
#include "client/provider/json-place.h"

#include "client/base/error.h"

#define DEGREE_E6 1e6

/**
 * adit_json_copy_name:
 * @object: an object
 * @field: a key
 * @name: (out): what is under that key; untouched with %FALSE
 *
 * Returns: %TRUE if it is a name (place.h)
 */
gboolean
adit_json_copy_name (AditJson *object, const char *field, char name[ADIT_NAME_MAX_BYTES])
{
  const char *found = adit_json_get_string (object, field, ADIT_NAME_MAX_BYTES, NULL);

  if (found == NULL || !adit_name_is_valid (found))
    return FALSE;
  g_strlcpy (name, found, ADIT_NAME_MAX_BYTES);
  return TRUE;
}

/**
 * adit_json_get_coordinate:
 * @object: an object
 * @field: a key
 * @limit: in degrees, of either sign
 * @e6: (out): what is under that key, in millionths of a degree
 *
 * Returns: %TRUE if it is a number within @limit
 */
gboolean
adit_json_get_coordinate (AditJson *object, const char *field, double limit, gint32 *e6)
{
  double degrees;

  if (!adit_json_get_number (object, field, &degrees, NULL) || degrees < -limit || degrees > limit)
    return FALSE;
  *e6 = (gint32) (degrees * DEGREE_E6 + (degrees < 0 ? -0.5 : 0.5));
  return TRUE;
}

/**
 * adit_json_check_share:
 * @n_good: entries of a list that can be used
 * @n_broken: those that break its form; neither those that the service itself has out of use, nor what was never listed
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * A broken entry spoils no list (the services' own clients skip it, too), but of a list that is mostly broken nobody knows what
 * the rest means: the one from before is better.
 *
 * Returns: whether it is a list
 */
gboolean
adit_json_check_share (guint n_good, guint n_broken, GError **error)
{
  if (n_good > 0 && n_broken <= n_good)
    return TRUE;
  if (n_good == 0)
    g_set_error_literal (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE, "The service's list has no server that can be used");
  else
    g_set_error (error, ADIT_ERROR, ADIT_ERROR_SERVICE_NONSENSE,
                 "The service's list is not whole: %u servers can be used and %u are malformed", n_good, n_broken);
  return FALSE;
}
