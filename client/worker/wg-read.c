/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wg-read.c: walks over the lines of a WireGuard file.  wg-quick runs as root what such a file says; here each line becomes a
 * value, a note, or a refusal. */
#include "config.h"
#include "client/worker/wg-read.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/worker/import-text.h"

#define LINE_MAX_BYTES   16384    /* 256 of the longest networks need 12 KiB */
#define KEY_BASE64_BYTES 44       /* of 32 bytes */
#define ENDPOINT    N_("An endpoint is a host and its port, as host:51820 or [2001:db8::1]:51820.")
#define TWICE       N_("The file says two things about this.")
#define NOT_ON_LIST N_("There is something in this list that does not belong there.")

enum { IN_INTERFACE = 1, IN_PEER = 2, MANY = 4 };

typedef struct _Reader Reader;
typedef struct
{
  const char      *name;
  guint            flags;
  void           (*take) (Reader *self, char *value);
  AditImportReason reason;      /* of those that are left out */
  const char      *sentence;
} Key;

struct _Reader
{
  AditWireguardProfile *profile;
  AditWireguardPeer    *peer;
  AditImportReport     *report;
  guint                 line, section, seen_in_section, peer_line, n_networks;
  const Key            *key;
  gboolean              had_interface;
};

static void
say (Reader *self, AditImportReason reason, gboolean fatal, const char *sentence)
{
  adit_import_report_add (self->report, self->line, self->key != NULL ? self->key->name : NULL, reason, fatal, sentence);
}

static void
refuse (Reader *self, const char *sentence)
{
  say (self, ADIT_IMPORT_MALFORMED, TRUE, sentence);
}

/* One spelling only: g_base64_decode() would step over what is no base64. */
static gboolean
parse_key (const char *text, guint8 *key)
{
  gsize length = 0;
  guchar *bytes;
  char *again;
  gboolean good;

  if (strlen (text) != KEY_BASE64_BYTES)
    return FALSE;
  bytes = g_base64_decode (text, &length);
  again = g_base64_encode (bytes, length);
  good = length == ADIT_WG_KEY_BYTES && strcmp (again, text) == 0;
  if (good)
    memcpy (key, bytes, ADIT_WG_KEY_BYTES);
  adit_wipe (bytes, length);
  adit_wipe (again, strlen (again));
  g_free (bytes);
  g_free (again);
  return good;
}

static gboolean
is_zero (const guint8 *key)
{
  for (guint i = 0; i < ADIT_WG_KEY_BYTES; i++)
    if (key[i] != 0)
      return FALSE;
  return TRUE;
}

static void
take_secret_key (Reader *self, AditSecret **secret, const char *value, gboolean may_be_zero)
{
  guint8 key[ADIT_WG_KEY_BYTES];

  /* A second section has been refused already, and is read all the same for what else is to be said. */
  g_clear_pointer (secret, adit_secret_unref);
  if (!parse_key (value, key) || (!may_be_zero && is_zero (key)))
    refuse (self, N_("A key is 44 letters of base64."));
  else if (!is_zero (key))
    *secret = adit_secret_new (key, sizeof key);
  adit_wipe (key, sizeof key);
}

static void
take_private_key (Reader *self, char *value)
{
  take_secret_key (self, &self->profile->private_key, value, FALSE);
}

/* Zeroes are how wg says that there is none. */
static void
take_preshared_key (Reader *self, char *value)
{
  take_secret_key (self, &self->peer->preshared_key, value, TRUE);
}

static void
take_public_key (Reader *self, char *value)
{
  if (!parse_key (value, self->peer->public_key) || is_zero (self->peer->public_key))
    refuse (self, N_("A key is 44 letters of base64."));
}

static gboolean
parse_number (const char *text, guint64 max, guint64 *value)
{
  return (text[0] != '0' || text[1] == '\0') && g_ascii_string_to_unsigned (text, 10, 0, max, value, NULL);
}

static gboolean
is_elsewhere (const AditAddress *address)
{
  AditHost host = { .address = *address };

  return adit_address_is_valid (address) && adit_host_is_elsewhere (&host);
}

/* Calls @take with each part of a list with commas. */
static void
take_list (Reader *self, char *value, void (*take) (Reader *self, const char *item))
{
  g_auto (GStrv) items = g_strsplit (value, ",", -1);

  for (gsize i = 0; items[i] != NULL; i++)
    take (self, g_strstrip (items[i]));
}

static void
add_address (Reader *self, const char *item)
{
  AditWireguardProfile *profile = self->profile;
  AditPrefix prefix;

  if (!adit_prefix_parse (item, &prefix) || !is_elsewhere (&prefix.address))
    {
      refuse (self, NOT_ON_LIST);
      return;
    }
  for (guint i = 0; i < profile->n_addresses; i++)
    if (profile->addresses[i].address.family == prefix.address.family)
      {
        say (self, ADIT_IMPORT_UNSUPPORTED, FALSE, N_("Adit takes one address of each family."));
        return;
      }
  profile->addresses[profile->n_addresses++] = prefix;
}

static void
take_address (Reader *self, char *value)
{
  take_list (self, value, add_address);
}

/* As with wg-quick, what is no address is a domain. */
static void
add_dns (Reader *self, const char *item)
{
  AditWireguardProfile *profile = self->profile;
  AditAddress address;

  if (adit_address_parse (item, &address))
    {
      if (!is_elsewhere (&address))
        refuse (self, N_("A resolver is an address of another computer."));
      else if (profile->n_dns == ADIT_TUNNEL_MAX_DNS)
        say (self, ADIT_IMPORT_UNSUPPORTED, FALSE, N_("Adit takes the first four resolvers of a file."));
      else
        profile->dns[profile->n_dns++] = address;
    }
  else if (!adit_host_name_is_valid (item))
    refuse (self, NOT_ON_LIST);
  else if (profile->n_search == ADIT_WIREGUARD_MAX_SEARCH)
    say (self, ADIT_IMPORT_UNSUPPORTED, FALSE, N_("Adit takes the first eight domains of a file."));
  else
    {
      if (profile->n_search == 0)
        say (self, ADIT_IMPORT_OWN, FALSE, N_("Adit appends no domain to a name that is asked for; write names out in full."));
      g_strlcpy (profile->search[profile->n_search++], item, ADIT_HOST_NAME_MAX_BYTES);
    }
}

static void
take_dns (Reader *self, char *value)
{
  take_list (self, value, add_dns);
}

static void
take_mtu (Reader *self, char *value)
{
  guint64 mtu;

  if (!parse_number (value, G_MAXUINT16, &mtu) || mtu < 68)    /* RFC 791, section 3.2 */
    refuse (self, N_("There is no number where one must be."));
  else if (mtu < ADIT_TUNNEL_MTU_MIN_BYTES || mtu > ADIT_TUNNEL_MTU_MAX_BYTES)
    {
      self->profile->mtu_bytes = mtu < ADIT_TUNNEL_MTU_MIN_BYTES ? ADIT_TUNNEL_MTU_MIN_BYTES : 0;
      say (self, ADIT_IMPORT_UNSUPPORTED, FALSE, N_("This packet size is out of bounds; the nearest or Adit's own is used."));
    }
  else
    self->profile->mtu_bytes = (guint16) mtu;
}

static void
add_allowed_ip (Reader *self, const char *item)
{
  AditWireguardPeer *peer = self->peer;
  AditPrefix prefix = { 0 };

  /* wg masks 0.0.0.1/0 to everything, which nobody means who writes an address. */
  if (adit_prefix_parse (item, &prefix))
    prefix = adit_prefix_mask (&prefix);
  if (!adit_prefix_is_valid (&prefix))
    {
      refuse (self, NOT_ON_LIST);
      return;
    }
  for (guint i = 0; i < peer->n_allowed_ips; i++)
    if (adit_prefix_equal (&peer->allowed_ips[i], &prefix))
      return;
  if (self->n_networks == ADIT_WIREGUARD_MAX_ALLOWED_IPS)
    say (self, ADIT_IMPORT_UNSUPPORTED, TRUE, N_("There are more networks in this file than Adit takes: 256."));
  else
    {
      peer->allowed_ips[peer->n_allowed_ips++] = prefix;
      self->n_networks++;
    }
}

static void
take_allowed_ips (Reader *self, char *value)
{
  take_list (self, value, add_allowed_ip);
}

/* HOST:PORT or [ADDRESS]:PORT */
static void
take_endpoint (Reader *self, char *value)
{
  char *colon = strrchr (value, ':'), *host = value;
  gboolean bracketed = value[0] == '[';
  AditHost endpoint;
  guint64 port;

  if (colon == NULL || colon == value || !parse_number (colon + 1, G_MAXUINT16, &port) || port == 0 ||
      (bracketed && colon[-1] != ']'))
    {
      refuse (self, ENDPOINT);
      return;
    }
  *(bracketed ? colon - 1 : colon) = '\0';
  host += bracketed;
  if (!adit_host_set (&endpoint, host, (guint16) port) || (endpoint.address.family == ADIT_FAMILY_IPV6) != bracketed)
    refuse (self, ENDPOINT);
  else if (!adit_host_is_elsewhere (&endpoint))
    say (self, ADIT_IMPORT_DANGEROUS, TRUE, N_("This is an address of this computer itself, or of nobody alone."));
  else
    self->peer->endpoint = endpoint;
}

static void
take_keepalive (Reader *self, char *value)
{
  guint64 seconds = 0;

  if (g_ascii_strcasecmp (value, "off") != 0 && !parse_number (value, G_MAXUINT16, &seconds))
    refuse (self, N_("There is no number where one must be."));
  self->peer->keepalive_s = (guint16) seconds;
}

static const Key keys[] = {
  { "PrivateKey", IN_INTERFACE, take_private_key },
  { "Address", IN_INTERFACE | MANY, take_address },
  { "DNS", IN_INTERFACE | MANY, take_dns },
  { "MTU", IN_INTERFACE, take_mtu },
  { "ListenPort", IN_INTERFACE, NULL, ADIT_IMPORT_OWN },
  { "FwMark", IN_INTERFACE, NULL, ADIT_IMPORT_OWN },
  { "Table", IN_INTERFACE, NULL, ADIT_IMPORT_OWN, N_("Everything goes into the tunnel.") },
  { "SaveConfig", IN_INTERFACE, NULL, ADIT_IMPORT_FILE, N_("Adit does not write to your files.") },
  { "PreUp", IN_INTERFACE | MANY, NULL, ADIT_IMPORT_HOOK },
  { "PostUp", IN_INTERFACE | MANY, NULL, ADIT_IMPORT_HOOK },
  { "PreDown", IN_INTERFACE | MANY, NULL, ADIT_IMPORT_HOOK },
  { "PostDown", IN_INTERFACE | MANY, NULL, ADIT_IMPORT_HOOK },
  { "PublicKey", IN_PEER, take_public_key },
  { "PresharedKey", IN_PEER, take_preshared_key },
  { "AllowedIPs", IN_PEER | MANY, take_allowed_ips },
  { "Endpoint", IN_PEER, take_endpoint },
  { "PersistentKeepalive", IN_PEER, take_keepalive },
};

/* WireGuard takes either for one peer, or gives the network to the later one, and nobody who reads the file sees that. */
static gboolean
is_like_another (Reader *self, const char **sentence)
{
  const AditWireguardProfile *profile = self->profile;

  for (guint i = 0; i + 1 < profile->n_peers; i++)
    {
      if (memcmp (profile->peers[i].public_key, self->peer->public_key, ADIT_WG_KEY_BYTES) == 0)
        *sentence = N_("An earlier peer has the same key.");
      else if (adit_wireguard_peer_shares_network (&profile->peers[i], self->peer))
        *sentence = N_("An earlier peer has one of these networks too; which of them is to have it?");
    }
  return *sentence != NULL;
}

/* Whoever sends no first packet cannot be reached: nobody outside opens a connection to this computer. */
static void
end_section (Reader *self)
{
  const char *sentence = NULL;
  guint line = self->line;

  self->key = NULL;
  if (self->peer == NULL)
    return;
  self->line = self->peer_line;
  if (self->peer->endpoint.port == 0)
    {
      say (self, ADIT_IMPORT_UNSUPPORTED, FALSE, N_("Without an endpoint this peer cannot be reached; it is left out."));
      g_clear_pointer (&self->peer->preshared_key, adit_secret_unref);
      self->n_networks -= self->peer->n_allowed_ips;
      memset (self->peer, 0, sizeof *self->peer);
      self->profile->n_peers--;
    }
  else if (self->peer->n_allowed_ips == 0)
    refuse (self, N_("This peer has no AllowedIPs."));
  else if (is_like_another (self, &sentence))
    refuse (self, sentence);
  self->peer = NULL;
  self->line = line;
}

static void
begin_section (Reader *self, const char *name)
{
  end_section (self);
  self->seen_in_section = 0;
  self->section = 0;
  if (g_ascii_strcasecmp (name, "[Interface]") == 0)
    {
      if (self->had_interface)
        refuse (self, N_("There are two of this section."));
      self->had_interface = TRUE;
      self->section = IN_INTERFACE;
    }
  else if (g_ascii_strcasecmp (name, "[Peer]") != 0)
    refuse (self, N_("A section is [Interface] or [Peer]."));
  else if (self->profile->n_peers == ADIT_WIREGUARD_MAX_PEERS)
    say (self, ADIT_IMPORT_UNSUPPORTED, TRUE, N_("There are more peers in this file than Adit takes: eight."));
  else
    {
      self->section = IN_PEER;
      self->peer = &self->profile->peers[self->profile->n_peers++];
      self->peer_line = self->line;
    }
}

/* A name as told to a person; what cannot be one may be half of a key. */
static void
refuse_unknown (Reader *self, const char *name)
{
  gboolean is_name = strlen (name) <= 20 && strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS) == strlen (name);

  adit_import_report_add (self->report, self->line, is_name ? name : NULL, ADIT_IMPORT_UNKNOWN, TRUE, NULL);
}

static void
take_pair (Reader *self, const char *name, char *value)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS (keys) && g_ascii_strcasecmp (keys[i].name, name) != 0)
    i++;
  if (i == G_N_ELEMENTS (keys))
    {
      refuse_unknown (self, name);
      return;
    }
  self->key = &keys[i];
  if ((self->key->flags & self->section) == 0)
    refuse (self, N_("This belongs into another section."));
  else if ((self->key->flags & MANY) == 0 && (self->seen_in_section & 1u << i) != 0)
    refuse (self, TWICE);
  else if (value[0] == '\0')
    refuse (self, N_("There is nothing behind this name."));
  else if (self->key->take == NULL)
    say (self, self->key->reason, FALSE, self->key->sentence);
  else
    self->key->take (self, value);
  self->seen_in_section |= 1u << i;
}

static void
take_line (Reader *self, char *line)
{
  char *comment = strchr (line, '#'), *equals;

  self->key = NULL;
  if (comment != NULL)
    *comment = '\0';
  g_strchomp (line);
  equals = strchr (line, '=');
  if (line[0] == '\0')
    return;
  if (line[0] == '[')
    begin_section (self, line);
  else if (equals == NULL)
    refuse (self, N_("A line is a name, an equals sign and a value."));
  else
    {
      *equals = '\0';
      take_pair (self, g_strchomp (line), g_strchug (equals + 1));
    }
}

static gboolean
reaches_resolver (const AditWireguardProfile *profile)
{
  for (guint i = 0; i < profile->n_dns; i++)
    for (guint j = 0; j < profile->n_peers; j++)
      for (guint k = 0; k < profile->peers[j].n_allowed_ips; k++)
        if (adit_prefix_holds (&profile->peers[j].allowed_ips[k], &profile->dns[i]))
          return TRUE;
  return FALSE;
}

/**
 * adit_wg_read:
 * @file: a WireGuard file
 * @report: what is said about it
 *
 * Names and sections are read in any case and comments anywhere in a line, as wg and wg-quick do.
 *
 * Returns: (transfer full) (nullable): the profile; %NULL if @report says why not
 */
AditWireguardProfile *
adit_wg_read (const AditImportFile *file, AditImportReport *report)
{
  g_autoptr (AditWireguardProfile) profile = adit_wireguard_profile_new ();
  g_autoptr (AditImportText) text = NULL;
  g_autoptr (GError) error = NULL;
  Reader self = { .profile = profile, .report = report };
  const char *sentence;

  text = adit_import_text_new (file, LINE_MAX_BYTES, &self.line, &sentence);
  if (text == NULL)
    {
      refuse (&self, sentence);
      return NULL;
    }
  for (guint i = 0; i < text->n_lines; i++)
    {
      self.line = text->lines[i].number;
      take_line (&self, text->lines[i].text);
    }
  end_section (&self);
  self.line = 0;
  if (!report->failed && !adit_wireguard_profile_is_valid (profile, &error))
    say (&self, ADIT_IMPORT_UNSUPPORTED, TRUE,
         N_("Something that a connection needs is missing in this file, or does not fit the rest."));
  else if (!report->failed && !adit_wireguard_profile_is_whole (profile))
    {
      say (&self, ADIT_IMPORT_OWN, FALSE, N_("Only the networks that the file names can be reached while connected."));
      if (profile->n_dns > 0 && !reaches_resolver (profile))
        say (&self, ADIT_IMPORT_OWN, FALSE, N_("Its resolvers are in none of them, so no names are found while connected."));
    }
  if (!report->failed && profile->n_dns == 0)
    say (&self, ADIT_IMPORT_OWN, FALSE, N_("It names nobody who answers names: set resolvers of your own before you connect."));
  return report->failed ? NULL : g_steal_pointer (&profile);
}
