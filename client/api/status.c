/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status.c: reads the helper's a{sv}; what is missing, of another type or from another version becomes "not told". */
#include "client/api/status.h"

#include "client/api/errors.h"

static char *
dup_word (GVariantDict *dict, const char *key)
{
  const char *word = "";

  g_variant_dict_lookup (dict, key, "&s", &word);
  return g_strdup (word);
}

static AditNotices
read_notices (GVariantDict *dict)
{
  g_autofree const char **words = NULL;
  AditNotices all = ADIT_NOTICE_NONE, one;

  g_variant_dict_lookup (dict, "notices", "^a&s", &words);
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    if (adit_notice_from_nick (words[i], &one))
      all |= one;
  return all;
}

/**
 * adit_status_new_from_variant:
 * @dict: an a{sv} as GetStatus answers it
 *
 * A state that we do not know is told as blocked, and a reason that we do not know as internal: a client never says "protected"
 * or "open" because it did not understand.
 *
 * Returns: (transfer full): the status
 */
AditStatus *
adit_status_new_from_variant (GVariant *dict)
{
  AditStatus *self = g_new0 (AditStatus, 1);
  /* To look for forty keys in the variant itself takes as many walks through it. */
  g_auto (GVariantDict) found = G_VARIANT_DICT_INIT (dict);
  const char *state = "", *reason = "", *error = "";

  g_variant_dict_lookup (&found, "state", "&s", &state);
  g_variant_dict_lookup (&found, "reason", "&s", &reason);
  g_variant_dict_lookup (&found, "error", "&s", &error);
  if (!adit_state_from_nick (state, &self->state))
    self->state = ADIT_STATE_BLOCKED;
  if (reason[0] != '\0' && !adit_reason_from_nick (reason, &self->reason))
    self->reason = ADIT_REASON_INTERNAL;
  if (error[0] != '\0')
    {
      self->has_error = TRUE;
      if (!adit_error_from_nick (error, &self->error))
        self->error = ADIT_ERROR_FAILED;
    }
  self->detail = dup_word (&found, "detail");
  self->account = dup_word (&found, "account");
  self->country = dup_word (&found, "country");
  self->country_name = dup_word (&found, "country_name");
  self->city = dup_word (&found, "city");
  self->city_name = dup_word (&found, "city_name");
  self->server = dup_word (&found, "server");
  self->profile = dup_word (&found, "profile");
  self->entry_country = dup_word (&found, "entry_country");
  self->entry_country_name = dup_word (&found, "entry_country_name");
  self->entry_city = dup_word (&found, "entry_city");
  self->entry_city_name = dup_word (&found, "entry_city_name");
  self->entry_server = dup_word (&found, "entry_server");
  self->exit_address = dup_word (&found, "exit_address");
  self->tunnel = dup_word (&found, "tunnel");
  self->question = dup_word (&found, "question");
  self->lock = dup_word (&found, "lock");
  self->dns_backend = dup_word (&found, "dns_backend");
  if (!g_variant_dict_lookup (&found, "dns_servers", "^as", &self->dns_servers))
    self->dns_servers = g_new0 (char *, 1);
  if (!g_variant_dict_lookup (&found, "dns_blocks", "^as", &self->dns_blocks))
    self->dns_blocks = g_new0 (char *, 1);
  self->changed_relay = dup_word (&found, "changed_relay");
  self->endpoint = dup_word (&found, "endpoint");
  self->protocol = dup_word (&found, "protocol");
  self->firewall = dup_word (&found, "firewall");
  self->handshake_age_ms = -1;
  g_variant_dict_lookup (&found, "handshake_age", "x", &self->handshake_age_ms);
  g_variant_dict_lookup (&found, "mtu", "u", &self->mtu_bytes);
  self->notices = read_notices (&found);
  g_variant_dict_lookup (&found, "since", "x", &self->since_s);
  g_variant_dict_lookup (&found, "lockdown", "b", &self->lockdown);
  g_variant_dict_lookup (&found, "received_bytes", "t", &self->received_bytes);
  g_variant_dict_lookup (&found, "sent_bytes", "t", &self->sent_bytes);
  g_variant_dict_lookup (&found, "revision", "u", &self->revision);
  g_variant_dict_lookup (&found, "pause_left", "u", &self->pause_left_s);
  g_variant_dict_lookup (&found, "confirm_within", "u", &self->confirm_within_s);
  g_variant_dict_lookup (&found, "question_echo", "b", &self->question_echo);
  return self;
}

/**
 * adit_status_free:
 * @self: (transfer full): a status
 */
void
adit_status_free (AditStatus *self)
{
  g_free (self->detail);
  g_free (self->account);
  g_free (self->country);
  g_free (self->country_name);
  g_free (self->profile);
  g_free (self->city);
  g_free (self->city_name);
  g_free (self->server);
  g_free (self->entry_country);
  g_free (self->entry_country_name);
  g_free (self->entry_city);
  g_free (self->entry_city_name);
  g_free (self->entry_server);
  g_free (self->exit_address);
  g_free (self->tunnel);
  g_free (self->question);
  g_free (self->changed_relay);
  g_free (self->endpoint);
  g_free (self->protocol);
  g_free (self->firewall);
  g_free (self->lock);
  g_free (self->dns_backend);
  g_strfreev (self->dns_servers);
  g_strfreev (self->dns_blocks);
  g_free (self);
}
