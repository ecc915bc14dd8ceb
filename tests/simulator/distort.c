/* SPDX-License-Identifier: GPL-2.0-or-later */
/* distort.c: lists too long or with holes, ports that are none, keys of the wrong length, names that are meant to hurt. */
#include "tests/simulator/distort.h"

#include <string.h>

#include "tests/simulator/fault.h"
#include "tests/simulator/known.h"
#include "tests/simulator/request.h"

#define MANY 20000

enum { NEGATIVE_PORT, BIG_PORT, ZERO_PORT, SHORT_KEY, LONG_KEY, TEXT_KEY, NEW_KEYS, HOSTILE_NAMES, N_SWITCHES };

static const char *const switches[N_SWITCHES] = {
  "negative-port", "big-port", "zero-port", "short-key", "long-key", "text-key", "new-keys", "hostile-names",
};
static const char *const key_names[] = { "public_key", "public_key_ipv4", "pubkey", "key", NULL };
/* What is shown to people or becomes a word in somebody's file. */
static const char *const shown_names[] = { "hostname", "dns_name", "gateway", "slug", "ptr", "name", "city", "country",
                                           "country_name", "provider", "isp", "device_name", "current_plan", "pools", NULL };
/* What is one thing's own in a list of things. */
static const char *const own_names[] = { "hostname", "dns_name", "gateway", "slug", "ptr", "city", NULL };

static gboolean
is_in (const char *name, const char *const *names)
{
  return name != NULL && g_strv_contains (names, name);
}

static json_t *
make_hostile (void)
{
  static const char *const samples[] = {
    "../../etc/passwd", "two\nlines", "a\nremote 203.0.113.66 1194", "\033[2J\033[31mred", "\342\200\256txet esrever",
    "<b>bold</b>&amp;<a href=\"https://elsewhere.example\">", "%s%n%100000d", "", " ",
    "$(touch /tmp/x)`id`", "a,b;c\"d'e\\f", "-h",
  };
  static guint next;
  guint i = next++ % (G_N_ELEMENTS (samples) + 2);
  g_autofree char *endless = NULL;

  if (i < G_N_ELEMENTS (samples))
    return json_string (samples[i]);
  if (i == G_N_ELEMENTS (samples))
    return json_stringn ("nul\0inside", strlen ("nul") + 1 + strlen ("inside"));
  endless = g_strnfill (100000, 'W');
  return json_string (endless);
}

static json_t *
make_key (const gboolean *on)
{
  static const guchar bytes[33] = "All of it is needed, and no more";
  g_autofree char *key = NULL;

  if (on[NEW_KEYS])
    return json_string (KNOWN_NOBODY_KEY);
  if (on[TEXT_KEY])
    return json_string ("AAAAAAAAAAAAAAAAAAAAAAAA\nPostUp = touch x\n#=");    /* as long as a key */
  key = g_base64_encode (bytes, on[SHORT_KEY] ? 31 : 33);
  return json_string (key);
}

/* What stands in @value's place, or NULL if it stays.  @name is of the nearest member that has one. */
static json_t *
find_wrong (const char *name, json_t *value, const gboolean *on)
{
  if (json_is_integer (value) && name != NULL && strstr (name, "port") != NULL)
    return on[NEGATIVE_PORT] ? json_integer (-1) : on[BIG_PORT] ? json_integer (65536 + 443) : on[ZERO_PORT] ? json_integer (0)
           : NULL;
  if (json_is_string (value) && is_in (name, key_names) && (on[SHORT_KEY] || on[LONG_KEY] || on[TEXT_KEY] || on[NEW_KEYS]))
    return make_key (on);
  return json_is_string (value) && on[HOSTILE_NAMES] && is_in (name, shown_names) ? make_hostile () : NULL;
}

static void
walk (const char *name, json_t *value, const gboolean *on)
{
  const char *key;
  json_t *member, *wrong;
  void *next;
  size_t i;

  json_object_foreach_safe (value, next, key, member)
  {
    gboolean range = g_str_equal (key, "min") || g_str_equal (key, "max");    /* of ports, everywhere */

    wrong = find_wrong (range ? "port" : key, member, on);
    if (wrong != NULL)
      json_object_set_new (value, key, wrong);
    else
      walk (key, member, on);
  }
  json_array_foreach (value, i, member)
  {
    wrong = find_wrong (name, member, on);
    if (wrong != NULL)
      json_array_set_new (value, i, wrong);
    else
      walk (name, member, on);
  }
}

/**
 * distort_body:
 * @message: the request
 * @body: what is going to be sent
 */
void
distort_body (SoupServerMessage *message, json_t *body)
{
  gboolean on[N_SWITCHES], any = FALSE;

  for (guint i = 0; i < N_SWITCHES; i++)
    any |= on[i] = request_has_fault (message, switches[i]);
  if (any)
    walk (NULL, body, on);
}

static void
make_unlike (json_t *value, guint number)
{
  const char *key;
  json_t *member;
  void *next;
  size_t i;

  json_object_foreach_safe (value, next, key, member)
  {
    if (json_is_string (member) && is_in (key, own_names))
      json_object_set_new (value, key, json_sprintf ("n%u-%s", number, json_string_value (member)));
    else
      make_unlike (member, number);
  }
  json_array_foreach (value, i, member)
    make_unlike (member, number);
}

/**
 * distort_list:
 * @message: the request
 * @list: an array of objects that is going to be sent, such as one of relays
 *
 * "many [N]" fills it with copies of its first under other names; "partial" takes from every second all members but one.
 */
void
distort_list (SoupServerMessage *message, json_t *list)
{
  guint many = MANY;

  if (fault_is_on ("many", request_get_path (message), &many))
    for (guint i = (guint) json_array_size (list); i < many; i++)
      {
        json_t *copy = json_deep_copy (json_array_get (list, 0));

        make_unlike (copy, i);
        json_array_append_new (list, copy);
      }
  if (request_has_fault (message, "partial"))
    for (size_t i = 1; i < json_array_size (list); i += 2)
      {
        json_t *entry = json_array_get (list, i);
        void *first = json_object_iter (entry);
        json_t *left = json_object ();

        json_object_set (left, json_object_iter_key (first), json_object_iter_value (first));
        json_array_set_new (list, i, left);
      }
}
