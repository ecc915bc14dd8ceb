/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mullvad-devices.c: Mullvad's devices: a name, a key and the two addresses that whoever has the key gets in the tunnel. */
#include "client/provider/mullvad.h"

#include <string.h>

#include "client/provider/json.h"

static gboolean
refuse (GError **error, AditError code, const char *text)
{
  g_set_error_literal (error, ADIT_ERROR, (int) code, text);
  return FALSE;
}

/**
 * adit_mullvad_is_device_id:
 * @id: (nullable): what may be a device's id
 *
 * It becomes part of a path.
 *
 * Returns: whether it can be one
 */
gboolean
adit_mullvad_is_device_id (const char *id)
{
  gsize length = id != NULL ? strnlen (id, ADIT_DEVICE_ID_MAX_BYTES) : 0;

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (id[i]) && id[i] != '-')
      return FALSE;
  return length > 0 && length < ADIT_DEVICE_ID_MAX_BYTES;
}

/**
 * adit_mullvad_write_device:
 * @task: one with a public key
 *
 * Returns: (transfer full): the request for a device with that key
 */
AditSecret *
adit_mullvad_write_device (const AditProviderTask *task)
{
  g_autofree char *key = g_base64_encode (task->request.public_key, ADIT_WG_KEY_BYTES);
  g_autofree char *text = g_strdup_printf ("{\"pubkey\":\"%s\",\"hijack_dns\":false}", key);

  return adit_secret_new (text, strlen (text));
}

/**
 * adit_mullvad_write_key:
 * @task: one with a public key
 *
 * Returns: (transfer full): the request that gives it to a device in the place of its own
 */
AditSecret *
adit_mullvad_write_key (const AditProviderTask *task)
{
  g_autofree char *key = g_base64_encode (task->request.public_key, ADIT_WG_KEY_BYTES);
  g_autofree char *text = g_strdup_printf ("{\"pubkey\":\"%s\"}", key);

  return adit_secret_new (text, strlen (text));
}

static gboolean
read_address (AditJson *object, const char *field, AditFamily family, AditProviderResult *result, GError **error)
{
  const char *text = adit_json_get_string (object, field, ADIT_ADDRESS_STRING_MAX_BYTES, error);
  AditPrefix prefix;

  if (text == NULL)
    return FALSE;
  if (!adit_prefix_parse (text, &prefix) || prefix.address.family != family || !adit_address_is_valid (&prefix.address) ||
      prefix.prefix_bits != (family == ADIT_FAMILY_IPV4 ? 32 : 128))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE,
                   "The service's answer is malformed: a device's address is no single address");
  result->addresses[result->n_addresses++] = prefix;
  return TRUE;
}

/* Two lower-case words; shown with each word capitalised. */
static void
copy_name (char *to, const char *name)
{
  gboolean starts_word = TRUE;

  if (!adit_name_is_valid (name))
    return;
  g_strlcpy (to, name, ADIT_NAME_MAX_BYTES);
  for (; *to != '\0'; to++)
    {
      *to = starts_word ? g_ascii_toupper (*to) : *to;
      starts_word = *to == ' ';
    }
}

/* What each device has, anybody's. */
static gboolean
read_row (AditJson *object, AditProviderDevice *row, guint8 key[ADIT_WG_KEY_BYTES], GError **error)
{
  const char *id = adit_json_get_string (object, "id", sizeof row->id, error), *name;

  if (id == NULL || !adit_json_get_key (object, "pubkey", key, ADIT_WG_KEY_BYTES, error) ||
      (name = adit_json_get_string (object, "name", sizeof row->name, error)) == NULL)
    return FALSE;
  if (!adit_mullvad_is_device_id (id))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: \"id\" is no device's id");
  g_strlcpy (row->id, id, sizeof row->id);
  copy_name (row->name, name);
  (void) adit_json_get_time (object, "created", &row->created_at_s, NULL);    /* only told */
  return TRUE;
}

/* Sets device_is_known where the device has our key; without a key to compare, it is ours. */
static gboolean
read_device (AditProviderTask *task, AditJson *object, GError **error)
{
  AditProviderResult *result = &task->result;
  AditProviderDevice row = { 0 };
  guint8 key[ADIT_WG_KEY_BYTES];

  if (!read_row (object, &row, key, error))
    return FALSE;
  if (task->request.public_key != NULL && memcmp (key, task->request.public_key, sizeof key) != 0)
    {
      result->key_is_other = g_strcmp0 (row.id, task->request.device_id) == 0;
      return TRUE;
    }
  if (!read_address (object, "ipv4_address", ADIT_FAMILY_IPV4, result, error) ||
      !read_address (object, "ipv6_address", ADIT_FAMILY_IPV6, result, error))
    return FALSE;
  g_strlcpy (result->device_id, row.id, sizeof result->device_id);
  g_strlcpy (result->device_name, row.name, sizeof result->device_name);
  result->device_is_known = TRUE;
  return TRUE;
}

/**
 * adit_mullvad_take_new_device:
 * @task: one that has asked for a device
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether it is one with our key
 */
gboolean
adit_mullvad_take_new_device (AditProviderTask *task, AditJson *root, GError **error)
{
  if (!read_device (task, root, error))
    return FALSE;
  return task->result.device_is_known ||
         refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service registered another key than this computer's");
}

/**
 * adit_mullvad_take_device:
 * @task: one that has asked for its device
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * With another key than ours it is not our device any more.
 *
 * Returns: whether it is that one
 */
gboolean
adit_mullvad_take_device (AditProviderTask *task, AditJson *root, GError **error)
{
  if (!read_device (task, root, error))
    return FALSE;
  return !task->result.device_is_known || g_str_equal (task->result.device_id, task->request.device_id) ||
         refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service answered about another device");
}

/**
 * adit_mullvad_take_found_device:
 * @task: one whose key is registered already, and that has asked for all devices
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE, or %ADIT_ERROR_KEY_REFUSED where the key is another account's
 *
 * Returns: whether one of them has our key
 */
gboolean
adit_mullvad_take_found_device (AditProviderTask *task, AditJson *root, GError **error)
{
  AditJson *object;

  if (!adit_json_is (root, ADIT_JSON_ARRAY))
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service's answer is malformed: the devices are no array");
  ADIT_JSON_FOREACH (root, object)
    {
      if (!read_device (task, object, error))
        return FALSE;
      if (task->result.device_is_known)
        return TRUE;
    }
  return refuse (error, ADIT_ERROR_KEY_REFUSED, "The service says that another account has this computer's key");
}

/**
 * adit_mullvad_take_new_key:
 * @task: one that has given its device a new key
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Returns: whether it is that device, with that key
 */
gboolean
adit_mullvad_take_new_key (AditProviderTask *task, AditJson *root, GError **error)
{
  if (!adit_mullvad_take_device (task, root, error))
    return FALSE;
  return task->result.device_is_known ||
         refuse (error, ADIT_ERROR_SERVICE_NONSENSE, "The service gave the device another key than this computer's");
}

/**
 * adit_mullvad_take_known_key:
 * @task: one whose new key is registered already, and that has asked for its device
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE, or %ADIT_ERROR_KEY_REFUSED where the key is another device's
 *
 * Returns: whether it is that device that has the key
 */
gboolean
adit_mullvad_take_known_key (AditProviderTask *task, AditJson *root, GError **error)
{
  if (!adit_mullvad_take_device (task, root, error))
    return FALSE;
  return task->result.device_is_known ||
         refuse (error, ADIT_ERROR_KEY_REFUSED, "The service says that another device has this computer's key");
}

/**
 * adit_mullvad_take_devices:
 * @task: one that has asked for all devices
 * @root: the answer
 * @error: return location; %ADIT_ERROR_SERVICE_NONSENSE
 *
 * Ours is the one that has the key or the id that the request names, if it names any.
 *
 * Returns: whether they all are devices, and not more than there can be
 */
gboolean
adit_mullvad_take_devices (AditProviderTask *task, AditJson *root, GError **error)
{
  const AditProviderRequest *request = &task->request;
  AditProviderResult *result = &task->result;
  guint8 key[ADIT_WG_KEY_BYTES];
  AditJson *object;

  if (!adit_json_is (root, ADIT_JSON_ARRAY) || adit_json_count (root) > ADIT_PROVIDER_MAX_DEVICES)
    return refuse (error, ADIT_ERROR_SERVICE_NONSENSE,
                   "The service's answer is malformed: the devices are no array, or more than there can be");
  result->devices = g_new0 (AditProviderDevice, adit_json_count (root));
  ADIT_JSON_FOREACH (root, object)
    {
      AditProviderDevice *row = &result->devices[result->n_devices];

      if (!read_row (object, row, key, error))
        return FALSE;
      row->is_ours = (request->public_key != NULL && memcmp (key, request->public_key, sizeof key) == 0) ||
                     g_strcmp0 (row->id, request->device_id) == 0;
      result->n_devices++;
    }
  return TRUE;
}
