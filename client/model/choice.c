/* SPDX-License-Identifier: GPL-2.0-or-later */
/* choice.c: each setting of a choice from texts to a value and back, as settings.c does it for what is beside the tunnel.
 *
 * What belongs to a service is written with it: "mullvad/ads" is left out, "ivpn/se/stockholm" is a favourite. */
#include "client/model/choice.h"

#include <string.h>
#include "client/base/error.h"
#include "client/model/setting-text.h"

typedef struct
{
  const char *name;
  char     **(*dup) (const AditChoice *self);
  gboolean   (*set) (AditChoice *self, const char *const *texts, GError **error);
} Setting;

static int
find_word (const char *const *words, guint n_words, const char *const *texts)
{
  for (guint i = 0; i < n_words; i++)
    if (adit_setting_is_word (texts, words[i]))
      return (int) i;
  return -1;
}

static const char *
get_first (const char *const *texts)
{
  return texts[0] != NULL ? texts[0] : "";
}

/* --- Servers --------------------------------------------------------------------------------------------------------------- */

static const char *const picks[ADIT_N_PICKS] = { "service", "nearest", "random" };
static const char *const ownerships[ADIT_N_OWNERSHIPS] = { "any", "owned", "rented" };

static char **
dup_pick (const AditChoice *self)
{
  return adit_setting_dup_word (picks[self->servers.pick]);
}

static gboolean
set_pick (AditChoice *self, const char *const *texts, GError **error)
{
  int pick = find_word (picks, ADIT_N_PICKS, texts);

  if (pick < 0)
    return adit_setting_refuse (error, get_first (texts), "is neither \"service\", nor \"nearest\", nor \"random\"");
  self->servers.pick = (AditPick) pick;
  return TRUE;
}

static char **
dup_ownership (const AditChoice *self)
{
  return adit_setting_dup_word (ownerships[self->servers.filter.ownership]);
}

static gboolean
set_ownership (AditChoice *self, const char *const *texts, GError **error)
{
  int ownership = find_word (ownerships, ADIT_N_OWNERSHIPS, texts);

  if (ownership < 0)
    return adit_setting_refuse (error, get_first (texts), "is neither \"any\", nor \"owned\", nor \"rented\"");
  self->servers.filter.ownership = (guint8) ownership;
  return TRUE;
}

static char **
dup_hosting (const AditChoice *self)
{
  const AditServerFilter *filter = &self->servers.filter;
  char **texts;

  if (filter->n_hosting == 0)
    return adit_setting_dup_word ("any");
  texts = g_new0 (char *, filter->n_hosting + 1);
  for (guint i = 0; i < filter->n_hosting; i++)
    texts[i] = g_strdup (filter->hosting[i]);
  return texts;
}

static gboolean
set_hosting (AditChoice *self, const char *const *texts, GError **error)
{
  AditServerFilter *filter = &self->servers.filter;
  guint n = 0;

  memset (filter->hosting, 0, sizeof filter->hosting);
  filter->n_hosting = 0;
  if (adit_setting_is_word (texts, "any"))
    return TRUE;
  for (; texts[n] != NULL; n++)
    {
      if (n == ADIT_FILTER_MAX_HOSTING)
        return adit_setting_refuse (error, texts[n], "is one company too many");
      if (!adit_name_is_valid (texts[n]))
        return adit_setting_refuse (error, texts[n], "cannot be a company's name");
      g_strlcpy (filter->hosting[n], texts[n], ADIT_NAME_MAX_BYTES);    /* it fits: that is part of being a name */
    }
  if (n == 0)
    return adit_setting_refuse (error, "", "names no company; \"any\" lets all through");
  filter->n_hosting = n;
  return TRUE;
}

static char **
dup_with_ipv6 (const AditChoice *self)
{
  return adit_setting_dup_word (self->servers.filter.only_with_ipv6 ? "on" : "off");
}

static gboolean
set_with_ipv6 (AditChoice *self, const char *const *texts, GError **error)
{
  if (!adit_setting_is_word (texts, "on") && !adit_setting_is_word (texts, "off"))
    return adit_setting_refuse (error, get_first (texts), "is neither \"on\" nor \"off\"");
  self->servers.filter.only_with_ipv6 = g_str_equal (texts[0], "on") ? 1 : 0;
  return TRUE;
}

static char **
dup_port (const AditChoice *self)
{
  g_autofree char *text = g_strdup_printf ("%u", self->servers.filter.port);

  return adit_setting_dup_word (self->servers.filter.port != 0 ? text : "any");
}

static gboolean
set_port (AditChoice *self, const char *const *texts, GError **error)
{
  guint64 port = 0;

  if (!adit_setting_is_word (texts, "any") &&
      (texts[0] == NULL || texts[1] != NULL ||
       !g_ascii_string_to_unsigned (texts[0], 10, 1, G_MAXUINT16, &port, NULL)))
    return adit_setting_refuse (error, get_first (texts), "is neither \"any\" nor a port from 1 to 65535");
  self->servers.filter.port = (guint16) port;
  return TRUE;
}

static const char *const versions[ADIT_N_IPS] = { "any", "ipv4", "ipv6" };

static char **
dup_outside (const AditChoice *self)
{
  return adit_setting_dup_word (versions[self->servers.filter.outside]);
}

static gboolean
set_outside (AditChoice *self, const char *const *texts, GError **error)
{
  int version = find_word (versions, ADIT_N_IPS, texts);

  if (version < 0)
    return adit_setting_refuse (error, get_first (texts), "is neither \"any\", nor \"ipv4\", nor \"ipv6\"");
  self->servers.filter.outside = (guint8) version;
  return TRUE;
}

static char **
dup_inside (const AditChoice *self)
{
  return adit_setting_dup_word (versions[self->servers.filter.inside]);
}

/* No service has tunnels without IPv4. */
static gboolean
set_inside (AditChoice *self, const char *const *texts, GError **error)
{
  int version = find_word (versions, ADIT_IP_IPV6, texts);

  if (version < 0)
    return adit_setting_refuse (error, get_first (texts), "is neither \"any\" nor \"ipv4\"");
  self->servers.filter.inside = (guint8) version;
  return TRUE;
}

static char **
dup_mtu (const AditChoice *self)
{
  g_autofree char *text = g_strdup_printf ("%u", self->servers.filter.mtu_bytes);

  return adit_setting_dup_word (self->servers.filter.mtu_bytes != 0 ? text : "auto");
}

static gboolean
set_mtu (AditChoice *self, const char *const *texts, GError **error)
{
  guint64 bytes = 0;

  if (!adit_setting_is_word (texts, "auto") &&
      (texts[0] == NULL || texts[1] != NULL ||
       !g_ascii_string_to_unsigned (texts[0], 10, ADIT_TUNNEL_MTU_MIN_BYTES, ADIT_TUNNEL_MTU_MAX_BYTES, &bytes, NULL)))
    return adit_setting_refuse (error, get_first (texts), "is neither \"auto\" nor a number of bytes from 1280 to 9000");
  self->servers.filter.mtu_bytes = (guint16) bytes;
  return TRUE;
}

static char **
dup_near (const AditChoice *self)
{
  g_autofree char *text = adit_position_dup_text (&self->near);

  return adit_setting_dup_word (self->has_near ? text : "time-zone");
}

static gboolean
set_near (AditChoice *self, const char *const *texts, GError **error)
{
  self->has_near = !adit_setting_is_word (texts, "time-zone");
  self->near = (AditPosition) { 0 };
  if (self->has_near && (texts[0] == NULL || texts[1] != NULL || !adit_position_parse (texts[0], &self->near)))
    return adit_setting_refuse (error, get_first (texts),
                                "is neither \"time-zone\" nor degrees north and east, such as 59.33,18.07");
  return TRUE;
}

/* --- What goes by service -------------------------------------------------------------------------------------------------- */

/* Returns: the part behind "SERVICE/", or %NULL where none of our services is before it. */
static const char *
split_service (const char *text, char service[ADIT_SERVICE_ID_MAX_BYTES])
{
  const char *slash = strchr (text, '/');

  if (slash == NULL || slash - text >= ADIT_SERVICE_ID_MAX_BYTES)
    return NULL;
  memset (service, 0, ADIT_SERVICE_ID_MAX_BYTES);
  memcpy (service, text, (gsize) (slash - text));
  return adit_service_find (service) != NULL ? slash + 1 : NULL;
}

static char **
dup_block (const AditChoice *self)
{
  char **texts = g_new0 (char *, self->n_blocks + 1);

  for (guint i = 0; i < self->n_blocks; i++)
    texts[i] = g_strconcat (self->blocks[i].service, "/", self->blocks[i].name, NULL);
  return texts;
}

static gboolean
set_block (AditChoice *self, const char *const *texts, GError **error)
{
  char names[ADIT_FILTER_MAX_BLOCKS][ADIT_CODE_MAX_BYTES];

  if (adit_setting_is_word (texts, "none"))
    texts++;
  memset (self->blocks, 0, sizeof self->blocks);
  self->n_blocks = 0;
  for (; *texts != NULL; texts++)
    {
      AditChosenBlock block;
      const char *name = split_service (*texts, block.service);

      if (self->n_blocks == ADIT_CHOICE_MAX_BLOCKS)
        return adit_setting_refuse (error, *texts, "is one thing too many");
      if (name == NULL || strlen (name) >= sizeof block.name || !adit_code_is_valid (name))
        return adit_setting_refuse (error, *texts,
                                    "is neither \"none\" nor a service and what it leaves out, such as mullvad/ads");
      if (adit_service_find (block.service)->makes_tunnels)
        return adit_setting_refuse (error, *texts, "cannot be had: this service has no resolver that leaves anything out");
      if (adit_choice_get_blocks (self, block.service, names) == ADIT_FILTER_MAX_BLOCKS)
        return adit_setting_refuse (error, *texts, "is one thing too many of this service");
      memset (block.name, 0, sizeof block.name);
      g_strlcpy (block.name, name, sizeof block.name);
      self->blocks[self->n_blocks++] = block;
    }
  return TRUE;
}

static char *
dup_favourite (const AditFavourite *favourite)
{
  const AditPlace *place = &favourite->place;

  /* A server that stands alone has no country: there is nothing between the slashes. */
  if (place->server[0] != '\0')
    return g_strjoin ("/", favourite->service, place->country, place->city, place->server, NULL);
  return g_strjoin ("/", favourite->service, place->country, place->city[0] != '\0' ? place->city : NULL, NULL);
}

static char **
dup_favourites (const AditChoice *self)
{
  char **texts = g_new0 (char *, self->n_favourites + 1);

  for (guint i = 0; i < self->n_favourites; i++)
    texts[i] = dup_favourite (&self->favourites[i]);
  return texts;
}

static gboolean
has_favourite (const AditChoice *self, const AditFavourite *favourite)
{
  for (guint i = 0; i < self->n_favourites; i++)
    if (g_str_equal (self->favourites[i].service, favourite->service) &&
        adit_place_equal (&self->favourites[i].place, &favourite->place))
      return TRUE;
  return FALSE;
}

static gboolean
set_favourites (AditChoice *self, const char *const *texts, GError **error)
{
  if (adit_setting_is_word (texts, "none"))
    texts++;
  memset (self->favourites, 0, sizeof self->favourites);
  self->n_favourites = 0;
  for (; *texts != NULL; texts++)
    {
      AditFavourite favourite;
      const char *rest = split_service (*texts, favourite.service);
      g_auto (GStrv) parts = g_strsplit (rest != NULL ? rest : "", "/", 4);
      guint n_parts = g_strv_length (parts);

      if (rest == NULL || n_parts < 1 || n_parts > 3 ||
          !adit_place_set (&favourite.place, parts[0], n_parts > 1 ? parts[1] : NULL, n_parts > 2 ? parts[2] : NULL) ||
          adit_place_is_any (&favourite.place))
        return adit_setting_refuse (error, *texts, "is neither \"none\" nor a service and a place, such as mullvad/se/got");
      if (has_favourite (self, &favourite))
        continue;
      if (self->n_favourites == ADIT_CHOICE_MAX_FAVOURITES)
        return adit_setting_refuse (error, *texts, "is one favourite too many");
      self->favourites[self->n_favourites++] = favourite;
    }
  return TRUE;
}

/* --- All of them ----------------------------------------------------------------------------------------------------------- */

/* Those that a wish may have of its own first. */
static const Setting table[] = {
  { "pick", dup_pick, set_pick },
  { "ownership", dup_ownership, set_ownership },
  { "hosting", dup_hosting, set_hosting },
  { "with-ipv6", dup_with_ipv6, set_with_ipv6 },
  { "port", dup_port, set_port },
  { "ip-outside", dup_outside, set_outside },
  { "ip-inside", dup_inside, set_inside },
  { "mtu", dup_mtu, set_mtu },
  { "near", dup_near, set_near },
  { "block", dup_block, set_block },
  { "favourites", dup_favourites, set_favourites },
};

#define N_SERVER_NAMES 8

static const Setting *
find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].name, name))
      return &table[i];
  return NULL;
}

/**
 * adit_choice_get_names:
 *
 * Returns: (transfer none) (array zero-terminated=1): the names of the settings, those of AditServerWish first
 */
const char *const *
adit_choice_get_names (void)
{
  static const char *names[G_N_ELEMENTS (table) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    names[i] = table[i].name;
  return names;
}

/**
 * adit_choice_get_n_server_names:
 *
 * Returns: how many of the names are of AditServerWish
 */
guint
adit_choice_get_n_server_names (void)
{
  return N_SERVER_NAMES;
}

/**
 * adit_choice_dup_texts:
 * @self: what is set
 * @name: one of the names
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): its value in the form that is read again; %NULL for another name
 */
char **
adit_choice_dup_texts (const AditChoice *self, const char *name)
{
  const Setting *setting = find (name);

  return setting != NULL ? setting->dup (self) : NULL;
}

/**
 * adit_choice_set_texts:
 * @self: what is set; untouched on failure
 * @name: one of the names
 * @texts: (array zero-terminated=1): the new value
 * @error: return location; %ADIT_ERROR_INVALID_ARGUMENT with a sentence for whoever typed it
 *
 * Returns: whether it is set
 */
gboolean
adit_choice_set_texts (AditChoice *self, const char *name, const char *const *texts, GError **error)
{
  const Setting *setting = find (name);
  g_autofree AditChoice *changed = g_memdup2 (self, sizeof *self);

  if (setting == NULL)
    return adit_setting_refuse (error, name, "is not the name of a setting");
  if (!setting->set (changed, texts, error))
    return FALSE;
  *self = *changed;
  return TRUE;
}

/**
 * adit_choice_get_blocks:
 * @self: what is set
 * @service: a service's id
 * @blocks: (out caller-allocates): what its resolver is to leave out; what is behind those is zero
 *
 * Returns: how many
 */
guint
adit_choice_get_blocks (const AditChoice *self, const char *service, char blocks[ADIT_FILTER_MAX_BLOCKS][ADIT_CODE_MAX_BYTES])
{
  guint n = 0;

  memset (blocks, 0, ADIT_FILTER_MAX_BLOCKS * ADIT_CODE_MAX_BYTES);
  for (guint i = 0; i < self->n_blocks && n < ADIT_FILTER_MAX_BLOCKS; i++)
    if (g_str_equal (self->blocks[i].service, service))
      g_strlcpy (blocks[n++], self->blocks[i].name, ADIT_CODE_MAX_BYTES);
  return n;
}

/**
 * adit_choice_get_favourites:
 * @self: what is set
 * @service: a service's id
 * @places: (out caller-allocates) (array length=ADIT_CHOICE_MAX_FAVOURITES): those that are at it
 *
 * Returns: how many
 */
guint
adit_choice_get_favourites (const AditChoice *self, const char *service, AditPlace *places)
{
  guint n = 0;

  for (guint i = 0; i < self->n_favourites; i++)
    if (g_str_equal (self->favourites[i].service, service))
      places[n++] = self->favourites[i].place;
  return n;
}
