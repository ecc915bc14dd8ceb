/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.c: each setting from texts to a value and back, strictly; a value that could open more than its name says is refused
 * with a sentence. */
#include "client/model/settings.h"

#include <string.h>

#include "client/base/error.h"
#include "client/model/setting-text.h"

typedef struct
{
  const char *name;
  char     **(*dup) (const AditReachSettings *settings);
  gboolean   (*set) (AditReachSettings *settings, const char *const *texts, GError **error);
} Setting;

/* --- LAN ------------------------------------------------------------------------------------------------------------------- */

static char **
dup_lan (const AditReachSettings *settings)
{
  char **texts;

  if (settings->lan != ADIT_LAN_LIST)
    return adit_setting_dup_word (settings->lan == ADIT_LAN_SUBNET ? "subnet" : "off");
  texts = g_new0 (char *, settings->n_ranges + 1);
  for (guint i = 0; i < settings->n_ranges; i++)
    texts[i] = adit_prefix_dup_text (&settings->ranges[i]);
  return texts;
}

static gboolean
set_lan (AditReachSettings *settings, const char *const *texts, GError **error)
{
  guint n = 0;

  if (adit_setting_is_word (texts, "off") || adit_setting_is_word (texts, "subnet"))
    {
      settings->lan = g_str_equal (texts[0], "subnet") ? ADIT_LAN_SUBNET : ADIT_LAN_OFF;
      settings->n_ranges = 0;
      return TRUE;
    }
  for (; texts[n] != NULL; n++)
    {
      AditPrefix range;

      if (n == ADIT_REACH_MAX_RANGES)
        return adit_setting_refuse (error, texts[n], "is one range too many");
      if (!adit_prefix_parse (texts[n], &range))
        return adit_setting_refuse (error, texts[n], "is neither \"off\", nor \"subnet\", nor a range such as 192.168.1.0/24");
      if (!adit_prefix_is_local (&range))
        return adit_setting_refuse (error, texts[n], "is not a local network: only 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "
                                    "169.254.0.0/16, fc00::/7, fe80::/10 and parts of them are");
      settings->ranges[n] = adit_prefix_mask (&range);
    }
  if (n == 0)
    return adit_setting_refuse (error, "", "names no range; \"off\" lets nothing of the local network through");
  settings->lan = ADIT_LAN_LIST;
  settings->n_ranges = n;
  return TRUE;
}

/* --- Multicast ------------------------------------------------------------------------------------------------------------- */

static char **
dup_multicast (const AditReachSettings *settings)
{
  return adit_setting_dup_word (settings->multicast ? "on" : "off");
}

static gboolean
set_multicast (AditReachSettings *settings, const char *const *texts, GError **error)
{
  if (!adit_setting_is_word (texts, "on") && !adit_setting_is_word (texts, "off"))
    return adit_setting_refuse (error, texts[0] != NULL ? texts[0] : "", "is neither \"on\" nor \"off\"");
  settings->multicast = g_str_equal (texts[0], "on");
  return TRUE;
}

/* --- Guests ---------------------------------------------------------------------------------------------------------------- */

static char **
dup_guests (const AditReachSettings *settings)
{
  char **texts = g_new0 (char *, settings->n_guests + 1);

  for (guint i = 0; i < settings->n_guests; i++)
    texts[i] = g_strdup (settings->guests[i]);
  return texts;
}

static gboolean
set_guests (AditReachSettings *settings, const char *const *texts, GError **error)
{
  guint n = 0;

  if (adit_setting_is_word (texts, "none"))
    texts++;
  for (; texts[n] != NULL; n++)
    {
      if (n == ADIT_REACH_MAX_GUESTS)
        return adit_setting_refuse (error, texts[n], "is one name too many");
      if (!adit_reach_link_is_valid (texts[n]) || g_str_equal (texts[n], "lo"))
        return adit_setting_refuse (error, texts[n], "is not the name of a virtual network device, such as virbr0");
      g_strlcpy (settings->guests[n], texts[n], sizeof settings->guests[n]);
    }
  settings->n_guests = n;
  return TRUE;
}

/* --- Resolvers ------------------------------------------------------------------------------------------------------------- */

static char **
dup_dns (const AditReachSettings *settings)
{
  char **texts;

  if (settings->n_dns == 0)
    return adit_setting_dup_word ("service");
  texts = g_new0 (char *, settings->n_dns + 1);
  for (guint i = 0; i < settings->n_dns; i++)
    texts[i] = adit_address_dup_text (&settings->dns[i]);
  return texts;
}

static gboolean
set_dns (AditReachSettings *settings, const char *const *texts, GError **error)
{
  guint n = 0;

  if (adit_setting_is_word (texts, "service"))
    {
      settings->n_dns = 0;
      return TRUE;
    }
  for (; texts[n] != NULL; n++)
    {
      if (n == ADIT_TUNNEL_MAX_DNS)
        return adit_setting_refuse (error, texts[n], "is one resolver too many");
      if (!adit_address_parse (texts[n], &settings->dns[n]) || !adit_reach_resolver_is_valid (&settings->dns[n]))
        return adit_setting_refuse (error, texts[n], "is neither \"service\" nor the address of another computer");
    }
  if (n == 0)
    return adit_setting_refuse (error, "", "names no resolver; \"service\" means those of the service");
  settings->n_dns = n;
  return TRUE;
}

/* --- Keys ------------------------------------------------------------------------------------------------------------------ */

/**
 * adit_settings_dup_key_days:
 * @days: how long a key is used; 0: as the service has it
 *
 * Returns: (transfer full) (array zero-terminated=1): that in the form that is read again
 */
char **
adit_settings_dup_key_days (guint days)
{
  g_autofree char *text = g_strdup_printf ("%u", days);

  return adit_setting_dup_word (days == 0 ? "service" : text);
}

/**
 * adit_settings_set_key_days:
 * @days: (out): how long a key is used; untouched on failure
 * @texts: (array zero-terminated=1): "service", or a number of days
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT with a sentence for whoever typed it
 *
 * Returns: whether it is set
 */
gboolean
adit_settings_set_key_days (guint *days, const char *const *texts, GError **error)
{
  guint64 number = 0;

  if (adit_setting_is_word (texts, "service"))
    {
      *days = 0;
      return TRUE;
    }
  if (texts[0] == NULL || texts[1] != NULL ||
      !g_ascii_string_to_unsigned (texts[0], 10, 1, ADIT_KEY_MAX_DAYS, &number, NULL))
    return adit_setting_refuse (error, texts[0] != NULL ? texts[0] : "",
                                "is neither \"service\" nor a number of days from 1 to 30, after which a key is changed");
  *days = (guint) number;
  return TRUE;
}

/* --- All of them ----------------------------------------------------------------------------------------------------------- */

static const Setting table[] = {
  { "lan", dup_lan, set_lan },
  { "multicast", dup_multicast, set_multicast },
  { "guests", dup_guests, set_guests },
  { "dns", dup_dns, set_dns },
};

static const Setting *
find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].name, name))
      return &table[i];
  return NULL;
}

/**
 * adit_settings_get_names:
 *
 * Returns: (transfer none) (array zero-terminated=1): the names of the settings
 */
const char *const *
adit_settings_get_names (void)
{
  static const char *names[G_N_ELEMENTS (table) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    names[i] = table[i].name;
  return names;
}

/**
 * adit_settings_dup_texts:
 * @settings: what is set
 * @name: one of the names
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): its value in the form that is read again; %NULL for another name
 */
char **
adit_settings_dup_texts (const AditReachSettings *settings, const char *name)
{
  const Setting *setting = find (name);

  return setting != NULL ? setting->dup (settings) : NULL;
}

/**
 * adit_settings_set_texts:
 * @settings: what is set; untouched on failure
 * @name: one of the names
 * @texts: (array zero-terminated=1): the new value
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT with a sentence for whoever typed it
 *
 * Returns: whether it is set
 */
gboolean
adit_settings_set_texts (AditReachSettings *settings, const char *name, const char *const *texts, GError **error)
{
  const Setting *setting = find (name);
  AditReachSettings changed = *settings;

  if (setting == NULL)
    return adit_setting_refuse (error, name, "is not the name of a setting");
  if (!setting->set (&changed, texts, error))
    return FALSE;
  *settings = changed;
  return TRUE;
}

/**
 * adit_wish_equal:
 * @a: a wish
 * @b: another
 *
 * Returns: whether they want the same: what is said of servers counts as much as the place
 */
gboolean
adit_wish_equal (const AditWish *a, const AditWish *b)
{
  return a->connected == b->connected && g_str_equal (a->account, b->account) && adit_place_equal (&a->place, &b->place) &&
         a->has_entry == b->has_entry && adit_place_equal (&a->entry, &b->entry) && a->protocol == b->protocol &&
         a->from_favourites == b->from_favourites && a->has_servers == b->has_servers &&
         memcmp (&a->servers, &b->servers, sizeof a->servers) == 0;
}
