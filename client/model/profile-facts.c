/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile-facts.c: draws from a profile what may be told of it without its secrets, and checks such facts of others. */
#include "client/model/profile-facts.h"

#include <string.h>

#include "client/base/field.h"
#include "client/model/openvpn-words.h"

static const char *const kinds[ADIT_N_PROFILE_KINDS] = {
  [ADIT_PROFILE_WIREGUARD] = "wireguard", [ADIT_PROFILE_OPENVPN] = "openvpn",
};

/**
 * adit_profile_kind_get_name:
 * @kind: a kind
 *
 * Returns: (transfer none) (nullable): its word in files and for programs; never renamed
 */
const char *
adit_profile_kind_get_name (AditProfileKind kind)
{
  return kind < ADIT_N_PROFILE_KINDS ? kinds[kind] : NULL;
}

/**
 * adit_profile_kind_find:
 * @name: a word
 *
 * Returns: its kind, or %ADIT_PROFILE_NONE
 */
AditProfileKind
adit_profile_kind_find (const char *name)
{
  for (AditProfileKind kind = ADIT_PROFILE_NONE + 1; kind < ADIT_N_PROFILE_KINDS; kind++)
    if (strcmp (kinds[kind], name) == 0)
      return kind;
  return ADIT_PROFILE_NONE;
}

static gboolean
is_of_wireguard (const AditProfileFacts *self)
{
  return self->n_servers <= ADIT_WIREGUARD_MAX_PEERS && self->login == ADIT_PROFILE_LOGIN_NONE && !self->has_proxy &&
         !self->needs_passphrase && !self->is_random && self->challenge[0] == '\0';
}

static gboolean
is_of_openvpn (const AditProfileFacts *self)
{
  return self->n_servers <= ADIT_OPENVPN_MAX_REMOTES && self->is_whole;
}

/**
 * adit_profile_facts_is_valid:
 * @self: facts, perhaps from a stranger
 *
 * Returns: whether they can be those of a profile
 */
gboolean
adit_profile_facts_is_valid (const AditProfileFacts *self)
{
  if (!adit_field_is_terminated (self->name, sizeof self->name) || !adit_name_is_valid (self->name) ||
      !adit_field_is_terminated (self->challenge, sizeof self->challenge) ||
      (self->challenge[0] != '\0' && !adit_openvpn_text_is_plain (self->challenge, FALSE)))
    return FALSE;
  if (self->n_servers == 0 || self->n_dns > ADIT_TUNNEL_MAX_DNS || self->login >= ADIT_N_PROFILE_LOGINS ||
      self->proxy_login >= ADIT_N_PROFILE_LOGINS)
    return FALSE;
  if (self->has_proxy > 1 || self->needs_passphrase > 1 || self->needs_names > 1 || self->challenge_echo > 1 ||
      self->is_random > 1 || self->is_whole > 1)
    return FALSE;
  if ((!self->has_proxy && self->proxy_login != ADIT_PROFILE_LOGIN_NONE) ||
      (self->challenge[0] != '\0' && self->login == ADIT_PROFILE_LOGIN_NONE) ||
      (self->challenge[0] == '\0' && self->challenge_echo))
    return FALSE;
  return (self->kind == ADIT_PROFILE_WIREGUARD && is_of_wireguard (self)) ||
         (self->kind == ADIT_PROFILE_OPENVPN && is_of_openvpn (self));
}

/* @text without a kind's ending, of what a name may have in it, as much as fits. */
static void
set_name (AditProfileFacts *self, const char *text)
{
  static const char *const endings[] = { ".conf", ".ovpn" };
  gsize length = strlen (text), used = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (length > 5 && g_ascii_strcasecmp (text + length - 5, endings[i]) == 0)
      {
        length -= 5;
        break;
      }
  for (const char *p = text; p < text + length;)
    {
      gunichar letter = g_utf8_get_char_validated (p, (gssize) (text + length - p));
      char one[7] = { 0 };
      int n;

      if (letter == (gunichar) -1 || letter == (gunichar) -2)
        break;
      n = g_unichar_to_utf8 (letter, one);
      p += n;
      if (!adit_name_is_valid (one))
        continue;
      if (used + (gsize) n >= sizeof self->name)
        break;
      memcpy (self->name + used, one, (gsize) n);
      used += (gsize) n;
    }
  g_strstrip (self->name);
  /* Stripping moves text; what stood behind its end is no part of it. */
  used = strlen (self->name);
  memset (self->name + used, 0, sizeof self->name - used);
}

/**
 * adit_profile_facts_set_name:
 * @self: facts
 * @file_name: what a person's file is called, without folders; any bytes
 * @server: the first server
 *
 * Finds a name that people can read.
 */
void
adit_profile_facts_set_name (AditProfileFacts *self, const char *file_name, const AditHost *server)
{
  g_autofree char *host = adit_host_dup_text (server);

  memset (self->name, 0, sizeof self->name);
  set_name (self, file_name);
  if (!adit_name_is_valid (self->name))
    set_name (self, host);
}

static guint8
get_login (gboolean needed, AditSecret *username, AditSecret *password)
{
  if (!needed)
    return ADIT_PROFILE_LOGIN_NONE;
  if (username == NULL)
    return ADIT_PROFILE_LOGIN_ASK_BOTH;
  return password == NULL ? ADIT_PROFILE_LOGIN_ASK_PASSWORD : ADIT_PROFILE_LOGIN_KEPT;
}

/**
 * adit_profile_facts_of_openvpn:
 * @self: (out caller-allocates): the facts
 * @profile: a valid profile
 * @file_name: what its file is called
 *
 * Says what may be told of it.
 */
void
adit_profile_facts_of_openvpn (AditProfileFacts *self, const AditOpenvpnProfile *profile, const char *file_name)
{
  memset (self, 0, sizeof *self);
  self->kind = ADIT_PROFILE_OPENVPN;
  self->n_servers = profile->n_remotes;
  self->n_dns = profile->n_dns;
  self->login = get_login (profile->credentials_needed, profile->username, profile->password);
  self->has_proxy = profile->proxy != ADIT_OPENVPN_NO_PROXY;
  self->proxy_login = get_login (profile->proxy_credentials_needed, profile->proxy_username, profile->proxy_password);
  self->needs_passphrase = profile->passphrase_needed ? 1 : 0;
  self->is_random = profile->remote_random ? 1 : 0;
  self->is_whole = 1;
  /* Without a password openvpn asks nobody. */
  if (profile->credentials_needed && profile->challenge[0] != '\0')
    {
      memcpy (self->challenge, profile->challenge, strlen (profile->challenge));
      self->challenge_echo = profile->challenge_echo ? 1 : 0;
    }
  for (guint i = 0; i < profile->n_remotes; i++)
    self->needs_names |= profile->remotes[i].host.name[0] != '\0';
  self->needs_names |= self->has_proxy && profile->proxy_host.name[0] != '\0';
  adit_profile_facts_set_name (self, file_name, &profile->remotes[0].host);
}

/**
 * adit_profile_facts_of_wireguard:
 * @self: (out caller-allocates): the facts
 * @profile: a valid profile
 * @file_name: what its file is called
 *
 * Says what may be told of it.
 */
void
adit_profile_facts_of_wireguard (AditProfileFacts *self, const AditWireguardProfile *profile, const char *file_name)
{
  memset (self, 0, sizeof *self);
  self->kind = ADIT_PROFILE_WIREGUARD;
  self->n_servers = profile->n_peers;
  self->n_dns = profile->n_dns;
  self->is_whole = adit_wireguard_profile_is_whole (profile) ? 1 : 0;
  for (guint i = 0; i < profile->n_peers; i++)
    self->needs_names |= profile->peers[i].endpoint.name[0] != '\0';
  adit_profile_facts_set_name (self, file_name, &profile->peers[0].endpoint);
}
