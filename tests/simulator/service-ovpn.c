/* SPDX-License-Identifier: GPL-2.0-or-later */
/* service-ovpn.c: OVPN's API: keys, which are registered with user and password in a form, and who asks.
 * Its own faults:
 *   failure           the list and "who am I" say success:false with 200
 *   null-load, all-offline, no-ipv4-key    of all servers in the list
 *   connected, not-connected    whoever asks who he is;  old-flag: that is called "status"
 *   locked            keys have been changed too often
 *   session-expired   no password is good
 *   text-id           a key's number is a text;  no-address: a new key gets none;  other-key: another one than was sent
 *   quiet             what is removed is removed with 204 */
#include "tests/simulator/service.h"

#include <string.h>

#include "tests/simulator/book.h"
#include "tests/simulator/known.h"
#include "tests/simulator/ovpn.h"
#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

#define HOST        "www.ovpn.com"
#define STATUS_HOST "status.ovpn.com"
#define PLACES      "/datacenters/"
#define FIRST_ID    123450

static const char *key_of_exit;

static char *
dup_address4 (const BookDevice *device)
{
  return g_strdup_printf ("172.21.%u.%u", device->number / 256, device->number % 256);
}

static char *
dup_address6 (const BookDevice *device)
{
  return g_strdup_printf ("fd00:0000:1337:cafe:1111:1111:%04x:%04x", device->number >> 16, device->number & 0xffff);
}

static char *
dup_addresses (const BookDevice *device)
{
  g_autofree char *v4 = dup_address4 (device), *v6 = dup_address6 (device);

  return g_strdup_printf ("%s/32,%s/128", v4, v6);
}

static void
open_service (const char *exit_key)
{
  key_of_exit = exit_key;
  book_open (dup_addresses);
  for (guint8 i = 0; i < KNOWN_OVPN_KEYS; i++)
    book_add_stranger (KNOWN_OVPN_FULL, i);
}

static void
refuse (SoupServerMessage *message, guint status, const char *code)
{
  reply_json (message, status, json_pack ("{s:{s:s}}", "error", "message", code));
}

/* As Laravel reports what is wrong with a form. */
static void
refuse_field (SoupServerMessage *message, const char *field, const char *text)
{
  reply_json (message, 422, json_pack ("{s:s,s:{s:[s]}}", "message", "The given data was invalid.", "errors", field, text));
}

/* Whose user and password are in the form, if keys may be changed now; otherwise the refusal is already written. */
static const char *
get_user (SoupServerMessage *message, GHashTable *form)
{
  static const char *const users[] = { KNOWN_OVPN_USER, KNOWN_OVPN_FULL, KNOWN_OVPN_BUSY, KNOWN_OVPN_BANNED, NULL };
  const char *user = g_hash_table_lookup (form, "username"), *password = g_hash_table_lookup (form, "password");

  if (request_has_fault (message, "locked") || g_strcmp0 (user, KNOWN_OVPN_BUSY) == 0)
    refuse (message, 423, "Locked");
  else if (user == NULL || password == NULL)
    refuse_field (message, user == NULL ? "username" : "password", "The field is required.");
  else if (g_str_equal (user, KNOWN_OVPN_BANNED))
    refuse (message, 403, "Forbidden");
  else if (!g_strv_contains (users, user) || !g_str_equal (password, KNOWN_OVPN_PASSWORD)
           || request_has_fault (message, "session-expired"))
    refuse (message, 401, "Unauthenticated.");
  else
    return user;
  return NULL;
}

static void
reply_device (SoupServerMessage *message, const BookDevice *device)
{
  g_autofree char *v4 = dup_address4 (device), *v6 = dup_address6 (device), *id_text = NULL;
  guint id = FIRST_ID + device->number;
  json_t *data = json_pack ("{s:s,s:s}", "key", request_has_fault (message, "other-key") ? KNOWN_NOBODY_KEY : device->key, "ipv6",
                            v6);

  id_text = g_strdup_printf ("%u", id);
  json_object_set_new (data, "id", request_has_fault (message, "text-id") ? json_string (id_text) : json_integer (id));
  if (!request_has_fault (message, "no-address"))
    json_object_set_new (data, "ipv4", json_string (v4));
  reply_json (message, 201, json_pack ("{s:o}", "data", data));
}

static void
add_key (SoupServerMessage *message)
{
  g_autoptr (GHashTable) form = request_read_form (message);
  const char *user = get_user (message, form), *key = g_hash_table_lookup (form, "new_key");
  g_autoptr (GPtrArray) own = NULL;

  if (user == NULL)
    return;
  own = book_list_devices (user);
  if (!request_is_key (key))
    refuse_field (message, "new_key", "The new key is not a valid public key.");
  else if (book_find_key (key) != NULL)
    refuse_field (message, "new_key", "The new key has already been taken.");
  else if (own->len >= KNOWN_OVPN_KEYS)
    refuse_field (message, "new_key", "You cannot have more than 5 keys.");
  else
    reply_device (message, book_add_device (user, key));
}

static void
remove_key (SoupServerMessage *message)
{
  g_autoptr (GHashTable) form = request_read_form (message);
  const char *user = get_user (message, form);
  BookDevice *device = book_find_key (g_hash_table_lookup (form, "key"));

  if (user == NULL)
    return;
  if (device == NULL || !g_str_equal (device->owner, user))
    {
      refuse (message, 404, "Not found");
      return;
    }
  book_remove_device (device);
  if (request_has_fault (message, "quiet"))
    reply_nothing (message, 204);
  else
    reply_json (message, 200, json_pack ("{s:b}", "success", 1));
}

/* Whoever comes from an exit is connected. */
static void
handle_who (SoupServerMessage *message)
{
  static const char *const exits[] = { KNOWN_EXIT, KNOWN_EXIT6, KNOWN_OVPN_EXIT, KNOWN_OVPN_EXIT6, NULL };
  g_autofree char *peer = request_dup_peer (message);
  const char *flag = request_has_fault (message, "old-flag") ? "status" : "success";
  gboolean failure = request_has_fault (message, "failure");
  gboolean connected = !failure && !request_has_fault (message, "not-connected")
                       && (g_strv_contains (exits, peer) || request_has_fault (message, "connected"));

  if (connected)
    reply_json (message, 200, json_pack ("{s:b,s:s,s:s}", flag, 1, "ip", peer, "ptr", "cli-sthlm-10.ovpn.com"));
  else
    reply_json (message, failure ? 200 : 404, json_pack ("{s:b,s:{s:o}}", flag, 0, "error", "message",
                                                         json_sprintf ("%s is not an OVPN address", peer)));
}

/* Returns whether that was a question. */
static gboolean
handle_health (SoupServerMessage *message)
{
  g_auto (GStrv) parts = g_strsplit (request_get_path (message), "/", -1);    /* "", "datacenters", slug, "servers" */

  return g_strv_length (parts) == 4 && g_str_equal (parts[3], "servers") && ovpn_places_handle_health (message, parts[2]);
}

static void
handle (SoupServerMessage *message)
{
  gboolean get = request_has_method (message, "GET");

  if (get && g_str_has_prefix (request_get_path (message), PLACES) && request_is_for (message, STATUS_HOST)
      && handle_health (message))
    return;
  if (!request_is_for (message, HOST))
    refuse (message, 404, "Not found");
  else if (request_is (message, "GET", "/v2/api/client/entry"))
    ovpn_places_handle (message, key_of_exit);
  else if (request_is (message, "GET", "/v2/api/client/ptr"))
    handle_who (message);
  else if (request_is (message, "POST", "/v4/api/keys"))
    add_key (message);
  else if (request_is (message, "DELETE", "/v4/api/keys"))
    remove_key (message);
  else
    refuse (message, 404, "Not found");
}

const Service service_ovpn = { "ovpn", open_service, handle, refuse, g_strdup };
